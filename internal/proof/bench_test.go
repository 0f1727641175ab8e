package proof_test

import (
	"context"
	"testing"
	"time"

	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/proof"
)

// newSquares publishes communities side by side, each of side × side blocks of 20 vertices in one grid, and returns
// the transaction before its check.
func newSquares(b *testing.B, db *postgres.DB, communities, side int) *writer {
	b.Helper()
	ctx := context.Background()
	tx, err := db.App.Begin(ctx)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = tx.Rollback(ctx) })
	w := &writer{ctx: ctx, tx: tx}
	w.exec(`INSERT INTO layout (county, version, live, published_by) VALUES ($1, 1, true, 'bench')`, county)
	w.exec(`INSERT INTO division (code, county, level, name, source)
		SELECT 110108001000 + c, $1, 'community', 'c', 'bench' FROM generate_series(1, $2::int) c`, county, communities)
	// a square at column x and row y, five vertices to a side, in steps of 1000
	w.exec(`CREATE FUNCTION pg_temp.square(x int, y int, size int) RETURNS geometry LANGUAGE sql AS $$
		SELECT ST_MakePolygon(ST_SetSRID(ST_MakeLine(ARRAY(
			SELECT ST_MakePoint(
				(1163000000 + x * 1000 + CASE WHEN k < 5 * size THEN k * 200 WHEN k < 10 * size THEN 1000 * size
					WHEN k < 15 * size THEN (15 * size - k) * 200 ELSE 0 END) / 1e7::float8,
				(400000000 + y * 1000 + CASE WHEN k < 5 * size THEN 0 WHEN k < 10 * size THEN (k - 5 * size) * 200
					WHEN k < 15 * size THEN 1000 * size ELSE (20 * size - k) * 200 END) / 1e7::float8)
			FROM generate_series(0, 20 * size) k)), 4326)) $$`)
	w.exec(`INSERT INTO territory (county, community, division, geom, features)
		SELECT $1, 110108001000 + c, 110108001000 + c, ST_Multi(pg_temp.square((c - 1) * $3, 0, $3)), ''
		FROM generate_series(1, $2::int) c`, county, communities, side)
	w.exec(`INSERT INTO block (county, id, community, residents, residents_source, area, born, geom)
		SELECT $1, ((c - 1) * $3 + x) * $3 + y + 1, 110108001000 + c, 0, 'none', ST_Area(g::geography), 1, g
		FROM generate_series(1, $2::int) c, generate_series(0, $3::int - 1) x, generate_series(0, $3::int - 1) y,
		     pg_temp.square((c - 1) * $3 + x, y, 1) g`, county, communities, side)
	w.exec(`INSERT INTO grid (county, code, community, born, changed, residents, blocks, area, perimeter, compactness, geom, label)
		SELECT county, community * 1000 + 1, community, 1, 1, 0, $2, ST_Area(geom::geography), ST_Perimeter(geom::geography), .9,
		       geom, ST_Centroid(geom) FROM territory WHERE county = $1`, county, side*side)
	w.exec(`INSERT INTO grid_block SELECT county, id, community * 1000 + 1, 1 FROM block WHERE county = $1`, county)
	if w.err != nil {
		b.Fatal(w.err)
	}
	return w
}

// BenchmarkCheckAtCommit measures the database's own check of one community of 3,025 blocks with 20 vertices each,
// against PostGIS uniting the same blocks (which proves less).
func BenchmarkCheckAtCommit(b *testing.B) {
	db := pgtest.New(b)
	w := newSquares(b, db, 1, 55)
	w.exec(`SET CONSTRAINTS check_touched IMMEDIATE`)
	if w.err != nil {
		b.Fatal(w.err)
	}
	began := time.Now()
	w.exec(`SELECT ST_Area(ST_Union(geom)) FROM block WHERE retired IS NULL`)
	union := time.Since(began)
	for b.Loop() {
		w.exec(`SET CONSTRAINTS ALL DEFERRED`)
		w.exec(`UPDATE grid_block SET since = since WHERE block = 1`)
		w.exec(`SET CONSTRAINTS check_touched IMMEDIATE`)
	}
	if w.err != nil {
		b.Fatal(w.err)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(union), "of-ST_Union")
}

// BenchmarkVerify proves a county of 20 communities with 30,420 blocks.
func BenchmarkVerify(b *testing.B) {
	db := pgtest.New(b)
	w := newSquares(b, db, 20, 39)
	if err := w.tx.Commit(context.Background()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		report, err := proof.Verify(context.Background(), db, proof.Options{})
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range report.Checks {
			b.Logf("%-14s %5.2f s, %d examined, %d found", c.Name, c.Seconds, c.Examined, c.Found)
		}
	}
}
