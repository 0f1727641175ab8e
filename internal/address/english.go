package address

import (
	"slices"
	"unicode"
)

// Who orders abroad writes the words for what a number counts in English, in front of it (Rm 501, Unit 2, Bldg 3) or behind it (3 Building 2 Unit 501 Room), and a gate's
// number in front of its street (No.8 文昌路).

// latinUnits are words for what a number counts, and the units that they stand for.
var latinUnits = []labelAtom{{"BUILDING", "栋"}, {"BLDG", "栋"}, {"BLD", "栋"}, {"BLOCK", "栋"}, {"BLK", "栋"}, {"TOWER", "栋"}, {"ENTRANCE", "单元"}, {"UNIT", "单元"}, {"GATE", "门"}, {"FLOOR", "层"}, {"LEVEL", "层"}, {"FL", "层"},
	{"APARTMENT", "室"}, {"ROOM", "室"}, {"FLAT", "室"}, {"SUITE", "室"}, {"SHOP", "室"}, {"STORE", "室"}, {"OFFICE", "室"}, {"VILLA", "栋"}, {"APT", "室"}, {"RM", "室"}, {"HOUSE", "号"}, {"NUMBER", "号"}, {"NUM", "号"}, {"NO", "号"}, {"NR", "号"}}

// latinKinds are words for what a name names. Behind the name they say nothing.
var latinKinds = lexiconOf("ROAD", "RD", "STREET", "ST", "AVENUE", "AVE", "LANE", "LN", "ALLEY", "COMMUNITY", "VILLAGE", "TOWNSHIP", "TOWN", "CITY", "DISTRICT", "SUBDISTRICT", "SUB DISTRICT", "COUNTY", "PROVINCE", "COMPOUND", "ESTATE", "GARDEN", "GARDENS", "RESIDENCE")

// countries are what stands behind all, or in front.
var countries = lexiconOf("PRCHINA", "CHINA", "PRC")

// latinWord is the word of letters that begins at i, as far as the next gap; i itself where none does.
func latinWord(gs []glyph, i int) int {
	if i > 0 && letter(gs[i-1].r) && !gs[i].gap {
		return i
	}
	end := i
	for end < len(gs) && letter(gs[end].r) && (end == i || !gs[end].gap) {
		end++
	}
	return end
}

// latinKindAt is the end of what says nothing at i: a kind's word behind a name, or the country.
func latinKindAt(gs []glyph, i int) int {
	if !letter(gs[i].r) {
		return i
	}
	ends := func(n int) bool {
		return n > 0 && (i+n == len(gs) || !gs[i+n].colon && (!letter(gs[i+n].r) || gs[i+n].gap))
	}
	if n := wordAt(gs, i, countries); ends(n) {
		return i + n
	}
	if n := wordAt(gs, i, latinKinds); i > 0 && gs[i].sep == 0 && ends(n) && !counts(gs[i-1].r) && unicode.Is(unicode.Han, gs[i-1].r) {
		return i + n
	}
	return i
}

// latinUnit is the unit that the word from i to end stands for, empty where it stands for none.
func latinUnit(gs []glyph, i, end int) string {
	if end-i < 2 {
		return ""
	}
	word := keyOf(gs[i:end])
	if k := slices.IndexFunc(latinUnits, func(a labelAtom) bool { return a.word == word }); k >= 0 {
		return latinUnits[k].unit
	}
	return ""
}

// english writes words behind numbers as the units that they stand for, and letters in front of numbers as the words that they are short for. What stands in
// front of numbers are labels (fields.go).
func english(gs []glyph) []glyph {
	if !slices.ContainsFunc(gs, func(g glyph) bool { return letter(g.r) }) {
		return gs
	}
	return unitsBehind(unnumbered(initials(ordinals(gs))))
}

// unnumbered leaves out No. in front of a number that has its unit behind it: No.3 Building.
func unnumbered(gs []glyph) []glyph {
	for i := range gs {
		from := latinWord(gs, i)
		if latinUnit(gs, i, from) != "号" {
			continue
		}
		to := from
		for to < len(gs) && digit(gs[to].r) && (to == from || !gs[to].gap) {
			to++
		}
		if to == from || to == len(gs) || gs[to].sep != 0 {
			continue
		}
		end := latinWord(gs, to)
		unit := latinUnit(gs, to, end)
		if unit == "" || unit == "号" || end < len(gs) && gs[end].sep == 0 && counts(gs[end].r) {
			continue
		}
		out := append(slices.Clone(gs[:i]), gs[from:to]...)
		out[i].gap, out[i].sep, out[i].colon, out[i].field = gs[i].gap, gs[i].sep, gs[i].colon, gs[i].field
		return unnumbered(append(append(out, unitFor(gs, to, end, unit)...), gs[end:]...))
	}
	return gs
}

// unitFor are the glyphs of a unit for the word from i to end.
func unitFor(gs []glyph, i, end int, unit string) (out []glyph) {
	at := glyph{from: gs[i].from, to: gs[end-1].to, inside: gs[i].inside}
	for _, r := range unit {
		at.r = r
		out, at.from = append(out, at), at.to
	}
	return out
}

// ordinals leaves out the ends of 1st, 2nd, 3rd, 5th. What they count stands behind them: 5th floor.
func ordinals(gs []glyph) []glyph {
	out := gs[:0:0]
	for i := 0; i < len(gs); i++ {
		if n := len(out); n > 0 && digit(out[n-1].r) && !gs[i].gap && letter(gs[i].r) && i+1 < len(gs) && !gs[i+1].gap && (i+2 == len(gs) || !counts(gs[i+2].r) || gs[i+2].gap) {
			if w := keyOf(gs[i : i+2]); w == "ST" || w == "ND" || w == "RD" || w == "TH" {
				out[n-1].to = gs[i+1].to
				if i++; i+1 < len(gs) {
					end := latinWord(gs, i+1)
					if unit := latinUnit(gs, i+1, end); unit != "" && gs[i+1].sep == 0 {
						out, i = append(out, unitFor(gs, i+1, end, unit)...), end-1
					}
				}
				continue
			}
		}
		out = append(out, gs[i])
	}
	return out
}

