package draft

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/ground"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

// Surroundings are 四至 of a grid as a draft has it: its borders are the draft's, and so are the grids behind them.
type Surroundings struct {
	layout.Surroundings
	Live bool // its ground is that of the live grid; only then does what was put right by hand hold
}

// fence is a stretch of border between two blocks, the left one on the left of who goes along it.
type fence struct {
	left, right int32 // −1 for what isn't on the desk
	standing    int64 // then the live block there, 0 for none
	barrier     ground.Barrier
	name        string
	points      []planar.Point
}

// Surroundings says what grids of a draft border on, nil being all of them. A grid that isn't in the draft any more is left out.
func (r *Room) Surroundings(ctx context.Context, id ID, of []Key) (out map[Key]*Surroundings, err error) {
	err = r.at(ctx, id, false, func(tx pgx.Tx, h *Head, d *desk) (bool, error) {
		out, err = d.surroundings(ctx, tx, of)
		return true, err
	})
	return out, err
}

func (d *desk) surroundings(ctx context.Context, tx pgx.Tx, of []Key) (map[Key]*Surroundings, error) {
	wanted := make(map[Key]bool)
	for _, k := range d.keys() {
		wanted[k] = of == nil || slices.Contains(of, k)
	}
	outlines := d.outlines(wanted)
	var unknown []*layout.Facing
	for _, outline := range outlines {
		for i := range outline {
			if !outline[i].Known {
				unknown = append(unknown, &outline[i])
			}
		}
	}
	if err := layout.LookBehind(ctx, tx, d.id.County, unknown); err != nil {
		return nil, err
	}
	out := make(map[Key]*Surroundings, len(wanted))
	live := make(map[layout.Code]*layout.Surroundings)
	for k, outline := range outlines {
		s := &Surroundings{layout.SurroundFacing(d.asCode(k), outline), d.stillLive(k)}
		if out[k] = s; s.Live {
			live[layout.Code(k)] = &s.Surroundings
		}
	}
	return out, layout.Corrections(ctx, tx, d.id.County, live)
}

// asCode is a code in the grid's community for what goes by codes; one that the draft made has none yet, and is called by its name.
func (d *desk) asCode(k Key) layout.Code {
	if code, coded := k.Code(); coded {
		return code
	}
	return layout.Code(d.communityOf(k) * 1000)
}

// stillLive says whether a grid has the ground that it has in the live layout.
func (d *desk) stillLive(k Key) bool {
	there := false
	for i, g := range d.grid {
		b := &d.blocks[i]
		if (b.key > 0 && b.base == k) != (g == k) {
			return false
		}
		there = there || g == k
	}
	return there && k > 0
}

// outlines are the borders of grids, a stretch at a time. What lies behind one is said where it is on the desk.
func (d *desk) outlines(wanted map[Key]bool) map[Key][]layout.Facing {
	out := make(map[Key][]layout.Facing)
	own := make(map[Key]layout.Code)
	add := func(at, other int32, standing int64, f *fence, points []planar.Point) {
		if at < 0 || !wanted[d.grid[at]] {
			return
		}
		k := d.grid[at]
		if i, here := d.index[standing]; here && other < 0 {
			other = i
		}
		behind := Nowhere
		if other >= 0 {
			if behind = d.grid[other]; behind == Gone { // cut in another community: whichever piece it is
				behind = d.blocks[other].base
			}
			if behind == k {
				return
			}
		}
		if _, known := own[k]; !known {
			own[k] = d.asCode(k)
		}
		s := layout.Facing{Stretch: layout.Stretch{Points: points, Barrier: f.barrier, Name: f.name}, From: own[k], Block: standing}
		if other >= 0 {
			d.behind(&s, behind, d.blocks[other].community, d.blocks[at].community)
		}
		out[k] = append(out[k], s)
	}
	for _, f := range d.fences() {
		add(f.left, f.right, f.standing, &f, f.points)
		if f.right >= 0 {
			back := slices.Clone(f.points)
			slices.Reverse(back)
			add(f.right, f.left, 0, &f, back)
		}
	}
	return out
}

// behind says which grid of the draft lies behind a stretch.
func (d *desk) behind(s *layout.Facing, k Key, community, from int64) {
	s.Known = true
	if k == Nowhere {
		s.Loose = true
		return
	}
	s.Behind, s.Called = d.asCode(k), d.name(k)
	if k < 0 && s.Called == "" {
		s.Called, s.English = k.Short().ZH, k.Short().EN
	}
	if community != from {
		s.Beyond = d.places[community]
	}
}

// fences are all borders of the desk with their points: those of the live ground, and where a community was cut those of its sheet.
func (d *desk) fences() (out []fence) {
	l := d.live.Live
	for _, e := range l.Borders {
		cutA, cutB := d.sheets[d.blocks[e.A].community] != nil, e.B >= 0 && d.sheets[d.blocks[e.B].community] != nil
		switch {
		case !cutA && !cutB:
			out = append(out, fence{e.A, e.B, e.Standing, e.Barrier, e.Name, e.Points})
		case !cutA: // the other side's sheet has its half
			out = append(out, fence{e.A, -1, d.blocks[e.B].key, e.Barrier, e.Name, e.Points})
		case e.B >= 0 && !cutB:
			back := slices.Clone(e.Points)
			slices.Reverse(back)
			out = append(out, fence{e.B, -1, d.blocks[e.A].key, e.Barrier, e.Name, back})
		}
	}
	for _, s := range d.sheets {
		for _, arc := range s.Arcs() {
			f := fence{d.index[arc.Left], -1, arc.Beyond, arc.Barrier, arc.Name, arc.Points}
			if arc.Right != 0 {
				f.right = d.index[arc.Right]
			}
			out = append(out, f)
		}
	}
	return out
}
