package layout

import "testing"

func TestBands(t *testing.T) {
	for _, c := range []struct {
		of        Standing
		band      string
		deviation float64
	}{
		{Standing{600, .15, "", 600, 3, 1800, false}, "in", 0},
		{Standing{600, .15, "", 510, 3, 1800, false}, "in", -.15},
		{Standing{600, .15, "", 690, 3, 1800, false}, "in", .15},
		{Standing{600, .15, "", 691, 3, 1800, false}, "over", .1517},
		{Standing{600, .15, "", 509, 3, 1800, false}, "under", -.1517},
		{Standing{600, .15, "", 300, 1, 300, false}, "single", -.5},
		{Standing{600, .15, "", 1000, 1, 1000, false}, "single", .6667},
		{Standing{600, .15, "", 500, 2, 1000, false}, "infeasible", -.1667},
		{Standing{600, .15, "", 1100, 1, 1100, false}, "over", .8333},
		{Standing{600, .15, "", 0, 1, 0, false}, "single", -1},
		{Standing{600, .15, "", 396, 3, 1800, true}, "infeasible", -.34},
		{Standing{600, .15, "", 600, 3, 1800, true}, "in", 0},
		{Standing{600, .15, "school", 12, 3, 1800, false}, "special", 0},
		{Standing{600, .15, "market", 1000, 0, 0, false}, "special", 0},
	} {
		if deviation, band := c.of.Of(); band != c.band || deviation != c.deviation {
			t.Errorf("%+v: %s %g, want %s %g", c.of, band, deviation, c.band, c.deviation)
		}
	}
	// The ranges that can't be, as the design has them.
	b := NewBand(600, .15)
	for p := range 3000 {
		want := p < 510 || 691 <= p && p <= 1019 || 1381 <= p && p <= 1529
		if b.Feasible(p) == want {
			t.Errorf("%d residents: feasible %t", p, !want)
		}
		if zh, en := b.Reason(p); want && (zh == "" || en == "") {
			t.Errorf("%d residents: no reason", p)
		}
	}
}
