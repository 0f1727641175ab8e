package city

import (
	"cmp"
	"math"
	"slices"
)

// build builds a village: its homesteads, what is around the crossing, and what lies at its edge.
func (h *hamlet) build() *built {
	w := h.wards[0]
	b := &builder{plan: h.plan, ward: w, near: map[[2]int][]int{}}
	for s := south; s <= west; s++ {
		l, lo, hi := w.rect.side(s)
		b.block(h.net.run(l, lo, hi), roadway(""))
	}
	b.lanesOf()
	parts := h.hull()
	slices.SortStableFunc(parts, func(p, q []vec) int { return cmp.Compare(signedArea(q), signedArea(p)) })
	for i, ring := range parts {
		a := area{"landuse", "residential", "", ring}
		if i == 0 {
			a.name = w.name // once is enough
		}
		b.out.grounds = append(b.out.grounds, a)
	}
	d := throw(h.seed, forBuilding)
	number := 0
	style := yardStyle{width: h.size.plot, single: 34, place: w.name, storeys: .1, square: true, number: &number, vacant: h.size.vacant}
	old := yardStyle{width: corePlot, single: 21, place: w.name, storeys: .05, number: &number, vacant: .05}
	for _, y := range h.lots {
		r := y.rect
		var by [4]float64
		for s, e := range y.sides {
			by[s] = setback(e.class) - .6
		}
		r = r.inset(by)
		switch y.kind {
		case garden:
			b.vegetables(r, d)
			continue
		case pond:
			b.pond(r, d)
			continue
		case hall:
			r = b.hall(r, d)
		case shopfront:
			r = b.shopfront(y, r, h.across[h.mainU], d)
		}
		if y.core {
			b.yard(r, old, d)
		} else {
			b.yard(r, style, d)
		}
	}
	b.outskirts(h, d)
	return &b.out
}

// vegetables is a plot without a house: vegetables, or trees.
func (b *builder) vegetables(r rect, d *dice) {
	r = r.grow(-.8)
	if r.w() < 6 || r.h() < 6 {
		return
	}
	b.out.grounds = append(b.out.grounds, area{"landuse", pick(d, "grass", "meadow", "orchard", "forest"), "", b.bentFine(r)})
}

// bentFine is a rectangle of the village's plan as it lies, with vertices along its sides.
func (b *builder) bentFine(r rect) []vec {
	var out []vec
	c := r.corners()
	for i, p := range c {
		q := c[(i+1)%4]
		n := math.Max(1, math.Round(p.dist(q)/16))
		for k := 0.0; k < n; k++ {
			out = append(out, b.ward.lanes.shape(vec{lerp(p.x, q.x, k/n), lerp(p.y, q.y, k/n)}))
		}
	}
	return out
}

// pond digs a pond into a homestead's place.
func (b *builder) pond(r rect, d *dice) {
	c := r.centre()
	size := .46 * r.h()
	shape := blob(vec{}, size, clamp(.4*r.w()/size, 1, 2.6), d)
	for i := range shape {
		shape[i] = b.ward.lanes.shape(c.add(shape[i].mul(.8)))
	}
	b.water(shape)
}

// water is a pond where nothing stands.
func (b *builder) water(ring []vec) bool {
	if !b.free(ring, 2) {
		return false
	}
	b.out.waters = append(b.out.waters, area{"natural", "water", "", ring})
	b.reserve(ring)
	return true
}

// hall puts the village committee and the square in front of it, and gives back what is left for homes.
func (b *builder) hall(r rect, d *dice) rect {
	deep := math.Min(9, .45*r.h())
	b.put(building{ring: b.bent(rect{r.u0 + 3, r.v1 - deep, r.u0 + 29, r.v1 - .5}.corners()), use: "civic", levels: 2, name: b.ward.name + "村委会"}, .4)
	b.out.grounds = append(b.out.grounds, area{"leisure", "recreation_ground", b.ward.name + "文化广场", b.bentFine(rect{r.u0 + 1, r.v0, r.u0 + 33, r.v1 - deep - 1})})
	r.u0 += 35
	return r
}

// shopfront lines the main street with a few shops, beginning at the crossing, and gives back what is left.
func (b *builder) shopfront(y homestead, r rect, crossing float64, d *dice) rect {
	deep := math.Min(d.between(8, 10), r.h()-.5)
	lo, hi := r.v0, r.v0+deep
	if y.sides[south].class != "residential" {
		lo, hi = r.v1-deep, r.v1
	}
	long := math.Min(d.between(16, 38), .5*r.w())
	from, to := r.u0, r.u0+long
	if math.Abs(r.u1-crossing) < math.Abs(r.u0-crossing) {
		from, to = r.u1-long, r.u1
		r.u1 = from - 1
	} else {
		r.u0 = to + 1
	}
	for at := from; at+6 < to; {
		l := math.Min(d.between(7, 13), to-at)
		b.put(building{ring: b.bent(rect{at, lo, at + l, hi}.corners()), use: "retail", levels: pick(d, 1, 1, 2, 2),
			address: address{place: b.ward.name}}, .3)
		at += l + pick(d, .6, .6, 1.4)
	}
	return r
}

// lived tells whether there is a home.
func (b *built) lived() bool {
	for _, x := range b.buildings {
		if x.homes > 0 {
			return true
		}
	}
	return false
}
