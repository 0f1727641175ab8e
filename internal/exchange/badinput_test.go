package exchange

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/gridnet"
	"jingwei/internal/planar"
)

// shifted writes the features of a GeoJSON with other coordinates.
func shifted(t testing.TB, content []byte, to func(lon, lat float64) (x, y float64)) []byte {
	t.Helper()
	var c map[string]any
	if err := json.Unmarshal(content, &c); err != nil {
		t.Fatal(err)
	}
	var walk func(v any)
	walk = func(v any) {
		list := v.([]any)
		if _, number := list[0].(float64); number {
			list[0], list[1] = to(list[0].(float64), list[1].(float64))
			return
		}
		for _, e := range list {
			walk(e)
		}
	}
	for _, f := range c["features"].([]any) {
		walk(f.(map[string]any)["geometry"].(map[string]any)["coordinates"])
	}
	out, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A file that doesn't say its system is read in the one that is said: shifted, or metres of a plane with or without a zone number.
func TestCoordinateSystems(t *testing.T) {
	v := newTown(t)
	g := v.ground(townCode)
	want := v.load(townCode, 0).assignment()
	plain := v.exported(Job{What: Grids, Format: "geojson", Division: townCode})
	for _, system := range []string{"gcj02", "bd09", "epsg:4527", "epsg:4548", "epsg:4498", "epsg:4509"} {
		ref, err := crs.ParseReference(system)
		if err != nil {
			t.Fatal(err)
		}
		path := file(t, "shifted.geojson", shifted(t, plain, func(lon, lat float64) (float64, float64) {
			if ref.Projected != nil {
				return ref.Projected.FromDegrees(lon, lat)
			}
			return ref.System.FromWGS84(lon, lat)
		}))
		in := v.lay(g, NetInput{File: path, CRS: system})
		if got := assignmentOf(in); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: blocks went to %v, want %v", system, got, want)
		}
		if len(in.Result.Decisions) > 0 {
			t.Errorf("%s: decisions %+v", system, in.Result.Decisions)
		}
	}
}

