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
		rows, err := r.stage.tx.Query(ctx, `
			UPDATE `+t.stage+` s SET source = source || '~' || place
			FROM (SELECT ctid AS id, row_number() OVER (PARTITION BY county, source ORDER BY n) AS place FROM `+t.stage+`) p
			WHERE s.ctid = p.id AND place > 1
			RETURNING left(s.source, -1 - length(place::text)), s.source, 0`)
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
		UPDATE tied_entrance t SET ref = t.ref || '~' || p.place
		FROM (
			SELECT n, place FROM (
				SELECT n, residents, row_number() OVER w AS place, geom = any(array_agg(geom) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS there
				FROM tied_entrance WINDOW w AS (PARTITION BY county, building, ref ORDER BY n)) s
			WHERE place > 1 AND residents > 0 AND NOT coalesce(there, false)) p
		WHERE t.n = p.n
		RETURNING t.source, t.ref, 0`)
	if err != nil {
		return err
	}
	return r.told(rows, ofEntrances, func(ref string) *note {
		return &note{kindSameRef, "its building has another entrance of this ref elsewhere, with people of its own", "同一栋楼另有同号单元，位置和居民不同",
			"both were kept, this one as " + ref, "都保留，本单元记作 " + ref}
	})
}
