package tile

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

// county is a made-up one of 120 × 120 blocks with jagged borders, ten to a grid, with a building in each and
// streets between them: 14,400 blocks, 1,440 grids, 14,400 buildings.
const across = 120

// BenchmarkTiles measures tiles of all layers of a county over the zooms that people use: rendered (cold), from memory
// (warm), and, as the baseline, made by PostGIS (ST_AsMVT) with the same layers and properties. It reports
// tiles a second on all cores, the 50th and 99th percentile of a tile's time, and its size.
func BenchmarkTiles(b *testing.B) {
	db := pgtest.New(b)
	fillCounty(b, db)
	s, err := New(Config{DB: db.Reader, CacheBytes: 512 << 20})
	if err != nil {
		b.Fatal(err)
	}
	addresses := countyTiles(400)
	layers, err := ParseLayers("buildings,streets,blocks,grids,divisions")
	if err != nil {
		b.Fatal(err)
	}
	rendered := func(ctx context.Context, at Address) (int, error) {
		t, err := s.Get(ctx, layers, at)
		if err != nil {
			return 0, err
		}
		return t.Size, nil
	}
	b.Run("baseline=ST_AsMVT", func(b *testing.B) {
		measure(b, addresses, func() {}, func(ctx context.Context, at Address) (int, error) { return postgisTile(ctx, db, at) })
	})
	b.Run("cold", func(b *testing.B) { measure(b, addresses, func() { s.Drop(Change{}) }, rendered) })
	b.Run("warm", func(b *testing.B) { measure(b, addresses, func() {}, rendered) })
}

// measure fetches all addresses b.N times on as many workers as there are cores.
func measure(b *testing.B, addresses []Address, before func(), fetch func(context.Context, Address) (int, error)) {
	b.Helper()
	ctx := context.Background()
	var times []time.Duration
	var mu sync.Mutex
	var bytes atomic.Int64
	b.ResetTimer()
	for range b.N {
		before()
		var next atomic.Int64
		var wg sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			wg.Go(func() {
				var mine []time.Duration
				for i := next.Add(1) - 1; int(i) < len(addresses); i = next.Add(1) - 1 {
					start := time.Now()
					n, err := fetch(ctx, addresses[i])
					if err != nil {
						b.Error(err)
						return
					}
					mine = append(mine, time.Since(start))
					bytes.Add(int64(n))
				}
				mu.Lock()
				times = append(times, mine...)
				mu.Unlock()
			})
		}
		wg.Wait()
	}
	b.StopTimer()
	slices.Sort(times)
	if len(times) == 0 {
		return
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(float64(len(times))/b.Elapsed().Seconds(), "tiles/s")
	b.ReportMetric(ms(times[len(times)/2]), "p50-ms")
	b.ReportMetric(ms(times[len(times)*99/100]), "p99-ms")
	b.ReportMetric(float64(bytes.Load())/float64(len(times))/1024, "KiB/tile")
	b.ReportMetric(0, "ns/op")
}

