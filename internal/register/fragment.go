package register

import (
	"slices"
	"strings"
	"unicode"
)

// pairsOf are each two characters that stand side by side in a text, each once, sorted: what a fragment is looked for by. Blanks count as nothing, and
// letters as small ones, full width as half.
func pairsOf(text string) []string {
	runes := []rune(folded(text))
	var out []string
	for i := 0; i+1 < len(runes); i++ {
		out = append(out, string(runes[i:i+2]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// folded is a text as fragments are compared: without blanks, small letters, half width.
func folded(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		}
		return unicode.ToLower(r)
	}, text)
}
