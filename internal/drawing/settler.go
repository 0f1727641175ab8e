package drawing

import "math"

// settler is a state in which every block away from home has a price.
type settler struct {
	*state
	home []int32 // −1: none; −2: a grid that isn't here
	toll []float64
	held []bool
}

// cost is the energy with the price of who is away from home.
func (s *settler) cost() float64 {
	sum := s.energy()
	for b, h := range s.home {
		if h != -1 && s.grid[b] != h {
			sum += s.toll[b]
		}
	}
	return sum
}

// anneal is state.anneal with tolls, and without moving what is held.
func (s *settler) anneal(moves int, from, to float64) {
	const chunk = 64
	fall := math.Pow(to/from, chunk/float64(max(moves, chunk)))
	for heat := from; moves > 0; moves -= chunk {
		for range min(moves, chunk) {
			if len(s.cut) == 0 {
				return
			}
			s.propose(heat)
		}
		heat *= fall
	}
}

func (s *settler) propose(heat float64) {
	e := &s.edges[s.cut[s.random.below(len(s.cut))]]
	b, t := e.from, s.grid[e.to]
	from := s.grid[b]
	if s.held[b] || s.sums[from].n == 1 {
		return
	}
	var ring uint64
	var change float64
	for i, x := range s.edges[s.first[b]:s.first[b+1]] {
		switch s.grid[x.to] {
		case from:
			ring |= 1 << (i & 63)
			change += float64(x.cost)
		case t:
			change -= float64(x.cost)
		}
	}
	switch s.home[b] {
	case from:
		change += s.toll[b]
	case t:
		change -= s.toll[b]
	}
	less, more := s.sums[from].mass, s.sums[t].mass
	less.take(&s.mass[b])
	more.add(&s.mass[b])
	change += s.rule.price(&less) - s.sums[from].price + s.rule.price(&more) - s.sums[t].price
	if change < heat*thresholds[s.random.next()&4095] && s.spares(b, ring) {
		s.move(b, t)
	}
}
