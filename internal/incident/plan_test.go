package incident

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// crowd puts n incidents into the county, spread over 1,400 grids of 700 communities and over some 16 km by 16 km, without regard to what ground there
// is. Every hundredth concerns a special group.
func (o *office) crowd(n int, by person) {
	o.Helper()
	err := pgx.BeginFunc(context.Background(), o.db.Owner, func(tx pgx.Tx) error {
		for _, q := range []string{
			`SET LOCAL session_replication_role = replica`, // no such grids and blocks
			`INSERT INTO incident (county, kind, severity, special, details, given_x, given_y, given_crs, geom, cell, block,
				filed_grid, filed_version, grid, reported_by, request)
			SELECT 110108, 'fire', 1 + i % 4, CASE WHEN i % 100 = 0 THEN 'mental' END, '\x01', x, y, 'wgs84', ST_SetSRID(ST_MakePoint(x, y), 4326), 0, i,
				g, 2, g, $1, i::text
			FROM (SELECT i, 116.3 + 0.2 * (i::bigint * 7919 % $2::int) / $2 AS x, 39.9 + 0.15 * (i * 104729::bigint % $2::int) / $2 AS y,
				110108100000000 + i * 31 % 700 * 1000 + 1 + i / 700 % 2 AS g FROM generate_series(1, $2::int) i) p`,
		} {
			args := []any{by.actor.Account, n}
			if !strings.Contains(q, "$1") {
				args = nil
			}
			if _, err := tx.Exec(context.Background(), q, args...); err != nil {
				return err
			}
		}
		return o.countCells(tx)
	})
	if err != nil {
		o.Fatal(err)
	}
	o.run(`VACUUM ANALYZE incident`)
}

// countCells gives incidents that were put in by SQL their cells.
func (o *office) countCells(tx pgx.Tx) error {
	rows, err := tx.Query(context.Background(), `SELECT id, ST_X(geom), ST_Y(geom) FROM incident WHERE cell = 0`)
	if err != nil {
		return err
	}
	var ids, cells []int64
	var id int64
	var lon, lat float64
	if _, err := pgx.ForEachRow(rows, []any{&id, &lon, &lat}, func() error {
		ids, cells = append(ids, id), append(cells, cellOf(lon, lat))
		return nil
	}); err != nil {
		return err
	}
	_, err = tx.Exec(context.Background(), `UPDATE incident i SET cell = c.cell FROM unnest($1::bigint[], $2::bigint[]) AS c (id, cell) WHERE i.id = c.id`, ids, cells)
	return err
}

// plan is how the server would answer a person's query, under their scope and as the application role.
func (p person) plan(query string, args ...any) string {
	p.office.Helper()
	var lines []string
	err := postgres.Snapshot(p.ctx, p.office.db.App, func(tx pgx.Tx) error {
		rows, err := tx.Query(p.ctx, `EXPLAIN (ANALYZE, BUFFERS, SUMMARY OFF) `+query, args...)
		if err != nil {
			return err
		}
		lines, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		p.office.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// Under the policies, as the application role, every question goes by the index that its scope asks for.
func TestPlans(t *testing.T) {
	o := setup(t)
	county := o.dispatcher("county", "110108")
	o.crowd(100_000, county)
	grid := o.number(`SELECT max(grid) FROM incident`)
	worker := o.person("worker", []access.Grant{{Role: access.GridWorker, Code: layout.Code(grid).String()}})
	whole := span{110108, 110108_000_000_000, 110108_999_999_999}
	one := span{110108, grid, grid}
	f := Filter{Limit: 50}
	at := cellOf(116.35, 39.95)
	tile := func(z int) cells {
		shift := 2 * (cellBits - z)
		return cells{at >> shift << shift, (at>>shift + 1) << shift}
	}
	for _, c := range []struct {
		name  string
		who   person
		query func() (string, []any)
		want  string
		not   string
	}{
		{"the list of a grid", worker, func() (string, []any) { return f.pageQuery(one, 1<<62) }, "incident_grid", "Seq Scan on incident"},
		{"the list of a county, from its end", county, func() (string, []any) { return f.pageQuery(whole, 1<<62) },
			"Backward using incident_pkey on incident", "Seq Scan on incident"},
		{"a tile of a county at zoom 16", county, func() (string, []any) { return marksQuery(whole, 16, tile(16)) }, "incident_cell", "Seq Scan on incident"},
		{"a tile of a county at zoom 13", county, func() (string, []any) { return marksQuery(whole, 13, tile(13)) }, "incident_cell", "Seq Scan on incident"},
		{"the history of a place", county, func() (string, []any) {
			return historyQuery(&Incident{ID: ID{110108, 1}, Lon: 116.35, Lat: 39.95, Building: &Building{ID: 7}})
		}, "incident_cell", "Seq Scan on incident"},
		{"the history of a building", county, func() (string, []any) {
			return historyQuery(&Incident{ID: ID{110108, 1}, Lon: 116.35, Lat: 39.95, Building: &Building{ID: 7}})
		}, "incident_building", "Seq Scan on incident"},
		{"a tile of a grid at zoom 10", worker, func() (string, []any) { return marksQuery(one, 10, tile(10)) }, "incident_grid", "Seq Scan on incident"},
	} {
		query, args := c.query()
		plan := c.who.plan(query, args...)
		if !strings.Contains(plan, c.want) || strings.Contains(plan, c.not) {
			t.Errorf("%s goes otherwise than by %s:\n%s", c.name, c.want, plan)
		}
	}
}
