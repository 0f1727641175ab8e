package draft

import (
	"context"
	"slices"
	"strings"

	"jingwei/internal/layout"
)

const (
	mostBlocks  = 20_000 // in one act
	longestName = 60
)

// find finds a block that is there.
func (d *desk) find(key int64) (int32, error) {
	i, here := d.index[key]
	if !here || d.grid[i] == Gone {
		if key < 0 {
			return 0, conflict("切开后的一个单元已不在草案中：那处切分可能刚被撤销，请刷新后再试", "a piece of a block that was cut isn't in the draft any more: the cut may just have been undone; refresh and try again")
		}
		return 0, conflict("基本单元 %d 不在草案中：它可能刚被切分，请刷新后再试", "block %d isn't in the draft: it may just have been cut; refresh and try again", key)
	}
	return i, nil
}

// blockText is what a block is called in a sentence. The numbers of pieces are the draft's own, below zero, and tell nobody anything.
func blockText(key int64) Text {
	if key < 0 {
		return Text{"切开后的一个单元", "a piece of a block that was cut"}
	}
	return say("基本单元 %d", "block %d", key)
}

// findGrid gives the blocks of a grid that has some.
func (d *desk) findGrid(k Key) ([]int32, error) {
	blocks := d.members(map[Key]bool{k: true})[k]
	if k == Nowhere || k == Gone || len(blocks) == 0 {
		return nil, conflict("网格 %s 不在草案中：它可能刚被合并或撤销，请刷新后再试", "grid %s isn't in the draft: it may just have been merged or given up; refresh and try again", k)
	}
	return blocks, nil
}

// free refuses to move blocks that are locked, or out of or into a locked grid.
func (d *desk) free(blocks []int32, to Key) error {
	if d.locked[to] {
		return invalid("网格 %s 已锁定：先解锁再改", "grid %s is locked: unlock it first", d.called(to))
	}
	for _, i := range blocks {
		switch {
		case d.grid[i] == to:
		case d.held[d.blocks[i].key]:
			return invalid("所选中有锁定的基本单元（在网格 %s 中）：先解锁再改", "a block of those chosen (in grid %s) is locked: unlock it first", d.called(d.grid[i]))
		case d.locked[d.grid[i]]:
			return invalid("网格 %s 已锁定：先解锁再改", "grid %s is locked: unlock it first", d.called(d.grid[i]))
		}
	}
	return nil
}

// communityOf is where a grid lies: by its blocks, or by its code when it has none.
func (d *desk) communityOf(k Key) int64 {
	for i, g := range d.grid {
		if g == k {
			return d.blocks[i].community
		}
	}
	if code, coded := k.Code(); coded {
		return code.Community()
	}
	return 0
}

// move puts blocks into a grid, as part of the step.
func (s *step) move(i int32, to Key) {
	if s.grid[i] != to {
		s.patch.Moves = append(s.patch.Moves, Move{s.blocks[i].key, s.grid[i], to})
	}
}

func (s *step) assign(_ context.Context) error {
	if len(s.act.Blocks) == 0 {
		return invalid("没有选中任何基本单元", "no block was chosen")
	}
	if len(s.act.Blocks) > mostBlocks {
		return invalid("一次最多改 %d 个基本单元，选中了 %d 个", "at most %d blocks are moved at once, %d were chosen", mostBlocks, len(s.act.Blocks))
	}
	blocks := make([]int32, 0, len(s.act.Blocks))
	for _, key := range s.act.Blocks {
		i, err := s.find(key)
		if err != nil {
			return err
		}
		blocks = append(blocks, i)
	}
	slices.Sort(blocks)
	blocks = slices.Compact(blocks)
	to := s.act.To
	if s.act.New {
		to = s.freshKey()
	}
	if err := s.oneCommunity(blocks, to); err != nil {
		return err
	}
	if err := s.free(blocks, to); err != nil {
		return err
	}
	for _, i := range blocks {
		s.move(i, to)
	}
	n, people, home := len(s.patch.Moves), s.moving(), s.blocks[blocks[0]].community
	switch {
	case s.act.New:
		s.text = say("%d 个单元（%d 人）划为新网格（%s）", "%d blocks (%d people) made into a new grid (%s)", n, people, s.calledIn(home, to))
	case to == Nowhere:
		s.text = s.among(blocks, say("%d 个单元（%d 人）移出网格", "%d blocks (%d people) taken out of their grids", n, people))
	default:
		s.text = say("%d 个单元（%d 人）划入 %s", "%d blocks (%d people) given to %s", n, people, s.calledIn(home, to))
	}
	return nil
}

