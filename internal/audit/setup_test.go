package audit

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/vault"
)

const (
	haidian  = 110108
	chaoyang = 110105
)

// office is a trail in a database of the test's own.
type office struct {
	*testing.T
	db    *postgres.DB
	vault *vault.Vault
	trail *Trail
	heads *Heads
}

func setup(t *testing.T) *office {
	t.Helper()
	t.Parallel()
	v := vault.New(vault.Generate())
	return &office{t, pgtest.New(t), v, New(v), OpenHeads(filepath.Join(t.TempDir(), HeadsFile))}
}

// as is somebody at work: an account with a scope.
func as(account int64, scope postgres.Scope) context.Context {
	ctx := postgres.WithActor(context.Background(), postgres.Actor{Account: account, Scope: scope})
	return WithCaller(ctx, Caller{Name: fmt.Sprintf("account-%d", account), Address: "192.0.2.7"})
}

func entry(county int, subject string) Entry {
	return Entry{County: county, Place: int64(county)*1e9 + 14_001_001, Action: IncidentLooked, Subject: subject, Reason: "回访",
		Details: map[string]any{"b": 1.50, "a": []string{"<&>", "网格"}, "long": nil}}
}

// write writes entries, each in a transaction of its own.
func (o *office) write(entries ...Entry) {
	o.Helper()
	ctx := as(7, nil)
	for _, e := range entries {
		if err := o.db.InTx(ctx, func(tx pgx.Tx) error { return o.trail.Write(ctx, tx, e) }); err != nil {
			o.Fatal(err)
		}
	}
}

// writeOn writes as if it were another day, which Write can't.
func (o *office) writeOn(day string, county, n int) {
	o.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" 09:30", Zone)
	if err != nil {
		o.Fatal(err)
	}
	for range n {
		err := o.db.InTx(context.Background(), func(tx pgx.Tx) error {
			return o.trail.insert(context.Background(), tx, &record{county: fmt.Sprint(county), place: fmt.Sprint(county * 1e9), actor: CommandLine, action: SignOut}, "{}", &at)
		})
		if err != nil {
			o.Fatal(err)
		}
	}
}

// chain links everything.
func (o *office) chain() {
	o.Helper()
	if _, err := o.trail.Chain(context.Background(), o.db.App, o.heads); err != nil {
		o.Fatal(err)
	}
	if n := o.count(`SELECT count(*) FROM audit_entry e WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.entry = e.id)`); n > 0 {
		o.Fatalf("%d entries are left that nobody linked", n)
	}
}

func (o *office) verify(heads ...*Heads) *Report {
	o.Helper()
	r, err := Verify(context.Background(), o.db.Owner, o.vault, heads...)
	if err != nil {
		o.Fatal(err)
	}
	return r
}

func (o *office) sound(entries int64, heads ...*Heads) {
	o.Helper()
	if r := o.verify(heads...); !r.Sound() || r.Entries != entries || r.Waiting != 0 {
		o.Fatalf("want %d sound entries:\n%s", entries, r.Text())
	}
}

func (o *office) count(sql string, args ...any) (n int) {
	o.Helper()
	if err := o.db.Owner.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		o.Fatalf("%s: %v", sql, err)
	}
	return n
}

// spoil runs statements as a superuser past every trigger.
func (o *office) spoil(statements ...string) {
	o.Helper()
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, o.db.Owner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		for _, s := range statements {
			if tag, err := tx.Exec(ctx, s); err != nil || tag.RowsAffected() == 0 {
				return fmt.Errorf("%s: %d rows, %v", s, tag.RowsAffected(), err)
			}
		}
		return nil
	})
	if err != nil {
		o.Fatal(err)
	}
}
