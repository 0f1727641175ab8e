package ground

import (
	"math"
	"math/bits"
)

// site is a position that a triangulation is made of, in whole steps of a frame.
type site struct{ x, y int64 }

// triangle holds its corners counter-clockwise; next[i] is the triangle across the edge facing corner i,
// -1 where there is none.
type triangle struct {
	corner [3]int32
	next   [3]int32
}

// triangulation is a Delaunay triangulation that grows a site at a time (Bowyer 1981, Watson 1981). Its
// predicates are exact on integers, so it can't get stuck on sites in a line or on a circle. The first four
// sites are the corners of a square so large that they don't disturb what happens inside.
type triangulation struct {
	sites     []site
	triangles []triangle
	last      int32 // where the next search starts

	cavity, free []int32
	rim          []rimEdge
	inCavity     []bool
	spoke        []int32 // by corner: the new triangle whose rim edge starts there
}

type rimEdge struct{ from, to, outside int32 }

// corners is how many of a triangulation's sites are those of the surrounding square.
const corners = 4

// newTriangulation makes an empty one for sites whose coordinates lie within reach steps of the origin.
// reach may be at most 2^24.
func newTriangulation(reach int64, expected int) *triangulation {
	r := reach*8 + 16
	t := &triangulation{sites: make([]site, 0, expected+corners)}
	t.sites = append(t.sites, site{-r, -r}, site{r, -r}, site{r, r}, site{-r, r})
	t.triangles = append(t.triangles,
		triangle{corner: [3]int32{0, 1, 2}, next: [3]int32{-1, 1, -1}},
		triangle{corner: [3]int32{0, 2, 3}, next: [3]int32{-1, -1, 0}})
	t.inCavity = make([]bool, 2)
	t.spoke = make([]int32, corners)
	return t
}

// insert adds a site and returns its index, or the index of the site that is there already.
func (t *triangulation) insert(s site) (index int32, added bool) {
	start := t.find(s)
	for _, c := range t.triangles[start].corner {
		if t.sites[c] == s {
			return c, false
		}
	}
	t.hollow(start, s)
	t.collectRim()
	index = int32(len(t.sites))
	t.sites = append(t.sites, s)
	t.spoke = append(t.spoke, -1)
	t.fill(index)
	return index, true
}

// find walks to the triangle that holds s.
func (t *triangulation) find(s site) int32 {
	at := t.last
walk:
	for {
		tr := &t.triangles[at]
		for i := range 3 {
			a, b := tr.corner[(i+1)%3], tr.corner[(i+2)%3]
			if tr.next[i] >= 0 && turn(t.sites[a], t.sites[b], s) < 0 {
				at = tr.next[i]
				continue walk
			}
		}
		t.last = at
		return at
	}
}

// hollow collects the triangles whose circle holds s: they are connected and contain start.
func (t *triangulation) hollow(start int32, s site) {
	t.cavity = append(t.cavity[:0], start)
	t.inCavity[start] = true
	for i := 0; i < len(t.cavity); i++ {
		for _, n := range t.triangles[t.cavity[i]].next {
			if n >= 0 && !t.inCavity[n] && t.circleHolds(n, s) {
				t.inCavity[n] = true
				t.cavity = append(t.cavity, n)
			}
		}
	}
}

func (t *triangulation) collectRim() {
	t.rim = t.rim[:0]
	for _, c := range t.cavity {
		tr := &t.triangles[c]
		for i, n := range tr.next {
			if n < 0 || !t.inCavity[n] {
				t.rim = append(t.rim, rimEdge{tr.corner[(i+1)%3], tr.corner[(i+2)%3], n})
			}
		}
	}
}

// fill joins the rim of the cavity to the new site.
func (t *triangulation) fill(index int32) {
	t.free = append(t.free, t.cavity...)
	for _, c := range t.cavity {
		t.inCavity[c] = false
	}
	for _, e := range t.rim {
		at := t.slot()
		t.triangles[at] = triangle{corner: [3]int32{index, e.from, e.to}, next: [3]int32{e.outside, -1, -1}}
		t.spoke[e.from] = at
		if e.outside >= 0 {
			out := &t.triangles[e.outside]
			for i := range 3 {
				if out.corner[(i+1)%3] == e.to && out.corner[(i+2)%3] == e.from {
					out.next[i] = at
				}
			}
		}
		t.last = at
	}
	for _, e := range t.rim {
		here, after := t.spoke[e.from], t.spoke[e.to]
		t.triangles[here].next[1] = after // facing corner e.from: the edge from e.to to the new site
		t.triangles[after].next[2] = here
	}
}

