package incident

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
)

// Mark is what a map shows at one place: an incident, or several close to each other.
type Mark struct {
	Brief         // of the one there is; of several the gravest severity, and their middle
	Count  int    // 1 for an incident
	Key    uint64 // tells marks of a tile apart: the incident's number, or one beyond all of those
	Bounds [4]float64
}

const (
	singleZoom = 16 // from it on every incident stands for itself
	finer      = 3  // what lies in an eighth of a tile's width goes together
)

// Marks are the incidents of a tile that the actor may see, as they are in tx: below zoom 16 those that lie in a square of an eighth of the tile's
// width together, the gravest last, so that they are drawn on top. A tile is a range of cells in each county, read by its index.
//
// Faults: Forbidden for who may see incidents nowhere.
func Marks(ctx context.Context, tx pgx.Tx, z, x, y int) ([]Mark, error) {
	spans, err := spansOf(ctx, tx, postgres.Everywhere, "")
	if err != nil {
		return nil, err
	}
	out := []Mark{}
	for _, s := range spans {
		query, args := marksQuery(s, z, tileCells(z, x, y))
		rows, err := tx.Query(ctx, query, args...)
		if err != nil {
			return nil, err
		}
		if out, err = pgx.AppendRows(out, rows, scanMark); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// marksQuery reads a tile in a county. It is planned anew each time, with its numbers as constants: a small scope on a small zoom goes by the grids
// instead of the cells.
func marksQuery(s span, z int, c cells) (string, []any) {
	args := []any{pgx.QueryExecModeExec, s.county, s.low, s.high, c.low, c.high}
	const where = ` FROM incident WHERE county = $1 AND grid >= $2 AND grid <= $3 AND cell >= $4 AND cell < $5`
	if z >= singleZoom {
		return `SELECT id, 1, severity, ST_X(geom), ST_Y(geom), kind, coalesce(special, ''), grid, reported_at, 0, 0, 0, 0, 0` + where + `
			ORDER BY severity DESC, id`, args
	}
	square := fmt.Sprintf(`cell >> %d`, 2*(cellBits-z-finer))
	// Of one incident alone these are its own: there is nothing else for min to find.
	return `
		SELECT min(id), count(*), min(severity), avg(ST_X(geom)), avg(ST_Y(geom)), min(kind), coalesce(min(special), ''), min(grid), min(reported_at),
			` + square + ` AS square, min(ST_X(geom)), min(ST_Y(geom)), max(ST_X(geom)), max(ST_Y(geom))` + where + `
		GROUP BY square ORDER BY min(severity) DESC, square`, args
}

func scanMark(row pgx.CollectableRow) (m Mark, err error) {
	var square int64
	var severity int
	b := &m.Bounds
	err = row.Scan(&m.ID.Number, &m.Count, &severity, &m.Lon, &m.Lat, &m.Kind, &m.Special, &m.Grid, &m.At, &square, &b[0], &b[1], &b[2], &b[3])
	if err != nil {
		return m, err
	}
	m.ID.County, m.Severity = int32(m.Grid/1_000_000_000), Severity(severity)
	m.Key = uint64(m.ID.Number)
	if m.Count > 1 {
		m.Brief = Brief{Severity: m.Severity, Lon: m.Lon, Lat: m.Lat}
		m.Key = 1<<52 | uint64(square) // JavaScript counts to 2^53
	}
	return m, nil
}
