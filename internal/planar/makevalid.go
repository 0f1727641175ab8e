package planar

import (
	"context"
	"slices"
)

// MakeValid makes valid polygons with disjoint insides of rings of any kind: such that cross themselves or
// each other, run the wrong way, hold a vertex twice or have no area. What is inside is decided by the even-odd rule: a
// place is inside when a ray from it crosses the rings an odd number of times. So a ring within a ring is a hole
// whichever way it runs, a figure of eight becomes two polygons, and a ring given twice is gone. Nothing is left of what
// has no area. Where rings cross, vertices are added, and edges move as in Node.
//
// The rings must not span more than MaxSpan: *SpanError.
func MakeValid(rings []Ring) ([]Polygon, error) {
	segments := segmentsOf(Lines([]Polygon{rings}, 0, 0))
	pieces, err := snap(context.Background(), segments)
	if err != nil {
		return nil, err
	}
	var odd []Edge
	for _, s := range mergePieces(segments, pieces) {
		if s.count%2 == 1 {
			odd = append(odd, Edge{s.a, s.b, 0, 0})
		}
	}
	c, err := Polygonise(odd)
	if err != nil {
		return nil, err
	}
	inside := make([]bool, len(c.Faces))
	c.outward(func(from, face int32, _ *Arc) { inside[face] = from == Outside || !inside[from] })
	var out []Polygon
	for f, in := range inside {
		if in {
			out = append(out, c.Polygons(int32(f))...)
		}
	}
	slices.SortFunc(out, func(p, q Polygon) int { return compareRings(p[0], q[0]) })
	return out, nil
}

// outward goes from Outside through all faces and calls f once for each, with an arc by which it is reached
// and the face, or Outside, on the arc's other side, which comes before it.
func (c *Coverage) outward(f func(from, face int32, by *Arc)) {
	reached := make([]bool, len(c.Faces))
	var queue []int32
	reach := func(from, face int32, by *Arc) {
		if face != Outside && !reached[face] {
			reached[face] = true
			f(from, face, by)
			queue = append(queue, face)
		}
	}
	for i := range c.Arcs {
		switch a := &c.Arcs[i]; {
		case a.Left == Outside:
			reach(Outside, a.Right, a)
		case a.Right == Outside:
			reach(Outside, a.Left, a)
		}
	}
	for len(queue) > 0 {
		face := queue[0]
		queue = queue[1:]
		for _, w := range c.Faces[face].Walks {
			for _, r := range w {
				a := &c.Arcs[r.Arc()]
				if r.Backward() {
					reach(face, a.Left, a)
				} else {
					reach(face, a.Right, a)
				}
			}
		}
	}
}
