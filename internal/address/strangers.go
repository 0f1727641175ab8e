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
	if gs[p].r == '共' && p+1 < len(gs) && digit(gs[p+1].r) { // 共6层
		if e, ok := readElement(gs, p+1); ok && (e.unit == unitFloor || e.unit == unitStorey) {
			return e.to
		}
	}
	if gs[p].r == '第' && p+1 < len(gs) && digit(gs[p+1].r) {
		if end := net(gs, p+1); end > p+1 {
			return end
		}
	}
	if !digit(gs[p].r) || p > 0 && digit(gs[p-1].r) && !gs[p].gap {
		return p
	}
	if end := max(date(gs, p), measure(gs, p), postcode(gs, p), net(gs, p)); end > p {
		return end
	}
	return longNumber(gs, p)
}

// postcode is the end of six figures that are a piece of their own behind everything else.
func postcode(gs []glyph, p int) int {
	if p == 0 || !gs[p].gap || len(gs)-p != 6 || !onlyDigits(gs[p:]) {
		return p
	}
	return len(gs)
}

// net is the end of a grid's number, which the grid's map says better than whoever writes addresses: 第3网格, 03微网格.
func net(gs []glyph, p int) int {
	q := p
	for q < len(gs) && digit(gs[q].r) && (q == p || !gs[q].gap) {
		q++
	}
	if q < len(gs) && (gs[q].r == '号' || gs[q].r == '级' || gs[q].r == '微') {
		q++
	}
	if n := wordAt(gs, q, nets); n > 0 {
		return q + n
	}
	return p
}

// nets are what a county's people are counted in.
var nets = lexiconOf("网格", "微网格", "网格区", "网格片")

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
	if month := figures(p, 1, 2); month > p && at(month) == '月' {
		if day := figures(month+1, 1, 2); day > month+1 && has("日号", at(day)) {
			return day + 1
		}
	}
	year := figures(p, 4, 4)
	if year == p || keyOf(gs[p:p+2]) != "19" && keyOf(gs[p:p+2]) != "20" {
		return p
	}
	if at(year) == '年' && figures(year+1, 1, 2) == year+1 { // 1950年生
		return year + 1
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
var measures = lexiconOf("平方米", "平米", "平方", "平", "M2", "口人", "口之家", "个人", "人居住", "人在家", "人住", "人", "岁",
	"亩", "平方公里", "公斤", "斤", "吨", "KG", "元", "块钱", "万元", "天", "次", "届", "年", "点钟", "点", "分钟", "分", "小时")

// measure is the end of a number that counts or measures: 89.5平方米, 3室2厅.
func measure(gs []glyph, p int) int {
	q := p
	for q < len(gs) && digit(gs[q].r) {
		q++
	}
	if q+2 < len(gs) && gs[q].r == '室' && (digit(gs[q+1].r) || gs[q+1].r == '两') && gs[q+2].r == '厅' {
		return q + 3
	}
	if end := storeys(gs, p, q); end > p {
		return end
	}
	if q < len(gs) {
		n := wordAt(gs, q, measures)
		if q += n; n > 1 || n == 1 && (q == len(gs) || gs[q].gap || gs[q].inside != gs[p].inside) { // 12人民路, 3平安小区
			return q
		}
	}
	return p
}

// storeys is the end of a floor with that of the roof beside it, a piece of its own: （5/6层）, ，5楼/6层. The number from p to q begins it.
func storeys(gs []glyph, p, q int) int {
	if p == 0 || gs[p].sep == 0 && (!gs[p].inside || gs[p-1].inside) {
		return p
	}
	if q < len(gs) && has("楼层", gs[q].r) {
		q++
	}
	if q < len(gs) && gs[q].r == dash {
		q++
	}
	top := q
	for q < len(gs) && digit(gs[q].r) {
		q++
	}
	if q == top || q == len(gs) || !has("楼层", gs[q].r) || !has("楼层", gs[top-1].r) && gs[top-1].r != dash {
		return p
	}
	return q + 1
}

// longestPerson is how many characters a person is called by.
const longestPerson = 4

// titles are what people are called by, behind their names.
var titles = lexiconOf("先生", "女士", "小姐", "师傅", "老师", "大爷", "大妈", "大娘", "大叔", "大哥", "大姐", "阿姨", "经理", "医生", "主任", "书记")

// person is the end of somebody's name that begins at p: a short word alone, with a title or with a telephone number beside it. No place's.
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
	case q < len(gs) && strange(gs, q) > q && date(gs, q) == q, called(gs, p), endsWith(gs[p:q], titles) > 0 && n > 2 && (q == len(gs) || gs[q].gap):
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
