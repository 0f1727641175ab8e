package incident

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

func (p person) visit(do func(tx pgx.Tx) error) error {
	return p.office.db.InTx(p.ctx, do)
}

// today is the day that the county has now.
func (o *office) today() (day time.Time) {
	o.Helper()
	if err := o.db.Owner.QueryRow(context.Background(), `SELECT current_date`).Scan(&day); err != nil {
		o.Fatal(err)
	}
	return day
}

func (p person) calls(within string) (list []Call, total int, err error) {
	err = postgres.Snapshot(p.ctx, p.office.db.App, func(tx pgx.Tx) error {
		list, total, err = p.office.desk.Calls(p.ctx, tx, within, 0, 10)
		return err
	})
	return list, total, err
}

func (p person) visitOf(id ID) (v *Visit, err error) {
	err = p.visit(func(tx pgx.Tx) error {
		v, err = p.office.desk.VisitOf(p.ctx, tx, id)
		return err
	})
	return v, err
}

// Disputes, people in need, sudden illness and the gravest of anything call for a visit by a day; nothing else does.
func TestIncidentsCallForVisits(t *testing.T) {
	o := setup(t)
	d := o.dispatcher("li", "110108")
	today := o.today()
	for _, c := range []struct {
		kind     string
		severity Severity
		reason   string
		days     int
	}{
		{"dispute", 0, "dispute", 3}, {"dispute", Critical, "dispute", 3}, {"elderly", 0, "hardship", 2}, {"medical", 0, "illness", 1}, {"gas", 0, "emergency", 1},
		{"fire", Critical, "emergency", 1}, {"fire", 0, "", 0}, {"garbage", 0, "", 0}, {"gas", Urgent, "", 0},
	} {
		r := fire()
		r.Kind, r.Severity = c.kind, c.severity
		i := d.mustReport(r)
		v, err := d.visitOf(i.ID)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case c.reason == "" && v != nil:
			t.Errorf("%s of severity %d calls for %+v", c.kind, c.severity, v)
		case c.reason != "" && (v == nil || v.Reason != c.reason || !v.Due.Equal(today.AddDate(0, 0, c.days)) || v.Done != nil || v.MayEnter):
			t.Errorf("%s of severity %d calls for %+v", c.kind, c.severity, v)
		}
	}
	list, total, err := d.calls("110108014001")
	if err != nil || total != 6 || len(list) != 6 {
		t.Fatalf("%d of %d: %v", len(list), total, err)
	}
	for n := 1; n < len(list); n++ {
		if list[n].Due.Before(list[n-1].Due) {
			t.Errorf("%v comes after %v", list[n].Due, list[n-1].Due)
		}
	}
	if list[0].Grid != west || list[0].Overdue || list[0].Place == "" {
		t.Errorf("%+v", list[0])
	}
}

// The same report twice is one visit, and who reported from elsewhere has planned one too, without seeing it.
func TestVisitIsPlannedOnceAndForEverybody(t *testing.T) {
	o := setup(t)
	neighbour := o.person("wang", []access.Grant{{Role: access.GridWorker, Code: "110108014001003"}})
	worker := o.person("zhao", []access.Grant{{Role: access.GridWorker, Code: "110108014001001"}})
	r := fire()
	r.Kind, r.Request = "dispute", "once"
	i := neighbour.mustReport(r)
	if again := neighbour.mustReport(r); again.ID != i.ID {
		t.Fatalf("%v and %v", i.ID, again.ID)
	}
	if _, total, err := worker.calls("110108014001001"); err != nil || total != 1 {
		t.Errorf("the grid's worker has %d (%v)", total, err)
	}
	if v, err := neighbour.visitOf(i.ID); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("the neighbour sees %+v (%v)", v, err)
	}
}

