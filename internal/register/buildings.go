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
// Fragment says what is too short; here it finds nothing.
func (b *Book) Buildings(ctx context.Context, tx pgx.Tx, county int32, fragment string) (found []BuildingFound, more bool, err error) {
	pairs := pairsOf(fragment)
	if len(pairs) == 0 {
		return nil, false, nil
	}
	mine := postgres.ActorOf(ctx).Scope[access.ReadRegister]
	rows, err := tx.Query(ctx, `
		SELECT f.building, f.place, f.number, f.address, coalesce(c.name, ''), f.houses, f.lon, f.lat, f.grids
		FROM (SELECT h.building, min(h.place) AS place, min(h.number) AS number, min(h.address) AS address, min(h.ground) AS ground, count(*) AS houses, avg(ST_X(h.geom)) AS lon, avg(ST_Y(h.geom)) AS lat,
				array_agg(DISTINCT gb.grid) FILTER (WHERE gb.grid IS NOT NULL) AS grids
			FROM (SELECT county, building, block, place, number, address, ground, geom FROM house WHERE `+bearing+` AND building IS NOT NULL LIMIT $4) h
			LEFT JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block
			GROUP BY h.building HAVING count(*) > 1 ORDER BY count(*) DESC, h.building LIMIT $5) f
		LEFT JOIN division c ON c.code = left(lpad(f.ground::text, 15, '0'), 12) ORDER BY f.place, f.number, f.building`,
		county, pairs, folded(fragment), mostBearers, mostBuildings+1)
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
	if more = len(found) > mostBuildings; more {
		found = found[:mostBuildings]
	}
	return found, more, err
}