// countyTiles are tiles in the county from zoom 9 to 17, the more of them the nearer.
func countyTiles(n int) []Address {
	dice := rand.New(rand.NewPCG(1, 1))
	var out []Address
	for range n {
		zoom := 17 - min(8, int(dice.ExpFloat64()*2.5))
		lon, lat := 116.1+dice.Float64()*0.48, 39.8+dice.Float64()*0.36
		if at := tileAt(lon, lat, zoom); !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	return out
}

func postgisTile(ctx context.Context, db *postgres.DB, at Address) (int, error) {
	one := func(name, zoomed, table, columns, where string) string {
		if at.Z < map[string]int{"blocks": 15, "buildings": 13}[name] {
			return ""
		}
		return fmt.Sprintf(` || coalesce((SELECT ST_AsMVT(x, '%s', 4096, 'geom', 'id') FROM (SELECT %s, ST_AsMVTGeom(ST_Transform(%s, 3857), ST_TileEnvelope(%d, %d, %d), 4096, 64, true) AS geom
			FROM %s WHERE %s AND geom && ST_Transform(ST_TileEnvelope(%d, %d, %d, margin => 64.0/4096), 4326)) x), '')`,
			name, columns, zoomed, at.Z, at.X, at.Y, table, where, at.Z, at.X, at.Y)
	}
	streets := "kind = 'street'"
	if at.Z < 13 {
		streets = "kind = 'street' AND barrier >= 3"
	}
	sql := "SELECT ''::bytea" +
		one("buildings", "geom", "building", "id, use, levels, name", "true") +
		one("streets", "geom", "line_feature", "id, class, name, barrier", streets) +
		one("blocks", "geom", "block", "id, community", "retired IS NULL") +
		one("grids", "geom", "grid", "code AS id, code::text AS code, name, residents, residents / 600.0::float8 - 1 AS deviation", "retired IS NULL") +
		one("divisions", "geom", "division", "code::bigint AS id, name, level", "true")
	var tile []byte
	err := db.Reader.QueryRow(ctx, sql).Scan(&tile)
	return len(tile), err
}

// fillCounty writes the county.
func fillCounty(b testing.TB, db *postgres.DB) {
	b.Helper()
	ctx := context.Background()
	exec := func(sql string, args ...any) {
		if _, err := db.Owner.Exec(ctx, sql, args...); err != nil {
			b.Fatal(err)
		}
	}
	for _, table := range []string{"grid", "block", "grid_block", "territory"} {
		exec(`ALTER TABLE ` + table + ` DISABLE TRIGGER USER`)
	}
	exec(`INSERT INTO layout (county, version, live, published_by, settings) VALUES (110108, 1, true, 'bench', '{"target": 600, "tolerance": 0.15}')`)
	exec(`INSERT INTO division (code, county, level, name, geom, source) VALUES ('110108', 110108, 'county', '海淀区', ST_Multi(ST_MakeEnvelope(116.1, 39.8, 116.58, 40.16, 4326)), 'bench')`)
	exec(`INSERT INTO territory (county, community, division, geom, features) SELECT 110108, 110108001001, code, geom, '' FROM division`)
	blocks := countyBlocks()
	label := make([]int32, len(blocks))
	for i := range label {
		x, y := i%across, i/across
		label[i] = int32(y/2*(across/5) + x/5) // five by two
	}
	coverage, err := planar.Build(blocks)
	if err != nil {
		b.Fatal(err)
	}
	grids := coverage.Dissolve(label)
	copyRows(b, db, "grid", []string{"county", "code", "community", "born", "changed", "residents", "blocks", "area", "perimeter", "compactness", "geom", "label"}, len(grids.Faces), func(i int) []any {
		parts := grids.Polygons(int32(i))
		return []any{110108, gridCode(int32(i)), gridCode(int32(i)) / 1000, 1, 1, 500 + i%200, 10, 1.0, 1.0, 1.0, planar.MultiPolygonEWKB(parts), planar.PointEWKB(parts[0][0][0])}
	})
	copyRows(b, db, "block", []string{"county", "id", "community", "residents", "residents_source", "area", "born", "geom"}, len(blocks), func(i int) []any {
		return []any{110108, i + 1, 110108001001, 60, "estimate", 1.0, 1, planar.PolygonEWKB(blocks[i])}
	})
	copyRows(b, db, "grid_block", []string{"county", "block", "grid", "since"}, len(blocks), func(i int) []any {
		return []any{110108, i + 1, gridCode(label[i]), 1}
	})
	copyRows(b, db, "building", []string{"county", "source", "name", "use", "levels", "digest", "geom"}, len(blocks), func(i int) []any {
		at := corner(i%across, i/across)
		x, y := at.X+12_000, at.Y+9_000
		shell := planar.Ring{{X: x, Y: y}, {X: x + 8000, Y: y}, {X: x + 8000, Y: y + 2000}, {X: x + 3000, Y: y + 2000}, {X: x + 3000, Y: y + 5000}, {X: x, Y: y + 5000}}
		return []any{110108, fmt.Sprint("way/", i), fmt.Sprint(i, "号楼"), "residential", float32(6), []byte{}, planar.MultiPolygonEWKB([]planar.Polygon{{shell}})}
	})
	copyRows(b, db, "line_feature", []string{"county", "source", "kind", "barrier", "class", "name", "digest", "geom"}, 2*across*across, func(i int) []any {
		x, y, upright := i/2%across, i/2/across, i%2 == 0
		class, barrier := "residential", 2
		if (upright && x%10 == 0) || (!upright && y%10 == 0) {
			class, barrier = "secondary", 3
		}
		line := jagged(x, y, upright)
		return []any{110108, fmt.Sprint("street/", i), "street", barrier, class, fmt.Sprint("第", i%97, "路"), []byte{}, planar.LineEWKB(line)}
	})
	simple := grids
	for zoom := rawGrids - 1; zoom >= 8; zoom-- {
		simple = simple.Simplify(shapeTolerance(zoom))
		copyRows(b, db, "tile_shape", []string{"county", "layer", "id", "zoom", "geom"}, len(simple.Faces), func(i int) []any {
			return []any{110108, "grids", gridCode(int32(i)), zoom, planar.MultiPolygonEWKB(simple.Polygons(int32(i)))}
		})
	}
	exec(`ANALYZE`)
}

// gridCode numbers the grids in communities of 90.
func gridCode(i int32) int64 { return (110108001001+int64(i/90))*1000 + int64(i%90) + 1 }

func corner(x, y int) planar.Point {
	return planar.Point{X: 1161000000 + int32(x)*40_000, Y: 398000000 + int32(y)*30_000}
}

// jagged is a block's border from the corner (x, y) northwards or eastwards: the same for both of its sides.
func jagged(x, y int, upright bool) []planar.Point {
	a, b := corner(x, y), corner(x, y+1)
	if !upright {
		b = corner(x+1, y)
	}
	way := 0
	if upright {
		way = 1
	}
	dice := rand.New(rand.NewPCG(uint64(x*1000+y), uint64(way)))
	out := []planar.Point{a}
	for i := int32(1); i < 6; i++ {
		out = append(out, planar.Point{X: a.X + (b.X-a.X)/6*i + dice.Int32N(3000), Y: a.Y + (b.Y-a.Y)/6*i + dice.Int32N(3000)})
	}
	return append(out, b)
}

func countyBlocks() []planar.Polygon {
	var out []planar.Polygon
	for i := range across * across {
		x, y := i%across, i/across
		back := func(line []planar.Point) []planar.Point { slices.Reverse(line); return line }
		var ring planar.Ring
		for _, side := range [][]planar.Point{jagged(x, y, false), jagged(x+1, y, true), back(jagged(x, y+1, false)), back(jagged(x, y, true))} {
			ring = append(ring, side[:len(side)-1]...)
		}
		out = append(out, planar.Polygon{ring})
	}
	return out
}

// copyRows copies rows into a table; geometries are given as EWKB.
func copyRows(b testing.TB, db *postgres.DB, table string, columns []string, n int, row func(i int) []any) {
	b.Helper()
	ctx := context.Background()
	tx, err := db.Owner.Begin(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	var batch pgx.Batch
	for i := range n {
		values := row(i)
		places := ""
		for j, c := range columns {
			if j > 0 {
				places += ", "
			}
			if c == "geom" || c == "label" {
				places += fmt.Sprintf("ST_GeomFromEWKB($%d)", j+1)
			} else {
				places += fmt.Sprintf("$%d", j+1)
			}
		}
		names := ""
		for j, c := range columns {
			if j > 0 {
				names += ", "
			}
			names += c
		}
		batch.Queue(`INSERT INTO `+table+` (`+names+`) VALUES (`+places+`)`, values...)
	}
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		b.Fatal(err)
	}
	if err := tx.Commit(ctx); err != nil {
		b.Fatal(err)
	}
}
