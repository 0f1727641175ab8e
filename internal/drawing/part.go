package drawing

import (
	"math"
	"slices"
)

// part is a connected piece of a community: what is drawn on its own. Most communities are one part; an
// island or an exclave is another. Blocks are numbered from 0 within the part, and everything
// the annealer reads a million times a second lies in flat slices.
type part struct {
	within int32
	weight int64
	blocks []int32 // part's number → problem's number, ascending
	mass   []mass  // of each block, about the part's own origin
	first  []int32 // half-edges of block b are first[b] to first[b+1]
	edges  []edge
	near   []uint64 // half-edge i of a block → which of the block's other neighbours border that neighbour
	scale  float64  // √ of the area of a mean grid, m: what lengths are measured by
	k      int32    // grids to make
	open   float64  // what border with nothing along it costs, per scale
}

// mass is what a grid's compactness and weight are made of: sums that blocks add to.
type mass struct {
	w            int64
	a, ax, ay, q float64 // area, its first moments, its second polar moment about the part's origin
}

// edge is one direction of a border: from the block that owns it to another one, in words of 32 bits, so that
// a block's borders lie in two or three cache lines.
type edge struct {
	from, to     int32
	back         int32   // the other direction
	cost         float32 // of this border lying between two grids, by the planner's weights
	length, open float32 // m, and m with nothing along it
}

// manyNeighbours is how many a block may have for its neighbourhood to fit the words of near.
const manyNeighbours = 64

// split takes a problem apart into its parts, ordered by community and then by their first block.
func (p *Problem) split(g *graph) []*part {
	of := make([]int32, len(p.Blocks))
	for i := range of {
		of[i] = -1
	}
	order := make([]int32, len(p.Blocks))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return int(p.Blocks[a].Within) - int(p.Blocks[b].Within) })
	var parts []*part
	var queue []int32
	for _, b := range order {
		if of[b] >= 0 {
			continue
		}
		n := int32(len(parts))
		of[b] = n
		queue = append(queue[:0], b)
		for i := 0; i < len(queue); i++ {
			for _, h := range g.around(queue[i]) {
				if of[h.to] < 0 {
					of[h.to] = n
					queue = append(queue, h.to)
				}
			}
		}
		blocks := slices.Clone(queue)
		slices.Sort(blocks)
		parts = append(parts, &part{within: p.Blocks[b].Within, blocks: blocks})
	}
	local := make([]int32, len(p.Blocks))
	for _, q := range parts {
		for i, b := range q.blocks {
			local[b] = int32(i)
		}
	}
	for _, q := range parts {
		q.fill(p, g, local)
	}
	return parts
}

// fill copies a part's blocks and borders out of the problem.
func (q *part) fill(p *Problem, g *graph, local []int32) {
	n := len(q.blocks)
	var area, ox, oy float64
	for _, b := range q.blocks {
		s := &p.Blocks[b]
		area, ox, oy = area+s.Area, ox+s.Area*s.Cx, oy+s.Area*s.Cy
		q.weight += s.Weight
	}
	if area > 0 {
		ox, oy = ox/area, oy/area
	} else {
		ox, oy = p.Blocks[q.blocks[0]].Cx, p.Blocks[q.blocks[0]].Cy
	}
	q.mass = make([]mass, n)
	q.first = make([]int32, n+1)
	degree := 0
	for i, b := range q.blocks {
		s := &p.Blocks[b]
		x, y := s.Cx-ox, s.Cy-oy
		q.mass[i] = mass{s.Weight, s.Area, s.Area * x, s.Area * y, s.Second + s.Area*(x*x+y*y)}
		degree += len(g.around(b))
		q.first[i+1] = int32(degree)
	}
	q.edges = make([]edge, 0, degree)
	for _, b := range q.blocks {
		for _, h := range g.around(b) {
			q.edges = append(q.edges, edge{from: local[b], to: local[h.to]})
		}
	}
	q.pair()
	q.scale = math.Sqrt(max(area, 1))
}

// pair finds the other direction of every half-edge, and what is near what. The neighbours of a block are in ascending order.
func (q *part) pair() {
	q.near = make([]uint64, len(q.edges))
	for b := int32(0); b < int32(len(q.mass)); b++ {
		for e := q.first[b]; e < q.first[b+1]; e++ {
			q.edges[e].back = q.find(q.edges[e].to, b)
		}
	}
	for b := int32(0); b < int32(len(q.mass)); b++ {
		first, last := q.first[b], q.first[b+1]
		if last-first > manyNeighbours {
			continue
		}
		for e := first; e < last; e++ {
			c := q.edges[e].to
			f, end := q.first[c], q.first[c+1]
			for i := first; i < last && f < end; { // two ascending lists
				switch to := q.edges[i].to; {
				case q.edges[f].to < to:
					f++
				case q.edges[f].to > to:
					i++
				default:
					q.near[e] |= 1 << (i - first)
					f, i = f+1, i+1
				}
			}
		}
	}
}

// find is the half-edge from block b to block c.
func (q *part) find(b, c int32) int32 {
	lo, hi := q.first[b], q.first[b+1]
	for lo < hi {
		mid := (lo + hi) / 2
		if q.edges[mid].to < c {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// plan settles the number of grids and, from the planner's weights, what each border costs. Where most borders run
// along something anyhow, that one doesn't is less of a reason to bend a grid: open border costs by a power of its share of all border.
func (q *part) plan(g *graph, k int32, w *Weights) {
	q.k = k
	var area, length, along float64
	for i := range q.mass {
		area += q.mass[i].a
	}
	for _, b := range q.blocks {
		for _, h := range g.around(b) {
			length += h.length
			along += min(h.along, h.length)
		}
	}
	q.scale = math.Sqrt(max(area/float64(k), 1e-9))
	q.open = w.Open * math.Pow(1-along/max(length, 1e-9), openPower)
	e := 0
	for _, b := range q.blocks {
		for _, h := range g.around(b) {
			strength := min(h.strength, h.length)
			q.edges[e].length, q.edges[e].open = float32(h.length), float32(h.length-strength)
			q.edges[e].cost = float32((q.open*(h.length-strength) + w.Barrier*strength) / q.scale)
			e++
		}
	}
}

// connected says whether all blocks of a part hang together, which those of a problem do, and those of some of its grids may not.
func (q *part) connected() bool {
	seen := make([]bool, len(q.mass))
	queue := []int32{0}
	seen[0] = true
	for i := 0; i < len(queue); i++ {
		for _, e := range q.edges[q.first[queue[i]]:q.first[queue[i]+1]] {
			if !seen[e.to] {
				seen[e.to] = true
				queue = append(queue, e.to)
			}
		}
	}
	return len(queue) == len(q.mass)
}
