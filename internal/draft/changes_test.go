package draft_test

import (
	"math"
	"testing"

	"jingwei/internal/draft"
)

// What becomes of every grid is told in a word, whatever was done to it.
func TestEveryGridIsToldWhatBecomesOfIt(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	// In the west one grid is split; in the east two are merged; where a border moves both are moved; the rest stays.
	h := p.begin()
	first := p.grids(h, west)[0]
	p.must(h, draft.Act{Kind: "split", Grid: first.Key, Into: 2})
	a, b := p.neighbours(h, east)
	merged := p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	kept := a.Key
	if kept == stays(merged) {
		kept = b.Key
	}
	changes, err := p.room.Changes(p.ctx, id(h), 0)
	if err != nil {
		t.Fatal(err)
	}
	live := v.live()
	all := make(map[draft.Key]bool)
	for _, k := range live {
		all[draft.Key(k)] = true
	}
	seen := make(map[string]int)
	for _, g := range changes.Grids {
		seen[g.Kind]++
		delete(all, g.Before)
		switch {
		case g.Before == kept:
			if g.Kind != "retired" || g.After != 0 || g.ResidentsAfter != 0 || g.ResidentsBefore == 0 {
				t.Errorf("merged away: %+v", g)
			}
		case g.After == stays(merged):
			if g.Kind != "merged" || g.ResidentsAfter != a.Residents+b.Residents {
				t.Errorf("what is left of a merger: %+v", g)
			}
		case g.Before == first.Key || g.After < 0:
			if g.Kind != "split" {
				t.Errorf("split: %+v", g)
			}
		default:
			if g.Kind != "unchanged" || g.Moved != 0 || g.ResidentsBefore != g.ResidentsAfter {
				t.Errorf("untouched: %+v", g)
			}
		}
	}
	if len(all) > 0 {
		t.Errorf("nothing is said of %v", all)
	}
	if seen["split"] != 2 || seen["merged"] != 1 || seen["retired"] != 1 {
		t.Errorf("kinds: %v", seen)
	}

	moved := p.begin()
	x, y := p.neighbours(moved, west)
	p.must(moved, draft.Act{Kind: "assign", Blocks: []int64{p.border(moved, x.Key, y.Key)}, To: y.Key})
	if changes, err = p.room.Changes(p.ctx, id(moved), 0); err != nil {
		t.Fatal(err)
	}
	for _, g := range changes.Grids {
		want := "unchanged"
		if g.Before == x.Key || g.Before == y.Key {
			want = "moved"
		}
		if g.Kind != want || (g.Moved > 0) != (want == "moved") {
			t.Errorf("a border moved: %+v, want %s", g, want)
		}
	}

	// Ground that was in no grid: what is made of it is new.
	p.publish(h)
	if _, err := v.db.Owner.Exec(p.ctx, `UPDATE grid_block SET since = 2 WHERE county = $1 AND grid / 1000 = $2`, county, int64(west)); err != nil {
		t.Fatal(err)
	}
	if _, err := v.db.Owner.Exec(p.ctx, `DELETE FROM grid_block_past WHERE county = $1 AND grid / 1000 = $2`, county, int64(west)); err != nil {
		t.Fatal(err)
	}
	again := p.begin()
	if changes, err = p.room.Changes(p.ctx, id(again), 1); err != nil {
		t.Fatal(err)
	}
	for _, g := range changes.Grids {
		if code, _ := g.After.Code(); code.Community() == west && (g.Kind != "new" || g.Before != 0 || g.ResidentsBefore != 0) {
			t.Errorf("on ground that was in no grid then: %+v", g)
		}
	}
}

// stays is the grid that is left of a merger.
func stays(merged *draft.Acted) draft.Key {
	for _, g := range merged.Grids {
		if g.Blocks > 0 {
			return g.Key
		}
	}
	return 0
}

// How much of the borders of a proposal runs along streets is counted again here, on the ground that the page has.
func TestTheShareOfBordersAlongStreets(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	ways, err := p.room.Alternatives(p.ctx, id(h), &draft.Act{Community: west})
	if err != nil || len(ways) == 0 {
		t.Fatalf("%d ways, %v", len(ways), err)
	}
	ground, err := p.room.Ground(p.ctx, id(h), "")
	if err != nil {
		t.Fatal(err)
	}
	shares := make(map[float64]bool)
	for _, w := range ways {
		to := p.ground(h)
		for _, b := range w.Blocks {
			to[b.Key] = b.Grid
		}
		var all, along float64
		for _, c := range ground.Communities {
			if c.Code != "370883100201" {
				continue
			}
			for _, arc := range c.Arcs {
				if arc.Left == 0 || arc.Right == 0 || to[arc.Left] == to[arc.Right] {
					continue
				}
				metres := lengthOf(arc.Points)
				all += metres
				if arc.Barrier != 0 {
					along += metres
				}
			}
		}
		shares[w.OnStreets] = true
		if all == 0 || math.Abs(w.OnStreets-along/all) > .002 {
			t.Errorf("%.4f on streets, counted %.4f of %.0f m", w.OnStreets, along/all, all)
		}
	}
	if shares[0] && len(shares) == 1 {
		t.Error("no proposal has a border along a street: nothing was counted")
	}
}

// lengthOf measures a line given as a lattice point and steps, in metres.
func lengthOf(p []int32) (metres float64) {
	lat := 0.
	for i := 0; i+1 < len(p); i += 2 {
		if i == 0 {
			lat = float64(p[1]) / 1e7 * math.Pi / 180
			continue
		}
		metres += math.Hypot(float64(p[i])*math.Cos(lat), float64(p[i+1])) / 1e7 * math.Pi / 180 * 6371000
	}
	return metres
}
