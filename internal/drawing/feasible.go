package drawing

import "fmt"

// measureRest is measureParts of the ground that isn't in special grids; of that which is, no part can be in band.
func (p *Problem) measureRest(b band, grid []int32, special map[int32]SpecialGrid, r *Report) []bool {
	if len(special) == 0 {
		return p.measureParts(b, r)
	}
	rest, of := p.ordinary(grid, special)
	can := rest.measureParts(b, r)
	all := make([]bool, len(of))
	communities := map[int32]bool{}
	for i, to := range of {
		all[i] = to >= 0 && can[to]
		communities[p.Blocks[i].Within] = true
	}
	r.Communities = len(communities)
	return all
}

// measureParts names what can't be in band and what isn't connected. It returns, for every block, the number of its
// part and whether that part can be in band.
func (p *Problem) measureParts(b band, r *Report) []bool {
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
				fmt.Sprintf("%s lies in %d pieces that share no border; each was drawn on its own", name, n)})
		}
		feasible, reasons := q.feasible(b, p.label)
		for _, reason := range reasons {
			if pieces[q.within] > 1 {
				reason = fmt.Sprintf("a separate piece of %d block(s): %s", len(q.blocks), reason)
			}
			r.Infeasible = append(r.Infeasible, Infeasible{name, q.weight, reason})
		}
		for _, block := range q.blocks {
			can[block] = feasible
		}
	}
	return can
}

// feasible says whether a part's weight can be cut into grids in band, and names what can't be: the part, by
// arithmetic, or a block that is heavier than a grid may be.
func (q *part) feasible(b band, label func(int32) string) (bool, []string) {
	var reasons []string
	giants, heavy := 0, int64(0)
	for i := range q.mass {
		if w := q.mass[i].w; w > b.upper {
			giants++
			heavy += w
			reasons = append(reasons, fmt.Sprintf("block %s alone holds %d, more than a grid's upper bound of %d", label(q.blocks[i]), w, b.upper))
		}
	}
	if giants > 0 {
		return q.weight-heavy >= b.lower, reasons
	}
	if _, _, ok := b.counts(q.weight); !ok {
		return false, []string{b.reason(q.weight)}
	}
	return true, nil
}

// countFeasible counts the grids that could be in band: those of a part that can be, save the ones that hold a
// block heavier than a grid may be.
func (r *Report) countFeasible(p *Problem, grid []int32, b band, shapes []shape, can []bool) {
	for i := range p.Blocks {
		s := &shapes[grid[i]]
		s.good = s.good || can[i]
		s.hasGiant = s.hasGiant || p.Blocks[i].Weight > b.upper
	}
	for g := range shapes {
		if s := &shapes[g]; s.blocks > 0 && s.good && !s.hasGiant {
			r.Feasible++
			if b.holds(s.weight) {
				r.InBandFeasible++
			}
		}
	}
}
