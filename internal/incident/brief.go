package incident

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Brief is what of an incident may travel to everybody who may see it: where, what kind, how grave.
type Brief struct {
	ID       ID
	Kind     Kind
	Severity Severity
	Special  string
	Lon, Lat float64
	Grid     int64
	At       time.Time
}

const briefColumns = `county, id, kind, severity, coalesce(special, ''), ST_X(geom), ST_Y(geom), grid, reported_at`

func scanBrief(row pgx.CollectableRow) (b Brief, err error) {
	var severity int
	err = row.Scan(&b.ID.County, &b.ID.Number, &b.Kind, &severity, &b.Special, &b.Lon, &b.Lat, &b.Grid, &b.At)
	b.Severity = Severity(severity)
	return b, err
}

// Briefs reads incidents of a county by their numbers, in the order of those, leaving out what isn't there and what the actor may not see.
func Briefs(ctx context.Context, tx pgx.Tx, county int32, numbers []int64) ([]Brief, error) {
	rows, err := tx.Query(ctx, `SELECT `+briefColumns+` FROM incident WHERE county = $1 AND id = ANY($2) ORDER BY id`, county, numbers)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanBrief)
}
