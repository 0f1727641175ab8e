package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

// What looks things up by their keys is planned once, and the next transaction of the connection is as every other.
func TestByKey(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	conn, err := db.App.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	for _, c := range []struct {
		keyed bool
		want  string
	}{{true, "force_generic_plan"}, {false, "auto"}, {true, "force_generic_plan"}} {
		ctx := t.Context()
		if c.keyed {
			ctx = postgres.ByKey(ctx)
		}
		var mode string
		err := postgres.InTx(ctx, conn, func(tx pgx.Tx) error { return tx.QueryRow(ctx, `SHOW plan_cache_mode`).Scan(&mode) })
		if err != nil || mode != c.want {
			t.Errorf("by key %t: %s (%v)", c.keyed, mode, err)
		}
	}
}
