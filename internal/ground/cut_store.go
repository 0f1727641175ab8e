package ground

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
)

// NewPiece is a piece of a block that was cut, as it is to be born.
type NewPiece struct {
	Key       int64 // on the sheet
	Parent    int64 // the standing block that it is a piece of
	Residents int
	Source    string
	Parts     map[int64]int // row id of a building → its residents there
}

// SaveCut makes live what cuts did to a community's ground: the blocks that were cut retire with a version, their pieces are born in the grids that
// these were in, and who borders on them gets the vertices that the cuts put in. live is what the sheet was laid out from, in this transaction.
//
// It gives the id of each piece, and the blocks of other communities that got vertices: their grids have to follow.
func SaveCut(ctx context.Context, tx pgx.Tx, county int32, version int, live *Live, cut *Sheet, pieces []NewPiece) (ids map[int64]int64, reshaped []int64, err error) {
	community := live.Blocks[0].Community
	var last int64
	if err := tx.QueryRow(ctx, `SELECT coalesce(max(id), 0) FROM block WHERE county = $1`, county).Scan(&last); err != nil {
		return nil, nil, err
	}
	ids = make(map[int64]int64, len(pieces))
	var parents []int64
	for i, p := range pieces {
		ids[p.Key] = last + 1 + int64(i)
		if !slices.Contains(parents, p.Parent) {
			parents = append(parents, p.Parent)
		}
	}
	_, err = tx.Exec(ctx, `WITH `+bordersAround+`
		DELETE FROM block_border e USING around WHERE e.county = $1 AND e.id = around.id`, county, []int64{community})
	if err != nil {
		return nil, nil, err
	}
	if _, err := tx.Exec(ctx, `UPDATE block SET retired = $3 WHERE county = $1 AND id = ANY($2)`, county, parents, version); err != nil {
		return nil, nil, err
	}
	if err := bear(ctx, tx, county, version, community, cut, pieces, ids); err != nil {
		return nil, nil, err
	}
	if err := cut.saveBorders(ctx, tx, county, ids); err != nil {
		return nil, nil, err
	}
	var followers []Reshaped
	for i, b := range live.Blocks {
		if slices.Contains(parents, live.IDs[i]) {
			continue
		}
		if now := cut.Polygon(live.IDs[i]); !samePolygon(now, b.Polygon) {
			followers = append(followers, Reshaped{community, live.IDs[i], []planar.Polygon{now}})
		}
	}
	outer := cut.inserted()
	if len(outer) > 0 {
		neighbours, err := neighboursAlong(ctx, tx, county, community, cut, outer)
		if err != nil {
			return nil, nil, err
		}
		for _, n := range neighbours {
			if n.Block != 0 && n.Community != community {
				reshaped = append(reshaped, n.Block)
			}
		}
		followers = append(followers, neighbours...)
	}
	return ids, reshaped, reshape(ctx, tx, county, followers)
}

// bear writes the pieces, each in its parent's grid.
func bear(ctx context.Context, tx pgx.Tx, county int32, version int, community int64, cut *Sheet, pieces []NewPiece, ids map[int64]int64) error {
	var batch pgx.Batch
	for _, p := range pieces {
		polygon := cut.Polygon(p.Key)
		batch.Queue(`INSERT INTO block (county, id, community, residents, residents_source, area, born, parent, geom) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ST_GeomFromEWKB($9))`,
			county, ids[p.Key], community, p.Residents, p.Source, cut.plane.shape(polygon).Area, version, p.Parent, planar.PolygonEWKB(polygon))
		for building, residents := range p.Parts {
			batch.Queue(`INSERT INTO block_building (county, block, building, residents) VALUES ($1, $2, $3, $4)`, county, ids[p.Key], building, residents)
		}
		batch.Queue(`INSERT INTO grid_block (county, block, grid, since, workload) SELECT $1, $2, grid, $4, NULL FROM grid_block WHERE county = $1 AND block = $3`,
			county, ids[p.Key], p.Parent, version)
	}
	for _, p := range pieces {
		batch.Queue(`WITH gone AS (DELETE FROM grid_block WHERE county = $1 AND block = $2 RETURNING block, grid, since)
			INSERT INTO grid_block_past (county, block, grid, since, until) SELECT $1, block, grid, since, $3 FROM gone`, county, p.Parent, version)
	}
	return tx.SendBatch(ctx, &batch).Close()
}

