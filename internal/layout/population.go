package layout

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/heatmap"
)

// CountCells counts the residents of the proposal's communities by H3 cell, from where their buildings
// stand (or the middle of a block whose people stand in no known building). It is an Also of Publish.
func CountCells(ctx context.Context, tx pgx.Tx, p *Proposal, _ *Publication) error {
	rows, err := tx.Query(ctx, `
		SELECT b.community, ST_X(people.at), ST_Y(people.at), people.residents
		FROM block b
		CROSS JOIN LATERAL (
			SELECT ST_PointOnSurface(ST_Intersection(h.geom, b.geom)) AS at, bb.residents
			FROM block_building bb JOIN building h ON h.county = bb.county AND h.id = bb.building
			WHERE bb.county = b.county AND bb.block = b.id AND bb.residents > 0
			UNION ALL
			SELECT ST_PointOnSurface(b.geom), b.residents
			  - coalesce((SELECT sum(residents) FROM block_building WHERE county = b.county AND block = b.id), 0)::integer
		) AS people
		WHERE b.county = $1 AND b.community = ANY($2) AND b.retired IS NULL AND people.residents > 0
		  AND NOT ST_IsEmpty(people.at)
		ORDER BY b.id`, p.County, p.Communities)
	if err != nil {
		return err
	}
	points := make(map[int64][]heatmap.Point)
	var community int64
	var at heatmap.Point
	_, err = pgx.ForEachRow(rows, []any{&community, &at.Lon, &at.Lat, &at.Weight}, func() error {
		points[community] = append(points[community], at)
		return nil
	})
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM population_cell WHERE county = $1 AND community = ANY($2)`, p.County, p.Communities); err != nil {
		return err
	}
	for community, people := range points {
		cells := heatmap.Cells(people, heatmap.Resolutions)
		_, err := tx.CopyFrom(ctx, pgx.Identifier{"population_cell"}, []string{"county", "community", "resolution", "cell", "residents"},
			pgx.CopyFromSlice(len(cells), func(i int) ([]any, error) {
				c := cells[i]
				return []any{p.County, community, c.Resolution, c.ID, c.Weight}, nil
			}))
		if err != nil {
			return err
		}
	}
	return nil
}