// initialWords are what R, U, B and F are short for where rooms and units are told by their letters: R201, U1, B6.
var initialWords = map[rune]string{'R': "RM", 'U': "UNIT", 'B': "BLDG", 'F': "FL"}

// initials writes them out. A letter alone (B6) may be a part of the number.
func initials(gs []glyph) []glyph {
	at := map[rune]int{}
	for i := range gs {
		if initialWords[gs[i].r] != "" && i+1 < len(gs) && digit(gs[i+1].r) && (i == 0 || gs[i].gap || !letter(gs[i-1].r)) {
			if _, twice := at[gs[i].r]; twice {
				return gs
			}
			at[gs[i].r] = i
		}
	}
	_, room := at['R']
	if _, entrance := at['U']; !room || !entrance {
		return gs
	}
	out := make([]glyph, 0, len(gs)+8)
	for i, x := range gs {
		if k, ok := at[x.r]; !ok || k != i {
			out = append(out, x)
			continue
		}
		for j, r := range initialWords[x.r] {
			if j == 0 {
				x.gap = x.gap || i > 0
				out = append(out, x)
				out[len(out)-1].r = r
				continue
			}
			out = append(out, glyph{r: r, from: x.to, to: x.to, inside: x.inside})
		}
	}
	return out
}

// unitsBehind writes the words as units where all of them stand behind their numbers.
func unitsBehind(gs []glyph) []glyph {
	some, last := false, false
	for i := 0; i < len(gs); i++ {
		end := latinWord(gs, i)
		if unit := latinUnit(gs, i, end); unit == "" {
			continue
		}
		if i == 0 || gs[i].sep != 0 || !digit(gs[i-1].r) {
			return gs
		}
		some, last, i = true, end == len(gs) || gs[end].sep != 0 || !counts(gs[end].r), end-1
	}
	if !some || !last {
		return gs
	}
	out := make([]glyph, 0, len(gs))
	for i := 0; i < len(gs); i++ {
		end := latinWord(gs, i)
		unit := latinUnit(gs, i, end)
		if unit == "" {
			out = append(out, gs[i])
			continue
		}
		out = append(out, unitFor(gs, i, end, unit)...)
		i = end - 1
	}
	return out
}

// turned brings gates' numbers behind the streets and villages that they are in front of: No.8 文昌路. Without No. only where other numbers are told in English.
func (g *Gazetteer) turned(gs []glyph) []glyph {
	latin := false
	for i := range gs {
		latin = latin || gs[i].r == '#' || latinWord(gs, i) > i+1
	}
	if !latin {
		return gs
	}
	var named []hit
	for i := 0; i < len(gs); i++ {
		head := gateHead(gs, i)
		if head == i && !(digit(gs[i].r) && (i == 0 || gs[i].sep != 0 || gs[i].inside && !gs[i-1].inside)) {
			continue
		}
		if named == nil {
			named = g.names.hits(gs)
		}
		for q := head; q < len(gs) && digit(gs[q].r) && q-head < 7; q++ {
			if q+1 == len(gs) || !gs[q+1].gap || gs[q+1].sep != 0 {
				continue
			}
			if to := g.gated(gs, named, q+1, head > i); to > 0 {
				return g.turned(turn(gs, stretch{i, head}, stretch{head, q + 1}, stretch{q + 1, to}))
			}
		}
	}
	return gs
}

// gateHead is the end of No. or # at i, i itself where none stands there.
func gateHead(gs []glyph, i int) int {
	if gs[i].r == '#' && (i == 0 || gs[i].gap) {
		return i + 1
	}
	if end := latinWord(gs, i); latinUnit(gs, i, end) == "号" {
		return end
	}
	return i
}

// gated is the end of the name at p of what gates are counted by, if nothing that counts stands behind it; 0 where there is none.
func (g *Gazetteer) gated(gs []glyph, named []hit, p int, said bool) (to int) {
	for _, h := range named {
		if h.from != p || h.to <= to || h.to < len(gs) && (!gs[h.to].gap || digit(gs[h.to].r) && gs[h.to].sep == 0) {
			continue
		}
		alone := h.to == len(gs) || gs[h.to].sep != 0
		if slices.ContainsFunc(h.rows, func(r int32) bool {
			row := g.names.rows[r]
			switch row.place.kind() {
			case placeStreet:
				return said || alone
			case placeCompound:
				return said && alone && row.grade != stem
			}
			return said && g.levelOf(row.place) == Community
		}) {
			to = h.to
		}
	}
	return to
}

// turn puts a number behind a name, without what stood before it.
func turn(gs []glyph, head, number, name stretch) []glyph {
	out := append(make([]glyph, 0, len(gs)+1), gs[:head.from]...)
	first := len(out)
	out = append(out, gs[name.from:name.to]...)
	out[first].gap, out[first].sep, out[first].colon, out[first].field, out[first].inside = true, gs[head.from].sep, gs[head.from].colon, gs[head.from].field, gs[name.from].inside
	second := len(out)
	out = append(out, gs[number.from:number.to]...)
	out[second].gap, out[second].sep, out[second].colon = true, 0, false
	end := out[len(out)-1]
	return append(append(out, glyph{r: '号', from: end.to, to: end.to, inside: end.inside}), gs[name.to:]...)
}
