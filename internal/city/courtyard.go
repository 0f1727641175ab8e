package city

import (
	"fmt"
	"math"
)

// lanesOf draws the lanes of a ward and keeps houses off them.
func (b *builder) lanesOf() {
	for _, s := range b.ward.alleys {
		b.way(s.edge.class, s.edge.name, b.ward.lanes.run(s.lineID, s.lo, s.hi))
	}
}

// quarter builds an old quarter: shops along the streets around it, courtyards along its lanes.
func (b *builder) quarter() {
	w := b.ward
	d := throw(b.seed, forBuilding, uint64(w.id))
	b.lanesOf()
	whole := parcel{rect: w.rect, sides: w.sides, name: "老城"}
	b.ground(&whole, "landuse", "residential")
	for i, y := range w.yards {
		var deep, by [4]float64
		for s := south; s <= west; s++ {
			l, _, _ := y.rect.side(s)
			m, _, _ := w.rect.side(s)
			if l == m && isStreet(y.sides[s].class) && y.sides[s].class != "residential" {
				deep[s] = d.between(7, 9)
			}
			by[s] = setback(y.sides[s].class) + deep[s]
			if deep[s] > 0 {
				by[s] += .8
			}
		}
		b.shopsBent(&y, deep, d)
		b.yard(y.rect.inset(by), yardStyle{width: d.between(10.5, 13.5), single: 20, lane: laneName(&y), odd: i, storeys: .22}, d)
	}
}

// shopsBent is shops, but through the bent lanes.
func (b *builder) shopsBent(y *parcel, deep [4]float64, d *dice) {
	for s := south; s <= west; s++ {
		if deep[s] == 0 {
			continue
		}
		near := setback(y.sides[s].class)
		_, lo, hi := y.rect.side(s)
		lo, hi = lo+4, hi-4
		for at := lo; at < hi-6; {
			l := min(d.between(8, 20), hi-at)
			var r rect
			switch s {
			case south:
				r = rect{at, y.rect.v0 + near, at + l, y.rect.v0 + near + deep[s]}
			case north:
				r = rect{at, y.rect.v1 - near - deep[s], at + l, y.rect.v1 - near}
			case west:
				r = rect{y.rect.u0 + near, at, y.rect.u0 + near + deep[s], at + l}
			default:
				r = rect{y.rect.u1 - near - deep[s], at, y.rect.u1 - near, at + l}
			}
			b.put(building{ring: b.bent(r.corners()), use: "retail", levels: pick(d, 1, 2, 2, 3),
				address: onStreet(y, s, at+l/2, b.plan)}, .3)
			at += l + pick(d, .6, .6, .6, 1.5)
		}
	}
}

func laneName(y *parcel) string {
	for _, s := range []side{south, north, west, east} {
		if n := y.sides[s].name; n != "" {
			return n
		}
	}
	return ""
}

// bent maps corners of the plan through the ward's own bending.
func (b *builder) bent(pts []vec) []vec {
	out := make([]vec, len(pts))
	for i, p := range pts {
		out[i] = b.ward.lanes.shape(p)
	}
	return out
}

// upright maps corners with right angles kept: along the row as it runs there, and square to it.
func (b *builder) upright(c vec, pts []vec) []vec {
	shape := b.ward.lanes.shape
	at := shape(c)
	e := shape(vec{c.x + 3, c.y}).sub(shape(vec{c.x - 3, c.y})).mul(1. / 6)
	n := shape(vec{c.x, c.y + 3}).sub(shape(vec{c.x, c.y - 3})).mul(1. / 6)
	up := vec{-e.y, e.x}.mul(e.cross(n) / e.dot(e))
	out := make([]vec, len(pts))
	for i, p := range pts {
		out[i] = at.add(e.mul(p.x - c.x)).add(up.mul(p.y - c.y))
	}
	return out
}

// yardStyle is how the ground between lanes is filled with courtyards.
type yardStyle struct {
	width   float64 // of one plot
	single  float64 // up to this depth there is one row of plots, else two back to back
	lane    string
	place   string
	odd     int
	storeys float64 // chance of an upper floor
	square  bool    // right angles even where the lanes lean; an old quarter has none
	number  *int    // counts on through a village; nil numbers each lane anew
	vacant  float64 // part of the plots that stand empty; 0 for what an old quarter has
}