func (t *triangulation) slot() int32 {
	if n := len(t.free); n > 0 {
		at := t.free[n-1]
		t.free = t.free[:n-1]
		return at
	}
	t.triangles = append(t.triangles, triangle{})
	t.inCavity = append(t.inCavity, false)
	return int32(len(t.triangles) - 1)
}

// nearest gives the site nearest to s: it is a corner of one of the triangles whose circle holds s. It is
// -1 when there are no sites but the surrounding square's.
func (t *triangulation) nearest(s site) int32 {
	t.hollow(t.find(s), s)
	best, least := int32(-1), int64(math.MaxInt64)
	for _, c := range t.cavity {
		t.inCavity[c] = false
		for _, v := range t.triangles[c].corner {
			if v < corners {
				continue
			}
			dx, dy := t.sites[v].x-s.x, t.sites[v].y-s.y
			if d := dx*dx + dy*dy; d < least || d == least && v < best {
				best, least = v, d
			}
		}
	}
	return best
}

// turn is positive when a, b, c turn left.
func turn(a, b, c site) int64 {
	return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x)
}

// circleHolds says whether s lies strictly inside the circle through the triangle's corners. It decides in
// floating point when the result is far enough from zero, and in 128-bit integers when it isn't.
func (t *triangulation) circleHolds(at int32, s site) bool {
	tr := &t.triangles[at]
	a, b, c := t.sites[tr.corner[0]], t.sites[tr.corner[1]], t.sites[tr.corner[2]]
	ax, ay, bx, by, cx, cy := a.x-s.x, a.y-s.y, b.x-s.x, b.y-s.y, c.x-s.x, c.y-s.y
	la, lb, lc := ax*ax+ay*ay, bx*bx+by*by, cx*cx+cy*cy
	bc, ca, ab := bx*cy-by*cx, cx*ay-cy*ax, ax*by-ay*bx
	ta, tb, tc := float64(la)*float64(bc), float64(lb)*float64(ca), float64(lc)*float64(ab)
	det := ta + tb + tc
	if bound := 1e-15 * 16 * (math.Abs(ta) + math.Abs(tb) + math.Abs(tc)); math.Abs(det) > bound {
		return det > 0
	}
	return productSum(la, bc, lb, ca, lc, ab) > 0
}

// productSum is the sign of a·b + c·d + e·f, computed in 128 bits.
func productSum(a, b, c, d, e, f int64) int {
	var hi, lo uint64
	for _, pair := range [3][2]int64{{a, b}, {c, d}, {e, f}} {
		h, l := signedProduct(pair[0], pair[1])
		var carry uint64
		lo, carry = bits.Add64(lo, l, 0)
		hi, _ = bits.Add64(hi, h, carry)
	}
	switch {
	case int64(hi) < 0:
		return -1
	case hi == 0 && lo == 0:
		return 0
	}
	return 1
}

// signedProduct is a·b as a 128-bit number in two's complement.
func signedProduct(a, b int64) (hi, lo uint64) {
	hi, lo = bits.Mul64(uint64(a), uint64(b))
	if a < 0 {
		hi -= uint64(b)
	}
	if b < 0 {
		hi -= uint64(a)
	}
	return hi, lo
}

// centre is the middle of the triangle's circle and its radius, in steps.
func (t *triangulation) centre(at int32) (spot, float64) {
	tr := &t.triangles[at]
	a, b, c := t.sites[tr.corner[0]], t.sites[tr.corner[1]], t.sites[tr.corner[2]]
	bx, by := float64(b.x-a.x), float64(b.y-a.y)
	cx, cy := float64(c.x-a.x), float64(c.y-a.y)
	d := 2 * (bx*cy - by*cx)
	if d == 0 {
		return spot{float64(a.x), float64(a.y)}, 0
	}
	lb, lc := bx*bx+by*by, cx*cx+cy*cy
	ux, uy := (cy*lb-by*lc)/d, (bx*lc-cx*lb)/d
	return spot{float64(a.x) + ux, float64(a.y) + uy}, math.Hypot(ux, uy)
}
