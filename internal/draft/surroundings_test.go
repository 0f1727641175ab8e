package draft_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/draft"
	"jingwei/internal/layout"
)

// bordering are the surroundings of some live grids, as they are published.
func (v *town) bordering(of []layout.Code) (out map[layout.Code]*layout.Surroundings) {
	v.Helper()
	v.tx(context.Background(), func(ctx context.Context, tx pgx.Tx) (err error) {
		out, err = layout.SurroundingsOf(ctx, tx, county, of)
		return err
	})
	return out
}

func (p person) surroundings(h *draft.Head, of ...draft.Key) map[draft.Key]*draft.Surroundings {
	p.Helper()
	out, err := p.room.Surroundings(p.ctx, id(h), of)
	if err != nil {
		p.Fatal(err)
	}
	return out
}

// asPublished fails unless a draft says of all of its grids what the live layout says.
func (p person) asPublished(what string, drafted map[draft.Key]*draft.Surroundings) {
	p.Helper()
	var codes []layout.Code
	for k := range drafted {
		codes = append(codes, layout.Code(k))
	}
	live := p.bordering(codes)
	if len(live) == 0 || len(live) != len(drafted) {
		p.Fatalf("%s: %d grids in the draft, %d of them live", what, len(drafted), len(live))
	}
	for k, s := range drafted {
		if want := live[layout.Code(k)]; s.ZH != want.ZH || s.EN != want.EN || s.ZH == "" {
			p.Errorf("%s: grid %s is said to border on\n%s\n%s\nwant\n%s\n%s", what, k, s.ZH, s.EN, want.ZH, want.EN)
		}
	}
}

// givesPiece gives a piece of a block that was cut to another grid, so that a border runs through what was one block.
func (p person) givesPiece(h *draft.Head, community int64) bool {
	p.Helper()
	grids := p.grids(h, community)
	for _, from := range grids {
		for _, b := range p.blocks(h, from.Key) {
			for _, to := range grids {
				if b >= 0 || to.Key == from.Key {
					continue
				}
				done, err := p.act(h, draft.Act{Kind: "assign", Blocks: []int64{b}, To: to.Key})
				if err == nil && !slices.ContainsFunc(done.Problems, func(f draft.Problem) bool { return f.Forbids }) {
					return true
				} else if err == nil {
					p.must(h, draft.Act{Kind: "undo"})
				}
			}
		}
	}
	return false
}

// What a draft says that its grids border on is what the live layout says once it is published, also where blocks were cut.
func TestSurroundingsOfADraftAreThoseThatItPublishes(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	p.asPublished("unchanged", p.surroundings(h))
	for _, c := range []int64{west, east} {
		a, b := p.neighbours(h, c)
		p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	}
	p.must(h, draft.Act{Kind: "cut", Line: [][2]float64{at(2.5, -0.2), at(2.5, 6.2)}, CutBuildings: true})
	if !p.givesPiece(h, west) {
		t.Fatal("no piece can be given to another grid")
	}
	drafted := p.surroundings(h)
	if len(drafted) < 3 {
		t.Fatalf("%d grids", len(drafted))
	}
	p.publish(h)
	p.asPublished("published", drafted)
}

// What was put right by hand holds as long as the grid has its ground; a grid that the draft made is called as in the draft, and ground in no grid is
// said to be that.
func TestSurroundingsOfChangedGrids(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.grids(h, west)[0], p.grids(h, east)[0]
	for _, k := range []draft.Key{a.Key, b.Key} {
		if _, err := v.db.Owner.Exec(p.ctx, `INSERT INTO surroundings (county, grid, zh, version, written_by) VALUES ($1, $2, '东至老槐树', 1, 'x')`, county, int64(k)); err != nil {
			t.Fatal(err)
		}
	}
	made := p.must(h, draft.Act{Kind: "split", Grid: a.Key, Into: 2})
	fresh := made.Grids[slices.IndexFunc(made.Grids, func(g *draft.Grid) bool { return g.Key < 0 })].Key
	now := p.surroundings(h)
	if s := now[b.Key]; !s.Live || s.Hand == nil || s.Hand.ZH != "东至老槐树" {
		t.Errorf("an unchanged grid: %+v", s)
	}
	for _, k := range []draft.Key{a.Key, fresh} {
		if s := now[k]; s == nil || s.Live || s.Hand != nil || s.ZH == "" {
			t.Errorf("grid %s was changed: %+v", k, s)
		}
	}
	zh, en := now[a.Key].ZH, now[a.Key].EN
	if !strings.Contains(zh, fresh.Short().ZH+"网格") || !strings.Contains(en, "grid "+fresh.Short().EN) {
		t.Errorf("beside the one that it was cut from: %s / %s", zh, en)
	}
	if one := p.surroundings(h, a.Key); len(one) != 1 || one[a.Key].ZH != zh {
		t.Errorf("asked for one: %v", slices.Collect(maps.Keys(one)))
	}
	p.must(h, draft.Act{Kind: "assign", Blocks: p.blocks(h, fresh), To: draft.Nowhere})
	now = p.surroundings(h)
	if s := now[a.Key]; now[fresh] != nil || !strings.Contains(s.ZH, "未划入网格的地面") || !strings.Contains(s.EN, "ground in no grid") {
		t.Errorf("beside ground in no grid: %+v", now[a.Key])
	}
}