// yard fills a rectangle of the plan with plots.
func (b *builder) yard(r rect, st yardStyle, d *dice) {
	if r.w() < 7 || r.h() < 8 {
		return
	}
	rows := []rect{r}
	if r.h() > st.single {
		m := lerp(r.v0, r.v1, d.between(.46, .54))
		rows = []rect{{r.u0, r.v0, r.u1, m}, {r.u0, m, r.u1, r.v1}}
	}
	own := 0
	if st.number == nil {
		st.number = &own
	}
	for _, q := range rows {
		stops := divide(q.u0, q.u1, st.width, st.width*.09, d)
		for i := range stops[:len(stops)-1] {
			*st.number++
			b.plot(rect{stops[i] + .25, q.v0 + .25, stops[i+1] - .25, q.v1 - .25}, st, d)
		}
	}
}

// plot builds one courtyard: the main house (正房) in the north, one or two wings (厢房), sometimes a house
// by the gate (倒座), sometimes all of it rebuilt.
func (b *builder) plot(r rect, st yardStyle, d *dice) {
	if r.w() < 4.5 || d.chance(math.Max(st.vacant, .035)) {
		return
	}
	main := clamp(r.h()*.42, 4.8, 6.8) * d.between(.93, 1.07)
	wing := clamp(r.w()*.3, 2.8, 4.2)
	if r.h() < main+4 {
		main = r.h() - .3
	}
	n := r.v1 - d.between(0, .6)
	y := max(n-main, r.v0+.1)
	low := max(r.v0+d.between(0, .5), y-d.between(7, 10))
	var ring []vec
	switch k := d.unit(); {
	case y-low < 2 || r.w() < 2*wing+1.5 || k < .12: // the main house alone
		ring = box(r.u0, y, r.u1, n)
	case k < .45: // a wing in the east
		ring = []vec{{r.u0, y}, {r.u1 - wing, y}, {r.u1 - wing, low}, {r.u1, low}, {r.u1, n}, {r.u0, n}}
	case k < .72: // a wing in the west
		ring = []vec{{r.u0, low}, {r.u0 + wing, low}, {r.u0 + wing, y}, {r.u1, y}, {r.u1, n}, {r.u0, n}}
	case k < .93: // both
		ring = []vec{{r.u0, low}, {r.u0 + wing, low}, {r.u0 + wing, y}, {r.u1 - wing, y}, {r.u1 - wing, low}, {r.u1, low}, {r.u1, n}, {r.u0, n}}
	default: // rebuilt over most of the plot
		ring = box(r.u0, lerp(r.v0, y, .35), r.u1, n)
	}
	v := building{ring: b.bent(ring), use: "house", levels: 1, homes: 1,
		address: address{street: st.lane, number: fmt.Sprintf("%d号", *st.number), place: st.place}}
	if d.chance(st.storeys) {
		v.levels = 2
		if d.chance(.4) {
			v.homes = 2
		}
	}
	if st.square {
		v.ring = b.upright(r.centre(), ring)
	}
	if !b.put(v, .2) && st.square {
		v.ring = b.bent(ring)
		b.put(v, .2)
	}
	if deep := low - r.v0; deep > 6.5 { // room for a house by the gate
		v.ring = b.bent(box(r.u0, r.v0, r.u1-wing*.6, r.v0+min(deep-2.2, 5)))
		v.levels, v.homes = 1, 0
		b.put(v, .2)
	}
}

// villageRows builds a village.
func (b *builder) villageRows() {
	w := b.ward
	d := throw(b.seed, forBuilding, uint64(w.id))
	b.lanesOf()
	whole := parcel{rect: w.rect, sides: w.sides, name: w.name}
	b.ground(&whole, "landuse", "residential")
	number, hall := 0, len(w.yards)/2+1
	width := d.between(12.5, 15)
	for i, y := range w.yards {
		var by [4]float64
		for s, e := range y.sides {
			by[s] = setback(e.class) - .6
		}
		r := y.rect.inset(by)
		if i == hall && r.w() > 40 { // the village committee and its square
			ring := b.bent(rect{r.u0 + 2, r.v1 - 9, r.u0 + 30, r.v1 - .5}.corners())
			b.put(building{ring: ring, use: "civic", levels: 2, name: w.name + "村委会"}, .4)
			r.u0 += 36
		}
		b.yard(r, yardStyle{width: width, single: 28, place: w.name, storeys: .12, square: true, number: &number}, d)
	}
}
