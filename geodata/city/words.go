// Package recipe holds the word lists from which invented towns take their names.
package recipe

import _ "embed"

// Words is words.json: lists of generic Chinese name parts; {s}, {w} and {n} stand for a syllable pair, a
// work unit and a family name.
//
//go:embed words.json
var Words []byte
