package intake

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"jingwei/internal/access"
	"jingwei/internal/address"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

func (d *desk) unplaced(ctx context.Context, past bool) (all []Unplaced) {
	d.Helper()
	err := postgres.Snapshot(ctx, d.DB, func(tx pgx.Tx) error {
		var n int
		var err error
		if all, n, err = d.Unplaced(ctx, tx, county, past); err == nil && !past && n != len(all) {
			err = fmt.Errorf("%d of %d addresses", len(all), n)
		}
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	return all
}

// house is the number of a house by its code.
func (d *desk) house(code string) register.ID {
	d.Helper()
	return register.ID{County: county, Number: int64(d.count(`SELECT id FROM house WHERE code = $1`, code))}
}

func (d *desk) decided(ctx context.Context, do func(context.Context, pgx.Tx, register.ID) error, id register.ID) error {
	return postgres.InTx(ctx, d.DB, func(tx pgx.Tx) error { return do(ctx, tx, id) })
}

func (d *desk) reopen(ctx context.Context, id register.ID) (out Reopened) {
	d.Helper()
	err := postgres.InTx(ctx, d.DB, func(tx pgx.Tx) (err error) { out, err = d.Reopen(ctx, tx, id); return err })
	if err != nil {
		d.Fatal(err)
	}
	return out
}

// atAddresses are people who don't exist, at addresses.
func atAddresses(from int, addresses ...string) sheet {
	s := sheet{{"姓名", "居住地址", "身份证号", "手机号"}}
	for i, a := range addresses {
		r := aResident(from+i, 10)
		s = append(s, []string{r[0], a, r[4], r[5]})
	}
	return s
}

const granary = "老粮站后院东头第二家"

// An address that leads nowhere is entered once, however often and in whatever width it is written; somebody places it once, what waits for it goes in, and
// the next file knows it. Taken back, it is asked about again.
func TestAnAddressIsPlacedOnce(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	d.is(d.bring(ctx, Residents, town, residents(3, 1, 10).csv()), Tally{Accepted: 1}) // who lives in h3 and turns up in the granary
	s := atAddresses(0, granary, "老粮站 后院，东头第２家", granary, granary, aHouse(4)[7], "没有的地方", granary)
	s[3] = s.with(s[3], "手机号", "没有")
	s[7] = s.with(s[7], "居住地址", aHouse(5)[7])
	file := s.csv().Bytes()
	j := d.bring(ctx, Residents, town, strings.NewReader(string(file)))
	d.is(j, Tally{Accepted: 2, Rejected: 5})
	all := d.unplaced(ctx, false)
	if len(all) != 2 || all[0].Text != granary || all[0].Rows != 4 || all[1].Text != "没有的地方" || all[1].Rows != 1 || all[0].Division != town {
		t.Fatalf("%+v", all)
	}
	if n := d.count(`SELECT count(*) FROM unplaced_address a WHERE a::text LIKE '%' || encode(convert_to('老粮站', 'UTF8'), 'hex') || '%' OR a::text LIKE '%老粮站%'`); n != 0 {
		t.Error("an address is in clear")
	}
	it := all[0].ID

	// Nobody else sees it or decides about it.
	clerk := d.as(access.Clerk, next)
	if seen := d.unplaced(clerk, false); len(seen) != 0 {
		t.Errorf("the clerk of one community sees %d", len(seen))
	}
	for _, who := range []context.Context{clerk, d.as(access.Dispatcher, town), d.as(access.GridWorker, community+"001")} {
		if _, err := d.Place(who, it, d.house("h2")); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("somebody who may not import there placed it: %v", err)
		}
	}
	if _, err := d.Place(ctx, it, register.ID{County: county, Number: 9999}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("placed at no house: %v", err)
	}

	became, err := d.Place(ctx, it, d.house("h2"))
	if err != nil || became != (Tally{Accepted: 2, Proposed: 1, Rejected: 1}) {
		t.Fatalf("%+v %v", became, err)
	}
	d.is(d.job(ctx, j.ID), Tally{Accepted: 4, Proposed: 1, Rejected: 2})
	if got := fmt.Sprint(d.problems(j.ID)); got != "map[4:[手机号 phone] 7:[居住地址 no-address]]" {
		t.Error(got)
	}
	if n := d.count(`SELECT count(*) FROM residency WHERE house = $1`, d.house("h2").Number); n != 2 {
		t.Errorf("%d live there", n)
	}
	if all := d.proposals(ctx); len(all) != 1 || all[0].Kind != "move" || all[0].Line != 5 {
		t.Errorf("%+v", all)
	}
	if n := d.count(`SELECT count(*) FROM audit_entry WHERE action = 'address.placed' AND subject = $1`, "address:"+it.String()); n != 1 {
		t.Errorf("%d entries in the trail", n)
	}
	if _, err := d.Place(ctx, it, d.house("h3")); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("placed at another house as well: %v", err)
	}

	// The same file changes nothing, and the next one knows the address.
	d.is(d.bring(ctx, Residents, town, strings.NewReader(string(file))), Tally{Same: 4, Proposed: 1, Rejected: 2})
	d.is(d.bring(ctx, Residents, town, atAddresses(100, "老粮站后院东头第二家").csv()), Tally{Accepted: 1})
	past := d.unplaced(ctx, true)
	if len(past) != 1 || past[0].Taken != 3 || past[0].Rows != 0 || past[0].House != d.house("h2") || past[0].Address != aHouse(2)[7] || past[0].DecidedBy == "" {
		t.Errorf("%+v", past)
	}

	if got := d.reopen(ctx, it); got != (Reopened{Back: 3, House: d.house("h2")}) {
		t.Errorf("%+v", got)
	}
	d.is(d.job(ctx, j.ID), Tally{Accepted: 2, Rejected: 5})
	j = d.bring(ctx, Residents, town, atAddresses(110, granary).csv())
	d.is(j, Tally{Rejected: 1})
	if err := d.decided(ctx, d.Close, it); err != nil {
		t.Fatal(err)
	}
	d.is(d.bring(ctx, Residents, town, atAddresses(111, granary).csv()), Tally{Rejected: 1})
	if all := d.unplaced(ctx, false); len(all) != 1 || all[0].Text != "没有的地方" {
		t.Errorf("%+v", all)
	}
	if _, err := d.Place(ctx, it, d.house("h2")); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("placed though it is no address: %v", err)
	}
	if got := d.reopen(ctx, it); got != (Reopened{}) {
		t.Errorf("an address that was none: %+v", got)
	}
	if became, err := d.Place(ctx, it, d.house("h1")); err != nil || became != (Tally{Accepted: 4, Proposed: 1}) {
		t.Errorf("%+v %v", became, err)
	}
}

