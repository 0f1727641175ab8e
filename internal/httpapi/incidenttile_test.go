package httpapi

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
)

// tileAt is the address of the tile that a position lies in (OpenStreetMap's wiki, "Slippy map tilenames").
func tileAt(lon, lat float64, z int) (x, y int) {
	n, phi := math.Exp2(float64(z)), lat*math.Pi/180
	return int((lon + 180) / 360 * n), int((1 - math.Asinh(math.Tan(phi))/math.Pi) / 2 * n)
}

// incidentTile reads the tile at a position as somebody.
func (s *site) incidentTile(who string, z int, lon, lat float64) (features []mark, answer *http.Response) {
	s.Helper()
	x, y := tileAt(lon, lat, z)
	path := fmt.Sprintf("/tiles/incidents/%d/%d/%d.mvt", z, x, y)
	answer, raw := s.as(s.people[who]).get(path, "Accept-Encoding", "gzip")
	if answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("ETag") != "" {
		s.Errorf("%s may be kept: %v", path, answer.Header)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, answer
	}
	if answer.Header.Get("Content-Type") != tileType || answer.Header.Get("Content-Encoding") != "gzip" {
		s.Errorf("%s: %v", path, answer.Header)
	}
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		s.Fatal(err)
	}
	if raw, err = io.ReadAll(r); err != nil {
		s.Fatal(err)
	}
	layers, err := mvt.Unmarshal(raw)
	if err != nil || len(layers) != 1 || layers[0].Name != "incidents" || layers[0].Version != 2 {
		s.Fatalf("%s: %v %v", path, layers, err)
	}
	for _, f := range layers[0].Features {
		p := f.Geometry.(orb.Point)
		// From a tile's own units back to degrees.
		n := math.Exp2(float64(z))
		m := mark{lon: (float64(x)+p[0]/4096)/n*360 - 180, lat: math.Atan(math.Sinh(math.Pi*(1-2*(float64(y)+p[1]/4096)/n))) * 180 / math.Pi, properties: f.Properties}
		features = append(features, m)
	}
	return features, answer
}

type mark struct {
	lon, lat   float64
	properties map[string]any
}

// Close up each incident stands for itself, where it is; from afar those close together are one, with the gravest severity, in their middle.
func TestIncidentTiles(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	report := func(lon, lat float64, severity int, more ...any) (made Incident) {
		s.ask("special", "POST", "/api/incidents", fireAt(lon, lat, append(more, "severity", severity)...), 201, &made)
		return made
	}
	a, b, c := report(116.3205, 40.0005, 4), report(116.3207, 40.0007, 2), report(116.3235, 40.0025, 3)
	near := func(m mark, lon, lat float64) bool {
		return math.Abs(m.lon-lon) < 3e-5 && math.Abs(m.lat-lat) < 3e-5
	}

	got, _ := s.incidentTile("county", 18, 116.3205, 40.0005)
	want := map[string]any{"id": a.ID, "kind": "fire", "severity": float64(4), "at": float64(a.ReportedAt.Unix())}
	if len(got) != 2 || !near(got[0], 116.3205, 40.0005) || fmt.Sprint(got[0].properties) != fmt.Sprint(want) {
		t.Errorf("zoom 18: %+v, want %v", got, want)
	}
	got, _ = s.incidentTile("county", 16, 116.3205, 40.0005)
	if len(got) != 2 || got[0].properties["id"] != a.ID || got[1].properties["id"] != b.ID || !near(got[1], 116.3207, 40.0007) {
		t.Errorf("zoom 16: %+v, want the graver one on top", got)
	}
	got, _ = s.incidentTile("county", 9, 116.3205, 40.0005)
	if len(got) != 1 || got[0].properties["count"] != float64(3) || got[0].properties["severity"] != float64(2) || got[0].properties["id"] != nil ||
		got[0].properties["bounds"] != "116.3205000,40.0005000,116.3235000,40.0025000" || math.Abs(got[0].lon-116.32157) > 1e-4 || math.Abs(got[0].lat-40.00123) > 1e-4 {
		t.Errorf("zoom 9: %+v", got)
	}
	// At zoom 15 an eighth of a tile is 105 m: the two in the south-west may be one, the third stands alone and is itself.
	got, _ = s.incidentTile("county", 15, 116.3235, 40.0025)
	alone := slices.ContainsFunc(got, func(m mark) bool {
		return m.properties["id"] == c.ID && m.properties["count"] == nil && near(m, 116.3235, 40.0025)
	})
	if !alone {
		t.Errorf("zoom 15: %+v, want %s alone", got, c.ID)
	}
	// The next answer shows what has just been reported.
	report(116.3206, 40.0006, 1)
	if got, _ = s.incidentTile("county", 9, 116.3205, 40.0005); len(got) != 1 || got[0].properties["count"] != float64(4) || got[0].properties["severity"] != float64(1) {
		t.Errorf("afterwards: %+v", got)
	}
	if _, answer := s.incidentTile("county", 18, 110, 35); answer.StatusCode != http.StatusNoContent {
		t.Errorf("an empty tile: %d", answer.StatusCode)
	}
}

