package layout

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Version is one publication of a county's grids, as it stands in a list.
type Version struct {
	Number int
	At     time.Time
	By     string
	Note   string
	Live   bool
	Low    int64 // of the communities whose grids it changed the lowest …
	High   int64 // … and the highest; both 0 where it changed none
	Here   bool  // it changed grids on the ground that was asked about
}

// Versions lists up to limit versions of a county before one (0: the newest), the newest first. low and high are the grids' codes on the ground that is
// asked about. A grid that kept what it had isn't changed, whatever draft it was in.
func Versions(ctx context.Context, tx pgx.Tx, county int32, low, high int64, before, limit int) ([]Version, error) {
	rows, err := tx.Query(ctx, `
		WITH page AS (
			SELECT version, published_at, published_by, note, live FROM layout
			WHERE county = $1 AND ($4 = 0 OR version < $4) ORDER BY version DESC LIMIT $5
		), bounds AS (
			SELECT min(version) AS first, max(version) AS last FROM page
		), changed AS (
			SELECT l.version, g.code FROM bounds, lineage l, LATERAL (VALUES (l.from_grid), (l.to_grid)) g (code)
			WHERE l.county = $1 AND l.version BETWEEN first AND last AND l.kind <> 'unchanged'
			UNION ALL SELECT born, code FROM bounds, grid WHERE county = $1 AND born BETWEEN first AND last
			UNION ALL SELECT retired, code FROM bounds, grid WHERE county = $1 AND retired BETWEEN first AND last
		), ground AS (
			SELECT version, min(code) / 1000 AS low, max(code) / 1000 AS high, bool_or(code BETWEEN $2 AND $3) AS here FROM changed GROUP BY version
		)
		SELECT p.version, p.published_at, p.published_by, p.note, p.live, coalesce(g.low, 0), coalesce(g.high, 0), coalesce(g.here, false)
		FROM page p LEFT JOIN ground g USING (version) ORDER BY p.version DESC`, county, low, high, before, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Version])
}
