package drawing

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Unit is an entrance (单元) or a whole building with its households, somewhere in a block. A household is never cut
// off from its unit.
type Unit struct {
	Block      int32
	Households int64
	X, Y       float64 // in the plane, m
}

// Micro is every grid cut into micro-grids.
type Micro struct {
	Unit   []int32 // unit → its micro-grid, dense from 0, those of one grid together
	Block  []int32 // block → its micro-grid; −1 where several micro-grids share the block
	Grid   []int32 // micro-grid → the grid it lies in
	Report Report  // in households; Infeasible names grids by name, or by their number
}

// What a micro-grid is: 30 to 50 households.
const (
	microTarget    = 40
	microTolerance = 0.25
)

// MicroGrids cuts every grid of an assignment into connected micro-grids of 30 to 50 households, or of o.Target ±
// o.Tolerance where they are given. A block that holds no more than one may is kept whole. One that holds more is cut by its
// units, which are taken to lie beside each other in the order of the block's longer extent, and to have equal shares of its
// ground; a border with another block belongs to the unit that is nearest to that block. name may be nil. Options that are about
// present grids aren't read. Errors are faults of code Invalid.
func MicroGrids(ctx context.Context, p *Problem, grid []int32, units []Unit, name func(grid int32) string, o Options) (*Micro, error) {
	if o.Target == 0 {
		o.Target = microTarget
	}
	if o.Tolerance == 0 {
		o.Tolerance = microTolerance
	}
	o.Start, o.Moving, o.Fixed, o.Together = nil, nil, nil, nil
	if name == nil {
		name = func(g int32) string { return fmt.Sprint(g) }
	}
	filled, err := o.filled()
	if err != nil {
		return nil, err
	}
	if err := checkMicro(p, grid, units); err != nil {
		return nil, err
	}
	c := newMicroCut(p, units, newBand(filled.Target, filled.Tolerance).upper)
	d, err := Draw(ctx, c.problem(grid, name), o)
	if err != nil {
		return nil, err
	}
	return c.micro(grid, d), nil
}

func checkMicro(p *Problem, grid []int32, units []Unit) error {
	if err := p.check(); err != nil {
		return err
	}
	if len(grid) != len(p.Blocks) {
		return invalid("网格应逐个基本单元给出：%d 个单元，%d 项", "grids are given block by block: %d blocks, %d entries", len(p.Blocks), len(grid))
	}
	for b, g := range grid {
		if g < 0 {
			return invalid("第 %d 个基本单元不在任何网格中（%d）", "block %d is in no grid (%d)", b, g)
		}
	}
	for i, u := range units {
		if u.Block < 0 || int(u.Block) >= len(p.Blocks) || u.Households < 0 || !finite(u.X, u.Y) {
			return invalid("第 %d 个单元的基本单元（%d）、户数或位置无效", "unit %d has a block (%d), households or a place that can't be", i, u.Block)
		}
	}
	return nil
}

// microCut says which atoms micro-grids are made of: whole blocks, and the units of blocks that are cut.
type microCut struct {
	p     *Problem
	units []Unit
	in    [][]int32 // block → its units, in the order they lie
	first []int32   // block → its first atom
	cut   []bool    // block → its atoms are its units
	atoms int32
}

func newMicroCut(p *Problem, units []Unit, upper int64) *microCut {
	n := len(p.Blocks)
	c := &microCut{p: p, units: units, in: make([][]int32, n), first: make([]int32, n), cut: make([]bool, n)}
	households := make([]int64, n)
	for i, u := range units {
		c.in[u.Block] = append(c.in[u.Block], int32(i))
		households[u.Block] += u.Households
	}
	for b := range c.in {
		c.first[b] = c.atoms
		c.atoms++
		if households[b] > upper && len(c.in[b]) > 1 {
			c.cut[b] = true
			c.line(c.in[b])
			c.atoms += int32(len(c.in[b])) - 1
		}
	}
	return c
}

