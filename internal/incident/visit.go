package incident

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// Visit is one that has to be made because of an incident, or that was made.
type Visit struct {
	Incident ID
	Reason   string // dispute, hardship, illness or emergency
	Due      time.Time
	Done     *time.Time // nil: still to be made
	By       string     // the name of the account that entered it
	Note     string     // what was seen
	MayEnter bool       // by the actor
}

// Call is a visit that is still to be made, with what it is about.
type Call struct {
	Visit
	Kind       Kind
	Severity   Severity
	Special    string
	Grid       layout.Code
	Place      string // in words
	Building   string // its address and name, "" where none is near
	ReportedAt time.Time
	Overdue    bool
}

// call says what for and within how many days somebody has to come.
type call struct {
	reason string
	days   int
}

// calls are the kinds of incident after which somebody comes to those concerned (五必到). The fifth of them, household events, is in the register.
var calls = map[Kind]call{
	"dispute": {"dispute", 3},
	"elderly": {"hardship", 2},
	"medical": {"illness", 1},
}

// callAfter is what an incident calls for: what its kind does, else an emergency's visit after the gravest; nothing otherwise.
func callAfter(kind Kind, severity Severity) (call, bool) {
	if c, ok := calls[kind]; ok {
		return c, true
	}
	return call{"emergency", 1}, severity == Critical
}

// plan enters the visit that an incident calls for, in the transaction that files it.
func plan(ctx context.Context, tx pgx.Tx, id ID, kind Kind, severity Severity) error {
	c, needed := callAfter(kind, severity)
	if !needed {
		return nil
	}
	_, err := tx.Exec(ctx, `SELECT plan_incident_visit($1, $2, $3, $4)`, id.County, id.Number, c.reason, c.days)
	return err
}

func (id ID) visitNote() string {
	return fmt.Sprintf("incident_visit.note:%d:%d", id.County, id.Number)
}

// VisitOf is the visit that an incident called for, nil when it called for none or the actor doesn't read the register there. It is written into the trail
// when it holds a note: tx can write.
//
// Faults: NotFound when there is no incident that the actor may see; Unavailable when the note can't be opened.
func (d *Desk) VisitOf(ctx context.Context, tx pgx.Tx, id ID) (*Visit, error) {
	grid, err := d.gridOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	v := Visit{Incident: id, MayEnter: postgres.ActorOf(ctx).Scope[access.KeepRegister].Covers(grid)}
	var note []byte
	err = tx.QueryRow(ctx, `SELECT reason, due, done, done_by, note FROM incident_visit WHERE county = $1 AND incident = $2`, id.County, id.Number).
		Scan(&v.Reason, &v.Due, &v.Done, &v.By, &note)
	if err == pgx.ErrNoRows {
		return nil, nil
	}
	if err != nil || note == nil {
		return &v, err
	}
	plain, err := d.Vault.Open(note, id.visitNote())
	if err != nil {
		return nil, closed(id, err)
	}
	v.Note = string(plain)
	return &v, d.visitNoted(ctx, tx, id, grid, audit.IncidentLooked, "read")
}

// Calls are the visits still to be made in a division or a grid because of incidents, those that were due first at the head: a page of them, and how many
// there are in all.
//
// Faults: Invalid for a code that is none; Forbidden where the actor sees no incidents.
func (d *Desk) Calls(ctx context.Context, tx pgx.Tx, within string, skip, limit int) (list []Call, total int, err error) {
	f := Filter{Within: within}
	_, ground, err := f.check()
	if err != nil {
		return nil, 0, err
	}
	spans, err := spansOf(ctx, tx, ground, within)
	if err != nil || len(spans) == 0 {
		return nil, 0, err
	}
	s := spans[0] // a code lies in one county
	const open = ` FROM incident_visit v JOIN incident i ON i.county = v.county AND i.id = v.incident ` + withNames + `
		WHERE v.county = $1 AND v.done IS NULL AND i.county = $1 AND i.grid BETWEEN $2 AND $3`
	if err := tx.QueryRow(ctx, `SELECT count(*)`+open, s.county, s.low, s.high).Scan(&total); err != nil {
		return nil, 0, err
	}
	rows, err := tx.Query(ctx, `
		SELECT i.id, v.reason, v.due, v.due < current_date, i.kind, i.severity, coalesce(i.special, ''), i.grid, i.reported_at, concat_ws(' ', nullif(b.address, ''), nullif(b.name, '')),
			concat_ws(' · ', town.name, community.name, nullif(coalesce(nullif(b.name, ''), b.address), ''))`+open+`
		ORDER BY v.due, i.id LIMIT $4 OFFSET $5`, s.county, s.low, s.high, limit, skip)
	if err != nil {
		return nil, 0, err
	}
	list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Call, err error) {
		c.Incident.County = s.county
		var grid int64
		var severity int
		err = row.Scan(&c.Incident.Number, &c.Reason, &c.Due, &c.Overdue, &c.Kind, &severity, &c.Special, &grid, &c.ReportedAt, &c.Building, &c.Place)
		c.Grid, c.Severity = layout.Code(grid), Severity(severity)
		c.MayEnter = postgres.ActorOf(ctx).Scope[access.KeepRegister].Covers(grid)
		return c, err
	})
	return list, total, err
}

