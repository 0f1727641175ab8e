package planar

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// noded proves by brute force that edges are fully noded.
func noded(t fataler, edges []Edge) {
	var vertices []Point
	for i, e := range edges {
		if !e.A.Less(e.B) || i > 0 && compareEdges(edges[i-1], e) >= 0 {
			t.Fatalf("edge %d: not in order: %v", i, e)
		}
		vertices = append(vertices, e.A, e.B)
		for _, f := range edges[:i] {
			if at, ok := crossing(e.A, e.B, f.A, f.B); ok {
				t.Fatalf("%v and %v cross near %v", e, f, at)
			}
		}
	}
	for _, e := range edges {
		for _, v := range vertices {
			if v != e.A && v != e.B && hitsPixel(e.A, e.B, v) {
				t.Fatalf("%v passes within half a step of %v", e, v)
			}
		}
	}
}

func TestNode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := drawLines(t)
		edges := rapidNode(t, lines)
		noded(t, edges)

		again := make([]Line, len(edges))
		for i, e := range edges {
			again[i] = Line{[]Point{e.A, e.B}, e.Mark, e.Source}
		}
		if twice := rapidNode(t, again); !slices.Equal(twice, edges) {
			t.Fatalf("noding again changed\n%v to\n%v", edges, twice)
		}

		shuffled := slices.Clone(lines)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for i := range shuffled {
			shuffled[i].Points = slices.Clone(shuffled[i].Points)
			slices.Reverse(shuffled[i].Points)
		}
		if other := rapidNode(t, shuffled); !slices.Equal(other, edges) {
			t.Fatalf("another order gives\n%v, not\n%v", other, edges)
		}

		for i, l := range lines {
			pathStays(t, edges, l, uint32(1)<<i)
		}
	})
}

// pathStays checks that a line is still there: its vertices are vertices and joined, by edges that carry its
// mark and lie near it. (Half a step in ordinary ground; a lattice as crowded as the ones drawn here is the worst there is.)
func pathStays(t *rapid.T, edges []Edge, l Line, mark uint32) {
	parent := map[Point]Point{}
	var find func(p Point) Point
	find = func(p Point) Point {
		if q, ok := parent[p]; ok && q != p {
			parent[p] = find(q)
			return parent[p]
		}
		return p
	}
	for _, e := range edges {
		if e.Mark&mark == 0 {
			continue
		}
		parent[find(e.A)] = find(e.B)
		if d := distance(l.Points, e); d > 4 {
			t.Fatalf("edge %v of line %v is %f steps off", e, l, d)
		}
		if e.Source != int32(31-leading(e.Mark)) {
			t.Fatalf("edge %v: the strongest mark isn't its source's", e)
		}
	}
	for i := 1; i < len(l.Points); i++ {
		if find(l.Points[i-1]) != find(l.Points[i]) {
			t.Fatalf("%v and %v aren't joined any more in %v", l.Points[i-1], l.Points[i], edges)
		}
	}
}

func leading(m uint32) int {
	n := 0
	for ; m&(1<<31) == 0; m <<= 1 {
		n++
	}
	return n
}

// distance is how far the middle of an edge lies from a line, along the farther axis, in steps.
func distance(line []Point, e Edge) float64 {
	x, y := (float64(e.A.X)+float64(e.B.X))/2, (float64(e.A.Y)+float64(e.B.Y))/2
	best := 1e18
	for i := 1; i < len(line); i++ {
		ax, ay := float64(line[i-1].X), float64(line[i-1].Y)
		dx, dy := float64(line[i].X)-ax, float64(line[i].Y)-ay
		s := 0.0
		if dx != 0 || dy != 0 {
			s = min(1, max(0, ((x-ax)*dx+(y-ay)*dy)/(dx*dx+dy*dy)))
		}
		best = min(best, max(abs(ax+s*dx-x), abs(ay+s*dy-y)))
	}
	return best
}

func abs(x float64) float64 { return max(x, -x) }

func TestNodeExamples(t *testing.T) {
	for name, c := range map[string]struct {
		lines [][]Point
		want  []Edge
	}{
		"a cross": {
			[][]Point{{{0, 0}, {2, 2}}, {{0, 2}, {2, 0}}},
			[]Edge{{Point{0, 0}, Point{1, 1}, 1, 0}, {Point{0, 2}, Point{1, 1}, 2, 1}, {Point{1, 1}, Point{2, 0}, 2, 1}, {Point{1, 1}, Point{2, 2}, 1, 0}},
		},
		"an overlap": {
			[][]Point{{{0, 0}, {4, 0}}, {{2, 0}, {6, 0}}},
			[]Edge{{Point{0, 0}, Point{2, 0}, 1, 0}, {Point{2, 0}, Point{4, 0}, 3, 1}, {Point{4, 0}, Point{6, 0}, 2, 1}},
		},
		"an end on a line": {
			[][]Point{{{0, 0}, {9, 3}}, {{3, 1}, {3, 5}}},
			[]Edge{{Point{0, 0}, Point{3, 1}, 1, 0}, {Point{3, 1}, Point{3, 5}, 2, 1}, {Point{3, 1}, Point{9, 3}, 1, 0}},
		},
		"an end near a line": {
			[][]Point{{{0, 0}, {10, 3}}, {{3, 1}, {3, 5}}},
			[]Edge{{Point{0, 0}, Point{3, 1}, 1, 0}, {Point{3, 1}, Point{3, 5}, 2, 1}, {Point{3, 1}, Point{10, 3}, 1, 0}},
		},
		"nothing": {[][]Point{{{1, 1}, {1, 1}}, {{2, 2}}, {}}, []Edge{}},
	} {
		var lines []Line
		for i, p := range c.lines {
			lines = append(lines, Line{p, 1 << i, int32(i)})
		}
		if got := mustNode(t, lines); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestNodeKeepsTheStrongestSource(t *testing.T) {
	same := []Point{{0, 0}, {4, 0}}
	got := mustNode(t, []Line{{same, 1, 3}, {same, 4, 9}, {same, 4, 7}, {same, 2, 1}, {[]Point{{4, 0}, {-4, 0}}, 4, 8}})
	want := []Edge{{Point{-4, 0}, Point{0, 0}, 4, 8}, {Point{0, 0}, Point{4, 0}, 7, 7}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestNodeErrors(t *testing.T) {
	_, err := Node(context.Background(), []Line{{Points: []Point{{0, 0}, {MaxSpan + 1, 0}}}})
	var span *SpanError
	if !errors.As(err, &span) || span.Max != (Point{MaxSpan + 1, 0}) {
		t.Errorf("too wide: %v", err)
	}
	if _, err := Node(context.Background(), []Line{{Points: []Point{{0, 0}, {MaxSpan, MaxSpan}}}, {Points: []Point{{0, MaxSpan}, {MaxSpan, 1}}}}); err != nil {
		t.Errorf("as wide as allowed: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var lines []Line
	for i := range int32(20000) {
		lines = append(lines, Line{Points: []Point{{i * 7 % 9973, 0}, {i * 13 % 9973, 9999}}})
	}
	if _, err := Node(ctx, lines); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestLines(t *testing.T) {
	got := Lines([]Polygon{{{{0, 0}, {4, 0}, {0, 4}}, {{1, 1}, {1, 2}, {2, 1}}, {}}}, 5, 7)
	want := []Line{
		{[]Point{{0, 0}, {4, 0}, {0, 4}, {0, 0}}, 5, 7},
		{[]Point{{1, 1}, {1, 2}, {2, 1}, {1, 1}}, 5, 7},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}
