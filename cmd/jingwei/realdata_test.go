package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"jingwei/internal/ingest"
	"jingwei/internal/postgres/pgtest"
)

// realData is the folder of real data that tests may read, or a skip that says where it was looked for.
func realData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("JINGWEI_REALDATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no real data in %s; JINGWEI_REALDATA names the folder", dir)
	}
	return dir
}

// 清华园街道: 44,166 residents estimated over 283 dwellings, where one building can be larger than a grid.
func TestQinghuayuanBecomesGrids(t *testing.T) {
	t.Parallel()
	dir, d := filepath.Join(realData(t), "qinghuayuan"), newDesk(t)
	d.do(nil, "import", "divisions", filepath.Join(dir, "boundary.geojson"),
		"--code-field", "code9", "--name-field", "name", "--population-field", "pop_worldpop")
	d.do(nil, "import", "ground", filepath.Join(dir, "buildings.geojson"), filepath.Join(dir, "streets.geojson"))
	var r drawn
	d.do(&r, "draw", "--division", "110108014")
	t.Logf("%d blocks, %d grids, %d in band, compactness %.3f (p05 %.3f), %.0f %% on streets, %.1f s",
		r.Blocks, r.Grids, r.InBand, r.CompactnessMean, r.CompactnessP05, 100*r.OnStreets, r.TotalSeconds)
	if r.Residents != 44166 || r.Broken != 0 || r.Crossing != 0 {
		t.Errorf("%d residents, %d broken, %d crossing", r.Residents, r.Broken, r.Crossing)
	}
	if r.Grids < 70 || r.Grids > 78 {
		t.Errorf("%d grids, want 70 to 78", r.Grids)
	}
	if share := float64(r.InBand) / float64(r.Grids); share < .90 {
		t.Errorf("%.1f %% in band, want 90 or more", 100*share)
	}
	if r.CompactnessMean < .85 || r.OnStreets < .50 {
		t.Errorf("compactness %.3f (want .85), %.0f %% on streets (want 50)", r.CompactnessMean, 100*r.OnStreets)
	}
	d.prove()
	d.noBorderThroughABuilding()
}

// noBorderThroughABuilding asks PostGIS: no border between two blocks of the live ground runs through the
// inside of a building that one grid can hold. Where the source has two buildings on one piece of ground,
// the border has to be one's outline, so that ground is left out.
func (d *desk) noBorderThroughABuilding() {
	d.t.Helper()
	db := pgtest.Open(d.t, d.url)
	var through, slivers int
	err := db.App.QueryRow(context.Background(), `
		WITH inside AS MATERIALIZED (
			SELECT h.county, ST_Buffer(coalesce(ST_Difference(h.geom, (
				SELECT ST_Union(o.geom) FROM building o WHERE o.county = h.county AND o.id <> h.id AND ST_Intersects(o.geom, h.geom)
			)), h.geom), -3e-7) AS geom
			FROM building h
			WHERE coalesce((SELECT sum(residents) FROM block_building p WHERE p.county = h.county AND p.building = h.id), 0) <= 690)
		SELECT (SELECT count(*) FROM inside i JOIN block_border e ON e.county = i.county AND e.b <> 0 AND e.geom && i.geom
		        AND ST_Length(ST_Intersection(e.geom, i.geom)) > 1e-6),
		       (SELECT count(*) FROM block WHERE retired IS NULL AND area < 20)`).Scan(&through, &slivers)
	if err != nil {
		d.t.Fatal(err)
	}
	if through != 0 || slivers != 0 {
		d.t.Errorf("%d borders run through a building, %d blocks are slivers under 20 m²", through, slivers)
	}
}

// The same extract as PBF and as XML is the same ground.
func TestPBFAndXMLGiveTheSameGround(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(realData(t), "osm")
	bounds := filepath.Join(t.TempDir(), "bounds.geojson")
	err := os.WriteFile(bounds, []byte(`{"type": "FeatureCollection", "features": [{"type": "Feature",
		"properties": {"code": "110108003", "name": "范围内", "people": 20000},
		"geometry": {"type": "Polygon", "coordinates": [[[116.34403,39.99767],[116.35974,39.99767],[116.35974,40.00888],[116.34403,40.00888],[116.34403,39.99767]]]}}]}`), 0o644)
	if err != nil {
		t.Fatal(err)
	}
	var grounds [][]string
	for _, file := range []string{"haidian-xueyuanlu.osm", "haidian-xueyuanlu.osm.pbf"} {
		d := newDesk(t)
		d.do(nil, "import", "divisions", bounds, "--code-field", "code", "--name-field", "name", "--population-field", "people")
		d.do(nil, "import", "ground", filepath.Join(dir, file))
		var r drawn
		d.do(&r, "draw", "--division", "110108003", "--time", "1s")
		t.Logf("%s: %d blocks, %d grids, %d in band", file, r.Blocks, r.Grids, r.InBand)
		if r.Residents != 20000 || r.Broken != 0 {
			t.Errorf("%s: %d residents, %d broken", file, r.Residents, r.Broken)
		}
		d.prove()
		grounds = append(grounds, d.ground())
	}
	if len(grounds[0]) == 0 || !reflect.DeepEqual(grounds[0], grounds[1]) {
		t.Errorf("%d blocks from XML and %d from PBF, and they differ", len(grounds[0]), len(grounds[1]))
	}
}

