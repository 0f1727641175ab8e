package httpapi

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// What is laid over the ground from a file changes nothing by itself; what can't be laid says why.
func TestBadNetsChangeNothing(t *testing.T) {
	d := newBadDraft(t)
	polygon := func(rings string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"110108014001001"},"geometry":{"type":"Polygon","coordinates":[` + rings + `]}}]}`
	}
	var round strings.Builder // 100,000 vertices round the town
	for n := range 100_000 {
		at := 2 * math.Pi * float64(n) / 100_000
		fmt.Fprintf(&round, "[%.7f,%.7f],", 116.322+.004*math.Cos(at), 40.0015+.004*math.Sin(at))
	}
	for _, c := range []struct {
		what, name, file string
		status           int
		says             string // of a refusal, or of what was found
	}{
		{"a polygon in the sea", "a.geojson", polygon(`[[122.5,36.1],[122.6,36.1],[122.6,36.2],[122.5,36.1]]`), 422, "km"},
		{"a polygon beyond the earth", "a.geojson", polygon(`[[200,95],[201,95],[201,96],[200,95]]`), 422, ""},
		{"a polygon of latitude and longitude", "a.geojson", polygon(`[[40,116.32],[40,116.324],[40.003,116.324],[40,116.32]]`), 422, "latitude first"},
		{"a polygon of no ground", "a.geojson", polygon(`[[116.32,40],[116.324,40],[116.32,40]]`), 422, "no area"},
		{"a polygon of two points", "a.geojson", polygon(`[[116.32,40],[116.324,40]]`), 422, ""},
		{"a polygon without a point", "a.geojson", polygon(``), 422, ""},
		{"a line", "a.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[116.32,40],[116.324,40]]}}]}`, 422, "no polygon"},
		{"nothing at all", "a.geojson", `{"type":"FeatureCollection","features":[]}`, 422, "no features"},
		{"NaN", "a.geojson", polygon(`[[NaN,40],[116.324,40],[116.324,40.003],[NaN,40]]`), 422, "isn't a number"},
		{"no JSON", "a.geojson", `hello`, 422, ""},
		{"a program", "a.exe", "MZ\x90", 422, "can't read"},
		{"a zip that is none", "a.zip", "PK\x03\x04 and no more", 422, ""},
		{"a table of foreign blocks", "a.csv", "block,grid\n99999,110108014001001\n", 409, "of other ground"},
		{"a table without its columns", "a.csv", "x,y\n1,2\n", 422, ""},
		{"a polygon that crosses itself", "a.geojson", polygon(`[[116.32,40],[116.324,40.003],[116.324,40],[116.32,40.003],[116.32,40]]`), 200, `"kind":"invalid"`},
		{"a polygon over half of the earth", "a.geojson", polygon(`[[20,-80],[179,-80],[179,80],[20,80],[20,-80]]`), 422, "outside China"},
		{"a polygon of 100,000 vertices", "a.geojson", polygon(`[` + round.String() + `[116.326,40.0015]]`), 200, `"assigned":[`},
		{"the same code twice", "a.geojson", strings.Replace(wholeNet, "001002", "001001", 1), 200, `"ask":"code"`},
	} {
		before := d.is()
		answer, raw := d.as(d.cookie).upload(netForm(c.name, c.file, "division", "110108014"))
		switch {
		case answer.StatusCode != c.status:
			t.Errorf("%s: %d, want %d: %.400s", c.what, answer.StatusCode, c.status, raw)
		case c.status == 200 && !strings.Contains(string(raw), c.says):
			t.Errorf("%s: wants %s in %.600s", c.what, c.says, raw)
		case c.status != 200:
			if p := d.isProblem(c.what, answer, raw, c.status); !strings.Contains(p.EN, c.says) || !chineseSentence.MatchString(p.ZH) || strings.Contains(p.EN, "/tmp/") {
				t.Errorf("%s: %s / %s", c.what, p.EN, p.ZH)
			}
		}
		if d.is() != before {
			t.Errorf("%s changed something", c.what)
		}
	}
}
