package city

import (
	"maps"
	"slices"

	"jingwei/internal/planar"
)

// tidy mends what wards that were built side by side couldn't know of each other: a way that leads nowhere
// once its neighbour was laid out otherwise goes, and so does what stands on one.
func (t *town) tidy() {
	t.dropStranded()
	near := map[[2]int][][]vec{} // ways by cell
	for _, b := range t.built {
		if b == nil {
			continue
		}
		for _, w := range b.ways {
			cellsOver(bounds(w.line), func(c [2]int) bool {
				near[c] = append(near[c], w.line)
				return true
			})
		}
	}
	for _, b := range t.built {
		if b != nil {
			b.buildings = slices.DeleteFunc(b.buildings, func(x building) bool { return onWay(x.ring, near) })
		}
	}
}

// onWay says whether a ring lies on one of the ways near it.
func onWay(ring []vec, near map[[2]int][][]vec) bool {
	box, found := bounds(ring), false
	cellsOver(box, func(c [2]int) bool {
		found = slices.ContainsFunc(near[c], func(line []vec) bool {
			return overlap(box, bounds(line)) && !apart(ring, line, false, .05)
		})
		return !found
	})
	return found
}

// dropStranded removes ways of wards from which the streets can't be reached: ways meet in shared vertices.
func (t *town) dropStranded() {
	r := reachable{}
	for _, s := range t.streets {
		if s.edge.class == "river" || s.edge.class == "rail" {
			continue
		}
		for _, line := range t.pieces(s) {
			r.join(lattice(t.globe, line, false))
		}
	}
	for _, b := range t.built {
		if b != nil {
			for _, w := range b.ways {
				r.join(lattice(t.globe, w.line, false))
			}
		}
	}
	main := r.largest()
	for _, b := range t.built {
		if b == nil {
			continue
		}
		b.ways = slices.DeleteFunc(b.ways, func(w way) bool {
			points := lattice(t.globe, w.line, false)
			return len(points) > 1 && r.root(points[0]) != main
		})
	}
}

// reachable is a union-find over vertices.
type reachable map[planar.Point]planar.Point

func (r reachable) root(p planar.Point) planar.Point {
	for {
		up, ok := r[p]
		if !ok {
			return p
		}
		if over, ok := r[up]; ok {
			r[p] = over
		}
		p = up
	}
}

func (r reachable) join(points planar.Ring) {
	for i := 1; i < len(points); i++ {
		if a, b := r.root(points[0]), r.root(points[i]); a != b {
			r[b] = a
		}
	}
}

// largest is the root of the part with most vertices; of equal ones the least.
func (r reachable) largest() planar.Point {
	count := map[planar.Point]int{}
	var best planar.Point
	for p := range maps.Clone(r) { // root shortens paths on its way
		count[r.root(p)]++
	}
	for p, n := range count {
		if n > count[best] || n == count[best] && p.Less(best) {
			best = p
		}
	}
	return best
}
