package address

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// New makes a gazetteer. An error names the first thing that refers to something that isn't there.
func New(in Input) (*Gazetteer, error) {
	g := &Gazetteer{byCode: map[string]int32{}, byStreet: map[int64]int32{}, keys: keys{words: []string{""}, of: map[string]uint32{"": 0}}}
	g.byCompound = map[int64]int32{}
	for _, step := range []func(Input) error{g.addDivisions, g.addStreets, g.addCompounds, g.addBuildings} {
		if err := step(in); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(g.doors, compareDoors)
	slices.SortFunc(g.yards, compareYards)
	slices.SortFunc(g.inside, compareDoors)
	return g.With(in.Aliases), nil
}

func (g *Gazetteer) addDivisions(in Input) error {
	rows := slices.Clone(in.Divisions)
	slices.SortFunc(rows, func(a, b DivisionEntry) int {
		return cmp.Or(cmp.Compare(len(a.Code), len(b.Code)), cmp.Compare(a.Code, b.Code))
	})
	g.county = -1
	for _, d := range rows {
		if !slices.Contains([]int{2, 4, 6, 9, 12}, len(d.Code)) {
			return fmt.Errorf("address: division %q (%s): a code has 2, 4, 6, 9 or 12 digits", d.Code, d.Name)
		}
		i := int32(len(g.divisions))
		g.byCode[d.Code] = i
		g.divisions = append(g.divisions, division{d.Code, d.Name, shortName(d.Name, divisionLevel(d.Code)), g.parentOf(d.Code), spotOf(d.At)})
		g.above = g.above || len(d.Code) < 6
		if len(d.Code) == 6 {
			g.county = i
		}
	}
	return nil
}

func (g *Gazetteer) parentOf(code string) int32 {
	for _, n := range []int{9, 6, 4, 2} {
		if n < len(code) {
			if i, ok := g.byCode[code[:n]]; ok {
				return i
			}
		}
	}
	return -1
}

func divisionLevel(code string) Level {
	switch len(code) {
	case 2:
		return Province
	case 4:
		return Prefecture
	case 6:
		return County
	case 9:
		return Town
	}
	return Community
}

// divisionOf finds a division, or the nearest above it that is known; an empty code is nowhere.
func (g *Gazetteer) divisionOf(code string) (int32, error) {
	if code == "" {
		return -1, nil
	}
	if i, ok := g.byCode[code]; ok {
		return i, nil
	}
	return 0, fmt.Errorf("division %s isn't in the gazetteer", code)
}

func (g *Gazetteer) addStreets(in Input) error {
	for _, s := range in.Streets {
		d, err := g.divisionOf(s.Division)
		if err != nil {
			return fmt.Errorf("address: street %d (%s): %w", s.ID, s.Name, err)
		}
		g.byStreet[s.ID] = int32(len(g.streets))
		g.streets = append(g.streets, street{s.ID, s.Name, d, spotOf(s.At)})
	}
	return nil
}

func (g *Gazetteer) streetOf(id int64) (int32, error) {
	if id == 0 {
		return -1, nil
	}
	if i, ok := g.byStreet[id]; ok {
		return i, nil
	}
	return 0, fmt.Errorf("street %d isn't in the gazetteer", id)
}

func (g *Gazetteer) addCompounds(in Input) error {
	for _, c := range in.Compounds {
		d, err := g.divisionOf(c.Community)
		if err != nil {
			return fmt.Errorf("address: compound %d (%s): %w", c.ID, c.Name, err)
		}
		s, err := g.streetOf(c.Street)
		if err != nil {
			return fmt.Errorf("address: compound %d (%s): %w", c.ID, c.Name, err)
		}
		i := int32(len(g.compounds))
		g.byCompound[c.ID] = i
		row := compound{c.ID, c.Name, d, s, g.keys.put(c.Number), spotOf(c.At)}
		if s >= 0 && c.Number != "" {
			g.yards = append(g.yards, yard{s, g.keys.put(numberKey(c.Number)), i})
		}
		if d >= 0 {
			g.inside = append(g.inside, door{placeDivision | place(d), 0, i})
		}
		g.compounds = append(g.compounds, row)
	}
	return nil
}

func (g *Gazetteer) addBuildings(in Input) error {
	at := make(map[int64]int32, len(in.Buildings))
	g.buildings = make([]building, 0, len(in.Buildings))
	for _, b := range in.Buildings {
		if err := g.addBuilding(b); err != nil {
			return fmt.Errorf("address: building %d (%s%s): %w", b.ID, b.Name, b.Number, err)
		}
		at[b.ID] = int32(len(g.buildings) - 1)
	}
	ways, err := g.addEntrances(in.Entrances, at)
	if err != nil {
		return err
	}
	return g.addHouses(in.Houses, at, ways)
}

func (g *Gazetteer) addBuilding(b BuildingEntry) error {
	d, err := g.divisionOf(b.Community)
	if err != nil {
		return err
	}
	s, err := g.streetOf(b.Street)
	if err != nil {
		return err
	}
	row := building{id: b.ID, at: spotOf(b.At), compound: -1, street: s, division: d, name: g.keys.put(b.Name), number: g.keys.put(b.Number),
		section: g.keys.put(b.Section), sectionKey: g.keys.put(sectionKey(b.Section))}
	i := int32(len(g.buildings))
	if b.Compound != 0 {
		c, ok := g.byCompound[b.Compound]
		if !ok {
			return fmt.Errorf("compound %d isn't in the gazetteer", b.Compound)
		}
		row.compound = c
		if row.division < 0 {
			row.division = g.compounds[c].division
		}
		if name := cmp.Or(b.Name, b.Number); name != "" {
			g.doors = append(g.doors, door{placeCompound | place(c), g.keys.put(numberKey(name)), i})
		}
	}
	if s >= 0 && b.Number != "" {
		g.doors = append(g.doors, door{placeStreet | place(s), g.keys.put(numberKey(b.Number)), i})
	}
	if name := cmp.Or(b.Number, b.Name); b.Compound == 0 && s < 0 && d >= 0 && name != "" {
		g.doors = append(g.doors, door{placeDivision | place(d), g.keys.put(numberKey(name)), i})
	}
	g.buildings = append(g.buildings, row)
	return nil
}

func (g *Gazetteer) addEntrances(rows []EntranceEntry, at map[int64]int32) (map[int64]int32, error) {
	order := make([]int32, len(rows))
	of := make([]int32, len(rows))
	for i, e := range rows {
		b, ok := at[e.Building]
		if !ok {
			return nil, fmt.Errorf("address: entrance %d (%s): building %d isn't in the gazetteer", e.ID, e.Name, e.Building)
		}
		order[i], of[i] = int32(i), b
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(of[a], of[b]) })
	ways := make(map[int64]int32, len(rows))
	g.entrances = make([]entrance, 0, len(rows))
	next := 0
	for b := range g.buildings {
		g.buildings[b].entrance = int32(next)
		for ; next < len(order) && int(of[order[next]]) == b; next++ {
			e := rows[order[next]]
			ways[e.ID] = int32(next)
			g.entrances = append(g.entrances, entrance{e.ID, g.keys.put(e.Name), g.keys.put(numberKey(e.Name)), spotOf(e.At)})
		}
	}
	return ways, nil
}

