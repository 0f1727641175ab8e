package ground

import (
	"context"
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// What must hold of every ground, whatever it was made from.
func TestMadeGroundHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawTown(t)
		g, err := MakeBlocks(context.Background(), in) // a broken partition is an error
		if err != nil {
			t.Fatal(err)
		}
		if g.Report.Stopped > 0 {
			for _, m := range g.Territories {
				w := m.Report.Stopped
				switch {
				case w != nil && w.Kind == kindBadBorder && tightest(in.Territories) < 4:
					t.Skip("two sides of a division were drawn so slanting that on the lattice they touch: no ground to make")
				case w != nil:
					t.Fatalf("community %d stopped: %s", m.Community, w.EN)
				}
			}
		}
		checkPeople(t, in, g)
		checkAreas(t, g)
		checkHouses(t, in, g)
		checkBorders(t, g)
	})
}

// tightest is how near, in steps of the lattice, the end of a side of a ring comes to another side. Noding bends a side by less than one step wherever
// another line comes to it, so sides that are several apart never touch.
func tightest(all []Territory) float64 {
	least := math.Inf(1)
	for _, territory := range all {
		for _, polygon := range territory.Polygons {
			for _, ring := range polygon {
				for i := range ring {
					for j := i + 1; j < len(ring); j++ {
						a, b, c, d := ring[i], ring[i+1], ring[j], ring[(j+1)%len(ring)]
						for _, x := range []struct{ p, from, to planar.Point }{{a, c, d}, {b, c, d}, {c, a, b}, {d, a, b}} {
							if x.p != x.from && x.p != x.to { // not the corner where they meet
								least = min(least, apart(x.p, x.from, x.to))
							}
						}
					}
				}
			}
		}
	}
	return least
}