// What a text means is said for the ground that its file is for: the same words are another house in the next community, and a wider file isn't read by what
// was said in a narrower one, which is only offered.
func TestAnAddressIsOfItsFilesGround(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	clerk := d.as(access.Clerk, community)
	const text = "西头大槐树下那家"
	d.is(d.bring(clerk, Residents, community, atAddresses(0, text).csv()), Tally{Rejected: 1})
	it := d.unplaced(clerk, false)[0]
	if _, err := d.Place(clerk, it.ID, d.house("h4")); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("placed in the next community: %v", err)
	}
	if _, err := d.Place(clerk, it.ID, d.house("h1")); err != nil {
		t.Fatal(err)
	}
	d.is(d.bring(ctx, Residents, next, atAddresses(1, text).csv()), Tally{Rejected: 1})
	d.is(d.bring(ctx, Residents, town, atAddresses(2, text).csv()), Tally{Rejected: 1})
	all := d.unplaced(ctx, false)
	if len(all) != 2 || len(all[0].Guesses) != 0 || len(all[1].Guesses) == 0 || !all[1].Guesses[0].Before || all[1].Guesses[0].House != d.house("h1").Number {
		t.Fatalf("%+v", all)
	}
	if _, err := d.Place(ctx, all[1].ID, d.house("h2")); err != nil {
		t.Fatal(err)
	}
	// Of two the nearer one counts; and what was said for the town holds for a community of it where nothing nearer was.
	d.is(d.bring(ctx, Residents, community, atAddresses(3, text).csv()), Tally{Accepted: 1})
	if n := d.count(`SELECT count(*) FROM residency WHERE house = $1`, d.house("h1").Number); n != 2 {
		t.Errorf("%d in the house of the community's own saying", n)
	}
	d.is(d.bring(ctx, Residents, next, atAddresses(4, text).csv()), Tally{Rejected: 1}) // h2 isn't there
}

