package ground

// warnUnreachable names ground where people live and that nobody can get to: from no street and no path can one come to it without going
// through a wall, across rails or a river. It still lies in a grid; what is missing is more likely a way, a gate or a bridge on
// the map than on the ground.
func (c *community) warnUnreachable() {
	reached := make([]bool, len(c.blocks))
	open := make([][]int32, len(c.blocks))
	var queue []int32
	reach := func(block int32) {
		if block >= 0 && !reached[block] {
			reached[block] = true
			queue = append(queue, block)
		}
	}
	for i := range c.arcs {
		a := &c.arcs[i]
		switch Barrier(a.Mark) {
		case Path, Street, MainRoad:
			reach(a.Left)
			reach(a.Right)
		case Nothing:
			if a.Left >= 0 && a.Right >= 0 {
				open[a.Left] = append(open[a.Left], a.Right)
				open[a.Right] = append(open[a.Right], a.Left)
			}
		}
	}
	if len(queue) == 0 {
		return // there are no ways on the map at all, which says nothing
	}
	for len(queue) > 0 {
		block := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, next := range open[block] {
			reach(next)
		}
	}
	blocks, people := 0, 0
	var buildings []int
	for i := range c.blocks {
		if b := &c.blocks[i]; !reached[i] && b.Residents > 0 {
			blocks++
			people += b.Residents
			for _, p := range b.Parts {
				buildings = append(buildings, p.Building)
			}
		}
	}
	if blocks > 0 {
		c.warn(kindUnreachable, "%d 个基本单元（%d 人，楼栋 %s）没有道路可达：四周是围墙、铁路或水面，请检查道路、大门或桥梁是否漏绘",
			"%d block(s) with %d people (buildings %s) can't be reached from any street or path: walls, rails or water are all around; look for a way, a gate or a bridge that isn't on the map",
			blocks, people, listed(c.sources(buildings)))
	}
}
