package city

// corePlot is how wide a courtyard of an old core is.
const corePlot = 11.5

// layCore weaves the four quarters around the crossing of a village with an old core, and the lanes around it.
func (h *hamlet) layCore(d *dice) {
	c := h.core
	h.spans = make([][2]int, len(h.across))
	for i := range h.spans {
		h.spans[i] = [2]int{len(h.along), -1}
	}
	if c[0] == c[2] || c[1] == c[3] {
		return
	}
	w := h.wards[0]
	for _, q := range [4][4]int{{c[0], c[1], h.mainU, h.mainV}, {h.mainU, c[1], c[2], h.mainV}, {c[0], h.mainV, h.mainU, c[3]}, {h.mainU, h.mainV, c[2], c[3]}} {
		if q[0] == q[2] || q[1] == q[3] {
			continue
		}
		y := parcel{rect: rect{h.across[q[0]], h.along[q[1]], h.across[q[2]], h.along[q[3]]}}
		y.sides = [4]edge{h.class(q[1], h.mainV), h.class(q[2], h.mainU), h.class(q[3], h.mainV), h.class(q[0], h.mainU)}
		w.lanes.corners(y.rect)
		h.weave(y, d)
	}
	for _, j := range []int{c[1], c[3]} {
		if j != h.mainV {
			h.plan.lane(w, lineID{eastward, h.along[j]}, h.across[c[0]], h.across[c[2]], edge{class: "living_street"})
		}
	}
	for _, i := range []int{c[0], c[2]} {
		h.stretch(i, c[1], true)
		h.stretch(i, c[3], true)
	}
}

// weave cuts a quarter of the core by crooked alleys until a few courtyards are left.
func (h *hamlet) weave(y parcel, d *dice) {
	wide, high := y.rect.w(), y.rect.h()
	if wide < d.between(46, 84) && high < d.between(36, 48) {
		lot := homestead{parcel: y, core: true}
		if d.chance(.03) {
			lot.kind = garden
		}
		h.lots = append(h.lots, lot)
		return
	}
	e := edge{class: "footway"}
	if max(wide, high) > 85 || d.chance(.4) {
		e.class = "living_street"
	}
	ax := eastward
	if wide > high*1.6 {
		ax = northward
	}
	l, lo, hi, a, b := y.halve(ax, d.between(.37, .63), e)
	w := h.wards[0]
	w.alleys = append(w.alleys, street{l, lo, hi, e, ""})
	for _, r := range []rect{y.rect, a.rect, b.rect} {
		w.lanes.corners(r)
	}
	h.weave(a, d)
	h.weave(b, d)
}
