package address

// Options are what the asker knows besides the text.
type Options struct {
	View   string // code of the division in view: its places come first among equals
	Within string // code of the division that the place has to lie in; empty: anywhere
	Most   int    // how many runner-ups; 0 is 5
}

// Candidate is a place with everything that it lies in. Ids are 0 for levels that it doesn't have.
type Candidate struct {
	Level                                       Level
	Sure                                        float64 // 0 … 1
	House, Entrance, Building, Compound, Street int64
	Division                                    string // code of the smallest division it is known to lie in
	Label                                       string // its standard address, from the town downwards
	Name, Above                                 string // what it is called itself, and what the next place is called that it lies in; only of what has a name of its own
	At                                          Point
}

// ID is the id of the place itself, 0 for a division.
func (c Candidate) ID() int64 {
	switch c.Level {
	case House:
		return c.House
	case Entrance:
		return c.Entrance
	case Building:
		return c.Building
	case Compound:
		return c.Compound
	case Street:
		return c.Street
	}
	return 0
}

// Answer is what an address means. Best is the deepest place that the text names without doubt; where two fit equally, what both lie in.
type Answer struct {
	Best   Candidate
	Whole  bool        // every number of the text is part of Best, and nothing in front of them is left that isn't understood
	Near   bool        // the text names a place beside Best (旁边, 对面)
	Others []Candidate // what else it could be, the likeliest first; also what contradicts a part of the text
	Read   Address     // the text by its grammar
}

func (g *Gazetteer) candidate(p place, sure float64) Candidate {
	c := Candidate{Level: g.levelOf(p), Sure: sure, Label: g.label(p), At: g.at(p).point()}
	c.Name, c.Above = g.called(p)
	for _, q := range g.lineage(p) {
		i := q.index()
		switch q.kind() {
		case placeHouse:
			c.House = g.houses[i].id
		case placeEntrance:
			c.Entrance = g.entrances[i].id
		case placeBuilding:
			c.Building = g.buildings[i].id
		case placeCompound:
			c.Compound = g.compounds[i].id
		case placeStreet:
			if c.Street == 0 {
				c.Street = g.streets[i].id
			}
		default:
			if c.Division == "" {
				c.Division = g.divisions[i].code
			}
		}
	}
	return c
}

// called is the name of a division, street or compound, and that of the division that it lies in.
func (g *Gazetteer) called(p place) (name, above string) {
	for _, q := range g.lineage(p) {
		switch i := q.index(); {
		case q.kind() == placeDivision && q == p:
			name = g.divisions[i].short
		case q.kind() == placeDivision:
			return name, g.divisions[i].short
		case q == p && q.kind() == placeStreet:
			name = g.streets[i].name
		case q == p && q.kind() == placeCompound:
			name = g.compounds[i].name
		case q == p:
			return "", ""
		}
	}
	return name, ""
}

func (g *Gazetteer) at(p place) spot {
	i := p.index()
	switch p.kind() {
	case placeHouse:
		if e := g.houses[i].entrance; e >= 0 && g.entrances[e].at != (spot{}) {
			return g.entrances[e].at
		}
		return g.buildings[g.buildingOfHouse(i)].at
	case placeEntrance:
		if at := g.entrances[i].at; at != (spot{}) {
			return at
		}
		return g.buildings[g.buildingOfEntrance(i)].at
	case placeBuilding:
		return g.buildings[i].at
	case placeCompound:
		return g.compounds[i].at
	case placeStreet:
		return g.streets[i].at
	}
	return g.divisions[i].at
}

// label writes the standard address of a place, from the town downwards.
func (g *Gazetteer) label(p place) string {
	line := g.lineage(p)
	out := ""
	street, number, section := -1, uint32(0), uint32(0)
	for k := len(line) - 1; k >= 0; k-- {
		i := line[k].index()
		switch line[k].kind() {
		case placeDivision:
			if len(g.divisions[i].code) > 6 || k == 0 {
				out += g.divisions[i].short
			}
		case placeStreet:
			if street < 0 {
				street = i
			}
		}
	}
	for _, q := range line {
		switch q.kind() {
		case placeBuilding:
			b := g.buildings[q.index()]
			section = b.section
			if b.street >= 0 {
				street, number = int(b.street), b.number
			}
		case placeCompound:
			if c := g.compounds[q.index()]; number == 0 && c.street >= 0 {
				street, number = int(c.street), c.number
			}
		}
	}
	if street >= 0 {
		out += g.streets[street].name + g.keys.words[number]
	}
	for k := len(line) - 1; k >= 0; k-- {
		i := line[k].index()
		switch line[k].kind() {
		case placeCompound:
			out += g.compounds[i].name
		case placeBuilding:
			b := g.buildings[i]
			out += g.keys.words[section]
			if b.compound >= 0 && b.name != 0 || b.number == 0 {
				out += g.keys.words[b.name]
			} else if b.street < 0 {
				out += g.keys.words[b.number]
			} else if b.compound < 0 {
				out += g.keys.words[b.name]
			}
		case placeEntrance:
			out += g.keys.words[g.entrances[i].name]
		case placeHouse:
			out += roomLabel(g.keys.words[g.houses[i].room])
		}
	}
	return out
}

func roomLabel(room string) string {
	if room == "" || numberLen(room) == 0 {
		return room
	}
	if gs := fold(room); counts(gs[len(gs)-1].r) {
		return room + "室"
	}
	return room
}
