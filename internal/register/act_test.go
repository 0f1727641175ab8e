package register

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
)

func (p person) act(f func(tx pgx.Tx) (ID, error)) (id ID, err error) {
	err = p.tx(func(tx pgx.Tx) error { id, err = f(tx); return err })
	return id, err
}

func (p person) moveIn(n int, code string, since string) (ID, error) {
	m := MoveIn{Person: invented(n), House: ID{county, p.house(code).Number}, Household: code + "-1", Relation: "户主", Stay: Registered, Since: date(since)}
	return p.act(func(tx pgx.Tx) (ID, error) { return p.book.MoveIn(p.ctx, tx, m) })
}

func (p person) moveOut(who ID, until string) (ID, error) {
	return p.act(func(tx pgx.Tx) (ID, error) { return p.book.MoveOut(p.ctx, tx, who, date(until)) })
}

func (p person) die(who ID, on string) (ID, error) {
	return p.act(func(tx pgx.Tx) (ID, error) { return p.book.Died(p.ctx, tx, who, date(on)) })
}

func (p person) undo(act ID) (ID, error) {
	return p.act(func(tx pgx.Tx) (ID, error) { return p.book.Undo(p.ctx, tx, act) })
}

// who is the number of somebody invented.
func (o *office) who(n int) ID {
	o.Helper()
	var id int64
	err := o.db.Owner.QueryRow(context.Background(), `SELECT id FROM resident WHERE card_index = ANY ($1)`, o.book.Vault.Indexes(cardPurpose, cardForm(invented(n).Card))).Scan(&id)
	if err != nil {
		o.Fatal(err)
	}
	return ID{county, id}
}

func TestMoving(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	worker, other := o.person(access.GridWorker, west), o.person(access.GridWorker, south)
	act, err := worker.moveIn(1, "w1", "2024-03-01")
	if err != nil || worker.namesIn("w1") != invented(1).Name {
		t.Fatal(err)
	}
	_, err = other.moveIn(1, "s1", "2024-04-01")
	o.isFault(err, fault.Conflict, "id")
	_, err = other.moveIn(2, "w1", "2024-04-01")
	o.isFault(err, fault.Forbidden, "")
	_, err = other.moveOut(o.who(1), "2024-05-01")
	o.isFault(err, fault.NotFound, "")
	_, err = worker.moveOut(o.who(1), "2024-02-01")
	o.isFault(err, fault.Invalid, "until")
	_, err = worker.moveOut(o.who(1), time.Now().AddDate(0, 0, 3).Format(time.DateOnly))
	o.isFault(err, fault.Invalid, "until")
	out, err := worker.moveOut(o.who(1), "2024-06-01")
	if err != nil || worker.namesIn("w1") != "" {
		t.Fatal(err)
	}
	// The worker of another grid enters who left, without having seen them.
	in, err := other.moveIn(1, "s1", "2024-06-02")
	if err != nil || other.namesIn("s1") != invented(1).Name {
		t.Fatal(err)
	}
	// Taken back, they are where they were, and seen by whoever saw them there.
	if _, err := other.undo(in); err != nil {
		t.Fatal(err)
	}
	if found, err := worker.find(Sought{Card: invented(1).Card}); err != nil || len(found) != 1 || found[0].Home.Code != "w1" {
		t.Fatal(found, err)
	}
	if found, err := other.find(Sought{Card: invented(1).Card}); err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	if _, err := other.moveIn(1, "s1", "2024-06-02"); err != nil {
		t.Fatal(err)
	}
	_, err = worker.undo(out) // they live elsewhere by now
	o.isFault(err, fault.Conflict, "")
	_, err = worker.undo(act)
	o.isFault(err, fault.Conflict, "")
	_, err = other.undo(act)
	o.isFault(err, fault.NotFound, "")
	if _, err := clerk.die(o.who(1), "2025-01-01"); err != nil {
		t.Fatal(err)
	}
	_, err = clerk.moveIn(1, "w2", "2025-02-01")
	if err == nil {
		t.Error("somebody who has died moved in")
	}
	if n := o.count(`SELECT count(*) FROM audit_entry WHERE action = 'resident.changed'`); n != 6 {
		t.Errorf("%d changes are in the trail, want 6", n)
	}
}

// state is everything that acts write, in one text.
func (o *office) state() string {
	o.Helper()
	var parts []string
	for _, sql := range []string{
		`SELECT format('resident %s %s %s', id, house, died) FROM resident ORDER BY id`, `SELECT format('household %s %s', id, house) FROM household ORDER BY id`,
		`SELECT format('residency %s %s %s %s %s %s %s', id, resident, house, household, relation, since, until) FROM residency ORDER BY id`,
		`SELECT format('visit %s %s %s %s %s', id, resident, house, reason, due) FROM visit ORDER BY id`, `SELECT format('care %s %s %s %s %s', id, resident, house, kind, since) FROM care ORDER BY id`,
	} {
		rows, err := o.db.Owner.Query(context.Background(), sql)
		if err != nil {
			o.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			o.Fatal(err)
		}
		parts = append(parts, lines...)
	}
	return strings.Join(parts, "\n")
}

