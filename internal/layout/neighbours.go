package layout

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
)

// followNeighbours derives the polygons of grids anew whose blocks stand, but got vertices because ground was
// born beside them. The grids are what they were: the same blocks, the same people, and the same ground but for what the vertices move.
func followNeighbours(ctx context.Context, tx pgx.Tx, p *Proposal) error {
	reshaped := p.Reshaped
	if p.Born != nil {
		for _, r := range p.Born.Reshaped {
			if r.Block != 0 {
				reshaped = append(reshaped, r.Block)
			}
		}
	}
	if len(reshaped) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `
		SELECT g.grid, ST_AsBinary(b.geom) FROM grid_block g JOIN block b ON b.county = g.county AND b.id = g.block
		WHERE g.county = $1 AND g.grid IN (SELECT grid FROM grid_block WHERE county = $1 AND block = ANY($2))
		ORDER BY g.grid, b.id`, p.County, reshaped)
	if err != nil {
		return err
	}
	var codes []int64
	var blocks [][]planar.Polygon
	var label []int32
	var code int64
	var geom []byte
	_, err = pgx.ForEachRow(rows, []any{&code, &geom}, func() error {
		polygon, err := planar.ParsePolygons(geom)
		if err != nil {
			return fmt.Errorf("a block of grid %v: %w", Code(code), err)
		}
		if n := len(codes); n == 0 || codes[n-1] != code {
			codes = append(codes, code)
		}
		blocks, label = append(blocks, polygon), append(label, int32(len(codes)-1))
		return nil
	})
	if err != nil {
		return err
	}
	coverage, err := planar.BuildMulti(blocks)
	if err != nil {
		return fmt.Errorf("the neighbours' blocks are no partition: %w", err)
	}
	grids := coverage.Dissolve(label)
	shapes := make([][]byte, len(codes))
	for i := range codes {
		shapes[i] = planar.MultiPolygonEWKB(grids.Polygons(int32(i)))
	}
	_, err = tx.Exec(ctx, `
		UPDATE grid SET geom = ST_GeomFromEWKB(s.geom),
			area = (SELECT sum(b.area) FROM grid_block g JOIN block b ON b.county = g.county AND b.id = g.block WHERE g.county = $1 AND g.grid = s.code)
		FROM unnest($2::bigint[], $3::bytea[]) AS s (code, geom)
		WHERE grid.county = $1 AND grid.code = s.code`, p.County, codes, shapes)
	return err
}
