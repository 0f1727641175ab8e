package drawing

import "slices"

// The search that proves what can't be in band (possible.go) finds, where something can, how the inhabited blocks may be shared out.
// Where trees have found nothing, it is made to look for drawings: all empty ground is given at random to inhabited blocks beside it,
// so that blocks which are next to each other in the search are so in truth, and what it finds is a drawing. Another try gives
// the empty ground away in another way.

const (
	shareTrials = 200   // ways of giving the empty ground away, at most
	shareSteps  = 3_000 // of the search, for each
	shareGrids  = 24    // of a part; to draw a larger one afresh for a few of its grids would cost all of them their shape
	shareFound  = 8     // drawings to choose the cheapest from
	sharePolish = 200   // moves a block
)

// shareOut is the cheapest of some drawings of a part with all grids in band, nil when none is found.
func (q *part) shareOut(r rule, random *random, over func() bool) (best *state) {
	if q.k > shareGrids {
		return nil
	}
	firm := r
	firm.bound *= firmly // or compactness would buy a grid out of band again
	firm.press(1)
	r.press(1)
	for n, trial := 0, 0; trial < shareTrials && n < shareFound && !over(); trial++ {
		p, of := q.settled(r.band, random)
		if p == nil {
			return nil
		}
		sets := p.shares()
		if sets == nil {
			continue
		}
		n++
		grid := make([]int32, len(of))
		for b, i := range of {
			grid[b] = int32(slices.IndexFunc(sets, func(set []int32) bool { return slices.Contains(set, i) }))
		}
		sub := *q
		sub.k = int32(len(sets))
		s := newState(&sub, firm, grid, newRandom(random.next()))
		s.anneal(sharePolish*len(q.mass), polishHeat, cold)
		s.rule = r
		s.settle()
		if s.out() == 0 && (best == nil || s.energy() < best.energy()) {
			best = s
		}
	}
	return best
}

// settled is a part as the search's problem, with all empty ground given away at random, and block → inhabited block that has it. nil
// when too many are inhabited, or none.
func (q *part) settled(b band, random *random) (p *populated, of []int32) {
	p, of = q.people(b)
	if n := len(p.blocks); n == 0 || n > provableBlocks {
		return nil, nil
	}
	edge := slices.Clone(p.blocks) // blocks that have an owner and may have neighbours without
	for len(edge) > 0 {
		at := random.below(len(edge))
		from, free := edge[at], 0
		var pick int32
		for _, e := range q.edges[q.first[from]:q.first[from+1]] {
			if of[e.to] < 0 {
				if free++; random.below(free) == 0 {
					pick = e.to
				}
			}
		}
		if free == 0 {
			edge[at] = edge[len(edge)-1]
			edge = edge[:len(edge)-1]
			continue
		}
		of[pick] = of[from]
		edge = append(edge, pick)
	}
	for i := range q.edges {
		e := &q.edges[i]
		if a, b := of[e.from], of[e.to]; a != b && !slices.Contains(p.near[a], b) {
			p.near[a] = append(p.near[a], b)
		}
	}
	for _, near := range p.near {
		for i := len(near) - 1; i > 0; i-- {
			j := random.below(i + 1)
			near[i], near[j] = near[j], near[i]
		}
	}
	return p, of
}

// shares is a way of sharing out the inhabited blocks with all grids in band. nil when there is none, or when the search was given up.
func (p *populated) shares() [][]int32 {
	p.left, p.sets = shareSteps, nil
	if !p.share(make([]bool, len(p.weight)), map[[provableBlocks / 64]uint64]bool{}) || p.left < 0 {
		return nil
	}
	return p.sets
}
