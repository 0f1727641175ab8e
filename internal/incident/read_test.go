package incident

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// The pages of a list are all of it, each once, the newest first, also while others are reported.
func TestListPages(t *testing.T) {
	o := setup(t)
	d := o.dispatcher("li", "110108")
	var want []ID
	for n := range 23 {
		r := fire()
		r.Lon += float64(n%2) * 0.003 // by turns in south
		if n%3 == 0 {
			r.Kind, r.Severity = "noise", Critical
		}
		want = append(want, d.mustReport(r).ID)
	}
	slices.Reverse(want)
	var got []ID
	f := Filter{Limit: 5}
	for {
		page, err := d.list(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Incidents {
			got = append(got, i.ID)
		}
		if f.Cursor == "" && page.Total != 23 {
			t.Errorf("total %d", page.Total)
		}
		if f.Cursor = page.Cursor; f.Cursor == "" {
			break
		}
		d.mustReport(fire())
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for _, c := range []struct {
		f     Filter
		total int
	}{{Filter{Within: "110108014001002"}, 11}, {Filter{Kind: "noise"}, 8}, {Filter{Group: "environment"}, 8}, {Filter{Group: "safety", Severity: Critical}, 0}, {Filter{Severity: Critical, Within: "110108014001001"}, 4}, {Filter{Within: "110108014002"}, 0}} {
		page, err := d.list(c.f)
		if err != nil || page.Total != c.total || len(page.Incidents) != c.total {
			t.Errorf("%+v: %d of %d (%v), want %d", c.f, len(page.Incidents), page.Total, err, c.total)
		}
	}
	for _, f := range []Filter{{Cursor: "-3"}, {Kind: "ufo"}, {Group: "ufo"}, {Severity: 7}, {Within: "1101"}, {Within: "11010801400100x"}} {
		_, err := d.list(f)
		o.isFault(err, fault.Invalid)
	}
}

// The history of a place is what happened in the same building or within 100 m, of what one may see.
func TestHistory(t *testing.T) {
	o := setup(t)
	all := o.everybody()
	at := func(lon, lat float64, special string) ID {
		r := fire()
		r.Lon, r.Lat, r.Grid = lon, lat, Nearest
		if special != "" {
			r.Special = special
		}
		return all.mustReport(r).ID
	}
	near := at(116.3207, 40.0007, "") // 28 m
	secret := at(116.3206, 40.0005, "mental")
	at(116.3205, 40.00145, "")         // 105 m
	edge := at(116.3205, 40.00138, "") // 98 m
	o.run(`UPDATE incident SET building = 7, building_m = 0 WHERE id = $1`, at(116.3235, 40.0025, "").Number)
	far := o.number(`SELECT id FROM incident WHERE building = 7`)
	of := at(116.3205, 40.0005, "")
	o.run(`UPDATE incident SET building = 7, building_m = 0 WHERE id = $1`, of.Number)
	for _, c := range []struct {
		who  person
		want []int64
	}{
		{all, []int64{far, edge.Number, secret.Number, near.Number}},
		{o.dispatcher("li", "110108"), []int64{far, edge.Number, near.Number}},
		{o.dispatcher("wu", "110108014001001"), []int64{edge.Number, near.Number}},
	} {
		var got []int64
		err := o.db.InTx(c.who.ctx, func(tx pgx.Tx) error {
			i, err := o.desk.Look(c.who.ctx, tx, of)
			if err != nil {
				return err
			}
			history, err := o.desk.History(c.who.ctx, tx, i)
			for _, h := range history {
				got = append(got, h.ID.Number)
			}
			return err
		})
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("account %d: %v (%v), want %v", c.who.actor.Account, got, err, c.want)
		}
	}
}

// Whom to call is shown to who may know it, for a reason, and the trail has both; what the trail doesn't take isn't shown.
func TestUnmask(t *testing.T) {
	o := setup(t)
	d := o.dispatcher("li", "110108")
	r := fire()
	r.Text = "五楼有人打架，电话 13800001234"
	r.Contact = Contact{"欧阳 娜娜", "０１０－６２７８ ２０５１"}
	id := d.mustReport(r).ID
	u, err := d.unmask(id, " 回访核实 \n")
	if err != nil || *u != (Unmasked{Contact{"欧阳 娜娜", "010-6278 2051"}, r.Text}) {
		t.Errorf("%+v (%v)", u, err)
	}
	entry := func() (reason string, place, account int64) {
		err := o.db.Owner.QueryRow(context.Background(), `SELECT reason, place, account FROM audit_entry WHERE action = $1 AND subject = $2`,
			audit.IncidentUnmasked, "incident:"+id.String()).Scan(&reason, &place, &account)
		if err != nil {
			t.Fatal(err)
		}
		return reason, place, account
	}
	if reason, place, account := entry(); reason != "回访核实" || place != west || account != d.actor.Account {
		t.Errorf("the trail has %q %d %d", reason, place, account)
	}
	_, err = d.unmask(id, "回 访")
	o.isFault(err, fault.Invalid)
	_, err = d.unmask(id, strings.Repeat("因", 201))
	o.isFault(err, fault.Invalid)
	_, err = o.person("qian", []access.Grant{{Role: access.Leader, Code: "110108"}}).unmask(id, "回访核实")
	o.isFault(err, fault.Forbidden)
	_, err = o.dispatcher("wu", "110108014002").unmask(id, "回访核实")
	o.isFault(err, fault.NotFound)
	err = postgres.Snapshot(d.ctx, o.db.App, func(tx pgx.Tx) error { // where no entry can be written
		_, err := o.desk.Unmask(d.ctx, tx, id, "回访核实")
		return err
	})
	if err == nil {
		t.Error("shown without an entry")
	}
	if n := o.number(`SELECT count(*) FROM audit_entry WHERE action = $1`, audit.IncidentUnmasked); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
}
