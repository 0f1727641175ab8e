package main

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres/pgtest"
)

// reportEverywhere puts an incident on every live block, as if it had been reported there.
func (d *desk) reportEverywhere() {
	d.t.Helper()
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, pgtest.Open(d.t, d.url).Owner, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			WITH reporter AS (INSERT INTO account (name, display, kind, division) VALUES ('li', 'li', 'person', '370883') RETURNING id)
			INSERT INTO incident (county, kind, severity, details, given_x, given_y, given_crs, geom, cell, block, filed_grid, filed_version, grid, reported_by, request)
			SELECT b.county, 'road', 3, '', 0, 0, 'wgs84', ST_PointOnSurface(b.geom), 0, b.id, m.grid, 1, m.grid, r.id, b.id::text
			FROM reporter r, block b JOIN grid_block m ON m.county = b.county AND m.block = b.id WHERE b.retired IS NULL`)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// incidentsFollow checks that every incident lies in the grid of its block, which is live, and says how many were filed under another.
func (d *desk) incidentsFollow() (moved int) {
	d.t.Helper()
	var all, astray int
	err := pgtest.Open(d.t, d.url).Owner.QueryRow(context.Background(), `
		SELECT count(*), count(*) FILTER (WHERE m.grid IS DISTINCT FROM i.grid), count(*) FILTER (WHERE i.grid <> i.filed_grid)
		FROM incident i LEFT JOIN grid_block m ON m.county = i.county AND m.block = i.block`).Scan(&all, &astray, &moved)
	if err != nil || all == 0 || astray != 0 {
		d.t.Errorf("of %d incidents %d aren't in the grid of their block (%v)", all, astray, err)
	}
	return moved
}