// Offices write Shapefiles in GBK with Chinese names of fields, zipped, without saying so.
func TestShapefileInGBK(t *testing.T) {
	needGDAL(t)
	v := newTown(t)
	dir := t.TempDir()
	source := file(t, "source.geojson", bytes.NewBufferString(strings.NewReplacer(`"code":`, `"网格编码":`, `"name":`, `"网格名称":`).
		Replace(string(v.exported(Job{What: Grids, Format: "geojson", Division: townCode})))).Bytes())
	run(t, "ogr2ogr", "-f", "ESRI Shapefile", "-lco", "ENCODING=GBK", "-a_srs", "EPSG:4490", "-select", "网格编码,网格名称", filepath.Join(dir, "grids.shp"), source)
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, ending := range []string{".shp", ".shx", ".dbf", ".prj"} { // no .cpg: GBK isn't said
		content, err := os.ReadFile(filepath.Join(dir, "grids"+ending))
		if err != nil {
			t.Fatal(err)
		}
		if ending == ".dbf" {
			content[29] = 0 // … nor in the file itself
		}
		name, err := simplifiedchinese.GBK.NewEncoder().String("网格/2025年网格" + ending)
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, NonUTF8: true, Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	in := v.lay(v.ground(townCode), NetInput{File: file(t, "去年.zip", packed.Bytes())})
	if in.Net.Polygons[0].Name != "甲网格" || in.Net.Name != "去年" {
		t.Errorf("the net %q has the polygon %q, fields %+v", in.Net.Name, in.Net.Polygons[0].Name, in.Fields)
	}
	if fmt.Sprint(assignmentOf(in)) != fmt.Sprint(v.load(townCode, 0).assignment()) {
		t.Errorf("blocks went to %v", assignmentOf(in))
	}
}

func run(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// KML has its own words for names, and fields in tables beside.
func TestKML(t *testing.T) {
	needGDAL(t)
	v := newTown(t)
	source := file(t, "source.geojson", v.exported(Job{What: Grids, Format: "geojson", Division: townCode}))
	path := filepath.Join(t.TempDir(), "grids.kml")
	run(t, "ogr2ogr", "-f", "KML", "-dsco", "NameField=name", path, source)
	in := v.lay(v.ground(townCode), NetInput{File: path})
	if fmt.Sprint(assignmentOf(in)) != fmt.Sprint(v.load(townCode, 0).assignment()) {
		t.Errorf("blocks went to %v, fields %+v", assignmentOf(in), in.Fields)
	}
}

func zipOf(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, content := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Each wrong file gets a sentence that says what is wrong with it.
func TestBadFiles(t *testing.T) {
	needGDAL(t)
	v := newTown(t)
	g := v.ground(townCode)
	plain := v.exported(Job{What: Grids, Format: "geojson", Division: townCode})
	metres := func(epsg int) []byte {
		p, _ := crs.ProjectedOf(epsg)
		return shifted(t, plain, p.FromDegrees)
	}
	table := func(rows string) []byte { return []byte("block,grid\n" + rows) }
	for what, c := range map[string]struct {
		name    string
		content []byte
		crs     string
		fields  Fields
		code    fault.Code
		words   string
	}{
		"empty":                 {"a.geojson", nil, "", Fields{}, fault.Invalid, "is empty"},
		"no features":           {"a.geojson", []byte(`{"type":"FeatureCollection","features":[]}`), "", Fields{}, fault.Invalid, "no features"},
		"lines":                 {"a.geojson", []byte(`{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[116.97,35.4],[116.98,35.4]]}}`), "", Fields{}, fault.Invalid, "no polygon"},
		"cut off":               {"a.geojson", plain[:len(plain)-40], "", Fields{}, fault.Invalid, "broken"},
		"in the sea":            {"a.geojson", shifted(t, plain, func(lon, lat float64) (float64, float64) { return lon + 6, lat }), "", Fields{}, fault.Invalid, "km apart"},
		"latitude first":        {"a.geojson", shifted(t, plain, func(lon, lat float64) (float64, float64) { return lat, lon }), "", Fields{}, fault.Invalid, "longitude comes first"},
		"metres with a zone":    {"a.geojson", metres(4527), "", Fields{}, fault.Invalid, "--crs epsg:4527"},
		"metres of 6 degrees":   {"a.geojson", metres(4498), "", Fields{}, fault.Invalid, "--crs epsg:4498"},
		"metres without a zone": {"a.geojson", metres(4548), "", Fields{}, fault.Invalid, "--crs epsg:4548"},
		"the wrong zone":        {"a.geojson", metres(4527), "epsg:4548", Fields{}, fault.Invalid, "don't lie in the zone"},
		"an unknown system":     {"a.geojson", plain, "xian80", Fields{}, fault.Invalid, "epsg:4491"},
		"a field that isn't":    {"a.geojson", plain, "", Fields{Code: "wgbm"}, fault.Invalid, `no field "wgbm"`},
		"no file of a map":      {"a.zip", zipOf(t, map[string][]byte{"readme.txt": []byte("x")}), "", Fields{}, fault.Invalid, "no layer"},
		"two layers":            {"a.zip", zipOf(t, map[string][]byte{"a.geojson": plain, "b.geojson": plain}), "", Fields{}, fault.Invalid, "2 layers"},
		"a broken archive":      {"a.zip", zipOf(t, map[string][]byte{"a.geojson": plain})[:200], "", Fields{}, fault.Invalid, "broken"},
		"a lonely dbf":          {"a.dbf", []byte("x"), "", Fields{}, fault.Invalid, "part of a Shapefile"},
		"a lonely shp":          {"a.shp", []byte("x"), "", Fields{}, fault.Invalid, "is missing"},
		"nonsense":              {"a.kml", []byte("<kml>"), "", Fields{}, fault.Invalid, "a.kml"},
		"a table of nothing":    {"a.csv", table(""), "", Fields{}, fault.Invalid, "no rows"},
		"a table without heads": {"a.csv", []byte("1,2\n"), "", Fields{}, fault.Invalid, "columns block and grid"},
		"no number":             {"a.csv", table("x,370883100201001\n"), "", Fields{}, fault.Invalid, "row 2, column block"},
		"twice":                 {"a.csv", table("1,370883100201001\n1,370883100201002\n"), "", Fields{}, fault.Invalid, "stands here twice"},
		"no code":               {"a.csv", table("1,\n"), "", Fields{}, fault.Invalid, "column grid"},
		"other blocks":          {"a.csv", table("1,370883100201001\n99999,370883100201001\n"), "", Fields{}, fault.Conflict, "1 don't stand"},
	} {
		_, err := g.Lay(context.Background(), NetInput{File: file(t, c.name, c.content), CRS: c.crs, Fields: c.fields}, gridnet.Answers{})
		refused(t, what, err, c.code, c.words)
	}
	_, err := g.Lay(context.Background(), NetInput{File: filepath.Join(t.TempDir(), "nowhere.geojson")}, gridnet.Answers{})
	refused(t, "no such file", err, fault.Invalid, "can't open")
	if out, _ := filepath.Glob(filepath.Join(os.TempDir(), "jingwei-net-*")); len(out) > 4 { // other tests may be at work
		t.Errorf("left behind: %v", out)
	}
}

// Outlines that cross themselves are mended and said; features without ground are counted.
func TestBrokenOutlinesAreMended(t *testing.T) {
	v := newTown(t)
	g := v.ground(westCode)
	lon, lat := func() (float64, float64) { return corner(0, 0).Degrees() }()
	east, north := corner(westCols, rows).Degrees()
	bow := fmt.Sprintf(`{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"网格编码":"%s001"},"geometry":{"type":"Polygon","coordinates":[[[%[2]v,%[3]v],[%[4]v,%[5]v],[%[4]v,%[3]v],[%[2]v,%[5]v],[%[2]v,%[3]v]]]}},
		{"type":"Feature","properties":{"网格编码":"%[1]s002"},"geometry":null},
		{"type":"Feature","properties":{"网格编码":"%[1]s003"},"geometry":{"type":"Point","coordinates":[%[2]v,%[3]v]}}]}`, westCode, lon, lat, east, north)
	in := v.lay(g, NetInput{File: file(t, "bow.geojson", []byte(bow))})
	if in.Read.Refused.Count != 2 || in.Result.Count(gridnet.Mended) != 1 || len(in.Result.Assigned) != westCols*rows {
		t.Errorf("refused %+v, flaws %+v", in.Read.Refused, in.Result.Flaws)
	}
}

func TestAnUndrawnDivisionIsRefused(t *testing.T) {
	v := newTown(t)
	_, err := v.db.Owner.Exec(context.Background(), `INSERT INTO division (code, county, level, parent, name, geom, source)
		VALUES ('370883101', 370883, 'town', '370883', '未划镇', ST_GeomFromEWKB($1), 't')`, planar.MultiPolygonEWKB(box(20, 0, 21, 1)))
	if err != nil {
		t.Fatal(err)
	}
	err = v.inTx("370883101")
	refused(t, "an undrawn town", err, fault.NotFound, "draw it once")
	refused(t, "a town that isn't", v.inTx("370883777"), fault.NotFound, "370883777")
}

// An archive that unpacks to more than it may is refused before that is written, whatever it says of itself.
func TestABombIsntUnpacked(t *testing.T) {
	bomb := zipOf(t, map[string][]byte{"a.geojson": make([]byte, 40<<20)})
	dir := t.TempDir()
	_, err := unpack(file(t, "bomb.zip", bomb), "bomb.zip", dir, 8<<20)
	refused(t, "a bomb", err, fault.Invalid, "more than 8 MB when unpacked")
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if info, err := e.Info(); err != nil || info.Size() > 8<<20+1 {
			t.Errorf("%s was written with %d bytes, %v", e.Name(), info.Size(), err)
		}
	}
	many := map[string][]byte{}
	for i := range mostEntries + 1 {
		many[fmt.Sprintf("%d.geojson", i)] = nil
	}
	_, err = unpack(file(t, "many.zip", zipOf(t, many)), "many.zip", t.TempDir(), 8<<20)
	refused(t, "an archive of very many files", err, fault.Invalid, "too many")
	// A name that leads elsewhere is used for its last part alone.
	dir = t.TempDir()
	got, err := unpack(file(t, "slip.zip", zipOf(t, map[string][]byte{"../../slip.geojson": []byte("{}")})), "slip.zip", dir, 8<<20)
	if err != nil || filepath.Dir(got) != dir {
		t.Errorf("unpacked to %s, %v", got, err)
	}
}
