package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	batch    = 500
	pollIdle = 5 * time.Second        // notifications are the rule, this is in case one is lost
	pollBusy = 100 * time.Millisecond // events are there, but an older transaction still runs
	retryMin = 100 * time.Millisecond
	retryMax = 5 * time.Second
)

// Now gives a position before every event that isn't committed yet. A few that already are may come after it, too:
// those of transactions younger than the oldest that still runs.
func Now(ctx context.Context, pool *pgxpool.Pool) (Position, error) {
	var xmin string
	err := pool.QueryRow(ctx, `SELECT pg_snapshot_xmin(pg_current_snapshot())::text`).Scan(&xmin)
	if err != nil {
		return Position{}, fmt.Errorf("outbox: where it is now: %w", err)
	}
	n, err := strconv.ParseUint(xmin, 10, 64)
	return Position{Transaction: n}, err
}

// Follow calls handle for each event after the position, one at a time, each once, until ctx ends (it returns
// ctx's error) or handle returns an error (it returns that). The pool is the reader's. A lost connection is made
// again and nothing is missed meanwhile; log says so.
func Follow(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger, since Position, handle func(Event) error) error {
	return FollowBatches(ctx, pool, log, since, func(events []Event) error {
		for _, e := range events {
			if err := handle(e); err != nil {
				return err
			}
		}
		return nil
	})
}

// FollowBatches is Follow with as many events at a time as there are, up to some hundreds: for who reads more about each of them.
func FollowBatches(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger, since Position, handle func([]Event) error) error {
	f := follower{pool: pool, at: since, handle: handle}
	pause := retryMin
	for {
		before := f.at
		err := f.session(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var refused handleError
		if errors.As(err, &refused) {
			return refused.error
		}
		if f.at != before {
			pause = retryMin
		}
		log.Warn("outbox: connection lost, connecting again", "error", err, "in", pause)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			pause = min(2*pause, retryMax)
		}
	}
}

type follower struct {
	pool   *pgxpool.Pool
	at     Position
	handle func([]Event) error
}

// handleError marks an error as handle's, which ends the following, against the connection's, which doesn't.
type handleError struct{ error }

// session follows on one connection until it breaks. The connection is taken out of the pool, since one that
// listens must not be lent to others.
func (f *follower) session(ctx context.Context) error {
	lent, err := f.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	conn := lent.Hijack()
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	for {
		waiting, err := f.readAll(ctx, conn)
		if err != nil {
			return err
		}
		patience := pollIdle
		if waiting {
			patience = pollBusy
		}
		if err := sleep(ctx, conn, patience); err != nil {
			return err
		}
	}
}

// sleep waits for a notification, at most so long. Those that came in while we read are taken at once.
func sleep(ctx context.Context, conn *pgx.Conn, patience time.Duration) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := conn.WaitForNotification(limited)
	if err != nil && ctx.Err() == nil && limited.Err() != nil && !conn.IsClosed() {
		return nil
	}
	return err
}

// readAll handles everything that may be read, and says whether more is there that has to wait for an older
// transaction.
func (f *follower) readAll(ctx context.Context, conn *pgx.Conn) (waiting bool, err error) {
	for {
		events, err := f.next(ctx, conn)
		if err != nil {
			return false, err
		}
		if len(events) > 0 {
			if err := f.handle(events); err != nil {
				return false, handleError{err}
			}
			f.at = events[len(events)-1].Position
		}
		if len(events) < batch {
			break
		}
	}
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM outbox WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()))`).
		Scan(&waiting)
	return waiting, err
}

func (f *follower) next(ctx context.Context, conn *pgx.Conn) ([]Event, error) {
	return read(ctx, conn, f.at)
}

// querier is a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Since reads the events after a position that may be read by now, in order, some hundreds at most: for who comes back.
func Since(ctx context.Context, tx pgx.Tx, at Position) ([]Event, error) { return read(ctx, tx, at) }

func read(ctx context.Context, db querier, at Position) ([]Event, error) {
	rows, err := db.Query(ctx, `
		SELECT xid::text AS transaction, id, county, kind, payload, at FROM outbox
		WHERE (xid, id) > ($1::text::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())
		ORDER BY outbox.xid, id LIMIT $3`, strconv.FormatUint(at.Transaction, 10), at.ID, batch)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Event, error) {
		var e Event
		var xid string
		if err := row.Scan(&xid, &e.ID, &e.County, &e.Kind, &e.Payload, &e.At); err != nil {
			return e, err
		}
		var err error
		e.Transaction, err = strconv.ParseUint(xid, 10, 64)
		return e, err
	})
}
