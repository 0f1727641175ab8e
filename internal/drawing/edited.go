package drawing

import (
	"fmt"
	"slices"
	"time"

	"jingwei/internal/fault"
)

// edit is an assignment of which some grids are to change.
type edit struct {
	p      *Problem
	grid   []int32
	chosen []int32
	o      Options // as given
	next   int32   // the first free number
}

// subproblem is the ground of the chosen grids with the options that hold for it.
type subproblem struct {
	Problem
	o Options
}

func newEdit(p *Problem, grid, chosen []int32, o Options) (*edit, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	given := o
	given.Start = grid
	if _, err := given.filled(); err != nil {
		return nil, err
	}
	if grid == nil || len(chosen) == 0 {
		return nil, fault.New(fault.Invalid, "请选定要调整的网格", "choose the grids to change")
	}
	if err := given.checkWishes(p); err != nil {
		return nil, err
	}
	if b := slices.Index(grid, -1); b >= 0 {
		return nil, invalid("第 %d 个基本单元不在任何网格中（%d）", "block %d is in no grid (%d)", b, -1)
	}
	for i, g := range chosen {
		if !slices.Contains(grid, g) || slices.Contains(chosen[:i], g) {
			return nil, invalid("选定的网格 %s 不存在或重复", "grid %s isn't there or is chosen twice", p.gridNames(g))
		}
	}
	return &edit{p: p, grid: grid, chosen: chosen, o: o, next: slices.Max(grid) + 1}, nil
}

func (e *edit) mine(b int32) bool { return slices.Contains(e.chosen, e.grid[b]) }

// mean is the chosen grids' weight shared among n.
func (e *edit) mean(n int) float64 {
	var weight int64
	for b := range e.grid {
		if e.mine(int32(b)) {
			weight += e.p.Blocks[b].Weight
		}
	}
	return max(1, float64(weight)/float64(n))
}

// ground is the chosen grids' ground as a problem. What kind of ground it is doesn't matter any more: a planner who cuts a
// school's grid by hand means it.
func (e *edit) ground() (*subproblem, []int32) {
	q, of := e.p.only(e.mine)
	sub := &subproblem{Problem: *q}
	sub.o, _ = e.o.filled()
	sub.o.Start, sub.o.Fixed, sub.o.Together = nil, nil, nil
	for _, g := range e.o.Together {
		inside := Group{Name: g.Name}
		for _, b := range g.Blocks {
			if of[b] >= 0 {
				inside.Blocks = append(inside.Blocks, of[b])
			}
		}
		if len(inside.Blocks) == len(g.Blocks) {
			sub.o.Together = append(sub.o.Together, inside)
		}
	}
	return sub, of
}

// missed is by how much grids miss a band, all together.
func (s *subproblem) missed(grid []int32, b band) (sum int64) {
	weights := map[int32]int64{}
	for block, g := range grid {
		weights[g] += s.Blocks[block].Weight
	}
	for _, w := range weights {
		sum += b.outside(w)
	}
	return sum
}

// whole says whether all grids are connected.
func (s *subproblem) whole(grid []int32) bool {
	graph, members := newGraph(&s.Problem), map[int32][]int32{}
	for block, g := range grid {
		members[g] = append(members[g], int32(block))
	}
	for _, blocks := range members {
		if !graph.connects(blocks) {
			return false
		}
	}
	return true
}

// fixedWithin is what is fixed among the chosen grids.
func (e *edit) fixedWithin(of []int32) *Fixed {
	if e.o.Fixed == nil {
		return nil
	}
	f := &Fixed{}
	for _, g := range e.o.Fixed.Grids {
		if slices.Contains(e.chosen, g) {
			f.Grids = append(f.Grids, g)
		}
	}
	for _, b := range e.o.Fixed.Blocks {
		if of[b] >= 0 {
			f.Blocks = append(f.Blocks, of[b])
		}
	}
	return f
}

func (e *edit) nothingFixed() error {
	if e.o.Fixed == nil {
		return nil
	}
	for _, g := range e.o.Fixed.Grids {
		if slices.Contains(e.chosen, g) {
			return invalid("网格 %s 已固定，请先解除固定", "grid %s is held fixed; let it go first", e.p.gridNames(g))
		}
	}
	for _, b := range e.o.Fixed.Blocks {
		if e.mine(b) {
			return invalid("基本单元 %d 已固定在选定的网格中，请先解除固定", "block %d is held fixed in a chosen grid; let it go first", b)
		}
	}
	return nil
}

