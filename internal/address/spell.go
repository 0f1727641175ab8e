package address

import "math/bits"

// spelling is what was typed, character by character: Chinese characters stand for themselves, letters for the sounds of characters,
// whole (chang), begun (cha, at the end) or by their first letter (c).
type spelling struct {
	q     []rune
	marks []uint32 // the bit of each letter, 0 for what is none
	ends  uint64   // the bit behind the last character
}

// maxTyped is how much of what was typed is looked at, so that places in it fit the bits of a word.
const maxTyped = 62

func spell(q []rune) spelling {
	if len(q) > maxTyped {
		q = q[:maxTyped]
	}
	s := spelling{q, make([]uint32, len(q)), 1 << len(q)}
	for i, r := range q {
		if letter(r) {
			s.marks[i] = 1 << (r - 'A')
		}
	}
	return s
}

// step goes over character i of a name: from is the set of places in what was typed, as bits, that have been reached.
func (s spelling) step(from uint64, name *nameRow, i int) uint64 {
	var to uint64
	for left := from &^ s.ends; left != 0; left &= left - 1 {
		j := bits.TrailingZeros64(left)
		switch {
		case s.q[j] == name.spoken[i]:
			to |= 1 << (j + 1)
		case s.marks[j] == 0:
			if sameNumber(s.q[j], name.spoken[i]) {
				to |= 1 << (j + 1)
			}
		case s.marks[j]&name.marks[i] != 0:
			to |= s.sounds(j, name.sounds[i])
		}
	}
	return to
}

// sounds gives the places reached when a character with these readings is spelt from place j on.
func (s spelling) sounds(j int, readings []string) (to uint64) {
	for _, py := range readings {
		n := 0
		for n < len(py) && j+n < len(s.q) && s.q[j+n] == rune(py[n])-'a'+'A' {
			n++
		}
		if n == 0 {
			continue
		}
		to |= 1 << (j + 1)
		if n >= 2 && py[1] == 'h' {
			to |= 1 << (j + 2)
		}
		if n == len(py) || j+n == len(s.q) {
			to |= 1 << (j + n)
		}
	}
	return to
}

// sameNumber says whether one is the other's digit: 5 and 五.
func sameNumber(a, b rune) bool {
	return digit(a) && numeralDigits[b] == a || digit(b) && numeralDigits[a] == b
}

// mayBegin says whether what was typed from place j on can begin at character i of a name.
func (s spelling) mayBegin(j int, name *nameRow, i int) bool {
	if s.marks[j] != 0 {
		return s.marks[j]&name.marks[i] != 0
	}
	return s.q[j] == name.spoken[i] || sameNumber(s.q[j], name.spoken[i])
}

// through goes over a name from character i on, and gives where what was typed ends in it, 0 where it doesn't.
func (s spelling) through(from uint64, name *nameRow, i int) int {
	for ; i < len(name.spoken) && from != 0; i++ {
		if from = s.step(from, name, i); from&s.ends != 0 {
			return i + 1
		}
	}
	return 0
}

// nearly is through from the beginning of a name, with one letter or character wrong, missing or too many.
func (s spelling) nearly(from uint64, name *nameRow) int {
	switch {
	case from != 1, s.mayBegin(0, name, 0), s.mayBegin(1, name, 0), len(name.spoken) > 1 && (s.mayBegin(0, name, 1) || s.mayBegin(1, name, 1)):
	default:
		return 0
	}
	none, one := from, uint64(0)
	for i := range name.spoken {
		next := s.step(none, name, i)
		one = s.step(one, name, i) | none<<1 | none
		none = next
		one |= none << 1
		if (none|one)&s.ends != 0 {
			return i + 1
		}
	}
	return 0
}

// over gives the places in what was typed that are reached when a name has been gone over, or two characters of it and more.
func (s spelling) over(from uint64, name *nameRow) uint64 {
	var out uint64
	for i := range name.spoken {
		if from = s.step(from, name, i); from == 0 {
			break
		}
		if i >= 1 {
			out |= from
		}
	}
	return out &^ s.ends
}
