package planar

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// crooked makes a coverage with long winding arcs: every edge is broken several times, then noded.
func crooked(t *rapid.T) *Coverage {
	var lines []Line
	for _, l := range drawLines(t) {
		var points []Point
		for i, p := range l.Points {
			if i > 0 {
				q := l.Points[i-1]
				wide := (abs64(int64(p.X)-int64(q.X)) + abs64(int64(p.Y)-int64(q.Y))) / 8
				for k := int64(1); k < 6; k++ {
					points = append(points, Point{
						int32(int64(q.X)+(int64(p.X)-int64(q.X))*k/6) + int32(rapid.Int64Range(-wide, wide).Draw(t, "dx")),
						int32(int64(q.Y)+(int64(p.Y)-int64(q.Y))*k/6) + int32(rapid.Int64Range(-wide, wide).Draw(t, "dy")),
					})
				}
			}
			points = append(points, p)
		}
		lines = append(lines, Line{points, 0, 0})
	}
	c, err := Polygonise(rapidNode(t, lines))
	if err != nil {
		t.Fatal(err)
	}
	return c.Dissolve(drawLabels(t, len(c.Faces)))
}

func TestSimplify(t *testing.T) {
	went := 0
	rapid.Check(t, func(t *rapid.T) {
		c := crooked(t)
		if len(c.Arcs) == 0 {
			return
		}
		bounds := boxOf(c.Arcs[0].Points[0])
		for _, a := range c.Arcs {
			for _, p := range a.Points {
				bounds.add(p)
			}
		}
		size := float64(max(bounds.width(), bounds.height()))
		for _, share := range []float64{0, .001, .02, .1, .5, 10} {
			tolerance := share * size
			before := snapshot(c)
			s := c.Simplify(tolerance)
			if !reflect.DeepEqual(snapshot(c), before) {
				t.Fatal("the old coverage changed")
			}
			sound(t, s)
			if flaws := Check(everything(s), s.Dissolve(make([]int32, len(s.Faces))).allPolygons()); len(flaws) > 0 {
				t.Fatalf("tolerance %f: %v", tolerance, flaws)
			}
			for f := range c.Faces {
				if got, want := len(s.Polygons(int32(f))), len(c.Polygons(int32(f))); got != want {
					t.Fatalf("face %d has %d parts, had %d", f, got, want)
				}
			}
			for i := range c.Arcs {
				a, b := &c.Arcs[i], &s.Arcs[i]
				if a.Points[0] != b.Points[0] || a.Points[len(a.Points)-1] != b.Points[len(b.Points)-1] || a.Left != b.Left || a.Right != b.Right {
					t.Fatalf("arc %d: %v became %v", i, a, b)
				}
				went += len(a.Points) - len(b.Points)
				for _, p := range a.Points {
					if d := euclid(b.Points, p, bounds.aspect()); d > tolerance*1.000001 {
						t.Fatalf("arc %d: %v is %f off, more than %f", i, p, d, tolerance)
					}
				}
				if share == 0 && !slices.Equal(a.Points, b.Points) {
					t.Fatalf("no tolerance, yet arc %d lost points", i)
				}
			}
		}
	})
	if went == 0 {
		t.Error("nothing was ever simplified")
	}
}

// everything gives each part of each face as a polygon.
func everything(c *Coverage) []Polygon {
	var out []Polygon
	for f := range c.Faces {
		out = append(out, c.Polygons(int32(f))...)
	}
	return out
}

func (c *Coverage) allPolygons() []Polygon { return everything(c) }

func euclid(line []Point, p Point, aspect float64) float64 {
	best := math.Inf(1)
	for i := 1; i < len(line); i++ {
		ax, ay := float64(line[i-1].X)*aspect, float64(line[i-1].Y)
		dx, dy := float64(line[i].X)*aspect-ax, float64(line[i].Y)-ay
		px, py := float64(p.X)*aspect-ax, float64(p.Y)-ay
		s := 0.
		if dx != 0 || dy != 0 {
			s = min(1, max(0, (px*dx+py*dy)/(dx*dx+dy*dy)))
		}
		best = min(best, math.Hypot(px-s*dx, py-s*dy))
	}
	return best
}

func TestSimplifyThinsWhatItMay(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	ring := Ring{{0, -100_000}, {200_000, -100_000}}
	for x := int32(200_000); x >= 0; x -= 100 {
		ring = append(ring, Point{x, random.Int32N(101) - 50})
	}
	c, err := Build([]Polygon{{ring}})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.Simplify(200).Polygons(0)[0][0]); n > 6 {
		t.Errorf("of a straight side that trembles, %d vertices are left", n)
	}
}

func TestSimplifyKeepsWhatIsSmall(t *testing.T) {
	// A lens between two nodes, a triangle with an island near its long side, and a pond of many corners.
	c, err := Polygonise(mustNode(t, []Line{
		{[]Point{{0, 0}, {50, 3}, {100, 0}, {50, -3}, {0, 0}}, 1, 1},
		{[]Point{{-100, 0}, {0, 0}, {-50, 80}, {-100, 0}}, 2, 2},
		{[]Point{{100, 0}, {200, 0}}, 3, 3}, // dangles
		{[]Point{{0, 100}, {4, 102}, {8, 100}, {10, 96}, {8, 92}, {4, 90}, {0, 92}, {-2, 96}, {0, 100}}, 4, 4},
	}))
	if err != nil {
		t.Fatal(err)
	}
	s := c.Simplify(1e6)
	sound(t, s)
	for f, area := range s.Areas2() {
		if area <= 0 {
			t.Errorf("face %d vanished", f)
		}
	}
	if n := len(s.Polygons(2)[0][0]); n != 3 {
		t.Errorf("the pond keeps %d vertices", n)
	}
}
