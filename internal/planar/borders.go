package planar

import (
	"cmp"
	"slices"
)

// Border is what two faces share: at least one arc.
type Border struct {
	A, B int32 // faces, A < B
	Arcs []int32
}

// Borders gives the borders between faces, sorted by A and B. What borders on Outside isn't among them.
func (c *Coverage) Borders() []Border {
	type part struct{ a, b, arc int32 }
	parts := make([]part, 0, len(c.Arcs))
	for i := range c.Arcs {
		if l, r := c.Arcs[i].Left, c.Arcs[i].Right; l >= 0 && r >= 0 && l != r {
			parts = append(parts, part{min(l, r), max(l, r), int32(i)})
		}
	}
	slices.SortFunc(parts, func(p, q part) int {
		return cmp.Or(cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b), cmp.Compare(p.arc, q.arc))
	})
	arcs := make([]int32, len(parts))
	borders := make([]Border, 0, len(parts))
	for i, p := range parts {
		arcs[i] = p.arc
		if n := len(borders); n > 0 && borders[n-1].A == p.a && borders[n-1].B == p.b {
			first := i - len(borders[n-1].Arcs)
			borders[n-1].Arcs = arcs[first : i+1 : i+1]
			continue
		}
		borders = append(borders, Border{p.a, p.b, arcs[i : i+1 : i+1]})
	}
	return borders
}

// Neighbours gives for each face the faces it shares an arc with, ascending.
func (c *Coverage) Neighbours() [][]int32 {
	borders := c.Borders()
	degree := make([]int, len(c.Faces))
	for _, b := range borders {
		degree[b.A]++
		degree[b.B]++
	}
	flat := make([]int32, 0, 2*len(borders))
	out := make([][]int32, len(c.Faces))
	for f, d := range degree {
		out[f] = flat[len(flat) : len(flat) : len(flat)+d]
		flat = flat[:len(flat)+d]
	}
	// Lesser neighbours come first: sorted by B within A they arrive in ascending order for both.
	for _, b := range borders {
		out[b.B] = append(out[b.B], b.A)
	}
	for _, b := range borders {
		out[b.A] = append(out[b.A], b.B)
	}
	return out
}
