package planar

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestPolygonise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		edges := rapidNode(t, drawLines(t))
		c, err := Polygonise(edges)
		if err != nil {
			t.Fatal(err)
		}
		sound(t, c)
		euler(t, edges, c)
		arcsKeepMarks(t, edges, c)

		shuffled := slices.Clone(edges)
		rand.New(rand.NewPCG(3, 4)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for i := range shuffled {
			shuffled[i].A, shuffled[i].B = shuffled[i].B, shuffled[i].A
		}
		if other, err := Polygonise(shuffled); err != nil || !reflect.DeepEqual(other, c) {
			t.Fatalf("another order of the edges gives another coverage (%v)", err)
		}

		x := rapid.Int32Range(0, 300).Draw(t, "x")
		y := rapid.Int32Range(0, 300).Draw(t, "y")
		in := 0
		for f := range c.Faces {
			for _, p := range c.Polygons(int32(f)) {
				if s := p.side(Point{x, y}); s > 0 {
					in++
				} else if s == 0 {
					return
				}
			}
		}
		outer := c.Dissolve(make([]int32, len(c.Faces)))
		all := 0
		if len(outer.Faces) > 0 && Contains(outer.Polygons(0), Point{x, y}) {
			all = 1
		}
		if in != all {
			t.Fatalf("%d %d lies in %d faces, in the whole %d times", x, y, in, all)
		}
	})
}

// arcsKeepMarks checks that each edge's mark and source are its arc's, and that no arc could be longer.
func arcsKeepMarks(t *rapid.T, edges []Edge, c *Coverage) {
	known := map[[2]Point]Edge{}
	for _, e := range edges {
		known[[2]Point{e.A, e.B}] = e
	}
	ends := map[Point][]*Arc{}
	for i := range c.Arcs {
		a := &c.Arcs[i]
		for j := 1; j < len(a.Points); j++ {
			p := ordered(a.Points[j-1], a.Points[j], 0)
			if e, ok := known[[2]Point{p.a, p.b}]; !ok || e.Mark != a.Mark || e.Source != a.Source {
				t.Fatalf("arc %v has edge %v", a, e)
			}
		}
		ends[a.Points[0]] = append(ends[a.Points[0]], a)
		ends[a.Points[len(a.Points)-1]] = append(ends[a.Points[len(a.Points)-1]], a)
	}
	for p, at := range ends {
		if len(at) == 2 && at[0] != at[1] && at[0].Mark == at[1].Mark && at[0].Source == at[1].Source {
			t.Fatalf("%v isn't a node: %v, %v", p, at[0], at[1])
		}
	}
}

// euler checks the number of faces and that no edge got lost: V - E + F = 1 + parts, over all edges.
func euler(t *rapid.T, edges []Edge, c *Coverage) {
	parent := map[Point]Point{}
	var find func(p Point) Point
	find = func(p Point) Point {
		if parent[p] != p {
			parent[p] = find(parent[p])
		}
		return parent[p]
	}
	for _, e := range edges {
		for _, p := range []Point{e.A, e.B} {
			if _, ok := parent[p]; !ok {
				parent[p] = p
			}
		}
		parent[find(e.A)] = find(e.B)
	}
	parts := 0
	for p := range parent {
		if find(p) == p {
			parts++
		}
	}
	if want := 1 + parts - len(parent) + len(edges); len(c.Faces)+1 != want {
		t.Fatalf("%d faces and the outside, but Euler says %d", len(c.Faces), want)
	}
	kept := 0
	for _, a := range c.Arcs {
		kept += len(a.Points) - 1
	}
	if kept+len(c.Dangles)+len(c.Bridges) != len(edges) {
		t.Fatalf("%d edges: %d kept, %d dangles, %d bridges", len(edges), kept, len(c.Dangles), len(c.Bridges))
	}
}

func TestPolygoniseIslands(t *testing.T) {
	c, err := Polygonise(mustNode(t, []Line{
		{rectangle(0, 0, 100, 100), 1, 1},
		{rectangle(10, 10, 90, 90), 2, 2}, // a lake
		{rectangle(20, 20, 40, 80), 3, 3}, // two islands in it
		{rectangle(60, 20, 80, 80), 4, 4},
		{rectangle(25, 25, 30, 30), 5, 5},          // a pond on one of them
		{[]Point{{90, 50}, {100, 50}}, 6, 6},       // a causeway that ends at the lake
		{[]Point{{0, 50}, {5, 50}, {5, 60}}, 7, 7}, // a street that ends nowhere
		{[]Point{{40, 50}, {60, 50}}, 8, 8},        // a bridge between the islands
	}))
	if err != nil {
		t.Fatal(err)
	}
	sound(t, c)
	var got []int64
	for _, a := range c.Areas2() {
		got = append(got, a/2)
	}
	want := []int64{100*100 - 80*80, 80*80 - 2*20*60, 20*60 - 25, 25, 20 * 60}
	if !slices.Equal(got, want) {
		t.Errorf("areas %v, want %v", got, want)
	}
	if len(c.Dangles) != 2 || len(c.Bridges) != 2 {
		t.Errorf("dangles %v, bridges %v", c.Dangles, c.Bridges)
	}
	if n := len(c.Polygons(1)[0]); n != 3 {
		t.Errorf("the lake has %d rings", n)
	}
}

