package main

import (
	"slices"
	"strings"
	"testing"
)

// TestTownsDrawnOneByOne: a county is drawn town by town, as counties are, and what is on record about the
// towns that stand must follow: each border with nothing becomes one with the new neighbour, also round a hole.
func TestTownsDrawnOneByOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	box := func(west, south, size float64) [][2]float64 {
		return [][2]float64{{west, south}, {west + size, south}, {west + size, south + size}, {west, south + size}, {west, south}}
	}
	town := func(code string, rings ...[][2]float64) map[string]any {
		return map[string]any{"type": "Feature", "properties": map[string]any{"code": code, "name": code, "people": 600},
			"geometry": map[string]any{"type": "Polygon", "coordinates": rings}}
	}
	hole := box(116.013, 39.903, 0.004)
	hole[1], hole[3] = hole[3], hole[1]
	divisions := writeFile(t, "towns.geojson", map[string]any{"type": "FeatureCollection", "features": []any{
		town("110109101", box(116.000, 39.9, 0.01)),
		town("110109102", box(116.010, 39.9, 0.01), hole),
		town("110109103", box(116.013, 39.903, 0.004)),
		town("110109104", box(116.020, 39.902, 0.003)), // touches a part of its neighbour's side
	}})
	d.do(nil, "import", "divisions", divisions, "--code-field", "code", "--name-field", "name", "--population-field", "people")
	for _, code := range []string{"110109101", "110109102", "110109103", "110109104"} {
		d.do(nil, "draw", "--division", code, "--time", "0s")
		d.prove()
	}
	d.do(nil, "draw", "--division", "110109102", "--replace", "--time", "0s")
	d.prove()

	// A town that has lost its west side leaves nothing there, and its neighbour borders on nothing again.
	shrunken := writeFile(t, "shrunken.geojson", map[string]any{"type": "FeatureCollection", "features": []any{
		town("110109104", box(116.021, 39.902, 0.002)),
	}})
	d.do(nil, "import", "divisions", shrunken, "--code-field", "code", "--name-field", "name", "--population-field", "people")
	d.do(nil, "draw", "--division", "110109104", "--replace", "--time", "0s")
	d.prove()
}

// Two towns that overlap stop each other, and the message says so.
func TestOverlappingTownsSayWhyNothingIsDrawn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var features []any
	for code, west := range map[string]float64{"110109109": 116.080, "110109110": 116.085} {
		features = append(features, map[string]any{"type": "Feature", "properties": map[string]any{"code": code, "name": code},
			"geometry": map[string]any{"type": "Polygon", "coordinates": [][][2]float64{
				{{west, 39.9}, {west + 0.01, 39.9}, {west + 0.01, 39.91}, {west, 39.91}, {west, 39.9}}}}})
	}
	file := writeFile(t, "overlap.geojson", map[string]any{"type": "FeatureCollection", "features": features})
	d.do(nil, "import", "divisions", file, "--code-field", "code", "--name-field", "name")
	status, _, errs := d.try("draw", "--division", "110109109", "--time", "0s")
	if status == 0 || !strings.Contains(errs, "110109110") {
		t.Errorf("status %d, %q: the other town isn't named", status, errs)
	}
}

// A border moved over its neighbours' ground stops the towns that overlap. They keep the grids they have, and
// the rest of the county is drawn again beside them.
func TestATownMovedOverItsNeighboursStopsNobodyElse(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	towns := func(shift float64) string {
		var features []any
		for i, code := range []string{"110109101", "110109102", "110109103", "110109104"} {
			west, east := 116+0.01*float64(i), 116.01+0.01*float64(i)
			if i == 1 { // into the third town
				west, east = west+shift, east+shift
			}
			if i == 0 { // where the second one was
				east += shift
			}
			features = append(features, map[string]any{"type": "Feature", "properties": map[string]any{"code": code, "name": code, "people": 600},
				"geometry": map[string]any{"type": "Polygon", "coordinates": [][][2]float64{
					{{west, 39.9}, {east, 39.9}, {east, 39.91}, {west, 39.91}, {west, 39.9}}}}})
		}
		return writeFile(t, "towns.geojson", map[string]any{"type": "FeatureCollection", "features": features})
	}
	fields := []string{"--code-field", "code", "--name-field", "name", "--population-field", "people"}
	d.do(nil, append([]string{"import", "divisions", towns(0)}, fields...)...)
	d.do(nil, "draw", "--division", "110109", "--time", "0s")
	d.do(nil, append([]string{"import", "divisions", towns(0.002)}, fields...)...)
	var r drawn
	d.do(&r, "draw", "--division", "110109", "--replace", "--time", "0s")
	if r.Version != 2 || !slices.Equal(r.Stopped, []int64{110109102000, 110109103000}) || r.Residents != 1200 {
		t.Errorf("version %d, %d residents, stopped %v", r.Version, r.Residents, r.Stopped)
	}
	var why int
	for _, g := range r.Ground {
		if g.Stopped != nil {
			why++
		}
	}
	if why != 2 {
		t.Errorf("%d reasons for two towns: %+v", why, r.Ground)
	}
	// The proof names what stands elsewhere than its division, and nothing else.
	_, out, _ := d.try("verify")
	if strings.Count(out, `"what": "territory`) != 2 || !strings.Contains(out, "territory 110109101000") || !strings.Contains(out, "territory 110109102000") {
		t.Errorf("verify: %s", out)
	}
}
