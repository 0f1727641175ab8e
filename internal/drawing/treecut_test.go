package drawing

import (
	"testing"

	"pgregory.net/rapid"
)

// TestTreeCutIsExactOnTrees: on a path of blocks, where all partitions can be tried one by one, a partition is found if and only
// if there is one, and it is one.
func TestTreeCutIsExactOnTrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Int64Range(0, 40), 1, 14).Draw(t, "weights")
		b := newBand(rapid.Float64Range(20, 60).Draw(t, "target"), rapid.Float64Range(0.05, 0.4).Draw(t, "tolerance"))
		if b.lower < 1 {
			return
		}
		p := &Problem{}
		for i, w := range weights {
			p.Blocks = append(p.Blocks, Block{Weight: w, Area: 1, Cx: float64(i), Second: 1. / 6})
			if i > 0 {
				p.Borders = append(p.Borders, Border{A: int32(i - 1), B: int32(i), Length: 1})
			}
		}
		least := rapid.Int32Range(1, 4).Draw(t, "least")
		most := least + rapid.Int32Range(0, 3).Draw(t, "more")
		q := p.split(newGraph(p))[0]
		r := newRandom(rapid.Uint64().Draw(t, "seed"))
		grid := newTreeCutter(q, b, &r).cut(least, most, nil)
		if exists := pathCanBeCut(weights, b, least, most); exists != (grid != nil) {
			t.Fatalf("partition exists: %v, found: %v", exists, grid)
		}
		if grid == nil {
			return
		}
		sums := map[int32]int64{}
		for i, g := range grid {
			sums[g] += weights[i]
			if i > 0 && g != grid[i-1] {
				for _, later := range grid[i:] {
					if later == grid[i-1] {
						t.Fatalf("grid %d is in pieces: %v", later, grid)
					}
				}
			}
		}
		if k := int32(len(sums)); k < least || k > most {
			t.Fatalf("%d grids, want %d to %d", k, least, most)
		}
		for g, w := range sums {
			if !b.holds(w) {
				t.Fatalf("grid %d holds %d, which is out of band (%d to %d): %v", g, w, b.lower, b.upper, grid)
			}
		}
	})
}

// pathCanBeCut tries all ways to cut a path.
func pathCanBeCut(weights []int64, b band, least, most int32) bool {
	for cuts := range 1 << (len(weights) - 1) {
		k, sum, ok := int32(0), int64(0), true
		for i, w := range weights {
			sum += w
			if i == len(weights)-1 || cuts>>i&1 == 1 {
				ok = ok && b.holds(sum)
				k, sum = k+1, 0
			}
		}
		if ok && least <= k && k <= most {
			return true
		}
	}
	return false
}
