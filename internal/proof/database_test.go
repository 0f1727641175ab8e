package proof_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/fault"
)

// The database itself refuses what would break invariants 1, 2 and 4, whoever writes: here the owner.
func TestDatabaseRefuses(t *testing.T) {
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
			if m.replica { // foreign keys would speak first
				w.exec(`SET CONSTRAINTS ALL DEFERRED`)
			}
			m.spoil(w)
			if w.err == nil {
				_, w.err = tx.Exec(ctx, `SET CONSTRAINTS check_touched, check_micro, proves_micro IMMEDIATE`) // as COMMIT would
			}
			var refusal *pgconn.PgError
			errors.As(w.err, &refusal)
			switch {
			case m.state == "" && w.err != nil:
				t.Fatalf("refused, though only verify proves this: %v", w.err)
			case m.state != "" && (refusal == nil || refusal.Code != m.state):
				t.Fatalf("want it refused with %s, got %v", m.state, w.err)
			case m.state != "" && (!strings.Contains(refusal.Message, "community 1101080010") || !strings.Contains(refusal.Hint, "社区")):
				t.Fatalf("the refusal doesn't say where: %q, %q", refusal.Message, refusal.Hint)
			}
			t.Log(w.err)
		})
	}
}

// At commit, not only when asked, and as a fault in both languages.
func TestRefusalAtCommitIsAFault(t *testing.T) {
	t.Parallel()
	db := newCounty(t)
	ctx := context.Background()
	err := db.InTx(ctx, func(tx pgx.Tx) error {
		w := &writer{ctx: ctx, tx: tx}
		w.exec(`DELETE FROM grid_block WHERE block = 7`)
		w.exec(`UPDATE block SET retired = 3 WHERE id = 7`)
		return w.err
	})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Conflict || !strings.Contains(f.ZH, "社区 110108001001") ||
		!strings.Contains(f.EN, "community 110108001001") {
		t.Fatalf("got %v", err)
	}
}
