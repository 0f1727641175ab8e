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
	unread  bool // something in front of it isn't understood
	refused bool
	far     int // how far from the division in view
	name    stretch
}

// Match says which place an address means: the deepest that it names without doubt. One slip is forgiven in names, none in numbers. Where
// two places fit equally the answer is what both lie in, with both among Others. Best has level Nothing when no place was recognised.
func (g *Gazetteer) Match(text string, o Options) Answer {
	if o.Most == 0 {
		o.Most = 5
	}
	written := numerals(folded(text))
	a := g.match(Parse(text), written, o)
	a.Near = a.Near || g.nearName(written)
	if certain(a) {
		a.Near, a.Whole = yonder(written), !g.counted(text, written) && !g.doubted(text, written, a.Best)
	} else if b, ok := g.apartFrom(text, o); ok {
		return b
	}
	return a
}

// match is Match for what is written, once it is read.
func (g *Gazetteer) match(read Address, written []glyph, o Options) Answer {
	written, beside := g.sideless(g.lifted(g.turned(english(written))))
	a := Answer{Read: read, Near: read.relations() > beside}
	gs := dashed(written)
	if p, ok := g.placedOnce(gs[:min(len(gs), longest)], o); ok {
		a.Best, a.Whole = g.candidate(p, .98), true
		return a
	}
	if without, labels := fields(written, g.announces); len(labels) > 0 {
		gs = dashed(without)
	}
	gs = gs[:min(len(gs), longest)]
	m := &matcher{g: g, gs: gs, o: o, hits: g.names.hits(gs)}
	m.rows = m.allRows()
	m.judge(m.hits)
	if !m.settled() {
		m.judge(g.names.together(gs))
	}
	if !m.settled() {
		if near := g.names.nearHits(gs, m.hits); len(near) > 0 {
			m.judge(near)
		}
	}
	m.choose(&a)
	return a
}

// announces says whether characters in front of a colon only announce an address: no place is called so.
func (g *Gazetteer) announces(gs []glyph) bool {
	return !likeName(gs) && len(g.names.hits(gs)) == 0
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
		t := m.behind(h)
		for _, r := range h.rows {
			row := m.g.names.rows[r]
			if (t.stuck || t.way) && row.grade == stem { // 明珠东门 may be another place than 明珠小区
				continue
			}
			if m.o.Within != "" && !m.inside(row.place) {
				continue
			}
			m.weigh(h, row, r, t)
		}
	}
}

// inside says whether a place lies in the division asked for, or is one that it lies in.
func (m *matcher) inside(p place) bool {
	code := m.g.codeOf(p)
	return strings.HasPrefix(code, m.o.Within) || p.kind() <= placeStreet && strings.HasPrefix(m.o.Within, code)
}

// weigh follows the numbers from one place of a name, and judges everywhere that they lead to.
func (m *matcher) weigh(h hit, row nameRow, r int32, t tail) {
	line := m.g.lineage(row.place)
	for _, t := range m.tails(h, t, line) {
		here := m.around(h, line, t)
		more := m.trailing(t, line)
		for _, to := range m.g.resolve(row.place, t.els) {
			c := here
			if row.place.kind() == placeStreet && to.at != row.place { // only now it is known which community it is in
				c = m.around(h, m.g.lineage(to.at), t)
			}
			m.note(h, row, r, t, to, c, more)
		}
	}
}

