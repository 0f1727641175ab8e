package drawing

import "slices"

// SpecialGrid is a grid of special ground (专属网格): a school, a hospital, an industrial park, a market. It has its own
// people to look after it and isn't measured by how many live there.
type SpecialGrid struct {
	Grid      int32  `json:"grid"`
	Within    string `json:"within"`
	Kind      string `json:"kind"`
	Blocks    int    `json:"blocks"`
	Residents int64  `json:"residents"`
}

// specialGround numbers special ground: contiguous blocks of one kind in one community are one, but special grids that there are
// (start, which may be nil) stay apart, and new ground goes to the one that it is nearest to: of two schools side by side that have a grid
// each, each has its own still. Ground without residents that special ground
// cuts off from everything else goes with it, as no grid could be made of it. Blocks that are held where they are don't count as
// special. nil when nothing is special.
func (p *Problem) specialGround(g *graph, held []bool, start []int32) []int32 {
	type likeness struct {
		kind    string
		present int32 // special grid, −1 none
	}
	present := p.presentSpecial(g, held, start)
	kinds := map[likeness]int32{}
	alike := make([]int32, len(p.Blocks))
	rest := make([]int32, len(p.Blocks))
	for b := range alike {
		alike[b] = -1
		if p.Special == nil || p.Special[b] == "" || held[b] {
			continue
		}
		like := likeness{p.Special[b], present[b]}
		kind, seen := kinds[like]
		if !seen {
			kind = int32(len(kinds))
			kinds[like] = kind
		}
		alike[b], rest[b] = kind, -1
	}
	if len(kinds) == 0 {
		return nil
	}
	special, _ := g.pieces(alike)
	piece, n := g.pieces(rest)
	cutOff := make([]bool, n) // so far as is known: nobody lives there, nothing is held there
	for i := range cutOff {
		cutOff[i] = true
	}
	for b, i := range piece {
		if i >= 0 && (p.Blocks[b].lived() || held[b]) {
			cutOff[i] = false
		}
	}
	by, longest := make([]int32, n), make([]float64, n)
	for b, i := range piece {
		if i < 0 || !cutOff[i] {
			continue
		}
		for _, h := range g.around(int32(b)) {
			if special[h.to] >= 0 && piece[h.to] < 0 && h.length > longest[i] {
				by[i], longest[i] = special[h.to], h.length
			}
		}
	}
	for b, i := range piece {
		if i >= 0 && cutOff[i] && longest[i] > 0 {
			special[b] = by[i]
		}
	}
	return special
}

// presentSpecial gives every special block the special grid that it is in, or that it is nearest to through ground of its kind; −1 where
// there is none.
func (p *Problem) presentSpecial(g *graph, held []bool, start []int32) []int32 {
	out := make([]int32, len(p.Blocks))
	for b := range out {
		out[b] = -1
	}
	if start == nil {
		return out
	}
	grids := p.specialGrids(known(start, int32(len(p.Blocks))))
	var queue []int32
	for b, kind := range p.Special {
		if _, is := grids[start[b]]; is && kind != "" && !held[b] {
			out[b] = start[b]
			queue = append(queue, int32(b))
		}
	}
	for at := 0; at < len(queue); at++ {
		b := queue[at]
		for _, h := range g.around(b) {
			if out[h.to] < 0 && !held[h.to] && p.Special[h.to] == p.Special[b] {
				out[h.to] = out[b]
				queue = append(queue, h.to)
			}
		}
	}
	return out
}

// specialGrids names the grids of special ground among those of an assignment: the ones that have special blocks and in
// whose other blocks nobody lives.
func (p *Problem) specialGrids(grid []int32) map[int32]SpecialGrid {
	out := map[int32]SpecialGrid{}
	if len(p.Special) != len(p.Blocks) {
		return out
	}
	lived := map[int32]bool{}
	for b, g := range grid {
		if p.Special[b] == "" {
			lived[g] = lived[g] || p.Blocks[b].lived()
			continue
		}
		s := out[g]
		if s.Kind == "" {
			s = SpecialGrid{Grid: g, Within: p.name(p.Blocks[b].Within), Kind: p.Special[b]}
		}
		out[g] = s
	}
	for g := range lived {
		if lived[g] {
			delete(out, g)
		}
	}
	for b, g := range grid {
		if s, ok := out[g]; ok {
			s.Blocks++
			s.Residents += p.Blocks[b].Weight
			out[g] = s
		}
	}
	return out
}

// listSpecial puts special grids in order of their numbers.
func listSpecial(grids map[int32]SpecialGrid) []SpecialGrid {
	var out []SpecialGrid
	for _, s := range grids {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b SpecialGrid) int { return int(a.Grid) - int(b.Grid) })
	return out
}

// ordinary is the problem without the blocks of special grids, with the new number of every block.
func (p *Problem) ordinary(grid []int32, special map[int32]SpecialGrid) (*Problem, []int32) {
	return p.only(func(b int32) bool { _, yes := special[grid[b]]; return !yes })
}
