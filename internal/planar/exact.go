package planar

import (
	"cmp"
	"fmt"
	"math/bits"
)

// MaxSpan is the widest extent, in steps, that an operation takes: 2^29 steps, 53 degrees, wider than any
// province. Within it every predicate fits int64, or 128 bits where two products are multiplied.
const MaxSpan = 1 << 29

// SpanError says that the input is wider than MaxSpan: most likely a coordinate that isn't a position.
type SpanError struct{ Min, Max Point }

func (e *SpanError) Error() string {
	return fmt.Sprintf("planar: points from %v to %v span more than %d steps; look for a coordinate that is no position", e.Min, e.Max, MaxSpan)
}

// Compare orders points by X, then by Y.
func (p Point) Compare(q Point) int {
	if p.X != q.X {
		return cmp.Compare(p.X, q.X)
	}
	return cmp.Compare(p.Y, q.Y)
}

// Less says whether p comes before q: further west, or as far west and further south.
func (p Point) Less(q Point) bool { return p.X < q.X || p.X == q.X && p.Y < q.Y }

// key packs the point into a number that sorts as Compare does.
func (p Point) key() uint64 {
	return uint64(uint32(p.X)^1<<31)<<32 | uint64(uint32(p.Y)^1<<31)
}

// cross is twice the signed area of the triangle abc: positive when c lies left of a→b.
func cross(a, b, c Point) int64 {
	return (int64(b.X)-int64(a.X))*(int64(c.Y)-int64(a.Y)) - (int64(b.Y)-int64(a.Y))*(int64(c.X)-int64(a.X))
}

func sign(v int64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

func abs64(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

// inBox says whether p lies in the closed box that a and b span.
func inBox(a, b, p Point) bool {
	return min(a.X, b.X) <= p.X && p.X <= max(a.X, b.X) && min(a.Y, b.Y) <= p.Y && p.Y <= max(a.Y, b.Y)
}

// onSegment says whether p lies on the closed segment ab.
func onSegment(a, b, p Point) bool { return inBox(a, b, p) && cross(a, b, p) == 0 }

// hitsPixel says whether the segment a→b (a before b) passes through the hot pixel of p: the square of one step
// around p, with its left and lower side and their common corner, without the others. p itself must not be an end of ab.
//
// A line of direction (dx, dy) meets the open square when its distance from the centre, times the
// direction's length, is under (|dx|+|dy|)/2. At exactly that it touches one corner, and only the lower left counts.
func hitsPixel(a, b, p Point) bool {
	if !inBox(a, b, p) {
		return false
	}
	dx, dy := int64(b.X)-int64(a.X), int64(b.Y)-int64(a.Y)
	c := 2 * (dx*(int64(p.Y)-int64(a.Y)) - dy*(int64(p.X)-int64(a.X)))
	reach := dx + abs64(dy)
	return abs64(c) < reach || c == reach && dx > 0 && dy < 0
}

// crossing gives the lattice point whose hot pixel holds the crossing of ab and cd, and whether they cross
// at all in the inside of both. Segments that only touch don't: the point of touch is an end already.
func crossing(a, b, c, d Point) (Point, bool) {
	c1, c2 := cross(a, b, c), cross(a, b, d)
	if c1 == 0 || c2 == 0 || (c1 > 0) == (c2 > 0) {
		return Point{}, false
	}
	d1, d2 := cross(c, d, a), cross(c, d, b)
	if d1 == 0 || d2 == 0 || (d1 > 0) == (d2 > 0) {
		return Point{}, false
	}
	num := uint64(abs64(c1))
	den := num + uint64(abs64(c2))
	return Point{along(c.X, d.X, num, den), along(c.Y, d.Y, num, den)}, true
}

// along rounds from + (to-from)·num/den to the nearest integer, halves up, 0 ≤ num ≤ den.
func along(from, to int32, num, den uint64) int32 {
	delta := int64(to) - int64(from)
	hi, lo := bits.Mul64(uint64(abs64(delta)), num)
	q, r := bits.Div64(hi, lo, den)
	if delta >= 0 {
		if 2*r >= den {
			q++
		}
		return from + int32(q)
	}
	if 2*r > den {
		q++
	}
	return from - int32(q)
}

// box is a closed rectangle of lattice points.
type box struct{ x0, y0, x1, y1 int32 }

func boxOf(p Point) box { return box{p.X, p.Y, p.X, p.Y} }

func (b *box) add(p Point) {
	b.x0, b.y0 = min(b.x0, p.X), min(b.y0, p.Y)
	b.x1, b.y1 = max(b.x1, p.X), max(b.y1, p.Y)
}

func (b box) width() int64  { return int64(b.x1) - int64(b.x0) }
func (b box) height() int64 { return int64(b.y1) - int64(b.y0) }

func (b box) check() error {
	if b.width() > MaxSpan || b.height() > MaxSpan {
		return &SpanError{Point{b.x0, b.y0}, Point{b.x1, b.y1}}
	}
	return nil
}

// meets says whether the closed segment p→q (p before q) meets the box grown by margin steps.
func (b box) meets(p, q Point, margin int64) bool {
	x0, y0 := int64(b.x0)-margin, int64(b.y0)-margin
	x1, y1 := int64(b.x1)+margin, int64(b.y1)+margin
	px, py, qx, qy := int64(p.X), int64(p.Y), int64(q.X), int64(q.Y)
	if qx < x0 || px > x1 {
		return false
	}
	dx, dy := qx-px, qy-py
	switch {
	case dy > 0:
		if qy < y0 || py > y1 {
			return false
		}
		return dx*(y1-py)-dy*(x0-px) >= 0 && dx*(y0-py)-dy*(x1-px) <= 0
	case dy < 0:
		if py < y0 || qy > y1 {
			return false
		}
		return dx*(y1-py)-dy*(x1-px) >= 0 && dx*(y0-py)-dy*(x0-px) <= 0
	}
	return py >= y0 && py <= y1
}
