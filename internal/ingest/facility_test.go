package ingest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jingwei/internal/postgres"
)

func facilities(t *testing.T, db *postgres.DB) []string {
	t.Helper()
	return query(t, db, `SELECT kind || ' ' || source || ' ' || name FROM facility ORDER BY source`)
}

func TestFacilities(t *testing.T) {
	t.Parallel()
	dot := func(tags string) string { return featureOf(`"id":"f",`+tags, "Point", at(500, 500)) }
	ground := func(tags string) string { return featureOf(`"id":"f",`+tags, "Polygon", "["+box4(0, 0, 50, 40)+"]") }
	for _, c := range []struct {
		name, feature string
		layer         Layer
		want          []string
		kind          string // of a finding
		unused        int
	}{
		{"a clinic", dot(`"amenity":"clinic","name":"张庄村卫生室"`), "", []string{"clinic f.geojson/f 张庄村卫生室"}, "", 0},
		{"a canteen by its name", dot(`"amenity":"social_facility","name":"社区食堂"`), "", []string{"canteen f.geojson/f 社区食堂"}, "", 0},
		{"a hydrant without a name", dot(`"emergency":"fire_hydrant"`), "", []string{"hydrant f.geojson/f "}, "", 0},
		{"a police post as an area", ground(`"amenity":"police","name":"派出所"`), "", []string{"police f.geojson/f 派出所"}, "", 0},
		{"two hydrants in one", featureOf(`"id":"f","emergency":"fire_hydrant"`, "MultiPoint", "["+at(500, 500)+","+at(520, 500)+"]"), "",
			[]string{"hydrant f.geojson/f ", "hydrant f.geojson/f#2 "}, "", 0},
		{"a kind in a column and no place", `{"type":"Feature","id":"f","properties":{"id":"f","类型":"消火栓"},"geometry":null}`, Facilities, nil, "no-geometry", 0},
		{"a restaurant", dot(`"amenity":"restaurant"`), "", nil, "", 1},
		{"a bench as an area", ground(`"amenity":"bench"`), "", nil, "", 1},
		{"a kind in a column", dot(`"类型":"消火栓","名称":"3号"`), Facilities, []string{"hydrant f.geojson/f 3号"}, "", 0},
		{"an unknown kind in a column", dot(`"类型":"网红打卡点"`), Facilities, nil, "facility-kind", 0},
		{"no kind at all", dot(`"name":"甲"`), Facilities, nil, "facility-kind", 0},
		{"of no use to another layer", dot(`"amenity":"clinic"`), Buildings, nil, "", 1},
		{"open outline", featureOf(`"id":"f","amenity":"police"`, "LineString", path(0, 0, 20, 0, 20, 20)), "", nil, "open", 0},
		{"no extent", featureOf(`"id":"f","amenity":"police"`, "Polygon", "["+path(0, 0, 20, 0, 0, 0)+"]"), "", nil, "no-extent", 0},
		{"outside", featureOf(`"id":"f","amenity":"clinic"`, "Point", at(50000, 0)), "", nil, "", 0},
		{"people at it", dot(`"amenity":"clinic","residents":40`), "", []string{"clinic f.geojson/f "}, "no-home", 0},
		{"a name that would write backwards or move the cursor", dot(`"amenity":"clinic","name":"\u202e卫\u001b[2J生\n室"`), "", []string{"clinic f.geojson/f 卫[2J生 室"}, "", 0},
		{"a name too long", dot(`"amenity":"clinic","name":"` + strings.Repeat("长", 201) + `"`), "", []string{"clinic f.geojson/f " + strings.Repeat("长", 200)}, "long-name", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := town(t)
			files := []string{write(t, "f.geojson", collection(c.feature)), write(t, "good.geojson", collection(good))}
			r, _ := Ground(t.Context(), db, GroundInput{Files: files, Layer: c.layer}) // a file of no use is an error: the report says why
			if got := facilities(t, db); !slices.Equal(got, c.want) {
				t.Errorf("stored %q, not %q", got, c.want)
			}
			if c.kind != "" && r.Refused.Kinds[c.kind]+r.Repaired.Kinds[c.kind] == 0 {
				t.Errorf("no finding %s: %s", c.kind, dump(r))
			}
			if r.Unused != c.unused {
				t.Errorf("%d unused, not %d", r.Unused, c.unused)
			}
		})
	}
}

