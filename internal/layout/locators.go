package layout

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/locate"
	"jingwei/internal/outbox"
)

// Locators keep the ground of all live layouts in memory. Its zero value is ready; any number of goroutines may ask it.
type Locators struct {
	live locate.Live
	mu   sync.Mutex // of those who load
	held atomic.Pointer[map[int32]int]
}

// Fresh gives the ground, none of it older than what tx sees: a county that was published meanwhile is read first, which takes a second for
// a large one. Mostly Follow was there before. It may be newer than what tx sees.
func (l *Locators) Fresh(ctx context.Context, tx pgx.Tx) (*locate.Live, error) {
	versions, err := liveVersions(ctx, tx)
	if err != nil || len(l.stale(versions)) == 0 {
		return &l.live, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, county := range l.stale(versions) {
		index, version, err := Locator(ctx, tx, county)
		if err != nil {
			return nil, err
		}
		l.live.Put(int(county), index)
		next := map[int32]int{county: version}
		if now := l.held.Load(); now != nil {
			next = maps.Clone(*now)
			next[county] = version
		}
		l.held.Store(&next)
	}
	return &l.live, nil
}

// stale are the counties of which an older version is held, or none.
func (l *Locators) stale(versions map[int32]int) (counties []int32) {
	held := l.held.Load()
	for county, version := range versions {
		if held == nil || (*held)[county] < version {
			counties = append(counties, county)
		}
	}
	return counties
}

// Follow reads what is published, on this node as on every other, until ctx ends, beginning with what is live. What it can't read is logged; the
// next who asks Fresh is told.
func (l *Locators) Follow(ctx context.Context, db *pgxpool.Pool, log *slog.Logger) error {
	since, err := outbox.Now(ctx, db)
	if err != nil {
		return err
	}
	l.refresh(ctx, db, log)
	return outbox.Follow(ctx, db, log, since, func(e outbox.Event) error {
		if e.Kind == outbox.LayoutPublished {
			l.refresh(ctx, db, log)
		}
		return nil
	})
}

func (l *Locators) refresh(ctx context.Context, db *pgxpool.Pool, log *slog.Logger) {
	err := pgx.BeginTxFunc(ctx, db, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		_, err := l.Fresh(ctx, tx)
		return err
	})
	if err != nil && ctx.Err() == nil {
		log.Error("layout: the live ground can't be read into memory", "error", err)
	}
}

func liveVersions(ctx context.Context, tx pgx.Tx) (map[int32]int, error) {
	rows, err := tx.Query(ctx, `SELECT county, version FROM layout WHERE live`)
	if err != nil {
		return nil, err
	}
	versions := make(map[int32]int)
	var county int32
	var version int
	_, err = pgx.ForEachRow(rows, []any{&county, &version}, func() error { versions[county] = version; return nil })
	return versions, err
}
