package draft

import (
	"math"

	"jingwei/internal/planar"
)

const (
	mostVertices = 2000
	overshoot    = 30.0 // m: how far an end that stops short of the border is drawn on
)

// line reads a line that somebody drew. Faults: Invalid for one that is no line, isn't of this earth, or crosses itself.
func (a *Act) line() ([]planar.Point, error) {
	if len(a.Line) < 2 || len(a.Line) > mostVertices {
		return nil, invalid("线应有 2 至 %d 个点，现有 %d 个", "a line has 2 to %d points, this one has %d", mostVertices, len(a.Line))
	}
	out := make([]planar.Point, 0, len(a.Line))
	for n, v := range a.Line {
		if math.IsNaN(v[0]) || math.IsNaN(v[1]) || math.Abs(v[0]) > 180 || math.Abs(v[1]) > 90 {
			return nil, invalid("线的第 %d 点（%v，%v）不是经纬度", "point %d of the line (%v, %v) is no longitude and latitude", n+1, v[0], v[1])
		}
		p := planar.FromDegrees(v[0], v[1])
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	if len(out) < 2 {
		return nil, invalid("线的所有点都在一处", "all points of the line are in one place")
	}
	if i, j, crosses := crossesItself(out); crosses {
		return nil, invalid("线与自身相交（第 %d 段与第 %d 段）：请画一条不自交的线", "the line crosses itself (stretch %d and stretch %d): draw one that doesn't", i+1, j+1)
	}
	return out, nil
}

// crossesItself finds two stretches of a line that have a point in common, beside the vertex between two that follow each other.
func crossesItself(line []planar.Point) (int, int, bool) {
	for i := 1; i < len(line); i++ {
		for j := i + 1; j < len(line); j++ {
			if j == i+1 {
				if side(line[i-1], line[i], line[j]) == 0 && dot(line[i], line[i-1], line[j]) > 0 { // straight back over itself
					return i - 1, j - 1, true
				}
				continue
			}
			if meet(line[i-1], line[i], line[j-1], line[j]) {
				return i - 1, j - 1, true
			}
		}
	}
	return 0, 0, false
}

// side is on which side of the line from a to b p lies: positive on the left.
func side(a, b, p planar.Point) int {
	v := (int64(b.X)-int64(a.X))*(int64(p.Y)-int64(a.Y)) - (int64(b.Y)-int64(a.Y))*(int64(p.X)-int64(a.X))
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

func dot(o, a, b planar.Point) float64 {
	return float64(int64(a.X)-int64(o.X))*float64(int64(b.X)-int64(o.X)) + float64(int64(a.Y)-int64(o.Y))*float64(int64(b.Y)-int64(o.Y))
}

// meet says whether two stretches have a point in common.
func meet(a, b, c, d planar.Point) bool {
	s1, s2, s3, s4 := side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
	if s1*s2 < 0 && s3*s4 < 0 {
		return true
	}
	return s1 == 0 && between(a, b, c) || s2 == 0 && between(a, b, d) || s3 == 0 && between(c, d, a) || s4 == 0 && between(c, d, b)
}

func between(a, b, p planar.Point) bool {
	return min(a.X, b.X) <= p.X && p.X <= max(a.X, b.X) && min(a.Y, b.Y) <= p.Y && p.Y <= max(a.Y, b.Y)
}

// leftOf says whether a point lies left of a line that goes on straight beyond its ends: by the stretch that is nearest to it. Longitudes are
// shortened as they are at that latitude.
func leftOf(line []planar.Point, p planar.Point) bool {
	_, lat := p.Degrees()
	shrink := math.Cos(lat * math.Pi / 180)
	x := func(q planar.Point) (float64, float64) {
		return (float64(q.X) - float64(p.X)) * shrink, float64(q.Y) - float64(p.Y)
	}
	least, left := math.Inf(1), false
	for i := 1; i < len(line); i++ {
		ax, ay := x(line[i-1])
		bx, by := x(line[i])
		dx, dy := bx-ax, by-ay
		t := -(ax*dx + ay*dy) / (dx*dx + dy*dy)
		low, high := 0.0, 1.0
		if i == 1 {
			low = math.Inf(-1)
		}
		if i == len(line)-1 {
			high = math.Inf(1)
		}
		t = math.Max(low, math.Min(high, t))
		far := math.Hypot(ax+t*dx, ay+t*dy)
		cross := dx*(-ay) - dy*(-ax)
		switch {
		case far < least-1e-6:
			least, left = far, cross > 0
		case far <= least+1e-6: // nearest to a vertex: the side is told by the turn that the line takes there
			if i >= 2 {
				px, py := x(line[i-2])
				left = turnSide(px, py, ax, ay, bx, by)
			}
		}
	}
	return left
}

// turnSide says on which side of a corner a → b → c the origin lies, when b is what of the line is nearest to it: outside of the turn.
func turnSide(ax, ay, bx, by, cx, cy float64) bool {
	return (bx-ax)*(cy-by)-(by-ay)*(cx-bx) < 0
}

// drawnOn lengthens the ends of a line straight on by some metres, for ends that stop just short of a border.
func drawnOn(line []planar.Point) []planar.Point {
	n := len(line)
	out := make([]planar.Point, 0, n+2)
	out = append(out, beyond(line[1], line[0]))
	out = append(out, line...)
	return append(out, beyond(line[n-2], line[n-1]))
}

func beyond(from, to planar.Point) planar.Point {
	_, lat := to.Degrees()
	metres := 111_320.0 / 1e7 // a lattice step northwards
	shrink := math.Cos(lat * math.Pi / 180)
	dx, dy := float64(int64(to.X)-int64(from.X))*metres*shrink, float64(int64(to.Y)-int64(from.Y))*metres
	k := overshoot / math.Max(math.Hypot(dx, dy), 1e-9)
	return planar.Point{X: to.X + int32(k*dx/metres/shrink), Y: to.Y + int32(k*dy/metres)}
}
