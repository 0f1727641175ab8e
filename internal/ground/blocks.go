package ground

import (
	"jingwei/internal/planar"
)

// Territory is the ground of one community, as its division's polygon says or, where blocks stand already,
// as they see it.
type Territory struct {
	Code      string // of the division: 12 digits, or 9 for a town without communities
	Community int64  // 12 digits
	Name      string
	Residents int // the total on record, -1 when there is none
	Polygons  []planar.Polygon
}

// Standing is a live block of a neighbouring community. Its ground stays; vertices may be inserted into
// its ring.
type Standing struct {
	Community int64
	Block     int64
	Polygon   planar.Polygon
}

// Settings are what a county decides about its blocks. The zero value of a field means its default.
type Settings struct {
	Upper         int     // people: the most a grid may hold; a building with more is cut. 690
	PartPeople    int     // people: about how many a part of a cut building holds. 100
	PartLength    float64 // m: how short a part may get along the building's long axis. 9
	SliverArea    float64 // m²: smaller blocks are dissolved. 20
	StripWidth    float64 // m: empty blocks narrower than that (2·area/perimeter) are dissolved. 8
	BorderSliver  float64 // m²: an overlap or gap between two territories up to that is settled. 100
	BorderWidth   float64 // m: … and a narrower one too, however long. 2
	StraightenCap float64 // m: a border between two buildings is straightened by that much at most. 4
}

func (s Settings) orDefaults() Settings {
	orDefault(&s.Upper, 690)
	orDefault(&s.PartPeople, 100)
	orDefault(&s.PartLength, 9)
	orDefault(&s.SliverArea, 20)
	orDefault(&s.StripWidth, 8)
	orDefault(&s.BorderSliver, 100)
	orDefault(&s.BorderWidth, 2)
	orDefault(&s.StraightenCap, 4)
	return s
}

func orDefault[T int | float64](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

// Input is what blocks are made from.
type Input struct {
	// Territories of the county, all that take part in noding the borders. No two have the same community.
	Territories []Territory
	Make        []int64 // the communities to make blocks for; nil for all
	Features    Features
	Standing    []Standing // the live blocks of communities that aren't made
	Settings    Settings
	Workers     int                   // how many communities at once; 0 for one a processor
	Progress    func(done, total int) // called when a community is done, from one goroutine at a time; may be nil
}

// Ground is the partition.
type Ground struct {
	Territories []MadeTerritory // those made, in the order of Input.Territories
	Blocks      []Block         // of one community together, in that order
	Borders     []Border
	Reshaped    []Reshaped
	Report      Report
}

// MadeTerritory is the ground of one community as its blocks see it.
type MadeTerritory struct {
	Code      string
	Community int64
	Border    []planar.Polygon // noded with its neighbours and with everything that meets it
	Report    TerritoryReport
}

// Block is a piece of ground with what stands on it.
type Block struct {
	Community int64
	Polygon   planar.Polygon
	Residents int
	Source    string // Known, Estimate or None
	Shape     Shape
	Parts     []Part // the buildings on it, in the order of Features.Buildings
}

// Part is a building on a block, or the part of a cut one that stands there.
type Part struct {
	Building  int // index in Features.Buildings
	Residents int
}

// Shape is a block's figures in the plane of its Gauss-Krüger zone.
type Shape struct {
	Area   float64 // m²
	Cx, Cy float64 // centroid, m east and north
	Second float64 // second moment of area about the centroid (Ixx + Iyy), m⁴
	Outer  float64 // m of its border on which no block of this community lies
}

// Border is the stretch between two junctions along which two blocks meet and one thing runs.
type Border struct {
	A        int32 // index of the block on its left
	B        int32 // index of the block on its right; -1 when it isn't one of Ground.Blocks
	Standing int64 // the standing block on its right, 0 for none
	Barrier  Barrier
	Name     string  // of the street or river, "" when it has none
	Length   float64 // m
	Points   []planar.Point
}

// Reshaped is a standing block, or the territory of its community, that got vertices.
type Reshaped struct {
	Community int64
	Block     int64            // 0: the territory itself
	Polygons  []planar.Polygon // one for a block
}

// Report says what was found and settled, for the county.
type Report struct {
	People    int // counted in blocks
	Blocks    int
	Stopped   int             // communities for which no blocks could be made
	Overlaps  []BorderProblem // between two territories
	Gaps      []BorderProblem // ground enclosed by territories that belongs to none
	Hairlines int             // overlaps and gaps of less than 1 m², settled and not listed
	Outside   []string        // buildings that lie in no territory, or on ground that is nobody's as two claim it
}

// BorderProblem is ground that two territories claim, or none.
type BorderProblem struct {
	Communities []int64 // who claims it; for a gap, who surrounds it
	Names       []string
	Area        float64 // m², of all pieces
	Pieces      int
	Stops       bool  // too much to be settled: those who claim it get no blocks
	Settled     int64 // the community it was given to; 0 when it wasn't
}

// TerritoryReport says what was found in one territory. It is kept with it.
type TerritoryReport struct {
	Blocks         int       `json:"blocks"`
	Faces          int       `json:"faces"`                   // between streets
	Buildings      int       `json:"buildings"`               // that stand here
	CutBuildings   []string  `json:"cut_buildings,omitempty"` // sources of those that hold more than a grid may
	Parts          int       `json:"parts"`                   // they were cut into
	BentStreets    []string  `json:"bent_streets,omitempty"`  // … under which a barrier ran that now goes round them
	CutByBorder    []string  `json:"cut_by_border,omitempty"` // … that the division's border runs through
	Overlapping    []string  `json:"overlapping,omitempty"`   // … standing on ground of a larger one
	Slivers        int       `json:"slivers"`                 // dissolved
	Strips         int       `json:"strips"`                  // dissolved
	Residents      int       `json:"residents"`               // in blocks
	KnownResidents int       `json:"known_residents"`         // of them from a register
	TotalOnRecord  int       `json:"total_on_record"`         // -1 when there is none
	Unplaced       int       `json:"unplaced,omitempty"`      // people who are in no block, because it was stopped
	Area           float64   `json:"area"`                    // m²
	Warnings       []Warning `json:"warnings,omitempty"`
	Stopped        *Warning  `json:"stopped,omitempty"` // why there are no blocks
}

// Warning is something a planner should know, in both languages.
type Warning struct {
	Kind string `json:"kind"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}
