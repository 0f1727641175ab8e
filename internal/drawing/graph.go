package drawing

import "slices"

// graph is the problem's borders inside communities, both ways round and one for each pair of blocks.
type graph struct {
	first []int32
	half  []half
}

type half struct {
	to                      int32
	length, along, strength float64
}

// around gives the borders of a block to blocks of its own community, by ascending neighbour.
func (g *graph) around(b int32) []half { return g.half[g.first[b]:g.first[b+1]] }

// newGraph sorts the borders by block and adds up those that occur more than once. A border without
// length joins nothing.
func newGraph(p *Problem) *graph {
	n := len(p.Blocks)
	count := make([]int32, n+1)
	inside := func(e *Border) bool {
		return e.Length > 0 && p.Blocks[e.A].Within == p.Blocks[e.B].Within
	}
	for i := range p.Borders {
		if e := &p.Borders[i]; inside(e) {
			count[e.A+1]++
			count[e.B+1]++
		}
	}
	for i := range n {
		count[i+1] += count[i]
	}
	all := make([]half, count[n])
	at := slices.Clone(count[:n])
	for i := range p.Borders {
		if e := &p.Borders[i]; inside(e) {
			all[at[e.A]] = half{e.B, e.Length, e.Along, e.Strength}
			all[at[e.B]] = half{e.A, e.Length, e.Along, e.Strength}
			at[e.A]++
			at[e.B]++
		}
	}
	g := &graph{first: make([]int32, n+1)}
	kept := all[:0]
	for b := range n {
		mine := all[count[b]:count[b+1]]
		slices.SortStableFunc(mine, func(x, y half) int { return int(x.to) - int(y.to) })
		begin := len(kept)
		for _, h := range mine {
			if last := len(kept) - 1; last >= begin && kept[last].to == h.to {
				kept[last].length += h.length
				kept[last].along += h.along
				kept[last].strength += h.strength
				continue
			}
			kept = append(kept, h)
		}
		g.first[b+1] = int32(len(kept))
	}
	g.half = kept
	return g
}
