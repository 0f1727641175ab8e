package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	batch    = 500
	pollIdle = 5 * time.Second // notifications are the rule, this is in case one is lost
	retryMin = 100 * time.Millisecond
	retryMax = 5 * time.Second
)

// Now gives a position before every event that isn't committed yet. A few that already are may come after it, too: those that no follower has
// numbered yet.
func Now(ctx context.Context, pool *pgxpool.Pool) (p Position, err error) {
	if err = pool.QueryRow(ctx, `SELECT coalesce(max(number), 0) FROM outbox WHERE number IS NOT NULL`).Scan(&p); err != nil {
		return 0, fmt.Errorf("outbox: where it is now: %w", err)
	}
	return p, nil
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
		if err := f.readAll(ctx, conn); err != nil {
			return err
		}
		if err := sleep(ctx, conn); err != nil {
			return err
		}
	}
}

// sleep waits for a notification, not for ever. Those that came in while we read are taken at once.
func sleep(ctx context.Context, conn *pgx.Conn) error {
	limited, cancel := context.WithTimeout(ctx, pollIdle)
	defer cancel()
	_, err := conn.WaitForNotification(limited)
	if err == nil { // what else has come by now is read in the same go
		cancel()
		for err == nil {
			_, err = conn.WaitForNotification(limited)
		}
		return nil
	}
	if ctx.Err() == nil && limited.Err() != nil && !conn.IsClosed() {
		return nil
	}
	return err
}

// readAll numbers what was committed and handles everything that has a number.
func (f *follower) readAll(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, `SELECT number_outbox()`); err != nil {
		return err
	}
	for {
		events, err := f.next(ctx, conn)
		if err != nil {
			return err
		}
		if len(events) > 0 {
			if err := f.handle(events); err != nil {
				return handleError{err}
			}
			f.at = events[len(events)-1].Position
		}
		if len(events) < batch {
			return nil
		}
	}
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
	rows, err := db.Query(ctx, `SELECT number, id, county, kind, payload, at FROM outbox WHERE number > $1 ORDER BY number LIMIT $2`, at, batch)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Event])
}
