package tile

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"
	"github.com/paulmach/orb/encoding/mvt"

	"jingwei/internal/heatmap"
	"jingwei/internal/outbox"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func latticePoint(lon, lat float64) planar.Point { return planar.FromDegrees(lon, lat) }

func newServer(t *testing.T, db *postgres.DB) *Server {
	t.Helper()
	s, err := New(Config{DB: db.Reader})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// smallTown fills the database with the town that the tests of httpapi use.
func smallTown(t *testing.T, db *postgres.DB) {
	t.Helper()
	text, err := os.ReadFile("../httpapi/testdata/town.sql")
	if err != nil {
		t.Fatal(err)
	}
	change(t, db, string(text))
}

func change(t *testing.T, db *postgres.DB, sql string, args ...any) {
	t.Helper()
	err := db.InTx(context.Background(), func(tx pgx.Tx) error {
		_, err := tx.Exec(context.Background(), sql, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s *Server, layers string, at Address) *Tile {
	t.Helper()
	set, err := ParseLayers(layers)
	if err != nil {
		t.Fatal(err)
	}
	tile, err := s.Get(context.Background(), set, at)
	if err != nil {
		t.Fatal(err)
	}
	return tile
}

func raw(t *testing.T, tile *Tile) []byte {
	t.Helper()
	b, err := tile.Raw()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const everyLayer = "landuse,water,buildings,rail,walls,streets,population,blocks,grids,facilities,divisions"

// The tile of all layers, in words: what changes in it shows in the golden file.
func TestGoldenTile(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	smallTown(t, db)
	change(t, db, `INSERT INTO population_cell VALUES (110108, 110108014001, 10, $1, 9), (110108, 110108014001, 10, $2, 8), (110108, 110108014002, 10, $2, 5)`,
		cellAt(116.3205, 40.0005), cellAt(116.3235, 40.0005))
	s := newServer(t, db)
	tile := get(t, s, everyLayer, tileAt(116.322, 40.0015, 16))
	b := raw(t, tile)
	if err := checkCommands(b); err != nil {
		t.Error(err)
	}
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer decoder.Close()
	if z, err := decoder.DecodeAll(tile.Zstd, nil); err != nil || string(z) != string(b) {
		t.Errorf("the zstd form isn't the tile: %v", err)
	}
	got := inWords(t, b)
	const file = "testdata/tile.golden"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the tile has changed; with -update and git diff you see how. It is now:\n%s", got)
	}
}

func cellAt(lon, lat float64) int64 {
	return heatmap.Cells([]heatmap.Point{{Lon: lon, Lat: lat, Weight: 1}}, []int{10})[0].ID
}

func inWords(t *testing.T, b []byte) string {
	t.Helper()
	layers, err := mvt.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, l := range layers {
		fmt.Fprintf(&out, "%s: version %d, extent %d\n", l.Name, l.Version, l.Extent)
		for _, f := range l.Features {
			properties, err := json.Marshal(f.Properties)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "\t%d %s\n\t\t%v\n", idOf(t, f.ID), properties, f.Geometry)
		}
	}
	return out.String()
}

// Every zoom through the database: grids, their shapes for low zooms, and the reader's rights.
func TestTilesFromTheDatabaseShareTheirBorders(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	w := buildTown(t, 7, 40, 25)
	w.store(t, db)
	s := newServer(t, db)
	for zoom := 8; zoom <= MaxZoom; zoom++ {
		tiles := map[Address]decoded{}
		for _, at := range w.tiles(zoom, 3) {
			b := raw(t, get(t, s, "grids", at))
			if err := checkCommands(b); err != nil {
				t.Errorf("tile %s: %v", at, err)
			}
			if d, _ := decode(t, b); len(d) > 0 {
				tiles[at] = d
				w.checkShared(t, at, d[string(Grids)])
			}
		}
		if len(tiles) == 0 {
			t.Errorf("zoom %d shows nothing", zoom)
		}
		checkSeams(t, tiles)
	}
}

// store writes the town as the live layout of a county. Its grids have no blocks, which the database's own
// checks wouldn't take.
func (w town) store(t *testing.T, db *postgres.DB) {
	t.Helper()
	ctx := context.Background()
	exec := func(sql string, args ...any) {
		if _, err := db.Owner.Exec(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`ALTER TABLE grid DISABLE TRIGGER USER`)
	exec(`INSERT INTO layout (county, version, live, published_by, settings) VALUES (110108, 1, true, 'test', '{"target": 600, "tolerance": 0.15}')`)
	for i, parts := range w.grids {
		exec(`INSERT INTO grid (county, code, community, born, changed, residents, blocks, area, perimeter, compactness, geom, label)
			SELECT 110108, 110108014001001 + $1, 110108014001, 1, 1, 600, 1, 1, 1, 1, ST_GeomFromEWKB($2), ST_PointOnSurface(ST_GeomFromEWKB($2))`,
			i, planar.MultiPolygonEWKB(parts))
	}
	coverage := w.coverage
	for zoom := rawGrids - 1; zoom >= 8; zoom-- {
		coverage = coverage.Simplify(shapeTolerance(zoom))
		for i, parts := range polygonsOf(coverage, len(w.grids)) {
			exec(`INSERT INTO tile_shape VALUES (110108, 'grids', 110108014001001 + $1, $2, ST_GeomFromEWKB($3))`, i, zoom, planar.MultiPolygonEWKB(parts))
		}
	}
}

// Each grid has one label, in one of the tiles, inside the grid.
func TestLabelsSitOnceInTheMiddle(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	smallTown(t, db)
	s := newServer(t, db)
	for zoom := labelGrids; zoom <= MaxZoom; zoom++ {
		nw, se := tileAt(116.319, 40.004, zoom), tileAt(116.326, 39.999, zoom)
		count := map[string]int{}
		for x := nw.X; x <= se.X; x++ {
			for y := nw.Y; y <= se.Y; y++ {
				_, layers := decode(t, raw(t, get(t, s, "grids,divisions", Address{zoom, x, y})))
				for _, l := range layers {
					for _, f := range l.Features {
						if strings.HasSuffix(l.Name, "_labels") {
							count[fmt.Sprint(f.Properties["code"])]++
						}
					}
				}
			}
		}
		want := []string{"110108014", "110108014001", "110108014002", "110108014001001", "110108014001002", "110108014001003", "110108014002001", "110108015"}
		for _, code := range want {
			if count[code] != 1 {
				t.Errorf("zoom %d: %s has %d labels", zoom, code, count[code])
			}
		}
		if len(count) != len(want) {
			t.Errorf("zoom %d: labels of %v", zoom, count)
		}
	}
}

// A publication in another process, or any other writer of the outbox, drops what it touches.
func TestFollow(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	smallTown(t, db)
	s := newServer(t, db)
	ctx, stop := context.WithCancel(context.Background())
	since, err := s.Position(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Follow(ctx, since) }()

	near, far := tileAt(116.3205, 40.0005, 17), tileAt(116.3275, 40.0025, 17)
	before := get(t, s, "grids", near)
	get(t, s, "grids", far)
	get(t, s, "streets", near)
	if again := get(t, s, "grids", near); again != before {
		t.Fatal("a kept tile was rendered again")
	}
	err = db.InTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE grid SET name = '新名' WHERE code = 110108014001001`); err != nil {
			return err
		}
		return outbox.Write(ctx, tx, 110108, outbox.LayoutPublished, map[string]any{"version": 3, "bounds": [][4]float64{{116.32, 40, 116.322, 40.003}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	until(t, func() bool { return s.kept.dropped.value() > 0 })
	if after := get(t, s, "grids", near); after.Hash == before.Hash || !strings.Contains(inWords(t, raw(t, after)), "新名") {
		t.Error("the tile is still the old one")
	}
	for _, kept := range []struct {
		layers string
		at     Address
	}{{"grids", far}, {"streets", near}} {
		set, _ := ParseLayers(kept.layers)
		if _, ok := s.kept.cache.GetIfPresent(key{set, kept.at}); !ok {
			t.Errorf("%s %s was dropped, and nothing of it had changed", kept.layers, kept.at)
		}
	}

	// Another target changes how every grid of the county stands.
	change(t, db, `UPDATE layout SET live = false WHERE county = 110108 AND live`)
	err = db.InTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO layout (county, version, live, published_by, settings) VALUES (110108, 3, true, 'test', '{"target": 300, "tolerance": 0.15}')`); err != nil {
			return err
		}
		return outbox.Write(ctx, tx, 110108, outbox.LayoutPublished, map[string]any{"version": 3, "bounds": [][4]float64{{116.32, 40, 116.3201, 40.0001}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	grids, _ := ParseLayers("grids")
	until(t, func() bool { _, ok := s.kept.cache.GetIfPresent(key{grids, far}); return !ok })

	stop()
	if err := <-ended; err != context.Canceled {
		t.Errorf("Follow ended with %v", err)
	}
}

func until(t *testing.T, done func() bool) {
	t.Helper()
	for range 12_000 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it didn't happen") // an event waits for every older writer of the server, other tests' too
}

// A tile that is too large loses its smallest buildings first, keeps its grids, and says so.
func TestTooLargeATile(t *testing.T) {
	grids, buildings, streets := newBuilder("grids"), newBuilder("buildings"), newBuilder("streets")
	square := func(side int32) []uint32 {
		p := &pen{}
		p.ring(ring{{0, 0}, {side, 0}, {side, side}, {0, side}})
		return p.out
	}
	for i := range 1000 {
		grids.add(uint64(i), typePolygon, square(9), 0, tag{"name", strings.Repeat("g", 40) + fmt.Sprint(i)})
		buildings.add(uint64(i), typePolygon, square(9), float64(i%500), tag{"name", strings.Repeat("b", 40)})
		streets.add(uint64(i), typeLine, square(9), 1)
	}
	layers := []*builder{buildings, streets, grids}
	all := buildings.size() + streets.size() + grids.size()
	dropped := fit(layers, all-5000)
	if left := buildings.size() + streets.size() + grids.size(); left > all-5000 || left < all-5100 {
		t.Errorf("%d bytes left of %d, want %d or just under", left, all, all-5000)
	}
	if want := fmt.Sprintf("buildings=%d", 1000-len(buildings.features)); dropped != want || len(grids.features) != 1000 || len(streets.features) != 1000 {
		t.Errorf("dropped %q, want %q", dropped, want)
	}
	least := slices.MinFunc(buildings.features, func(a, b feature) int { return int(a.rank - b.rank) }).rank
	if gone := 1000 - len(buildings.features); int(least) != gone/2 {
		t.Errorf("%d buildings are gone and the smallest left is %g: not the smallest were dropped", gone, least)
	}
	if again := fit(layers, all); again != "" {
		t.Errorf("a tile that fits lost %q", again)
	}
	if fit(layers, 1000); len(grids.features) != 1000 || len(buildings.features)+len(streets.features) != 0 {
		t.Error("grids were dropped, or something was kept before them")
	}
}

// Names take most of what a layer of points does: those of the dropped go with them, and the others stay with their features.
func TestNamesGoWithTheirFeatures(t *testing.T) {
	b := newBuilder("facilities")
	for i := range 1000 {
		p := &pen{}
		p.point(pixel{int32(i), 0})
		b.add(uint64(i), typePoint, p.out, float64(i), tag{"kind", "camera"}, tag{"name", strings.Repeat("摄", 40) + fmt.Sprint(i)})
	}
	all := b.size()
	fit([]*builder{b}, all/2)
	if n := len(b.features); n < 480 || n > 520 || b.size() > all/2 || len(b.valList) != n+1 {
		t.Fatalf("%d features with %d values, %d bytes of %d", n, len(b.valList), b.size(), all)
	}
	for i, f := range b.features {
		want := fmt.Sprint(1000 - len(b.features) + i)
		if kind, name := b.valList[f.tags[0][1]], b.valList[f.tags[1][1]]; !strings.HasSuffix(kind, "camera") || !strings.HasSuffix(name, "摄"+want) {
			t.Fatalf("feature %d is %q %q, want %s", i, kind, name, want)
		}
	}
	for v, i := range b.values {
		if b.valList[i] != v {
			t.Fatalf("%q is said to be value %d, which is %q", v, i, b.valList[i])
		}
	}
}

func TestTilesHoldNoCountsOfPeopleForBlocksAndBuildings(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	smallTown(t, db)
	s := newServer(t, db)
	_, layers := decode(t, raw(t, get(t, s, "blocks,buildings", tileAt(116.3205, 40.0005, 17))))
	allowed := map[string][]string{"blocks": {"grid", "community"}, "buildings": {"use", "levels", "name"}}
	seen := 0
	for _, l := range layers {
		for _, f := range l.Features {
			seen++
			for k := range f.Properties {
				if !slices.Contains(allowed[l.Name], k) {
					t.Errorf("%s has the property %s", l.Name, k)
				}
			}
		}
	}
	if seen < 2 {
		t.Errorf("only %d features looked at", seen)
	}
}

func TestLayersAndAddresses(t *testing.T) {
	a, err := ParseLayers("water,grids")
	if err != nil {
		t.Fatal(err)
	}
	b, err := ParseLayers("grids,water,grids")
	if err != nil || a != b || a.String() != "water,grids" || !a.Has(Grids) || a.Has(Blocks) {
		t.Errorf("the same layers in another order: %v and %v, %v", a, b, err)
	}
	for _, bad := range []string{"", "grid", "grids,", "grids;DROP TABLE grid", strings.Repeat("x", 5000)} {
		if _, err := ParseLayers(bad); err == nil || !strings.Contains(err.Error(), "buildings") || len(err.Error()) > 500 {
			t.Errorf("ParseLayers(%.20q): %v; want an error that names the layers", bad, err)
		}
	}
	for _, bad := range []Address{{-1, 0, 0}, {19, 0, 0}, {3, 8, 0}, {3, 0, -1}, {0, 0, 1}} {
		if bad.Check() == nil {
			t.Errorf("%v passes as a tile", bad)
		}
	}
}
