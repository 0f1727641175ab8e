package ground

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"jingwei/internal/planar"
)

// realData gives the folder of the real data, and skips the test when it isn't there.
func realData(t testing.TB) string {
	t.Helper()
	for _, dir := range []string{os.Getenv("JINGWEI_REALDATA"), "../../../shared/data"} {
		if dir == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "qinghuayuan")); err == nil {
			return dir
		}
	}
	t.Skip("the real data isn't here: set JINGWEI_REALDATA to its folder")
	return ""
}

type geoFeature struct {
	Properties map[string]any `json:"properties"`
	Geometry   struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

func (f geoFeature) text(key string) string {
	switch v := f.Properties[key].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func readGeoJSON(t testing.TB, path string) []geoFeature {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Features []geoFeature `json:"features"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return file.Features
}

func decode[T any](t testing.TB, raw json.RawMessage) (v T) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func latticePoints(coordinates [][2]float64) []planar.Point {
	var out []planar.Point
	for _, c := range coordinates {
		if p := planar.FromDegrees(c[0], c[1]); len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}

func latticePolygon(rings [][][2]float64) planar.Polygon {
	var out planar.Polygon
	for i, r := range rings {
		ring := planar.Ring(latticePoints(r))
		ring = ring[:len(ring)-1]
		if (ring.Area2() > 0) != (i == 0) {
			ring.Reverse()
		}
		out = append(out, ring)
	}
	return out
}

func (f geoFeature) polygons(t testing.TB) []planar.Polygon {
	if f.Geometry.Type == "MultiPolygon" {
		var out []planar.Polygon
		for _, p := range decode[[][][][2]float64](t, f.Geometry.Coordinates) {
			out = append(out, latticePolygon(p))
		}
		return out
	}
	return []planar.Polygon{latticePolygon(decode[[][][2]float64](t, f.Geometry.Coordinates))}
}

func barrierOfHighway(class string) Barrier {
	switch class {
	case "residential", "unclassified", "living_street", "tertiary", "tertiary_link":
		return Street
	case "secondary", "primary", "trunk", "motorway", "secondary_link", "primary_link", "trunk_link", "motorway_link":
		return MainRoad
	case "construction", "platform", "proposed":
		return Nothing
	}
	return Path
}

// qinghuayuan reads the real street 清华园 with its 44,166 people.
func qinghuayuan(t testing.TB) Input {
	dir := filepath.Join(realData(t), "qinghuayuan")
	var in Input
	for _, f := range readGeoJSON(t, filepath.Join(dir, "boundary.geojson")) {
		community, err := strconv.ParseInt(f.text("code12"), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		in.Territories = append(in.Territories, Territory{
			Code: f.text("code9"), Community: community, Name: f.text("name"),
			Residents: int(f.Properties["pop_worldpop"].(float64)), Polygons: f.polygons(t),
		})
	}
	for _, f := range readGeoJSON(t, filepath.Join(dir, "streets.geojson")) {
		in.Features.Lines = append(in.Features.Lines, Line{
			Source: "way/" + f.text("osm_id"), Barrier: barrierOfHighway(f.text("highway")), Class: f.text("highway"),
			Name: f.text("name"), Points: latticePoints(decode[[][2]float64](t, f.Geometry.Coordinates)),
		})
	}
	for _, f := range readGeoJSON(t, filepath.Join(dir, "buildings.geojson")) {
		levels, _ := strconv.ParseFloat(f.text("building:levels"), 64)
		in.Features.Buildings = append(in.Features.Buildings, Building{
			Source: f.text("element") + "/" + f.text("id"), Name: f.text("name"), Use: f.text("building"),
			Levels: math.Max(levels, 0), People: -1, Polygons: f.polygons(t),
		})
	}
	return in
}
