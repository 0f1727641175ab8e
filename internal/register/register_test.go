package register

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
)

// Who lives in a house is seen by whose ground it is, and by nobody else: a clerk of the community, the worker of the grid; not the worker of the grid
// beside it, nor the next community's clerk, nor a planner.
func TestWhoSeesWhoLivesThere(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	if out, err := clerk.arrive(o.livesIn(invented(1), "w1"), o.livesIn(invented(2), "s1"), o.livesIn(invented(3), "e1")); err != nil || !slices.Equal(out, []Outcome{Added, Added, Added}) {
		t.Fatal(out, err)
	}
	one, two, three := invented(1).Name, invented(2).Name, invented(3).Name
	for _, c := range []struct {
		role       access.Role
		code       string
		w1, s1, e1 string
	}{
		{access.Clerk, community, one, two, ""}, {access.Clerk, next, "", "", three}, {access.Dispatcher, "110108", one, two, three},
		{access.GridWorker, west, one, "", ""}, {access.GridWorker, south, "", two, ""}, {access.Planner, "110108", "", "", ""}, {access.Leader, "110108", "", "", ""},
	} {
		p := o.person(c.role, c.code)
		if w1, s1, e1 := p.namesIn("w1"), p.namesIn("s1"), p.namesIn("e1"); w1 != c.w1 || s1 != c.s1 || e1 != c.e1 {
			t.Errorf("%s of %s sees %q, %q and %q; may see %q, %q and %q", c.role, c.code, w1, s1, e1, c.w1, c.s1, c.e1)
		}
		found, err := p.find(Sought{Card: invented(1).Card})
		if err != nil || (len(found) == 1) != (c.w1 != "") {
			t.Errorf("%s of %s finds %v, %v by the ID number", c.role, c.code, found, err)
		}
	}
}

// The database itself keeps who doesn't keep the register from writing, and from seeing a table at all.
func TestTablesAreGuarded(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	if _, err := clerk.arrive(o.livesIn(invented(1), "w1")); err != nil {
		t.Fatal(err)
	}
	for _, p := range []person{o.person(access.Planner, "110108"), o.person(access.Clerk, next), o.person(access.GridWorker, south), {o, context.Background()}} {
		for _, table := range []string{"resident", "residency", "household"} {
			var n int
			err := p.tx(func(tx pgx.Tx) error { return tx.QueryRow(p.ctx, `SELECT count(*) FROM `+table).Scan(&n) })
			if err != nil || n != 0 {
				t.Errorf("%d rows of %s are seen, %v", n, table, err)
			}
		}
		if _, err := p.houses(houseAt("w9", 0, 0)); err == nil {
			t.Error("a house was written on ground of others")
		}
	}
	if _, err := o.person(access.Clerk, next).arrive(o.livesIn(invented(5), "w1")); err == nil {
		t.Error("somebody was put into a house on ground of others")
	}
}

// The worker of a grid enters who moves into a house of theirs.
func TestWorkerEntersInOwnGrid(t *testing.T) {
	o := setup(t)
	o.settle()
	worker := o.person(access.GridWorker, west)
	if out, err := worker.arrive(o.livesIn(invented(1), "w2")); err != nil || out[0] != Added {
		t.Fatal(out, err)
	}
	if _, err := worker.arrive(o.livesIn(invented(2), "s1")); err == nil {
		t.Error("the worker of one grid entered somebody in another")
	}
}

func TestOutcomes(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	first := o.livesIn(invented(1), "w1")
	before := o.livesIn(invented(1), "s1")
	before.Since, before.Until = date("2015-01-01"), date("2020-05-01")
	must := func(p person, want Outcome, a Arrival) {
		t.Helper()
		if out, err := p.arrive(a); err != nil || out[0] != want {
			t.Errorf("%v, %v; want %s", out, err, want)
		}
	}
	must(clerk, Added, first)
	must(clerk, Same, first)
	must(clerk, Added, before)
	must(clerk, Same, before)
	other := first
	other.House = o.house("w2")
	must(clerk, Moves, other)
	overlapping := before
	overlapping.House, overlapping.Until = o.house("w2"), date("2016-01-01")
	must(clerk, Overlaps, overlapping)
	renamed := first
	renamed.Name = "演示改"
	must(clerk, Differs, renamed)
	silent := first
	silent.Phone, silent.Nation = "", "" // what a file doesn't say isn't otherwise
	must(clerk, Same, silent)
	must(o.person(access.Clerk, next), Elsewhere, Arrival{Person: invented(1), House: o.house("e1"), Stay: Registered, Since: date("2021-01-01")})
	if n := o.count(`SELECT count(*) FROM residency`); n != 2 {
		t.Errorf("%d residencies, want 2", n)
	}
	if n := o.count(`SELECT count(*) FROM resident r JOIN house h ON h.county = r.county AND h.id = r.house WHERE h.code = 'w1'`); n != 1 {
		t.Error("a house of former times became somebody's home")
	}
}

