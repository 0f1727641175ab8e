package draft

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
	"jingwei/internal/postgres"
)

// Alternative is one way to redraw grids.
type Alternative struct {
	Seed        uint64    `json:"seed"`
	Act         *Act      `json:"-"`        // that takes it
	Grids       []*Grid   `json:"grids"`    // those that would change
	InBand      int       `json:"in_band"`  // of all grids on the ground that is redrawn, changed or not
	Ordinary    int       `json:"ordinary"` // of those, all but special ones: the others are asked for no number of residents
	Moved       int       `json:"moved"`    // residents who get another grid than they are in now
	Compactness float64   `json:"compactness"`
	OnStreets   float64   `json:"on_streets"`
	Blocks      []BlockIn `json:"assignment"`
}

const wantedAlternatives = 3

// Alternatives gives up to three ways to redraw that honestly differ, the best first. The act says what is redrawn (Grids or Community, Into,
// FewMoves); taking one is an act of its own.
func (r *Room) Alternatives(ctx context.Context, id ID, a *Act) ([]Alternative, error) {
	out := []Alternative{}
	err := r.at(ctx, id, false, func(tx pgx.Tx, h *Head, d *desk) (bool, error) {
		if !h.May.Edit {
			return true, h.refusal()
		}
		if a.Kind != "redraw" && a.Kind != "" {
			return true, invalid("备选方案只用于重划（redraw），不用于 %.40q", "there are alternatives to a redraw, not to %.40q", a.Kind)
		}
		a.Kind, a.Revision = "redraw", h.Revision
		s := &step{desk: d, act: a, tx: tx, account: postgres.ActorOf(ctx).Account}
		fresh := d.fresh
		d.patience = lookLonger
		defer func() { d.patience = 0 }()
		ways, err := s.ways(ctx)
		if err != nil {
			d.fresh = fresh
			return true, err
		}
		for _, w := range ways {
			one, err := d.weighUp(ctx, tx, w)
			if err != nil {
				return false, err
			}
			if one != nil {
				one.Act.Revision, one.Act.Shown = h.Revision, &h.Revision
				out = append(out, *one)
			}
		}
		d.fresh = fresh
		return true, nil
	})
	return out, err
}

// way is an assignment of blocks.
type way struct {
	seed   uint64
	blocks []int32
	to     map[int32]Key
}

func (s *step) ways(ctx context.Context) ([]way, error) {
	blocks, keys, err := s.chosen()
	if err != nil {
		return nil, err
	}
	if len(s.act.Grids) == 0 && !s.act.FewMoves {
		if err := s.mayRedraw(blocks); err != nil {
			return nil, err
		}
		p, _ := s.problem(blocks)
		o := s.options(s.act.Seed, blocks)
		all, err := drawing.Alternatives(ctx, p, o, wantedAlternatives)
		if err != nil {
			return nil, err
		}
		out := make([]way, len(all))
		for n := range all {
			out[n] = way{all[n].Seed, blocks, s.inherit(blocks, all[n].Grid)}
		}
		return out, nil
	}
	var out []way
	seed := max(s.act.Seed, 1)
	preset := s.live.Settings.Preset
	defer func() { s.live.Settings.Preset = preset }()
	for n, name := range slices.Compact(append([]string{preset}, drawing.Presets()...)) {
		if len(out) == wantedAlternatives {
			break
		}
		s.live.Settings.Preset, s.act.Seed = name, seed+uint64(n)
		to, err := s.redrawn(ctx, blocks, keys)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(out, func(w way) bool { return sameParts(blocks, w.to, to) }) {
			out = append(out, way{s.act.Seed, blocks, to})
		}
	}
	return out, nil
}

// sameParts says whether two assignments put the same blocks together.
func sameParts(blocks []int32, a, b map[int32]Key) bool {
	there, back := make(map[Key]Key), make(map[Key]Key)
	for _, i := range blocks {
		x, y := a[i], b[i]
		if k, seen := there[x]; seen && k != y {
			return false
		}
		if k, seen := back[y]; seen && k != x {
			return false
		}
		there[x], back[y] = y, x
	}
	return true
}

// weighUp gives an alternative's figures.
func (d *desk) weighUp(ctx context.Context, tx pgx.Tx, w way) (*Alternative, error) {
	act := &Act{Kind: "place"}
	for _, i := range w.blocks {
		act.Assignment = append(act.Assignment, Placed{d.blocks[i].key, w.to[i]})
	}
	_, s, grids, _, err := d.preview(ctx, tx, act)
	if err != nil {
		return nil, nil // it is as it is now
	}
	out := &Alternative{Seed: w.seed, Act: act, Grids: grids, Moved: s.moving(), Blocks: d.change(&s.patch).Blocks}
	for _, g := range d.with(s, w.blocks) {
		if g.Special == "" {
			out.Ordinary++
			out.InBand += b2i(g.Band == "in")
			out.Compactness += g.Compactness
		}
	}
	out.Compactness = round(out.Compactness/float64(max(out.Ordinary, 1)), 1e4)
	out.OnStreets = d.onStreets(w)
	return out, nil
}

// with are the grids on some blocks as a step that was only shown would have them.
func (d *desk) with(s *step, on []int32) []*Grid {
	fresh := d.fresh
	d.apply(&s.patch)
	defer func() {
		back := s.patch.reversed()
		d.apply(&back)
		d.fresh = fresh
	}()
	there := make(map[Key]bool)
	for _, i := range on {
		if k := d.grid[i]; k != Nowhere && k != Gone {
			there[k] = true
		}
	}
	return d.figures(sortedKeys(there))
}

// onStreets is the share of the borders between the grids that runs along a barrier.
func (d *desk) onStreets(w way) float64 {
	var all, along float64
	for _, i := range w.blocks {
		for _, e := range d.around[i] {
			edge := &d.borders[e]
			if o := edge.other(i); o > i {
				if k, mine := w.to[o]; mine && k != w.to[i] {
					all += edge.length
					if edge.barrier != 0 {
						along += edge.length
					}
				}
			}
		}
	}
	if all == 0 {
		return 0
	}
	return round(along/all, 1e4)
}
