package layout

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/division"
	"jingwei/internal/drawing"
	"jingwei/internal/fault"
)

// PersonsPerHousehold is what households are estimated by where only persons are known: the mean of the census of 2020 for
// China (National Bureau of Statistics, communiqué no. 2: 2.62).
const PersonsPerHousehold = 2.62

// Home is an entrance, or a building without any, with its people.
type Home struct {
	Grid       Code   `json:"grid"`
	Micro      int    `json:"micro_grid"` // from 1 within its grid
	Building   string `json:"building"`   // as its source names it
	Entrance   string `json:"entrance"`   // "" for a building without entrances on record
	Residents  int    `json:"residents"`
	Households int    `json:"households"` // estimated
	Lon, Lat   float64
}

// MicroGrids is a division's grids cut into micro-grids.
type MicroGrids struct {
	Homes      []Home
	MicroGrids int
	Report     drawing.Report // in households
}

// PlanMicroGrids cuts every live grid of a division into micro-grids of 30 to 50 households, of whole entrances and of buildings that have none. It
// writes nothing. Households are estimated from residents (PersonsPerHousehold) so that they add up to the rounded sum of the division.
//
// Faults: NotFound when there is no such division or nothing is live in it.
func PlanMicroGrids(ctx context.Context, tx pgx.Tx, code division.Code, seed uint64, look time.Duration) (*MicroGrids, error) {
	leaves, err := leaves(ctx, tx, code)
	if err != nil {
		return nil, err
	}
	p := &Proposal{County: int32(code.County())}
	for _, d := range leaves {
		p.Communities = append(p.Communities, d.Code.Community())
	}
	if err := p.loadStanding(ctx, tx); err != nil {
		return nil, err
	}
	if len(p.Blocks) == 0 {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("区划 %s 还没有网格，先用 draw 划分", code), fmt.Sprintf("division %s has no grids yet: draw them first", code))
	}
	now, err := p.presentGrids(ctx, tx)
	if err != nil {
		return nil, err
	}
	homes, units, err := p.homes(ctx, tx)
	if err != nil {
		return nil, err
	}
	problem := p.problem()
	micro, err := drawing.MicroGrids(ctx, problem, now.grid, units, func(g int32) string { return now.codes[g].String() }, drawing.Options{Seed: seed, Time: look})
	if err != nil {
		return nil, err
	}
	number := make([]int, len(micro.Grid)) // within its grid
	last := make(map[int32]int)
	for m, g := range micro.Grid {
		last[g]++
		number[m] = last[g]
	}
	for i := range homes {
		m := micro.Unit[i]
		homes[i].Grid, homes[i].Micro, homes[i].Households = now.codes[micro.Grid[m]], number[m], int(units[i].Households)
	}
	slices.SortStableFunc(homes, func(a, b Home) int {
		if a.Grid != b.Grid {
			return int(a.Grid - b.Grid)
		}
		return a.Micro - b.Micro
	})
	return &MicroGrids{Homes: homes, MicroGrids: len(micro.Grid), Report: micro.Report}, nil
}

// homes are the entrances and buildings of the proposal's blocks, each with a unit for the engine. An entrance of a building that
// lies on several blocks belongs to the nearest. People of a block that no building has are a unit in its middle.
func (p *Proposal) homes(ctx context.Context, tx pgx.Tx) ([]Home, []drawing.Unit, error) {
	index := make(map[int64]int32, len(p.Blocks))
	for i, b := range p.Blocks {
		index[b.ID] = int32(i)
	}
	rows, err := tx.Query(ctx, `
		WITH lived AS (
			SELECT bb.block, bb.building, bb.residents, b.geom FROM block b
			JOIN block_building bb ON bb.county = b.county AND bb.block = b.id
			WHERE b.county = $1 AND b.community = ANY($2) AND b.retired IS NULL AND bb.residents > 0
		), door AS (
			SELECT DISTINCT ON (e.building, e.ref) l.block, e.building, e.ref, coalesce(e.residents, 0) AS residents, e.geom
			FROM lived l JOIN entrance e ON e.county = $1 AND e.building = l.building
			ORDER BY e.building, e.ref, ST_Distance(e.geom, l.geom), l.block
		), shares AS (
			SELECT l.block, h.source, d.ref, l.residents AS of, coalesce(d.residents, 0) AS part, coalesce(d.geom, ST_PointOnSurface(l.geom)) AS at
			FROM lived l JOIN building h ON h.county = $1 AND h.id = l.building
			LEFT JOIN door d ON d.block = l.block AND d.building = l.building
			UNION ALL
			SELECT b.id, '', NULL, b.residents - coalesce(s.residents, 0), 0, ST_PointOnSurface(b.geom)
			FROM block b LEFT JOIN (SELECT block, sum(residents)::int AS residents FROM lived GROUP BY block) s ON s.block = b.id
			WHERE b.county = $1 AND b.community = ANY($2) AND b.retired IS NULL AND b.residents > coalesce(s.residents, 0)
		)
		SELECT block, source, coalesce(ref, ''), of, part, ST_X(at), ST_Y(at) FROM shares ORDER BY block, source, ref`,
		p.County, p.Communities)
	if err != nil {
		return nil, nil, err
	}
	type home struct {
		Home
		block    int64
		of, part int
	}
	var all []home
	var h home
	_, err = pgx.ForEachRow(rows, []any{&h.block, &h.Building, &h.Entrance, &h.of, &h.part, &h.Lon, &h.Lat}, func() error {
		all = append(all, h)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	out := make([]Home, len(all))
	units := make([]drawing.Unit, len(all))
	var exact []float64
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].block == all[from].block && all[to].Building == all[from].Building {
			to++
		}
		weights := make([]float64, to-from)
		var sum float64
		for i := range weights {
			weights[i] = float64(all[from+i].part)
			sum += weights[i]
		}
		for i := range weights {
			share := 1 / float64(len(weights)) // entrances of which nothing is known
			if sum > 0 {
				share = weights[i] / sum
			}
			weights[i] = share * float64(all[from].of)
		}
		for i, n := range drawing.RoundTogether(weights) {
			all[from+i].Residents = int(n)
		}
		from = to
	}
	zone := crs.Plane{}
	for i := range all {
		if i == 0 {
			zone = crs.PlaneFor(all[0].Lon)
		}
		exact = append(exact, float64(all[i].Residents)/PersonsPerHousehold)
		out[i] = all[i].Home
		units[i].Block = index[all[i].block]
		units[i].X, units[i].Y = zone.Forward(all[i].Lon, all[i].Lat)
	}
	for i, n := range drawing.RoundTogether(exact) {
		units[i].Households = n
	}
	return out, units, nil
}
