package layout

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/ground"
	"jingwei/internal/planar"
)

// Author says who publishes, and why.
type Author struct {
	By   string
	Note string
}

// Publication is what a publication did.
type Publication struct {
	County  int32     `json:"county"`
	Version int       `json:"version"`
	Grids   []Grid    `json:"-"`
	Lineage []Descent `json:"-"`
	Bounds  []Bounds  `json:"bounds"` // of everything whose look has changed
}

// Grid is a grid as it was published.
type Grid struct {
	Code      Code
	Residents int
	Blocks    int
	Parts     []planar.Polygon
}

// Bounds is west, south, east, north in degrees.
type Bounds [4]float64

// Also is what else happens in the transaction of a publication: houses re-tied, the outbox told.
type Also func(ctx context.Context, tx pgx.Tx, p *Proposal, done *Publication) error

// Live is the version that is live in a county, 0 when none is.
func Live(ctx context.Context, tx pgx.Tx, county int32) (int, error) {
	var version int
	err := tx.QueryRow(ctx, `SELECT coalesce(max(version), 0) FROM layout WHERE county = $1 AND live`, county).Scan(&version)
	return version, err
}

// Publish puts a proposal in place of what is live in its communities, as a new version of the county's
// layout: blocks born and retired, codes given, lineage written, shapes for tiles made, all in tx. The
// other communities of the county stay as they are.
//
// A fault.Conflict says that the county was published since the proposal was made; nothing has happened then.
func Publish(ctx context.Context, tx pgx.Tx, p *Proposal, author Author, also ...Also) (*Publication, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	version, err := nextVersion(ctx, tx, p, author)
	if err != nil {
		return nil, err
	}
	done := &Publication{County: p.County, Version: version}
	if done.Bounds, err = liveBounds(ctx, tx, p); err != nil {
		return nil, err
	}
	p.tell("publish", 0)
	ids, err := settle(ctx, tx, p, version)
	if err != nil {
		return nil, err
	}
	p.tell("publish", 0.4)
	shares, err := inheritances(ctx, tx, p, ids, version)
	if err != nil {
		return nil, err
	}
	figures := p.figures()
	codes, err := number(ctx, tx, p, figures, shares)
	if err != nil {
		return nil, err
	}
	p.tell("publish", 0.5)
	shapes, err := outlines(p)
	if err != nil {
		return nil, err
	}
	if err := writeGrids(ctx, tx, p, version, codes, figures, shapes); err != nil {
		return nil, err
	}
	p.tell("publish", 0.6)
	if err := assign(ctx, tx, p, version, ids, codes); err != nil {
		return nil, err
	}
	if err := leaveMicroGrids(ctx, tx, p, version); err != nil {
		return nil, err
	}
	if err := followNeighbours(ctx, tx, p); err != nil {
		return nil, err
	}
	if err := writeInfeasible(ctx, tx, p, version); err != nil {
		return nil, err
	}
	p.tell("publish", 0.8)
	done.Lineage = trace(shares, codes)
	if err := writeLineage(ctx, tx, p.County, version, done.Lineage); err != nil {
		return nil, err
	}
	for g, code := range codes {
		done.Grids = append(done.Grids, Grid{code, figures[g].residents, figures[g].blocks, shapes[g]})
	}
	p.tell("publish", 0.9)
	if err := shapeGrids(ctx, tx, p.County); err != nil {
		return nil, err
	}
	p.tell("cells", 0)
	for _, a := range also {
		if err := a(ctx, tx, p, done); err != nil {
			return nil, err
		}
	}
	p.tell("prove", 0) // the commit that follows: the database proves the partition, community by community
	return done, nil
}

// validate refuses a proposal that no database would take, with a message instead of a constraint's name.
func (p *Proposal) validate() error {
	if len(p.Grid) != len(p.Blocks) {
		return fmt.Errorf("layout: %d blocks and %d assignments", len(p.Blocks), len(p.Grid))
	}
	home := make([]int64, p.Grids)
	for i, g := range p.Grid {
		if g < 0 || int(g) >= p.Grids {
			return fmt.Errorf("layout: block %d is assigned to grid %d of %d", i, g, p.Grids)
		}
		if home[g] != 0 && home[g] != p.Blocks[i].Community {
			return fmt.Errorf("layout: grid %d crosses from community %012d to %012d", g, home[g], p.Blocks[i].Community)
		}
		home[g] = p.Blocks[i].Community
	}
	for g, c := range home {
		if c == 0 {
			return fmt.Errorf("layout: grid %d has no block", g)
		}
	}
	return nil
}

// Lock makes the transaction the only one that publishes in a county, and says which version comes next.
func Lock(ctx context.Context, tx pgx.Tx, county int32) (version int, err error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('jingwei.layout'), $1)`, county); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `SELECT coalesce(max(version), 0) + 1 FROM layout WHERE county = $1`, county).Scan(&version)
	return version, err
}

// nextVersion takes the county's lock and opens the new version.
func nextVersion(ctx context.Context, tx pgx.Tx, p *Proposal, author Author) (int, error) {
	version, err := Lock(ctx, tx, p.County)
	if err != nil {
		return 0, err
	}
	live, err := Live(ctx, tx, p.County)
	if err != nil {
		return 0, err
	}
	if live != p.Base {
		return 0, fault.New(fault.Conflict,
			fmt.Sprintf("县 %06d 的网格布局已由他人发布为第 %d 版（本方案基于第 %d 版），请在新版本上重新划分", p.County, live, p.Base),
			fmt.Sprintf("county %06d was published as version %d meanwhile (this proposal was made on %d): draw again on the new version", p.County, live, p.Base))
	}
	settings, err := json.Marshal(p.Settings)
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `UPDATE layout SET live = false WHERE county = $1 AND live`, p.County); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO layout (county, version, live, published_by, note, settings) VALUES ($1, $2, true, $3, $4, $5)`,
		p.County, version, author.By, author.Note, settings)
	return version, err
}

