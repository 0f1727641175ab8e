package locate

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// ground draws lines at random and gives the faces between them, and the borders of the faces; face f is block f+1.
func ground(t *rapid.T) (*planar.Coverage, []Border) {
	scale := rapid.SampledFrom([]int32{1, 7, 4000}).Draw(t, "scale")
	point := func() planar.Point {
		return planar.Point{X: scale * rapid.Int32Range(-40, 40).Draw(t, "x"), Y: scale * rapid.Int32Range(-40, 40).Draw(t, "y")}
	}
	var lines []planar.Line
	for range rapid.IntRange(1, 12).Draw(t, "rectangles") { // what encloses something
		a, b := point(), point()
		lines = append(lines, planar.Line{Points: []planar.Point{a, {X: b.X, Y: a.Y}, b, {X: a.X, Y: b.Y}, a}})
	}
	for range rapid.IntRange(0, 12).Draw(t, "lines") {
		lines = append(lines, planar.Line{Points: []planar.Point{point(), point(), point()}})
	}
	edges, err := planar.Node(t.Context(), lines)
	if err != nil {
		t.Fatal(err)
	}
	c, err := planar.Polygonise(edges)
	if err != nil {
		t.Fatal(err)
	}
	var borders []Border
	for _, a := range c.Arcs {
		borders = append(borders, Border{int64(a.Left) + 1, int64(a.Right) + 1, a.Points})
	}
	return c, borders
}

// at looks for the face of a point in every polygon: even or odd, by what lies on the west of it.
func at(c *planar.Coverage, x, y float64) int64 {
	for f := range c.Faces {
		in := false
		for _, p := range c.Polygons(int32(f)) {
			for _, ring := range p {
				for i, a := range ring {
					b := ring[(i+1)%len(ring)]
					if (float64(a.Y) < y) != (float64(b.Y) < y) && float64(a.X)+(y-float64(a.Y))/float64(b.Y-a.Y)*float64(b.X-a.X) < x {
						in = !in
					}
				}
			}
		}
		if in {
			return int64(f) + 1
		}
	}
	return 0
}

// touched are the faces that a point lies in or on.
func touched(c *planar.Coverage, p planar.Point) (out []int64) {
	for f := range c.Faces {
		if planar.Contains(c.Polygons(int32(f)), p) {
			out = append(out, int64(f)+1)
		}
	}
	return out
}

// Every point of any ground lies in the block that a search through all polygons finds, on borders and corners too.
func TestAtIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, borders := ground(t)
		x, err := New(borders, func(block int64) int64 { return block * 10 })
		if err != nil {
			t.Fatal(err)
		}
		var all []planar.Point
		for _, b := range borders {
			for i, p := range b.Points { // corners, what is beside them, middles of stretches
				all = append(all, p, planar.Point{X: p.X + 1, Y: p.Y}, planar.Point{X: p.X, Y: p.Y - 1})
				if i > 0 {
					q := b.Points[i-1]
					all = append(all, planar.Point{X: (p.X + q.X) / 2, Y: (p.Y + q.Y) / 2})
				}
			}
		}
		for range 60 {
			all = append(all, planar.Point{X: rapid.Int32Range(-170000, 170000).Draw(t, "px"), Y: rapid.Int32Range(-170000, 170000).Draw(t, "py")})
		}
		abreast := make([]Place, len(all))
		x.AtAll(all, abreast)
		for i, p := range all {
			got, found := x.At(p)
			if abreast[i] != got {
				t.Fatalf("%v: %+v by itself, %+v among others", p, got, abreast[i])
			}
			want := at(c, float64(p.X)+1e-9, float64(p.Y)+1e-6) // above, and a trifle to the right
			if want == 0 {
				if on := touched(c, p); len(on) > 0 { // the ground's own border
					if !slices.Contains(on, got.Block) {
						t.Fatalf("%v is on the border of %v, found %+v", p, on, got)
					}
					continue
				}
			}
			if got.Block != want || got.Grid != 10*want || found != (want != 0) {
				t.Fatalf("%v: found %+v, want block %d", p, got, want)
			}
		}
	})
}

