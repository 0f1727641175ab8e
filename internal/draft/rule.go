package draft

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Rule is what a county asks for before a draft is published.
type Rule struct {
	County      int32 `json:"county"`
	ApproveOver *int  `json:"approve_over"` // a second person approves where more residents than this get another grid; nil: never
}

// RuleOf reads a county's rule; a county that has set none asks for nothing.
func RuleOf(ctx context.Context, db *pgxpool.Pool, county int32) (r Rule, err error) {
	r.County = county
	err = db.QueryRow(ctx, `SELECT approve_over FROM county_rule WHERE county = $1`, county).Scan(&r.ApproveOver)
	if err == pgx.ErrNoRows {
		err = nil
	}
	return r, err
}
