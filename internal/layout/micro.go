package layout

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

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
	Households int    `json:"households"`
	Estimated  bool   `json:"estimated"` // the households are, as nobody has counted those of the building
	Lon, Lat   float64
}

// MicroGrids is a division's grids cut into micro-grids.
type MicroGrids struct {
	Homes      []Home
	MicroGrids int
	Report     drawing.Report // in households
	Elsewhere  int            // households that were counted for buildings where nobody is on record, and so are in none
}

// Counted says how many of the households were counted, not estimated.
func (m *MicroGrids) Counted() (n int) {
	for _, h := range m.Homes {
		if !h.Estimated {
			n += h.Households
		}
	}
	return n
}

// PlanMicroGrids cuts every live grid of a division into micro-grids of 30 to 50 households, of whole entrances and of buildings that have none. It
// writes nothing. Households are those that were imported for a building, shared out over its entrances as its residents are; where
// none were, they are estimated from residents (PersonsPerHousehold) so that they add up to the rounded sum of the division.
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
	if _, err := p.loadStanding(ctx, tx); err != nil {
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
	elsewhere, err := p.householdsElsewhere(ctx, tx)
	if err != nil {
		return nil, err
	}
	problem := p.problem()
	micro, err := drawing.MicroGrids(ctx, problem, now.grid, units, func(g int32) string { return now.codes[g].String() }, drawing.Options{Seed: seed, Time: look})
	if err != nil {
		return nil, err
	}
	number := make([]int, len(micro.Grid)) // within its grid; 0 where nobody lives
	for _, m := range micro.Unit {
		number[m] = -1
	}
	last, inhabited := make(map[int32]int), 0
	for m, g := range micro.Grid {
		if number[m] < 0 {
			last[g]++
			number[m] = last[g]
			inhabited++
		}
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
	return &MicroGrids{Homes: homes, MicroGrids: inhabited, Report: micro.Report, Elsewhere: elsewhere}, nil
}
