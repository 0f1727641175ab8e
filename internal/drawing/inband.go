package drawing

import "slices"

// How hard grids that annealing has left out of band are worked on.
const (
	groupTrees  = 24 // spanning trees looked through for one group of grids
	partTrees   = 24 // and for a whole part, with any number of grids that the band allows
	groupRounds = 40 // groups tried around grids out of band, by growing size
	found       = 3  // drawings to choose the cheapest from
	polishHeat  = 0.03
	polishMoves = 60  // a block
	treeMoves   = 100 // moves that a block of one tree counts for, in the budget
)

// bringIn looks for a way to get the grids out of band into it, with some of their neighbours, more and more of them, as long as there
// are moves. It returns the moves that it used.
func (m *mender) bringIn(moves int) (used int) {
	for round := range groupRounds {
		g := m.pickOut()
		if g < 0 || used > moves || m.over() {
			break
		}
		group := m.gather(g, 2+round/6)
		used += m.recutByTrees(group)
	}
	return used
}

// recutByTrees draws the ground of a group of grids with all of them in band, if it finds how.
func (m *mender) recutByTrees(group []int32) int {
	sub, blocks, old := m.extract(group)
	k := int32(len(group))
	best, used := sub.allInBand(m.rule, &m.random, old, k, k, groupTrees, m.over)
	if best != nil {
		m.take(group, blocks, best.grid)
	}
	return used * len(blocks)
}

// allInBand is the cheapest of some drawings of a part with all grids in band, least to most of them, nil when none is found
// among the partitions of so many spanning trees; and how many moves a block that was worth. like is what the trees keep to.
func (q *part) allInBand(r rule, random *random, like []int32, least, most int32, trees int, over func() bool) (best *state, used int) {
	c := newTreeCutter(q, r.band, random)
	r.press(1)
	for n := 0; trees > 0 && n < found && !over(); trees-- {
		used += treeMoves
		grid := c.cut(least, most, like)
		if grid == nil {
			continue
		}
		n++
		sub := *q
		sub.k = slices.Max(grid) + 1
		s := newState(&sub, r, grid, newRandom(random.next()))
		s.anneal(polishMoves*len(q.mass), polishHeat, cold)
		s.settle()
		used += polishMoves
		if s.out() == 0 && (best == nil || s.energy() < best.energy()) {
			best = s
		}
	}
	return best, used
}

// recount draws a whole part again, with any number of grids that its band allows, if grids are still out of band. It says whether
// they no longer are.
func (r *run) recount(over func() bool) bool {
	s := r.state
	least, most, ok := s.rule.counts(s.weight)
	if !ok || s.out() == 0 {
		return false
	}
	best, _ := r.part.allInBand(s.rule, &s.random, s.grid, int32(least), int32(min(most, int64(len(s.mass)))), partTrees, over)
	if best == nil {
		best = r.part.shareOut(s.rule, &s.random, over)
	}
	if best != nil {
		r.state = best
	}
	return best != nil
}
