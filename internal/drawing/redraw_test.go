package drawing

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// changeSome gives a share of the blocks another weight: nobody, or up to so many times what it was and some more.
func changeSome(p *Problem, r *random, share, times float64) {
	for b := range p.Blocks {
		if r.unit() < share {
			p.Blocks[b].Weight = int64(float64(p.Blocks[b].Weight+1) * times * r.unit())
		}
	}
}

// validRedrawing: all blocks in a connected grid of one community, nobody lost, and what is said to have moved has.
func validRedrawing(t failer, p *Problem, d *Drawing, start []int32, fixed map[int32]bool) {
	t.Helper()
	var in, moved int64
	within := map[int32]int32{}
	for b, g := range d.Grid {
		if g < 0 {
			t.Fatalf("block %d is in no grid", b)
		}
		if w, seen := within[g]; seen && w != p.Blocks[b].Within && !fixed[g] {
			t.Fatalf("grid %d crosses communities", g)
		}
		within[g] = p.Blocks[b].Within
		in += p.Blocks[b].Weight
		if start[b] >= 0 && start[b] != g {
			moved += p.Blocks[b].Weight
		}
	}
	_, n := newGraph(p).pieces(d.Grid)
	if extra := int(n) - len(within); extra != 0 && len(fixed) == 0 {
		t.Fatalf("%d grids in %d pieces", len(within), n)
	}
	if in != d.Report.Residents {
		t.Fatalf("%d people in, %d reported", in, d.Report.Residents)
	}
	if d.Report.Moved == nil || d.Report.Moved.Residents != moved {
		t.Fatalf("%d residents moved, reported %+v", moved, d.Report.Moved)
	}
}

// TestRedrawMovesFew: when 3 % of the blocks change, what can be in band comes back, at most 2 % of the residents of the
// grids that were in band move, and no grid changes that is farther than three steps from one out of band.
func TestRedrawMovesFew(t *testing.T) {
	p := voronoi(12_000, 10, 42_000, 4)
	first, err := Draw(context.Background(), p, Options{Seed: 1, Time: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	r := newRandom(9)
	changeSome(p, &r, 0.03, 4)
	o := Options{Seed: 2, Time: 10 * time.Second, Start: first.Grid}
	before := Measure(p, first.Grid, o)
	d, err := Draw(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	validRedrawing(t, p, d, first.Grid, nil)
	m := d.Report.Moved
	t.Logf("%d grids, in band of feasible %d/%d → %d/%d, moved %+v, compactness %.3f → %.3f, on streets %.2f → %.2f, %.1f s", before.Grids,
		before.InBandFeasible, before.Feasible, d.Report.InBandFeasible, d.Report.Feasible, m, before.CompactnessMean, d.Report.CompactnessMean,
		before.OnStreets, d.Report.OnStreets, d.Report.Seconds)
	if before.InBandFeasible > before.Feasible-5 {
		t.Fatalf("nothing to bring back: %d of %d in band", before.InBandFeasible, before.Feasible)
	}
	if d.Report.InBandFeasible < d.Report.Feasible {
		t.Errorf("%d of %d feasible grids are in band", d.Report.InBandFeasible, d.Report.Feasible)
	}
	if share := float64(m.Outside) / float64(before.Residents-before.ResidentsOutside); share > 0.02 {
		t.Errorf("%.1f %% of the residents of grids in band moved", share*100)
	}
	onlyNear(t, p, first.Grid, d, defaultReach, o)
}

// onlyNear: whatever changed was out of band, or within so many steps of what was.
func onlyNear(t failer, p *Problem, start []int32, d *Drawing, steps int, o Options) {
	t.Helper()
	near := map[int32]bool{}
	for g, f := range Figures(p, start, o) {
		if f.Blocks > 0 && !f.InBand {
			near[int32(g)] = true
		}
	}
	for range steps {
		var more []int32
		for _, e := range p.Borders {
			if p.Blocks[e.A].Within == p.Blocks[e.B].Within && e.Length > 0 {
				if near[start[e.A]] {
					more = append(more, start[e.B])
				}
				if near[start[e.B]] {
					more = append(more, start[e.A])
				}
			}
		}
		for _, g := range more {
			near[g] = true
		}
	}
	for b, g := range d.Grid {
		if g != start[b] && !near[start[b]] {
			t.Fatalf("block %d left grid %d, which is in band and not near a problem", b, start[b])
		}
	}
	for _, g := range append(slices.Clone(d.Report.Moved.Changed), d.Report.Moved.Gone...) {
		if !near[g] {
			t.Fatalf("grid %d changed, and is in band and not near a problem", g)
		}
	}
}

// anyRedrawing is random ground with random present grids: drawn, then changed in weights, some of it torn, some of it new.
func anyRedrawing(t *rapid.T) (*Problem, Options) {
	p, o := anyProblem(t), anyOptions(t)
	d, err := Draw(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	o.Start = slices.Clone(d.Grid)
	r := newRandom(rapid.Uint64().Draw(t, "change"))
	changeSome(p, &r, 0.2, 4)
	for range rapid.IntRange(0, 5).Draw(t, "new") {
		o.Start[r.below(len(o.Start))] = -1
	}
	for range rapid.IntRange(0, 3).Draw(t, "strayed") { // grids that are in pieces, or cross a border
		o.Start[r.below(len(o.Start))] = o.Start[r.below(len(o.Start))]
	}
	o.Time = 5 * time.Second
	o.Seed++
	return p, o
}

func TestRedrawKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, o := anyRedrawing(t)
		o.Moving = &Moving{Reach: rapid.IntRange(0, 3).Draw(t, "reach")}
		d, err := Draw(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		validRedrawing(t, p, d, o.Start, nil)
		again, err := Draw(context.Background(), p, Options{Target: o.Target, Tolerance: o.Tolerance, Seed: o.Seed, Preset: o.Preset,
			Time: o.Time, Start: o.Start, Moving: o.Moving, Workers: 1})
		if err != nil || !slices.Equal(again.Grid, d.Grid) {
			t.Fatalf("another number of workers drew other grids (%v)", err)
		}
	})
}

// TestFixedNeverChanges: grids that are held keep exactly their blocks, blocks that are held keep their grid.
func TestFixedNeverChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, o := anyRedrawing(t)
		o.Fixed = &Fixed{}
		held := map[int32]bool{}
		for range rapid.IntRange(0, 3).Draw(t, "grids") {
			if g := o.Start[rapid.IntRange(0, len(o.Start)-1).Draw(t, "of")]; g >= 0 {
				o.Fixed.Grids = append(o.Fixed.Grids, g)
				held[g] = true
			}
		}
		any := map[int32]bool{}
		for range rapid.IntRange(0, 9).Draw(t, "blocks") {
			b := int32(rapid.IntRange(0, len(o.Start)-1).Draw(t, "block"))
			o.Fixed.Blocks = append(o.Fixed.Blocks, b)
			any[o.Start[b]] = true
		}
		d, err := Draw(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		for g := range held {
			any[g] = true
		}
		validRedrawing(t, p, d, o.Start, any)
		for b, g := range o.Start {
			if held[g] != held[d.Grid[b]] || held[g] && d.Grid[b] != g {
				t.Fatalf("block %d went from grid %d to %d, one of which is held", b, g, d.Grid[b])
			}
		}
		for _, b := range o.Fixed.Blocks {
			if o.Start[b] >= 0 && d.Grid[b] != o.Start[b] {
				t.Fatalf("block %d is held in grid %d and went to %d", b, o.Start[b], d.Grid[b])
			}
		}
	})
}

