package proof_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jingwei/internal/fault"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/proof"
)

func verify(t *testing.T, db *postgres.DB, division string) *proof.Report {
	t.Helper()
	report, err := proof.Verify(context.Background(), db, proof.Options{Division: division})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// What isn't spoiled is proved, as a whole and by its parts, and every check has looked at something.
func TestSoundCountyIsProved(t *testing.T) {
	t.Parallel()
	db := newCounty(t)
	for _, division := range []string{"", "110108", "110108001", "110108001001", "110108001002"} {
		report := verify(t, db, division)
		if !report.Proved() || len(report.Checks) != 20 {
			t.Fatalf("division %q:\n%s", division, report.Text())
		}
		for _, c := range report.Checks {
			if c.Examined == 0 {
				t.Errorf("division %q: %s examined nothing", division, c.Name)
			}
		}
	}
}

// Each mutation is made with every trigger off, in a transaction that is rolled back. The named check must find it
// and name the offender.
func TestEveryMutationIsFound(t *testing.T) {
	t.Parallel()
	db := newCounty(t)
	for _, m := range mutations() {
		t.Run(m.name, func(t *testing.T) {
			ctx := context.Background()
			tx, err := db.Owner.Begin(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback(ctx)
			w := &writer{ctx: ctx, tx: tx}
			w.exec(`SET LOCAL session_replication_role = replica`)
			if m.spoil(w); w.err != nil {
				t.Fatal(w.err)
			}
			report, err := proof.Prove(ctx, "", tx)
			if err != nil {
				t.Fatal(err)
			}
			t.Log("\n" + report.Text())
			i := slices.IndexFunc(report.Checks, func(c proof.Result) bool { return c.Name == m.check })
			if i < 0 {
				t.Fatalf("there is no check %q", m.check)
			}
			named := slices.ContainsFunc(report.Checks[i].Offences, func(o proof.Offence) bool {
				return strings.HasSuffix(o.What, m.names)
			})
			if report.Proved() || !named {
				t.Fatalf("check %q should name %q", m.check, m.names)
			}
		})
	}
}

// An empty database has nothing to prove, and that isn't a proof.
func TestNothingToProve(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	report := verify(t, db, "")
	if report.Proved() || report.Anything || !strings.Contains(report.Text(), "Nothing to prove") {
		t.Fatal(report.Text())
	}
	for division, code := range map[string]fault.Code{"110108": fault.NotFound, "12": fault.Invalid, "1101' --": fault.Invalid} {
		_, err := proof.Verify(context.Background(), db, proof.Options{Division: division})
		if fault.CodeOf(err) != code {
			t.Errorf("division %q: %v, want %s", division, err, code)
		}
	}
}

// A check that finds no rows where a layout is live has proved nothing.
func TestExaminingNothingIsNoProof(t *testing.T) {
	t.Parallel()
	db := newCounty(t)
	if _, err := db.Owner.Exec(context.Background(), `DELETE FROM tile_shape`); err != nil {
		t.Fatal(err)
	}
	report := verify(t, db, "")
	if report.Proved() || !strings.Contains(report.Text(), "examined nothing") {
		t.Fatal(report.Text())
	}
}

// A policy that could hide rows is refused, whatever it would show.
func TestRowSecurityIsRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	url := pgtest.URL(t)
	owner := pgtest.Open(t, url)
	for _, s := range []string{
		`DO $$ BEGIN CREATE ROLE jingwei_test_nobody; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
		`GRANT SELECT ON ALL TABLES IN SCHEMA public TO jingwei_test_nobody`,
		`ALTER TABLE block ENABLE ROW LEVEL SECURITY`, `CREATE POLICY all_of_it ON block USING (true)`,
	} {
		if _, err := owner.Owner.Exec(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := proof.Verify(ctx, owner, proof.Options{}); err != nil {
		t.Fatalf("the owner sees everything: %v", err)
	}
	_, err := proof.Verify(ctx, pgtest.Open(t, url+"&role=jingwei_test_nobody"), proof.Options{})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Unavailable || !strings.Contains(f.EN, "block") || !strings.Contains(f.ZH, "block") {
		t.Fatalf("got %v", err)
	}
}

// A proof goes over the county in two sessions, and what somebody commits meanwhile is seen by both or by neither.
func TestBothSessionsSeeOneMoment(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := newCounty(t)
	txs, leave, err := proof.JoinTwice(ctx, db.Owner.Config().ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	if _, err := db.Owner.Exec(ctx, `DELETE FROM tile_shape`); err != nil {
		t.Fatal(err)
	}
	for i, tx := range txs {
		var shapes int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM tile_shape`).Scan(&shapes); err != nil || shapes == 0 {
			t.Errorf("session %d sees %d shapes, which were there when the proof began (%v)", i+1, shapes, err)
		}
	}
	report, err := proof.Prove(ctx, "", txs[0], txs[1])
	if err != nil || !report.Proved() {
		t.Fatalf("%v\n%s", err, report.Text())
	}
}

// Two sessions find what one finds.
func TestTwoSessionsFindWhatOneFinds(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := newCounty(t)
	for _, s := range []string{`UPDATE lineage SET residents = 0`, `DELETE FROM block_border WHERE a = 3`, `UPDATE grid SET perimeter = 0 WHERE retired IS NULL`} {
		if _, err := db.Owner.Exec(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	tx, err := db.Owner.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(ctx)
	alone, err := proof.Prove(ctx, "", tx)
	if err != nil {
		t.Fatal(err)
	}
	together := verify(t, db, "")
	for i, a := range alone.Checks {
		b := together.Checks[i]
		a.Seconds, b.Seconds = 0, 0
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %+v, in two sessions %+v", a.Name, a, b)
		}
	}
	for _, name := range []string{"lineage", "borders", "figures"} {
		if i := slices.IndexFunc(together.Checks, func(c proof.Result) bool { return c.Name == name }); together.Checks[i].Found == 0 {
			t.Errorf("%s found nothing", name)
		}
	}
}