// apart is how far a point is from a side.
func apart(p, a, b planar.Point) float64 {
	x, y := float64(b.X-a.X), float64(b.Y-a.Y)
	px, py := float64(p.X-a.X), float64(p.Y-a.Y)
	along := 0.0
	if l := x*x + y*y; l > 0 {
		along = min(1, max(0, (px*x+py*y)/l))
	}
	return math.Hypot(px-along*x, py-along*y)
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkPeople: as many come out as went in.
func checkPeople(t fataler, in Input, g *Ground) {
	t.Helper()
	inBlocks, inParts := 0, 0
	for _, b := range g.Blocks {
		inBlocks += b.Residents
		for _, p := range b.Parts {
			inParts += p.Residents
		}
		if b.Residents > 0 && b.Source == None {
			t.Fatalf("%d people from nowhere", b.Residents)
		}
	}
	if inBlocks != g.Report.People {
		t.Fatalf("%d people in the blocks, %d in the report", inBlocks, g.Report.People)
	}
	want := 0
	for _, m := range g.Territories {
		for _, territory := range in.Territories {
			if territory.Community == m.Community && m.Report.KnownResidents == 0 && territory.Residents > 0 {
				want = territory.Residents
				if m.Report.Residents != want {
					t.Fatalf("%s: %d people came out, %d went in", territory.Name, m.Report.Residents, want)
				}
			}
		}
		if m.Report.Residents < m.Report.KnownResidents {
			t.Fatalf("%d people known, %d in blocks", m.Report.KnownResidents, m.Report.Residents)
		}
	}
}

// checkAreas: no sliver is left, unless it is the whole community.
func checkAreas(t fataler, g *Ground) {
	t.Helper()
	blocks := map[int64]int{}
	for _, b := range g.Blocks {
		blocks[b.Community]++
	}
	for i, b := range g.Blocks {
		if b.Shape.Area < 20 && blocks[b.Community] > 1 {
			t.Fatalf("block %d has %.2f m²", i, b.Shape.Area)
		}
		if flaws := planar.Check([]planar.Polygon{b.Polygon}, []planar.Polygon{b.Polygon}); len(flaws) > 0 {
			t.Fatalf("block %d: %v", i, flaws[0])
		}
	}
}

// checkHouses: every building that stands somewhere stands on a block, once unless it was cut; and of
// buildings that nothing overlaps, all but what is another community's lies on their own blocks.
func checkHouses(t fataler, in Input, g *Ground) {
	t.Helper()
	on := map[int][]int{}
	for i, b := range g.Blocks {
		for _, p := range b.Parts {
			on[p.Building] = append(on[p.Building], i)
		}
	}
	for i := range in.Features.Buildings {
		people := 0
		for _, b := range on[i] {
			for _, p := range g.Blocks[b].Parts {
				if p.Building == i {
					people += p.Residents
				}
			}
		}
		if len(on[i]) > 1 && people <= 690 {
			t.Fatalf("building %d with %d people stands on %d blocks", i, people, len(on[i]))
		}
		if known := in.Features.Buildings[i].knownPeople(); len(on[i]) > 0 && known >= 0 && known != people {
			t.Fatalf("building %d: %d people known, %d counted", i, known, people)
		}
	}
	checkUncut(t, in, g, on)
}

// checkUncut looks at each edge of each border: its middle must not lie inside a building.
func checkUncut(t fataler, in Input, g *Ground, on map[int][]int) {
	t.Helper()
	for i := range in.Features.Buildings {
		b := &in.Features.Buildings[i]
		if len(on[i]) != 1 || overlapped(in, i) {
			continue
		}
		home := g.Blocks[on[i][0]].Community
		inner := boxOfPolygons(b.Polygons)
		for _, e := range g.Borders {
			if e.B < 0 || g.Blocks[e.A].Community != home || g.Blocks[e.B].Community != home {
				continue
			}
			for k := 1; k < len(e.Points); k++ {
				p, q := e.Points[k-1], e.Points[k]
				if boxOf(p, q).meets(inner) && deepInside(b.Polygons, p, q) {
					lon, lat := p.Degrees()
					t.Fatalf("a border runs through building %d at %.7f %.7f", i, lon, lat)
				}
			}
		}
	}
}

func overlapped(in Input, i int) bool {
	extent := boxOfPolygons(in.Features.Buildings[i].Polygons)
	for j := range in.Features.Buildings {
		if j != i && boxOfPolygons(in.Features.Buildings[j].Polygons).meets(extent) {
			return true
		}
	}
	return len(in.Features.Buildings[i].Polygons) > 1
}

// deepInside says whether some place on p–q lies inside a part and more than two steps from its walls.
func deepInside(parts []planar.Polygon, p, q planar.Point) bool {
	f := frameAt(p)
	for _, share := range []float64{.1, .3, .5, .7, .9} {
		m := planar.Point{
			X: p.X + int32(math.Round(float64(q.X-p.X)*share)),
			Y: p.Y + int32(math.Round(float64(q.Y-p.Y)*share)),
		}
		if !planar.Contains(parts, m) {
			continue
		}
		near := math.Inf(1)
		for _, part := range parts {
			for _, ring := range part {
				for i, v := range ring {
					near = min(near, awayFrom(f.flat(m), f.flat(v), f.flat(ring[(i+1)%len(ring)])))
				}
			}
		}
		if near > 2 {
			return true
		}
	}
	return false
}

// checkBorders: the borders are the edges of the blocks, each once.
func checkBorders(t fataler, g *Ground) {
	t.Helper()
	edges := map[edge]int32{}
	for i, b := range g.Blocks {
		for _, ring := range b.Polygon {
			for k, p := range ring {
				edges[edge{p, ring[(k+1)%len(ring)]}] = int32(i)
			}
		}
	}
	for i, e := range g.Borders {
		if e.Length <= 0 || e.A == e.B || e.B >= 0 && e.A > e.B {
			t.Fatalf("border %d: %+v", i, e)
		}
		for k := 1; k < len(e.Points); k++ {
			d := edge{e.Points[k-1], e.Points[k]}
			if block, ok := edges[d]; !ok || block != e.A {
				t.Fatalf("border %d doesn't run along block %d", i, e.A)
			}
			delete(edges, d)
			if e.B >= 0 {
				if block, ok := edges[d.reversed()]; !ok || block != e.B {
					t.Fatalf("border %d doesn't run along block %d", i, e.B)
				}
				delete(edges, d.reversed())
			}
		}
	}
	if len(edges) > 0 {
		t.Fatalf("%d edges of blocks are on no border", len(edges))
	}
}

func TestWorkersDontMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawTown(t)
		var first string
		for workers := 1; workers <= 3; workers++ {
			in.Workers = workers
			g, err := MakeBlocks(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(g)
			if err != nil {
				t.Fatal(err)
			}
			if workers == 1 {
				first = string(text)
			} else if string(text) != first {
				t.Fatalf("%d workers made other ground than one", workers)
			}
		}
	})
}

// Making one community beside neighbours that stand leaves their ground alone, and all still fits.
func TestNeighboursKeepTheirGround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawTown(t)
		again, g, err := remakeFirst(t, in, func(in *Input) { drawStreets(t, in, 300, 300) })
		if err != nil {
			t.Fatal(err)
		}
		if g.Report.Stopped > 0 {
			t.Fatalf("stopped: %+v", g.Territories)
		}
		fits(t, again, g)
	})
}

