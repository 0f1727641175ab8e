package layout

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
)

// labelPrecision is how near to the best place a label's point must be: 1 m is a hundred lattice steps.
const labelPrecision = 100

// writeGrids brings the grid table to the new version: grids that are gone retire, those that keep their
// code get their new ground, the others are born.
func writeGrids(ctx context.Context, tx pgx.Tx, p *Proposal, version int, codes []Code, figures []figure, shapes [][]planar.Polygon) error {
	alive := make([]int64, len(codes))
	for i, c := range codes {
		alive[i] = int64(c)
	}
	_, err := tx.Exec(ctx, `UPDATE grid SET retired = $2 WHERE county = $1 AND community = ANY($3) AND retired IS NULL AND code <> ALL($4)`,
		p.County, version, p.Communities, alive)
	if err != nil {
		return err
	}
	var batch pgx.Batch
	for g, f := range figures {
		label := planar.PoleOfInaccessibility(shapes[g], labelPrecision)
		batch.Queue(`
			INSERT INTO grid (county, code, community, born, changed, residents, blocks, houses, area, perimeter, compactness, geom, label, special, workload, name)
			VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, ST_GeomFromEWKB($11), ST_GeomFromEWKB($12), $13, $14, $15)
			ON CONFLICT (county, code) DO UPDATE SET
				changed = CASE WHEN grid.geom = excluded.geom THEN grid.changed ELSE excluded.changed END,
				residents = excluded.residents, blocks = excluded.blocks, houses = excluded.houses, area = excluded.area,
				perimeter = excluded.perimeter, compactness = excluded.compactness, geom = excluded.geom, label = excluded.label,
				special = excluded.special, workload = excluded.workload, name = coalesce(nullif(excluded.name, ''), grid.name)`,
			p.County, int64(codes[g]), f.community, version, f.residents, f.blocks, f.homes, f.area, f.perimeter, f.compactness(),
			planar.MultiPolygonEWKB(shapes[g]), planar.PointEWKB(label), p.Special[int32(g)], p.workload(f.weight), p.Names[int32(g)])
	}
	return tx.SendBatch(ctx, &batch).Close()
}

// assign writes which grid each block is in. A block that is in the grid it was in goes on there: its row
// of history that settle wrote is taken back.
func assign(ctx context.Context, tx pgx.Tx, p *Proposal, version int, ids []int64, codes []Code) error {
	grids, workload := make([]int64, len(ids)), make([]*int64, len(ids))
	for i := range ids {
		grids[i], workload[i] = int64(codes[p.Grid[i]]), p.workload(p.Blocks[i].Weight)
	}
	_, err := tx.Exec(ctx, `
		WITH wanted AS (SELECT * FROM unnest($2::bigint[], $3::bigint[], $5::bigint[]) AS w (block, grid, workload)),
		stayed AS (
			DELETE FROM grid_block_past g USING wanted w
			WHERE g.county = $1 AND g.block = w.block AND g.until = $4 AND g.grid = w.grid
			RETURNING g.block, g.since)
		INSERT INTO grid_block (county, block, grid, since, workload)
		SELECT $1, w.block, w.grid, coalesce(s.since, $4), w.workload FROM wanted w LEFT JOIN stayed s USING (block)`,
		p.County, ids, grids, version, workload)
	return err
}

// workload is what a weight is kept as: nothing where grids are measured by their residents, which are kept anyway.
func (p *Proposal) workload(weight int64) *int64 {
	if p.Settings.Workload == nil {
		return nil
	}
	return &weight
}

func writeLineage(ctx context.Context, tx pgx.Tx, county int32, version int, lineage []Descent) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"lineage"},
		[]string{"county", "version", "from_grid", "to_grid", "kind", "blocks", "houses", "residents"},
		pgx.CopyFromSlice(len(lineage), func(i int) ([]any, error) {
			d := lineage[i]
			return []any{county, version, int64(d.From), int64(d.To), string(d.Kind), d.Blocks, d.Houses, d.Residents}, nil
		}))
	return err
}

// liveBounds are the bounds of what is shown now in the proposal's communities, and of what will be: where
// tiles become stale.
func liveBounds(ctx context.Context, tx pgx.Tx, p *Proposal) ([]Bounds, error) {
	rows, err := tx.Query(ctx, `
		SELECT ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)
		FROM grid WHERE county = $1 AND community = ANY($2) AND retired IS NULL`, p.County, p.Communities)
	if err != nil {
		return nil, err
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b Bounds, err error) {
		err = row.Scan(&b[0], &b[1], &b[2], &b[3])
		return b, err
	})
	if err != nil || len(p.Blocks) == 0 {
		return out, err
	}
	return append(out, p.extents()...), nil
}

// extents are the bounds of the proposal's grids.
func (p *Proposal) extents() []Bounds {
	out := make([]Bounds, p.Grids)
	for g := range out {
		out[g] = Bounds{180, 90, -180, -90}
	}
	for i, b := range p.Blocks {
		e := &out[p.Grid[i]]
		for _, v := range b.Polygon[0] {
			lon, lat := v.Degrees()
			e[0], e[1], e[2], e[3] = min(e[0], lon), min(e[1], lat), max(e[2], lon), max(e[3], lat)
		}
	}
	return out
}
