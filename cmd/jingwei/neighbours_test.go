package main

import "testing"

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
