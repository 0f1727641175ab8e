package bench

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

func dissolveTable() *table {
	t := tableAt(40, "Dissolving blocks to grids", "what", "ours", "PostGIS ST_Union", "ratio", "workers planned", "vertices", "largest difference of an area")
	t.say("From stored polygons to stored polygons: EWKB read, `planar.Build`, `Dissolve`, `Polygons`, EWKB written, one core, median of three; " +
		"beside `CREATE TEMP TABLE … AS SELECT grid, ST_Union(geom) … GROUP BY grid` on the very same polygons, once with the parallel " +
		"workers that PostgreSQL plans by default (two at most), once without. Loading its table (COPY of EWKB) isn't counted. Both sides " +
		"are compared grid by grid: the same grids, and the same area to within a hundred-millionth.")
	return t
}

// BenchmarkDissolve makes 1,450 grids of 250,000 blocks.
func BenchmarkDissolve(b *testing.B) {
	db := pgtest.New(b)
	versionsOf(b, db.Owner)
	polygons, grid := cells(500, 500, 10, 17, 0) // 50 × 30 patches, the last row of them lower
	grid, grids := first(grid, 1450)
	measureDissolve(b, db, fmt.Sprintf("%d made-up blocks → %d grids", len(polygons), grids), polygons, grid, grids, 1)
}

// first puts the patches beyond the wanted number into those before them, so that there are exactly so many.
func first(patch []int32, want int32) ([]int32, int) {
	for i, p := range patch {
		if p >= want {
			patch[i] = p - 50 // the patch below it, in a row of 50
		}
	}
	return patch, int(want)
}

// measureRealDissolve does the same with the blocks and grids of a real layout.
func measureRealDissolve(c *county) {
	p := c.outcome.Proposal
	polygons := make([]planar.Polygon, len(p.Blocks))
	for i, b := range p.Blocks {
		polygons[i] = b.Polygon
	}
	measureDissolve(c.B, c.db, fmt.Sprintf("%s, %d blocks → %d grids", c.name, len(polygons), p.Grids), polygons, p.Grid, p.Grids, 3)
}

func measureDissolve(b *testing.B, db *postgres.DB, what string, polygons []planar.Polygon, grid []int32, grids, repeat int) {
	b.Helper()
	rows, stored, vertices := make([][]any, len(polygons)), make([][]byte, len(polygons)), 0
	for i, p := range polygons {
		stored[i] = planar.PolygonEWKB(p)
		rows[i] = []any{int64(grid[i]), stored[i]}
		for _, r := range p {
			vertices += len(r)
		}
	}
	loadGeometries(b, db, "bench_block", []string{"grid"}, rows)
	rows = nil
	areas, united := make([]float64, grids), make([][]byte, grids)
	var read, build, dissolve, write time.Duration
	took := median(3, func() {
		var blocks []planar.Polygon
		read = once(func() { blocks = parsed(b, stored) })
		var c, d *planar.Coverage
		build = once(func() {
			var err error
			if c, err = planar.Build(blocks); err != nil {
				b.Fatal(err)
			}
		})
		dissolve = once(func() { d = c.Dissolve(grid) })
		write = once(func() {
			for g := range united {
				united[g] = planar.MultiPolygonEWKB(d.Polygons(int32(g)))
			}
		})
		for g := range areas {
			areas[g] = float64(d.Area2(int32(g))) / 2 / planar.Scale / planar.Scale
		}
	})
	dissolveTable().remark("%s: reading EWKB %s, `Build` %s, `Dissolve` %s, `Polygons` and writing EWKB %s (the last of three).",
		what, seconds(read), seconds(build), seconds(dissolve), seconds(write))
	for _, most := range []int{2, 0} {
		union, workers, worst := unite(b, db, areas, repeat, most)
		if !(worst < 1e-8) {
			b.Fatalf("%s: an area differs from ST_Union's by %g of itself", what, worst)
		}
		name := what
		if most == 0 {
			name += "; PostgreSQL without workers"
		}
		dissolveTable().row(b, name, seconds(took), seconds(union), faster(took, union), workers, fmt.Sprint(vertices), fmt.Sprintf("%.1g", worst))
	}
	run(b, db.Owner, "DROP TABLE bench_block")
}

// parsed reads polygons as they are stored.
func parsed(b *testing.B, stored [][]byte) []planar.Polygon {
	out := make([]planar.Polygon, len(stored))
	for i, bytes := range stored {
		parts, err := planar.ParsePolygons(bytes)
		if err != nil || len(parts) != 1 {
			b.Fatalf("polygon %d has %d parts: %v", i, len(parts), err)
		}
		out[i] = parts[0]
	}
	return out
}

// parallel says how many workers PostgreSQL plans to help with its union.
func parallel(b *testing.B, conn *pgxpool.Conn) string {
	rows, err := conn.Query(context.Background(), `EXPLAIN SELECT grid, ST_Union(geom) AS geom FROM bench_block GROUP BY grid`)
	if err != nil {
		b.Fatal(err)
	}
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		b.Fatal(err)
	}
	for _, line := range plan {
		if _, n, ok := strings.Cut(line, "Workers Planned: "); ok {
			return n
		}
	}
	return "0"
}

// unite lets PostGIS do it, with so many workers to help at most, and gives the largest relative difference
// between its areas and ours (square degrees).
func unite(b *testing.B, db *postgres.DB, areas []float64, repeat, most int) (took time.Duration, workers string, worst float64) {
	ctx := context.Background()
	conn, err := db.Owner.Acquire(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Release()
	defer func() { _, _ = conn.Exec(ctx, `RESET max_parallel_workers_per_gather; DROP TABLE bench_union`) }()
	if _, err := conn.Exec(ctx, fmt.Sprintf(`SET max_parallel_workers_per_gather = %d`, most)); err != nil {
		b.Fatal(err)
	}
	workers = parallel(b, conn)
	took = median(repeat, func() {
		_, err = conn.Exec(ctx, `DROP TABLE IF EXISTS bench_union`)
		if err == nil {
			_, err = conn.Exec(ctx, `CREATE TEMP TABLE bench_union AS SELECT grid, ST_Union(geom) AS geom FROM bench_block GROUP BY grid`)
		}
		if err != nil {
			b.Fatal(err)
		}
	})
	rows, err := conn.Query(ctx, `SELECT grid, ST_Area(geom) FROM bench_union`)
	if err != nil {
		b.Fatal(err)
	}
	var grid, found int
	var area float64
	if _, err := pgx.ForEachRow(rows, []any{&grid, &area}, func() error {
		found++
		worst = math.Max(worst, math.Abs(area-areas[grid])/area)
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	if found != len(areas) {
		b.Fatalf("PostGIS made %d grids, we made %d", found, len(areas))
	}
	return took, workers, worst
}