// moving is how many residents the step moves.
func (s *step) moving() (n int) {
	for _, m := range s.patch.Moves {
		if i, here := s.index[m.Block]; here && m.To != Gone {
			n += s.blocks[i].residents
		}
	}
	return n
}

// oneCommunity refuses to make a grid cross from one community to another.
func (d *desk) oneCommunity(blocks []int32, to Key) error {
	if to == Nowhere {
		return nil
	}
	home := d.communityOf(to)
	for _, i := range blocks {
		if c := d.blocks[i].community; home == 0 {
			home = c
		} else if c != home {
			return invalid("网格不能跨社区：所选中有 %012d 的，也有 %012d 的", "no grid crosses a community's border: of those chosen some lie in %012d and some in %012d", home, c)
		}
	}
	if to < 0 && to < d.fresh {
		return invalid("没有网格 %s", "there is no grid %s", to)
	}
	if code, coded := to.Code(); coded {
		if _, live := d.live.Grids[code]; !live && len(d.members(map[Key]bool{to: true})) == 0 {
			return invalid("没有网格 %s", "there is no grid %s", to)
		}
	}
	return nil
}

// place carries out a whole assignment: an alternative that was taken, or an imported grid map.
func (s *step) place(_ context.Context) error {
	if len(s.act.Assignment) == 0 {
		return invalid("没有给出任何基本单元", "no block was given")
	}
	byGrid, fresh, err := s.assigned()
	if err != nil {
		return err
	}
	var all []int32
	for to, blocks := range byGrid {
		all = append(all, blocks...)
		for _, i := range blocks {
			s.move(i, to)
		}
	}
	for _, t := range s.act.Titles {
		k := t.Grid
		if ours, made := fresh[k]; made {
			k = ours
		}
		if len(byGrid[k]) == 0 && len(s.members(map[Key]bool{k: true})[k]) == 0 {
			return invalid("没有网格 %s", "there is no grid %s", t.Grid)
		}
		if err := isKind(t.Special); err != nil {
			return err
		}
		s.entitle(k, s.name(k), t.Special)
	}
	s.text = s.among(all, say("%d 个单元（%d 人）按方案重新划分", "%d blocks (%d people) placed as proposed", len(s.patch.Moves), s.moving()))
	return nil
}

// assigned reads an assignment: which blocks go to which grid, and what the sender's new keys became here.
func (s *step) assigned() (byGrid map[Key][]int32, fresh map[Key]Key, err error) {
	byGrid, fresh = make(map[Key][]int32), make(map[Key]Key)
	given := make(map[int32]bool, len(s.act.Assignment))
	for _, p := range s.act.Assignment {
		i, err := s.find(p.Block)
		if err != nil {
			return nil, nil, err
		}
		if given[i] {
			return nil, nil, invalid("%s 给出了两次：每个单元只能划入一个网格", "%s is given twice: it goes to one grid", blockText(p.Block))
		}
		given[i] = true
		to := p.Grid
		if to < 0 && len(s.members(map[Key]bool{to: true})[to]) == 0 {
			if fresh[to] == 0 {
				fresh[to] = s.freshKey()
			}
			to = fresh[to]
		}
		byGrid[to] = append(byGrid[to], i)
	}
	for to, blocks := range byGrid {
		if err := s.oneCommunity(blocks, to); err != nil {
			return nil, nil, err
		}
		if err := s.free(blocks, to); err != nil {
			return nil, nil, err
		}
	}
	return byGrid, fresh, nil
}

