package responder

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/layout"
)

// Released is somebody who held a post of a grid that a publication retired.
type Released struct {
	Grid      layout.Code
	Post      Post
	Responder ID
	Name      string
	Remain    int // posts that they still hold; 0: they are free
}

// Release ends the postings of the grids that a publication retires, in its transaction, and tells of who held them: those of ground where the
// actor may see responders. Postings of grids that keep their code go on, whatever became of the grid's border; new grids begin with vacancies.
type Release struct {
	Trail *audit.Trail              // nil: nothing is written down
	Tell  func(released []Released) // nil: nobody is told
}

// Also is what a publication does besides (layout.Also).
func (r Release) Also(ctx context.Context, tx pgx.Tx, p *layout.Proposal, done *layout.Publication) error {
	rows, err := tx.Query(ctx, `SELECT grid, post, responder, name, remain, coalesce(seen, false) FROM end_postings($1, $2)`, p.County, done.Version)
	if err != nil {
		return err
	}
	var visible []Released
	var ended []string
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (none struct{}, err error) {
		var seen bool
		one := Released{Responder: ID{County: p.County}}
		if err := row.Scan(&one.Grid, &one.Post, &one.Responder.Number, &one.Name, &one.Remain, &seen); err != nil {
			return none, err
		}
		ended = append(ended, one.Grid.String()+" "+string(one.Post)+" "+one.Responder.String())
		if seen {
			visible = append(visible, one)
		}
		return none, nil
	})
	if err != nil || len(ended) == 0 {
		return err
	}
	if r.Tell != nil && len(visible) > 0 {
		r.Tell(visible)
	}
	if r.Trail == nil {
		return nil
	}
	return r.Trail.Write(ctx, tx, audit.Entry{County: int(p.County), Place: int64(p.County) * 1e9, Action: audit.PostEnded,
		Details: map[string]any{"version": done.Version, "posts": ended}})
}

// Holder is somebody who holds a post of a grid that is to change.
type Holder struct {
	Grid       layout.Code
	Post       Post
	Responder  ID
	Name       string
	Substitute string // the name of who stands in today, "" for nobody
}

// Affected gives who holds the posts of grids today, by grid, workers before leaders, of those that the actor may see. A grid that isn't among
// them has only vacancies, or none that the actor may see.
func Affected(ctx context.Context, tx pgx.Tx, county int32, grids []layout.Code) (map[layout.Code][]Holder, error) {
	rows, err := tx.Query(ctx, `
		SELECT p.grid, p.post, r.id, r.name, coalesce(s.name, '') FROM posting p
		JOIN responder r ON r.county = p.county AND r.id = p.responder
		LEFT JOIN responder s ON s.county = p.county AND s.id = p.substitute AND current_date BETWEEN p.substitute_from AND p.substitute_to
		WHERE p.county = $1 AND p.grid = ANY ($2) AND `+held+` ORDER BY p.grid, p.post DESC`, county, codes(grids))
	if err != nil {
		return nil, err
	}
	out := make(map[layout.Code][]Holder)
	var a Holder
	a.Responder.County = county
	_, err = pgx.ForEachRow(rows, []any{&a.Grid, &a.Post, &a.Responder.Number, &a.Name, &a.Substitute}, func() error {
		out[a.Grid] = append(out[a.Grid], a)
		return nil
	})
	return out, err
}
