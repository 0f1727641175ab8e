package draft

import (
	"context"
	"slices"

	"jingwei/internal/fault"
)

// What a preview showed is taken as it was shown: its assignment comes back with the act, and with the revision at which it was shown. It isn't worked out
// anew, which might come to something else, and it is refused where the grids that it is about have changed since.

// asShown is where a preview had each of the blocks that are redrawn: those that it didn't move stay. nil for an act that brings no assignment.
func (s *step) asShown(blocks []int32) (map[int32]Key, error) {
	if len(s.act.Assignment) == 0 {
		return nil, nil
	}
	byGrid, _, err := s.assigned()
	if err != nil {
		return nil, err
	}
	to := make(map[int32]Key, len(blocks))
	for _, i := range blocks {
		to[i] = s.grid[i]
	}
	for k, some := range byGrid {
		for _, i := range some {
			if _, mine := to[i]; !mine {
				return nil, invalid("%s 不在要重划的网格里", "%s isn't in what is redrawn", blockText(s.blocks[i].key))
			}
			to[i] = k
		}
	}
	return to, nil
}

// outdated refuses an act that was shown when the grids that it changes held something else.
func (s *step) outdated(ctx context.Context, h *Head) error {
	if s.act.Shown == nil {
		return nil
	}
	if *s.act.Shown < 0 || *s.act.Shown > h.Revision {
		return conflict("草案没有第 %d 个修订版，请刷新", "the draft has no revision %d; refresh", *s.act.Shown)
	}
	since, err := acts(ctx, s.tx, h.id, *s.act.Shown)
	if err != nil {
		return err
	}
	var net Patch
	for _, a := range since {
		net = net.then(a.patch)
	}
	mine := s.patch.grids()
	for _, k := range net.grids() {
		if slices.Contains(mine, k) {
			last := since[len(since)-1]
			return fault.New(fault.Conflict, "方案给出以后，它涉及的网格又有改动（最近一步："+last.Text.ZH+"）：请重新计算",
				"since this was worked out the grids that it is about have changed (last: "+last.Text.EN+"): have it worked out again").At("shown")
		}
	}
	return nil
}

// grids are those that the patch takes blocks from or gives blocks to.
func (p *Patch) grids() (out []Key) {
	for _, m := range p.Moves {
		for _, k := range [2]Key{m.From, m.To} {
			if k != Nowhere && k != Gone && !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}
