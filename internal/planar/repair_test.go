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

func drawRings(t *rapid.T, size int32, most int) []Ring {
	point := rapid.Custom(func(t *rapid.T) Point {
		return Point{rapid.Int32Range(0, size).Draw(t, "x"), rapid.Int32Range(0, size).Draw(t, "y")}
	})
	ring := rapid.Map(rapid.SliceOfN(point, 0, 7), func(p []Point) Ring { return p })
	return rapid.SliceOfN(ring, 0, most).Draw(t, "rings")
}

// evenOdd says whether p is inside rings by the even-odd rule, and how far it is from any edge in steps, roughly.
func evenOdd(rings []Ring, p Point) (inside, near bool) {
	for _, r := range rings {
		for i := range r {
			a, b := r[i], r[(i+1)%len(r)]
			if distance([]Point{a, b}, Edge{A: p, B: p}) <= 2 {
				near = true
			}
			if (a.Y > p.Y) != (b.Y > p.Y) && (cross(a, b, p) > 0) == (b.Y > a.Y) {
				inside = !inside
			}
		}
	}
	return inside, near
}

func TestMakeValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int32{8, 300, 100_000_000}).Draw(t, "size")
		rings := drawRings(t, size, 4)
		got, err := MakeValid(rings)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range got {
			valid(t, p)
			for i, r := range p {
				if (r.Area2() > 0) != (i == 0) {
					t.Fatalf("ring %d of %v runs the wrong way", i, p)
				}
			}
		}
		if err := multi(got).Validate(); err != nil {
			t.Fatalf("%v: %v", err, got)
		}
		for range 20 {
			p := Point{rapid.Int32Range(0, size).Draw(t, "x"), rapid.Int32Range(0, size).Draw(t, "y")}
			if want, near := evenOdd(rings, p); !near && Contains(got, p) != want {
				t.Fatalf("%v: inside %v, want %v: %v", p, !want, want, got)
			}
		}
		// What is valid stays as it is, whichever way its rings run.
		var again []Ring
		for _, p := range got {
			for _, r := range p {
				r = slices.Clone(r)
				if rapid.Bool().Draw(t, "turn") {
					r.Reverse()
				}
				again = append(again, r)
			}
		}
		if twice, err := MakeValid(again); err != nil || !reflect.DeepEqual(twice, got) {
			t.Fatalf("%v became %v (%v)", got, twice, err)
		}
	})
}

func TestMakeValidExamples(t *testing.T) {
	for name, c := range map[string]struct {
		rings []Ring
		want  []Polygon
	}{
		"a figure of eight": {
			[]Ring{{{0, 0}, {4, 4}, {4, 0}, {0, 4}}},
			[]Polygon{{{{0, 0}, {2, 2}, {0, 4}}}, {{{2, 2}, {4, 0}, {4, 4}}}},
		},
		"a ring the wrong way": {[]Ring{{{0, 0}, {0, 4}, {4, 0}}}, []Polygon{{{{0, 0}, {4, 0}, {0, 4}}}}},
		"two points":           {[]Ring{{{0, 0}, {4, 4}}}, nil},
		"a spike":              {[]Ring{{{0, 0}, {4, 0}, {9, 0}, {4, 0}, {4, 4}}}, []Polygon{{{{0, 0}, {4, 0}, {4, 4}}}}},
		"nothing":              {nil, nil},
		"a closed ring":        {[]Ring{{{0, 0}, {4, 0}, {0, 4}, {0, 0}}}, []Polygon{{{{0, 0}, {4, 0}, {0, 4}}}}},
		"a hole":               {[]Ring{rectangle(0, 0, 9, 9), rectangle(3, 3, 6, 6)}, []Polygon{{{{0, 0}, {9, 0}, {9, 9}, {0, 9}}, {{3, 3}, {3, 6}, {6, 6}, {6, 3}}}}},
	} {
		if got, err := MakeValid(c.rings); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
	var span *SpanError
	if _, err := MakeValid([]Ring{{{0, 0}, {MaxSpan + 1, 0}, {0, 9}}}); !errors.As(err, &span) {
		t.Errorf("too wide: %v", err)
	}
}

func TestOverlayFaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int32{8, 300, 100_000_000}).Draw(t, "size")
		sets := make([][]Polygon, rapid.IntRange(0, 4).Draw(t, "sets"))
		for i := range sets {
			var err error
			if sets[i], err = MakeValid(drawRings(t, size, 2)); err != nil {
				t.Fatal(err)
			}
		}
		c, covers, err := OverlayFaces(context.Background(), sets)
		if err != nil {
			t.Fatal(err)
		}
		sound(t, c)
		locator := NewFaceLocator(c)
		ask := func(p Point) {
			var want []int32
			for i, s := range sets {
				var rings []Ring
				for _, polygon := range s {
					rings = append(rings, polygon...)
				}
				inside, near := evenOdd(rings, p)
				if near {
					return
				}
				if inside {
					want = append(want, int32(i))
				}
			}
			var got []int32
			if f := locator.Face(p); f != Outside {
				got = covers[f]
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%v is covered by %v, want %v", p, got, want)
			}
		}
		for range 30 {
			ask(Point{rapid.Int32Range(0, size).Draw(t, "x"), rapid.Int32Range(0, size).Draw(t, "y")})
		}
		for f := range c.Faces {
			if p, ok := c.InteriorPoint(int32(f)); ok {
				ask(p)
			}
		}
	})
}

