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
}

// Suggest completes what somebody is typing: names by their characters, by pinyin, by its first letters, or mixed, from the beginning or
// from the middle, with one wrong character forgiven; behind a name the numbers of buildings, entrances and houses. The best come first,
// among equals those in the division in view.
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
	list := g.numbersBehind(gs, text, o)
	if len(list) == 0 || list[0].score < 90 { // the name itself isn't whole yet
		names := g.suggestNames(text, o)
		fits, _ := slices.BinarySearchFunc(names, 75., func(s scored, least float64) int { return cmp.Compare(least, s.score) })
		list = slices.Concat(names[:fits], list, names[fits:])
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

// suggestNames gives the places whose names fit, the best first.
func (g *Gazetteer) suggestNames(text string, o Options) []scored {
	var q []rune
	for _, c := range folded(text) {
		q = append(q, c.r)
	}
	if len(q) == 0 {
		return nil
	}
	s := &search{g: g, o: o, spell: spell(q), key: []rune(key(text)), most: max(3*o.Most, 30)}
	s.letters = slices.ContainsFunc(s.spell.q, letter)
	s.reach()
	for _, i := range g.names.typed {
		s.row(&g.names.rows[i])
	}
	if len(s.key) >= 2 && !s.letters || len(s.top) < o.Most && len(s.key) >= 4 {
		s.forgive()
	}
	return s.top
}

// search is one question over all names.
type search struct {
	g       *Gazetteer
	o       Options
	spell   spelling
	key     []rune
	letters bool
	most    int
	top     []scored
	reached [2][]uint64 // how far what was typed gets with the names of divisions and streets in front
}

// reach goes over the names of divisions and streets that may stand in front: 重庆路 in cqlcl.
func (s *search) reach() {
	n := &s.g.names
	if len(s.spell.q) < 3 {
		return
	}
	s.reached = [2][]uint64{make([]uint64, len(s.g.divisions)), make([]uint64, len(s.g.streets))}
	for _, i := range n.typed[:n.front] {
		r := &n.rows[i]
		from := s.above(r.place)
		if s.spell.mayBegin(0, r, 0) {
			from |= 1
		}
		if from == 0 {
			continue
		}
		if bits := s.spell.over(from, r); bits != 0 {
			s.reached[r.place.kind()>>28][r.place.index()] |= bits
		}
	}
}

// above is how far one gets with what a place lies in.
func (s *search) above(p place) (bits uint64) {
	if s.reached[0] == nil {
		return 0
	}
	d, i := int32(-1), p.index()
	switch p.kind() {
	case placeDivision:
		d = s.g.divisions[i].parent
	case placeStreet:
		d = s.g.streets[i].division
	case placeCompound:
		c := s.g.compounds[i]
		if d = c.division; c.street >= 0 {
			bits |= s.reached[1][c.street]
		}
	case placeBuilding:
		b := s.g.buildings[i]
		if d = b.division; b.street >= 0 {
			bits |= s.reached[1][b.street]
		}
	}
	for ; d >= 0; d = s.g.divisions[d].parent {
		bits |= s.reached[0][d]
	}
	return bits
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
		s.put(r, best)
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
func (s *search) put(r *nameRow, score float64) {
	score += [...]float64{own: 0, learned: -1, official: -1, stem: -5}[r.grade]
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
	s.top = slices.Insert(s.top, i, scored{r.place, score})
}

// forgive looks for names that fit with one difference, never in a number.
func (s *search) forgive() {
	for _, i := range s.g.names.typed {
		r := &s.g.names.rows[i]
		if s.o.Within != "" && !strings.HasPrefix(r.code, s.o.Within) {
			continue
		}
		if s.letters {
			if end := s.spell.nearly(r); end > 0 {
				s.put(r, .5*fit(0, end, len(r.spoken)))
			}
			continue
		}
		if score := s.slip(r); score > 0 {
			s.put(r, score)
		}
	}
}

// slip is how well a name fits with one difference: the whole of it, its beginning, or what stands in its middle.
func (s *search) slip(r *nameRow) float64 {
	n, q := len(r.key), len(s.key)
	if n < q-1 {
		return 0
	}
	if n <= q+1 {
		if d := difference(s.key, r.key); d.kind != same && d.kind != far && !d.renumbers() && (q >= 3 || d.kind == missing) {
			if d.kind == missing && q >= 3 {
				return 59.5 // as good as a longer name that has it in its middle
			}
			return 50 + s.bonus(d)
		}
	}
	if q < 3 {
		return 0
	}
	best := 0.
	for size := q - 1; size <= q+1 && size < n; size++ {
		if d := difference(s.key, r.key[:size]); d.kind == wrong || d.kind == swapped || d.kind == extra && size == q-1 || d.kind == missing && size == q+1 {
			if !d.renumbers() {
				best = max(best, 40+s.bonus(d)-.3*float64(min(n-size, 10)))
			}
		}
	}
	if best > 0 || q < 4 {
		return best
	}
	for i := 1; i+q-1 <= n; i++ {
		for size := q - 1; size <= q+1 && i+size <= n; size++ {
			if d := difference(s.key, r.key[i:i+size]); d.kind == wrong || d.kind == swapped || d.kind == extra || d.kind == missing {
				if !d.renumbers() {
					best = max(best, 30+s.bonus(d))
				}
			}
		}
	}
	return best
}

// bonus prefers slips that people make: the same sound, a character twice.
func (s *search) bonus(d edit) float64 {
	switch {
	case d.kind == wrong && s.g.names.sound.alike(d.a, d.b):
		return 5
	case d.kind == extra && doubled(s.key, d.a), d.kind == swapped:
		return 3
	case !d.forgivable():
		return -3
	}
	return 0
}

func index(name, part []rune) int {
	for i := 0; i+len(part) <= len(name); i++ {
		if slices.Equal(name[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}
