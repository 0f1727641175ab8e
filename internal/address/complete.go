package address

import (
	"cmp"
	"slices"
	"strings"
)

// numbersBehind completes the numbers behind a name: buildings, entrances, houses.
func (g *Gazetteer) numbersBehind(gs []glyph, text string, o Options) []scored {
	closed := gs[len(gs)-1].to < len(text) && strings.TrimSpace(text[gs[len(gs)-1].to:]) != ""
	for p := 1; p < len(gs); p++ {
		at := p
		if gs[p].r == dash {
			continue
		}
		els, end := readElements(gs, at)
		if len(els) == 0 || !onlyBegun(gs[end:]) || digit(gs[p-1].r) && !gs[p].gap || letter(gs[p-1].r) && letter(gs[p].r) {
			continue
		}
		head := text[:gs[p].from]
		places := g.suggestNames(head, o)
		open := !closed && end == len(gs) && els[len(els)-1].unit == bare && counts(gs[end-1].r)
		if out := g.complete(places, els, open, o.Most); len(out) > 0 {
			return out
		}
	}
	return nil
}

// onlyBegun says whether what is left is nothing, or a unit that is being typed.
func onlyBegun(rest []glyph) bool {
	if len(rest) == 0 {
		return true
	}
	s := keyOf(rest)
	return s == "单" || s == "号单" || s == "室" || s == "房" || s == "楼"
}

// complete gives what the numbers lead to in the places that fit best.
func (g *Gazetteer) complete(places []scored, els []element, open bool, most int) []scored {
	var out []scored
	for i, p := range places {
		if i == 8 || len(out) >= most || i > 0 && p.score < places[0].score-25 {
			break
		}
		for _, t := range g.completions(p.place, els, open) {
			if !slices.ContainsFunc(out, func(o scored) bool { return o.place == t.at }) {
				out = append(out, scored{t.at, p.score - 2*float64(t.cost)})
			}
			if len(out) >= most {
				break
			}
		}
	}
	return out
}

func (g *Gazetteer) completions(p place, els []element, open bool) []target {
	exact := g.follow(p, els)
	slices.SortStableFunc(exact, func(a, b target) int { return a.cost - b.cost })
	if !open {
		var below []target
		for _, t := range exact {
			below = append(below, g.below(t.at, "", t.cost)...)
		}
		return append(exact, below...)
	}
	last := els[len(els)-1]
	from := []target{{at: p}}
	if len(els) > 1 {
		from = g.follow(p, els[:len(els)-1])
	}
	out := exact
	for _, t := range from {
		out = append(out, g.below(t.at, last.num, t.cost)...)
	}
	for _, t := range exact {
		out = append(out, g.below(t.at, "", t.cost)...)
	}
	return out
}

// below are the next things down from a place whose number begins so: the shortest and lowest first.
func (g *Gazetteer) below(p place, begins string, cost int) []target {
	type child struct {
		key  string
		at   place
		kind int
	}
	var list []child
	add := func(key uint32, at place, kind int) {
		if w := g.keys.words[key]; strings.HasPrefix(w, begins) && w != "" {
			list = append(list, child{w, at, kind})
		}
	}
	houses := func(b, way int) {
		from, to := g.housesOf(b)
		for h := from; h < to; h++ {
			if way < 0 || int(g.houses[h].entrance) == way {
				add(g.houses[h].key, placeHouse|place(h), 1)
			}
		}
	}
	switch i := p.index(); p.kind() {
	case placeEntrance:
		houses(g.buildingOfEntrance(i), i)
	case placeBuilding:
		from, to := g.entrancesOf(i)
		for e := from; e < to; e++ {
			add(g.entrances[e].key, placeEntrance|place(e), 0)
		}
		if from == to || begins != "" {
			houses(i, -1)
		}
	case placeHouse:
	default:
		for _, d := range g.allDoors(p) {
			at := placeBuilding | place(d.to)
			if from, to := g.housesOf(int(d.to)); to-from == 1 && g.houses[from].key == 0 {
				at = placeHouse | place(from)
			}
			add(d.key, at, 0)
		}
	}
	slices.SortFunc(list, func(a, b child) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(len(a.key), len(b.key)), cmp.Compare(a.key, b.key), cmp.Compare(a.at, b.at))
	})
	out := make([]target, 0, min(len(list), 40))
	for _, c := range list[:min(len(list), 40)] {
		out = append(out, target{at: c.at, cost: cost})
	}
	return out
}