// line puts units in order along the direction in which they extend most.
func (c *microCut) line(in []int32) {
	g := growth{x: make([]float64, len(in)), y: make([]float64, len(in))}
	order, load := make([]int32, len(in)), make([]float64, len(in))
	for i, u := range in {
		g.x[i], g.y[i], order[i], load[i] = c.units[u].X, c.units[u].Y, int32(i), 1
	}
	dx, dy := g.axis(order, load)
	slices.SortStableFunc(in, func(a, b int32) int {
		pa, pb := c.units[a].X*dx+c.units[a].Y*dy, c.units[b].X*dx+c.units[b].Y*dy
		switch {
		case pa < pb:
			return -1
		case pa > pb:
			return 1
		}
		return 0
	})
}

// problem has an atom for every block or unit, weighs households, and takes grids for communities.
func (c *microCut) problem(grid []int32, name func(int32) string) *Problem {
	q := &Problem{Blocks: make([]Block, c.atoms)}
	for g := range slices.Max(append([]int32{-1}, grid...)) + 1 {
		q.Within = append(q.Within, name(g))
	}
	label := make([]string, c.atoms)
	for b := range c.p.Blocks {
		s := c.p.Blocks[b]
		s.Weight, s.Within = 0, grid[b]
		at := c.first[b]
		if !c.cut[b] {
			for _, u := range c.in[b] {
				s.Weight += c.units[u].Households
			}
			q.Blocks[at], label[at] = s, c.p.label(int32(b))
			continue
		}
		n := float64(len(c.in[b]))
		side := s.Outer / n
		for i, u := range c.in[b] {
			x := &c.units[u]
			// Second moments of equal shares, each as round as the whole: (1/n)² of it.
			q.Blocks[at] = Block{Weight: x.Households, Within: s.Within, Area: s.Area / n, Cx: x.X, Cy: x.Y, Second: s.Second / (n * n), Outer: side}
			label[at] = fmt.Sprintf("%s, unit %d", c.p.label(int32(b)), i+1)
			if i > 0 {
				q.Borders = append(q.Borders, Border{A: at - 1, B: at, Length: math.Sqrt(max(1, s.Area/n))})
			}
			at++
		}
	}
	for _, e := range c.p.Borders {
		if grid[e.A] == grid[e.B] {
			e.A, e.B = c.nearest(e.A, e.B), c.nearest(e.B, e.A)
			q.Borders = append(q.Borders, e)
		} else {
			q.Blocks[c.nearest(e.A, e.B)].Outer += e.Length
			q.Blocks[c.nearest(e.B, e.A)].Outer += e.Length
		}
	}
	q.Label = func(b int32) string { return label[b] }
	return q
}

// nearest is the atom of block b that is nearest to another block.
func (c *microCut) nearest(b, other int32) int32 {
	if !c.cut[b] {
		return c.first[b]
	}
	best, least := int32(0), -1.0
	o := &c.p.Blocks[other]
	for i, u := range c.in[b] {
		if d := square(c.units[u].X-o.Cx) + square(c.units[u].Y-o.Cy); least < 0 || d < least {
			best, least = int32(i), d
		}
	}
	return c.first[b] + best
}

// micro reads the drawing of atoms back.
func (c *microCut) micro(grid []int32, d *Drawing) *Micro {
	m := &Micro{Unit: make([]int32, len(c.units)), Block: make([]int32, len(grid)), Grid: make([]int32, d.Report.Grids), Report: d.Report}
	for b := range grid {
		at := c.first[b]
		m.Block[b] = d.Grid[at]
		m.Grid[d.Grid[at]] = grid[b]
		for _, u := range c.in[b] {
			m.Unit[u] = d.Grid[at]
			m.Grid[d.Grid[at]] = grid[b]
			if m.Unit[u] != d.Grid[c.first[b]] {
				m.Block[b] = -1
			}
			if c.cut[b] {
				at++
			}
		}
	}
	return m
}

// MicroBand is how many households a micro-grid should have, both ends included.
func MicroBand() (lower, upper int) {
	b := newBand(microTarget, microTolerance)
	return int(b.lower), int(b.upper)
}
