package layout

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
	"jingwei/internal/fault"
)

// Act is what is done with chosen grids of a live layout.
type Act string

const (
	DoSplit     Act = "split"     // one grid into several
	DoMerge     Act = "merge"     // several into one, or cut afresh into another number
	DoRebalance Act = "rebalance" // evened out among themselves, with few people moved
)

// Edit asks for a change of chosen live grids of one community. The rest of the community stays as it is, block for block.
type Edit struct {
	Act   Act
	Grids []Code
	Into  int // split and merge: how many grids are to come of it; 0 for a merger is 1
	Hold  []Code
	Seed  uint64
	Time  time.Duration
}

// Change is what an edit does to one grid: of before, of after, or both, under the code that it will have when it is published.
type Change struct {
	Code        Code    `json:"code"`   // 0 for a new one, which gets its code at publication
	Before      int     `json:"before"` // in the layout's measure, residents for the most part; 0 where there was no such grid
	After       int     `json:"after"`  // 0 where there is none any more
	Compactness float64 `json:"compactness"`
	InBand      bool    `json:"in_band"`
	Special     string  `json:"special,omitempty"`     // the kind of a special grid
	WasSpecial  string  `json:"was_special,omitempty"` // the kind that it was of before
	grid        int32   // its number in the proposal, −1 where there is none any more
}

// Edited is a proposal with what it changes.
type Edited struct {
	Proposal *Proposal
	Changes  []Change
	Moved    int  // how much of the layout's measure gets another grid
	Same     bool // every grid keeps the ground that it has: there is nothing to publish
}

// Published gives the new grids the codes that they were published under.
func (e *Edited) Published(done *Publication) {
	for i := range e.Changes {
		if c := &e.Changes[i]; c.grid >= 0 {
			c.Code = done.Grids[c.grid].Code
		}
	}
}

// PlanEdit carries an edit out on the blocks that stand and proposes the result. It writes nothing; Publish does, and refuses when
// somebody has published meanwhile.
//
// Faults: NotFound for a code that isn't live; Invalid for grids of several communities, grids that don't touch, too many pieces.
func PlanEdit(ctx context.Context, tx pgx.Tx, e Edit) (*Edited, error) {
	community, err := e.community()
	if err != nil {
		return nil, err
	}
	p := &Proposal{County: int32(community / 1_000_000), Communities: []int64{community}}
	if p.Base, err = Live(ctx, tx, p.County); err != nil {
		return nil, err
	}
	if p.Settings, err = liveSettings(ctx, tx, p.County); err != nil {
		return nil, err
	}
	if _, err := p.loadStanding(ctx, tx); err != nil {
		return nil, err
	}
	now, err := p.presentGrids(ctx, tx)
	if err != nil {
		return nil, err
	}
	places := func(codes []Code) (out []int32, err error) {
		for _, c := range codes {
			at := now.find(c)
			if at < 0 {
				return nil, fault.New(fault.NotFound, fmt.Sprintf("没有编码为 %s 的在用网格", c), fmt.Sprintf("no live grid has the code %s", c))
			}
			out = append(out, at)
		}
		return out, nil
	}
	chosen, err := places(e.Grids)
	if err != nil {
		return nil, err
	}
	held, err := places(e.Hold)
	if err != nil {
		return nil, err
	}
	o := drawing.Options{Target: p.Settings.Target, Tolerance: p.Settings.Tolerance, Preset: p.Settings.Preset, Seed: e.Seed, Time: e.Time, Divide: p.Settings.Divide}
	if len(held) > 0 {
		o.Fixed = &drawing.Fixed{Grids: held}
	}
	p.keepSpecial(now)
	problem := p.problem()
	problem.Grid = now.name
	drawn, err := e.carryOut(ctx, problem, now, chosen, o)
	if err != nil {
		return nil, err
	}
	p.settleOn(drawn.Grid, drawn.Report)
	return &Edited{Proposal: p, Changes: p.changes(problem, now, chosen, drawn.Grid, o),
		Moved: moved(problem, now.grid, drawn.Grid), Same: sameGround(now.grid, drawn.Grid)}, nil
}

