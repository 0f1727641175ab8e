package ground

import (
	"testing"

	"pgregory.net/rapid"
)

func TestApportionIsExactAndFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.IntRange(0, 2_000_000).Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 1, 30).Draw(t, "weights")
		weights[0]++
		var sum int64
		for _, w := range weights {
			sum += w
		}
		given := 0
		for i, n := range apportion(total, weights) {
			given += n
			exact := float64(total) * float64(weights[i]) / float64(sum)
			if float64(n) < exact-1.0001 || float64(n) > exact+1.0001 {
				t.Fatalf("weight %d of %d gets %d of %d", weights[i], sum, n, total)
			}
			if weights[i] == 0 && n != 0 {
				t.Fatalf("nothing was due and %d were given", n)
			}
		}
		if given != total {
			t.Fatalf("%d given out of %d", given, total)
		}
	})
}

func TestLargestRemainderGoesFirst(t *testing.T) {
	got := apportion(10, []int64{1, 1, 1})
	if got[0] != 4 || got[1] != 3 || got[2] != 3 {
		t.Fatalf("got %v, want [4 3 3]", got)
	}
	if got := apportion(7, []int64{60, 39, 1}); got[0] != 4 || got[1] != 3 || got[2] != 0 {
		t.Fatalf("got %v, want [4 3 0]: 4.2, 2.73, .07", got)
	}
}
