package address

import "slices"

// nearHits are the names that stand in a text with one character wrong, missing or too many, where no name stands as it is.
func (n *names) nearHits(gs []glyph, exact []hit) []hit {
	key := []rune(keyOf(gs))
	taken := make([]bool, len(key)+1)
	for _, h := range exact {
		if slices.ContainsFunc(h.rows, func(r int32) bool { return n.rows[r].grade != stem }) {
			for i := h.from; i < h.to; i++ {
				taken[i] = true
			}
		}
	}
	var out []hit
	for i := range key {
		if digit(key[i]) && i > 0 && digit(key[i-1]) {
			continue
		}
		for j := i + 1; j <= len(key) && j-i <= 14 && !taken[j-1]; j++ {
			if j-i >= 3 && (j == len(key) || !digit(key[j]) || !digit(key[j-1])) {
				if rows, rivals := n.close(key[i:j]); len(rows) > 0 {
					out = append(out, hit{i, j, rows, 1, rivals})
				}
			}
		}
	}
	return out
}

// close are the names with exactly one difference from a text, when it can be a slip; and whether names of several places are so close.
func (n *names) close(text []rune) (out []int32, rivals bool) {
	first := noPlace
	look := func(h uint64) {
		for _, r := range n.near[h] {
			d := difference(text, n.rows[r].key)
			if d.kind == same || d.kind == far {
				continue
			}
			if first == noPlace {
				first = n.rows[r].place
			}
			rivals = rivals || n.rows[r].place != first
			if (d.forgivable() || d.kind == extra && !d.number() && doubled(text, d.a)) && !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	look(hashWithout(text, -1))
	for i := range text {
		look(hashWithout(text, i))
	}
	return out, rivals
}

// believable says how far a slip may be taken for the name. What is particular to the name (明珠 in 明珠小区) has to be long enough that
// most of it is still there, or to sound the same; otherwise, and where it is another kind of place, something else has to speak for it.
func (n *names) believable(text []rune, row int32, supported bool) bool {
	name := n.rows[row].key
	d := difference(text, name)
	own := len(name)
	if s := particular(string(name)); s != "" {
		own = len([]rune(s))
	}
	switch {
	case !slices.Equal(text[len(text)-min(len(text), len(name)-own):], name[own:]) && len(text) > own: // 苑 or 园
		return supported
	case own >= 3:
		return true
	case own < 2:
		return false
	case d.kind == wrong && n.sound.alike(d.a, d.b):
		return true
	case d.kind == extra && len(text) > 1 && doubled(text, d.a):
		return true
	}
	return supported
}

func doubled(text []rune, r rune) bool {
	for i := 1; i < len(text); i++ {
		if text[i] == r && text[i-1] == r {
			return true
		}
	}
	return false
}

// particular is a name without the word that says what it names, empty where it has none.
func particular(name string) string {
	gs := folded(name)
	for i := 1; i < len(gs); i++ {
		if k, end := kindAt(gs, i); k >= 0 && end == len(gs) {
			return name[:gs[i].from]
		}
	}
	return ""
}
