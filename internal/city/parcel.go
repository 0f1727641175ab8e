package city

import (
	"math"
)

// use is what a parcel is built with.
type use uint8

const (
	slabs   use = iota // rows of 4 to 6 floors
	midrise            // rows of 9 to 11 floors
	towers             // 17 to 33 floors
	school
	middleSchool
	kindergarten
	hospital
	market
	offices
	mall
	station
	works
	greens
)

// parcel is a piece of a ward with one owner: a compound, a school, a works.
type parcel struct {
	id    int
	rect  rect
	sides [4]edge
	use   use
	name  string
	gates []gate
}

// setback is how far from a line of some class the property behind it begins, in metres.
func setback(class string) float64 {
	switch class {
	case "primary":
		return 21
	case "secondary":
		return 16
	case "tertiary":
		return 12
	case "residential":
		return 8
	case "living_street":
		return 3.6
	case "footway", "path":
		return 2.6
	case "wall":
		return 1
	default:
		return 2
	}
}

// roadway is half the width that buildings must leave free, in metres.
func roadway(class string) float64 {
	switch class {
	case "primary":
		return 17
	case "secondary":
		return 12
	case "tertiary":
		return 9
	case "residential":
		return 5.5
	case "living_street":
		return 2.2
	case "service":
		return 2.6
	case "wall":
		return .4
	default:
		return 1.2
	}
}

func isStreet(class string) bool { return class != "" && class != "wall" && class != "path" }

func isMain(class string) bool { return class == "primary" || class == "secondary" }

// parcels cuts every ward of the core, gives the parcels their uses and gates, and lays out the lanes.
func (p *plan) divide(people int) {
	for _, w := range p.wards {
		d := throw(p.seed, forParcels, uint64(w.id))
		switch w.zone {
		case compounds:
			p.slice(w, parcel{rect: w.rect, sides: w.sides}, 3.4e4, 215, .5, d)
		case newTown:
			p.slice(w, parcel{rect: w.rect, sides: w.sides, use: towers}, 4.6e4, 270, .8, d)
		case centre, stationArea:
			p.slice(w, parcel{rect: w.rect, sides: w.sides, use: mall}, 2.6e4, 200, .7, d)
		case industry:
			p.slice(w, parcel{rect: w.rect, sides: w.sides, use: works}, 5.5e4, 330, .35, d)
		case park:
			p.slice(w, parcel{rect: w.rect, sides: w.sides, use: greens}, 1e9, 1e9, 0, d)
		}
	}
	p.allot(people)
	for _, w := range p.wards { // lanes before gates: a gate may use a junction, a lane may not move
		d := throw(p.seed, forParcels, uint64(w.id), 1)
		switch w.zone {
		case oldQuarter:
			p.weaveLanes(w, d)
		case innerVillage, village:
			if w.name == "" {
				w.name = p.names.village()
			}
			p.weaveRows(w, d)
		}
	}
	for _, w := range p.wards {
		d := throw(p.seed, forParcels, uint64(w.id), 2)
		for i := range w.parcels {
			p.open(w, &w.parcels[i], d)
		}
	}
}

// slice halves a parcel until it is small enough; a cut becomes a street with the given chance, else a wall.
func (p *plan) slice(w *ward, c parcel, area, length, open float64, d *dice) {
	wd, h := c.rect.w(), c.rect.h()
	if c.rect.area() < area*d.between(.8, 1.2) && max(wd, h) < length || max(wd, h) < 130 || min(wd, h) < 55 {
		c.id = len(w.parcels)
		w.parcels = append(w.parcels, c)
		return
	}
	k, ax := d.between(.4, .6), northward
	if h > wd {
		ax = eastward
	}
	wall := edge{class: "wall"}
	_, _, _, a, b := c.halve(ax, k, wall)
	if d.chance(open) || !a.reachable() || !b.reachable() {
		if !c.opensAlong(ax) && c.opensAlong(1-ax) && min(wd, h) > 90 {
			ax = 1 - ax
		}
		e := wall
		if c.opensAlong(ax) {
			e = edge{"residential", p.names.lane()}
		}
		var l lineID
		var lo, hi float64
		if l, lo, hi, a, b = c.halve(ax, k, e); e != wall {
			w.inner = append(w.inner, street{l, lo, hi, e, ""})
		}
	}
	p.net.corners(a.rect)
	p.net.corners(b.rect)
	p.slice(w, a, area, length, open, d)
	p.slice(w, b, area, length, open, d)
}

// halve cuts a parcel by a line of the given axis, at part k of its width; e is what runs along the cut.
func (c parcel) halve(ax axis, k float64, e edge) (l lineID, lo, hi float64, a, b parcel) {
	a, b = c, c
	if ax == northward {
		l, lo, hi = lineID{northward, lerp(c.rect.u0, c.rect.u1, k)}, c.rect.v0, c.rect.v1
		a.rect.u1, b.rect.u0 = l.at, l.at
		a.sides[east], b.sides[west] = e, e
	} else {
		l, lo, hi = lineID{eastward, lerp(c.rect.v0, c.rect.v1, k)}, c.rect.u0, c.rect.u1
		a.rect.v1, b.rect.v0 = l.at, l.at
		a.sides[north], b.sides[south] = e, e
	}
	return l, lo, hi, a, b
}

