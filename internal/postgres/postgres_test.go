package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

func exec(t *testing.T, db *postgres.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.Owner.Exec(context.Background(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func faultOf(t *testing.T, err error) *fault.Error {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.ZH == "" || f.EN == "" {
		t.Fatalf("want a fault in two languages, got %v", err)
	}
	return f
}

// with gives the URL of another database, or of another user, on the same server.
func with(t *testing.T, address, database, user string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if database != "" {
		u.Path = "/" + database
	}
	if user != "" {
		q.Set("user", user)
		u.User = nil
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func TestManagedDatabaseOpensAndMigrates(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.OpenManaged(t)
	if !db.Managed() {
		t.Fatal("not managed")
	}
	if f := faultOf(t, db.CheckSchema(ctx)); f.Code != fault.Unavailable {
		t.Fatalf("a fresh database: %v", f)
	}
	results := make(chan error, 3)
	for range 3 { // programs that start together
		go func() { results <- db.Migrate(ctx) }()
	}
	if err := errors.Join(<-results, <-results, <-results); err != nil {
		t.Fatal(err)
	}
	if err := db.CheckSchema(ctx); err != nil {
		t.Fatal(err)
	}
	var trigrams []string
	if err := db.App.QueryRow(ctx, `SELECT show_trgm('清华园')`).Scan(&trigrams); err != nil || len(trigrams) < 3 {
		t.Fatalf("trigrams of Chinese: %v, %v", trigrams, err)
	}
}

func TestLocaleWithoutChineseIsRefused(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	owner := pgtest.Open(t, address)
	for name, options := range map[string]string{
		"LC_CTYPE":  "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
		"SQL_ASCII": "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'",
	} {
		database := strings.TrimPrefix(address[strings.LastIndex(address[:strings.Index(address, "?")], "/"):strings.Index(address, "?")], "/") + "_" + strings.ToLower(name)
		exec(t, owner, "CREATE DATABASE "+database+" TEMPLATE template0 "+options)
		_, err := postgres.Open(context.Background(), postgres.Config{URL: with(t, address, database, "")})
		f := faultOf(t, err)
		if f.Code != fault.Unavailable || !strings.Contains(f.EN, name) || !strings.Contains(f.ZH, database) {
			t.Errorf("%s: %v", name, err)
		}
		exec(t, owner, "DROP DATABASE "+database)
	}
}

func TestBadAddresses(t *testing.T) {
	t.Parallel()
	for address, code := range map[string]fault.Code{
		"postgres://user:secret@host:port/x":                   fault.Invalid,
		"postgres:///x?host=/nowhere/at/all&user=a":            fault.Unavailable,
		"postgres://user:secret@127.0.0.1:1/x?sslmode=require": fault.Unavailable,
	} {
		_, err := postgres.Open(context.Background(), postgres.Config{URL: address})
		f := faultOf(t, err)
		if f.Code != code || strings.Contains(f.Error(), "secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestDatabaseOfANewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.New(t)
	exec(t, db, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (90000, true)`)
	for _, err := range []error{db.Migrate(ctx), db.CheckSchema(ctx)} {
		if f := faultOf(t, err); f.Code != fault.Conflict || !strings.Contains(f.EN, "90000") {
			t.Fatal(err)
		}
	}
}

// A user that owns its database and nothing else: the step for the superuser is printed, and once it is done the
// rest goes by itself, as it does for each role.
func TestUserWithoutRights(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	address := pgtest.EmptyURL(t)
	super := pgtest.Open(t, address)
	var database string
	if err := super.Owner.QueryRow(ctx, `SELECT current_database()`).Scan(&database); err != nil {
		t.Fatal(err)
	}
	user := "owner_" + database
	exec(t, super, "CREATE ROLE "+user+" LOGIN", "ALTER DATABASE "+database+" OWNER TO "+user, "ALTER SCHEMA public OWNER TO "+user)
	t.Cleanup(func() {
		exec(t, super, "REASSIGN OWNED BY "+user+" TO CURRENT_USER", "DROP OWNED BY "+user, "DROP ROLE "+user)
	})
	db := pgtest.Open(t, with(t, address, "", user))
	f := faultOf(t, db.Migrate(ctx))
	for _, want := range []string{"CREATE EXTENSION IF NOT EXISTS postgis", "psql -d " + database, user, "CREATE ROLE"} {
		if !strings.Contains(f.EN, want) || !strings.Contains(f.ZH, want) {
			t.Errorf("the message lacks %q: %s", want, f.EN)
		}
	}
	exec(t, super, "CREATE EXTENSION postgis", fmt.Sprintf(`DO $$ BEGIN
			IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jingwei_app') THEN CREATE ROLE jingwei_app; END IF;
			IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jingwei_reader') THEN CREATE ROLE jingwei_reader; END IF;
		END $$; GRANT jingwei_app, jingwei_reader TO %s`, user))
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	for pool, want := range map[string]string{"app": "jingwei_app", "reader": "jingwei_reader"} {
		p := db.App
		if pool == "reader" {
			p = db.Reader
		}
		var role string
		if err := p.QueryRow(ctx, `SELECT current_user`).Scan(&role); err != nil || role != want {
			t.Errorf("%s acts as %q, %v", pool, role, err)
		}
	}
}

// What each role may do; on a connection that somebody has used before, too.
func TestRoles(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.New(t)
	for range 2 {
		for _, s := range []string{`DELETE FROM block`, `DELETE FROM grid`, `DELETE FROM layout`, `CREATE TABLE mine ()`, `DROP TABLE grid`,
			`ALTER TABLE block DISABLE TRIGGER ALL`, `SET session_replication_role = replica`} {
			if _, err := db.App.Exec(ctx, s); err == nil {
				t.Errorf("the application may %s", s)
			}
		}
		for _, s := range []string{`SELECT residents FROM building`, `INSERT INTO outbox (county, kind, payload) VALUES (1, '', '{}')`,
			`SELECT * FROM entrance`, `UPDATE grid SET name = ''`} {
			if _, err := db.Reader.Exec(ctx, s); err == nil {
				t.Errorf("the reader may %s", s)
			}
		}
		for _, s := range []string{`SELECT * FROM grid`, `SELECT name, geom FROM building`} {
			if _, err := db.Reader.Exec(ctx, s); err != nil {
				t.Errorf("the reader may not %s: %v", s, err)
			}
		}
		if _, err := db.App.Exec(ctx, `RESET ROLE`); err != nil {
			t.Fatal(err)
		}
	}
}

func TestInTxRollsBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.New(t)
	no := errors.New("no")
	err := db.InTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO division (code, county, level, name, source) VALUES ('110108', 110108, 'county', '', '')`); err != nil {
			return err
		}
		return no
	})
	var n int
	if e := db.App.QueryRow(ctx, `SELECT count(*) FROM division`).Scan(&n); !errors.Is(err, no) || e != nil || n != 0 {
		t.Fatalf("%v, %v, %d rows", err, e, n)
	}
}