// A person whose former houses come in one file with the one they live in now is one person, in whatever order the rows stand.
func TestOnePersonInManyRows(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	now, before := o.livesIn(invented(1), "w1"), o.livesIn(invented(1), "e1")
	before.Since, before.Until = date("2015-01-01"), date("2020-05-01")
	again := now
	if out, err := clerk.arrive(before, now, again); err != nil || !slices.Equal(out, []Outcome{Added, Added, Same}) {
		t.Fatal(out, err)
	}
	found, err := clerk.find(Sought{Phone: invented(1).Phone})
	if err != nil || len(found) != 1 || found[0].Home.Code != "w1" {
		t.Fatal(found, err)
	}
	v, err := clerk.look("e1")
	if err != nil || len(v.Past) != 1 || v.Past[0].Name != invented(1).Name {
		t.Errorf("%+v, %v", v, err)
	}
	// Who may see the former house alone sees that somebody lived there, and not who.
	v, err = o.person(access.Clerk, next).look("e1")
	if err != nil || len(v.Past) != 1 || v.Past[0].Name != "" || v.Past[0].Card != "" || v.Past[0].Resident != (ID{}) {
		t.Errorf("%+v, %v", v, err)
	}
}

// Somebody on record whose last house was left moves into the next one.
func TestMovesInAfterMovingOut(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	left := o.livesIn(invented(1), "e1")
	left.Until = date("2024-01-01")
	next := o.livesIn(invented(1), "w1")
	next.Since = date("2024-01-01")
	for _, a := range []Arrival{left, next} {
		if out, err := clerk.arrive(a); err != nil || out[0] != Added {
			t.Fatal(out, err)
		}
	}
	if o.person(access.GridWorker, west).namesIn("w1") != invented(1).Name {
		t.Error("the worker of the grid doesn't see who moved in")
	}
}

func TestFind(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	who := invented(1)
	if _, err := clerk.arrive(o.livesIn(who, "w1"), o.livesIn(invented(2), "w2")); err != nil {
		t.Fatal(err)
	}
	w1 := ID{county, o.house("w1").Number}
	for _, s := range []Sought{{Card: strings.ToLower(who.Card)}, {Phone: "+86 " + who.Phone}, {Name: who.Name, Born: who.Born}, {Name: who.Name, House: w1},
		{Name: " " + who.Name, Community: community}, {Name: who.Name, Community: town}} {
		if found, err := clerk.find(s); err != nil || len(found) != 1 || found[0].Name != who.Name || found[0].Home.ID != w1 {
			t.Errorf("%+v: %v, %v", s, found, err)
		}
	}
	for _, s := range []Sought{{Card: invented(3).Card}, {Name: who.Name, Born: date("1999-01-01")}, {Name: who.Name, Community: next}} {
		if found, err := clerk.find(s); err != nil || len(found) != 0 {
			t.Errorf("%+v: %v, %v", s, found, err)
		}
	}
	_, err := clerk.find(Sought{Name: who.Name})
	o.isFault(err, fault.Invalid, "name")
	_, err = clerk.find(Sought{})
	o.isFault(err, fault.Invalid, "name")
	_, err = clerk.find(Sought{Card: "7901081960010100"})
	o.isFault(err, fault.Invalid, "id")
	_, err = clerk.find(Sought{Name: who.Name, Community: west})
	o.isFault(err, fault.Invalid, "community")
	if n := o.count(`SELECT count(*) FROM audit_entry WHERE action = 'resident.sought'`); n != 9 {
		t.Errorf("%d searches are in the trail, want 9", n)
	}
}

// Numbers come out masked, and nothing of a person is in the tables in clear.
func TestNothingInClear(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	who := invented(1)
	if _, err := clerk.arrive(o.livesIn(who, "w1")); err != nil {
		t.Fatal(err)
	}
	v, err := clerk.look("w1")
	if err != nil || v.Households[0].Members[0].Card == who.Card || v.Households[0].Members[0].Phone == who.Phone || v.Households[0].Members[0].Phone == "" {
		t.Fatalf("%+v, %v", v, err)
	}
	for _, table := range []string{"resident", "residency", "household", "care", "audit_entry"} {
		rows, err := o.db.Owner.Query(context.Background(), `SELECT t::text FROM `+table+` t`)
		if err != nil {
			t.Fatal(err)
		}
		all, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{who.Name, who.Card, who.Phone} {
			hex := []byte(strings.Join(all, "\n"))
			if bytes.Contains(hex, []byte(secret)) {
				t.Errorf("%s holds %q in clear", table, secret)
			}
		}
	}
}

