package address

import "unicode"

// Numbers and names stand in an address that are none of it: telephone numbers, dates, whom a parcel is for.

// strange is the end of a number that begins at p and is none of an address, with the word that says so; p itself where none does.
func strange(gs []glyph, p int) int {
	if n := wordAt(gs, p, phoneWords); n > 0 {
		for p += n; p < len(gs) && (digit(gs[p].r) || gs[p].r == dash || gs[p].r == 'X') && !gs[p].field; p++ {
		}
		return p
	}
	if !digit(gs[p].r) || p > 0 && digit(gs[p-1].r) && !gs[p].gap {
		return p
	}
	if end := max(date(gs, p), measure(gs, p)); end > p {
		return end
	}
	return longNumber(gs, p)
}

// date is the end of a date, and of the time behind it: 2026-11-30 14:20, 2026年11月30日.
func date(gs []glyph, p int) int {
	at := func(i int) rune {
		if i < len(gs) {
			return gs[i].r
		}
		return 0
	}
	figures := func(q, least, most int) int { // q itself where none stand
		n := 0
		for digit(at(q+n)) && (n == 0 || !gs[q+n].gap) {
			n++
		}
		if n < least || n > most {
			return q
		}
		return q + n
	}
	year := figures(p, 4, 4)
	if year == p || keyOf(gs[p:p+2]) != "19" && keyOf(gs[p:p+2]) != "20" {
		return p
	}
	q := year
	for _, sign := range []rune{'年', '月'} {
		if at(q) != sign && at(q) != dash {
			return p
		}
		next := figures(q+1, 1, 2)
		if next == q+1 {
			return p
		}
		q = next
	}
	if at(q) == '日' || at(q) == '号' {
		q++
	}
	for range 3 { // hours, minutes, seconds
		from := q
		if at(from) == dash {
			from++
		}
		next := figures(from, 1, 2)
		if next == from || from == q && !has("时点分秒", at(next)) && at(next) != dash {
			break
		}
		if q = next; at(q) != 0 && has("时点分秒", at(q)) {
			q++
		}
	}
	return q
}

// measures stand behind what counts or measures something.
var measures = lexiconOf("平方米", "平米", "平方", "M2", "口人", "岁")

// measure is the end of a number that counts or measures: 89.5平方米, 3室2厅.
func measure(gs []glyph, p int) int {
	q := p
	for q < len(gs) && digit(gs[q].r) {
		q++
	}
	if q+2 < len(gs) && gs[q].r == '室' && digit(gs[q+1].r) && gs[q+2].r == '厅' {
		return q + 3
	}
	if q < len(gs) {
		if n := wordAt(gs, q, measures); n > 0 && !gs[q].gap {
			return q + n
		}
	}
	return p
}

// longestPerson is how many characters a person is called by.
const longestPerson = 4

// person is the end of somebody's name that begins at p: a short word alone, with a telephone number beside it. No place's.
func person(gs []glyph, p int) int {
	if p > 0 && !gs[p].gap {
		return p
	}
	q := p
	for q < len(gs) && (q == p || !gs[q].gap) && unicode.Is(unicode.Han, gs[q].r) {
		q++
	}
	switch n := q - p; {
	case n < 2 || n > longestPerson || endsLikeName(gs[p:q]):
		return p
	case q < len(gs) && strange(gs, q) > q && date(gs, q) == q, called(gs, p):
		return q
	}
	return p
}

// called says whether a telephone number ends at p.
func called(gs []glyph, p int) bool {
	from := p
	for from > 0 && (digit(gs[from-1].r) || gs[from-1].r == dash) {
		from--
	}
	return from < p && longNumber(gs, from) == p
}
