package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"jingwei/internal/ingest"
)

// sketch draws ground in a local system of steps of 0.001 degree.
type sketch struct {
	t    *testing.T
	dir  string
	rows map[string][]map[string]any // file → features
}

func (s *sketch) at(x, y float64) []float64 { return []float64{117 + x/1000, 35.4 + y/1000} }

func (s *sketch) ring(x0, y0, x1, y1 float64) [][]float64 {
	return [][]float64{s.at(x0, y0), s.at(x1, y0), s.at(x1, y1), s.at(x0, y1), s.at(x0, y0)}
}

func (s *sketch) add(file, kind string, coordinates any, properties map[string]any) {
	var geometry any
	if kind != "" {
		geometry = map[string]any{"type": kind, "coordinates": coordinates}
	}
	s.rows[file] = append(s.rows[file], map[string]any{"type": "Feature", "geometry": geometry, "properties": properties})
}

func (s *sketch) community(code, name string, people int, ground ...[][]float64) {
	parts := [][][][]float64{}
	for _, ring := range ground {
		parts = append(parts, [][][]float64{ring})
	}
	kind := "MultiPolygon"
	if len(ground) == 0 {
		kind = ""
	}
	s.add("divisions", kind, parts, map[string]any{"code": code, "name": name, "people": people})
}

func (s *sketch) home(id string, x, y float64, people int) {
	s.add("buildings", "Polygon", [][][]float64{s.ring(x, y, x+.4, y+.3)}, map[string]any{"id": id, "building": "apartments", "residents": people})
}

func (s *sketch) write(file string) string {
	s.t.Helper()
	text, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": s.rows[file]})
	if err != nil {
		s.t.Fatal(err)
	}
	path := filepath.Join(s.dir, file+".geojson")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// What is wrong with a county's data is named, each by its kind, gets a sensible result, and nobody is lost: a community without a
// polygon, a building in two communities, people without a building, a block that nobody can reach, a community in two pieces.
func TestDefectsAreNamedAndNobodyIsLost(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := &sketch{t, t.TempDir(), map[string][]map[string]any{}}
	s.community("370883001001", "甲社区", 900, s.ring(0, 0, 10, 10))
	s.community("370883001002", "乙社区", 800, s.ring(10, 0, 20, 10))
	s.community("370883001003", "无界社区", 700)
	s.community("370883001004", "两片社区", 750, s.ring(0, 12, 10, 20), s.ring(15, 15, 18, 18))
	s.community("370883001005", "空社区", 500, s.ring(10, 12, 14, 14))
	people := 500 // of the community without buildings
	home := func(id string, x, y float64, n int) {
		s.home(id, x, y, n)
		people += n
	}
	for i := range 8 {
		home("a"+string(rune('0'+i)), 1+float64(i), 1, 100)
		home("b"+string(rune('0'+i)), 11+float64(i), 1, 90)
	}
	home("astride", 9.7, 3, 60)
	home("walled", 7, 7.5, 20)
	for i := range 6 {
		home("c"+string(rune('0'+i)), 1+float64(i), 14, 100)
	}
	home("island", 16, 16, 150)
	s.home("nowhere", 30, 30, 55) // outside of all divisions: not in, and said so
	s.add("streets", "LineString", [][]float64{s.at(0, 5), s.at(20, 5)}, map[string]any{"id": "s1", "highway": "residential"})
	s.add("streets", "LineString", [][]float64{s.at(0, 13), s.at(10, 13)}, map[string]any{"id": "s2", "highway": "residential"})
	s.add("walls", "LineString", s.ring(6, 7, 9, 9), map[string]any{"id": "w1", "barrier": "wall"})

	var divisions, ground ingest.Report
	d.do(&divisions, "import", "divisions", s.write("divisions"), "--code-field", "code", "--name-field", "name", "--population-field", "people")
	if f := divisions.Repaired.Listed; divisions.Refused.Count != 0 || len(f) != 1 || f[0].Kind != "no-ground" {
		t.Fatalf("divisions: refused %v, repaired %v", divisions.Refused.Listed, f)
	}
	d.do(&ground, "import", "ground", s.write("streets"), s.write("walls"), s.write("buildings"))
	if ground.Outside != 1 {
		t.Errorf("%d features outside, want the one", ground.Outside)
	}
	var out drawn
	d.do(&out, "draw", "--division", "370883", "--time", "1s")
	if out.Residents != people || out.Broken != 0 || out.Crossing != 0 {
		t.Errorf("%d people came in, %d are in grids; %d broken, %d crossing", people, out.Residents, out.Broken, out.Crossing)
	}
	said := map[int64][]string{}
	for _, g := range out.Ground {
		for _, w := range g.Warnings {
			if w.ZH == "" || w.EN == "" {
				t.Errorf("%d: warning %q isn't in both languages", g.Community, w.Kind)
			}
			said[g.Community] = append(said[g.Community], w.Kind)
		}
	}
	for community, want := range map[int64]string{370883001001: "unreachable", 370883001005: "no-buildings"} {
		if !slices.Contains(said[community], want) {
			t.Errorf("community %d: warnings %v, want %s", community, said[community], want)
		}
	}
	if a, b := slices.Contains(said[370883001001], "two-communities"), slices.Contains(said[370883001002], "two-communities"); a == b {
		t.Errorf("the building in two communities is named in both or in none: %v", said)
	}
	for _, want := range []struct{ kind, within string }{{"disconnected", "370883001004"}, {"no-ground", "370883001003"}} {
		found := false
		for _, w := range out.Warnings {
			found = found || w.Kind == want.kind && w.Within == want.within && w.ZH != "" && w.EN != ""
		}
		if !found {
			t.Errorf("warnings %v, want %s of %s", out.Warnings, want.kind, want.within)
		}
	}
	d.prove()

	// A community that comes again without its polygon keeps the one that it has.
	s.rows["divisions"] = s.rows["divisions"][:0]
	s.community("370883001001", "甲社区", 900)
	d.do(&divisions, "import", "divisions", s.write("divisions"), "--code-field", "code", "--name-field", "name", "--population-field", "people")
	d.prove()
}
