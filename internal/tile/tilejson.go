package tile

import (
	"context"
	"fmt"
)

// TileJSON describes tiles to a map (TileJSON 3.0.0).
type TileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Scheme       string        `json:"scheme"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       Bounds        `json:"bounds"`
	Center       []float64     `json:"center"`
	Attribution  string        `json:"attribution"`
	VectorLayers []VectorLayer `json:"vector_layers"`
}

// VectorLayer describes a layer inside the tiles.
type VectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

// attribution is what OpenStreetMap's licence asks for, where some of the ground comes from there: its ids
// say so ("way/22799951"). Ground from elsewhere credits nobody.
const attribution = "© OpenStreetMap contributors (ODbL)"

// Describe gives the TileJSON of some layers; base is the server's address as the client knows it. Its
// bounds are those of everything on record.
func (s *Server) Describe(ctx context.Context, layers Layers, base string) (TileJSON, error) {
	out := TileJSON{
		TileJSON: "3.0.0", Name: "jingwei " + layers.String(), Scheme: "xyz", MinZoom: MaxZoom, MaxZoom: MaxZoom,
		Tiles: []string{fmt.Sprintf("%s/tiles/%s/{z}/{x}/{y}.mvt", base, layers)},
	}
	for d := range layers.each {
		out.MinZoom = min(out.MinZoom, d.minZoom)
		out.VectorLayers = append(out.VectorLayers, VectorLayer{string(d.layer), d.about, d.minZoom, MaxZoom, d.fields})
		if d.labels != "" {
			out.VectorLayers = append(out.VectorLayers, VectorLayer{d.labels, d.about + " (label points)", d.lettered, MaxZoom, d.fields})
		}
	}
	err := s.db.QueryRow(ctx, `
		SELECT CASE WHEN EXISTS (SELECT FROM line_feature WHERE source ~ $1) OR EXISTS (SELECT FROM building WHERE source ~ $1)
			OR EXISTS (SELECT FROM area_feature WHERE source ~ $1) OR EXISTS (SELECT FROM facility WHERE source ~ $1) THEN $2::text ELSE '' END,
			coalesce(ST_XMin(e), -180), coalesce(ST_YMin(e), -85), coalesce(ST_XMax(e), 180), coalesce(ST_YMax(e), 85)
		FROM (SELECT ST_Extent(geom) AS e FROM division) x`, `^(way|relation|node)/[0-9]`, attribution).Scan(&out.Attribution, &out.Bounds[0], &out.Bounds[1], &out.Bounds[2], &out.Bounds[3])
	if err != nil {
		return out, fmt.Errorf("reading the bounds of the tiles: %w", err)
	}
	out.Center = []float64{(out.Bounds[0] + out.Bounds[2]) / 2, (out.Bounds[1] + out.Bounds[3]) / 2, float64(max(out.MinZoom, 12))}
	return out, nil
}
