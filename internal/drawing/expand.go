package drawing

import "slices"

// expand gives the blocks of the whole problem the grids of the smaller one's, and special ground its own.
func (t *task) expand(grid, start []int32) []int32 {
	if t.of == nil {
		return grid
	}
	out := make([]int32, len(t.of))
	next := int32(0)
	for b, to := range t.of {
		if to >= 0 {
			out[b] = grid[to]
			next = max(next, grid[to]+1)
		}
	}
	if t.special == nil {
		return out
	}
	for _, g := range start {
		next = max(next, g+1)
	}
	number := t.keepSpecial(out, start)
	for b, s := range t.special {
		if s < 0 {
			continue
		}
		if _, seen := number[s]; !seen {
			number[s] = next
			next++
		}
		out[b] = number[s]
	}
	if start == nil {
		t.byCommunity(out, next)
	}
	return out
}

// keepSpecial finds the special grids that were grids before: whose ground had one number that nothing else has.
func (t *task) keepSpecial(out, start []int32) map[int32]int32 {
	number, taken := map[int32]int32{}, map[int32]int32{}
	if start == nil {
		return number
	}
	const nobody, everybody = -1, -2
	for b, s := range t.special {
		if s < 0 {
			taken[out[b]] = everybody
			continue
		}
		had, seen := number[s]
		switch {
		case !seen || had == nobody:
			number[s] = start[b]
		case start[b] != nobody && had != start[b]:
			number[s] = everybody
		}
	}
	for s, n := int32(0), int32(len(number)); s < n; s++ {
		g := number[s]
		if _, seen := taken[g]; g < 0 || seen {
			delete(number, s)
			continue
		}
		taken[g] = s
	}
	return number
}

// byCommunity numbers grids afresh, those of one community together.
func (t *task) byCommunity(grid []int32, n int32) {
	within := make([]int32, n)
	for b, g := range grid {
		within[g] = t.whole.Blocks[b].Within
	}
	order := make([]int32, n)
	for g := range order {
		order[g] = int32(g)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return int(within[a]) - int(within[b]) })
	number := make([]int32, n)
	for i, g := range order {
		number[g] = int32(i)
	}
	for b, g := range grid {
		grid[b] = number[g]
	}
}
