package city

import (
	"fmt"
	"math"
	"slices"
)

// way in from a parcel's gate to a point of its frame.
func (b *builder) wayIn(c *parcel, f frame, to ...vec) {
	if len(c.gates) == 0 {
		return
	}
	l, _, _ := c.rect.side(c.gates[0].side)
	line := []vec{f.in(b.terrain.real(l.point(c.gates[0].at)))}
	line = tidy(append(line, to...))
	if len(line) > 1 {
		b.way("service", "", f.outAll(line))
	}
}

// inwards is the point some metres inside of a parcel's first gate.
func (b *builder) inwards(c *parcel, f frame, deep float64) vec {
	if len(c.gates) == 0 {
		return vec{}
	}
	g := c.gates[0]
	l, _, _ := c.rect.side(g.side)
	p := l.point(g.at)
	deep += setback(c.sides[g.side].class)
	switch g.side {
	case south:
		p.y += deep
	case north:
		p.y -= deep
	case west:
		p.x += deep
	default:
		p.x -= deep
	}
	return f.in(b.terrain.real(p))
}

// lot is a parcel's buildable ground in its own axes: the frame and the largest upright box in it.
func (b *builder) lot(c *parcel, more float64) (frame, rect) {
	r := property(c, more)
	f := b.terrain.local(r.centre())
	ring := f.inAll(b.quad(r))
	return f, rect{math.Max(ring[0].x, ring[3].x), math.Max(ring[0].y, ring[1].y),
		math.Min(ring[1].x, ring[2].x), math.Min(ring[2].y, ring[3].y)}
}

// at is the address of a parcel: its first gate's.
func (b *builder) at(c *parcel) address {
	if len(c.gates) == 0 {
		for s, e := range c.sides {
			if isStreet(e.class) {
				_, lo, hi := c.rect.side(side(s))
				return onStreet(c, side(s), (lo+hi)/2, b.plan)
			}
		}
		return address{}
	}
	return onStreet(c, c.gates[0].side, c.gates[0].at, b.plan)
}

// hospital: the out-patients in front, a tall ward block behind, and what belongs to them.
func (b *builder) hospital(c *parcel, d *dice) {
	b.ground(c, "amenity", "hospital")
	b.wall(c, [4]float64{}, 14)
	f, r := b.lot(c, 6)
	at, m := b.at(c), r.centre()
	put := func(name string, levels int, ring []vec) {
		b.put(building{ring: f.outAll(ring), use: "hospital", levels: levels, name: name, address: at}, 3)
	}
	x := clampTo(r, f, b, c)
	if len(c.gates) > 0 {
		switch c.gates[0].side {
		case north:
			b.wayIn(c, f, vec{x, r.v1 - 10}, vec{r.u1 - 3, r.v1 - 10}, vec{r.u1 - 3, r.v0 + 4})
		default:
			b.wayIn(c, f, vec{x, r.v0 + 12}, vec{r.u1 - 3, r.v0 + 12}, vec{r.u1 - 3, r.v1 - 6})
		}
	}
	l := math.Min(r.w()-14, 78)
	y := r.v0 + 18
	put("门诊楼", 5, comb(m.x-l/2, y, l, 18, 8, d))
	if y += 40; y+16 < r.v1 {
		put("住院部", pick(d, 11, 12, 15), box(m.x-l*.42, y, m.x+l*.42, y+16))
	}
	if y += 30; y+15 < r.v1 {
		put("医技楼", 4, box(m.x-l*.45, y, m.x+l*.2, y+15))
	}
	if y += 27; y+12 < r.v1 {
		put("后勤楼", 2, box(r.u0+3, y, r.u0+30, y+12))
	}
}

// market is a hall with rows of stalls beside it.
func (b *builder) market(c *parcel, d *dice) {
	deep := [4]float64{}
	for s, e := range c.sides {
		if isStreet(e.class) && d.chance(.8) {
			deep[s] = 9
		}
	}
	b.ground(c, "amenity", "marketplace")
	f, r := b.lot(c, 13)
	at, m := b.at(c), r.centre()
	w, h := math.Min(r.w()*.62, 78), math.Min(r.h()*.48, 46)
	b.wayIn(c, f, b.inwards(c, f, 16))
	b.shops(c, deep, d)
	b.put(building{ring: f.outAll(box(m.x-w/2, r.v1-h, m.x+w/2, r.v1)), use: "retail", levels: 2, name: c.name, address: at}, 3)
	for y := r.v0; y+7 < r.v1-h-6; y += 14 {
		for x := r.u0; x+24 < r.u1; x += 30 {
			b.put(building{ring: f.outAll(box(x, y, x+24, y+7)), use: "retail", levels: 1}, 2)
		}
	}
}

