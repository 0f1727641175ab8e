package layout

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// History is what became of a grid: what every publication since did to it, and where its ground lies today.
type History struct {
	Code    Code
	Name    string
	Born    Event
	Retired *Event // nil: it is live
	Steps   []HistoryStep
	Today   []Heir
}

// Event is a publication.
type Event struct {
	Version int
	At      time.Time
	Note    string
}

// HistoryStep is what a publication did to a grid: which others got what of it, or gave it something.
type HistoryStep struct {
	Event
	Gives []Passing // what of it is where afterwards, itself included
	Gets  []Passing // what it has that was another's
}

// Passing is ground that is in one grid after a publication and was in another before.
type Passing struct {
	Grid      Code
	Kind      Kind
	Blocks    int
	Houses    int
	Residents int // who lived there then
}

// Heir is a live grid on ground that a grid had.
type Heir struct {
	Grid      Code
	Name      string
	Blocks    int
	Residents int     // who live on that ground now
	Share     float64 // of all who live on it; of the blocks where nobody does
}

// Became gives the history of a grid that is or was. pgx.ErrNoRows where the code was never given.
func Became(ctx context.Context, tx pgx.Tx, code Code) (*History, error) {
	h := &History{Code: code, Steps: []HistoryStep{}, Today: []Heir{}}
	var retired, gone *int
	var goneAt *time.Time
	var goneNote *string
	err := tx.QueryRow(ctx, `SELECT g.name, g.born, b.published_at, b.note, g.retired, r.version, r.published_at, r.note FROM grid g
		JOIN layout b ON b.county = g.county AND b.version = g.born LEFT JOIN layout r ON r.county = g.county AND r.version = g.retired
		WHERE g.county = $1 AND g.code = $2`, countyOf(code), int64(code)).
		Scan(&h.Name, &h.Born.Version, &h.Born.At, &h.Born.Note, &retired, &gone, &goneAt, &goneNote)
	if err != nil {
		return nil, err
	}
	if retired != nil && gone != nil {
		h.Retired = &Event{*gone, *goneAt, *goneNote}
	}
	if err := h.readSteps(ctx, tx); err != nil {
		return nil, err
	}
	if h.Retired != nil {
		err = h.readHeirs(ctx, tx)
	}
	return h, err
}

// readSteps reads the lineage of the publications that changed something.
func (h *History) readSteps(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT l.version, y.published_at, y.note, l.from_grid, l.to_grid, l.kind, l.blocks, l.houses, l.residents
		FROM lineage l JOIN layout y ON y.county = l.county AND y.version = l.version
		WHERE l.county = $1 AND (l.from_grid = $2 OR l.to_grid = $2) AND NOT (l.from_grid = l.to_grid AND l.kind = 'unchanged')
		ORDER BY l.version, l.residents DESC, l.blocks DESC, l.from_grid, l.to_grid`, countyOf(h.Code), int64(h.Code))
	if err != nil {
		return err
	}
	var e Event
	var from, to int64
	var p Passing
	_, err = pgx.ForEachRow(rows, []any{&e.Version, &e.At, &e.Note, &from, &to, &p.Kind, &p.Blocks, &p.Houses, &p.Residents}, func() error {
		if n := len(h.Steps); n == 0 || h.Steps[n-1].Version != e.Version {
			h.Steps = append(h.Steps, HistoryStep{Event: e, Gives: []Passing{}, Gets: []Passing{}})
		}
		step := &h.Steps[len(h.Steps)-1]
		if Code(from) == h.Code {
			p.Grid = Code(to)
			step.Gives = append(step.Gives, p)
		} else {
			p.Grid = Code(from)
			step.Gets = append(step.Gets, p)
		}
		return nil
	})
	return err
}

// readHeirs finds where the last ground of a retired grid lies today. A block that was made anew since is followed by its ground.
func (h *History) readHeirs(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		WITH had AS (
			SELECT b.id, b.community, b.geom, b.retired FROM grid_block_past p JOIN block b ON b.county = p.county AND b.id = p.block
			WHERE p.county = $1 AND p.grid = $2 AND p.until = $3),
		now AS (
			SELECT id FROM had WHERE retired IS NULL
			UNION
			SELECT n.id FROM had JOIN block n ON n.county = $1 AND n.retired IS NULL AND n.community = had.community AND n.geom && had.geom
			WHERE had.retired IS NOT NULL AND ST_Intersects(had.geom, ST_PointOnSurface(n.geom)))
		SELECT g.code, g.name, count(*), coalesce(sum(k.residents), 0) FROM now JOIN block k ON k.county = $1 AND k.id = now.id
		JOIN grid_block m ON m.county = $1 AND m.block = now.id JOIN grid g ON g.county = $1 AND g.code = m.grid
		GROUP BY g.code, g.name ORDER BY sum(k.residents) DESC, count(*) DESC, g.code`, countyOf(h.Code), int64(h.Code), h.Retired.Version)
	if err != nil {
		return err
	}
	var code int64
	var heir Heir
	var people, blocks int
	_, err = pgx.ForEachRow(rows, []any{&code, &heir.Name, &heir.Blocks, &heir.Residents}, func() error {
		heir.Grid = Code(code)
		people, blocks = people+heir.Residents, blocks+heir.Blocks
		h.Today = append(h.Today, heir)
		return nil
	})
	for i := range h.Today {
		t := &h.Today[i]
		if t.Share = float64(t.Blocks) / float64(blocks); people > 0 {
			t.Share = float64(t.Residents) / float64(people)
		}
	}
	return err
}

// countyOf is the county that a grid's code lies in.
func countyOf(c Code) int32 { return int32(c / 1_000_000_000) }
