package address

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// finding is a place that the text may mean.
type finding struct {
	at      place
	score   float64
	sure    float64
	whole   bool // all numbers behind the name are used
	refused bool
}

// Match says which place an address means: the deepest that it names without doubt. One slip is forgiven in names, none in numbers. Where
// two places fit equally the answer is what both lie in, with both among Others. Best has level Nothing when no place was recognised.
func (g *Gazetteer) Match(text string, o Options) Answer {
	if o.Most == 0 {
		o.Most = 5
	}
	a := Answer{Read: Parse(text)}
	a.Near = a.Read.Near()
	gs := fold(text)
	gs = gs[:min(len(gs), longest)]
	if p, ok := g.placedOnce(gs, o); ok {
		a.Best, a.Whole = g.candidate(p, .98), true
		return a
	}
	m := &matcher{g: g, gs: gs, o: o, hits: g.names.hits(gs)}
	m.judge(m.hits)
	if !m.settled() {
		if near := g.names.nearHits(gs, m.hits); len(near) > 0 {
			m.judge(near)
		}
	}
	m.choose(&a)
	return a
}

// placedOnce finds a whole text that somebody placed.
func (g *Gazetteer) placedOnce(gs []glyph, o Options) (place, bool) {
	list := g.names.whole[keyOf(gs)]
	if len(list) != 1 || !strings.HasPrefix(g.codeOf(list[0]), o.Within) {
		return 0, false
	}
	return list[0], true
}

// settled says whether a name that is written as it should be leads to a place with all of its numbers.
func (m *matcher) settled() bool {
	return slices.ContainsFunc(m.found, func(f finding) bool { return !f.refused && f.whole && m.g.levelOf(f.at) >= Compound })
}

// judge takes each name found for the last one of the address, and follows the numbers behind it.
func (m *matcher) judge(hits []hit) {
	for _, h := range hits {
		els, end, stuck := m.behind(h)
		if len(els) == 0 && !stuck {
			els = m.ahead(h)
		}
		for _, r := range h.rows {
			row := m.g.names.rows[r]
			if stuck && row.grade == stem || m.o.Within != "" && !m.inside(row.place) {
				continue
			}
			m.weigh(h, row, r, els, end, stuck)
		}
	}
}

// inside says whether a place lies in the division asked for, or is one that it lies in.
func (m *matcher) inside(p place) bool {
	code := m.g.codeOf(p)
	return strings.HasPrefix(code, m.o.Within) || p.kind() <= placeStreet && strings.HasPrefix(m.o.Within, code)
}

// behind reads the numbers behind a name. stuck: something that isn't understood stands between, or right behind the name.
func (m *matcher) behind(h hit) (els []element, end int, stuck bool) {
	gs, p := m.gs, h.to
	for p < len(gs) {
		if els, end := readElements(gs, p); len(els) > 0 && longNumber(gs, p) == p {
			return els, end, false
		}
		switch n := wordAt(gs, p, fillers); {
		case n > 0:
			p += n
			continue
		case gs[p].inside && !gs[h.to-1].inside: // a remark in brackets
			p++
			continue
		}
		break
	}
	if p == len(gs) || gs[p].gap || wordAt(gs, p, relations) > 0 || wordAt(gs, p, phoneWords) > 0 || longNumber(gs, p) > p || gs[p].r == dash {
		return nil, p, false
	}
	return nil, p, !slices.ContainsFunc(m.hits, func(o hit) bool { return o.from == p || o.from == h.to })
}

// ahead reads the numbers of an address that is written the other way round: 3号楼2单元501室，明珠小区.
func (m *matcher) ahead(h hit) []element {
	els, end := readElements(m.gs, 0)
	if len(els) == 0 || len(els) == 1 && els[0].unit < unitBuilding || end > h.from {
		return nil
	}
	if end < h.from && !(m.gs[end].gap && slices.ContainsFunc(m.hits, func(o hit) bool { return o.from == end })) {
		return nil
	}
	return els
}

