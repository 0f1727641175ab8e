package address

import (
	"cmp"
	"slices"
)

// Parse reads an address by its grammar alone (doc.go), without knowing which places there are. Any text gives an answer; what isn't
// understood is in Rest.
func Parse(text string) Address {
	return parse(text, numerals(folded(text)), nil)
}

// parse reads what is written in a text but for what was left out of it.
func parse(text string, written, left []glyph) Address {
	without, labels := fields(english(written), func([]glyph) bool { return false })
	all := dashed(without)
	p := parser{text: text, gs: all[:min(len(all), longest)]}
	for p.at < len(p.gs) {
		p.step()
	}
	p.flush(len(p.gs))
	if p.gs = all; len(all) > longest {
		p.unread(Unknown, all[longest:])
	}
	if labels = append(labels, left...); len(labels) > 0 {
		p.unread(Filler, labels)
		slices.SortFunc(p.out.Rest, func(a, b Rest) int { return cmp.Compare(a.Start, b.Start) })
	}
	return p.out
}

// unread hands back what isn't read: in pieces, each from the edge of a field.
func (p *parser) unread(k RestKind, gs []glyph) {
	for len(gs) > 0 {
		n := 1
		for n < len(gs) && !gs[n].field {
			n++
		}
		start, end := gs[0].from, gs[n-1].to
		p.out.Rest = append(p.out.Rest, Rest{k, p.text[start:end], start, end})
		gs = gs[n:]
	}
}

// longest is how many characters of a text are read as an address; what goes on behind them isn't one.
const longest = 256

type parser struct {
	text  string
	gs    []glyph
	at    int
	name  int // where the characters begin that are no part yet
	low   Level
	house bool // a building or something deeper has been read
	out   Address
}

// step reads what stands at p.at, or moves on by one character.
func (p *parser) step() {
	gs := p.gs
	if gs[p.at].r == dash && p.name == p.at {
		if els, _ := readElements(gs, p.at); len(els) == 0 {
			p.at, p.name = p.at+1, p.at+1
			return
		}
	}
	if gs[p.at].gap && p.name < p.at && (p.boundary() || gs[p.at].field) {
		p.flush(p.at)
	}
	if end := strange(gs, p.at); end > p.at {
		p.flush(p.at)
		p.rest(Phone, p.at, end)
		p.at = end
		return
	}
	if n := wordAt(gs, p.at, relations); n > 0 && p.name == p.at && len(p.out.Parts) > 0 && !p.nameGoesOn(p.at, n) && !p.remark(p.at+n) {
		p.rest(Relation, p.at, p.at+n)
		p.at += n
		return
	}
	n := wordAt(gs, p.at, fillers)
	if p.at == 0 {
		n = max(n, introduction(gs))
	}
	if n > 0 && p.name == p.at && (n > 1 || p.low >= Number || p.low == Street) {
		p.rest(Filler, p.at, p.at+n)
		p.at += n
		return
	}
	if els, end := readElements(gs, p.at); len(els) > 0 && p.numbered(els) {
		p.elements(els, end)
		return
	}
	if end, level := p.kind(); end > 0 {
		p.part(level, p.name, end)
		p.at, p.name = end, end
		return
	}
	p.at++
}

// remark says whether what stands at p.at and goes on at from is a sentence of its own behind a whole address: 501室，门口有狗.
func (p *parser) remark(from int) bool {
	return apart(p.gs, p.at) && from < len(p.gs) && !p.gs[from].gap && (p.get(House) != "" || p.get(Number) != "" && !p.house)
}

// boundary says whether what was read so far can be a name of its own because a blank or bracket stands behind it.
func (p *parser) boundary() bool { return p.house || p.gs[p.at].inside }

// nameGoesOn says whether what looks like a relation is the beginning of a name: 路口村.
func (p *parser) nameGoesOn(at, n int) bool {
	if at+n >= len(p.gs) {
		return false
	}
	i, _ := kindAt(p.gs, at+n)
	return i >= 0 && !kindWords[i].weak
}

// numbered says whether elements are numbers of the address, and not part of a name as in 三里营 or 一中家属院.
func (p *parser) numbered(els []element) bool {
	e := els[0]
	if has(directions, []rune(e.num)[0]) && numberLen(e.num) == 0 && (p.name < p.at || p.low < Number) { // 南门里, 东区
		return false
	}
	if e.unit != bare {
		return e.unit != unitStorey || numberLen(e.num) > 0 || p.name < p.at || p.house
	}
	if letter([]rune(e.num)[0]) && p.name == p.at && !p.house && p.low < Number && len(els) == 1 {
		return false
	}
	if len(els) > 1 {
		return true
	}
	return e.to == len(p.gs) || p.gs[e.to].gap && !p.gs[e.from].inside || p.house || wordAt(p.gs, e.to, relations) > 0 || p.gs[e.to].r == dash
}

// kind says where a name ends that ends at a kind word at p.at, or 0. A name has one character at least in front of its kind word.
func (p *parser) kind() (int, Level) {
	if p.at == p.name {
		return 0, Nothing
	}
	i, end := kindAt(p.gs, p.at)
	if i < 0 {
		return 0, Nothing
	}
	for end < len(p.gs) && !p.gs[end].gap { // 花园街, 新村社区, 街道 behind 路
		j, further := kindAt(p.gs, end)
		if j < 0 || !goesOn(i, j) {
			break
		}
		i, end = j, further
	}
	k := kindWords[i]
	if k.weak && !p.ends(end) {
		return 0, Nothing
	}
	level := k.level
	if level == County && k.word == "市" && p.get(Prefecture) == "" && p.cityAbove(end) {
		level = Prefecture
	}
	if level != Nothing && level < p.low && !(level == Community && p.low <= Number) {
		if level < Community && !(level == Town && p.low < Compound) {
			return 0, Nothing
		}
	}
	return end, level
}

