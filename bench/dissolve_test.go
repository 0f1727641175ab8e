package bench

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

func dissolveTable() *table {
	t := tableAt(40, "Dissolving blocks to grids", "what", "ours", "PostGIS ST_Union", "ratio", "vertices", "largest difference of an area")
	t.say("From polygons to polygons: `planar.Build`, `Dissolve`, `Polygons`, one core, median of three; beside " +
		"`CREATE TEMP TABLE … AS SELECT grid, ST_Union(geom) … GROUP BY grid` on the very same polygons, with whatever parallel " +
		"workers PostgreSQL takes by default. The load of the table (COPY of EWKB) isn't counted. Both sides are compared grid by " +
		"grid: the same grids, and the same area to within a hundred-millionth.")
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
	rows, vertices := make([][]any, len(polygons)), 0
	for i, p := range polygons {
		rows[i] = []any{int64(grid[i]), planar.PolygonEWKB(p)}
		for _, r := range p {
			vertices += len(r)
		}
	}
	loadGeometries(b, db, "bench_block", []string{"grid"}, rows)
	rows = nil
	areas := make([]float64, grids)
	took := median(3, func() {
		c, err := planar.Build(polygons)
		if err != nil {
			b.Fatal(err)
		}
		d := c.Dissolve(grid)
		parts := 0
		for g := range areas {
			parts += len(d.Polygons(int32(g)))
			areas[g] = float64(d.Area2(int32(g))) / 2 / planar.Scale / planar.Scale
		}
		if parts < grids {
			b.Fatalf("%d polygons of %d grids", parts, grids)
		}
	})
	union, worst := unite(b, db, areas, repeat)
	if !(worst < 1e-8) {
		b.Fatalf("%s: an area differs from ST_Union's by %g of itself", what, worst)
	}
	dissolveTable().row(b, what, seconds(took), seconds(union), faster(took, union), fmt.Sprint(vertices), fmt.Sprintf("%.1g", worst))
	run(b, db.Owner, "DROP TABLE bench_block")
}

// unite lets PostGIS do it and gives the largest relative difference between its areas and ours (square degrees).
func unite(b *testing.B, db *postgres.DB, areas []float64, repeat int) (took time.Duration, worst float64) {
	ctx := context.Background()
	conn, err := db.Owner.Acquire(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Release()
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
	return took, worst
}