// community is the one that all grids lie in.
func (e *Edit) community() (int64, error) {
	if len(e.Grids) == 0 {
		return 0, fault.New(fault.Invalid, "请指定要调整的网格编码", "name the grids to change by their codes")
	}
	for i, c := range e.Grids {
		if c.Community() != e.Grids[0].Community() {
			return 0, fault.New(fault.Invalid,
				fmt.Sprintf("网格 %s 与 %s 不在同一社区：网格不能跨社区", e.Grids[0], c),
				fmt.Sprintf("grids %s and %s lie in different communities, and no grid crosses a community's border", e.Grids[0], c))
		}
		if slices.Contains(e.Grids[:i], c) {
			return 0, fault.New(fault.Invalid, fmt.Sprintf("网格 %s 指定了两次", c), fmt.Sprintf("grid %s is named twice", c))
		}
		if slices.Contains(e.Hold, c) {
			return 0, fault.New(fault.Invalid, fmt.Sprintf("网格 %s 既要调整又要固定", c), fmt.Sprintf("grid %s is to be changed and to be held", c))
		}
	}
	return e.Grids[0].Community(), nil
}

func (e *Edit) carryOut(ctx context.Context, problem *drawing.Problem, now *present, chosen []int32, o drawing.Options) (*drawing.Drawing, error) {
	switch {
	case e.Act == DoRebalance && len(chosen) < 2:
		return nil, fault.New(fault.Invalid, "均衡需要至少两个网格", "to even out grids takes two of them at least")
	case e.Act == DoMerge && len(chosen) < 2:
		return nil, fault.New(fault.Invalid, "合并需要至少两个网格", "to merge grids takes two of them at least")
	case e.Act == DoSplit && len(chosen) != 1:
		return nil, fault.New(fault.Invalid, "每次只能拆分一个网格", "one grid is split at a time")
	case e.Act == DoSplit:
		return drawing.Split(ctx, problem, now.grid, chosen[0], e.Into, o)
	case e.Act == DoMerge && e.Into > 1:
		return drawing.Recut(ctx, problem, now.grid, chosen, e.Into, o)
	case e.Act == DoMerge:
		return drawing.Merge(problem, now.grid, chosen, o)
	default:
		return drawing.Rebalance(ctx, problem, now.grid, chosen, o)
	}
}

// sameGround says whether two assignments put the same blocks together, whatever the numbers.
func sameGround(a, b []int32) bool {
	to, from := map[int32]int32{}, map[int32]int32{}
	for i := range a {
		if at, seen := to[a[i]]; seen && at != b[i] {
			return false
		}
		if at, seen := from[b[i]]; seen && at != a[i] {
			return false
		}
		to[a[i]], from[b[i]] = b[i], a[i]
	}
	return true
}

// liveSettings are what the live layout was drawn with.
func liveSettings(ctx context.Context, tx pgx.Tx, county int32) (s Settings, err error) {
	s = Settings{Target: DefaultTarget, Tolerance: DefaultTolerance, Preset: "balanced"}
	var kept []byte
	switch err := tx.QueryRow(ctx, `SELECT settings FROM layout WHERE county = $1 AND live`, county).Scan(&kept); err {
	case nil:
		return s, json.Unmarshal(kept, &s)
	case pgx.ErrNoRows:
		return s, fault.New(fault.NotFound, fmt.Sprintf("县 %06d 还没有网格，先用 draw 划分", county),
			fmt.Sprintf("county %06d has no grids yet: draw them first", county))
	default:
		return s, err
	}
}

// changes lists the chosen grids and what comes of them. A new grid has no code before it is published.
func (p *Proposal) changes(problem *drawing.Problem, now *present, chosen, after []int32, o drawing.Options) []Change {
	mine := make(map[int32]int32) // what comes of them → its number in the proposal
	for i, g := range now.grid {
		if slices.Contains(chosen, g) {
			mine[after[i]] = p.Grid[i]
		}
	}
	was, is := drawing.Figures(problem, now.grid, o), drawing.Figures(problem, after, o)
	var out []Change
	for _, g := range chosen {
		c := Change{Code: now.codes[g], Before: int(was[g].Weight), WasSpecial: now.special[g], grid: -1}
		if number, stays := mine[g]; stays {
			c.grid = number
			c.After, c.Compactness, c.InBand = int(is[g].Weight), is[g].Compactness, is[g].InBand
			c.Special = p.Special[number]
		}
		out = append(out, c)
	}
	for g := range is {
		if number, comes := mine[int32(g)]; comes && !slices.Contains(chosen, int32(g)) {
			out = append(out, Change{After: int(is[g].Weight), Compactness: is[g].Compactness, InBand: is[g].InBand, Special: p.Special[number], grid: number})
		}
	}
	return out
}

// moved counts what gets another grid.
func moved(problem *drawing.Problem, before, after []int32) (n int) {
	for i := range before {
		if before[i] != after[i] {
			n += int(problem.Blocks[i].Weight)
		}
	}
	return n
}