// Visited enters that the visit an incident called for was made, and what was seen; the note is sealed.
//
// Faults: NotFound when there is none that the actor may enter; Conflict for one that was made before; Invalid for a day to come or before the report.
func (d *Desk) Visited(ctx context.Context, tx pgx.Tx, id ID, on time.Time, note string) error {
	grid, err := d.toBeVisited(ctx, tx, id)
	if err != nil {
		return err
	}
	var early, late bool
	err = tx.QueryRow(ctx, `SELECT $3::date < reported_at::date, $3::date > current_date FROM incident WHERE county = $1 AND id = $2`, id.County, id.Number, on).Scan(&early, &late)
	switch {
	case err != nil:
		return err
	case on.IsZero() || late:
		return fault.New(fault.Invalid, "请填写今天或以前的日期", "give a day that isn't to come").At("on")
	case early:
		return fault.New(fault.Invalid, "走访日期早于事件上报之日", "the visit would be before the incident was reported").At("on")
	}
	if note, err = typed.Text("note", "走访记录", note, 0, 2000); err != nil {
		return err
	}
	var sealed []byte
	if note != "" {
		if sealed, err = d.Vault.Seal([]byte(note), id.visitNote()); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE incident_visit SET done = $3, done_by = $4, note = $5 WHERE county = $1 AND incident = $2`,
		id.County, id.Number, on, audit.CallerOf(ctx).Name, sealed)
	if err != nil {
		return err
	}
	return d.visitNoted(ctx, tx, id, grid, audit.IncidentVisited, "made")
}

// DropVisit takes the visit that an incident called for off the plan. Faults: NotFound when there is none that the actor may enter; Conflict for one that
// was made.
func (d *Desk) DropVisit(ctx context.Context, tx pgx.Tx, id ID) error {
	grid, err := d.toBeVisited(ctx, tx, id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM incident_visit WHERE county = $1 AND incident = $2`, id.County, id.Number); err != nil {
		return err
	}
	return d.visitNoted(ctx, tx, id, grid, audit.IncidentVisited, "dropped")
}

// toBeVisited says in which grid an incident lies whose visit is still to be made, and holds the visit until the transaction ends.
func (d *Desk) toBeVisited(ctx context.Context, tx pgx.Tx, id ID) (grid int64, err error) {
	if grid, err = d.gridOf(ctx, tx, id); err != nil {
		return 0, err
	}
	var done *time.Time
	err = tx.QueryRow(ctx, `SELECT done FROM incident_visit WHERE county = $1 AND incident = $2 FOR UPDATE`, id.County, id.Number).Scan(&done)
	switch {
	case err == pgx.ErrNoRows:
		err = fault.New(fault.NotFound, fmt.Sprintf("事件 %s 没有待走访，或者不在您的范围内", id), fmt.Sprintf("incident %s calls for no visit, or none that you may enter", id))
	case err == nil && done != nil:
		err = fault.New(fault.Conflict, "该走访已于 "+done.Format(time.DateOnly)+" 完成", "this visit was made on "+done.Format(time.DateOnly))
	}
	return grid, err
}

// gridOf is the grid that an incident lies in. Fault: NotFound when there is none that the actor may see.
func (d *Desk) gridOf(ctx context.Context, tx pgx.Tx, id ID) (grid int64, err error) {
	if err := d.ready(); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `SELECT grid FROM incident WHERE county = $1 AND id = $2`, id.County, id.Number).Scan(&grid)
	if err == pgx.ErrNoRows {
		err = unseen(id)
	}
	return grid, err
}

func (d *Desk) visitNoted(ctx context.Context, tx pgx.Tx, id ID, grid int64, action, what string) error {
	return d.Trail.Write(ctx, tx, audit.Entry{County: int(id.County), Place: grid, Action: action, Subject: id.subject(), Details: map[string]any{"visit": what}})
}
