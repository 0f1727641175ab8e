package exchange

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
	"jingwei/internal/sheet"
)

// Compare tells what differs between two versions of a division's layout, from the earlier one to l.
//
// Faults: those of Load.
func (l *Layout) Compare(ctx context.Context, tx pgx.Tx, version int) (*sheet.Comparison, error) {
	earlier, err := Load(ctx, tx, l.Division.Code, version)
	if err != nil {
		return nil, err
	}
	before, err := l.before(ctx, tx, earlier.Version)
	if err != nil {
		return nil, err
	}
	c := comparing{later: l, earlier: earlier, was: map[layout.Code]*Grid{}, is: map[layout.Code]bool{},
		origins: map[layout.Code]map[layout.Code]bool{}, successors: map[layout.Code]map[layout.Code]bool{}, moved: map[layout.Code]moved{}}
	c.read(before)
	out := &sheet.Comparison{Division: l.Division.Name, Before: fmt.Sprintf("第 %d 版 v%d", earlier.Version, earlier.Version), After: fmt.Sprintf("第 %d 版 v%d", l.Version, l.Version)}
	parts := make(map[int64]*sheet.Part)
	for i := range l.Grids {
		g := &l.Grids[i]
		c.part(parts, g.Community).Changes = append(c.part(parts, g.Community).Changes, c.change(g))
	}
	for i := range earlier.Grids {
		g := &earlier.Grids[i]
		if !c.is[g.Code] {
			c.part(parts, g.Community).Changes = append(c.part(parts, g.Community).Changes,
				sheet.Change{Before: g.Code.String(), Name: g.Name, Kind: "retired", ResidentsBefore: g.Residents, Incidents: -1})
		}
	}
	for _, community := range slices.Sorted(maps.Keys(parts)) {
		p := parts[community]
		slices.SortStableFunc(p.Changes, func(a, b sheet.Change) int { return cmp.Compare(max(a.After, a.Before), max(b.After, b.Before)) })
		out.Parts = append(out.Parts, *p)
	}
	return out, nil
}

type comparing struct {
	later, earlier      *Layout
	was                 map[layout.Code]*Grid
	is                  map[layout.Code]bool
	origins, successors map[layout.Code]map[layout.Code]bool
	moved               map[layout.Code]moved
}

type moved struct{ residents, houses int }

func (c *comparing) read(before map[int64]layout.Code) {
	for i := range c.earlier.Grids {
		c.was[c.earlier.Grids[i].Code] = &c.earlier.Grids[i]
	}
	for i := range c.later.Grids {
		c.is[c.later.Grids[i].Code] = true
	}
	link := func(m map[layout.Code]map[layout.Code]bool, a, b layout.Code) {
		if m[a] == nil {
			m[a] = make(map[layout.Code]bool)
		}
		m[a][b] = true
	}
	for _, b := range c.later.Blocks {
		to, from := c.later.Grids[b.Grid].Code, before[b.ID]
		if from != to {
			m := c.moved[to]
			m.residents, m.houses = m.residents+b.Residents, m.houses+b.Houses
			c.moved[to] = m
		}
		if from != 0 {
			link(c.origins, to, from)
			link(c.successors, from, to)
		}
	}
}

func (c *comparing) part(parts map[int64]*sheet.Part, community int64) *sheet.Part {
	if parts[community] == nil {
		name := c.later.Communities[community]
		parts[community] = &sheet.Part{Code: communityCode(community), Name: cmp.Or(name, c.earlier.Communities[community], communityCode(community))}
	}
	return parts[community]
}

func (c *comparing) change(g *Grid) sheet.Change {
	out := sheet.Change{After: g.Code.String(), Name: g.Name, Kind: c.kind(g.Code), ResidentsAfter: g.Residents,
		MovedResidents: c.moved[g.Code].residents, HousesMoved: c.moved[g.Code].houses, Incidents: -1}
	if old := c.was[g.Code]; old != nil {
		out.Before, out.ResidentsBefore = old.Code.String(), old.Residents
	}
	return out
}

// kind says how a grid came to be, in the words of the lineage.
func (c *comparing) kind(code layout.Code) string {
	origins := c.origins[code]
	alone := true // every origin became this grid and nothing else
	for from := range origins {
		alone = alone && len(c.successors[from]) == 1
	}
	switch {
	case len(origins) == 0:
		return "new"
	case len(origins) == 1 && alone && origins[code]:
		return "unchanged"
	case len(origins) == 1 && !alone:
		return "split"
	case len(origins) > 1 && alone:
		return "merged"
	case c.was[code] != nil:
		return "moved"
	}
	return "complex"
}
