package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

// town opens a database with one town, 1.3 km square.
func town(t testing.TB) *postgres.DB {
	t.Helper()
	db := pgtest.New(t)
	importDivisions(t, db, DivisionsInput{File: write(t, "bounds.geojson", extractBounds), CodeField: "code", NameField: "name"})
	return db
}

// at is a position in the town: x and y in units of 1e-5 degree (about a metre) from its south-west.
func at(x, y int) string {
	return fmt.Sprintf("[%.5f,%.5f]", 116.345+float64(x)/1e5, 39.999+float64(y)/1e5)
}

func path(xy ...int) string {
	var out []string
	for i := 0; i < len(xy); i += 2 {
		out = append(out, at(xy[i], xy[i+1]))
	}
	return "[" + strings.Join(out, ",") + "]"
}

func box4(x, y, w, h int) string { return path(x, y, x+w, y, x+w, y+h, x, y+h, x, y) }

func featureOf(properties, kind, coordinates string) string {
	return `{"type":"Feature","properties":{` + properties + `},"geometry":{"type":"` + kind + `","coordinates":` + coordinates + `}}`
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

// good is a building that must come in whatever stands beside it.
var good = featureOf(`"id":"good","building":"apartments","building:levels":"6","residents":120,"name":"一号楼"`, "Polygon", "["+box4(900, 900, 30, 12)+"]")

// TestBadFeatures puts one bad feature between two good ones: it is repaired or refused with its file, its id
// and a reason, and the good ones come in.
func TestBadFeatures(t *testing.T) {
	t.Parallel()
	const b = `"id":"x","building":"yes"`
	for _, c := range []struct {
		name, feature string
		kind          string // of the finding
		refused       bool
		want          []string // rows beside the good one's
	}{
		{"self-crossing", featureOf(b, "Polygon", "["+path(0, 0, 20, 20, 20, 0, 0, 20, 0, 0)+"]"), "self-crossing", false,
			[]string{`building x yes 0 -1 MULTIPOLYGON(((116.345 39.999,116.3451 39.9991,116.345 39.9992,116.345 39.999)),((116.3451 39.9991,116.3452 39.999,116.3452 39.9992,116.3451 39.9991)))`}},
		{"clockwise", featureOf(b, "Polygon", "["+path(0, 0, 0, 20, 20, 20, 20, 0, 0, 0)+"]"), "turned", false,
			[]string{`building x yes 0 -1 MULTIPOLYGON(((116.345 39.999,116.3452 39.999,116.3452 39.9992,116.345 39.9992,116.345 39.999)))`}},
		{"as big as a town", featureOf(b, "Polygon", "["+box4(0, 0, 2000, 2000)+"]"), "too-big", true, nil},
		{"two points", featureOf(b, "Polygon", "["+path(0, 0, 20, 20, 0, 0)+"]"), "no-extent", true, nil},
		{"one point", featureOf(b, "Polygon", "["+path(0, 0, 0, 0)+"]"), "no-extent", true, nil},
		{"no ring", featureOf(b, "Polygon", "[]"), "no-extent", true, nil},
		{"spike", featureOf(b, "Polygon", "["+path(0, 0, 20, 0, 40, 0, 20, 0, 20, 20, 0, 20, 0, 0)+"]"), "spike", false,
			[]string{`building x yes 0 -1 MULTIPOLYGON(((116.345 39.999,116.3452 39.999,116.3452 39.9992,116.345 39.9992,116.345 39.999)))`}},
		{"hole turned", featureOf(b, "Polygon", "["+box4(0, 0, 30, 30)+","+box4(10, 10, 10, 10)+"]"), "turned", false,
			[]string{`building x yes 0 -1 MULTIPOLYGON(((116.345 39.999,116.3453 39.999,116.3453 39.9993,116.345 39.9993,116.345 39.999),(116.3451 39.9991,116.3451 39.9992,116.3452 39.9992,116.3452 39.9991,116.3451 39.9991)))`}},
		{"NaN coordinate", featureOf(b, "Polygon", "[["+at(0, 0)+",[NaN,39.999],"+at(20, 20)+","+at(0, 0)+"]]"), "coordinates", true, nil},
		{"null coordinate", featureOf(b, "Polygon", "[["+at(0, 0)+",[null,39.999],"+at(20, 20)+","+at(0, 0)+"]]"), "coordinates", true, nil},
		{"text coordinate", featureOf(b, "Polygon", `[[["116.345","39.999"]]]`), "coordinates", true, nil},
		{"NaN property", featureOf(b+`,"building:levels":NaN`, "Polygon", "["+box4(0, 0, 20, 20)+"]"), "nan", false,
			[]string{`building x yes 0 -1 MULTIPOLYGON(((116.345 39.999,116.3452 39.999,116.3452 39.9992,116.345 39.9992,116.345 39.999)))`}},
		{"null geometry", `{"type":"Feature","properties":{` + b + `},"geometry":null}`, "no-geometry", true, nil},
		{"collection", `{"type":"Feature","properties":{` + b + `},"geometry":{"type":"GeometryCollection","geometries":[
			{"type":"Point","coordinates":` + at(5, 5) + `},{"type":"Polygon","coordinates":[` + box4(0, 0, 20, 20) + `]}]}}`, "collection", false,
			[]string{`building x yes 0 -1 MULTIPOLYGON(((116.345 39.999,116.3452 39.999,116.3452 39.9992,116.345 39.9992,116.345 39.999)))`}},
		{"levels in words", featureOf(b+`,"building:levels":"6层"`, "Polygon", "["+box4(0, 0, 20, 20)+"]"), "levels", false,
			[]string{`building x yes 6 -1 MULTIPOLYGON(((116.345 39.999,116.3452 39.999,116.3452 39.9992,116.345 39.9992,116.345 39.999)))`}},
		{"people in words", featureOf(b+`,"residents":"许多"`, "Polygon", "["+box4(0, 0, 20, 20)+"]"), "residents", false,
			[]string{`building x yes 0 -1 MULTIPOLYGON(((116.345 39.999,116.3452 39.999,116.3452 39.9992,116.345 39.9992,116.345 39.999)))`}},
		{"bad UTF-8", featureOf(b+",\"name\":\"楼\xff\"", "Polygon", "["+box4(0, 0, 20, 20)+"]"), "encoding", false,
			[]string{`building x yes 0 -1 MULTIPOLYGON(((116.345 39.999,116.3452 39.999,116.3452 39.9992,116.345 39.9992,116.345 39.999)))`}},
		{"huge name", featureOf(b+`,"name":"`+strings.Repeat("楼", 5000)+`"`, "Polygon", "["+box4(0, 0, 20, 20)+"]"), "long-name", false,
			[]string{`building x yes 0 -1 MULTIPOLYGON(((116.345 39.999,116.3452 39.999,116.3452 39.9992,116.345 39.9992,116.345 39.999)))`}},
		{"projected metres", featureOf(b, "Polygon", "[[[448000,4428000],[448020,4428000],[448020,4428020],[448000,4428000]]]"), "not-degrees", true, nil},
		{"latitude first", featureOf(b, "Polygon", "[[[39.999,116.345],[39.9991,116.345],[39.9991,116.3451],[39.999,116.345]]]"), "outside-china", true, nil},
		{"abroad", featureOf(b, "Polygon", "[[[2.35,48.85],[2.36,48.85],[2.36,48.86],[2.35,48.85]]]"), "outside-china", true, nil},
		{"open outline", featureOf(b, "LineString", path(0, 0, 20, 0, 20, 20)), "open", true, nil},
		{"not JSON", `{"type":"Feature","properties":{` + b + `},"geometry":{"type":Polygon}}`, "json", true, nil},
		{"unknown geometry", featureOf(b, "Blob", "[]"), "geometry", true, nil},
		{"nested wrongly", featureOf(b, "Polygon", path(0, 0, 20, 0, 20, 20)), "coordinates", true, nil},
		{"same id", good + "," + good, "same-id", false, nil},
		{"same shape", featureOf(`"id":"twin","building":"yes"`, "Polygon", "["+path(930, 912, 900, 912, 900, 900, 930, 900, 930, 912)+"]"), "duplicate", false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := town(t)
			other := strings.Replace(good, `"good"`, `"later"`, 1)
			other = strings.ReplaceAll(other, "40.008", "40.006")
			file := write(t, "b.geojson", collection(good, c.feature, other))
			r := importGround(t, db, GroundInput{Files: []string{file}})
			list, not := r.Repaired, r.Refused
			if c.refused {
				list, not = not, list
			}
			if not.Count != 0 || list.Kinds[c.kind] == 0 || list.Count != list.Kinds[c.kind] {
				t.Fatalf("want %q alone, refused %v; got %s", c.kind, c.refused, dump(r))
			}
			f := list.Listed[0]
			if f.File != "b.geojson" || f.Feature == "" || f.What == "" || f.WhatZH == "" || f.Done == "" || f.DoneZH == "" {
				t.Errorf("the finding lacks something: %+v", f)
			}
			var got []string
			there := 0
			for _, row := range buildings(t, db) {
				if strings.HasPrefix(row, "building good ") || strings.HasPrefix(row, "building later ") {
					there++
				} else {
					got = append(got, row)
				}
			}
			if there != 2 || !slices.Equal(got, c.want) {
				t.Errorf("%d good ones; got\n%s\nwant\n%s", there, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if again := importGround(t, db, GroundInput{Files: []string{file}}); !again.Same() {
				t.Errorf("the same import again: %s", dump(again))
			}
		})
	}
}

func query(t testing.TB, db *postgres.DB, sql string) []string {
	t.Helper()
	r, err := db.Owner.Query(context.Background(), sql)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out []string
	for r.Next() {
		var s string
		if err := r.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	return out
}

func buildings(t testing.TB, db *postgres.DB) []string {
	return query(t, db, `SELECT format('building %s %s %s %s %s', substr(source, strpos(source, '/') + 1), use, levels, coalesce(residents, -1), ST_AsText(geom))
		FROM building ORDER BY source`)
}

// TestBrokenFiles are refused whole, with where they break, and nothing of them is stored; the file beside
// them comes in.
func TestBrokenFiles(t *testing.T) {
	t.Parallel()
	whole := collection(good, good, good)
	xml := `<?xml version="1.0"?><osm version="0.6"><node id="1" lat="39.999" lon="116.345"/><node id="2" lat="39.9995" lon="116.345"/>
		<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>`
	pbf := filepath.Join(t.TempDir(), "whole.osm.pbf")
	writePBF(t, pbf, true, func(p *pbfWriter) { squareWay(p, 1, 10, "building", "yes") })
	pbfBytes, err := os.ReadFile(pbf)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := slices.Clone(pbfBytes)
	spoilt[len(spoilt)-20] ^= 0xff
	for _, c := range []struct{ name, file, text, want string }{
		{"empty", "e.geojson", "", "is empty"},
		{"blank", "e.geojson", " \n\n", "is empty"},
		{"empty PBF", "e.osm.pbf", "", "is empty"},
		{"empty XML", "e.osm", "", "is empty"},
		{"truncated GeoJSON", "t.geojson", whole[:len(whole)-200], "in feature 2"},
		{"GeoJSON without its end", "t.geojson", whole[:len(whole)-1], "ends in the middle"},
		{"no GeoJSON", "t.geojson", "<html></html>", "not GeoJSON"},
		{"truncated XML", "t.osm", xml[:len(xml)-40], "broken at byte"},
		{"truncated PBF", "t.osm.pbf", string(pbfBytes[:len(pbfBytes)-10]), "ends in the middle"},
		{"spoilt PBF", "t.osm.pbf", string(spoilt), "broken at byte"},
		{"no PBF", "t.osm.pbf", strings.Repeat("PK\x03\x04", 100), "not OSM PBF"},
		{"all in metres", "t.geojson", collection(featureOf(`"building":"yes"`, "Polygon", "[[[448000,4428000],[448020,4428000],[448020,4428020],[448000,4428000]]]")), "projected metres"},
		{"nothing GDAL knows", "t.bin", strings.Repeat("x", 1000), "GDAL can't read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := town(t)
			bad, fine := write(t, c.file, c.text), write(t, "fine.geojson", collection(good))
			r, err := Ground(context.Background(), db, GroundInput{Files: []string{bad, fine}})
			if err == nil || fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("want %q, got %v", c.want, err)
			}
			if r.Refused.Count != 1 || r.Refused.Listed[0].File != c.file {
				t.Errorf("the report doesn't name the file: %s", dump(r))
			}
			if got := query(t, db, `SELECT source FROM building UNION ALL SELECT source FROM line_feature`); !slices.Equal(got, []string{"fine.geojson/good"}) {
				t.Errorf("stored: %v", got)
			}
		})
	}
}

// squareWay writes a square of 20 m and a way round it: nodes first to first+3.
func squareWay(p *pbfWriter, id, first int64, t ...string) {
	x, y := int32(1_163_450_000+first*1000), int32(399_990_000)
	for i, d := range [4]planar.Point{{X: 0, Y: 0}, {X: 2000, Y: 0}, {X: 2000, Y: 2000}, {X: 0, Y: 2000}} {
		p.node(first+int64(i), planar.Point{X: x + d.X, Y: y + d.Y})
	}
	p.way(id, []int64{first, first + 1, first + 2, first + 3, first}, t...)
}

func TestWithoutDivisions(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	_, err := Ground(context.Background(), db, GroundInput{Files: []string{write(t, "b.geojson", collection(good))}})
	if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "import divisions") {
		t.Fatalf("got %v", err)
	}
}

