package register

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

func (p person) care(who ID, kind string) (ID, error) {
	return p.act(func(tx pgx.Tx) (ID, error) { return p.book.Care(p.ctx, tx, who, kind) })
}

func (p person) endCare(who ID, kind string) (ID, error) {
	return p.act(func(tx pgx.Tx) (ID, error) { return p.book.EndCare(p.ctx, tx, who, kind) })
}

func (p person) define(k CareKind) (kind string, err error) {
	err = p.tx(func(tx pgx.Tx) error { kind, err = p.book.DefineCare(p.ctx, tx, county, k); return err })
	return kind, err
}

func (p person) visits(who ID) (all []Visit, err error) {
	err = p.tx(func(tx pgx.Tx) error { all, err = p.book.Visits(p.ctx, tx, who); return err })
	return all, err
}

// labelled is somebody with a role who may also see a special group.
func (o *office) labelled(role access.Role, code string, label access.Label) person {
	p := o.person(role, code)
	actor := postgres.ActorOf(p.ctx)
	actor.Scope = access.ScopeOf([]access.Grant{{Role: role, Code: code}}, []access.LabelGrant{{Label: label, Code: code}})
	p.ctx = audit.WithCaller(postgres.WithActor(p.ctx, actor), audit.CallerOf(p.ctx))
	return p
}

