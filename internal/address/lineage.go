package address

import "slices"

// lineage is a place and everything that it lies in, from the smallest to the largest. A street stands before the divisions.
func (g *Gazetteer) lineage(p place) []place {
	out := make([]place, 0, 10)
	out = append(out, p)
	i := p.index()
	switch p.kind() {
	case placeHouse:
		if e := g.houses[i].entrance; e >= 0 {
			out = append(out, placeEntrance|place(e))
		}
		b := g.buildingOfHouse(i)
		return g.lineageOfBuilding(append(out, placeBuilding|place(b)), b)
	case placeEntrance:
		b := g.buildingOfEntrance(i)
		return g.lineageOfBuilding(append(out, placeBuilding|place(b)), b)
	case placeBuilding:
		return g.lineageOfBuilding(out, i)
	case placeCompound:
		return g.lineageOfCompound(out, i)
	case placeStreet:
		return g.divisionsAbove(out, g.streets[i].division)
	}
	return g.divisionsAbove(out, g.divisions[i].parent)
}

func (g *Gazetteer) lineageOfBuilding(out []place, b int) []place {
	row := g.buildings[b]
	if row.compound >= 0 {
		out = append(out, placeCompound|place(row.compound))
	}
	if row.street >= 0 {
		out = append(out, placeStreet|place(row.street))
	}
	if row.compound >= 0 {
		if s := g.compounds[row.compound].street; s >= 0 && s != row.street {
			out = append(out, placeStreet|place(s))
		}
	}
	d := row.division
	if d < 0 && row.street >= 0 {
		d = g.streets[row.street].division
	}
	return g.divisionsAbove(out, d)
}

func (g *Gazetteer) lineageOfCompound(out []place, c int) []place {
	row := g.compounds[c]
	if row.street >= 0 {
		out = append(out, placeStreet|place(row.street))
	}
	return g.divisionsAbove(out, row.division)
}

func (g *Gazetteer) divisionsAbove(out []place, d int32) []place {
	for ; d >= 0; d = g.divisions[d].parent {
		out = append(out, placeDivision|place(d))
	}
	return out
}

// common is the smallest place that both lie in, noPlace where there is none.
func (g *Gazetteer) common(a, b place) place {
	other := g.lineage(b)
	for _, p := range g.lineage(a) {
		if slices.Contains(other, p) {
			return p
		}
	}
	return noPlace
}

// codeOf is the code of the division a place lies in, empty where it isn't known.
func (g *Gazetteer) codeOf(p place) string {
	for _, q := range g.lineage(p) {
		if q.kind() == placeDivision {
			return g.divisions[q.index()].code
		}
	}
	return ""
}

func (g *Gazetteer) levelOf(p place) Level {
	switch p.kind() {
	case placeHouse:
		return House
	case placeEntrance:
		return Entrance
	case placeBuilding:
		return Building
	case placeCompound:
		return Compound
	case placeStreet:
		return Street
	}
	return divisionLevel(g.divisions[p.index()].code)
}
