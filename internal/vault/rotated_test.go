package vault_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/vault"
)

// person is a table of the tests' own: a telephone with an index, and a remark without.
const person = `CREATE TABLE person (
	county int, id bigint, name text NOT NULL DEFAULT '', phone bytea, phone_index bytea, remark bytea,
	PRIMARY KEY (county, id))`

func phoneAbout(key []any) string { return fmt.Sprintf("person.phone:%v:%v", key[0], key[1]) }

func remarkAbout(key []any) string { return fmt.Sprintf("person.remark:%v:%v", key[0], key[1]) }

// digits is what the tests index of a telephone number.
func digits(plain []byte) string { return strings.ReplaceAll(string(plain), " ", "") }

var columns = []vault.Column{
	{Table: "person", Key: []string{"county", "id"}, Sealed: "phone", Index: "phone_index", Purpose: "person.phone",
		About: phoneAbout, Value: digits},
	{Table: "public.person", Key: []string{"county", "id"}, Sealed: "remark", About: remarkAbout},
}

type key struct {
	county int32
	id     int64
}

func silent(string, int, int) {}

func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	t.Parallel()
	db := pgtest.New(t)
	if _, err := db.Owner.Exec(t.Context(), person); err != nil {
		t.Fatal(err)
	}
	return db.Owner
}

// execer is a pool or a transaction.
type execer interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// put writes a row as a domain would; phone "" is NULL.
func put(ctx context.Context, db execer, v *vault.Vault, k key, phone string) error {
	var sealed, index []byte
	var err error
	if phone != "" {
		if sealed, err = v.Seal([]byte(phone), phoneAbout([]any{k.county, k.id})); err != nil {
			return err
		}
		index = v.Index("person.phone", digits([]byte(phone)))
	}
	remark, err := v.Seal([]byte("remark "+phone), remarkAbout([]any{k.county, k.id}))
	if err != nil {
		return err
	}
	rows, err := db.Query(ctx, `INSERT INTO person (county, id, phone, phone_index, remark) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (county, id) DO UPDATE SET phone = excluded.phone, phone_index = excluded.phone_index, remark = excluded.remark`,
		k.county, k.id, sealed, index, remark)
	if err != nil {
		return err
	}
	rows.Close()
	return rows.Err()
}

// fill writes n rows over three counties, every seventh without a telephone.
func fill(t *testing.T, db *pgxpool.Pool, v *vault.Vault, n int) map[key]string {
	t.Helper()
	want := make(map[key]string)
	err := pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		for i := range n {
			k := key{int32(370800 + i%3), int64(i)}
			want[k] = ""
			if i%7 != 0 {
				want[k] = fmt.Sprintf("138 %04d %04d", i%10000, i/10000)
			}
			if err := put(t.Context(), tx, v, k, want[k]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return want
}

// wantRows checks that the table holds exactly this, that all of it opens, is under the newest key, and is found by
// its index.
func wantRows(t *testing.T, db *pgxpool.Pool, v *vault.Vault, want map[key]string) {
	t.Helper()
	rows, err := db.Query(t.Context(), `SELECT county, id, phone, phone_index, remark FROM person`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got := make(map[key]string)
	for rows.Next() {
		var k key
		var phone, index, remark []byte
		if err := rows.Scan(&k.county, &k.id, &phone, &index, &remark); err != nil {
			t.Fatal(err)
		}
		about := []any{k.county, k.id}
		got[k] = ""
		if phone != nil {
			plain, err := v.Open(phone, phoneAbout(about))
			if err != nil {
				t.Fatalf("%v: %v", k, err)
			}
			got[k] = string(plain)
			if !v.Current(phone) {
				t.Fatalf("%v: the telephone is under an old key", k)
			}
			if !v.IndexCurrent(index) || !bytes.Equal(index, v.Index("person.phone", digits(plain))) {
				t.Fatalf("%v: not found by its index", k)
			}
		} else if index != nil {
			t.Fatalf("%v: an index of nothing", k)
		}
		plain, err := v.Open(remark, remarkAbout(about))
		if err != nil || !v.Current(remark) || string(plain) != "remark "+got[k] {
			t.Fatalf("%v: remark %q, current %t, %v", k, plain, v.Current(remark), err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		for k := range want {
			if g, ok := got[k]; !ok || g != want[k] {
				t.Fatalf("%v: there %t, %q; want %q", k, ok, g, want[k])
			}
		}
		t.Fatal("there are rows that nobody wrote")
	}
}

// forgetOld drops the old keys as the command does and fails when the first one isn't among them.
func forgetOld(t *testing.T, db *pgxpool.Pool, v *vault.Vault, first vault.KeyID) {
	t.Helper()
	unused, err := vault.Unused(t.Context(), db, v, columns)
	if err != nil {
		t.Fatal(err)
	}
	if len(unused) == 0 || unused[0] != first {
		t.Fatalf("unused are %v, want %v first", unused, first)
	}
	if err := v.Forget(unused...); err != nil {
		t.Fatal(err)
	}
}
