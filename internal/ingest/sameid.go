package ingest

import "context"

// settleIDs gives every staged feature a source of its own. One that comes twice with the same shape is one; of
// several shapes under one id, as where houses are numbered compound by compound, or a street is cut in pieces that
// keep their id, each is a feature, told apart by its place: "id", "id~2", "id~3". A format whose ids can't be
// shared has the first of them. people is the SQL of the people that a row s holds.
func (r *reading) settleIDs(ctx context.Context, t mergeTable, people string) error {
	if !r.unique {
		if err := r.dropTwice(ctx, t, people, "county, source, shape"); err != nil {
			return err
		}
		// A place that another feature's own id has is passed over: places go up until one is free.
		rows, err := r.stage.tx.Query(ctx, `
			WITH again AS (
				SELECT ctid AS id, county, source, row_number() OVER (PARTITION BY county, source ORDER BY n) - 1 AS turn FROM `+t.stage+`
			), most AS (
				SELECT county, source, max(turn) AS turns FROM again GROUP BY county, source HAVING max(turn) > 0
			), taken AS (
				SELECT m.county, m.source, count(s.source)::int AS n FROM most m
				LEFT JOIN (SELECT DISTINCT county, source FROM `+t.stage+` WHERE source LIKE '%~%') s ON s.county = m.county AND starts_with(s.source, m.source || '~')
				GROUP BY m.county, m.source
			), free AS (
				SELECT m.county, m.source, m.source || '~' || place AS named, row_number() OVER (PARTITION BY m.county, m.source ORDER BY place) AS turn
				FROM most m JOIN taken k USING (county, source) CROSS JOIN LATERAL generate_series(2, m.turns + 1 + k.n) AS place
				WHERE NOT EXISTS (SELECT FROM `+t.stage+` s WHERE s.county = m.county AND s.source = m.source || '~' || place)
			)
			UPDATE `+t.stage+` s SET source = f.named
			FROM again a JOIN free f USING (county, source, turn)
			WHERE s.ctid = a.id AND a.turn > 0
			RETURNING a.source, s.source, 0`)
		if err != nil {
			return err
		}
		if err := r.told(rows, ofBuildings, func(source string) *note {
			return &note{kindSameID, "its id comes again in the file with another shape", "同一编号在文件中对应不同的形状",
				"both were kept, this one as " + source, "都保留，本要素记作 " + source}
		}); err != nil {
			return err
		}
	}
	return r.dropTwice(ctx, t, people, "county, source")
}

func (r *reading) dropTwice(ctx context.Context, t mergeTable, people, same string) error {
	return r.drop(ctx, ofBuildings, `
		DELETE FROM `+t.stage+` s WHERE ctid IN (
			SELECT ctid FROM (SELECT ctid, row_number() OVER (PARTITION BY `+same+` ORDER BY n) AS place FROM `+t.stage+`) s
			WHERE place > 1)
		RETURNING s.source, s.source, `+people,
		func(_ string) *note {
			return &note{kindSameID, "its id comes twice in the file", "编号在文件中出现两次", "the first was kept", "保留第一个"}
		})
}

// settleRefs does the same for the entrances of one building, where people are counted behind several of one ref
// that stand in different places.
func (r *reading) settleRefs(ctx context.Context) error {
	rows, err := r.stage.tx.Query(ctx, `
		WITH again AS (
			SELECT n, county, building, ref, row_number() OVER (PARTITION BY county, building, ref ORDER BY n) AS turn FROM (
				SELECT n, county, building, ref, residents, row_number() OVER w AS place,
					geom = any(array_agg(geom) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS there
				FROM tied_entrance WINDOW w AS (PARTITION BY county, building, ref ORDER BY n)) s
			WHERE place > 1 AND residents > 0 AND NOT coalesce(there, false)
		), most AS (
			SELECT county, building, ref, max(turn) AS turns FROM again GROUP BY county, building, ref
		), taken AS (
			SELECT m.county, m.building, m.ref, count(s.ref)::int AS n FROM most m
			LEFT JOIN (SELECT DISTINCT county, building, ref FROM tied_entrance WHERE ref LIKE '%~%') s
				ON s.county = m.county AND s.building = m.building AND starts_with(s.ref, m.ref || '~')
			GROUP BY m.county, m.building, m.ref
		), free AS (
			SELECT m.county, m.building, m.ref, m.ref || '~' || place AS named, row_number() OVER (PARTITION BY m.county, m.building, m.ref ORDER BY place) AS turn
			FROM most m JOIN taken k USING (county, building, ref) CROSS JOIN LATERAL generate_series(2, m.turns + 1 + k.n) AS place
			WHERE NOT EXISTS (SELECT FROM tied_entrance s WHERE s.county = m.county AND s.building = m.building AND s.ref = m.ref || '~' || place)
		)
		UPDATE tied_entrance t SET ref = f.named
		FROM again a JOIN free f USING (county, building, ref, turn)
		WHERE t.n = a.n
		RETURNING t.source, t.ref, 0`)
	if err != nil {
		return err
	}
	return r.told(rows, ofEntrances, func(ref string) *note {
		return &note{kindSameRef, "its building has another entrance of this ref elsewhere, with people of its own", "同一栋楼另有同号单元，位置和居民不同",
			"both were kept, this one as " + ref, "都保留，本单元记作 " + ref}
	})
}