// A visit is entered once, by who keeps the register there, with a note that is sealed; and it goes along with its incident.
func TestVisitIsEntered(t *testing.T) {
	o := setup(t)
	d := o.dispatcher("li", "110108")
	worker := o.person("zhao", []access.Grant{{Role: access.GridWorker, Code: "110108014001001"}})
	other := o.person("wang", []access.Grant{{Role: access.GridWorker, Code: "110108014001003"}})
	r := fire()
	r.Kind = "dispute"
	i := d.mustReport(r)
	today := o.today()
	enter := func(p person, on time.Time, note string) error {
		return p.visit(func(tx pgx.Tx) error { return o.desk.Visited(p.ctx, tx, i.ID, on, note) })
	}
	is := func(what string, err error, code fault.Code) {
		t.Helper()
		if fault.CodeOf(err) != code {
			t.Errorf("%s: %v", what, err)
		}
	}
	is("a dispatcher, who doesn't keep the register", enter(d, today, ""), fault.NotFound)
	is("the worker of another grid", enter(other, today, ""), fault.NotFound)
	is("tomorrow", enter(worker, today.AddDate(0, 0, 1), ""), fault.Invalid)
	is("before it was reported", enter(worker, today.AddDate(0, 0, -1), ""), fault.Invalid)
	is("no day", enter(worker, time.Time{}, ""), fault.Invalid)
	const note = "双方已和解，约定周五复访"
	if err := enter(worker, today, note); err != nil {
		t.Fatal(err)
	}
	is("again", enter(worker, today, ""), fault.Conflict)
	is("dropped afterwards", worker.visit(func(tx pgx.Tx) error { return o.desk.DropVisit(worker.ctx, tx, i.ID) }), fault.Conflict)
	v, err := worker.visitOf(i.ID)
	if err != nil || v == nil || v.Note != note || v.By != "zhao" || v.Done == nil || !v.Done.Equal(today) || !v.MayEnter {
		t.Errorf("%+v (%v)", v, err)
	}
	var clear int
	if err := o.db.Owner.QueryRow(context.Background(), `SELECT count(*) FROM incident_visit v WHERE strpos(encode(v.note, 'hex'), encode(convert_to('和解', 'UTF8'), 'hex')) > 0`).Scan(&clear); err != nil || clear != 0 {
		t.Errorf("%d notes are in clear (%v)", clear, err)
	}
	if _, err := o.db.Owner.Exec(context.Background(), `SET session_replication_role = replica; UPDATE incident SET grid = 110108014001003; SET session_replication_role = DEFAULT`); err != nil {
		t.Fatal(err)
	}
	if v, err := other.visitOf(i.ID); err != nil || v == nil || v.Note != note {
		t.Errorf("where the incident is now: %+v (%v)", v, err)
	}
	if _, err := worker.visitOf(i.ID); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("where it was: %v", err)
	}
}

// One that isn't needed is taken off the plan.
func TestVisitIsDropped(t *testing.T) {
	o := setup(t)
	worker := o.person("zhao", []access.Grant{{Role: access.GridWorker, Code: "110108014001001"}})
	r := fire()
	r.Kind = "dispute"
	i := worker.mustReport(r)
	if err := worker.visit(func(tx pgx.Tx) error { return o.desk.DropVisit(worker.ctx, tx, i.ID) }); err != nil {
		t.Fatal(err)
	}
	if v, err := worker.visitOf(i.ID); err != nil || v != nil {
		t.Errorf("%+v (%v)", v, err)
	}
	err := worker.visit(func(tx pgx.Tx) error { return o.desk.DropVisit(worker.ctx, tx, i.ID) })
	if fault.CodeOf(err) != fault.NotFound {
		t.Errorf("again: %v", err)
	}
}

// A visit that an incident about a special group calls for is there for who has the group's label, and for nobody else: neither listed, counted, looked at,
// entered nor dropped.
func TestVisitOfASpecialGroupNeedsItsLabel(t *testing.T) {
	o := setup(t)
	grants := []access.Grant{{Role: access.GridWorker, Code: "110108014001001"}}
	knows := o.person("zhao", grants, access.LabelGrant{Label: access.Released, Code: "110108014001001"})
	others := []person{o.person("qian", grants), o.person("sun", grants, access.LabelGrant{Label: access.Drugs, Code: "110108014001001"}),
		o.person("li", grants, access.LabelGrant{Label: access.Released, Code: "110108014001003"})}
	r := fire()
	r.Kind, r.Severity, r.Special = "special-group", Critical, string(access.Released)
	i := knows.mustReport(r)
	today := o.today()
	for _, p := range others {
		if list, total, err := p.calls("110108014001001"); err != nil || total != 0 || len(list) != 0 {
			t.Errorf("%d of %d are listed (%v)", len(list), total, err)
		}
		_, err := p.visitOf(i.ID)
		o.isFault(err, fault.NotFound)
		o.isFault(p.visit(func(tx pgx.Tx) error { return o.desk.Visited(p.ctx, tx, i.ID, today, "") }), fault.NotFound)
		o.isFault(p.visit(func(tx pgx.Tx) error { return o.desk.DropVisit(p.ctx, tx, i.ID) }), fault.NotFound)
	}
	list, total, err := knows.calls("110108014001001")
	if err != nil || total != 1 || list[0].Special != string(access.Released) {
		t.Fatalf("%+v, %d in all (%v)", list, total, err)
	}
	if err := knows.visit(func(tx pgx.Tx) error { return o.desk.Visited(knows.ctx, tx, i.ID, today, "") }); err != nil {
		t.Error(err)
	}
}
