package layout

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
)

// Proof says in words why a community's ground can't be cut into grids in band, as the engine once proved it.
type Proof struct{ ZH, EN string }

// proofs are those that stand, by community.
func proofs(ctx context.Context, tx pgx.Tx, county int32, communities []int64) (map[int64]Proof, error) {
	rows, err := tx.Query(ctx, `SELECT community, reason_zh, reason_en FROM infeasible WHERE county = $1 AND community = ANY($2)`, county, communities)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]Proof)
	var community int64
	var p Proof
	_, err = pgx.ForEachRow(rows, []any{&community, &p.ZH, &p.EN}, func() error {
		out[community] = p
		return nil
	})
	return out, err
}

// Prove puts down which of the proposal's communities no drawing can bring into band. A proof is true of the ground, whoever draws the grids: it
// holds while the ground is the same. Where blocks were cut there are more ways than before, so that only what was ruled out is looked at again; where
// other ground is special now, everything is. The engine's search for a proof takes up to seconds a community.
func (p *Proposal) Prove(ctx context.Context, tx pgx.Tx, cut, special []int64) error {
	stand, err := proofs(ctx, tx, p.County, p.Communities)
	if err != nil {
		return err
	}
	var again []int64
	p.Report.Infeasible = nil
	for _, c := range p.Communities {
		proof, stands := stand[c]
		switch {
		case slices.Contains(special, c), stands && slices.Contains(cut, c):
			again = append(again, c)
		case stands:
			p.Report.Infeasible = append(p.Report.Infeasible, proof.of(c))
		}
	}
	if len(again) == 0 {
		return nil
	}
	some := p.only(again)
	s := p.Settings
	r := drawing.Measure(some.problem(), some.Grid, drawing.Options{Target: s.Target, Tolerance: s.Tolerance, Preset: s.Preset})
	p.Report.Infeasible = append(p.Report.Infeasible, r.Infeasible...)
	return nil
}

func (p Proof) of(community int64) (out drawing.Infeasible) {
	out.Within = communityName(community)
	out.ZH, out.EN = p.ZH, p.EN
	return out
}

// only is the proposal in some of its communities: their blocks, the borders between them and their grids, numbered as they are.
func (p *Proposal) only(communities []int64) *Proposal {
	out := &Proposal{County: p.County, Communities: communities, Settings: p.Settings, Grids: p.Grids}
	place := make(map[int32]int32)
	for i, b := range p.Blocks {
		if slices.Contains(communities, b.Community) {
			place[int32(i)] = int32(len(out.Blocks))
			out.Blocks, out.Grid = append(out.Blocks, b), append(out.Grid, p.Grid[i])
		}
	}
	for _, e := range p.Borders {
		a, in := place[e.A]
		b, too := place[e.B]
		if in && too {
			out.Borders = append(out.Borders, Border{A: a, B: b, Barrier: e.Barrier, Length: e.Length})
		}
	}
	return out
}
