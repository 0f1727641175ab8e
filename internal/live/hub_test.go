package live

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"jingwei/internal/access"
	"jingwei/internal/outbox"
)

var everywhere = []access.Grant{{Role: access.Leader, Code: "110108"}}

// caughtUp waits until the hub has read as far as the outbox reaches.
func (r *room) caughtUp() {
	r.Helper()
	last := r.last()
	for {
		r.hub.mu.RLock()
		there, more := r.hub.end == last, r.hub.changed
		r.hub.mu.RUnlock()
		if there {
			return
		}
		<-more
	}
}

// Who comes back from farther than the hub keeps is told from the database, and goes on from there in memory.
func TestOlderThanWhatIsKept(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := r.person("leader", everywhere)
	began := r.last()
	r.follow(3)
	for n := range 20 {
		r.mustReport(n, "")
	}
	r.caughtUp()
	if !r.hub.before.After(began) || len(r.hub.events) > 7 {
		t.Fatalf("the hub keeps %d events, from %s on: nothing is to be read from the database", len(r.hub.events), r.hub.before)
	}
	c := r.resume(who, began)
	if n, err := c.stream.Missed(context.Background(), who); n != 20 || err != nil {
		t.Errorf("missed %d (%v), want 20", n, err)
	}
	if c.stream.At() != began {
		t.Errorf("counting has moved the stream to %s", c.stream.At())
	}
	r.saw("who was away", c, began)
	r.mustReport(0, "")
	r.saw("and afterwards", c, began)
}

// More than the outbox is read by at a time.
func TestFarBehind(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := r.person("leader", everywhere)
	r.mustReport(0, "")
	began := r.last()
	r.run(`INSERT INTO outbox (county, kind, payload) SELECT county, kind, payload FROM outbox, generate_series(1, 1100) WHERE kind = 'incident.reported'`)
	r.last()
	r.follow(10)
	c := r.resume(who, began)
	if n, err := c.stream.Missed(context.Background(), who); n != 1100 || err != nil {
		t.Errorf("missed %d (%v), want 1100", n, err)
	}
	r.saw("who was away", c, began)
}

// A server that was started anew has in memory what those missed who were cut off by that.
func TestBeginsWithTheLastEvents(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := r.person("leader", everywhere)
	began := r.last()
	for n := range 5 {
		r.mustReport(n, "")
	}
	r.last()
	r.follow(100)
	r.caughtUp()
	if r.hub.before.After(began) {
		t.Errorf("the hub keeps what is after %s, and not what is after %s", r.hub.before, began)
	}
	r.saw("who comes back", r.resume(who, began), began)
	c, now := r.begin(who), r.last()
	r.mustReport(6, "")
	if got := r.saw("who begins", c, now); len(got) != 1 {
		t.Errorf("%q, want one", got)
	}
}

// Who comes before the hub has read what there was waits until it has, and is told then how much that was.
func TestBeforeTheHubIsReady(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := r.person("leader", everywhere)
	began := r.last()
	for n := range 6 {
		r.mustReport(n, "")
	}
	r.last()
	r.run(`ALTER TABLE incident RENAME TO hidden`)
	r.follow(100)
	r.fails(2)
	hurried, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.hub.Begin(hurried); !errors.Is(err, context.Canceled) {
		t.Errorf("a stream begins before the hub is ready: %v", err)
	}
	r.run(`ALTER TABLE hidden RENAME TO incident`)
	c := r.resume(who, began)
	if n, err := c.stream.Missed(context.Background(), who); n != 6 || err != nil {
		t.Errorf("missed %d (%v), want 6", n, err)
	}
	r.saw("who was early", c, began)
}

// fails waits until so many transactions have failed.
func (r *room) fails(n int64) {
	r.Helper()
	failed := func() (n int64) {
		r.run(`SELECT pg_stat_force_next_flush()`)
		if err := r.db.Owner.QueryRow(context.Background(), `SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()`).Scan(&n); err != nil {
			r.Fatal(err)
		}
		return n
	}
	for first := failed(); failed() < first+n; {
		time.Sleep(10 * time.Millisecond)
	}
}