func TestPolygonsTakesTouchingRingsApart(t *testing.T) {
	// A square whose hole touches it in a corner point of the hole, and two triangles that touch in a point.
	c, err := Polygonise(mustNode(t, []Line{
		{rectangle(0, 0, 10, 10), 0, 0},
		{[]Point{{0, 5}, {5, 3}, {5, 7}, {0, 5}}, 0, 0},
		{[]Point{{10, 10}, {12, 10}, {10, 12}, {10, 10}}, 0, 0},
	}))
	if err != nil {
		t.Fatal(err)
	}
	sound(t, c)
	want := []Polygon{{{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 5}}, {{0, 5}, {5, 7}, {5, 3}}}}
	if got := c.Polygons(0); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	both := c.Dissolve([]int32{0, -1, 0})
	sound(t, both)
	if got := both.Polygons(0); len(got) != 2 || !reflect.DeepEqual(got[0], want[0]) {
		t.Errorf("two parts that touch: %v", got)
	}
}

func TestArcsEndWhereTheSourceChanges(t *testing.T) {
	c, err := Polygonise(mustNode(t, []Line{
		{[]Point{{0, 0}, {10, 0}, {20, 0}, {20, 10}}, 1, 1},
		{[]Point{{20, 10}, {10, 10}, {0, 10}, {0, 0}}, 1, 2},
		{[]Point{{10, 0}, {10, 10}}, 1, 3},
	}))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]*Coverage{"all": c, "dissolved": c.Dissolve([]int32{0, 0})} {
		sound(t, c)
		for _, a := range c.Arcs {
			for i, p := range a.Points {
				if end := i == 0 || i == len(a.Points)-1; (p == Point{0, 0} || p == Point{20, 10}) && !end {
					t.Errorf("%s: arc %v runs on where the source changes", name, a)
				}
			}
		}
	}
	if one := c.Dissolve([]int32{0, 0}); len(one.Arcs) != 2 || one.Arcs[0].Source+one.Arcs[1].Source != 3 {
		t.Errorf("dissolved: %v", one.Arcs)
	}
}

func TestPolygonsOfOneFaceWithinAnother(t *testing.T) {
	var lines []Line
	for m := int32(0); m < 50; m += 10 {
		lines = append(lines, Line{rectangle(m, m, 100-m, 100-m), 0, 0})
	}
	c, err := Polygonise(mustNode(t, append(lines, Line{rectangle(200, 0, 210, 10), 0, 0})))
	if err != nil {
		t.Fatal(err)
	}
	d := c.Dissolve([]int32{0, -1, 0, -1, 0, 0})
	sound(t, d)
	ring := func(m int32) Ring { return rectangle(m, m, 100-m, 100-m)[:4] }
	hole := func(m int32) Ring { return Ring{{m, m}, {m, 100 - m}, {100 - m, 100 - m}, {100 - m, m}} }
	want := []Polygon{{ring(0), hole(10)}, {ring(20), hole(30)}, {ring(40)}, {rectangle(200, 0, 210, 10)[:4]}}
	if got := d.Polygons(0); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestEncloses(t *testing.T) {
	square := rectangle(0, 0, 4, 4)[:4]
	dart := Ring{{0, 0}, {2, 1}, {4, 0}, {2, 4}}
	triangle := Ring{{0, 0}, {4, 0}, {2, 4}}
	for _, c := range []struct {
		outer, inner Ring
		want         bool
	}{
		{square, Ring{{1, 1}, {2, 1}, {1, 2}}, true}, {square, Ring{{5, 5}, {6, 5}, {5, 6}}, false},
		{square, Ring{{0, 0}, {4, 0}, {4, 4}}, true}, {Ring{{0, 0}, {4, 0}, {4, 4}}, square, false},
		{dart, triangle, false}, {triangle, dart, true},
		{Ring{{0, 0}, {2, 1}, {4, 0}, {4, 9}, {0, 9}}, Ring{{0, 0}, {4, 0}, {2, 1}}, false}, {square, Ring{{4, 4}, {8, 4}, {8, 8}}, false}, {square, square, true},
	} {
		if got := c.outer.encloses(c.inner); got != c.want {
			t.Errorf("%v encloses %v: %v", c.outer, c.inner, got)
		}
	}
}

func TestPolygoniseRefusesAnEdgeOfNoLength(t *testing.T) {
	if _, err := Polygonise([]Edge{{A: Point{1, 1}, B: Point{1, 1}}}); err != ErrZeroEdge {
		t.Errorf("got %v", err)
	}
}
