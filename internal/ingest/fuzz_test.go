package ingest

import (
	"bytes"
	"errors"
	"testing"

	"jingwei/internal/crs"
	"jingwei/internal/planar"
)

// FuzzGeoJSON feeds the splitter, the parser and the repair anything: an error says where, and a shape that
// comes out is valid.
func FuzzGeoJSON(f *testing.F) {
	f.Add([]byte(extractBounds))
	f.Add([]byte(collection(good, featureOf(`"building":NaN`, "MultiPolygon", "[["+path(0, 0, 20, 20, 20, 0, 0, 20, 0, 0)+"]]"))))
	f.Add([]byte("\x1e" + good + "\n\x1e" + featureOf(`"highway":"path"`, "LineString", path(0, 0, 1, 1))))
	f.Add([]byte(`{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[116,40]}]}`))
	f.Add([]byte(`{"a":"\"}{","features":[1,null,"x",[],{}],"b":{}}`))
	at := placeIn(crs.WGS84)
	f.Fuzz(func(t *testing.T, b []byte) {
		plain, _ := UTF8Reader(bytes.NewReader(b))
		err := newSplitter(plain, func(index int, _ int64, raw []byte) error {
			rec, bad := parseFeature(index, raw, at)
			if bad != nil {
				if bad.what == "" || bad.whatZH == "" {
					t.Fatalf("no reason: %+v", bad)
				}
				return nil
			}
			meaningOf(readColumns(rec.tags, Walls, &rec.geometry), rec.geometry.closed())
			if tooWide(rec) != nil {
				return nil
			}
			if parts, _ := makeArea(rec.geometry.areas); len(parts) > 0 {
				mustBeValid(t, parts)
			}
			return nil
		}).run()
		var broken *brokenError
		if err != nil && !errors.As(err, &broken) {
			t.Fatalf("an error that doesn't say where: %v", err)
		}
	})
}

func mustBeValid(t interface{ Fatalf(string, ...any) }, parts []planar.Polygon) {
	if flaws := planar.Check(parts, nil); len(flaws) > 0 {
		t.Fatalf("%v in %v", flaws[0], parts)
	}
}

// FuzzXML feeds the XML reader anything.
func FuzzXML(f *testing.F) {
	f.Add(`<osm><node id="1" lat="39.9" lon="116.3"><tag k="entrance" v="yes"/></node><way id="2"><nd ref="1"/></way></osm>`)
	f.Add(`<osm><relation id="1"><member type="way" ref="1" role="outer"/></relation>`)
	f.Fuzz(func(t *testing.T, s string) {
		file := &xmlFile{path: write(t, "f.osm", s)}
		v := osmVisitor{
			place:    func(int64, planar.Point) {},
			node:     func(int64, planar.Point, tags) error { return nil },
			way:      func(int64, tags, []int64) error { return nil },
			relation: func(int64, tags, []osmMember) error { return nil },
		}
		err := file.scan(t.Context(), v, nil)
		var broken *brokenError
		if err != nil && !errors.As(err, &broken) {
			t.Fatalf("an error that doesn't say where: %v", err)
		}
		if err == nil && s == "" {
			t.Fatal("an empty file was read")
		}
	})
}
