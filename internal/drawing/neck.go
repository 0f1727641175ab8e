package drawing

import (
	"fmt"
	"slices"
	"strings"
)

// neck is a block through which alone some ground is reached, ground that holds too little for a grid of its own: all of it has to be in
// the grid of the block between, and that is more than a grid may hold.
type neck struct {
	block  int32   // of the part
	pieces []int64 // what the pieces hold that are left without it, each less than a grid's lower bound
	weight int64   // of all of these and the block
	forced []int32 // their blocks, and the block
}

// tightNeck finds such a block among those that hold the part together (Tarjan 1972): in a depth-first search, what lies below a block
// and borders nothing that came before the block is a piece of its own without it.
func (q *part) tightNeck(b band) (n neck, found bool) {
	w := q.walk(b)
	if w.tight < 0 {
		return n, false
	}
	return q.neck(w.tight, b), true
}

// neckWalk is that search.
type neckWalk struct {
	q       *part
	band    band
	came    int32
	at, low []int32 // block → the turn at which it was come to, from 1; the earliest turn of what it or anything below it borders
	tight   int32   // the block found, or −1
	gates   []int32 // empty blocks without which inhabited ones hang together no more
}

// gates are empty blocks through which alone inhabited ones hang together.
func (q *part) gates(b band) []int32 {
	return q.walk(b).gates
}

func (q *part) walk(b band) *neckWalk {
	w := &neckWalk{q: q, band: b, tight: -1, at: make([]int32, len(q.mass)), low: make([]int32, len(q.mass))}
	w.visit(0, -1)
	return w
}

// visit walks all that is reached from a block for the first time, and hands back what that holds.
func (w *neckWalk) visit(block, from int32) (total int64) {
	q := w.q
	w.came++
	w.at[block], w.low[block] = w.came, w.came
	total = q.mass[block].w
	forced, rest := total, q.weight-total // the block with the light pieces, and what is no piece below it
	inhabited := 0                        // pieces below it
	for _, e := range q.edges[q.first[block]:q.first[block+1]] {
		if e.to == from {
			continue
		}
		if w.at[e.to] > 0 {
			w.low[block] = min(w.low[block], w.at[e.to])
			continue
		}
		below := w.visit(e.to, block)
		total += below
		w.low[block] = min(w.low[block], w.low[e.to])
		if w.low[e.to] >= w.at[block] {
			forced, rest = forced+w.light(below), rest-below
			if below > 0 {
				inhabited++
			}
		}
	}
	if q.mass[block].w == 0 && (inhabited > 1 || inhabited == 1 && rest > 0) {
		w.gates = append(w.gates, block)
	}
	if forced += w.light(rest); forced > w.band.upper && w.tight < 0 && forced > q.mass[block].w {
		w.tight = block
	}
	return total
}

func (w *neckWalk) light(piece int64) int64 {
	if piece < w.band.lower {
		return piece
	}
	return 0
}

// neck looks at what is left of the part without a block.
func (q *part) neck(block int32, b band) neck {
	n := neck{block: block, weight: q.mass[block].w, forced: []int32{block}}
	seen := make([]bool, len(q.mass))
	seen[block] = true
	for i := range seen {
		if seen[i] {
			continue
		}
		seen[i] = true
		piece, weight := []int32{int32(i)}, int64(0)
		for at := 0; at < len(piece); at++ {
			weight += q.mass[piece[at]].w
			for _, e := range q.edges[q.first[piece[at]]:q.first[piece[at]+1]] {
				if !seen[e.to] {
					seen[e.to] = true
					piece = append(piece, e.to)
				}
			}
		}
		if weight > 0 && weight < b.lower {
			n.pieces = append(n.pieces, weight)
			n.weight += weight
			n.forced = append(n.forced, piece...)
		}
	}
	slices.Sort(n.pieces)
	slices.Reverse(n.pieces)
	return n
}

// reason says it in words.
func (n neck) reason(label string, b band) said {
	var pieces []string
	for _, w := range n.pieces {
		pieces = append(pieces, fmt.Sprint(w))
	}
	return say("只经基本单元 %s 相连的几片（%s）各不足一个网格的下限 %d，只能同在它的网格里，共 %d，超过上限 %d",
		"the pieces that only block %s connects (%s) hold less than a grid's lower bound of %d each, so that all would be in one grid with it: %d, more than its upper bound of %d",
		label, strings.Join(pieces, ", "), b.lower, n.weight, b.upper)
}
