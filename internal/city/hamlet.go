package city

import (
	"math"
)

// hamlet is a village of the county: a plan of one ward, laid out but not built.
type hamlet struct {
	*plan
	exits []exit
	reach float64 // radius of the circle around its ward
}

// exit is where a street leaves a built-up place, and the direction it has there.
type exit struct{ at, out vec }

// Square metres of ward that one villager takes, lanes and courtyards together.
const villagePerHead = 128.0

// newHamlet lays out a village of so many people around a place, within a circle if room is short; then its
// houses are fuller.
func newHamlet(seed uint64, s site, people int, radius float64) *hamlet {
	d := throw(seed, forVillage)
	s.dry, s.inCounty = true, true
	aspect := d.between(.75, 1.6)
	area := math.Max(float64(people), 40) * villagePerHead
	const margin = 44 // both edges together, on average
	w := math.Sqrt(area*aspect) + margin
	h := area/(w-margin) + margin
	if k := 2 * radius / math.Hypot(w, h); k < 1 {
		w, h = math.Max(w*k, 90), math.Max(h*k, 90)
	}
	p := &plan{seed: seed, site: s, names: &namer{}, root: rect{-w / 2, -h / 2, w / 2, h / 2}}
	p.core = p.root
	turn := d.between(-9, 9) * math.Pi / 180
	p.terrain = &terrain{core: p.core, reach: 1, at: s.at, cos: math.Cos(turn), sin: math.Sin(turn)}
	p.terrain.long = []wave{newWave(d, d.between(500, 900), d.between(4, 9)), newWave(d, d.between(260, 420), d.between(1.5, 4))}
	p.net = newNet(30, p.terrain.real)
	v := &ward{rect: p.root, zone: village, name: short(s.name), taken: true, band: country}
	p.wards = []*ward{v}
	p.net.corners(v.rect)
	p.weaveRows(v, throw(seed, forParcels))
	p.net.settle()
	h2 := &hamlet{plan: p, reach: math.Hypot(w, h) / 2}
	for _, a := range v.alleys {
		if a.edge.class != "residential" {
			continue
		}
		line := v.lanes.run(a.lineID, a.lo, a.hi)
		n := len(line)
		h2.exits = append(h2.exits, leaving(line[1], line[0]), leaving(line[n-2], line[n-1]))
	}
	return h2
}

// leaving is the exit at the end of a line.
func leaving(before, end vec) exit {
	d := end.sub(before)
	return exit{end, d.mul(1 / d.len())}
}

// raise builds the village and settles its people.
func (h *hamlet) raise(people int) *town {
	b := h.build(h.wards[0])
	t := &town{plan: h.plan, globe: h.site.globe, built: []*built{b}}
	t.tidy()
	t.buildings = b.buildings
	for i, n := range apportion(people, weigh(h.seed, t.buildings)) {
		t.buildings[i].people = n
	}
	return t
}
