package responder

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/vault"
)

func text(s string) *string { return &s }
func yes(b bool) *bool      { return &b }

// Somebody is put on the roll, changed, gives up work and comes back; each leaves its line in the trail, and no number in clear anywhere.
func TestRoll(t *testing.T) {
	o := setup(t)
	p := o.planner()
	o.run(`INSERT INTO account (name, display, kind, division) VALUES ('li', '李', 'person', '110108014001'), ('far', '远', 'person', '110105'), ('robot', '机', 'machine', '110108')`)
	made, err := p.add(Draft{Kind: "grid-worker", Name: " 演示\u202e 甲\n", Phone: "１９９ 9999 0001", Division: "110108014001", Account: " LI "})
	if err != nil {
		t.Fatal(err)
	}
	if made.Name != "演示 甲" || made.Phone != "199 **** 0001" || made.Account != "li" || made.DivisionName != "南楼社区" || made.Ended != nil || len(made.Posts) != 0 {
		t.Errorf("%+v", made)
	}
	if phone, err := p.unmask(made.ID, "安排值班表"); err != nil || phone != "199 9999 0001" {
		t.Errorf("%q %v", phone, err)
	}
	p.gives(west, Worker, made.ID)
	changed, err := p.change(made.ID, Change{Name: text("演示乙"), Phone: text("19999990002"), Kind: text("grid-leader"), Account: text("")})
	if err != nil || changed.Name != "演示乙" || changed.Kind != GridLeader || changed.Account != "" || changed.Phone != "199****0002" || len(changed.Posts) != 1 {
		t.Errorf("%+v %v", changed, err)
	}
	_, err = p.change(made.ID, Change{Kind: text("police")})
	o.isFault(err, fault.Conflict, "kind")
	ended, err := p.change(made.ID, Change{Ended: yes(true)})
	if err != nil || ended.Ended == nil || len(ended.Posts) != 0 || p.holders(Worker)[west] != "" {
		t.Errorf("%+v %v", ended, err)
	}
	if got := p.names(Filter{Within: town}); len(got) != 0 {
		t.Errorf("who has ended is listed: %v", got)
	}
	if got := p.names(Filter{Within: town, Ended: true}); !slices.Equal(got, []string{"演示乙"}) {
		t.Errorf("of those who have ended: %v", got)
	}
	if back, err := p.change(made.ID, Change{Ended: yes(false)}); err != nil || back.Ended != nil {
		t.Errorf("%+v %v", back, err)
	}
	var actions string
	err = o.db.Owner.QueryRow(context.Background(), `SELECT string_agg(action || ' ' || reason, '; ' ORDER BY id) FROM audit_entry WHERE subject = $1`, made.ID.subject()).Scan(&actions)
	want := "responder.added ; responder.unmasked 安排值班表; post.assigned ; responder.changed ; responder.ended ; responder.returned "
	if err != nil || actions != want {
		t.Errorf("the trail has %q (%v), want %q", actions, err, want)
	}
	if n := o.number(`SELECT count(*) FROM (SELECT (to_jsonb(r) - 'phone' - 'phone_index')::text FROM responder r UNION ALL SELECT (to_jsonb(e) - 'mac')::text FROM audit_entry e) x (t)
		WHERE t LIKE '%9999 0001%' OR t LIKE '%19999990002%'`); n != 0 {
		t.Errorf("%d rows have a number in clear", n)
	}
	if n := o.number(`SELECT count(*) FROM responder WHERE position('1999'::bytea IN phone) = 0 AND length(phone) > 20`); n != 1 {
		t.Error("the number isn't sealed")
	}
	if n := o.number(`SELECT count(*) FROM responder WHERE phone_index = $1`, o.roll.Vault.Index(phonePurpose, "19999990002")); n != 1 {
		t.Errorf("%d are found by the number, want 1", n)
	}
}

