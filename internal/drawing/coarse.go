package drawing

import (
	"cmp"
	"slices"
)

// A part is also drawn in larger pieces: blocks that belong together by the borders between them are joined, two by two and in
// several rounds, and the annealing begins with pieces of some dozen blocks, goes on with smaller ones and ends with the blocks
// themselves. A move of a piece does at once, and along a whole street, what many moves of single blocks would have to do through
// drawings that are worse; and there are fewer pieces, so that each is tried more often. (Multilevel refinement as in graph
// partitioning, Hendrickson and Leland 1995, Karypis and Kumar 1998, with annealing in place of Kernighan and Lin's moves.)

const (
	coarsenings  = 4    // rounds, each of which leaves about half as many pieces
	fewestPieces = 8    // a grid: with fewer, pieces are too coarse to draw with
	pieceWeight  = 0.15 // of a target that a piece may hold, unless it is one block
	pieceArea    = 0.12 // of a mean grid that it may cover
)

// coarsen joins blocks two by two, those first that share most of their border, most of all border with nothing along it, and that are
// small and compact together; none heavier than most or larger than room (m²) comes of it. It returns the part in pieces, and block → piece.
func (q *part) coarsen(most int64, room float64) (*part, []int32) {
	n := len(q.mass)
	around := make([]float64, n)
	for b := range n {
		for _, e := range q.edges[q.first[b]:q.first[b+1]] {
			around[b] += float64(e.length)
		}
	}
	type pair struct {
		score float64
		edge  int32
	}
	var pairs []pair
	for i := range q.edges {
		e := &q.edges[i]
		if e.from > e.to {
			continue
		}
		a, b := &q.mass[e.from], &q.mass[e.to]
		if a.w+b.w > most || a.a+b.a > room {
			continue
		}
		both := *a
		both.add(b)
		l := float64(e.length)
		open := float64(e.open)
		share := 1 / max(min(around[e.from], around[e.to]), 1e-9)
		score := (open+0.15*l)*share + 0.3*both.compactness() - both.a/room
		pairs = append(pairs, pair{score, int32(i)})
	}
	slices.SortFunc(pairs, func(x, y pair) int {
		if c := cmp.Compare(y.score, x.score); c != 0 {
			return c
		}
		return int(x.edge) - int(y.edge)
	})
	of := make([]int32, n)
	for b := range of {
		of[b] = -1
	}
	pieces := int32(0)
	for _, p := range pairs {
		e := &q.edges[p.edge]
		if of[e.from] < 0 && of[e.to] < 0 {
			of[e.from], of[e.to] = pieces, pieces
			pieces++
		}
	}
	for b := range of {
		if of[b] < 0 {
			of[b] = pieces
			pieces++
		}
	}
	return q.join(of, pieces), of
}

// join is the part in pieces: block → piece, of so many.
func (q *part) join(of []int32, pieces int32) *part {
	c := &part{within: q.within, weight: q.weight, scale: q.scale, k: q.k, open: q.open,
		mass: make([]mass, pieces), first: make([]int32, pieces+1)}
	for b, p := range of {
		c.mass[p].add(&q.mass[b])
	}
	at := make([]int32, pieces+1)
	for i := range q.edges {
		if e := &q.edges[i]; of[e.from] != of[e.to] {
			at[of[e.from]+1]++
		}
	}
	for p := range pieces {
		at[p+1] += at[p]
	}
	all := make([]edge, at[pieces])
	next := slices.Clone(at[:pieces])
	for i := range q.edges {
		e := q.edges[i]
		e.from, e.to = of[e.from], of[e.to]
		if e.from != e.to {
			all[next[e.from]] = e
			next[e.from]++
		}
	}
	for p := range pieces {
		mine := all[at[p]:at[p+1]]
		slices.SortStableFunc(mine, func(x, y edge) int { return int(x.to) - int(y.to) })
		begin := len(c.edges)
		for _, e := range mine {
			if last := len(c.edges) - 1; last >= begin && c.edges[last].to == e.to {
				c.edges[last].cost += e.cost
				c.edges[last].length += e.length
				c.edges[last].open += e.open
				continue
			}
			c.edges = append(c.edges, e)
		}
		c.first[p+1] = int32(len(c.edges))
	}
	c.pair()
	return c
}

// level is a part in pieces of one size; of leads from the pieces of the next finer level.
type level struct {
	*part
	of []int32
}

// levels are the part in coarser and coarser pieces, the finest first.
func (q *part) levels(b band) []level {
	all := []level{{part: q}}
	room := pieceArea * q.scale * q.scale
	most := int64(b.target * pieceWeight)
	for range coarsenings {
		last := all[len(all)-1]
		c, of := last.coarsen(most, room)
		if float64(len(c.mass)) > 0.9*float64(len(last.mass)) || len(c.mass) < fewestPieces*int(q.k) {
			break
		}
		all = append(all, level{c, of})
	}
	return all
}

// descend takes a drawing down to a finer level.
func (r *run) descend(level int) {
	for ; r.at > level; r.at-- {
		of := r.levels[r.at].of
		grid := make([]int32, len(of))
		for b, piece := range of {
			grid[b] = r.state.grid[piece]
		}
		r.state = newState(r.levels[r.at-1].part, r.state.rule, grid, r.state.random)
	}
}
