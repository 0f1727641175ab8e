package audit

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/postgres"
)

func stateOf(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Nobody changes what is written, neither the application with every scope there is nor the owner; the owner removes, after
// having said so, and even then changes nothing and empties nothing.
func TestNobodyChangesTheTrail(t *testing.T) {
	o := setup(t)
	o.writeOn("2022-05-06", haidian, 2)
	o.chain()
	if _, err := o.trail.dropBefore(WithCaller(context.Background(), Caller{Name: Server}), o.db.Owner, o.heads, today()); err != nil {
		t.Fatal(err)
	}
	o.write(entry(haidian, "1"), entry(haidian, "2"))
	o.chain()
	everything := postgres.Scope{}
	for _, c := range []postgres.Capability{"audit.read", chainTrail, "account.door", "account.manage", "account.grant"} {
		everything[c] = postgres.Ranges{postgres.Everywhere}
	}
	const insufficient, kept = "42501", "JW003"
	try := func(pool *pgxpool.Pool, sql, retention string) string {
		ctx := as(7, everything)
		err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `SELECT set_config('jingwei.retention', $1, true)`, retention); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
			return pgx.ErrTxCommitRollback
		})
		if errors.Is(err, pgx.ErrTxCommitRollback) {
			return "done"
		}
		return stateOf(err)
	}
	for table, update := range map[string]string{"audit_entry": "SET reason = ''", "audit_link": "SET mac = ''", "audit_checkpoint": "SET entries = 1"} {
		if o.count(`SELECT count(*) FROM `+table) == 0 {
			t.Fatalf("%s is empty: nothing would be tried", table)
		}
		for _, sql := range []string{`UPDATE ` + table + ` ` + update, `DELETE FROM ` + table, `TRUNCATE ` + table} {
			for _, retention := range []string{"", "drop", "on"} {
				if got := try(o.db.App, sql, retention); got != insufficient {
					t.Errorf("the application, retention %q: %s: %s", retention, sql, got)
				}
				want := kept
				if sql == `DELETE FROM `+table && retention == "drop" {
					want = "done"
				}
				if got := try(o.db.Owner, sql, retention); got != want {
					t.Errorf("the owner, retention %q: %s: %s, want %s", retention, sql, got, want)
				}
			}
		}
		if got := try(o.db.Reader, `SELECT FROM `+table, ""); got != insufficient {
			t.Errorf("the reader: %s: %s", table, got)
		}
	}
	// What the application may insert: entries of its own account, links only as the chainer, checkpoints never.
	for sql, scope := range map[string]postgres.Scope{
		`INSERT INTO audit_link VALUES (110108, '2026-01-01', 1, 1, '')`:                                                                          {"audit.read": {postgres.Everywhere}},
		`INSERT INTO audit_checkpoint VALUES (110108, '2026-01-01', 1, '', now(), '')`:                                                            everything,
		`INSERT INTO audit_position (seen, last) VALUES ('1:1:', '{}')`:                                                                           {"audit.read": {postgres.Everywhere}},
		`INSERT INTO audit_entry (county, day, at, place, account, actor, action, mac) VALUES (110108, now(), now(), 0, 8, 'account-8', 'x', '')`: {chainTrail: {postgres.Everywhere}},
	} {
		ctx := as(7, scope)
		err := o.db.InTx(ctx, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, sql); return err })
		if stateOf(err) != insufficient {
			t.Errorf("%s: %v", sql, err)
		}
	}
	o.sound(3, o.heads)
}

