package layout

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
)

// Adoption is an assignment of the blocks that stand to grids, made by somebody else than the engine: by whoever drew a net that was imported.
type Adoption struct {
	County      int32
	Communities []int64         // replaced whole
	Grid        map[int64]int32 // every live block of them → grid, dense from 0
	Codes       map[int32]Code  // which code a grid should bear, where it may
	Names       map[int32]string
	Special     map[int32]string // grid → its kind, for special grids
}

// Adopted is a proposal with what it changes.
type Adopted struct {
	Proposal *Proposal
	Moved    int  // how much of the layout's measure gets another grid
	Same     bool // every grid keeps its ground, its code, its name and its kind
}

// Adopt makes a proposal of an assignment. It writes nothing; Publish does. A grid keeps the code that it is to have if that is a live grid's of its
// community, or was never used; it inherits one or gets a new one otherwise.
//
// Faults: NotFound when nothing is live in the county, Conflict when the assignment doesn't fit the blocks that stand.
func Adopt(ctx context.Context, tx pgx.Tx, a Adoption) (*Adopted, error) {
	p := &Proposal{County: a.County, Communities: a.Communities}
	var err error
	if p.Base, err = Live(ctx, tx, p.County); err != nil {
		return nil, err
	}
	if p.Settings, err = liveSettings(ctx, tx, p.County); err != nil {
		return nil, err
	}
	if _, err := p.loadStanding(ctx, tx); err != nil {
		return nil, err
	}
	p.Grid = make([]int32, len(p.Blocks))
	for i, b := range p.Blocks {
		g, there := a.Grid[b.ID]
		if !there || g < 0 {
			return nil, fault.New(fault.Conflict,
				fmt.Sprintf("基本单元 %d 没有归属：基本单元已有变化，请重新导入", b.ID), fmt.Sprintf("block %d was given no grid: the ground has changed, import the net again", b.ID))
		}
		p.Grid[i] = g
		p.Grids = max(p.Grids, int(g)+1)
	}
	if len(p.Blocks) != len(a.Grid) {
		return nil, fault.New(fault.Conflict, "有的基本单元已不存在：基本单元已有变化，请重新导入", "some of the blocks are no more: the ground has changed, import the net again")
	}
	p.Codes, p.Names, p.Special = a.Codes, a.Names, a.Special
	if p.Special == nil {
		p.Special = make(map[int32]string)
	}
	if err := p.Prove(ctx, tx, nil, nil); err != nil {
		return nil, err
	}
	now, err := p.presentGrids(ctx, tx)
	if err != nil {
		return nil, err
	}
	return p.against(ctx, tx, now)
}

// against compares the proposal with what is live.
func (p *Proposal) against(ctx context.Context, tx pgx.Tx, now *present) (*Adopted, error) {
	out := &Adopted{Proposal: p, Same: sameGround(now.grid, p.Grid)}
	shares := make(map[pair]share)
	for i, at := range now.grid {
		if at >= 0 {
			s := shares[pair{now.codes[at], int(p.Grid[i])}]
			s.add(share{1, p.Blocks[i].Homes, int(p.Blocks[i].Weight)})
			shares[pair{now.codes[at], int(p.Grid[i])}] = s
		}
	}
	kept, err := p.wish(ctx, tx, heirs(shares, p.Grids), p.communitiesOfGrids())
	if err != nil {
		return nil, err
	}
	for i, at := range now.grid {
		if at < 0 || kept[p.Grid[i]] != now.codes[at] {
			out.Moved += int(p.Blocks[i].Weight)
		}
		out.Same = out.Same && at >= 0 && kept[p.Grid[i]] == now.codes[at] && p.Special[p.Grid[i]] == now.special[at]
	}
	if !out.Same || len(p.Names) == 0 {
		return out, nil
	}
	for g, name := range p.Names {
		var old string
		err := tx.QueryRow(ctx, `SELECT name FROM grid WHERE county = $1 AND code = $2`, p.County, int64(kept[g])).Scan(&old)
		if err != nil {
			return nil, err
		}
		out.Same = out.Same && (name == "" || name == old)
	}
	return out, nil
}

// communitiesOfGrids are the communities that the grids lie in.
func (p *Proposal) communitiesOfGrids() []int64 {
	out := make([]int64, p.Grids)
	for i, g := range p.Grid {
		out[g] = p.Blocks[i].Community
	}
	return out
}

// wish puts the codes that grids are to have before those that they would inherit, where that can be: a code of the grid's own community that is live
// there, or that nobody ever bore. A code that an earlier grid of the list has taken is gone.
func (p *Proposal) wish(ctx context.Context, tx pgx.Tx, kept []Code, communities []int64) ([]Code, error) {
	if len(p.Codes) == 0 {
		return kept, nil
	}
	wanted := make([]int64, 0, len(p.Codes))
	for _, c := range p.Codes {
		wanted = append(wanted, int64(c))
	}
	rows, err := tx.Query(ctx, `SELECT code FROM grid WHERE county = $1 AND code = ANY($2) AND retired IS NOT NULL`, p.County, wanted)
	if err != nil {
		return nil, err
	}
	gone, err := pgx.CollectRows(rows, pgx.RowTo[Code])
	if err != nil {
		return nil, err
	}
	out := make([]Code, len(kept))
	taken := make(map[Code]bool)
	for g := range out {
		if c, asked := p.Codes[int32(g)]; asked && c.Community() == communities[g] && c.Sequence() > 0 && !taken[c] && !slices.Contains(gone, c) {
			out[g], taken[c] = c, true
		}
	}
	for g, c := range kept {
		if out[g] == 0 && !taken[c] {
			out[g] = c
		}
	}
	return out, nil
}
