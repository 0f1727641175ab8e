package city

import (
	"math"
	"slices"
)

// zone is what a ward is.
type zone uint8

const (
	unzoned      zone = iota
	strip             // a stretch of river or railway
	compounds         // 5- and 6-floor compounds
	newTown           // high-rise compounds
	oldQuarter        // lanes and courtyards
	centre            // department stores, offices, squares
	stationArea       // in front of the station
	industry          // works
	park              // a park with a pond
	innerVillage      // a village the town has grown around (城中村)
	village
	farmland
	orchard
)

// open tells whether a ward is fields or the like, without dwellings.
func (w *ward) open() bool { return w.zone == farmland || w.zone == orchard }

// border between two wards: the stretch of the line they share.
type shared struct {
	a, b   int
	length float64
	edge   edge
}

// neighbours lists which wards share how much of which street.
func (p *plan) neighbours() []shared {
	type end struct {
		ward   int
		lo, hi float64
		edge   edge
	}
	low, high := map[lineID][]end{}, map[lineID][]end{}
	var order []lineID
	for _, w := range p.wards {
		for s := south; s <= west; s++ {
			l, lo, hi := w.rect.side(s)
			of := high
			if s == south || s == west {
				of = low // the ward lies on the higher side of the line
			}
			if len(low[l])+len(high[l]) == 0 {
				order = append(order, l)
			}
			of[l] = append(of[l], end{w.id, lo, hi, w.sides[s]})
		}
	}
	var out []shared
	for _, l := range order {
		for _, x := range low[l] {
			for _, y := range high[l] {
				if n := min(x.hi, y.hi) - max(x.lo, y.lo); n > 1 {
					out = append(out, shared{x.ward, y.ward, n, x.edge})
				}
			}
		}
	}
	return out
}

// keepTogether leaves only what is connected with the core, and fills what it encloses.
func (p *plan) keepTogether() {
	next := p.neighbours()
	flood := func(seeds []int, want bool) []bool {
		seen := make([]bool, len(p.wards))
		for _, s := range seeds {
			seen[s] = true
		}
		for grew := true; grew; {
			grew = false
			for _, n := range next {
				if seen[n.a] != seen[n.b] && p.wards[n.a].taken == want && p.wards[n.b].taken == want {
					seen[n.a], seen[n.b], grew = true, true, true
				}
			}
		}
		return seen
	}
	var inner, outer []int
	for _, w := range p.wards {
		r := w.rect
		if w.band == core {
			inner = append(inner, w.id)
		} else if !w.taken && (r.u0 == p.root.u0 || r.u1 == p.root.u1 || r.v0 == p.root.v0 || r.v1 == p.root.v1) {
			outer = append(outer, w.id)
		}
	}
	in := flood(inner, true)
	for i, w := range p.wards {
		w.taken = in[i]
	}
	out := flood(outer, false)
	for i, w := range p.wards {
		w.taken = !out[i]
	}
}

// assign gives every ward its zone. The order matters: what there is only one of comes first.
func (p *plan) assign(people int) {
	d := throw(p.seed, forZones)
	var inner, fields []*ward
	for _, w := range p.wards {
		switch {
		case w.band > core:
			w.zone = strip
		case w.band == core:
			inner = append(inner, w)
		default:
			fields = append(fields, w)
		}
	}
	total := 0.0
	for _, w := range inner {
		total += w.rect.area()
	}
	beyond := func(w *ward) bool { return p.hasRail && (w.rect.centre().x > p.rail) == (p.rail > 0) }
	toRiver := math.Copysign(1, p.river-p.main.y)
	townSide := func(w *ward) bool { return (w.rect.centre().y-p.river)*toRiver < 0 && !beyond(w) }
	near := func(x, y float64) func(w *ward) float64 {
		return func(w *ward) float64 { return w.rect.centre().dist(vec{x, y}) }
	}

	if p.hasRail {
		at := p.rail - math.Copysign(150, p.rail)
		p.take(inner, stationArea, 1, func(w *ward) bool {
			return townSide(w) && (w.sides[east].class == "tertiary" && math.Abs(w.rect.u1-p.rail) < 2*railHalf ||
				w.sides[west].class == "tertiary" && math.Abs(w.rect.u0-p.rail) < 2*railHalf)
		}, near(at, p.main.y))
	}
	if total > 4e5 {
		p.take(inner, centre, math.Max(1, total*.035), townSide, near(p.main.x, p.main.y-toRiver*150))
	}
	p.take(inner, oldQuarter, total*.085, townSide, near(p.main.x-math.Copysign(120, p.rail), (p.main.y+p.river)/2))
	if total > 3e5 {
		p.take(inner, park, 1, func(w *ward) bool { return !beyond(w) && w.rect.area() < total*.06 },
			func(w *ward) float64 { return math.Abs(math.Abs(w.rect.centre().y-p.river)-200) + d.between(0, 300) })
	}
	if p.hasRail {
		p.take(inner, industry, total*.1, beyond, func(w *ward) float64 { return d.between(0, 500) - math.Abs(w.rect.centre().x) })
		p.take(inner, innerVillage, total*.02, beyond, near(p.rail, p.core.v0))
	}
	if total > 1.2e6 {
		p.take(inner, innerVillage, total*.03, func(w *ward) bool { return w.rect.area() < 14e4 }, func(w *ward) float64 {
			return -p.edgeways(w.rect.centre()) + d.between(0, .3)
		})
	}
	modern := vec{-math.Copysign(1, p.rail) * d.between(.3, .5) * p.core.w(), math.Copysign(.5, p.river) * p.core.h()}
	grown := .2
	if total < 4e5 {
		grown = 0 // nobody builds towers in a townlet
	}
	p.take(inner, newTown, total*grown, func(w *ward) bool { return !beyond(w) }, func(w *ward) float64 {
		return w.rect.centre().dist(modern) + d.between(-250, 250)
	})
	p.fray(inner, fields, d)
	for _, w := range inner {
		if w.zone == unzoned {
			w.zone = compounds
		}
	}
	p.assignFields(fields, people, d)
}