// An act whose entry can't be written isn't done.
func TestWritingFailsClosed(t *testing.T) {
	o := setup(t)
	whole := entry(haidian, "1")
	with := func(change func(*Entry)) Entry { e := whole; change(&e); return e }
	nobody := context.Background()
	named := WithCaller(nobody, Caller{Name: "somebody"})
	seven := as(7, nil)
	eight := postgres.WithActor(seven, postgres.Actor{Account: 8})
	for name, c := range map[string]struct {
		begin, write context.Context
		entry        Entry
	}{
		"nobody":                      {nobody, nobody, whole},
		"an account without a caller": {postgres.WithActor(nobody, postgres.Actor{Account: 7}), postgres.WithActor(nobody, postgres.Actor{Account: 7}), whole},
		"another's account":           {seven, eight, whole},
		"an account in nobody's":      {named, seven, whole},
		"nobody in an account's":      {seven, named, whole},
		"no action":                   {seven, seven, with(func(e *Entry) { e.Action = "" })},
		"no county":                   {seven, seven, with(func(e *Entry) { e.County = 0 })},
		"no place":                    {seven, seven, with(func(e *Entry) { e.Place = -1 })},
		"details that are no object":  {seven, seven, with(func(e *Entry) { e.Details = []int{1} })},
		"details with a zero":         {seven, seven, with(func(e *Entry) { e.Details = map[string]string{"a": "\x00"} })},
		"details that don't marshal":  {seven, seven, with(func(e *Entry) { e.Details = func() {} })},
		"a reason with a zero":        {seven, seven, with(func(e *Entry) { e.Reason = "\x00" })},
	} {
		err := o.db.InTx(c.begin, func(tx pgx.Tx) error { return o.trail.Write(c.write, tx, c.entry) })
		if err == nil {
			t.Errorf("%s: it was written", name)
		}
	}
	if err := postgres.Snapshot(seven, o.db.App, func(tx pgx.Tx) error { return o.trail.Write(seven, tx, whole) }); stateOf(err) != "25006" {
		t.Errorf("in a reading transaction: %v", err)
	}
	if n := o.count(`SELECT count(*) FROM audit_entry`); n != 0 {
		t.Errorf("%d entries are there", n)
	}
	// The command line is somebody, who has no account.
	command := WithCaller(nobody, Caller{Name: CommandLine})
	if err := postgres.InTx(command, o.db.Owner, func(tx pgx.Tx) error { return o.trail.Write(command, tx, whole) }); err != nil {
		t.Fatal(err)
	}
	if n := o.count(`SELECT count(*) FROM audit_entry WHERE account IS NULL AND actor = 'command line'`); n != 1 {
		t.Errorf("%d entries of the command line", n)
	}
}

// What an auditor sees is what concerns their ground, and nobody else sees anything. The same connection serves them all.
func TestAuditorsSeeTheirGround(t *testing.T) {
	o := setup(t)
	at := func(place int64, county int, subject string) Entry {
		return Entry{County: county, Place: place, Action: IncidentLooked, Subject: subject}
	}
	o.write(at(110108014001001, haidian, "town A, grid"), at(110108014000000, haidian, "town A"), at(110108015002003, haidian, "town B, grid"),
		at(110108000000000, haidian, "county"), at(110105001001001, chaoyang, "other county"))
	o.chain()
	cfg := o.db.App.Config()
	cfg.MaxConns = 1
	one, err := pgxpool.NewWithConfig(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	all := []string{"county", "other county", "town A", "town A, grid", "town B, grid"}
	read := func(codes ...string) postgres.Scope {
		var r postgres.Ranges
		for _, c := range codes {
			r = append(r, postgres.GroundOf(c)...)
		}
		return postgres.Scope{"audit.read": r}
	}
	for _, c := range []struct {
		name  string
		scope postgres.Scope
		want  []string
	}{
		{"the chainer", postgres.Scope{chainTrail: {postgres.Everywhere}}, all},
		{"nobody", nil, nil},
		{"town A", read("110108014"), []string{"town A", "town A, grid"}},
		{"no scope", postgres.Scope{"map.read": {postgres.Everywhere}, "account.manage": {postgres.Everywhere}}, nil},
		{"town B", read("110108015"), []string{"town B, grid"}},
		{"both towns", read("110108014", "110108015"), []string{"town A", "town A, grid", "town B, grid"}},
		{"county", read("110108"), []string{"county", "town A", "town A, grid", "town B, grid"}},
		{"nobody again", nil, nil},
	} {
		ctx := as(9, c.scope)
		var got []string
		err := postgres.Snapshot(ctx, one, func(tx pgx.Tx) error {
			rows, err := tx.Query(ctx, `SELECT subject FROM audit_entry ORDER BY subject`)
			if err != nil {
				return err
			}
			got, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s sees %v, want %v (%v)", c.name, got, c.want, err)
		}
	}
}
