package drawing

import "math"

// mend takes grids out of band together with some neighbours, cuts that ground afresh on its own, and keeps the
// better: what single moves can't do where a dwelling is a quarter of a grid. It ends when all grids are in band,
// or after so many moves, of which it returns those left.
func (s *state) mend(moves int) int {
	for round := 0; moves > 0; round++ {
		g := s.pickOut()
		if g < 0 {
			break
		}
		group := s.gather(g, 2+round%5)
		if len(group) < 2 {
			break // the grid has no neighbour
		}
		moves -= s.recut(group, 0.02)
	}
	return moves
}

// pickOut is a random grid out of band, −1 when there is none.
func (s *state) pickOut() int32 {
	n, pick := 0, int32(-1)
	for g := range s.sums {
		if !s.rule.holds(s.sums[g].w) {
			if n++; s.random.below(n) == 0 {
				pick = int32(g)
			}
		}
	}
	return pick
}

// gather collects neighbouring grids around one, at random, until there are at least so many and their weight can
// be cut into as many grids in band; it gives up growing at twice as many.
func (s *state) gather(g int32, least int) []int32 {
	group := []int32{g}
	in := map[int32]bool{g: true}
	weight := s.sums[g].w
	for len(group) < 2*least+2 {
		if n := int64(len(group)); len(group) >= least && n*s.rule.lower <= weight && weight <= n*s.rule.upper {
			break
		}
		next, seen := int32(-1), 0
		for _, e := range s.cut {
			if from, to := s.grid[s.owner(e)], s.grid[s.edges[e].to]; in[from] && !in[to] {
				if seen++; s.random.below(seen) == 0 {
					next = to
				}
			}
		}
		if next < 0 {
			break
		}
		in[next] = true
		group = append(group, next)
		weight += s.sums[next].w
	}
	return group
}

// recut draws the ground of a group of grids on its own and takes the result if it costs less, or at most a little
// more at this temperature. It returns the moves that it used.
func (s *state) recut(group []int32, temperature float64) int {
	sub, blocks, old := s.extract(group)
	before := newState(sub, s.rule, old, s.random)
	energy := before.energy()
	work := newState(sub, s.rule, append([]int32(nil), old...), newRandom(s.random.next()))
	if s.random.next()&1 == 0 {
		work.grid = sub.construct(s.rule.band, &work.random)
	}
	each := 30 * len(blocks)
	const steps = 8
	from := 0.06 * math.Pow(0.25, s.random.unit())
	for i := range steps {
		work.rule.press(float64(i) / (steps - 2))
		work.settle()
		a, b := from*math.Pow(cold/from, float64(i)/steps), from*math.Pow(cold/from, float64(i+1)/steps)
		work.anneal(each, a, b)
	}
	work.settle()
	if after := work.energy(); after-energy < temperature*thresholds[s.random.next()&4095] {
		for i, b := range blocks {
			if t := group[work.grid[i]]; s.grid[b] != t {
				s.move(b, t)
			}
		}
	}
	return each * steps
}

// extract makes a part of its own from the ground of some grids, with the numbers of its blocks here and the
// grids they are in, numbered by their place in the group.
func (s *state) extract(group []int32) (sub *part, blocks, grid []int32) {
	place := make([]int32, len(s.sums))
	for i := range place {
		place[i] = -1
	}
	for i, g := range group {
		place[g] = int32(i)
	}
	local := make([]int32, len(s.mass))
	for b, g := range s.grid {
		if place[g] >= 0 {
			local[b] = int32(len(blocks))
			blocks = append(blocks, int32(b))
			grid = append(grid, place[g])
		}
	}
	sub = &part{within: s.within, scale: s.scale, k: int32(len(group)), first: make([]int32, 1, len(blocks)+1)}
	for _, b := range blocks {
		sub.mass = append(sub.mass, s.mass[b])
		sub.weight += s.mass[b].w
		for _, e := range s.edges[s.first[b]:s.first[b+1]] {
			if place[s.grid[e.to]] >= 0 {
				sub.edges = append(sub.edges, edge{to: local[e.to], cost: e.cost})
			}
		}
		sub.first = append(sub.first, int32(len(sub.edges)))
	}
	sub.pair()
	return sub, blocks, grid
}
