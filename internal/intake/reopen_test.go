package intake

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// people is all that the register has of people, without the acts.
func (d *desk) people() (out string) {
	d.Helper()
	err := d.db.Owner.QueryRow(d.Context(), `SELECT concat_ws(E'\n', (SELECT string_agg(r::text, E'\n' ORDER BY id) FROM resident r), (SELECT string_agg(x::text, E'\n' ORDER BY id) FROM residency x),
		(SELECT string_agg(h::text, E'\n' ORDER BY id) FROM household h), (SELECT string_agg(c::text, E'\n' ORDER BY id) FROM care c), (SELECT string_agg(p::text, E'\n' ORDER BY id) FROM proposal p))`).Scan(&out)
	if err != nil {
		d.Fatal(err)
	}
	return out
}

// granaryFile has, at the granary: a household of two of whom one is looked after, somebody who is on record and left their house, somebody who lives in
// another house, and somebody who lives at the granary's house already.
func granaryFile() sheet {
	s := sheet{{"姓名", "居住地址", "身份证号", "户号", "与户主关系", "入住日期", "标签"}}
	add := func(n int, household, since, label string) {
		r := aResident(n, 10)
		s = append(s, []string{r[0], granary, r[4], household, "", since, label})
	}
	add(20, "粮1", "2015-01-01", "残疾")
	add(21, "粮1", "2015-01-01", "")
	add(4, "粮2", "2020-01-01", "")
	add(5, "粮2", "2021-01-01", "")
	add(2, "", "2010-03-05", "")
	return s
}

// Undoing where an address was placed leaves the register as it was before, down to households, care and proposals, and its rows wait as they did; placed
// elsewhere, the same people come in there.
func TestUndoingAPlacingTakesOutWhoCameByIt(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	before := residents(0, 6, 10)
	before[5] = before.with(before[5], "迁出日期", "2018-01-01") // number 4 has left h4
	d.is(d.bring(ctx, Residents, town, before.csv()), Tally{Accepted: 6})
	j := d.bring(ctx, Residents, town, granaryFile().csv())
	d.is(j, Tally{Rejected: 5})
	it := d.unplaced(ctx, false)[0].ID
	was, problems := d.people(), fmt.Sprint(d.problems(j.ID))

	became, err := d.Place(ctx, it, d.house("h2"))
	if err != nil || became != (Tally{Accepted: 3, Same: 1, Proposed: 1}) {
		t.Fatalf("%+v %v", became, err)
	}
	if n := d.count(`SELECT count(*) FROM residency WHERE house = $1 AND until IS NULL`, d.house("h2").Number); n != 4 {
		t.Errorf("%d live there", n)
	}
	if n := d.count(`SELECT count(*) FROM audit_entry WHERE action = 'resident.changed' AND subject LIKE 'resident:%'`); n != 3 {
		t.Errorf("%d of three arrivals are in the trail", n)
	}
	if got := d.reopen(ctx, it); got != (Reopened{Back: 5, House: d.house("h2")}) {
		t.Errorf("%+v", got)
	}
	if is := d.people(); is != was {
		t.Errorf("the register isn't what it was:\n%s\n\n%s", is, was)
	}
	d.is(d.job(ctx, j.ID), Tally{Rejected: 5})
	if n := d.count(`SELECT count(*) FROM audit_entry WHERE action = 'resident.changed' AND subject LIKE 'resident:%'`); n != 6 {
		t.Errorf("%d entries of three arrivals and three that were taken back are in the trail", n)
	}
	if got := fmt.Sprint(d.problems(j.ID)); got != problems {
		t.Errorf("%s, first %s", got, problems)
	}
	if all := d.unplaced(ctx, false); len(all) != 1 || all[0].Rows != 5 || all[0].Taken != 0 {
		t.Errorf("%+v", all)
	}
	if got := d.reopen(ctx, it); got != (Reopened{}) {
		t.Errorf("undone twice: %+v", got)
	}
	if became, err = d.Place(ctx, it, d.house("h3")); err != nil || became != (Tally{Accepted: 3, Proposed: 2}) {
		t.Errorf("placed elsewhere: %+v %v", became, err)
	}
	if n := d.count(`SELECT count(*) FROM residency WHERE house = $1 AND until IS NULL`, d.house("h3").Number); n != 4 { // with number 3, who lived there
		t.Errorf("%d live there", n)
	}
}