func TestChangedRows(t *testing.T) {
	t.Parallel()
	db := town(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "b.geojson")
	put := func(text string) *Report {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return importGround(t, db, GroundInput{Files: []string{file}})
	}
	second := featureOf(`"id":2,"building":"house"`, "Polygon", "["+box4(0, 0, 10, 10)+"]")
	if r := put(collection(good, second)); r.Total.Added != 2 {
		t.Fatal(dump(r))
	}
	r := put(collection(strings.Replace(good, "120", "121", 1), second))
	if r.Total != (Tally{Changed: 1, Unchanged: 1}) {
		t.Fatal(dump(r))
	}
	if got := query(t, db, `SELECT residents::text FROM building WHERE source = 'b.geojson/good'`); !slices.Equal(got, []string{"121"}) {
		t.Error(got)
	}
	if got := query(t, db, `SELECT kind || ' ' || county FROM outbox WHERE kind = 'ground.imported'`); len(got) != 2 || got[0] != "ground.imported 110108" {
		t.Errorf("outbox: %v", got)
	}
	// only where something changed
	if got := query(t, db, `
		SELECT (payload->'bounds' = (SELECT jsonb_build_array(jsonb_build_array(ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)))
			FROM building WHERE source = 'b.geojson/good'))::text
		FROM outbox WHERE kind = 'ground.imported' ORDER BY id DESC LIMIT 1`); !slices.Equal(got, []string{"true"}) {
		t.Error("the event's bounds aren't those of the one building that changed")
	}
	// the same id as something else now
	put(collection(good, featureOf(`"id":2,"landuse":"grass"`, "Polygon", "["+box4(0, 0, 10, 10)+"]")))
	put(collection(good, featureOf(`"id":2,"highway":"footway"`, "LineString", path(0, 0, 10, 10))))
	if got := query(t, db, `SELECT source FROM area_feature UNION ALL SELECT class FROM line_feature`); !slices.Equal(got, []string{"footway"}) {
		t.Errorf("what a source was before is still there: %v", got)
	}
}

