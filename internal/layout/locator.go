package layout

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/locate"
	"jingwei/internal/planar"
)

// Locator makes the index of a county's live grids, or of its live blocks where there are none yet, with the version that it shows (0 without one).
func Locator(ctx context.Context, tx pgx.Tx, county int32) (*locate.Index, int, error) {
	version, err := Live(ctx, tx, county)
	if err != nil {
		return nil, 0, err
	}
	grids := make(map[int64]int64)
	rows, err := tx.Query(ctx, `SELECT block, grid FROM grid_block WHERE county = $1`, county)
	if err != nil {
		return nil, 0, err
	}
	var block, grid int64
	if _, err = pgx.ForEachRow(rows, []any{&block, &grid}, func() error { grids[block] = grid; return nil }); err != nil {
		return nil, 0, err
	}
	borders, err := allBorders(ctx, tx, county)
	if err != nil {
		return nil, 0, err
	}
	x, err := locate.New(borders, func(block int64) int64 { return grids[block] })
	return x, version, err
}

// allBorders reads the borders between a county's live blocks.
func allBorders(ctx context.Context, tx pgx.Tx, county int32) ([]locate.Border, error) {
	rows, err := tx.Query(ctx, `SELECT a, b, ST_AsEWKB(geom) FROM block_border WHERE county = $1`, county)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []locate.Border
	var geom []byte
	for rows.Next() {
		var b locate.Border
		if err := rows.Scan(&b.Left, &b.Right, &geom); err != nil {
			return nil, err
		}
		if b.Points, err = planar.ParseLine(geom); err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, rows.Err()
}
