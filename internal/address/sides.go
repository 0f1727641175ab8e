package address

import "slices"

// sides say on which side of a street, or on which stretch of it, a number is. The number says it better: 文昌路北侧66号, 文昌路（中段）66号.
var sides = lexiconOf("东侧", "西侧", "南侧", "北侧", "路东", "路西", "路南", "路北", "东边", "西边", "南边", "北边", "东段", "西段", "南段", "北段", "中段", "路边", "上")

// sideless leaves sides out that stand between a street and a number, and are no part of a name. beside is how many of them would say, elsewhere, that a place
// beside the one named is meant.
func (g *Gazetteer) sideless(gs []glyph) (out []glyph, beside int) {
	var named []hit
	from := 0
	for i := 1; i < len(gs); i++ {
		n := wordAt(gs, i, sides)
		if n == 0 || i+n == len(gs) || !digit(gs[i+n].r) || gs[i+n].sep != 0 || !has("路街道巷", gs[i-1].r) {
			continue
		}
		if named == nil {
			named = g.names.hits(gs)
		}
		street := slices.ContainsFunc(named, func(h hit) bool { return h.to == i })
		part := slices.ContainsFunc(named, func(h hit) bool { return h.from < i+n && h.to > i })
		if street && !part {
			out = append(out, gs[from:i]...)
			from = i + n
			beside += b2i(wordAt(gs, i, relations) > 0)
		}
	}
	if from == 0 {
		return gs, 0
	}
	return append(out, gs[from:]...), beside
}

// lifted puts a bracket between two numbers to the front that tells what the place lies in: 文昌路66号（泗滨市钟山街道）301.
func (g *Gazetteer) lifted(gs []glyph) []glyph {
	for from := 1; from < len(gs); from++ {
		if !gs[from].inside || gs[from-1].inside || !counts(gs[from-1].r) && !has("号栋幢楼座#", gs[from-1].r) {
			continue
		}
		to := from
		for to < len(gs) && gs[to].inside && (to == from || gs[to].sep == 0) {
			to++
		}
		if to == len(gs) || !digit(gs[to].r) || gs[to].inside || !g.tells(gs[from:to]) || g.ends(gs[:from]) {
			continue
		}
		out := append(slices.Clone(gs[from:to]), gs[:from]...)
		out = append(out, gs[to:]...)
		for i := range to - from {
			out[i].inside = false
		}
		out[to-from].gap, out[to-from].sep = true, ','
		return out
	}
	return gs
}

// ends says whether glyphs end with a name.
func (g *Gazetteer) ends(gs []glyph) bool {
	return slices.ContainsFunc(g.names.hits(gs), func(h hit) bool { return h.to == len(gs) })
}

// tells says whether glyphs are names of divisions and a street's with its gate, and nothing else.
func (g *Gazetteer) tells(gs []glyph) bool {
	named := g.names.hits(gs)
	p := 0
	for p < len(gs) {
		k := slices.IndexFunc(named, func(h hit) bool { return h.from == p })
		if k < 0 {
			return false
		}
		p = named[k].to
		if slices.ContainsFunc(named[k].rows, func(r int32) bool { return g.names.rows[r].place.kind() == placeStreet }) {
			if els, end := readElements(gs, p); len(els) == 1 && countsGates(els[0].unit) {
				p = end
			}
		}
	}
	return p > 0
}
