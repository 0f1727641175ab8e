package register

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

// Retie takes houses along with the blocks that a publication retired, in its transaction (layout.Also), and what is about their people where the new
// block is another community's. Imports of houses wait for it from then on to the commit.
func Retie(ctx context.Context, tx pgx.Tx, p *layout.Proposal, done *layout.Publication) error {
	_, err := tx.Exec(ctx, `SELECT retie_houses($1, $2)`, p.County, done.Version)
	return err
}
