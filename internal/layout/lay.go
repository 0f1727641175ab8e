package layout

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/drawing"
	"jingwei/internal/ground"
	"jingwei/internal/planar"
)

// lay gives the proposal its ground: the blocks that stand, when all of its communities have some and they
// were made from the features as they are now; new ones otherwise.
func (p *Proposal) lay(ctx context.Context, tx pgx.Tx, order Order) error {
	all, err := division.Leaves(ctx, tx, order.Division.CountyCode())
	if err != nil {
		return err
	}
	in := ground.Input{Make: p.Communities, Workers: order.Workers,
		Progress: func(done, total int) { order.tell("ground", float64(done)/float64(max(1, total))) }}
	standing, err := ground.LoadTerritories(ctx, tx, p.County)
	if err != nil {
		return err
	}
	var extent []planar.Polygon
	for _, d := range all {
		t := ground.Territory{Code: string(d.Code), Community: d.Code.Community(), Name: d.Name, Residents: d.Residents, Polygons: d.Polygons}
		if slices.Contains(p.Communities, t.Community) {
			extent = append(extent, d.Polygons...)
		} else if stands := standing[t.Community]; stands != nil {
			t.Polygons = stands
		}
		in.Territories = append(in.Territories, t)
	}
	if p.Features, err = ground.FeatureDigests(ctx, tx, p.County, p.Communities); err != nil {
		return err
	}
	stand, err := ground.MadeFrom(ctx, tx, p.County, p.Communities)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(p.Communities, func(c int64) bool { return !bytes.Equal(stand[c], p.Features[c]) }) {
		_, err := p.loadStanding(ctx, tx)
		return err
	}
	order.tell("features", 0)
	features, _, err := ground.LoadFeatures(ctx, tx, int(p.County), extent)
	if err != nil {
		return err
	}
	in.Features = *features
	if in.Standing, err = ground.LoadStanding(ctx, tx, p.County, p.Communities); err != nil {
		return err
	}
	made, err := makeBeside(ctx, tx, p.County, in, standing)
	if err != nil {
		return err
	}
	p.take(made)
	if p.BuildingIDs, err = buildingIDs(ctx, tx, p.County, features.Buildings); err != nil {
		return err
	}
	return p.weigh(ctx, tx, made.Blocks, p.BuildingIDs)
}

// makeBeside makes blocks. A community that none can be made for keeps those it has, if it has any: then its
// neighbours are made again, beside what stands, instead of over it.
func makeBeside(ctx context.Context, tx pgx.Tx, county int32, in ground.Input, standing map[int64][]planar.Polygon) (*ground.Ground, error) {
	var stopped []ground.MadeTerritory
	for {
		made, err := ground.MakeBlocks(ctx, in)
		if err != nil {
			return nil, err
		}
		keep := make(map[int64]bool)
		for _, t := range made.Territories {
			if t.Report.Stopped != nil && standing[t.Community] != nil && slices.Contains(in.Make, t.Community) {
				keep[t.Community] = true
				stopped = append(stopped, t)
			}
		}
		if len(keep) == 0 {
			made.Territories = append(made.Territories, stopped...)
			return made, nil
		}
		in.Make = slices.DeleteFunc(slices.Clone(in.Make), func(c int64) bool { return keep[c] })
		if len(in.Make) == 0 {
			return made, nil
		}
		in.Territories = slices.Clone(in.Territories)
		for i := range in.Territories {
			if t := &in.Territories[i]; keep[t.Community] {
				t.Polygons = standing[t.Community]
			}
		}
		if in.Standing, err = ground.LoadStanding(ctx, tx, county, in.Make); err != nil {
			return nil, err
		}
	}
}

