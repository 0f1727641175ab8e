package drawing

// evenOut is bringBack for chosen grids only, all at once.
func (w *rework) evenOut() {
	w.may = make([]bool, len(w.name))
	var group []int32
	for g, name := range w.name {
		if name >= 0 && w.d.chosen[name] && !w.closed[g] {
			group = append(group, int32(g))
		}
	}
	if len(group) > 1 {
		w.settleAround(group)
	}
}