func (g *Gazetteer) addHouses(rows []HouseEntry, at, ways map[int64]int32) error {
	order := make([]int32, len(rows))
	of := make([]int32, len(rows))
	for i, h := range rows {
		b, ok := at[h.Building]
		if !ok {
			return fmt.Errorf("address: house %d (%s): building %d isn't in the gazetteer", h.ID, h.Room, h.Building)
		}
		order[i], of[i] = int32(i), b
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(of[a], of[b]) })
	g.houses = make([]house, 0, len(rows))
	room := map[string]uint32{}
	next := 0
	for b := range g.buildings {
		g.buildings[b].house = int32(next)
		for ; next < len(order) && int(of[order[next]]) == b; next++ {
			h := rows[order[next]]
			e := int32(-1)
			if h.Entrance != 0 {
				way, ok := ways[h.Entrance]
				if from, to := g.entrancesOf(b); !ok || int(way) < from || int(way) >= to {
					return fmt.Errorf("address: house %d (%s): entrance %d isn't one of building %d", h.ID, h.Room, h.Entrance, h.Building)
				}
				e = way
			}
			k, known := room[h.Room]
			if !known {
				k = g.keys.put(roomKey(h.Room))
				room[h.Room] = k
			}
			g.houses = append(g.houses, house{h.ID, e, g.keys.put(h.Room), k})
		}
	}
	return nil
}

// numberKey is the normal form of a number as the register has it: "3号楼" is 3, "12号附1" is 12-1, "综合楼" itself.
func numberKey(text string) string {
	gs := fold(text)
	els, end := readElements(gs, 0)
	if end == len(gs) && len(els) > 0 {
		if len(els) == 1 {
			return els[0].num
		}
		if joined, ok := join(els, 0); ok && len(joined) == 1 {
			return joined[0].num
		}
	}
	return keyOf(gs)
}

// roomKey is the normal form of a room: the last number where it says its entrance and floor again.
func roomKey(text string) string {
	gs := fold(text)
	els, end := readElements(gs, 0)
	if n := len(els); end == len(gs) && n > 1 && els[n-2].unit != bare {
		if (els[n-2].unit == unitFloor || els[n-2].unit == unitStorey) && numberLen(els[n-1].num) <= 2 {
			return onFloor(els[n-2].num, els[n-1].num)
		}
		return els[n-1].num
	}
	return numberKey(text)
}

func sectionKey(text string) string {
	gs := fold(text)
	els, end := readElements(gs, 0)
	if end == len(gs) && len(els) == 1 {
		if els[0].section != "" {
			return els[0].section
		}
		return els[0].num
	}
	return strings.TrimSpace(keyOf(gs))
}
