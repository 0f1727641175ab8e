package register

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// correct puts the address of a house right, beginning with what it is.
func (p person) correct(code string, change func(c *Correction)) (ID, error) {
	p.Helper()
	v, err := p.look(code)
	if err != nil {
		p.Fatal(err)
	}
	c := Correction{House: v.ID, Place: v.Place, Number: v.Number, Unit: v.Unit, Floor: v.Floor, Room: v.Room, Address: v.Address}
	change(&c)
	return p.act(func(tx pgx.Tx) (ID, error) { return p.book.Correct(p.ctx, tx, c) })
}

// line is a house as it is on record.
func (o *office) line(code string) (s string) {
	o.Helper()
	err := o.db.Owner.QueryRow(o.Context(), `SELECT format('%s %s %s %s %s %s %s %s %s %s', place, number, unit, floor, room, address, building, ST_AsText(geom), block, ground) FROM house WHERE code = $1`, code).Scan(&s)
	if err != nil {
		o.Fatal(err)
	}
	return s
}

// numberRooms gives houses the rooms that their addresses name.
func (o *office) numberRooms() {
	o.Helper()
	if _, err := o.db.Owner.Exec(o.Context(), `UPDATE house SET room = code`); err != nil {
		o.Fatal(err)
	}
}

// room makes w1 the room of a number, in its address as well.
func room(n string) func(c *Correction) {
	return func(c *Correction) { c.Room, c.Address = n, strings.Replace(c.Address, "w1室", n+"室", 1) }
}

