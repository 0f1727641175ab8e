package layout

import (
	"cmp"
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

// MicroHome is a home in a planned micro-grid.
type MicroHome struct {
	Home
	Grid  Code
	Micro int // from 1 within its grid
}

// MicroGrids is a division's grids cut into micro-grids.
type MicroGrids struct {
	Communities []int64
	Homes       []MicroHome
	MicroGrids  int
	Report      drawing.Report // in households
	Elsewhere   int            // households that were counted for buildings where nobody is on record, and so are in none
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
// writes nothing; Store does.
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
	homes, err := LoadHomes(ctx, tx, p.County, p.Communities)
	if err != nil {
		return nil, err
	}
	index := make(map[int64]int32, len(p.Blocks))
	for i, b := range p.Blocks {
		index[b.ID] = int32(i)
	}
	units := Units(homes, func(h *Home) int32 { return index[h.Block] })
	elsewhere, err := p.householdsElsewhere(ctx, tx)
	if err != nil {
		return nil, err
	}
	problem := p.problem()
	micro, err := drawing.MicroGrids(ctx, problem, now.grid, units, func(g int32) string { return now.codes[g].String() }, drawing.Options{Seed: seed, Time: look})
	if err != nil {
		return nil, err
	}
	number, err := p.numberMicroGrids(ctx, tx, now, homes, micro)
	if err != nil {
		return nil, err
	}
	placed, inhabited := make([]MicroHome, len(homes)), make(map[int32]bool)
	for i := range homes {
		m := micro.Unit[i]
		inhabited[m] = true
		placed[i] = MicroHome{homes[i], now.codes[micro.Grid[m]], number[m]}
	}
	slices.SortStableFunc(placed, func(a, b MicroHome) int { return cmp.Or(cmp.Compare(a.Grid, b.Grid), cmp.Compare(a.Micro, b.Micro)) })
	return &MicroGrids{Communities: p.Communities, Homes: placed, MicroGrids: len(inhabited), Report: micro.Report, Elsewhere: elsewhere}, nil
}

// numberMicroGrids gives every micro-grid that has homes its number within its grid: that of the live one it comes from, where there is one.
func (p *Proposal) numberMicroGrids(ctx context.Context, tx pgx.Tx, now *present, homes []Home, micro *drawing.Micro) (map[int32]int, error) {
	live, err := MicroAt(ctx, tx, p.County, p.Communities, 0)
	if err != nil {
		return nil, err
	}
	last, err := LastMicroNumbers(ctx, tx, p.County, p.Communities)
	if err != nil {
		return nil, err
	}
	members := make(map[int32][]int)
	for i := range homes {
		g := micro.Grid[micro.Unit[i]]
		members[g] = append(members[g], i)
	}
	number := make(map[int32]int)
	for g, of := range members {
		was, planned, households := make([]int, len(of)), make([]int32, len(of)), make([]int, len(of))
		for n, i := range of {
			planned[n], households[n] = micro.Unit[i], homes[i].Households
			if k := live.In[homes[i].HomeKey]; k.Grid == now.codes[g] {
				was[n] = k.Number
			}
		}
		for m, n := range NumberMicroGrids(was, planned, households, last[now.codes[g]]) {
			number[m] = n
		}
	}
	return number, nil
}
