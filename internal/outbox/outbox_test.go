package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/outbox"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

const county = 110108

// follow collects payloads in a channel until the test ends.
func follow(t *testing.T, db *postgres.DB, since outbox.Position) <-chan string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	events := make(chan string, 1000)
	var done sync.WaitGroup
	done.Go(func() {
		err := outbox.Follow(ctx, db.Reader, slog.New(slog.DiscardHandler), since, func(e outbox.Event) error {
			events <- string(e.Payload)
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Follow ended with %v", err)
		}
	})
	t.Cleanup(func() { cancel(); done.Wait() })
	return events
}

func begin(t *testing.T, db *postgres.DB) pgx.Tx {
	t.Helper()
	tx, err := db.App.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	return tx
}

func write(t *testing.T, tx pgx.Tx, what any) {
	t.Helper()
	if err := outbox.Write(context.Background(), tx, county, outbox.LayoutPublished, what); err != nil {
		t.Fatal(err)
	}
}

func commit(t *testing.T, tx pgx.Tx) {
	t.Helper()
	if err := tx.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func next(t *testing.T, events <-chan string) string {
	t.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(30 * time.Second):
		t.Fatal("no event came")
		return ""
	}
}

// naive is the follower that everybody writes first: it asks for larger ids than the last it saw.
func naive(t *testing.T, db *postgres.DB, last *int64) (seen []string) {
	t.Helper()
	rows, err := db.Reader.Query(context.Background(), `SELECT id, payload::text FROM outbox WHERE id > $1 ORDER BY id`, *last)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var what string
		if err := rows.Scan(last, &what); err != nil {
			t.Fatal(err)
		}
		seen = append(seen, what)
	}
	return seen
}

// The slow transaction took the smaller number and commits after the larger was read. The naive follower
// loses it, ours doesn't.
func TestSlowTransactionIsNotLost(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	events := follow(t, db, 0)

	slow, fast := begin(t, db), begin(t, db)
	write(t, slow, "slow")
	write(t, fast, "fast")
	commit(t, fast)

	var last int64
	first := naive(t, db, &last)
	commit(t, slow)
	second := naive(t, db, &last)
	if !slices.Equal(first, []string{`"fast"`}) || len(second) != 0 {
		t.Fatalf("the naive follower read %v, then %v; this test relies on its losing the slow one", first, second)
	}
	got := []string{next(t, events), next(t, events)}
	slices.Sort(got) // side by side, they may have either order
	if !slices.Equal(got, []string{`"fast"`, `"slow"`}) {
		t.Fatalf("followed %v", got)
	}
}

// An older transaction that has written and still runs delays nobody's events: an import may take minutes.
func TestEventsDontWaitForOlderTransactions(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	events := follow(t, db, 0)
	older, younger := begin(t, db), begin(t, db)
	write(t, older, "older")
	write(t, younger, "younger")
	commit(t, younger)
	if e := next(t, events); e != `"younger"` {
		t.Fatalf("got %s", e)
	}
	commit(t, older)
	if e := next(t, events); e != `"older"` {
		t.Fatalf("got %s", e)
	}
}

func TestRolledBackNeverComes(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	events := follow(t, db, 0)
	lost, kept := begin(t, db), begin(t, db)
	write(t, lost, "lost")
	write(t, kept, "kept")
	if err := lost.Rollback(context.Background()); err != nil {
		t.Fatal(err)
	}
	commit(t, kept)
	if e := next(t, events); e != `"kept"` {
		t.Fatalf("got %s", e)
	}
}

// Everything written while the connection was cut comes, once.
func TestLostConnectionLosesNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.New(t)
	events := follow(t, db, 0)
	for i := range 5 {
		if err := db.InTx(ctx, func(tx pgx.Tx) error {
			return outbox.Write(ctx, tx, county, outbox.GroundImported, i)
		}); err != nil {
			t.Fatal(err)
		}
		if e := next(t, events); e != fmt.Sprint(i) {
			t.Fatalf("got %s, want %d", e, i)
		}
		tag, err := db.Owner.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() AND query NOT LIKE '%pg_terminate%'
			  AND usename = session_user AND backend_type = 'client backend' AND state = 'idle'`)
		if err != nil || tag.RowsAffected() == 0 {
			t.Fatalf("cut %d connections, %v", tag.RowsAffected(), err)
		}
		db.App.Reset()
	}
}

// From Now on nothing is missed that was still open, and what lies far behind isn't told again.
func TestNow(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.New(t)
	old := begin(t, db)
	write(t, old, "old")
	commit(t, old)
	open := begin(t, db)
	write(t, open, "open")
	now, err := outbox.Now(ctx, db.Reader)
	if err != nil {
		t.Fatal(err)
	}
	events := follow(t, db, now)
	commit(t, open)
	for { // an older transaction of a neighbouring test may hold the watermark before "old"
		switch e := next(t, events); e {
		case `"open"`:
			return
		case `"old"`:
		default:
			t.Fatalf("got %s", e)
		}
	}
}

// Many writers at random: each event comes exactly once, and two followers see the same order.
func TestEachEventOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	one, two := follow(t, db, 0), follow(t, db, 0)
	const writers, each = 8, 25
	var done sync.WaitGroup
	for w := range writers {
		random := rand.New(rand.NewPCG(1, uint64(w)))
		done.Go(func() {
			for i := range each {
				err := db.InTx(context.Background(), func(tx pgx.Tx) error {
					time.Sleep(time.Duration(random.IntN(2000)) * time.Microsecond)
					if err := outbox.Write(context.Background(), tx, county, outbox.LayoutPublished, w*each+i); err != nil {
						return err
					}
					time.Sleep(time.Duration(random.IntN(2000)) * time.Microsecond)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	done.Wait()
	seen := map[string]bool{}
	for range writers * each {
		a, b := next(t, one), next(t, two)
		if a != b {
			t.Fatalf("one follower sees %s where the other sees %s", a, b)
		}
		if seen[a] {
			t.Fatalf("%s came twice", a)
		}
		seen[a] = true
	}
}

func TestHandleEndsIt(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tx := begin(t, db)
	write(t, tx, 1)
	commit(t, tx)
	enough := errors.New("enough")
	err := outbox.Follow(context.Background(), db.Reader, slog.New(slog.DiscardHandler), 0,
		func(outbox.Event) error { return enough })
	if !errors.Is(err, enough) {
		t.Fatalf("got %v", err)
	}
}
