package layout

import (
	"cmp"
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/drawing"
)

// HomeKey names a home: an entrance of a building, or a building without any, on a block. Building 0 is those people of a block whom no building has.
type HomeKey struct {
	Block    int64  `json:"block"`
	Building int64  `json:"building"`           // its row id
	Entrance string `json:"entrance,omitempty"` // "" for a building without entrances on record
}

// Compare orders homes by block, building and entrance.
func (h HomeKey) Compare(o HomeKey) int {
	return cmp.Or(cmp.Compare(h.Block, o.Block), cmp.Compare(h.Building, o.Building), cmp.Compare(h.Entrance, o.Entrance))
}

// Home is an entrance, or a building without any, with its people.
type Home struct {
	HomeKey
	Community  int64
	Source     string // the building as its source names it
	Address    string // of the building, its name where it has none
	Residents  int
	Households int
	Estimated  bool // the households are, as nobody has counted those of the building
	Lon, Lat   float64
}

// home is a home on its way to its people.
type home struct {
	Home
	of, part   int // residents of the building on this block, and what is known of this entrance's part of them
	households int // of the building, −1 where nobody has counted them
}

// homesOf reads the entrances of the buildings that people live in, and buildings without any; those of one building on one block
// are next to each other. An entrance of a building that lies on several blocks belongs to the nearest. People of a block that no building has are a
// home in its middle.
const homesOf = `
		WITH lived AS (
			SELECT b.community, bb.block, bb.building, bb.residents, b.geom FROM block b
			JOIN block_building bb ON bb.county = b.county AND bb.block = b.id
			WHERE b.county = $1 AND b.community = ANY($2) AND b.retired IS NULL AND bb.residents > 0
		), door AS (
			SELECT DISTINCT ON (e.building, e.ref) l.block, e.building, e.ref, coalesce(e.residents, 0) AS residents, e.geom
			FROM lived l JOIN entrance e ON e.county = $1 AND e.building = l.building
			ORDER BY e.building, e.ref, ST_Distance(e.geom, l.geom), l.block
		), counted AS (
			SELECT building, n FROM building_count WHERE county = $1 AND kind = $3
		), shares AS (
			SELECT l.community, l.block, l.building, h.source, coalesce(nullif(h.address, ''), h.name) AS address, d.ref, l.residents AS of,
				coalesce(d.residents, 0) AS part, coalesce(d.geom, ST_PointOnSurface(l.geom)) AS at, coalesce(c.n, -1) AS households
			FROM lived l JOIN building h ON h.county = $1 AND h.id = l.building
			LEFT JOIN door d ON d.block = l.block AND d.building = l.building
			LEFT JOIN counted c ON c.building = h.source
			UNION ALL
			SELECT b.community, b.id, 0, '', '', NULL, b.residents - coalesce(s.residents, 0), 0, ST_PointOnSurface(b.geom), -1
			FROM block b LEFT JOIN (SELECT block, sum(residents)::int AS residents FROM lived GROUP BY block) s ON s.block = b.id
			WHERE b.county = $1 AND b.community = ANY($2) AND b.retired IS NULL AND b.residents > coalesce(s.residents, 0)
		)
		SELECT community, block, building, source, address, coalesce(ref, ''), of, part, households, ST_X(at), ST_Y(at) FROM shares ORDER BY block, source, ref`

// LoadHomes reads the homes on the live blocks of communities, by block. Households are those that were imported for a building, shared out over
// its entrances as its residents are; where none were, they are estimated from residents (PersonsPerHousehold) so that they add up to the rounded
// sum of their community.
func LoadHomes(ctx context.Context, tx pgx.Tx, county int32, communities []int64) ([]Home, error) {
	rows, err := tx.Query(ctx, homesOf, county, communities, Households)
	if err != nil {
		return nil, err
	}
	var all []home
	var h home
	_, err = pgx.ForEachRow(rows, []any{&h.Community, &h.Block, &h.Building, &h.Source, &h.Address, &h.Entrance, &h.of, &h.part, &h.households, &h.Lon, &h.Lat}, func() error {
		all = append(all, h)
		return nil
	})
	if err != nil {
		return nil, err
	}
	shareResidents(all)
	shareHouseholds(all)
	out := make([]Home, len(all))
	for i, h := range all {
		out[i] = h.Home
	}
	return out, nil
}

// Units are homes as the engine takes them; place says where the block of each is in its problem.
func Units(homes []Home, place func(*Home) int32) []drawing.Unit {
	units := make([]drawing.Unit, len(homes))
	for i := range homes {
		h := &homes[i]
		units[i].Block, units[i].Households = place(h), int64(h.Households)
		units[i].X, units[i].Y = crs.PlaneFor(homes[0].Lon).Forward(h.Lon, h.Lat)
	}
	return units
}

// shareResidents gives a building's residents to its entrances: as is known of them, evenly where nothing is.
func shareResidents(all []home) {
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].Block == all[from].Block && all[to].Building == all[from].Building {
			to++
		}
		mine, sum := all[from:to], 0
		for _, h := range mine {
			sum += h.part
		}
		shares := make([]float64, len(mine))
		for i, h := range mine {
			shares[i] = float64(h.of) / float64(len(mine))
			if sum > 0 {
				shares[i] = float64(h.of) * float64(h.part) / float64(sum)
			}
		}
		for i, n := range drawing.RoundTogether(shares) {
			mine[i].Residents = int(n)
		}
		from = to
	}
}

// shareHouseholds gives a building's households to its homes as its residents are, and estimates them where nobody has counted any.
func shareHouseholds(all []home) {
	guessed := make(map[int64][]int)  // homes of a community
	counted := make(map[string][]int) // homes of a building, which may stand on several blocks
	for i, h := range all {
		if h.households < 0 {
			guessed[h.Community] = append(guessed[h.Community], i)
		} else {
			counted[h.Source] = append(counted[h.Source], i)
		}
	}
	for _, homes := range guessed {
		exact := make([]float64, len(homes))
		for k, i := range homes {
			all[i].Estimated = true
			exact[k] = float64(all[i].Residents) / PersonsPerHousehold
		}
		for k, n := range drawing.RoundTogether(exact) {
			all[homes[k]].Households = int(n)
		}
	}
	for _, homes := range counted {
		parts := make([]buildingPart, len(homes))
		for k, i := range homes {
			parts[k].residents = all[i].Residents
		}
		for k, n := range sharesOf(int64(all[homes[0]].households), parts) {
			all[homes[k]].Households = int(n)
		}
	}
}

// householdsElsewhere sums up what was counted for buildings on the proposal's blocks where nobody is on record.
func (p *Proposal) householdsElsewhere(ctx context.Context, tx pgx.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `
		WITH stands AS (
			SELECT bb.building, sum(bb.residents) AS residents FROM block b
			JOIN block_building bb ON bb.county = b.county AND bb.block = b.id
			WHERE b.county = $1 AND b.community = ANY($2) AND b.retired IS NULL GROUP BY bb.building)
		SELECT coalesce(sum(c.n), 0)::int FROM stands s
		JOIN building h ON h.county = $1 AND h.id = s.building
		JOIN building_count c ON c.county = $1 AND c.building = h.source AND c.kind = $3
		WHERE s.residents = 0`, p.County, p.Communities, Households).Scan(&n)
	return n, err
}
