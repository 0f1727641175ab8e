package layout

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
	"jingwei/internal/fault"
	"jingwei/internal/ground"
)

// countNames are what counts are called in tables of counties, beside the names that this program knows them by.
var countNames = map[string]string{
	"户数": Households, "住户": Households, "住户数": Households,
	"独居": "living_alone", "独居人数": "living_alone", "独居老人": "living_alone",
	"80岁以上": "over_80", "八十岁以上": "over_80", "高龄": "over_80", "高龄老人": "over_80",
}

// CountName gives the name that a count is kept by: small letters, and one name for what is called several things in Chinese.
func CountName(word string) string {
	word = strings.ToLower(strings.TrimSpace(word))
	if name, known := countNames[word]; known {
		return name
	}
	return word
}

// Households is the count of households of a building, which micro-grids are made by.
const Households = "households"

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
	counted, err := p.shareCounts(ctx, tx, blocks, ids, table)
	if err != nil {
		return err
	}
	p.warnUncounted(blocks, ids, kinds, counted)
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

// counted are the buildings that have a count, by its kind.
type counted map[string]map[int64]bool

// warnUncounted says of every count how many people live in buildings that have none: none is taken for them.
func (p *Proposal) warnUncounted(blocks []ground.Block, ids []int64, kinds []string, has counted) {
	for _, kind := range kinds {
		buildings, people, all := make(map[int64]bool), 0, 0
		for _, b := range blocks {
			for _, part := range b.Parts {
				all += part.Residents
				if id := ids[part.Building]; part.Residents > 0 && !has[kind][id] {
					buildings[id] = true
					people += part.Residents
				}
			}
		}
		if people > 0 {
			p.uncounted = append(p.uncounted, drawing.NewWarning("", "uncounted",
				fmt.Sprintf("%d 栋有人居住的楼（居民 %d 人，共 %d 人）没有 %q 数，按 0 计；请用 import counts 补充", len(buildings), people, all, kind),
				fmt.Sprintf("%d buildings, in which %d of %d residents live, have no count of %q, and 0 is taken; add them with import counts", len(buildings), people, all, kind)))
		}
	}
}

// shareCounts adds the buildings' counts to the rows of the blocks they stand on, and says which buildings have some.
func (p *Proposal) shareCounts(ctx context.Context, tx pgx.Tx, blocks []ground.Block, ids []int64, table drawing.Table) (counted, error) {
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
		return nil, err
	}
	has := make(counted)
	for _, kind := range table.Columns[1:] {
		has[kind] = make(map[int64]bool)
	}
	var id, n int64
	var kind string
	_, err = pgx.ForEachRow(rows, []any{&id, &kind, &n}, func() error {
		column := slices.Index(table.Columns, kind)
		has[kind][id] = true
		for i, share := range sharesOf(n, parts[id]) {
			table.Rows[parts[id][i].block][column] += share
		}
		return nil
	})
	return has, err
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