// Of the grids about a point those within the distance are named, each once with the distance to it, the nearest first.
func TestNearIsEveryGridWithin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, borders := ground(t)
		for i := range borders { // to where a county lies
			shifted := make([]planar.Point, len(borders[i].Points))
			for k, p := range borders[i].Points {
				shifted[k] = planar.Point{X: p.X + 1_170_000_000, Y: p.Y + 354_000_000}
			}
			borders[i].Points = shifted
		}
		x, err := New(borders, func(block int64) int64 { return (block + 1) / 2 }) // two blocks a grid
		if err != nil {
			t.Fatal(err)
		}
		p := planar.Point{X: 1_170_000_000 + rapid.Int32Range(-5000, 5000).Draw(t, "px"), Y: 354_000_000 + rapid.Int32Range(-5000, 5000).Draw(t, "py")}
		own, _ := x.At(p)
		metres := rapid.Float64Range(0.01, 60).Draw(t, "metres")
		got := x.Near(p, own.Grid, metres, nil)
		want := map[int64]float64{}
		for _, b := range borders {
			l, r := (b.Left+1)/2, (b.Right+1)/2
			if l == r {
				continue
			}
			d := math.Inf(1)
			for i := 1; i < len(b.Points); i++ {
				d = min(d, metresTo(p, b.Points[i-1], b.Points[i]))
			}
			for _, g := range []int64{l, r} {
				if g == 0 || g == own.Grid || d > metres {
					continue
				}
				if old, seen := want[g]; !seen || d < old {
					want[g] = d
				}
			}
		}
		for i, n := range got {
			if math.Abs(want[n.Grid]-n.Metres) > 1e-4*(1+n.Metres) || i > 0 && got[i-1].Metres > n.Metres {
				t.Fatalf("%+v, want %v", got, want)
			}
			delete(want, n.Grid)
		}
		for g, d := range want {
			if d < metres*0.9999 {
				t.Fatalf("grid %d is %g m away, and only %+v are named within %g m", g, d, got, metres)
			}
		}
	})
}

// metresTo searches the stretch for its nearest place, by thirds, and measures with the lengths of a degree at 35.4° north, as PostGIS gives them.
func metresTo(p, a, b planar.Point) float64 {
	const north, east = 110_947.918, 90_841.702 // m a degree, ST_Distance on geography
	at := func(t float64) float64 {
		dx := (float64(a.X) + t*float64(int64(b.X)-int64(a.X)) - float64(p.X)) / planar.Scale * east
		dy := (float64(a.Y) + t*float64(int64(b.Y)-int64(a.Y)) - float64(p.Y)) / planar.Scale * north
		return math.Hypot(dx, dy)
	}
	low, high := 0.0, 1.0
	for range 100 {
		if third := (high - low) / 3; at(low+third) < at(high-third) {
			high -= third
		} else {
			low += third
		}
	}
	return at(low)
}

func TestNewRefusesWhatIsNoGround(t *testing.T) {
	t.Parallel()
	square := func(side int32) []planar.Point {
		return []planar.Point{{}, {X: side}, {X: side, Y: side}, {Y: side}, {}}
	}
	none := func(int64) int64 { return 0 }
	apart := []Border{{1, 0, square(100)}, {2, 3, []planar.Point{{X: 20, Y: 10}, {X: 20, Y: 90}}}}
	if _, err := New(apart, none); fault.CodeOf(err) != fault.Internal || !strings.Contains(err.Error(), "don't fit together") {
		t.Errorf("borders that don't fit: %v", err)
	}
	if _, err := New([]Border{{1, 0, square(math.MaxInt32)}}, none); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "more than 53") {
		t.Errorf("half the earth: %v", err)
	}
	x, err := New(nil, none)
	if err != nil {
		t.Fatal(err)
	}
	out := []Place{{1, 1}}
	if x.AtAll([]planar.Point{{}}, out); out[0] != (Place{}) {
		t.Errorf("nothing holds %+v", out)
	}
	if place, found := x.At(planar.Point{}); found || place != (Place{}) {
		t.Errorf("nothing holds %+v", place)
	}
}
