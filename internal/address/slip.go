package address

import (
	"math/bits"
	"slices"
	"strings"
)

// forgiving looks for names with one slip in them, behind the names of what they lie in, and in front of numbers. It goes over a name
// and over all places in the text at once: a place in the text is a bit.
type forgiving struct {
	ranking
	search  *search
	text    []rune // plain
	places  placesOf
	numbers uint64 // where rows of numbers begin
	ends    []ending
	begins  [64]int8 // the ending that begins at a place in the text, counted from 1
}

// singly writes numerals below ten as digits, and leaves 十 as it is: what sounds like it may have been meant (白十铺 is 白石铺).
func singly(spoken []rune) []rune {
	i := slices.IndexFunc(spoken, func(r rune) bool { return numeralDigits[r] != 0 })
	if i < 0 {
		return spoken
	}
	out := slices.Clone(spoken)
	for ; i < len(out); i++ {
		if d := numeralDigits[out[i]]; d != 0 {
			out[i] = d
		}
	}
	return out
}

// placesOf has, for each character of a text, the places where it stands.
type placesOf [128]struct {
	r  rune
	at uint64
}

func (p *placesOf) slot(r rune) int {
	i := uint32(r) * 2654435769 >> 25
	for p[i].r != r && p[i].r != 0 {
		i = (i + 1) % uint32(len(p))
	}
	return int(i)
}

// forgive gives the places whose names fit with one slip, the best first: where numbers follow what they lead to, one of each place before
// the next of any.
func (s *search) forgive(ends []ending) []scored {
	f := &forgiving{ranking: ranking{g: s.g, o: s.o, most: s.most}, search: s, text: singly(s.spell.q), ends: ends}
	for i, r := range f.text {
		k := f.places.slot(r)
		f.places[k].r = r
		f.places[k].at |= 1 << i
	}
	f.findNumbers()
	for _, i := range s.g.names.typed {
		if r := &s.g.names.rows[i]; s.o.Within == "" || strings.HasPrefix(r.code, s.o.Within) {
			f.row(r)
		}
	}
	return f.follow()
}

// findNumbers notes where in the text the rows of numbers begin.
func (f *forgiving) findNumbers() {
	for i, c := range f.search.glyphs[:len(f.text)] {
		if k := slices.IndexFunc(f.ends, func(e ending) bool { return e.from == c.from }); k >= 0 {
			f.numbers |= 1 << i
			f.begins[i] = int8(k + 1)
		}
	}
}

// row goes over a name. none are the places reached without a slip, one those with one.
func (f *forgiving) row(r *nameRow) {
	from, end := 1|f.search.above(r.place), f.search.spell.ends
	none, one, before, was := from, from<<1, uint64(0), uint64(0)
	begun := false
	for i, c := range r.plain {
		if i > 0 && len(f.text) >= 4 {
			none |= 1
		}
		at := f.places[f.places.slot(c)].at
		next := none & at << 1
		one = one&at<<1 | none<<1 | none | next<<1 | (before&at<<1&was)<<1
		before, none, was = none, next, at
		begun = begun || one&end != 0
	}
	if whole := one & (end | f.numbers); whole != 0 {
		if score, at := f.whole(r, from, whole); score > 0 {
			f.put(r, score, at)
			return
		}
	}
	if begun {
		if score := f.part(r, from); score > 0 {
			f.put(r, score, 0)
		}
	}
}

// whole is how well a name fits between two of these places in the text, and the ending behind it.
func (f *forgiving) whole(r *nameRow, from, to uint64) (best float64, at int) {
	for ; to != 0; to &= to - 1 {
		end := bits.TrailingZeros64(to)
		for left := from & (1<<end - 1); left != 0; left &= left - 1 {
			begin := bits.TrailingZeros64(left)
			text := f.text[begin:end]
			score, k := f.slip(text, r.plain), int(f.begins[min(end, 63)])
			switch {
			case score == 0 || len(text) < 2 || k > 0 && f.ends[k-1].ambiguous() && renumbered(text, r.plain):
				continue
			case len(text) == 2 && score < forgivenMissing: // half of it is another
				score -= 15
			}
			if begin > 0 {
				score += 4
			}
			if k > 0 && f.ends[k-1].ambiguous() {
				score--
			}
			if score > best {
				best, at = score, k
			}
		}
	}
	return best, at
}