// What is wrong says where, and changes nothing.
func TestRollRefuses(t *testing.T) {
	o := setup(t)
	p := o.planner()
	o.run(`INSERT INTO account (name, display, kind, division) VALUES ('li', '李', 'person', '110108014001'), ('far', '远', 'person', '110105'), ('robot', '机', 'machine', '110108')`)
	good := Draft{Kind: "grid-worker", Name: "演示甲", Division: community, Account: "li"}
	id, err := p.add(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change func(*Draft)
		want   fault.Code
		where  string
	}{
		{func(d *Draft) { d.Kind = "ufo" }, fault.Invalid, "kind"},
		{func(d *Draft) { d.Name = " \x00 " }, fault.Invalid, "name"},
		{func(d *Draft) { d.Name = strings.Repeat("长", 41) }, fault.Invalid, "name"},
		{func(d *Draft) { d.Phone = "call me" }, fault.Invalid, "phone"},
		{func(d *Draft) { d.Division = "12" }, fault.Invalid, "division"},
		{func(d *Draft) { d.Division = "110108099" }, fault.NotFound, "division"},
		{func(d *Draft) { d.Division = "110105" }, fault.Forbidden, ""},
		{func(d *Draft) { d.Account = "nobody" }, fault.Invalid, "account"},
		{func(d *Draft) { d.Account = "far" }, fault.Invalid, "account"},   // on other ground
		{func(d *Draft) { d.Account = "robot" }, fault.Invalid, "account"}, // no person
		{func(d *Draft) { d.Account = "li" }, fault.Conflict, "account"},   // another's
	} {
		d := good
		d.Account = ""
		c.change(&d)
		_, err := p.add(d)
		o.isFault(err, c.want, c.where)
		if n := o.number(`SELECT count(*) FROM responder`); n != 1 {
			t.Fatalf("%+v was put on the roll", d)
		}
	}
	for _, c := range []struct {
		change Change
		want   fault.Code
		where  string
	}{
		{Change{Name: text("")}, fault.Invalid, "name"},
		{Change{Division: text("110105")}, fault.Forbidden, ""},
		{Change{Account: text("far")}, fault.Invalid, "account"},
	} {
		_, err := p.change(id.ID, c.change)
		o.isFault(err, c.want, c.where)
	}
	_, err = p.change(ID{110108, 99}, Change{Name: text("x")})
	o.isFault(err, fault.NotFound, "")
	_, err = p.unmask(id.ID, "x")
	o.isFault(err, fault.Invalid, "reason")
	_, err = p.unmask(id.ID, "安排值班表")
	o.isFault(err, fault.NotFound, "") // there is no number
	for _, s := range []string{"110108", "110108-0", "110108-01", "x-1", "110108-1x"} {
		_, err := ParseID(s)
		o.isFault(err, fault.NotFound, "")
	}
	if n := o.number(`SELECT count(*) FROM audit_entry`); n != 1 {
		t.Errorf("the trail has %d entries, want the one of what was done", n)
	}
}

// Each sees who belongs or works on their ground, and changes nobody elsewhere; a foreign town is as if it weren't there, in the database too.
func TestRollIsWithinTheScope(t *testing.T) {
	o := setup(t)
	planner := o.planner()
	a, b, c := planner.worker("演示甲", community), planner.worker("演示乙", "110108014002"), planner.worker("演示丙", "110108")
	planner.gives(west, Worker, a)
	planner.gives(west, Leader, c) // belongs to the county
	planner.gives(east, Worker, b)
	if _, err := planner.assign(Assignment{Grid: east, Post: Worker, Responder: b, Substitute: &StandIn{a, o.today(), o.today().AddDate(0, 0, 3)}}); err != nil {
		t.Fatal(err)
	}
	o.run(`INSERT INTO division (code, county, level, name, source) VALUES ('110105001', 110105, 'town', '邻镇', 'test')`)
	for _, w := range []struct {
		who    person
		within string
		sees   []string
		calls  int // of a, b, c
		grids  int
	}{
		{o.person("dispatcher", access.Dispatcher, town), town, []string{"演示丙", "演示乙", "演示甲"}, 3, 4},
		{o.person("clerk", access.Clerk, community), community, []string{"演示丙", "演示甲"}, 2, 3},
		{o.person("east", access.Clerk, "110108014002"), town, []string{"演示乙", "演示甲"}, 2, 1},
		{o.person("worker", access.GridWorker, west.String()), west.String(), []string{"演示丙", "演示甲"}, 2, 1},
		{o.person("leader", access.Leader, town), town, []string{"演示丙", "演示乙", "演示甲"}, 0, 4},
		{o.person("empty", access.Clerk, "110108015"), "110108", nil, 0, 0},
		{o.person("foreign", access.Planner, "110105001"), "110105001", nil, 0, 0},
	} {
		if got := w.who.names(Filter{Within: w.within}); !slices.Equal(got, w.sees) {
			t.Errorf("%v sees %v, want %v", audit.CallerOf(w.who.ctx).Name, got, w.sees)
		}
		found, calls := 0, 0
		for _, id := range []ID{a, b, c} {
			if _, err := w.who.find(id); err == nil {
				found++
			} else {
				o.isFault(err, fault.NotFound, "")
			}
			if _, err := w.who.unmask(id, "安排值班表"); err == nil {
				calls++
			}
		}
		if found != len(w.sees) || calls != w.calls {
			t.Errorf("%v finds %d and calls %d, want %d and %d", audit.CallerOf(w.who.ctx).Name, found, calls, len(w.sees), w.calls)
		}
		if page, err := w.who.posts(PostFilter{Within: w.within}); err != nil || page.Live != w.grids || len(page.Grids) != w.grids {
			t.Errorf("%v sees the posts of %+v (%v), want %d grids", audit.CallerOf(w.who.ctx).Name, page, err, w.grids)
		}
	}
}

