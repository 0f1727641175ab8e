package audit

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/vault"
)

// What an entry adds to the transaction of its act, on one connection.
func BenchmarkWrite(b *testing.B) {
	db := pgtest.New(b)
	trail, ctx := New(vault.New(vault.Generate())), as(7, nil)
	e := entry(haidian, "incident:1")
	err := db.InTx(ctx, func(tx pgx.Tx) error {
		for b.Loop() {
			if err := trail.Write(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// What the chain takes up, and what Verify goes through, in entries a second.
func BenchmarkChainAndVerify(b *testing.B) {
	const many = 50_000
	for b.Loop() {
		b.StopTimer()
		db := pgtest.New(b)
		v := vault.New(vault.Generate())
		trail, heads, ctx := New(v), OpenHeads(filepath.Join(b.TempDir(), HeadsFile)), as(7, nil)
		err := postgres.InTx(ctx, db.App, func(tx pgx.Tx) error {
			for i := range many {
				if err := trail.Write(ctx, tx, entry([]int{haidian, chaoyang}[i%2], "incident:1")); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := db.Owner.Exec(ctx, `ANALYZE`); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		before := b.Elapsed()
		if n, err := trail.Chain(ctx, db.App, heads); err != nil || n != many {
			b.Fatalf("%d, %v", n, err)
		}
		linked := b.Elapsed()
		if r, err := Verify(context.Background(), db.Owner, v, heads); err != nil || !r.Sound() || r.Entries != many {
			b.Fatalf("%v, %s", err, r.Text())
		}
		b.ReportMetric(many/(linked-before).Seconds(), "linked/s")
		b.ReportMetric(many/(b.Elapsed()-linked).Seconds(), "verified/s")
	}
}
