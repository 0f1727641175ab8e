package address

import (
	"slices"
	"strconv"
)

var numeralDigits = map[rune]rune{'〇': '0', '幺': '1', '一': '1', '二': '2', '三': '3', '四': '4', '五': '5', '六': '6', '七': '7', '八': '8', '九': '9',
	'壹': '1', '贰': '2', '叁': '3', '肆': '4', '伍': '5', '陆': '6', '柒': '7', '捌': '8', '玖': '9'}

var numeralUnits = map[rune]int{'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000}

// financial are the numerals of deeds and cheques.
const financial = "壹贰叁肆伍陆柒捌玖拾佰仟"

// numerals writes Chinese numerals as digits: 二十一 and 二一 are 21, 五〇一 is 501. In names too, on both sides of every comparison. A
// single 一 between two digits is somebody's dash. Where numerals of another hand begin (玉泉国际三叁号楼) another number does.
func numerals(gs []glyph) []glyph {
	for i := range gs {
		gs[i].r = meantNumeral(gs, i)
	}
	gs = spokenDashes(gs)
	some := false
	for _, g := range gs {
		if _, ok := numeralDigits[g.r]; ok || numeralUnits[g.r] == 10 {
			some = true
			break
		}
	}
	if !some {
		return gs
	}
	out := make([]glyph, 0, len(gs))
	for i := 0; i < len(gs); {
		j := numeralRun(gs, i)
		if j > i {
			j = i + firstNumber(gs[i:j])
		}
		switch {
		case j == i:
			out = append(out, gs[i])
			i++
			continue
		case j == i+1 && gs[i].r == '一' && i > 0 && j < len(gs) && digit(gs[i-1].r) && digit(gs[j].r) && !gs[i].gap && !gs[j].gap:
			gs[j].gap = true // dashed sees it
			out[len(out)-1].to = gs[i].to
		default:
			gs[i].gap = gs[i].gap || i > 0 && digit(gs[i-1].r) // 3一: two numbers
			out = append(out, asDigits(gs[i:j])...)
			if j < len(gs) && (digit(gs[j].r) || numeralRun(gs, j) > j) {
				gs[j].gap = true // 一3号楼, 三叁号楼: two numbers
			}
		}
		i = j
	}
	return out
}

// spokenDashes leaves out the words for what separates two numbers: 三杠二杠五零一.
func spokenDashes(gs []glyph) []glyph {
	if !slices.ContainsFunc(gs, func(g glyph) bool { return g.r == '杠' }) {
		return gs
	}
	out := gs[:0:0]
	for i, g := range gs {
		number := func(r rune) bool { return counts(r) || numeralDigits[r] != 0 || numeralUnits[r] != 0 }
		if n := len(out); g.r == '杠' && n > 0 && i+1 < len(gs) && number(gs[i+1].r) {
			if n > 1 && has("横斜短", out[n-1].r) && number(out[n-2].r) {
				out, n = out[:n-1], n-1
			}
			if number(out[n-1].r) {
				out[n-1].to = g.to
				gs[i+1].gap = true
				continue
			}
		}
		out = append(out, g)
	}
	return out
}

// meantNumeral is the numeral that a character stands for which is one only beside others: 两 in front of hundreds, 参 among the financial ones.
func meantNumeral(gs []glyph, i int) rune {
	r := gs[i].r
	if i+1 == len(gs) || r != '两' && r != '参' || gs[i+1].gap {
		return r
	}
	switch next := gs[i+1].r; {
	case r == '两' && (numeralUnits[next] >= 100 || next == '号' || starts(gs, i+1, "单元") > 0): // spoken: 两单元
		return '二'
	case r == '参' && (has(financial, next) || has("号栋幢单层室", next) || i > 0 && has(financial, gs[i-1].r)):
		return '叁'
	}
	return r
}

// numeralRun is the end of the numerals of one hand that begin at i; i where none do.
func numeralRun(gs []glyph, i int) int {
	if _, ok := numeralDigits[gs[i].r]; !ok && numeralUnits[gs[i].r] != 10 {
		return i
	}
	hand := handOf(gs[i].r)
	if gs[i].r == '十' {
		hand = ordinary
	}
	j := i + 1
	for ; j < len(gs) && !gs[j].gap; j++ {
		if _, ok := numeralDigits[gs[j].r]; !ok && numeralUnits[gs[j].r] == 0 {
			break
		}
		switch h := handOf(gs[j].r); {
		case h == either:
		case hand == either:
			hand = h
		case h != hand:
			return j
		}
	}
	return j
}

// firstNumber is the end of the first of two numbers that are written together (十一六号楼: compound eleven, building six), the end of all where they are one,
// or none.
func firstNumber(gs []glyph) int {
	if _, ok := counted(gs); ok || len(gs) < 3 {
		return len(gs)
	}
	for n := len(gs) - 1; n > 1; n-- {
		if _, ok := counted(gs[:n]); !ok || numeralUnits[gs[n].r] > 10 || gs[n].r == '十' && n == len(gs)-1 {
			continue
		}
		if _, ok := counted(gs[n:]); ok || !slices.ContainsFunc(gs[n:], func(g glyph) bool { return numeralUnits[g.r] != 0 }) {
			return n
		}
	}
	return len(gs)
}

// hand is how somebody writes numerals: in one number he doesn't change it.
type hand uint8

const (
	either   hand = iota // zero, and tens and hundreds, which are written in the ordinary way by many who write 叁 for 3
	ordinary             // 一二三
	formal               // 壹贰叁
)

func handOf(r rune) hand {
	switch {
	case has(financial, r):
		return formal
	case r == '〇' || numeralUnits[r] != 0:
		return either
	}
	return ordinary
}

func asDigits(gs []glyph) []glyph {
	n, ok := counted(gs)
	if !ok {
		out := make([]glyph, len(gs))
		for i, g := range gs {
			if d, is := numeralDigits[g.r]; is {
				g.r, g.numeral = d, true
			}
			out[i] = g
		}
		return out
	}
	s := strconv.Itoa(n)
	out := make([]glyph, len(s))
	last := gs[len(gs)-1]
	for i := range s {
		g := glyph{r: rune(s[i]), from: last.to, to: last.to, inside: gs[0].inside, numeral: true, counted: true}
		if i < len(gs) {
			g.from, g.to = gs[i].from, gs[i].to
		}
		out[i] = g
	}
	out[0].gap, out[0].sep, out[0].colon, out[0].field = gs[0].gap, gs[0].sep, gs[0].colon, gs[0].field
	if len(s) < len(gs) {
		out[len(s)-1].to = last.to
	}
	return out
}

// counted is the value of numerals with tens and hundreds; false when they are digits one by one, or no number.
func counted(gs []glyph) (int, bool) {
	total, current, last, units := 0, -1, 10000, false
	for _, g := range gs {
		if d, is := numeralDigits[g.r]; is {
			if current > 0 || current == 0 && units && d == '0' {
				return 0, false
			}
			current = int(d - '0')
			continue
		}
		u := numeralUnits[g.r]
		if u >= last || current == 0 && u != 10 {
			return 0, false
		}
		if current < 0 {
			if units || u != 10 {
				return 0, false
			}
			current = 1
		}
		total, current, last, units = total+max(current, 1)*u, -1, u, true
	}
	if !units {
		return 0, false
	}
	if current > 0 {
		if n := len(gs); last >= 100 && numeralUnits[gs[n-2].r] == last { // 一百五 is 150
			current *= last / 10
		}
		total += current
	}
	return total, true
}
