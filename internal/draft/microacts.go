package draft

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"jingwei/internal/drawing"
	"jingwei/internal/layout"
)

const (
	mostMicros   = 999
	lookForMicro = 200 * time.Millisecond // counted, not measured (docs/decisions/0005)
)

// microName is what a micro-grid is called in a sentence.
func microName(number int) string { return fmt.Sprintf("%02d", number) }

// homesToChange are the homes of a grid whose micro-grids an act changes.
func (s *step) homesToChange(ctx context.Context) ([]dwelling, error) {
	k := s.act.Grid
	if _, err := s.findGrid(k); err != nil {
		return nil, err
	}
	if s.locked[k] {
		return nil, invalid("网格 %s 已锁定：先解锁再改", "grid %s is locked: unlock it first", s.called(k))
	}
	homes, err := s.inGrid(ctx, s.tx, k)
	if err == nil && len(homes) == 0 {
		return nil, invalid("网格 %s 无人居住，没有微网格可分", "nobody lives in grid %s: it has no micro-grids", s.called(k))
	}
	return homes, err
}

// house puts a home into a micro-grid of its grid, 0 being none, as part of the step.
func (s *step) house(h *dwelling, number int) {
	to := Micro{s.grid[h.at], number}
	if number == 0 {
		to = Micro{}
	}
	if was := s.placed(h.HomeKey); was != to {
		s.patch.Homes = append(s.patch.Homes, HomeMove{h.HomeKey, was, to})
	}
}

// planMicro cuts a grid into micro-grids anew.
func (s *step) planMicro(ctx context.Context) error {
	homes, err := s.homesToChange(ctx)
	if err != nil {
		return err
	}
	blocks, _ := s.findGrid(s.act.Grid)
	p, place := s.problem(blocks)
	p.Special = nil
	plain := make([]layout.Home, len(homes))
	at := make(map[int64]int32, len(homes))
	for i, h := range homes {
		plain[i], at[h.Block] = h.Home, place[h.at]
	}
	units := layout.Units(plain, func(h *layout.Home) int32 { return at[h.Block] })
	name := func(int32) string { return s.bilingual(s.act.Grid) }
	micro, err := drawing.MicroGrids(ctx, p, make([]int32, len(blocks)), units, name, drawing.Options{Seed: max(s.act.Seed, 1), Time: lookForMicro})
	if err != nil {
		return err
	}
	was, households := make([]int, len(homes)), make([]int, len(homes))
	for i := range homes {
		was[i], households[i] = s.number(&homes[i]), homes[i].Households
	}
	number := layout.NumberMicroGrids(was, micro.Unit, households, s.micro.last[s.act.Grid])
	sizes := make(map[int]int)
	for i := range homes {
		n := number[micro.Unit[i]]
		if n > mostMicros {
			return s.tooMany()
		}
		sizes[n] += households[i]
		s.house(&homes[i], n)
	}
	if err := s.forgetMicro(ctx, s.act.Grid); err != nil {
		return err
	}
	s.orderHomes()
	list := make([]int, 0, len(sizes))
	for _, n := range sizes {
		list = append(list, n)
	}
	slices.Sort(list)
	slices.Reverse(list)
	s.text = say("%s 划分为 %d 个微网格：%s 户", "%s cut into %d micro-grids: %s households", s.called(s.act.Grid), len(list), numbers(list))
	return nil
}

// forgetMicro lets homes that were in a grid once not come back into what is another micro-grid by then.
func (s *step) forgetMicro(ctx context.Context, k Key) error {
	all, err := s.dwellings(ctx, s.tx)
	for i := range all {
		if was := s.placed(all[i].HomeKey); was.Grid == k && s.grid[all[i].at] != k {
			s.patch.Homes = append(s.patch.Homes, HomeMove{all[i].HomeKey, was, Micro{}})
		}
	}
	return err
}

// orderHomes makes the patch independent of the order of a map.
func (s *step) orderHomes() {
	slices.SortFunc(s.patch.Homes, func(a, b HomeMove) int { return a.Home.Compare(b.Home) })
}

func (s *step) tooMany() error {
	return invalid("网格 %s 的微网格编号已用到 %d", "the numbers of micro-grids of grid %s are used up to %d", s.called(s.act.Grid), mostMicros)
}

