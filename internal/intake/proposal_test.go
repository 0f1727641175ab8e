package intake

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

func (d *desk) proposals(ctx context.Context) (all []Proposal) {
	d.Helper()
	err := postgres.InTx(ctx, d.DB, func(tx pgx.Tx) error {
		var n int
		var err error
		all, n, err = d.Proposals(ctx, tx, county, 0, 0)
		if err == nil && n != len(all) {
			err = fmt.Errorf("%d of %d proposals", len(all), n)
		}
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	return all
}

func (d *desk) decide(ctx context.Context, p Proposal, accept bool, left string) error {
	d.Helper()
	var day time.Time
	if left != "" {
		var err error
		if day, err = time.Parse(time.DateOnly, left); err != nil {
			d.Fatal(err)
		}
	}
	return postgres.InTx(ctx, d.DB, func(tx pgx.Tx) error { return d.Decide(ctx, tx, p.ID, accept, day) })
}

// Nobody on record is changed by a file: who turns up in another house, with another name or at another time is a proposal, once; accepted, it is true.
func TestNothingChangesSilently(t *testing.T) {
	d := setup(t)
	ctx := d.settle(50)
	s := residents(0, 8, 50)
	d.is(d.bring(ctx, Residents, town, s.csv()), Tally{Accepted: 8})
	before := d.state()
	s[1] = s.with(s[1], "房屋编号", "h41", "户号", "", "入住日期", "2026-05-01") // moves
	s[2] = s.with(s[2], "姓名", "演示别", "手机号", "15499999999")             // is called otherwise
	s[3] = s.with(s[3], "迁出日期", "2026-02-03")                          // has left
	s[4] = s.with(s[4], "房屋编号", "h44", "户号", "", "入住日期", "2026-05-01") // moves into the next community
	file := s.csv().Bytes()
	for range 2 {
		d.is(d.bring(ctx, Residents, town, bytes.NewReader(file)), Tally{Same: 4, Proposed: 4})
		if now := d.state(); now != before {
			t.Fatalf("was\n%s\nis\n%s", before, now)
		}
	}
	all := d.proposals(ctx)
	kinds := ""
	for _, p := range all {
		kinds += p.Kind + " "
		if p.Home == nil || !strings.Contains(p.Arrival.Card, "*") {
			t.Errorf("%+v", p)
		}
	}
	if kinds != "move differs overlaps move " {
		t.Fatal(kinds)
	}
	if seen := d.proposals(d.as(access.Clerk, next)); len(seen) != 1 {
		t.Errorf("the clerk of the next community sees %d", len(seen))
	}
	clerk := d.as(access.Clerk, next)
	if err := d.decide(clerk, all[3], true, ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("who doesn't keep the old house's register takes somebody out of it: %v", err)
	}
	if err := d.decide(ctx, all[0], true, "1990-01-01"); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("left before they came: %v", err)
	}
	for i, left := range []string{"2026-04-30", "", "", ""} {
		if err := d.decide(ctx, all[i], true, left); err != nil {
			t.Fatalf("%s: %v", all[i].Kind, err)
		}
		if err := d.decide(ctx, all[i], true, left); err != nil {
			t.Errorf("accepted twice: %v", err)
		}
		if err := d.decide(ctx, all[i], false, ""); fault.CodeOf(err) != fault.Conflict {
			t.Errorf("refused after it was accepted: %v", err)
		}
	}
	d.is(d.bring(ctx, Residents, town, bytes.NewReader(file)), Tally{Same: 8})
	if n := d.count(`SELECT count(*) FROM residency WHERE until = '2026-04-30'`); n != 1 {
		t.Errorf("%d left on the day that was given", n)
	}
	if n := d.count(`SELECT count(*) FROM resident r JOIN house h ON h.id = r.house AND h.ground = r.ground WHERE h.code IN ('h41', 'h44')`); n != 2 {
		t.Errorf("%d live where they moved", n)
	}
	if n := d.count(`SELECT count(*) FROM residency WHERE until = '2026-02-03'`); n != 1 {
		t.Errorf("%d have left as the file says", n)
	}
	if len(d.proposals(ctx)) != 0 {
		t.Error("something is still to be decided")
	}
}

// A proposal that was refused doesn't come again.
func TestRefused(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	s := residents(0, 2, 10)
	d.is(d.bring(ctx, Residents, town, s.csv()), Tally{Accepted: 2})
	before := d.state()
	s[1] = s.with(s[1], "房屋编号", "h3", "户号", "", "入住日期", "2026-05-01")
	d.is(d.bring(ctx, Residents, town, s.csv()), Tally{Proposed: 1, Same: 1})
	if err := d.decide(ctx, d.proposals(ctx)[0], false, ""); err != nil {
		t.Fatal(err)
	}
	d.is(d.bring(ctx, Residents, town, s.csv()), Tally{Proposed: 1, Same: 1})
	if len(d.proposals(ctx)) != 0 || d.state() != before {
		t.Error("what was refused came again, or was done")
	}
}

// state is who lives where, without what is sealed.
func (d *desk) state() (s string) {
	d.Helper()
	err := d.db.Owner.QueryRow(d.Context(), `SELECT string_agg(x::text || r::text || coalesce(c::text, ''), E'\n' ORDER BY x.id)
		FROM residency x JOIN resident r ON r.id = x.resident LEFT JOIN care c ON c.resident = r.id`).Scan(&s)
	if err != nil {
		d.Fatal(err)
	}
	return s
}

// Two imports of the same people at once, in opposite orders: everybody is there once, every row is accounted for.
func TestTwoImportsAtOnce(t *testing.T) {
	d := setup(t)
	ctx := d.settle(50)
	const n = 6500
	s := residents(0, n, 50)
	back := sheet{s[0]}
	for i := n; i > 0; i-- {
		back = append(back, s[i])
	}
	var jobs []*Job
	for _, file := range []sheet{s, back} {
		j, err := d.receive(ctx, Residents, town, file.csv())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.change(ctx, j.ID, Change{Act: Start}); err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, j)
	}
	var g errgroup.Group
	for _, j := range jobs {
		g.Go(func() error { return d.Intake.Run(ctx, j.ID, nil) })
		g.Go(func() error { return d.Intake.Run(ctx, j.ID, nil) }) // and another node that wants it, too
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	a, b := d.job(ctx, jobs[0].ID), d.job(ctx, jobs[1].ID)
	if a.State != Done || b.State != Done || a.Accepted+b.Accepted != n || a.Same+b.Same != n {
		t.Errorf("%s %+v\n%s %+v\n%v %v", a.State, a.Tally, b.State, b.Tally, d.problems(a.ID), d.problems(b.ID))
	}
	if found := d.count(`SELECT count(*) FROM resident`); found != n {
		t.Errorf("%d people", found)
	}
}

// An import is paused between two parts, goes on, is cancelled; who has lost the right to it stops it with that reason.
func TestPauseAndCancel(t *testing.T) {
	d := setup(t)
	ctx := d.settle(50)
	j, err := d.receive(ctx, Residents, town, residents(0, 6500, 50).csv())
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []Act{Pause, Resume, "jump"} {
		if _, err := d.change(ctx, j.ID, Change{Act: act}); err == nil {
			t.Errorf("%s of an import that waits", act)
		}
	}
	if _, err := d.change(ctx, j.ID, Change{Mapping: map[string]int{"name": 0}, Act: Start}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("started with half a mapping: %v", err)
	}
	if _, err := d.change(ctx, j.ID, Change{Act: Start}); err != nil {
		t.Fatal(err)
	}
	pauseAt := func(part int) func(*Job) {
		return func(now *Job) {
			if now.NextPart == part {
				if _, err := d.change(ctx, j.ID, Change{Act: Pause}); err != nil {
					t.Error(err)
				}
			}
		}
	}
	if err := d.Intake.Run(ctx, j.ID, pauseAt(1)); err != nil {
		t.Fatal(err)
	}
	now := d.job(ctx, j.ID)
	if now.State != Paused || now.Done != partRows || now.Accepted != partRows || d.count(`SELECT count(*) FROM resident`) != partRows {
		t.Fatalf("%s %+v", now.State, now.Tally)
	}
	if _, err := d.change(ctx, j.ID, Change{Mapping: map[string]int{"name": 1}}); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("its columns are others in the middle: %v", err)
	}
	if _, err := d.change(ctx, j.ID, Change{Act: Resume}); err != nil {
		t.Fatal(err)
	}
	if err := d.Intake.Run(ctx, j.ID, pauseAt(2)); err != nil {
		t.Fatal(err)
	}
	// A role that was taken away meanwhile.
	if _, err := d.change(ctx, j.ID, Change{Act: Resume}); err != nil {
		t.Fatal(err)
	}
	planner := d.as(access.Planner, town)
	taken := postgres.WithActor(ctx, postgres.Actor{Account: postgres.ActorOf(ctx).Account, Scope: postgres.ActorOf(planner).Scope})
	follow, stop := context.WithCancel(t.Context())
	defer stop()
	go d.Follow(follow, func(context.Context, int64) (context.Context, error) { return taken, nil })
	for d.job(ctx, j.ID).State == Running {
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	if now = d.job(ctx, j.ID); now.State != Failed || now.ProblemZH == "" || now.Done != 2*partRows {
		t.Fatalf("%s %s %+v", now.State, now.ProblemZH, now.Tally)
	}
	if _, err := d.change(ctx, j.ID, Change{Act: Start}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.change(ctx, j.ID, Change{Act: Cancel}); err != nil {
		t.Fatal(err)
	}
	if err := d.Intake.Run(ctx, j.ID, nil); err != nil {
		t.Fatal(err)
	}
	if now = d.job(ctx, j.ID); now.State != Cancelled || now.Done != 2*partRows || d.count(`SELECT count(*) FROM intake_part WHERE job = $1`, j.ID.Number) != 0 {
		t.Errorf("%s %+v", now.State, now.Tally)
	}
}

// A row that the database refuses takes no other with it.
func TestARowThatTheDatabaseRefuses(t *testing.T) {
	d := setup(t)
	ctx := d.settle(50)
	if _, err := d.db.Owner.Exec(t.Context(), `ALTER TABLE residency ADD CHECK (relation <> '坏')`); err != nil {
		t.Fatal(err)
	}
	s := residents(0, 100, 50)
	s[50] = s.with(s[50], "与户主关系", "坏")
	j := d.bring(ctx, Residents, town, s.csv())
	d.is(j, Tally{Accepted: 99, Rejected: 1})
	if got := fmt.Sprint(d.problems(j.ID)); got != "map[51:[ refused]]" {
		t.Error(got)
	}
}
