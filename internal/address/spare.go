package address

import (
	"slices"
)

// People number what they list, and say behind an address how one gets in and what it is beside: 3、明珠小区3号楼2单元501，从文昌路8号门进. None of it says which house, if
// what is left is a house without doubt; where it isn't, the text is read as it stands.

// certain says whether an answer is a house that a caller need not ask about.
func certain(a Answer) bool {
	return a.Whole && !a.Near && a.Best.Level == House && a.Best.Sure >= .9
}

// apartFrom answers a text without what may be left out of it, if that is a house without doubt.
func (g *Gazetteer) apartFrom(text string, o Options) (Answer, bool) {
	gs := numerals(folded(text))
	if len(gs) > longest {
		return Answer{}, false
	}
	list := listNumber(text, gs)
	if list > 0 && !g.opens(gs, list) {
		list = 0
	}
	rest, left := gs[list:], []stretch(nil)
	for _, s := range clauses(rest) {
		if g.remark(rest[s.from:s.to]) {
			left = append(left, s)
		}
	}
	if n := g.whose(rest); n > 0 {
		left = append(slices.DeleteFunc(left, func(s stretch) bool { return s.from < n }), stretch{0, n})
		slices.SortFunc(left, func(a, b stretch) int { return a.from - b.from })
	}
	if s := g.crossing(rest); s.to > s.from && !slices.ContainsFunc(left, func(o stretch) bool { return o.from < s.to && s.from < o.to }) {
		left = append(left, s)
		slices.SortFunc(left, func(a, b stretch) int { return a.from - b.from })
	}
	if n := g.listedPerson(rest); list > 0 && n > 0 && (len(left) == 0 || left[0].from > 0) {
		left = slices.Insert(left, 0, stretch{0, n})
	}
	if list == 0 && len(left) == 0 || len(left) > 6 {
		return Answer{}, false
	}
	kept := leave(rest, left)
	if len(kept) == 0 {
		return Answer{}, false
	}
	out := slices.Clone(gs[:list])
	if list > 0 {
		out[0].field = true
	}
	said := dashed(slices.Clone(kept))
	for _, s := range left {
		n := len(out)
		out = append(out, rest[s.from:s.to]...)
		out[n].field = true // Parse hands it back as a piece
	}
	a := g.match(parse(text, slices.Clone(kept), out), kept, o)
	if !certain(a) || yonder(kept) || g.counted(text, kept) || g.doubted(text, gs, a.Best) {
		return a, false
	}
	for _, s := range left {
		if g.speaksAgainst(rest[s.from:s.to], said, a.Best) {
			return a, false
		}
	}
	return a, true
}

// leave leaves stretches out. What follows one is a piece of its own.
func leave(gs []glyph, left []stretch) []glyph {
	out := make([]glyph, 0, len(gs))
	at := 0
	for _, s := range append(slices.Clone(left), stretch{len(gs), len(gs)}) {
		if n := len(out); at < s.from {
			out = append(out, gs[at:s.from]...)
			out[n].gap = true
			if out[n].sep == 0 && n > 0 {
				out[n].sep = ','
			}
		}
		at = s.to
	}
	return out
}

// speaksAgainst says whether a remark has a number that may be one of the address's and isn't, or says that the address is beside what it lies in.
func (g *Gazetteer) speaksAgainst(gs, said []glyph, at Candidate) bool {
	gs = dashed(slices.Clone(gs))
	named := g.names.hits(gs)
	for _, h := range named {
		for _, r := range h.rows {
			switch p := g.names.rows[r].place; {
			case p.kind() == placeCompound && g.compounds[p.index()].id == at.Compound && relates(gs, "门口", "大门口", "路口"),
				p.kind() == placeDivision && g.divisions[p.index()].code == at.Division && relates(gs, "门口", "大门口", "路口"):
				return true
			}
		}
	}
	var own []element
	for i := 0; i < len(said); {
		e, ok := readElement(said, i)
		if i++; ok {
			own, i = append(own, e), e.to
		}
	}
	for i := 0; i < len(gs); {
		if k := slices.IndexFunc(named, func(h hit) bool { return h.from == i }); k >= 0 {
			_, end := readElements(gs, named[k].to) // the gate's
			i = max(end, named[k].to)
			continue
		}
		if end := strange(gs, i); end > i {
			i = end
			continue
		}
		e, ok := readElement(gs, i)
		if !ok {
			i++
			continue
		}
		gate := i > 0 && has("路街巷道", gs[i-1].r) || e.to-2 > i && gs[e.to-2].r == '号' && gs[e.to-1].r == '门' && len(own) > 2
		tells := e.unit == bare && numberLen(e.num) >= 3 || e.unit >= unitBuilding && e.unit != unitStorey && e.unit != unitFloor
		if tells && !gate && !slices.ContainsFunc(own, func(o element) bool { return o.num == e.num && !apartLevels(o.unit, e.unit) }) {
			return true
		}
		i = e.to
	}
	return false
}
