package proof_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/postgres"
)

func start(t *testing.T, db *postgres.DB, level pgx.TxIsoLevel) *writer {
	t.Helper()
	ctx := context.Background()
	tx, err := db.App.BeginTx(ctx, pgx.TxOptions{IsoLevel: level})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback(ctx) })
	return &writer{ctx: ctx, tx: tx}
}

func stateOf(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// settle publishes a community of one block and one grid.
func settle(w *writer, community int64, id int64, r rect) {
	p := plot{id, community, r, nil}
	points := corners(append(finalPlots(), p))
	w.exec(`INSERT INTO division (code, county, level, parent, name, source)
		VALUES ($1, $2, 'community', '110108001', '社区', 'test')`, fmt.Sprint(community), county)
	w.exec(`INSERT INTO territory (county, community, division, geom, features)
		VALUES ($1, $2::bigint, $2::bigint::text, ST_Multi(ST_GeomFromText($3, 4326)), '')`, county, community, p.wkt(points))
	w.block(p, points, 3, 0)
	w.assign(community*1000+1, 3, id)
}

// Pairs of transactions that touch no row in common, so that no row lock parts them. Each alone keeps the
// invariants, both together don't.
func TestTwoSessionsCannotBreakItTogether(t *testing.T) {
	t.Parallel()
	for _, pair := range []struct {
		name          string
		first, second func(*writer)
		state         string
	}{
		{"two new communities overlap",
			func(w *writer) { settle(w, 110108001003, 303, rect{80, 0, 90, 40}) },
			func(w *writer) { settle(w, 110108001004, 304, rect{85, 0, 95, 40}) }, "JW001"},
		{"each takes the half of a grid away",
			func(w *writer) { w.assign(one*1000+1, 3, 13, 14) },
			func(w *writer) { w.assign(one*1000+2, 3, 15, 16) }, "JW002"},
	} {
		t.Run(pair.name, func(t *testing.T) {
			t.Parallel()
			db := newCounty(t)
			ctx := context.Background()
			first, second := start(t, db, pgx.ReadCommitted), start(t, db, pgx.ReadCommitted)
			pair.first(first)
			pair.second(second)
			// the first is checked, and holds its locks, when the second comes to commit
			first.exec(`SET CONSTRAINTS check_touched IMMEDIATE`)
			if err := errors.Join(first.err, second.err); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() { done <- second.tx.Commit(ctx) }()
			awaitLock(t, db, done)
			if err := first.tx.Commit(ctx); err != nil {
				t.Fatal(err)
			}
			if err := <-done; stateOf(err) != pair.state {
				t.Fatalf("the second one's commit: %v; want %s", err, pair.state)
			}
		})
	}
}

// awaitLock waits until a session of the database waits for an advisory lock.
func awaitLock(t *testing.T, db *postgres.DB, done <-chan error) {
	t.Helper()
	for {
		var waiting bool
		err := db.Owner.QueryRow(context.Background(), `SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
			WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted)`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
		if waiting {
			return
		}
		select {
		case err := <-done:
			t.Fatalf("the second one committed without waiting for the first: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Two transactions that touch the same communities in opposite orders don't lock each other out.
func TestOppositeOrdersDontDeadlock(t *testing.T) {
	t.Parallel()
	db := newCounty(t)
	ctx := context.Background()
	for range 10 {
		a, b := start(t, db, pgx.ReadCommitted), start(t, db, pgx.ReadCommitted)
		a.exec(`UPDATE grid SET name = 'a' WHERE code = 110108001001001`)
		a.exec(`UPDATE grid SET name = 'a' WHERE code = 110108001002001`)
		b.exec(`UPDATE grid_block SET since = since WHERE block = 18`)
		b.exec(`UPDATE grid_block SET since = since WHERE block = 9`)
		if err := errors.Join(a.err, b.err); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 2)
		go func() { done <- a.tx.Commit(ctx) }()
		go func() { done <- b.tx.Commit(ctx) }()
		if err := errors.Join(<-done, <-done); err != nil {
			t.Fatal(err)
		}
	}
}

// A transaction with one snapshot couldn't see at its commit what others committed, so it may not write here.
func TestOneSnapshotIsRefused(t *testing.T) {
	t.Parallel()
	db := newCounty(t)
	for _, level := range []pgx.TxIsoLevel{pgx.RepeatableRead, pgx.Serializable} {
		w := start(t, db, level)
		w.exec(`UPDATE grid_block SET grid = 110108001001002 WHERE block = 7`)
		if stateOf(w.err) != "JW004" {
			t.Errorf("%s: %v, want JW004", level, w.err)
		}
	}
}

// What is checked isn't noted any longer, so that the notes don't pile up; new figures of residents note nothing at
// all; and nobody but the triggers writes notes.
func TestNotesDontStay(t *testing.T) {
	t.Parallel()
	db := newCounty(t)
	ctx := context.Background()
	tx, err := db.Owner.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(ctx)
	for _, step := range []struct {
		statement string
		noted     int
	}{
		{`UPDATE block SET residents = residents + 1`, 0},
		{`UPDATE grid_block SET since = since WHERE block IN (1, 18)`, 2},
		{`SET CONSTRAINTS check_touched IMMEDIATE`, 0},
		{`SET CONSTRAINTS check_touched DEFERRED`, 0},
		{`UPDATE territory SET report = '{}' WHERE community = 110108001001`, 1},
	} {
		var noted int
		if _, err := tx.Exec(ctx, step.statement); err != nil {
			t.Fatal(err)
		}
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM touched`).Scan(&noted); err != nil || noted != step.noted {
			t.Errorf("%s: %d communities noted, want %d (%v)", step.statement, noted, step.noted, err)
		}
	}
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := db.App.Exec(ctx, `DELETE FROM touched`); stateOf(err) != "42501" {
		t.Fatalf("the application role may touch the notes: %v", err)
	}
}
