package drawing

import (
	"testing"

	"pgregory.net/rapid"
)

// TestBandArithmetic is the table of design section 6: with 600 ± 15 % a community can't be in band with fewer than 510
// people, 691 to 1,019, or 1,381 to 1,529.
func TestBandArithmetic(t *testing.T) {
	b := newBand(600, 0.15)
	if b.lower != 510 || b.upper != 690 || b.single != 1020 {
		t.Fatalf("band %d to %d, single under %d", b.lower, b.upper, b.single)
	}
	tests := []struct {
		weight   int64
		feasible bool
		grids    int64
	}{
		{0, false, 1}, {1, false, 1}, {509, false, 1}, {510, true, 1}, {600, true, 1}, {690, true, 1},
		{691, false, 1}, {850, false, 1}, {1019, false, 1}, {1020, true, 2}, {1200, true, 2}, {1380, true, 2},
		{1381, false, 2}, {1455, false, 2}, {1456, false, 3}, {1529, false, 3}, {1530, true, 3}, {2070, true, 3}, {2071, true, 4},
		{44_166, true, 74}, {850_000, true, 1417},
	}
	for _, test := range tests {
		if _, _, ok := b.counts(test.weight); ok != test.feasible {
			t.Errorf("%d: feasible %v", test.weight, ok)
		}
		if k := b.grids(test.weight); k != test.grids {
			t.Errorf("%d: %d grids, want %d", test.weight, k, test.grids)
		}
	}
}

// A community under 1.7 targets is cut when the planner says so, and only where that misses the band by less; nothing else changes.
func TestDividingSmallCommunities(t *testing.T) {
	b := newBand(600, 0.15)
	divide := b
	divide.divide = true
	for weight := int64(0); weight <= 3000; weight++ {
		want := b.grids(weight)
		if weight >= 856 && weight < 1020 { // 2 × 510 − weight < weight − 690
			want = 2
		}
		if k := divide.grids(weight); k != want {
			t.Errorf("%d: %d grids, want %d", weight, k, want)
		}
		if even := divide.even(weight, 0.15); (even != divide) != (want != b.grids(weight)) || even != divide && !even.holds(weight/2) {
			t.Errorf("%d: drawn by %+v", weight, even)
		}
		if b.even(weight, 0.15) != b {
			t.Errorf("%d: drawn by %+v without being told to divide", weight, b.even(weight, 0.15))
		}
	}
}

// TestBandCountsByTrial compares the formula with trying every number of grids.
func TestBandCountsByTrial(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBand(float64(rapid.IntRange(1, 900).Draw(t, "target")), rapid.Float64Range(0.01, 0.99).Draw(t, "tolerance"))
		weight := rapid.Int64Range(1, 20_000).Draw(t, "weight")
		if b.lower < 1 {
			return
		}
		var fits []int64
		for k := int64(1); k <= weight; k++ {
			if k*b.lower <= weight && weight <= k*b.upper {
				fits = append(fits, k)
			}
		}
		least, most, ok := b.counts(weight)
		if ok != (len(fits) > 0) {
			t.Fatalf("feasible %v, by trial %v", ok, fits)
		}
		if ok && (least != fits[0] || most != fits[len(fits)-1]) {
			t.Fatalf("%d to %d, by trial %v", least, most, fits)
		}
		if k := b.grids(weight); ok && (k < least || k > most) {
			t.Fatalf("%d grids, in band with %d to %d", k, least, most)
		}
	})
}
