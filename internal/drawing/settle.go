package drawing

import (
	"math"
	"slices"
)

const (
	firmly       = 8.0 // how much more the bound weighs here than in a fresh drawing, so that moving people is worth it
	settleRounds = 3   // times that grids still out of band are tried again
	coolHeats    = 3
	settleMoves  = 60   // a block and attempt
	groundShare  = 0.05 // of the price of a grid's residents that a grid's ground costs, so that no empty block moves for nothing
	mergeTrials  = 3    // neighbours that a light grid is tried to be merged with
)

// bringBack settles the ground around every grid out of band, wider and wider up to the planner's reach.
func (w *rework) bringBack() {
	w.may = make([]bool, len(w.name))
	var near []int32
	for g := range w.name {
		if w.astray(int32(g)) {
			near = append(near, int32(g))
		}
	}
	for _, g := range w.rings(near, w.d.reach, func(g int32) bool { return !w.closed[g] }) {
		w.may[g] = true
	}
	for round := range max(settleRounds, w.d.reach) {
		better := false
		for g := int32(0); int(g) < len(w.name) && !w.over(); g++ {
			if w.astray(g) {
				group := w.rings([]int32{g}, min(round+1, w.d.reach), func(g int32) bool { return w.may[g] && !w.closed[g] })
				better = w.settleAround(group) || better
			}
		}
		if !better && round+1 >= w.d.reach {
			break
		}
	}
}

// astray says whether a grid has blocks, may change, and is out of band.
func (w *rework) astray(g int32) bool {
	s := &w.sums[g]
	return s.n > 0 && !w.closed[g] && !w.rule.holds(s.w)
}

// rings are some grids and those within so many steps of them, of the ones that may; the given ones first.
func (w *rework) rings(from []int32, steps int, may func(int32) bool) []int32 {
	all := slices.Clone(from)
	begin := 0
	for range steps {
		end := len(all)
		for _, g := range all[begin:end] {
			for _, b := range w.members[g] {
				for _, e := range w.edges[w.first[b]:w.first[b+1]] {
					if to := w.grid[e.to]; may(to) && !slices.Contains(all, to) {
						all = append(all, to)
					}
				}
			}
		}
		begin = end
	}
	return all
}

// settleAround finds the cheapest way for a group of grids, the first of which is out of band, and says whether that is
// better than what was.
func (w *rework) settleAround(group []int32) bool {
	sub, blocks, old := w.extract(group)
	first, weight := group[0], w.sums[group[0]].w
	best := w.attempt(sub, blocks, group, old)
	before := w.settler(sub, blocks, group, slices.Clone(old)).cost()
	ids := group
	try := func(newIDs, grid []int32) {
		if s := w.attempt(sub, blocks, newIDs, grid); s.cost() < best.cost() {
			best, ids = s, newIDs
		}
	}
	if !w.d.even && weight > w.rule.upper {
		if newIDs, grid := w.halved(group, blocks, old); grid != nil {
			try(newIDs, grid)
		}
	}
	if !w.d.even && weight < w.rule.lower && len(group) > 1 && !w.holds(first) {
		lightest := slices.Clone(group[1:])
		slices.SortStableFunc(lightest, func(a, b int32) int { return int(w.sums[a].w - w.sums[b].w) })
		for _, into := range lightest[:min(mergeTrials, len(lightest))] {
			if w.touch(first, into) {
				place := int32(slices.Index(group, into))
				grid := make([]int32, len(old))
				for i, g := range old {
					if g == 0 {
						g = place
					}
					grid[i] = g - 1
				}
				try(group[1:], grid)
			}
		}
	}
	if best.cost() >= before-1e-9 {
		return false
	}
	w.adopt(group, ids, blocks, best.grid)
	return true
}

// holds says whether a grid has blocks that are held.
func (w *rework) holds(g int32) bool {
	return slices.ContainsFunc(w.members[g], func(b int32) bool { return w.held[b] })
}

func (w *rework) touch(g, other int32) bool {
	for _, b := range w.members[g] {
		for _, e := range w.edges[w.first[b]:w.first[b+1]] {
			if w.grid[e.to] == other {
				return true
			}
		}
	}
	return false
}

