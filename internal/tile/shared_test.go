package tile

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"jingwei/internal/planar"
)

// Neighbouring grids never show a gap or an overlap, at any zoom: looked at coordinate by coordinate.

// town is a random coverage of a rectangle: jagged streets, cut into faces and joined into grids at random,
// with islands, holes and narrow strips among them.
type town struct {
	west, south, east, north int32 // on the lattice
	grids                    [][]planar.Polygon
	coverage                 *planar.Coverage
}

func buildTown(t testing.TB, seed uint64, streets, grids int) town {
	t.Helper()
	dice := rand.New(rand.NewPCG(seed, 1))
	w := town{west: 1163012345, south: 399812345}
	w.east, w.north = w.west+230_007, w.south+170_003 // about 2 km
	any := func() planar.Point {
		return planar.Point{X: w.west + dice.Int32N(w.east-w.west), Y: w.south + dice.Int32N(w.north-w.south)}
	}
	lines := []planar.Line{{Points: []planar.Point{{X: w.west, Y: w.south}, {X: w.east, Y: w.south}, {X: w.east, Y: w.north}, {X: w.west, Y: w.north}, {X: w.west, Y: w.south}}}}
	for range streets {
		a, b := any(), any()
		points := []planar.Point{a}
		for i := int32(1); i < 12; i++ {
			jag := func() int32 { return dice.Int32N(3001) - 1500 }
			points = append(points, w.inside(planar.Point{X: a.X + (b.X-a.X)/12*i + jag(), Y: a.Y + (b.Y-a.Y)/12*i + jag()}))
		}
		lines = append(lines, planar.Line{Points: append(points, b)})
	}
	for range streets / 6 { // yards, and strips of a metre or two
		p, width, height := any(), 40+dice.Int32N(2000), 40+dice.Int32N(2000)
		q := w.inside(planar.Point{X: p.X + width, Y: p.Y + height})
		lines = append(lines, planar.Line{Points: []planar.Point{p, {X: q.X, Y: p.Y}, q, {X: p.X, Y: q.Y}, p}})
	}
	edges, err := planar.Node(context.Background(), lines)
	if err != nil {
		t.Fatal(err)
	}
	faces, err := planar.Polygonise(edges)
	if err != nil {
		t.Fatal(err)
	}
	labels := make([]int32, len(faces.Faces))
	for i := range labels {
		labels[i] = dice.Int32N(int32(grids))
	}
	w.coverage = faces.Dissolve(labels)
	w.grids = polygonsOf(w.coverage, grids)
	return w
}

func polygonsOf(c *planar.Coverage, n int) [][]planar.Polygon {
	out := make([][]planar.Polygon, n)
	for i := range out {
		out[i] = c.Polygons(int32(i))
	}
	return out
}

func (w town) inside(p planar.Point) planar.Point {
	return planar.Point{X: min(max(p.X, w.west), w.east), Y: min(max(p.Y, w.south), w.north)}
}

// tiles are some tiles that the town lies in at a zoom: a square of side by side ones around its middle.
func (w town) tiles(zoom, side int) (out []Address) {
	middle := project(planar.Point{X: w.west + (w.east-w.west)/2, Y: w.south + (w.north-w.south)/2}, zoom)
	for dx := range side {
		for dy := range side {
			out = append(out, Address{zoom, int(middle.x)/Extent + dx - side/2, int(middle.y)/Extent + dy - side/2})
		}
	}
	return out
}

