package draft_test

import (
	"maps"
	"testing"

	"jingwei/internal/draft"
)

func TestAlternativesAreShownAndOneIsTaken(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	large := p.grids(h, west)[0]
	p.must(h, draft.Act{Kind: "special", Grid: p.grids(h, west)[1].Key, Special: "school"})
	before := p.ground(h)
	for name, ask := range map[string]draft.Act{
		"one grid":              {Grids: []draft.Key{large.Key}},
		"one grid into two":     {Grids: []draft.Key{large.Key}, Into: 2},
		"a community":           {Community: west},
		"a community, few move": {Community: west, FewMoves: true},
	} {
		ways, err := p.room.Alternatives(p.ctx, id(h), &ask)
		if err != nil || len(ways) == 0 {
			t.Errorf("%s: %d alternatives, %v", name, len(ways), err)
			continue
		}
		if !maps.Equal(p.ground(h), before) {
			t.Fatalf("%s: showing alternatives changed the draft", name)
		}
		for n, w := range ways {
			sum := 0
			for _, g := range w.Grids {
				sum += g.Residents
				if g.Blocks > 0 && g.Parts != 1 {
					t.Errorf("%s: alternative %d has a grid in %d parts", name, n, g.Parts)
				}
			}
			if sum == 0 || len(w.Blocks) == 0 {
				t.Errorf("%s: alternative %d: %d people, %d blocks", name, n, sum, len(w.Blocks))
			}
		}
		taken := ways[0]
		act := *taken.Act
		p.must(h, act)
		now := p.ground(h)
		if ask.Community != 0 { // what it says of how many are in band is what the draft's table says then: of all ordinary grids, changed or not
			within, of := 0, 0
			for _, g := range p.grids(h, west) {
				of += b2i(g.Special == "")
				within += b2i(g.Band == "in")
			}
			if taken.InBand != within || taken.Ordinary != of {
				t.Errorf("%s: %d of %d in band, and once it is taken %d of %d", name, taken.InBand, taken.Ordinary, within, of)
			}
		}
		for _, one := range taken.Blocks {
			for _, other := range taken.Blocks {
				if (one.Grid == other.Grid) != (now[one.Key] == now[other.Key]) {
					t.Fatalf("%s: taking it put blocks %d and %d otherwise together than shown", name, one.Key, other.Key)
				}
			}
		}
		p.must(h, draft.Act{Kind: "undo"})
	}
}

func TestRemediesSolveWhatTheySay(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	p.must(h, draft.Act{Kind: "assign", Blocks: p.blocks(h, p.grids(h, east)[0].Key)[:1], To: draft.Nowhere})
	seen := make(map[string]bool)
	for range 20 {
		d := p.open(h)
		at := -1
		for i, problem := range d.Problems {
			if problem.Fixable && !seen[problem.ID] {
				at = i
				break
			}
		}
		if at < 0 {
			break
		}
		problem := d.Problems[at]
		seen[problem.ID] = true
		ways, _, err := p.room.Remedies(p.ctx, id(h), problem.ID)
		if err != nil {
			t.Fatalf("%s: %v", problem.ID, err)
		}
		if (problem.Kind == "over" || problem.Kind == "unassigned") && len(ways) == 0 {
			t.Errorf("nothing is offered for %s", problem.ID)
		}
		for _, w := range ways {
			if !w.Solves {
				continue
			}
			done := p.must(h, *w.Act)
			for _, left := range done.Problems {
				if left.ID == problem.ID {
					t.Errorf("%s is said to be solved by %s, and isn't", problem.ID, w.Text.EN)
				}
			}
			for _, g := range w.Grids {
				for _, now := range done.Grids {
					if g.Key == now.Key && g.Residents != now.Residents {
						t.Errorf("%s: grid %s was to hold %d and holds %d", problem.ID, g.Key, g.Residents, now.Residents)
					}
				}
			}
			break
		}
	}
	if len(seen) < 2 {
		t.Errorf("only %v were problems", seen)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