func TestStack(t *testing.T) {
	o := setup(t)
	o.run(`INSERT INTO building (county, source, digest, geom) VALUES (110108, 'b1', '', ST_Multi(ST_MakeEnvelope(116.3204, 40.0004, 116.3206, 40.0006, 4326)))`)
	clerk := o.person(access.Clerk, town)
	building := int64(o.count(`SELECT max(id)::int FROM building`))
	place := func(code, unit string, floor int) NewHouse {
		h := houseAt(code, 0, 0)
		h.Building, h.Unit, h.Floor, h.Room = building, unit, floor, code
		return h
	}
	if _, err := clerk.houses(place("101", "1单元", 1), place("201", "1单元", 2), place("202", "2单元", 2)); err != nil {
		t.Fatal(err)
	}
	a := o.livesIn(invented(1), "201")
	a.Stay, a.Care = Floating, []string{"alone"}
	if _, err := clerk.arrive(a, o.livesIn(invented(2), "201")); err != nil {
		t.Fatal(err)
	}
	var s *Stack
	err := clerk.tx(func(tx pgx.Tx) (err error) { s, err = o.book.Stack(clerk.ctx, tx, county, building); return err })
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "明珠小区3号楼" || !slices.Equal(s.Units, []string{"1单元", "2单元"}) || !slices.Equal(s.Floors, []int{2, 1}) || !s.Seen {
		t.Errorf("%+v", s)
	}
	var full Room
	for _, r := range s.Rooms {
		if r.Residents > 0 {
			full = r
		}
	}
	if full.House.Code != "201" || full.Residents != 2 || full.Floating != 1 || !slices.Equal(full.Care, []string{"alone"}) || slices.Contains(full.Names, invented(1).Name) {
		t.Errorf("%+v", full)
	}
	planner := o.person(access.Planner, "110108")
	err = planner.tx(func(tx pgx.Tx) (err error) { s, err = o.book.Stack(planner.ctx, tx, county, building); return err })
	if err != nil || s.Seen || len(s.Rooms) != 3 {
		t.Fatal(s, err)
	}
	for _, r := range s.Rooms {
		if r.Residents+len(r.Names)+len(r.Care) > 0 {
			t.Errorf("a planner sees %+v", r)
		}
	}
}

// A house that comes again as it is changes nothing; one that moved to the next community takes its people along.
func TestHousesAgain(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	if _, err := clerk.arrive(o.livesIn(invented(1), "w1")); err != nil {
		t.Fatal(err)
	}
	if got, err := clerk.houses(houseAt("w1", 0, 0), houseAt("w2", 1, 0)); err != nil || got != (Taken{Same: 2}) {
		t.Fatal(got, err)
	}
	if _, err := clerk.moveIn(2, "w1", "2024-01-01"); err != nil {
		t.Fatal(err)
	}
	if _, err := clerk.act(func(tx pgx.Tx) (ID, error) {
		return o.book.PlanVisit(clerk.ctx, tx, o.who(1), "care", date("2030-01-01"))
	}); err != nil {
		t.Fatal(err)
	}
	if got, err := clerk.houses(houseAt("w1", 4, 0)); err != nil || got != (Taken{Changed: 1}) {
		t.Fatal(got, err)
	}
	for _, table := range []string{"household", "resident", "residency", "register_act", "visit"} {
		if n := o.count(`SELECT count(*) FROM ` + table + ` t JOIN house h ON h.county = t.county AND h.id = t.house WHERE h.code = 'w1' AND t.ground = 110108014002000`); n == 0 {
			t.Errorf("%s didn't go along", table)
		}
		if n := o.count(`SELECT count(*) FROM ` + table + ` t JOIN house h ON h.county = t.county AND h.id = t.house WHERE t.ground <> h.ground`); n > 0 {
			t.Errorf("%d rows of %s stayed with another community than their house", n, table)
		}
	}
	if name := o.person(access.Clerk, next).namesIn("w1"); !strings.Contains(name, invented(1).Name) {
		t.Errorf("the next community's clerk sees %q", name)
	}
	if found, err := o.person(access.Clerk, community).find(Sought{Card: invented(1).Card}); err != nil || len(found) > 0 {
		t.Errorf("the community that the house left still finds %v, %v", found, err)
	}
}
