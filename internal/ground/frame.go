package ground

import (
	"math"

	"jingwei/internal/planar"
)

// metresPerStep is the length of one lattice step of latitude, near enough for choosing what to look at.
// Lengths and areas that anybody reads are taken in the Gauss-Krüger plane instead.
const metresPerStep = 0.01113

// frame is a small plane round a point in which a step is as long eastwards as northwards, so that
// "nearest" means on the map what it means on the ground. Coordinates are whole steps of latitude.
type frame struct {
	x0, y0 int32
	cos    float64
}

func frameAt(p planar.Point) frame {
	_, lat := p.Degrees()
	return frame{p.X, p.Y, math.Max(math.Cos(lat*math.Pi/180), 1e-3)}
}

// in gives the position of a lattice point in the frame, in whole steps.
func (f frame) in(p planar.Point) site {
	return site{int64(math.Round(float64(p.X-f.x0) * f.cos)), int64(p.Y - f.y0)}
}

// flat gives the position in the frame without rounding.
func (f frame) flat(p planar.Point) spot {
	return spot{float64(p.X-f.x0) * f.cos, float64(p.Y - f.y0)}
}

// out gives the lattice point nearest to a position in the frame.
func (f frame) out(s spot) planar.Point {
	return planar.Point{
		X: f.x0 + int32(math.Round(s.x/f.cos)),
		Y: f.y0 + int32(math.Round(s.y)),
	}
}

// spot is a position in a frame, in steps of latitude.
type spot struct{ x, y float64 }

func (a spot) minus(b spot) spot              { return spot{a.x - b.x, a.y - b.y} }
func (a spot) dot(b spot) float64             { return a.x*b.x + a.y*b.y }
func (a spot) cross(b spot) float64           { return a.x*b.y - a.y*b.x }
func (a spot) length() float64                { return math.Hypot(a.x, a.y) }
func (a spot) between(b spot, t float64) spot { return spot{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)} }

// box is a rectangle on the lattice, its edges included.
type box struct{ minX, minY, maxX, maxY int32 }

var nowhere = box{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}

func (b box) empty() bool { return b.minX > b.maxX }

func (b box) with(p planar.Point) box {
	return box{min(b.minX, p.X), min(b.minY, p.Y), max(b.maxX, p.X), max(b.maxY, p.Y)}
}

func (b box) meets(c box) bool {
	return b.minX <= c.maxX && c.minX <= b.maxX && b.minY <= c.maxY && c.minY <= b.maxY
}

func (b box) union(c box) box {
	return box{min(b.minX, c.minX), min(b.minY, c.minY), max(b.maxX, c.maxX), max(b.maxY, c.maxY)}
}

// grown is the box with a margin of n steps.
func (b box) grown(n int32) box { return box{b.minX - n, b.minY - n, b.maxX + n, b.maxY + n} }

func boxOf(points ...planar.Point) box {
	b := nowhere
	for _, p := range points {
		b = b.with(p)
	}
	return b
}

func boxOfPolygons(parts []planar.Polygon) box {
	b := nowhere
	for _, part := range parts {
		if len(part) > 0 {
			b = b.union(boxOf(part[0]...))
		}
	}
	return b
}