// settler starts a state for some ground that is in grids ids, by their place there.
func (w *rework) settler(sub *part, blocks, ids, grid []int32) *settler {
	q := *sub
	q.k = int32(len(ids))
	s := &settler{state: newState(&q, w.rule, grid, newRandom(w.random.next())), home: make([]int32, len(blocks)),
		toll: make([]float64, len(blocks)), held: make([]bool, len(blocks))}
	ground := w.scale * w.scale
	for i, b := range blocks {
		m := &w.mass[b]
		s.toll[i] = w.d.price * (float64(m.w) + groundShare*w.rule.target*m.a/ground)
		s.held[i] = w.held[b]
		if s.home[i] = w.home[b]; w.home[b] >= 0 {
			if s.home[i] = int32(slices.Index(ids, w.home[b])); s.home[i] < 0 {
				s.home[i] = -2
			}
		}
	}
	return s
}

// Heats that attempts begin from, in prices of a grid. The hotter ones are for whole dwellings, which put two grids far out of
// band on their way, and only tried where the first ones (coolHeats) have left something out of band. Evening out passes weight on through grids that are even themselves,
// which costs as much on the way as being out of band does.
var (
	settleHeats = []float64{0.02, 0.08, 0.3, 1, 2, 4, 8}
	evenHeats   = []float64{0.02, 0.3, 1, 4}
)

// attempt anneals from an assignment, some times from different heats, and gives the cheapest.
func (w *rework) attempt(sub *part, blocks, ids, grid []int32) *settler {
	var best *settler
	heats := settleHeats
	if w.d.even {
		heats = evenHeats
	}
	for i, from := range heats {
		if i >= coolHeats && !w.d.even && best.out() == 0 {
			break
		}
		s := w.settler(sub, blocks, ids, slices.Clone(grid))
		s.anneal(settleMoves*len(blocks), from, cold)
		s.settle()
		if best == nil || s.cost() < best.cost() {
			best = s
		}
	}
	return best
}

// halved cuts the first grid of a group into as many as its weight asks for, at least two: the piece that has what is held,
// or else most of the residents that had it, keeps its number. nil when that can't be.
func (w *rework) halved(group, blocks, old []int32) (ids, grid []int32) {
	sub, mine, _ := w.extract(group[:1])
	if len(mine) < 2 || !sub.connected() { // what is held may keep a grid in pieces
		return nil, nil
	}
	sub.k = int32(min(max(2, w.rule.grids(sub.weight)), int64(len(mine))))
	random := newRandom(w.random.next())
	plain := w.rule
	plain.bound /= firmly
	work := newState(sub, plain, sub.construct(w.rule.band, &random, w.over), random)
	heat := recutHot
	fall := math.Pow(cold/heat, 1.0/recutSteps)
	for i := range recutSteps {
		work.rule.press(float64(i) / (recutSteps - 2))
		work.settle()
		work.anneal(recutMoves*len(mine), heat, heat*fall)
		heat *= fall
	}
	worth := make([]int64, sub.k)
	holding := 0
	for i, b := range mine {
		g := work.grid[i]
		if w.home[b] == group[0] {
			worth[g] += w.mass[b].w + 1
		}
		if w.held[b] {
			if worth[g] < 1<<40 {
				holding++
				worth[g] += 1 << 40
			}
		}
	}
	if holding > 1 {
		return nil, nil
	}
	keeper := int32(slices.Index(worth, slices.Max(worth)))
	ids = slices.Clone(group)
	place := make([]int32, sub.k)
	for g := range place {
		if int32(g) != keeper {
			place[g] = int32(len(ids))
			ids = append(ids, -1)
		}
	}
	grid = slices.Clone(old)
	for i, b := range mine {
		at, _ := slices.BinarySearch(blocks, b)
		grid[at] = place[work.grid[i]]
	}
	return ids, grid
}

// adopt puts the blocks of a group into the grids found for them, founding those that are new (−1 in ids).
func (w *rework) adopt(group, ids, blocks, grid []int32) {
	ids = slices.Clone(ids)
	for i, g := range ids {
		if g < 0 {
			ids[i] = w.found()
			w.sums = append(w.sums, sums{})
			w.members = append(w.members, nil)
			w.place = append(w.place, -1)
			w.may = append(w.may, true)
			w.k++
		}
	}
	for _, g := range group {
		w.members[g] = w.members[g][:0]
	}
	for i, b := range blocks {
		t := ids[grid[i]]
		w.members[t] = append(w.members[t], b)
		if w.grid[b] != t {
			w.move(b, t)
		}
	}
}
