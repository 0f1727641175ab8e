package drawing

import "fmt"

// reduce makes a smaller problem of a problem: of gives, for every block, its block there, of n, or −1 for what is left out.
// Blocks that go to the same one are taken together, with their weight, area and moments; borders with what is left out
// become outer ones.
func (p *Problem) reduce(of []int32, n int) *Problem {
	r := &Problem{Blocks: make([]Block, n), Within: p.Within}
	first := make([]int32, n)
	size := make([]int, n)
	for i, to := range of {
		if to < 0 {
			continue
		}
		b, s := &p.Blocks[i], &r.Blocks[to]
		if size[to] == 0 {
			first[to], s.Within = int32(i), b.Within
		}
		size[to]++
		s.Weight += b.Weight
		s.Lived = s.Lived || b.Lived
		s.Area += b.Area
		s.Cx += b.Area * b.Cx
		s.Cy += b.Area * b.Cy
		s.Outer += b.Outer
	}
	for i := range r.Blocks {
		if s := &r.Blocks[i]; size[i] == 1 || s.Area <= 0 {
			s.Cx, s.Cy = p.Blocks[first[i]].Cx, p.Blocks[first[i]].Cy
		} else {
			s.Cx, s.Cy = s.Cx/s.Area, s.Cy/s.Area
		}
	}
	for i, to := range of {
		if to >= 0 {
			b, s := &p.Blocks[i], &r.Blocks[to]
			s.Second += b.Second + b.Area*(square(b.Cx-s.Cx)+square(b.Cy-s.Cy))
		}
	}
	for _, e := range p.Borders {
		switch a, b := of[e.A], of[e.B]; {
		case a == b:
		case a < 0:
			r.Blocks[b].Outer += e.Length
		case b < 0:
			r.Blocks[a].Outer += e.Length
		default:
			e.A, e.B = a, b
			r.Borders = append(r.Borders, e)
		}
	}
	r.Label = func(block int32) string {
		if size[block] > 1 {
			return fmt.Sprintf("%s (with %d more)", p.label(first[block]), size[block]-1)
		}
		return p.label(first[block])
	}
	return r
}

// only is the problem of some blocks alone, in ascending order, with the new number of every block, −1 for the others.
func (p *Problem) only(keep func(block int32) bool) (*Problem, []int32) {
	of := make([]int32, len(p.Blocks))
	n := int32(0)
	for i := range of {
		of[i] = -1
		if keep(int32(i)) {
			of[i] = n
			n++
		}
	}
	return p.reduce(of, int(n)), of
}

// pieces numbers the connected pieces of a problem in which all blocks are alike in something, −1 for blocks that are
// like nothing (alike < 0). The pieces are numbered by their first block.
func (g *graph) pieces(alike []int32) (piece []int32, n int32) {
	piece = make([]int32, len(alike))
	for i := range piece {
		piece[i] = -1
	}
	var queue []int32
	for i := range alike {
		if alike[i] < 0 || piece[i] >= 0 {
			continue
		}
		piece[i] = n
		queue = append(queue[:0], int32(i))
		for at := 0; at < len(queue); at++ {
			for _, h := range g.around(queue[at]) {
				if piece[h.to] < 0 && alike[h.to] == alike[i] {
					piece[h.to] = n
					queue = append(queue, h.to)
				}
			}
		}
		n++
	}
	return piece, n
}
