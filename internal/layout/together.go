package layout

import (
	"fmt"
	"math"
	"slices"

	"jingwei/internal/drawing"
	"jingwei/internal/planar"
)

// Area is ground that belongs in one grid, such as a compound under one property company.
type Area struct {
	Name     string
	Polygons []planar.Polygon
}

// groups are the blocks of each area: those that have their middle in it. An area without blocks asks for
// nothing, and a warning says so, as the planner who named it meant something else.
func (p *Proposal) groups(areas []Area) (groups []drawing.Group, warnings []drawing.Warning) {
	inside := p.blocksOf(areas)
	for k, a := range areas {
		g := drawing.Group{Name: a.Name, Blocks: inside[k]}
		switch len(g.Blocks) {
		case 0:
			warnings = append(warnings, drawing.NewWarning("", "together",
				fmt.Sprintf("要求同格的 %s 内没有此次划分的基本单元", a.Name),
				fmt.Sprintf("%s, which is to be in one grid, has no block of this drawing in it", a.Name)))
		case 1: // is in one grid anyhow
		default:
			groups = append(groups, g)
		}
	}
	return groups, warnings
}

// blocksOf are the blocks of each area: those that have their middle in it.
func (p *Proposal) blocksOf(areas []Area) [][]int32 {
	middle := make([]planar.Point, len(p.Blocks))
	if len(areas) > 0 {
		for i, b := range p.Blocks {
			middle[i] = middleOf(b.Polygon)
		}
	}
	out := make([][]int32, len(areas))
	for k, a := range areas {
		least, most := extent(a.Polygons)
		for i, at := range middle {
			if at.X >= least.X && at.X <= most.X && at.Y >= least.Y && at.Y <= most.Y && planar.Contains(a.Polygons, at) {
				out[k] = append(out[k], int32(i))
			}
		}
	}
	return out
}

// held are the blocks of areas that stay in the grids they are in; a warning names an area without any.
func (p *Proposal) held(areas []Area) (blocks []int32, warnings []drawing.Warning) {
	for k, mine := range p.blocksOf(areas) {
		blocks = append(blocks, mine...)
		if len(mine) == 0 {
			warnings = append(warnings, drawing.NewWarning("", "hold",
				fmt.Sprintf("要固定的 %s 内没有此次划分的基本单元", areas[k].Name),
				fmt.Sprintf("%s, which is to be held, has no block of this drawing in it", areas[k].Name)))
		}
	}
	slices.Sort(blocks)
	return slices.Compact(blocks), warnings
}

// middleOf is a lattice point in a polygon, well inside it.
func middleOf(p planar.Polygon) planar.Point {
	x, y := planar.InteriorPoint([]planar.Polygon{p})
	return planar.Point{X: int32(math.Floor(x)), Y: int32(math.Floor(y))}
}

// extent is the smallest box around polygons.
func extent(polygons []planar.Polygon) (least, most planar.Point) {
	least, most = planar.Point{X: math.MaxInt32, Y: math.MaxInt32}, planar.Point{X: math.MinInt32, Y: math.MinInt32}
	for _, polygon := range polygons {
		for _, ring := range polygon {
			for _, v := range ring {
				least = planar.Point{X: min(least.X, v.X), Y: min(least.Y, v.Y)}
				most = planar.Point{X: max(most.X, v.X), Y: max(most.Y, v.Y)}
			}
		}
	}
	return least, most
}
