package register

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/idcard"
)

// Days that can't be are refused where they are typed, whatever else is known of somebody.
func TestDaysThatCantBe(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	house := ID{county, o.house("w1").Number}
	in := func(change func(m *MoveIn)) error {
		m := MoveIn{Person: invented(1), House: house, Stay: Registered, Since: date("2024-01-01")}
		change(&m)
		_, err := clerk.act(func(tx pgx.Tx) (ID, error) { return o.book.MoveIn(clerk.ctx, tx, m) })
		return err
	}
	born := func(on time.Time) func(m *MoveIn) {
		return func(m *MoveIn) { m.Card, m.Newborn, m.Born, m.Since = "", true, on, on }
	}
	o.isFault(in(born(date("0001-01-02"))), fault.Invalid, "since")
	o.isFault(in(born(date("1879-12-31"))), fault.Invalid, "since")
	o.isFault(in(born(o.today().AddDate(-16, 0, -1))), fault.Invalid, "since")  // they have a card
	o.isFault(in(func(m *MoveIn) { m.Newborn = true }), fault.Invalid, "since") // born in 1960 by the card
	old := fmt.Sprintf("%s010818790101001", idcard.Invented)
	o.isFault(in(func(m *MoveIn) { m.Card, m.Since = old+string(idcard.Check(old)), date("1879-12-31") }), fault.Invalid, "since")
	if err := in(born(o.today().AddDate(-15, 0, 0))); err != nil {
		t.Error(err)
	}
	if err := in(func(m *MoveIn) { m.Newborn, m.Since = true, invented(1).Born }); err != nil {
		t.Error(err)
	}

	// When they moved in isn't known; when they were born is.
	a := o.livesIn(invented(2), "w1")
	a.Since = time.Time{}
	if _, err := clerk.arrive(a); err != nil {
		t.Fatal(err)
	}
	_, err := clerk.die(o.who(2), invented(2).Born.AddDate(0, 0, -1).Format(time.DateOnly))
	o.isFault(err, fault.Invalid, "until")
	_, err = clerk.moveOut(o.who(2), "0001-01-02")
	o.isFault(err, fault.Invalid, "until")

	plan := func(due time.Time) error {
		_, err := clerk.act(func(tx pgx.Tx) (ID, error) { return o.book.PlanVisit(clerk.ctx, tx, o.who(2), "care", due) })
		return err
	}
	for _, due := range []time.Time{{}, date("0001-01-02"), o.today().AddDate(-2, 0, 0), o.today().AddDate(11, 0, 0), date("9999-12-31")} {
		o.isFault(plan(due), fault.Invalid, "due")
	}
	visit, err := clerk.act(func(tx pgx.Tx) (ID, error) {
		return o.book.PlanVisit(clerk.ctx, tx, o.who(2), "care", o.today().AddDate(0, 0, -3))
	})
	if err != nil {
		t.Fatal(err)
	}
	made := func(on, again time.Time) error {
		return clerk.tx(func(tx pgx.Tx) error { return o.book.Visited(clerk.ctx, tx, visit, on, "", again) })
	}
	o.isFault(made(date("0001-01-02"), time.Time{}), fault.Invalid, "on")
	o.isFault(made(o.today(), date("9999-12-31")), fault.Invalid, "again")
	if _, err := clerk.die(o.who(2), o.today().Format(time.DateOnly)); err != nil {
		t.Fatal(err)
	}
	o.isFault(plan(o.today()), fault.Conflict, "")
}

// Nobody lives in two houses at a time, in the past neither.
func TestMovingInBeforeMovingOut(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	if _, err := clerk.moveIn(1, "w1", "2020-01-01"); err != nil {
		t.Fatal(err)
	}
	_, err := clerk.moveIn(1, "w1", "2021-01-01")
	o.isFault(err, fault.Conflict, "id")
	if !strings.Contains(fmt.Sprint(err), "in this house") {
		t.Errorf("who lives there already is said to live elsewhere: %v", err)
	}
	if _, err := clerk.moveOut(o.who(1), "2024-06-01"); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"w1", "s1"} {
		_, err := clerk.moveIn(1, code, "2024-05-31")
		o.isFault(err, fault.Invalid, "since")
	}
	if _, err := clerk.moveIn(1, "s1", "2024-06-01"); err != nil {
		t.Error(err)
	}
}

