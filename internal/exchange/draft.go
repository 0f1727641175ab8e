package exchange

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/draft"
	"jingwei/internal/ground"
	"jingwei/internal/planar"
	"jingwei/internal/sheet"
)

// DraftMaps makes a sheet of each community of a draft's ground. sides are what its grids border on.
func DraftMaps(ctx context.Context, tx pgx.Tx, d *draft.Draft, g *draft.Ground, sides map[draft.Key]*draft.Surroundings, at time.Time) ([]sheet.Map, error) {
	code := division.Code(d.Head.Division.Code)
	within, err := aboveCommunities(ctx, tx, code)
	if err != nil {
		return nil, err
	}
	var out []sheet.Map
	for i := range g.Communities {
		c := &g.Communities[i]
		n, err := strconv.ParseInt(c.Code, 10, 64)
		if err != nil {
			return nil, err
		}
		m := sheet.Map{Title: c.Code, Within: within(n), Code: c.Code, Draft: d.Head.Name, PrintedAt: at}
		for _, named := range d.Communities {
			if named.Code == c.Code {
				m.Title = named.Name
			}
		}
		if err := drawDraft(&m, d, c, sides); err != nil {
			return nil, err
		}
		if err := loadAround(ctx, tx, int32(code.County()), &m); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// drawDraft puts the polygons of blocks and grids together of the arcs between blocks.
func drawDraft(m *sheet.Map, d *draft.Draft, c *draft.CommunityGround, sides map[draft.Key]*draft.Surroundings) error {
	left := make(map[[2]planar.Point]int64) // directed edge → the block on its left
	var edges []planar.Edge
	for _, arc := range c.Arcs {
		at := planar.Point{X: arc.Points[0], Y: arc.Points[1]}
		for k := 2; k+1 < len(arc.Points); k += 2 {
			next := planar.Point{X: at.X + arc.Points[k], Y: at.Y + arc.Points[k+1]}
			left[[2]planar.Point{at, next}], left[[2]planar.Point{next, at}] = arc.Left, arc.Right
			edges = append(edges, planar.Edge{A: at, B: next})
			at = next
		}
	}
	cover, err := planar.Polygonise(edges)
	if err != nil {
		return err
	}
	block := make([]int64, len(cover.Faces))
	for i := range cover.Arcs {
		a := &cover.Arcs[i]
		p, q := a.Points[0], a.Points[1]
		if a.Left >= 0 {
			block[a.Left] = left[[2]planar.Point{p, q}]
		}
		if a.Right >= 0 {
			block[a.Right] = left[[2]planar.Point{q, p}]
		}
	}
	var keys []draft.Key
	grid := make(map[int64]int32)
	for _, b := range c.Blocks {
		m.Estimated = m.Estimated || b.People == ground.Estimate
		if b.Grid == draft.Nowhere {
			continue
		}
		at := slices.Index(keys, b.Grid)
		if at < 0 {
			at = len(keys)
			keys = append(keys, b.Grid)
		}
		grid[b.Key] = int32(at)
	}
	label := make([]int32, len(cover.Faces))
	for f := range label {
		label[f] = -1
		if g, in := grid[block[f]]; in && block[f] != 0 {
			label[f] = g
		}
		if block[f] != 0 {
			m.Blocks = append(m.Blocks, cover.Polygons(int32(f))...)
		}
	}
	grids := cover.Dissolve(label)
	for i, key := range keys {
		at := slices.IndexFunc(d.Grids, func(g *draft.Grid) bool { return g.Key == key })
		if at < 0 || i >= len(grids.Faces) {
			return fmt.Errorf("exchange: grid %s of draft %s has no figures", key, d.Head.ID)
		}
		g := d.Grids[at]
		borders := ""
		if s := sides[key]; s != nil {
			borders, _ = s.Words() // in Chinese, as on the sheets of what is live
		}
		m.Grids = append(m.Grids, sheet.Grid{Code: key.String(), Name: g.Name, Sides: borders, Special: g.Special != "", Residents: g.Residents, Houses: g.Houses,
			Parts: grids.Polygons(int32(i)), Label: planar.FromDegrees(g.Label[0], g.Label[1])})
	}
	slices.SortStableFunc(m.Grids, func(a, b sheet.Grid) int { return byCode(a.Code, b.Code) })
	return nil
}

// byCode puts grids that have codes before new ones, each by number.
func byCode(a, b string) int {
	if len(a) != len(b) {
		return len(b) - len(a)
	}
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

// DraftChanges is what a draft changes, as a table.
func DraftChanges(d *draft.Draft, c *draft.Changes) *sheet.Comparison {
	before := fmt.Sprintf("第 %d 版 v%d", c.With, c.With)
	out := &sheet.Comparison{Division: d.Head.Division.Name, Before: before, After: d.Head.Name}
	for _, community := range d.Communities {
		out.Parts = append(out.Parts, sheet.Part{Code: community.Code, Name: community.Name})
	}
	names, lies := make(map[draft.Key]string), make(map[draft.Key]string)
	for _, g := range d.Grids {
		names[g.Key], lies[g.Key] = g.Name, g.Community
	}
	for _, b := range c.Grids {
		key := b.After
		if key == draft.Nowhere {
			key = b.Before
		}
		community := lies[key]
		if code, has := key.Code(); has {
			community = communityCode(code.Community())
		}
		at := slices.IndexFunc(out.Parts, func(p sheet.Part) bool { return p.Code == community })
		if at < 0 {
			continue // a grid of a community that isn't the draft's
		}
		out.Parts[at].Changes = append(out.Parts[at].Changes, sheet.Change{Before: b.Before.String(), After: b.After.String(), Name: names[key], Kind: b.Kind,
			ResidentsBefore: b.ResidentsBefore, ResidentsAfter: b.ResidentsAfter, MovedResidents: b.Moved, HousesMoved: -1, Incidents: b.Incidents})
	}
	return out
}
