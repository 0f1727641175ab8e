package layout

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/drawing"
)

// home is an entrance or a building on its way to micro-grids.
type home struct {
	Home
	block      int64
	of, part   int // residents of the building on this block, and what is known of this entrance's part of them
	households int // of the building, −1 where nobody has counted them
}

// homesOf reads the entrances of the buildings that people live in, and buildings without any; those of one building on one block
// are next to each other. An entrance of a building that lies on several blocks belongs to the nearest. People of a block that no building has are a
// home in its middle.
const homesOf = `
		WITH lived AS (
			SELECT bb.block, bb.building, bb.residents, b.geom FROM block b
			JOIN block_building bb ON bb.county = b.county AND bb.block = b.id
			WHERE b.county = $1 AND b.community = ANY($2) AND b.retired IS NULL AND bb.residents > 0
		), door AS (
			SELECT DISTINCT ON (e.building, e.ref) l.block, e.building, e.ref, coalesce(e.residents, 0) AS residents, e.geom
			FROM lived l JOIN entrance e ON e.county = $1 AND e.building = l.building
			ORDER BY e.building, e.ref, ST_Distance(e.geom, l.geom), l.block
		), counted AS (
			SELECT building, n FROM building_count WHERE county = $1 AND kind = $3
		), shares AS (
			SELECT l.block, h.source, d.ref, l.residents AS of, coalesce(d.residents, 0) AS part, coalesce(d.geom, ST_PointOnSurface(l.geom)) AS at, coalesce(c.n, -1) AS households
			FROM lived l JOIN building h ON h.county = $1 AND h.id = l.building
			LEFT JOIN door d ON d.block = l.block AND d.building = l.building
			LEFT JOIN counted c ON c.building = h.source
			UNION ALL
			SELECT b.id, '', NULL, b.residents - coalesce(s.residents, 0), 0, ST_PointOnSurface(b.geom), -1
			FROM block b LEFT JOIN (SELECT block, sum(residents)::int AS residents FROM lived GROUP BY block) s ON s.block = b.id
			WHERE b.county = $1 AND b.community = ANY($2) AND b.retired IS NULL AND b.residents > coalesce(s.residents, 0)
		)
		SELECT block, source, coalesce(ref, ''), of, part, households, ST_X(at), ST_Y(at) FROM shares ORDER BY block, source, ref`

// homes are the entrances and buildings of the proposal's blocks, each with a unit for the engine.
func (p *Proposal) homes(ctx context.Context, tx pgx.Tx) ([]Home, []drawing.Unit, error) {
	rows, err := tx.Query(ctx, homesOf, p.County, p.Communities, Households)
	if err != nil {
		return nil, nil, err
	}
	var all []home
	var h home
	_, err = pgx.ForEachRow(rows, []any{&h.block, &h.Building, &h.Entrance, &h.of, &h.part, &h.households, &h.Lon, &h.Lat}, func() error {
		all = append(all, h)
		return nil
	})
	if err != nil || len(all) == 0 {
		return nil, nil, err
	}
	shareResidents(all)
	shareHouseholds(all)
	index := make(map[int64]int32, len(p.Blocks))
	for i, b := range p.Blocks {
		index[b.ID] = int32(i)
	}
	out, units := make([]Home, len(all)), make([]drawing.Unit, len(all))
	zone := crs.PlaneFor(all[0].Lon)
	for i, h := range all {
		out[i] = h.Home
		units[i].Block, units[i].Households = index[h.block], int64(h.Households)
		units[i].X, units[i].Y = zone.Forward(h.Lon, h.Lat)
	}
	return out, units, nil
}

// shareResidents gives a building's residents to its entrances: as is known of them, evenly where nothing is.
func shareResidents(all []home) {
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].block == all[from].block && all[to].Building == all[from].Building {
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
	var guessed []int
	counted := make(map[string][]int) // homes of a building, which may stand on several blocks
	for i, h := range all {
		if h.households < 0 {
			guessed = append(guessed, i)
		} else {
			counted[h.Building] = append(counted[h.Building], i)
		}
	}
	exact := make([]float64, len(guessed))
	for k, i := range guessed {
		all[i].Estimated = true
		exact[k] = float64(all[i].Residents) / PersonsPerHousehold
	}
	for k, n := range drawing.RoundTogether(exact) {
		all[guessed[k]].Households = int(n)
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