// Who may not, writes nothing: neither over the roll nor past it with SQL of their own.
func TestNobodyWritesElsewhere(t *testing.T) {
	o := setup(t)
	planner := o.planner()
	a, b := planner.worker("演示甲", community), planner.worker("演示乙", "110108014002")
	planner.gives(west, Worker, a)
	o.run(`INSERT INTO division (code, county, level, name, source) VALUES ('110105001', 110105, 'town', '邻镇', 'test')`)
	clerk, foreign, dispatcher := o.person("east", access.Clerk, "110108014002"), o.person("foreign", access.Planner, "110105001"), o.person("dispatcher", access.Dispatcher, town)
	before := o.number(`SELECT count(*) FROM audit_entry`)
	for _, who := range []person{clerk, foreign, dispatcher} {
		_, err := who.add(Draft{Kind: "grid-worker", Name: "演示丙", Division: community})
		o.isFault(err, fault.Forbidden, "")
		_, err = who.change(a, Change{Ended: yes(true)})
		if code := fault.CodeOf(err); code != fault.NotFound && code != fault.Forbidden {
			t.Errorf("ending somebody else's: %v", err)
		}
		_, err = who.assign(Assignment{Grid: west, Post: Worker, Responder: b})
		o.isFault(err, fault.Forbidden, "")
		for _, sql := range []string{
			`UPDATE responder SET name = 'x' WHERE id = $1`,
			`UPDATE posting SET until = current_date WHERE responder = $1`,
			`SELECT * FROM leave_postings(110108, $1)`,
		} {
			if err := who.tx(func(tx pgx.Tx) error { _, err := tx.Exec(who.ctx, sql, a.Number); return err }); err != nil {
				t.Errorf("%s: %v", sql, err)
			}
		}
		for _, sql := range []string{
			`INSERT INTO responder (county, kind, name, division) VALUES (110108, 'grid-worker', 'x', '110108014001')`,
			`INSERT INTO posting (county, grid, post, responder, since) VALUES (110108, 110108014001002, 'worker', 1, current_date)`,
			`DELETE FROM responder`, `DELETE FROM posting`,
		} {
			if err := who.tx(func(tx pgx.Tx) error { _, err := tx.Exec(who.ctx, sql); return err }); err == nil {
				t.Errorf("%s was done", sql)
			}
		}
	}
	// To bring somebody unseen into sight by giving them a post on one's own ground isn't done either.
	_, err := clerk.assign(Assignment{Grid: east, Post: Worker, Responder: a})
	o.isFault(err, fault.NotFound, "responder")
	err = clerk.tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(clerk.ctx, `INSERT INTO posting (county, grid, post, responder, since) VALUES (110108, 110108014002001, 'worker', $1, current_date)`, a.Number)
		return err
	})
	if err == nil {
		t.Error("somebody unseen was given a post")
	}
	if n := o.number(`SELECT count(*) FROM responder WHERE ended IS NULL AND name LIKE '演示%'`); n != 2 {
		t.Errorf("%d are on the roll, want 2", n)
	}
	if got := planner.holders(Worker)[west]; got != "演示甲" {
		t.Errorf("the worker is %q", got)
	}
	if n := o.number(`SELECT count(*) FROM audit_entry`); n != before {
		t.Errorf("the trail has %d entries, had %d", n, before)
	}
}

