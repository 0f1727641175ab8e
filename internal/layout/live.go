package layout

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
	"jingwei/internal/ground"
)

// Ground is what stands in some communities: the live blocks as a proposal that would change nothing, what they were loaded from, and which
// live grid each of them is in. Drafts begin with it.
type Ground struct {
	*Proposal
	Live  *ground.Live
	In    []Code             // block → live grid
	Grids map[Code]NamedGrid // the live grids

	Proofs map[int64]Proof // of the communities that can't be in band
}

// NamedGrid is what isn't derived of a grid.
type NamedGrid struct {
	Name, Special string
}

// LoadGround loads it. Fault: NotFound when nothing is live in the county, or a community has no blocks.
func LoadGround(ctx context.Context, tx pgx.Tx, county int32, communities []int64) (*Ground, error) {
	g := &Ground{Proposal: &Proposal{County: county, Communities: communities}, Grids: make(map[Code]NamedGrid)}
	var err error
	if g.Base, err = Live(ctx, tx, county); err != nil {
		return nil, err
	}
	if g.Settings, err = liveSettings(ctx, tx, county); err != nil {
		return nil, err
	}
	if g.Live, err = g.loadStanding(ctx, tx); err != nil {
		return nil, err
	}
	present, err := g.presentGrids(ctx, tx)
	if err != nil {
		return nil, err
	}
	g.keepSpecial(present)
	g.In = make([]Code, len(g.Blocks))
	for i, at := range present.grid {
		if at >= 0 {
			g.In[i] = present.codes[at]
		}
	}
	if g.Proofs, err = proofs(ctx, tx, county, communities); err != nil {
		return nil, err
	}
	return g, g.loadNames(ctx, tx)
}

func (g *Ground) loadNames(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT code, name, special FROM grid WHERE county = $1 AND community = ANY($2) AND retired IS NULL`, g.County, g.Communities)
	if err != nil {
		return err
	}
	var code Code
	var named NamedGrid
	if _, err = pgx.ForEachRow(rows, []any{&code, &named.Name, &named.Special}, func() error {
		g.Grids[code] = named
		return nil
	}); err != nil {
		return err
	}
	return nil
}

// Problem is the ground as the engine sees it, block for block.
func (p *Proposal) Problem() *drawing.Problem { return p.problem() }
