// Package recipe holds the word lists from which invented towns take their names.
package recipe

import _ "embed"

// Words is words.json: lists of generic Chinese name parts; {s}, {w} and {n} stand for a syllable pair, a
// work unit and a family name.
//
//go:embed words.json
var Words []byte

// People is people.json: the lists from which the names of invented people and shops are made, each entry with its weight, and
// where people come from who were registered elsewhere.
//
//go:embed people.json
var People []byte
