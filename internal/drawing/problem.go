package drawing

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"jingwei/internal/fault"
)

// Problem is ground to be cut into grids: blocks, the borders between them, and the communities they lie in.
// Borders between blocks of two communities may be given; no grid will cross them.
type Problem struct {
	Blocks  []Block
	Borders []Border
	Within  []string                 // names or codes of the communities, for reports; Block.Within indexes it
	Label   func(block int32) string // what a block is called in reports; nil: its number
	Grid    func(grid int32) string  // what a present grid is called in messages; nil: its number
	Special []string                 // block → kind of special ground (school, hospital, …), "" for ordinary; nil: none
}

// Block is the smallest piece of ground a grid is made of, in a metric plane.
type Block struct {
	Weight int64   // persons, households or workload; not negative; 0 for water and parks
	Lived  bool    // people live there, even where the weight counts none of them; a block with a weight counts as lived in
	Within int32   // index of its community
	Area   float64 // m²
	Cx, Cy float64 // centroid in the plane, m
	Second float64 // second moment of area about its own centroid (Ixx + Iyy), m⁴
	Outer  float64 // m of its border that it shares with no block of the problem
}

// gridNames are grids as messages call them.
func (p *Problem) gridNames(grids ...int32) string {
	words := make([]string, len(grids))
	for i, g := range grids {
		if words[i] = strconv.Itoa(int(g)); p.Grid != nil {
			words[i] = p.Grid(g)
		}
	}
	return strings.Join(words, " ")
}

func (b *Block) lived() bool { return b.Weight > 0 || b.Lived }

// Border is what two blocks share. Blocks that only touch in a point share nothing. The same pair may
// occur more than once; the lengths add up.
type Border struct {
	A, B     int32
	Length   float64 // m
	Along    float64 // of which along a barrier (a path or stronger), m
	Strength float64 // Σ length × weight of the barrier (nothing 0, path .6, street and stronger 1), m
}

// Drawing is an assignment of every block to a grid, with its figures.
type Drawing struct {
	// Grid is block → grid: dense from 0, grids of one community together. Where the drawing began with Options.Start, the
	// grids that survive keep their numbers, new ones come after the highest, and those of grids that are gone stay free.
	Grid   []int32
	Report Report
}

// check refuses a problem that no drawing could be right for. It returns a fault of code Invalid.
func (p *Problem) check() error {
	communities := int32(len(p.Within))
	for i, b := range p.Blocks {
		switch {
		case b.Weight < 0:
			return invalid("第 %d 个基本单元的权重为负（%d）", "block %d has a negative weight (%d)", i, b.Weight)
		case b.Within < 0 || (communities > 0 && b.Within >= communities):
			return invalid("第 %d 个基本单元所属社区序号 %d 不存在", "block %d names community %d, which is not in the list", i, b.Within)
		case !finite(b.Area, b.Cx, b.Cy, b.Second, b.Outer) || b.Area < 0 || b.Second < 0 || b.Outer < 0:
			return invalid("第 %d 个基本单元的面积、形心或惯性矩无效（面积 %v）", "block %d has an area, centroid or second moment that can't be (area %v)", i, b.Area)
		}
	}
	blocks := int32(len(p.Blocks))
	for i, e := range p.Borders {
		switch {
		case e.A < 0 || e.B < 0 || e.A >= blocks || e.B >= blocks || e.A == e.B:
			return invalid("第 %d 条边界所连的基本单元无效（%d）", "border %d doesn't join two blocks of the problem (%d)", i, int(e.A))
		case !finite(e.Length, e.Along, e.Strength) || e.Length < 0 || e.Along < 0 || e.Strength < 0:
			return invalid("第 %d 条边界的长度无效（%v）", "border %d has a length that can't be (%v)", i, e.Length)
		}
	}
	return nil
}

// name is the community's name for reports, its number when it has none.
func (p *Problem) name(within int32) string {
	if int(within) < len(p.Within) {
		return p.Within[within]
	}
	return fmt.Sprintf("#%d", within)
}

// label is what a block is called in reports.
func (p *Problem) label(block int32) string {
	if p.Label != nil {
		return p.Label(block)
	}
	return strconv.Itoa(int(block))
}

func invalid(zh, en string, args ...any) error {
	return fault.New(fault.Invalid, fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...))
}

func finite(xs ...float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
