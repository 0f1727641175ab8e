package planar

import "fmt"

// FlawKind says what is wrong with a set of polygons.
type FlawKind string

const (
	FlawEmpty       FlawKind = "empty"         // a polygon without rings
	FlawShortRing   FlawKind = "short-ring"    // a ring of fewer than three vertices
	FlawRepeat      FlawKind = "repeat"        // a vertex follows on itself
	FlawFlat        FlawKind = "flat"          // a ring without area
	FlawWrongWay    FlawKind = "wrong-way"     // a shell that runs clockwise, a hole that runs counter-clockwise
	FlawCrossing    FlawKind = "crossing"      // two edges of one polygon cross, overlap, or one ends inside the other
	FlawTouching    FlawKind = "touching"      // a ring that comes to one vertex twice
	FlawSplit       FlawKind = "split"         // holes that cut a polygon's inside in two
	FlawHoleOutside FlawKind = "hole-outside"  // a hole that isn't inside its shell, or inside another hole
	FlawTwice       FlawKind = "edge-twice"    // two polygons on the same side of an edge: they overlap
	FlawSpike       FlawKind = "spike"         // one polygon on both sides of an edge
	FlawUnpaired    FlawKind = "edge-unpaired" // nothing on the other side of an edge: a gap, or an overlap
	FlawSpan        FlawKind = "span"          // wider than MaxSpan
)

// Flaw is one thing that is wrong, and where.
type Flaw struct {
	Kind    FlawKind
	Polygon int32 // index of the polygon (of the face, for BuildMulti); Outside for the border
	Other   int32 // the second polygon concerned; Outside for the border or none
	A, B    Point // the edge; of a flaw at a vertex or of a ring, A = B
}

func (f Flaw) String() string {
	lon, lat := f.A.Degrees()
	who := fmt.Sprintf("polygon %d", f.Polygon)
	if f.Polygon == Outside {
		who = "border"
	}
	if f.Other != Outside {
		who += fmt.Sprintf(" and %d", f.Other)
	}
	return fmt.Sprintf("%s: %s at %.7f %.7f", f.Kind, who, lon, lat)
}

// FlawError says why polygons make no coverage.
type FlawError struct{ Flaws []Flaw }

func (e *FlawError) Error() string {
	if len(e.Flaws) == 0 {
		return "planar: polygons make no coverage"
	}
	return fmt.Sprintf("planar: polygons make no coverage: %d flaws, the first %v", len(e.Flaws), e.Flaws[0])
}
