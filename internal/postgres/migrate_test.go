package postgres

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"jingwei/migrations"
)

// Every migration can be taken back, down to nothing, and made again.
func TestMigrationsGoDownAndUp(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := join(t, clusterDir(t))
	db := &DB{log: c.log}
	if err := db.open(ctx, c.URL("postgres")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	sqlDB := stdlib.OpenDBFromPool(db.Owner)
	defer sqlDB.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, sqlDB, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.DownTo(ctx, 0); err != nil {
		t.Fatal(err)
	}
	var left []string
	if err := db.Owner.QueryRow(ctx, `SELECT coalesce(array_agg(relname::text), '{}') FROM pg_class c
		WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S') AND relname NOT LIKE 'goose%'
		  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`).Scan(&left); err != nil || len(left) != 0 {
		t.Fatalf("left behind: %v, %v", left, err)
	}
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
}
