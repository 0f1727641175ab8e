package draft

import (
	"context"
	"maps"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

// differs says whether a home is elsewhere than in the live layout, by what the draft did to it.
func (d *desk) differs(h layout.HomeKey) bool {
	k, said := d.micro.in[h]
	return said && (h.Block < 0 || k != d.micro.asLive(h))
}

// changedMicro adds the communities whose micro-grids differ from what is live.
func (d *desk) changedMicro(is map[int64]bool) {
	for h := range d.micro.in {
		if i, here := d.index[h.Block]; here && !is[d.blocks[i].community] && d.differs(h) {
			is[d.blocks[i].community] = true
		}
	}
	live := make(map[Micro]string)
	for k, name := range d.micro.live.Names {
		live[Micro{Key(k.Grid), k.Number}] = name
	}
	for _, names := range []map[Micro]string{live, d.micro.names} {
		for k := range names {
			if live[k] != d.micro.names[k] {
				is[d.communityOf(k.Grid)] = true
			}
		}
	}
}

// microConflict refuses to publish over micro-grids that others published since the draft's base. Brought onto what is live, the draft's word holds:
// who did that has been told.
func (d *desk) microConflict(ctx context.Context, tx pgx.Tx, h *Head) error {
	if h.Base == d.live.Base || !d.micro.any() {
		return nil
	}
	rows, err := tx.Query(ctx, `
		SELECT block, building, entrance, grid FROM micro_home WHERE county = $1 AND since > $2
		UNION ALL SELECT block, building, entrance, grid FROM micro_home_past WHERE county = $1 AND until > $2 AND since <= $2`, d.id.County, h.Base)
	if err != nil {
		return err
	}
	grids := make(map[Key]bool)
	var home layout.HomeKey
	var grid Key
	if _, err = pgx.ForEachRow(rows, []any{&home.Block, &home.Building, &home.Entrance, &grid}, func() error {
		if d.differs(home) {
			grids[grid] = true
		}
		return nil
	}); err != nil || len(grids) == 0 {
		return err
	}
	return conflict("网格 %s 的微网格在草案起草（第 %d 版）之后已由他人发布：先并入第 %d 版，其后以本草案的微网格为准",
		"others published micro-grids of grid %s since the draft was begun on version %d: bring it onto version %d first; the draft's micro-grids take their place then",
		d.calledAll(sortedKeys(grids)), h.Base, d.live.Base)
}

// microGrids publishes the draft's micro-grids of the communities that are published; ids are the blocks that pieces became.
func (d *desk) microGrids(ids map[int64]int64) layout.Also {
	return func(ctx context.Context, tx pgx.Tx, p *layout.Proposal, done *layout.Publication) error {
		if !d.micro.any() {
			return nil
		}
		homes, err := d.dwellings(ctx, tx)
		if err != nil {
			return err
		}
		mine := make(map[int64]bool)
		for _, c := range p.Communities {
			mine[c] = true
		}
		m := &layout.MicroLayout{In: make(map[layout.HomeKey]layout.MicroKey), Names: make(map[layout.MicroKey]string)}
		for i := range homes {
			h := &homes[i]
			n := d.number(h)
			if !mine[h.Community] || n == 0 {
				continue
			}
			grid := d.grid[h.at]
			k := layout.MicroKey{Grid: done.Grids[d.numbers[grid]].Code, Number: n}
			key := h.HomeKey
			if id, piece := ids[key.Block]; piece {
				key.Block = id
			}
			m.In[key] = k
			if name := d.micro.names[Micro{grid, n}]; name != "" {
				m.Names[k] = name
			}
		}
		if len(ids) > 0 { // what the ground has there, as it is now
			if err := onlyReal(ctx, tx, p, m); err != nil {
				return err
			}
		}
		return layout.StoreMicroGrids(ctx, tx, p.County, p.Communities, m, done.Version)
	}
}

// onlyReal drops homes that aren't there.
func onlyReal(ctx context.Context, tx pgx.Tx, p *layout.Proposal, m *layout.MicroLayout) error {
	homes, err := layout.LoadHomes(ctx, tx, p.County, p.Communities)
	if err != nil {
		return err
	}
	real := make(map[layout.HomeKey]bool, len(homes))
	for _, h := range homes {
		real[h.HomeKey] = true
	}
	maps.DeleteFunc(m.In, func(h layout.HomeKey, _ layout.MicroKey) bool { return !real[h] })
	return nil
}

// asMicro puts every home into the micro-grid that it was in at a version.
func (s *step) asMicro(ctx context.Context, version int) error {
	then, err := layout.MicroAt(ctx, s.tx, s.id.County, s.live.Communities, version)
	if err != nil {
		return err
	}
	homes, err := s.dwellings(ctx, s.tx)
	if err != nil {
		return err
	}
	for i := range homes {
		h := homes[i].HomeKey
		k := then.In[h]
		if was, to := s.placed(h), (Micro{Key(k.Grid), k.Number}); was != to {
			s.patch.Homes = append(s.patch.Homes, HomeMove{h, was, to})
		}
	}
	for k, name := range then.Names {
		if m := (Micro{Key(k.Grid), k.Number}); s.micro.names[m] != name {
			s.patch.MicroNames = append(s.patch.MicroNames, MicroNaming{m, name, s.micro.names[m]})
		}
	}
	return nil
}
