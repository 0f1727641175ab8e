package ground

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// FeatureDigests says, for each community, what its blocks would be made from now: a hash over the
// features that touch its division, the entrances of its buildings, the division's border and its total of residents. A division's code is
// taken for its community's when it is the town's (12 digits ending in 000).
func FeatureDigests(ctx context.Context, tx pgx.Tx, county int32, communities []int64) (map[int64][]byte, error) {
	return digests(ctx, tx, `
		WITH leaf AS (
			SELECT rpad(code, 12, '0')::bigint AS community, geom, residents FROM division
			WHERE county = $1 AND geom IS NOT NULL AND length(code) > 6 AND rpad(code, 12, '0')::bigint = ANY($2)),
		touched AS (
			SELECT community, 1 AS kind, t.source, t.digest FROM leaf
			JOIN line_feature t ON t.county = $1 AND t.geom && leaf.geom AND ST_Intersects(t.geom, leaf.geom)
			UNION ALL
			SELECT community, 2, t.source, t.digest FROM leaf
			JOIN area_feature t ON t.county = $1 AND t.geom && leaf.geom AND ST_Intersects(t.geom, leaf.geom)
			UNION ALL
			SELECT community, 3, t.source, t.digest FROM leaf
			JOIN building t ON t.county = $1 AND t.geom && leaf.geom AND ST_Intersects(t.geom, leaf.geom)
			UNION ALL
			SELECT community, 4, t.source || chr(10) || e.ref, sha256(ST_AsBinary(e.geom) || convert_to(coalesce(e.residents::text, '-'), 'UTF8')) FROM leaf
			JOIN building t ON t.county = $1 AND t.geom && leaf.geom AND ST_Intersects(t.geom, leaf.geom)
			JOIN entrance e ON e.county = t.county AND e.building = t.id
			UNION ALL
			SELECT community, 0, '', sha256(ST_AsBinary(geom) || convert_to(coalesce(residents::text, '-'), 'UTF8')) FROM leaf)
		SELECT community, sha256(string_agg(digest, ''::bytea ORDER BY kind, source COLLATE "C")) FROM touched GROUP BY community`,
		county, communities)
}

// MadeFrom says what the standing blocks of the communities were made from, as FeatureDigests did then.
// Communities without blocks are left out.
func MadeFrom(ctx context.Context, tx pgx.Tx, county int32, communities []int64) (map[int64][]byte, error) {
	return digests(ctx, tx, `SELECT community, features FROM territory WHERE county = $1 AND community = ANY($2)`, county, communities)
}

func digests(ctx context.Context, tx pgx.Tx, query string, county int32, communities []int64) (map[int64][]byte, error) {
	rows, err := tx.Query(ctx, query, county, communities)
	if err != nil {
		return nil, err
	}
	out := make(map[int64][]byte, len(communities))
	var community int64
	var digest []byte
	_, err = pgx.ForEachRow(rows, []any{&community, &digest}, func() error {
		out[community] = append([]byte(nil), digest...)
		return nil
	})
	return out, err
}
