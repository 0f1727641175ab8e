package address

import (
	"slices"
	"strings"
)

// context is what the text around a name says for and against a place of that name.
type context struct {
	explained int       // characters that speak for the place
	named     bool      // a whole name is among them
	doubt     float64   // 1: nothing speaks against it
	refused   bool      // something contradicts it
	unread    bool      // something is left in front that nothing explains
	low       Level     // of the last name gone over: numbers belong behind streets, villages and compounds
	town      bool      // its town or community is named
	astray    bool      // another street or gate is named than that of the place
	els       []element // the numbers that the place is looked for by
}

// matcher is one question.
type matcher struct {
	g     *Gazetteer
	gs    []glyph
	hits  []hit
	rows  []row
	o     Options
	found []finding
}

// around reads what stands around hit h, when it is taken for a place that lies in line: all in front of it, and where numbers follow
// (or lead) the names in a remark between it and them, and behind.
func (m *matcher) around(h hit, line []place, t tail) context {
	c := context{doubt: 1, els: t.els}
	m.before(h, line, t, &c)
	if len(t.els) > 0 {
		c.unread = m.aside(h.to, t.from, line, t, &c) || c.unread // 看庄村（孙）1号
		m.aside(t.to, len(m.gs), line, t, &c)
	}
	if c.astray && !c.town { // another one of that name, perhaps, that isn't known
		c.doubt *= .9
	}
	return c
}

// aside weighs the names in a remark, or behind the numbers. It says whether there is anything else.
func (m *matcher) aside(from, to int, line []place, t tail, c *context) (more bool) {
	for i := from; i < to; {
		if end := t.over(i); end > i {
			i = end
			continue
		}
		was := *c
		end, ok := m.known(i, to, line, c)
		switch {
		case !ok:
			e, number := readElement(m.gs[:to], i)
			if end = max(fillerAt(m.gs, i), i+wordAt(m.gs, i, relations), i+wordAt(m.gs, i, ways), i+wordAt(m.gs, i, within)); number {
				end = max(end, e.to)
			}
			if i > 0 && bracketed(m.gs, i) { // （号）: a field that nobody filled in
				_, end = readUnit(m.gs, i)
			}
			if more = more || end == i && m.gs[i].r != dash; end == i {
				end++
			}
		case c.refused && !was.refused && c.low > Town: // what a neighbour is called
			c.refused, c.doubt = false, c.doubt*.75
		}
		i = end
	}
	return more
}

// before reads what stands in front of a name.
func (m *matcher) before(h hit, line []place, t tail, c *context) {
	junk := 0 // characters not understood right before the point reached
	some := false
	for i := 0; i < h.from; {
		if end := t.over(i); end > i {
			i, junk = end, 0
			continue
		}
		if end, ok := m.known(i, h.from, line, c); ok {
			i, junk = end, 0
			continue
		}
		joins := junk > 0 && !m.gs[i].gap && wordAt(m.gs, i, particles) > 0 // 美的 is a name's beginning
		if end := m.neutral(i, h.from, line, c); end > i && !joins {
			i, junk = end, 0
			continue
		}
		if m.gs[i].gap {
			junk = 0
		}
		i, junk, some = i+1, junk+1, true
	}
	switch {
	case junk > 0 && !m.gs[h.from].gap:
		c.doubt *= .8
		c.refused = c.refused || junk > 1 || h.wrong > 0 || has(telling, m.gs[h.from-1].r) || digit(m.gs[h.from-1].r)
	case some:
		c.doubt *= .9
	}
	c.unread = c.unread || some
}

// known goes over a name of the gazetteer that stands at i: something that the place lies in speaks for it, something else against it.
func (m *matcher) known(i, limit int, line []place, c *context) (int, bool) {
	var best *hit
	supports := false
	for k := range m.hits {
		h := &m.hits[k]
		if h.from != i || h.to > limit || h.wrong > 0 {
			continue
		}
		s := slices.ContainsFunc(h.rows, func(r int32) bool { return slices.Contains(line, m.g.names.rows[r].place) })
		if best == nil || s && !supports || s == supports && h.to > best.to {
			best, supports = h, s
		}
	}
	if best == nil {
		return i, false
	}
	if supports {
		c.explained += best.to - best.from
		for _, r := range best.rows {
			row := m.g.names.rows[r]
			c.named = c.named || row.grade != stem
			if row.place == line[0] && m.differs(best.to, limit, c.els) {
				c.unread = true
			}
			if slices.Contains(line, row.place) {
				c.low = m.g.levelOf(row.place)
				c.town = c.town || c.low == Town || c.low == Community
				if c.low == Street {
					m.gate(best.to, limit, line, row.place, c)
				}
			}
		}
		return best.to, true
	}
	row := m.g.names.rows[best.rows[0]]
	for _, r := range best.rows {
		if n := m.g.names.rows[r]; n.grade < row.grade {
			row = n
		}
	}
	if row.grade == stem {
		return i, false
	}
	l := m.g.levelOf(row.place)
	c.low = l
	switch {
	case l <= Town:
		c.refused = true
	case l == Community && m.passes(line, row.place): // a street through several communities
		c.doubt *= .97
	case l == Community:
		c.doubt *= .75
	case l == Street:
		m.otherStreet(line, c)
		if street := m.g.lineage(row.place); len(street) > 1 && m.g.levelOf(street[1]) == Community && street[1] == line[0] { // 大李村（前街）45号 may be the street's
			c.unread = true
		}
	default:
		c.refused = true
	}
	return best.to, true
}

