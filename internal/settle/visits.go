package settle

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// visits gives everybody who is looked after the last visit that they had, and the next one, as often as their kinds of care have it: most are to come, some are
// overdue. Whom that is depends on their number alone, and on the day.
func (m *moving) visits(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
		WITH rhythm AS (
			SELECT c.resident, c.house, c.ground, min(k.every) AS every, abs(hashint8(c.resident)::bigint) AS h FROM care c JOIN care_kind k ON k.county = 0 AND k.kind = c.kind
			WHERE c.county = $1 GROUP BY c.resident, c.house, c.ground),
		last AS (SELECT *, current_date - 1 - (h % (every + 1 + every / 12))::integer AS done FROM rhythm)
		INSERT INTO visit (county, resident, reason, house, ground, due, done, done_by, made_by)
		SELECT $1, resident, 'care', house, ground, done, done, 'demo', 0 FROM last
		UNION ALL SELECT $1, resident, 'care', house, ground, done + every, NULL, '', 0 FROM last`, m.county)
	return err
}
