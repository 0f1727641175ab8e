package address

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// anyAddress draws an address with the levels that an address can have, in its order.
func anyAddress(t *rapid.T) Address {
	var a Address
	put := func(l Level, normal string) { a.Parts = append(a.Parts, Part{Level: l, Normal: normal}) }
	maybe := func(what string) bool { return rapid.Bool().Draw(t, what) }
	of := func(what string, list ...string) string { return rapid.SampledFrom(list).Draw(t, what) }
	num := func(what string, most int) string { return fmt.Sprint(rapid.IntRange(1, most).Draw(t, what)) }
	odd := func(what string, most int) string {
		switch n := num(what, most); rapid.IntRange(0, 9).Draw(t, what+" kind") {
		case 0:
			return n + of("stem", "甲", "乙", "丙")
		case 1:
			return n + of("letter", "A", "B")
		default:
			return n
		}
	}
	if maybe("above") {
		put(Province, "山东省")
		put(Prefecture, of("city", "济宁市", "泗滨市"))
		put(County, of("county", "文沂市", "清泗县", "云泗区"))
	}
	if maybe("town") {
		put(Town, of("town", "钟山街道", "清泗镇", "仁和乡", "望云街道办事处"))
	}
	if rapid.IntRange(0, 3).Draw(t, "where") == 0 {
		put(Community, of("village", "大李村", "前仇家庄村", "西孔家岭村村委会"))
		if maybe("group") {
			put(Section, num("group", 9)+"组")
		}
		n := odd("number", 400)
		if maybe("sub") {
			n += "-" + num("sub", 9)
		}
		put(Number, n)
		return a
	}
	if maybe("community") {
		put(Community, of("community", "文昌社区", "北关社区居委会", "南门里社区"))
	}
	compound := maybe("compound")
	if !compound || maybe("street") {
		put(Street, of("street name", firstOf(streetWords)...)+of("street kind", streetKinds...))
		put(Number, odd("number", 300))
	}
	if compound {
		put(Compound, of("name", firstWords...)+of("kind", kinds...))
		if maybe("section") {
			put(Section, of("section", "2期", "东区", "A区", "3区"))
		}
	}
	switch rapid.IntRange(0, 7).Draw(t, "building kind") {
	case 0:
		put(Building, of("tower", "A", "B", "C"))
	case 1:
		put(Building, of("side", "西", "东", "西南")+num("building", 30))
	default:
		put(Building, odd("building", 99))
	}
	if maybe("entrance") {
		put(Entrance, of("entrance", "1", "2", "3", "甲", "A", "东"))
	}
	floor := rapid.IntRange(1, 33).Draw(t, "floor")
	if maybe("with floor") {
		put(Floor, fmt.Sprint(floor))
	}
	switch rapid.IntRange(0, 7).Draw(t, "room kind") {
	case 0:
		put(House, of("side room", "东", "西", "中"))
	case 1:
		put(House, fmt.Sprintf("%d%02dA", floor, rapid.IntRange(1, 9).Draw(t, "room")))
	default:
		put(House, fmt.Sprintf("%d%02d", floor, rapid.IntRange(1, 9).Draw(t, "room")))
	}
	return a
}

// firstOf leaves out names that begin with a numeral: 五一路 after a number can't be told from it.
func firstOf(list []string) (out []string) {
	for _, s := range list {
		if _, numeral := numeralDigits[[]rune(s)[0]]; !numeral {
			out = append(out, s)
		}
	}
	return out
}

// What is written in any form is read as it was meant.
func TestParseReadsWhatFormatWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAddress(t)
		f := Form(rapid.IntRange(0, int(forms)-1).Draw(t, "form"))
		text := Format(a, f)
		if got, want := show(Parse(text)), show(a); got != want {
			t.Fatalf("%s\n got %s\nwant %s", text, got, want)
		}
	})
}

