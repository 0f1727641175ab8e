package draft

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/postgres"
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

// approvers are those who may approve a draft: not whoever handed it in, nor, before that, the one who looks and would.
func (h *Head) approvers(ctx context.Context, tx pgx.Tx) ([]Person, error) {
	by := postgres.ActorOf(ctx).Account
	if h.handedInBy != nil {
		by = *h.handedInBy
	}
	rows, err := tx.Query(ctx, `SELECT name, display FROM approvers_of(int8range($1, $2, '[]')) WHERE account <> $3`, h.ground.Low, h.ground.High, by)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Person])
	if all == nil {
		all = []Person{}
	}
	return all, err
}
