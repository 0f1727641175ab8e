package main

import (
	"encoding/json"
	"math"

	"jingwei/internal/crs"
	"jingwei/internal/drawing"
	"jingwei/internal/planar"
)

// street is a line that borders should run along, and how strong a barrier it is, 0 to 1.
type street struct {
	points   []planar.Point
	strength float64
}

// pathStrength is that of what only people on foot or bicycles use, or cars inside a compound.
const pathStrength = 0.6

var paths = map[string]bool{"footway": true, "cycleway": true, "steps": true, "path": true, "track": true,
	"service": true, "pedestrian": true, "bridleway": true, "corridor": true}

// readStreets reads lines (also the outlines of polygons). A property highway, class or barrier that names
// a path makes it a weak one; everything else is a full barrier. Points are passed over.
func readStreets(path string) ([]street, error) {
	var out []street
	err := eachFeature(path, func(n int, f *geoFeature) error {
		where := feature{path: path, n: n}
		if f.Geometry == nil {
			return nil
		}
		var lines [][][]float64
		var err error
		switch f.Geometry.Type {
		case "LineString":
			lines = make([][][]float64, 1)
			err = json.Unmarshal(f.Geometry.Coordinates, &lines[0])
		case "MultiLineString", "Polygon":
			err = json.Unmarshal(f.Geometry.Coordinates, &lines)
		case "MultiPolygon":
			var parts [][][][]float64
			err = json.Unmarshal(f.Geometry.Coordinates, &parts)
			for _, part := range parts {
				lines = append(lines, part...)
			}
		}
		if err != nil {
			return where.fault("坐标格式有误", "its coordinates can't be read")
		}
		strength := 1.0
		for _, name := range []string{"highway", "class", "barrier"} {
			if value, ok := textOrNumber(f.Properties[name]); ok && paths[value] {
				strength = pathStrength
			}
		}
		for _, line := range lines {
			points, err := lattice(where, line)
			if err != nil {
				return err
			}
			if len(points) > 1 {
				out = append(out, street{points, strength})
			}
		}
		return nil
	})
	return out, err
}

// A border runs along a street where it is within streetReach metres of it and turned from it by no more than about
// 20 degrees. It is looked at in pieces of at most streetPiece metres.
const (
	streetReach  = 3.0
	streetTurned = 0.94
	streetPiece  = 8.0
)

// alongStreets sets for every border how much of it runs along streets. The problem's borders are the coverage's, in its
// order.
func alongStreets(p *drawing.Problem, cover *planar.Coverage, streets []street, plane crs.Plane) {
	index := newStreetIndex(streets, plane)
	for i, border := range cover.Borders() {
		e := &p.Borders[i]
		e.Along, e.Strength = 0, 0
		for _, arc := range border.Arcs {
			along, strength := index.along(metres(cover.Arcs[arc].Points, plane))
			e.Along += along
			e.Strength += strength
		}
		e.Along, e.Strength = min(e.Along, e.Length), min(e.Strength, e.Length)
	}
}

func metres(points []planar.Point, plane crs.Plane) []position {
	out := make([]position, len(points))
	for i, p := range points {
		lon, lat := p.Degrees()
		out[i].x, out[i].y = plane.Forward(lon, lat)
	}
	return out
}

// streetIndex holds the streets' segments by squares of the plane.
type streetIndex struct {
	segments []streetSegment
	in       map[[2]int32][]int32
}

type streetSegment struct {
	a, b     position
	strength float64
}

const streetSquare = 40.0 // m

func newStreetIndex(streets []street, plane crs.Plane) *streetIndex {
	x := &streetIndex{in: make(map[[2]int32][]int32)}
	for _, s := range streets {
		line := metres(s.points, plane)
		for i := 1; i < len(line); i++ {
			a, b := line[i-1], line[i]
			n := int32(len(x.segments))
			x.segments = append(x.segments, streetSegment{a, b, s.strength})
			// Walk along the segment in steps of less than a square, and note the squares within reach.
			steps := math.Ceil(math.Hypot(b.x-a.x, b.y-a.y)/(streetSquare/2)) + 1
			for k := 0.0; k <= steps; k++ {
				at := position{a.x + (b.x-a.x)*k/steps, a.y + (b.y-a.y)*k/steps}
				x.note(at, n)
			}
		}
	}
	return x
}

// note enters a segment into the square of a position and the eight around it, once each.
func (x *streetIndex) note(at position, segment int32) {
	home := streetCell(at)
	for dx := int32(-1); dx <= 1; dx++ {
		for dy := int32(-1); dy <= 1; dy++ {
			cell := [2]int32{home[0] + dx, home[1] + dy}
			list := x.in[cell]
			if len(list) == 0 || list[len(list)-1] != segment {
				x.in[cell] = append(list, segment)
			}
		}
	}
}

func streetCell(p position) [2]int32 {
	return [2]int32{int32(math.Floor(p.x / streetSquare)), int32(math.Floor(p.y / streetSquare))}
}

// along gives how many metres of a line run along a street, and the same weighted by the streets' strength.
func (x *streetIndex) along(line []position) (length, strength float64) {
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		whole := math.Hypot(b.x-a.x, b.y-a.y)
		if whole == 0 {
			continue
		}
		pieces := math.Ceil(whole / streetPiece)
		for k := range int(pieces) {
			t := (float64(k) + 0.5) / pieces
			at := position{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t}
			if s := x.strongest(at, position{(b.x - a.x) / whole, (b.y - a.y) / whole}); s > 0 {
				length += whole / pieces
				strength += s * whole / pieces
			}
		}
	}
	return length, strength
}

// strongest is the strength of the strongest street that runs past a position in a direction (a unit vector).
func (x *streetIndex) strongest(at, direction position) (best float64) {
	for _, i := range x.in[streetCell(at)] {
		s := &x.segments[i]
		dx, dy := s.b.x-s.a.x, s.b.y-s.a.y
		whole := math.Hypot(dx, dy)
		if s.strength <= best || whole == 0 || math.Abs(dx*direction.x+dy*direction.y) < streetTurned*whole {
			continue
		}
		t := min(max(((at.x-s.a.x)*dx+(at.y-s.a.y)*dy)/(whole*whole), 0), 1)
		if math.Hypot(s.a.x+t*dx-at.x, s.a.y+t*dy-at.y) <= streetReach {
			best = s.strength
		}
	}
	return best
}
