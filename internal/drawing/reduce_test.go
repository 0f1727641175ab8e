package drawing

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestReduceKeepsWhatIsMeasured: grids that are unions of blocks taken together measure the same in the smaller problem.
func TestReduceKeepsWhatIsMeasured(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyProblem(t)
		n := rapid.IntRange(1, len(p.Blocks)).Draw(t, "n")
		of, number, small, next := make([]int32, len(p.Blocks)), map[[2]int32]int32{}, []int32{}, int32(0)
		for b := range of { // blocks of one community, at random
			key := [2]int32{p.Blocks[b].Within, int32(b % n)}
			if _, seen := number[key]; !seen {
				number[key] = next
				small = append(small, next/3)
				next++
			}
			of[b] = number[key]
		}
		grid := make([]int32, len(of))
		for b, to := range of {
			grid[b] = small[to]
		}
		q := p.reduce(of, int(next))
		want, got := Figures(p, grid, Options{}), Figures(q, small, Options{})
		for g := range want {
			w, x := want[g], got[g]
			if w.Weight != x.Weight || !near(w.Area, x.Area, 1e-6*w.Area) || !near(w.Compactness, x.Compactness, 1e-6) || !near(w.PolsbyPopper, x.PolsbyPopper, 1e-6) {
				t.Fatalf("grid %d measures %+v, and %+v when its blocks are taken together", g, w, x)
			}
		}
	})
}

func TestPiecesAreConnected(t *testing.T) {
	g := newGraph(row(1, 1, 1, 1, 1, 1))
	if piece, n := g.pieces([]int32{5, 5, -1, 5, 2, 2}); n != 3 || !slices.Equal(piece, []int32{0, 0, -1, 1, 2, 2}) {
		t.Errorf("%d pieces, %v", n, piece)
	}
}

// TestLawnBehindTheSchool: ground without people that a school cuts off goes with the school; a house there doesn't.
func TestLawnBehindTheSchool(t *testing.T) {
	for _, people := range []int64{0, 5} {
		p := row(300, 300, 0, people)
		p.Special = []string{"", "", "school", ""}
		d, err := Draw(t.Context(), p, Options{Seed: 1, Time: 1e7})
		if err != nil {
			t.Fatal(err)
		}
		if together := d.Grid[2] == d.Grid[3]; together != (people == 0) || len(d.Report.Special) != 1 || d.Report.Residents != 600+people {
			t.Errorf("%d people behind the school: %v, %+v", people, d.Grid, d.Report)
		}
	}
}
