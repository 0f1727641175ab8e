package draft

import "testing"

// Where not all grids can be in band, those that aren't may still get farther from it: that isn't to be had for nothing.
func TestFartherFromTheBandCostsWhereNotAllCanBeInIt(t *testing.T) {
	is := func(astray int) []Problem {
		return []Problem{{ID: "infeasible:370883100201", Kind: "infeasible", Astray: []Astray{{Off: astray - 30}, {Off: 30}}}}
	}
	for _, c := range []struct{ before, after, want int }{{100, 100, 0}, {100, 40, 0}, {100, 101, 2}} {
		if got := cost(is(c.before), is(c.after)); got != c.want {
			t.Errorf("from %d to %d people out of band costs %d, want %d", c.before, c.after, got, c.want)
		}
	}
}
