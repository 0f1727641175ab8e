package address

import (
	"slices"
	"strings"
	"unicode"
)

// Who lists addresses numbers them, and writes whose each is: 3. 赵甲 明珠小区3-2-501. A number in front may be the building's as well.

// listMarks stand behind a list's number, and between it and what is listed. No comma: 3，2单元501.
const listMarks = ".、)]:\t\n｡．"

// listed are the words around a list's number: 第3户, 序号3, No.3.
var (
	listHeads = lexiconOf("序号", "编号", "NO", "NUM", "#", "第")
	listTails = lexiconOf("户", "家", "条", "项", "位", "个", "名", "行", "份", "单")
)

// listNumber is how many characters in front of a text are the number of a list: 1. 1、 (1) （一） ① 第3户： No.5: #3 a). 0 where none are.
func listNumber(text string, gs []glyph) int {
	if len(gs) < 3 {
		return 0
	}
	first, head := gs[0].r, wordAt(gs, 0, listHeads)
	p := head
	for p < len(gs) && digit(gs[p].r) && (p == head || !gs[p].gap) && p-head < 4 {
		p++
	}
	digits := p - head
	if digits == 0 && head == 0 && letter(first) && gs[1].gap {
		p, digits = 1, 1
	}
	if digits == 0 || digits > 3 || p == len(gs) {
		return 0
	}
	marked := circled(text[gs[0].from:])
	if head > 0 && first == '第' {
		n := wordAt(gs, p, listTails)
		if n == 0 {
			return 0
		}
		p, marked = p+n, gs[min(p+n, len(gs)-1)].gap
	}
	if p >= len(gs) {
		return 0
	}
	between := text[gs[p-1].to:gs[p].from]
	for _, r := range between {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0
		}
		marked = marked || has(listMarks, r) || r == '】' || r == '〕' || first == '#' && r == ' '
	}
	marked = marked || has("序编", first) && gs[p].gap
	if !marked || digits == 3 && head == 0 && !unicode.IsPunct([]rune(between + "x")[0]) {
		return 0
	}
	return p
}

// circled says whether a text begins with a number that is a list's by its sign: ① ⒈ ㈠ ❶ 1️⃣.
func circled(text string) bool {
	for i, r := range text {
		switch {
		case i == 0 && (r >= 0x2460 && r <= 0x249B || r >= 0x3220 && r <= 0x3229 || r >= 0x3280 && r <= 0x3289):
			return true
		case i > 0 && r == 0x20E3:
			return true
		case i > 0 && !digit(r) && r != 0xFE0F:
			return false
		}
	}
	return false
}

// opens says whether an address may begin behind a list's number: not with another number, which it may be one row with, nor, behind a number that may be
// a gate's, with what gates belong to.
func (g *Gazetteer) opens(gs []glyph, n int) bool {
	named := g.names.hits(gs[n:])
	at := slices.IndexFunc(named, func(h hit) bool { return h.from == 0 })
	if e, ok := readElement(gs, n); ok && at < 0 {
		return e.unit >= unitBuilding && gs[0].inside && !gs[n].inside && e.unit != bare
	}
	if at >= 0 && n > 2 && digit(gs[n-1].r) && digit(gs[n-2].r) && digit(gs[n-3].r) { // 101. 大李村45号 may be its room
		return slices.ContainsFunc(named[at].rows, func(r int32) bool { return g.names.rows[r].place.kind() >= placeCompound })
	}
	if has("#N", gs[0].r) && at >= 0 && gs[n].sep == 0 {
		return slices.ContainsFunc(named[at].rows, func(r int32) bool { return g.names.rows[r].place.kind() >= placeCompound })
	}
	return true
}

// counted says whether a text begins with a number that may be its list's as well as the building's or entrance's that it was taken for: 2. 501，明珠小区3号楼.
func (g *Gazetteer) counted(text string, gs []glyph) bool {
	if len(gs) == 0 {
		return false
	}
	n := listNumber(text, gs)
	if n > 0 && has("第序编", gs[0].r) { // 第3户：大李村
		return true
	}
	if !digit(gs[0].r) {
		return false
	}
	if n == 0 || n > 2 {
		return false
	}
	mark := text[gs[n-1].to:gs[n].from]
	if _, number := readElement(gs, n); !number || !strings.ContainsAny(mark, "、)）．") && !strings.Contains(mark, ". ") {
		return false
	}
	return !g.begun(gs[n:])
}

// listedPerson is how many characters behind a list's number are whom it lists: 3. 赵甲 明珠小区3-2-501.
func (g *Gazetteer) listedPerson(gs []glyph) int {
	n := 0
	for n < len(gs) && (n == 0 || !gs[n].gap) && unicode.Is(unicode.Han, gs[n].r) {
		n++
	}
	if n < 2 || n > longestPerson || n == len(gs) || endsLikeName(gs[:n]) || relates(gs[:n]) || slices.ContainsFunc(g.names.hits(gs), func(h hit) bool { return h.from < n }) {
		return 0
	}
	return n
}
