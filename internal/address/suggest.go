package address

import (
	"cmp"
	"slices"
	"strings"
)

// scored is a place that fits what was typed, and how well.
type scored struct {
	place place
	score float64
	at    int // the ending behind its name, 0 where there is none
}

// sureFit is what a name scores at least that begins as what was typed.
const sureFit = 75

// Suggest completes what somebody is typing: names by their characters, by pinyin, by its first letters, or mixed, from the beginning or
// from the middle, behind the names of what they lie in; behind a name the numbers of buildings, entrances and houses. One slip is forgiven in a
// name. The best come first, among equals those in the division in view; where a slip is forgiven no place fills the list with its parts.
func (g *Gazetteer) Suggest(text string, o Options) []Candidate {
	if o.Most == 0 {
		o.Most = 10
	}
	gs := fold(text)
	if len(gs) == 0 {
		return nil
	}
	if len(gs) > maxTyped { // nobody types that much in a search box
		text = text[:gs[maxTyped-1].to]
		gs = gs[:maxTyped]
	}
	ends := endings(gs, text)
	list := g.numbersBehind(ends, text, o)
	if len(list) == 0 || list[0].score < 90 || ends[0].ambiguous() { // the name itself isn't whole yet
		names, slips := g.suggestNames(text, ends, o)
		list = mixed(names, list, slips)
	}
	list = once(list)
	if len(list) > o.Most {
		list = list[:o.Most]
	}
	out := make([]Candidate, len(list))
	for i, s := range list {
		out[i] = g.candidate(s.place, min(s.score/120, .99))
	}
	return out
}

// mixed brings names, what numbers lead to behind a part of the text, and slips into one order: the names that fit surely, what lies
// behind such names, and the rest by how well it fits.
func mixed(names, behind, slips []scored) []scored {
	fits, _ := slices.BinarySearchFunc(names, sureFit, func(s scored, least float64) int { return cmp.Compare(least, s.score) })
	out, rest := slices.Clone(names[:fits]), slices.Concat(names[fits:], slips)
	for _, s := range behind {
		if s.score >= sureFit {
			out = append(out, s)
		} else {
			rest = append(rest, s)
		}
	}
	slices.SortStableFunc(rest, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	return append(out, rest...)
}

// once leaves each place where it stands first.
func once(list []scored) []scored {
	out := make([]scored, 0, len(list))
	for _, s := range list {
		if !slices.ContainsFunc(out, func(o scored) bool { return o.place == s.place }) {
			out = append(out, s)
		}
	}
	return out
}

// suggestNames gives the places whose names fit, and those that fit with a slip, or with one and a row of numbers behind them; the best first.
func (g *Gazetteer) suggestNames(text string, ends []ending, o Options) (names, slips []scored) {
	s := g.search(text, o)
	if s == nil {
		return nil, nil
	}
	switch enough := len(s.top) >= o.Most && s.top[o.Most-1].score >= sureFit; {
	case s.letters && len(s.top) < o.Most && len(s.key) >= 4:
		s.forgiveLetters()
	case !s.letters && len(s.spell.q) >= 2 && !enough:
		slips = s.forgive(ends)
	}
	return s.top, slips
}

// search looks for the names that fit as they are, nil where nothing was typed.
func (g *Gazetteer) search(text string, o Options) *search {
	gs := folded(text)
	if len(gs) == 0 {
		return nil
	}
	s := &search{ranking: ranking{g: g, o: o, most: max(3*o.Most, 30)}, typed: text, glyphs: gs, spell: spell([]rune(keyOf(gs))), key: []rune(key(text))}
	s.letters = slices.ContainsFunc(s.spell.q, letter)
	s.reach()
	for _, i := range g.names.typed {
		s.row(&g.names.rows[i])
	}
	return s
}

// ranking keeps the places that fit best.
type ranking struct {
	g    *Gazetteer
	o    Options
	most int
	top  []scored
}

// search is one question over all names.
type search struct {
	ranking
	typed   string
	glyphs  []glyph
	spell   spelling
	key     []rune
	letters bool
	reached [2][]uint64 // how far what was typed gets with the names of divisions and streets in front
}

// row looks whether a name fits.
func (s *search) row(r *nameRow) {
	if s.o.Within != "" && !strings.HasPrefix(r.code, s.o.Within) {
		return
	}
	best := 0.
	if !s.letters {
		if i := index(r.key, s.key); i >= 0 {
			best = fit(i, i+len(s.key), len(r.key))
		}
	} else {
		for i := range r.spoken {
			if s.spell.mayBegin(0, r, i) {
				if end := s.spell.through(1, r, i); end > 0 {
					best = max(best, fit(i, end, len(r.spoken)))
				}
			}
		}
	}
	if best < 90 {
		if bits := s.above(r.place); bits != 0 {
			if end := s.spell.through(bits, r, 0); end > 0 {
				best = max(best, fit(0, end, len(r.spoken))-4)
			}
		}
	}
	if best > 0 {
		s.put(r, best, 0)
	}
}

// fit is how well a stretch of a name fits: all of it, its beginning, its middle.
func fit(from, to, length int) float64 {
	rest := .3 * float64(min(length-(to-from), 10))
	switch {
	case from == 0 && to == length:
		return 100
	case from == 0:
		return 80 - rest
	}
	return 60 - rest
}

// put keeps a place among the best.
func (s *ranking) put(r *nameRow, score float64, at int) {
	score += [...]float64{own: 0, learned: -1, official: -1, phased: -1, stem: -5}[r.grade]
	score += [...]float64{8, 5, 2, 0}[distance(s.o.View, r.code)]
	switch r.place.kind() {
	case placeCompound:
		score += 3
	case placeStreet:
		score += 2
	case placeDivision:
		score += [...]float64{2: 0, 4: 0, 6: .5, 9: 1, 12: 2}[len(s.g.divisions[r.place.index()].code)]
	}
	if i := slices.IndexFunc(s.top, func(o scored) bool { return o.place == r.place }); i >= 0 {
		if s.top[i].score >= score {
			return
		}
		s.top = slices.Delete(s.top, i, i+1)
	}
	if len(s.top) == s.most {
		if s.top[s.most-1].score >= score {
			return
		}
		s.top = s.top[:s.most-1]
	}
	i, _ := slices.BinarySearchFunc(s.top, score, func(o scored, score float64) int {
		return cmp.Or(cmp.Compare(score, o.score), -1)
	})
	s.top = slices.Insert(s.top, i, scored{r.place, score, at})
}

// forgiveLetters looks for names that fit with one letter or character wrong, missing or too many.
func (s *search) forgiveLetters() {
	for _, i := range s.g.names.typed {
		r := &s.g.names.rows[i]
		if s.o.Within != "" && !strings.HasPrefix(r.code, s.o.Within) {
			continue
		}
		if end := s.spell.nearly(1|s.above(r.place), r); end > 0 {
			s.put(r, .5*fit(0, end, len(r.spoken)), 0)
		}
	}
}

func index(name, part []rune) int {
	for i := 0; i+len(part) <= len(name); i++ {
		if slices.Equal(name[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}
