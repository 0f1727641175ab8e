package drawing

import "slices"

// Fixed is what a planner holds: it doesn't change, whatever that costs the rest. Only a drawing that begins with
// Options.Start can hold anything.
type Fixed struct {
	Grids  []int32 // of Start: they neither lose blocks nor gain any
	Blocks []int32 // they stay in their grid of Start, which may change around them
}

// Group is blocks that belong in one grid, such as a compound under one property company.
type Group struct {
	Name   string // for warnings
	Blocks []int32
}

// Moving says what it costs, in redrawing, that people get another grid.
type Moving struct {
	Price float64 // of as many residents as a grid should hold, in prices of a grid; 4 when it is 0
	Reach int     // how far from a grid out of band others may change: 1, its neighbours only; 2, theirs as well; …; 0: as far as it must, up to 3
}

const (
	defaultMoving = 4.0
	defaultReach  = 3
	mostReach     = 8
)

// checkWishes refuses what contradicts the problem. It returns a fault of code Invalid.
func (o *Options) checkWishes(p *Problem) error {
	n := int32(len(p.Blocks))
	if p.Special != nil && len(p.Special) != len(p.Blocks) {
		return invalid("专属用地应逐个基本单元给出：%d 个单元，%d 项", "special ground is given block by block: %d blocks, %d entries", len(p.Blocks), len(p.Special))
	}
	if o.Start != nil && len(o.Start) != len(p.Blocks) {
		return invalid("现有网格应逐个基本单元给出：%d 个单元，%d 项", "the present grids are given block by block: %d blocks, %d entries", len(p.Blocks), len(o.Start))
	}
	most := max(1<<20, 2*n)
	for i, g := range o.Start {
		if g < -1 || g >= most {
			return invalid("第 %d 个基本单元的现有网格序号无效（%d）", "block %d has a present grid that can't be (%d)", i, g)
		}
	}
	if m := o.Moving; m != nil && (!finite(m.Price) || m.Price < 0 || m.Reach < 0 || m.Reach > mostReach) {
		return invalid("变动代价或波及范围无效（%v，%d）", "the price or the reach of moving can't be (%v, %d)", m.Price, m.Reach)
	}
	if f := o.Fixed; f != nil {
		if o.Start == nil && len(f.Grids)+len(f.Blocks) > 0 {
			return invalid("固定网格或单元需先给出现有网格", "what is to be held needs the present grids to be held in")
		}
		for _, g := range f.Grids {
			if g < 0 || !slices.Contains(o.Start, g) {
				return invalid("要固定的网格 %d 不在现有网格中", "grid %d, which is to be held, isn't among the present ones", g)
			}
		}
		for _, b := range f.Blocks {
			if b < 0 || b >= n {
				return invalid("要固定的基本单元 %d 不存在", "block %d, which is to be held, isn't there", b)
			}
		}
	}
	for _, t := range o.Together {
		for _, b := range t.Blocks {
			if b < 0 || b >= n {
				return invalid("“%s”中的基本单元 %d 不存在", "%q names block %d, which isn't there", t.Name, b)
			}
		}
	}
	return nil
}
