package city

import (
	"math"
)

// raster is the open country as points at even distances, which stand for the ground around them.
type raster struct {
	at []vec
	of []int // of each point, whose ground it is
}

const rasterStep = 220.0

// newRaster covers a ring, without what taken excludes.
func newRaster(ring []vec, taken func(vec) bool) *raster {
	r := &raster{}
	box := bounds(ring)
	for y := box.v0 + rasterStep/2; y < box.v1; y += rasterStep {
		for x := box.u0 + rasterStep/2; x < box.u1; x += rasterStep {
			if p := (vec{x, y}); inside(p, ring) && !taken(p) {
				r.at = append(r.at, p)
			}
		}
	}
	r.of = make([]int, len(r.at))
	return r
}

// share gives each point to a seat so that every seat gets about its share: a power diagram whose weights
// are raised where too little was won, and lowered where too much.
func (r *raster) share(seats []vec, shares []float64) {
	total := 0.0
	for _, s := range shares {
		total += s
	}
	weights := make([]float64, len(seats))
	for round := range 90 {
		won := make([]float64, len(seats))
		for i, p := range r.at {
			best, least := 0, math.Inf(1)
			for k, s := range seats {
				if d := p.sub(s); shares[k] > 0 && d.dot(d)-weights[k] < least {
					best, least = k, d.dot(d)-weights[k]
				}
			}
			r.of[i] = best
			won[best]++
		}
		pull := 9e6 * math.Pow(.96, float64(round))
		for k := range weights {
			if want := shares[k] / total * float64(len(r.at)); want > 0 {
				weights[k] += pull * clamp((want-won[k])/want, -1, 1)
			}
		}
	}
}

// spread puts n sites on the ground of one seat, evenly but not too evenly (Lloyd's method, stopped early).
func (r *raster) spread(seat, n int, d *dice) []vec {
	var mine []vec
	for i, p := range r.at {
		if r.of[i] == seat {
			mine = append(mine, p)
		}
	}
	if n == 0 || len(mine) == 0 {
		return nil
	}
	sites := make([]vec, n)
	for k := range sites {
		best, far := vec{}, -1.0
		for range 12 { // the candidate farthest from the others
			c := mine[d.upto(len(mine))].add(vec{d.between(-.4, .4), d.between(-.4, .4)}.mul(rasterStep))
			near := math.Inf(1)
			for _, s := range sites[:k] {
				near = math.Min(near, s.dist(c))
			}
			if near > far {
				best, far = c, near
			}
		}
		sites[k] = best
	}
	for range 5 {
		sum, count := make([]vec, n), make([]float64, n)
		for _, p := range mine {
			best, least := 0, math.Inf(1)
			for k, s := range sites {
				if q := p.sub(s); q.dot(q) < least {
					best, least = k, q.dot(q)
				}
			}
			sum[best], count[best] = sum[best].add(p), count[best]+1
		}
		for k := range sites {
			if count[k] > 0 {
				m := sum[k].mul(1 / count[k])
				sites[k] = sites[k].add(m.sub(sites[k]).mul(.8))
			}
		}
	}
	for k, s := range sites { // the middle of a bent territory may lie on somebody else's ground
		best, least := s, math.Inf(1)
		for _, p := range mine {
			if q := p.sub(s); q.dot(q) < least {
				best, least = p, q.dot(q)
			}
		}
		if least > rasterStep*rasterStep {
			sites[k] = best.add(vec{d.between(-.2, .2), d.between(-.2, .2)}.mul(rasterStep))
		}
	}
	return sites
}
