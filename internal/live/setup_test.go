package live

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/audit"
	"jingwei/internal/incident"
	"jingwei/internal/layout"
	"jingwei/internal/outbox"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

const (
	county = 110108
	west   = "110108014001001" // grids of one community
	south  = "110108014001002"
	north  = "110108014001003"
	east   = "110108014002001" // of another
)

// spots are places in the middle of a block each, well away from other grids.
var spots = [][2]float64{{116.3205, 40.0005}, {116.3215, 40.0025}, {116.3235, 40.0005}, {116.3225, 40.0015}, {116.3235, 40.0025}, {116.3245, 40.0005}, {116.3245, 40.0025}}

// room is a hub over a database with the town of internal/httpapi/testdata/town.sql, and somebody who reports there.
type room struct {
	testing.TB
	db    *postgres.DB
	doors *accesstest.Doors
	desk  *incident.Desk
	hub   *Hub
	as    context.Context // of the reporter: the county's dispatcher, with all labels

	stop  func() // the hub
	first int64  // of the incidents that the test looks at
}

func setup(t testing.TB) *room {
	t.Helper()
	r := &room{TB: t, db: pgtest.New(t)}
	town, err := os.ReadFile("../httpapi/testdata/town.sql")
	if err != nil {
		t.Fatal(err)
	}
	r.run(string(town))
	r.doors = accesstest.New(t, r.db)
	r.desk = &incident.Desk{Ground: new(layout.Locators), Vault: r.doors.Vault, Trail: r.doors.Trail}
	who := r.person("reporter", []access.Grant{{Role: access.Dispatcher, Code: "110108"}}, allLabels()...)
	r.as = audit.WithCaller(access.WithIdentity(context.Background(), who), audit.Caller{Name: "reporter"})
	return r
}

func allLabels() (all []access.LabelGrant) {
	for _, l := range access.Labels {
		all = append(all, access.LabelGrant{Label: l, Code: "110108"})
	}
	return all
}

// follow lets a new hub follow, which keeps so many events.
func (r *room) follow(keep int) {
	r.Helper()
	r.unfollow()
	hub := New(Config{App: r.db.App, Reader: r.db.Reader, Keep: keep})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- hub.Follow(ctx) }()
	r.hub = hub
	r.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			r.Errorf("Follow ended with %v", err)
		}
	})
	r.Cleanup(r.stop)
}

func (r *room) unfollow() {
	if r.stop != nil {
		r.stop()
	}
}

func (r *room) run(sql string, args ...any) {
	r.Helper()
	if _, err := r.db.Owner.Exec(context.Background(), sql, args...); err != nil {
		r.Fatalf("%v\n%.200s", err, sql)
	}
}

// person is somebody who has signed in.
func (r *room) person(name string, grants []access.Grant, labels ...access.LabelGrant) *access.Identity {
	r.Helper()
	i, err := r.doors.Identify(context.Background(), r.doors.Person(name, "110108", grants, labels...), false)
	if err != nil {
		r.Fatal(err)
	}
	return i
}

// report reports at a spot; before the commit comes held.
func (r *room) report(spot int, special string, held func()) error {
	kind := "fire"
	if special != "" {
		kind = "special-group"
	}
	at := spots[spot%len(spots)]
	return r.db.InTx(r.as, func(tx pgx.Tx) error {
		_, err := r.desk.Report(r.as, tx, incident.Report{Kind: kind, Special: special, Text: "楼道堆放杂物", Lon: at[0], Lat: at[1], Grid: incident.Nearest})
		if held != nil {
			held()
		}
		return err
	})
}

func (r *room) mustReport(spot int, special string) {
	r.Helper()
	if err := r.report(spot, special, nil); err != nil {
		r.Fatal(err)
	}
}

// publish tells of a new version of the county's grids; change is what it did.
func (r *room) publish(change string, args ...any) {
	r.Helper()
	err := pgx.BeginFunc(context.Background(), r.db.Owner, func(tx pgx.Tx) error {
		if change != "" {
			if _, err := tx.Exec(context.Background(), change, args...); err != nil {
				return err
			}
		}
		return outbox.Write(context.Background(), tx, county, outbox.LayoutPublished, map[string]int{"version": 3})
	})
	if err != nil {
		r.Fatal(err)
	}
}

// last is how far the outbox reaches when everything in it has a number.
func (r *room) last() (p outbox.Position) {
	r.Helper()
	r.run(`SELECT number_outbox()`)
	if err := r.db.Owner.QueryRow(context.Background(), `SELECT coalesce(max(number), 0) FROM outbox`).Scan(&p); err != nil {
		r.Fatal(err)
	}
	return p
}

