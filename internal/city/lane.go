package city

import (
	"math"
)

// bend makes the lanes of one ward crooked without moving the streets around it: the plan's points are
// shifted by a few metres in its middle, and by nothing on its edge.
func bend(r rect, size float64, d *dice) func(vec) vec {
	var waves []wave
	for _, l := range []float64{d.between(130, 200), d.between(70, 110), d.between(45, 65)} {
		w := newWave(d, l, size*l/150)
		waves = append(waves, w, newWave(d, l*1.2, size*l/150))
	}
	return func(p vec) vec {
		in := min(p.x-r.u0, r.u1-p.x, p.y-r.v0, r.v1-p.y)
		if in <= 0 {
			return p
		}
		k, q := smooth(in/40), p
		for _, w := range waves {
			q = q.add(w.at(p).mul(k))
		}
		return q
	}
}

// weaveLanes cuts an old quarter into small yards by crooked lanes.
func (p *plan) weaveLanes(w *ward, d *dice) {
	shift := bend(w.rect, 2.6, d)
	w.lanes = newNet(11, func(q vec) vec { return p.terrain.real(shift(q)) })
	p.weave(w, parcel{rect: w.rect, sides: w.sides}, d)
	w.lanes.settle()
}

func (p *plan) weave(w *ward, c parcel, d *dice) {
	wd, h := c.rect.w(), c.rect.h()
	if wd < d.between(60, 105) && h < d.between(36, 48) {
		w.yards = append(w.yards, c)
		return
	}
	e := edge{class: "footway"}
	if max(wd, h) > 110 || d.chance(.35) {
		e = edge{"living_street", p.names.alley()}
	}
	ax := eastward
	if wd > h*1.7 || wd > 150 {
		ax = northward
	}
	l, lo, hi, a, b := c.halve(ax, d.between(.4, .6), e)
	w.alleys = append(w.alleys, street{l, lo, hi, e, ""})
	for _, r := range []rect{c.rect, a.rect, b.rect} {
		w.lanes.corners(r)
	}
	p.meet(w, l, lo, hi)
	p.weave(w, a, d)
	p.weave(w, b, d)
}

// meet notes on the streets around a ward where one of its lanes comes out.
func (p *plan) meet(w *ward, l lineID, lo, hi float64) {
	for s := south; s <= west; s++ {
		edge, from, to := w.rect.side(s)
		if edge.axis != l.axis && (edge.at == lo || edge.at == hi) && l.at >= from && l.at <= to {
			p.net.corner(edge, l.at)
		}
	}
}

// weaveRows lays out a village: lanes from west to east, a row of courtyards along each, and a few streets
// across, of which one or two go on to the roads around.
func (p *plan) weaveRows(w *ward, d *dice) {
	shift := bend(w.rect, 1.6, d)
	w.lanes = newNet(14, func(q vec) vec { return p.terrain.real(shift(q)) })
	r := w.rect.inset([4]float64{d.between(14, 26), d.between(14, 30), d.between(14, 26), d.between(14, 30)})
	across := divide(r.u0, r.u1, 84, 10, d)
	along := divide(r.v0, r.v1, 22.5, 1.2, d)
	if len(along) > 4 && d.chance(.7) { // a wider main street through the middle
		m := len(along) / 2
		for i := m; i < len(along); i++ {
			along[i] += 4
		}
	}
	mainU, mainV := across[len(across)/2], along[len(along)/2]
	class := func(at, main float64) edge {
		if at == main {
			return edge{class: "residential"}
		}
		return edge{class: "living_street"}
	}
	c, lived := r.centre(), map[[2]int]bool{}
	for j := range along[:len(along)-1] {
		for i := range across[:len(across)-1] {
			y := parcel{rect: rect{across[i], along[j], across[i+1], along[j+1]}}
			w.lanes.corners(y.rect)
			y.sides = [4]edge{class(along[j], mainV), class(across[i+1], mainU), class(along[j+1], mainV), class(across[i], mainU)}
			m := y.rect.centre().sub(c)
			far := math.Hypot(m.x/(r.w()/2), m.y/(r.h()/2))
			if far > 1.13 && d.chance(.85) || far > .95 && d.chance(.2) {
				continue // a threshing floor, a vegetable plot
			}
			w.yards = append(w.yards, y)
			lived[[2]int{i, j}] = true
		}
	}
	for i, u := range across {
		l := lineID{northward, u}
		if u == mainU {
			p.lane(w, l, w.rect.v0, w.rect.v1, edge{"residential", short(w.name) + "中街"})
			continue
		}
		p.lanesPast(w, l, along, func(j int) bool { return lived[[2]int{i - 1, j}] || lived[[2]int{i, j}] })
	}
	for j, v := range along {
		l := lineID{eastward, v}
		if v == mainV {
			p.lane(w, l, w.rect.u0, w.rect.u1, edge{"residential", short(w.name) + "大街"})
			continue
		}
		p.lanesPast(w, l, across, func(i int) bool { return lived[[2]int{i, j - 1}] || lived[[2]int{i, j}] })
	}
	w.lanes.settle()
}

// lanesPast draws a lane along the stretches where somebody lives beside it.
func (p *plan) lanesPast(w *ward, l lineID, stops []float64, lived func(int) bool) {
	for i := 0; i < len(stops)-1; {
		k := i
		for k < len(stops)-1 && lived(k) {
			k++
		}
		if k > i {
			p.lane(w, l, stops[i], stops[k], edge{class: "living_street"})
		}
		i = max(k, i+1)
	}
}

func (p *plan) lane(w *ward, l lineID, lo, hi float64, e edge) {
	w.alleys = append(w.alleys, street{l, lo, hi, e, ""})
	w.lanes.corner(l, lo)
	w.lanes.corner(l, hi)
	p.meet(w, l, lo, hi)
}

// divide puts stops between a and b, about step apart, each off its place by up to wobble.
func divide(a, b, step, wobble float64, d *dice) []float64 {
	n := int(math.Max(2, math.Round((b-a)/step)))
	out := make([]float64, n+1)
	for i := range out {
		out[i] = lerp(a, b, float64(i)/float64(n))
		if i > 0 && i < n {
			out[i] += d.between(-wobble, wobble)
		}
	}
	return out
}
