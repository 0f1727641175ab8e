package address

import (
	"cmp"
	"slices"
	"strings"
)

// ending is a row of numbers that goes on to the end of what was typed.
type ending struct {
	els    []element
	from   int  // bytes
	open   bool // the last number may go on
	spoken bool // begins with a Chinese numeral
}

// endings are the rows of numbers at the end, the longest first.
func endings(gs []glyph, text string) []ending {
	var out []ending
	closed := gs[len(gs)-1].to < len(text) && strings.TrimSpace(text[gs[len(gs)-1].to:]) != ""
	for p := 1; p < len(gs); p++ {
		if gs[p].r == dash {
			continue
		}
		els, end := readElements(gs, p)
		if len(els) == 0 || !onlyBegun(gs[end:]) || digit(gs[p-1].r) && !gs[p].gap || letter(gs[p-1].r) && letter(gs[p].r) || followsBuilding(out, p) {
			continue
		}
		open := !closed && end == len(gs) && els[len(els)-1].unit == bare && counts(gs[end-1].r)
		out = append(out, ending{els, gs[p].from, open, gs[p].numeral})
	}
	return out
}

// followsBuilding says whether the number of a building or something deeper ends at p: no name does.
func followsBuilding(longer []ending, p int) bool {
	return len(longer) > 0 && slices.ContainsFunc(longer[0].els, func(e element) bool {
		return e.to == p && (e.unit == unitBuilding || e.unit == unitEntrance || e.unit == unitFloor || e.unit == unitRoom)
	})
}

// ambiguous says whether the numbers are as likely a part of the name: the 二 of 锦园小区二.
func (e *ending) ambiguous() bool { return e.spoken && len(e.els) == 1 && e.els[0].unit == bare }

// numbersBehind completes the numbers behind a name: buildings, entrances, houses. Where they lead nowhere it gives the places of that name.
func (g *Gazetteer) numbersBehind(ends []ending, text string, o Options) []scored {
	var named []scored
	for i := range ends {
		s := g.search(text[:ends[i].from], o)
		if s == nil {
			continue
		}
		if out := g.complete(s.top, &ends[i], o.Most); len(out) > 0 {
			return out
		}
		for k := 0; i == 0 && k < len(s.top) && s.top[k].score >= 90; k++ {
			named = append(named, scored{s.top[k].place, s.top[k].score - 40, 0})
		}
	}
	if len(named) > 0 {
		return named
	}
	if len(ends) == 0 {
		return nil
	}
	s := g.search(text[:ends[0].from], o)
	if s == nil || !s.letters || len(s.key) < 4 {
		return nil
	}
	s.forgiveLetters()
	return g.complete(s.top, &ends[0], o.Most)
}

// onlyBegun says whether what is left is nothing, or a unit that is being typed.
func onlyBegun(rest []glyph) bool {
	if len(rest) == 0 {
		return true
	}
	s := keyOf(rest)
	return s == "单" || s == "号单" || s == "室" || s == "房" || s == "楼"
}

// doubtfulParts is how much less a place scores that numbers lead to behind a name, where they may as well be a part of it, but for the first of
// the names that fit best.
const doubtfulParts = 50

// complete gives what the numbers lead to in the places that fit best: where several fit as well, the best of each before the next of any.
func (g *Gazetteer) complete(places []scored, e *ending, most int) []scored {
	var out, more []scored
	for i, p := range places {
		if i == 8 || len(out)+len(more) >= most && p.score < places[0].score-5 || p.score < places[0].score-25 {
			break
		}
		if p.score < places[0].score-5 {
			out, more = append(out, more...), nil
		}
		for k, t := range g.completions(p.place, e.els, e.open) {
			s := scored{t.at, p.score - 2*float64(t.cost), 0}
			if e.ambiguous() && (k > 0 || i > 2 || p.score < 90) {
				s.score -= doubtfulParts
			}
			if k == 0 {
				out = append(out, s)
			} else if k < most {
				more = append(more, s)
			}
		}
	}
	return once(append(out, more...))
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
