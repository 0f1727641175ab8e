package layout

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
	"jingwei/internal/fault"
	"jingwei/internal/ground"
)

// Persons is what a workload formula calls residents; every other count is one that was imported for buildings.
const Persons = "persons"

// weigh gives the blocks their part of the workload when that is what the layout measures by: the counts of their buildings, a building
// that stands on several blocks being shared out as its residents are. ids are the row ids of the buildings that parts name by index.
//
// Faults: Invalid when the formula names a count that nothing in the county has.
func (p *Proposal) weigh(ctx context.Context, tx pgx.Tx, blocks []ground.Block, ids []int64) error {
	w := p.Settings.Workload
	if w == nil {
		return nil
	}
	kinds := slices.DeleteFunc(slices.Sorted(maps.Keys(w.Factors)), func(k string) bool { return k == Persons })
	if err := p.knows(ctx, tx, kinds); err != nil {
		return err
	}
	table := drawing.Table{Columns: append([]string{Persons}, kinds...), Rows: make([][]int64, len(blocks))}
	for i, b := range blocks {
		table.Rows[i] = make([]int64, 1+len(kinds))
		table.Rows[i][0] = int64(b.Residents)
	}
	if err := p.shareCounts(ctx, tx, blocks, ids, table); err != nil {
		return err
	}
	weights, err := w.Weights(table)
	for i, weight := range weights {
		p.Blocks[i].Weight = weight
	}
	return err
}

// knows refuses a count that no building of the county has: all weights would be 0 then, without a word.
func (p *Proposal) knows(ctx context.Context, tx pgx.Tx, kinds []string) error {
	rows, err := tx.Query(ctx, `SELECT DISTINCT kind FROM building_count WHERE county = $1 ORDER BY kind`, p.County)
	if err != nil {
		return err
	}
	have, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, k := range kinds {
		if !slices.Contains(have, k) {
			all := append([]string{Persons}, have...)
			return fault.New(fault.Invalid,
				fmt.Sprintf("没有任何楼栋的 %q 数；现有：%v。先用 import counts 导入", k, all),
				fmt.Sprintf("no building has a count of %q; there are %v. Import it first with import counts", k, all))
		}
	}
	return nil
}

// buildingPart is what of a building stands on one block.
type buildingPart struct {
	block     int
	residents int
}

// shareCounts adds the buildings' counts to the rows of the blocks they stand on.
func (p *Proposal) shareCounts(ctx context.Context, tx pgx.Tx, blocks []ground.Block, ids []int64, table drawing.Table) error {
	parts := make(map[int64][]buildingPart)
	for i, b := range blocks {
		for _, part := range b.Parts {
			parts[ids[part.Building]] = append(parts[ids[part.Building]], buildingPart{i, part.Residents})
		}
	}
	rows, err := tx.Query(ctx, `
		SELECT b.id, c.kind, c.n FROM building_count c JOIN building b ON b.county = c.county AND b.source = c.building
		WHERE c.county = $1 AND c.kind = ANY($2)`, p.County, table.Columns[1:])
	if err != nil {
		return err
	}
	var id, n int64
	var kind string
	_, err = pgx.ForEachRow(rows, []any{&id, &kind, &n}, func() error {
		column := slices.Index(table.Columns, kind)
		for i, share := range sharesOf(n, parts[id]) {
			table.Rows[parts[id][i].block][column] += share
		}
		return nil
	})
	return err
}

// sharesOf cuts a building's count as its residents are cut, into whole ones that add up; evenly where nobody lives.
func sharesOf(n int64, parts []buildingPart) []int64 {
	if len(parts) == 1 {
		return []int64{n}
	}
	residents := 0
	for _, p := range parts {
		residents += p.residents
	}
	exact := make([]float64, len(parts))
	for i, p := range parts {
		exact[i] = float64(n) / float64(len(parts))
		if residents > 0 {
			exact[i] = float64(n) * float64(p.residents) / float64(residents)
		}
	}
	return drawing.RoundTogether(exact)
}
