package planar

import "slices"

// Polygons reads a face off as polygons in the sense of the OGC: shells counter-clockwise, holes clockwise,
// no ring touching itself, the interior of each polygon connected. There are several only if the face has several
// parts (or parts that touch in points). Rings start at their least vertex, so that a face's polygons depend on its ground alone.
func (c *Coverage) Polygons(face int32) []Polygon {
	var polygons []Polygon
	var free []Ring
	for _, w := range c.Faces[face].Walks {
		var shell Ring
		var holes []Ring
		for _, r := range c.simpleRings(w) {
			if r.Area2() > 0 {
				shell = r
			} else {
				holes = append(holes, r)
			}
		}
		if shell == nil {
			free = append(free, holes...)
			continue
		}
		polygons = append(polygons, append(Polygon{shell}, holes...))
	}
	for _, h := range free {
		if i := holder(polygons, h); i >= 0 {
			polygons[i] = append(polygons[i], h)
		}
	}
	for _, p := range polygons {
		slices.SortFunc(p[1:], func(a, b Ring) int { return compareRings(a, b) })
	}
	slices.SortFunc(polygons, func(a, b Polygon) int { return compareRings(a[0], b[0]) })
	return polygons
}

func compareRings(a, b Ring) int {
	if d := a[0].Compare(b[0]); d != 0 {
		return d
	}
	return slices.CompareFunc(a, b, Point.Compare)
}

// holder is the index of the smallest shell around the hole.
func holder(polygons []Polygon, hole Ring) int {
	if len(polygons) == 1 {
		return 0
	}
	best, bestArea := -1, int64(0)
	for i, p := range polygons {
		if area := p[0].Area2(); (best < 0 || area < bestArea) && p[0].encloses(hole) {
			best, bestArea = i, area
		}
	}
	return best
}

// simpleRings takes a walk apart where it comes to a vertex again. Within one walk exactly one ring is
// counter-clockwise when it bounds the face from outside, none when it lies within.
func (c *Coverage) simpleRings(walk []Ref) []Ring {
	var rings []Ring
	stack := make([]Ref, 0, len(walk))
	var seen map[int32]int // node → position in the stack, for long walks
	if len(walk) > 24 {
		seen = make(map[int32]int, len(walk))
	}
	for _, r := range walk {
		if seen != nil {
			seen[c.start(r)] = len(stack)
		}
		stack = append(stack, r)
		at := position(c, seen, stack, c.end(r))
		if at < 0 {
			continue
		}
		rings = append(rings, c.ring(stack[at:]))
		if seen != nil {
			for _, r := range stack[at:] {
				delete(seen, c.start(r))
			}
		}
		stack = stack[:at]
	}
	return rings
}

func position(c *Coverage, seen map[int32]int, stack []Ref, node int32) int {
	if seen != nil {
		if i, ok := seen[node]; ok {
			return i
		}
		return -1
	}
	for i := len(stack) - 1; i >= 0; i-- {
		if c.start(stack[i]) == node {
			return i
		}
	}
	return -1
}

// ring makes a ring of refs that close, starting at its least vertex.
func (c *Coverage) ring(refs []Ref) Ring {
	n := 0
	for _, r := range refs {
		n += len(c.Arcs[r.Arc()].Points) - 1
	}
	points := make([]Point, 0, n)
	for _, r := range refs {
		points = c.appendPoints(points, r)
	}
	return Ring(points).fromLeast()
}

// fromLeast rotates the ring in place so that it starts at its least vertex.
func (r Ring) fromLeast() Ring {
	least := 0
	for i := range r {
		if r[i].Less(r[least]) {
			least = i
		}
	}
	if least > 0 {
		slices.Reverse(r[:least])
		slices.Reverse(r[least:])
		slices.Reverse(r)
	}
	return r
}
