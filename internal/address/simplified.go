package address

import (
	_ "embed"
	"strings"
)

// traditional are pairs of a traditional or variant character and the simplified one, which stand for each other wherever they stand alone. Those are left out
// that simplified texts write, too, and mean as such (乾, 夥). The table is drawn from OpenCC's of characters (Apache License 2.0).
//
//go:embed simplified.txt
var traditional string

// firstHan to lastHan are the characters that simplified looks up.
const firstHan, lastHan = 0x4E00, 0x9FFF

var simplifiedOf = func() (t [lastHan - firstHan + 1]uint16) {
	for _, pair := range strings.Fields(traditional) {
		two := []rune(pair)
		t[two[0]-firstHan] = uint16(two[1])
	}
	return t
}()

// simplified is a character as it is written on the mainland.
func simplified(r rune) rune {
	if r >= firstHan && r <= lastHan {
		if s := simplifiedOf[r-firstHan]; s != 0 {
			return rune(s)
		}
	}
	return r
}