// TestEntrances come as points of their own, before or after their buildings, or standing at one.
func TestEntrances(t *testing.T) {
	t.Parallel()
	db := town(t)
	ents := write(t, "entrances.geojson", collection(
		featureOf(`"entrance":"staircase","ref":"1","building":"good","residents":40`, "Point", at(905, 900)),
		featureOf(`"entrance":"staircase","ref":"2","building":"b.geojson/good","residents":"80人"`, "Point", at(925, 900)),
		featureOf(`"entrance":"staircase","ref":"2","building":"good"`, "Point", at(926, 900)),
		featureOf(`"entrance":"yes","ref":"东"`, "Point", at(930, 905)),
		featureOf(`"entrance":"yes"`, "Point", at(930, 906)),
		featureOf(`"entrance":"exit","ref":"9","building":"good"`, "Point", at(930, 907)),
		featureOf(`"entrance":"yes","ref":"7","building":"nowhere"`, "Point", at(500, 500)),
		featureOf(`"entrance":"yes","ref":"8"`, "Point", at(500, 500)),
		featureOf(`"shop":"kiosk"`, "Point", at(500, 500))))
	r := importGround(t, db, GroundInput{Files: []string{ents, write(t, "b.geojson", collection(good))}})
	want := []string{"1 40 116.35405 40.008", "2 80 116.35425 40.008", "东 -1 116.3543 40.00805"}
	got := query(t, db, `SELECT format('%s %s %s %s', ref, coalesce(e.residents, -1), ST_X(e.geom), ST_Y(e.geom)) FROM entrance e
		JOIN building b ON b.county = e.county AND b.id = building WHERE source = 'b.geojson/good' ORDER BY ref`)
	if !slices.Equal(got, want) {
		t.Errorf("got %q\n%s", got, dump(r))
	}
	if r.Refused.Kinds["no-building"] != 2 || r.Refused.Listed[0].File != "entrances.geojson" || r.Repaired.Kinds["same-ref"] != 1 || r.Unused != 3 {
		t.Errorf("%s", dump(r))
	}
	if again := importGround(t, db, GroundInput{Files: []string{ents}}); !again.Same() {
		t.Errorf("the same import again: %s", dump(again))
	}
}

