package address

import (
	"cmp"
	"slices"
)

// Levels come in any order: 501室，2单元，3号楼，明珠小区 is as good as the other way round, and a form may have the town behind the house's number. A number that
// says what it counts needs no place in a row. So the numbers of a name are those behind it, and those elsewhere that belong to nothing else.

// row is a row of numbers, and what stands in front of it.
type row struct {
	stretch
	els   []element
	owner []int32 // rows of the name that it stands behind; none where it stands behind none
	alien bool    // since the last name something stood there that isn't understood: it may be the name of what the numbers are of
}

// allRows are the rows of numbers in a text.
func (m *matcher) allRows() (out []row) {
	next := row{}
	for p := 0; p < len(m.gs); {
		if h := m.nameAt(p); h != nil {
			next, p = row{owner: h.rows}, h.to
			continue
		}
		if end := max(strange(m.gs, p), fillerAt(m.gs, p)); end > p {
			p = end
			continue
		}
		els, end := m.numbers(p)
		if len(els) == 0 {
			next.alien = next.alien || m.gs[p].r != dash
			p++
			continue
		}
		next.els, next.stretch, p = els, stretch{p, end}, end
		out = append(out, next)
		next = row{alien: next.alien}
	}
	return out
}

// nameAt is the longest name at p. One that ends with a numeral isn't meant where a unit stands behind: 锦园小区二号楼.
func (m *matcher) nameAt(p int) (best *hit) {
	for i := range m.hits {
		h := &m.hits[i]
		if h.from != p || best != nil && h.to <= best.to {
			continue
		}
		if best != nil && h.to < len(m.gs) && onlyDigits(m.gs[best.to:h.to]) && !apart(m.gs, h.to) {
			if u, _ := readUnit(m.gs, h.to); u != bare {
				continue
			}
		}
		best = h
	}
	return best
}

// tails are the rows of numbers that may be those of a place that lies in line, and whose name is h: what stands behind it, and that with what stands
// elsewhere, in the order of levels.
func (m *matcher) tails(h hit, t tail, line []place) []tail {
	if t.stuck || len(m.rows) == 0 {
		return []tail{t}
	}
	gate := line[0].kind() <= placeStreet
	all, free := m.gathered(h, t, line, gate)
	ordered, ok := inOrder(all.els, gate)
	switch {
	case ok && slices.Equal(ordered, t.els):
		return []tail{all}
	case ok:
		return []tail{t, all.with(ordered)}
	case len(free) == 0 && upended(t.els):
		return []tail{t, all.with(reversed(t.els))}
	case len(free) == 1 && upended(free[0]):
		return []tail{t, all, all.with(append(slices.Clone(t.els), reversed(free[0])...))}
	case len(free) == 1 && (len(t.els) == 0 || !told(free[0])), len(all.els) < len(t.els):
		return []tail{t, all}
	}
	return []tail{t}
}

// gathered is what stands behind a name with what stands elsewhere and may belong to it, which is free.
func (m *matcher) gathered(h hit, t tail, line []place, gate bool) (all tail, free [][]element) {
	all = t.with(slices.Clone(t.els))
	if joined, ok := join(t.els, 0); gate && ok && len(joined) == 1 { // 12-1号, and the room elsewhere
		all.els = joined
	}
	for _, r := range m.rows {
		if r.from < t.to && r.to > t.from {
			continue
		}
		if els := m.free(r, line); len(els) > 0 && !m.besides(h, r) {
			free = append(free, els)
			all.els, all.took = append(all.els, els...), append(all.took, r.stretch)
		}
	}
	if first := m.rows[0]; len(free) == 0 && first.from == 0 && first.to <= h.from && roomAlone(first.els) && m.fromSmallToLarge(h) {
		all.els, all.took = append(all.els, first.els...), append(all.took, first.stretch)
	}
	all.els = saidOnce(all.els)
	return all, free
}

// told says whether any of a row's numbers says what it counts.
func told(els []element) bool {
	return slices.ContainsFunc(els, func(e element) bool { return e.unit != bare })
}

// roomAlone says whether a row is a room's number without a unit, as it stands in front of all: 501，文昌路66号，钟山街道.
func roomAlone(els []element) bool {
	return len(els) == 1 && els[0].unit == bare && numberLen(els[0].num) >= 3
}

func (t tail) with(els []element) tail {
	t.els = els
	return t
}

// free are the numbers of a row that may belong to a name elsewhere, whose place lies in line: all where no name stands in front, or one that the place
// lies in; behind its street all but the gate's.
func (m *matcher) free(r row, line []place) []element {
	els := r.els
	if r.alien {
		return nil
	}
	if r.owner != nil {
		i := slices.IndexFunc(r.owner, func(n int32) bool { return m.holds(m.g.names.rows[n].place, line) })
		if i < 0 {
			return nil
		}
		switch m.g.names.rows[r.owner[i]].place.kind() {
		case placeDivision:
			if m.g.levelOf(m.g.names.rows[r.owner[i]].place) == Community && line[0].kind() == placeStreet && countsGates(els[0].unit) { // the village's
				return nil
			}
		case placeStreet:
			els = behindGate(els)
		default:
			return nil
		}
	}
	if len(els) == 1 && els[0].unit == bare {
		return nil
	}
	return els
}