// moveMicro puts homes into another micro-grid of their grid, or into a new one, or into none.
func (s *step) moveMicro(ctx context.Context) error {
	all, err := s.homesToChange(ctx)
	if err != nil {
		return err
	}
	if len(s.act.Homes) == 0 {
		return invalid("没有选中任何楼栋或单元", "no building or entrance was chosen")
	}
	byKey := make(map[layout.HomeKey]*dwelling, len(all))
	there := make(map[int]bool)
	for i := range all {
		byKey[all[i].HomeKey] = &all[i]
		there[s.number(&all[i])] = true
	}
	to := s.act.Micro
	switch {
	case s.act.New:
		if to = s.micro.last[s.act.Grid] + 1; to > mostMicros {
			return s.tooMany()
		}
	case to != 0 && !there[to]:
		return conflict("网格 %s 没有微网格 %s：它可能刚被合并，请刷新后再试", "grid %s has no micro-grid %s: it may just have been merged; refresh and try again", s.called(s.act.Grid), microName(to))
	}
	households, moved := 0, make(map[layout.HomeKey]bool)
	for _, key := range s.act.Homes {
		h := byKey[key]
		if h == nil {
			return conflict("所选住户有不在网格 %s 中的：它可能刚被划给别的网格，请刷新后再试", "a home of those chosen isn't in grid %s: its block may just have been moved; refresh and try again", s.called(s.act.Grid))
		}
		if moved[key] {
			continue
		}
		moved[key] = true
		households += h.Households
		s.house(h, to)
	}
	s.orderHomes()
	switch {
	case to == 0:
		s.text = say("%s：%d 处（%d 户）移出微网格", "%s: %d homes (%d households) taken out of their micro-grids", s.called(s.act.Grid), len(moved), households)
	case s.act.New:
		s.text = say("%s：%d 处（%d 户）另成微网格 %s", "%s: %d homes (%d households) made into micro-grid %s", s.called(s.act.Grid), len(moved), households, microName(to))
	default:
		s.text = say("%s：%d 处（%d 户）划入微网格 %s", "%s: %d homes (%d households) given to micro-grid %s", s.called(s.act.Grid), len(moved), households, microName(to))
	}
	return nil
}

// mergeMicro makes one of several micro-grids of a grid; the one with most households keeps its number and its name.
func (s *step) mergeMicro(ctx context.Context) error {
	all, err := s.homesToChange(ctx)
	if err != nil {
		return err
	}
	if len(s.act.Micros) < 2 {
		return invalid("合并需要至少两个微网格", "to merge micro-grids takes two of them at least")
	}
	households, members := make(map[int]int), make(map[int][]*dwelling)
	for i := range all {
		n := s.number(&all[i])
		households[n] += all[i].Households
		members[n] = append(members[n], &all[i])
	}
	into, sum := s.act.Micros[0], 0
	var names []string
	for i, n := range s.act.Micros {
		switch {
		case slices.Contains(s.act.Micros[:i], n):
			return invalid("微网格 %s 选了两次", "micro-grid %s was chosen twice", microName(n))
		case n <= 0 || len(members[n]) == 0:
			return conflict("网格 %s 没有微网格 %s：它可能刚被合并，请刷新后再试", "grid %s has no micro-grid %s: it may just have been merged; refresh and try again", s.called(s.act.Grid), microName(n))
		case households[n] > households[into]:
			into = n
		}
		names, sum = append(names, microName(n)), sum+households[n]
	}
	for _, n := range s.act.Micros {
		for _, h := range members[n] {
			s.house(h, into)
		}
	}
	s.orderHomes()
	s.text = say("%s：微网格合并为 %s（%d 户）：%s", "%s: micro-grids merged into %s (%d households): %s", s.called(s.act.Grid), microName(into), sum, listed(names))
	return nil
}

// nameMicro gives a micro-grid a name.
func (s *step) nameMicro(ctx context.Context) error {
	all, err := s.homesToChange(ctx)
	if err != nil {
		return err
	}
	k := Micro{s.act.Grid, s.act.Micro}
	if k.Number <= 0 || !slices.ContainsFunc(all, func(h dwelling) bool { return s.number(&h) == k.Number }) {
		return conflict("网格 %s 没有微网格 %s：它可能刚被合并，请刷新后再试", "grid %s has no micro-grid %s: it may just have been merged; refresh and try again", s.called(k.Grid), microName(k.Number))
	}
	name := strings.TrimSpace(s.act.Name)
	if utf8.RuneCountInString(name) > longestName || strings.ContainsAny(name, "\n\r\t\x00") || !utf8.ValidString(name) {
		return invalid("微网格名称最长 %d 字，不含换行", "a micro-grid's name has at most %d characters and no line breaks", longestName)
	}
	if was := s.micro.names[k]; was != name {
		s.patch.MicroNames = append(s.patch.MicroNames, MicroNaming{k, name, was})
	}
	s.text = say("%s：微网格 %s 命名为“%s”", "%s: micro-grid %s named \"%s\"", s.called(k.Grid), microName(k.Number), name)
	return nil
}
