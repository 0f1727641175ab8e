package drawing

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyEdit is random ground with random grids, some of which are chosen.
func anyEdit(t *rapid.T) (*Problem, Options, []int32, []int32) {
	p, o := anyProblem(t), anyOptions(t)
	d, err := Draw(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	r := newRandom(rapid.Uint64().Draw(t, "choice"))
	chosen := []int32{int32(r.below(d.Report.Grids))}
	for range r.below(4) {
		if g := int32(r.below(d.Report.Grids)); !slices.Contains(chosen, g) {
			chosen = append(chosen, g)
		}
	}
	o.Time = 20 * time.Millisecond
	return p, o, d.Grid, chosen
}

// onlyChosen: only blocks of the chosen grids changed, and only into chosen numbers or new ones.
func onlyChosen(t failer, p *Problem, grid, chosen []int32, d *Drawing) {
	t.Helper()
	validRedrawing(t, p, d, grid, nil)
	highest := slices.Max(grid)
	for b, g := range d.Grid {
		if !slices.Contains(chosen, grid[b]) && g != grid[b] {
			t.Fatalf("block %d of grid %d, which isn't chosen, went to %d", b, grid[b], g)
		}
		if slices.Contains(chosen, grid[b]) && !slices.Contains(chosen, g) && g <= highest {
			t.Fatalf("block %d went from chosen grid %d to %d", b, grid[b], g)
		}
	}
}

// pieceWeights are the weights of the grids of what was chosen.
func pieceWeights(p *Problem, grid, chosen []int32, d *Drawing) map[int32]int64 {
	out := map[int32]int64{}
	for b, g := range d.Grid {
		if slices.Contains(chosen, grid[b]) {
			out[g] += p.Blocks[b].Weight
		}
	}
	return out
}

func TestRecutChangesOnlyTheChosen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, o, grid, chosen := anyEdit(t)
		n := rapid.IntRange(0, 6).Draw(t, "n")
		d, err := Recut(t.Context(), p, grid, chosen, n, o)
		if err != nil {
			if n == 0 || !strings.Contains(err.Error(), "so it can't be") {
				t.Fatal(err)
			}
			return
		}
		onlyChosen(t, p, grid, chosen, d)
		if got := pieceWeights(p, grid, chosen, d); n > 0 && len(got) != n {
			t.Fatalf("%d grids, want %d", len(got), n)
		}
	})
}

