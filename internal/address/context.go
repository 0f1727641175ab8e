package address

import "slices"

// context is what the text in front of a name says for and against a place of that name.
type context struct {
	explained int     // characters that speak for the place
	named     bool    // a whole name is among them
	doubt     float64 // 1: nothing speaks against it
	refused   bool    // something contradicts it
}

// matcher is one question.
type matcher struct {
	g     *Gazetteer
	gs    []glyph
	hits  []hit
	o     Options
	found []finding
}

// before reads what stands in front of hit h, when it is taken for place p.
func (m *matcher) before(h hit, p place) context {
	c := context{doubt: 1}
	line := m.g.lineage(p)
	junk := 0 // characters not understood right before the point reached
	some := false
	for i := 0; i < h.from; {
		if end, ok := m.known(i, h.from, line, &c); ok {
			i, junk = end, 0
			continue
		}
		if end := m.neutral(i, h.from, line, &c); end > i {
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
	return c
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
		c.named = c.named || slices.ContainsFunc(best.rows, func(r int32) bool { return m.g.names.rows[r].grade != stem })
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
	switch l := m.g.levelOf(row.place); {
	case l <= Town:
		c.refused = true
	case l == Community:
		c.doubt *= .75
	case l == Street:
		if m.hasStreet(line) {
			c.doubt *= .93
		}
	default:
		c.refused = true
	}
	return best.to, true
}

func (m *matcher) hasStreet(line []place) bool {
	return slices.ContainsFunc(line, func(p place) bool { return p.kind() == placeStreet })
}

// neutral goes over what neither speaks for nor against a place: numbers behind streets, fillers, telephone numbers, names with their kind
// that the gazetteer hasn't. A division that it hasn't is a contradiction, unless it is the place's own misspelt.
func (m *matcher) neutral(i, limit int, line []place, c *context) int {
	gs := m.gs[:limit]
	if n := wordAt(gs, i, phoneWords); n > 0 {
		for i += n; i < limit && (digit(gs[i].r) || gs[i].r == dash); i++ {
		}
		return i
	}
	if end := longNumber(gs, i); end > i {
		return end
	}
	if n := wordAt(gs, i, fillers); n > 0 {
		return i + n
	}
	if gs[i].r == dash {
		return i + 1
	}
	if e, ok := readElement(gs, i); ok && (e.unit != bare || digit([]rune(e.num)[0]) || e.to < limit && gs[e.to].gap) {
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
