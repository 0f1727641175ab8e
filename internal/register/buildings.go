package register

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/postgres"
)

// BuildingFound is a building some of whose houses have a piece of an address in theirs.
type BuildingFound struct {
	ID        ID
	Name      string // 文苑悦府6号楼, 解放路82号
	Community string
	Houses    int // that have it
	Lon, Lat  float64
	Seen      bool // the actor sees who lives in some of it
}

// mostBuildings is how many buildings a fragment gives.
const mostBuildings = 30

// Buildings are those that a piece of an address is about: whoever types 文苑悦府 means its buildings rather than fifty of its flats. Only of the
// buildings with more than one house that has the piece; thirty at most, those of most houses first, and whether there are more.
//
// Fragment says what is too short; here it finds nothing. Fault: Unavailable while the addresses aren't in memory.
func (b *Book) Buildings(ctx context.Context, tx pgx.Tx, county int32, fragment string) (found []BuildingFound, more bool, err error) {
	m, err := b.Addresses.of(county)
	if err != nil {
		return nil, false, err
	}
	houses, of, more := m.pieces.shared(fragment, mostBuildings)
	rows, err := tx.Query(ctx, `
		SELECT h.building, h.place, h.number, h.address, coalesce(c.name, ''), f.houses, ST_X(h.geom), ST_Y(h.geom), h.ground
		FROM unnest($2::bigint[], $3::integer[]) AS f (house, houses) JOIN house h ON h.county = $1 AND h.id = f.house
		LEFT JOIN division c ON c.code = left(lpad(h.ground::text, 15, '0'), 12)
		WHERE h.building IS NOT NULL ORDER BY h.place, h.number, h.building`, county, houses, of)
	if err != nil {
		return nil, false, err
	}
	mine := postgres.ActorOf(ctx).Scope[access.ReadRegister]
	var doubtful []int64
	found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (f BuildingFound, err error) {
		var place, number, address string
		var ground int64
		err = row.Scan(&f.ID.Number, &place, &number, &address, &f.Community, &f.Houses, &f.Lon, &f.Lat, &ground)
		f.ID.County, f.Name, f.Seen = county, buildingName(place, number, address, f.Community), mine.Contains(postgres.Range{Low: ground, High: ground + 999})
		if !f.Seen && len(mine) > 0 {
			doubtful = append(doubtful, f.ID.Number)
		}
		return f, err
	})
	if err != nil || len(doubtful) == 0 {
		return found, more, err
	}
	return found, more, see(ctx, tx, county, found, doubtful)
}

// see says of buildings whose community the actor doesn't see all of whether some of their houses are in a grid that they do see. All houses of a building are
// asked for that, so it isn't for those of whom it is known without.
func see(ctx context.Context, tx pgx.Tx, county int32, found []BuildingFound, doubtful []int64) error {
	mine := postgres.ActorOf(ctx).Scope[access.ReadRegister]
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT h.building, gb.grid FROM house h JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block
		WHERE h.county = $1 AND h.building = ANY ($2)`, county, doubtful)
	if err != nil {
		return err
	}
	seen := map[int64]bool{}
	var building, grid int64
	if _, err := pgx.ForEachRow(rows, []any{&building, &grid}, func() error { seen[building] = seen[building] || mine.Covers(grid); return nil }); err != nil {
		return err
	}
	for i := range found {
		found[i].Seen = found[i].Seen || seen[found[i].ID.Number]
	}
	return nil
}
