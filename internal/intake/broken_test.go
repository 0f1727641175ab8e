package intake

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"jingwei/internal/access"
)

// brokenHouses are houses of several parts of which some come back: twice in the file, over parts and within one, in a building that isn't there before the same
// house comes as it should, on no ground. good is how many there are in the end.
func brokenHouses(parts int) (s sheet, good, bad int) {
	s = houses(parts * partRows)
	for i := 5; i < len(s)-1-partRows; i += 101 {
		switch i % 4 {
		case 0:
			s[1+i+partRows] = s[1+i]
		case 1:
			s[2+i] = s[1+i]
		case 2:
			s[1+i+partRows] = s[1+i]
			s[1+i] = s.with(s[1+i], "楼栋标识", "nowhere")
		default:
			s[1+i] = s.with(s[1+i], "经度", "100.5", "社区编码", "")
		}
		bad++
	}
	return s, len(s) - 1 - bad, bad
}

// start receives a file of houses and starts it.
func (d *desk) start(ctx context.Context, s sheet) *Job {
	d.Helper()
	j, err := d.receive(ctx, Houses, town, s.csv())
	if err != nil {
		d.Fatal(err)
	}
	if j, err = d.change(ctx, j.ID, Change{Act: Start}); err != nil {
		d.Fatal(err)
	}
	return j
}

// An import that is broken off anywhere, or paused, goes on and comes to the same as one that isn't: nothing twice, nothing lost, the same rows come back.
func TestABrokenImportOfHousesComesToTheSame(t *testing.T) {
	d := setup(t)
	ctx := d.as(access.Clerk, town)
	s, good, bad := brokenHouses(6)
	j := d.start(ctx, s)
	r := rand.New(rand.NewPCG(1, 2))
	breaks := 0
	for d.job(ctx, j.ID).State != Done {
		run, stop := context.WithCancel(ctx)
		most := time.Duration(20+r.IntN(400)) * time.Millisecond
		timer := time.AfterFunc(most, func() {
			if breaks%3 == 2 {
				_, _ = d.change(ctx, j.ID, Change{Act: Pause})
			} else {
				stop()
			}
		})
		if err := d.Intake.Run(run, j.ID, nil); err != nil && ctx.Err() == nil && run.Err() == nil {
			t.Fatal(err)
		}
		timer.Stop()
		stop()
		if d.job(ctx, j.ID).State == Paused {
			if _, err := d.change(ctx, j.ID, Change{Act: Resume}); err != nil {
				t.Fatal(err)
			}
		}
		if breaks++; breaks > 200 {
			t.Fatal("it doesn't come to an end")
		}
	}
	t.Logf("broken off %d times", breaks-1)
	d.is(d.job(ctx, j.ID), Tally{Accepted: good, Rejected: bad})
	if n := d.count(`SELECT count(*) FROM house`); n != good {
		t.Errorf("%d houses, want %d", n, good)
	}
	d.is(d.bring(ctx, Houses, town, s.csv()), Tally{Same: good, Rejected: bad})
}

// The same file twice at the same time: each house is somebody's, and of each import every row became something.
func TestTheSameHousesTwiceAtTheSameTime(t *testing.T) {
	d := setup(t)
	ctx := d.as(access.Clerk, town)
	s, good, bad := brokenHouses(4)
	one, two := d.start(ctx, s), d.start(ctx, s)
	var g errgroup.Group
	for _, j := range []*Job{one, two} {
		g.Go(func() error { return d.Intake.Run(ctx, j.ID, nil) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	one, two = d.job(ctx, one.ID), d.job(ctx, two.ID)
	if one.Accepted+two.Accepted != good || one.Same+two.Same != good || one.Rejected != bad || two.Rejected != bad || one.State != Done || two.State != Done {
		t.Errorf("%+v and %+v of %d good and %d bad rows", one.Tally, two.Tally, good, bad)
	}
	if n := d.count(`SELECT count(*) FROM house`); n != good {
		t.Errorf("%d houses, want %d", n, good)
	}
}

// What was cancelled is what was through by then: its rows are what became of them, and the file again brings the rest.
func TestACancelledImportOfHouses(t *testing.T) {
	d := setup(t)
	ctx := d.as(access.Clerk, town)
	s, good, bad := brokenHouses(6)
	j := d.start(ctx, s)
	err := d.Intake.Run(ctx, j.ID, func(now *Job) {
		if now.NextPart == 2 {
			if _, err := d.change(ctx, j.ID, Change{Act: Cancel}); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	now := d.job(ctx, j.ID)
	if n := d.count(`SELECT count(*) FROM house`); now.State != Cancelled || n != now.Accepted || now.sum() != now.Done || now.Done != 2*partRows {
		t.Errorf("%s with %+v of %d rows, and %d houses", now.State, now.Tally, now.Done, n)
	}
	d.is(d.bring(ctx, Houses, town, s.csv()), Tally{Accepted: good - now.Accepted, Same: now.Accepted, Rejected: bad})
}

// A house whose address takes itself back isn't put where that leads.
func TestAHouseIsPutWhereItsAddressLeadsForSure(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	s := houses(1)
	for i, address := range []string{"南楼社区明珠小区1号楼1单元101室", "南楼社区明珠小区1号楼1单元101室，已拆除", "南楼社区明珠小区1号楼1单元101室（错误）"} {
		s = append(s, s.with(s[1], "房屋编号", "new"+string(rune('1'+i)), "标准地址", address, "经度", "", "纬度", ""))
	}
	j := d.bring(ctx, Houses, town, s.csv())
	d.is(j, Tally{Accepted: 1, Same: 1, Rejected: 2})
	if got := fmt.Sprint(d.problems(j.ID)); got != "map[4:[标准地址 no-place] 5:[标准地址 no-place]]" {
		t.Error(got)
	}
}

// What goes back for its building is nobody's double, whether the import was broken off between the two or not.
func TestWhatWentBackIsNobodysDouble(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	facilities := sheet{{"设施编码", "名称", "类型", "楼栋标识", "经度", "纬度"}}
	for i := range partRows + 1 {
		facilities = append(facilities, []string{fmt.Sprintf("f%d", i), fmt.Sprintf("示例学校%d", i), "学校", "", fmt.Sprintf("%.7f", 116.3202+float64(i)/1e7), "40.0002000"})
	}
	for kind, s := range map[Kind]sheet{Organisations: organisations(partRows+1, 10), Facilities: facilities} {
		good := s[2]
		s[1+partRows] = good
		s[2] = s.with(good, "楼栋标识", "nowhere")
		j, err := d.receive(ctx, kind, town, s.csv())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.change(ctx, j.ID, Change{Act: Start}); err != nil {
			t.Fatal(err)
		}
		first, stop := context.WithCancel(ctx)
		if err := d.Intake.Run(first, j.ID, func(now *Job) { stop() }); err != nil {
			t.Fatal(err)
		}
		stop()
		if now := d.job(ctx, j.ID); now.NextPart != 1 {
			t.Fatalf("%s: broken off before part %d", kind, now.NextPart)
		}
		if err := d.Intake.Run(ctx, j.ID, nil); err != nil {
			t.Fatal(err)
		}
		d.is(d.job(ctx, j.ID), Tally{Accepted: partRows, Rejected: 1})
	}
}