// goesOn says whether a name that could end at kind word i goes on to kind word j right behind it.
func goesOn(i, j int) bool {
	next := kindWords[j].level
	switch kindWords[i].level {
	case Compound:
		return next == Compound || next == Street || next == Community
	case Street:
		return next == Community
	case Community:
		return next == Community || kindWords[i].word == "村" && (next == Street || kindWords[j].word == "小区")
	}
	return false
}

// ends says whether a name can end at p: the text does, or a number, a blank or a relation follows.
func (p *parser) ends(at int) bool {
	if at >= len(p.gs) || p.gs[at].gap || wordAt(p.gs, at, relations) > 0 {
		return true
	}
	els, _ := readElements(p.gs, at)
	return len(els) > 0 && (els[0].unit != bare || len(els) > 1 || els[0].to == len(p.gs) || digit(p.gs[at].r))
}

// cityAbove says whether another city, county or district follows: then the city before it is a prefecture.
func (p *parser) cityAbove(from int) bool {
	for i := from + 1; i < len(p.gs) && i < from+8; i++ {
		k, end := kindAt(p.gs, i)
		if k < 0 || kindWords[k].weak {
			continue
		}
		return kindWords[k].level == County && (kindWords[k].word != "区" || i-from <= 4) || kindWords[k].level == Nothing && p.cityAbove(end)
	}
	return false
}

// flush makes what hasn't become a part until p a part, if it is a compound's name in front of a building's number, or a rest.
func (p *parser) flush(end int) {
	if p.name < end {
		p.rest(Unknown, p.name, end)
	}
	p.name = end
}

// elements places numbers: behind a street or a village the first is its number, the others count what lies below.
func (p *parser) elements(els []element, end int) {
	named := p.name < p.at
	if named {
		switch {
		case p.house:
			p.flush(p.at)
		default:
			p.part(Compound, p.name, p.at)
		}
	}
	p.name = p.at
	for i := 1; i < len(els); i++ { // 12号院内3号楼
		gap := els[i-1].to
		if gap < els[i].from && p.gs[gap].r == dash {
			gap++
		}
		if gap < els[i].from {
			p.rest(Filler, gap, els[i].from)
		}
	}
	last := p.low
	from := Section
	switch {
	case last == Street || (last == Community || last == Section) && !p.house && p.get(Compound) == "" && counted1(els):
		for len(els) > 0 && els[0].section != "" && last == Community {
			p.add(Section, els[0].section, els[0].from, els[0].to)
			els = els[1:]
		}
		if len(els) == 0 {
			break
		}
		if joined, ok := join(els, 0); ok && (joined[0].unit == unitMark || joined[0].unit == unitHash) {
			els = joined
		}
		if u := els[0].unit; u == bare || u == unitMark || u == unitHash || u == unitYard {
			p.add(Number, els[0].num, els[0].from, els[0].to)
			els = els[1:]
		}
		if len(els) > 0 && (els[0].unit == bare) {
			from = Entrance
		}
	case last == Number && !p.house && p.get(Compound) == "" && (els[0].unit == bare):
		from = Entrance
	case last >= Section && last < House:
		from = last + 1
		if last == Section {
			from = Section
		}
	}
	if r, ok := likely(els, from); ok && last < House {
		for i, l := range r.filled {
			normal := els[i].num
			if l == Section {
				if normal = els[i].section; normal == "" {
					normal = els[i].num
				}
			}
			p.add(l, normal, els[i].from, els[i].to)
		}
	} else {
		for _, e := range els {
			p.rest(Unknown, e.from, e.to)
		}
	}
	p.at, p.name = end, end
}

// counted1 says whether a number follows that a village counts by: 45号, 3组12号.
func counted1(els []element) bool {
	for _, e := range els {
		if e.section != "" && e.unit != unitPhase {
			continue
		}
		return e.unit == bare || e.unit == unitMark || e.unit == unitHash || e.unit == unitYard
	}
	return true
}

func (p *parser) get(l Level) string { return p.out.Get(l) }

func (p *parser) part(l Level, from, to int) {
	for to-from > 1 && p.gs[from].r == dash {
		from++
	}
	if l == Nothing || p.gs[from].r == dash {
		p.rest(Unknown, from, to)
		return
	}
	normal := make([]rune, 0, to-from)
	for _, g := range folded(p.text[p.gs[from].from:p.gs[to-1].to]) {
		normal = append(normal, g.r)
	}
	p.add(l, string(normal), from, to)
}

func (p *parser) add(l Level, normal string, from, to int) {
	start, end := p.gs[from].from, p.gs[to-1].to
	p.out.Parts = append(p.out.Parts, Part{l, p.text[start:end], normal, start, end})
	p.low = l
	if l >= Building {
		p.house = true
	}
}

func (p *parser) rest(k RestKind, from, to int) {
	start, end := p.gs[from].from, p.gs[to-1].to
	p.out.Rest = append(p.out.Rest, Rest{k, p.text[start:end], start, end})
	p.name = to
}
