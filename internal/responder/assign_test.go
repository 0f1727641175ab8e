package responder

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// A post goes from one to the next on the day that is said, with who stands in and who comes next.
func TestAssign(t *testing.T) {
	o := setup(t)
	p := o.planner()
	a, b, c := p.worker("演示甲", community), p.worker("演示乙", community), p.worker("演示丙", community)
	today := o.today()
	day := func(n int) time.Time { return today.AddDate(0, 0, n) }
	if _, err := p.assign(Assignment{Grid: west, Post: Worker, Responder: a, Since: day(-30), Substitute: &StandIn{b, day(-1), day(5)}}); err != nil {
		t.Fatal(err)
	}
	got, err := p.assign(Assignment{Grid: west, Post: Worker, Responder: c, Since: day(10)})
	if err != nil {
		t.Fatal(err)
	}
	w := got.Posts[Worker]
	if w.Now == nil || w.Now.Person.Name != "演示甲" || !w.Now.Since.Equal(day(-30)) || w.Now.Until == nil || !w.Now.Until.Equal(day(10)) ||
		w.Now.Substitute == nil || w.Now.Substitute.Person.Name != "演示乙" || w.Next == nil || w.Next.Person.Name != "演示丙" || !w.Next.Since.Equal(day(10)) {
		t.Errorf("%+v", w)
	}
	if l := got.Posts[Leader]; l.Now != nil || l.Next != nil {
		t.Errorf("the leader is %+v, want a vacancy", l)
	}
	found, err := p.find(b)
	if err != nil || len(found.Posts) != 1 || !found.Posts[0].StandsIn || found.Posts[0].Until == nil || !found.Posts[0].Until.Equal(day(6)) {
		t.Errorf("who stands in: %+v %v", found, err)
	}
	// Vacant from today on: whoever was to come next isn't any more.
	if got, err = p.assign(Assignment{Grid: west, Post: Worker}); err != nil || got.Posts[Worker].Now != nil || got.Posts[Worker].Next != nil {
		t.Errorf("%+v %v", got.Posts[Worker], err)
	}
	// A slip that is mended on the same day.
	p.gives(west, Worker, a)
	p.gives(west, Worker, b)
	if got := p.holders(Worker); got[west] != "演示乙" || got[south] != "" || len(got) != 4 {
		t.Errorf("%v", got)
	}
	if n := o.number(`SELECT count(*) FROM audit_entry WHERE action IN ('post.assigned', 'post.ended') AND place = $1`, int64(west)); n != 8 {
		t.Errorf("the trail has %d entries of the post, want 8", n)
	}
}

// What makes no sense says where, and changes nothing.
func TestAssignRefuses(t *testing.T) {
	o := setup(t)
	p := o.planner()
	a, b := p.worker("演示甲", community), p.worker("演示乙", community)
	police, err := p.add(Draft{Kind: "police", Name: "演示警", Division: town})
	if err != nil {
		t.Fatal(err)
	}
	today := o.today()
	day := func(n int) time.Time { return today.AddDate(0, 0, n) }
	if _, err := p.assign(Assignment{Grid: west, Post: Worker, Responder: a, Since: day(-10)}); err != nil {
		t.Fatal(err)
	}
	good := func() Assignment { return Assignment{Grid: west, Post: Worker, Responder: b} }
	for _, c := range []struct {
		change func(*Assignment)
		want   fault.Code
		where  string
	}{
		{func(a *Assignment) { a.Post = "boss" }, fault.Invalid, "post"},
		{func(a *Assignment) { a.Grid = gone }, fault.NotFound, ""},
		{func(a *Assignment) { a.Grid = 110108014001888 }, fault.NotFound, ""},
		{func(a *Assignment) { a.Grid = 110105001001001 }, fault.Forbidden, ""},
		{func(a *Assignment) { a.Responder = ID{110108, 999} }, fault.NotFound, "responder"},
		{func(a *Assignment) { a.Responder = police.ID }, fault.Invalid, "responder"},
		{func(a *Assignment) { a.Since = day(-11) }, fault.Conflict, "since"},
		{func(a *Assignment) { a.Since = day(400) }, fault.Invalid, "since"},
		{func(a *Assignment) { a.Since = day(-365 * 60) }, fault.Invalid, "since"},
		{func(a *Assignment) { a.Was = &ID{} }, fault.Conflict, ""},
		{func(a *Assignment) { a.Was = &b }, fault.Conflict, ""},
		{func(x *Assignment) { x.Substitute = &StandIn{b, day(0), day(1)} }, fault.Invalid, "substitute.responder"},
		{func(x *Assignment) { x.Substitute = &StandIn{a, day(1), day(0)} }, fault.Invalid, "substitute.to"},
		{func(x *Assignment) { x.Substitute = &StandIn{a, day(-5), day(-1)} }, fault.Invalid, "substitute.to"},
		{func(x *Assignment) { x.Substitute = &StandIn{a, day(0), day(500)} }, fault.Invalid, "substitute.to"},
		{func(x *Assignment) { x.Substitute = &StandIn{a, day(-1), day(5)} }, fault.Invalid, "substitute.from"},
		{func(x *Assignment) { x.Substitute = &StandIn{ID{110108, 999}, day(0), day(5)} }, fault.NotFound, "substitute.responder"},
		{func(x *Assignment) { x.Responder = ID{}; x.Substitute = &StandIn{a, day(0), day(5)} }, fault.Invalid, "substitute"},
	} {
		wrong := good()
		c.change(&wrong)
		_, err := p.assign(wrong)
		o.isFault(err, c.want, c.where)
		if f := err.(*fault.Error); f.ZH == "" || f.EN == "" || strings.Contains(f.ZH+f.EN, "%!") {
			t.Errorf("%+v: %q %q", wrong, f.ZH, f.EN)
		}
	}
	if got := p.holders(Worker)[west]; got != "演示甲" {
		t.Errorf("the worker is %q", got)
	}
	if _, err := p.assign(Assignment{Grid: west, Post: Worker, Responder: b, Was: &a}); err != nil {
		t.Errorf("as it was seen: %v", err)
	}
}

