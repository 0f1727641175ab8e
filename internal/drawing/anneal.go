package drawing

import "math"

// Temperatures, in the price of a grid (1 − compactness, about). Starting hotter pays where there is time to cool slowly.
const (
	hot     = 0.07
	hotter  = 0.12
	unhurry = 3_000 // moves a block, from which on annealing starts hotter
	cold    = 0.002
)

// How a part that is drawn in pieces first is cooled: each level from its own temperature, the coarsest from the hottest, to a share of it.
const (
	coarseHot    = 0.2
	fineHot      = 0.04 // of the blocks themselves, which then cool down to cold
	coarseFall   = 0.3
	coarseStages = stages * 3 / 10 // stages that all levels of pieces have together
)

// cooling is the level and the temperatures of a stage.
func (r *run) cooling(stage int, moves float64) (level int, from, to float64) {
	top := len(r.levels) - 1
	if top == 0 {
		return 0, heat(stage, moves), heat(stage+1, moves)
	}
	if stage >= coarseStages {
		at := func(s int) float64 {
			return fineHot * math.Pow(cold/fineHot, float64(s-coarseStages)/(stages-coarseStages))
		}
		return 0, at(stage), at(stage + 1)
	}
	level = top - stage*top/coarseStages
	first, last := stage, stage // of this level
	for first > 0 && top-(first-1)*top/coarseStages == level {
		first--
	}
	for last+1 < coarseStages && top-(last+1)*top/coarseStages == level {
		last++
	}
	hottest := coarseHot * math.Pow(fineHot/coarseHot, float64(top-level)/float64(top))
	at := func(s int) float64 { return hottest * math.Pow(coarseFall, float64(s-first)/float64(last+1-first)) }
	return level, at(stage), at(stage + 1)
}

// heat is the temperature at the beginning of a stage, when annealing makes so many moves a block.
func heat(stage int, moves float64) float64 {
	from := hot
	if moves >= unhurry {
		from = hotter
	}
	return from * math.Pow(cold/from, float64(stage)/stages)
}

// anneal proposes a number of single-block moves while the temperature falls from one value to another (both
// in prices). A proposal takes a random border between two grids and moves the block on one side of it over.
func (s *state) anneal(moves int, from, to float64) {
	if s.k == 1 || len(s.cut) == 0 {
		return
	}
	const chunk = 256
	fall := math.Pow(to/from, chunk/float64(max(moves, chunk)))
	for heat := from; moves > 0; moves -= chunk {
		for range min(moves, chunk) {
			s.propose(heat)
		}
		heat *= fall
	}
}

// propose tries one move at a temperature.
func (s *state) propose(heat float64) {
	r := s.random.next()
	e := &s.edges[s.cut[(r>>32)*uint64(len(s.cut))>>32]]
	b, t := e.from, s.grid[e.to]
	from := s.grid[b]
	g, h := &s.sums[from], &s.sums[t]
	if g.n == 1 {
		return
	}
	var ring uint64
	var border float32
	for i, x := range s.edges[s.first[b]:s.first[b+1]] {
		switch s.grid[x.to] {
		case from:
			ring |= 1 << (i & 63)
			border += x.cost
		case t:
			border -= x.cost
		}
	}
	less, more := g.mass, h.mass
	less.take(&s.mass[b])
	more.add(&s.mass[b])
	lessPrice, morePrice := s.rule.price(&less), s.rule.price(&more)
	change := float64(border) + lessPrice - g.price + morePrice - h.price
	if change >= heat*thresholds[r&4095] || !s.spares(b, ring) {
		return
	}
	g.mass, g.price = less, lessPrice
	h.mass, h.price = more, morePrice
	s.reassign(b, t)
}
