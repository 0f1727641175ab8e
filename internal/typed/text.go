package typed

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"jingwei/internal/fault"
)

// Hidden tells characters that nobody sees, which make two texts of what looks like one: marks of the direction of writing, those that turn it round,
// blanks without width, hyphens that are there at the end of a line alone. Those that join signs to one (👨‍👩‍👧) aren't among them.
func Hidden(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2060' && r <= '\u206f' || r == '\u200b' || r == '\u200e' || r == '\u200f' || r == '\u061c' || r == '\u00ad' || r == '\ufeff'
}

// empty says whether there is nothing to see in a text.
func empty(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) && !strings.ContainsRune("\u115f\u1160\u3164\uffa0\u2800", r)
	})
}

// Text drops what isn't seen and could do harm (control characters, what is Hidden), makes line ends one kind, and counts characters: there have to be so
// many at least and at most. what is the field's name, for the fault (Invalid).
func Text(what, whatZH, s string, least, most int) (string, error) {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ").Replace(strings.ToValidUTF8(s, ""))
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || Hidden(r) {
			return -1
		}
		return r
	}, s))
	if empty(s) {
		s = ""
	}
	switch n := utf8.RuneCountInString(s); {
	case n < least && least == 1:
		return "", fault.New(fault.Invalid, whatZH+"（"+what+"）不能为空", what+" is empty").At(what)
	case n < least:
		return "", fault.New(fault.Invalid, fmt.Sprintf("%s（%s）至少 %d 个字", whatZH, what, least), fmt.Sprintf("%s has to have %d characters at least", what, least)).At(what)
	case n > most:
		return "", fault.New(fault.Invalid, fmt.Sprintf("%s（%s）有 %d 个字，最多 %d 个", whatZH, what, n, most),
			fmt.Sprintf("%s has %d characters; there may be %d", what, n, most)).At(what)
	}
	return s, nil
}