// TestTwoCounties stores a street under every county that it touches, and what touches none nowhere.
func TestTwoCounties(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	square := func(code string, x int) string {
		return featureOf(`"code":"`+code+`","name":"镇"`, "Polygon", "["+box4(x, 0, 100, 100)+"]")
	}
	importDivisions(t, db, DivisionsInput{File: write(t, "d.geojson", collection(square("110108001", 0), square("110109001", 100))),
		CodeField: "code", NameField: "name"})
	street := func(id string, xy ...int) string {
		return featureOf(`"id":"`+id+`","highway":"residential"`, "LineString", path(xy...))
	}
	r := importGround(t, db, GroundInput{Files: []string{write(t, "s.geojson", collection(
		street("both", 50, 50, 150, 50), street("across", -50, 50, 250, 50), street("west", 10, 10, 20, 20),
		street("edge", 100, 20, 100, 80), street("away", -10, -10, 200, -10), street("touch", -10, 110, 10, 90)))}})
	got := query(t, db, `SELECT county || ' ' || substr(source, 11) FROM line_feature ORDER BY 1`)
	want := []string{"110108 across", "110108 both", "110108 edge", "110108 touch", "110108 west", "110109 across", "110109 both", "110109 edge"}
	if !slices.Equal(got, want) || r.Outside != 1 || !slices.Equal(r.Counties, []int{110108, 110109}) {
		t.Errorf("got %q\n%s", got, dump(r))
	}
}