func TestOverlayFindsOverlapAndGap(t *testing.T) {
	c, covers, err := OverlayFaces(context.Background(), [][]Polygon{
		{{rectangle(0, 0, 10, 10)[:4]}},
		{{rectangle(8, 0, 20, 10)[:4], {{12, 4}, {12, 6}, {14, 6}, {14, 4}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[int][]int32{}
	for f, a := range c.Areas2() {
		got[int(a/2)] = covers[f]
	}
	want := map[int][]int32{80: {0}, 20: {0, 1}, 96: {1}, 4: {}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestMeasure(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	project := func(p Point) (x, y float64) { return float64(p.X) / 100, float64(p.Y) / 90 }
	rapid.Check(t, func(t *rapid.T) {
		c, label, d := dissolved(t)
		fine, coarse := Measure(c, project), Measure(d, project)
		areas := d.Areas2()
		extent := 0.
		for _, p := range fine.Faces {
			extent = max(extent, p.X, p.Y, p.Perimeter)
		}
		joined := make([]FaceMeasure, len(d.Faces))
		for f, l := range label {
			if l >= 0 {
				joined[l] = joined[l].Join(fine.Faces[f], 0)
			}
		}
		for f, m := range coarse.Faces {
			lost := extent * extent * 1e-5 // of thin faces, and of parts far apart, rounding leaves less
			near(t, "area", m.Area, float64(areas[f])/2/100/90, m.Area+lost+1)
			near(t, "joined area", joined[f].Area, m.Area, m.Area+lost+1)
			near(t, "joined x", joined[f].X*m.Area, m.X*m.Area, (m.Area+lost)*(extent+1)+1)
			near(t, "joined inertia", joined[f].Inertia, m.Inertia, m.Inertia+(m.Area+lost)*extent*extent*.01+1)
			if k := m.Compactness(); k < 0 || k > 1.000001 {
				t.Fatalf("compactness %f", k)
			}
			perimeter := 0.
			for _, p := range d.Polygons(int32(f)) {
				for _, r := range p {
					for i := range r {
						x0, y0 := project(r[i])
						x1, y1 := project(r[(i+1)%len(r)])
						perimeter += hypot(x1-x0, y1-y0)
					}
				}
			}
			near(t, "perimeter", m.Perimeter, perimeter, perimeter+1)
		}
	})
	// A square far from the origin, and a shape by Monte Carlo.
	square, _ := Build([]Polygon{{rectangle(100_000_000, 90_000_000, 100_001_000, 90_000_900)[:4]}})
	m := Measure(square, project).Faces[0]
	near(t, "side", m.Area, 100, 100)
	near(t, "inertia of a square", m.Inertia, 10*10*10*10/6., 1)
	near(t, "compactness of a square", m.Compactness(), .9549296585, 1)
	near(t, "Polsby-Popper of a square", m.PolsbyPopper(), .7853981633, 1)
	shape := []Polygon{{{{0, 0}, {1000, 0}, {1000, 900}, {500, 400}, {0, 900}}, {{400, 100}, {400, 300}, {600, 300}, {600, 100}}}}
	c, err := Build(shape)
	if err != nil {
		t.Fatal(err)
	}
	m = Measure(c, project).Faces[0]
	var n, sx, sy, sr float64
	for range 400_000 {
		p := Point{random.Int32N(1000), random.Int32N(900)}
		if !Contains(shape, p) {
			continue
		}
		x, y := project(p)
		n, sx, sy, sr = n+1, sx+x, sy+y, sr+(x-m.X)*(x-m.X)+(y-m.Y)*(y-m.Y)
	}
	if abs(sx/n-m.X) > .05 || abs(sy/n-m.Y) > .05 || abs(sr/n/(m.Inertia/m.Area)-1) > .02 {
		t.Errorf("centroid %f %f, inertia per area %f; by chance %f %f, %f", m.X, m.Y, m.Inertia/m.Area, sx/n, sy/n, sr/n)
	}
}

func hypot(x, y float64) float64 {
	if x, y = abs(x), abs(y); x == 0 || y == 0 {
		return x + y
	}
	lo, hi := 0., x+y
	for range 200 {
		if mid := (lo + hi) / 2; mid*mid < x*x+y*y {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}

func near(t fataler, what string, got, want, scale float64) {
	if !(abs(got-want) <= 1e-9*abs(scale)) {
		t.Fatalf("%s: got %g, want %g", what, got, want)
	}
}
