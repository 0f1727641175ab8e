package drawing

import (
	"math"
	"slices"
)

// mender takes neighbouring grids together and cuts their ground afresh, as a small part of its own with its own
// annealing, and keeps what is better. That finds what single moves can't where a dwelling is a quarter of a grid.
type mender struct {
	*state
	members [][]int32 // grid → its blocks, ascending
	place   []int32   // grid → its place in the group that is being cut, −1 outside it
	local   []int32   // block → its number there
	over    func() bool
	strict  bool // no more grids out of band than there are, at any price
}

const (
	mendHeat   = 0.005 // how much dearer, about, a drawing may get on the way to one with fewer grids out of band
	refineHeat = 0.002 // the same when all are in band
	recutHot   = 0.1   // the highest temperature that a group is annealed from
	recutSteps = 8
	recutMoves = 30 // a block and step
)

func newMender(s *state, over func() bool) *mender {
	m := &mender{state: s, members: make([][]int32, s.k), place: make([]int32, s.k), local: make([]int32, len(s.mass)), over: over}
	for b, g := range s.grid {
		m.members[g] = append(m.members[g], int32(b))
	}
	for g := range m.place {
		m.place[g] = -1
	}
	return m
}

// improve spends moves first on grids out of band, up to half of them, and then on the dearest ones.
func (m *mender) improve(moves int) {
	moves -= m.bringIn(moves / 2)
	half := moves / 2
	for round := 0; moves > half && !m.over(); round++ {
		g := m.pickOut()
		if g < 0 {
			break
		}
		moves -= m.recut(m.gather(g, 2+round%5), mendHeat)
	}
	for round := 0; moves > 0 && !m.over(); round++ {
		moves -= m.recut(m.gather(m.pickDear(), 2+round%4), refineHeat)
	}
}

// pickOut is a random grid out of band, −1 when there is none.
func (m *mender) pickOut() int32 {
	n, pick := 0, int32(-1)
	for g := range m.sums {
		if !m.rule.holds(m.sums[g].w) {
			if n++; m.random.below(n) == 0 {
				pick = int32(g)
			}
		}
	}
	return pick
}

// pickDear is the dearest of three random grids.
func (m *mender) pickDear() int32 {
	best := int32(m.random.below(len(m.sums)))
	for range 2 {
		if g := int32(m.random.below(len(m.sums))); m.sums[g].price > m.sums[best].price {
			best = g
		}
	}
	return best
}

// gather collects neighbouring grids around one, at random, until there are at least so many and their weight can
// be cut into as many grids in band; it gives up growing at twice as many.
func (m *mender) gather(g int32, least int) []int32 {
	group := []int32{g}
	weight := m.sums[g].w
	for len(group) < 2*least+2 {
		if n := int64(len(group)); len(group) >= least && n*m.rule.lower <= weight && weight <= n*m.rule.upper {
			break
		}
		next, seen := int32(-1), 0
		for _, g := range group {
			for _, b := range m.members[g] {
				for _, x := range m.edges[m.first[b]:m.first[b+1]] {
					if to := m.grid[x.to]; to != g && !slices.Contains(group, to) {
						if seen++; m.random.below(seen) == 0 {
							next = to
						}
					}
				}
			}
		}
		if next < 0 {
			break
		}
		group = append(group, next)
		weight += m.sums[next].w
	}
	return group
}

// recut draws the ground of a group of grids on its own and takes the result if it costs less, or at most a little
// more at this temperature. It returns the moves that it used.
func (m *mender) recut(group []int32, temperature float64) int {
	sub, blocks, old := m.extract(group)
	before := newState(sub, m.rule, old, m.random)
	energy := before.energy()
	work := newState(sub, m.rule, slices.Clone(old), newRandom(m.random.next()))
	if m.random.next()&1 == 0 {
		work.grid = sub.construct(m.rule.band, &work.random, m.over)
	}
	each := recutMoves * len(blocks)
	from := recutHot * math.Pow(0.25, m.random.unit())
	fall := math.Pow(cold/from, 1.0/recutSteps)
	for i := range recutSteps {
		work.rule.press(float64(i) / (recutSteps - 2))
		work.settle()
		work.anneal(each, from, from*fall)
		from *= fall
	}
	work.settle()
	if m.strict && work.out() > before.out() {
		return each*recutSteps + len(blocks)
	}
	if after := work.energy(); after-energy < temperature*thresholds[m.random.next()&4095] {
		m.take(group, blocks, work.grid)
	}
	return each*recutSteps + len(blocks)
}

// take puts a group's blocks into the grids that recut has found.
func (m *mender) take(group, blocks, grid []int32) {
	for _, g := range group {
		m.members[g] = m.members[g][:0]
	}
	for i, b := range blocks {
		t := group[grid[i]]
		m.members[t] = append(m.members[t], b)
		if m.grid[b] != t {
			m.move(b, t)
		}
	}
}

// extract makes a part of its own from the ground of some grids, with the numbers of its blocks here and the
// grids they are in, numbered by their place in the group. Borders with the rest stay what they are and cost nothing.
func (m *mender) extract(group []int32) (sub *part, blocks, grid []int32) {
	for i, g := range group {
		m.place[g] = int32(i)
		blocks = append(blocks, m.members[g]...)
	}
	slices.Sort(blocks)
	for i, b := range blocks {
		m.local[b] = int32(i)
	}
	grid = make([]int32, len(blocks))
	sub = &part{within: m.within, scale: m.scale, k: int32(len(group)),
		mass: make([]mass, len(blocks)), first: make([]int32, len(blocks)+1)}
	for i, b := range blocks {
		grid[i] = m.place[m.grid[b]]
		sub.mass[i] = m.mass[b]
		sub.weight += m.mass[b].w
		for _, e := range m.edges[m.first[b]:m.first[b+1]] {
			if m.place[m.grid[e.to]] >= 0 {
				sub.edges = append(sub.edges, edge{from: int32(i), to: m.local[e.to], cost: e.cost, length: e.length, open: e.open})
			}
		}
		sub.first[i+1] = int32(len(sub.edges))
	}
	for _, g := range group {
		m.place[g] = -1
	}
	sub.pair()
	return sub, blocks, grid
}
