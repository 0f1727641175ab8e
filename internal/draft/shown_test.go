package draft_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"jingwei/internal/draft"
	"jingwei/internal/fault"
)

// asPlaced is what a preview showed, to be sent back.
func asPlaced(blocks []draft.BlockIn) (out []draft.Placed) {
	for _, b := range blocks {
		out = append(out, draft.Placed{Block: b.Key, Grid: b.Grid})
	}
	return out
}

func TestWhatWasShownIsTakenAsItWasShownOrNotAtAll(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p, other := v.planner("plan-a"), v.planner("plan-b")
	h := p.begin()
	if _, err := p.room.Share(p.ctx, id(h), []string{"plan-b"}); err != nil {
		t.Fatal(err)
	}
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	shown, err := p.act(h, draft.Act{Kind: "solve", Preview: true})
	if err != nil {
		t.Fatal(err)
	}
	take := draft.Act{Kind: "solve", Assignment: asPlaced(shown.Patch.Blocks), Shown: &shown.Revision}

	// Changed and changed back is as it was; elsewhere doesn't matter.
	far := p.grids(h, east)
	other.must(h, draft.Act{Kind: "rename", Grid: far[0].Key, Name: "远处"})
	touched := other.must(h, draft.Act{Kind: "assign", Blocks: []int64{shown.Patch.Blocks[0].Key}, To: draft.Nowhere})
	was := p.ground(h)
	stale := take
	_, err = p.act(h, stale)
	v.wants(fault.Conflict, err)
	if f := new(fault.Error); !errors.As(err, &f) || f.Where != "shown" {
		t.Errorf("refused for another reason: %v", err)
	}
	if !maps.Equal(p.ground(h), was) {
		t.Error("what was refused changed the draft")
	}
	other.must(h, draft.Act{Kind: "undo"})
	if touched.Revision <= shown.Revision {
		t.Fatal("nothing happened meanwhile")
	}
	p.must(h, take)
	now := p.ground(h)
	for _, one := range shown.Patch.Blocks {
		for _, two := range shown.Patch.Blocks {
			if (one.Grid == two.Grid) != (now[one.Key] == now[two.Key]) {
				t.Fatalf("blocks %d and %d are otherwise together than shown", one.Key, two.Key)
			}
		}
	}
}

// A remedy that draws brings what it drew: taken it comes to just that, under its own name.
func TestARemedyIsTakenAsItWasShown(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	tried := 0
	for _, problem := range p.open(h).Problems {
		ways, _, err := p.room.Remedies(p.ctx, id(h), problem.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range ways {
			if w.Act.Kind != "split" && w.Act.Kind != "redraw" {
				continue
			}
			tried++
			if w.Act.Shown == nil || !slices.Equal(w.Act.Assignment, asPlaced(w.Blocks)) {
				t.Fatalf("%s doesn't bring what it showed", w.Text.EN)
			}
			act := *w.Act
			act.Seed = 77 // drawn anew it would be something else
			done := p.must(h, act)
			if done.Text != w.Text || len(done.Patch.Blocks) != len(w.Blocks) {
				t.Errorf("%q with %d blocks, shown was %q with %d", done.Text.EN, len(done.Patch.Blocks), w.Text.EN, len(w.Blocks))
			}
			now := p.ground(h)
			for _, one := range w.Blocks {
				if one.Grid > 0 && now[one.Key] != one.Grid {
					t.Errorf("block %d is in %s, shown in %s", one.Key, now[one.Key], one.Grid)
				}
			}
			p.must(h, draft.Act{Kind: "undo"})
		}
	}
	if tried == 0 {
		t.Error("no remedy draws")
	}
	// Only what is redrawn may be in it.
	g := p.grids(h, east)[0]
	_, err := p.act(h, draft.Act{Kind: "split", Grid: p.grids(h, west)[0].Key, Into: 2, Assignment: []draft.Placed{{Block: p.blocks(h, g.Key)[0], Grid: g.Key}}})
	v.wants(fault.Invalid, err)
}

func TestSolvingSaysHowFarItIsAndEndsWhenNobodyWaits(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	p.must(h, draft.Act{Kind: "assign", Blocks: p.blocks(h, p.grids(h, east)[0].Key)[:1], To: draft.Nowhere})
	var told []draft.Progress
	if _, err := p.act(h, draft.Act{Kind: "solve", Preview: true, Watch: func(at draft.Progress) { told = append(told, at) }}); err != nil {
		t.Fatal(err)
	}
	if len(told) < 2 || told[0] != (draft.Progress{Of: told[0].Of}) || told[0].Of != len(fixable(p.open(h).Problems)) {
		t.Fatalf("told: %+v", told)
	}
	for i, at := range told[1:] {
		if at.Done < told[i].Done || at.Done > at.Of || at.Of != told[0].Of {
			t.Errorf("after %+v it was told %+v", told[i], at)
		}
	}
	if last := told[len(told)-1]; last.Done == 0 {
		t.Errorf("the last is %+v", last)
	}

	ctx, leave := context.WithCancel(p.ctx)
	n := 0
	_, err := p.room.Act(ctx, id(h), &draft.Act{Kind: "solve", Preview: true, Revision: p.open(h).Head.Revision, Watch: func(draft.Progress) { n++; leave() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("broken off: %v", err)
	}
	if n != 1 {
		t.Errorf("told %d times, the last after it was broken off", n)
	}
	p.must(h, draft.Act{Kind: "undo"}) // the draft is whole
}
