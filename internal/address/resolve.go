package address

import (
	"slices"
	"strconv"
	"strings"
)

// target is a place that elements lead to. cost is how far the way there is from what is usual.
type target struct {
	at   place
	cost int
	used int // elements
}

// resolve follows elements from a named place to what they count. All targets of the deepest level that the elements lead to without a
// contradiction, by the first used ones; the place itself when the first leads nowhere.
func (g *Gazetteer) resolve(p place, els []element) []target {
	for used := len(els); used > 0; used-- {
		if out := g.follow(p, els[:used]); len(out) > 0 {
			return out
		}
	}
	return []target{{at: p}}
}

// follow gives the targets that use all elements.
func (g *Gazetteer) follow(p place, els []element) []target {
	from := Section
	if p.kind() == placeBuilding {
		from = Entrance
	}
	var out []target
	for _, r := range readings(els, from) {
		for _, t := range g.targets(p, r) {
			out = add(out, target{t.at, t.cost + r.cost, len(els)})
		}
	}
	if p.kind() == placeStreet {
		out = g.followYards(p, els, out)
	}
	if in := g.compoundsIn(p); len(out) == 0 && len(in) == 1 { // a community's only compound needn't be named
		for _, c := range in {
			for _, r := range readings(els, Section) {
				for _, t := range g.targets(placeCompound|place(c.to), r) {
					out = add(out, target{t.at, t.cost + r.cost + 2, len(els)})
				}
			}
		}
	}
	return out
}

// followYards goes through the compounds whose gate has the number that comes first.
func (g *Gazetteer) followYards(p place, els []element, out []target) []target {
	try := func(els []element, used int) {
		if u := els[0].unit; u != bare && u != unitMark && u != unitHash && u != unitYard {
			return
		}
		k, known := g.keys.find(els[0].num)
		if !known {
			return
		}
		for _, y := range g.yardsAt(int32(p.index()), k) {
			c := placeCompound | place(y.to)
			if len(els) == 1 {
				out = add(out, target{c, 0, used})
				continue
			}
			for _, r := range readings(els[1:], Section) {
				for _, t := range g.targets(c, r) {
					out = add(out, target{t.at, t.cost + r.cost, used})
				}
			}
		}
	}
	try(els, len(els))
	if joined, ok := join(els, 0); ok {
		try(joined, len(els))
	}
	return out
}

// add keeps the cheapest way to each target.
func add(all []target, t target) []target {
	if i := slices.IndexFunc(all, func(o target) bool { return o.at == t.at }); i >= 0 {
		all[i].cost = min(all[i].cost, t.cost)
		return all
	}
	return append(all, t)
}

// targets are what a reading names below a place.
func (g *Gazetteer) targets(p place, r reading) []target {
	if p.kind() == placeBuilding {
		return g.within(p.index(), r, nil, 0)
	}
	var doors []door
	cost := 0
	switch {
	case r.building != "":
		k, known := g.keys.find(r.building)
		if !known {
			return nil
		}
		doors = g.doorsAt(p, k)
	case r.entrance != "" || r.floor != "" || r.room != "": // a compound's only building needn't be named
		if doors, cost = g.allDoors(p), 2; p.kind() != placeCompound || len(doors) != 1 {
			return nil
		}
		if from, to := g.entrancesOf(int(doors[0].to)); r.entrance != "" && from == to {
			return nil
		}
	default: // a section alone
		for _, d := range g.allDoors(p) {
			if ok, _ := g.inSection(int(d.to), r.sections, false); ok && g.buildings[d.to].section != 0 {
				return []target{{at: p}}
			}
		}
		return nil
	}
	var out []target
	for _, d := range doors {
		if ok, more := g.inSection(int(d.to), r.sections, len(doors) == 1); ok {
			out = g.within(int(d.to), r, out, cost+more-g.usual(p, int(d.to), r))
		}
	}
	return out
}

// usual is the part of a reading's cost that is none for a building that goes by a number.
func (g *Gazetteer) usual(p place, b int, r reading) int {
	row := g.buildings[b]
	name := row.number
	if p.kind() == placeCompound && row.name != 0 {
		name = row.name
	}
	switch {
	case r.inVillage+r.numbered == 0 || !strings.HasSuffix(g.keys.words[name], "号"):
		return 0
	case p.kind() == placeStreet && g.hasYard(p, r.building): // 12号院 is what stands behind that gate
		return r.numbered
	}
	return r.inVillage + r.numbered
}

