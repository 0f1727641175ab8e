package city

import (
	"math"
	"slices"
)

// role of a main line, one that runs through the whole plan.
type role uint8

const (
	border role = iota
	coreEdge
	arterial
	secondary
	bank
	riverMiddle
	railSide
	railMiddle
)

// band is what lies between two neighbouring main lines of one direction.
type band uint8

const (
	country band = iota
	core
	riverBed
	railBed
)

type mainLine struct {
	lineID
	role role
	name string
	band band // what follows it, eastwards or northwards
	out  bool // whether it goes on as a country road beyond the core
	far  bool // of the two roads beside the railway, the one that isn't on the town's side
}

// edge is what runs along one side of a ward or parcel.
type edge struct {
	class string // "" for nothing, "wall" for a shared wall
	name  string
}

// street is a stretch of a line that is a way of some class.
type street struct {
	lineID
	lo, hi    float64
	edge      edge
	structure string // bridge, tunnel or nothing
}

// ward is a piece of ground between streets: a superblock (大街坊) in the town, some fields outside of it,
// a stretch of river or railway.
type ward struct {
	id    int
	rect  rect
	band  band
	sides [4]edge
	zone  zone
	name  string // of a village, an old quarter, a works

	parcels []parcel
	inner   []street // between its parcels
	lanes   *net     // of an old quarter or a village
	alleys  []street
	yards   []parcel // the ground between its lanes
	taken   bool     // lies within the town's border
}

// plan is the town before anything is built.
type plan struct {
	seed    uint64
	core    rect
	root    rect
	river   float64 // v of its middle
	rail    float64 // u of its middle
	hasRail bool
	main    vec // where the two arterials meet
	columns []mainLine
	rows    []mainLine
	wards   []*ward
	streets []street
	net     *net
	terrain *terrain
	names   *namer
	site    site

	stationed bool        // whether the station has its parcel
	counts    map[use]int // parcels so far, for names such as 第二小学
}

const (
	riverHalf = 45.0 // from the river's middle to the road on its bank
	railHalf  = 22.0 // from the rail's middle to the road beside it
)

// newPlan lays out a core of about the given area (m²) with its surrounding country.
func newPlan(seed uint64, area float64, names *namer, s site) *plan {
	d := throw(seed, forPlan)
	aspect := d.between(1.15, 1.35)
	w := math.Sqrt(area * aspect)
	h := area / w
	margin := clamp(.25*math.Sqrt(area), 200, 520)
	p := &plan{seed: seed, names: names, site: s, counts: map[use]int{},
		core: rect{-w / 2, -h / 2, w / 2, h / 2},
		root: rect{-w/2 - margin, -h/2 - margin, w/2 + margin, h/2 + margin}}
	p.hasRail = w > 1000 && !s.roadOnly
	p.drawLines(d)
	p.terrain = newTerrain(seed, p.core, p.river)
	p.terrain.at = s.at
	p.net = newNet(30, p.terrain.real)
	p.drawCells()
	p.trim()
	return p
}

// drawLines places the main lines. Which side the railway and the river lie on is a matter of chance.
func (p *plan) drawLines(d *dice) {
	w, h := p.core.w(), p.core.h()
	toRail, toRiver := d.sign(), d.sign()
	p.main = vec{-toRail * w * d.between(.04, .1), -toRiver * h * d.between(.1, .16)}
	p.river = toRiver * h * d.between(.17, .23)
	p.rail = toRail * w * d.between(.29, .33)

	us := []mainLine{
		{lineID: lineID{northward, p.root.u0}, role: border},
		{lineID: lineID{northward, p.core.u0}, role: coreEdge, name: p.names.ring(west)},
		{lineID: lineID{northward, p.main.x}, role: arterial, name: p.names.arterial(), out: true},
		{lineID: lineID{northward, p.core.u1}, role: coreEdge, name: p.names.ring(east)},
		{lineID: lineID{northward, p.root.u1}, role: border},
	}
	if p.hasRail {
		us = append(us,
			mainLine{lineID: lineID{northward, p.rail - railHalf}, role: railSide, name: p.names.railSide(p.rail < 0, true), far: p.rail < 0},
			mainLine{lineID: lineID{northward, p.rail}, role: railMiddle, name: p.names.railway},
			mainLine{lineID: lineID{northward, p.rail + railHalf}, role: railSide, name: p.names.railSide(p.rail < 0, false), far: p.rail > 0})
	}
	vs := []mainLine{
		{lineID: lineID{eastward, p.root.v0}, role: border},
		{lineID: lineID{eastward, p.core.v0}, role: coreEdge, name: p.names.ring(south)},
		{lineID: lineID{eastward, p.river - riverHalf}, role: bank, name: p.names.bank(south)},
		{lineID: lineID{eastward, p.river}, role: riverMiddle, name: p.names.river},
		{lineID: lineID{eastward, p.river + riverHalf}, role: bank, name: p.names.bank(north)},
		{lineID: lineID{eastward, p.main.y}, role: arterial, name: p.names.arterial(), out: true},
		{lineID: lineID{eastward, p.core.v1}, role: coreEdge, name: p.names.ring(north)},
		{lineID: lineID{eastward, p.root.v1}, role: border},
	}
	p.columns = p.complete(d, us, 720) // each of them is a bridge
	p.rows = p.complete(d, vs, 860)
}

