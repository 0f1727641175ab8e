package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"jingwei/internal/fault"
	"jingwei/internal/postgres/pgtest"
)

func beijing(t testing.TB, file string) DivisionsInput {
	if file == "" {
		file = realData(t, "beijing/subdistricts.geojson")
	}
	return DivisionsInput{File: file, CodeField: "code9", NameField: "name", PopulationField: "pop_worldpop", ParentNameField: "district"}
}

// TestBeijing imports the 331 towns and streets. Four have no code and three pairs share one: they are
// refused by name, and their ground is no gap. The others are a partition, exactly.
func TestBeijing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	r := importDivisions(t, db, beijing(t, ""))
	if r.Read != 331 || r.Tables["division"].Added != 321+16 {
		t.Errorf("%s", dump(r))
	}
	var refused, ground []string
	for _, f := range r.Refused.Listed {
		refused = append(refused, f.Kind+" "+f.Feature)
	}
	slices.Sort(refused)
	want := []string{"code-twice 161 南苑街道", "code-twice 165 长辛店镇", "code-twice 167 卢沟桥街道", "code-twice 171 长辛店街道", "code-twice 43 南苑镇",
		"code-twice 46 卢沟桥镇", "no-code 163 宛平城镇", "no-code 182 国家新媒体产业基地", "no-code 28 北京密云经济开发区", "no-code 33 望京开发街道"}
	if !slices.Equal(refused, want) {
		t.Errorf("refused: %q", refused)
	}
	if len(r.Partition) != 1 || !r.Partition[0].Clean() || r.Partition[0].Divisions != 321 {
		t.Fatalf("partition: %+v", r.Partition)
	}
	p := r.Partition[0]
	for _, g := range p.Refused {
		ground = append(ground, g.Names[0])
	}
	if len(ground) != 10 || !slices.Contains(ground, "宛平城镇") {
		t.Errorf("ground of the refused: %q", ground)
	}
	if again := importDivisions(t, db, beijing(t, "")); !again.Same() {
		t.Errorf("the same import again: %s", dump(again))
	}
	if got := query(t, db, `SELECT name || ' ' || coalesce(residents, -1) FROM division WHERE code IN ('110108', '110108014') ORDER BY code`); !slices.Equal(got, []string{"海淀区 -1", "清华园街道 44166"}) {
		t.Errorf("%q", got)
	}
	if bad := query(t, db, `SELECT code FROM division WHERE NOT ST_IsValid(geom)`); len(bad) != 0 {
		t.Errorf("invalid: %q", bad)
	}
	// the area of the plane against PostGIS on the ellipsoid
	var km2 float64
	if err := db.Owner.QueryRow(context.Background(), `SELECT sum(ST_Area(geom::geography)) FROM division`).Scan(&km2); err != nil {
		t.Fatal(err)
	}
	if math.Abs(p.Area/km2-1) > 1e-3 {
		t.Errorf("area %.0f m², on the ellipsoid %.0f", p.Area, km2)
	}
}

