package bench

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/proof"
)

func provingTable() *table {
	t := tableAt(60, "The database's own check, and `verify`", "what", "ours", "baseline", "ratio", "the baseline is")
	t.say("A community of 3,000 blocks of 18 vertices in five grids is written row by row into the tables (COPY into a staging table first, which isn't " +
		"counted) and committed as the application role. At commit the deferred check proves that the blocks tile the territory, edge by edge, " +
		"and that each is in one grid. Each once, in databases of their own.")
	return t
}

// BenchmarkCheckAtCommit commits a community with the triggers of the ground and without them.
func BenchmarkCheckAtCommit(b *testing.B) {
	checked := pgtest.New(b)
	versionsOf(b, checked.Owner)
	write, commit := commitCommunity(b, checked, false)
	bareWrite, bareCommit := commitCommunity(b, pgtest.New(b), true)
	provingTable().row(b, "writing and committing the community", seconds(write+commit), seconds(bareWrite+bareCommit),
		faster(write+commit, bareWrite+bareCommit), "the same with the triggers disabled")
	union := once(func() {
		var area float64
		answer(b, checked.Owner, []any{&area}, `SELECT ST_Area(ST_Union(geom)) FROM block`)
	})
	provingTable().row(b, "its commit alone: the proof", seconds(commit), seconds(union), faster(commit, union),
		"`ST_Area(ST_Union(geom))` of the blocks, which proves less")
}

// commitCommunity writes a community of 3,000 blocks and gives the time of the writing and of the commit.
func commitCommunity(b *testing.B, db *postgres.DB, bare bool) (write, commit time.Duration) {
	polygons, grid := cells(60, 50, 12, 50, 2)
	c, err := planar.Build(polygons)
	if err != nil {
		b.Fatal(err)
	}
	outline := c.Dissolve(make([]int32, len(polygons))).Polygons(0)
	grids := c.Dissolve(grid)
	rows := make([][]any, len(polygons))
	for i, p := range polygons {
		rows[i] = []any{int64(i + 1), int64(grid[i]), planar.PolygonEWKB(p)}
	}
	loadGeometries(b, db, "bench_block", []string{"id", "grid"}, rows)
	loadGeometries(b, db, "bench_territory", nil, [][]any{{planar.MultiPolygonEWKB(outline)}})
	var shapes [][]any
	for g := range int32(5) {
		shapes = append(shapes, []any{int64(g), planar.MultiPolygonEWKB(grids.Polygons(g))})
	}
	loadGeometries(b, db, "bench_grid", []string{"grid"}, shapes)
	run(b, db.Owner, `GRANT SELECT ON bench_block, bench_territory, bench_grid TO jingwei_app`)
	if bare {
		for _, t := range []string{"territory", "block", "grid", "grid_block"} {
			run(b, db.Owner, "ALTER TABLE "+t+" DISABLE TRIGGER USER")
		}
	}
	ctx := context.Background()
	tx, err := db.App.Begin(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	write = once(func() { writeCommunity(b, tx) })
	commit = once(func() {
		if err := tx.Commit(ctx); err != nil {
			b.Fatal(err)
		}
	})
	return write, commit
}

func writeCommunity(b *testing.B, tx pgx.Tx) {
	for _, sql := range []string{
		`INSERT INTO division (code, county, level, name, source) VALUES ('110108001001', 110108, 'community', 'bench', 'bench')`,
		`INSERT INTO layout (county, version, live, published_by) VALUES (110108, 1, true, 'bench')`,
		`INSERT INTO territory (county, community, division, geom, features) SELECT 110108, 110108001001, '110108001001', geom, '' FROM bench_territory`,
		`INSERT INTO block (county, id, community, residents, residents_source, area, born, geom)
		 SELECT 110108, id, 110108001001, 1, 'known', ST_Area(geom::geography), 1, geom FROM bench_block`,
		`INSERT INTO grid (county, code, community, born, changed, residents, blocks, area, perimeter, compactness, geom, label)
		 SELECT 110108, 110108001001001 + grid, 110108001001, 1, 1, 600, 600, 1, 1, .9, geom, ST_PointOnSurface(geom) FROM bench_grid`,
		`INSERT INTO grid_block SELECT 110108, id, 110108001001001 + grid, 1 FROM bench_block`,
	} {
		if _, err := tx.Exec(context.Background(), sql); err != nil {
			b.Fatalf("%v\n%s", err, sql)
		}
	}
}

// measureVerify proves a whole town.
func measureVerify(c *county) {
	var report *proof.Report
	times, often := 3, "median of three"
	if len(c.outcome.Proposal.Blocks) > countySize {
		times, often = 1, "once"
	}
	took := median(times, func() {
		var err error
		if report, err = proof.Verify(context.Background(), c.db, proof.Options{}); err != nil {
			c.Fatal(err)
		}
	})
	if !report.Proved() {
		c.Fatalf("verify found something wrong:\n%s", report.Text())
	}
	union := median(times, func() {
		var area float64
		answer(c.B, c.db.Owner, []any{&area}, `SELECT sum(a) FROM (SELECT ST_Area(ST_Union(geom)) AS a FROM block WHERE retired IS NULL GROUP BY community) u`)
	})
	var examined int64
	for _, check := range report.Checks {
		examined += check.Examined
	}
	provingTable().row(c.B, fmt.Sprintf("`verify` of the %s (%d checks, %d rows and edges examined), %s", c.name, len(report.Checks), examined, often),
		seconds(took), seconds(union), faster(took, union), "`ST_Union(geom)` of its blocks by community, which proves less")
	slices.SortFunc(report.Checks, func(x, y proof.Result) int { return cmp.Compare(y.Seconds, x.Seconds) })
	var slowest []string
	for _, check := range report.Checks[:min(4, len(report.Checks))] {
		slowest = append(slowest, fmt.Sprintf("%s %.2f s", check.Name, check.Seconds))
	}
	provingTable().remark("The longest checks of `verify`: %s.", strings.Join(slowest, ", "))
}