// complete sorts the lines, puts secondary streets into the core's gaps that are too wide, and says what each band is.
func (p *plan) complete(d *dice, lines []mainLine, wide float64) []mainLine {
	byPlace := func(a, b mainLine) int { return int(math.Copysign(1, a.at-b.at)) }
	slices.SortFunc(lines, byPlace)
	var more []mainLine
	inside := false
	for i := range lines[:len(lines)-1] {
		a, b := &lines[i], lines[i+1]
		if a.role == coreEdge {
			inside = !inside
		}
		a.band = bandAfter(a.role, b.role, inside)
		for gap := b.at - a.at; a.band == core && gap > wide; gap = 0 {
			n := math.Max(2, math.Round(gap/640))
			for k := 1.0; k < n; k++ {
				at := a.at + gap*k/n + d.between(-50, 50)
				more = append(more, mainLine{lineID: lineID{a.axis, at}, role: secondary,
					name: p.names.street(), band: core, out: d.chance(.5)})
			}
		}
	}
	lines = append(lines, more...)
	slices.SortFunc(lines, byPlace)
	return lines
}

func bandAfter(a, b role, inCore bool) band {
	switch {
	case a == riverMiddle || b == riverMiddle:
		return riverBed
	case a == railMiddle || b == railMiddle:
		return railBed
	case inCore:
		return core
	default:
		return country
	}
}

// along says what a main line is while it passes a band of the other direction.
func (m mainLine) along(b band) (e edge, structure string) {
	e = edge{name: m.name}
	switch m.role {
	case riverMiddle:
		e.class = "river"
	case railMiddle:
		e.class = "rail"
		if b == riverBed {
			structure = "bridge"
		}
	case arterial:
		e.class = "primary"
		structure = map[band]string{riverBed: "bridge", railBed: "tunnel"}[b]
	case secondary:
		switch {
		case b == core:
			e.class = "secondary"
		case b == riverBed:
			e.class, structure = "secondary", "bridge"
		case b == country && m.out:
			e.class = "tertiary"
		case b == country:
			e = edge{class: "path"}
		}
	case bank, coreEdge:
		switch b {
		case core:
			e.class = "tertiary"
		case country:
			e = edge{class: "path"}
		}
	case railSide:
		switch {
		case b == core:
			e.class = "tertiary"
		case b == riverBed && m.far:
			e.class, structure = "tertiary", "bridge"
		}
	}
	if e.class == "" {
		e = edge{}
	}
	return e, structure
}

// trim gives the outermost fields to the neighbouring towns, so that the border runs along ditches and
// field paths and isn't a frame.
func (p *plan) trim() {
	d := throw(p.seed, forOutline)
	var wave [4][2]float64
	for k := range wave {
		wave[k] = [2]float64{d.between(.02, .09), d.between(0, 2*math.Pi)}
	}
	c, hw, hh := p.root.centre(), p.root.w()/2, p.root.h()/2
	for _, w := range p.wards {
		m := w.rect.centre().sub(c)
		x, y := m.x/hw, m.y/hh
		angle := math.Atan2(y, x)
		limit := 1.0
		for k, s := range wave {
			limit += s[0] * math.Sin(float64(k+2)*angle+s[1])
		}
		r := math.Pow(math.Pow(math.Abs(x), 3.2)+math.Pow(math.Abs(y), 3.2), 1/3.2)
		w.taken = w.band != country || r < limit
	}
	p.keepTogether()
}
