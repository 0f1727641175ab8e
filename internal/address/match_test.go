package address

import (
	"math/rand/v2"
	"testing"
)

// Addresses of houses in all forms lead to the house, and next to never to another.
func TestWrittenAddressesFindTheirHouse(t *testing.T) {
	w := invent(1, 40000, 300)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(2, 6))
	right, wrongs, n := 0, 0, 10000
	shown := 0
	for i := range n {
		h := w.homes[r.IntN(len(w.homes))]
		text := w.written(h, i)
		a := g.Match(text, Options{})
		switch {
		case a.Best.Level == House && a.Best.House == h.id:
			right++
			continue
		case a.Best.Level == House:
			wrongs++
		}
		if shown++; shown < 25 {
			t.Logf("%s: %+v; want %d", text, a.Best, h.id)
		}
	}
	t.Logf("of %d addresses %d lead to their house, %d to another", n, right, wrongs)
	if float64(right) < .995*float64(n) || float64(wrongs) > .001*float64(n) {
		t.Errorf("%d of %d right, %d wrong; want 99.5 %% and 0.1 %%", right, n, wrongs)
	}
}
