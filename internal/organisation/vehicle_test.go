package organisation

import (
	"bytes"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/register"
)

func TestPlatesAreRead(t *testing.T) {
	for text, want := range map[string]string{"鲁I12345": "鲁I12345", " 鲁 i·12345 ": "鲁I12345", "鲁Ｉ１２３４５": "鲁I12345", "鲁ID12345": "鲁ID12345", "济宁A123456": "济宁A123456", "鲁I1234学": "鲁I1234学"} {
		if got, err := ParsePlate(text); err != nil || got != want {
			t.Errorf("%q reads %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "鲁I", "没有", "鲁I12345;--", "鲁I1234567890"} {
		if got, err := ParsePlate(text); fault.CodeOf(err) != fault.Invalid || bytes.Contains([]byte(err.Error()), []byte("67890")) {
			t.Errorf("%q reads %q, %v", text, got, err)
		}
	}
}

func (p person) vehicles(all ...NewVehicle) (t register.Taken, err error) {
	err = p.tx(func(tx pgx.Tx) error { t, err = p.book.TakeVehicles(p.ctx, tx, county, all); return err })
	return t, err
}

// Vehicles are sealed, tied to who of the house bears the owner's name, seen by whose ground it is, found by the whole plate, and shown for a reason.
func TestVehicles(t *testing.T) {
	o := setup(t)
	clerk := o.person(access.Clerk, town)
	w, e := clerk.house("w", 0), clerk.house("e", 4)
	if _, err := clerk.take(shop("示例店", w)); err != nil {
		t.Fatal(err)
	}
	people := &register.Book{Vault: o.book.Vault, Trail: o.book.Trail}
	arrivals := []register.Arrival{{Person: register.Person{Name: "演示甲", Sex: register.Unknown}, House: w, Stay: register.Floating}}
	p, err := people.Prepare(clerk.ctx, o.db.App, county, arrivals)
	if err != nil {
		t.Fatal(err)
	}
	if err := clerk.tx(func(tx pgx.Tx) error { _, err := people.TakeResidents(clerk.ctx, tx, p); return err }); err != nil {
		t.Fatal(err)
	}
	all := []NewVehicle{{Plate: "鲁I12345", Kind: "小型汽车", Owner: "演示甲", House: w}, {Plate: "鲁I12346", Owner: "示例店", House: w}, {Plate: "鲁I12347", Owner: "演示乙", House: w}, {Plate: "鲁I12348", House: e}}
	for i, want := range []register.Taken{{Added: 4}, {Same: 4}} {
		if got, err := clerk.vehicles(all...); err != nil || got != want {
			t.Errorf("time %d: %+v %v", i+1, got, err)
		}
	}
	all[0].Colour, all[2].House, all[3].Owner = "白", e, "演示丙"
	if got, err := clerk.vehicles(all...); err != nil || got != (register.Taken{Changed: 3, Same: 1}) {
		t.Errorf("changed: %+v %v", got, err)
	}
	var raw []byte
	if err := o.db.Owner.QueryRow(clerk.ctx, `SELECT convert_to(string_agg(v::text, ' '), 'UTF8') FROM vehicle v`).Scan(&raw); err != nil || bytes.Contains(raw, []byte("12345")) || bytes.Contains(raw, []byte("演示甲")) {
		t.Errorf("in clear: %t, %v", len(raw) > 0, err)
	}
	at := func(p person, house register.HouseRef) (out []string) {
		t.Helper()
		err := p.tx(func(tx pgx.Tx) error {
			found, err := p.book.Vehicles(p.ctx, tx, register.ID{County: county, Number: house.Number})
			for _, v := range found {
				tied := map[bool]string{true: "R", false: "-"}[v.Resident.Number != 0] + map[bool]string{true: "O", false: "-"}[v.Organisation.Number != 0]
				out = append(out, v.Plate+" "+v.Owner+" "+tied+" "+v.Colour)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := at(clerk, w); !slices.Equal(got, []string{"鲁I***45 演*甲 R- 白", "鲁I***46 示*店 -O "}) {
		t.Errorf("at the house: %q", got)
	}
	worker, neighbour := o.person(access.GridWorker, west), o.person(access.Clerk, next)
	if got := at(worker, w); len(got) != 2 {
		t.Errorf("the grid's worker sees %v", got)
	}
	if got := append(at(worker, e), at(neighbour, w)...); len(got) != 0 {
		t.Errorf("others see %v", got)
	}
	if _, err := neighbour.vehicles(NewVehicle{Plate: "鲁I12345", House: e}); err == nil {
		t.Error("a neighbour took a vehicle over by its plate")
	}
	find := func(p person, plate string) (v *Vehicle, err error) {
		err = p.tx(func(tx pgx.Tx) error { v, err = p.book.FindVehicle(p.ctx, tx, county, plate); return err })
		return v, err
	}
	v, err := find(worker, "鲁I·12345")
	if err != nil || v == nil || v.House.Number != w.Number || v.Grid != 110108014001001 {
		t.Fatalf("%+v %v", v, err)
	}
	if got, err := find(neighbour, "鲁I12345"); got != nil || err != nil {
		t.Errorf("the neighbour finds %+v %v", got, err)
	}
	if _, err := find(worker, "鲁I1"); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a piece of a plate: %v", err)
	}
	show := func(p person, reason string) (c ClearVehicle, err error) {
		err = p.tx(func(tx pgx.Tx) error { c, err = p.book.UnmaskVehicle(p.ctx, tx, v.ID, reason); return err })
		return c, err
	}
	if c, err := show(worker, "占道挪车联系"); err != nil || c != (ClearVehicle{"鲁I12345", "演示甲"}) {
		t.Errorf("%+v %v", c, err)
	}
	if _, err := show(neighbour, "占道挪车联系"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("the neighbour: %v", err)
	}
	if n := o.count(`SELECT count(*) FROM audit_entry WHERE action = 'vehicle.unmasked' OR action = 'resident.sought' AND details ->> 'by' = 'plate'`); n != 3 {
		t.Errorf("%d entries in the trail", n)
	}
	// The house comes onto the neighbour's ground, and what is kept there with it.
	clerk.house("w", 4)
	if got := at(neighbour, w); len(got) != 2 {
		t.Errorf("after that the neighbour sees %v", got)
	}
}