// A tile holds what its viewer may see, whoever asked before.
func TestIncidentTilesAreWithinTheScope(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	for _, lon := range []float64{116.3205, 116.3235, 116.3245} {
		s.ask("county", "POST", "/api/incidents", fireAt(lon, 40.0005), 201, nil)
	}
	s.ask("special", "POST", "/api/incidents", fireAt(116.3206, 40.0006, "kind", "special-group", "special", "mental"), 201, nil)
	for _, z := range []int{10, 12} {
		for range 2 {
			for who, want := range map[string]int{"county": 3, "leader": 3, "special": 4, "west": 1, "east": 1, "foreign": 0} {
				got, answer := s.incidentTile(who, z, 116.322, 40.001)
				n := 0
				for _, m := range got {
					if count, several := m.properties["count"].(float64); several {
						n += int(count)
					} else {
						n++
					}
					if special := m.properties["special"]; special != nil && who != "special" {
						t.Errorf("%s sees what concerns %v", who, special)
					}
				}
				if n != want || want == 0 && answer.StatusCode != http.StatusNoContent {
					t.Errorf("zoom %d: %s sees %d (%d), want %d", z, who, n, answer.StatusCode, want)
				}
			}
		}
	}
	for who, status := range map[string]int{"planner": 403, "": 401} {
		if _, answer := s.incidentTile(who, 10, 116.322, 40.001); answer.StatusCode != status {
			t.Errorf("%q: %d, want %d", who, answer.StatusCode, status)
		}
	}
	for _, path := range []string{"incidents/19/0/0.mvt", "incidents/3/9/0.mvt", "incidents/1/0/0", "incidents/a/0/0.mvt", "incidents,grids/1/0/0.mvt", "incidents.json"} {
		s.as(s.people["county"]).problem("/tiles/"+path, http.StatusNotFound)
	}
}

// Whoever has seen an event on one node finds it in that node's tiles, whichever node the report was made on: nothing older is kept anywhere.
func TestNoTileIsOlderThanAnEvent(t *testing.T) {
	here, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	there := serve(t, here.db)
	there.people = here.people
	stream, _ := there.listen("county", "")
	for n := range 10 {
		if marks, _ := there.incidentTile("county", 16, westLon, 40.0005); len(marks) != n {
			t.Fatalf("before report %d the other node shows %d incidents", n+1, len(marks))
		}
		id := here.news(westLon+float64(n)*1e-6, false)
		if got := stream.incidents(1); got[0] != id {
			t.Fatalf("event %q, want %q", got, id)
		}
		marks, _ := there.incidentTile("county", 16, westLon, 40.0005)
		if !slices.ContainsFunc(marks, func(m mark) bool { return m.properties["id"] == id }) {
			t.Errorf("the event of %s was seen, and the tile hasn't got it: %v", id, marks)
		}
	}
}