func TestSplitIsEven(t *testing.T) {
	p := voronoi(800, 1, 9_600, 2)
	d, err := Draw(t.Context(), p, Options{Seed: 1, Time: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for n := 2; n <= 4; n++ {
		s, err := Split(t.Context(), p, d.Grid, 3, n, Options{Seed: 1, Time: 50 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		onlyChosen(t, p, d.Grid, []int32{3}, s)
		weights := pieceWeights(p, d.Grid, []int32{3}, s)
		var all int64
		for _, w := range weights {
			all += w
		}
		for g, w := range weights {
			if mean := float64(all) / float64(n); !near(float64(w), mean, 0.1*mean) {
				t.Errorf("grid %d of %d pieces holds %d of %d", g, n, w, all)
			}
		}
		if len(weights) != n || weights[3] == 0 || s.Report.Grids != d.Report.Grids+n-1 {
			t.Errorf("pieces %v", weights)
		}
	}
}

// TestRebalanceEvensOut: the number of grids stays, their weights don't get further apart than they were, and a chain of three
// becomes even.
func TestRebalanceEvensOut(t *testing.T) {
	miss := func(p *Problem, grid, of []int32, d *Drawing, n int) (sum int64) {
		weights := pieceWeights(p, grid, of, d)
		var all int64
		for _, w := range weights {
			all += w
		}
		b := newBand(max(1, float64(all)/float64(n)), evenTolerance)
		for _, w := range weights {
			sum += b.outside(w)
		}
		return sum
	}
	rapid.Check(t, func(t *rapid.T) {
		p, o, grid, chosen := anyEdit(t)
		d, err := Rebalance(t.Context(), p, grid, chosen, o)
		if err != nil {
			if _, apart := Merge(p, grid, chosen, o); apart == nil || !strings.Contains(err.Error(), "don't hang together") {
				t.Fatalf("%v, and as one: %v", err, apart)
			}
			return
		}
		onlyChosen(t, p, grid, chosen, d)
		if got := len(pieceWeights(p, grid, chosen, d)); got != len(chosen) {
			t.Fatalf("%d grids, %d were chosen", got, len(chosen))
		}
		before, after := miss(p, grid, chosen, &Drawing{Grid: grid}, len(chosen)), miss(p, grid, chosen, d, len(chosen))
		if float64(after) > float64(before)+0.1*o.Target {
			t.Fatalf("the weights missed their mean by %d, and now by %d", before, after)
		}
	})
	p := row(100, 100, 100, 100, 100, 100, 100, 100, 100)
	grid := []int32{8, 8, 8, 8, 8, 4, 4, 4, 6}
	d, err := Rebalance(t.Context(), p, grid, []int32{4, 6, 8}, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if want := []int32{8, 8, 8, 4, 4, 4, 6, 6, 6}; !slices.Equal(d.Grid, want) {
		t.Errorf("%v, want %v", d.Grid, want)
	}
	if _, err := Rebalance(t.Context(), p, grid, []int32{6, 8}, Options{Seed: 1}); err == nil || !strings.Contains(err.Error(), "don't hang together") {
		t.Errorf("two grids with one between them: %v", err)
	}
	held, err := Rebalance(t.Context(), p, grid, []int32{4, 6, 8}, Options{Seed: 1, Fixed: &Fixed{Blocks: []int32{4}}})
	if err != nil || held.Grid[4] != 8 {
		t.Errorf("block 4 is held in grid 8 and went to %v (%v)", held.Grid, err)
	}
}

func TestMerge(t *testing.T) {
	grid := []int32{0, 1, 1, 2, 3}
	two := row(300, 300, 100, 300, 300)
	two.Within = append(two.Within, "柳村")
	two.Blocks[4].Within = 1
	tests := []struct {
		name   string
		chosen []int32
		fixed  *Fixed
		want   []int32
		err    string
	}{
		{"two", []int32{0, 1}, nil, []int32{1, 1, 1, 2, 3}, ""},
		{"three", []int32{0, 1, 2}, nil, []int32{1, 1, 1, 1, 3}, ""},
		{"into what holds a fixed block", []int32{0, 1}, &Fixed{Blocks: []int32{0}}, []int32{0, 0, 0, 2, 3}, ""},
		{"apart", []int32{0, 2}, nil, nil, "don't hang together"},
		{"across a border", []int32{2, 3}, nil, nil, "several communities"},
		{"a fixed grid", []int32{0, 1}, &Fixed{Grids: []int32{1}}, nil, "grid 1 is held fixed"},
		{"two with fixed blocks", []int32{0, 1}, &Fixed{Blocks: []int32{0, 1}}, nil, "2 of grids"},
		{"a grid that isn't there", []int32{0, 9}, nil, nil, "grid 9 isn't there"},
		{"nothing", nil, nil, nil, "choose the grids"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := Merge(two, grid, test.chosen, Options{Fixed: test.fixed})
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("%v, %v; want an error with %q", d, err, test.err)
				}
				return
			}
			if err != nil || !slices.Equal(d.Grid, test.want) {
				t.Errorf("%v, %v; want %v", d, err, test.want)
			}
		})
	}
}

func TestEditRefuses(t *testing.T) {
	p, grid := row(300, 300, 300), []int32{0, 0, 1}
	for _, test := range []struct {
		which int32
		n     int
		o     Options
		want  string
	}{
		{0, 1, Options{}, "2 or more, not 1"},
		{0, 3, Options{}, "2 blocks to move, so it can't be 3"},
		{7, 2, Options{}, "grid 7 isn't there"},
		{0, 2, Options{Fixed: &Fixed{Grids: []int32{0}}}, "grid 0 is held fixed"},
		{0, 2, Options{Fixed: &Fixed{Blocks: []int32{1}}}, "block 1 is held fixed"},
		{0, 2, Options{Preset: "pretty"}, "no preset"},
	} {
		if d, err := Split(t.Context(), p, grid, test.which, test.n, test.o); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, %v; want an error with %q", d, err, test.want)
		}
	}
}
