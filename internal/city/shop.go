package city

import (
	"math"
)

// shops lines the street sides of a parcel.
func (b *builder) shops(c *parcel, deep [4]float64, d *dice) {
	for s := south; s <= west; s++ {
		if deep[s] == 0 {
			continue
		}
		_, lo, hi := c.rect.side(s)
		prev, next := (s+3)%4, (s+1)%4
		if s == south || s == east { // the ring runs with the axis here, else against it
			lo += setback(c.sides[prev].class)
			hi -= setback(c.sides[next].class)
		} else {
			lo += setback(c.sides[next].class)
			hi -= setback(c.sides[prev].class)
		}
		if s == east || s == west { // south and north keep the corners
			lo += deep[south] * 1.05
			hi -= deep[north] * 1.05
		}
		back := d.chance(.2)
		for at := lo + d.between(1, 6); at < hi-9; {
			l := math.Min(d.between(18, 58), hi-1-at)
			b.shop(c, s, at, at+l, deep[s], back, d)
			at += l + pick(d, .8, .8, .8, 4, 6)
		}
	}
}

// shop is one shop building, cut short where a gate opens.
func (b *builder) shop(c *parcel, s side, lo, hi, deep float64, tall bool, d *dice) {
	for _, g := range c.gates {
		if g.side == s && lo < g.at+7 && hi > g.at-7 {
			if g.at-7-lo > 8 {
				b.shop(c, s, lo, g.at-7, deep, tall, d)
			}
			if hi-g.at-7 > 8 {
				b.shop(c, s, g.at+7, hi, deep, tall, d)
			}
			return
		}
	}
	near := setback(c.sides[s].class)
	var r rect
	switch s {
	case south:
		r = rect{lo, c.rect.v0 + near, hi, c.rect.v0 + near + deep}
	case north:
		r = rect{lo, c.rect.v1 - near - deep, hi, c.rect.v1 - near}
	case west:
		r = rect{c.rect.u0 + near, lo, c.rect.u0 + near + deep, hi}
	default:
		r = rect{c.rect.u1 - near - deep, lo, c.rect.u1 - near, hi}
	}
	levels := pick(d, 1, 2, 2, 2, 3)
	if tall {
		levels++
	}
	shallow := deep * (1 - pick(d, 0, 0, .08, .15, .25))
	switch s { // the front stays in line, the back doesn't
	case south:
		r.v1 -= deep - shallow
	case north:
		r.v0 += deep - shallow
	case west:
		r.u1 -= deep - shallow
	default:
		r.u0 += deep - shallow
	}
	b.put(building{ring: b.quad(r), use: "retail", levels: levels, address: onStreet(c, s, (lo+hi)/2, b.plan)}, .4)
}