// offices: a symmetrical house that looks south over its forecourt.
func (b *builder) offices(c *parcel, d *dice) {
	b.ground(c, "landuse", "commercial")
	b.wall(c, [4]float64{}, 16)
	f, r := b.lot(c, 5)
	at, m := b.at(c), r.centre()
	b.wayIn(c, f, vec{clampTo(r, f, b, c), r.v0 + 8}, vec{m.x, r.v0 + 8}, vec{m.x, lerp(r.v0, r.v1, .38)})
	l := math.Min(r.w()-8, 86)
	y := lerp(r.v0, r.v1, .5)
	put := func(name string, levels int, ring []vec) {
		b.put(building{ring: f.outAll(ring), use: "government", levels: levels, name: name, address: at}, 3)
	}
	put(c.name, pick(d, 6, 7, 9), []vec{{m.x - l/2, y + 3}, {m.x - 14, y + 3}, {m.x - 14, y - 2}, {m.x + 14, y - 2}, {m.x + 14, y + 3}, {m.x + l/2, y + 3}, {m.x + l/2, y + 18}, {m.x - l/2, y + 18}})
	put("", 4, box(r.u0+2, y-40, r.u0+16, y-8))
	put("", 4, box(r.u1-16, y-40, r.u1-2, y-8))
	for k, x := 0, r.u0+3; x+38 < r.u1 && y+52 < r.v1; x, k = x+46, k+1 {
		put(fmt.Sprintf("%d号办公楼", k+2), 4, box(x, r.v1-15, x+38, r.v1-1))
	}
}

// mall: a department store that turns its cut corner to the bigger street, and beside it a hotel, a cinema,
// an office tower on its podium, or a pedestrian street of shops.
func (b *builder) mall(c *parcel, d *dice) {
	b.ground(c, "landuse", "commercial")
	f, r := b.lot(c, 5)
	at := b.at(c)
	rank := map[string]int{"primary": 4, "secondary": 3, "tertiary": 2, "residential": 1}
	flipX := rank[c.sides[east].class] > rank[c.sides[west].class]
	flipY := rank[c.sides[north].class] > rank[c.sides[south].class]
	turned := func(ring []vec) []vec { // drawn for the south-west corner, then mirrored
		m := r.centre()
		for i := range ring {
			if flipX {
				ring[i].x = 2*m.x - ring[i].x
			}
			if flipY {
				ring[i].y = 2*m.y - ring[i].y
			}
		}
		if flipX != flipY {
			slices.Reverse(ring)
		}
		return f.outAll(ring)
	}
	put := func(name, use string, levels int, ring []vec) {
		b.put(building{ring: turned(ring), use: use, levels: levels, name: name, address: at}, 3)
	}
	w, h := clamp(r.w()*d.between(.45, .62), 30, 110), clamp(r.h()*d.between(.4, .55), 26, 72)
	cut := math.Min(w, h) * d.between(.15, .28)
	store := []vec{{r.u0, r.v0 + cut}, {r.u0 + cut, r.v0}, {r.u0 + w, r.v0}, {r.u0 + w, r.v0 + h}, {r.u0, r.v0 + h}}
	if d.chance(.4) { // an L around a yard for deliveries
		store = []vec{{r.u0, r.v0 + cut}, {r.u0 + cut, r.v0}, {r.u0 + w, r.v0}, {r.u0 + w, r.v0 + h*.5}, {r.u0 + w*.55, r.v0 + h*.5}, {r.u0 + w*.55, r.v0 + h}, {r.u0, r.v0 + h}}
	}
	put(c.name, "retail", pick(d, 3, 4, 5, 6), store)
	if x, room := r.u0+w+12, r.u1-r.u0-w-12; room > 18 {
		switch d.upto(3) {
		case 0:
			put("商务酒店", "hotel", pick(d, 9, 12, 16), box(x, r.v0+4, x+math.Min(room, 42), r.v0+22))
			put("影城", "retail", 3, box(x, r.v0+38, x+math.Min(room, 36), math.Min(r.v0+64, r.v1)))
		case 1:
			put("商务大厦", "office", pick(d, 12, 15, 18), box(x, r.v0+3, x+math.Min(room, 30), r.v0+29))
		default:
			for y := r.v0 + 2; y+12 < r.v1; y += 19 {
				put("", "retail", pick(d, 2, 3), box(x, y, x+math.Min(room, 60), y+12))
			}
		}
	}
	for x := r.u0; r.v1-(r.v0+h) > 26 && x+30 < r.u1; x += 30 + pick(d, 1.0, 1, 6) {
		put("", "retail", pick(d, 2, 3, 4, 5), box(x, r.v1-15, x+30, r.v1))
	}
}

// station: the hall beside the line, its square in front.
func (b *builder) station(c *parcel, d *dice) {
	b.ground(c, "landuse", "railway")
	f, r := b.lot(c, 3)
	at, m := b.at(c), r.centre()
	l := math.Min(r.h()-8, 84)
	x0, x1 := r.u1-20, r.u1-2
	if b.rail < c.rect.u0 {
		x0, x1 = r.u0+2, r.u0+20
	}
	b.put(building{ring: f.outAll(box(x0, m.y-l/2, x1, m.y+l/2)), use: "train_station", levels: 2, name: c.name, address: at}, 1)
	for _, y := range []float64{r.v0, r.v1 - 16} {
		x := lerp(r.u0, r.u1, .5)
		b.put(building{ring: f.outAll(box(x-22, y, x+22, y+16)), use: "hotel", levels: pick(d, 4, 6), name: pick(d, "铁路宾馆", "站前旅馆", "客运站")}, 3)
	}
}