// forget leaves out of what the test looks at what was reported before.
func (r *room) forget() {
	r.Helper()
	if err := r.db.Owner.QueryRow(context.Background(), `SELECT coalesce(max(id), 0) FROM incident`).Scan(&r.first); err != nil {
		r.Fatal(err)
	}
}

// entry is an event of the outbox as the tests read it, past all code of this package.
type entry struct {
	at      outbox.Position
	kind    string
	subject string // of an incident "110108-12", of a change of rights the account
}

// outbox reads all of it after a position, in order.
func (r *room) outbox(after outbox.Position) []entry {
	r.Helper()
	rows, err := r.db.Owner.Query(context.Background(), `SELECT number, kind, coalesce(payload->>'id', payload->>'account', '') FROM outbox WHERE number > $1 ORDER BY number`, after)
	if err != nil {
		r.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e entry, err error) { return e, row.Scan(&e.at, &e.kind, &e.subject) })
	if err != nil {
		r.Fatal(err)
	}
	return all
}

// rows are the incidents that the policies let somebody see: what the database says, and no code of ours.
func (r *room) rows(i *access.Identity) map[string]bool {
	r.Helper()
	seen := map[string]bool{}
	err := postgres.Snapshot(postgres.WithActor(context.Background(), i.Actor), r.db.App, func(tx pgx.Tx) error {
		rows, err := tx.Query(context.Background(), `SELECT county || '-' || id FROM incident WHERE county = $1 AND id > $2`, county, r.first)
		if err != nil {
			return err
		}
		var id string
		_, err = pgx.ForEachRow(rows, []any{&id}, func() error { seen[id] = true; return nil })
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
	return seen
}

// due is what somebody has to get of the events after a position, in order, with rights that don't change: what the policies and the order of the
// outbox say.
func (r *room) due(i *access.Identity, after outbox.Position) (events []string) {
	r.Helper()
	rows := r.rows(i)
	for _, e := range r.outbox(after) {
		if e.kind == outbox.IncidentReported && rows[e.subject] || e.kind == outbox.LayoutPublished {
			events = append(events, e.name())
		}
	}
	return events
}

func (e entry) name() string {
	if e.kind == outbox.LayoutPublished {
		return fmt.Sprintf("%s layout", e.at)
	}
	return fmt.Sprintf("%s incident %s", e.at, e.subject)
}

// name is an event as due says it.
func (e *Event) name() string {
	if e.Name == IncidentEvent {
		return fmt.Sprintf("%s incident %s", e.Position, e.incident)
	}
	return fmt.Sprintf("%s %s", e.Position, e.Name)
}

// client is somebody who streams, and keeps what they have seen.
type client struct {
	room   *room
	who    *access.Identity
	stream *Stream
	seen   []string
}

// upTo reads until the stream has come as far as a position.
func (c *client) upTo(ctx context.Context, last outbox.Position) error {
	for last.After(c.stream.At()) {
		if err := c.step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// step reads what there is, or waits for more.
func (c *client) step(ctx context.Context) error {
	before := c.stream.At()
	b, err := c.stream.Next(ctx, c.who)
	if err != nil {
		return err
	}
	if b.Lost {
		return fmt.Errorf("lost at %s", b.At)
	}
	for k := range b.Events {
		c.seen = append(c.seen, b.Events[k].name())
	}
	if b.Rights {
		c.who, err = c.room.doors.Reread(ctx, c.who)
		return err
	}
	if c.stream.At() != before || c.stream.Behind() {
		return nil
	}
	select {
	case <-c.stream.More():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *room) begin(who *access.Identity) *client {
	r.Helper()
	s, err := r.hub.Begin(context.Background())
	if err != nil {
		r.Fatal(err)
	}
	return &client{room: r, who: who, stream: s}
}

func (r *room) resume(who *access.Identity, at outbox.Position) *client {
	r.Helper()
	s, known, err := r.hub.Resume(context.Background(), at)
	if err != nil || !known {
		r.Fatalf("position %s: known %v, %v", at, known, err)
	}
	return &client{room: r, who: who, stream: s}
}

// saw reads a client up to the end and checks that it has got what was due to it after a position, in order, each once. It gives that.
func (r *room) saw(what string, c *client, after outbox.Position) []string {
	r.Helper()
	if err := c.upTo(context.Background(), r.last()); err != nil {
		r.Fatalf("%s: %v", what, err)
	}
	want := r.due(c.who, after)
	if !slices.Equal(c.seen, want) {
		r.Errorf("%s saw\n%q\nwant\n%q", what, c.seen, want)
	}
	return want
}

// TestMain has rapid try fewer cases than it would, unless somebody says how many: each is a conversation with a database.
func TestMain(m *testing.M) {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "rapid.checks" })
	if !said {
		if err := flag.Set("rapid.checks", "30"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
