package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jingwei/internal/crs"
	"jingwei/internal/drawing"
	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// quarter is a file of 2 × n square blocks of about 110 × 85 m, two communities side by side, with change applied to
// every feature before it is written.
func quarter(t *testing.T, n int, change func(col, row int, f map[string]any)) string {
	t.Helper()
	features := []map[string]any{}
	for row := range n {
		for col := range 2 * n {
			x, y := 116.3+float64(col)/1000, 40+float64(row)/1000
			f := map[string]any{
				"type": "Feature", "id": fmt.Sprintf("b%02d%02d", row, col),
				"properties": map[string]any{"population": 50 + 10*((row+col)%5), "community": []string{"甲社区", "乙社区"}[col/n]},
				"geometry": map[string]any{"type": "Polygon", "coordinates": [][][2]float64{{
					{x, y}, {x + .001, y}, {x + .001, y + .001}, {x, y + .001}, {x, y}}}},
			}
			if change != nil {
				change(col, row, f)
			}
			if f["type"] != nil {
				features = append(features, f)
			}
		}
	}
	return writeFile(t, "blocks.geojson", map[string]any{"type": "FeatureCollection", "features": features})
}

func writeFile(t *testing.T, name string, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func input(t *testing.T, blocks string) drawFileInput {
	dir := t.TempDir()
	return drawFileInput{Blocks: blocks, PopulationField: "population", WithinField: "community",
		Out: filepath.Join(dir, "grids.geojson"), Assignment: filepath.Join(dir, "grids.csv"), Report: filepath.Join(dir, "report.json"),
		Options: drawing.Options{Seed: 1, Time: 200 * time.Millisecond}}
}

// written is what a drawing left on disk.
type written struct {
	grids      map[string]writtenGrid
	assignment [][]string
	report     drawing.Report
}

type writtenGrid struct {
	gridProperties
	polygons []planar.Polygon
}

func read(t *testing.T, in drawFileInput) written {
	t.Helper()
	w := written{grids: make(map[string]writtenGrid)}
	err := eachFeature(in.Out, func(n int, f *geoFeature) error {
		var g writtenGrid
		raw, err := json.Marshal(f.Properties)
		if err == nil {
			err = json.Unmarshal(raw, &g.gridProperties)
		}
		if err != nil {
			return err
		}
		if id, _ := f.id(in.Out, n); id != g.Code {
			t.Errorf("grid %d has id %s and code %s", n, id, g.Code)
		}
		g.polygons, err = f.polygons(feature{path: in.Out, n: n})
		w.grids[g.Code] = g
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(in.Assignment)
	if err != nil {
		t.Fatal(err)
	}
	if w.assignment, err = csv.NewReader(bytes.NewReader(raw)).ReadAll(); err != nil {
		t.Fatal(err)
	}
	if raw, err = os.ReadFile(in.Report); err == nil {
		err = json.Unmarshal(raw, &w.report)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestDrawFile: what is written is a partition of the blocks' ground, adds up to the people in, and agrees with the
// assignment and the report.
func TestDrawFile(t *testing.T) {
	in := input(t, quarter(t, 12, nil))
	streets := []map[string]any{}
	for col := 0; col <= 24; col += 4 { // every fourth line of the lattice, two metres off
		x := 116.3 + float64(col)/1000 + .00002
		streets = append(streets, map[string]any{"type": "Feature", "properties": map[string]any{"highway": "residential"},
			"geometry": map[string]any{"type": "LineString", "coordinates": [][2]float64{{x, 39.99}, {x, 40.02}}}})
	}
	in.Streets = writeFile(t, "streets.geojson", map[string]any{"type": "FeatureCollection", "features": streets})
	var stages []string
	report, err := drawFile(context.Background(), in, func(stage string, _ float64) {
		if len(stages) == 0 || stages[len(stages)-1] != stage {
			stages = append(stages, stage)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	w := read(t, in)
	if report.Grids < 30 || report.InBand != report.Grids || report.Broken != 0 || report.Crossing != 0 || report.OnStreets <= 0.1 || len(report.Warnings) != 0 {
		t.Errorf("report %+v", report)
	}
	if w.report.Grids != report.Grids || w.report.OnStreets != report.OnStreets || len(w.grids) != report.Grids {
		t.Errorf("%d grids written, report on disk %+v", len(w.grids), w.report)
	}
	if got := strings.Join(stages, " "); got != "ground construct improve mend" {
		t.Errorf("stages %q", got)
	}
	people := make(map[string]int64)
	if len(w.assignment) != 2*12*12+1 || strings.Join(w.assignment[0], ",") != "block,grid" {
		t.Fatalf("assignment of %d lines begins with %v", len(w.assignment), w.assignment[0])
	}
	for i, line := range w.assignment[1:] {
		row, col := i/24, i%24
		if want := fmt.Sprintf("b%02d%02d", row, col); line[0] != want {
			t.Fatalf("line %d is of block %s, want %s", i+2, line[0], want)
		}
		g := w.grids[line[1]]
		if want := []string{"甲社区", "乙社区"}[col/12]; g.Within != want {
			t.Errorf("block %s of %s is in grid %s of %s", line[0], want, line[1], g.Within)
		}
		x, y := 116.3005+float64(col)/1000, 40.0005+float64(row)/1000
		if !planar.Contains(g.polygons, planar.FromDegrees(x, y)) {
			t.Errorf("block %s isn't in the polygon of grid %s", line[0], line[1])
		}
		people[line[1]] += int64(50 + 10*((row+col)%5))
	}
	var area int64
	for code, g := range w.grids {
		if people[code] != g.Population || g.InBand != (g.Population >= 510 && g.Population <= 690) {
			t.Errorf("grid %s is said to hold %d (in band: %v), its blocks hold %d", code, g.Population, g.InBand, people[code])
		}
		if !strings.HasPrefix(code, g.Within+"-0") || g.Compactness <= 0 || g.Area <= 0 {
			t.Errorf("grid %s: %+v", code, g.gridProperties)
		}
		for _, polygon := range g.polygons {
			for _, ring := range polygon {
				area += ring.Area2()
			}
		}
	}
	if want := int64(2) * 240_000 * 120_000; area != want {
		t.Errorf("the grids cover %d square half-steps, the blocks %d", area, want)
	}
}

// TestDrawFileBadShapes: blocks from elsewhere don't share vertices, overlap and leave gaps. Nobody is lost, and what is
// more than a sliver is told by id and area.
func TestDrawFileBadShapes(t *testing.T) {
	ring := func(f map[string]any, points ...[2]float64) {
		f["geometry"].(map[string]any)["coordinates"] = [][][2]float64{append(points, points[0])}
	}
	path := quarter(t, 4, func(col, row int, f map[string]any) {
		x, y := 116.3+float64(col)/1000, 40+float64(row)/1000
		switch {
		case col == 0 && row == 0: // 20 m over its eastern neighbour
			ring(f, [2]float64{x, y}, [2]float64{x + .0012, y}, [2]float64{x + .0012, y + .001}, [2]float64{x, y + .001})
		case col == 2 && row == 2: // 30 m short of its northern neighbour: an enclosed gap
			ring(f, [2]float64{x, y}, [2]float64{x + .001, y}, [2]float64{x + .001, y + .0007}, [2]float64{x, y + .0007})
		case col == 5 && row == 1: // a finger's breadth too wide, and clockwise
			ring(f, [2]float64{x, y}, [2]float64{x, y + .001}, [2]float64{x + .0010002, y + .001}, [2]float64{x + .0010002, y})
		case col == 6 && row == 3: // the very ground of the block before it
			ring(f, [2]float64{x - .001, y}, [2]float64{x, y}, [2]float64{x, y + .001}, [2]float64{x - .001, y + .001})
		case col == 1 && row == 3: // a vertex on the border that its neighbour doesn't have
			ring(f, [2]float64{x, y}, [2]float64{x + .0004, y}, [2]float64{x + .001, y}, [2]float64{x + .001, y + .001}, [2]float64{x, y + .001})
		}
	})
	in := input(t, path)
	report, err := drawFile(context.Background(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := read(t, in)
	var kinds []string
	for _, warning := range report.Warnings {
		kinds = append(kinds, warning.Kind)
	}
	if got := strings.Join(kinds, " "); got != "overlap gap overlap covered" {
		t.Errorf("warnings %+v", report.Warnings)
	}
	for i, want := range []string{"b0305, b0306 overlap on 94", "gap of 28", "b0000, b0001 overlap on 18", "block b0306 lies under block b0305"} {
		if i < len(report.Warnings) && !strings.Contains(report.Warnings[i].EN, want) {
			t.Errorf("warning %q doesn't say %q", report.Warnings[i].EN, want)
		}
	}
	var in1, out int64
	for row := range 4 {
		for col := range 8 {
			in1 += int64(50 + 10*((row+col)%5))
		}
	}
	for _, g := range w.grids {
		out += g.Population
	}
	if in1 != out || report.Residents != in1 || len(w.assignment) != 33 {
		t.Errorf("%d people in, %d out, %d reported, %d blocks assigned", in1, out, report.Residents, len(w.assignment)-1)
	}
}

func TestDrawFileRefuses(t *testing.T) {
	set := func(key string, value any) func(int, int, map[string]any) {
		return func(col, row int, f map[string]any) {
			if col == 1 && row == 1 {
				f["properties"].(map[string]any)[key] = value
			}
		}
	}
	shape := func(kind string, coordinates any) func(int, int, map[string]any) {
		return func(col, row int, f map[string]any) {
			if col == 1 && row == 1 {
				f["geometry"] = map[string]any{"type": kind, "coordinates": coordinates}
			}
		}
	}
	box := func(x, y float64) [][][2]float64 {
		return [][][2]float64{{{x, y}, {x + .001, y}, {x + .001, y + .001}, {x, y}}}
	}
	tests := []struct {
		name   string
		change func(col, row int, f map[string]any)
		want   string
	}{
		{"no population", set("population", nil), `feature 6 (id b0101): it has no property "population"`},
		{"negative population", set("population", -3), "feature 6 (id b0101): its population -3 is negative"},
		{"half a person", set("population", 2.5), "2.5 is no whole number"},
		{"population as text", set("population", "12"), `"12" is no whole number`},
		{"no community", set("community", ""), `it has no property "community"`},
		{"no id", func(col, row int, f map[string]any) {
			if col == 1 && row == 1 {
				delete(f, "id")
			}
		}, "feature 6: it has no id"},
		{"the same id twice", func(col, row int, f map[string]any) {
			if row == 1 && col == 1 {
				f["id"] = "b0100"
			}
		}, "feature 6 (id b0100): the same id as feature 5"},
		{"a line", shape("LineString", [][2]float64{{116, 40}, {116.1, 40}}), "its geometry is a LineString"},
		{"two vertices", shape("Polygon", [][][2]float64{{{116, 40}, {116.1, 40}, {116, 40}}}), "no area"},
		{"metres", shape("Polygon", box(440_000, 4_420_000)), "are no degrees"},
		{"latitude first", shape("Polygon", box(40, 116.3)), "has latitude first"},
		{"London", shape("Polygon", box(-0.1, 51.5)), "outside of China"},
		{"coordinates that are text", shape("Polygon", "here"), "coordinates can't be read"},
		{"no features", func(_, _ int, f map[string]any) { delete(f, "type") }, "holds no features"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { refused(t, input(t, quarter(t, 2, test.change)), test.want) })
	}
	for name, content := range map[string]string{
		"is empty": "", "no GeoJSON": "id,population\n1,2\n", "is no GeoJSON FeatureCollection": `{"type":"Topology"}`,
		"is cut off":  `{"type":"FeatureCollection","features":[{"type":"Feature","id":1,`,
		"isn't UTF-8": "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"id\":\"\xc7\xe5\xbb\xaa\"}]}",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.geojson")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, input(t, path), name)
		})
	}
	t.Run("no such file", func(t *testing.T) { refused(t, input(t, "nowhere.geojson"), "can't open nowhere.geojson") })
}

// refused expects a fault about the file, and nothing written.
func refused(t *testing.T, in drawFileInput, want string) {
	t.Helper()
	_, err := drawFile(context.Background(), in, nil)
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Invalid || !strings.Contains(f.EN, want) || !strings.Contains(f.EN, in.Blocks) || !strings.Contains(f.ZH, in.Blocks) {
		t.Errorf("got %v, want a fault about %s with %q", err, in.Blocks, want)
	}
	left, err := os.ReadDir(filepath.Dir(in.Out))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

// TestDrawFileCancelled: what was begun is finished as it is, and written.
func TestDrawFileCancelled(t *testing.T) {
	in := input(t, quarter(t, 10, nil))
	in.Options.Time = time.Minute
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	report, err := drawFile(ctx, in, func(stage string, _ float64) {
		if stage == "improve" {
			cancel()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if w := read(t, in); !report.StoppedEarly || len(w.grids) != report.Grids || len(w.assignment) != 201 {
		t.Errorf("stopped early %v, %d grids, %d lines", report.StoppedEarly, len(w.grids), len(w.assignment))
	}
}

func TestGridCode(t *testing.T) {
	for want, got := range map[string]string{
		"110108014001007": gridCode("110108014001", 7), "南沙村-012": gridCode("南沙村", 12), "004": gridCode("", 4),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestAlongStreets: a border is along a street where the street is near it and runs its way.
func TestAlongStreets(t *testing.T) {
	plane := crs.PlaneFor(116.3)
	at := func(x, y float64) planar.Point {
		lon, lat := plane.Inverse(440_000+x, 4_430_000+y)
		return planar.FromDegrees(lon, lat)
	}
	index := newStreetIndex([]street{
		{[]planar.Point{at(0, 2), at(100, 2)}, 1},
		{[]planar.Point{at(0, 0), at(60, 0)}, pathStrength},
		{[]planar.Point{at(50, -100), at(50, 100)}, 1},
	}, plane)
	tests := []struct {
		name           string
		line           []planar.Point
		length, weight float64
	}{
		{"beside the street", []planar.Point{at(0, 0), at(100, 0)}, 100, 100},
		{"half of it beyond its end", []planar.Point{at(50, 4), at(150, 4)}, 50, 50},
		{"only the path is near", []planar.Point{at(0, -2), at(40, -2)}, 40, 24},
		{"too far", []planar.Point{at(0, 6), at(100, 6)}, 0, 0},
		{"across all of them", []planar.Point{at(30, -20), at(30, 20)}, 0, 0},
	}
	for _, test := range tests {
		length, weight := index.along(metres(test.line, plane))
		if math.Abs(length-test.length) > 8 || math.Abs(weight-test.weight) > 8 {
			t.Errorf("%s: %.1f m, weighing %.1f; want %.0f and %.0f", test.name, length, weight, test.length, test.weight)
		}
	}
}
