package city

import "math"

// hull is the outline of the built-up ground of a village, a ring for each part: a step where a row is longer
// than the next, some metres off the plots.
func (h *hamlet) hull() [][]vec {
	type span struct{ lo, hi float64 }
	rows := make([]span, len(h.along)-1)
	for j := range rows {
		rows[j] = span{math.Inf(1), math.Inf(-1)}
		v := (h.along[j] + h.along[j+1]) / 2
		for _, y := range h.lots {
			if y.rect.v0 < v && y.rect.v1 > v {
				rows[j] = span{math.Min(rows[j].lo, y.rect.u0), math.Max(rows[j].hi, y.rect.u1)}
			}
		}
	}
	const off = 3.0
	var out [][]vec
	for from := 0; from < len(rows); {
		to := from
		for to < len(rows) && rows[to].lo < rows[to].hi && (to == from ||
			math.Min(rows[to].hi, rows[to-1].hi)-math.Max(rows[to].lo, rows[to-1].lo) > 4*off) {
			to++
		}
		if to == from {
			from++
			continue
		}
		var ring []vec
		for j := from; j < to; j++ {
			v0, v1 := h.stepAt(j, from, to, off), h.stepAt(j+1, from, to, off)
			ring = append(ring, vec{rows[j].hi + off, v0}, vec{rows[j].hi + off, v1})
		}
		for j := to - 1; j >= from; j-- {
			v0, v1 := h.stepAt(j, from, to, off), h.stepAt(j+1, from, to, off)
			ring = append(ring, vec{rows[j].lo - off, v1}, vec{rows[j].lo - off, v0})
		}
		out = append(out, h.drawn(ring))
		from = to
	}
	return out
}

// stepAt is where the outline steps between two rows; at its ends it keeps off the plots.
func (h *hamlet) stepAt(j, from, to int, off float64) float64 {
	switch j {
	case from:
		return h.along[j] - off
	case to:
		return h.along[j] + off*.4
	}
	return h.along[j] + .3*off
}

// drawn is a ring of the plan as it lies, with vertices along its sides.
func (h *hamlet) drawn(ring []vec) []vec {
	var out []vec
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		n := math.Max(1, math.Round(p.dist(q)/18))
		for k := 0.0; k < n; k++ {
			if at := h.wards[0].lanes.shape(vec{lerp(p.x, q.x, k/n), lerp(p.y, q.y, k/n)}); len(out) == 0 || out[len(out)-1].dist(at) > .3 {
				out = append(out, at)
			}
		}
	}
	return out
}
