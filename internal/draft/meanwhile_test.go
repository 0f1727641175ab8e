package draft_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/draft"
	"jingwei/internal/fault"
	"jingwei/internal/incident"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

// What others publish and do while somebody has a draft.

func TestWhatOthersPublishedMeanwhile(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	a, b := v.planner("plan-a"), v.planner("plan-b")
	mine, theirs := a.begin(), b.begin()
	grids := a.grids(mine, west)
	block := a.blocks(mine, grids[0].Key)
	a.must(mine, draft.Act{Kind: "merge", Grids: keysOf(a.grids(mine, east))})
	x, y := a.neighbours(mine, west)
	b.must(theirs, draft.Act{Kind: "merge", Grids: []draft.Key{x.Key, y.Key}})
	b.publish(theirs)
	// Disjoint changes merge by themselves.
	if changes, err := a.room.Changes(a.ctx, id(mine), 0); err != nil || len(changes.Conflicts) != 0 {
		t.Fatalf("changes in another village conflict: %+v, %v", changes, err)
	}
	a.publish(mine)
	v.proved()
	if got := len(toSet(v.live())); got != len(grids)-1+1 {
		t.Errorf("%d grids are live, want %d", got, len(grids)-1+1)
	}
	_ = block
}

func TestConflictsAreShownAndSolved(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	a, b := v.planner("plan-a"), v.planner("plan-b")
	mine, theirs := a.begin(), b.begin()
	x, y := a.neighbours(mine, west)
	block := a.border(mine, x.Key, y.Key)
	a.must(mine, draft.Act{Kind: "assign", Blocks: []int64{block}, To: y.Key})
	b.must(theirs, draft.Act{Kind: "assign", Blocks: []int64{block}, New: true})
	b.publish(theirs)
	_, err := a.room.Publish(a.ctx, id(mine), "", "")
	v.wants(fault.Conflict, err)
	changes, err := a.room.Changes(a.ctx, id(mine), 0)
	if err != nil || len(changes.Conflicts) != 1 || changes.Conflicts[0].Block != block || changes.Conflicts[0].Mine != y.Key {
		t.Fatalf("conflicts %+v, %v", changes, err)
	}
	_, err = a.room.Rebase(a.ctx, id(mine), nil)
	v.wants(fault.Conflict, err)
	if _, err := a.room.Rebase(a.ctx, id(mine), map[int64]string{block: "mine"}); err != nil {
		t.Fatal(err)
	}
	a.publish(mine)
	v.proved()
	if got := v.live()[block]; got != layout.Code(y.Key) {
		t.Errorf("block %d is in %s, want %s", block, got, y.Key)
	}
}

// border is a block of one grid that borders on another and isn't needed to hold its own together.
func (p person) border(h *draft.Head, from, to draft.Key) int64 {
	p.Helper()
	now, _ := p.room.Head(p.ctx, id(h))
	for _, b := range p.blocks(h, from) {
		done, err := p.room.Act(p.ctx, id(h), &draft.Act{Kind: "assign", Blocks: []int64{b}, To: to, Revision: now.Revision, Preview: true})
		if err != nil {
			continue
		}
		whole := true
		for _, g := range done.Grids {
			whole = whole && g.Parts == 1
		}
		if whole {
			return b
		}
	}
	p.Fatal("no block between the grids")
	return 0
}

func TestStaleActsMergeOrAreRefused(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	a, b := v.planner("plan-a"), v.planner("plan-b")
	h := a.begin()
	if _, err := a.room.Share(a.ctx, id(h), []string{"plan-b"}); err != nil {
		t.Fatal(err)
	}
	grids := a.grids(h, west)
	blocks := a.blocks(h, grids[0].Key)
	a.must(h, draft.Act{Kind: "assign", Blocks: blocks[:1], To: grids[1].Key})
	// b saw revision 0 and paints another block: both hold.
	done, err := b.room.Act(b.ctx, id(h), &draft.Act{Kind: "assign", Blocks: blocks[1:2], To: grids[1].Key, Revision: 0})
	if err != nil || len(done.Missed) != 1 || len(done.Patches) != 1 || done.Patches[0].Blocks[0].Key != blocks[0] {
		t.Fatalf("a stale act on other ground: %+v, %v", done, err)
	}
	// The same block: refused, with what was missed.
	_, err = b.room.Act(b.ctx, id(h), &draft.Act{Kind: "assign", Blocks: blocks[:1], To: grids[2].Key, Revision: 0})
	var stale *draft.Stale
	if !errors.As(err, &stale) || stale.Revision != 2 || len(stale.Missed) != 2 {
		t.Errorf("a stale act on the same ground: %v", err)
	}
	now := a.ground(h)
	if now[blocks[0]] != grids[1].Key || now[blocks[1]] != grids[1].Key {
		t.Errorf("blocks are in %s and %s", now[blocks[0]], now[blocks[1]])
	}
	// b undoes its own act, not a's.
	b.must(h, draft.Act{Kind: "undo"})
	now = a.ground(h)
	if now[blocks[0]] != grids[1].Key || now[blocks[1]] != grids[0].Key {
		t.Errorf("after b's undo blocks are in %s and %s", now[blocks[0]], now[blocks[1]])
	}
}

// The ground of a village is made anew while a draft had cut and painted there: publishing says so, and after the draft was brought onto what is live
// the rest of it is published.
func TestGroundThatWasMadeAnew(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	p.must(h, draft.Act{Kind: "cut", Line: [][2]float64{at(0.2, 4.9), at(0.25, 3.1), at(3.8, 3.12), at(3.85, 4.95)}})
	x, y := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{x.Key, y.Key}})
	a, b := p.neighbours(h, east)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	v.tx(context.Background(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO building (county, source, use, levels, residents, digest, geom) VALUES ($1, 'house/new', 'residential', 1, 0, 'x', ST_GeomFromEWKB($2))`,
			county, planar.MultiPolygonEWKB([]planar.Polygon{{box(400, 400, 1400, 1400)}}))
		if err != nil {
			return err
		}
		out, err := layout.Plan(ctx, tx, layout.Order{Division: "370883100201", Replace: true, Unsaid: layout.Unsaid{Target: true, Tolerance: true, Measure: true, Special: true},
			Settings: layout.Settings{Target: 600, Tolerance: .15, Seed: 2}, Time: 100 * time.Millisecond})
		if err != nil {
			return err
		}
		if out.Proposal.Born == nil {
			t.Error("the ground wasn't made anew")
		}
		_, err = layout.Publish(ctx, tx, out.Proposal, layout.Author{By: "test"}, incident.Retie)
		return err
	})
	_, err := p.room.Publish(p.ctx, id(h), "", "")
	v.wants(fault.Conflict, err)
	changes, err := p.room.Changes(p.ctx, id(h), 0)
	if err != nil {
		t.Fatal(err)
	}
	take := make(map[int64]string)
	for _, c := range changes.Conflicts {
		take[c.Block] = "theirs"
	}
	if _, err := p.room.Rebase(p.ctx, id(h), take); err != nil {
		t.Fatal(err)
	}
	p.publish(h)
	v.proved()
}