// Who gives up work leaves posts on ground of others too, and stands in for nobody any more.
func TestWhoEndsLeavesAllPosts(t *testing.T) {
	o := setup(t)
	planner, clerk := o.planner(), o.person("clerk", access.Clerk, community)
	a, b := planner.worker("演示甲", community), planner.worker("演示乙", "110108")
	planner.gives(west, Worker, a)
	planner.gives(east, Leader, a)
	if _, err := planner.assign(Assignment{Grid: south, Post: Worker, Responder: b, Substitute: &StandIn{a, o.today(), o.today()}}); err != nil {
		t.Fatal(err)
	}
	if _, err := clerk.change(a, Change{Ended: yes(true)}); err != nil {
		t.Fatal(err)
	}
	page, err := planner.posts(PostFilter{Within: "110108", Vacant: "any"})
	if err != nil || page.Vacant[Worker] != 3 || page.Vacant[Leader] != 4 {
		t.Errorf("%+v %v", page, err)
	}
	if got, err := planner.posts(PostFilter{Within: south.String()}); err != nil || got.Grids[0].Posts[Worker].Now.Substitute != nil {
		t.Errorf("they still stand in: %+v %v", got, err)
	}
	_, err = planner.assign(Assignment{Grid: west, Post: Worker, Responder: a})
	o.isFault(err, fault.Invalid, "responder")
}

// Lists come in pages, and by what they are narrowed to.
func TestListsArePaged(t *testing.T) {
	o := setup(t)
	p := o.planner()
	a := p.worker("演示甲", community)
	p.worker("演示乙", community)
	if _, err := p.add(Draft{Kind: "police", Name: "演示警", Division: town}); err != nil {
		t.Fatal(err)
	}
	p.gives(west, Worker, a)
	var seen []string
	f := Filter{Within: town, Limit: 2}
	for range 3 {
		page, err := p.list(f)
		if err != nil || page.Total != 3 {
			t.Fatalf("%+v %v", page, err)
		}
		for _, r := range page.Responders {
			seen = append(seen, r.Name)
		}
		if f.Cursor = page.Cursor; f.Cursor == "" {
			break
		}
	}
	if !slices.Equal(seen, []string{"演示甲", "演示乙", "演示警"}) {
		t.Errorf("in pages of two: %v", seen)
	}
	for _, c := range []struct {
		f    Filter
		want []string
	}{{Filter{Free: true}, []string{"演示乙"}}, {Filter{Kind: "police"}, []string{"演示警"}}, {Filter{Q: "示甲"}, []string{"演示甲"}}, {Filter{Q: "%"}, nil}} {
		c.f.Within = town
		if got := p.names(c.f); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.f, got, c.want)
		}
	}
	grids := []layout.Code{}
	for cursor := ""; ; {
		page, err := p.posts(PostFilter{Within: "110108", Limit: 3, Cursor: cursor})
		if err != nil || page.Total != 4 {
			t.Fatalf("%+v %v", page, err)
		}
		for _, g := range page.Grids {
			grids = append(grids, g.Grid)
		}
		if cursor = page.Cursor; cursor == "" {
			break
		}
	}
	if !slices.Equal(grids, []layout.Code{west, south, north, east}) {
		t.Errorf("in pages of three: %v", grids)
	}
	for _, f := range []Filter{{Within: "12"}, {Within: town, Kind: "ufo"}, {Within: "999999"}, {Within: "11010801400100x"}, {Within: town, Cursor: "x"}} {
		if _, err := p.list(f); err == nil {
			t.Errorf("%+v was answered", f)
		}
	}
}

// After a rotation everything opens under the new key alone, and is found by its new index; without keys nothing is shown.
func TestRotatedPhones(t *testing.T) {
	o := setup(t)
	p := o.planner()
	id := p.worker("演示甲", community)
	v := o.roll.Vault
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	if err := vault.RotateColumns(context.Background(), o.db.Owner, v, SealedColumns(), nil); err != nil {
		t.Fatal(err)
	}
	if phone, err := p.unmask(id, "安排值班表"); err != nil || phone != "19999990001" {
		t.Errorf("%q %v", phone, err)
	}
	if n := o.number(`SELECT count(*) FROM responder WHERE phone_index = $1`, v.Index(phonePurpose, "19999990001")); n != 1 {
		t.Errorf("%d are found by the number, want 1", n)
	}
	o.run(`UPDATE responder SET phone = (SELECT phone || '\x00'::bytea)`)
	_, err := p.find(id)
	o.isFault(err, fault.Unavailable, "")
	o.roll.Vault = nil
	_, err = p.find(id)
	o.isFault(err, fault.Unavailable, "")
}
