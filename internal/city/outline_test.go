package city

import "testing"

// Eight of nine wards around a missing middle, one corner missing too: the hole touches the border in a
// point, and the outline is still a shell and a hole that doesn't touch itself.
func TestOutlineWhereHoleTouchesBorder(t *testing.T) {
	p := &plan{net: newNet(30, func(q vec) vec { return q })}
	var wards []int
	for j := range 3 {
		for i := range 3 {
			u, v := float64(i)*100, float64(j)*100
			w := &ward{id: len(p.wards), rect: rect{u, v, u + 100, v + 100}}
			p.net.corners(w.rect)
			p.wards = append(p.wards, w)
			if !(i == 1 && j == 1 || i == 2 && j == 2) {
				wards = append(wards, w.id)
			}
		}
	}
	p.net.settle()
	rings := p.outline(newGlobe(townLon, townLat), wards)
	if len(rings) != 2 {
		t.Fatalf("%d rings, want a shell and a hole", len(rings))
	}
	if rings[0].Area2() <= 0 || rings[1].Area2() >= 0 {
		t.Errorf("areas %d and %d: the shell must run counter-clockwise, the hole clockwise", rings[0].Area2(), rings[1].Area2())
	}
	for k, r := range rings {
		seen := map[[2]int32]bool{}
		for _, q := range r {
			if seen[[2]int32{q.X, q.Y}] {
				t.Errorf("ring %d passes %v twice", k, q)
			}
			seen[[2]int32{q.X, q.Y}] = true
		}
	}
}
