package planar

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCut(t *testing.T) {
	cuts, tooClose := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		_, _, c := dissolved(t)
		if len(c.Faces) == 0 {
			return
		}
		for range rapid.IntRange(1, 3).Draw(t, "cuts") {
			face := rapid.Int32Range(0, int32(len(c.Faces))-1).Draw(t, "face")
			b := box{0, 0, 10, 10}
			if p := c.Polygons(face); len(p) > 0 {
				b = boxOf(p[0][0][0])
				for _, v := range p[0][0] {
					b.add(v)
				}
			}
			line := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Point {
				return Point{rapid.Int32Range(b.x0-9, b.x1+9).Draw(t, "x"), rapid.Int32Range(b.y0-9, b.y1+9).Draw(t, "y")}
			}), 0, 5).Draw(t, "line")
			before := snapshot(c)
			d, became, err := c.Cut(face, line)
			if !reflect.DeepEqual(snapshot(c), before) {
				t.Fatal("the old coverage changed")
			}
			if errors.Is(err, ErrCutTooClose) {
				tooClose++
			}
			if err != nil {
				continue
			}
			cuts++
			sound(t, d)
			noded(t, edgesOf(d)) // far away too: a bent edge moves all along
			if len(became) < 2 || became[0] != face || len(d.Faces) != len(c.Faces)+len(became)-1 {
				t.Fatalf("face %d became %v", face, became)
			}
			// Together the parts are the face, and the others what they were, but for vertices put in.
			label := make([]int32, len(d.Faces))
			for i := range label {
				label[i] = int32(i)
			}
			for _, f := range became {
				label[f] = face
			}
			whole := d.Dissolve(label)
			var moved int64
			old, now := c.Areas2(), whole.Areas2()
			for f := range c.Faces {
				moved += abs64(old[f] - now[f])
			}
			var perimeter float64
			for i := range whole.Arcs {
				p := whole.Arcs[i].Points
				for j := 1; j < len(p); j++ {
					perimeter += hypot(float64(p[j].X-p[j-1].X), float64(p[j].Y-p[j-1].Y))
				}
			}
			if float64(moved) > 8*perimeter {
				t.Fatalf("areas changed by %d half steps, over borders of %f", moved, perimeter)
			}
			c = d
		}
	})
	if cuts == 0 || tooClose > cuts {
		t.Errorf("%d cuts, %d refused as too close", cuts, tooClose)
	}
}

func snapshot(c *Coverage) [][]Point {
	var out [][]Point
	for _, a := range c.Arcs {
		out = append(out, append([]Point(nil), a.Points...))
	}
	return out
}

func TestCutPutsAVertexIntoTheNeighbour(t *testing.T) {
	c, err := Build([]Polygon{{rectangle(0, 0, 10, 10)[:4]}, {rectangle(10, 0, 20, 10)[:4]}})
	if err != nil {
		t.Fatal(err)
	}
	d, became, err := c.Cut(0, []Point{{-5, 4}, {30, 4}})
	if err != nil || !reflect.DeepEqual(became, []int32{0, 2}) {
		t.Fatal(became, err)
	}
	sound(t, d)
	for f, want := range []Polygon{
		{{{0, 0}, {10, 0}, {10, 4}, {0, 4}}},
		{{{10, 0}, {20, 0}, {20, 10}, {10, 10}, {10, 4}}},
		{{{0, 4}, {10, 4}, {10, 10}, {0, 10}}},
	} {
		if got := d.Polygons(int32(f)); !reflect.DeepEqual(got, []Polygon{want}) {
			t.Errorf("face %d: %v", f, got)
		}
	}
	for name, line := range map[string][]Point{
		"ends inside": {{-5, 5}, {5, 5}}, "within": {{3, 3}, {6, 6}}, "along the border": {{0, 0}, {10, 0}},
		"elsewhere": {{30, 0}, {40, 9}}, "nothing": nil, "a point": {{5, 5}},
	} {
		if _, _, err := c.Cut(0, line); !errors.Is(err, ErrNoCut) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ring, became, err := c.Cut(0, rectangle(3, 3, 6, 6))
	if err != nil || len(became) != 2 {
		t.Fatalf("a ring within: %v %v", became, err)
	}
	sound(t, ring)
}

func TestCutOfASteepBorder(t *testing.T) {
	// The border from 101 0 to 100 100, bent at 100 70, runs straight up for a part.
	c, err := Build([]Polygon{{{{0, 0}, {101, 0}, {100, 100}, {0, 100}}}, {{{101, 0}, {200, 0}, {200, 100}, {100, 100}}}})
	if err != nil {
		t.Fatal(err)
	}
	for face := range int32(2) {
		d, _, err := c.Cut(face, []Point{{-9, 70}, {300, 70}})
		if err != nil {
			t.Fatal(err)
		}
		sound(t, d)
		if got := len(d.Polygons(1 - face)[0][0]); got != 5 {
			t.Errorf("the neighbour has %d vertices", got)
		}
	}
}

func edgesOf(c *Coverage) []Edge {
	var out []Edge
	for _, a := range c.Arcs {
		for j := 1; j < len(a.Points); j++ {
			p := ordered(a.Points[j-1], a.Points[j], 0)
			out = append(out, Edge{A: p.a, B: p.b})
		}
	}
	slices.SortFunc(out, compareEdges)
	return out
}