// survivor is the grid whose number a merger keeps.
func (e *edit) survivor() (int32, error) {
	weight, held := map[int32]int64{}, map[int32]bool{}
	for b, g := range e.grid {
		weight[g] += e.p.Blocks[b].Weight
	}
	if e.o.Fixed != nil {
		for _, g := range e.o.Fixed.Grids {
			if slices.Contains(e.chosen, g) {
				return 0, invalid("网格 %s 已固定，不能合并", "grid %s is held fixed and can't be merged", e.p.gridNames(g))
			}
		}
		for _, b := range e.o.Fixed.Blocks {
			held[e.grid[b]] = e.mine(b)
		}
	}
	best, holding := e.chosen[0], 0
	for _, g := range e.chosen {
		if held[g] {
			holding++
			weight[g] += 1 << 40
		}
		if weight[g] > weight[best] {
			best = g
		}
	}
	if holding > 1 {
		return 0, fault.New(fault.Invalid, fmt.Sprintf("网格 %s 中有 %d 个含固定单元，不能合并", e.p.gridNames(e.chosen...), holding),
			fmt.Sprintf("%d of grids %s have blocks that are held fixed, so they can't be one", holding, e.p.gridNames(e.chosen...)))
	}
	return best, nil
}

// counts shares n grids out among the parts of the chosen ground, by weight: at least one each, and none more than it has blocks.
func (e *edit) counts(parts []*part, n int) ([]int32, error) {
	blocks := 0
	for _, q := range parts {
		blocks += len(q.blocks)
	}
	if n < len(parts) {
		return nil, invalid("选定的基本单元由 %d 片互不相连的部分组成，不能划为 %d 个网格", "the chosen ground lies in %d pieces that share no border, so it can't be %d grids", len(parts), n)
	}
	if n > blocks {
		return nil, invalid("选定的只有 %d 个基本单元，不能划为 %d 个网格", "the chosen ground has %d blocks to move, so it can't be %d grids", blocks, n)
	}
	counts := make([]int32, len(parts))
	for i := range counts {
		counts[i] = 1
	}
	for range n - len(parts) {
		best := -1
		for i, q := range parts {
			if int(counts[i]) < len(q.blocks) && (best < 0 || q.weight*int64(counts[best]) > parts[best].weight*int64(counts[i])) {
				best = i
			}
		}
		counts[best]++
	}
	return counts, nil
}

// renumber gives drawn grids (of the chosen ground's blocks) the chosen numbers, each to the grid that has most residents
// from there, and free numbers to the rest.
func (e *edit) renumber(of, drawn []int32) []int32 {
	type overlap struct {
		was, is int32
		weight  int64
	}
	var all []overlap
	at := map[[2]int32]int{}
	for b, to := range of {
		if to < 0 {
			continue
		}
		key := [2]int32{e.grid[b], drawn[to]}
		if _, seen := at[key]; !seen {
			at[key] = len(all)
			all = append(all, overlap{was: key[0], is: key[1]})
		}
		all[at[key]].weight += e.p.Blocks[b].Weight
	}
	slices.SortStableFunc(all, func(a, b overlap) int { return int(b.weight - a.weight) })
	number, taken := map[int32]int32{}, map[int32]bool{}
	for _, x := range all {
		if _, has := number[x.is]; !has && !taken[x.was] {
			number[x.is], taken[x.was] = x.was, true
		}
	}
	out := make([]int32, len(drawn))
	next := e.next
	for b, g := range drawn {
		if _, has := number[g]; !has {
			number[g] = next
			next++
		}
		out[b] = number[g]
	}
	return out
}

// done is the assignment with the chosen ground's blocks in the grids that were drawn for them.
func (e *edit) done(of, drawn []int32, t *task, j *job, began time.Time) *Drawing {
	out := slices.Clone(e.grid)
	for b, to := range of {
		if to >= 0 {
			out[b] = drawn[to]
		}
	}
	d := &Drawing{out, e.report(out)}
	d.Report.Warnings = append(d.Report.Warnings, t.warnings...)
	d.Report.Seed = e.o.Seed
	d.Report.StoppedEarly = j.stopped.Load()
	d.Report.Seconds = time.Since(began).Seconds()
	return d
}

func (e *edit) report(grid []int32) Report {
	o, _ := e.o.filled()
	r := Measure(e.p, grid, e.o)
	r.Moved = compare(e.p, e.grid, grid, newBand(o.Target, o.Tolerance))
	return r
}