// A school is ground and a facility; its point lies within its grounds, and every reading counts it once.
func TestGroundThatServes(t *testing.T) {
	t.Parallel()
	db := town(t)
	// a U: the middle of its box is not in it
	u := path(0, 0, 60, 0, 60, 60, 40, 60, 40, 20, 20, 20, 20, 60, 0, 60, 0, 0)
	school := featureOf(`"id":"s","amenity":"school","name":"实验小学"`, "Polygon", "["+u+"]")
	hall := featureOf(`"id":"h","building":"yes","amenity":"police","name":"派出所"`, "Polygon", "["+box4(100, 0, 20, 20)+"]")
	in := GroundInput{Files: []string{write(t, "g.geojson", collection(school, hall))}}
	r := importGround(t, db, in)
	if r.Read != 2 || r.Tables["facility"].Added != 2 || r.Tables["area_feature"].Added != 1 || r.Tables["building"].Added != 1 {
		t.Fatal(dump(r))
	}
	if got := query(t, db, `SELECT f.source FROM facility f JOIN area_feature a USING (county, source) WHERE ST_Within(f.geom, a.geom)`); !slices.Equal(got, []string{"g.geojson/s"}) {
		t.Errorf("within its grounds: %v", got)
	}
	before := rows(t, db)
	if r := importGround(t, db, in); !r.Same() || r.Tables["facility"].Unchanged != 2 {
		t.Errorf("the same again changed something: %s", dump(r))
	}
	if after := rows(t, db); !slices.Equal(after, before) {
		t.Errorf("rows are %v, were %v", after, before)
	}
}

// What a source no longer calls a facility is none any more, and the tiles there are told.
func TestFacilityNoMore(t *testing.T) {
	t.Parallel()
	db := town(t)
	file := filepath.Join(t.TempDir(), "g.geojson")
	put := func(tags string, layer Layer) *Report {
		text := collection(featureOf(`"id":"h","building":"yes"`+tags, "Polygon", "["+box4(100, 0, 20, 20)+"]"))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return importGround(t, db, GroundInput{Files: []string{file}, Layer: layer})
	}
	put(`,"amenity":"police"`, "")
	put(``, Buildings)
	if got := facilities(t, db); len(got) != 1 {
		t.Fatalf("an import of buildings alone left %v", got)
	}
	r := put(``, "")
	if got := facilities(t, db); len(got) != 0 || r.Tables["facility"].Changed != 1 {
		t.Errorf("still there: %v\n%s", got, dump(r))
	}
	if got := query(t, db, `SELECT payload->>'bounds' FROM outbox WHERE kind = 'ground.imported' ORDER BY id DESC LIMIT 1`); len(got) != 1 || !strings.Contains(got[0], "116.346") {
		t.Errorf("bounds of the last event: %v", got)
	}
}

func TestFacilitiesOfOSM(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "o.osm.pbf")
	writePBF(t, path, true, func(p *pbfWriter) {
		p.node(1, place(10, 10), "amenity", "pharmacy", "name", "药店")
		p.node(2, place(12, 10), "man_made", "surveillance")
		p.node(3, place(14, 10), "amenity", "bench")
		station, nursery, shell := ring4(p, 100, 100, 100, 20), ring4(p, 110, 200, 100, 30), ring4(p, 120, 500, 500, 40)
		p.way(50, station, "amenity", "fire_station", "name", "消防站")
		p.way(51, nursery, "amenity", "kindergarten")
		p.way(52, shell)
		p.relation(60, []osmMember{{true, 52, "outer"}}, "type", "multipolygon", "amenity", "clinic")
	})
	db := town(t)
	r := importGround(t, db, GroundInput{Files: []string{path}})
	want := []string{"camera node/2 ", "clinic relation/60 ", "fire_station way/50 消防站", "kindergarten way/51 ", "pharmacy node/1 药店"}
	if got := facilities(t, db); !slices.Equal(sorted(got), want) {
		t.Errorf("stored %q\n%s", got, dump(r))
	}
	if got := query(t, db, `SELECT source FROM area_feature`); !slices.Equal(got, []string{"way/51"}) {
		t.Errorf("ground: %v", got)
	}
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }
