package gridnet

import (
	"cmp"
	"maps"
	"slices"
)

// fillGaps gives blocks that lie in no polygon to the neighbour with which they have the longest border, or makes them a grid of their own where as many
// live on them as on a grid of this net, and asks where more than a handful do.
func (w *work) fillGaps() {
	usual := w.usual()
	for _, blocks := range w.members {
		for _, hole := range w.components(blocks, func(b int32) (int32, bool) { return -1, w.label[b] == -1 && !w.left[b] }) {
			w.fill(hole, usual)
		}
	}
}

// usual is how many live on a polygon of the net: the middle one by its people, of those with any.
func (w *work) usual() int {
	people := make(map[int32]int)
	for b, label := range w.label {
		if label >= 0 && int(label) < len(w.net.Polygons) && w.ground.Blocks[b].Residents > 0 {
			people[label] += w.ground.Blocks[b].Residents
		}
	}
	all := slices.Sorted(maps.Values(people))
	if len(all) == 0 {
		return 0
	}
	return all[len(all)/2]
}

// fill puts ground that lies in no polygon into a grid. What would be a grid by itself, by the measure of the net, isn't given to a neighbour.
func (w *work) fill(hole []int32, usual int) {
	around := w.around(hole, func(b int32) bool { return w.label[b] >= 0 })
	_, residents, _ := w.sum(hole)
	alone := len(around) == 0 || usual > 0 && 2*residents >= usual && residents > handful
	to := w.own
	if alone {
		w.own++
	} else {
		to = around[0].block
	}
	for _, b := range hole {
		w.label[b] = to
	}
	if residents > handful {
		d := w.decision(AskBlocks, hole)
		d.Candidates = w.neighbouring(around, d)
		if last := len(d.Candidates) - 1; alone {
			d.Candidates = append([]Candidate{d.Candidates[last]}, d.Candidates[:last]...)
		}
		d.Candidates = append(d.Candidates, Candidate{Polygon: LeftOut, Residents: d.Residents, AreaM2: d.AreaM2, Share: 1})
		d.What = wordsHole(len(hole), d)
		w.ask(d)
	}
}

// neighbouring makes candidates of the grids around some blocks, and a last one of a grid of its own.
func (w *work) neighbouring(around []border, d Decision) (out []Candidate) {
	for _, n := range around {
		if c := w.candidate(n.block, 0, 0, 0, n.length); c.Polygon != OwnGrid {
			out = append(out, c)
		}
	}
	return append(out, Candidate{Polygon: OwnGrid, Residents: d.Residents, AreaM2: d.AreaM2, Share: 1})
}

// around are the labels of the blocks that border on some, where they are wanted, with the length of the border; the longest first.
func (w *work) around(blocks []int32, wanted func(b int32) bool) (out []border) {
	mine := make(map[int32]bool, len(blocks))
	for _, b := range blocks {
		mine[b] = true
	}
	for _, b := range blocks {
		for _, n := range w.neighbours[b] {
			if mine[n.block] || w.left[n.block] || !wanted(n.block) {
				continue
			}
			label := w.label[n.block]
			i := slices.IndexFunc(out, func(o border) bool { return o.block == label })
			if i < 0 {
				i = len(out)
				out = append(out, border{block: label})
			}
			out[i].length += n.length
		}
	}
	slices.SortFunc(out, func(a, b border) int {
		return cmp.Or(cmp.Compare(whole(b.length), whole(a.length)), cmp.Compare(a.block, b.block))
	})
	return out
}

// components are the connected sets of blocks with the same label, of those that take part, each ascending, in the order of their first blocks.
func (w *work) components(blocks []int32, label func(b int32) (l int32, takesPart bool)) (out [][]int32) {
	seen := make(map[int32]bool, len(blocks))
	for _, first := range blocks {
		l, in := label(first)
		if !in || seen[first] {
			continue
		}
		seen[first] = true
		set := []int32{first}
		for k := 0; k < len(set); k++ {
			for _, n := range w.neighbours[set[k]] {
				if m, in := label(n.block); in && m == l && !seen[n.block] {
					seen[n.block] = true
					set = append(set, n.block)
				}
			}
		}
		slices.Sort(set)
		out = append(out, set)
	}
	return out
}

// connect sees to it that what of a polygon lies in one community hangs together: a small part that is cut off goes to a neighbour, a larger one
// becomes a grid of its own, and somebody is asked.
func (w *work) connect() {
	for _, blocks := range w.members {
		parts := make(map[int32][][]int32)
		var order []int32
		for _, set := range w.components(blocks, func(b int32) (int32, bool) { return w.label[b], !w.left[b] }) {
			l := w.label[set[0]]
			if parts[l] == nil {
				order = append(order, l)
			}
			parts[l] = append(parts[l], set)
		}
		slices.Sort(order)
		var small [][]int32
		for _, l := range order {
			small = append(small, w.divide(l, parts[l])...)
		}
		w.handOver(small)
	}
}

// divide lets the main part of a polygon keep it. It gives back the parts that are too small to be grids.
func (w *work) divide(label int32, parts [][]int32) (small [][]int32) {
	if len(parts) < 2 {
		return nil
	}
	total := 0
	for _, p := range parts {
		_, n, _ := w.sum(p)
		total += n
	}
	slices.SortStableFunc(parts, func(p, q []int32) int {
		pa, pn, _ := w.sum(p)
		qa, qn, _ := w.sum(q)
		return cmp.Or(cmp.Compare(qn, pn), cmp.Compare(whole(qa), whole(pa)), cmp.Compare(p[0], q[0]))
	})
	for _, p := range parts[1:] {
		area, residents, bounds := w.sum(p)
		f := Flaw{Kind: CutOff, Polygons: w.polygonOf(label), Communities: w.communityOf(p[0]), AreaM2: area, Residents: residents, Pieces: 1, Bounds: bounds,
			Blocks: w.ids(p), What: wordsCutOff(w.nameOf(label), len(p), residents)}
		switch {
		case !slices.ContainsFunc(p, func(b int32) bool { return !w.answered[b] }):
			f.Done = Words{"按决定自成网格", "it is a grid of its own, as decided"}
			w.setApart(p)
		case residents <= handful || float64(residents) <= smallPart*float64(total):
			f.Done = Words{"划给公共边界最长的相邻网格", "it goes to the neighbour with the longest border"}
			small = append(small, p)
		default:
			f.Done = Words{"暂时自成网格，待决定", "it is a grid of its own until somebody decides"}
			w.setApart(p)
			w.askPart(p, w.around(p, func(int32) bool { return true }), &f)
		}
		if int(label) < len(w.net.Polygons) {
			w.flaw(f)
		}
	}
	return small
}

// setApart makes a grid of its own of some blocks.
func (w *work) setApart(blocks []int32) {
	for _, b := range blocks {
		w.label[b] = w.own
	}
	w.own++
}

// askPart asks what becomes of a part.
func (w *work) askPart(p []int32, others []border, f *Flaw) {
	d := w.decision(AskPart, p)
	all := w.neighbouring(others, d)
	last := len(all) - 1
	d.Candidates = append([]Candidate{all[last]}, all[:last]...) // a grid of its own holds until somebody decides
	d.What = f.What
	f.Decisions = []int{len(w.result.Decisions)}
	w.ask(d)
}

// handOver gives small parts to the neighbours with the longest borders, the smallest first. One that has none but other small parts waits for
// those; a piece of ground that nothing borders on stays a grid of its own.
func (w *work) handOver(small [][]int32) {
	waiting := make(map[int32]bool)
	for _, p := range small {
		for _, b := range p {
			waiting[b] = true
		}
	}
	slices.SortStableFunc(small, func(p, q []int32) int {
		pa, pn, _ := w.sum(p)
		qa, qn, _ := w.sum(q)
		return cmp.Or(cmp.Compare(pn, qn), cmp.Compare(whole(pa), whole(qa)), cmp.Compare(p[0], q[0]))
	})
	for len(small) > 0 {
		at := slices.IndexFunc(small, func(p []int32) bool { return len(w.around(p, func(b int32) bool { return !waiting[b] })) > 0 })
		to := w.own
		if at < 0 {
			at = 0
			w.own++
		} else {
			to = w.around(small[at], func(b int32) bool { return !waiting[b] })[0].block
		}
		for _, b := range small[at] {
			w.label[b] = to
			delete(waiting, b)
		}
		small = slices.Delete(small, at, at+1)
	}
}
