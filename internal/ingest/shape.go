package ingest

import (
	"slices"
	"sort"

	"jingwei/internal/planar"
)

// geometry is what a feature of a file has of each dimension, on the lattice and not yet checked. The rings
// of an area may be open, turned the wrong way or crossing themselves.
type geometry struct {
	points []planar.Point
	lines  [][]planar.Point
	areas  [][]planar.Ring // the shell first, then its holes, as the file says
	mixed  bool            // came as a GeometryCollection
}

// cleanLine drops successive equal points. It gives nil when fewer than two are left.
func cleanLine(points []planar.Point) []planar.Point {
	out := dedupe(points)
	if len(out) < 2 {
		return nil
	}
	return out
}

func dedupe(points []planar.Point) []planar.Point {
	out := make([]planar.Point, 0, len(points))
	for _, p := range points {
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}

// cleanRing drops the closing point, successive equal points and spikes (there and straight back). What
// has no extent left gives nil.
func cleanRing(ring planar.Ring) (out planar.Ring, changed bool) {
	out = dedupe(ring)
	if n := len(out); n > 1 && out[0] == out[n-1] {
		out = out[:n-1]
	}
	closed := len(out)
	for again := true; again; {
		again = false
		for i := 0; i < len(out) && len(out) >= 3; i++ {
			n := len(out)
			a, b, c := out[(i+n-1)%n], out[i], out[(i+1)%n]
			if a == c || orient(a, b, c) == 0 && !between(a, b, c) {
				out = dedupe(append(out[:i:i], out[i+1:]...))
				for len(out) > 1 && out[0] == out[len(out)-1] {
					out = out[:len(out)-1]
				}
				again = true
				break
			}
		}
	}
	if len(out) < 3 || len(out) > 1<<24 {
		return nil, true
	}
	return out, len(out) != closed
}

// between says that b, on the line through a and c, lies between them.
func between(a, b, c planar.Point) bool {
	dot := diff(b.X, a.X)*diff(c.X, b.X) + diff(b.Y, a.Y)*diff(c.Y, b.Y)
	return dot >= 0
}

func diff(a, b int32) int64 { return int64(a) - int64(b) }

// orient is the sign of the turn a, b, c: +1 to the left, −1 to the right, 0 straight.
func orient(a, b, c planar.Point) int {
	v := diff(b.X, a.X)*diff(c.Y, a.Y) - diff(b.Y, a.Y)*diff(c.X, a.X)
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// repair is what makeArea had to do.
type repair uint8

const (
	repairedSpike    repair = 1 << iota // a spike or a degenerate ring dropped
	repairedTurn                        // a ring turned round
	repairedCrossing                    // self-crossing, overlapping or badly nested rings made valid
)

// makeArea makes valid polygons, shells counter-clockwise and holes clockwise, each ring beginning at its
// least vertex, of the rings of one area. It gives nil when nothing with an extent is left.
func makeArea(areas [][]planar.Ring) (out []planar.Polygon, did repair) {
	simple := true
	for _, rings := range areas {
		var p planar.Polygon
		for i, ring := range rings {
			wrong := ring.Area2() > 0 != (i == 0)
			r, changed := cleanRing(ring)
			if changed {
				did |= repairedSpike
			}
			if r == nil || r.Area2() == 0 && len(r) < 4 {
				if i == 0 {
					break
				}
				continue
			}
			if wrong {
				did |= repairedTurn
				r.Reverse()
			}
			p = append(p, r)
		}
		if len(p) == 0 {
			continue
		}
		simple = simple && nested(p)
		out = append(out, p)
	}
	canonical(out)
	if !simple || !simpleRings(out) || !apart(out) {
		valid := makeValid(out)
		canonical(valid)
		if !slices.EqualFunc(out, valid, samePolygon) { // else its rings only touch in points, as they may
			did = did&^repairedTurn | repairedCrossing // which way a crossing ring runs means nothing
		}
		out = valid
	}
	return out, did
}

func samePolygon(p, q planar.Polygon) bool {
	return slices.EqualFunc(p, q, func(a, b planar.Ring) bool { return slices.Equal(a, b) })
}

// makeValid reads the rings by the even-odd rule.
func makeValid(polygons []planar.Polygon) []planar.Polygon {
	var rings []planar.Ring
	for _, p := range polygons {
		rings = append(rings, p...)
	}
	valid, err := planar.MakeValid(rings)
	if err != nil {
		return nil
	}
	return valid
}

// nested says that every hole lies in the shell and in no other hole; that no rings cross is known or
// checked elsewhere.
func nested(p planar.Polygon) bool {
	for i, hole := range p[1:] {
		if !ringInside(hole, p[0]) {
			return false
		}
		for j, other := range p[1:] {
			if i != j && ringInside(hole, other) {
				return false
			}
		}
	}
	return true
}

// apart says that no part's shell lies in another part's ground, given that no edges cross.
func apart(parts []planar.Polygon) bool {
	for i, p := range parts {
		for j, q := range parts {
			if i == j || !ringInside(p[0], q[0]) {
				continue
			}
			inHole := false
			for _, hole := range q[1:] {
				inHole = inHole || ringInside(p[0], hole)
			}
			if !inHole {
				return false
			}
		}
	}
	return true
}

// ringInside says that inner lies in outer, for rings that don't cross: by the first vertex of inner that
// isn't on outer's line.
func ringInside(inner, outer planar.Ring) bool {
	for _, v := range inner {
		switch sideOf(v, outer) {
		case 1:
			return true
		case -1:
			return false
		}
	}
	return false // the same ring, or one strung along the other: not a clean nesting
}

// sideOf gives +1 for a point inside the ring, 0 on its line, −1 outside.
func sideOf(p planar.Point, ring planar.Ring) int {
	in := false
	for i := range ring {
		a, b := ring[i], ring[(i+1)%len(ring)]
		if onSegment(p, a, b) {
			return 0
		}
		if (a.Y > p.Y) != (b.Y > p.Y) {
			side := orient(a, b, p)
			if (b.Y > a.Y) == (side > 0) {
				in = !in
			}
		}
	}
	if in {
		return 1
	}
	return -1
}

func onSegment(p, a, b planar.Point) bool {
	return p.X >= min(a.X, b.X) && p.X <= max(a.X, b.X) && p.Y >= min(a.Y, b.Y) && p.Y <= max(a.Y, b.Y) &&
		orient(a, b, p) == 0
}

// segment is an edge of a ring, with where it stands, for the sweep.
type segment struct {
	a, b       planar.Point
	ring, edge int
	last       int // number of edges of its ring
}

// simpleRings says that no two edges meet but neighbours in their common vertex: a sweep over x. A ring
// that touches itself or another in a point counts as not simple, so that one rule (even-odd) reads it; makeArea sees whether that changed anything.
func simpleRings(polygons []planar.Polygon) bool {
	var all []segment
	n := 0
	for _, p := range polygons {
		for _, r := range p {
			for i := range r {
				all = append(all, segment{r[i], r[(i+1)%len(r)], n, i, len(r)})
			}
			n++
		}
	}
	sort.Slice(all, func(i, j int) bool { return min(all[i].a.X, all[i].b.X) < min(all[j].a.X, all[j].b.X) })
	for i, s := range all {
		right := max(s.a.X, s.b.X)
		for _, t := range all[i+1:] {
			if min(t.a.X, t.b.X) > right {
				break
			}
			if max(s.a.Y, s.b.Y) < min(t.a.Y, t.b.Y) || max(t.a.Y, t.b.Y) < min(s.a.Y, s.b.Y) {
				continue
			}
			if !neighbours(s, t) && meet(s.a, s.b, t.a, t.b) {
				return false
			}
		}
	}
	return true
}

// neighbours says that two edges follow each other in one ring; spikes being gone they meet in one point.
func neighbours(s, t segment) bool {
	if s.ring != t.ring {
		return false
	}
	d := s.edge - t.edge
	return d == 1 || d == -1 || d == s.last-1 || d == 1-s.last
}

// meet says that two segments have a point in common.
func meet(a, b, c, d planar.Point) bool {
	o1, o2, o3, o4 := orient(a, b, c), orient(a, b, d), orient(c, d, a), orient(c, d, b)
	if o1 != o2 && o3 != o4 {
		return true
	}
	return onSegment(c, a, b) || onSegment(d, a, b) || onSegment(a, c, d) || onSegment(b, c, d)
}

// canonical lets every ring begin at its least vertex, and orders holes and parts by theirs, so that the
// same ground is the same bytes whoever wrote it.
func canonical(parts []planar.Polygon) {
	for _, p := range parts {
		for i, r := range p {
			p[i] = rotate(r)
		}
		slices.SortFunc(p[1:], compareRings)
	}
	slices.SortFunc(parts, func(p, q planar.Polygon) int { return compareRings(p[0], q[0]) })
}

func compareRings(a, b planar.Ring) int { return slices.CompareFunc(a, b, planar.Point.Compare) }

func rotate(r planar.Ring) planar.Ring {
	least := 0
	for i := range r {
		if less(r[i], r[least]) {
			least = i
		}
	}
	return append(append(planar.Ring(nil), r[least:]...), r[:least]...)
}

func less(p, q planar.Point) bool { return p.X < q.X || p.X == q.X && p.Y < q.Y }
