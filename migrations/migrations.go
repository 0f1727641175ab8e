// Package migrations holds the schema as goose SQL files, embedded in the program. A released file is
// never edited again: what changes comes as the next number.
package migrations

import "embed"

// FS holds every migration at its root.
//
//go:embed *.sql
var FS embed.FS