// covered fails when a character that isn't blank or punctuation is in no part and no rest, or in two.
func covered(t interface{ Fatalf(string, ...any) }, text string, a Address) {
	owner := make([]int, len(text))
	mark := func(what string, piece string, start, end int) {
		if start < 0 || end > len(text) || start > end || text[start:end] != piece {
			t.Fatalf("%q: %s %q isn't at %d to %d", text, what, piece, start, end)
		}
		for i := start; i < end; i++ {
			if owner[i]++; owner[i] > 1 {
				t.Fatalf("%q: byte %d is in two pieces: %s", text, i, show(a))
			}
		}
	}
	for _, p := range a.Parts {
		mark(p.Level.String(), p.Text, p.Start, p.End)
		if p.Normal == "" {
			t.Fatalf("%q: %s has no normal form", text, p.Level)
		}
	}
	for _, r := range a.Rest {
		mark(r.Kind.String(), r.Text, r.Start, r.End)
	}
	for i, r := range text {
		if r == utf8.RuneError {
			continue
		}
		if owner[i] == 0 && (unicode.Is(unicode.Han, r) || r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r))) {
			t.Fatalf("%q: %q at byte %d was thrown away: %s", text, r, i, show(a))
		}
	}
}

// pieces make texts that look like addresses and aren't quite.
var pieces = []string{"钟山街道", "清泗镇", "文昌社区", "大李村", "文昌路", "前街", "明珠小区", "幸福", "小区", "花园", "新村", "路", "街", "村", "市", "区", "3", "12", "501", "0", "甲", "A", "东", "西", "二十一", "五〇一", "十",
	"百", "号", "号楼", "#", "栋", "座", "单元", "门", "层", "楼", "室", "户", "之", "附", "第", "期", "组", "-", "－", " ", "，", "（", "）", "旁边", "对面", "13900000000", "0537-5212345", "电话", "地址", "内", "的", "①", "Ⅱ", "ｂ", "號", "\xff", "é", "👨", "mzxq", "一", "零"}

func anyText(t *rapid.T) string {
	if rapid.IntRange(0, 3).Draw(t, "wild") == 0 {
		return string(rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "bytes"))
	}
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 14).Draw(t, "pieces"), "")
}

// Any text gives an answer, nothing of it is thrown away, and the same text the same answer.
func TestAnyTextIsAnswered(t *testing.T) {
	g := small(t)
	rapid.Check(t, func(t *rapid.T) { answers(t, g, anyText(t)) })
}

// answers asks everything about a text.
func answers(t interface{ Fatalf(string, ...any) }, g *Gazetteer, text string) {
	a := Parse(text)
	covered(t, text, a)
	m := g.Match(text, Options{})
	covered(t, text, m.Read)
	if m.Best.Sure < 0 || m.Best.Sure > 1 || m.Best.Level == House && m.Best.House == 0 || m.Best.Level != Nothing && m.Best.Label == "" {
		t.Fatalf("%q: %+v", text, m.Best)
	}
	if again := g.Match(text, Options{}); fmt.Sprint(again) != fmt.Sprint(m) {
		t.Fatalf("%q: %+v, then %+v", text, m, again)
	}
	for _, c := range g.Suggest(text, Options{}) {
		if c.Label == "" || c.Level == Nothing {
			t.Fatalf("%q: suggests %+v", text, c)
		}
	}
}

// What makes a number another number makes the house another one, or none.
func TestNumbersAreNeverForgiven(t *testing.T) {
	w := invent(11, 20000, 200)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		h := w.homes[rapid.IntRange(0, len(w.homes)-1).Draw(t, "house")]
		form := rapid.IntRange(0, 15).Draw(t, "form")
		number := func(what, n string) string { return fmt.Sprint((atoi(n) + rapid.IntRange(1, 5000).Draw(t, what))) }
		switch {
		case h.village:
			h.number = number("number", h.number)
		case rapid.Bool().Draw(t, "building"):
			h.building = number("building", h.building)
		default:
			h.entrance = number("entrance", h.entrance)
		}
		if a := g.Match(w.written(h, form), Options{}); a.Best.House == h.id {
			t.Fatalf("%s is house %d: %+v", w.written(h, form), h.id, a.Best)
		}
	})
}
