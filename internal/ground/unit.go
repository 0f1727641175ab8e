package ground

import (
	"jingwei/internal/planar"
)

// unit is what gets ground of its own: a building, or a part of one that is too big for a grid.
type unit struct {
	building int // index in Features.Buildings
	polygons []planar.Polygon
	outline  [][]planar.Point // without the cuts
	people   int
	source   string
	area2    int64
	extent   box
	face     int32 // the street face it belongs to
}

// wholeUnit is a building in one piece.
func wholeUnit(building int, b *Building, people int, source string) unit {
	u := unit{building: building, polygons: b.Polygons, people: people, source: source}
	for _, line := range planar.Lines(b.Polygons, 0, 0) {
		u.outline = append(u.outline, line.Points)
	}
	return u.measured()
}

func (u unit) measured() unit {
	u.area2, u.extent = 0, boxOfPolygons(u.polygons)
	for _, p := range u.polygons {
		u.area2 += area2(p)
	}
	return u
}