// What is typed of somebody has nothing in it that isn't seen.
func TestNothingUnseenOfPeople(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	in := func(change func(m *MoveIn)) error {
		m := MoveIn{Person: invented(1), House: ID{county, o.house("w1").Number}, Stay: Registered, Since: date("2024-01-01")}
		change(&m)
		_, err := clerk.act(func(tx pgx.Tx) (ID, error) { return o.book.MoveIn(clerk.ctx, tx, m) })
		return err
	}
	for _, name := range []string{"\u200b", "\u200d\u200c", "\u2060\u00ad", "\u200f \u061c", "\u3164"} {
		o.isFault(in(func(m *MoveIn) { m.Name = name }), fault.Invalid, "name")
	}
	o.isFault(in(func(m *MoveIn) { m.Nation = strings.Repeat("族", 21) }), fault.Invalid, "nation")
	if err := in(func(m *MoveIn) { m.Name, m.Nation = "演\u200b示\u200f", "汉\x00族\x1b\u202e" }); err != nil {
		t.Fatal(err)
	}
	v, err := clerk.look("w1")
	if err != nil {
		t.Fatal(err)
	}
	if who := v.Households[0].Members[0]; who.Name != "演示" || who.Nation != "汉族" {
		t.Errorf("%q %q", who.Name, who.Nation)
	}
}

// A household is divided among those who live in the house, each once, under a number that nobody else has.
func TestSplitRefuses(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	for n := 1; n <= 3; n++ {
		if _, err := clerk.arrive(o.livesIn(invented(n), "w1")); err != nil {
			t.Fatal(err)
		}
	}
	house := ID{county, o.house("w1").Number}
	split := func(code string, who ...ID) (ID, error) {
		return clerk.act(func(tx pgx.Tx) (ID, error) { return o.book.Split(clerk.ctx, tx, house, code, who) })
	}
	_, err := split("other", ID{370883, o.who(1).Number}) // the number is somebody's here
	o.isFault(err, fault.Invalid, "residents")
	_, err = split("w1-1", o.who(1)) // where the others stay
	o.isFault(err, fault.Invalid, "household")
	_, err = split("\u200b", o.who(1))
	o.isFault(err, fault.Invalid, "household")
	before := o.state()
	act, err := split("new", o.who(1), o.who(1), o.who(2))
	if err != nil {
		t.Fatal(err)
	}
	err = clerk.tx(func(tx pgx.Tx) error {
		all, err := o.book.Acts(clerk.ctx, tx, house)
		if err == nil && all[0].People != 2 {
			t.Errorf("%d were put into the new household", all[0].People)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := clerk.undo(act); err != nil || o.state() != before {
		t.Errorf("%v\n%s\nwas\n%s", err, o.state(), before)
	}
}

// Two houses don't get the same address: neither at the same time, nor when a correction is taken back after another house got the address it had.
func TestOneAddressForTwoHouses(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	correct := func(code, address string) (ID, error) {
		return clerk.act(func(tx pgx.Tx) (ID, error) {
			return o.book.Correct(clerk.ctx, tx, Correction{House: ID{county, o.house(code).Number}, Address: address})
		})
	}
	for round := range 8 {
		address := fmt.Sprintf("同一处%d号", round)
		var wait sync.WaitGroup
		for _, code := range []string{"w1", "w2", "s1"} {
			wait.Go(func() { _, _ = correct(code, address) })
		}
		wait.Wait()
		if n := o.count(`SELECT count(*) FROM house WHERE county = $1 AND address = $2`, county, address); n != 1 {
			t.Fatalf("%d houses are at %s", n, address)
		}
	}
	if _, err := correct("w1", "先在这里1号"); err != nil {
		t.Fatal(err)
	}
	act, err := correct("w1", "后在这里2号")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := correct("w2", "先在这里1号"); err != nil {
		t.Fatal(err)
	}
	_, err = clerk.undo(act)
	o.isFault(err, fault.Conflict, "address")
}

// A county that there isn't has no addresses, and won't have any in a moment; one that is still being read will.
func TestAddressesOfNoCounty(t *testing.T) {
	o := setup(t)
	o.settle()
	g := new(Gazetteers)
	_, err := g.Of(county)
	o.isFault(err, fault.Unavailable, "")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- g.Follow(ctx, o.db.Reader, slog.New(slog.DiscardHandler)) }()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if _, err := g.Of(county); err == nil {
			break
		}
		_, err := g.Of(county)
		if fault.CodeOf(err) == fault.NotFound {
			t.Fatal("the county that is being read isn't there")
		}
	}
	if _, err := g.Of(county); err != nil {
		t.Error(err)
	}
	_, err = g.Of(999999)
	o.isFault(err, fault.NotFound, "")
	cancel()
	<-done
}

// Somebody is found by a name that was copied with what isn't seen.
func TestFoundByANameWithUnseen(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	if _, err := clerk.arrive(o.livesIn(invented(1), "w1")); err != nil {
		t.Fatal(err)
	}
	name := invented(1).Name
	found, err := clerk.find(Sought{County: county, Name: "\u200b" + name[:3] + "\u200f" + name[3:], Community: community})
	if err != nil || len(found) != 1 {
		t.Errorf("%d found, %v", len(found), err)
	}
}
