package ingest

import (
	"os"
	"path/filepath"
	"testing"
)

// A feature that holds people although nobody can live in it counts once, whatever else is wrong with it.
func TestRefusedPeopleCountOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "g.geojson")
	text := `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"landuse":"residential","residents":7},"geometry":{"type":"Polygon","coordinates":[[[116.345,39.999],[116.346,39.999],[116.345,39.999]]]}},
		{"type":"Feature","properties":{"highway":"service","residents":11},"geometry":{"type":"LineString","coordinates":[[75,39.999],[134,30],[-20,39.999]]}},
		{"type":"Feature","properties":{"building":"house","residents":13},"geometry":{"type":"Polygon","coordinates":[[[116.345,39.999],[116.346,39.999],[116.345,39.999]]]}},
		{"type":"Feature","properties":{"highway":"service"},"geometry":{"type":"LineString","coordinates":[[116.345,39.999],[116.346,39.999]]}}]}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := importGround(t, town(t), GroundInput{Files: []string{path}})
	for of, want := range map[string]Census{ofOthers: {Read: 18, Refused: 18}, ofBuildings: {Read: 13, Refused: 13}} {
		if r.People[of] != want {
			t.Errorf("people of %s: %+v, want %+v\n%s", of, r.People[of], want, dump(r))
		}
	}
}
