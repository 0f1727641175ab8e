package city

import (
	"math"
	"slices"
)

// homestead is a stretch of plots between two lanes of a village, or what lies there instead.
type homestead struct {
	parcel
	core bool // of the old core: crooked
	kind lotKind
}

type lotKind uint8

const (
	plots     lotKind = iota
	hall              // the village committee and its square, plots beside it
	shopfront         // shops at the crossing, plots beside them
	garden            // vegetables, or an empty plot
	pond
)

// settle lays a village out on its ward: rows of homesteads inside its footprint, lanes along them, main streets
// out to the roads.
func (h *hamlet) settle(d *dice) {
	w := h.wards[0]
	h.stops(d)
	for j := range h.along[:len(h.along)-1] {
		for i := range h.across[:len(h.across)-1] {
			w.lanes.corners(rect{h.across[i], h.along[j], h.across[i+1], h.along[j+1]})
		}
	}
	h.layCore(d)
	for j := range h.along[:len(h.along)-1] {
		for i := range h.across[:len(h.across)-1] {
			if !h.inCore(i, j) {
				h.layHomestead(i, j, d)
			}
		}
	}
	h.drawLanes()
	h.chooseLots(d)
	w.lanes.settle()
}

// stops places the lanes and the streets across; the main ones are wider, and one of each in the middle.
func (h *hamlet) stops(d *dice) {
	r := h.inner
	h.across = divide(r.u0, r.u1, h.size.across, h.size.across*.13, d)
	h.along = divide(r.v0, r.v1, h.size.row, .9, d)
	h.mainU, h.mainV = len(h.across)/2, len(h.along)/2
	if len(h.along) > 4 {
		for j := h.mainV; j < len(h.along); j++ {
			h.along[j] += 4
		}
	}
	h.core = [4]int{h.mainU, h.mainV, h.mainU, h.mainV}
	if h.form.pattern == crossVillage {
		n := math.Max(1, math.Round(.27*r.w()/h.size.across))
		m := math.Max(2, math.Round(.27*r.h()/h.size.row))
		h.core = [4]int{max(h.mainU-int(n), 0), max(h.mainV-int(m), 0), min(h.mainU+int(n), len(h.across)-1), min(h.mainV+int(m), len(h.along)-1)}
	}
}

func (h *hamlet) inCore(i, j int) bool {
	return i >= h.core[0] && i < h.core[2] && j >= h.core[1] && j < h.core[3]
}

func (h *hamlet) holds(u, v float64) bool {
	c := h.inner.centre()
	return h.form.holds(vec{(u - c.x) / (h.inner.w() / 2), (v - c.y) / (h.inner.h() / 2)})
}

func (h *hamlet) class(at, main int) edge {
	if at == main {
		return edge{class: "residential"}
	}
	return edge{class: "living_street"}
}

// layHomestead fills one cell of the village as far as it lies in the footprint; the outer ends of the rows are
// uneven.
func (h *hamlet) layHomestead(i, j int, d *dice) {
	lo, hi := h.across[i], h.across[i+1]
	v0, v1 := h.along[j], h.along[j+1]
	from, to, best := 0.0, 0.0, 0.0
	for u := lo; u < hi; {
		if !h.holds(u, (v0+v1)/2) {
			u += 3
			continue
		}
		a := u
		for u < hi && h.holds(u, (v0+v1)/2) {
			u += 3
		}
		if u = min(u, hi); u-a > best {
			from, to, best = a, u, u-a
		}
	}
	if from < lo+9 {
		from = lo
	} else {
		from += h.size.plot * d.between(0, 1.6)
	}
	if to > hi-9 {
		to = hi
	} else {
		to -= h.size.plot * d.between(0, 1.6)
	}
	if to-from < 1.8*h.size.plot {
		return
	}
	y := homestead{parcel: parcel{rect: rect{from, v0, to, v1}}}
	y.sides = [4]edge{h.class(j, h.mainV), {}, h.class(j+1, h.mainV), {}}
	if to == hi {
		y.sides[east] = h.class(i+1, h.mainU)
	}
	if from == lo {
		y.sides[west] = h.class(i, h.mainU)
	}
	if d.chance(h.size.vacant) {
		y.kind = garden
	}
	h.lots = append(h.lots, y)
	h.laneSouth(i, j, from, to)
}

// laneSouth notes the lane that a row's gates open to, as far as one of the streets across.
func (h *hamlet) laneSouth(i, j int, from, to float64) {
	if from != h.across[i] && to != h.across[i+1] {
		from = h.across[i]
	}
	h.stretch(i, j, from == h.across[i])
	h.stretch(i+1, j, to == h.across[i+1])
	if j != h.mainV {
		h.plan.lane(h.wards[0], lineID{eastward, h.along[j]}, from, to, edge{class: "living_street"})
	}
}

// stretch lengthens the street across at a stop so that it meets a lane.
func (h *hamlet) stretch(i, j int, meets bool) {
	if !meets {
		return
	}
	s := &h.spans[i]
	s[0], s[1] = min(s[0], j), max(s[1], j)
}

// drawLanes draws the streets across, and the main streets to the edge of the ward.
func (h *hamlet) drawLanes() {
	w := h.wards[0]
	for i, s := range h.spans {
		if i != h.mainU && s[0] <= s[1] {
			lo, hi := min(s[0], h.mainV), max(s[1], h.mainV)
			if lo < hi {
				h.plan.lane(w, lineID{northward, h.across[i]}, h.along[lo], h.along[hi], edge{class: "living_street"})
			}
		}
	}
	name := short(w.name)
	h.plan.lane(w, lineID{northward, h.across[h.mainU]}, w.rect.v0, w.rect.v1, edge{"residential", name + "中街"})
	h.plan.lane(w, lineID{eastward, h.along[h.mainV]}, w.rect.u0, w.rect.u1, edge{"residential", name + "大街"})
}

// chooseLots gives the lots at the crossing to the committee and to shops, and one farther out to a pond.
func (h *hamlet) chooseLots(d *dice) {
	c := vec{h.across[h.mainU], h.along[h.mainV]}
	order := make([]int, 0, len(h.lots))
	for i, y := range h.lots {
		if y.kind == plots && y.rect.w() > 42 {
			order = append(order, i)
		}
	}
	far := func(i int) float64 { return h.lots[i].rect.centre().dist(c) }
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := far(a), far(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	if len(order) == 0 {
		return
	}
	pick := min(d.upto(3), len(order)-1)
	h.lots[order[pick]].kind = hall
	for n, i := range order {
		y := &h.lots[i]
		switch {
		case y.kind != plots:
		case n < 4 && (y.sides[south].class == "residential" || y.sides[north].class == "residential") && d.chance(.8):
			y.kind = shopfront
		case n > 5 && n == len(order)*2/3 && d.chance(.45):
			y.kind = pond
		}
	}
}
