package ingest

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// touchedCell is the width, in degrees, of the squares by which changes are gathered into bounds: about two
// kilometres. Smaller ones would make long events, larger ones drop tiles that nothing happened in.
const touchedCell = 0.02

// noteTouched notes where a staging table is about to change its table: around what is new, and around both
// the old and the new shape of what is different, or was something else. Followers drop the tiles there and keep the others.
func (r *reading) noteTouched(ctx context.Context, t mergeTable) error {
	former := ""
	if t.sources != "" {
		former = fmt.Sprintf("UNION ALL SELECT o.geom FROM %s s JOIN %s o ON o.county = s.county AND o.source = s.source", t.stage, t.sources)
	}
	rows, err := r.stage.tx.Query(ctx, fmt.Sprintf(`
		WITH changed AS MATERIALIZED (
			SELECT ST_GeomFromEWKB(s.geom) AS new, f.geom AS old
			FROM %s s LEFT JOIN %s f ON f.county = s.county AND f.source = s.source
			WHERE f.digest IS DISTINCT FROM s.digest),
		shape AS (
			SELECT new AS geom FROM changed
			UNION ALL SELECT old FROM changed WHERE old IS NOT NULL
			%s)
		SELECT min(ST_XMin(geom)), min(ST_YMin(geom)), max(ST_XMax(geom)), max(ST_YMax(geom))
		FROM shape GROUP BY floor(ST_XMin(geom) / $1), floor(ST_YMin(geom) / $1)`, t.stage, t.table, former), touchedCell)
	if err != nil {
		return err
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b [4]float64, err error) {
		err = row.Scan(&b[0], &b[1], &b[2], &b[3])
		return b, err
	})
	r.touched = append(r.touched, found...)
	return err
}
