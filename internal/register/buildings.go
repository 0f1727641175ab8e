package register

import (
	"context"
	"slices"

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
	mine := postgres.ActorOf(ctx).Scope[access.ReadRegister]
	rows, err := tx.Query(ctx, `
		SELECT h.building, h.place, h.number, h.address, coalesce(c.name, ''), f.houses, ST_X(h.geom), ST_Y(h.geom),
			(SELECT array_agg(DISTINCT gb.grid) FROM house o JOIN grid_block gb ON gb.county = o.county AND gb.block = o.block WHERE o.county = h.county AND o.building = h.building)
		FROM unnest($2::bigint[], $3::integer[]) AS f (house, houses) JOIN house h ON h.county = $1 AND h.id = f.house
		LEFT JOIN division c ON c.code = left(lpad(h.ground::text, 15, '0'), 12)
		WHERE h.building IS NOT NULL ORDER BY h.place, h.number, h.building`, county, houses, of)
	if err != nil {
		return nil, false, err
	}
	found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (f BuildingFound, err error) {
		var place, number, address string
		var grids []int64
		err = row.Scan(&f.ID.Number, &place, &number, &address, &f.Community, &f.Houses, &f.Lon, &f.Lat, &grids)
		f.ID.County, f.Name, f.Seen = county, buildingName(place, number, address, f.Community), slices.ContainsFunc(grids, mine.Covers)
		return f, err
	})
	return found, more, err
}
