package layout

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// At is which grid each block of some communities was in at a version: block → grid. Blocks that weren't there then are missing.
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
	var block int64
	var grid Code
	_, err = pgx.ForEachRow(rows, []any{&block, &grid}, func() error {
		out[block] = grid
		return nil
	})
	return out, err
}
