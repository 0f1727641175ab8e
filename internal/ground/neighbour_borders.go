package ground

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jackc/pgx/v5"
)

//go:embed neighbour_borders.sql
var neighbourBorders string

// followNeighbours brings the recorded borders of the blocks that stand beside new ground up to date. Without
// it a town drawn after its neighbour would leave the neighbour bordering on nothing.
func followNeighbours(ctx context.Context, tx pgx.Tx, county int32, version int) error {
	var stands bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM block WHERE county = $1 AND retired IS NULL AND born <> $2)`,
		county, version).Scan(&stands)
	if err != nil || !stands {
		return err
	}
	if _, err := tx.Exec(ctx, neighbourBorders, county, version); err != nil {
		return fmt.Errorf("ground: the borders of what stands: %w", err)
	}
	return nil
}
