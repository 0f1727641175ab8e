package incident

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

// Retie takes incidents along with the ground that a publication changed, in its transaction (layout.Also): each lies in the grid of the block
// that holds it, but one for which the neighbour was chosen at a border stays there while that grid lives. What it was filed under stays. It is the last
// thing a publication does before it tells the outbox: from then on to the commit, reports of the county wait.
func Retie(ctx context.Context, tx pgx.Tx, p *layout.Proposal, done *layout.Publication) error {
	_, err := tx.Exec(ctx, `SELECT retie_incidents($1, $2)`, p.County, done.Version)
	return err
}