// Whatever is done is undone, in the order from the last to the first, and everything is as it was after each.
func TestUndoTurnsEverythingBack(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	r := rand.New(rand.NewPCG(7, 7))
	codes := []string{"w1", "w2", "s1", "e1"}
	type done struct {
		act    ID
		before string
	}
	var all []done
	day := date("2020-01-01")
	for len(all) < 60 {
		before := o.state()
		day = day.AddDate(0, 0, 1+r.IntN(9))
		n, code := 1+r.IntN(9), codes[r.IntN(len(codes))]
		var act ID
		var err error
		there := o.count(`SELECT count(*) FROM resident WHERE card_index = ANY ($1)`, o.book.Vault.Indexes(cardPurpose, cardForm(invented(n).Card))) > 0
		switch k := r.IntN(10); {
		case k < 4 || !there:
			act, err = clerk.moveIn(n, code, day.Format(time.DateOnly))
		case k < 7:
			act, err = clerk.moveOut(o.who(n), day.Format(time.DateOnly))
		case k < 8 && r.IntN(2) == 0:
			act, err = clerk.care(o.who(n), []string{"alone", "disabled"}[r.IntN(2)])
		case k < 8 && r.IntN(2) == 0:
			act, err = clerk.endCare(o.who(n), []string{"alone", "disabled"}[r.IntN(2)])
		case k < 8:
			act, err = clerk.die(o.who(n), day.Format(time.DateOnly))
		default:
			var house int64
			_ = o.db.Owner.QueryRow(context.Background(), `SELECT house FROM resident WHERE id = $1`, o.who(n).Number).Scan(&house)
			act, err = clerk.act(func(tx pgx.Tx) (ID, error) {
				return o.book.Split(clerk.ctx, tx, ID{county, house}, fmt.Sprintf("split-%d", len(all)), []ID{o.who(n)})
			})
		}
		if err != nil {
			if o.state() != before {
				t.Fatalf("what was refused changed something: %v\n%s\n\n%s", err, before, o.state())
			}
			continue
		}
		all = append(all, done{act, before})
	}
	for _, d := range slices.Backward(all) {
		if _, err := clerk.undo(d.act); err != nil {
			t.Fatal(err)
		}
		if now := o.state(); now != d.before {
			t.Fatalf("undone it is\n%s\n\nbefore it was\n%s", now, d.before)
		}
	}
	_, err := clerk.undo(all[0].act)
	o.isFault(err, fault.Conflict, "")
}

func TestMoveInRefuses(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	house := ID{county, o.house("w1").Number}
	good := MoveIn{Person: invented(1), House: house, Stay: Registered, Since: date("2024-01-01")}
	for where, bad := range map[string]func(m *MoveIn){
		"name": func(m *MoveIn) { m.Name = " " }, "id": func(m *MoveIn) { m.Card = m.Card[:17] + "?" }, "phone": func(m *MoveIn) { m.Phone = "12" }, "since": func(m *MoveIn) { m.Since = time.Time{} },
		"stay": func(m *MoveIn) { m.Stay = "x" }, "relation": func(m *MoveIn) { m.Relation = strings.Repeat("长", 30) },
	} {
		m := good
		bad(&m)
		_, err := clerk.act(func(tx pgx.Tx) (ID, error) { return o.book.MoveIn(clerk.ctx, tx, m) })
		o.isFault(err, fault.Invalid, where)
	}
	for _, since := range []string{"1900-01-01", "2999-01-01"} {
		m := good
		m.Since = date(since)
		_, err := clerk.act(func(tx pgx.Tx) (ID, error) { return o.book.MoveIn(clerk.ctx, tx, m) })
		o.isFault(err, fault.Invalid, "since")
	}
	m := good
	m.House = ID{county, 999999}
	_, err := clerk.act(func(tx pgx.Tx) (ID, error) { return o.book.MoveIn(clerk.ctx, tx, m) })
	o.isFault(err, fault.NotFound, "")
	m = good
	m.Card, m.Newborn, m.Born = "", true, date("2024-01-01")
	if _, err := clerk.act(func(tx pgx.Tx) (ID, error) { return o.book.MoveIn(clerk.ctx, tx, m) }); err != nil {
		t.Fatal(err) // a newborn has no number yet
	}
	if n := o.count(`SELECT count(*) FROM register_act WHERE kind = 'birth'`); n != 1 {
		t.Error("a birth isn't among the acts")
	}
	acts := func() (all []Act, err error) {
		err = clerk.tx(func(tx pgx.Tx) (err error) { all, err = o.book.Acts(clerk.ctx, tx, house); return err })
		return all, err
	}
	if all, err := acts(); err != nil || len(all) != 1 || all[0].Kind != WasBorn || !all[0].MayUndo {
		t.Errorf("%+v, %v", all, err)
	}
}
