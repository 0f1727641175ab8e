package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// plainText writes what people put into files, ids and names among it, so that a terminal shows it and doesn't obey
// it: control characters and those that turn the direction of writing come out as \u001b.
type plainText struct{ w io.Writer }

func (p plainText) Write(text []byte) (int, error) {
	if _, err := io.WriteString(p.w, plain(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

func plain(s string) string {
	strange := func(r rune) bool {
		return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
	}
	if !strings.ContainsFunc(s, strange) {
		return s
	}
	var out strings.Builder
	for _, r := range s {
		if strange(r) {
			fmt.Fprintf(&out, `\u%04x`, r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}
