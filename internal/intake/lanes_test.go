package intake

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/access"
)

// Two parts are written at the same time, and come to the same as one after the other: people and households that are in both, people without an ID number.
func TestPartsAreWrittenSideBySide(t *testing.T) {
	d := setup(t)
	ctx := d.settle(60)
	all, people := residents(0, 3*partRows, 60), 3*partRows
	for i, row := range all[1:] {
		switch earlier := i % partRows; {
		case i%97 == 0:
			row = all.with(row, "身份证号", "")
		case i >= partRows && earlier%97 != 0 && earlier%10 == 1: // who is in the first part lived elsewhere before
			years := []string{"2003", "2004"}[i/partRows-1]
			row = all.with(all[1+earlier], "入住日期", years+"-01-01", "迁出日期", years+"-06-30")
			people--
		}
		all[1+i] = all.with(row, "户号", "side-"+row[6]) // one of every house, so it is in all parts
	}
	d.is(d.bring(ctx, Residents, town, all.csv()), Tally{Accepted: 3 * partRows})
	for what, want := range map[string]int{"resident": people, "household": 60, "residency": 3 * partRows} {
		if n := d.count(`SELECT count(*) FROM ` + what); n != want {
			t.Errorf("%d rows of %s, want %d", n, what, want)
		}
	}
	d.is(d.bring(ctx, Residents, town, all.csv()), Tally{Same: 3 * partRows})
}

// Houses are in one part each, so all of a part is written ahead: those that are twice in the file go back once, and the same file again with some houses
// otherwise changes those.
func TestPartsOfHousesAreWrittenSideBySide(t *testing.T) {
	d := setup(t)
	ctx := d.as(access.Clerk, town)
	s, twice := houses(3*partRows), 0
	for i := partRows; i < len(s)-1; i += 700 {
		s[1+i] = s[1+i%partRows]
		twice++
	}
	n := len(s) - 1 - twice
	d.is(d.bring(ctx, Houses, town, s.csv()), Tally{Accepted: n, Rejected: twice})
	changed := 0
	for i := 3; i < len(s)-1; i += 700 {
		s[1+i] = s.with(s[1+i], "建筑面积", "99")
		changed++
	}
	d.is(d.bring(ctx, Houses, town, s.csv()), Tally{Accepted: changed, Same: n - changed, Rejected: twice})
	if got := d.count(`SELECT count(*) FROM house WHERE area = 99`); got != changed || d.count(`SELECT count(*) FROM house`) != n {
		t.Errorf("%d houses of %d are otherwise, want %d", got, n, changed)
	}
}

// A part that was written ahead lets go of what it holds when the one before waits for somebody who waits for it.
func TestAPartAheadGivesWay(t *testing.T) {
	d := setup(t)
	ctx := d.settle(2)
	file := residents(0, partRows+50, 1)
	for i := range file[1+partRows:] {
		file[1+partRows+i] = file.with(file[1+partRows+i], "房屋编号", "h1", "户号", "h1-1")
	}
	j, err := d.receive(ctx, Residents, town, file.csv())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.change(ctx, j.ID, Change{Act: Start}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	err = pgx.BeginFunc(t.Context(), d.db.Owner, func(tx pgx.Tx) error {
		hold := func(house, how string) error {
			_, err := tx.Exec(t.Context(), fmt.Sprintf(`SELECT FROM house WHERE id = %d FOR UPDATE %s`, d.house(house).Number, how))
			return err
		}
		if err := hold("h0", ""); err != nil {
			return err
		}
		go func() { done <- d.Intake.Run(ctx, j.ID, nil) }()
		for {
			err := pgx.BeginFunc(t.Context(), tx, func(pgx.Tx) error {
				if err := hold("h1", "NOWAIT"); err != nil {
					return err
				}
				return pgx.ErrTxClosed // and let go
			})
			if e := (*pgconn.PgError)(nil); errors.As(err, &e) && e.Code == "55P03" {
				return hold("h1", "") // the second part has it, and waits for the first, which waits for this
			}
			if !errors.Is(err, pgx.ErrTxClosed) {
				return err
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	d.is(d.job(ctx, j.ID), Tally{Accepted: partRows + 50})
}

// Those wait for the part before who are in it, who share a household with somebody in it, and who are with somebody that waits; nobody else does.
func TestWhoWaitsForThePartBefore(t *testing.T) {
	d := setup(t)
	ctx := d.settle(9)
	j, err := d.receive(ctx, Residents, town, residents(0, 1, 9).csv())
	if err != nil {
		t.Fatal(err)
	}
	taker, err := d.taker(ctx, j)
	if err != nil {
		t.Fatal(err)
	}
	person := func(n int, household string, more ...string) Row {
		s := sheet{residentHeader}
		return Row{Line: n + 2, Cells: s.with(aResident(n, 9), append([]string{"户号", household}, more...)...)}
	}
	if b, err := taker.check(ctx, []Row{person(0, "X"), person(1, ""), person(2, "V")}); err != nil || slices.Contains(b.(*residentBatch).late, true) {
		t.Fatalf("in the first part %v wait (%v)", b, err)
	}
	b, err := taker.check(ctx, []Row{
		person(1, "", "房屋编号", "h5", "入住日期", "2001-01-01", "迁出日期", "2002-01-01"), // lived elsewhere before
		person(3, "X"), person(4, "Y"), person(5, "Y", "身份证号", ""), person(6, "Z"), person(7, ""),
		person(8, "X"), person(8, "W", "房屋编号", "h7", "入住日期", "2001-01-01", "迁出日期", "2002-01-01"), person(9, "W"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if late, want := b.(*residentBatch).late, []bool{true, true, true, true, false, false, true, true, true}; !slices.Equal(late, want) {
		t.Errorf("%v wait, want %v", late, want)
	}
	ahead, rest := partsOf(b)
	if ahead.size() != 2 || rest.size() != 7 {
		t.Errorf("%d ahead, %d wait", ahead.size(), rest.size())
	}
}
