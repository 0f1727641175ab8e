package planar

import (
	"cmp"
	"math"
	"slices"
)

// span is a stretch of a horizontal line inside a polygon.
type span struct{ from, to float64 }

// spans cuts the line at height y out of polygons, widest stretch first. Where y is a vertex' height, the
// line is taken to run a trifle above it.
func spans(polygons []Polygon, y float64) []span {
	var xs []float64
	for _, p := range polygons {
		for _, r := range p {
			for i, j := 0, len(r)-1; i < len(r); j, i = i, i+1 {
				ay, by := float64(r[j].Y), float64(r[i].Y)
				if (ay > y) != (by > y) {
					ax, bx := float64(r[j].X), float64(r[i].X)
					xs = append(xs, ax+(y-ay)*(bx-ax)/(by-ay))
				}
			}
		}
	}
	slices.Sort(xs)
	out := make([]span, 0, len(xs)/2)
	for i := 0; i+1 < len(xs); i += 2 {
		out = append(out, span{xs[i], xs[i+1]})
	}
	slices.SortStableFunc(out, func(s, t span) int { return cmp.Compare(t.to-t.from, s.to-s.from) })
	return out
}

// InteriorPoint gives a place, in steps, that lies inside the largest of the polygons and not on its border, in the middle
// of the widest stretch at half its height. The place is seldom a lattice point. It is 0, 0 for no polygons.
func InteriorPoint(polygons []Polygon) (x, y float64) {
	p := largest(polygons)
	if p == nil {
		return 0, 0
	}
	b := boxOf(p[0][0])
	for _, v := range p[0] {
		b.add(v)
	}
	// No vertex lies at half a step, and some part of the polygon lies at every height between its ends.
	y = float64((int64(b.y0)+int64(b.y1))>>1) + .5
	if y > float64(b.y1) {
		y--
	}
	if s := spans([]Polygon{p}, y); len(s) > 0 {
		return (s[0].from + s[0].to) / 2, y
	}
	return float64(p[0][0].X), float64(p[0][0].Y)
}

func largest(polygons []Polygon) Polygon {
	var best Polygon
	var most int64
	for _, p := range polygons {
		if len(p) == 0 || len(p[0]) == 0 {
			continue
		}
		if area := p[0].Area2(); best == nil || area > most {
			best, most = p, area
		}
	}
	return best
}

// InteriorPoint gives a lattice point strictly inside the face. There is none in a face a step or two
// thin, nor in one without ground: then it says false.
func (c *Coverage) InteriorPoint(face int32) (Point, bool) { return interiorLattice(c.Polygons(face)) }

func interiorLattice(polygons []Polygon) (Point, bool) {
	p := largest(polygons)
	if p == nil {
		return Point{}, false
	}
	b := boxOf(p[0][0])
	for _, v := range p[0] {
		b.add(v)
	}
	// The heights at 1/2, 1/4, 3/4, 1/8 … of the polygon's, and on each the places at 1/2, 1/4 … of each stretch.
	for cuts := int64(2); cuts <= 256 && cuts <= 4*(b.height()+1); cuts *= 2 {
		for k := int64(1); k < cuts; k += 2 {
			y := int32(int64(b.y0) + b.height()*k/cuts)
			for i, s := range spans([]Polygon{p}, float64(y)) {
				if at, ok := p.inStretch(s, y); ok {
					return at, true
				}
				if i == 8 {
					break
				}
			}
		}
	}
	return Point{}, false
}

// inStretch looks for a lattice point strictly inside the polygon along a stretch of a horizontal line.
func (polygon Polygon) inStretch(s span, y int32) (Point, bool) {
	for cuts := 2.; cuts <= 32 && cuts <= 4*(s.to-s.from+1); cuts *= 2 {
		for k := 1.; k < cuts; k += 2 {
			at := Point{int32(math.Floor(s.from + (s.to-s.from)*k/cuts + .5)), y}
			if polygon.side(at) > 0 {
				return at, true
			}
		}
	}
	return Point{}, false
}
