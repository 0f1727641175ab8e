package drawing

import (
	"slices"
)

// gather gives every block the lowest block of what it is kept together with. A group that shares a block with an earlier
// one is joined with it. A group that can't be is left apart, with a warning that says why.
func (t *task) gather(o *Options, held []bool) []int32 {
	lead := make([]int32, len(t.whole.Blocks))
	for b := range lead {
		lead[b] = int32(b)
	}
	joined := map[int32][]int32{} // lead → all that it leads, where that is more than itself
	upper := newBand(o.Target, o.Tolerance).upper
	for _, g := range o.Together {
		var members []int32
		for _, b := range g.Blocks {
			if more := joined[lead[b]]; more != nil {
				members = append(members, more...)
			} else {
				members = append(members, b)
			}
		}
		slices.Sort(members)
		members = slices.Compact(members)
		if len(members) < 2 {
			continue
		}
		if why := t.apart(members, upper, o.Start, held); why.EN != "" {
			t.warnings = append(t.warnings, Warning{t.whole.name(t.whole.Blocks[members[0]].Within), "together",
				why.after(g.Name+" 不能同在一个网格：", g.Name+" can't be kept in one grid: ")})
			continue
		}
		for _, b := range members {
			lead[b] = members[0]
		}
		joined[members[0]] = members
	}
	return lead
}

// apart says why some blocks can't be in one grid, nothing when they can.
func (t *task) apart(members []int32, upper int64, start []int32, held []bool) said {
	p := t.whole
	within, grid := p.Blocks[members[0]].Within, int32(-1)
	var weight int64
	for _, b := range members {
		weight += p.Blocks[b].Weight
		if other := p.Blocks[b].Within; other != within {
			return say("分属 %s 和 %s 两个社区", "it lies in two communities, %s and %s", p.name(within), p.name(other))
		}
		if t.special != nil && t.special[b] >= 0 {
			return say("其中有专属用地，须单独成格", "it has special ground in it, which is a grid of its own")
		}
		if held[b] && grid >= 0 && grid != start[b] {
			return say("其基本单元分别固定在网格 %s 和 %s 中", "its blocks are held in two grids, %s and %s", p.gridNames(grid), p.gridNames(start[b]))
		}
		if held[b] {
			grid = start[b]
		}
	}
	for _, b := range members {
		if t.closed[grid] && start[b] != grid {
			return say("网格 %s 已固定，且只含其一部分", "grid %s is held as it is and has only a part of it", p.gridNames(grid))
		}
	}
	if weight > upper {
		return say("共 %d，超过网格上限 %d", "it holds %d, more than a grid's upper bound of %d", weight, upper)
	}
	if !t.graph.connects(members) {
		return say("其基本单元不经边界相连", "its blocks don't hang together through borders")
	}
	return said{}
}

// connects says whether some blocks hang together through borders among themselves.
func (g *graph) connects(members []int32) bool {
	left := make(map[int32]bool, len(members))
	for _, b := range members {
		left[b] = true
	}
	queue := members[:1:1]
	delete(left, members[0])
	for i := 0; i < len(queue); i++ {
		for _, h := range g.around(queue[i]) {
			if left[h.to] {
				delete(left, h.to)
				queue = append(queue, h.to)
			}
		}
	}
	return len(left) == 0
}