func (s *Sheet) saveBorders(ctx context.Context, tx pgx.Tx, county int32, ids map[int64]int64) error {
	id := func(key int64) int64 {
		if to, piece := ids[key]; piece {
			return to
		}
		return key
	}
	arcs := s.Arcs()
	rows := &copyRows{
		table:   "block_border",
		columns: []string{"county", "a", "b", "barrier", "name", "length", "geom"},
		count:   len(arcs),
		row: func(i int, r *copyRow) {
			e := &arcs[i]
			a, b, points := id(e.Left), e.Beyond, e.Points
			if e.Right != 0 {
				b = id(e.Right)
			}
			if b != 0 && b < a {
				a, b, points = b, a, backwards(points)
			}
			r.integer(int64(county))
			r.integer(a)
			r.integer(b)
			r.integer(int64(e.Barrier))
			r.text(e.Name)
			r.real(s.plane.length(e.Points))
			r.geometry(planar.LineEWKB(points))
		},
	}
	return rows.run(ctx, tx)
}

// inserted are the vertices that cuts put into the community's own border: by edge as it was, in both directions.
func (s *Sheet) inserted() threads {
	next := make(map[uint32]map[planar.Point][]planar.Point) // row → first point of an arc → its points
	for i := range s.cover.Arcs {
		arc := &s.cover.Arcs[i]
		if arc.Mark == 0 {
			continue
		}
		for _, points := range [][]planar.Point{arc.Points, backwards(arc.Points)} {
			m := next[arc.Mark]
			if m == nil {
				m = make(map[planar.Point][]planar.Point)
				next[arc.Mark] = m
			}
			for j := 1; j < len(points); j++ {
				m[points[j-1]] = append(m[points[j-1]], points[j])
			}
		}
	}
	out := threads{}
	for n := range s.rows {
		row := &s.rows[n]
		if row.B >= 0 && row.Standing == 0 {
			continue // inside the community
		}
		steps := next[uint32(n+1)]
		for i := 1; i < len(row.Points); i++ {
			p, q := row.Points[i-1], row.Points[i]
			if between := walk(steps, p, q, row.Points); len(between) > 0 {
				out[edge{p, q}] = between
				out[edge{q, p}] = backwards(between)
			}
		}
	}
	return out
}

// walk follows the arcs from p to q, two vertices that followed each other before.
func walk(steps map[planar.Point][]planar.Point, p, q planar.Point, old []planar.Point) []planar.Point {
	for _, start := range steps[p] {
		last, at := p, start
		var between []planar.Point
		for n := 0; at != q && !slices.Contains(old, at) && n < 10_000; n++ {
			between = append(between, at)
			following := at
			for _, f := range steps[at] {
				if f != last {
					following = f
				}
			}
			if following == at {
				break
			}
			last, at = at, following
		}
		if at == q {
			return between
		}
	}
	return nil
}

// neighboursAlong are what else the vertices belong to: the community's own territory, and blocks and territories across its border.
func neighboursAlong(ctx context.Context, tx pgx.Tx, county int32, community int64, s *Sheet, outer threads) ([]Reshaped, error) {
	var beyond []int64
	for _, arc := range s.Arcs() {
		if arc.Beyond != 0 && !slices.Contains(beyond, arc.Beyond) {
			beyond = append(beyond, arc.Beyond)
		}
	}
	rows, err := tx.Query(ctx, `
		SELECT community, id, ST_AsBinary(geom) FROM block WHERE county = $1 AND id = ANY($2)
		UNION ALL
		SELECT community, 0, ST_AsBinary(geom) FROM territory WHERE county = $1
		AND (community = $3 OR community IN (SELECT community FROM block WHERE county = $1 AND id = ANY($2)))`, county, beyond, community)
	if err != nil {
		return nil, err
	}
	var out []Reshaped
	var r Reshaped
	var geom []byte
	_, err = pgx.ForEachRow(rows, []any{&r.Community, &r.Block, &geom}, func() error {
		parts, err := planar.ParsePolygons(geom)
		if err != nil {
			return err
		}
		any := false
		for i := range parts {
			p, changed := outer.polygon(parts[i])
			parts[i], any = p, any || changed
		}
		if any {
			out = append(out, Reshaped{r.Community, r.Block, parts})
		}
		return nil
	})
	return out, err
}

// samePolygon says whether two polygons have the same vertices, wherever their rings begin.
func samePolygon(a, b planar.Polygon) bool {
	n := func(p planar.Polygon) (n int) {
		for _, r := range p {
			n += len(r)
		}
		return n
	}
	return n(a) == n(b) // cuts only ever put vertices in
}
