package draft

import (
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

// HomeMove is a home that was in one micro-grid and is in another.
type HomeMove struct {
	Home layout.HomeKey `json:"home"`
	From Micro          `json:"from"`
	To   Micro          `json:"to"`
}

// MicroNaming is what a micro-grid is called, before and after.
type MicroNaming struct {
	Micro Micro  `json:"micro"`
	Name  string `json:"name"`
	Was   string `json:"was"`
}

// reverseMicro takes what a patch does to micro-grids back.
func (p *Patch) reverseMicro(r *Patch) {
	for _, m := range p.Homes {
		r.Homes = append(r.Homes, HomeMove{m.Home, m.To, m.From})
	}
	for _, n := range p.MicroNames {
		r.MicroNames = append(r.MicroNames, MicroNaming{n.Micro, n.Was, n.Name})
	}
}

// thenMicro puts what two patches do to micro-grids into one.
func (p *Patch) thenMicro(q, out *Patch) {
	at := make(map[layout.HomeKey]int)
	for _, m := range append(slices.Clone(p.Homes), q.Homes...) {
		if i, seen := at[m.Home]; seen {
			out.Homes[i].To = m.To
		} else {
			at[m.Home] = len(out.Homes)
			out.Homes = append(out.Homes, m)
		}
	}
	out.Homes = slices.DeleteFunc(out.Homes, func(m HomeMove) bool { return m.From == m.To })
	for _, n := range append(slices.Clone(p.MicroNames), q.MicroNames...) {
		if i := slices.IndexFunc(out.MicroNames, func(o MicroNaming) bool { return o.Micro == n.Micro }); i >= 0 {
			out.MicroNames[i].Name = n.Name
		} else {
			out.MicroNames = append(out.MicroNames, n)
		}
	}
	out.MicroNames = slices.DeleteFunc(out.MicroNames, func(n MicroNaming) bool { return n.Name == n.Was })
}

// microGrids are the grids whose micro-grids a patch changes.
func (p *Patch) microGrids() (out []Key) {
	seen := map[Key]bool{Nowhere: true}
	note := func(k Key) {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	for _, m := range p.Homes {
		note(m.From.Grid)
		note(m.To.Grid)
	}
	for _, n := range p.MicroNames {
		note(n.Micro.Grid)
	}
	return out
}

// applyMicro carries it out.
func (d *desk) applyMicro(p *Patch) {
	for _, m := range p.Homes {
		d.micro.put(m.Home, m.To)
	}
	for _, n := range p.MicroNames {
		d.micro.call(n.Micro, n.Name)
	}
}

// fitsMicro refuses a patch whose homes were moved since.
func (d *desk) fitsMicro(p *Patch) error {
	for _, m := range p.Homes {
		if d.placed(m.Home) != m.From {
			return conflict("这一步之后，同一处住户的微网格又被改过：先撤销后来的改动", "homes of this step were put into other micro-grids since: undo that first")
		}
	}
	return nil
}

// sameHomes says whether two patches move a home in common.
func (p *Patch) sameHomes(q *Patch) bool {
	if len(p.Homes) == 0 || len(q.Homes) == 0 {
		return false
	}
	mine := make(map[layout.HomeKey]bool, len(p.Homes))
	for _, m := range p.Homes {
		mine[m.Home] = true
	}
	return slices.ContainsFunc(q.Homes, func(m HomeMove) bool { return mine[m.Home] })
}

// queueMicro keeps where homes are now, and what micro-grids are called, and drops what is as in the live layout.
func (s *step) queueMicro(batch *pgx.Batch) {
	m := s.micro
	var blocks, buildings, grids, homeBlocks, homeBuildings []int64
	var entrances, homeEntrances []string
	var numbers []int32
	for _, h := range s.patch.Homes {
		k := h.Home
		if k.Block > 0 && h.To == m.asLive(k) {
			homeBlocks, homeBuildings, homeEntrances = append(homeBlocks, k.Block), append(homeBuildings, k.Building), append(homeEntrances, k.Entrance)
		} else {
			blocks, buildings, entrances = append(blocks, k.Block), append(buildings, k.Building), append(entrances, k.Entrance)
			grids, numbers = append(grids, int64(h.To.Grid)), append(numbers, int32(h.To.Number))
		}
	}
	if len(blocks) > 0 {
		batch.Queue(`INSERT INTO draft_micro_home (county, draft, block, building, entrance, grid, number)
			SELECT $1, $2, w.* FROM unnest($3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::int[]) AS w
			ON CONFLICT (county, draft, block, building, entrance) DO UPDATE SET grid = excluded.grid, number = excluded.number`,
			s.id.County, s.id.Number, blocks, buildings, entrances, grids, numbers)
	}
	if len(homeBlocks) > 0 {
		batch.Queue(`DELETE FROM draft_micro_home h USING unnest($3::bigint[], $4::bigint[], $5::text[]) AS w (block, building, entrance)
			WHERE h.county = $1 AND h.draft = $2 AND (h.block, h.building, h.entrance) = (w.block, w.building, w.entrance)`,
			s.id.County, s.id.Number, homeBlocks, homeBuildings, homeEntrances)
	}
	for _, n := range s.patch.MicroNames {
		batch.Queue(`INSERT INTO draft_micro_grid (county, draft, grid, number, name) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (county, draft, grid, number) DO UPDATE SET name = excluded.name`, s.id.County, s.id.Number, int64(n.Micro.Grid), n.Micro.Number, n.Name)
	}
}
