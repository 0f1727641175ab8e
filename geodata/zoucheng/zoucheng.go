// Package zoucheng holds facts about a real county, 邹城市 (370883) in Shandong, for the invented ground that
// the demo puts there. Only codes, names and an outline are real; see README.md for their sources.
package zoucheng

import _ "embed"

// Divisions is divisions.csv: code and official name of the county, its 16 towns and streets and its 714
// communities and villages.
//
//go:embed divisions.csv
var Divisions string

// Outline is outline.csv: the county's outline as a closed ring in units of 1/1024 degree, taken to be GCJ-02.
//
//go:embed outline.csv
var Outline string

// Seats is seats.csv: roughly where each town's centre is put, in degrees. Invented, from the compass only.
//
//go:embed seats.csv
var Seats string
