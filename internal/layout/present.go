package layout

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
	"jingwei/internal/planar"
)

// present is which live grid each block of a proposal lies in.
type present struct {
	codes   []Code
	special []string // of each, the kind of special grid that it is, "" for an ordinary one
	grid    []int32  // block → place in codes, −1 where there is none
}

// presentGrids finds them: by the block itself where it stands, and for ground that is to be born by the standing block under its
// middle, as Publish will when it writes the lineage.
func (p *Proposal) presentGrids(ctx context.Context, tx pgx.Tx) (*present, error) {
	var rows pgx.Rows
	var err error
	if p.Born == nil {
		ids := make([]int64, len(p.Blocks))
		for i, b := range p.Blocks {
			ids[i] = b.ID
		}
		rows, err = tx.Query(ctx, `
			SELECT w.i - 1, g.grid, k.special FROM unnest($2::bigint[]) WITH ORDINALITY AS w (id, i)
			JOIN grid_block g ON g.county = $1 AND g.block = w.id
			JOIN grid k ON k.county = $1 AND k.code = g.grid ORDER BY w.i`, p.County, ids)
	} else {
		ground := make([][]byte, len(p.Blocks))
		communities := make([]int64, len(p.Blocks))
		for i, b := range p.Blocks {
			ground[i], communities[i] = planar.MultiPolygonEWKB([]planar.Polygon{b.Polygon}), b.Community
		}
		rows, err = tx.Query(ctx, `
			WITH born AS MATERIALIZED (
				SELECT i - 1 AS i, community, ST_PointOnSurface(ST_GeomFromEWKB(geom)) AS middle
				FROM unnest($2::bytea[], $3::bigint[]) WITH ORDINALITY AS w (geom, community, i))
			SELECT DISTINCT ON (n.i) n.i, g.grid, k.special FROM born n
			JOIN block o ON o.county = $1 AND o.retired IS NULL AND o.community = n.community AND o.geom && n.middle
			 AND ST_Intersects(o.geom, n.middle)
			JOIN grid_block g ON g.county = $1 AND g.block = o.id
			JOIN grid k ON k.county = $1 AND k.code = g.grid
			ORDER BY n.i, o.id`, p.County, ground, communities)
	}
	if err != nil {
		return nil, err
	}
	out := &present{grid: make([]int32, len(p.Blocks))}
	for i := range out.grid {
		out.grid[i] = -1
	}
	place := make(map[Code]int32)
	var i int64
	var code Code
	var special string
	_, err = pgx.ForEachRow(rows, []any{&i, &code, &special}, func() error {
		at, seen := place[code]
		if !seen {
			at = int32(len(out.codes))
			place[code] = at
			out.codes, out.special = append(out.codes, code), append(out.special, special)
		}
		out.grid[i] = at
		return nil
	})
	return out, err
}

// find is the place of a code, −1 when no block lies in such a grid.
func (g *present) find(c Code) int32 { return int32(slices.Index(g.codes, c)) }

// name calls a present grid by its code.
func (g *present) name(grid int32) string { return g.codes[grid].String() }

// settleOn makes a drawing the proposal's, with its grids numbered densely.
func (p *Proposal) settleOn(assignment []int32, report drawing.Report) {
	dense := make(map[int32]int32)
	p.Report, p.Grid = report, make([]int32, len(assignment))
	for i, g := range assignment {
		n, seen := dense[g]
		if !seen {
			n = int32(len(dense))
			dense[g] = n
		}
		p.Grid[i] = n
	}
	p.Grids = len(dense)
	p.Special = make(map[int32]string)
	p.Report.Special = slices.Clone(report.Special)
	for i := range p.Report.Special {
		s := &p.Report.Special[i]
		s.Grid = dense[s.Grid]
		p.Special[s.Grid] = s.Kind
	}
}
