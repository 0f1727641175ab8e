package planar

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/peterstace/simplefeatures/geom"
	"pgregory.net/rapid"
)

// drawLines draws lines of all the unpleasant kinds: on a coarse lattice, so that they run through vertices,
// overlap, and repeat; on a fine one; slivers; holes; islands in islands.
func drawLines(t *rapid.T) []Line {
	size := rapid.SampledFrom([]int32{6, 20, 300, 1_000_000, 200_000_000}).Draw(t, "size")
	point := rapid.Custom(func(t *rapid.T) Point {
		return Point{rapid.Int32Range(0, size).Draw(t, "x"), rapid.Int32Range(0, size).Draw(t, "y")}
	})
	n := rapid.IntRange(1, 12).Draw(t, "lines")
	lines := make([]Line, 0, n)
	for i := range n {
		var points []Point
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0, 1: // any polyline
			points = rapid.SliceOfN(point, 2, 6).Draw(t, "points")
		case 2: // a closed one
			points = rapid.SliceOfN(point, 3, 6).Draw(t, "ring")
			points = append(points, points[0])
		case 3: // boxes in boxes
			m := rapid.Int32Range(0, size/2).Draw(t, "margin")
			points = rectangle(m, m, size-m, size-m)
		case 4: // a sliver
			p := point.Draw(t, "from")
			q := point.Draw(t, "to")
			points = []Point{p, q, {q.X + rapid.Int32Range(-1, 1).Draw(t, "dx"), q.Y + 1}, p}
		case 5: // one of the lines before again, or a part of it, backwards
			if len(lines) > 0 {
				old := lines[rapid.IntRange(0, len(lines)-1).Draw(t, "again")].Points
				points = slices.Clone(old[rapid.IntRange(0, len(old)-2).Draw(t, "cut"):])
				slices.Reverse(points)
			} else {
				points = []Point{{0, 0}, {size, 0}, {size / 2, 0}, {size / 2, size}}
			}
		}
		lines = append(lines, Line{points, 1 << i, int32(i)})
	}
	return lines
}

func rectangle(x0, y0, x1, y1 int32) []Point {
	return []Point{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}
}

func mustNode(t testing.TB, lines []Line) []Edge {
	edges, err := Node(context.Background(), lines)
	if err != nil {
		t.Fatal(err)
	}
	return edges
}

// drawCoverage nodes and polygonises drawn lines.
func drawCoverage(t *rapid.T) *Coverage {
	c, err := Polygonise(rapidNode(t, drawLines(t)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func rapidNode(t *rapid.T, lines []Line) []Edge {
	edges, err := Node(context.Background(), lines)
	if err != nil {
		t.Fatal(err)
	}
	return edges
}

// dissolved draws a coverage and labels, so that faces have several parts, holes, and touch themselves.
func dissolved(t *rapid.T) (*Coverage, []int32, *Coverage) {
	c := drawCoverage(t)
	labels := drawLabels(t, len(c.Faces))
	return c, labels, c.Dissolve(labels)
}

func drawLabels(t *rapid.T, n int) []int32 {
	k := rapid.Int32Range(1, 4).Draw(t, "labels")
	return rapid.SliceOfN(rapid.Int32Range(-1, k-1), n, n).Draw(t, "label")
}

type fataler interface{ Fatalf(string, ...any) }

// sound checks a coverage against what it promises, by brute force and with another library's opinion.
func sound(t fataler, c *Coverage) {
	type directed struct{ a, b Point }
	left := map[directed]int32{}
	for i, a := range c.Arcs {
		if len(a.Points) < 2 || a.Left == a.Right {
			t.Fatalf("arc %d: %v", i, a)
		}
		if a.Closed() != (a.Points[0] == a.Points[len(a.Points)-1]) {
			t.Fatalf("arc %d is closed or isn't: %v", i, a)
		}
		for j := 1; j < len(a.Points); j++ {
			for _, d := range []struct {
				directed
				face int32
			}{{directed{a.Points[j-1], a.Points[j]}, a.Left}, {directed{a.Points[j], a.Points[j-1]}, a.Right}} {
				if _, twice := left[d.directed]; twice || d.a == d.b {
					t.Fatalf("edge %v twice", d)
				}
				left[d.directed] = d.face
			}
		}
	}
	seen := maps.Clone(left)
	areas := c.Areas2()
	for f := range c.Faces {
		var area int64
		parts := c.Polygons(int32(f))
		for _, p := range parts {
			valid(t, p)
			for i, r := range p {
				area += r.Area2()
				if (r.Area2() > 0) != (i == 0) {
					t.Fatalf("face %d: ring %d runs the wrong way: %v", f, i, r)
				}
				for k := range r {
					d := directed{r[k], r[(k+1)%len(r)]}
					if face, ok := left[d]; !ok || face != int32(f) {
						t.Fatalf("face %d: edge %v belongs to %d", f, d, face)
					}
					if _, ok := seen[d]; !ok {
						t.Fatalf("face %d: edge %v used again", f, d)
					}
					delete(seen, d)
				}
			}
		}
		if area != areas[f] || area != c.Area2(int32(f)) || area < 0 || area == 0 && len(parts) > 0 {
			t.Fatalf("face %d: area %d, %d, %d", f, area, areas[f], c.Area2(int32(f)))
		}
		if len(parts) > 1 {
			if err := multi(parts).Validate(); err != nil {
				t.Fatalf("face %d: parts overlap: %v: %v", f, err, parts)
			}
		}
	}
	for d, face := range seen {
		if face != Outside {
			t.Fatalf("edge %v of face %d is in none of its rings", d, face)
		}
	}
}

func valid(t fataler, p Polygon) {
	if err := multi([]Polygon{p}).Validate(); err != nil {
		t.Fatalf("invalid: %v: %v", err, p)
	}
}

func multi(parts []Polygon) geom.MultiPolygon {
	polygons := make([]geom.Polygon, len(parts))
	for i, p := range parts {
		rings := make([]geom.LineString, len(p))
		for j, r := range p {
			xy := make([]float64, 0, 2*len(r)+2)
			for _, v := range append(slices.Clone(r), r[0]) {
				xy = append(xy, float64(v.X), float64(v.Y))
			}
			rings[j] = geom.NewLineString(geom.NewSequence(xy, geom.DimXY))
		}
		polygons[i] = geom.NewPolygon(rings)
	}
	return geom.NewMultiPolygon(polygons)
}

func sumByLabel(areas []int64, label []int32) map[int32]int64 {
	out := map[int32]int64{}
	for f, l := range label {
		if l >= 0 {
			out[l] += areas[f]
		}
	}
	return out
}

func sortedArcs(c *Coverage) [][]Point {
	var out [][]Point
	for _, a := range c.Arcs {
		p := slices.Clone(a.Points)
		if a.Closed() {
			p = Ring(p[:len(p)-1]).fromLeast()
			if len(p) > 1 && p[len(p)-1].Less(p[1]) {
				slices.Reverse(p[1:])
			}
		} else if p[len(p)-1].Less(p[0]) {
			slices.Reverse(p)
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b []Point) int {
		return cmp.Or(slices.CompareFunc(a, b, Point.Compare))
	})
	return out
}