func (m *matcher) weigh(h hit, row nameRow, r int32, els []element, end int, stuck bool) {
	c := m.before(h, row.place)
	name := []float64{own: 1, learned: .99, official: .99, stem: .9}[row.grade] * c.doubt
	score := float64(c.explained) + float64(h.to-h.from)
	if h.wrong > 0 {
		name *= .85
		score -= 1.5
		if !m.g.names.believable([]rune(keyOf(m.gs[h.from:h.to])), r, c.named) || !c.named && h.rivals {
			c.refused = true
		}
	}
	if stuck {
		name *= .8
	}
	if m.otherNumeral(h, row) {
		name *= .9
		score -= 2
	}
	more := m.trailing(end)
	for _, t := range m.g.resolve(row.place, els) {
		f := finding{at: t.at, refused: c.refused, whole: t.used == len(els) && !more}
		f.sure = name * math.Pow(.88, float64(t.cost))
		f.score = score - 3*float64(t.cost) - 8*(1-name)
		for _, e := range els[:t.used] {
			f.score += float64(e.to - e.from)
		}
		if f.whole && len(els) > 0 {
			f.score += 2
		}
		if !f.whole {
			f.sure *= .9
			if more && t.used > 0 && m.g.levelOf(t.at) == House {
				f.refused = true
				m.found = append(m.found, finding{at: row.place, score: score, sure: name * .8, refused: c.refused})
			}
		}
		if m.o.Within != "" && !strings.HasPrefix(m.g.codeOf(f.at), m.o.Within) && f.at.kind() > placeStreet {
			continue
		}
		m.found = append(m.found, f)
	}
}

// otherNumeral says whether a name ends with a numeral that is written with digits here: 幸福小区2 may be 幸福小区二, or its building 2.
func (m *matcher) otherNumeral(h hit, row nameRow) bool {
	if !digit(row.key[len(row.key)-1]) || !digit(m.gs[h.to-1].r) {
		return false
	}
	_, numeral := numeralDigits[row.spoken[len(row.spoken)-1]]
	return numeral != m.gs[h.to-1].numeral
}

// trailing says whether numbers of buildings and rooms follow that belong to something not understood.
func (m *matcher) trailing(from int) bool {
	for p := from; p < len(m.gs); p++ {
		if longNumber(m.gs, p) > p || wordAt(m.gs, p, phoneWords) > 0 {
			return false
		}
		if e, ok := readElement(m.gs, p); ok && e.unit >= unitBuilding && numberLen(e.num) > 0 {
			return true
		}
	}
	return false
}

// choose orders what was found, and answers the best, or what all of the best lie in.
func (m *matcher) choose(a *Answer) {
	best := map[place]finding{}
	for _, f := range m.found {
		if was, ok := best[f.at]; !ok || was.refused && !f.refused || was.refused == f.refused && f.score > was.score {
			best[f.at] = f
		}
	}
	list := make([]finding, 0, len(best))
	for _, f := range best {
		list = append(list, f)
	}
	slices.SortFunc(list, func(x, y finding) int {
		return cmp.Or(cmp.Compare(b2i(x.refused), b2i(y.refused)), cmp.Compare(y.score, x.score), cmp.Compare(m.distance(x.at), m.distance(y.at)), cmp.Compare(x.at, y.at))
	})
	if len(list) == 0 {
		return
	}
	top := list[0]
	at, sure, whole := noPlace, 0., false
	if !top.refused {
		at, sure, whole = top.at, top.sure, top.whole
		for _, f := range list[1:] {
			if f.refused || f.score < top.score-.4 || m.contains(f.at, at) {
				continue
			}
			if m.contains(at, f.at) && f.score < top.score { // the same way, less far
				continue
			}
			if at = m.g.common(at, f.at); at == noPlace {
				break
			}
			whole = false
		}
	}
	if at != noPlace {
		a.Best, a.Whole = m.g.candidate(at, math.Min(sure, .99)), whole
	}
	for _, f := range list {
		if len(a.Others) == m.o.Most {
			break
		}
		if f.at == at || at != noPlace && m.contains(f.at, at) {
			continue
		}
		s := f.sure * .5
		if f.refused {
			s = f.sure * .3
		}
		a.Others = append(a.Others, m.g.candidate(f.at, s))
	}
}

// contains says whether outer is inner, or something that inner lies in.
func (m *matcher) contains(outer, inner place) bool {
	return slices.Contains(m.g.lineage(inner), outer)
}

// distance is 0 for places in the division in view, more the farther up one has to go.
func (m *matcher) distance(p place) int { return distance(m.o.View, m.g.codeOf(p)) }

func distance(view, code string) int {
	for d, n := range []int{12, 9, 6} {
		if len(view) >= n && len(code) >= n && view[:n] == code[:n] {
			return d
		}
	}
	if view != "" && strings.HasPrefix(code, view) {
		return 0
	}
	return 3
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
