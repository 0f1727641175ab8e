package register

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
	"jingwei/internal/outbox"
)

// Retie takes houses along with the blocks that a publication retired, in its transaction (layout.Also); what is about their people goes along where the
// new block is another community's. Imports of houses wait for it from then on to the commit.
func Retie(ctx context.Context, tx pgx.Tx, p *layout.Proposal, done *layout.Publication) error {
	var moved int
	if err := tx.QueryRow(ctx, `SELECT retie_houses($1, $2)`, p.County, done.Version).Scan(&moved); err != nil || moved == 0 {
		return err
	}
	return outbox.Write(ctx, tx, int(p.County), outbox.HousesChanged, Taken{Changed: moved})
}
