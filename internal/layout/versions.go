package layout

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// At is which grid the ground of each block of some communities was in at a version: block → grid. What was cut from a block since was in that block's grid then. Blocks
// that aren't of that version, nor of ground that was, are missing.
func At(ctx context.Context, tx pgx.Tx, county int32, communities []int64, version int) (map[int64]Code, error) {
	rows, err := tx.Query(ctx, `
		WITH mine AS (SELECT id FROM block WHERE county = $1 AND community = ANY($2))
		SELECT g.block, g.grid FROM mine JOIN grid_block g ON g.county = $1 AND g.block = mine.id WHERE g.since <= $3
		UNION ALL
		SELECT g.block, g.grid FROM mine JOIN grid_block_past g ON g.county = $1 AND g.block = mine.id WHERE g.since <= $3 AND g.until > $3`,
		county, communities, version)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]Code)
	var block, parent int64
	var grid Code
	_, err = pgx.ForEachRow(rows, []any{&block, &grid}, func() error {
		out[block] = grid
		return nil
	})
	if err != nil {
		return nil, err
	}
	// A piece's number is larger than its parent's, so that the parent's grid is known when it is the piece's turn.
	rows, err = tx.Query(ctx, `SELECT id, parent FROM block WHERE county = $1 AND community = ANY($2) AND parent IS NOT NULL AND born > $3 ORDER BY id`, county, communities, version)
	if err != nil {
		return nil, err
	}
	_, err = pgx.ForEachRow(rows, []any{&block, &parent}, func() error {
		if grid, was := out[parent]; was {
			out[block] = grid
		}
		return nil
	})
	return out, err
}