// fray blurs the edge of the built-up ground: corners that are fields still, and works and compounds that
// stand outside already, mostly along the main roads.
func (p *plan) fray(inner, fields []*ward, d *dice) {
	if p.core.area() < 6e5 {
		return
	}
	for _, w := range inner {
		c := w.rect.centre()
		x, y := math.Abs(c.x)/(p.core.w()/2), math.Abs(c.y)/(p.core.h()/2)
		if r := math.Pow(math.Pow(x, 4)+math.Pow(y, 4), .25); r > d.between(.9, 1.12) && (w.zone == unzoned || w.zone == industry) {
			w.zone = farmland
		}
	}
	left := 1 + len(inner)/14
	for _, w := range shuffled(d, fields) {
		touches := false
		for _, e := range w.sides {
			touches = touches || e.class == "tertiary" || e.class == "primary"
		}
		out := p.terrain.outside(w.rect.centre())
		if !touches || !w.taken || out > 260 || left == 0 || !d.chance(.3) {
			continue
		}
		left--
		w.zone = pick(d, compounds, industry, industry)
		p.openRoads(w)
	}
}

// edgeways is how near a point lies to the edge of the core, 1 on it, 0 in the middle.
func (p *plan) edgeways(c vec) float64 {
	return math.Max(math.Abs(c.x)/(p.core.w()/2), math.Abs(c.y)/(p.core.h()/2))
}

// take zones the best fitting unzoned wards until they make up the wanted area.
func (p *plan) take(from []*ward, z zone, area float64, fits func(*ward) bool, cost func(*ward) float64) {
	type offer struct {
		w    *ward
		cost float64
	}
	var offers []offer
	for _, w := range from {
		if w.zone == unzoned && fits(w) {
			offers = append(offers, offer{w, cost(w)})
		}
	}
	slices.SortStableFunc(offers, func(a, b offer) int {
		if a.cost < b.cost {
			return -1
		} else if a.cost > b.cost {
			return 1
		}
		return 0
	})
	for _, o := range offers {
		if area <= 0 || area < o.w.rect.area()*.35 && area > 1 {
			return
		}
		o.w.zone = z
		area -= o.w.rect.area()
	}
}

// assignFields spreads villages over the country, away from each other, and leaves the rest to farming.
func (p *plan) assignFields(fields []*ward, people int, d *dice) {
	wanted := int(math.Round(float64(people) / 13000))
	if p.site.inCounty {
		wanted = 0 // its villages are the county's
	}
	var placed []vec
	for range wanted {
		var best *ward
		bestScore := 0.0
		for _, w := range fields {
			r := w.rect
			if w.zone != unzoned || !w.taken || min(r.w(), r.h()) < 190 || r.area() < 6e4 || r.area() > 22e4 {
				continue
			}
			score := 500 + d.between(0, 200) + r.area()/500
			for _, q := range placed {
				score = min(score, q.dist(r.centre()))
			}
			if score > bestScore {
				best, bestScore = w, score
			}
		}
		if best == nil {
			break
		}
		best.zone, best.name = village, p.names.village()
		placed = append(placed, best.rect.centre())
		p.openRoads(best)
	}
	for _, w := range fields {
		if w.zone == unzoned {
			w.zone = farmland
			if d.chance(.12) {
				w.zone = orchard
			}
		}
	}
}

// openRoads makes the field paths around a ward roads.
func (p *plan) openRoads(v *ward) {
	for i := range p.streets {
		s := &p.streets[i]
		for k := south; k <= west; k++ {
			l, lo, hi := v.rect.side(k)
			if s.lineID == l && min(s.hi, hi)-max(s.lo, lo) > 10 && s.edge.class == "path" {
				s.edge.class = "residential"
			}
		}
	}
	for k := range v.sides {
		if v.sides[k].class == "path" {
			v.sides[k].class = "residential"
		}
	}
}
