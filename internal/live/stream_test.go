package live

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"jingwei/internal/access"
	"jingwei/internal/outbox"
)

// scopes are people who see different things.
func (r *room) scopes() map[string]*access.Identity {
	r.Helper()
	mental := access.LabelGrant{Label: access.Mental, Code: "110108014001"}
	return map[string]*access.Identity{
		"county":  r.person("county", []access.Grant{{Role: access.Leader, Code: "110108"}}),
		"town":    r.person("town", []access.Grant{{Role: access.Dispatcher, Code: "110108014"}}),
		"clerk":   r.person("clerk", []access.Grant{{Role: access.Clerk, Code: "110108014001"}}),
		"grid":    r.person("grid", []access.Grant{{Role: access.GridWorker, Code: west}}),
		"two":     r.person("two", []access.Grant{{Role: access.GridWorker, Code: north}, {Role: access.GridWorker, Code: east}}),
		"special": r.person("special", []access.Grant{{Role: access.Dispatcher, Code: "110108"}}, mental),
		"label":   r.person("label", []access.Grant{{Role: access.Planner, Code: "110108"}}, mental), // and no role that sees incidents
		"planner": r.person("planner", []access.Grant{{Role: access.Planner, Code: "110108"}}),
		"foreign": r.person("foreign", []access.Grant{{Role: access.Dispatcher, Code: "110105"}}),
	}
}