// note judges one place that a name and its numbers lead to.
func (m *matcher) note(h hit, row nameRow, r int32, t tail, to target, c context, more bool) {
	name := []float64{own: 1, learned: .99, official: .99, phased: .99, stem: .9}[row.grade] * c.doubt
	score := float64(c.explained) + float64(h.to-h.from)
	if h.wrong > 0 {
		name *= .85
		score -= 1.5
		if !m.g.names.believable([]rune(keyOf(m.gs[h.from:h.to])), r, c.named) || !c.named && h.rivals {
			c.refused = true
		}
	}
	if t.stuck {
		name *= .8
	}
	if m.otherNumeral(h, row) {
		name *= .9
		score -= 2
	}
	f := finding{at: to.at, name: stretch{h.from, h.to}, refused: c.refused, unread: c.unread, whole: to.used == len(t.els) && !more}
	f.sure = name * math.Pow(.88, float64(to.cost))
	f.score = score - 3*float64(to.cost) - 8*(1-name)
	for _, e := range t.els[:to.used] {
		f.score += float64(e.to - e.from)
	}
	if f.whole && len(t.els) > 0 {
		f.score += 2
	}
	if row.place.kind() == placeStreet && m.g.goesByName(to.at) { // somebody who meant it would have said its name
		f.score--
	}
	if !f.whole {
		f.sure *= .9
		if more && to.used > 0 && m.g.levelOf(to.at) == House {
			f.refused = true
			m.found = append(m.found, finding{at: row.place, score: score, sure: name * .8, refused: c.refused})
		}
	}
	if m.o.Within != "" && !strings.HasPrefix(m.g.codeOf(f.at), m.o.Within) && f.at.kind() > placeStreet {
		return
	}
	m.found = append(m.found, f)
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
func (m *matcher) trailing(t tail, line []place) bool {
	if len(t.els) > 0 && m.partOf(t.to) {
		return true
	}
	for p := t.to; p < len(m.gs); p++ {
		if end := max(t.over(p), m.gateEnd(p, line)); end > p {
			p = end - 1
			continue
		}
		if strange(m.gs, p) > p {
			return false
		}
		if p+1 < len(m.gs) && has("与和及或至到跟", m.gs[p].r) && digit(m.gs[p+1].r) && t.to == p { // 501与502
			return true
		}
		if e, ok := readElement(m.gs, p); ok && numberLen(e.num) > 0 && (e.unit >= unitBuilding || m.roomBeside(t, line, e)) {
			return true
		}
	}
	return false
}

// roomBeside says whether a number alone is a room beside the one that the numbers lead to: 501（实为502）.
func (m *matcher) roomBeside(t tail, line []place, e element) bool {
	last := len(t.els) - 1
	if last < 0 || e.unit != bare || numberLen(e.num) < 3 || e.num == t.els[last].num || numberLen(t.els[last].num) < 3 {
		return false
	}
	els := slices.Clone(t.els)
	els[last].num = e.num
	return slices.ContainsFunc(m.g.resolve(line[0], els), func(to target) bool { return to.used == len(els) && m.g.levelOf(to.at) == House })
}

// partOf says whether what stands behind numbers makes another house of them: 501-A, 45号（甲）, 501室附2.
func (m *matcher) partOf(p int) bool {
	gs := m.gs
	if p < len(gs) && gs[p].r == dash {
		p++
	}
	if p >= len(gs) {
		return false
	}
	if p+1 < len(gs) && has("附副之", gs[p].r) && digit(gs[p+1].r) {
		return true
	}
	return (letter(gs[p].r) || has(stems, gs[p].r)) && (p+1 == len(gs) || gs[p+1].gap || gs[p+1].inside != gs[p].inside)
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
		f.far = m.distance(f.at)
		list = append(list, f)
	}
	slices.SortFunc(list, func(x, y finding) int {
		return cmp.Or(cmp.Compare(b2i(x.refused), b2i(y.refused)), cmp.Compare(y.score, x.score), cmp.Compare(x.far, y.far), cmp.Compare(x.at, y.at))
	})
	if len(list) == 0 {
		return
	}
	top := list[0]
	at, sure, whole := noPlace, 0., false
	if !top.refused {
		at, sure, whole = top.at, top.sure, top.whole && !top.unread
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
	whole = whole && !m.twoHouses(top)
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

// twoHouses says whether another name in the text leads, with the numbers right behind it, to another house: 大李村45号，前街7号.
func (m *matcher) twoHouses(f finding) bool {
	if m.g.levelOf(f.at) != House {
		return false
	}
	line := m.g.lineage(f.at)
	inCompound := slices.ContainsFunc(line, func(p place) bool { return p.kind() == placeCompound })
	for _, h := range m.hits {
		if h.wrong > 0 || h.from < f.name.to && f.name.from < h.to {
			continue
		}
		if slices.ContainsFunc(h.rows, func(r int32) bool { // the number of a gate
			p := m.g.names.rows[r].place
			return p.kind() == placeStreet && (inCompound || slices.Contains(line, p))
		}) {
			continue
		}
		t := m.behind(h)
		if t.stuck || len(t.els) == 0 {
			continue
		}
		if houses := m.housesOf(h, t.els); len(houses) > 0 && !slices.ContainsFunc(houses, func(p place) bool {
			return m.g.buildingOfHouse(p.index()) == m.g.buildingOfHouse(f.at.index())
		}) {
			return true
		}
	}
	return false
}

// housesOf are the houses that numbers lead to from a name, and all of them.
func (m *matcher) housesOf(h hit, els []element) (out []place) {
	for _, r := range h.rows {
		row := m.g.names.rows[r]
		if row.grade == stem {
			continue
		}
		for _, to := range m.g.resolve(row.place, els) {
			if to.used == len(els) && to.cost == 0 && m.g.levelOf(to.at) == House {
				out = append(out, to.at)
			}
		}
	}
	return out
}

// contains says whether outer is inner, or something that inner lies in.
func (m *matcher) contains(outer, inner place) bool {
	return slices.Contains(m.g.lineage(inner), outer)
}

// distance is 0 for places in the division in view, more the farther up one has to go.
func (m *matcher) distance(p place) int {
	if m.o.View == "" {
		return 0
	}
	return distance(m.o.View, m.g.codeOf(p))
}

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
