package register

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
)

func (p person) unmask(id ID, reason string) (c Clear, err error) {
	err = p.tx(func(tx pgx.Tx) error { c, err = p.book.Unmask(p.ctx, tx, id, reason); return err })
	return c, err
}

func TestUnmask(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	who := invented(1)
	if _, err := clerk.arrive(o.livesIn(who, "w1")); err != nil {
		t.Fatal(err)
	}
	id := ID{county, int64(o.count(`SELECT id::int FROM resident`))}
	for _, p := range []person{clerk, o.person(access.GridWorker, west), o.person(access.Dispatcher, "110108")} {
		if c, err := p.unmask(id, "上门核实情况 "+who.Phone); err != nil || c != (Clear{who.Name, who.Card, who.Phone}) {
			t.Error(c, err)
		}
	}
	if n := o.count(`SELECT count(*) FROM audit_entry WHERE action = 'resident.unmasked' AND reason LIKE '上门核实情况 154****%'`); n != 3 {
		t.Errorf("%d looks are in the trail with their reason, numbers in it masked; want 3", n)
	}
	_, err := clerk.unmask(id, "看")
	o.isFault(err, fault.Invalid, "reason")
	for _, p := range []person{o.person(access.GridWorker, south), o.person(access.Clerk, next), o.person(access.Planner, "110108")} {
		_, err := p.unmask(id, "上门核实情况")
		o.isFault(err, fault.NotFound, "")
	}
}

func TestFragment(t *testing.T) {
	o := setup(t)
	clerk := o.settle()
	o.book.Addresses = new(Gazetteers)
	if err := o.book.Addresses.Read(clerk.ctx, o.db.App, county); err != nil {
		t.Fatal(err)
	}
	seek := func(fragment string) (codes string) {
		t.Helper()
		err := clerk.tx(func(tx pgx.Tx) error {
			houses, _, err := o.book.Fragment(clerk.ctx, tx, county, fragment)
			for _, h := range houses {
				codes += h.Code + " "
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return codes
	}
	for fragment, want := range map[string]string{
		"明珠": "e1 s1 s2 w1 w2 ", "小区３号 楼": "e1 s1 s2 w1 w2 ", "元Ｓ1室": "s1 ", "楼2单元w2": "w2 ", "西苑": "", "海淀": "",
		"珠明": "", "小区明珠": "", // its pairs are all there, and not in a row
	} {
		if got := seek(fragment); got != want {
			t.Errorf("%q: %q, want %q", fragment, got, want)
		}
	}
	err := clerk.tx(func(tx pgx.Tx) error { _, _, err := o.book.Fragment(clerk.ctx, tx, county, " 明 "); return err })
	o.isFault(err, fault.Invalid, "fragment")
}
