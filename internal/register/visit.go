package register

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// Visit is a visit to be made, or one that was.
type Visit struct {
	ID     ID
	Reason string // one of Reasons
	Due    time.Time
	Done   *time.Time // nil: still to be made
	By     string     // who made it
	Note   string     // what was seen
}

// Reasons are what a visit is made for: because somebody is looked after, and the five things after which somebody has to come (五必到).
var Reasons = []string{"care", "dispute", "hardship", "illness", "household", "emergency"}

// notePurpose is what a visit's note is sealed for.
const notePurpose = "visit.note"

// Visits are somebody's: those to be made by their day, then those that were made, the latest first, fifty of them at most. It is written into the trail: tx
// can write.
//
// Faults: NotFound when there is nobody that the actor may see; Unavailable when a note can't be opened.
func (b *Book) Visits(ctx context.Context, tx pgx.Tx, resident ID) ([]Visit, error) {
	var ground int64
	err := tx.QueryRow(ctx, `SELECT ground FROM resident WHERE county = $1 AND id = $2`, resident.County, resident.Number).Scan(&ground)
	if err == pgx.ErrNoRows {
		return nil, nobody(resident)
	}
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `
		SELECT id, reason, due, done, done_by, note FROM visit WHERE county = $1 AND resident = $2
		ORDER BY done IS NOT NULL, CASE WHEN done IS NULL THEN due END, done DESC, id DESC LIMIT 50`, resident.County, resident.Number)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v Visit, err error) {
		var note []byte
		v.ID.County = resident.County
		if err := row.Scan(&v.ID.Number, &v.Reason, &v.Due, &v.Done, &v.By, &note); err != nil {
			return v, err
		}
		v.Note, err = b.open(resident.County, v.ID.Number, notePurpose, note)
		return v, err
	})
	if err != nil {
		return nil, err
	}
	return all, b.Trail.Write(ctx, tx, audit.Entry{County: int(resident.County), Place: ground, Action: audit.ResidentLooked, Subject: "resident:" + resident.String(), Details: map[string]any{"visits": len(all)}})
}