// holds says whether a place that lies in line lies in another, as far as one knows: a street through a town in its communities.
func (m *matcher) holds(other place, line []place) bool {
	if slices.Contains(line[1:], other) {
		return true
	}
	return line[0].kind() == placeStreet && len(line) > 1 && other.kind() == placeDivision && slices.Contains(m.g.lineage(other), line[1])
}

// besides says whether a word stands between a name and a row that says the one is beside the other.
func (m *matcher) besides(h hit, r row) bool {
	from, to := r.to, h.from
	if r.from >= h.to {
		from, to = h.to, r.from
	}
	for p := from; p < to; p++ {
		if wordAt(m.gs[:to], p, relations) > 0 {
			return true
		}
	}
	return false
}

// behindGate are the numbers behind that of a gate.
func behindGate(els []element) []element {
	if joined, ok := join(els, 0); ok {
		els = joined
	}
	if len(els) > 0 && countsGates(els[0].unit) {
		return els[1:]
	}
	return els
}

// countsGates says whether streets and villages count by such a unit.
func countsGates(u unit) bool { return u == bare || u == unitMark || u == unitHash || u == unitYard }

// gateEnd is where the name of the street that a place is on, and the number behind it, end that stand at p; p itself where they don't.
func (m *matcher) gateEnd(p int, line []place) int {
	h := m.nameAt(p)
	if h == nil || !slices.ContainsFunc(h.rows, func(r int32) bool {
		at := m.g.names.rows[r].place
		return at.kind() == placeStreet && slices.Contains(line, at)
	}) {
		return p
	}
	els, end := m.numbers(h.to)
	if rest := behindGate(els); len(rest) > 0 {
		return rest[0].from
	}
	return end
}

// fromSmallToLarge says whether divisions are named behind a name alone.
func (m *matcher) fromSmallToLarge(h hit) bool {
	behind := false
	for _, o := range m.hits {
		if slices.ContainsFunc(o.rows, func(r int32) bool {
			n := &m.g.names.rows[r]
			return n.grade != stem && n.place.kind() == placeDivision
		}) {
			if o.from < h.from {
				return false
			}
			behind = behind || o.from >= h.to
		}
	}
	return behind
}

// inOrder brings numbers into the order of their levels, each once. False where one doesn't say its level, or two of a level differ. The first is that of
// a gate behind a street or village.
func inOrder(els []element, gate bool) ([]element, bool) {
	building := slices.ContainsFunc(els, func(e element) bool { return e.unit == unitBuilding || e.unit == unitTower })
	room := slices.ContainsFunc(els, func(e element) bool { return e.unit == unitRoom || levelSaid(e, false, false) == House })
	type leveled struct {
		element
		level Level
	}
	sorted := make([]leveled, 0, len(els))
	for i, e := range els {
		l := levelSaid(e, building, room)
		if gate && i == 0 && countsGates(e.unit) && e.unit != bare {
			l = Number
		}
		if l == Nothing {
			return nil, false
		}
		k := slices.IndexFunc(sorted, func(o leveled) bool { return o.level == l })
		switch {
		case k < 0 || l == Section && sorted[k].section != e.section:
			sorted = append(sorted, leveled{e, l})
		case sorted[k].num != e.num:
			return nil, false
		}
	}
	slices.SortStableFunc(sorted, func(a, b leveled) int { return cmp.Compare(a.level, b.level) })
	out := make([]element, len(sorted))
	for i, l := range sorted {
		out[i] = l.element
	}
	return out, true
}

// saidOnce leaves out a row that says the same again: 3号楼2单元501室（3-2-501）.
func saidOnce(els []element) []element {
	half := len(els) / 2
	if half < 2 || len(els)%2 != 0 {
		return els
	}
	for i := range half {
		if els[i].num != els[half+i].num {
			return els
		}
	}
	return els[:half]
}

// levelSaid is the level that a number says by itself, where a building or a room is told besides; Nothing where it doesn't.
func levelSaid(e element, building, room bool) Level {
	long := numberLen(e.num) >= 3
	switch e.unit {
	case bare:
		switch {
		case e.also == unitFloor:
			return Floor
		case e.also == unitEntrance:
			return Entrance
		case long:
			return House
		}
		return Nothing
	case unitPhase, unitZone, unitGroup, unitRow:
		return Section
	case unitBuilding, unitTower:
		return Building
	case unitStorey:
		if building {
			return Floor
		}
		return Building
	case unitMark, unitHash:
		if building && !room && long {
			return House
		}
		return Number
	case unitYard:
		return Number
	case unitEntrance:
		return Entrance
	case unitFloor:
		return Floor
	}
	return House
}

// upended says whether a row of bare numbers begins with the room: 501-2-3.
func upended(els []element) bool {
	for i, e := range els {
		if e.unit != bare || (numberLen(e.num) >= 3) != (i == 0) {
			return false
		}
	}
	return len(els) > 1
}

func reversed(els []element) []element {
	out := slices.Clone(els)
	slices.Reverse(out)
	for i := range out {
		out[i].dashed = false // none is half of a number
	}
	return out
}
