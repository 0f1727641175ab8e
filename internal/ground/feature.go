package ground

import "jingwei/internal/planar"

// Barrier says what runs along a border, in the order of its strength.
type Barrier uint8

const (
	Nothing  Barrier = iota
	Path             // 小路: footway, cycleway, steps, path, track, a service way inside a compound
	Street           // 街巷: residential, unclassified, living street, tertiary
	MainRoad         // 干道: secondary and above
	Wall             // 围墙: a wall, a fence, the edge of a gated compound
	Rail             // 铁路
	River            // 河流: a river or canal, a lake's shore
)

var barrierNames = [...]string{"nothing", "path", "street", "main-road", "wall", "rail", "river"}

// String is the name used in tables, tiles and the API: nothing, path, street, main-road, wall, rail, river.
func (b Barrier) String() string {
	if int(b) < len(barrierNames) {
		return barrierNames[b]
	}
	return "nothing"
}

// Line is a linear feature: a street, a railway, a wall, a watercourse.
type Line struct {
	Source  string // where it comes from, unique in a county: "way/22799951", "streets.geojson/17"
	Barrier Barrier
	Class   string // the source's own class: residential, primary, rail, canal, wall …
	Name    string
	Points  []planar.Point // two at least, no two successive ones equal
}

// Area is a feature with an extent that isn't a building: a lake, a river's bed, a park, a school's grounds.
type Area struct {
	Source   string
	Water    bool    // a lake or river bed; otherwise landuse
	Barrier  Barrier // what its outline is: River for water, Wall for a gated compound, Nothing for a meadow
	Class    string  // water, park, residential, school, hospital, …
	Name     string
	Polygons []planar.Polygon
}

// Entrance is a stair (单元) of a building.
type Entrance struct {
	Ref    string // "1", "2", "东"
	At     planar.Point
	People int // residents behind it, -1 when not known
}

// Building is a footprint with what is known of it.
type Building struct {
	Source    string
	Name      string
	Use       string  // residential, apartments, dormitory, bungalow, house, school, …; "yes" when only that is known
	Levels    float64 // storeys above ground, 0 when not known
	Address   string
	People    int // residents, -1 when not known
	Entrances []Entrance
	Polygons  []planar.Polygon // shells counter-clockwise, valid, disjoint
}

// Features is what the sources say of some ground.
type Features struct {
	Lines     []Line
	Areas     []Area
	Buildings []Building
}