// Who something has happened to since they came stays, and nobody else does for it; who was taken out by hand waits again.
func TestUndoingAPlacingLeavesWhomSomethingHasHappenedTo(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	var where []string
	for range 7 {
		where = append(where, granary)
	}
	s := atAddresses(20, where...)
	s[0] = append(s[0], "户号")
	for i := range s[1:] {
		s[1+i] = append(s[1+i], "粮1")
	}
	j := d.bring(ctx, Residents, town, s.csv())
	d.is(j, Tally{Rejected: 7})
	it := d.unplaced(ctx, false)[0].ID
	if became, err := d.Place(ctx, it, d.house("h2")); err != nil || became != (Tally{Accepted: 7}) {
		t.Fatalf("%+v %v", became, err)
	}
	rows, err := d.db.Owner.Query(t.Context(), `SELECT resident FROM residency WHERE house = $1 ORDER BY id`, d.house("h2").Number)
	if err != nil {
		t.Fatal(err)
	}
	people, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatal(err)
	}
	who := func(n int) register.ID { return register.ID{County: county, Number: people[n]} }
	happened := []func(ctx context.Context, tx pgx.Tx) error{
		func(ctx context.Context, tx pgx.Tx) error { // the first, who has the household
			_, err := d.Book.MoveOut(ctx, tx, who(0), time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
			return err
		},
		func(ctx context.Context, tx pgx.Tx) error {
			_, err := d.Book.Split(ctx, tx, d.house("h2"), "粮9", []register.ID{who(1)})
			return err
		},
		func(ctx context.Context, tx pgx.Tx) error { // a proposal of a file
			_, err := tx.Exec(ctx, `UPDATE residency SET until = '2025-01-01' WHERE county = $1 AND resident = $2`, county, people[2])
			return err
		},
		func(ctx context.Context, tx pgx.Tx) error { // taken out by hand
			_, err := d.Book.Undo(ctx, tx, register.ID{County: county, Number: int64(d.count(`SELECT id FROM register_act WHERE resident = $1`, people[3]))})
			return err
		},
	}
	for i, f := range happened {
		if err := postgres.InTx(ctx, d.DB, func(tx pgx.Tx) error { return f(ctx, tx) }); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	if got := d.reopen(ctx, it); got != (Reopened{Back: 4, Stay: 3, House: d.house("h2")}) {
		t.Errorf("%+v", got)
	}
	for n, want := range []int{1, 1, 1, 0, 0, 0, 0} {
		if got := d.count(`SELECT count(*) FROM resident WHERE id = $1`, people[n]); got != want {
			t.Errorf("number %d is there %d times, want %d", n, got, want)
		}
	}
	if n := d.count(`SELECT count(*) FROM household`); n != 2 {
		t.Errorf("%d households", n)
	}
	d.is(d.job(ctx, j.ID), Tally{Accepted: 3, Rejected: 4})
	if all := d.unplaced(ctx, false); len(all) != 1 || all[0].Rows != 4 || all[0].Taken != 3 {
		t.Errorf("%+v", all)
	}
	// Nobody does it where they don't keep imports.
	err = postgres.InTx(d.as(access.Clerk, next), d.DB, func(tx pgx.Tx) error { _, err := d.Reopen(d.as(access.Clerk, next), tx, it); return err })
	if err == nil {
		t.Error("the clerk of another community undid it")
	}
}
