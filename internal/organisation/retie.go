package organisation

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

// Retie takes organisations with a place of their own, and facilities, along with the blocks that a publication retired, in its transaction (layout.Also).
// What is in a house goes with the house (register.Retie, and the database's people_follow).
func Retie(ctx context.Context, tx pgx.Tx, p *layout.Proposal, done *layout.Publication) error {
	_, err := tx.Exec(ctx, `SELECT retie_places($1, $2)`, p.County, done.Version)
	return err
}
