package mask

import (
	"slices"
	"strings"
)

// Text masks each telephone and ID number in free text, written with half- or full-width digits or Chinese numerals,
// in one piece or with spaces, dashes and brackets between. Everything else stays, character for character: house
// numbers, dates, amounts, codes of divisions and grids (isOldID says which). Where a number may be either, it is
// masked. What it doesn't find: a number with words between its digits; a local number of seven or eight digits
// that is a date or stands before a unit; a mobile's number with a digit too many that is a division's code then.
func Text(s string) string {
	t := text{runes: []rune(s)}
	t.split()
	t.hide = make([]bool, len(t.runes))
	for i := range t.groups {
		t.single(i)
		t.joined(i)
	}
	return cover(t.runes, t.hide)
}

// group is digits without anything between them, of one script.
type group struct{ from, to int } // runes [from, to)

type text struct {
	runes  []rune
	groups []group
	linked []bool // group i follows i-1 with nothing but a few separators between
	x      []int  // the place of an X behind group i, -1 without
	hide   []bool
}

// maxGap is how many separators may stand between two groups of one number: " - ", ") ".
const maxGap = 3

func (t *text) split() {
	for i := 0; i < len(t.runes); {
		if digit(t.runes[i]) < 0 {
			i++
			continue
		}
		g := group{i, i + 1}
		for g.to < len(t.runes) && digit(t.runes[g.to]) >= 0 && script(t.runes[g.to]) == script(t.runes[i]) {
			g.to++
		}
		t.linked = append(t.linked, len(t.groups) > 0 && t.gap(t.groups[len(t.groups)-1].to) == g.from)
		t.groups = append(t.groups, g)
		t.x = append(t.x, t.checkSign(g.to))
		i = g.to
	}
}

// gap is the place after the separators that stand at a place, if they aren't too many.
func (t *text) gap(at int) int {
	end := at
	for end < len(t.runes) && end-at < maxGap && isSeparator(t.runes[end]) {
		end++
	}
	return end
}

// checkSign is the place of an X behind a group, -1 if there is none.
func (t *text) checkSign(at int) int {
	if i := t.gap(at); i < len(t.runes) && strings.ContainsRune("xXｘＸ×✕Χχ", t.runes[i]) {
		return i
	}
	return -1
}

// script keeps digits apart that nobody writes in one number: 二13812345678.
func script(r rune) int {
	switch {
	case r < 0x80:
		return 0
	case chinese[r] != 0 || r == '〇' || r == '零':
		return 1
	default:
		return 2
	}
}

func (t *text) places(from, to int) []int {
	var at []int
	for _, g := range t.groups[from:to] {
		for i := g.from; i < g.to; i++ {
			at = append(at, i)
		}
	}
	return at
}

// cover hides the digits of a number but the first and the last ones.
func (t *text) cover(at []int, first, last int) {
	for _, i := range at[first : len(at)-last] {
		t.hide[i] = true
	}
}

// single masks what one group holds by itself, also what only means trouble: a number that a mobile's is stuck in.
func (t *text) single(i int) {
	at := t.places(i, i+1)
	switch n := numberOf(t.runes, at); {
	case len(n) > 18, len(n) == 17 && t.x[i] < 0, len(n) == 16:
		t.cover(at, 0, 0)
	case len(n) > 11 && len(n) < 16 && holdsMobile(n) && !isCode(n) && !prefixed(n):
		t.cover(at, 0, 0)
	case (len(n) == 7 || len(n) == 8) && t.isLocal(i, n):
		t.cover(at, 0, 4)
	}
}

// joined masks the numbers that begin with group i and go on over the next ones. Every way to read them counts: a
// number that is masked in one reading only is masked.
func (t *text) joined(i int) {
	for j := i; j < len(t.groups) && (j == i || t.linked[j]); j++ {
		at := t.places(i, j+1)
		n := numberOf(t.runes, at)
		if len(n) > 18 {
			return
		}
		if t.points(at) {
			continue
		}
		switch {
		case isMobile(n), prefixed(n):
			t.cover(at, len(n)-8, 4)
		case isID(n, i == j), isOldID(n):
			t.cover(at, 6, 2)
		case len(n) == 17 && t.x[j] >= 0 && isID(n+"0", i == j):
			t.cover(at, 6, 1)
		case areaCode(n) > 0 && t.parted(i, j, areaCode(n)):
			t.cover(at, areaCode(n), 4)
		case isService(n) && t.parted(i, j, 3):
			t.cover(at, 3, 4)
		case i < j && len(n) <= 8 && len(n) >= 7 && n[0] > '1' && t.parted(i, j, 0) && t.announced(t.groups[i].from):
			t.cover(at, 0, 4)
		}
	}
}

// points says whether the separators of a number are those of decimals: one point, or points and others.
func (t *text) points(at []int) bool {
	points, others := 0, 0
	for n := 1; n < len(at); n++ {
		for _, r := range t.runes[at[n-1]+1 : at[n]] {
			if r == '.' || r == '．' {
				points++
			} else {
				others++
			}
		}
	}
	return points == 1 || points > 0 && others > 0
}

// parted says whether a landline's number is written as such numbers are: in one piece, or cut behind the area code and
// before the last four digits, nowhere else. Dates with times aren't.
func (t *text) parted(i, j, area int) bool {
	sum := 0
	for _, g := range t.groups[i : j+1] {
		sum += g.to - g.from
	}
	length := 0
	for _, g := range t.groups[i:j] {
		if length += g.to - g.from; length != area && length != sum-4 {
			return false
		}
	}
	return true
}

// isLocal says whether seven or eight digits are a landline's without its area code: somebody says so before them, or
// they begin like one and nothing speaks for a date or an amount.
func (t *text) isLocal(i int, n string) bool {
	g := t.groups[i]
	switch {
	case t.announced(g.from):
		return n[0] >= '2'
	case n[0] < '2', n[0] > '8', isDate(n), t.linked[i], i+1 < len(t.groups) && t.linked[i+1]:
		return false
	}
	before := string(t.runes[max(0, g.from-1):g.from])
	after := strings.TrimLeft(string(t.runes[g.to:min(len(t.runes), g.to+4)]), " ")
	return !strings.ContainsAny(before, "¥￥$€,，.．#№") && !isUnit(after)
}

// announced says whether a word for telephones stands right before a place.
func (t *text) announced(at int) bool {
	before := strings.ToLower(string(t.runes[max(0, at-8):at]))
	return slices.ContainsFunc([]string{"电话", "座机", "固话", "联系", "拨打", "来电", "回电", "致电", "tel", "phone"}, func(w string) bool {
		return strings.Contains(before, w)
	})
}
