package ground

// The kinds of warnings. docs/warnings.md explains each to a user, and a test holds the two against each other.
const (
	kindOverlap     = "overlap"
	kindNoGround    = "no-ground"
	kindBadBorder   = "bad-border"
	kindBadGround   = "bad-ground"
	kindBadBuilding = "bad-building"
	kindSplitBlock  = "split-block"

	kindTwoCommunities   = "two-communities"
	kindOverlapping      = "overlapping"
	kindUnreachable      = "unreachable"
	kindKnownDiffers     = "known-differs"
	kindEntrancesDiffer  = "entrances-differ"
	kindEntrancesUnknown = "entrances-unknown"
	kindNoDwellings      = "no-dwellings"
	kindNoBuildings      = "no-buildings"
	kindOutside          = "outside"
)
