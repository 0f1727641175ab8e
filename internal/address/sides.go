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
