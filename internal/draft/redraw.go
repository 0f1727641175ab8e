package draft

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"jingwei/internal/drawing"
	"jingwei/internal/layout"
)

const (
	mostPieces  = 20
	lookForGrid = 60 * time.Millisecond  // counted, not measured (docs/decisions/0005), for each grid that is drawn …
	lookAtMost  = 250 * time.Millisecond // … and for all of a community's: a planner waits for it
	lookAtTown  = 5 * time.Second        // for many communities at once
	lookLonger  = 8                      // times as long for alternatives, which are waited for with patience
)

// look is how long the engine looks for the grids of some blocks.
func (d *desk) look(blocks []int32) time.Duration {
	communities := make(map[int64]bool)
	for _, i := range blocks {
		communities[d.blocks[i].community] = true
	}
	grids := time.Duration(float64(d.weight(blocks))/d.live.Settings.Target + 1)
	most := lookAtMost * time.Duration(len(communities))
	return min(min(grids*lookForGrid, most)*time.Duration(max(1, d.patience)), lookAtTown)
}

func (d *desk) options(seed uint64, blocks []int32) drawing.Options {
	s := d.live.Settings
	return drawing.Options{Target: s.Target, Tolerance: s.Tolerance, Preset: s.Preset, Divide: s.Divide, Seed: max(seed, 1), Time: d.look(blocks)}
}

// problem is some blocks as the engine sees them; place says where each block of the desk is in it, −1 for those that aren't.
func (d *desk) problem(blocks []int32) (p *drawing.Problem, place map[int32]int32) {
	p = &drawing.Problem{Blocks: make([]drawing.Block, len(blocks))}
	place = make(map[int32]int32, len(blocks))
	within := make(map[int64]int32)
	for n, i := range blocks {
		b := &d.blocks[i]
		place[i] = int32(n)
		w, seen := within[b.community]
		if !seen {
			w = int32(len(p.Within))
			within[b.community] = w
			p.Within = append(p.Within, communityCode(b.community))
		}
		p.Blocks[n] = drawing.Block{Weight: b.weight, Lived: b.residents > 0, Within: w, Area: b.shape.Area, Cx: b.shape.Cx, Cy: b.shape.Cy, Second: b.shape.Second}
		if kind := d.special(d.grid[i]); kind != "" {
			if p.Special == nil {
				p.Special = make([]string, len(blocks))
			}
			p.Special[n] = kind
		}
	}
	for _, i := range blocks {
		for _, e := range d.around[i] {
			edge := &d.borders[e]
			o := edge.other(i)
			if o >= 0 && d.grid[o] == Gone {
				continue // the pieces of what was there have borders of their own
			}
			n, inside := place[o]
			switch {
			case o < 0 || !inside || d.blocks[o].community != d.blocks[i].community:
				p.Blocks[place[i]].Outer += edge.length
			case i < o:
				p.Borders = append(p.Borders, layout.DrawingBorder(place[i], n, edge.barrier, edge.length))
			}
		}
	}
	return p, place
}

// drawn turns grids of a problem into keys: numbers under len(keys) are those grids, others are new.
func (s *step) drawn(blocks []int32, grid []int32, keys []Key) map[int32]Key {
	name := make(map[int32]Key)
	out := make(map[int32]Key, len(blocks))
	for n, i := range blocks {
		g := grid[n]
		k, named := name[g]
		if !named {
			if int(g) < len(keys) {
				k = keys[g]
			} else {
				k = s.freshKey()
			}
			name[g] = k
		}
		out[i] = k
	}
	return out
}

func (s *step) split(ctx context.Context) error {
	blocks, err := s.findGrid(s.act.Grid)
	if err != nil {
		return err
	}
	if s.act.Into < 2 || s.act.Into > mostPieces {
		return invalid("可拆分为 2 至 %d 个网格，现为 %d", "a grid is split into 2 to %d, not %d", mostPieces, s.act.Into)
	}
	if s.special(s.act.Grid) != "" {
		return invalid("%s 是专属网格：先改为普通网格再拆分", "%s is a special grid: make it an ordinary one before it is split", s.called(s.act.Grid))
	}
	if err := s.mayRedraw(blocks); err != nil {
		return err
	}
	to, err := s.asShown(blocks)
	if to == nil && err == nil {
		to, err = s.recut(ctx, blocks, []Key{s.act.Grid}, s.act.Into)
	}
	if err != nil {
		return err
	}
	sizes := s.take(blocks, to)
	s.text = say("%s 拆分为 %d 个：%s", "%s split into %d: %s", s.called(s.act.Grid), len(sizes), numbers(sizes))
	return nil
}

