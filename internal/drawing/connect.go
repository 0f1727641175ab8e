package drawing

import "math/bits"

// walk is the scratch of a search through blocks: marks that are cleared by counting up.
type walk struct {
	seen   []uint32
	mark   uint32
	queues [2][]int32
}

func (w *walk) reset(n int) {
	w.seen = make([]uint32, n)
	w.mark = 0
}

// begin starts a new search: nothing is seen. The search's two marks are the value it returns and the next one.
func (w *walk) begin() uint32 {
	w.mark += 2
	if w.mark < 2 {
		clear(w.seen)
		w.mark = 2
	}
	w.queues[0], w.queues[1] = w.queues[0][:0], w.queues[1][:0]
	return w.mark
}

// spares says whether the grid of block b stays connected without it. ring holds the bits of those neighbours of b
// that are in its grid. When they hang together through borders among themselves, the answer is yes and has
// cost a few operations on one word. When they make two groups, both are followed through the grid until they meet or
// the smaller side is exhausted. Exact in every case. A grid of one block can't spare it.
func (s *state) spares(b int32, ring uint64) bool {
	first, last := s.first[b], s.first[b+1]
	if last-first > manyNeighbours {
		return s.search(b)
	}
	if ring == 0 {
		return false
	}
	one := s.group(first, ring)
	if one == ring {
		return true
	}
	if two := s.group(first, ring&^one); one|two == ring {
		return s.meet(b, one, two)
	}
	return s.search(b)
}

// group is the lowest neighbour in ring with all that hang together with it through borders within ring.
func (s *state) group(first int32, ring uint64) uint64 {
	seen := ring & -ring
	for todo := seen; todo != 0; {
		i := bits.TrailingZeros64(todo)
		todo &= todo - 1
		more := s.near[first+int32(i)] & ring &^ seen
		seen |= more
		todo |= more
	}
	return seen
}

// meet follows two groups of b's neighbours through b's grid, without b, a block at a time each.
func (s *state) meet(b int32, one, two uint64) bool {
	w := &s.walk
	mark := w.begin()
	mine := s.grid[b]
	for side, group := range [2]uint64{one, two} {
		for ; group != 0; group &= group - 1 {
			c := s.edges[s.first[b]+int32(bits.TrailingZeros64(group))].to
			w.seen[c] = mark + uint32(side)
			w.queues[side] = append(w.queues[side], c)
		}
	}
	for i := 0; ; i++ {
		for side := range w.queues {
			if i >= len(w.queues[side]) {
				return false
			}
			c := w.queues[side][i]
			for _, x := range s.edges[s.first[c]:s.first[c+1]] {
				if s.grid[x.to] != mine || w.seen[x.to] == mark+uint32(side) || x.to == b {
					continue
				}
				if w.seen[x.to] == mark+uint32(1-side) {
					return true
				}
				w.seen[x.to] = mark + uint32(side)
				w.queues[side] = append(w.queues[side], x.to)
			}
		}
	}
}

// search looks through b's grid, without b, from one neighbour of b for all the others.
func (s *state) search(b int32) bool {
	w := &s.walk
	mark := w.begin()
	mine := s.grid[b]
	left := 0
	for _, x := range s.edges[s.first[b]:s.first[b+1]] {
		if s.grid[x.to] == mine {
			w.seen[x.to] = mark // wanted
			left++
			w.queues[0] = append(w.queues[0][:0], x.to)
		}
	}
	if left == 0 {
		return false
	}
	w.seen[b] = mark + 1
	w.seen[w.queues[0][0]] = mark + 1
	for i := 0; i < len(w.queues[0]); i++ {
		for _, x := range s.edges[s.first[w.queues[0][i]]:s.first[w.queues[0][i]+1]] {
			if s.grid[x.to] != mine || w.seen[x.to] == mark+1 {
				continue
			}
			if w.seen[x.to] == mark {
				left--
			}
			w.seen[x.to] = mark + 1
			w.queues[0] = append(w.queues[0], x.to)
		}
		if left == 1 {
			return true
		}
	}
	return left == 1
}
