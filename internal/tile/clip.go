package tile

import (
	"cmp"
	"math/bits"
	"slices"
)

// frame is a rectangle of pixels, its edges included.
type frame struct{ x0, y0, x1, y1 int32 }

// holds says whether a pixel is the frame's, and so no other's beside it.
func (f frame) holds(p pixel) bool { return f.x0 <= p.x && p.x < f.x1 && f.y0 <= p.y && p.y < f.y1 }

// buffer is how far what a tile shows reaches beyond its edge, in its units: wide enough for an outline's
// width, so that no edge of the tile is drawn as a border.
const buffer = 64

// frameOf is the tile itself, grown by a margin.
func frameOf(a Address, margin int32) frame {
	x, y := int32(a.X)*Extent, int32(a.Y)*Extent
	return frame{x - margin, y - margin, x + Extent + margin, y + Extent + margin}
}

// clipRing gives the part of a ring inside the frame, grown by the buffer, of the tile at own.
//
// Every edge is first cut where it crosses the lines of the tile's own edges, then where it leaves the buffer.
// Where it is cut depends on the edge's two ends alone and not on its direction, so the neighbour on its
// other side is cut in the same points; and not on which tile asks, so the next tile has the same vertex on
// the common edge.
func clipRing(r ring, own, outer frame) ring {
	inside := true
	for _, p := range r {
		if p.x < own.x0 || p.x > own.x1 || p.y < own.y0 || p.y > own.y1 {
			inside = false
			break
		}
	}
	if inside {
		return r.tidy()
	}
	cut := make(ring, 0, len(r)+8)
	for i, a := range r {
		cut = append(cut, a)
		cut = appendCuts(cut, a, r[(i+1)%len(r)], own)
	}
	for side := range 4 {
		if cut = clipSide(cut, outer, side); len(cut) == 0 {
			return nil
		}
	}
	return cut.tidy()
}

// appendCuts adds the points at which the edge ab crosses the four lines through the frame's sides, in order from a to b.
func appendCuts(out ring, a, b pixel, f frame) ring {
	var cuts [4]pixel
	n := 0
	for _, x := range [2]int32{f.x0, f.x1} {
		if (a.x < x) != (b.x < x) && a.x != x && b.x != x {
			cuts[n] = atX(a, b, x)
			n++
		}
	}
	for _, y := range [2]int32{f.y0, f.y1} {
		if (a.y < y) != (b.y < y) && a.y != y && b.y != y {
			cuts[n] = atY(a, b, y)
			n++
		}
	}
	if n == 0 {
		return out
	}
	found := cuts[:n]
	// Along the edge. Two cuts equally far along it, near a corner of the tile, come in an order that turns
	// round with the edge.
	forward := b.x > a.x || b.x == a.x && b.y > a.y
	slices.SortFunc(found, func(p, q pixel) int {
		along := int64(p.x-q.x)*int64(b.x-a.x) + int64(p.y-q.y)*int64(b.y-a.y)
		if along != 0 {
			return cmp.Compare(along, 0)
		}
		if order := cmp.Or(cmp.Compare(p.x, q.x), cmp.Compare(p.y, q.y)); forward {
			return order
		} else {
			return -order
		}
	})
	return append(out, found...)
}

// atX is where the line through a and b has this x, rounded to the nearest unit. It is the same for ab and ba.
func atX(a, b pixel, x int32) pixel {
	if b.x < a.x || b.x == a.x && b.y < a.y {
		a, b = b, a
	}
	return pixel{x, a.y + scale(int64(b.y)-int64(a.y), int64(x)-int64(a.x), int64(b.x)-int64(a.x))}
}

// atY is where the line through a and b has this y.
func atY(a, b pixel, y int32) pixel {
	p := atX(pixel{a.y, a.x}, pixel{b.y, b.x}, y)
	return pixel{p.y, p.x}
}

// scale is v·num/den rounded to the nearest integer, halves away from zero, for 0 ≤ num ≤ den, den > 0.
func scale(v, num, den int64) int32 {
	negative := v < 0
	if negative {
		v = -v
	}
	hi, lo := bits.Mul64(uint64(v), uint64(num))
	q, rest := bits.Div64(hi, lo, uint64(den))
	if 2*rest >= uint64(den) {
		q++
	}
	if negative {
		return -int32(q)
	}
	return int32(q)
}

// clipSide is one step of Sutherland and Hodgman's clipping: the part of the ring on the inner side of one side of the frame.
func clipSide(r ring, f frame, side int) ring {
	in := func(p pixel) bool {
		switch side {
		case 0:
			return p.x >= f.x0
		case 1:
			return p.x <= f.x1
		case 2:
			return p.y >= f.y0
		}
		return p.y <= f.y1
	}
	all := true
	for _, p := range r {
		if !in(p) {
			all = false
			break
		}
	}
	if all {
		return r
	}
	out := make(ring, 0, len(r)+4)
	for i, a := range r {
		b := r[(i+1)%len(r)]
		ina, inb := in(a), in(b)
		if ina {
			out = append(out, a)
		}
		if ina == inb {
			continue
		}
		switch side {
		case 0:
			out = append(out, atX(a, b, f.x0))
		case 1:
			out = append(out, atX(a, b, f.x1))
		case 2:
			out = append(out, atY(a, b, f.y0))
		default:
			out = append(out, atY(a, b, f.y1))
		}
	}
	return out
}

// clipLine gives the pieces of a line inside a frame. A line that lies in it comes back as it is.
func clipLine(l ring, f frame) []ring {
	var out []ring
	var piece ring
	for i := 0; i+1 < len(l); i++ {
		a, b, ok := clipSegment(l[i], l[i+1], f)
		if !ok {
			continue
		}
		if len(piece) > 0 && piece[len(piece)-1] != a {
			out, piece = append(out, piece), nil
		}
		if len(piece) == 0 {
			piece = append(piece, a)
		}
		if b != a {
			piece = append(piece, b)
		}
	}
	if len(piece) > 0 {
		out = append(out, piece)
	}
	return slices.DeleteFunc(out, func(p ring) bool { return len(p) < 2 })
}

// clipSegment cuts a segment to a frame; ok is false when nothing of it lies inside.
func clipSegment(a, b pixel, f frame) (pixel, pixel, bool) {
	for range 4 {
		ca, cb := outcode(a, f), outcode(b, f)
		switch {
		case ca|cb == 0:
			return a, b, true
		case ca&cb != 0:
			return a, b, false
		case ca == 0:
			b = toFrame(a, b, cb, f)
		default:
			a = toFrame(b, a, ca, f)
		}
	}
	return a, b, outcode(a, f)|outcode(b, f) == 0
}

func outcode(p pixel, f frame) (code int) {
	if p.x < f.x0 {
		code |= 1
	}
	if p.x > f.x1 {
		code |= 2
	}
	if p.y < f.y0 {
		code |= 4
	}
	if p.y > f.y1 {
		code |= 8
	}
	return code
}

// toFrame moves the end out of segment in–out to a side of the frame that it lies beyond.
func toFrame(in, out pixel, code int, f frame) pixel {
	switch {
	case code&1 != 0:
		return atX(in, out, f.x0)
	case code&2 != 0:
		return atX(in, out, f.x1)
	case code&4 != 0:
		return atY(in, out, f.y0)
	}
	return atY(in, out, f.y1)
}
