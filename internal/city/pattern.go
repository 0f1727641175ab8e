package city

import "math"

// pattern is how a village is laid out.
type pattern uint8

const (
	rowsVillage   pattern = iota // 行列式: even rows on a plan of lanes, with a main street
	streetVillage                // along one street that runs with a road or a valley
	crossVillage                 // an old core of crooked lanes at a crossing, even rows around it
	hillVillage                  // loose clusters on bent lanes
)

// patternFor chooses by the ground, by what flows past and by chance: the hills have clusters and streets in
// valleys, the plain rows and crossings.
func patternFor(hill float64, byWater bool, people int, d *dice) pattern {
	k := d.unit()
	switch {
	case hill > .3:
		if people > 900 && k < .35 || byWater && k < .55 {
			return streetVillage
		}
		return hillVillage
	case hill > .12:
		switch {
		case k < .3 || byWater && k < .6:
			return streetVillage
		case k < .5:
			return hillVillage
		case k < .75:
			return crossVillage
		}
		return rowsVillage
	case byWater && k < .4 || k < .12:
		return streetVillage
	case k < .55 && people > 350:
		return crossVillage
	}
	return rowsVillage
}

// footprint is the outline of a village in parts of its rectangle, from -1 to 1 both ways.
type footprint struct {
	pattern
	upright bool // a street village along the meridian
	notch   [2]vec
	discs   []disc
	waves   [4]float64
}

func newFootprint(p pattern, d *dice) footprint {
	f := footprint{pattern: p, upright: p == streetVillage && d.chance(.35)}
	for i := range f.waves {
		f.waves[i] = d.between(0, 2*math.Pi)
	}
	for i := range f.notch { // a bite out of two sides
		a := d.between(0, 2*math.Pi)
		f.notch[i] = vec{1.25 * math.Cos(a), 1.25 * math.Sin(a)}
	}
	if p == hillVillage {
		for i := range 2 + d.upto(3) {
			a, far := d.between(0, 2*math.Pi), d.between(.45, .62)
			if i == 0 {
				far = d.between(0, .2)
			}
			f.discs = append(f.discs, disc{vec{far * math.Cos(a), far * math.Sin(a)}, d.between(.3, .5)})
		}
	}
	return f
}

// aspect is the width in heights.
func (f footprint) aspect(d *dice) float64 {
	switch {
	case f.upright:
		return 1 / d.between(1.7, 2.7)
	case f.pattern == streetVillage:
		return d.between(2.6, 4.6)
	case f.pattern == crossVillage:
		return d.between(.85, 1.25)
	}
	return d.between(.75, 1.7)
}

// holds tells whether a place is built on.
func (f footprint) holds(p vec) bool {
	x, y := math.Abs(p.x), math.Abs(p.y)
	if x > 1 || y > 1 {
		return false
	}
	switch f.pattern {
	case streetVillage:
		along, across := p.x, p.y
		if f.upright {
			along, across = p.y, p.x
		}
		wide := .62 + .3*math.Sin(5*along+f.waves[0]) + .14*math.Sin(11*along+f.waves[1])
		if across < 0 {
			wide = .62 + .3*math.Sin(4.2*along+f.waves[2]) + .14*math.Sin(9*along+f.waves[3])
		}
		return math.Abs(across) < math.Max(wide, .22)
	case crossVillage:
		r := 1 + .12*math.Sin(3*math.Atan2(p.y, p.x)+f.waves[0])
		return x*x+y*y < .55*r || y < .3 && x < .97 || x < .26 && y < .97
	case hillVillage:
		for _, o := range f.discs {
			if p.dist(o.at) < o.radius*(1+.2*math.Sin(3*math.Atan2(p.y-o.at.y, p.x-o.at.x)+f.waves[0])) {
				return true
			}
		}
		return false
	}
	for i, n := range f.notch {
		if p.dist(n) < .45+.1*float64(i) {
			return false
		}
	}
	return math.Pow(x, 5)+math.Pow(y, 5) < 1
}

// measure says how far apart the rows and the streets across them are, how crooked its lanes, how wide a plot.
type measure struct{ row, across, crooked, plot, vacant float64 }

func (p pattern) measure(d *dice) measure {
	switch p {
	case streetVillage:
		return measure{d.between(20.5, 23), d.between(58, 84), 2.4, d.between(12.5, 15), .05}
	case crossVillage:
		return measure{d.between(20, 22.5), d.between(66, 92), 1.7, d.between(12.5, 14.5), .04}
	case hillVillage:
		return measure{d.between(22, 25.5), d.between(48, 66), 4.4, d.between(12.5, 16.5), .16}
	}
	return measure{d.between(19.5, 22), d.between(74, 118), 1.2, d.between(13, 15.5), .025}
}