// TestHeldInTwoPieces: blocks that are held at both ends keep a grid in pieces, and that it is far too heavy doesn't upset anything.
func TestHeldInTwoPieces(t *testing.T) {
	p, start := row(700, 700, 600, 10), []int32{0, 0, 1, 0}
	d, err := Draw(context.Background(), p, Options{Seed: 1, Start: start, Fixed: &Fixed{Blocks: []int32{0, 3}}})
	if err != nil {
		t.Fatal(err)
	}
	if d.Grid[0] != 0 || d.Grid[3] != 0 || d.Report.Residents != 2010 {
		t.Errorf("%v", d.Grid)
	}
}

// TestRedrawOfGround that is special, by hand.
func TestRedrawOfGround(t *testing.T) {
	tests := []struct {
		name  string
		p     *Problem
		start []int32
		price float64
		want  []int32
	}{
		{"nothing to do", row(300, 300, 300, 300), []int32{0, 0, 4, 4}, 0, []int32{0, 0, 4, 4}},
		{"a little over", row(300, 300, 100, 250, 250), []int32{0, 0, 0, 1, 1}, 0, []int32{0, 0, 1, 1, 1}},
		{"people are dearer than the band", row(300, 300, 100, 250, 250), []int32{0, 0, 0, 1, 1}, 1000, []int32{0, 0, 0, 1, 1}},
		{"doubled", row(300, 300, 290, 290), []int32{3, 3, 3, 3}, 0, []int32{3, 3, 4, 4}},
		{"two that are half empty", row(150, 150, 170, 170), []int32{0, 0, 1, 1}, 0, []int32{1, 1, 1, 1}},
		{"a new compound", row(300, 300, 310, 310), []int32{0, 0, -1, -1}, 0, []int32{0, 0, 1, 1}},
		{"a new house", row(300, 250, 10, 300, 300), []int32{0, 0, -1, 1, 1}, 0, []int32{0, 0, 0, 1, 1}},
		{"a village nobody can help", row(300, 300, 300), []int32{2, 2, 2}, 0, []int32{2, 2, 2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := Draw(context.Background(), test.p, Options{Seed: 1, Start: test.start, Moving: &Moving{Price: test.price}})
			if err != nil {
				t.Fatal(err)
			}
			validRedrawing(t, test.p, d, test.start, nil)
			if !slices.Equal(d.Grid, test.want) {
				t.Errorf("%v, want %v", d.Grid, test.want)
			}
		})
	}
}

// TestOnlyNearGridsChange: one quarter grows, and the grids that are farther from what that brings out of band than the
// reach keep every block.
func TestOnlyNearGridsChange(t *testing.T) {
	p := voronoi(2500, 2, 30_000, 5)
	first, err := Draw(context.Background(), p, Options{Seed: 1, Time: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	was := make([]int64, len(p.Blocks))
	for b := range was {
		was[b] = p.Blocks[b].Weight
	}
	rapid.Check(t, func(t *rapid.T) {
		grown := int32(rapid.IntRange(0, first.Report.Grids-1).Draw(t, "grid"))
		percent := rapid.Int64Range(50, 180).Draw(t, "percent")
		reach := rapid.IntRange(1, 2).Draw(t, "reach")
		for b := range was {
			if p.Blocks[b].Weight = was[b]; first.Grid[b] == grown {
				p.Blocks[b].Weight = was[b] * percent / 100
			}
		}
		o := Options{Seed: 1, Start: first.Grid, Moving: &Moving{Reach: reach}}
		d, err := Draw(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		validRedrawing(t, p, d, first.Grid, nil)
		onlyNear(t, p, first.Grid, d, reach, o)
		if m := d.Report.Moved; m.OutAfter > m.OutBefore {
			t.Fatalf("%d grids out of band before, %d after", m.OutBefore, m.OutAfter)
		}
	})
}