// Of several who give one vacant post to different people at once, one does; the others are told.
func TestAssignAtOnce(t *testing.T) {
	o := setup(t)
	p := o.planner()
	const at = 6
	var ids [at]ID
	for i := range ids {
		ids[i] = p.worker(fmt.Sprint("演示", i), community)
	}
	errs := make([]error, at)
	var wait sync.WaitGroup
	for i := range at {
		wait.Go(func() { _, errs[i] = p.assign(Assignment{Grid: west, Post: Worker, Responder: ids[i], Was: &ID{}}) })
	}
	wait.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		} else if fault.CodeOf(err) != fault.Conflict {
			t.Errorf("%v, want a conflict", err)
		}
	}
	if n := o.number(`SELECT count(*) FROM posting WHERE until IS NULL`); done != 1 || n != 1 {
		t.Errorf("%d were done, %d hold the post", done, n)
	}
}

// However posts are given, taken and planned, in the past and ahead: nobody holds one together with somebody else; what is said holds from that
// day on, the days before stay as they were; and what is refused changes nothing.
func TestOneHoldsAPostAtATime(t *testing.T) {
	o := setup(t)
	p := o.planner()
	who := []ID{{}, p.worker("演示甲", community), p.worker("演示乙", community), p.worker("演示丙", community)}
	today := o.today()
	const span = 12 // days looked at, back and ahead
	days := func(t *rapid.T, grid layout.Code, post Post) (out [2*span + 1]int64) {
		rows, err := o.db.Owner.Query(context.Background(), `
			SELECT d, coalesce(max(p.responder), 0), count(p.id) FROM generate_series(-$3::integer, $3::integer) d
			LEFT JOIN posting p ON p.grid = $1 AND p.post = $2 AND p.since <= current_date + d AND (p.until IS NULL OR p.until > current_date + d)
			GROUP BY d ORDER BY d`, int64(grid), post, span)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for i := 0; rows.Next(); i++ {
			var d, n int
			if err := rows.Scan(&d, &out[i], &n); err != nil {
				t.Fatal(err)
			}
			if n > 1 {
				t.Fatalf("%d hold %s of %s on day %d", n, post, grid, d)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return out
	}
	rapid.Check(t, func(rt *rapid.T) {
		o.run(`DELETE FROM posting`)
		for range rapid.IntRange(1, 10).Draw(rt, "steps") {
			grid := rapid.SampledFrom([]layout.Code{west, south}).Draw(rt, "grid")
			post := rapid.SampledFrom(Posts).Draw(rt, "post")
			from := rapid.IntRange(-span, span).Draw(rt, "day")
			to := rapid.SampledFrom(who).Draw(rt, "who")
			before := days(rt, grid, post)
			_, err := p.assign(Assignment{Grid: grid, Post: post, Responder: to, Since: today.AddDate(0, 0, from)})
			after := days(rt, grid, post)
			want := before
			if err == nil {
				for i := from + span; i < len(want); i++ {
					want[i] = to.Number
				}
			} else if fault.CodeOf(err) != fault.Conflict || from >= 0 {
				rt.Fatalf("from day %d: %v", from, err)
			}
			if after != want {
				rt.Fatalf("%s of %s to %d from day %d (%v):\n  was  %v\n  is   %v\n  want %v", post, grid, to.Number, from, err, before, after, want)
			}
		}
	})
}

// The database itself refuses a second holder, whoever writes.
func TestTheDatabaseRefusesTwo(t *testing.T) {
	o := setup(t)
	p := o.planner()
	a, b := p.worker("演示甲", community), p.worker("演示乙", community)
	p.gives(west, Worker, a)
	_, err := o.db.Owner.Exec(context.Background(), `INSERT INTO posting (county, grid, post, responder, since) VALUES (110108, $1, 'worker', $2, current_date + 5)`, int64(west), b.Number)
	if err == nil || !strings.Contains(err.Error(), "one_at_a_time") {
		t.Errorf("%v, want it refused", err)
	}
}

// Who holds posts that are to change is named, with who stands in; of other ground nothing is told.
func TestAffected(t *testing.T) {
	o := setup(t)
	p := o.planner()
	a, b := p.worker("演示甲", community), p.worker("演示乙", community)
	if _, err := p.assign(Assignment{Grid: west, Post: Worker, Responder: a, Substitute: &StandIn{b, o.today(), o.today()}}); err != nil {
		t.Fatal(err)
	}
	p.gives(west, Leader, b)
	p.gives(east, Worker, b)
	clerk := o.person("clerk", access.Clerk, community)
	for _, c := range []struct {
		who  person
		east int
	}{{p, 1}, {clerk, 0}} {
		var got map[layout.Code][]Holder
		err := c.who.tx(func(tx pgx.Tx) (err error) {
			got, err = Affected(c.who.ctx, tx, 110108, []layout.Code{west, south, east})
			return err
		})
		if err != nil || len(got[west]) != 2 || got[west][0] != (Holder{west, Worker, a, "演示甲", "演示乙"}) || got[west][1].Name != "演示乙" || len(got[south]) != 0 || len(got[east]) != c.east {
			t.Errorf("%+v %v", got, err)
		}
	}
}
