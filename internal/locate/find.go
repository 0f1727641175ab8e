package locate

import (
	"math/bits"

	"jingwei/internal/planar"
)

// At gives the block and the grid at a point; false when it lies outside of all. A point on a border belongs to exactly one block, always the
// same: the one above it and a trifle to the right, or, where nothing is there, the one on the other side of the border.
func (x *Index) At(p planar.Point) (Place, bool) {
	f := x.face(p)
	return x.places[f], f != 0
}

func (x *Index) face(p planar.Point) int32 {
	dx, dy, shift := int64(p.X)-x.top.x0, int64(p.Y)-x.top.y0, x.top.shift
	if dx < 0 || dy < 0 || dx>>shift >= x.top.cols || dy>>shift >= x.top.rows {
		return 0
	}
	at := x.cells[dy>>shift*x.top.cols+dx>>shift]
	for at&kind == divided {
		at = x.inner(at, dx, dy, &shift)
	}
	if at&kind == listed {
		return x.within(int(at&^kind), p, x.top.x0+dx>>shift<<shift, x.top.y0+dy>>shift<<shift)
	}
	return int32(at)
}

// inner gives the cell within a divided one that a place lies in, dx and dy steps from the ground's corner, and makes shift its width.
func (x *Index) inner(at cell, dx, dy int64, shift *uint8) cell {
	k := uint8(at >> fineness & 15)
	*shift -= k
	mask := int64(1)<<k - 1
	return x.cells[int64(at&(most-1))+dy>>*shift&mask<<k+dx>>*shift&mask]
}

// within finds the face of a point in a cell with edges, whose list begins at i and whose lowest lattice point is given.
func (x *Index) within(i int, p planar.Point, left, bottom int64) int32 {
	list := x.lists[i+2 : i+2+int(x.lists[i])*edgeInts]
	f, found := below(list, p, bottom)
	if !found {
		f = fromCorner(list, p, x.lists[i+1], left, bottom)
	}
	if f == 0 {
		f = touching(list, p)
	}
	return f
}

// below gives the face above the highest edge that lies under the point (or holds it), and above the lower side of a cell, which is half a
// step under bottom.
func below(list []int32, p planar.Point, bottom int64) (face int32, found bool) {
	px, py := int64(p.X), int64(p.Y)
	var best edge
	var drop, over int64 // the point is drop/over steps above the best
	for i := 0; i+edgeInts <= len(list); i += edgeInts {
		if p.X < list[i] || p.X >= list[i+1] {
			continue
		}
		e := edgeAt(list, i)
		w := int64(e.bx) - int64(e.ax)
		above := w*(py-int64(e.ay)) - (int64(e.by)-int64(e.ay))*(px-int64(e.ax))
		if above < 0 || 2*above > (2*(py-bottom)+1)*w {
			continue
		}
		if !found || nearer(above, w, drop, over, &e, &best) {
			best, drop, over, found = e, above, w, true
		}
	}
	return best.left, found
}

// nearer says whether the edge e, above/w steps below, is nearer than the best so far. Two that meet at the point's own longitude begin there,
// and the steeper one is nearer just to the right.
func nearer(above, w, drop, over int64, e, best *edge) bool {
	switch compareProducts(above, over, drop, w) {
	case -1:
		return true
	case 0:
		return (int64(e.by)-int64(e.ay))*over > (int64(best.by)-int64(best.ay))*w
	}
	return false
}

// fromCorner gives the face on the lower side of a cell straight below a point: that of the corner, or what is on the east of the last
// edge that crosses the side between the corner and there.
func fromCorner(list []int32, p planar.Point, face int32, left, bottom int64) int32 {
	var best edge
	found := false
	for i := 0; i+edgeInts <= len(list); i += edgeInts {
		if int64(min(list[i+2], list[i+3])) >= bottom || int64(max(list[i+2], list[i+3])) < bottom {
			continue
		}
		e := edgeAt(list, i)
		if e.side(left, bottom, 1) <= 0 || e.side(int64(p.X), bottom, 0) > 0 {
			continue // it crosses before the corner, or behind the point
		}
		if !found || compareCrossings(&best, &e, bottom) < 0 {
			best, found = e, true
			face = e.right
			if e.by < e.ay {
				face = e.left
			}
		}
	}
	return face
}

