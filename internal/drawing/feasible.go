package drawing

import (
	"fmt"
	"slices"
)

// measureRest is measureParts of the ground that isn't in special grids; of that which is, no part can be in band.
func (p *Problem) measureRest(b band, grid []int32, shapes []shape, special map[int32]SpecialGrid, r *Report) []bool {
	if len(special) == 0 {
		return p.measureParts(b, grid, shapes, r)
	}
	rest, of := p.ordinary(grid, special)
	left := make([]int32, len(rest.Blocks))
	for i, to := range of {
		if to >= 0 {
			left[to] = grid[i]
		}
	}
	can := rest.measureParts(b, left, shapes, r)
	all := make([]bool, len(of))
	communities := map[int32]bool{}
	for i, to := range of {
		all[i] = to >= 0 && can[to]
		communities[p.Blocks[i].Within] = true
	}
	r.Communities = len(communities)
	return all
}

// measureParts names what can't be in band and what isn't connected. It returns, for every block, whether its grid could be in band.
func (p *Problem) measureParts(b band, grid []int32, shapes []shape, r *Report) []bool {
	parts := p.split(newGraph(p))
	can := make([]bool, len(p.Blocks))
	pieces := map[int32]int{}
	for _, q := range parts {
		pieces[q.within]++
	}
	r.Communities = len(pieces)
	for i, q := range parts {
		name := p.name(q.within)
		if n := pieces[q.within]; n > 1 && (i == 0 || parts[i-1].within != q.within) {
			r.Warnings = append(r.Warnings, Warning{name, "disconnected",
				say("%s 由 %d 片互不相接的地面组成，各片分别划分", "%s lies in %d pieces that share no border; each was drawn on its own", name, n)})
		}
		out := slices.ContainsFunc(q.blocks, func(block int32) bool { return !b.holds(shapes[grid[block]].weight) })
		possible, reasons := q.feasible(b, p.label, out)
		for _, reason := range reasons {
			if pieces[q.within] > 1 {
				reason = reason.after(fmt.Sprintf("其中不相连的一片（%d 个基本单元）：", len(q.blocks)), fmt.Sprintf("a separate piece of %d block(s): ", len(q.blocks)))
			}
			r.Infeasible = append(r.Infeasible, Infeasible{name, q.weight, reason})
		}
		for k, block := range q.blocks {
			can[block] = possible[k]
		}
	}
	return can
}

// feasible says of every block of a part whether a grid with it can be in band, and names what can't be: the part, by the
// arithmetic of its total; a block that is heavier than a grid may be; and where the drawing at hand has grids out of band, a block that
// makes none with its neighbours, a neck (neck.go), or the part, by that of its heavy blocks or by a search (possible.go).
func (q *part) feasible(b band, label func(int32) string, out bool) (can []bool, reasons []said) {
	can = make([]bool, len(q.mass))
	giants, heavy := 0, int64(0)
	for i := range q.mass {
		if w := q.mass[i].w; w > b.upper {
			giants++
			heavy += w
			reasons = append(reasons, say("基本单元 %s 一个就有 %d，超过网格上限 %d", "block %s alone holds %d, more than a grid's upper bound of %d", label(q.blocks[i]), w, b.upper))
		}
	}
	_, _, ok := b.counts(q.weight)
	switch {
	case giants > 0:
		ok = q.weight-heavy >= b.lower
	case !ok:
		reasons = append(reasons, b.reason(q.weight))
	}
	if !ok {
		return can, reasons
	}
	for i := range can {
		can[i] = q.mass[i].w <= b.upper
	}
	if !out || giants > 0 {
		return can, reasons
	}
	people := q.inhabited(b)
	stuck := people.stuck()
	for _, s := range stuck {
		block := people.blocks[s]
		can[block] = false
		reasons = append(reasons, say("基本单元 %s 有 %d，无论与哪些相邻单元合并都不在 %d 至 %d 之间", "block %s holds %d, and with whatever neighbours it is taken together that is never %d to %d",
			label(q.blocks[block]), q.mass[block].w, b.lower, b.upper))
	}
	free := slices.DeleteFunc(people.all(), func(b int32) bool { return slices.Contains(stuck, b) })
	if c, found := people.crowded(free); found {
		clear(can)
		return can, append(reasons, c.reason(b.lower))
	}
	if len(stuck) > 0 {
		return can, reasons
	}
	if n, found := q.tightNeck(b); found {
		for _, block := range n.forced {
			can[block] = false
		}
		reasons = append(reasons, n.reason(label(q.blocks[n.block]), b))
		return can, reasons
	}
	ruledOut := people.ruledOut()
	if !ruledOut {
		gated, gates := q.gated(b)
		ruledOut = gates > 0 && gated.ruledOut()
	}
	if ruledOut {
		clear(can)
		reasons = append(reasons, people.reason(q.weight))
	}
	return can, reasons
}

// countFeasible counts the grids that could be in band: those all of whose blocks can be in one.
func (r *Report) countFeasible(grid []int32, b band, shapes []shape, can []bool) {
	for i, g := range grid {
		shapes[g].cannot = shapes[g].cannot || !can[i]
	}
	for g := range shapes {
		if s := &shapes[g]; s.blocks > 0 && !s.cannot {
			r.Feasible++
			if b.holds(s.weight) {
				r.InBandFeasible++
			}
		}
	}
}