// What isn't one of this database's positions, or is too far away, can't be gone on after.
func TestUnknownPositions(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := r.person("leader", everywhere)
	for n := range 4 {
		r.mustReport(n, "")
	}
	last := r.last()
	r.follow(1)
	r.caughtUp()
	known := func(at outbox.Position, want bool) {
		t.Helper()
		if _, got, err := r.hub.Resume(context.Background(), at); got != want || err != nil {
			t.Errorf("position %s: known %v (%v), want %v", at, got, err, want)
		}
	}
	known(0, true)
	known(1, true)
	known(last, true)
	known(last+1, false) // an older backup was put back
	slow := r.resume(who, last-3)
	r.run(`DELETE FROM outbox WHERE number <= $1`, last-2)
	known(last-2, true)
	known(last-3, false)
	known(0, false)
	if b, err := slow.stream.Next(context.Background(), who); err != nil || !b.Lost || len(b.Events) > 0 {
		t.Errorf("who was slow gets %+v, %v; want to be told that it is lost", b, err)
	}
	r.run(`UPDATE outbox SET number = number + $1 WHERE number = $2`, farthest+1, last)
	known(last-2, false)
}

// A publication takes incidents along: who comes back sees those that are theirs now.
func TestMovedIncidents(t *testing.T) {
	t.Parallel()
	r := setup(t)
	before, after := r.person("before", []access.Grant{{Role: access.GridWorker, Code: west}}), r.person("after", []access.Grant{{Role: access.GridWorker, Code: east}})
	r.follow(1000)
	began := r.last()
	r.mustReport(0, "") // in the west
	r.mustReport(5, "") // in the east
	r.caughtUp()
	r.saw("the west", r.resume(before, began), began)
	r.publish(`UPDATE incident SET grid = CASE grid WHEN $1::text::bigint THEN $2::text::bigint ELSE $1::text::bigint END`, west, east)
	r.caughtUp()
	if r.hub.before.After(began) {
		t.Fatal("this test is about what is in memory")
	}
	for name, who := range map[string]*access.Identity{"the west": before, "the east": after} {
		if want := r.saw(name, r.resume(who, began), began); len(want) != 2 { // an incident, and the publication
			t.Errorf("%s: %q", name, want)
		}
	}
}

// What can't be read for a while comes when it can, and nothing else in its place.
func TestReadsThatFailAreRepeated(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := r.person("leader", everywhere)
	r.follow(1000)
	r.caughtUp()
	c, began := r.begin(who), r.last()
	r.mustReport(0, "")
	r.run(`ALTER TABLE incident RENAME TO hidden`)
	r.run(`INSERT INTO outbox (county, kind, payload) SELECT county, kind, payload FROM outbox WHERE kind = 'incident.reported'`)
	r.run(`SELECT pg_notify('jingwei_outbox', '')`)
	r.fails(2)
	r.run(`ALTER TABLE hidden RENAME TO incident`)
	r.saw("the leader", c, began)
	if len(c.seen) != 2 {
		t.Errorf("%q, want two", c.seen)
	}
}

// The connections to the database are cut again and again while incidents are reported.
func TestLostConnections(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := r.person("leader", everywhere)
	r.follow(4)
	began := r.last()
	c := r.resume(who, began)
	for n := range 5 {
		r.mustReport(n, "")
		r.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
			AND state LIKE 'idle%'`)
		r.db.App.Reset()
		r.db.Reader.Reset()
	}
	for last := r.last(); last.After(c.stream.At()); {
		if err := c.step(context.Background()); err != nil {
			t.Log(err) // its connection was cut: a client comes back
		}
	}
	if want := r.due(who, began); !slices.Equal(c.seen, want) || len(want) != 5 {
		t.Errorf("saw %q, want %q", c.seen, want)
	}
}
