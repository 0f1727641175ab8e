package httpapi

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
)

// read runs f in one read-only transaction that sees one state of the database, so that the figures of an
// answer belong together, within the scope of who asks.
func (s *Server) read(ctx context.Context, f func(tx pgx.Tx) error) error {
	return postgres.Snapshot(ctx, s.DB, f)
}

// scanBounds gathers four nullable numbers as bounds.
type scanBounds struct{ w, s, e, n *float64 }

func (b *scanBounds) bounds() *Bounds {
	if b.w == nil || b.s == nil || b.e == nil || b.n == nil {
		return nil
	}
	return &Bounds{*b.w, *b.s, *b.e, *b.n}
}