// TestShiftedDivision moves one of them 50 m east: the overlaps and gaps have names and areas, which agree with
// PostGIS.
func TestShiftedDivision(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(realData(t, "beijing/subdistricts.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	var fc map[string]any
	if err := json.Unmarshal(b, &fc); err != nil {
		t.Fatal(err)
	}
	for _, f := range fc["features"].([]any) {
		if p := f.(map[string]any); p["properties"].(map[string]any)["name"] == "清华园街道" {
			shift(p["geometry"].(map[string]any)["coordinates"], 50/(111320*math.Cos(40*math.Pi/180)))
		}
	}
	out, err := json.Marshal(fc)
	if err != nil {
		t.Fatal(err)
	}
	db := pgtest.New(t)
	r := importDivisions(t, db, beijing(t, write(t, "shifted.geojson", string(out))))
	p := r.Partition[0]
	if len(p.Overlaps) == 0 || len(p.Gaps) == 0 {
		t.Fatalf("partition: %+v", p)
	}
	var overlap float64
	for _, o := range p.Overlaps {
		if !slices.Contains(o.Names, "清华园街道") || len(o.Codes) != 2 || o.Area <= 0 {
			t.Errorf("overlap %+v", o)
		}
		overlap += o.Area
		t.Logf("overlap %v %.1f m²", o.Names, o.Area)
	}
	for _, g := range p.Gaps {
		if !slices.Contains(g.Names, "清华园街道") {
			t.Errorf("gap %+v", g)
		}
		t.Logf("gap between %v %.1f m²", g.Names, g.Area)
	}
	var want float64
	if err := db.Owner.QueryRow(context.Background(), `SELECT sum(ST_Area(ST_Intersection(a.geom, b.geom)::geography)) FROM division a, division b
		WHERE a.code = '110108014' AND b.code <> a.code AND ST_Intersects(a.geom, b.geom)`).Scan(&want); err != nil {
		t.Fatal(err)
	}
	if math.Abs(overlap/want-1) > 1e-3 {
		t.Errorf("overlaps of %.1f m², PostGIS says %.1f", overlap, want)
	}
}

func shift(c any, lon float64) {
	list := c.([]any)
	if x, ok := list[0].(float64); ok {
		list[0] = x + lon
		return
	}
	for _, part := range list {
		shift(part, lon)
	}
}

// TestDivisionCodes is about codes that are missing, wrong, or used twice.
func TestDivisionCodes(t *testing.T) {
	t.Parallel()
	square := func(code, name string, x int) string {
		return featureOf(fmt.Sprintf(`"code":%s,"name":%q,"people":"%d"`, code, name, 100+x), "Polygon", "["+box4(x, 0, 10, 10)+"]")
	}
	db := pgtest.New(t)
	r := importDivisions(t, db, DivisionsInput{CodeField: "code", NameField: "name", PopulationField: "people", File: write(t, "d.geojson", collection(
		square(`"110108001000"`, "甲", 0), square(`110108002`, "乙", 10),
		square(`"110108003"`, "丙", 20), square(`"110108003"`, "丙", 20),
		square(`"110108004"`, "丁", 30), square(`"110108004"`, "丁", 50),
		square(`"110108005"`, "戊", 60), square(`"110108005"`, "己", 90),
		square(`"110108006"`, "庚", 80), square(`"110108006"`, "庚", 85),
		square(`"110108010"`, "癸", 130), square(`"110108010"`, "癸", 140),
		square(`null`, "辛", 100), square(`"一〇"`, "壬", 110), square(`"110108007001"`, "", 120),
		featureOf(`"code":"110108008","name":"线"`, "LineString", path(0, 0, 1, 1)),
		featureOf(`"code":"110108009","name":"点"`, "Polygon", "["+path(0, 0, 1, 1, 0, 0)+"]")))})
	got := query(t, db, `SELECT format('%s %s %s %s %s', code, name, level, coalesce(residents, -1), coalesce(ST_NumGeometries(geom), 0)) FROM division ORDER BY code`)
	want := []string{"110108 110108 county -1 0", "110108001 甲 town 100 1", "110108002 乙 town 110 1", "110108003 丙 town 120 1",
		"110108004 丁 town 280 2", "110108007 110108007 town -1 0", "110108007001 110108007001 community 220 1", "110108010 癸 town 470 1"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if k := r.Refused.Kinds; k["code-twice"] != 4 || k["no-code"] != 1 || k["bad-code"] != 1 || k["no-polygon"] != 1 || k["no-extent"] != 1 || r.Refused.Count != 8 {
		t.Errorf("refused %v", k)
	}
	if k := r.Repaired.Kinds; k["code-twice"] != 3 || k["no-name"] != 1 || r.Repaired.Count != 4 {
		t.Errorf("repaired %v", k)
	}
	if len(r.Partition) != 2 || !r.Partition[0].Clean() || len(r.Partition[0].Refused) == 0 {
		t.Errorf("partition %+v", r.Partition)
	}
}

func TestDivisionFields(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	file := write(t, "d.geojson", extractBounds)
	for _, in := range []DivisionsInput{
		{File: file, NameField: "name"}, {File: file, CodeField: "kode", NameField: "name"},
		{File: file, CodeField: "code", NameField: "name", PopulationField: "pop"},
		{File: write(t, "e.geojson", ""), CodeField: "code", NameField: "name"},
		{File: write(t, "t.geojson", extractBounds[:len(extractBounds)-30]), CodeField: "code", NameField: "name"},
		{File: write(t, "o.osm", "<osm></osm>"), CodeField: "code", NameField: "name"},
		{File: write(t, "none.geojson", `{"type":"FeatureCollection","features":[]}`), CodeField: "code", NameField: "name"},
		{File: pipe(t), CodeField: "code", NameField: "name"},
		{File: "nowhere.geojson", CodeField: "code", NameField: "name"},
	} {
		if _, err := Divisions(context.Background(), db, in); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", in, err)
		}
	}
	if got := query(t, db, `SELECT code FROM division`); len(got) != 0 {
		t.Errorf("stored: %q", got)
	}
}

// pipe is a named pipe that nobody writes into: opening it would wait for ever.
func pipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe.geojson")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNoDivisionsInTheFile(t *testing.T) {
	t.Parallel()
	_, err := Divisions(context.Background(), pgtest.New(t), DivisionsInput{
		File: write(t, "none.geojson", `{"type":"FeatureCollection","features":[]}`), CodeField: "code", NameField: "name"})
	if err == nil || !strings.Contains(err.Error(), "holds no features") {
		t.Errorf("got %v", err)
	}
}
