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

// Watched is somebody who is looked after, or is to be visited, with the last visit and the next.
type Watched struct {
	Resident ID
	Name     string
	Born     *time.Time
	Care     []string
	House    ID
	Address  string
	Grid     int64
	Visited  *time.Time // the last visit, nil: none
	Due      *Visit     // the next one to be made, nil: none
	Overdue  bool
}

// Visit is a visit to be made.
type Visit struct {
	ID     ID
	Reason string // one of Reasons
	Due    time.Time
}

// Reasons are what a visit is made for: because somebody is looked after, and the five things after which somebody has to come (五必到).
var Reasons = []string{"care", "dispute", "hardship", "illness", "household", "emergency"}

// WatchFilter says which part of the watch list is wanted.
type WatchFilter struct {
	Within  string // code of a division or a grid
	Kind    string // of care; "": all
	Overdue bool   // those alone whose visit should have been made
	Skip    int    // so many of the list come before this page
	Limit   int
}

// Watch is a page of the watch list, those first whose visit has been due longest, then those who were visited longest ago. It is written into the trail:
// tx can write.
//
// Faults: Invalid for a code that is none; Unavailable when a name can't be opened.
func (b *Book) Watch(ctx context.Context, tx pgx.Tx, f WatchFilter) (list []Watched, more bool, err error) {
	ground := postgres.GroundOf(f.Within)
	if len(ground) == 0 {
		return nil, false, fault.New(fault.Invalid, "请给出区划或网格编码", "give the code of a division or a grid").At("division")
	}
	county := int32(ground[0].Low / 1e9)
	rows, err := tx.Query(ctx, `
		WITH those AS (
			SELECT r.county, r.id FROM grid_block gb JOIN house h ON h.county = gb.county AND h.block = gb.block JOIN resident r ON r.county = h.county AND r.house = h.id
			WHERE gb.county = $1 AND gb.grid BETWEEN $2 AND $3 AND h.ground BETWEEN $2 / 1000 * 1000 AND $3 AND r.died IS NULL
			  AND (EXISTS (SELECT FROM care c WHERE c.county = r.county AND c.resident = r.id AND ($4 = '' OR c.kind = $4))
			    OR $4 = '' AND EXISTS (SELECT FROM visit v WHERE v.county = r.county AND v.resident = r.id AND v.done IS NULL)))
		SELECT r.id, r.name, r.born, h.id, h.address, gb.grid,
			coalesce((SELECT array_agg(c.kind ORDER BY c.kind) FROM care c WHERE c.county = r.county AND c.resident = r.id), '{}'),
			(SELECT max(v.done) FROM visit v WHERE v.county = r.county AND v.resident = r.id AND v.done IS NOT NULL) AS visited,
			n.id, coalesce(n.reason, ''), n.due, coalesce(n.due < current_date, false)
		FROM those JOIN resident r ON r.county = those.county AND r.id = those.id JOIN house h ON h.county = r.county AND h.id = r.house
		JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block
		LEFT JOIN LATERAL (SELECT v.id, v.reason, v.due FROM visit v WHERE v.county = r.county AND v.resident = r.id AND v.done IS NULL ORDER BY v.due, v.id LIMIT 1) n ON true
		WHERE NOT $5 OR n.due < current_date
		ORDER BY n.due NULLS LAST, visited NULLS FIRST, r.id LIMIT $6 OFFSET $7`,
		county, ground[0].Low, ground[0].High, f.Kind, f.Overdue, f.Limit+1, f.Skip)
	if err != nil {
		return nil, false, err
	}
	list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (w Watched, err error) {
		var name []byte
		var visit *int64
		var next Visit
		var due *time.Time
		w.Resident.County, w.House.County = county, county
		err = row.Scan(&w.Resident.Number, &name, &w.Born, &w.House.Number, &w.Address, &w.Grid, &w.Care, &w.Visited, &visit, &next.Reason, &due, &w.Overdue)
		if err != nil {
			return w, err
		}
		if visit != nil {
			next.ID, next.Due = ID{county, *visit}, *due
			w.Due = &next
		}
		w.Name, err = b.open(county, w.Resident.Number, namePurpose, name)
		return w, err
	})
	if err != nil {
		return nil, false, err
	}
	if more = len(list) > f.Limit; more {
		list = list[:f.Limit]
	}
	return list, more, b.Trail.Write(ctx, tx, audit.Entry{County: int(county), Place: ground[0].Low, Action: audit.ResidentSought, Details: map[string]any{"by": "watch", "found": len(list)}})
}

// PlanVisit enters that somebody is to be visited by a day. Faults: Invalid for a reason that isn't one; NotFound; Forbidden where the actor doesn't keep
// the register.
func (b *Book) PlanVisit(ctx context.Context, tx pgx.Tx, resident ID, reason string, due time.Time) (ID, error) {
	if !slices.Contains(Reasons, reason) {
		return ID{}, fault.New(fault.Invalid, fmt.Sprintf("没有走访事由 %.40q", reason), fmt.Sprintf("there is no reason %.40q for a visit", reason)).At("reason")
	}
	if due.IsZero() {
		return ID{}, fault.New(fault.Invalid, "请给出走访日期", "give the day of the visit").At("due")
	}
	house, err := b.homeOf(ctx, tx, resident)
	if err != nil {
		return ID{}, err
	}
	id := ID{County: resident.County}
	err = tx.QueryRow(ctx, `INSERT INTO visit (county, resident, reason, house, ground, due, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		resident.County, resident.Number, reason, house.Number, house.Ground, due, postgres.ActorOf(ctx).Account).Scan(&id.Number)
	if err != nil {
		return ID{}, err
	}
	return id, b.Trail.Write(ctx, tx, audit.Entry{County: int(id.County), Place: house.Ground, Action: audit.ResidentChanged, Subject: "resident:" + resident.String(),
		Details: map[string]any{"visit": "planned", "reason": reason}})
}

// notePurpose is what a visit's note is sealed for.
const notePurpose = "visit.note"

// Visited enters that a visit was made, and what was seen; the note is sealed. again: the day of the next one, zero for none.
//
// Faults: NotFound; Conflict for one that was made before; Invalid for a day to come; Forbidden where the actor doesn't keep the register.
func (b *Book) Visited(ctx context.Context, tx pgx.Tx, visit ID, on time.Time, note string, again time.Time) error {
	var resident int64
	var done *time.Time
	var reason string
	err := tx.QueryRow(ctx, `SELECT resident, done, reason FROM visit WHERE county = $1 AND id = $2 FOR UPDATE`, visit.County, visit.Number).Scan(&resident, &done, &reason)
	switch {
	case err == pgx.ErrNoRows:
		return fault.New(fault.NotFound, fmt.Sprintf("没有走访 %s，或者它不在您的范围内", visit), fmt.Sprintf("there is no visit %s, or none that you may enter", visit))
	case err != nil:
		return err
	case done != nil:
		return fault.New(fault.Conflict, "该走访已于 "+done.Format(time.DateOnly)+" 完成", "this visit was made on "+done.Format(time.DateOnly))
	case on.IsZero() || on.After(today(ctx, tx)):
		return fault.New(fault.Invalid, "请填写今天或以前的日期", "give a day that isn't to come").At("on")
	}
	if note, err = typed.Text("note", "走访记录", note, 0, 2000); err != nil {
		return err
	}
	who := ID{visit.County, resident}
	if _, err := b.homeOf(ctx, tx, who); err != nil {
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
	if err != nil || again.IsZero() {
		return err
	}
	_, err = b.PlanVisit(ctx, tx, who, reason, again)
	return err
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