// opensAlong tells whether a cut of the given axis would come out on a street.
func (c parcel) opensAlong(ax axis) bool {
	if ax == northward {
		return isStreet(c.sides[south].class) || isStreet(c.sides[north].class)
	}
	return isStreet(c.sides[west].class) || isStreet(c.sides[east].class)
}

func (c parcel) reachable() bool {
	for _, e := range c.sides {
		if isStreet(e.class) {
			return true
		}
	}
	return false
}

// allot gives parcels that are compounds so far to schools, a hospital, a market: one for so many people,
// far from the others of its kind and of a fitting size. Then it names them all.
func (p *plan) allot(people int) {
	d := throw(p.seed, forParcels)
	type want struct {
		use      use
		count    float64
		lo, hi   float64
		inCentre bool
	}
	n := float64(people)
	for _, q := range []want{
		{hospital, n / 60000, 1.5e4, 4e4, true},
		{market, n / 24000, .7e4, 2.6e4, true},
		{middleSchool, n / 22000, 2e4, 5e4, false},
		{school, n / 9000, 1.2e4, 3.2e4, false},
		{kindergarten, n / 11000, .4e4, 1.1e4, false},
	} {
		crowd := map[*parcel]float64{} // what the ones already placed take off a parcel's score
		least := 0.0
		if q.use == school || q.use == kindergarten || n > 8000 {
			least = 1
		}
		for range int(math.Max(least, math.Round(q.count))) {
			var best *parcel
			bestScore := math.Inf(-1)
			for _, w := range p.wards {
				if w.zone != compounds && w.zone != newTown && w.zone != centre {
					continue
				}
				for i := range w.parcels {
					c := &w.parcels[i]
					free := c.use == slabs || c.use == mall && q.use == hospital
					if a := c.rect.area(); !free || a < q.lo || a > q.hi || min(c.rect.w(), c.rect.h()) < 70 {
						continue
					}
					score := d.between(0, 250)
					if q.inCentre {
						score -= c.rect.centre().dist(p.main)
					}
					if score += crowd[c]; score > bestScore {
						best, bestScore = c, score
					}
				}
			}
			if best == nil {
				break
			}
			best.use = q.use
			p.keepOff(best, crowd)
		}
	}
	for _, w := range p.wards {
		for i := range w.parcels {
			p.settleUse(w, &w.parcels[i], d)
		}
	}
}

// keepOff marks the parcels near one that was just given to its use.
func (p *plan) keepOff(placed *parcel, crowd map[*parcel]float64) {
	const far = 900.0
	at := placed.rect.centre()
	for _, w := range p.wards {
		for i := range w.parcels {
			if d := at.dist(w.parcels[i].rect.centre()); d < far {
				crowd[&w.parcels[i]] += d - far
			}
		}
	}
}

// settleUse refines the use of a parcel and names it.
func (p *plan) settleUse(w *ward, c *parcel, d *dice) {
	switch w.zone {
	case compounds:
		if c.use == slabs && c.rect.area() > 1.6e4 && d.chance(.16) {
			c.use = midrise
		}
	case newTown:
		if c.use == towers && (c.rect.area() < 2.2e4 || d.chance(.2)) {
			c.use = midrise
		}
	case centre:
		if c.use == mall && d.chance(.45) {
			c.use = pick(d, offices, slabs, slabs)
		}
	case stationArea:
		if c.use == mall && d.chance(.5) {
			c.use = slabs
		}
		atRail := math.Abs(c.rect.u1-p.rail) < 2*railHalf || math.Abs(c.rect.u0-p.rail) < 2*railHalf
		if atRail && !p.stationed && c.rect.h() > 70 {
			c.use, p.stationed = station, true
		}
	}
	town := short(p.names.town)
	p.counts[c.use]++
	k := p.counts[c.use]
	switch c.use {
	case slabs:
		c.name = p.names.compound(false)
	case midrise, towers:
		c.name = p.names.compound(true)
	case school:
		c.name = town + map[bool]string{true: "实验小学", false: "第" + chineseNumber(k) + "小学"}[k == 1]
	case middleSchool:
		c.name = town + "第" + chineseNumber(k) + "中学"
	case kindergarten:
		c.name = "第" + chineseNumber(k) + "幼儿园"
	case hospital:
		c.name = town + map[bool]string{true: "人民医院", false: "第" + chineseNumber(k) + "医院"}[k == 1]
	case market:
		c.name = p.names.market()
	case offices:
		c.name = map[bool]string{true: town + "政务服务中心", false: "商务楼"}[k == 1]
	case mall:
		c.name = p.names.once(func() string {
			return pick(d, "万隆", "百货", "新世纪", "振华", "华联", "金鼎", "贵和") + pick(d, "商厦", "购物中心", "商城", "广场")
		})
	case station:
		c.name = town + "站"
	case works:
		c.name = p.names.factory()
	case greens:
		c.name = p.names.park()
	}
}