// PlanVisit enters that somebody is to be visited by a day. Faults: Invalid for a reason that isn't one; NotFound; Forbidden where the
// actor doesn't keep the register.
func (b *Book) PlanVisit(ctx context.Context, tx pgx.Tx, resident ID, reason string, due time.Time) (ID, error) {
	if !slices.Contains(Reasons, reason) {
		return ID{}, fault.New(fault.Invalid, fmt.Sprintf("没有走访事由 %.40q", reason), fmt.Sprintf("there is no reason %.40q for a visit", reason)).At("reason")
	}
	if err := plannable(today(ctx, tx), due, "due"); err != nil {
		return ID{}, err
	}
	house, err := b.homeOf(ctx, tx, resident)
	if err != nil {
		return ID{}, err
	}
	var died bool
	if err := tx.QueryRow(ctx, `SELECT died IS NOT NULL FROM resident WHERE county = $1 AND id = $2`, resident.County, resident.Number).Scan(&died); err != nil {
		return ID{}, err
	}
	if died {
		return ID{}, fault.New(fault.Conflict, "此人登记为已去世，不能再安排走访", "this person is on record as having died: no visit can be planned")
	}
	id := ID{County: resident.County}
	err = tx.QueryRow(ctx, `INSERT INTO visit (county, resident, reason, house, ground, due, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		resident.County, resident.Number, reason, house.Number, house.Ground, due, postgres.ActorOf(ctx).Account).Scan(&id.Number)
	if err != nil {
		return ID{}, err
	}
	return id, b.visitNoted(ctx, tx, resident, house, "planned", reason)
}

// plannable refuses a day that nobody can mean: a visit may be overdue, and isn't planned for another generation.
func plannable(today, day time.Time, where string) error {
	switch {
	case day.IsZero():
		return fault.New(fault.Invalid, "请给出走访日期", "give the day of the visit").At(where)
	case day.Before(today.AddDate(-1, 0, 0)), day.After(today.AddDate(10, 0, 0)):
		return fault.New(fault.Invalid, "走访日期应在一年以内的过去至十年以内的将来；请核对年份", "a visit is planned for a day from a year ago to ten years from now: check the year").At(where)
	}
	return nil
}

// DropVisit takes a visit off the plan. Faults: NotFound; Conflict for one that was made; Forbidden where the actor doesn't keep the register.
func (b *Book) DropVisit(ctx context.Context, tx pgx.Tx, visit ID) error {
	v, who, err := b.toBeMade(ctx, tx, visit)
	if err != nil {
		return err
	}
	house, err := b.homeOf(ctx, tx, who)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `DELETE FROM visit WHERE county = $1 AND id = $2`, visit.County, visit.Number)
	if err == nil && tag.RowsAffected() == 0 {
		err = mayNot()
	}
	if err != nil {
		return err
	}
	return b.visitNoted(ctx, tx, who, house, "dropped", v.Reason)
}

// Visited enters that a visit was made, and what was seen; the note is sealed. again: the day of the next one, zero for none.
//
// Faults: NotFound; Conflict for one that was made before; Invalid for a day to come; Forbidden where the actor doesn't keep the register.
func (b *Book) Visited(ctx context.Context, tx pgx.Tx, visit ID, on time.Time, note string, again time.Time) error {
	v, who, err := b.toBeMade(ctx, tx, visit)
	if err != nil {
		return err
	}
	now := today(ctx, tx)
	if on.IsZero() || on.After(now) {
		return fault.New(fault.Invalid, "请填写今天或以前的日期", "give a day that isn't to come").At("on")
	}
	if on.Before(firstDay) {
		return tooLongAgo("on")
	}
	if !again.IsZero() {
		if !again.After(on) {
			return fault.New(fault.Invalid, "下次走访应在本次之后", "the next visit comes after this one").At("again")
		}
		if err := plannable(now, again, "again"); err != nil {
			return err
		}
	}
	if note, err = typed.Text("note", "走访记录", note, 0, 2000); err != nil {
		return err
	}
	house, err := b.homeOf(ctx, tx, who)
	if err != nil {
		return err
	}
	var sealed []byte
	if note != "" {
		if sealed, err = b.Vault.Seal([]byte(note), about(notePurpose, visit.County, visit.Number)); err != nil {
			return err
		}
	}
	tag, err := tx.Exec(ctx, `UPDATE visit SET done = $3, done_by = $4, note = $5 WHERE county = $1 AND id = $2`, visit.County, visit.Number, on, audit.CallerOf(ctx).Name, sealed)
	if err == nil && tag.RowsAffected() == 0 {
		err = mayNot()
	}
	if err == nil {
		err = b.visitNoted(ctx, tx, who, house, "made", v.Reason)
	}
	if err != nil || again.IsZero() {
		return err
	}
	_, err = b.PlanVisit(ctx, tx, who, v.Reason, again)
	return err
}

// toBeMade is a visit that is still on the plan, held until the transaction ends, and whom it is to.
func (b *Book) toBeMade(ctx context.Context, tx pgx.Tx, visit ID) (v Visit, who ID, err error) {
	v.ID, who.County = visit, visit.County
	err = tx.QueryRow(ctx, `SELECT resident, done, reason FROM visit WHERE county = $1 AND id = $2 FOR UPDATE`, visit.County, visit.Number).Scan(&who.Number, &v.Done, &v.Reason)
	switch {
	case err == pgx.ErrNoRows:
		err = fault.New(fault.NotFound, fmt.Sprintf("没有走访 %s，或者它不在您的范围内", visit), fmt.Sprintf("there is no visit %s, or none that you may enter", visit))
	case err == nil && v.Done != nil:
		err = fault.New(fault.Conflict, "该走访已于 "+v.Done.Format(time.DateOnly)+" 完成", "this visit was made on "+v.Done.Format(time.DateOnly))
	}
	return v, who, err
}

func (b *Book) visitNoted(ctx context.Context, tx pgx.Tx, resident ID, house HouseRef, what, reason string) error {
	return b.Trail.Write(ctx, tx, audit.Entry{County: int(resident.County), Place: house.Ground, Action: audit.ResidentChanged, Subject: "resident:" + resident.String(),
		Details: map[string]any{"visit": what, "reason": reason}})
}

// homeOf is the house of somebody whose register the actor keeps.
func (b *Book) homeOf(ctx context.Context, tx pgx.Tx, resident ID) (HouseRef, error) {
	var house int64
	err := tx.QueryRow(ctx, `SELECT house FROM resident WHERE county = $1 AND id = $2`, resident.County, resident.Number).Scan(&house)
	if err == pgx.ErrNoRows {
		return HouseRef{}, nobody(resident)
	}
	if err != nil {
		return HouseRef{}, err
	}
	return b.keeps(ctx, tx, ID{resident.County, house})
}
