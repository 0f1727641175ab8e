package organisation

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/creditcode"
	"jingwei/internal/fault"
	"jingwei/internal/register"
)

// Each sees what is on their ground: a grid worker what is in their grid, in houses and at places of their own, and nobody anything of a neighbour's.
func TestWhoSeesWhat(t *testing.T) {
	o := setup(t)
	clerk := o.person(access.Clerk, town)
	w, s, e := clerk.house("w", 0), clerk.house("s", 2), clerk.house("e", 4)
	if _, err := clerk.take(shop("示例西店", w), shop("示例南店", s), shop("示例东店", e), stall("示例西厂", 1), stall("示例南厂", 3), stall("示例东厂", 4)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		role access.Role
		code string
		want []string
	}{
		{access.GridWorker, west, []string{"示例西厂", "示例西店"}}, {access.GridWorker, south, []string{"示例南厂", "示例南店"}}, {access.Clerk, next, []string{"示例东厂", "示例东店"}},
		{access.Dispatcher, community, []string{"示例南厂", "示例南店", "示例西厂", "示例西店"}}, {access.Clerk, "110105", nil}, {access.Planner, town, nil}, {access.Leader, town, nil},
	} {
		got := names(o.person(c.role, c.code).search("示例"))
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s of %s sees %v, want %v", c.role, c.code, got, c.want)
		}
	}
	worker := o.person(access.GridWorker, west)
	if _, err := worker.take(shop("示例新店", s)); err == nil {
		t.Error("a grid worker put an organisation into another grid")
	}
	if _, err := worker.take(stall("示例新厂", 3)); err == nil {
		t.Error("a grid worker put an organisation onto another grid's ground")
	}
	if _, err := worker.take(shop("示例新店", w), stall("示例新厂", 1)); err != nil {
		t.Error(err)
	}
	for who, p := range map[string]person{"dispatcher": o.person(access.Dispatcher, town), "leader": o.person(access.Leader, town)} {
		if _, err := p.take(shop("示例他店", w)); err == nil {
			t.Errorf("a %s wrote into the register", who)
		}
	}
}

// Whom to ask for is sealed, shown masked, and in clear for a reason alone, which the trail keeps.
func TestWhomToAskForIsSealed(t *testing.T) {
	o := setup(t)
	clerk := o.person(access.Clerk, town)
	w := clerk.house("w", 0)
	if _, err := clerk.take(shop("示例西店", w)); err != nil {
		t.Fatal(err)
	}
	var raw []byte
	if err := o.db.Owner.QueryRow(clerk.ctx, `SELECT convert_to(string_agg(o::text, ' '), 'UTF8') FROM organisation o`).Scan(&raw); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("演示经营者")) || bytes.Contains(raw, []byte("15400001234")) {
		t.Error("the row has them in clear")
	}
	one := clerk.search("示例")[0]
	if one.Contact != "演***者" || one.Phone != "154****1234" || one.Grid != 110108014001001 || one.House.Number != w.Number || one.Community != "南楼社区" || one.Staff != 3 {
		t.Errorf("%+v", one)
	}
	show := func(p person, reason string) (c Clear, err error) {
		err = p.tx(func(tx pgx.Tx) error { c, err = p.book.Unmask(p.ctx, tx, one.ID, reason); return err })
		return c, err
	}
	if c, err := show(clerk, "消防检查联系 13812345678"); err != nil || c.Contact != "演示经营者" || c.Phone != "15400001234" {
		t.Errorf("%+v %v", c, err)
	}
	if n := o.count(`SELECT count(*) FROM audit_entry WHERE action = 'organisation.unmasked' AND subject = 'organisation:' || $1 AND reason LIKE '消防检查联系 138****5678'`, one.ID.String()); n != 1 {
		t.Errorf("%d entries in the trail", n)
	}
	if _, err := show(clerk, "x"); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("without a reason: %v", err)
	}
	if c, err := show(o.person(access.GridWorker, south), "消防检查联系"); fault.CodeOf(err) != fault.NotFound || c != (Clear{}) {
		t.Errorf("another grid's worker: %+v %v", c, err)
	}
}

// The same again is the same; what differs is changed under its number; without a code, name and house say which one it is.
func TestTakenTwice(t *testing.T) {
	o := setup(t)
	clerk := o.person(access.Clerk, town)
	w, s := clerk.house("w", 0), clerk.house("s", 2)
	code, err := creditcode.Make("91", "790108", 7)
	if err != nil {
		t.Fatal(err)
	}
	known := stall("示例工厂", 1)
	known.Code = string(code)
	all := []New{shop("示例店", w), shop("示例店", s), known}
	for i, want := range []register.Taken{{Added: 3}, {Same: 3}} {
		if got, err := clerk.take(all...); err != nil || got != want {
			t.Errorf("time %d: %+v %v", i+1, got, err)
		}
	}
	was := clerk.search(string(code))[0]
	known.Name, known.Phone, known.House = "示例工厂改名", "", s // it moved into a house
	for i, want := range []register.Taken{{Changed: 1}, {Same: 1}} {
		if got, err := clerk.take(known); err != nil || got != want {
			t.Errorf("changed, time %d: %+v %v", i+1, got, err)
		}
	}
	is := clerk.search(" " + strings.ToLower(string(code)))[0]
	if is.ID != was.ID || is.Name != "示例工厂改名" || is.Phone != "" || is.Contact != "演**人" || is.House.Number != s.Number || is.Lon == was.Lon {
		t.Errorf("%+v was %+v", is, was)
	}
	var here []Organisation
	if err := clerk.tx(func(tx pgx.Tx) (err error) {
		here, err = clerk.book.InHouse(clerk.ctx, tx, register.ID{County: county, Number: s.Number})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := names(here); !slices.Equal(got, []string{"示例工厂改名", "示例店"}) {
		t.Errorf("in the house: %v", got)
	}
	for _, text := range []string{"店", "", "917901080000000700"} {
		err := clerk.tx(func(tx pgx.Tx) error { _, _, err := clerk.book.Search(clerk.ctx, tx, county, text); return err })
		if fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q: %v", text, err)
		}
	}
	if got := clerk.search("100%_"); len(got) != 0 {
		t.Errorf("signs of patterns find %v", got)
	}
}

// When a house comes onto another community's ground, what is in it goes along, whoever moves it.
func TestWhatIsInAHouseGoesWithIt(t *testing.T) {
	o := setup(t)
	clerk := o.person(access.Clerk, town)
	w := clerk.house("w", 0)
	if _, err := clerk.take(shop("示例店", w)); err != nil {
		t.Fatal(err)
	}
	clerk.house("w", 4)
	if got := o.person(access.Clerk, next).search("示例店"); len(got) != 1 || got[0].Grid != 110108014002001 {
		t.Errorf("the neighbour sees %v", got)
	}
	if got := o.person(access.GridWorker, west).search("示例店"); len(got) != 0 {
		t.Errorf("the grid that it left sees %v", got)
	}
}

func TestKindsAreRead(t *testing.T) {
	for word, want := range map[string]Kind{"": Other, "企业": Company, "个体": Trader, "hospital": Hospital, "民办非企业单位": Society, "村委会": Committee} {
		if k, known := ParseKind(word); !known || k != want {
			t.Errorf("%q is %q, %t", word, k, known)
		}
	}
	if k, known := ParseKind("帮派"); known {
		t.Errorf("帮派 is %q", k)
	}
}
