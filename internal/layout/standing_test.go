package layout

import "testing"

func TestBands(t *testing.T) {
	for _, c := range []struct {
		residents int
		of        Standing
		band      string
		deviation float64
	}{
		{600, Standing{600, .15, 3, 1800}, "in", 0},
		{510, Standing{600, .15, 3, 1800}, "in", -.15},
		{690, Standing{600, .15, 3, 1800}, "in", .15},
		{691, Standing{600, .15, 3, 1800}, "over", .1517},
		{509, Standing{600, .15, 3, 1800}, "under", -.1517},
		{300, Standing{600, .15, 1, 300}, "single", -.5},
		{1000, Standing{600, .15, 1, 1000}, "single", .6667},
		{500, Standing{600, .15, 2, 1000}, "infeasible", -.1667},
		{1100, Standing{600, .15, 1, 1100}, "over", .8333},
		{0, Standing{600, .15, 1, 0}, "single", -1},
	} {
		if deviation, band := c.of.Of(c.residents); band != c.band || deviation != c.deviation {
			t.Errorf("%d of %+v: %s %g, want %s %g", c.residents, c.of, band, deviation, c.band, c.deviation)
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