func TestCorrectAnAddress(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	worker, other := o.person(access.GridWorker, west), o.person(access.GridWorker, south)
	o.numberRooms()
	before := o.line("w1")
	events := func() int { return o.count(`SELECT count(*) FROM outbox WHERE kind = 'houses.changed'`) }
	heard := events()
	act, err := worker.correct("w1", func(c *Correction) { room("502")(c); c.Floor = 6 })
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("w1室", "502室", "2单元 5 w1 ", "2单元 6 502 ").Replace(before)
	if got := o.line("w1"); got != want {
		t.Errorf("the house is %s\nwant %s", got, want)
	}
	if n := events(); n != heard+1 {
		t.Errorf("%d times it was said that houses changed, want once", n-heard)
	}
	acts := func() (all []Act) {
		err := worker.tx(func(tx pgx.Tx) (err error) {
			all, err = o.book.Acts(worker.ctx, tx, ID{county, o.house("w1").Number})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := acts(); len(all) != 1 || all[0].Kind != Corrected || !strings.HasSuffix(all[0].Was, "w1室") || !all[0].MayUndo {
		t.Errorf("%+v", all)
	}
	_, err = other.correct("w1", room("503"))
	o.isFault(err, fault.Forbidden, "")
	_, err = other.undo(act)
	o.isFault(err, fault.NotFound, "")
	if _, err := worker.undo(act); err != nil {
		t.Fatal(err)
	}
	if got := o.line("w1"); got != before {
		t.Errorf("undone it is %s\nit was %s", got, before)
	}
	if n := events(); n != heard+2 {
		t.Errorf("that it was undone wasn't said")
	}
	if all := acts(); len(all) != 1 || !all[0].Undone || all[0].UndoneBy == "" || all[0].UndoneAt.IsZero() || all[0].MayUndo {
		t.Errorf("%+v", all)
	}
	if _, err := clerk.correct("w1", room("504")); err != nil {
		t.Fatal(err)
	}
}

func TestCorrectWhereAHouseStands(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	worker := o.person(access.GridWorker, west)
	before := o.line("w1")
	to := func(lon, lat float64) func(c *Correction) {
		return func(c *Correction) { at := planar.FromDegrees(lon, lat); c.At = &at }
	}
	// w1 stands on block 1 and on no footprint; way/20 is on the same block, block 2 next to it.
	act, err := worker.correct("w1", to(116.3203, 40.0003))
	if err != nil || o.count(`SELECT count(*) FROM house h JOIN building b ON b.id = h.building WHERE h.code = 'w1' AND b.source = 'way/20' AND h.block = 1`) != 1 {
		t.Fatal(err, o.line("w1"))
	}
	if _, err := worker.undo(act); err != nil || o.line("w1") != before {
		t.Fatal(err, o.line("w1"))
	}
	if _, err := worker.correct("w1", to(116.3215, 40.0005)); err != nil || o.count(`SELECT block FROM house WHERE code = 'w1'`) != 2 {
		t.Fatal(err, o.line("w1"))
	}
	_, err = worker.correct("w1", to(116.3225, 40.0005)) // another's grid
	o.isFault(err, fault.Forbidden, "at")
	_, err = clerk.correct("w1", to(116.3245, 40.0005)) // another community
	o.isFault(err, fault.Invalid, "at")
	_, err = clerk.correct("w1", to(116.5, 40)) // nobody's
	o.isFault(err, fault.Invalid, "at")
	_, err = clerk.correct("w1", to(40, 116))
	o.isFault(err, fault.Invalid, "at")
	if _, err = clerk.correct("w1", to(116.3225, 40.0005)); err != nil || o.count(`SELECT block FROM house WHERE code = 'w1'`) != 3 {
		t.Fatal(err, o.line("w1"))
	}
	if _, err := worker.look("w1"); err != nil {
		t.Fatal(err)
	}
	if n := o.count(`SELECT count(*) FROM house WHERE code = 'w1' AND ground = 110108014001000`); n != 1 {
		t.Error("a house that was moved within its community is another's")
	}
}

func TestCorrectRefuses(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	o.numberRooms()
	before := o.line("w1")
	for where, bad := range map[string]func(c *Correction){
		"place": func(c *Correction) { c.Place = strings.Repeat("长", 41) }, "number": func(c *Correction) { c.Number = strings.Repeat("1", 21) }, "floor": func(c *Correction) { c.Floor = 151 },
		"room": func(c *Correction) { c.Room = strings.Repeat("1", 21) }, "unit": func(c *Correction) { c.Unit = strings.Repeat("1", 21) }, "address": func(c *Correction) { c.Room = "999" },
		"": func(c *Correction) { c.Unit = " 2 单元 " }, // as it is on record
	} {
		_, err := clerk.correct("w1", bad)
		o.isFault(err, fault.Invalid, where)
	}
	_, err := clerk.correct("w1", func(c *Correction) { c.Address = " " })
	o.isFault(err, fault.Invalid, "address")
	_, err = clerk.correct("w1", func(c *Correction) { c.House.Number = 999999 })
	o.isFault(err, fault.NotFound, "")
	_, err = clerk.correct("w1", room("w2")) // the house beside it
	o.isFault(err, fault.Conflict, "address")
	if o.line("w1") != before || o.count(`SELECT count(*) FROM register_act`) != 0 {
		t.Error("what was refused changed something")
	}
	if _, err := clerk.correct("w1", func(c *Correction) {
		c.Address = strings.Replace(c.Address, "明珠小区3号楼", "明珠小区 3号楼", 1)
		c.Floor = 0
	}); err != nil {
		t.Fatal(err)
	}
	if got := o.line("w1"); got != strings.Replace(before, "2单元 5 ", "2单元  ", 1) {
		t.Error(got)
	}
}

// Whose ID number somebody else has by a slip of the pen doesn't move in under the wrong name.
func TestMoveInByNumberAndName(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	if _, err := clerk.moveIn(1, "w1", "2024-01-01"); err != nil {
		t.Fatal(err)
	}
	if _, err := clerk.moveOut(o.who(1), "2024-02-01"); err != nil {
		t.Fatal(err)
	}
	for _, p := range []person{clerk, o.person(access.GridWorker, south)} { // who sees them, and who doesn't
		m := MoveIn{Person: invented(1), House: ID{county, o.house("s1").Number}, Stay: Registered, Since: date("2024-03-01")}
		m.Name = "演示别人"
		_, err := p.act(func(tx pgx.Tx) (ID, error) { return p.book.MoveIn(p.ctx, tx, m) })
		o.isFault(err, fault.Invalid, "name")
	}
	if found, err := clerk.find(Sought{Card: invented(1).Card}); err != nil || len(found) != 1 || found[0].Home.Code != "w1" {
		t.Error(found, err)
	}
	if _, err := clerk.moveIn(1, "w2", "2024-03-01"); err != nil {
		t.Fatal(err)
	}
}