// TestCoordinateSystems reads one building in GCJ-02 and in BD-09, and again by a Shapefile in GBK and metres.
func TestCoordinateSystems(t *testing.T) {
	t.Parallel()
	want := planar.FromDegrees(116.35, 40.0)
	for _, system := range []crs.System{crs.WGS84, crs.GCJ02, crs.BD09} {
		t.Run(system.String(), func(t *testing.T) {
			t.Parallel()
			db := town(t)
			var ring []string
			for _, d := range [][2]float64{{0, 0}, {2e-4, 0}, {2e-4, 2e-4}, {0, 2e-4}, {0, 0}} {
				x, y := system.FromWGS84(116.35+d[0], 40.0+d[1])
				ring = append(ring, fmt.Sprintf("[%.12f,%.12f]", x, y))
			}
			importGround(t, db, GroundInput{CRS: system, Files: []string{
				write(t, "b.geojson", collection(featureOf(`"building":"yes"`, "Polygon", "[["+strings.Join(ring, ",")+"]]")))}})
			got := query(t, db, `SELECT ST_XMin(geom) || ' ' || ST_YMin(geom) FROM building`)
			lon, lat := want.Degrees()
			if !slices.Equal(got, []string{fmt.Sprintf("%v %v", lon, lat)}) {
				t.Errorf("got %v", got)
			}
		})
	}
}

// TestGB18030 reads a GeoJSON file written by an office program.
func TestGB18030(t *testing.T) {
	t.Parallel()
	db := town(t)
	text, err := simplifiedchinese.GB18030.NewEncoder().String(collection(good))
	if err != nil {
		t.Fatal(err)
	}
	r := importGround(t, db, GroundInput{Files: []string{write(t, "b.geojson", text)}})
	if got := query(t, db, `SELECT name FROM building`); !slices.Equal(got, []string{"一号楼"}) || r.Repaired.Kinds["encoding"] != 1 {
		t.Errorf("got %q\n%s", got, dump(r))
	}
}

func TestLayerNarrows(t *testing.T) {
	t.Parallel()
	db := town(t)
	file := write(t, "m.geojson", collection(good,
		featureOf(`"id":"s","highway":"service"`, "LineString", path(0, 0, 50, 0)),
		featureOf(`"id":"plain","NAME":"无名路"`, "LineString", path(0, 10, 50, 10))))
	r := importGround(t, db, GroundInput{Files: []string{file}, Layer: Streets})
	got := query(t, db, `SELECT class || ' ' || name || ' ' || barrier FROM line_feature ORDER BY 1`)
	if !slices.Equal(got, []string{"service  1", "unclassified 无名路 2"}) {
		t.Errorf("got %q\n%s", got, dump(r))
	}
	if got := query(t, db, `SELECT source FROM building`); len(got) != 0 {
		t.Errorf("a building came with the streets: %v", got)
	}
	if _, err := Ground(context.Background(), db, GroundInput{Files: []string{file}, Layer: "rivers"}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("an unknown layer: %v", err)
	}
}

