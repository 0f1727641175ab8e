package drawing

// Moved is what a redrawing has changed. Blocks that were in no grid before don't count as moved.
type Moved struct {
	Residents int64   `json:"residents"` // in blocks whose grid changed (its number, which is what they would be told)
	Blocks    int     `json:"blocks"`
	Outside   int64   `json:"residents_of_grids_in_band"` // of these residents, those whose grid was in band before
	Share     float64 `json:"share"`                      // of all residents who had a grid
	OutBefore int     `json:"grids_out_of_band_before"`   // by today's weights
	OutAfter  int     `json:"grids_out_of_band_after"`
	Changed   []int32 `json:"changed"` // grids of before that lost or gained blocks, ascending
	Founded   []int32 `json:"founded"` // new ones
	Gone      []int32 `json:"gone"`    // that have no blocks any more
}

// compare says what became of an assignment. before may have blocks in no grid (−1).
func compare(p *Problem, before, after []int32, b band) *Moved {
	n := int32(0)
	for i := range before {
		n = max(n, before[i]+1, after[i]+1)
	}
	m := &Moved{Changed: []int32{}, Founded: []int32{}, Gone: []int32{}}
	was, is := make([]int64, n), make([]int64, n)
	had, has, changed := make([]bool, n), make([]bool, n), make([]bool, n)
	var all int64
	for i := range before {
		if g := before[i]; g >= 0 {
			was[g] += p.Blocks[i].Weight
			had[g] = true
			all += p.Blocks[i].Weight
		}
		is[after[i]] += p.Blocks[i].Weight
		has[after[i]] = true
	}
	for i := range before {
		g := before[i]
		if g == after[i] {
			continue
		}
		changed[after[i]] = true
		if g < 0 {
			continue
		}
		changed[g] = true
		m.Blocks++
		m.Residents += p.Blocks[i].Weight
		if b.holds(was[g]) {
			m.Outside += p.Blocks[i].Weight
		}
	}
	special, specialBefore := p.specialGrids(after), p.specialGrids(known(before, n))
	for g := range n {
		if _, yes := specialBefore[g]; had[g] && !yes && !b.holds(was[g]) {
			m.OutBefore++
		}
		if _, yes := special[g]; has[g] && !yes && !b.holds(is[g]) {
			m.OutAfter++
		}
		switch {
		case had[g] && !has[g]:
			m.Gone = append(m.Gone, g)
		case has[g] && !had[g]:
			m.Founded = append(m.Founded, g)
		case changed[g]:
			m.Changed = append(m.Changed, g)
		}
	}
	if all > 0 {
		m.Share = float64(m.Residents) / float64(all)
	}
	return m
}

// known puts blocks that are in no grid into one of their own, n.
func known(grid []int32, n int32) []int32 {
	out := make([]int32, len(grid))
	for i, g := range grid {
		if out[i] = g; g < 0 {
			out[i] = n
		}
	}
	return out
}
