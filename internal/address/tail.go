package address

import (
	"slices"
	"strings"
)

// tail is the row of numbers that belongs to a name: as a rule what stands behind it.
type tail struct {
	els      []element
	from, to int       // glyphs: where the numbers begin, and where what is behind them does
	way      bool      // how one goes in stands between
	stuck    bool      // something that isn't understood stands between, or right behind the name
	took     []stretch // rows that stand elsewhere, and are among the numbers
}

// stretch is some glyphs in a row.
type stretch struct{ from, to int }

// over is where the row from elsewhere ends that stands at p, p itself where none does.
func (t *tail) over(p int) int {
	for _, s := range t.took {
		if s.from <= p && p < s.to {
			return s.to
		}
	}
	return p
}

// behind reads the numbers behind a name.
func (m *matcher) behind(h hit) tail {
	gs, p, way := m.gs, h.to, false
	for p < len(gs) {
		remark := gs[p].inside && !gs[h.to-1].inside
		if els, end := m.numbers(p); len(els) > 0 && strange(gs, p) == p {
			return tail{els: els, from: p, to: end, way: way}
		}
		n := max(wordAt(gs, p, fillers), wordAt(gs, p, particles))
		if into := wordAt(gs, p, ways); into > n {
			n, way = into, true
		}
		switch {
		case n > 0:
			p += n
			continue
		case remark:
			for p < len(gs) && gs[p].inside {
				p++
			}
			continue
		}
		break
	}
	t := tail{from: p, to: p}
	if p == len(gs) || gs[p].gap || wordAt(gs, p, relations) > 0 || strange(gs, p) > p || gs[p].r == dash {
		return t
	}
	t.stuck = !slices.ContainsFunc(m.hits, func(o hit) bool { return o.from == p || o.from == h.to })
	return t
}

// numbers reads elements from p on, up to a name that begins with a numeral: （三里营社区） is no 3.
func (m *matcher) numbers(p int) ([]element, int) {
	els, end := readElements(m.gs, p)
	for i, e := range els {
		if last := e.to - 1; e.unit != bare && has(stems, m.gs[last].r) && m.begins(last, e.to) { // 73号辛朱庄村
			els[i].num, els[i].to = strings.TrimSuffix(e.num, string(m.gs[last].r)), last
			return els[:i+1], last
		}
		at := e.from
		if m.gs[at].r == dash {
			at++
		}
		opens := m.gs[at].gap || e.unit == bare
		if i > 0 && strange(m.gs, at) > at {
			return els[:i], at
		}
		if opens && m.begins(at, e.to) {
			return els[:i], at
		}
	}
	return els, end
}

// begins says whether a name begins at p that goes on behind to.
func (m *matcher) begins(p, to int) bool {
	return slices.ContainsFunc(m.hits, func(o hit) bool { return o.from == p && o.to > to })
}
