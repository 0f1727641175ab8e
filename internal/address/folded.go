package address

import "strings"

// Folded is a text in the form that it is compared in: who writes the same address in another width, with other blanks, in traditional characters or with Chinese numerals has
// written the same. Who couldn't read a figure hasn't: 大李村□45号 isn't 大李村45号. "" where nothing is left of it.
func Folded(text string) string {
	if !illegible(text) {
		return key(text)
	}
	pieces := strings.Split(strings.Map(unread, text), "□")
	for i, p := range pieces {
		pieces[i] = key(p)
	}
	return strings.Join(pieces, "□")
}

// unread writes all signs for a character that couldn't be read as one.
func unread(r rune) rune {
	if strings.ContainsRune("■▢▇█?？\uFFFD", r) {
		return '□'
	}
	return r
}