func (s *step) merge(_ context.Context) error {
	grids := slices.Clone(s.act.Grids)
	if len(grids) < 2 {
		return invalid("合并需要至少两个网格", "to merge grids takes two of them at least")
	}
	var all []int32
	into, most := grids[0], -1
	for i, k := range grids {
		if slices.Contains(grids[:i], k) {
			return invalid("网格 %s 选了两次", "grid %s was chosen twice", s.called(k))
		}
		blocks, err := s.findGrid(k)
		if err != nil {
			return err
		}
		if n := s.residents(blocks); n > most { // as at publication: who keeps most residents keeps the code
			into, most = k, n
		}
		all = append(all, blocks...)
	}
	if err := s.oneCommunity(all, into); err != nil {
		return err
	}
	if parts := s.connected(all); len(parts) > 1 {
		return invalid("所选网格不相连，不能合并", "these grids don't touch one another and can't be one")
	}
	if err := s.free(all, into); err != nil {
		return err
	}
	for _, i := range all {
		s.move(i, into)
	}
	s.text = say("合并为 %s（%d 人）：%s", "merged into %s (%d people): %s", s.called(into), s.residents(all), shorts(grids))
	return nil
}

func shorts(keys []Key) Text {
	zh, en := make([]string, len(keys)), make([]string, len(keys))
	for i, k := range keys {
		zh[i], en[i] = k.Short().ZH, k.Short().EN
	}
	return Text{listed(zh).ZH, listed(en).EN}
}

func (s *step) rename(_ context.Context) error {
	if _, err := s.findGrid(s.act.Grid); err != nil {
		return err
	}
	name, err := oneLine("name", "网格名称", s.act.Name, 0, longestName)
	if err != nil {
		return err
	}
	k := s.act.Grid
	s.text = say("%s 命名为“%s”", "%s named \"%s\"", s.called(k), name)
	s.entitle(k, name, s.special(k))
	return nil
}

func (s *step) makeSpecial(_ context.Context) error {
	if _, err := s.findGrid(s.act.Grid); err != nil {
		return err
	}
	if err := isKind(s.act.Special); err != nil {
		return err
	}
	k := s.act.Grid
	s.text = say("%s 设为专属网格（%s）", "%s made a special grid (%s)", s.called(k), s.act.Special)
	if s.act.Special == "" {
		s.text = say("%s 改为普通网格", "%s made an ordinary grid", s.called(k))
	}
	s.entitle(k, s.name(k), s.act.Special)
	return nil
}

func isKind(special string) error {
	if special != "" && !slices.Contains(layout.SpecialKinds, special) {
		return invalid("没有专属网格类别 %.40q，可用：%s", "%.40q is no kind of special grid; there are %s", special, strings.Join(layout.SpecialKinds, ", "))
	}
	return nil
}

func (s *step) entitle(k Key, name, special string) {
	if name != s.name(k) || special != s.special(k) {
		s.patch.Names = append(s.patch.Names, Naming{int64(k), name, special, s.name(k), s.special(k)})
	}
}

func (s *step) lock(_ context.Context) error   { return s.setLocks(true) }
func (s *step) unlock(_ context.Context) error { return s.setLocks(false) }

// lockText says how much was locked, naming only what there is of grids and blocks.
func lockText(on bool, grids, blocks int) Text {
	what := say("%d 个网格、%d 个单元", "%d grids and %d blocks", grids, blocks)
	switch {
	case blocks == 0:
		what = say("%d 个网格", "%d grids", grids)
	case grids == 0:
		what = say("%d 个单元", "%d blocks", blocks)
	}
	if on {
		return say("锁定 %s", "%s locked", what)
	}
	return say("解锁 %s", "%s unlocked", what)
}

func (s *step) setLocks(on bool) error {
	var all []int32
	for _, k := range s.act.Grids {
		blocks, err := s.findGrid(k)
		if err != nil {
			return err
		}
		all = append(all, blocks...)
		if s.locked[k] != on {
			s.patch.Locks = append(s.patch.Locks, Lock{Grid: int64(k), On: on})
		}
	}
	for _, key := range s.act.Blocks {
		i, err := s.find(key)
		if err != nil {
			return err
		}
		all = append(all, i)
		if s.held[key] != on {
			s.patch.Locks = append(s.patch.Locks, Lock{Block: key, On: on})
		}
	}
	s.text = s.among(all, lockText(on, len(s.act.Grids), len(s.act.Blocks)))
	return nil
}