func (p person) counts(within string) (all map[string]WatchCount) {
	p.Helper()
	all = map[string]WatchCount{}
	err := p.tx(func(tx pgx.Tx) error {
		counts, err := p.book.WatchCounts(p.ctx, tx, within)
		for _, c := range counts {
			all[c.Kind] = c
		}
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
	return all
}

func TestKindsOfCare(t *testing.T) {
	o := setup(t)
	clerk, admin := o.settle(), o.person(access.Administrator, "110108")
	kinds := func(county int32) (all []CareKind) {
		if err := clerk.tx(func(tx pgx.Tx) (err error) { all, err = o.book.CareKinds(clerk.ctx, tx, county); return err }); err != nil {
			t.Fatal(err)
		}
		return all
	}
	// What files call them is what the table calls them.
	for i, k := range kinds(county) {
		if kind, known := ParseCare(k.ZH); !known || kind != k.Kind || CareWords()[i] != k.ZH || k.Own || !k.Used {
			t.Errorf("%+v is %q in files", k, kind)
		}
	}
	general := len(kinds(county))
	if general != len(careWords) {
		t.Errorf("%d kinds, %d words", general, len(careWords))
	}
	kind, err := admin.define(CareKind{ZH: " 失独家庭 ", EN: "Lost an only child", Every: 14})
	if err != nil {
		t.Fatal(err)
	}
	own := CareKind{kind, "失独家庭", "Lost an only child", 14, "", true, true}
	if all := kinds(county); len(all) != general+1 || all[general] != own {
		t.Errorf("%+v", all)
	}
	if len(kinds(110105)) != general {
		t.Error("another county has it")
	}
	for _, c := range []struct {
		who   person
		k     CareKind
		want  fault.Code
		where string
	}{
		{admin, CareKind{ZH: "失独家庭", EN: "x"}, fault.Conflict, "zh"}, {admin, CareKind{ZH: "低保", EN: "x"}, fault.Conflict, "zh"}, {admin, CareKind{EN: "x"}, fault.Invalid, "zh"},
		{admin, CareKind{ZH: "孤儿"}, fault.Invalid, "en"}, {admin, CareKind{ZH: "孤儿", EN: "orphan", Every: 400}, fault.Invalid, "every"},
		{admin, CareKind{ZH: "孤儿", EN: "orphan", Special: "rich"}, fault.Invalid, ""}, {clerk, CareKind{ZH: "孤儿", EN: "orphan"}, fault.Forbidden, ""},
		{o.person(access.Administrator, town), CareKind{ZH: "孤儿", EN: "orphan"}, fault.Forbidden, ""}, {o.person(access.Administrator, "110105"), CareKind{ZH: "孤儿", EN: "orphan"}, fault.Forbidden, ""},
	} {
		_, err := c.who.define(c.k)
		if f, _ := err.(*fault.Error); fault.CodeOf(err) != c.want || c.where != "" && f.Where != c.where {
			t.Errorf("%+v: %v", c.k, err)
		}
	}
	redefine := func(p person, k CareKind) error {
		return p.tx(func(tx pgx.Tx) error { return o.book.RedefineCare(p.ctx, tx, county, k) })
	}
	own.Used, own.ZH = false, "失独"
	if err := redefine(admin, own); err != nil || kinds(county)[general] != own {
		t.Errorf("%v, %+v", err, kinds(county)[general])
	}
	o.isFault(redefine(clerk, own), fault.Forbidden, "")
	o.isFault(redefine(admin, CareKind{Kind: "alone", ZH: "独居", EN: "alone"}), fault.NotFound, "kind")
	if n := o.count(`SELECT count(*) FROM audit_entry WHERE action = $1`, audit.CareDefined); n != 2 {
		t.Errorf("%d entries in the trail, want 2", n)
	}
	// The table itself refuses who doesn't define care, and what is every county's.
	for who, sql := range map[person]string{
		clerk: `INSERT INTO care_kind (county, kind, zh, en, place) VALUES (110108, 'x', 'x', 'x', 99)`,
		admin: `INSERT INTO care_kind (county, kind, zh, en, place) VALUES (0, 'x', 'x', 'x', 99)`,
	} {
		if err := who.tx(func(tx pgx.Tx) error { _, err := tx.Exec(who.ctx, sql); return err }); !hasState(err, "42501") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestUnderCare(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	if _, err := clerk.arrive(o.livesIn(invented(1), "w1"), o.livesIn(invented(2), "s1")); err != nil {
		t.Fatal(err)
	}
	worker, other := o.person(access.GridWorker, west), o.person(access.GridWorker, south)
	one := o.who(1)
	_, err := other.care(one, "alone")
	o.isFault(err, fault.NotFound, "")
	_, err = worker.care(one, "rich")
	o.isFault(err, fault.NotFound, "kind")
	_, err = o.person(access.Dispatcher, town).care(one, "alone")
	o.isFault(err, fault.Forbidden, "")

	before := o.state()
	act, err := worker.care(one, "alone")
	if err != nil {
		t.Fatal(err)
	}
	_, err = worker.care(one, "alone")
	o.isFault(err, fault.Conflict, "kind")
	list, err := worker.watch(WatchFilter{Within: west})
	if err != nil || len(list) != 1 || list[0].Care[0] != "alone" || !list[0].Due.Due.Equal(o.today().AddDate(0, 0, 7)) || list[0].Overdue {
		t.Fatalf("%+v, %v", list, err)
	}
	if list, err := other.watch(WatchFilter{Within: town}); err != nil || len(list) > 0 {
		t.Errorf("the worker of another grid sees %+v, %v", list, err)
	}
	if c := other.counts(town); len(c) != 1 || c[""].People != 0 {
		t.Errorf("the worker of another grid counts %+v", c)
	}
	if all, err := other.visits(one); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("%+v, %v", all, err)
	}
	if c := worker.counts(town); c[""] != (WatchCount{"", 1, 0, 0}) || c["alone"] != (WatchCount{"alone", 1, 0, 0}) {
		t.Errorf("%+v", c)
	}
	_, err = other.undo(act)
	o.isFault(err, fault.NotFound, "")
	if _, err := worker.undo(act); err != nil || o.state() != before {
		t.Fatalf("%v\n%s\n\n%s", err, before, o.state())
	}

	// Ending it drops what was planned for it alone; undone both are there again.
	if _, err = worker.care(one, "alone"); err != nil {
		t.Fatal(err)
	}
	under := o.state()
	end, err := worker.endCare(one, "alone")
	if err != nil || o.state() != before {
		t.Fatalf("%v\n%s\n\n%s", err, before, o.state())
	}
	_, err = worker.endCare(one, "alone")
	o.isFault(err, fault.NotFound, "kind")
	if _, err := worker.undo(end); err != nil || o.state() != under {
		t.Fatalf("%v\n%s\n\n%s", err, under, o.state())
	}
	// Care and visits go along when they move; whoever had them doesn't see them any more.
	if _, err := worker.moveOut(one, "2024-06-01"); err != nil {
		t.Fatal(err)
	}
	if list, err := worker.watch(WatchFilter{Within: west}); err != nil || len(list) > 0 {
		t.Errorf("%+v, %v", list, err)
	}
	in, err := clerk.moveIn(1, "s1", "2024-06-02")
	if err != nil {
		t.Fatal(err)
	}
	if list, err := other.watch(WatchFilter{Within: south}); err != nil || len(list) != 1 || list[0].Resident != one || list[0].Care[0] != "alone" {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := clerk.undo(in); err != nil {
		t.Fatal(err)
	}
	if n := o.count(`SELECT count(*) FROM care c JOIN visit v USING (county, resident, house) WHERE c.house = $1`, o.house("w1").Number); n != 1 {
		t.Error("care didn't come back with them")
	}
	_, err = worker.care(one, "disabled")
	o.isFault(err, fault.Conflict, "") // they live nowhere
}

func TestCareOfASpecialGroupNeedsItsLabel(t *testing.T) {
	o := setup(t)
	clerk, admin := o.settle(), o.person(access.Administrator, "110108")
	if _, err := clerk.arrive(o.livesIn(invented(1), "w1")); err != nil {
		t.Fatal(err)
	}
	kind, err := admin.define(CareKind{ZH: "患者家属", EN: "Family of patients", Every: 7, Special: access.Mental})
	if err != nil {
		t.Fatal(err)
	}
	one := o.who(1)
	_, err = clerk.care(one, kind)
	o.isFault(err, fault.Forbidden, "kind")
	_, err = o.labelled(access.Clerk, town, access.Drugs).care(one, kind)
	o.isFault(err, fault.Forbidden, "kind")
	knows := o.labelled(access.GridWorker, west, access.Mental)
	act, err := knows.care(one, kind)
	if err != nil {
		t.Fatal(err)
	}
	acts := func(p person) (n int) {
		err := p.tx(func(tx pgx.Tx) error {
			all, err := o.book.Acts(p.ctx, tx, ID{county, o.house("w1").Number})
			n = len(all)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	sees := func(p person) int {
		list, err := p.watch(WatchFilter{Within: town})
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if sees(knows) != 1 || acts(knows) != 1 || knows.counts(west)[kind].People != 1 {
		t.Error("who has the label doesn't see it")
	}
	if sees(clerk) != 0 || acts(clerk) != 0 || len(clerk.counts(town)) != 1 {
		t.Error("who hasn't the label sees it")
	}
	_, err = clerk.undo(act)
	o.isFault(err, fault.NotFound, "")
	_, err = clerk.endCare(one, kind)
	o.isFault(err, fault.NotFound, "kind")
	if _, err := knows.endCare(one, kind); err != nil || sees(knows) != 0 || acts(clerk) != 0 {
		t.Error(err)
	}
}

func TestHouseholdEventsCallForAVisit(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	called := func() (who int64, due time.Time) {
		err := o.db.Owner.QueryRow(context.Background(), `SELECT coalesce(min(resident), 0), coalesce(min(due), 'epoch') FROM visit WHERE reason = 'household' AND done IS NULL`).Scan(&who, &due)
		if err != nil || o.count(`SELECT count(*) FROM visit WHERE done IS NULL`) > 1 {
			t.Fatal("several visits to one household", err)
		}
		return who, due
	}
	in, err := clerk.moveIn(1, "w1", "2024-03-01")
	if err != nil {
		t.Fatal(err)
	}
	if who, due := called(); who != o.who(1).Number || !due.Equal(o.today().AddDate(0, 0, 7)) {
		t.Errorf("moving in: %d by %s", who, due)
	}
	second, err := clerk.moveIn(2, "w1", "2024-03-01")
	if err != nil {
		t.Fatal(err)
	}
	called()
	for _, act := range []ID{second, in} {
		if _, err := clerk.undo(act); err != nil {
			t.Fatal(err)
		}
	}
	if who, _ := called(); who != 0 {
		t.Error("the visit stays on the plan when the move is undone")
	}

	head, wife := o.livesIn(invented(3), "w1"), o.livesIn(invented(4), "w1")
	wife.Relation = "配偶"
	if _, err := clerk.arrive(head, wife); err != nil {
		t.Fatal(err)
	}
	if who, _ := called(); who != 0 {
		t.Error("an import calls for visits")
	}
	death, err := clerk.die(o.who(4), "2024-05-01")
	if err != nil {
		t.Fatal(err)
	}
	if who, _ := called(); who != o.who(3).Number {
		t.Errorf("after a death %d is to be visited, want the head of the household", who)
	}
	// A visit that was made stays when the act is taken back.
	visits, err := clerk.visits(o.who(3))
	if err != nil || len(visits) != 1 {
		t.Fatal(visits, err)
	}
	visited := func(id ID) error {
		return clerk.tx(func(tx pgx.Tx) error {
			return o.book.Visited(clerk.ctx, tx, id, o.today(), "慰问家属", time.Time{})
		})
	}
	if err := visited(visits[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := clerk.undo(death); err != nil {
		t.Fatal(err)
	}
	visits, err = clerk.visits(o.who(3))
	if err != nil || len(visits) != 1 || visits[0].Done == nil || visits[0].Note != "慰问家属" || visits[0].By == "" {
		t.Errorf("%+v, %v", visits, err)
	}
	last, err := clerk.die(o.who(4), "2024-05-01")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := clerk.die(o.who(3), "2024-05-02"); err != nil { // nobody is left to be visited
		t.Fatal(err)
	}
	_, err = clerk.undo(last)
	if err != nil {
		t.Error(err)
	}
}

func TestAVisitIsTakenOffThePlan(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	if _, err := clerk.arrive(o.livesIn(invented(1), "w1")); err != nil {
		t.Fatal(err)
	}
	plan := func() ID {
		id, err := clerk.act(func(tx pgx.Tx) (ID, error) {
			return o.book.PlanVisit(clerk.ctx, tx, o.who(1), "illness", o.today())
		})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	drop := func(p person, id ID) error {
		return p.tx(func(tx pgx.Tx) error { return o.book.DropVisit(p.ctx, tx, id) })
	}
	id := plan()
	o.isFault(drop(o.person(access.GridWorker, south), id), fault.NotFound, "")
	if err := drop(o.person(access.GridWorker, west), id); err != nil {
		t.Fatal(err)
	}
	o.isFault(drop(clerk, id), fault.NotFound, "")
	id = plan()
	if err := clerk.tx(func(tx pgx.Tx) error {
		return o.book.Visited(clerk.ctx, tx, id, o.today(), "", time.Time{})
	}); err != nil {
		t.Fatal(err)
	}
	o.isFault(drop(clerk, id), fault.Conflict, "")
	err := clerk.tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(clerk.ctx, `DELETE FROM visit`)
		return err
	})
	if n := o.count(`SELECT count(*) FROM visit`); err != nil || n != 1 {
		t.Errorf("a visit that was made can be removed: %d left, %v", n, err)
	}
}
