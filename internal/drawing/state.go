package drawing

import "math"

// state is one drawing of one part while it is being worked on: the grid of every block, the sums of every grid, and
// the list of half-edges that lie between two grids, from which moves are proposed.
type state struct {
	*part
	rule   rule
	grid   []int32
	sums   []sums
	cut    []int32 // half-edges between two grids, in no order
	cutAt  []int32 // half-edge → its place in cut, −1 when it isn't there
	walk   walk
	random random
}

// sums are a grid's, and its price.
type sums struct {
	mass
	n     int32
	price float64
}

// rule prices a grid: how far from compact it is, and how far out of band.
type rule struct {
	band
	compact, bend float64
	step          float64 // of being out of band at all
	slope         float64 // of being out by one target, a unit of weight
	bound         float64 // how much the bound weighs: more where borders cost more, so that they never buy it off
}

// What the bound costs, in prices of a grid, and how it hardens while the drawing cools.
const (
	outStep   = 0.6 // of being out of band at all
	outSlope  = 3.0 // of being out by one target
	softest   = 0.2 // share of both that counts at first
	pressFrom = 0.2 // of the way from hot to cold, where it begins to harden
	pressTo   = 0.9 // where it is hard
)

func newRule(b band, w *Weights, open float64) rule {
	r := rule{band: b, compact: w.Compactness, bend: w.Bend, bound: w.Compactness + 4*open}
	r.press(1)
	return r
}

// press sets how hard the bound presses, at a share of the way from hot to cold. Early it is soft, so that whole dwellings,
// a quarter of a grid each, still change places; late it is hard.
func (r *rule) press(done float64) {
	soft := math.Pow(softest, 1-min(max((done-pressFrom)/(pressTo-pressFrom), 0), 1))
	r.step, r.slope = outStep*r.bound*soft, outSlope*r.bound*soft/r.target
}

// compactness is A²/(2π·I), at most 1; 0 for ground without area.
func (m *mass) compactness() float64 {
	spread := m.a*m.q - (m.ax*m.ax + m.ay*m.ay) // area × second moment about the centroid
	if spread <= 0 || m.a <= 0 {
		return 0
	}
	return min(1, m.a*m.a*m.a/(2*math.Pi*spread))
}

func (r *rule) price(m *mass) float64 {
	bad := 1 - m.compactness()
	price := r.compact * bad * (1 + r.bend*bad)
	if m.w > r.upper {
		price += r.step + r.slope*float64(m.w-r.upper)
	} else if m.w < r.lower {
		price += r.step + r.slope*float64(r.lower-m.w)
	}
	return price
}

func (m *mass) add(o *mass) {
	m.w += o.w
	m.a += o.a
	m.ax += o.ax
	m.ay += o.ay
	m.q += o.q
}

func (m *mass) take(o *mass) {
	m.w -= o.w
	m.a -= o.a
	m.ax -= o.ax
	m.ay -= o.ay
	m.q -= o.q
}

// newState starts from an assignment in which every grid has a block.
func newState(q *part, r rule, grid []int32, seed random) *state {
	s := &state{part: q, rule: r, grid: grid, random: seed}
	s.sums = make([]sums, q.k)
	s.cutAt = make([]int32, len(q.edges))
	s.walk.reset(len(q.mass))
	s.settle()
	return s
}

// settle computes all sums afresh from the assignment. Doing so now and then also drops what rounding has left
// in the running sums.
func (s *state) settle() {
	clear(s.sums)
	s.cut = s.cut[:0]
	for b := range s.mass {
		g := &s.sums[s.grid[b]]
		g.add(&s.mass[b])
		g.n++
		for e := s.first[b]; e < s.first[b+1]; e++ {
			s.cutAt[e] = -1
			if s.grid[s.edges[e].to] != s.grid[b] {
				s.cutAt[e] = int32(len(s.cut))
				s.cut = append(s.cut, e)
			}
		}
	}
	for g := range s.sums {
		s.sums[g].price = s.rule.price(&s.sums[g].mass)
	}
}

// energy is what the whole drawing costs: the lower the better.
func (s *state) energy() float64 {
	var sum float64
	for g := range s.sums {
		sum += s.sums[g].price
	}
	for _, e := range s.cut {
		if s.edges[e].back > e {
			sum += float64(s.edges[e].cost)
		}
	}
	return sum
}

// out is the number of grids out of band.
func (s *state) out() (n int) {
	for g := range s.sums {
		if !s.rule.holds(s.sums[g].w) {
			n++
		}
	}
	return n
}

// move puts block b into grid t, with all sums. It doesn't ask whether that breaks anything.
func (s *state) move(b, t int32) {
	g, h := &s.sums[s.grid[b]], &s.sums[t]
	g.take(&s.mass[b])
	h.add(&s.mass[b])
	g.price, h.price = s.rule.price(&g.mass), s.rule.price(&h.mass)
	s.reassign(b, t)
}

// reassign is move without the sums of mass and their prices.
func (s *state) reassign(b, t int32) {
	from := s.grid[b]
	s.sums[from].n--
	s.sums[t].n++
	s.grid[b] = t
	for e := s.first[b]; e < s.first[b+1]; e++ {
		switch s.grid[s.edges[e].to] {
		case from:
			s.open(e)
			s.open(s.edges[e].back)
		case t:
			s.close(e)
			s.close(s.edges[e].back)
		}
	}
}

func (s *state) open(e int32) {
	s.cutAt[e] = int32(len(s.cut))
	s.cut = append(s.cut, e)
}

func (s *state) close(e int32) {
	i, last := s.cutAt[e], len(s.cut)-1
	moved := s.cut[last]
	s.cut[i] = moved
	s.cutAt[moved] = i
	s.cut = s.cut[:last]
	s.cutAt[e] = -1
}
