package address

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// names is the index of all names: by the whole key, and in a row for those that look for parts and for mistakes.
type names struct {
	rows  []nameRow
	exact map[string][]int32 // key → rows
	typed []int32            // the rows that Suggest looks through: what people begin to type
	front int                // how many of typed are divisions and streets
	sizes map[rune]uint64    // first character → the lengths of names that begin with it
	whole map[string][]place // whole addresses that were placed once
	near  map[uint64][]int32 // hash of a key with one character left out → rows
	sound sounds
}

type nameRow struct {
	place  place
	grade  grade
	key    []rune
	spoken []rune     // without numerals as digits
	plain  []rune     // spoken, each numeral below ten as its digit
	sounds [][]string // the readings of each of spoken
	marks  []uint32   // the letters that they begin with, a bit a letter
	code   string     // of the division that the place lies in
}

// With makes a gazetteer that knows more aliases: names of places, and whole addresses. An alias of something that isn't there any more is
// left out. It shares everything else with g.
func (g *Gazetteer) With(more []Alias) *Gazetteer {
	next := *g
	next.aliases = append(slices.Clone(g.aliases), more...)
	next.names = names{exact: map[string][]int32{}, sizes: map[rune]uint64{}, whole: map[string][]place{}, near: map[uint64][]int32{}, sound: newSounds()}
	n := &next.names
	for i, d := range next.divisions {
		n.addAll(&next, placeDivision|place(i), d.name, divisionLevel(d.code))
	}
	for i, s := range next.streets {
		n.addAll(&next, placeStreet|place(i), s.name, Street)
	}
	n.front = len(n.typed)
	for i, c := range next.compounds {
		n.addAll(&next, placeCompound|place(i), c.name, Compound)
	}
	for i, b := range next.buildings {
		if name := next.keys.words[b.name]; name != "" && utf8.RuneCountInString(name) > 1 && !numbered(name) {
			n.addAll(&next, placeBuilding|place(i), name, Building)
		}
	}
	next.addAliases()
	for i, c := range next.compounds {
		n.addPhases(&next, placeCompound|place(i), c.name)
	}
	return &next
}

// addPhases adds the forms of a name with a numeral, where no other place is called so.
func (n *names) addPhases(g *Gazetteer, p place, name string) {
	for _, text := range phases(name) {
		if !slices.ContainsFunc(n.exact[key(text)], func(r int32) bool { return n.rows[r].grade != phased && n.rows[r].place != p }) {
			n.add(p, g.codeOf(p), text, phased)
		}
	}
}

func numbered(name string) bool {
	gs := fold(name)
	els, end := readElements(gs, 0)
	return end == len(gs) && len(els) > 0
}

func (n *names) addAll(g *Gazetteer, p place, name string, l Level) {
	seen := make([]string, 0, 8)
	for _, v := range variants(name, l) {
		if k := key(v.text); k != "" && !slices.Contains(seen, k) {
			seen = append(seen, k)
			row := n.add(p, g.codeOf(p), v.text, v.grade)
			if row >= 0 && (v.text == name || !strings.HasSuffix(v.text, "自然村")) && (v.grade == own || v.grade == official && (l == Compound || v.text == shortName(name, l))) {
				n.typed = append(n.typed, row)
			}
		}
	}
}

func (n *names) add(p place, code, text string, gr grade) int32 {
	k := []rune(key(text))
	if len(k) == 0 || len(k) > 60 {
		return -1
	}
	spoken := []rune(keyOf(folded(text)))
	row := int32(len(n.rows))
	n.rows = append(n.rows, nameRow{place: p, grade: gr, key: k, spoken: spoken, plain: singly(spoken), code: code})
	n.sound.note(&n.rows[row])
	n.exact[string(k)] = append(n.exact[string(k)], row)
	n.sizes[k[0]] |= 1 << len(k)
	if len(k) >= 3 && (gr < official || gr == official && p.kind() == placeDivision) {
		for i := range k {
			h := hashWithout(k, i)
			if list := n.near[h]; len(list) == 0 || list[len(list)-1] != row {
				n.near[h] = append(list, row)
			}
		}
		h := hashWithout(k, -1)
		n.near[h] = append(n.near[h], row)
	}
	return row
}

// hashWithout is FNV-1a over the characters but one.
func hashWithout(k []rune, out int) uint64 {
	h := uint64(14695981039346656037)
	for i, r := range k {
		if i != out {
			h = (h ^ uint64(r)) * 1099511628211
		}
	}
	return h
}

