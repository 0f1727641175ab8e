package incident

import (
	"context"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// each puts one incident into every grid of the town, and in the west one about a special group.
func (o *office) each(by person) map[int64]ID {
	o.Helper()
	out := map[int64]ID{}
	for grid, lonLat := range map[int64][2]float64{west: {116.3205, 40.0005}, south: {116.3235, 40.0005}, north: {116.3235, 40.0025}, east: {116.3245, 40.0005}} {
		r := fire()
		r.Lon, r.Lat = lonLat[0], lonLat[1]
		out[grid] = by.mustReport(r).ID
	}
	r := fire()
	r.Kind, r.Special, r.Lat, r.Request = "special-group", "mental", 40.0006, "one"
	out[-west] = by.mustReport(r).ID
	return out
}

func (o *office) everybody() person {
	o.Helper()
	return o.person("all", []access.Grant{{Role: access.Dispatcher, Code: "110108"}}, access.LabelGrant{Label: access.Mental, Code: "110108"})
}

// What the policy lets through is what Visible says, for grants and labels on divisions and grids of every kind; lists, looks and marks agree.
func TestPolicyIsVisible(t *testing.T) {
	o := setup(t)
	all := o.everybody()
	ids := o.each(all)
	codes := []string{"110108", "110105", "110108014", "110108015", "110108014001", "110108014002",
		"110108014001001", "110108014001002", "110108014001003", "110108014002001", "110108014001009"}
	roles := []access.Role{access.Dispatcher, access.Leader, access.Clerk, access.Planner, access.Administrator, access.Auditor, access.GridWorker}
	reader := o.person("reader", nil)
	rapid.Check(t, func(t *rapid.T) {
		var grants []access.Grant
		for range rapid.IntRange(0, 3).Draw(t, "grants") {
			g := access.Grant{Role: rapid.SampledFrom(roles).Draw(t, "role"), Code: rapid.SampledFrom(codes).Draw(t, "code")}
			grants = append(grants, g)
		}
		var labels []access.LabelGrant
		for range rapid.IntRange(0, 2).Draw(t, "labels") {
			labels = append(labels, access.LabelGrant{Label: rapid.SampledFrom(access.Labels).Draw(t, "label"), Code: rapid.SampledFrom(codes).Draw(t, "of")})
		}
		p := reader
		p.actor.Scope = access.ScopeOf(grants, labels)
		p.ctx = postgres.WithActor(reader.ctx, p.actor)
		var want []int64
		for grid, id := range ids {
			special := ""
			if grid < 0 {
				grid, special = -grid, "mental"
			}
			if Visible(p.actor, grid, special) {
				want = append(want, id.Number)
			}
		}
		slices.Sort(want)
		var rows, marks []int64
		err := postgres.Snapshot(p.ctx, o.db.App, func(tx pgx.Tx) error {
			r, err := tx.Query(p.ctx, `SELECT id FROM incident ORDER BY id`)
			if err != nil {
				return err
			}
			if rows, err = pgx.CollectRows(r, pgx.RowTo[int64]); err != nil || len(p.actor.Scope[access.ReadIncidents]) == 0 {
				return err
			}
			for i := range 4 { // the whole town
				found, err := Marks(p.ctx, tx, 16, 53943+i%2, 24809+i/2)
				if err != nil {
					return err
				}
				for _, m := range found {
					marks = append(marks, m.ID.Number)
				}
			}
			slices.Sort(marks)
			return err
		})
		if err != nil || !slices.Equal(rows, want) {
			t.Fatalf("%v %v: the table has %v (%v), want %v", grants, labels, rows, err, want)
		}
		page, err := p.list(Filter{})
		if len(p.actor.Scope[access.ReadIncidents]) == 0 {
			if fault.CodeOf(err) != fault.Forbidden {
				t.Fatalf("a list for who may see none: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		var listed []int64
		for _, i := range page.Incidents {
			listed = append(listed, i.ID.Number)
		}
		slices.Sort(listed)
		if !slices.Equal(listed, want) || page.Total != len(want) || !slices.Equal(marks, want) {
			t.Fatalf("%v %v: the list has %v of %d, the tile %v, want %v", grants, labels, listed, page.Total, marks, want)
		}
	})
}

// Nobody sees anything on a connection that somebody used before, and nobody writes either.
func TestFailsClosedOnUsedConnections(t *testing.T) {
	o := setup(t)
	all := o.everybody()
	o.each(all)
	config := o.db.App.Config()
	config.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	count := func(ctx context.Context) (n int, backend int) {
		t.Helper()
		err := postgres.InTx(ctx, pool, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM incident), pg_backend_pid()`).Scan(&n, &backend)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n, backend
	}
	nobody := context.Background()
	before, first := count(nobody)
	during, second := count(all.ctx)
	after, third := count(nobody)
	if first != second || second != third {
		t.Fatal("it wasn't the same connection")
	}
	if before != 0 || during != 5 || after != 0 {
		t.Errorf("%d before, %d as somebody, %d after; want 0, 5, 0", before, during, after)
	}
	var n int
	if err := pool.QueryRow(nobody, `SELECT count(*) FROM incident`).Scan(&n); err != nil || n != 0 {
		t.Errorf("outside of a transaction: %d (%v)", n, err)
	}
	for _, q := range []string{
		`INSERT INTO incident (county, kind, severity, details, given_x, given_y, given_crs, geom, cell, block, filed_grid, filed_version, grid, reported_by, request)
			SELECT 110108, 'fire', 1, '', 0, 0, 'wgs84', ST_SetSRID(ST_MakePoint(116, 40), 4326), 0, 1, 110108014001001, 2, 110108014001001, id, 'x' FROM account
			UNION ALL SELECT 110108, 'fire', 1, '', 0, 0, 'wgs84', ST_SetSRID(ST_MakePoint(116, 40), 4326), 0, 1, 110108014001001, 2, 110108014001001, 1, 'x'`,
		`UPDATE incident SET severity = 1`, `DELETE FROM incident`,
	} {
		if _, err := pool.Exec(nobody, q); err == nil {
			t.Errorf("nobody could %s", q[:6])
		}
	}
	for _, q := range []string{
		`SELECT count(*) FROM my_report(110108, 'one')`, `SELECT count(reporter_of(110108, id)) FROM generate_series(1, 5) id`,
	} {
		if err := pool.QueryRow(nobody, q).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d (%v)", q, n, err)
		}
	}
}

// The functions that go past the policies apply the scope themselves.
func TestFunctionsPastThePolicies(t *testing.T) {
	o := setup(t)
	all := o.everybody()
	r := fire()
	r.Request = "mine"
	mine := all.mustReport(r).ID
	r.Kind, r.Special, r.Request = "special-group", "mental", "special"
	special := all.mustReport(r).ID
	clerk, stranger := o.dispatcher("clerk", "110108014001"), o.dispatcher("stranger", "110108014002")
	for _, c := range []struct {
		who                       person
		report, display, displays int
	}{{all, 1, 1, 1}, {clerk, 0, 1, 0}, {stranger, 0, 0, 0}} {
		var report, display, displays int
		err := postgres.Snapshot(c.who.ctx, o.db.App, func(tx pgx.Tx) error {
			return tx.QueryRow(c.who.ctx, `SELECT (SELECT count(*) FROM my_report(110108, 'mine')), count(reporter_of(110108, $1)), count(reporter_of(110108, $2))`,
				mine.Number, special.Number).Scan(&report, &display, &displays)
		})
		if err != nil || report != c.report || display != c.display || displays != c.displays {
			t.Errorf("account %d: %d %d %d (%v), want %d %d %d", c.who.actor.Account, report, display, displays, err, c.report, c.display, c.displays)
		}
	}
}

// Briefs are those of the incidents asked for that one may see, by their numbers.
func TestBriefs(t *testing.T) {
	o := setup(t)
	all := o.everybody()
	ids := o.each(all)
	for _, c := range []struct {
		who  person
		want []int64
	}{
		{all, []int64{ids[west].Number, ids[east].Number, ids[-west].Number}},
		{o.dispatcher("li", "110108014001"), []int64{ids[west].Number}},
		{person{office: o, ctx: context.Background()}, nil},
	} {
		var got []Brief
		err := postgres.Snapshot(c.who.ctx, o.db.App, func(tx pgx.Tx) (err error) {
			got, err = Briefs(c.who.ctx, tx, 110108, []int64{ids[-west].Number, ids[east].Number, ids[west].Number, 99})
			return err
		})
		slices.Sort(c.want)
		var numbers []int64
		for _, b := range got {
			numbers = append(numbers, b.ID.Number)
			want := Brief{ids[-west], "special-group", Urgent, "mental", 116.3205, 40.0006, west, b.At}
			if b.ID == want.ID && (b != want || b.At.IsZero()) {
				t.Errorf("%+v", b)
			}
		}
		if err != nil || !slices.Equal(numbers, c.want) {
			t.Errorf("account %d: %v (%v), want %v", c.who.actor.Account, numbers, err, c.want)
		}
	}
}
