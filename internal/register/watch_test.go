package register

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/mask"
)

func (p person) watch(f WatchFilter) (list []Watched, err error) {
	if f.Limit == 0 {
		f.Limit = 50
	}
	err = p.tx(func(tx pgx.Tx) error { list, _, err = p.book.Watch(p.ctx, tx, f); return err })
	return list, err
}

func namesOf(list []Watched) string {
	var names []string
	for _, w := range list {
		names = append(names, w.Name)
	}
	return strings.Join(names, " ")
}

func TestWatchList(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	one, two, three, four := o.livesIn(invented(1), "w1"), o.livesIn(invented(2), "s1"), o.livesIn(invented(3), "e1"), o.livesIn(invented(4), "w2")
	one.Care, two.Care, three.Care = []string{"alone", "aged"}, []string{"disabled"}, []string{"alone"}
	if _, err := clerk.arrive(one, two, three, four); err != nil {
		t.Fatal(err)
	}
	name := func(n int) string { return mask.Name(invented(n).Name) }
	worker := o.person(access.GridWorker, west)
	is := func(p person, f WatchFilter, want ...string) {
		t.Helper()
		list, err := p.watch(f)
		if err != nil || namesOf(list) != strings.Join(want, " ") {
			t.Errorf("%s, %v; want %s", namesOf(list), err, want)
		}
	}
	is(clerk, WatchFilter{Within: town}, name(1), name(2), name(3))
	is(clerk, WatchFilter{Within: town, Kind: "alone"}, name(1), name(3))
	is(clerk, WatchFilter{Within: south}, name(2))
	is(worker, WatchFilter{Within: town}, name(1))
	is(o.person(access.Clerk, next), WatchFilter{Within: "110108"}, name(3))
	is(o.person(access.Planner, "110108"), WatchFilter{Within: "110108"})

	// Somebody about whom there was a dispute is to be visited, whether they are looked after or not; whoever is overdue comes first.
	plan := func(p person, n int, reason string, days int) (ID, error) {
		return p.act(func(tx pgx.Tx) (ID, error) {
			return o.book.PlanVisit(p.ctx, tx, o.who(n), reason, o.today().AddDate(0, 0, days))
		})
	}
	dispute, err := plan(clerk, 4, "dispute", -1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan(worker, 1, "care", 3); err != nil {
		t.Fatal(err)
	}
	is(worker, WatchFilter{Within: west}, name(4), name(1))
	is(clerk, WatchFilter{Within: town, Overdue: true}, name(4))
	_, err = plan(worker, 2, "care", 3)
	o.isFault(err, fault.NotFound, "")
	_, err = plan(clerk, 2, "tea", 3)
	o.isFault(err, fault.Invalid, "reason")

	visited := func(p person, on time.Time, again time.Time) error {
		return p.tx(func(tx pgx.Tx) error {
			return o.book.Visited(p.ctx, tx, dispute, on, "与邻居因漏水争执 15400001111", again)
		})
	}
	o.isFault(visited(worker, o.today().AddDate(0, 0, 2), time.Time{}), fault.Invalid, "on")
	o.isFault(visited(o.person(access.GridWorker, south), o.today(), time.Time{}), fault.NotFound, "")
	if err := visited(worker, o.today(), o.today().AddDate(0, 1, 0)); err != nil {
		t.Fatal(err)
	}
	o.isFault(visited(worker, o.today(), time.Time{}), fault.Conflict, "")
	list, err := worker.watch(WatchFilter{Within: west})
	if err != nil || namesOf(list) != name(1)+" "+name(4) || list[1].Visited == nil || list[1].Overdue || list[1].Due.Reason != "dispute" {
		t.Errorf("%+v, %v", list, err)
	}
	if n := o.count(`SELECT count(*) FROM visit v WHERE v::text LIKE '%漏水%'`); n > 0 {
		t.Error("a note lies in clear")
	}
}

// today is the day as the database says it.
func (o *office) today() (day time.Time) {
	o.Helper()
	if err := o.db.App.QueryRow(context.Background(), `SELECT current_date`).Scan(&day); err != nil {
		o.Fatal(err)
	}
	return day
}