// hasYard says whether a compound's gate has such a number in a street.
func (g *Gazetteer) hasYard(street place, number string) bool {
	k, known := g.keys.find(number)
	return known && len(g.yardsAt(int32(street.index()), k)) > 0
}

// goesByName says whether a place is in a building that has a name besides its number in a street.
func (g *Gazetteer) goesByName(p place) bool {
	var b int
	switch p.kind() {
	case placeHouse:
		b = g.buildingOfHouse(p.index())
	case placeBuilding:
		b = p.index()
	default:
		return false
	}
	row := g.buildings[b]
	return row.compound < 0 && row.name != 0 && row.number != 0
}

// inSection says whether a building lies in the sections named. A village's groups are often named where the register hasn't them; a
// phase or part of a compound that isn't known may have another building with the same number. only: no other building has its number.
func (g *Gazetteer) inSection(b int, sections []string, only bool) (bool, int) {
	if len(sections) == 0 {
		return true, 0
	}
	own := g.keys.words[g.buildings[b].sectionKey]
	joined, cost := "", 0
	for _, s := range sections {
		if strings.HasSuffix(s, "组") && !strings.HasSuffix(own, "组") {
			if own != "" || !only {
				cost = 1
			}
			continue
		}
		joined += s
	}
	r := []rune(own)
	return joined == own || len(r) > 0 && joined == string(r[:len(r)-1]), cost
}

// within follows entrance, floor and room in a building.
func (g *Gazetteer) within(b int, r reading, out []target, cost int) []target {
	way := -1
	if from, to := g.entrancesOf(b); r.guessed && from < to {
		return out
	}
	if r.entrance != "" {
		from, to := g.entrancesOf(b)
		if from == to {
			cost++ // the register doesn't know entrances here
		} else if way = g.entranceNamed(from, to, r.entrance); way < 0 {
			return out
		}
	}
	first, end := g.housesOf(b)
	if r.room == "" {
		if r.floor != "" && !g.hasFloor(first, end, r.floor) {
			return out
		}
		switch {
		case way >= 0:
			return add(out, target{at: placeEntrance | place(way), cost: cost})
		case r.entrance == "" && end-first == 1 && g.houses[first].key == 0:
			return add(out, target{at: placeHouse | place(first), cost: cost})
		}
		return add(out, target{at: placeBuilding | place(b), cost: cost})
	}
	direct, known := g.keys.find(r.room)
	composed, also := uint32(0), false
	if r.floor != "" {
		if numberLen(r.room) <= 2 {
			composed, also = g.keys.find(onFloor(r.floor, r.room))
		} else if f := floorOf(r.room); f != "" && f != r.floor {
			return out
		}
	}
	for h := first; h < end; h++ {
		row := g.houses[h]
		if way >= 0 && row.entrance >= 0 && int(row.entrance) != way {
			continue
		}
		switch {
		case also && row.key == composed:
			out = add(out, target{at: placeHouse | place(h), cost: cost})
		case known && row.key == direct && (r.floor == "" || !also):
			out = add(out, target{at: placeHouse | place(h), cost: cost})
		}
	}
	return out
}

// hasFloor says whether a house is on a floor, as far as the rooms' numbers tell.
func (g *Gazetteer) hasFloor(first, end int, floor string) bool {
	for h := first; h < end; h++ {
		if f := floorOf(g.keys.words[g.houses[h].key]); f == "" || f == floor {
			return true
		}
	}
	return first == end
}

func (g *Gazetteer) entranceNamed(from, to int, name string) int {
	k, known := g.keys.find(name)
	if !known {
		return -1
	}
	for e := from; e < to; e++ {
		if g.entrances[e].key == k {
			return e
		}
	}
	return -1
}

// onFloor is the room that a short number on a floor stands for: 1 on floor 5 is 501, the eastern one 5东.
func onFloor(floor, room string) string {
	if n, err := strconv.Atoi(room); err == nil && n < 10 {
		return floor + "0" + room
	}
	return floor + room
}

// floorOf is the floor that a room's number says: 5 for 501, 12 for 1203; empty where it doesn't.
func floorOf(room string) string {
	n := 0
	for n < len(room) && room[n] >= '0' && room[n] <= '9' {
		n++
	}
	if n < 3 || n > 4 {
		return ""
	}
	return room[:n-2]
}