// differs says whether the place is named once more, and other numbers stand behind it: 大李村45号，大李村46号.
func (m *matcher) differs(at, limit int, els []element) bool {
	more, _ := readElements(m.gs[:limit], at)
	if joined, ok := join(more, 0); ok {
		more = joined
	}
	return slices.ContainsFunc(more, func(e element) bool {
		return e.unit != bare && e.section == "" && !slices.ContainsFunc(els, func(o element) bool { return o.num == e.num || strings.HasPrefix(e.num, o.num+"-") })
	})
}

// otherStreet weighs that a street is named which the place isn't known to be on.
func (m *matcher) otherStreet(line []place, c *context) {
	if slices.ContainsFunc(line, func(p place) bool { return p.kind() == placeStreet }) {
		c.doubt, c.astray = c.doubt*.93, true
	}
}

// passes says whether a place isn't known to lie in any community, but lies in what one of that name lies in.
func (m *matcher) passes(line []place, community place) bool {
	for _, p := range line {
		if p.kind() == placeDivision {
			return int32(p.index()) == m.g.divisions[community.index()].parent
		}
	}
	return false
}

// gate compares the number behind a street with that of the compound or building that the place is in: where many have the same name, it tells which.
func (m *matcher) gate(at, limit int, line []place, street place, c *context) {
	els, _ := readElements(m.gs[:limit], at)
	if len(els) == 0 {
		return
	}
	if joined, ok := join(els, 0); ok && (joined[0].unit == unitMark || joined[0].unit == unitHash) {
		els = joined
	}
	number, s := uint32(0), int32(street.index())
	for _, p := range line {
		if p.kind() == placeCompound && m.g.compounds[p.index()].street == s {
			number = m.g.compounds[p.index()].number
		}
		if p.kind() == placeBuilding && m.g.buildings[p.index()].street == s && number == 0 {
			number = m.g.buildings[p.index()].number
		}
	}
	switch {
	case number == 0:
	case numberKey(m.g.keys.words[number]) == els[0].num:
		c.explained += len(els[0].num)
	default:
		c.doubt, c.astray = c.doubt*.93, true
	}
}

// neutral goes over what neither speaks for nor against a place: numbers behind streets, fillers, telephone numbers, names with their kind
// that the gazetteer hasn't. A division that it hasn't is a contradiction, unless it is the place's own misspelt.
func (m *matcher) neutral(i, limit int, line []place, c *context) int {
	gs := m.gs[:limit]
	if end := strange(gs, i); end > i {
		return end
	}
	if end := fillerAt(gs, i); end > i {
		return end
	}
	if end := person(gs, i); end > i {
		return end
	}
	if gs[i].r == dash {
		return i + 1
	}
	if e, ok := readElement(gs, i); ok && (e.unit != bare || digit([]rune(e.num)[0]) || e.to < limit && gs[e.to].gap) {
		if said := levelSaid(e, true, true); e.unit != bare && said >= Building { // of what else?
			c.unread = true
		}
		if e.unit == bare && i > 0 && gs[i-1].r == dash && numberLen(e.num) >= 3 { // 文昌路66号2-1-301，送到…: a room of another address
			c.unread = true
		}
		if postcode := i == 0 && e.to == 6 && e.unit == bare; c.low < Community && !postcode {
			c.unread = true
		}
		return e.to
	}
	for j := i + 1; j < limit && j < i+12; j++ {
		if gs[j].gap {
			return i
		}
		k, end := kindAt(gs, j)
		if k < 0 || kindWords[k].weak || end > limit {
			continue
		}
		m.unknown(kindWords[k].level, kindWords[k].word, gs[i:end], line, c)
		return end
	}
	return i
}

// unknown weighs a name that the gazetteer hasn't.
func (m *matcher) unknown(l Level, kind string, name []glyph, line []place, c *context) {
	c.low = max(l, c.low)
	switch l {
	case Nothing:
		c.doubt *= .95
	case Province, Prefecture:
		c.refused = c.refused || m.g.above && !m.misspelt(name, line)
	case County, Town:
		switch {
		case m.misspelt(name, line):
			c.doubt *= .95
		case kind == "市" && !m.g.above: // the city above the county, as far as one can know
			c.doubt *= .97
		default:
			c.refused = true
		}
	case Community:
		if m.misspelt(name, line) {
			c.doubt *= .95
		} else {
			c.doubt *= .85
		}
	case Street:
		c.doubt *= .97
		m.otherStreet(line, c)
	default:
		c.doubt *= .6
		c.refused = true
	}
}

// misspelt says whether a name is that of a division on the line with one slip.
func (m *matcher) misspelt(name []glyph, line []place) bool {
	k := []rune(keyOf(name))
	if len(k) < 3 {
		return false
	}
	return slices.ContainsFunc(line, func(p place) bool {
		return p.kind() == placeDivision && slices.ContainsFunc(variants(m.g.divisions[p.index()].name, m.g.levelOf(p)), func(v variant) bool {
			return difference(k, []rune(key(v.text))).forgivable()
		})
	})
}
