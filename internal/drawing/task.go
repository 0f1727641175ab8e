package drawing

import "slices"

// task is a drawing to be made in terms the engine knows: a problem without special ground in which what belongs
// together is one block.
type task struct {
	whole    *Problem
	graph    *graph // of the whole
	p        *Problem
	of       []int32 // block of the whole → block of p, −1 for special ground; nil: the same
	special  []int32 // block of the whole → its special grid from 0, −1 for the rest; nil: none
	start    []int32 // block of p → present grid or −1; nil: drawn afresh
	held     []bool  // block of p → stays where it is
	closed   map[int32]bool
	warnings []Warning
}

func newTask(p *Problem, o *Options) *task {
	t := &task{whole: p, p: p, start: o.Start, closed: map[int32]bool{}}
	if o.Start == nil && o.Together == nil && p.Special == nil {
		return t
	}
	t.graph = newGraph(p)
	held := make([]bool, len(p.Blocks))
	if o.Fixed != nil {
		for _, g := range o.Fixed.Grids {
			t.closed[g] = true
		}
		for b, g := range o.Start {
			held[b] = t.closed[g]
		}
		for _, b := range o.Fixed.Blocks {
			held[b] = o.Start[b] >= 0
		}
	}
	t.special = p.specialGround(t.graph, held, o.Start)
	group := t.gather(o, held)
	t.of = make([]int32, len(p.Blocks))
	first := map[int32]int32{}
	n := int32(0)
	for b := range t.of {
		if t.of[b] = -1; t.special != nil && t.special[b] >= 0 {
			continue
		}
		if to, seen := first[group[b]]; seen {
			t.of[b] = to
			continue
		}
		first[group[b]], t.of[b] = n, n
		n++
	}
	t.p = p.reduce(t.of, int(n))
	t.held = make([]bool, n)
	for b, to := range t.of {
		if to >= 0 {
			t.held[to] = t.held[to] || held[b]
		}
	}
	if o.Start != nil {
		t.start = t.startOf(o.Start, held, int(n))
	}
	return t
}

// startOf is the present grid of every block of the smaller problem: of blocks taken together, the one that is held,
// or else the one that most of their residents have.
func (t *task) startOf(start []int32, held []bool, n int) []int32 {
	type share struct {
		weight int64
		grid   int32
	}
	shares := make([][]share, n)
	for b, to := range t.of {
		if to < 0 || start[b] < 0 {
			continue
		}
		weight := t.whole.Blocks[b].Weight + 1
		if held[b] {
			weight += 1 << 40
		}
		i := slices.IndexFunc(shares[to], func(s share) bool { return s.grid == start[b] })
		if i < 0 {
			i = len(shares[to])
			shares[to] = append(shares[to], share{grid: start[b]})
		}
		shares[to][i].weight += weight
	}
	out := make([]int32, n)
	for to := range out {
		out[to] = -1
		var most int64
		for _, s := range shares[to] {
			if s.weight > most {
				out[to], most = s.grid, s.weight
			}
		}
	}
	return out
}
