package layout

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// writeInfeasible puts down which of the proposal's communities no drawing can bring into band, and why, in place of
// what was known of them.
func writeInfeasible(ctx context.Context, tx pgx.Tx, p *Proposal, version int) error {
	if _, err := tx.Exec(ctx, `DELETE FROM infeasible WHERE county = $1 AND community = ANY($2)`, p.County, p.Communities); err != nil {
		return err
	}
	type reasons struct{ zh, en []string }
	of := make(map[string]*reasons)
	for _, i := range p.Report.Infeasible {
		r := of[i.Within]
		if r == nil {
			r = &reasons{}
			of[i.Within] = r
		}
		r.zh, r.en = append(r.zh, i.ZH), append(r.en, i.EN)
	}
	var rows [][]any
	for name, r := range of {
		community, err := strconv.ParseInt(name, 10, 64)
		if err != nil {
			return err
		}
		rows = append(rows, []any{p.County, community, version, strings.Join(r.zh, "；"), strings.Join(r.en, "; ")})
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"infeasible"}, []string{"county", "community", "version", "reason_zh", "reason_en"}, pgx.CopyFromRows(rows))
	return err
}