// renumbered says whether a name ends with a number that the text in front of another number lacks: 锦园小区三 is not 锦园小区二.
func renumbered(text, name []rune) bool {
	last := name[len(name)-1]
	return counts(last) && text[len(text)-1] != last
}

// part is how well the text fits the beginning of a name, or without anything in front of it the middle.
func (f *forgiving) part(r *nameRow, from uint64) (best float64) {
	n := len(r.plain)
	for left := from; left != 0; left &= left - 1 {
		text := f.text[bits.TrailingZeros64(left):]
		if len(text) < 3 {
			break
		}
		for size := len(text) - 1; size <= len(text)+1 && size < n; size++ {
			if score := f.slip(text, r.plain[:size]); score > 0 {
				best = max(best, score-15-.3*float64(min(n-size, 10)))
			}
		}
	}
	if q := len(f.text); best == 0 && q >= 4 {
		for i := 1; i+q-1 <= n; i++ {
			for size := q - 1; size <= q+1 && i+size <= n; size++ {
				if score := f.slip(f.text, r.plain[i:i+size]); score > 0 {
					best = max(best, score-25)
				}
			}
		}
	}
	return best
}

// What slips score: those before forgivenMissing that only one name in many can be meant by. A name that has the text in its middle scores 60 less
// a little.
const (
	forgivenDoubled = 66.
	forgivenSound   = 64.
	forgivenSwapped = 63.
	forgivenMissing = 59.7
	forgivenNumeral = 57. // one that the name has and the text lacks
	forgivenWrong   = 54.
	forgivenNumber  = 50. // another character for a numeral
	forgivenTelling = 47.
	forgivenExtra   = 46.
)

// slip is how believable the one difference between a text and a name is, 0 where there is none, more than one, or another number.
func (f *forgiving) slip(text, name []rune) float64 {
	d := difference(text, name)
	switch {
	case d.kind == same || d.kind == far || d.kind == swapped && d.number():
		return 0
	case d.kind == extra && doubled(text, d.a):
		return forgivenDoubled
	case d.kind == extra && d.number() || counts(d.a) && counts(d.b):
		return 0
	case counts(d.b) && d.kind == missing:
		return forgivenNumeral
	case counts(d.b):
		return forgivenNumber
	case d.kind == wrong && f.g.names.sound.alike(d.a, d.b):
		return forgivenSound
	case d.kind == swapped:
		return forgivenSwapped
	case d.kind == missing:
		return forgivenMissing
	case !d.forgivable() && !counts(d.a):
		return forgivenTelling
	case d.kind == extra:
		return forgivenExtra
	}
	return forgivenWrong
}

// follow goes on from the names to where the numbers behind them lead, if they lead anywhere.
func (f *forgiving) follow() []scored {
	out, more := make([]scored, 0, len(f.top)), []scored(nil)
	for i, s := range f.top {
		if s.at == 0 || i >= f.o.Most {
			out = append(out, s)
			continue
		}
		e := &f.ends[s.at-1]
		all := f.g.completions(s.place, e.els, e.open)
		if len(all) == 0 {
			out = append(out, scored{s.place, s.score - 3, 0})
		}
		for k, t := range all {
			switch {
			case k == 0:
				out = append(out, scored{t.at, s.score - 2*float64(t.cost), 0})
			case k < f.o.Most && i < 3:
				more = append(more, scored{t.at, s.score - 20, 0})
			}
		}
	}
	return append(out, more...)
}
