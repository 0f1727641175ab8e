package register

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
)

// Meet opens a person: every house on ground of the actor that they live or lived in, where they live first, then the latest. It writes that into the
// trail: tx can write. Houses elsewhere aren't among them.
//
// Faults: NotFound when there is nobody that the actor may see; Unavailable when a field can't be opened.
func (b *Book) Meet(ctx context.Context, tx pgx.Tx, id ID) ([]Found, error) {
	stays, err := b.occupants(ctx, tx, `x.county = $1 AND x.resident = $2 AND r.id IS NOT NULL`, id.County, id.Number)
	if err != nil {
		return nil, err
	}
	if len(stays) == 0 {
		return nil, nobody(id)
	}
	houses := make([]int64, len(stays))
	for i, o := range stays {
		houses[i] = o.House.Number
	}
	byID, err := b.housesByID(ctx, tx, id.County, houses)
	if err != nil {
		return nil, err
	}
	found := make([]Found, len(stays))
	for i, o := range stays {
		found[i] = Found{o, *byID[o.House.Number]}
	}
	return found, b.Trail.Write(ctx, tx, audit.Entry{County: int(id.County), Place: found[0].Home.Grid, Action: audit.ResidentLooked, Subject: "resident:" + id.String()})
}

// housesByID are some houses by their numbers.
func (b *Book) housesByID(ctx context.Context, tx pgx.Tx, county int32, houses []int64) (map[int64]*House, error) {
	rows, err := tx.Query(ctx, `SELECT `+houseColumns+fromHouse+`WHERE h.county = $1 AND h.id = ANY ($2)`, county, houses)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, scanHouse(ctx))
	byID := make(map[int64]*House, len(all))
	for _, h := range all {
		byID[h.ID.Number] = h
	}
	return byID, err
}
