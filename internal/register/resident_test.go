package register

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
)

func (p person) meet(id ID) (found []Found, err error) {
	err = p.tx(func(tx pgx.Tx) error { found, err = p.book.Meet(p.ctx, tx, id); return err })
	return found, err
}

// Who lives in one grid and lived in another is met with both houses by who sees both, with the one of today by its worker, and not at all by the
// worker of the other.
func TestMeet(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	before := o.livesIn(invented(1), "s1")
	before.Until = date("2021-03-01")
	now := o.livesIn(invented(1), "w1")
	now.Since = date("2021-03-01")
	if _, err := clerk.arrive(now, before); err != nil {
		t.Fatal(err)
	}
	id := ID{county, int64(o.count(`SELECT id::int FROM resident`))}
	for _, c := range []struct {
		p    person
		want string
	}{{clerk, "w1 s1 "}, {o.person(access.Dispatcher, "110108"), "w1 s1 "}, {o.person(access.GridWorker, west), "w1 "}} {
		found, err := c.p.meet(id)
		codes := ""
		for _, f := range found {
			codes += f.Home.Code + " "
			if f.Name != invented(1).Name || f.Card == invented(1).Card {
				t.Errorf("met %q with %q", f.Name, f.Card)
			}
		}
		if err != nil || codes != c.want {
			t.Errorf("met in %q, %v; want %q", codes, err, c.want)
		}
	}
	if n := o.count(`SELECT count(*) FROM audit_entry WHERE action = 'resident.looked' AND subject = $1`, "resident:"+id.String()); n != 3 {
		t.Errorf("%d looks are in the trail, want 3", n)
	}
	for _, p := range []person{o.person(access.GridWorker, south), o.person(access.Clerk, next), o.person(access.Planner, "110108")} {
		_, err := p.meet(id)
		o.isFault(err, fault.NotFound, "")
	}
}

// Whoever types what many houses have in common is given the buildings they are in.
func TestBuildings(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	var building int64
	if err := o.db.Owner.QueryRow(clerk.ctx, `SELECT id FROM building WHERE source = 'way/20'`).Scan(&building); err != nil {
		t.Fatal(err)
	}
	seekAs := func(p person, fragment string) (said string) {
		t.Helper()
		o.book.Addresses = new(Gazetteers)
		if err := o.book.Addresses.Read(clerk.ctx, o.db.App, county); err != nil {
			t.Fatal(err)
		}
		err := p.tx(func(tx pgx.Tx) error {
			found, more, err := o.book.Buildings(p.ctx, tx, county, fragment)
			for _, f := range found {
				said += fmt.Sprint(f.Name, " ", f.Houses, " ")
				if !f.Seen {
					said += "out of sight "
				}
			}
			if more {
				said += "and more"
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	seek := func(fragment string) string { return seekAs(clerk, fragment) }
	if got := seek("明珠"); got != "" {
		t.Errorf("houses without a footprint gave %q", got)
	}
	if _, err := o.db.Owner.Exec(clerk.ctx, `UPDATE house SET building = $1 WHERE code IN ('w1', 'w2', 's1')`, building); err != nil {
		t.Fatal(err)
	}
	for fragment, want := range map[string]string{"明珠": "明珠小区3号楼 3 ", "单元w": "", "单元s1": "", "明": ""} {
		if got := seek(fragment); got != want {
			t.Errorf("%q: %q, want %q", fragment, got, want)
		}
	}
	for p, want := range map[person]string{o.person(access.GridWorker, west): "明珠小区3号楼 3 ", o.person(access.Clerk, next): "明珠小区3号楼 3 out of sight "} {
		if got := seekAs(p, "明珠"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestByNumber(t *testing.T) {
	for _, c := range [][2]string{{"", "1单元"}, {"2单元", "10单元"}, {"东单元", "西单元"}} {
		if byNumber(c[0], c[1]) >= 0 {
			t.Errorf("%q doesn't come before %q", c[0], c[1])
		}
	}
}

func TestBuildingName(t *testing.T) {
	for _, c := range [][5]string{
		{"文苑小区", "1号楼", "邹城市龙山社区安居街79号文苑小区1号楼2单元501室", "龙山社区", "文苑小区1号楼"},
		{"", "82号", "邹城市龙山社区解放路82号102室", "龙山社区", "解放路82号"},
		{"", "", "邹城市龙山社区钟楼", "龙山社区", "钟楼"},
		{"", "82号", "解放路82号", "", "解放路82号"},
	} {
		if got := buildingName(c[0], c[1], c[2], c[3]); got != c[4] {
			t.Errorf("%q, want %q", got, c[4])
		}
	}
}
