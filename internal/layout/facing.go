package layout

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
)

// Facing is a stretch of the outline of a grid that isn't published, with what has to be looked up of the other side.
type Facing struct {
	Stretch
	From  Code  // the grid, or 000 in its community
	Block int64 // the live block on the other side, 0 where there is none
	Known bool  // the stretch says already what lies there
}

// SurroundFacing is Surround for such an outline.
func SurroundFacing(grid Code, outline []Facing) Surroundings {
	plain := make([]Stretch, len(outline))
	for i := range outline {
		plain[i] = outline[i].Stretch
	}
	return Surround(grid, plain)
}

// LookBehind says what lies behind stretches by the live layout: the grid of the block there, or where there is no block and nothing runs along,
// another division within a metre.
func LookBehind(ctx context.Context, tx pgx.Tx, county int32, of []*Facing) error {
	blocks, points, own := make([]int64, len(of)), make([][]byte, len(of)), make([]int64, len(of))
	for i, s := range of {
		blocks[i], points[i], own[i] = s.Block, planar.LineEWKB(s.Points), int64(s.From)
	}
	rows, err := tx.Query(ctx, `
		SELECT w.place - 1, coalesce(m.grid, 0), coalesce(g.name, ''), coalesce(d.name, n.name, '')
		FROM unnest($2::bigint[], $3::bytea[], $4::bigint[]) WITH ORDINALITY AS w (block, line, own, place)
		LEFT JOIN grid_block m ON m.county = $1 AND m.block = w.block
		LEFT JOIN grid g ON g.county = $1 AND g.code = m.grid
		LEFT JOIN territory t ON t.county = $1 AND t.community = m.grid / 1000 AND m.grid / 1000 <> w.own / 1000
		LEFT JOIN division d ON d.code = t.division
		LEFT JOIN LATERAL (
			SELECT d.name FROM division d
			WHERE w.block = 0 AND NOT starts_with(lpad(w.own::text, 15, '0'), d.code)
				AND ST_DWithin(d.geom, ST_LineInterpolatePoint(ST_GeomFromEWKB(w.line), 0.5), 1e-5)
			ORDER BY length(d.code) DESC, d.code LIMIT 1) n ON true`, county, blocks, points, own)
	if err != nil {
		return err
	}
	var place int64
	var behind Code
	var called, beyond string
	_, err = pgx.ForEachRow(rows, []any{&place, &behind, &called, &beyond}, func() error {
		of[place].Behind, of[place].Called, of[place].Beyond = behind, called, beyond
		return nil
	})
	return err
}
