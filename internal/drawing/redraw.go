package drawing

import (
	"slices"
	"sync"
	"sync/atomic"
)

// redrawing brings present grids back into band with few people getting another grid. Grids that are in band and
// not near one that isn't don't change at all. Each part is worked on by itself; around every grid out of band, its ground
// and its neighbours' is settled afresh (settle.go), where each resident away from home has a price, with the same number of
// grids, with the grid cut in two where it is too heavy, or merged with a neighbour where it is too light; the cheapest stays.
type redrawing struct {
	*job
	t     *task
	price float64 // of one resident away from home
	reach int
	even  bool // all grids are evened out among themselves; none is founded or dissolved
}

func newRedrawing(j *job, t *task) *redrawing {
	d := &redrawing{job: j, t: t, price: defaultMoving, reach: defaultReach}
	if m := j.o.Moving; m != nil {
		if m.Price > 0 {
			d.price = m.Price
		}
		if m.Reach > 0 {
			d.reach = m.Reach
		}
	}
	d.price /= j.o.Target
	if t.held == nil {
		t.held = make([]bool, len(t.p.Blocks))
	}
	return d
}

// rework is one part being redrawn. Its grids are numbered from 0 within it; name is their number in the present
// assignment, −1 for new ones.
type rework struct {
	*mender
	d      *redrawing
	home   []int32 // block → the grid it had, −1 none
	held   []bool
	name   []int32
	closed []bool // grids held as they are
	may    []bool // grids that may change
}

// run redraws all parts, several at once, and numbers what is new.
func (d *redrawing) run() []int32 {
	start := d.whole()
	works := make([]*rework, len(d.parts))
	var next, finished atomic.Int64
	var wait sync.WaitGroup
	for range min(d.o.Workers, len(d.parts)) {
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(d.parts) {
					return
				}
				works[i] = d.rework(d.parts[i], start)
				d.tell("improve", float64(finished.Add(1))/float64(len(d.parts)))
			}
		})
	}
	wait.Wait()
	free := int32(0)
	for _, g := range d.o.Start {
		free = max(free, g+1)
	}
	out := make([]int32, len(d.p.Blocks))
	for _, w := range works {
		for b, g := range w.grid {
			if w.name[g] < 0 {
				w.name[g] = free
				free++
			}
			out[w.part.blocks[b]] = w.name[g]
		}
	}
	return out
}

// whole takes every grid's pieces but one away from it, so that all are connected and in one community: the piece stays that
// has blocks that are held, or else the one with most residents. The other pieces count as new blocks.
func (d *redrawing) whole() []int32 {
	start := slices.Clone(d.t.start)
	piece, n := d.graph.pieces(start)
	worth := make([]int64, n)
	of := make([]int32, n)
	for b, i := range piece {
		if i < 0 {
			continue
		}
		of[i] = start[b]
		worth[i] += d.p.Blocks[b].Weight + 1
		if d.t.held[b] {
			worth[i] += 1 << 40
		}
	}
	best := map[int32]int32{}
	for i, g := range of {
		if other, seen := best[g]; !seen || worth[i] > worth[other] {
			best[g] = int32(i)
		}
	}
	for b, i := range piece {
		if i >= 0 && best[of[i]] != i && worth[i] < 1<<40 {
			start[b] = -1
		}
	}
	return start
}

// rework redraws one part.
func (d *redrawing) rework(q *part, start []int32) *rework {
	w := &rework{d: d, home: make([]int32, len(q.blocks)), held: make([]bool, len(q.blocks))}
	local := map[int32]int32{}
	grid := make([]int32, len(q.blocks))
	for i, b := range q.blocks {
		w.held[i] = d.t.held[b]
		if grid[i] = -1; start[b] >= 0 {
			g, seen := local[start[b]]
			if !seen {
				g = int32(len(w.name))
				local[start[b]] = g
				w.name = append(w.name, start[b])
				w.closed = append(w.closed, d.t.closed[start[b]])
			}
			grid[i] = g
		}
		w.home[i] = grid[i]
	}
	w.settleNew(q, grid)
	q.plan(d.graph, int32(len(w.name)), d.o.Weights)
	rule := newRule(d.band, d.o.Weights, q.open)
	rule.bound = firmly * (d.o.Weights.Compactness + 4*q.open)
	rule.press(1)
	random := newRandom(d.o.Seed, uint64(q.blocks[0]), 7)
	w.mender = newMender(newState(q, rule, grid, random), d.over)
	if d.even {
		w.evenOut()
	} else {
		w.bringBack()
	}
	return w
}

// settleNew puts new ground into grids: a stretch of it that makes a grid by itself, or that touches none that may grow,
// becomes one; other new blocks go to the grid they share most border with, from outside in.
func (w *rework) settleNew(q *part, grid []int32) {
	loose := make([]int32, len(grid))
	for i, g := range grid {
		loose[i] = -1
		if g < 0 {
			loose[i] = 0
		}
	}
	weight := map[int32]int64{}
	touches := map[int32]bool{}
	stretch := make([]int32, len(grid))
	var n int32
	var queue []int32
	for i := range loose {
		if loose[i] != 0 {
			continue
		}
		queue = append(queue[:0], int32(i))
		loose[i] = 1
		for at := 0; at < len(queue); at++ {
			b := queue[at]
			stretch[b] = n
			weight[n] += q.mass[b].w
			for _, e := range q.edges[q.first[b]:q.first[b+1]] {
				if loose[e.to] == 0 {
					loose[e.to] = 1
					queue = append(queue, e.to)
				} else if g := grid[e.to]; g >= 0 && !w.closed[g] {
					touches[n] = true
				}
			}
		}
		n++
	}
	founded := map[int32]int32{}
	for i := range loose {
		if s := stretch[i]; loose[i] == 1 && (!touches[s] || weight[s] >= w.d.band.lower) {
			if _, seen := founded[s]; !seen {
				founded[s] = w.found()
			}
			grid[i] = founded[s]
		}
	}
	w.attach(q, grid)
}

// found adds a grid without blocks.
func (w *rework) found() int32 {
	w.name = append(w.name, -1)
	w.closed = append(w.closed, false)
	return int32(len(w.name) - 1)
}

// attach gives the blocks in no grid to grids beside them, round by round.
func (w *rework) attach(q *part, grid []int32) {
	for {
		type gain struct{ block, grid int32 }
		var gains []gain
		left := false
		for i, g := range grid {
			if g >= 0 {
				continue
			}
			left = true
			most := 0.0
			best := int32(-1)
			sums := map[int32]float64{}
			for at, h := range w.d.graph.around(q.blocks[i]) {
				to := grid[q.edges[int(q.first[i])+at].to]
				if to < 0 || w.closed[to] {
					continue
				}
				if sums[to] += h.length; sums[to] > most || sums[to] == most && to < best {
					most, best = sums[to], to
				}
			}
			if best >= 0 {
				gains = append(gains, gain{int32(i), best})
			}
		}
		if !left || len(gains) == 0 {
			return
		}
		for _, x := range gains {
			grid[x.block] = x.grid
		}
	}
}

// evenOut settles all grids of the part among themselves.
func (w *rework) evenOut() {
	var group []int32
	for g := range w.name {
		if !w.closed[g] {
			group = append(group, int32(g))
		}
	}
	if len(group) > 1 {
		w.settleAround(group)
	}
}
