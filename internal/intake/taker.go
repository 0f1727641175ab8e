package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/access"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// result is what became of some rows.
type result struct {
	Tally
	rejects   []reject
	proposals []proposed
	came      []came
}

// reject is a row that didn't go in.
type reject struct {
	line     int
	problems []Problem
	address  string // that leads to no house for sure; "" for other rows
}

// proposed is a row that would change somebody.
type proposed struct {
	line    int
	outcome register.Outcome
	arrival *register.Arrival
	code    string // of the house
}

// came is what became of a row that went in by an address that somebody placed, and the act of the register by which it did.
type came struct {
	line   int32
	became string // accepted, same, proposed
	act    int64  // 0 for what changed nothing
}

func (r *result) reject(row *reading) {
	r.Rejected++
	r.rejects = append(r.rejects, reject{row.row.Line, row.problems, row.unplaced})
}

// copy is a result that can be added to without touching this one.
func (r *result) copy() *result {
	return &result{r.Tally, slices.Clip(r.rejects), slices.Clip(r.proposals), slices.Clip(r.came)}
}

func (r *result) join(o *result) {
	r.add(o.Tally)
	r.rejects, r.proposals, r.came = append(r.rejects, o.rejects...), append(r.proposals, o.proposals...), append(r.came, o.came...)
}

// taker takes rows of one kind into the register.
type taker interface {
	// remember notes rows that went in before an import was broken off, so that they are known to be there twice.
	remember(rows []Row)
	// check reads rows and looks up what they name. It runs beside the transaction that takes those before, in the order of the file.
	check(ctx context.Context, rows []Row) (batch, error)
}

// batch is rows that were checked.
type batch interface {
	// apply takes those that are right, in the transaction. It may be called again when the first time failed.
	apply(ctx context.Context, tx pgx.Tx) (*result, error)
	// size is how many rows apply would write.
	size() int
	// only is the batch with the one row i of those alone that apply would write; without what was wrong from the beginning.
	only(ctx context.Context, i int) (batch, error)
	// wrong are the rows that were wrong from the beginning, and refuse the row i as the database did.
	wrong() *result
	refuse(i int) *result
}

// parted is a batch of which some rows have nothing to do with those of the part before: they can be written while that is still being written. The rest is
// taken after it. Either is nil when there are none.
type parted interface {
	parts() (ahead, rest batch)
}

// partsOf are the two parts of a batch: of one that isn't parted everything waits.
func partsOf(b batch) (ahead, rest batch) {
	if p, ok := b.(parted); ok {
		return p.parts()
	}
	return nil, b
}

// refused is a row as the database refused it, with what that is likely to mean.
func refused(row reading, zh, en string) *result {
	r := &result{}
	row.wrong("", Refused, zh, en)
	r.reject(&row)
	return r
}

// applyOrSplit takes a batch, twice if need be, then row by row, so that a row which the database refuses takes no other with it. Of no batch nothing
// becomes.
func applyOrSplit(ctx context.Context, tx pgx.Tx, b batch) (*result, error) {
	if b == nil {
		return &result{}, nil
	}
	for range 2 {
		r, err := trying(ctx, tx, b)
		if err == nil || !ofARow(err) {
			return r, err
		}
	}
	all := b.wrong()
	for i := range b.size() {
		one, err := b.only(ctx, i)
		if err != nil {
			return nil, err
		}
		r, err := trying(ctx, tx, one)
		switch {
		case err == nil:
			all.join(r)
		case ofARow(err):
			all.join(b.refuse(i))
		default:
			return nil, err
		}
	}
	return all, nil
}

// trying takes a batch and, if that fails, leaves the transaction as it was.
func trying(ctx context.Context, tx pgx.Tx, b batch) (r *result, err error) {
	err = pgx.BeginFunc(ctx, tx, func(inner pgx.Tx) error {
		r, err = b.apply(ctx, inner)
		return err
	})
	return r, err
}

// ofARow tells whether the database refused what a row says, and not the transaction or the connection.
func ofARow(err error) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code[:2] {
	case "22", "23", "44", "P0", "JW": // data, integrity, a check, a trigger
		return true
	}
	return e.Code == "42501" // a policy
}

// again tells whether a transaction may go through when it is begun anew: two imports that waited for one another.
func again(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40P01" || e.Code == "40001")
}

// where is what an import may touch: the ground that it is for, as far as the actor keeps the register there.
type where struct {
	division postgres.Range
	name     string
}

// within notes a problem for a house outside.
func (w where) within(ctx context.Context, r *reading, field string, ground int64) {
	switch {
	case ground < w.division.Low || ground > w.division.High:
		r.wrong(field, Foreign, fmt.Sprintf("房屋不在本次导入的范围（%s）之内", w.name), fmt.Sprintf("the house isn't on the ground that this import is for (%s)", w.name))
	case !postgres.ActorOf(ctx).Scope[access.KeepRegister].Covers(ground):
		r.wrong(field, Foreign, "您无权登记那里的房屋与居民", "you don't keep the register there")
	}
}
