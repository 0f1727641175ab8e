package ground

import (
	"container/heap"
	"slices"

	"jingwei/internal/planar"
)

// The marks that lines carry into the noding, each a bit: first what lines are for, then what barrier they
// are. Where lines coincide the greatest bit says what runs there.
const (
	markChain   uint32 = 1 << iota // halfway between two buildings
	markCut                        // through a building that is too big
	markOutline                    // a building's wall
	markBorder                     // a division's border
	markBarrier                    // and above: markBarrier << (barrier-1)
)

func markOf(b Barrier) uint32 {
	if b == Nothing {
		return 0
	}
	return markBarrier << (b - 1)
}

// barrierOf is the strongest barrier in a mark.
func barrierOf(mark uint32) Barrier {
	for b := River; b > Nothing; b-- {
		if mark&markOf(b) != 0 {
			return b
		}
	}
	return Nothing
}

// ease says how readily ground is joined across a barrier: a metre of nothing counts as much as two of
// path.
var ease = [River + 1]float64{Nothing: 1, Path: .5, Street: .2, MainRoad: .08, Wall: .25, Rail: .04, River: .02}

// regions are faces of a coverage joined into larger pieces of ground, on the way to blocks.
type regions struct {
	coverage *planar.Coverage
	up       []int32 // by face: a forest
	ground   []region
	beside   []map[int32]meeting // by root: the other roots it borders on
	queue    regionQueue
	joins    int
}

// region is what is known of the faces under one root.
type region struct {
	in        bool    // inside the territory
	area      float64 // m²
	perimeter float64 // m
	holds     int32   // the unit that stands here with most of its ground, -1 when none does
	built     float64 // how much stands here, in square steps
	key       int32   // the street face; orphans join only what has the same
	orphan    bool    // ground of a unit that doesn't hang together with it
}

// meeting is the border between two regions.
type meeting struct {
	length float64 // m
	pull   float64 // m, each weighed with the ease of what runs there
}

// newRegions starts with one region a face, those outside left out.
// scale is how many m² a square step is, metres the length of an arc.
func newRegions(c *planar.Coverage, within []bool, scale float64, metres func(*planar.Arc) float64) *regions {
	r := &regions{coverage: c, up: make([]int32, len(c.Faces)), ground: make([]region, len(c.Faces)),
		beside: make([]map[int32]meeting, len(c.Faces))}
	for i := range r.up {
		r.up[i] = int32(i)
		r.ground[i] = region{in: within[i], holds: -1}
		r.beside[i] = map[int32]meeting{}
	}
	for i, area := range c.Areas2() {
		r.ground[i].area = float64(area) / 2 * scale
	}
	for i := range c.Arcs {
		a := &c.Arcs[i]
		r.meet(a, metres(a))
	}
	return r
}

func (r *regions) meet(a *planar.Arc, length float64) {
	for _, f := range [2]int32{a.Left, a.Right} {
		if f >= 0 {
			r.ground[f].perimeter += length
		}
	}
	if a.Left < 0 || a.Right < 0 || a.Left == a.Right || !r.ground[a.Left].in || !r.ground[a.Right].in {
		return
	}
	pull := length * ease[barrierOf(a.Mark)]
	for _, pair := range [2][2]int32{{a.Left, a.Right}, {a.Right, a.Left}} {
		m := r.beside[pair[0]][pair[1]]
		r.beside[pair[0]][pair[1]] = meeting{m.length + length, m.pull + pull}
	}
}

// unite joins two regions and returns the root of both.
func (r *regions) unite(a, b int32) int32 {
	a, b = find(r.up, a), find(r.up, b)
	if a == b {
		return a
	}
	root := join(r.up, a, b)
	other := a + b - root
	shared := r.beside[root][other].length
	g, h := &r.ground[root], &r.ground[other]
	g.area += h.area
	g.perimeter += h.perimeter - 2*shared
	if h.holds >= 0 && (g.holds < 0 || h.built > g.built) {
		g.holds, g.key = h.holds, h.key
	}
	g.built += h.built
	g.orphan = g.orphan && h.orphan
	// The smaller list moves over to the larger one.
	keep, move := r.beside[root], r.beside[other]
	if len(move) > len(keep) {
		keep, move = move, keep
	}
	delete(keep, root)
	delete(keep, other)
	for n, m := range move {
		if n == root || n == other {
			continue
		}
		k := keep[n]
		keep[n] = meeting{k.length + m.length, k.pull + m.pull}
	}
	for n, m := range keep {
		delete(r.beside[n], other)
		r.beside[n][root] = m
	}
	r.beside[root], r.beside[other] = keep, nil
	r.joins++
	return root
}

// strongest gives the neighbour of a root that pulls most, among those that may be joined; -1 if there is
// none. Of equal ones it is the least.
func (r *regions) strongest(root int32, may func(neighbour int32) bool) int32 {
	best, most := int32(-1), meeting{}
	for n, m := range r.beside[root] {
		if !may(n) {
			continue
		}
		if best < 0 || m.pull > most.pull || m.pull == most.pull && n < best {
			best, most = n, m
		}
	}
	return best
}

// absorb takes regions for which ripe says so, the smallest first, and joins each to the neighbour that
// pulls most, until none is left that has such a neighbour. It returns how many were joined.
func (r *regions) absorb(ripe func(*region) bool, may func(a, b *region) bool) int {
	before := r.joins
	r.queue = r.queue[:0]
	for i := range r.ground {
		if r.up[i] == int32(i) && r.ground[i].in && ripe(&r.ground[i]) {
			r.queue = append(r.queue, queued{int32(i), r.ground[i].area})
		}
	}
	heap.Init(&r.queue)
	for len(r.queue) > 0 {
		q := heap.Pop(&r.queue).(queued)
		if find(r.up, q.region) != q.region || r.ground[q.region].area != q.area || !ripe(&r.ground[q.region]) {
			continue // it was joined meanwhile
		}
		n := r.strongest(q.region, func(n int32) bool { return may(&r.ground[q.region], &r.ground[n]) })
		if n < 0 {
			continue
		}
		if root := r.unite(q.region, n); ripe(&r.ground[root]) {
			heap.Push(&r.queue, queued{root, r.ground[root].area})
		}
	}
	return r.joins - before
}

// dissolveSmall joins every region under least m² to a neighbour.
func (r *regions) dissolveSmall(least float64) int {
	return r.absorb(func(g *region) bool { return g.area < least }, func(a, b *region) bool { return true })
}

// labels numbers the regions densely by face; planar.Outside for what isn't inside.
func (r *regions) labels() (label []int32, count int) {
	label = make([]int32, len(r.up))
	number := make([]int32, len(r.up))
	for i := range r.up {
		root := find(r.up, int32(i))
		switch {
		case !r.ground[root].in:
			label[i] = planar.Outside
		case root == int32(i):
			number[i] = int32(count)
			label[i] = number[i]
			count++
		default:
			label[i] = number[root]
		}
	}
	return label, count
}

type queued struct {
	region int32
	area   float64
}

type regionQueue []queued

func (q regionQueue) Len() int { return len(q) }
func (q regionQueue) Less(i, j int) bool {
	return q[i].area < q[j].area || q[i].area == q[j].area && q[i].region < q[j].region
}
func (q regionQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *regionQueue) Push(x any)   { *q = append(*q, x.(queued)) }
func (q *regionQueue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = slices.Delete(old, len(old)-1, len(old))
	return x
}
