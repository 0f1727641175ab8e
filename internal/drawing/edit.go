package drawing

import (
	"context"
	"slices"
	"time"
)

// evenTolerance is how far from their mean grids are let when they are to be even.
const evenTolerance = 0.05

// Split cuts one grid of an assignment into n connected grids of about the same weight. Only its blocks change. The piece with
// most of its residents keeps the number; the others come after the highest. Errors are faults of code Invalid.
func Split(ctx context.Context, p *Problem, grid []int32, which int32, n int, o Options) (*Drawing, error) {
	if n < 2 {
		return nil, invalid("拆分后的网格数应不少于 2，现为 %d", "a grid is split into 2 or more, not %d", n)
	}
	return Recut(ctx, p, grid, []int32{which}, n, o)
}

// Recut takes the ground of chosen grids together and draws it afresh as n grids of about the same weight, or, when n is 0,
// as many as the band asks for. Only blocks of these grids change. Each new grid takes the number of the chosen grid that
// it has most residents from. Options.Together is honoured, for groups that lie in this ground as a whole; what is fixed
// can't be among it. Errors are faults of code Invalid.
func Recut(ctx context.Context, p *Problem, grid, chosen []int32, n int, o Options) (*Drawing, error) {
	e, err := newEdit(p, grid, chosen, o)
	if err != nil {
		return nil, err
	}
	if err := e.nothingFixed(); err != nil {
		return nil, err
	}
	began := time.Now()
	sub, of := e.ground()
	t := newTask(&sub.Problem, &sub.o)
	inner := sub.o
	if n > 0 {
		inner.Target, inner.Tolerance = e.mean(n), evenTolerance
	}
	j := newJob(ctx, t.p, inner, began)
	if n > 0 {
		counts, err := e.counts(j.parts, n)
		if err != nil {
			return nil, err
		}
		j.runs = nil
		j.plan(counts)
	}
	j.run()
	drawn := t.expand(j.join(), nil)
	return e.done(of, e.renumber(of, drawn), t, j, began), nil
}

// Rebalance evens out chosen grids among themselves, with few people moved: as near to their mean weight as 5 %, if it can
// be. Their number stays, and only their blocks change. What is fixed stays where it is. Errors are faults of code Invalid: grids that
// don't hang together can't give each other anything.
func Rebalance(ctx context.Context, p *Problem, grid, chosen []int32, o Options) (*Drawing, error) {
	e, err := newEdit(p, grid, chosen, o)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	sub, of := e.ground()
	sub.o.Start = make([]int32, len(sub.Blocks))
	for b, to := range of {
		if to >= 0 {
			sub.o.Start[to] = grid[b]
		}
	}
	if !newGraph(&sub.Problem).together(sub.o.Start) {
		return nil, invalid("网格 %s 不相连，无法相互均衡", "grids %s don't hang together and can't be evened out among themselves", p.gridNames(chosen...))
	}
	sub.o.Fixed = e.fixedWithin(of)
	t := newTask(&sub.Problem, &sub.o)
	inner := sub.o
	inner.Target, inner.Tolerance = e.mean(len(chosen)), evenTolerance
	j := newJob(ctx, t.p, inner, began)
	d := newRedrawing(j, t)
	d.even = true
	drawn := t.expand(d.run(), sub.o.Start)
	if even := newBand(e.mean(len(chosen)), evenTolerance); len(sub.o.Together) == 0 && sub.missed(drawn, even) > sub.missed(sub.o.Start, even) && sub.whole(sub.o.Start) { // with hardly any time it may come out worse
		drawn = slices.Clone(sub.o.Start)
	}
	for b, g := range drawn { // a broken grid's other piece has become one of its own
		if !slices.Contains(chosen, g) {
			drawn[b] = g - slices.Max(sub.o.Start) - 1 + e.next
		}
	}
	return e.done(of, drawn, t, j, began), nil
}

// Merge makes one grid of chosen ones, which must hang together in one community. It has the number of the one with most
// residents, or of the one in which something is held. Errors are faults of code Invalid.
func Merge(p *Problem, grid, chosen []int32, o Options) (*Drawing, error) {
	e, err := newEdit(p, grid, chosen, o)
	if err != nil {
		return nil, err
	}
	into, err := e.survivor()
	if err != nil {
		return nil, err
	}
	sub, of := e.ground()
	for _, b := range sub.Blocks {
		if b.Within != sub.Blocks[0].Within {
			return nil, invalid("网格 %s 分属不同社区，不能合并", "grids %s lie in several communities and can't be one", p.gridNames(chosen...))
		}
	}
	if _, n := newGraph(&sub.Problem).pieces(make([]int32, len(sub.Blocks))); n > 1 {
		return nil, invalid("网格 %s 不相连，不能合并", "grids %s don't hang together and can't be one", p.gridNames(chosen...))
	}
	out := slices.Clone(grid)
	for b, to := range of {
		if to >= 0 {
			out[b] = into
		}
	}
	return &Drawing{out, e.report(out)}, nil
}

// together says whether grids hang together, one with the next.
func (g *graph) together(grid []int32) bool {
	group := map[int32]int32{} // grid → one that it hangs together with, up to one that stands for all
	find := func(i int32) int32 {
		for group[i] != i {
			i = group[i]
		}
		return i
	}
	for _, i := range grid {
		group[i] = i
	}
	for b, i := range grid {
		for _, h := range g.around(int32(b)) {
			if a, b := find(i), find(grid[h.to]); a != b {
				group[a] = b
			}
		}
	}
	first := find(grid[0])
	return !slices.ContainsFunc(grid, func(i int32) bool { return find(i) != first })
}