// belowCorner is below for the corner of a cell, half a step left of px and below py: the face just east of it, above the highest edge between
// there and half a step below bottom.
func belowCorner(edges []edge, px, py, bottom int64) (face int32, found bool) {
	var best *edge
	var drop, over int64
	for i := range edges {
		e := &edges[i]
		if px <= int64(e.ax) || px > int64(e.bx) {
			continue
		}
		w, rise := int64(e.bx)-int64(e.ax), int64(e.by)-int64(e.ay)
		above := w*(2*(py-int64(e.ay))-1) - rise*(2*(px-int64(e.ax))-1)
		if above < 0 || above == 0 && rise > 0 || above > 2*(py-bottom)*w {
			continue
		}
		if best == nil || compareProducts(above, over, drop, w) < 0 {
			best, drop, over = e, above, w
		}
	}
	if best == nil {
		return 0, false
	}
	return best.left, true
}

// side says on which side of an edge that rises or falls a place lies which is half a step below y, and half·½ step left of px: positive
// when the edge is on its east.
func (e *edge) side(px, y, half int64) int64 {
	d := (int64(e.bx)-int64(e.ax))*(2*(y-int64(e.ay))-1) - (int64(e.by)-int64(e.ay))*(2*(px-int64(e.ax))-half)
	if e.by < e.ay {
		return -d
	}
	return d
}

// compareCrossings says which of two edges crosses the line half a step below y farther west: −1 for the first.
func compareCrossings(a, b *edge, y int64) int {
	// ax + dx·n/(2·dy), with n = 2(y − ay) − 1; measured from a common place to keep the numbers small.
	adx, ady, bdx, bdy := int64(a.bx)-int64(a.ax), int64(a.by)-int64(a.ay), int64(b.bx)-int64(b.ax), int64(b.by)-int64(b.ay)
	an, bn := 2*(y-int64(a.ay))-1, 2*(y-int64(b.ay))-1
	if ady < 0 {
		ady, an = -ady, -an
	}
	if bdy < 0 {
		bdy, bn = -bdy, -bn
	}
	apart := 2 * (int64(a.ax) - int64(b.ax))
	return compareProducts(apart*ady+adx*an, bdy, bdx*bn, ady)
}

// compareProducts compares a·b with c·d, in 128 bits; b and d aren't negative.
func compareProducts(a, b, c, d int64) int {
	if (a < 0) != (c < 0) {
		if a < 0 {
			return -1
		}
		return 1
	}
	sign := 1
	if a < 0 {
		a, c, sign = -a, -c, -1
	}
	ah, al := bits.Mul64(uint64(a), uint64(b))
	ch, cl := bits.Mul64(uint64(c), uint64(d))
	switch {
	case ah < ch || ah == ch && al < cl:
		return -sign
	case ah > ch || al > cl:
		return sign
	}
	return 0
}

// touching gives a face at an edge that the point lies on, 0 when there is none: the ground's own border belongs to it.
func touching(list []int32, p planar.Point) int32 {
	px, py := int64(p.X), int64(p.Y)
	for i := 0; i+edgeInts <= len(list); i += edgeInts {
		e := edgeAt(list, i)
		if p.X < e.ax || p.X > e.bx || p.Y < min(e.ay, e.by) || p.Y > max(e.ay, e.by) {
			continue
		}
		if (int64(e.bx)-int64(e.ax))*(py-int64(e.ay)) == (int64(e.by)-int64(e.ay))*(px-int64(e.ax)) {
			if e.left != 0 {
				return e.left
			}
			if e.right != 0 {
				return e.right
			}
		}
	}
	return 0
}
