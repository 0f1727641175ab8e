package layout

import "math"

// figure is what is known of a grid once its blocks are.
type figure struct {
	community                int64
	blocks, homes, residents int
	weight                   int64
	area, perimeter          float64 // m², m
	sx, sy, second           float64 // Σ area·x, Σ area·y, Σ (own second moment + area·|c|²) about the origin
}

// figures sums the blocks of each grid, and the borders that no other block of the grid lies behind.
func (p *Proposal) figures() []figure {
	out := make([]figure, p.Grids)
	if len(p.Blocks) == 0 {
		return out
	}
	// Sums of squares about a far-away origin lose digits: take the first block's middle instead.
	ox, oy := p.Blocks[0].Shape.Cx, p.Blocks[0].Shape.Cy
	for i, b := range p.Blocks {
		f := &out[p.Grid[i]]
		x, y := b.Shape.Cx-ox, b.Shape.Cy-oy
		f.community = b.Community
		f.blocks++
		f.homes += b.Homes
		f.residents += b.Residents
		f.weight += b.Weight
		f.area += b.Shape.Area
		f.sx += b.Shape.Area * x
		f.sy += b.Shape.Area * y
		f.second += b.Shape.Second + b.Shape.Area*(x*x+y*y)
	}
	for _, e := range p.Borders {
		a := p.Grid[e.A]
		if e.B < 0 {
			out[a].perimeter += e.Length
		} else if b := p.Grid[e.B]; a != b {
			out[a].perimeter += e.Length
			out[b].perimeter += e.Length
		}
	}
	return out
}

// middle is the centroid, relative to the middle of the proposal's first block.
func (f figure) middle() place {
	if f.area == 0 {
		return place{}
	}
	return place{f.sx / f.area, f.sy / f.area}
}

// compactness is A²/(2π·I), I the second moment of area about the centroid: a circle is 1, a square .955.
func (f figure) compactness() float64 {
	if f.area == 0 {
		return 0
	}
	about := f.second - (f.sx*f.sx+f.sy*f.sy)/f.area
	if about <= 0 {
		return 0
	}
	return f.area * f.area / (2 * math.Pi * about)
}