// Ten writers at once, with transactions that are slow at random, and grids published in between: everybody gets what is theirs, in the order of the
// outbox, each once.
func TestEverybodyGetsWhatIsTheirs(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.follow(20) // less than there is: who is slow reads from the database
	people := r.scopes()
	clients := map[string]*client{}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var reading, writing sync.WaitGroup
	began := r.last()
	var end outbox.Position
	written := make(chan struct{})
	for name, who := range people {
		c := r.resume(who, began)
		clients[name] = c
		pace := time.Duration(rand.IntN(20)) * time.Millisecond
		reading.Go(func() {
			for {
				select {
				case <-written:
					if err := c.upTo(ctx, end); err != nil {
						t.Errorf("%s: %v", name, err)
					}
					return
				default:
				}
				time.Sleep(pace)
				if b, err := c.stream.Next(ctx, c.who); err != nil || b.Lost || b.Rights {
					t.Errorf("%s: %+v, %v", name, b, err)
				} else {
					for k := range b.Events {
						c.seen = append(c.seen, b.Events[k].name())
					}
				}
			}
		})
	}
	for w := range 10 {
		random := rand.New(rand.NewPCG(7, uint64(w)))
		writing.Go(func() {
			for range 15 {
				special := ""
				if random.IntN(4) == 0 {
					special = string(access.Mental)
				}
				if random.IntN(15) == 0 {
					r.publish("")
				}
				if err := r.report(random.IntN(len(spots)), special, func() { time.Sleep(time.Duration(random.IntN(30)) * time.Millisecond) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	end = r.last()
	close(written)
	reading.Wait()
	for name, c := range clients {
		if want := r.due(c.who, began); !slices.Equal(c.seen, want) {
			t.Errorf("%s saw\n%q\nwant\n%q", name, c.seen, want)
		}
	}
	if n := len(r.due(people["county"], began)); n < 100 || n == len(r.due(people["special"], began)) || len(r.due(people["planner"], began)) == 0 {
		t.Errorf("%d events for the county: this test sees too few, or no difference", n)
	}
}

// What somebody may see is what the policies of the table say, for any roles and labels.
func TestVisibleIsWhatThePolicySays(t *testing.T) {
	t.Parallel()
	r := setup(t)
	for spot := range spots {
		r.mustReport(spot, "")
		for _, l := range access.Labels[:3] {
			r.mustReport(spot, string(l))
		}
	}
	r.publish("")
	r.last()
	var told []outbox.Event
	err := r.db.InTx(context.Background(), func(tx pgx.Tx) (err error) {
		told, err = outbox.Since(context.Background(), tx, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	events, err := load(context.Background(), r.db.App, New(Config{}).log, told)
	if err != nil || len(events) < 4*len(spots) {
		t.Fatalf("%d events, %v", len(events), err)
	}
	codes := []string{"110108", "110105", "110108014", "110108015", "110108014001", "110108014002", west, south, north, east}
	rapid.Check(t, func(rt *rapid.T) {
		grants := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) access.Grant {
			return access.Grant{Role: rapid.SampledFrom(access.Roles).Draw(rt, "role"), Code: rapid.SampledFrom(codes).Draw(rt, "code")}
		}), 0, 3).Draw(rt, "grants")
		labels := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) access.LabelGrant {
			return access.LabelGrant{Label: rapid.SampledFrom(access.Labels).Draw(rt, "label"), Code: rapid.SampledFrom(codes).Draw(rt, "where")}
		}), 0, 3).Draw(rt, "labels")
		who := &access.Identity{Stage: access.Open, Grants: grants, Labels: labels}
		who.Actor.Account, who.Actor.Scope = 1, access.ScopeOf(grants, labels)
		rows := r.rows(who)
		for k := range events {
			if e := &events[k]; e.Name == IncidentEvent && e.visible(who) != rows[e.incident.String()] {
				rt.Fatalf("%s in %d %s: visible %v, the policy says %v", e.incident, e.grid, e.special, e.visible(who), rows[e.incident.String()])
			}
		}
		half := *who
		half.Stage = access.SecondFactor
		for k := range events {
			if events[k].visible(&half) {
				rt.Fatalf("%s is seen by who hasn't given a second factor", events[k].name())
			}
		}
	})
}

// Clients are cut off anywhere and come back, rights come and go, the server is started anew, grids are published: what each has seen is what was due
// to it, with its rights at that place in the order.
func TestCutOffAnywhere(t *testing.T) {
	t.Parallel()
	r := setup(t)
	names := []string{"one", "two", "three"}
	people := make([]*access.Identity, len(names))
	for k, name := range names {
		people[k] = r.person(name, []access.Grant{{Role: access.Planner, Code: "110108"}})
	}
	rapid.Check(t, func(rt *rapid.T) {
		r.follow(rapid.SampledFrom([]int{2, 5, 1000}).Draw(rt, "keep"))
		r.forget()
		m := &machine{room: r}
		began := r.last()
		for _, who := range people {
			fresh, err := r.doors.Reread(context.Background(), who)
			if err != nil {
				rt.Fatal(err)
			}
			c := r.resume(fresh, began)
			m.clients = append(m.clients, &modelled{client: c, passed: began, last: began, rights: fresh})
		}
		rt.Repeat(map[string]func(*rapid.T){
			"report": m.report, "publish": m.publish, "rights": m.changeRights, "read": m.read, "cut": m.cut, "restart": m.restart, "": m.check,
		})
		for k := range m.clients {
			m.readUp(k)
		}
		m.check(rt)
	})
}

// machine is the model: the outbox as the test reads it, and for each client what was due.
type machine struct {
	room    *room
	clients []*modelled
}

type modelled struct {
	*client
	passed outbox.Position // how far want reaches
	rights *access.Identity
	want   []string
	last   outbox.Position // the id that the client has: of the last event it took
}

func (m *machine) report(rt *rapid.T) {
	var group sync.WaitGroup
	n := rapid.IntRange(1, 6).Draw(rt, "reports")
	for range n {
		spot, special := rapid.IntRange(0, len(spots)-1).Draw(rt, "spot"), rapid.SampledFrom([]string{"", "", "mental", "youth"}).Draw(rt, "special")
		group.Go(func() {
			if err := m.room.report(spot, special, nil); err != nil {
				m.room.Error(err)
			}
		})
	}
	group.Wait()
}

// publish moves all incidents of one grid to another, as a publication does.
func (m *machine) publish(rt *rapid.T) {
	for k := range m.clients {
		m.readUp(k) // what they saw before it is right by what was before it
	}
	grids := []string{west, south, north, east}
	from, to := rapid.SampledFrom(grids).Draw(rt, "from"), rapid.SampledFrom(grids).Draw(rt, "to")
	m.room.publish(`UPDATE incident SET grid = $2::text::bigint WHERE grid = $1::text::bigint`, from, to)
}

// changeRights gives or takes a role or a label.
func (m *machine) changeRights(rt *rapid.T) {
	c := rapid.SampledFrom(m.clients).Draw(rt, "client")
	ctx := access.AtServer(context.Background())
	give := rapid.Bool().Draw(rt, "give")
	err := m.room.db.InTx(ctx, func(tx pgx.Tx) error {
		id, doors := c.who.Account.ID, m.room.doors
		if rapid.Bool().Draw(rt, "label") {
			l := access.LabelGrant{Label: rapid.SampledFrom([]access.Label{access.Mental, access.Youth}).Draw(rt, "which"), Code: "110108"}
			if give {
				return doors.GiveLabel(ctx, tx, id, l)
			}
			return doors.TakeLabel(ctx, tx, id, l)
		}
		g := access.Grant{Role: access.Dispatcher, Code: rapid.SampledFrom([]string{"110108", "110108014001", "110108014002"}).Draw(rt, "where")}
		if give {
			return doors.Give(ctx, tx, id, g)
		}
		return doors.Take(ctx, tx, id, g)
	})
	if err != nil {
		m.room.Fatal(err)
	}
}

func (m *machine) read(rt *rapid.T) { m.readUp(rapid.IntRange(0, len(m.clients)-1).Draw(rt, "client")) }

// readUp lets a client read to the end, and the model say what is due.
func (m *machine) readUp(k int) {
	c, last := m.clients[k], m.room.last()
	now, err := m.room.doors.Reread(context.Background(), c.who)
	if err != nil {
		m.room.Fatal(err)
	}
	c.expect(m.room, now, last)
	if err := c.upTo(context.Background(), last); err != nil {
		m.room.Fatal(err)
	}
	c.last = c.stream.At()
}

// expect adds what is due up to a position: with the rights that the client was known by, and from a change of them on with those that it has now.
func (c *modelled) expect(r *room, now *access.Identity, last outbox.Position) {
	rows := map[*access.Identity]map[string]bool{c.rights: r.rows(c.rights), now: r.rows(now)}
	account := strconv.FormatInt(c.who.Account.ID, 10)
	for _, e := range r.outbox(c.passed) {
		switch {
		case e.at.After(last):
		case e.kind == outbox.AccessChanged && e.subject == account:
			c.rights = now
		case e.kind == outbox.IncidentReported && rows[c.rights][e.subject], e.kind == outbox.LayoutPublished:
			c.want = append(c.want, e.name())
		}
	}
	c.passed = last
}

// cut lets a client take some of what comes next, cuts it off, and lets it come back with the id of the last event that it took.
func (m *machine) cut(rt *rapid.T) {
	c := rapid.SampledFrom(m.clients).Draw(rt, "client")
	m.room.caughtUp() // so that what comes next is the same each time
	b, err := c.stream.Next(context.Background(), c.who)
	if err != nil || b.Lost {
		rt.Fatalf("%+v %v", b, err)
	}
	for k := range b.Events[:rapid.IntRange(0, len(b.Events)).Draw(rt, "takes")] {
		c.seen = append(c.seen, b.Events[k].name())
		c.last = b.Events[k].Position
	}
	c.expect(m.room, c.rights, c.last) // no change of its rights lies in between
	m.reconnect(c)
}

// restart is another hub, of a server that was started anew.
func (m *machine) restart(rt *rapid.T) {
	m.room.follow(rapid.SampledFrom([]int{2, 5, 1000}).Draw(rt, "keep"))
	for _, c := range m.clients {
		m.reconnect(c)
	}
}

// reconnect lets a client come back: it is asked who it is.
func (m *machine) reconnect(c *modelled) {
	now, err := m.room.doors.Reread(context.Background(), c.who)
	if err != nil {
		m.room.Fatal(err)
	}
	seen := c.seen
	c.client = m.room.resume(now, c.last)
	c.seen, c.rights = seen, now
}

func (m *machine) check(rt *rapid.T) {
	for k, c := range m.clients {
		if !slices.Equal(c.seen, c.want) {
			rt.Fatalf("client %d saw\n%q\nwant\n%q", k, c.seen, c.want)
		}
	}
}
