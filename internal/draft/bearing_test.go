package draft_test

import (
	"slices"
	"strings"
	"testing"

	"jingwei/internal/draft"
)

// Two grids made one and cut apart again where they had been apart: whoever lives there gets no other grid, whatever the draft calls it meanwhile.
func TestWhoKeepsTheirCodeDoesNotMove(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	blocks := p.blocks(h, b.Key)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	done := p.must(h, draft.Act{Kind: "assign", Blocks: blocks, New: true})
	if done.Moved != 0 {
		t.Errorf("%d people are said to get another grid", done.Moved)
	}
	with, err := p.room.Changes(p.ctx, id(h), 0)
	if err != nil {
		t.Fatal(err)
	}
	if with.Moved != 0 || with.Houses != 0 {
		t.Errorf("the comparison has %d people and %d houses move", with.Moved, with.Houses)
	}
	for _, g := range with.Grids {
		if g.Moved != 0 || g.Kind != "unchanged" || g.Code != g.Before {
			t.Errorf("%s is said to be %s, to be called %s and to have %d people move", g.Before, g.Kind, g.Code, g.Moved)
		}
	}
	// One block more: its people move, and nobody else.
	one := p.blocks(h, a.Key)
	for _, block := range one {
		d, err := p.act(h, draft.Act{Kind: "assign", Blocks: []int64{block}, To: done.Patch.Blocks[0].Grid, Preview: true})
		if err != nil {
			continue
		}
		if moves := d.Moved; moves == 0 || moves > 100 {
			t.Errorf("%d people move with a single house", moves)
		}
		break
	}
}

// A draft that was published shows what was published, also where a code went to another grid than the draft called by it.
func TestAPublishedDraftShowsWhatItPublished(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	blocks := p.blocks(h, a.Key)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	made := p.must(h, draft.Act{Kind: "assign", Blocks: blocks, New: true}).Patch.Blocks[0].Grid // the draft calls the one ground by the other's code
	whole := func(g *draft.Grid) bool { return g.Parts == 1 }
	one := slices.IndexFunc(p.blocks(h, a.Key), func(block int64) bool {
		would, err := p.act(h, draft.Act{Kind: "assign", Blocks: []int64{block}, To: made, Preview: true})
		return err == nil && len(would.Grids) == 2 && whole(would.Grids[0]) && whole(would.Grids[1])
	})
	if one < 0 {
		t.Fatal("no block that leaves both grids in one part")
	}
	p.must(h, draft.Act{Kind: "assign", Blocks: p.blocks(h, a.Key)[one : one+1], To: made})
	p.publish(h)
	live := v.live()
	shown := p.ground(h)
	if len(shown) != len(live) {
		t.Fatalf("%d blocks are shown, %d are live", len(shown), len(live))
	}
	for block, k := range shown {
		if k != draft.Key(live[block]) {
			t.Errorf("block %d is shown in %s and is in %s", block, k, draft.Key(live[block]))
		}
	}
	for _, g := range p.open(h).Grids {
		if g.Parts > 1 {
			t.Errorf("%s is shown in %d parts", g.Key, g.Parts)
		}
	}
}

func TestWhatIsUndoneIsSaidOnce(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	k := p.grids(h, west)[0].Key
	locked := p.must(h, draft.Act{Kind: "lock", Grids: []draft.Key{k}}).Text
	if strings.ContainsRune(locked.ZH, '块') || strings.Contains(locked.EN, "block") {
		t.Errorf("blocks are named, and none was locked: %q, %q", locked.ZH, locked.EN)
	}
	undone := p.must(h, draft.Act{Kind: "undo"}).Text
	p.must(h, draft.Act{Kind: "redo"})
	if again := p.must(h, draft.Act{Kind: "undo"}).Text; again != undone {
		t.Errorf("undone after it was done again it is called %q, %q", again.ZH, again.EN)
	}
}

func TestSolvingDoesWhatWasShown(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	shown, err := p.act(h, draft.Act{Kind: "solve", Preview: true})
	if err != nil {
		t.Fatal(err)
	}
	// Only a part of it, so that it can't be mistaken for what would be worked out anew.
	var as []draft.Placed
	for _, one := range shown.Patch.Blocks[:1] {
		as = append(as, draft.Placed{Block: one.Key, Grid: one.Grid})
	}
	before := p.ground(h)
	done := p.must(h, draft.Act{Kind: "solve", Assignment: as})
	if !strings.Contains(done.Text.EN, "solved at once") {
		t.Errorf("it is called %q", done.Text.EN)
	}
	for block, k := range p.ground(h) {
		if was := before[block]; (k != was) != (block == as[0].Block) {
			t.Errorf("block %d was in %s and is in %s", block, was, k)
		}
	}
}
