package ingest

// The kinds of findings. docs/warnings.md explains each to a user, and a test holds the two against each other.
const (
	kindFile         = "file"
	kindTooLong      = "too-long"
	kindEncoding     = "encoding"
	kindJSON         = "json"
	kindNaN          = "nan"
	kindNoGeometry   = "no-geometry"
	kindGeometry     = "geometry"
	kindCoordinates  = "coordinates"
	kindNotDegrees   = "not-degrees"
	kindOutsideChina = "outside-china"
	kindTooWide      = "too-wide"
	kindNoExtent     = "no-extent"
	kindTooBig       = "too-big"
	kindOpen         = "open"
	kindSpike        = "spike"
	kindSelfCrossing = "self-crossing"
	kindTurned       = "turned"
	kindCollection   = "collection"

	kindLongName  = "long-name"
	kindLevels    = "levels"
	kindResidents = "residents"
	kindFraction  = "fraction"
	kindNoHome    = "no-home"
	kindOutside   = "outside"

	kindSameID     = "same-id"
	kindDuplicate  = "duplicate"
	kindMoved      = "moved"
	kindSameRef    = "same-ref"
	kindNoRef      = "no-ref"
	kindNoBuilding = "no-building"

	kindInRelation = "in-relation"
	kindCutOff     = "cut-off"
	kindIncomplete = "incomplete"

	kindNoPolygon  = "no-polygon"
	kindNoCode     = "no-code"
	kindBadCode    = "bad-code"
	kindCodeTwice  = "code-twice"
	kindNoName     = "no-name"
	kindNoGround   = "no-ground"
	kindPopulation = "population"

	kindRow      = "row"
	kindCount    = "count"
	kindUnknown  = "unknown"
	kindRowTwice = "row-twice"
)