// The same in towns some dozens of lattice steps wide, in which everything is rounded onto everything else. It may
// be refused there, but never come out wrong.
func TestTinyTownsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawTown(t)
		shrink(&in)
		in.Settings = Settings{SliverArea: 1e-9, StripWidth: 1e-9, BorderSliver: 1e-3, BorderWidth: .02}
		again, g, err := remakeFirst(t, in, func(in *Input) {
			more := Input{}
			drawStreets(t, &more, 300, 300)
			shrink(&more)
			in.Features.Lines = append(in.Features.Lines, more.Features.Lines...)
		})
		switch {
		case fault.CodeOf(err) == fault.Conflict:
			t.Skip("the neighbour has to be drawn together with it")
		case err != nil:
			t.Fatal(err)
		case g.Report.Stopped == 0:
			fits(t, again, g)
		}
	})
}

// remakeFirst makes all communities, changes something, and makes the first one again beside the others.
func remakeFirst(t fataler, in Input, change func(*Input)) (Input, *Ground, error) {
	t.Helper()
	before, err := MakeBlocks(context.Background(), in)
	if err != nil {
		t.Fatalf("%v", err)
	}
	again := in
	again.Make = []int64{in.Territories[0].Community}
	for i, b := range before.Blocks {
		if b.Community != again.Make[0] {
			again.Standing = append(again.Standing, Standing{b.Community, int64(i + 1), b.Polygon})
		}
	}
	change(&again)
	g, err := MakeBlocks(context.Background(), again)
	return again, g, err
}

// shrink makes a town 225 times smaller, so that a street is a step or two wide.
func shrink(in *Input) {
	small := func(points []planar.Point) (out []planar.Point) {
		for _, p := range points {
			out = append(out, planar.Point{
				X: townCorner.X + int32(math.Round(float64(p.X-townCorner.X)/225)),
				Y: townCorner.Y + int32(math.Round(float64(p.Y-townCorner.Y)/225)),
			})
		}
		return out
	}
	shrunk := func(parts []planar.Polygon) (out []planar.Polygon) {
		for _, part := range parts {
			var p planar.Polygon
			for _, r := range part {
				p = append(p, small(r))
			}
			out = append(out, p)
		}
		return out
	}
	for i := range in.Territories {
		in.Territories[i].Polygons = shrunk(in.Territories[i].Polygons)
	}
	for i := range in.Features.Lines {
		in.Features.Lines[i].Points = small(in.Features.Lines[i].Points)
	}
	for i := range in.Features.Areas {
		in.Features.Areas[i].Polygons = shrunk(in.Features.Areas[i].Polygons)
	}
	for i := range in.Features.Buildings {
		in.Features.Buildings[i].Polygons = shrunk(in.Features.Buildings[i].Polygons)
	}
}

// fits checks standing and new blocks together.
func fits(t fataler, in Input, g *Ground) {
	t.Helper()
	polygons := []planar.Polygon{}
	at := map[int64]int{}
	for _, s := range in.Standing {
		at[s.Block] = len(polygons)
		polygons = append(polygons, s.Polygon)
	}
	for _, r := range g.Reshaped {
		if r.Block == 0 {
			continue
		}
		old, now := polygons[at[r.Block]], r.Polygons[0]
		if !keepsVertices(old, now) {
			t.Fatalf("block %d lost vertices", r.Block)
		}
		polygons[at[r.Block]] = now
	}
	for _, b := range g.Blocks {
		polygons = append(polygons, b.Polygon)
	}
	cover, err := planar.Build(polygons)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if flaws := planar.Check(polygons, cover.Dissolve(make([]int32, len(polygons))).Polygons(0)); len(flaws) > 0 {
		t.Fatalf("%v", flaws[0])
	}
	whole := map[int64][]planar.Polygon{}
	for i, s := range in.Standing {
		whole[s.Community] = append(whole[s.Community], polygons[i])
	}
	for _, r := range g.Reshaped {
		if r.Block != 0 {
			continue
		}
		union, err := planar.Build(whole[r.Community])
		if err != nil {
			t.Fatalf("%v", err)
		}
		if got := union.Dissolve(make([]int32, len(whole[r.Community]))).Polygons(0); !reflect.DeepEqual(normal(got), normal(r.Polygons)) {
			t.Fatalf("the territory %d isn't what its blocks cover", r.Community)
		}
	}
}

// normal starts every ring at its least vertex.
func normal(parts []planar.Polygon) []planar.Polygon {
	var out []planar.Polygon
	for _, p := range parts {
		var polygon planar.Polygon
		for _, r := range p {
			least := 0
			for i := range r {
				if r[i].Less(r[least]) {
					least = i
				}
			}
			polygon = append(polygon, append(append(planar.Ring{}, r[least:]...), r[:least]...))
		}
		out = append(out, polygon)
	}
	return out
}

func keepsVertices(old, now planar.Polygon) bool {
	have := map[planar.Point]bool{}
	for _, r := range now {
		for _, p := range r {
			have[p] = true
		}
	}
	for _, r := range old {
		for _, p := range r {
			if !have[p] {
				return false
			}
		}
	}
	return len(old) == len(now)
}
