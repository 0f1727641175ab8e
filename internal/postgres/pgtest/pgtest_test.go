package pgtest_test

import (
	"context"
	"fmt"
	"testing"

	"jingwei/internal/postgres/pgtest"
)

// Each test has its own database, migrated and empty, as three roles.
func TestDatabasesAreSeparate(t *testing.T) {
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			db := pgtest.New(t)
			if _, err := db.App.Exec(ctx, `INSERT INTO division (code, county, level, name, source) VALUES ('110108', 110108, 'county', '海淀区', 'test')`); err != nil {
				t.Fatal(err)
			}
			var n int
			if err := db.Reader.QueryRow(ctx, `SELECT count(*) FROM division`).Scan(&n); err != nil || n != 1 {
				t.Fatalf("%d divisions, %v; want the one of this test alone", n, err)
			}
			var app, reader string
			if err := db.App.QueryRow(ctx, `SELECT current_user`).Scan(&app); err != nil || app != "jingwei_app" {
				t.Fatalf("App acts as %q, %v", app, err)
			}
			if err := db.Reader.QueryRow(ctx, `SELECT current_user`).Scan(&reader); err != nil || reader != "jingwei_reader" {
				t.Fatalf("Reader acts as %q, %v", reader, err)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	pgtest.New(b)
	for b.Loop() {
		pgtest.New(b)
	}
}