// TestTags puts one feature of each kind in and looks at what it became.
func TestTags(t *testing.T) {
	t.Parallel()
	db := town(t)
	line := func(id, tags string) string {
		n := 10 + len(id)*7 + strings.Count(tags, "")
		return featureOf(`"id":"`+id+`",`+tags, "LineString", path(0, n, 100, 2*n))
	}
	x := 0
	area := func(id, tags string) string {
		x += 30
		return featureOf(`"id":"`+id+`",`+tags, "Polygon", "["+box4(x, 300, 20, 20)+"]")
	}
	r := importGround(t, db, GroundInput{Files: []string{write(t, "t.geojson", collection(
		line("motorway", `"highway":"motorway_link"`), line("lane", `"highway":"service","service":"alley"`), line("drive", `"highway":"service"`),
		line("unbuilt", `"highway":"construction"`), line("under", `"highway":"primary","tunnel":"yes"`), line("below", `"highway":"footway","layer":"-1"`),
		line("bridge", `"highway":"primary","bridge":"yes","layer":"1"`), line("metro", `"railway":"subway","location":"underground"`),
		line("track", `"railway":"rail"`), line("tram", `"railway":"tram"`), line("old", `"railway":"abandoned"`),
		line("canal", `"waterway":"canal","name":"京密引水渠"`), line("ditch", `"waterway":"ditch"`), line("fence", `"barrier":"fence"`),
		line("kerb", `"barrier":"kerb"`), line("null", `"highway":null,"name":"x"`),
		area("lake", `"natural":"water","water":"lake","name":"未名湖"`), area("bank", `"waterway":"riverbank"`), area("pool", `"landuse":"basin"`),
		area("school", `"amenity":"school","landuse":"residential"`), area("compound", `"landuse":"residential"`), area("park", `"leisure":"park"`),
		area("fenced", `"leisure":"pitch","barrier":"fence"`), area("camp", `"military":"barracks"`), area("square", `"highway":"pedestrian"`),
		area("wall", `"barrier":"wall"`), area("shop", `"building":"yes","shop":"supermarket"`), area("none", `"building":"no"`),
		area("cellar", `"building":"yes","location":"underground"`), area("hall", `"building":"yes","amenity":"library"`), area("nothing", `"power":"plant"`)))}})
	got := query(t, db, `SELECT substr(source, 11) || ' ' || what FROM (
		SELECT source, format('%s %s %s %s', kind, class, barrier, name) AS what FROM line_feature UNION ALL
		SELECT source, format('area %s %s %s %s', kind, class, barrier, name) FROM area_feature UNION ALL
		SELECT source, format('building %s', use) FROM building) s ORDER BY source`)
	for i := range got {
		got[i] = strings.TrimSpace(got[i])
	}
	want := []string{"bank area water river 6", "bridge street primary 3", "camp area landuse military 4", "canal water canal 6 京密引水渠",
		"compound area landuse residential 4", "ditch water ditch 0", "drive street service 1", "fence wall fence 4", "fenced area landuse pitch 4",
		"hall building library", "lake area water lake 6 未名湖", "lane street service 2", "motorway street motorway_link 3", "park area landuse park 0",
		"pool area water basin 6", "school area landuse school 4", "shop building retail", "square area landuse square 0", "track rail rail 5",
		"tram rail tram 2", "under street primary 0", "wall wall wall 4"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"), dump(r))
	}
}

// TestSameNameElsewhere warns when a file takes the place of another file's features.
func TestSameNameElsewhere(t *testing.T) {
	t.Parallel()
	db := town(t)
	r := importGround(t, db, GroundInput{Files: []string{write(t, "b.geojson", collection(good))}})
	if r.Repaired.Count != 0 {
		t.Error(dump(r))
	}
	r = importGround(t, db, GroundInput{Files: []string{write(t, "b.geojson", collection(strings.ReplaceAll(good, "40.008", "40.002")))}})
	if r.Repaired.Kinds["moved"] != 1 {
		t.Error(dump(r))
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	db := town(t)
	ctx, cancel := context.WithCancel(context.Background())
	file := write(t, "b.geojson", collection(good))
	_, err := Ground(ctx, db, GroundInput{Files: []string{file}, Progress: func(p Progress) {
		if p.Step == "merge" {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if got := query(t, db, `SELECT source FROM building`); len(got) != 0 {
		t.Errorf("half done: %v", got)
	}
}
