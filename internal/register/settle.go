package register

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
)

// Settle makes true of somebody on record what an arrival says, because somebody has decided so: what the arrival knows of the person, and the house. Who
// lives in another house leaves it on the day left; zero is the day on which they came into the new one, or today.
//
// Faults: Forbidden when the person is on record where the actor doesn't keep the register; Invalid when they left before they came.
func (b *Book) Settle(ctx context.Context, tx pgx.Tx, county int32, a Arrival, left time.Time) error {
	p, err := b.Prepare(ctx, tx, county, []Arrival{a})
	if err != nil {
		return err
	}
	t := taking{Prepared: p, book: b, outcomes: []Outcome{Added}, present: make([]*onRecord, 1), moved: map[int64]HouseRef{}}
	if err := t.lookUp(ctx, tx); err != nil {
		return err
	}
	known := t.present[0]
	switch {
	case known == nil: // not any more
		_, err := b.TakeResidents(ctx, tx, p)
		return err
	case known.id == 0:
		return fault.New(fault.Forbidden, "此人登记在您无权登记的地方；请由同时管理两处的人员处理", "this person is on record where you don't keep the register; somebody who keeps it in both places has to decide")
	}
	if known.person.differs(a.Person) {
		if err := b.correct(ctx, tx, county, known.id, a.Person); err != nil {
			return err
		}
	}
	if err := t.settleStays(ctx, tx, known, left); err != nil {
		return err
	}
	return b.Trail.Write(ctx, tx, audit.Entry{County: int(county), Place: a.House.Ground, Action: audit.ResidentChanged, Subject: "resident:" + ID{county, known.id}.String(),
		Details: map[string]any{"by": "import", "house": ID{county, a.House.Number}.String()}})
}

// settleStays ends where somebody lives and adds where they live now, or puts right until when they lived in a house that is on record.
func (t *taking) settleStays(ctx context.Context, tx pgx.Tx, known *onRecord, left time.Time) error {
	a := &t.arrivals[0]
	if left.IsZero() {
		left = a.Since
	}
	if left.IsZero() {
		left = time.Now().UTC().Truncate(24 * time.Hour)
	}
	there := false
	for _, s := range known.residencies {
		switch {
		case s.house == a.House.Number && s.since.Equal(a.Since):
			there = true
			if !s.until.Equal(a.Until) {
				if err := t.until(ctx, tx, known.id, s, a.Until); err != nil {
					return err
				}
			}
		case s.until.IsZero() && a.Until.IsZero():
			if left.Before(s.since) {
				return fault.New(fault.Invalid, fmt.Sprintf("迁出日期早于原住处的入住日期（%s）", s.since.Format(time.DateOnly)),
					fmt.Sprintf("they came into the house that they leave on %s, after that day", s.since.Format(time.DateOnly))).At("left")
			}
			if err := t.until(ctx, tx, known.id, s, left); err != nil {
				return err
			}
		}
	}
	if a.Until.IsZero() {
		t.moved[known.id] = a.House
	}
	if there {
		return t.moveThem(ctx, tx)
	}
	for _, write := range []func(context.Context, pgx.Tx) error{t.writeHouseholds, t.writeResidents, t.writeResidencies, t.writeCare} {
		if err := write(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// until writes until when somebody lived in a house.
func (t *taking) until(ctx context.Context, tx pgx.Tx, resident int64, s stayed, until time.Time) error {
	tag, err := tx.Exec(ctx, `UPDATE residency SET until = $5 WHERE county = $1 AND resident = $2 AND house = $3 AND since IS NOT DISTINCT FROM $4 AND until IS NOT DISTINCT FROM $6`,
		t.county, resident, s.house, day(s.since), day(until), day(s.until))
	if err == nil && tag.RowsAffected() == 0 {
		return fault.New(fault.Forbidden, "此人原来的住处不在您的登记范围内", "the house that they leave isn't where you keep the register")
	}
	return err
}

// correct writes what is known of a person otherwise. What isn't said stays.
func (b *Book) correct(ctx context.Context, tx pgx.Tx, county int32, id int64, who Person) error {
	s, err := b.seal(county, id, who.Name, "", who.Phone)
	if err != nil {
		return err
	}
	sex := who.Sex
	if sex == Unknown {
		sex = ""
	}
	_, err = tx.Exec(ctx, `
		UPDATE resident SET name = coalesce($3, name), name_index = coalesce($4, name_index), phone = coalesce($5, phone), phone_index = coalesce($6, phone_index),
			sex = coalesce(nullif($7, ''), sex), born = coalesce($8, born), nation = coalesce(nullif($9, ''), nation), education = coalesce(nullif($10, ''), education)
		WHERE county = $1 AND id = $2`, county, id, s.name, s.nameIndex, s.phone, s.phoneIndex, string(sex), day(who.Born), who.Nation, who.Education)
	return err
}
