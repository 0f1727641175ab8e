package intake

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// rowBatch is a batch of rows that have nothing to do with one another.
type rowBatch[R interface{ itself() *reading }] struct {
	rows []R
	bad  *result
	// take writes rows, in the transaction, and adds to the result what became of each.
	take   func(ctx context.Context, tx pgx.Tx, rows []R, r *result) error
	zh, en string // what it means when the database refuses a row
}

// rowsOf is a batch of the rows without a problem; the others are its wrong ones.
func rowsOf[R interface{ itself() *reading }](all []R, take func(context.Context, pgx.Tx, []R, *result) error, zh, en string) *rowBatch[R] {
	b := &rowBatch[R]{bad: &result{}, take: take, zh: zh, en: en}
	for _, row := range all {
		if r := row.itself(); len(r.problems) > 0 {
			b.bad.reject(r)
		} else {
			b.rows = append(b.rows, row)
		}
	}
	return b
}

func (r *reading) itself() *reading { return r }

func (b *rowBatch[R]) size() int { return len(b.rows) }

func (b *rowBatch[R]) wrong() *result { return b.bad.copy() }

func (b *rowBatch[R]) only(_ context.Context, i int) (batch, error) {
	return rowsOf(b.rows[i:i+1], b.take, b.zh, b.en), nil
}

func (b *rowBatch[R]) refuse(i int) *result { return refused(*b.rows[i].itself(), b.zh, b.en) }

func (b *rowBatch[R]) apply(ctx context.Context, tx pgx.Tx) (*result, error) {
	r := b.wrong()
	if len(b.rows) == 0 {
		return r, nil
	}
	return r, b.take(ctx, tx, b.rows, r)
}
