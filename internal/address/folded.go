package address

// Folded is a text in the form that it is compared in: who writes the same address in another width, with other blanks, in traditional characters or with Chinese numerals has
// written the same. "" where nothing is left of it.
func Folded(text string) string { return key(text) }
