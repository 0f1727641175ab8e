package gridnet

import (
	"math"

	"jingwei/internal/crs"
	"jingwei/internal/planar"
)

// Net is a grid map as a file has it.
type Net struct {
	Name     string // 综治, 城管, …; the file's name where nobody has said
	Polygons []Polygon
}

// Polygon is one grid of a net.
type Polygon struct {
	Code    string // as the file has it, "" for none
	Name    string
	Special string           // the kind of a special grid, "" for an ordinary one
	Feature string           // which of the file's features it is
	Parts   []planar.Polygon // valid and apart from each other
	Repairs []Words          // what had to be mended to make them so
}

// Words is a sentence in both languages.
type Words struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Ground is what a net is laid over: whole communities with their blocks.
type Ground struct {
	Communities []Community
	Blocks      []Block
	Borders     []Border
	Gone        map[string]bool // codes of grids that are no more: they are never used again
}

// Community is the ground of one, as its blocks see it.
type Community struct {
	Code  string // 12 digits
	Name  string
	Parts []planar.Polygon
}

// Block is a piece of ground, which goes to one grid as a whole.
type Block struct {
	ID        int64
	Community int // index in Ground.Communities
	Polygon   planar.Polygon
	Residents int
	AreaM2    float64
	Homes     []Home
}

// Home is a building in which people of a block live.
type Home struct {
	Parts     []planar.Polygon
	Residents int
}

// Border is a stretch of line between two blocks.
type Border struct {
	A, B   int32   // indices in Ground.Blocks
	Length float64 // m
}

// What is clear and what isn't.
const (
	// clearShare of a block's people must lie in one polygon, or somebody has to decide …
	clearShare = 0.6
	// … unless no more people than these live there.
	handful = 5
	// A part of a grid that is cut off from the rest and holds no more than this share of its people goes to a neighbour.
	smallPart = 0.05
	// An overlap or a gap that is smaller or thinner than these is a sliver: a line drawn twice.
	sliverArea  = 20 // m²
	sliverWidth = 3  // m, twice the area over the perimeter
)

// plane is the plane in which areas are measured: that of the zone in which the middle of the ground lies.
func (g *Ground) plane() crs.Plane {
	west, east := math.Inf(1), math.Inf(-1)
	for _, c := range g.Communities {
		for _, part := range c.Parts {
			for _, p := range part[0] {
				lon, _ := p.Degrees()
				west, east = min(west, lon), max(east, lon)
			}
		}
	}
	return crs.PlaneFor((west + east) / 2)
}

// extent is a box on the lattice.
type extent struct{ low, high planar.Point }

func nothing() extent {
	return extent{planar.Point{X: math.MaxInt32, Y: math.MaxInt32}, planar.Point{X: math.MinInt32, Y: math.MinInt32}}
}

func (e *extent) add(points ...planar.Point) {
	for _, p := range points {
		e.low.X, e.low.Y = min(e.low.X, p.X), min(e.low.Y, p.Y)
		e.high.X, e.high.Y = max(e.high.X, p.X), max(e.high.Y, p.Y)
	}
}

func (e extent) meets(o extent) bool {
	return e.low.X <= o.high.X && o.low.X <= e.high.X && e.low.Y <= o.high.Y && o.low.Y <= e.high.Y
}

// degrees are west, south, east and north; zeros for nothing.
func (e extent) degrees() Bounds {
	if e.low.X > e.high.X {
		return Bounds{}
	}
	w, s := e.low.Degrees()
	east, n := e.high.Degrees()
	return Bounds{w, s, east, n}
}

// Bounds are west, south, east and north in degrees.
type Bounds [4]float64

func extentOf(parts []planar.Polygon) extent {
	e := nothing()
	for _, part := range parts {
		e.add(part[0]...)
	}
	return e
}
