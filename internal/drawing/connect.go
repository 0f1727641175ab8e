package drawing

import "math/bits"

// walk is the scratch of a search through blocks: marks that are cleared by counting up.
type walk struct {
	seen  []uint32
	mark  uint32
	queue []int32
}

func (w *walk) reset(n int) {
	w.seen = make([]uint32, n)
	w.mark = 0
}

// begin starts a new search: nothing is seen.
func (w *walk) begin() {
	w.mark++
	if w.mark == 0 {
		clear(w.seen)
		w.mark = 1
	}
	w.queue = w.queue[:0]
}

func (w *walk) visit(b int32) bool {
	if w.seen[b] == w.mark {
		return false
	}
	w.seen[b] = w.mark
	w.queue = append(w.queue, b)
	return true
}

// spares says whether the grid of block b stays connected without it. ring holds the bits of those neighbours of b
// that are in its grid. When they hang together through borders among themselves, the answer is yes and has
// cost a few operations on one word; otherwise the grid is searched from one of them until all are found.
// Exact either way. A grid of one block can't spare it.
func (s *state) spares(b int32, ring uint64) bool {
	first, last := s.first[b], s.first[b+1]
	if last-first <= manyNeighbours {
		if ring == 0 {
			return false
		}
		seen := ring & -ring
		for todo := seen; todo != 0; {
			i := bits.TrailingZeros64(todo)
			todo &= todo - 1
			more := s.near[first+int32(i)] & ring &^ seen
			seen |= more
			todo |= more
		}
		if seen == ring {
			return true
		}
	}
	return s.search(b)
}

// search looks through b's grid, without b, from one neighbour of b for all the others.
func (s *state) search(b int32) bool {
	mine := s.grid[b]
	var start int32 = -1
	left := 0
	for e := s.first[b]; e < s.first[b+1]; e++ {
		if c := s.edges[e].to; s.grid[c] == mine {
			start = c
			left++
		}
	}
	if left == 0 {
		return false
	}
	w := &s.walk
	w.begin()
	w.seen[b] = w.mark
	w.visit(start)
	for i := 0; i < len(w.queue); i++ {
		c := w.queue[i]
		if s.borders(c, b) {
			if left--; left == 0 {
				return true
			}
		}
		for e := s.first[c]; e < s.first[c+1]; e++ {
			if d := s.edges[e].to; s.grid[d] == mine {
				w.visit(d)
			}
		}
	}
	return false
}

// borders says whether blocks c and b share a border.
func (q *part) borders(c, b int32) bool {
	e := q.find(c, b)
	return e < q.first[c+1] && q.edges[e].to == b
}
