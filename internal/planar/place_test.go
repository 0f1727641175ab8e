package planar

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestFaceLocator(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _, c := dissolved(t)
		locator := NewFaceLocator(c)
		polygons := make([][]Polygon, len(c.Faces))
		for f := range polygons {
			polygons[f] = c.Polygons(int32(f))
		}
		ask := func(p Point) {
			got := locator.Face(p)
			inside, on := int32(Outside), map[int32]bool{}
			for f := range polygons {
				for _, polygon := range polygons[f] {
					switch polygon.side(p) {
					case 1:
						inside = int32(f)
					case 0:
						on[int32(f)] = true
					}
				}
			}
			if inside != Outside && got != inside || len(on) > 0 && !on[got] || inside == Outside && len(on) == 0 && got != Outside {
				t.Fatalf("%v: got %d; lies in %d, on %v", p, got, inside, on)
			}
		}
		for _, a := range c.Arcs {
			for i, p := range a.Points {
				ask(p)
				ask(Point{p.X + 1, p.Y})
				ask(Point{p.X, p.Y - 1})
				q := a.Points[max(0, i-1)]
				ask(Point{int32((int64(p.X) + int64(q.X)) / 2), int32((int64(p.Y) + int64(q.Y)) / 2)})
			}
		}
		for range 8 {
			ask(Point{rapid.Int32Range(-2, 400).Draw(t, "x"), rapid.Int32Range(-2, 400).Draw(t, "y")})
		}
	})
}

func TestInteriorPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _, c := dissolved(t)
		for f := range c.Faces {
			polygons := c.Polygons(int32(f))
			if len(polygons) == 0 {
				continue
			}
			x, y := InteriorPoint(polygons)
			crossings := 0
			for _, p := range polygons {
				for _, r := range p {
					for i := range r {
						a, b := r[i], r[(i+1)%len(r)]
						if (float64(a.Y) > y) != (float64(b.Y) > y) &&
							x < float64(a.X)+(y-float64(a.Y))*float64(b.X-a.X)/float64(b.Y-a.Y) {
							crossings++
						}
					}
				}
			}
			if crossings%2 == 0 {
				t.Fatalf("%f %f isn't inside %v", x, y, polygons)
			}
			p, ok := c.InteriorPoint(int32(f))
			if inside := anyInside(polygons, p); inside != ok {
				t.Fatalf("%v, %v, but inside is %v of %v", p, ok, inside, polygons)
			}
			if exists, small := bruteInterior(largest(polygons)); small && exists != ok {
				t.Fatalf("interior point of %v: %v, want %v", polygons, ok, exists)
			}
			if pole := PoleOfInaccessibility(polygons, 1); ok && !anyInside(polygons, pole) {
				t.Fatalf("pole %v isn't inside %v", pole, polygons)
			}
		}
	})
}

func anyInside(polygons []Polygon, p Point) bool {
	for _, polygon := range polygons {
		if polygon.side(p) > 0 {
			return true
		}
	}
	return false
}

// bruteInterior tries every lattice point of a small polygon.
func bruteInterior(p Polygon) (exists, small bool) {
	b := boxOf(p[0][0])
	for _, v := range p[0] {
		b.add(v)
	}
	if b.width() > 20 || b.height() > 20 {
		return false, false
	}
	for x := b.x0; x <= b.x1; x++ {
		for y := b.y0; y <= b.y1; y++ {
			if p.side(Point{x, y}) > 0 {
				return true, true
			}
		}
	}
	return false, true
}

func TestPoleOfInaccessibility(t *testing.T) {
	// At 60° north a step east is half as long as one north: an L whose upright is wide in steps, and its foot high.
	north := int32(60 * Scale)
	l := []Polygon{{{{0, north}, {1000, north}, {1000, north + 400}, {500, north + 400}, {500, north + 2000}, {0, north + 2000}}}}
	p := PoleOfInaccessibility(l, 1)
	// Near the corner the circle touches the left, the foot's bottom and the inner corner (250, 400) in scaled steps:
	// r = 250 - d …: solved by x = r, y = r, (250-r)² + (400-r)² = r².
	r := (650 - math.Sqrt(2*250*400))
	if math.Abs(float64(p.X)/2-r) > 3 || math.Abs(float64(p.Y-north)-r) > 3 {
		t.Errorf("pole %d %d, want %.0f %.0f", p.X, p.Y-north, 2*r, r)
	}
	if got := PoleOfInaccessibility(nil, 1); got != (Point{}) {
		t.Errorf("of nothing: %v", got)
	}
	hole := []Polygon{{rectangle(0, 0, 100, 100)[:4], {{40, 40}, {40, 60}, {60, 60}, {60, 40}}}}
	if p := PoleOfInaccessibility(hole, 1); hole[0].side(p) <= 0 {
		t.Errorf("pole in a hole: %v", p)
	}
}

func TestContains(t *testing.T) {
	p := []Polygon{{rectangle(0, 0, 10, 10)[:4], {{4, 4}, {4, 6}, {6, 6}, {6, 4}}}, {rectangle(20, 0, 30, 10)[:4]}}
	for at, want := range map[Point]bool{
		{1, 1}: true, {0, 0}: true, {10, 5}: true, {5, 5}: false, {4, 5}: true, {6, 6}: true, {5, 7}: true,
		{11, 5}: false, {15, 0}: false, {25, 10}: true, {-1, 0}: false, {12, 10}: false, {5, 11}: false,
	} {
		if Contains(p, at) != want {
			t.Errorf("%v: %v", at, !want)
		}
	}
}
