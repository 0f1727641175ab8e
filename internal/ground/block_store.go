package ground

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
)

// SaveBlocks writes new ground: its territories, blocks, buildings and borders, and the vertices that
// standing neighbours got. It belongs into the transaction that publishes version, after RetireBlocks for
// the same communities and under the county's lock. buildings are the row ids of the features' buildings,
// features says
// by community what its ground was made from (FeatureDigests). It returns the id of each block.
func SaveBlocks(ctx context.Context, tx pgx.Tx, county int32, version int, g *Ground, buildings []int64, features map[int64][]byte) ([]int64, error) {
	var last int64
	if err := tx.QueryRow(ctx, `SELECT coalesce(max(id), 0) FROM block WHERE county = $1`, county).Scan(&last); err != nil {
		return nil, err
	}
	ids := make([]int64, len(g.Blocks))
	for i := range ids {
		ids[i] = last + 1 + int64(i)
	}
	if err := saveTerritories(ctx, tx, county, g, features); err != nil {
		return nil, err
	}
	for _, copy := range []*copyRows{
		blockRows(county, version, g, ids),
		buildingRows(county, g, ids, buildings),
		borderRows(county, g, ids),
	} {
		if err := copy.run(ctx, tx); err != nil {
			return nil, fmt.Errorf("ground: writing %s: %w", copy.table, err)
		}
	}
	if err := reshape(ctx, tx, county, g.Reshaped); err != nil {
		return nil, err
	}
	return ids, followNeighbours(ctx, tx, county, version)
}

func saveTerritories(ctx context.Context, tx pgx.Tx, county int32, g *Ground, features map[int64][]byte) error {
	var batch pgx.Batch
	for _, t := range g.Territories {
		if t.Report.Stopped != nil {
			continue
		}
		report, err := json.Marshal(t.Report)
		if err != nil {
			return err
		}
		digest := features[t.Community]
		if digest == nil {
			digest = []byte{}
		}
		batch.Queue(`
			INSERT INTO territory (county, community, division, geom, features, report)
			VALUES ($1, $2, $3, ST_GeomFromEWKB($4), $5, $6)
			ON CONFLICT (county, community) DO UPDATE SET division = excluded.division, geom = excluded.geom,
				made_at = now(), features = excluded.features, report = excluded.report`,
			county, t.Community, t.Code, planar.MultiPolygonEWKB(t.Border), digest, report)
	}
	return tx.SendBatch(ctx, &batch).Close()
}

func blockRows(county int32, version int, g *Ground, ids []int64) *copyRows {
	return &copyRows{
		table:   "block",
		columns: []string{"county", "id", "community", "residents", "residents_source", "area", "born", "geom"},
		count:   len(g.Blocks),
		row: func(i int, r *copyRow) {
			b := &g.Blocks[i]
			r.integer(int64(county))
			r.integer(ids[i])
			r.integer(b.Community)
			r.integer(int64(b.Residents))
			r.word(b.Source)
			r.real(b.Shape.Area)
			r.integer(int64(version))
			r.geometry(planar.PolygonEWKB(b.Polygon))
		},
	}
}

func buildingRows(county int32, g *Ground, ids, buildings []int64) *copyRows {
	type stand struct {
		block int64
		part  Part
	}
	var stands []stand
	for i := range g.Blocks {
		for _, p := range g.Blocks[i].Parts {
			stands = append(stands, stand{ids[i], p})
		}
	}
	return &copyRows{
		table:   "block_building",
		columns: []string{"county", "block", "building", "residents"},
		count:   len(stands),
		row: func(i int, r *copyRow) {
			r.integer(int64(county))
			r.integer(stands[i].block)
			r.integer(buildings[stands[i].part.Building])
			r.integer(int64(stands[i].part.Residents))
		},
	}
}

