package drawing

import (
	"math"
	"testing"

	"jingwei/internal/crs"
	"jingwei/internal/planar"
)

// square is a ring of four corners in lattice steps, from its south-west corner.
func squareAt(x, y, side int32) planar.Polygon {
	return planar.Polygon{{{X: x, Y: y}, {X: x + side, Y: y}, {X: x + side, Y: y + side}, {X: x, Y: y + side}}}
}

// TestFromCoverage: two neighbours and a frame with a hole in it, around a third block.
func TestFromCoverage(t *testing.T) {
	const x, y, s = 1_163_200_000, 400_000_000, 10_000
	frame := planar.Polygon{
		{{X: x + s, Y: y}, {X: x + 4*s, Y: y}, {X: x + 4*s, Y: y + 3*s}, {X: x + s, Y: y + 3*s}, {X: x + s, Y: y + s}},
		{{X: x + 2*s, Y: y + s}, {X: x + 2*s, Y: y + 2*s}, {X: x + 3*s, Y: y + 2*s}, {X: x + 3*s, Y: y + s}},
	}
	polygons := []planar.Polygon{squareAt(x, y, s), frame, squareAt(x+2*s, y+s, s)}
	cov, err := planar.Build(polygons)
	if err != nil {
		t.Fatal(err)
	}
	for i := range cov.Arcs {
		if a := &cov.Arcs[i]; a.Left+a.Right == 1 {
			cov.Arcs[i].Mark = 2
		}
	}
	plane := crs.PlaneFor(116.32)
	p := FromCoverage(cov, []int64{5, 6, 7}, []int32{0, 1, 1}, []string{"甲", "乙"}, plane, func(mark uint32) float64 { return float64(mark) / 4 })
	if err := p.check(); err != nil {
		t.Fatal(err)
	}
	east := func(steps float64) float64 { // metres of so many steps along the parallel, and along the meridian
		ax, ay := plane.Forward(116.32, 40)
		bx, by := plane.Forward(116.32+steps/planar.Scale, 40)
		return math.Hypot(bx-ax, by-ay)
	}
	north := func(steps float64) float64 {
		_, ay := plane.Forward(116.32, 40)
		_, by := plane.Forward(116.32, 40+steps/planar.Scale)
		return by - ay
	}
	w, h := east(s), north(s)
	block := p.Blocks[0]
	close := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-4*math.Abs(want) {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	close("area of a square", block.Area, w*h)
	close("its second moment", block.Second, w*h*(w*w+h*h)/12)
	close("its outer border", block.Outer, 2*w+h)
	cx, cy := plane.Forward(116.32+s/2/float64(planar.Scale), 40+s/2/float64(planar.Scale))
	close("its easting", block.Cx, cx)
	close("its northing", block.Cy, cy)
	close("area of the frame", p.Blocks[1].Area, 8*w*h)
	close("second moment of the frame", p.Blocks[1].Second, 9*w*h*9*(w*w+h*h)/12-w*h*(w*w+h*h)/12)
	close("outer border of the frame", p.Blocks[1].Outer, 6*w+5*h)
	if p.Blocks[1].Weight != 6 || p.Blocks[1].Within != 1 || p.Blocks[2].Outer != 0 {
		t.Errorf("blocks %+v", p.Blocks)
	}
	if len(p.Borders) != 2 {
		t.Fatalf("borders %+v", p.Borders)
	}
	close("border of the neighbours", p.Borders[0].Length, h)
	close("of which along a barrier", p.Borders[0].Along, h)
	close("its strength", p.Borders[0].Strength, h/2)
	close("border around the hole", p.Borders[1].Length, 2*w+2*h)
	if p.Borders[1].Along != 0 {
		t.Errorf("the hole's border has no barrier: %+v", p.Borders[1])
	}
}
