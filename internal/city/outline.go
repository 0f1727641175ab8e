package city

import (
	"jingwei/internal/planar"
	"math"
	"slices"
)

// outline dissolves wards into one polygon, on the lattice: an edge that two of them share goes both ways
// and cancels out.
func (p *plan) outline(g globe, wards []int) planar.Polygon {
	type edge struct{ a, b planar.Point }
	open := map[edge]bool{}
	var order []edge
	for _, w := range wards {
		ring := lattice(g, p.net.ring(p.wards[w].rect), true)
		for i, a := range ring {
			e := edge{a, ring[(i+1)%len(ring)]}
			if back := (edge{e.b, e.a}); open[back] {
				delete(open, back)
			} else {
				open[e] = true
				order = append(order, e)
			}
		}
	}
	from := map[planar.Point][]planar.Point{}
	for _, e := range order {
		if open[e] {
			from[e.a] = append(from[e.a], e.b)
		}
	}
	var rings planar.Polygon
	for _, e := range order {
		if !open[e] {
			continue
		}
		ring := planar.Ring{e.a}
		for {
			delete(open, e)
			if e.b == ring[0] {
				break
			}
			ring = append(ring, e.b)
			// Where a hole touches the border in a point, the sharpest turn to the right keeps them apart
			// (the wards hang together by their sides, so what is cut off there is always a hole).
			best, turn := planar.Point{}, math.Inf(1)
			for _, q := range from[e.b] {
				if open[edge{e.b, q}] {
					if t := turning(e.a, e.b, q); t < turn {
						best, turn = q, t
					}
				}
			}
			e = edge{e.b, best}
		}
		rings = append(rings, ring)
	}
	slices.SortStableFunc(rings, func(a, b planar.Ring) int { // the shell first
		return int(b.Area2()>>40 - a.Area2()>>40)
	})
	return rings
}

// turning is the angle by which a-b-c turns to the left.
func turning(a, b, c planar.Point) float64 {
	ux, uy, wx, wy := float64(b.X-a.X), float64(b.Y-a.Y), float64(c.X-b.X), float64(c.Y-b.Y)
	return math.Atan2(ux*wy-uy*wx, ux*wx+uy*wy)
}

// lattice rounds a line, dropping a point that falls on the one before.
func lattice(g globe, line []vec, closed bool) planar.Ring {
	out := make(planar.Ring, 0, len(line))
	for _, q := range line {
		if k := g.point(q); len(out) == 0 || out[len(out)-1] != k {
			out = append(out, k)
		}
	}
	for closed && len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	return out
}