// ground is every live block with its people, as text.
func (d *desk) ground() []string {
	d.t.Helper()
	rows, err := pgtest.Open(d.t, d.url).App.Query(context.Background(), `
		SELECT line FROM block, concat_ws(' ', residents, residents_source, ST_AsText(geom, 7)) AS line
		WHERE retired IS NULL ORDER BY line COLLATE "C"`)
	if err != nil {
		d.t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			d.t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// Beijing's 331 towns and streets: a real partition, four of them without a code and three codes used twice.
func TestBeijingsDivisionsAreAPartition(t *testing.T) {
	t.Parallel()
	file := filepath.Join(realData(t), "beijing", "subdistricts.geojson")
	fields := []string{"--code-field", "code9", "--name-field", "name", "--population-field", "pop_worldpop", "--parent-name-field", "district"}
	d := newDesk(t)
	var r ingest.Report
	d.do(&r, append([]string{"import", "divisions", file}, fields...)...)
	if r.Read != 331 || r.Refused.Count != 10 || len(r.Partition) != 1 || r.Partition[0].Divisions != 321 || !r.Partition[0].Clean() {
		t.Errorf("read %d, refused %d, partition %+v", r.Read, r.Refused.Count, r.Partition)
	}
	d.do(&r, append([]string{"import", "divisions", file}, fields...)...)
	if !r.Same() {
		t.Errorf("the same import twice changed something: %+v", r.Total)
	}

	shifted, name := shiftOne(t, file)
	d = newDesk(t)
	d.do(&r, append([]string{"import", "divisions", shifted}, fields...)...)
	if len(r.Partition) != 1 || len(r.Partition[0].Overlaps) == 0 || len(r.Partition[0].Gaps) == 0 {
		t.Fatalf("a shifted polygon wasn't noticed: %+v", r.Partition)
	}
	for _, o := range r.Partition[0].Overlaps {
		if !slices.Contains(o.Names, name) || o.Area <= 0 {
			t.Errorf("an overlap of %v, %.1f m², without %s", o.Names, o.Area, name)
		}
	}
	t.Logf("%s moved by 50 m: %d overlaps, the largest %.0f m² with %v; %d gaps", name,
		len(r.Partition[0].Overlaps), r.Partition[0].Overlaps[0].Area, r.Partition[0].Overlaps[0].Names, len(r.Partition[0].Gaps))
}

// shiftOne moves one polygon in the middle of the city 50 m to the east.
func shiftOne(t *testing.T, file string) (path, name string) {
	t.Helper()
	var all struct {
		Type     string           `json:"type"`
		Features []map[string]any `json:"features"`
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for _, f := range all.Features {
		if f["properties"].(map[string]any)["name"] == "建外街道" {
			name = "建外街道"
			move(f["geometry"].(map[string]any)["coordinates"].([]any))
		}
	}
	path = filepath.Join(t.TempDir(), "shifted.geojson")
	if b, err = json.Marshal(all); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return path, name
}

func move(coordinates []any) {
	if lon, ok := coordinates[0].(float64); ok {
		coordinates[0] = lon + 50/85500.0 // metres a degree of longitude at 39.9° N
		return
	}
	for _, c := range coordinates {
		move(c.([]any))
	}
}

// Streets are imported for one town after all of Haidian has a layout, and that town is drawn again: its
// neighbours keep their grids, and the new vertices on the borders between are on both sides.
func TestNewStreetsBesideStandingGround(t *testing.T) {
	t.Parallel()
	dir, d := realData(t), newDesk(t)
	d.do(nil, "import", "divisions", filepath.Join(dir, "beijing", "subdistricts.geojson"),
		"--code-field", "code9", "--name-field", "name", "--population-field", "pop_worldpop")
	d.do(nil, "import", "ground", filepath.Join(dir, "osm", "haidian-xueyuanlu.osm.pbf"))
	var r drawn
	d.do(&r, "draw", "--division", "110108", "--time", "1s")
	d.do(nil, "import", "ground", filepath.Join(dir, "qinghuayuan", "streets.geojson"), filepath.Join(dir, "qinghuayuan", "buildings.geojson"))
	d.do(&r, "draw", "--division", "110108014", "--replace", "--time", "1s")
	if r.Version != 2 || r.Residents != 44166 || r.Broken != 0 {
		t.Errorf("version %d, %d residents, %d broken", r.Version, r.Residents, r.Broken)
	}
	d.prove()
}
