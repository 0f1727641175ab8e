package httpapi

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// Bounds are west, south, east and north in degrees.
type Bounds [4]float64

// LonLat is a position in degrees: longitude, latitude.
type LonLat [2]float64

// Geometry is a GeoJSON MultiPolygon in WGS 84, a type of our own so that its schema is in the API's description.
type Geometry struct {
	Type        string          `json:"type" enum:"MultiPolygon"`
	Coordinates [][][][]float64 `json:"coordinates" doc:"Polygons, each a list of rings (the shell first), each a list of [lon, lat]"`
}

// geometryOf reads a WKB polygon or multipolygon.
func geometryOf(b []byte) (Geometry, error) {
	g, err := wkb.Unmarshal(b)
	if err != nil {
		return Geometry{}, fmt.Errorf("reading a geometry: %w", err)
	}
	var parts orb.MultiPolygon
	switch g := g.(type) {
	case orb.MultiPolygon:
		parts = g
	case orb.Polygon:
		parts = orb.MultiPolygon{g}
	default:
		return Geometry{}, fmt.Errorf("a %s where a multipolygon was expected", g.GeoJSONType())
	}
	out := Geometry{Type: "MultiPolygon", Coordinates: make([][][][]float64, len(parts))}
	for i, part := range parts {
		for _, ring := range part {
			points := make([][]float64, len(ring))
			for j, p := range ring {
				points[j] = []float64{p[0], p[1]}
			}
			out.Coordinates[i] = append(out.Coordinates[i], points)
		}
	}
	return out, nil
}