// mayRedraw refuses ground with locks in it.
func (d *desk) mayRedraw(blocks []int32) error {
	for _, i := range blocks {
		switch {
		case d.locked[d.grid[i]]:
			return invalid("网格 %s 已锁定：先解锁再改", "grid %s is locked: unlock it first", d.called(d.grid[i]))
		case d.held[d.blocks[i].key]:
			return invalid("网格 %s 中有锁定的基本单元：先解锁，或改用“少动”重划", "grid %s has locked blocks: unlock them, or redraw with few moves", d.called(d.grid[i]))
		}
	}
	return nil
}

// recut draws blocks afresh as n grids, or as many as the band asks for when n is 0. keys are the grids that they are in now.
func (s *step) recut(ctx context.Context, blocks []int32, keys []Key, n int) (map[int32]Key, error) {
	p, place := s.problem(blocks)
	grid, chosen := make([]int32, len(blocks)), make([]int32, len(keys))
	for j, i := range blocks {
		grid[j] = int32(max(0, slices.Index(keys, s.grid[i])))
	}
	for g := range keys {
		chosen[g] = int32(g)
	}
	p.Grid = func(g int32) string { return s.bilingual(keys[min(int(g), len(keys)-1)]) }
	o := s.options(s.act.Seed, blocks)
	o.Together = s.together(place)
	drawn, err := drawing.Recut(ctx, p, grid, chosen, n, o)
	if err != nil {
		return nil, err
	}
	return s.drawn(blocks, drawn.Grid, keys), nil
}

// together are the blocks that the act wants in one grid, as the engine takes them.
func (s *step) together(place map[int32]int32) []drawing.Group {
	var groups []drawing.Group
	if s.act.Compounds != "" {
		on := make([]int32, 0, len(place))
		for i := range place {
			on = append(on, i)
		}
		for _, w := range s.wholes(on) {
			if w.divided && s.act.Compounds == KeptCompounds {
				continue
			}
			g := drawing.Group{Name: w.name}
			for _, i := range w.blocks {
				g.Blocks = append(g.Blocks, place[i])
			}
			slices.Sort(g.Blocks)
			groups = append(groups, g)
		}
	}
	var g drawing.Group
	for _, key := range s.act.Together {
		if i, here := s.index[key]; here {
			if n, mine := place[i]; mine {
				g.Blocks = append(g.Blocks, n)
			}
		}
	}
	if len(g.Blocks) < 2 {
		return groups
	}
	slices.Sort(g.Blocks)
	return append(groups, g)
}

