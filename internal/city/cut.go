package city

import (
	"math"
	"slices"
)

// drawCells goes through the cells between the main lines, notes the main streets, and cuts each cell
// into wards.
func (p *plan) drawCells() {
	for j := range p.rows[:len(p.rows)-1] {
		for i := range p.columns[:len(p.columns)-1] {
			p.net.corners(rect{p.columns[i].at, p.rows[j].at, p.columns[i+1].at, p.rows[j+1].at})
		}
	}
	for j := range p.rows[:len(p.rows)-1] {
		for i := range p.columns[:len(p.columns)-1] {
			p.drawCell(i, j)
		}
	}
}

func (p *plan) drawCell(i, j int) {
	left, right, below, above := p.columns[i], p.columns[i+1], p.rows[j], p.rows[j+1]
	cell := ward{rect: rect{left.at, below.at, right.at, above.at}, band: max(left.band, below.band)}
	if (left.band == country || below.band == country) && cell.band == core {
		cell.band = country
	}
	for s, line := range []mainLine{south: below, east: right, north: above, west: left} {
		pass := left.band
		if line.axis == northward {
			pass = below.band
		}
		e, structure := line.along(pass)
		cell.sides[s] = e
		if e.class != "" && (side(s) == south || side(s) == west) {
			l, lo, hi := cell.rect.side(side(s))
			p.streets = append(p.streets, street{l, lo, hi, e, structure})
		}
	}
	p.cut(cell, throw(p.seed, forCells, uint64(i), uint64(j)))
}

// cut halves a cell until its parts are wards.
func (p *plan) cut(c ward, d *dice) {
	limit, aspect := d.between(310, 420), 1.75
	if c.band == country {
		limit = d.between(330, 520)
	}
	w, h := c.rect.w(), c.rect.h()
	if c.band > core || max(w, h) < limit && (max(w, h) < aspect*min(w, h) || min(w, h) < 110) || min(w, h) < 60 || max(w, h) < 220 {
		c.id = len(p.wards)
		p.wards = append(p.wards, &c)
		return
	}
	l := lineID{northward, 0}
	lo, hi, from, to := c.rect.u0, c.rect.u1, c.rect.v0, c.rect.v1
	ends := [2]side{south, north}
	if h > w {
		l.axis = eastward
		lo, hi, from, to = c.rect.v0, c.rect.v1, c.rect.u0, c.rect.u1
		ends = [2]side{west, east}
	}
	l.at = p.place(c, l.axis, lo, hi, ends, d)
	e := p.cutEdge(c, l, from, to, d)
	if e.class != "" {
		p.streets = append(p.streets, street{l, from, to, e, ""})
	}
	a, b := c, c
	if l.axis == northward {
		a.rect.u1, b.rect.u0 = l.at, l.at
		a.sides[east], b.sides[west] = e, e
	} else {
		a.rect.v1, b.rect.v0 = l.at, l.at
		a.sides[north], b.sides[south] = e, e
	}
	p.net.corners(a.rect)
	p.net.corners(b.rect)
	p.cut(a, d)
	p.cut(b, d)
}

// place finds where to cut: preferably where a street already meets one of the two ends, else anywhere
// near the middle that isn't an awkward few metres beside such a junction.
func (p *plan) place(c ward, ax axis, lo, hi float64, ends [2]side, d *dice) float64 {
	a, b := lerp(lo, hi, .36), lerp(lo, hi, .64)
	var met []float64
	for _, s := range ends {
		l, _, _ := c.rect.side(s)
		for _, m := range p.net.marks[l] {
			if m > lo+30 && m < hi-30 {
				met = append(met, m)
			}
		}
	}
	slices.Sort(met)
	var fit []float64
	for _, m := range met {
		if m >= a && m <= b {
			fit = append(fit, m)
		}
	}
	if len(fit) > 0 && d.chance(.72) {
		return fit[d.upto(len(fit))]
	}
	best, room := (lo+hi)/2, -1.0
	for range 12 {
		at := d.between(a, b)
		near := math.Inf(1)
		for _, m := range met {
			near = min(near, math.Abs(m-at))
		}
		if near > 50 {
			return at
		}
		if near > room {
			best, room = at, near
		}
	}
	return best
}

// cutEdge is the street that a cut becomes: the next stretch of one that ends where it begins, or a new one.
func (p *plan) cutEdge(c ward, l lineID, from, to float64, d *dice) edge {
	if c.band == country {
		return edge{class: "path"}
	}
	for _, s := range p.streets {
		if s.lineID == l && (s.hi == from || s.lo == to) && s.edge.class != "path" {
			return s.edge
		}
	}
	switch length := to - from; {
	case length > 520 && d.chance(.5):
		return edge{"secondary", p.names.street()}
	case length > 260 || d.chance(.5):
		return edge{"tertiary", p.names.street()}
	default:
		return edge{"residential", p.names.lane()}
	}
}
