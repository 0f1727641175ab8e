package address

import "slices"

// slots are the numbered levels below a place that a row of elements fills.
type slots struct {
	sections                        []string // "2期", or "2" where nothing says what it counts
	building, entrance, floor, room string
}

// reading is one way of understanding elements. cost is how far it is from what is usual; 0 is usual.
type reading struct {
	slots
	cost   int
	filled []Level // the level of each element
	// inVillage and numbered are the parts of cost that aren't unusual where the building goes by a number (12号): in a village 12号院 and 12户 are the same
	// house, and on a street too 12-1 is one number.
	inVillage, numbered int
	// guessed: nothing says that the floor is one, and no entrance stands before it. Where there are entrances it would be one.
	guessed bool
}

// mayBe gives the levels that a number with this unit can stand for, with their costs.
var mayBe = [...][]struct {
	level Level
	cost  int
}{
	bare:         {{Building, 0}, {Entrance, 0}, {House, 0}, {Floor, 1}, {Section, 2}},
	unitPhase:    {{Section, 0}},
	unitZone:     {{Section, 0}},
	unitGroup:    {{Section, 0}},
	unitRow:      {{Section, 0}, {Building, 1}},
	unitBuilding: {{Building, 0}},
	unitTower:    {{Building, 0}, {Entrance, 1}},
	unitStorey:   {{Building, 0}, {Floor, 0}},
	unitMark:     {{Building, 0}, {House, 0}, {Entrance, 2}},
	unitHash:     {{Building, 0}, {House, 2}, {Entrance, 2}},
	unitYard:     {{Building, 1}},
	unitEntrance: {{Entrance, 0}, {House, 0}},
	unitFloor:    {{Floor, 0}},
	unitRoom:     {{House, 0}, {Building, 2}},
}

// readings gives all ways in which the elements can be levels from a level downwards, each deeper than the one before; the usual first.
// Two numbers with a dash between them are also tried as one (12-1号楼).
func readings(els []element, from Level) []reading {
	out := assign(els, from)
	for i := 0; i+1 < len(els); i++ {
		if joined, ok := join(els, i); ok {
			for _, r := range assign(joined, from) {
				if els[i+1].unit == bare {
					if r.cost++; r.filled[i] == Building {
						r.numbered++
					}
				}
				r.filled = slices.Insert(r.filled, i, r.filled[i])
				out = append(out, r)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b reading) int { return a.cost - b.cost })
	return out
}

// join makes one number of two with a dash between them.
func join(els []element, i int) ([]element, bool) {
	if i+1 >= len(els) {
		return nil, false
	}
	a, b := els[i], els[i+1]
	if a.unit != bare || !b.dashed {
		return nil, false
	}
	out := slices.Clone(els[:i])
	b.num, b.from, b.dashed, b.section = a.num+"-"+b.num, a.from, a.dashed, ""
	return append(append(out, b), els[i+2:]...), true
}

func assign(els []element, from Level) []reading {
	var out []reading
	var walk func(i int, low Level, r reading)
	walk = func(i int, low Level, r reading) {
		if i == len(els) {
			r.sections, r.filled = slices.Clone(r.sections), slices.Clone(r.filled)
			out = append(out, r)
			return
		}
		n, u := els[i].num, els[i].unit
		kinds := mayBe[u]
		if els[i].also != bare {
			kinds = slices.Concat(kinds, mayBe[els[i].also])
		}
		for k, m := range kinds {
			if k == len(mayBe[els[i].unit]) {
				n, u = n[:len(n)-1], els[i].also
			}
			if m.level < low || u == unitEntrance && m.level == House && numberLen(n) < 3 { // 501门
				continue
			}
			next := r
			switch {
			case u == unitHash && m.level == House && numberLen(n) >= 3: // 102# is a room where a building is named
			case u == bare && m.level == Floor && i > 0 && els[i-1].unit == unitEntrance && i+2 == len(els) && els[i+1].dashed && (numberLen(els[i+1].num) < 3 || floorOf(els[i+1].num) == n): // 2单元5-1, 2单元5-501
			default:
				next.cost += m.cost
			}
			next.filled = append(r.filled[:i:i], m.level)
			after := m.level + 1
			switch m.level {
			case Section:
				s := els[i].section
				if s == "" {
					s = n
				}
				next.sections = append(r.sections[:len(r.sections):len(r.sections)], s)
				after = Section
			case Building:
				if next.building = n; u == unitYard || u == unitRoom {
					next.inVillage += m.cost
				}
			case Entrance:
				next.entrance = n
			case Floor:
				next.floor, next.guessed = n, u == bare && r.entrance == ""
			case House:
				next.room = n
			}
			walk(i+1, after, next)
		}
	}
	if len(els) <= 8 {
		walk(0, from, reading{})
	}
	return out
}

// likely is the reading to take when nothing is known of what there is: no building or entrance above 99, no room below 100 unless the
// word says so, nothing left out where it can be helped.
func likely(els []element, from Level) (reading, bool) {
	best, least := reading{}, -1
	for _, r := range assign(els, from) {
		cost := 4 * r.cost
		for i, l := range r.filled {
			long := numberLen(els[i].num) >= 3
			switch {
			case els[i].unit != bare && els[i].unit != unitMark:
			case (l == Building || l == Entrance || l == Floor) && long && els[i].unit == bare, l == House && !long && els[i].unit == bare:
				cost += 2
			}
			if l == House && i < len(els)-1 {
				cost += 9
			}
		}
		if r.building == "" && from <= Building && len(r.filled) > 0 && (r.filled[0] == Entrance && els[0].unit == bare || r.filled[0] == House && els[0].unit == unitMark) {
			cost += 3
		}
		if n := len(r.filled); n > 1 && r.filled[n-1] == Floor && els[n-1].unit == bare {
			cost += 3
		}
		if least < 0 || cost < least {
			best, least = r, cost
		}
	}
	return best, least >= 0
}

// numberLen counts the digits of a number.
func numberLen(num string) int {
	n := 0
	for i := range len(num) {
		if num[i] == '-' {
			break
		}
		if num[i] >= '0' && num[i] <= '9' {
			n++
		}
	}
	return n
}