// A guess says to what level it matched and how sure it is; the best comes first.
func TestGuesses(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	d.is(d.bring(ctx, Residents, town, atAddresses(0, "明珠小区1号楼", "明珠小区1号楼旁边 15499990000", "南楼社区那边").csv()), Tally{Rejected: 3})
	got := map[string]Meaning{}
	for _, u := range d.unplaced(ctx, false) {
		if len(u.Guesses) > 0 {
			got[u.Text] = u.Guesses[0]
		}
	}
	for text, level := range map[string]address.Level{"明珠小区1号楼": address.Building, "明珠小区1号楼旁边 154****0000": address.Building, "南楼社区那边": address.Community} {
		if g, there := got[text]; !there || g.Level != level || g.Sure <= 0 || g.Label == "" {
			t.Errorf("%s: %+v (of %v)", text, g, got)
		}
	}
}

// Who places an address at the moment that another file brings it takes that file's rows in as well; and of several who decide at once one does.
func TestPlacingBesideAnImport(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	d.is(d.bring(ctx, Residents, town, atAddresses(0, granary).csv()), Tally{Rejected: 1})
	it := d.unplaced(ctx, false)[0].ID
	j, err := d.receive(ctx, Residents, town, atAddresses(1, granary, granary).csv())
	if err != nil {
		t.Fatal(err)
	}
	if j, err = d.change(ctx, j.ID, Change{Act: Start}); err != nil {
		t.Fatal(err)
	}
	taker, err := d.taker(ctx, j)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := d.part(ctx, j.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := taker.check(ctx, rows) // nobody has placed it yet
	if err != nil {
		t.Fatal(err)
	}
	var g errgroup.Group
	done := make([]error, 6)
	for i := range done {
		g.Go(func() error { _, done[i] = d.Place(ctx, it, d.house(fmt.Sprintf("h%d", i%2))); return nil })
	}
	_ = g.Wait()
	well := 0
	for _, err := range done {
		if err == nil {
			well++
		} else if fault.CodeOf(err) != fault.Conflict {
			t.Error(err)
		}
	}
	if well != 3 {
		t.Errorf("%d of six who said two different things were right: %v", well, done)
	}
	c := partOf(0, len(rows), checked, nil)
	if _, err := d.take(ctx, j, c); err != nil {
		t.Fatal(err)
	}
	if len(c.late) != 1 || c.late[0] != it {
		t.Fatalf("%v", c.late)
	}
	if _, err := d.placing(ctx, it, 0); err != nil {
		t.Fatal(err)
	}
	d.is(d.job(ctx, j.ID), Tally{Accepted: 2})
	if n := d.count(`SELECT count(DISTINCT house) FROM residency`); n != 1 {
		t.Errorf("they live in %d houses", n)
	}
	if n := d.count(`SELECT count(*) FROM residency`); n != 3 {
		t.Errorf("%d live there", n)
	}
}

// With the rows of an import that is long over those are gone that wait for an address; what it means isn't, and a file that brings it again lets it be asked about.
func TestRowsThatWaitTooLong(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	file := atAddresses(0, granary, "没有的地方").csv().Bytes()
	d.is(d.bring(ctx, Residents, town, strings.NewReader(string(file))), Tally{Rejected: 2})
	all := d.unplaced(ctx, false)
	if _, err := d.Place(ctx, all[0].ID, d.house("h2")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.db.Owner.Exec(t.Context(), `UPDATE intake_job SET ended_at = now() - interval '31 days'`); err != nil {
		t.Fatal(err)
	}
	d.tidy(context.Background())
	if n := d.count(`SELECT (SELECT count(*) FROM unplaced_row) + (SELECT count(*) FROM intake_part)`); n != 0 {
		t.Errorf("%d rows and parts are kept\n%s", n, d.log.String())
	}
	if left := d.unplaced(ctx, false); len(left) != 0 {
		t.Errorf("%+v", left)
	}
	d.is(d.bring(ctx, Residents, town, strings.NewReader(string(file))), Tally{Same: 1, Rejected: 1})
	if left := d.unplaced(ctx, false); len(left) != 1 || left[0].ID != all[1].ID {
		t.Errorf("%+v", left)
	}
}