func borderRows(county int32, g *Ground, ids []int64) *copyRows {
	return &copyRows{
		table:   "block_border",
		columns: []string{"county", "a", "b", "barrier", "name", "length", "geom"},
		count:   len(g.Borders),
		row: func(i int, r *copyRow) {
			e := &g.Borders[i]
			a, b, points := ids[e.A], e.Standing, e.Points
			if e.B >= 0 {
				b = ids[e.B]
			}
			if b != 0 && b < a {
				a, b, points = b, a, backwards(points)
			}
			r.integer(int64(county))
			r.integer(a)
			r.integer(b)
			r.integer(int64(e.Barrier))
			r.text(e.Name)
			r.real(e.Length)
			r.geometry(planar.LineEWKB(points))
		},
	}
}

// reshape inserts vertices into the rings of what stands. A vertex lies on the lattice and so up to half a step beside the border that it is put into: a block's area
// changes with it, by a few hundredths of a square metre.
func reshape(ctx context.Context, tx pgx.Tx, county int32, reshaped []Reshaped) error {
	var batch pgx.Batch
	for _, r := range reshaped {
		if r.Block == 0 {
			batch.Queue(`UPDATE territory SET geom = ST_GeomFromEWKB($3) WHERE county = $1 AND community = $2`,
				county, r.Community, planar.MultiPolygonEWKB(r.Polygons))
		} else {
			batch.Queue(`UPDATE block SET geom = ST_GeomFromEWKB($3), area = $4 WHERE county = $1 AND id = $2`,
				county, r.Block, planar.PolygonEWKB(r.Polygons[0]), planeOf(r.Polygons).shape(r.Polygons[0]).Area)
		}
	}
	return tx.SendBatch(ctx, &batch).Close()
}

// RetireBlocks ends the live blocks of communities with a version. Their borders go; what borders remain
// between their neighbours and what comes in their place is SaveBlocks' to write.
func RetireBlocks(ctx context.Context, tx pgx.Tx, county int32, version int, communities []int64) error {
	_, err := tx.Exec(ctx, `WITH `+bordersAround+`
		DELETE FROM block_border e USING around WHERE e.county = $1 AND e.id = around.id`, county, communities)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE block SET retired = $3 WHERE county = $1 AND community = ANY($2) AND retired IS NULL`,
		county, communities, version)
	return err
}

// LoadStanding gives the live blocks of the neighbours of some communities: all blocks of every other
// community whose territory comes near the polygon or the territory of one of these.
func LoadStanding(ctx context.Context, tx pgx.Tx, county int32, communities []int64) ([]Standing, error) {
	rows, err := tx.Query(ctx, `
		WITH here AS (
			SELECT geom FROM division WHERE county = $1 AND rpad(code, 12, '0')::bigint = ANY($2)
				AND level <> 'county' AND geom IS NOT NULL
			UNION ALL
			SELECT geom FROM territory WHERE county = $1 AND community = ANY($2)),
		near AS (
			SELECT DISTINCT t.community FROM territory t JOIN here
				ON t.geom && ST_Expand(here.geom, 1e-5) AND ST_DWithin(t.geom, here.geom, 1e-5)
			WHERE t.county = $1 AND t.community <> ALL($2))
		SELECT b.community, b.id, ST_AsEWKB(b.geom) FROM block b JOIN near USING (community)
		WHERE b.county = $1 AND b.retired IS NULL ORDER BY b.id`, county, communities)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s Standing, err error) {
		var geom []byte
		if err := row.Scan(&s.Community, &s.Block, &geom); err != nil {
			return s, err
		}
		s.Polygon, err = onePolygon(geom)
		return s, err
	})
}

func onePolygon(geom []byte) (planar.Polygon, error) {
	parts, err := planar.ParsePolygons(geom)
	if err != nil {
		return nil, err
	}
	if len(parts) != 1 {
		return nil, fmt.Errorf("ground: a block has %d parts", len(parts))
	}
	return parts[0], nil
}
