package typed

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"jingwei/internal/fault"
)

// Text drops what isn't seen and could do harm (control characters, marks that turn the direction of writing round), makes line ends one
// kind, and counts characters: there have to be so many at least and at most. what is the field's name, for the fault (Invalid).
func Text(what, whatZH, s string, least, most int) (string, error) {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ").Replace(strings.ToValidUTF8(s, ""))
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff' {
			return -1
		}
		return r
	}, s))
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
