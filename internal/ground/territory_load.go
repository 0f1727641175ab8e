package ground

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
)

// LoadTerritories reads the ground of every community of a county that has live blocks, as those see it. Where
// a neighbour's neighbour stands, its border must be taken from here: the division's own polygon lacks the
// vertices that noding once put there, and noding the two together would put in more.
func LoadTerritories(ctx context.Context, tx pgx.Tx, county int32) (map[int64][]planar.Polygon, error) {
	rows, err := tx.Query(ctx, `SELECT community, ST_AsBinary(geom) FROM territory WHERE county = $1 AND NOT ST_IsEmpty(geom)`, county)
	if err != nil {
		return nil, err
	}
	out := make(map[int64][]planar.Polygon)
	var community int64
	var geom []byte
	_, err = pgx.ForEachRow(rows, []any{&community, &geom}, func() error {
		polygons, err := planar.ParsePolygons(geom)
		if err != nil {
			return fmt.Errorf("territory %012d: %w", community, err)
		}
		out[community] = polygons
		return nil
	})
	return out, err
}
