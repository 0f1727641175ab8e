package layout

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
)

// Zooms for which shapes of grids are kept. Above the last one every vertex shows.
const (
	firstShapeZoom = 8
	lastShapeZoom  = 13
)

// shapeGrids makes the shapes of the county's live grids anew, all as one coverage, so that neighbours keep
// sharing their borders at every zoom (docs/decisions/0003).
func shapeGrids(ctx context.Context, tx pgx.Tx, county int32) error {
	rows, err := tx.Query(ctx, `SELECT code, ST_AsBinary(geom) FROM grid WHERE county = $1 AND retired IS NULL ORDER BY code`, county)
	if err != nil {
		return err
	}
	var ids []int64
	var grids [][]planar.Polygon
	var id int64
	var geom []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &geom}, func() error {
		polygons, err := planar.ParsePolygons(geom)
		if err != nil {
			return fmt.Errorf("grid %015d: %w", id, err)
		}
		ids, grids = append(ids, id), append(grids, polygons)
		return nil
	})
	if err != nil {
		return err
	}
	coverage, err := planar.BuildMulti(grids)
	if err != nil {
		return fmt.Errorf("the grids of county %06d are no partition: %w", county, err)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM tile_shape WHERE county = $1 AND layer = 'grids'`, county); err != nil {
		return err
	}
	// From fine to coarse, each from the one before: a vertex once dropped doesn't come back.
	for zoom := lastShapeZoom; zoom >= firstShapeZoom; zoom-- {
		coverage = coverage.Simplify(planar.ZoomTolerance(zoom))
		if err := writeShapes(ctx, tx, county, zoom, ids, coverage); err != nil {
			return err
		}
	}
	return nil
}

func writeShapes(ctx context.Context, tx pgx.Tx, county int32, zoom int, ids []int64, coverage *planar.Coverage) error {
	shapes := make([][]byte, len(ids))
	for i := range ids {
		shapes[i] = planar.MultiPolygonEWKB(coverage.Polygons(int32(i)))
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO tile_shape (county, layer, id, zoom, geom)
		SELECT $1, 'grids', id, $2, ST_GeomFromEWKB(geom) FROM unnest($3::bigint[], $4::bytea[]) AS s (id, geom)`,
		county, zoom, ids, shapes)
	return err
}
