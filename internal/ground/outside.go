package ground

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Outside names the buildings of a division, or of what is drawn of it, in which people are counted and that stand in
// no community: on ground that its polygon has and its communities' don't, or that no polygon has. known are sources of
// such buildings, as making blocks found them. code is that of the division: 6, 9 or 12 digits. It gives nil when there are none.
func Outside(ctx context.Context, tx pgx.Tx, county int32, code string, known []string) (*Warning, error) {
	// MATERIALIZED: that nothing was drawn under a building is the cheap question and leaves hardly any.
	rows, err := tx.Query(ctx, `
		WITH held AS MATERIALIZED (
			SELECT b.id, b.source, b.geom, CASE WHEN coalesce(b.residents, 0) > 0 THEN b.residents ELSE
				(SELECT sum(residents) FROM entrance e WHERE e.county = b.county AND e.building = b.id) END AS people
			FROM building b WHERE b.county = $1 AND NOT EXISTS (
				SELECT FROM block_building h JOIN block k ON k.county = h.county AND k.id = h.block
				WHERE h.county = b.county AND h.building = b.id AND k.retired IS NULL))
		SELECT source, people FROM held b
		WHERE people > 0 AND (source = ANY($3) OR
			(length($2) = 6 OR EXISTS (SELECT FROM division d WHERE d.code = $2 AND d.geom && b.geom AND ST_Intersects(d.geom, b.geom)))
			AND NOT EXISTS (SELECT FROM division d WHERE d.county = $1 AND d.level <> 'county' AND d.geom && b.geom AND ST_Relate(d.geom, b.geom, 'T********')
				AND NOT EXISTS (SELECT FROM division c WHERE c.code <> d.code AND c.code LIKE d.code || '%' AND c.geom IS NOT NULL)))
		ORDER BY source COLLATE "C"`, county, code, known)
	if err != nil {
		return nil, err
	}
	var names []string
	var source string
	var people, sum int64
	if _, err := pgx.ForEachRow(rows, []any{&source, &people}, func() error {
		names, sum = append(names, source), sum+people
		return nil
	}); err != nil || len(names) == 0 {
		return nil, err
	}
	return &Warning{kindOutside,
		fmt.Sprintf("%d 栋楼（%s）不在任何社区的地面上（或在两社区重叠处），其 %d 人不在任何网格内；请检查社区界线", len(names), listed(names), sum),
		fmt.Sprintf("%d building(s) (%s) stand on the ground of no community, or where two overlap: their %d people are in no grid; check the communities' polygons", len(names), listed(names), sum)}, nil
}