// settle makes the proposal's blocks the live ones: those that stand stay, new ground is born and takes the
// place of the old. It gives the id of each block.
func settle(ctx context.Context, tx pgx.Tx, p *Proposal, version int) ([]int64, error) {
	ids := make([]int64, len(p.Blocks))
	for i, b := range p.Blocks {
		ids[i] = b.ID
	}
	moved := ids
	if p.Born != nil {
		moved = nil // all of them
	}
	// What leaves its grid becomes history before it is assigned anew. Rows that end up where they were
	// are put back by assign, with the version they were there since.
	_, err := tx.Exec(ctx, `
		WITH gone AS (
			DELETE FROM grid_block g USING block b
			WHERE g.county = $1 AND b.county = $1 AND b.id = g.block AND b.community = ANY($2)
			  AND ($3::bigint[] IS NULL OR b.id = ANY($3))
			RETURNING g.block, g.grid, g.since)
		INSERT INTO grid_block_past (county, block, grid, since, until)
		SELECT $1, block, grid, since, $4 FROM gone`, p.County, p.Communities, moved, version)
	if err != nil || p.Born == nil {
		return ids, err
	}
	if err := ground.RetireBlocks(ctx, tx, p.County, version, p.Communities); err != nil {
		return nil, err
	}
	return ground.SaveBlocks(ctx, tx, p.County, version, p.Born, p.BuildingIDs, p.Features)
}

// inheritances finds which old grid each block was part of: the block itself when it stood, the old block
// under its middle when it is new.
func inheritances(ctx context.Context, tx pgx.Tx, p *Proposal, ids []int64, version int) (map[pair]share, error) {
	index := make(map[int64]int, len(ids))
	for i, id := range ids {
		index[id] = i
	}
	query := `SELECT block, grid FROM grid_block_past WHERE county = $1 AND until = $2 AND block = ANY($3)`
	if p.Born != nil {
		query = `
			SELECT DISTINCT ON (n.id) n.id, g.grid
			FROM block n
			JOIN block o ON o.county = $1 AND o.retired = $2 AND o.community = n.community AND o.geom && n.geom
			 AND ST_Intersects(o.geom, ST_PointOnSurface(n.geom))
			JOIN grid_block_past g ON g.county = $1 AND g.block = o.id AND g.until = $2
			WHERE n.county = $1 AND n.id = ANY($3)
			ORDER BY n.id, o.id`
	}
	rows, err := tx.Query(ctx, query, p.County, version, ids)
	if err != nil {
		return nil, err
	}
	shares := make(map[pair]share)
	var id int64
	var old Code
	_, err = pgx.ForEachRow(rows, []any{&id, &old}, func() error {
		i := index[id]
		at := pair{old, int(p.Grid[i])}
		s := shares[at]
		s.add(share{1, p.Blocks[i].Homes, p.Blocks[i].Residents})
		shares[at] = s
		return nil
	})
	return shares, err
}

// number gives every grid its code, community by community.
func number(ctx context.Context, tx pgx.Tx, p *Proposal, figures []figure, shares map[pair]share) ([]Code, error) {
	members := make(map[int64][]int)
	for g, f := range figures {
		members[f.community] = append(members[f.community], g)
	}
	kept, err := p.wish(ctx, tx, heirs(shares, p.Grids), p.communitiesOfGrids())
	if err != nil {
		return nil, err
	}
	codes := make([]Code, p.Grids)
	for _, community := range p.Communities {
		grids := members[community]
		if len(grids) == 0 {
			continue
		}
		var last int
		err := tx.QueryRow(ctx, `SELECT coalesce(max(code % 1000), 0) FROM grid WHERE county = $1 AND community = $2`,
			p.County, community).Scan(&last)
		if err != nil {
			return nil, err
		}
		places, keep := make([]place, len(grids)), make([]Code, len(grids))
		for i, g := range grids {
			places[i], keep[i] = figures[g].middle(), kept[g]
			last = max(last, kept[g].Sequence())
		}
		given, err := giveCodes(community, places, keep, last)
		if err != nil {
			return nil, err
		}
		for i, g := range grids {
			codes[g] = given[i]
		}
	}
	return codes, nil
}

// outlines derives the polygons of the grids by dropping the borders inside them.
func outlines(p *Proposal) ([][]planar.Polygon, error) {
	polygons := make([]planar.Polygon, len(p.Blocks))
	for i, b := range p.Blocks {
		polygons[i] = b.Polygon
	}
	blocks, err := planar.Build(polygons)
	if err != nil {
		return nil, fmt.Errorf("the blocks of communities %v are no partition: %w", p.Communities, err)
	}
	grids := blocks.Dissolve(p.Grid)
	out := make([][]planar.Polygon, p.Grids)
	for g := range out {
		out[g] = grids.Polygons(int32(g))
	}
	return out, nil
}