// buildingIDs are the row ids of buildings, in their order.
func buildingIDs(ctx context.Context, tx pgx.Tx, county int32, buildings []ground.Building) ([]int64, error) {
	sources := make([]string, len(buildings))
	for i, b := range buildings {
		sources[i] = b.Source
	}
	rows, err := tx.Query(ctx, `
		SELECT b.id FROM unnest($2::text[]) WITH ORDINALITY AS w (source, place)
		JOIN building b ON b.county = $1 AND b.source = w.source ORDER BY w.place`, county, sources)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// take makes new ground the proposal's.
func (p *Proposal) take(made *ground.Ground) {
	p.Born = made
	p.Blocks = make([]Block, len(made.Blocks))
	for i, b := range made.Blocks {
		homes := 0
		for _, part := range b.Parts {
			if part.Residents > 0 {
				homes++
			}
		}
		p.Blocks[i] = Block{Community: b.Community, Polygon: b.Polygon, Residents: b.Residents, Weight: int64(b.Residents), Homes: homes, Shape: b.Shape}
	}
	p.Borders = make([]Border, len(made.Borders))
	for i, e := range made.Borders {
		p.Borders[i] = Border{A: e.A, B: e.B, Barrier: e.Barrier, Length: e.Length}
	}
}

// problem is the proposal as the engine sees it.
func (p *Proposal) problem() *drawing.Problem {
	out := &drawing.Problem{Blocks: make([]drawing.Block, len(p.Blocks)), Label: p.whereIs}
	index := make(map[int64]int32)
	for i, b := range p.Blocks {
		within, seen := index[b.Community]
		if !seen {
			within = int32(len(out.Within))
			index[b.Community] = within
			out.Within = append(out.Within, communityName(b.Community))
		}
		if b.Special != "" {
			if out.Special == nil {
				out.Special = make([]string, len(p.Blocks))
			}
			out.Special[i] = b.Special
		}
		out.Blocks[i] = drawing.Block{Weight: b.Weight, Lived: b.Residents > 0, Within: within,
			Area: b.Shape.Area, Cx: b.Shape.Cx, Cy: b.Shape.Cy, Second: b.Shape.Second, Outer: b.Shape.Outer}
	}
	for _, e := range p.Borders {
		if e.B < 0 || p.Blocks[e.A].Community != p.Blocks[e.B].Community {
			continue // no grid crosses it; Shape.Outer counts it
		}
		out.Borders = append(out.Borders, DrawingBorder(e.A, e.B, e.Barrier, e.Length))
	}
	return out
}

// DrawingBorder is a border between two blocks of a problem as the engine takes it, by what runs along it and its length in metres.
func DrawingBorder(a, b int32, barrier ground.Barrier, length float64) drawing.Border {
	out := drawing.Border{A: a, B: b, Length: length, Strength: length * barrierWeight(barrier)}
	if barrier != ground.Nothing {
		out.Along = length
	}
	return out
}

// barrierWeight is how good a place for a grid's border a barrier is: a footpath is half one, whatever
// takes a bridge or a crossing is a whole one.
func barrierWeight(b ground.Barrier) float64 {
	switch b {
	case ground.Nothing:
		return 0
	case ground.Path:
		return .6
	default:
		return 1
	}
}

// loadStanding makes the blocks that stand the proposal's, and gives what they were made of.
func (p *Proposal) loadStanding(ctx context.Context, tx pgx.Tx) (*ground.Live, error) {
	live, err := ground.LoadBlocks(ctx, tx, p.County, p.Communities)
	if err != nil {
		return nil, err
	}
	p.take(&ground.Ground{Blocks: live.Blocks, Borders: live.Borders})
	p.Born = nil
	for i, id := range live.IDs {
		p.Blocks[i].ID = id
	}
	return live, p.weigh(ctx, tx, live.Blocks, live.Buildings)
}

// whereIs names a block by the middle of its extent in degrees: a number of the database's says nothing to a planner, a place can be
// looked up.
func (p *Proposal) whereIs(block int32) string {
	low, high := extent([]planar.Polygon{p.Blocks[block].Polygon})
	west, south := low.Degrees()
	east, north := high.Degrees()
	return fmt.Sprintf("(%.5f, %.5f)", (west+east)/2, (south+north)/2)
}
