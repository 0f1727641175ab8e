package exchange

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

// Descent is a line of the lineage: what of one grid became part of another when the version was published, with the ground.
type Descent struct {
	layout.Descent
	Version int
	Parts   []planar.Polygon
}

// Lineage reads what became of every grid of the division in the layout's version. The ground of a line are the blocks of the new grid that were the old
// one's: the blocks themselves, or those under whose middle one of the old one's lay.
func (l *Layout) Lineage(ctx context.Context, tx pgx.Tx) ([]Descent, error) {
	low, high := l.Division.Code.CommunityRange()
	rows, err := tx.Query(ctx, `
		SELECT from_grid, to_grid, kind, blocks, houses, residents FROM lineage
		WHERE county = $1 AND version = $2 AND to_grid >= $3 AND to_grid < $4 ORDER BY from_grid, to_grid`, l.County, l.Version, low*1000, high*1000)
	if err != nil {
		return nil, err
	}
	lines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Descent, err error) {
		d.Version = l.Version
		return d, row.Scan(&d.From, &d.To, &d.Kind, &d.Blocks, &d.Houses, &d.Residents)
	})
	if err != nil || len(lines) == 0 {
		return lines, err
	}
	before, err := l.before(ctx, tx, l.Version-1)
	if err != nil {
		return nil, err
	}
	rings := make(map[[2]layout.Code][]planar.Ring)
	for _, b := range l.Blocks {
		if old := before[b.ID]; old != 0 {
			at := [2]layout.Code{old, l.Grids[b.Grid].Code}
			rings[at] = append(rings[at], b.Polygon...)
		}
	}
	for i := range lines {
		own := rings[[2]layout.Code{lines[i].From, lines[i].To}]
		if len(own) == 0 {
			continue // its ground was made anew and none of it lies where the old one's did
		}
		if lines[i].Parts, err = planar.MakeValid(own); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// before is the grid that each of the layout's blocks was in in another version: by itself where it stood then, else by the block under its middle.
func (l *Layout) before(ctx context.Context, tx pgx.Tx, version int) (map[int64]layout.Code, error) {
	ids := make([]int64, len(l.Blocks))
	for i, b := range l.Blocks {
		ids[i] = b.ID
	}
	rows, err := tx.Query(ctx, `
		WITH assigned AS (`+assigned+`),
		same AS (SELECT a.block AS id, a.grid FROM assigned a WHERE a.block = ANY($3)),
		other AS (
			SELECT n.id, n.community, ST_PointOnSurface(n.geom) AS middle FROM block n
			WHERE n.county = $1 AND n.id = ANY($3) AND NOT EXISTS (SELECT FROM same s WHERE s.id = n.id)),
		under AS (
			SELECT DISTINCT ON (n.id) n.id, a.grid FROM other n
			JOIN block o ON o.county = $1 AND o.geom && n.middle AND ST_Intersects(o.geom, n.middle)
			JOIN assigned a ON a.block = o.id
			ORDER BY n.id, (o.community <> n.community), o.id)
		SELECT id, grid FROM same UNION ALL SELECT id, grid FROM under`, l.County, version, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]layout.Code, len(ids))
	var id int64
	var code layout.Code
	_, err = pgx.ForEachRow(rows, []any{&id, &code}, func() error {
		out[id] = code
		return nil
	})
	return out, err
}
