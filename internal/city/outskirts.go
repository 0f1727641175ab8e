package city

import "math"

// outskirts puts at the edge of a village what needs room: ponds, a threshing ground, groves, greenhouses.
func (b *builder) outskirts(h *hamlet, d *dice) {
	ponds := pick(d, 0, 1, 1, 1, 2)
	if h.form.pattern == hillVillage {
		ponds = pick(d, 0, 0, 1)
	}
	for range ponds {
		size := d.between(11, 24)
		b.atEdge(h, size, d, func(at vec) bool {
			ring := blob(vec{}, size, d.between(.8, 1.7), d)
			for i := range ring {
				ring[i] = b.ward.lanes.shape(at.add(ring[i]))
			}
			return b.water(ring)
		})
	}
	ground := func(key, value string, w, v float64) {
		b.atEdge(h, math.Max(w, v)/2, d, func(at vec) bool {
			ring := b.bentFine(rect{at.x - w/2, at.y - v/2, at.x + w/2, at.y + v/2})
			if !b.free(ring, 1) {
				return false
			}
			b.out.grounds = append(b.out.grounds, area{key, value, "", ring})
			b.reserve(ring)
			return true
		})
	}
	if d.chance(.7) { // where grain is threshed and dried
		ground("landuse", "farmyard", d.between(26, 44), d.between(18, 30))
	}
	for range d.upto(4) {
		ground("landuse", "forest", d.between(16, 46), d.between(12, 26))
	}
	if h.form.pattern != hillVillage && d.chance(.3) {
		b.sheds(h, d)
	}
}

// atEdge tries places in the outer half of a village's ward until one will do.
func (b *builder) atEdge(h *hamlet, size float64, d *dice, try func(vec) bool) {
	r := b.ward.rect.grow(-size*1.4 - 3)
	if r.w() <= 0 || r.h() <= 0 {
		return
	}
	c := r.centre()
	for range 24 {
		at := vec{d.between(r.u0, r.u1), d.between(r.v0, r.v1)}
		if math.Max(math.Abs(at.x-c.x)/b.ward.rect.w(), math.Abs(at.y-c.y)/b.ward.rect.h()) > .2 && try(at) {
			return
		}
	}
}

// sheds are greenhouses side by side, long from west to east with their backs to the north.
func (b *builder) sheds(h *hamlet, d *dice) {
	long, n := d.between(45, 70), 2+d.upto(4)
	b.atEdge(h, math.Max(long, float64(n)*14)/2, d, func(at vec) bool {
		v := at.y - float64(n)*7
		if !b.free(b.bentFine(rect{at.x - long/2, v, at.x + long/2, v + float64(n)*14}), 2) {
			return false
		}
		for k := range n {
			y := v + float64(k)*14 + 2
			c := rect{at.x - long/2 + 1, y, at.x + long/2 - 1, y + 9}
			b.put(building{ring: b.upright(c.centre(), c.corners()), use: "greenhouse", levels: 1}, .4)
		}
		return true
	})
}
