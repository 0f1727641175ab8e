package draft

import (
	"context"
	"slices"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// Acts along a line that somebody drew: cutting what lies under it, splitting a grid, moving a border.

// cutOnly cuts blocks and leaves the pieces in the grid that the block was in.
func (s *step) cutOnly(ctx context.Context) error {
	line, err := s.act.line()
	if err != nil {
		return err
	}
	var blocks []int32
	for _, key := range s.act.Blocks {
		i, err := s.find(key)
		if err != nil {
			return err
		}
		blocks = append(blocks, i)
	}
	if len(blocks) == 0 {
		blocks = s.under(line)
	}
	if err := s.mayRedraw(blocks); err != nil {
		return err
	}
	in := make(map[int64]Key)
	for _, i := range blocks {
		in[s.blocks[i].root] = s.grid[i]
	}
	d, err := s.divide(ctx, blocks, line)
	if err != nil {
		return err
	}
	if d.cut == 0 {
		return noCut()
	}
	s.settle(d.pieces, func(i int32) Key { return in[s.blocks[i].root] })
	s.text = say("沿线切分 %d 个基本单元", "%d blocks cut along a line", d.cut)
	return nil
}

func noCut() error {
	return fault.New(fault.Invalid, "这条线没有切开任何基本单元：请从边界的一侧画到另一侧", "the line cuts no block: draw it from one side of the border to another").At("line")
}

// under are the blocks whose box the line comes into.
func (d *desk) under(line []planar.Point) (out []int32) {
	low, high := boxOfLine(line)
	for i := range d.blocks {
		b := &d.blocks[i]
		if d.grid[i] != Gone && b.box[1].X >= low.X && b.box[0].X <= high.X && b.box[1].Y >= low.Y && b.box[0].Y <= high.Y {
			out = append(out, int32(i))
		}
	}
	return out
}

// settle puts blocks and pieces where they go.
func (s *step) settle(all []int32, to func(int32) Key) {
	for _, i := range all {
		s.move(i, to(i))
	}
}

// across divides a grid's ground along a line into what lies left of it and what lies right of it.
func (s *step) across(ctx context.Context, k Key) (left, right []int32, err error) {
	line, err := s.act.line()
	if err != nil {
		return nil, nil, err
	}
	blocks, err := s.findGrid(k)
	if err != nil {
		return nil, nil, err
	}
	if err := s.mayRedraw(blocks); err != nil {
		return nil, nil, err
	}
	line = drawnOn(line)
	for n, end := range []planar.Point{line[0], line[len(line)-1]} {
		for _, i := range blocks {
			if planar.Contains([]planar.Polygon{s.polygon(i)}, end) {
				return nil, nil, faulty(fault.Invalid, "线的%s在网格 %s 内部：请从网格的一侧画到另一侧", "the line %s inside grid %s: draw it from one side of the grid to another",
					[2]Text{{"起点", "begins"}, {"终点", "ends"}}[n], s.called(k)).At("line")
			}
		}
	}
	d, err := s.divide(ctx, blocks, line)
	if err != nil {
		return nil, nil, err
	}
	left, right = s.parted(d.pieces, line)
	if len(left) == 0 || len(right) == 0 {
		return nil, nil, faulty(fault.Invalid, "这条线没有把网格 %s 分成两部分：请从网格的一侧画到另一侧",
			"the line doesn't divide grid %s: draw it from one side of the grid to another", s.called(k)).At("line")
	}
	return left, right, nil
}

func (s *step) splitLine(ctx context.Context) error {
	k := s.act.Grid
	left, right, err := s.across(ctx, k)
	if err != nil {
		return err
	}
	if s.heavier(right, left) {
		left, right = right, left
	}
	fresh := s.freshKey()
	s.settle(left, func(int32) Key { return k })
	s.settle(right, func(int32) Key { return fresh })
	s.text = say("%s 沿线拆分：%d 人与 %d 人", "%s split along a line: %d and %d people", s.called(k), s.residents(left), s.residents(right))
	return nil
}

// moveBorder gives the ground between the common border and the line from one grid to the other.
func (s *step) moveBorder(ctx context.Context) error {
	from, to := s.act.Grid, s.act.To
	if from == to {
		return invalid("请选两个相邻的网格", "choose two grids that touch one another")
	}
	neighbour, err := s.findGrid(to)
	if err != nil {
		return err
	}
	mine, err := s.findGrid(from)
	if err != nil {
		return err
	}
	if err := s.oneCommunity(append(slices.Clone(mine), neighbour...), to); err != nil {
		return err
	}
	if s.locked[to] {
		return s.free(nil, to)
	}
	left, right, err := s.across(ctx, from)
	if err != nil {
		return err
	}
	a, b := s.shared(left, to), s.shared(right, to)
	if a == 0 && b == 0 {
		return invalid("网格 %s 与 %s 不相邻", "grids %s and %s don't touch one another", s.called(from), to.Short())
	}
	if b > a {
		left, right = right, left
	}
	s.settle(left, func(int32) Key { return to })
	s.settle(right, func(int32) Key { return from })
	s.text = say("%s 与 %s 的边界移到线上：%d 人划入 %s", "the border between %s and %s moved to a line: %d people given to %s", s.called(from), to.Short(), s.residents(left), to.Short())
	if len(right) == 0 {
		return invalid("整个网格都会划过去：要合并请用“合并”", "the whole grid would change hands: use merge for that")
	}
	return nil
}

// shared is the length of border that blocks have with a grid.
func (d *desk) shared(blocks []int32, k Key) (m float64) {
	for _, i := range blocks {
		for _, e := range d.around[i] {
			if o := d.borders[e].other(i); o >= 0 && d.grid[o] == k {
				m += d.borders[e].length
			}
		}
	}
	return m
}

func boxOfLine(line []planar.Point) (low, high planar.Point) {
	box := boxOf(planar.Polygon{line})
	return box[0], box[1]
}