func (g *Gazetteer) addAliases() {
	wanted := map[Ref]place{}
	for _, a := range g.aliases {
		if a.Of.Level >= Building {
			wanted[Ref{Level: a.Of.Level, ID: a.Of.ID}] = noPlace
		}
	}
	if len(wanted) > 0 {
		g.findRefs(wanted)
	}
	for _, a := range g.aliases {
		p, ok := g.refPlace(a.Of, wanted)
		k := key(a.Text)
		if !ok || k == "" || illegible(a.Text) {
			continue
		}
		if list := g.names.whole[k]; !slices.Contains(list, p) {
			g.names.whole[k] = append(list, p)
		}
		if p.kind() <= placeBuilding {
			if row := g.names.add(p, g.codeOf(p), a.Text, learned); row >= 0 {
				g.names.typed = append(g.names.typed, row)
			}
		}
	}
}

func (g *Gazetteer) refPlace(r Ref, deep map[Ref]place) (place, bool) {
	switch {
	case r.Code != "":
		i, ok := g.byCode[r.Code]
		return placeDivision | place(i), ok
	case r.Level == Street:
		i, ok := g.byStreet[r.ID]
		return placeStreet | place(i), ok
	case r.Level == Compound:
		i, ok := g.byCompound[r.ID]
		return placeCompound | place(i), ok
	}
	p, ok := deep[Ref{Level: r.Level, ID: r.ID}]
	return p, ok && p != noPlace
}

func (g *Gazetteer) findRefs(wanted map[Ref]place) {
	note := func(l Level, id int64, p place) {
		if _, ok := wanted[Ref{Level: l, ID: id}]; ok {
			wanted[Ref{Level: l, ID: id}] = p
		}
	}
	for i, b := range g.buildings {
		note(Building, b.id, placeBuilding|place(i))
	}
	for i, e := range g.entrances {
		note(Entrance, e.id, placeEntrance|place(i))
	}
	for i, h := range g.houses {
		note(House, h.id, placeHouse|place(i))
	}
}

// hit is a name found in a text.
type hit struct {
	from, to int // glyphs
	rows     []int32
	wrong    int  // characters wrong, missing or too many
	rivals   bool // a slip that can be that of several places' names
}

// hits are all names that stand in a text, but those within a longer one.
func (n *names) hits(gs []glyph) []hit { return n.outer(gs, n.all(gs, false)) }

// together are the names that end with a numeral right in front of a number that is written together with it: 锦园小区二二号楼.
func (n *names) together(gs []glyph) []hit { return n.all(gs, true) }

// all are all names in a text, or those that end within figures that are written one by one.
func (n *names) all(gs []glyph, together bool) []hit {
	var out []hit
	key := []rune(keyOf(gs))
	for i := range key {
		if i > 0 && digit(key[i]) && digit(key[i-1]) && !gs[i].gap {
			continue
		}
		sizes := n.sizes[key[i]]
		for size := 1; sizes>>size != 0 && i+size <= len(key); size++ {
			if sizes>>size&1 == 0 {
				continue
			}
			within := i+size < len(key) && digit(key[i+size]) && digit(key[i+size-1]) && !gs[i+size].gap
			if within != together || within && (!gs[i+size].numeral || gs[i+size].counted || key[i+size] == '0') {
				continue
			}
			if rows := n.exact[string(key[i:i+size])]; rows != nil {
				out = append(out, hit{from: i, to: i + size, rows: rows})
			}
		}
	}
	return out
}

// outer drops the hits that lie within a longer one: 花园 in 花园街. Not where only a number is more (幸福小区二3号楼 and 幸福小区2-3-501), nor where
// what is more can be the beginning of another name.
func (n *names) outer(gs []glyph, hits []hit) []hit {
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	out := hits[:0:0]
	for _, h := range hits {
		inner := slices.ContainsFunc(hits, func(o hit) bool {
			return o.from <= h.from && o.to >= h.to && o.to-o.from > h.to-h.from && !(o.from == h.from && (onlyNumber(gs[h.to:o.to]) || leadsOn(hits, h, o)))
		})
		if !inner {
			out = append(out, h)
		}
	}
	return out
}

// leadsOn says whether a name begins where inner ends that reaches farther than outer: 郭里 in 郭里镇头村, which is 镇头村 in 郭里.
func leadsOn(hits []hit, inner, outer hit) bool {
	return slices.ContainsFunc(hits, func(o hit) bool { return o.from == inner.to && o.to > outer.to })
}

// onlyNumber says whether glyphs are a number, or one that counts phases.
func onlyNumber(gs []glyph) bool {
	if n := len(gs) - 1; n > 0 && has("期区", gs[n].r) {
		gs = gs[:n]
	}
	return onlyDigits(gs)
}

func onlyDigits(gs []glyph) bool {
	for _, g := range gs {
		if !digit(g.r) {
			return false
		}
	}
	return true
}
