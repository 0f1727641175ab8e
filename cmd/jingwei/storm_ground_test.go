package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jingwei/internal/city"
	"jingwei/internal/ingest"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
)

// stormTowns are the towns that the storm's county has: the invented town's communities, shared out among them.
var stormTowns = []struct {
	code        string
	communities map[string]string // the community's code in the invented town → its code here
}{
	{"370883199", map[string]string{"370883199001": "370883199001"}},
	{"370883198", map[string]string{"370883199002": "370883198001"}},
	{"370883197", map[string]string{"370883199003": "370883197001", "370883199201": "370883197201"}},
}

// stormCounty makes a county of three small towns in a database: the ground of one invented town, imported and drawn the ordinary way.
func stormCounty(t *testing.T, s *console, db *postgres.DB) {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	m, err := city.Generate(ctx, city.Options{City: city.Town, Seed: 1, People: 12_000, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	asTowns(t, filepath.Join(dir, divisionsFile))
	bar := s.progress()
	if err := (&demoCommand{}).bringIn(ctx, db, dir, m, bar); err != nil {
		t.Fatal(err)
	}
	few := 400 // people: about one draft in three may be published without a second person
	if err := setRule(ctx, db, "370883", &few); err != nil {
		t.Fatal(err)
	}
	made, err := s.drawDivision(ctx, db, bar, layout.Order{Division: "370883", Time: time.Second,
		Settings: layout.Settings{Target: 600, Tolerance: .15, Seed: 1, Preset: "balanced"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("a county of %d towns, %d grids on %d blocks, %d people", len(stormTowns), made.Grids, made.Blocks, made.Residents)
}

// asTowns writes the divisions of an invented town again as several towns, each the ground of its communities.
func asTowns(t *testing.T, file string) {
	t.Helper()
	found, _, err := ingest.Polygons(context.Background(), ingest.PolygonsInput{File: file})
	if err != nil {
		t.Fatal(err)
	}
	type feature struct {
		Type       string            `json:"type"`
		Properties map[string]string `json:"properties"`
		Geometry   struct {
			Type        string           `json:"type"`
			Coordinates [][][][2]float64 `json:"coordinates"`
		} `json:"geometry"`
	}
	var all []feature
	add := func(code, name string, parts []planar.Polygon) {
		f := feature{Type: "Feature", Properties: map[string]string{"code": code, "name": name, "county": "邹城市"}}
		f.Geometry.Type = "MultiPolygon"
		for _, p := range parts {
			var rings [][][2]float64
			for _, r := range p {
				var ring [][2]float64
				for _, v := range append(slices.Clone(r), r[0]) {
					x, y := v.Degrees()
					ring = append(ring, [2]float64{x, y})
				}
				rings = append(rings, ring)
			}
			f.Geometry.Coordinates = append(f.Geometry.Coordinates, rings)
		}
		all = append(all, f)
	}
	for _, town := range stormTowns {
		var grounds [][]planar.Polygon
		for _, f := range found {
			if to := town.communities[f.Fields["code"]]; to != "" {
				add(to, f.Fields["name"], f.Parts)
				grounds = append(grounds, f.Parts)
			}
		}
		cover, err := planar.BuildMulti(grounds)
		if err != nil || len(grounds) != len(town.communities) {
			t.Fatalf("%d communities of %s: %v", len(grounds), town.code, err)
		}
		add(town.code, "风暴镇"+town.code[6:], cover.Dissolve(make([]int32, len(grounds))).Polygons(0))
	}
	text, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": all})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
