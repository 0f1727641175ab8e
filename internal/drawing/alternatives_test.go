package drawing

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestAlternativesDiffer: every one is valid, any two differ by a tenth or more, and they come in order of quality.
func TestAlternativesDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, o := anyProblem(t), anyOptions(t)
		n := rapid.IntRange(1, 4).Draw(t, "n")
		all, err := Alternatives(t.Context(), p, o, n)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) < 1 || len(all) > n {
			t.Fatalf("%d alternatives, asked for %d", len(all), n)
		}
		for i := range all {
			promised(t, p, &all[i].Drawing)
			for j := range all[:i] {
				if d := byPairs(p, all[i].Grid, all[j].Grid); d < leastDifference {
					t.Fatalf("alternatives %d and %d differ by %v", i, j, d)
				}
			}
			if i > 0 {
				a, b := &all[i-1], &all[i]
				if x, y := a.Report.Feasible-a.Report.InBandFeasible, b.Report.Feasible-b.Report.InBandFeasible; x > y || x == y && a.Cost > b.Cost {
					t.Fatalf("alternative %d (%d out, %v) comes before %d (%d out, %v)", i-1, x, a.Cost, i, y, b.Cost)
				}
			}
		}
	})
}

// byPairs is Difference by its definition, pair of blocks by pair of blocks.
func byPairs(p *Problem, a, b []int32) float64 {
	var shared, either float64
	for i, x := range p.Blocks {
		for j, y := range p.Blocks[:i+1] {
			pairs := float64(x.Weight * y.Weight)
			if i == j {
				pairs = float64(x.Weight*(x.Weight-1)) / 2
			}
			inA, inB := a[i] == a[j], b[i] == b[j]
			if inA && inB {
				shared += pairs
			}
			if inA || inB {
				either += pairs
			}
		}
	}
	if either == 0 {
		return 0
	}
	return 1 - shared/either
}

func TestDifferenceCountsPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		p := &Problem{Blocks: make([]Block, n)}
		a, b := make([]int32, n), make([]int32, n)
		for i := range n {
			p.Blocks[i].Weight = rapid.Int64Range(0, 50).Draw(t, "weight")
			a[i], b[i] = rapid.Int32Range(0, 5).Draw(t, "a"), rapid.Int32Range(0, 5).Draw(t, "b")
		}
		if got, want := Difference(p, a, b), byPairs(p, a, b); !near(got, want, 1e-9) {
			t.Fatalf("%v, by pairs %v", got, want)
		}
	})
	p := row(300, 300, 300, 300)
	for _, test := range []struct {
		a, b []int32
		want float64
	}{
		{[]int32{0, 0, 1, 1}, []int32{7, 7, 2, 2}, 0},
		{[]int32{0, 0, 1, 1}, []int32{0, 1, 1, 1}, 1 - float64(300*299*2+300*300)/float64(600*599+900*899/2+300*299/2-300*299*2-300*300)},
	} {
		if got := Difference(p, test.a, test.b); !near(got, test.want, 1e-9) {
			t.Errorf("%v and %v differ by %v, want %v", test.a, test.b, got, test.want)
		}
	}
}

// TestAlternativesOfATown: on ground with room for choice there are as many as were asked for.
func TestAlternativesOfATown(t *testing.T) {
	p := voronoi(2000, 3, 24_000, 8)
	var last float64
	all, err := Alternatives(t.Context(), p, Options{Seed: 1, Time: 600 * time.Millisecond, Preset: "streets", Progress: func(g Progress) {
		if g.Done < last {
			t.Errorf("progress went from %v to %v", last, g.Done)
		}
		last = g.Done
	}}, 4)
	if err != nil {
		t.Fatal(err)
	}
	var presets []string
	for _, a := range all {
		presets = append(presets, a.Preset)
		t.Logf("%-9s cost %.3f, least difference %.2f, %d of %d in band, compactness %.3f, on streets %.2f", a.Preset, a.Cost, a.Least,
			a.Report.InBandFeasible, a.Report.Feasible, a.Report.CompactnessMean, a.Report.OnStreets)
	}
	if !slices.IsSortedFunc(all, better) {
		t.Errorf("not in order of quality: %v", presets)
	}
	slices.Sort(presets)
	if len(all) != 4 || len(slices.Compact(presets)) < 3 || last != 1 {
		t.Errorf("%d alternatives, progress ended at %v", len(all), last)
	}
	for _, n := range []int{0, 21} {
		if _, err := Alternatives(t.Context(), p, Options{}, n); err == nil || !strings.Contains(err.Error(), "1 to 20") {
			t.Errorf("%d: %v", n, err)
		}
	}
}