// take makes a new assignment of blocks part of the step, and gives how many people each grid has then.
func (s *step) take(blocks []int32, to map[int32]Key) []int {
	people := make(map[Key]int)
	var order []Key
	for _, i := range blocks {
		if _, seen := people[to[i]]; !seen {
			order = append(order, to[i])
		}
		people[to[i]] += s.blocks[i].residents
		s.move(i, to[i])
	}
	sizes := make([]int, len(order))
	for n, k := range order {
		sizes[n] = people[k]
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	return sizes
}

func (s *step) redraw(ctx context.Context) error {
	blocks, keys, err := s.chosen()
	if err != nil {
		return err
	}
	to, err := s.asShown(blocks)
	if to == nil && err == nil {
		to, err = s.redrawn(ctx, blocks, keys)
	}
	if err != nil {
		return err
	}
	sizes := s.take(blocks, to)
	if s.act.FewMoves && s.act.Compounds != "" {
		s.text = s.among(blocks, say("少动重划 %d 个网格，小区不分开：%d 人换网格", "%d grids redrawn with compounds kept whole: %d people get another grid", len(keys), s.moving()))
		return nil
	}
	if s.act.FewMoves {
		s.text = s.among(blocks, say("少动重划 %d 个网格：%d 人换网格", "%d grids evened out: %d people get another grid", len(keys), s.moving()))
		return nil
	}
	s.text = s.among(blocks, say("重划为 %d 个网格：%s", "redrawn as %d grids: %s", len(sizes), numbers(sizes)))
	return nil
}

// chosen are the blocks and grids that an act redraws: the grids that it names, or all that is free in its community.
func (s *step) chosen() (blocks []int32, keys []Key, err error) {
	if len(s.act.Grids) > 0 {
		for i, k := range s.act.Grids {
			if slices.Contains(s.act.Grids[:i], k) {
				return nil, nil, invalid("网格 %s 选了两次", "grid %s was chosen twice", s.called(k))
			}
			mine, err := s.findGrid(k)
			if err != nil {
				return nil, nil, err
			}
			blocks = append(blocks, mine...)
		}
		if err := s.oneCommunity(blocks, s.act.Grids[0]); err != nil {
			return nil, nil, err
		}
		slices.Sort(blocks)
		return blocks, s.act.Grids, nil
	}
	for i, k := range s.grid {
		b := &s.blocks[i]
		if k == Gone || s.locked[k] || s.special(k) != "" || s.act.Community != 0 && b.community != s.act.Community {
			continue
		}
		blocks = append(blocks, int32(i))
		if k != Nowhere && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	if len(blocks) == 0 {
		return nil, nil, invalid("没有可重划的基本单元：社区不在草案中，或网格都已锁定", "there is nothing to redraw: the community isn't in the draft, or all its grids are locked")
	}
	return blocks, keys, nil
}

// redrawn is the engine's new assignment.
func (s *step) redrawn(ctx context.Context, blocks []int32, keys []Key) (map[int32]Key, error) {
	if s.act.Compounds != "" {
		if _, err := s.compounds(ctx, s.tx); err != nil {
			return nil, err
		}
	}
	if !s.act.FewMoves {
		if err := s.mayRedraw(blocks); err != nil {
			return nil, err
		}
		if len(s.act.Grids) > 0 {
			return s.recut(ctx, blocks, keys, s.act.Into)
		}
		p, place := s.problem(blocks)
		o := s.options(s.act.Seed, blocks)
		o.Together = s.together(place)
		drawn, err := drawing.Draw(ctx, p, o)
		if err != nil {
			return nil, err
		}
		return s.inherit(blocks, drawn.Grid), nil
	}
	p, place := s.problem(blocks)
	o := s.options(s.act.Seed, blocks)
	start := make([]int32, len(blocks))
	for n, i := range blocks {
		start[n] = int32(slices.Index(keys, s.grid[i])) // −1: in none yet
	}
	p.Grid = func(g int32) string { return s.bilingual(keys[min(int(g), len(keys)-1)]) }
	o.Fixed = &drawing.Fixed{}
	for key := range s.held {
		if i, here := s.index[key]; here {
			if n, mine := place[i]; mine {
				o.Fixed.Blocks = append(o.Fixed.Blocks, n)
			}
		}
	}
	slices.Sort(o.Fixed.Blocks)
	o.Together = s.together(place)
	if len(s.act.Grids) > 0 && !slices.Contains(start, -1) && s.act.Compounds == "" { // evened out; with compounds whole the band is what can be asked for
		chosen := make([]int32, len(keys))
		for g := range keys {
			chosen[g] = int32(g)
		}
		drawn, err := drawing.Rebalance(ctx, p, start, chosen, o)
		if err != nil {
			return nil, err
		}
		return s.drawn(blocks, drawn.Grid, keys), nil
	}
	o.Start = start
	drawn, err := drawing.Draw(ctx, p, o)
	if err != nil {
		return nil, err
	}
	return s.drawn(blocks, drawn.Grid, keys), nil
}

// inherit gives grids that were drawn afresh, numbered densely, the keys of the grids that they have most people of: by the rule of a publication.
func (s *step) inherit(blocks []int32, grid []int32) map[int32]Key {
	shares := make([]layout.Share, 0, len(blocks))
	for n, i := range blocks {
		if k := s.grid[i]; k != Nowhere {
			shares = append(shares, layout.Share{Old: layout.Code(k), New: int(grid[n]), Houses: s.blocks[i].homes, Residents: s.blocks[i].residents})
		}
	}
	kept, _ := layout.Foretell(shares, int(slices.Max(grid))+1)
	names := make([]Key, len(kept))
	out := make(map[int32]Key, len(blocks))
	for n, i := range blocks {
		g := grid[n]
		if names[g] == Nowhere {
			if names[g] = Key(kept[g]); kept[g] == 0 {
				names[g] = s.freshKey()
			}
		}
		out[i] = names[g]
	}
	return out
}

// numbers lists numbers, in Chinese and in English.
func numbers(all []int) Text {
	words := make([]string, len(all))
	for i, n := range all {
		words[i] = strconv.Itoa(n)
	}
	return listed(words)
}

// listed is a list of words in Chinese and in English.
func listed(words []string) Text { return Text{strings.Join(words, "、"), strings.Join(words, ", ")} }
