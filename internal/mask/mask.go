// Package mask makes what people see of telephone and ID numbers when they haven't asked for the whole: enough to
// tell two apart, too little to call or to look somebody up. It is pure; what is masked is still a person's data.
package mask

import "unicode"

// star stands for each hidden character, so that the length stays.
const star = '*'

// Phone masks a field that holds a telephone number: 138****5678, 010-****6666, +86 138 **** 5678. A number that is
// none of those keeps the last third of its digits, four at most. Characters that are neither digits nor separators are
// hidden, too: somebody may have put a name there.
func Phone(s string) string {
	runes := []rune(s)
	digits := positions(runes)
	hide := make([]bool, len(runes))
	for i, r := range runes {
		hide[i] = !isSeparator(r) && r != '+' && digit(r) < 0
	}
	number := numberOf(runes, digits)
	if n := len(number); prefixed(number) {
		digits, number = digits[n-11:], number[n-11:]
	}
	from, to := 0, len(digits)-min(4, len(digits)/3)
	switch area := areaCode(number); {
	case isMobile(number):
		from, to = 3, 7
	case area > 0:
		from, to = area, len(digits)-4
	}
	for _, i := range digits[from:to] {
		hide[i] = true
	}
	return cover(runes, hide)
}

// ID masks a field that holds an ID number: the first six (the place it was given out) and the last two stay, the
// birthday and the rest don't. Other papers' numbers keep the last two, short ones nothing.
func ID(s string) string {
	runes := []rune(s)
	var signs []int
	for i, r := range runes {
		if !isSeparator(r) {
			signs = append(signs, i)
		}
	}
	first, last := 0, 2
	switch n := len(signs); {
	case n == 18 || n == 15:
		first = 6
	case n < 6:
		last = 0
	}
	hide := make([]bool, len(runes))
	for _, i := range signs[first : len(signs)-last] {
		hide[i] = true
	}
	return cover(runes, hide)
}

func cover(runes []rune, hide []bool) string {
	out := make([]rune, len(runes))
	for i, r := range runes {
		if out[i] = r; hide[i] {
			out[i] = star
		}
	}
	return string(out)
}

// positions are the places of the digits.
func positions(runes []rune) []int {
	var at []int
	for i, r := range runes {
		if digit(r) >= 0 {
			at = append(at, i)
		}
	}
	return at
}

// numberOf is the digits at the places, as '0' to '9'.
func numberOf(runes []rune, at []int) string {
	b := make([]byte, len(at))
	for n, i := range at {
		b[n] = byte('0' + digit(runes[i]))
	}
	return string(b)
}

var chinese = map[rune]int{'〇': 0, '零': 0, '一': 1, '幺': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// digit is the value of a digit in any script (half and full width, Chinese numerals, …), -1 for other characters.
func digit(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r < 0x80:
		return -1
	}
	if d, ok := chinese[r]; ok {
		return d
	}
	if !unicode.Is(unicode.Nd, r) {
		return -1
	}
	// Decimal digits stand in runs of ten from their zero.
	d := 0
	for z := r - 1; unicode.Is(unicode.Nd, z); z-- {
		d++
	}
	return d % 10
}

// isSeparator says whether a character is one that people put inside a number: spaces, dashes, brackets, dots, and
// the invisible marks that come along when a number is copied from a telephone.
func isSeparator(r rune) bool {
	switch r {
	case '(', ')', '（', '）', '_', '−', 'ー', '.', '．', '·', '\ufe0f':
		return true
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf)
}
