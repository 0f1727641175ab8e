package city

import (
	"math"
)

// hamlet is a village of the county: a plan of one ward, laid out but not built.
type hamlet struct {
	*plan
	exits []exit
	reach float64 // radius of the circle around its ward

	form          footprint
	size          measure
	inner         rect // what its homesteads and lanes may take
	across, along []float64
	mainU, mainV  int
	core          [4]int   // the stops around the old core, as in rect
	spans         [][2]int // of each street across: the lanes it meets, from and to
	lots          []homestead
}

// exit is where a street leaves a built-up place, and the direction it has there.
type exit struct{ at, out vec }

// Square metres of ward that one villager takes, lanes and courtyards together, to begin with.
const villagePerHead = 150.0

// perPlot is how many people live in a courtyard, about.
const perPlot = 2.6

// newHamlet lays out a village of so many people around a place, within a circle if room is short; then its
// houses are fuller. turn is how far its rows are turned from looking south.
func newHamlet(seed uint64, s site, people int, radius float64, form pattern, turn float64) *hamlet {
	area := math.Max(float64(people), 40) * villagePerHead
	wanted := math.Max(float64(people), 40) / perPlot
	var h *hamlet
	for range 5 {
		var full bool
		h, full = layHamlet(seed, s, area, radius, form, turn)
		n := h.plots()
		if full && n < wanted || math.Abs(n/wanted-1) < .06 {
			break
		}
		area *= clamp(math.Pow(wanted/math.Max(n, 1), .9), .5, 2.2)
	}
	for n := 0; h.plots() < fewestPlots && n < 8; n++ { // too small for its pattern: even rows always have a house
		area *= 1.5
		h, _ = layHamlet(seed, s, area, math.Max(radius, 90), rowsVillage, turn)
	}
	return h
}

// fewestPlots is how many courtyards the smallest village has, about.
const fewestPlots = 5

// layHamlet lays one out on so many square metres, and tells whether the circle was too small for that.
func layHamlet(seed uint64, s site, area, radius float64, kind pattern, turn float64) (*hamlet, bool) {
	d := throw(seed, forVillage)
	s.dry, s.inCounty = true, true
	h := &hamlet{form: newFootprint(kind, d), size: kind.measure(d)}
	aspect := h.form.aspect(d)
	by := [4]float64{d.between(14, 26), d.between(14, 30), d.between(14, 26), d.between(14, 30)}
	w := math.Sqrt(area*aspect) + by[east] + by[west]
	v := math.Sqrt(area/aspect) + by[south] + by[north]
	w, v = math.Max(w, 110), math.Max(v, 105)
	full := false
	if k := 2 * radius / math.Hypot(w, v); k < 1 {
		w, v, full = math.Max(w*k, 90), math.Max(v*k, 90), true
	}
	p := &plan{seed: seed, site: s, names: &namer{}, root: rect{-w / 2, -v / 2, w / 2, v / 2}}
	h.plan, h.reach = p, math.Hypot(w, v)/2
	p.core = p.root
	turn += d.between(-3, 3) * math.Pi / 180
	p.terrain = &terrain{core: p.core, reach: 1, at: s.at, cos: math.Cos(turn), sin: math.Sin(turn), long: h.bends(d)}
	p.net = newNet(30, p.terrain.real)
	only := &ward{rect: p.root, zone: village, name: short(s.name), taken: true, band: country}
	p.wards = []*ward{only}
	p.net.corners(only.rect)
	shift := bend(only.rect, h.size.crooked, d)
	only.lanes = newNet(14, func(q vec) vec { return p.terrain.real(h.stir(shift, q)) })
	h.inner = only.rect.inset(by)
	h.settle(throw(seed, forParcels))
	p.net.settle()
	h.leave()
	return h, full
}

// bends are the long waves of a village: a street follows its valley, the hills are crooked everywhere.
func (h *hamlet) bends(d *dice) []wave {
	slope := .05
	switch h.form.pattern {
	case streetVillage:
		slope = .2
	case hillVillage:
		slope = .16
	case crossVillage:
		slope = .07
	}
	l := d.between(450, 800)
	if h.form.pattern == hillVillage {
		l = d.between(220, 380)
	}
	w := newWave(d, l, l*slope/(2*math.Pi))
	switch {
	case h.form.upright: // the street sways, its rows still look south
		w.k, w.move = vec{0, 2 * math.Pi / l}, vec{w.move.len(), 0}
	case h.form.pattern == streetVillage:
		w.k, w.move = vec{2 * math.Pi / l, 0}, vec{0, w.move.len()}
	}
	m := d.between(260, 420)
	return []wave{w, newWave(d, m, m*.05/(2*math.Pi))}
}

// stir is how crooked the lanes are at a place: most of all in the old core.
func (h *hamlet) stir(shift func(vec) vec, q vec) vec {
	by := shift(q).sub(q)
	if h.form.pattern == crossVillage {
		c := h.inner.centre()
		far := math.Max(math.Abs(q.x-c.x)/h.inner.w(), math.Abs(q.y-c.y)/h.inner.h())
		by = by.mul(lerp(2.1, .8, smooth((far-.1)/.25)))
	}
	return q.add(by)
}

// plots is how many courtyards there will be, about.
func (h *hamlet) plots() float64 {
	n := 0.0
	for _, y := range h.lots {
		wide := y.rect.w() - 4
		switch {
		case y.kind == garden || y.kind == pond:
			continue
		case y.kind != plots:
			wide -= 34
		}
		rows := 1.0
		if y.rect.h() > 34 {
			rows = 2
		}
		if y.core {
			wide *= h.size.plot / corePlot
		}
		n += rows * math.Max(0, math.Round(wide/h.size.plot))
	}
	return n * .95
}

// leave notes where the main streets leave the village.
func (h *hamlet) leave() {
	v := h.wards[0]
	for _, a := range v.alleys {
		if a.edge.class != "residential" {
			continue
		}
		line := v.lanes.run(a.lineID, a.lo, a.hi)
		n := len(line)
		h.exits = append(h.exits, leaving(line[1], line[0]), leaving(line[n-2], line[n-1]))
	}
}

// leaving is the exit at the end of a line.
func leaving(before, end vec) exit {
	d := end.sub(before)
	return exit{end, d.mul(1 / d.len())}
}

// raise builds the village and settles its people.
func (h *hamlet) raise(people int) *town {
	b := h.build()
	if !b.lived() { // the dice left every plot empty
		h.size.vacant = 0
		for i := range h.lots {
			h.lots[i].kind = plots
		}
		b = h.build()
	}
	t := &town{plan: h.plan, globe: h.site.globe, built: []*built{b}}
	t.tidy()
	t.buildings = b.buildings
	for i, n := range apportion(people, weigh(h.seed, t.buildings)) {
		t.buildings[i].people = n
	}
	return t
}