// drawTile makes a tile of polygons without a database.
func drawTile(t testing.TB, at Address, grids [][]planar.Polygon) []byte {
	t.Helper()
	r := newRendering(context.Background(), nil, at)
	b := r.layer(string(Grids))
	c := r.coverage(b)
	for i, parts := range grids {
		if err := c.add(uint64(i)+1, planar.MultiPolygonEWKB(parts), nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.finish(); err != nil {
		t.Fatal(err)
	}
	return b.append(nil)
}

type edge struct{ a, b unit }

// checkShared proves that the polygons of a layer share their borders in a tile: each directed edge is there
// as often as its reverse, but for those on the border of the town and on the edge of the clipping.
func (w town) checkShared(t testing.TB, at Address, polygons map[uint64][][]unit) {
	t.Helper()
	count := map[edge]int{}
	var total int64
	for id, rings := range polygons {
		for _, r := range rings {
			if area2(r) == 0 {
				t.Errorf("tile %s: grid %d has a ring of no area", at, id)
			}
			total += area2(r)
			for i, a := range r {
				count[edge{a, r[(i+1)%len(r)]}]++
			}
		}
	}
	f := w.frame(at)
	for e, n := range count {
		if n != count[edge{e.b, e.a}] && !f.on(e) {
			t.Errorf("tile %s: edge %v is used %d times one way and %d times the other", at, e, n, count[edge{e.b, e.a}])
			return
		}
	}
	if want := 2 * int64(f.x1-f.x0) * int64(f.y1-f.y0); total != want {
		t.Errorf("tile %s: the grids cover %d half units, the town there has %d", at, total, want)
	}
}

// frame is the part of the tile and its buffer that the town covers.
func (w town) frame(at Address) unitFrame {
	origin := pixel{int32(at.X) * Extent, int32(at.Y) * Extent}
	nw := project(planar.Point{X: w.west, Y: w.north}, at.Z)
	se := project(planar.Point{X: w.east, Y: w.south}, at.Z)
	return unitFrame{max(nw.x-origin.x, -buffer), max(nw.y-origin.y, -buffer), min(se.x-origin.x, Extent+buffer), min(se.y-origin.y, Extent+buffer)}
}

type unitFrame struct{ x0, y0, x1, y1 int32 }

// on says whether an edge runs along a side of the frame.
func (f unitFrame) on(e edge) bool {
	return e.a.x == e.b.x && (e.a.x == f.x0 || e.a.x == f.x1) || e.a.y == e.b.y && (e.a.y == f.y0 || e.a.y == f.y1)
}

func TestNeighboursShareTheirBordersAtEveryZoom(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		w := buildTown(t, seed, 40, 25)
		coverage := w.coverage
		for zoom := MaxZoom; zoom >= 8; zoom-- {
			shapes := w.grids
			if zoom < rawGrids {
				coverage = coverage.Simplify(shapeTolerance(zoom))
				shapes = polygonsOf(coverage, len(w.grids))
			}
			t.Run(fmt.Sprintf("town %d zoom %d", seed, zoom), func(t *testing.T) { w.checkTiles(t, zoom, shapes) })
		}
	}
}

// A county without simplified shapes shows the raw ones at every zoom: thousands of vertices on a few units.
func TestCrowdedBordersAreShared(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		w := buildTown(t, 100+seed, 60, 40)
		for zoom := 8; zoom < rawGrids; zoom++ {
			t.Run(fmt.Sprintf("town %d zoom %d", seed, zoom), func(t *testing.T) { w.checkTiles(t, zoom, w.grids) })
		}
	}
}

// checkTiles draws tiles of the town and checks each by itself and with those beside it.
func (w town) checkTiles(t *testing.T, zoom int, shapes [][]planar.Polygon) {
	t.Helper()
	tiles := map[Address]decoded{}
	for _, at := range w.tiles(zoom, 3) {
		raw := drawTile(t, at, shapes)
		if err := checkCommands(raw); err != nil {
			t.Errorf("tile %s: %v", at, err)
		}
		if d, _ := decode(t, raw); len(d) > 0 {
			tiles[at] = d
			w.checkShared(t, at, d[string(Grids)])
		}
	}
	if len(tiles) == 0 {
		t.Fatal("no tile shows anything")
	}
	checkSeams(t, tiles)
}

// shapeTolerance is what a publication simplifies with: two units.
func shapeTolerance(zoom int) float64 {
	return 2 * 360 * planar.Scale / float64(int64(Extent)<<zoom)
}

// checkSeams compares adjacent tiles along their common edge: each grid has the same vertices on it in both.
func checkSeams(t testing.TB, tiles map[Address]decoded) {
	t.Helper()
	for at, d := range tiles {
		for _, next := range []Address{{at.Z, at.X + 1, at.Y}, {at.Z, at.X, at.Y + 1}} {
			other, ok := tiles[next]
			if !ok {
				continue
			}
			mine := onSeam(t, d[string(Grids)], next.X != at.X, Extent)
			theirs := onSeam(t, other[string(Grids)], next.X != at.X, 0)
			for v := range mine {
				if !theirs[v] {
					t.Errorf("tiles %s and %s: grid %d has the vertex at %d on the common edge in the first alone", at, next, v.id, v.along)
				}
			}
			for v := range theirs {
				if !mine[v] {
					t.Errorf("tiles %s and %s: grid %d has the vertex at %d on the common edge in the second alone", at, next, v.id, v.along)
				}
			}
		}
	}
}

type seamVertex struct {
	id    uint64
	along int32
}

// onSeam gives the vertices on one edge of a tile, its corners left out: there the edge across matters too.
func onSeam(t testing.TB, polygons map[uint64][][]unit, vertical bool, line int32) map[seamVertex]bool {
	out := map[seamVertex]bool{}
	turned := func(v unit) unit {
		if vertical {
			return v
		}
		return unit{v.y, v.x}
	}
	for id, rings := range polygons {
		for _, r := range rings {
			for i := range r {
				v, w := turned(r[i]), turned(r[(i+1)%len(r)])
				if v.x == line && v.y > 0 && v.y < Extent {
					out[seamVertex{id, v.y}] = true
				}
				alongFrame := v.y == w.y && (v.y == -buffer || v.y == Extent+buffer)
				if (v.x < line) != (w.x < line) && v.x != line && w.x != line && !alongFrame {
					t.Errorf("grid %d has an edge across the line %d that isn't cut there: %v %v", id, line, v, w)
				}
			}
		}
	}
	return out
}
