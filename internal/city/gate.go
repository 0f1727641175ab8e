package city

// gate is where a parcel opens to a street.
type gate struct {
	side side
	at   float64 // along that side, in the plan
}

// open chooses where a parcel's gates are: dwellings from a quiet street, the rest from a big one.
func (p *plan) open(w *ward, c *parcel, d *dice) {
	if c.use == station || c.use == mall {
		return
	}
	rank := map[string]float64{"residential": 4, "tertiary": 4, "secondary": 2.5, "primary": 1}
	if c.use >= school {
		rank = map[string]float64{"residential": 2, "tertiary": 4, "secondary": 3, "primary": 2}
	}
	best, score := south, -1.0
	for s, e := range c.sides {
		if k := rank[e.class]; k > 0 {
			if side(s) == south || side(s) == north {
				k += 2.2 // the main way then runs north, between the rows
			}
			if c.use >= school && side(s) == south {
				k += 1.5
			}
			if k += d.between(0, 1.5); k > score {
				best, score = side(s), k
			}
		}
	}
	if score < 0 {
		return
	}
	l, lo, hi := c.rect.side(best)
	at := lerp(lo, hi, d.between(.42, .58))
	switch {
	case c.use <= towers && (best == south || best == north):
		at = spinePlace(c, d)
	case (c.use == school || c.use == middleSchool) && best != south: // the way in passes beside the classrooms
		at = lerp(lo, hi, pick(d, .12, .88))
		if best != north {
			at = lerp(lo, hi, .5)
		}
	}
	at = p.net.mark(l, at)
	c.gates = append(c.gates, gate{best, at})
	opposite := (best + 2) % 4
	if c.use <= towers && (best == south || best == north) && isStreet(c.sides[opposite].class) && d.chance(.6) {
		l, _, _ := c.rect.side(opposite)
		c.gates = append(c.gates, gate{opposite, p.net.mark(l, at)})
	}
}

// spinePlace is where a compound's main way runs: in its middle, or in a narrow one along one side, so that
// the rows aren't cut into stumps.
func spinePlace(c *parcel, d *dice) float64 {
	room := func(e edge) float64 {
		deep := setback(e.class) + 5
		if isMain(e.class) || e.class == "tertiary" {
			deep += 12
		}
		return deep
	}
	lo, hi := c.rect.u0+room(c.sides[west]), c.rect.u1-room(c.sides[east])
	switch {
	case hi-lo > 84:
		return lerp(lo, hi, d.between(.46, .54))
	case d.chance(.5):
		return lo + 4
	default:
		return hi - 4
	}
}
