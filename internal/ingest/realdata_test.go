package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

// realData gives a file of the real data beside the repository, or skips.
func realData(t testing.TB, path string) string {
	t.Helper()
	root := os.Getenv("JINGWEI_REALDATA")
	if root == "" {
		root = "../../../shared/data"
	}
	path = filepath.Join(root, path)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no real data: %v (set JINGWEI_REALDATA)", err)
	}
	return path
}

// write puts a file into the test's own folder.
func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// extractBounds is a town over the OSM extract's own bounds.
const extractBounds = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"110108998","name":"学院路试验区","people":20000},
"geometry":{"type":"Polygon","coordinates":[[[116.34403,39.99767],[116.35974,39.99767],[116.35974,40.00888],[116.34403,40.00888],[116.34403,39.99767]]]}}]}`

func importDivisions(t testing.TB, db *postgres.DB, in DivisionsInput) *Report {
	t.Helper()
	r, err := Divisions(context.Background(), db, in)
	if err != nil {
		t.Fatalf("import divisions: %v\n%s", err, dump(r))
	}
	return r
}

func importGround(t testing.TB, db *postgres.DB, in GroundInput) *Report {
	t.Helper()
	r, err := Ground(context.Background(), db, in)
	if err != nil {
		t.Fatalf("import ground: %v\n%s", err, dump(r))
	}
	return r
}

func dump(r *Report) string {
	b, _ := json.MarshalIndent(r, "", " ")
	if len(b) > 6000 {
		b = b[:6000]
	}
	return string(b)
}

// rows gives every row of the feature tables as text: what they say, not their ids.
func rows(t testing.TB, db *postgres.DB) []string {
	t.Helper()
	var out []string
	for _, sql := range []string{
		`SELECT 'line ' || row(county, source, kind, barrier, class, name, encode(digest, 'hex'), ST_AsText(geom))::text FROM line_feature`,
		`SELECT 'area ' || row(county, source, kind, barrier, class, name, encode(digest, 'hex'), ST_AsText(geom))::text FROM area_feature`,
		`SELECT 'building ' || row(county, source, name, use, levels, address, residents, encode(digest, 'hex'), ST_AsText(geom))::text FROM building`,
		`SELECT 'entrance ' || row(b.county, b.source, e.ref, e.residents, ST_AsText(e.geom))::text FROM entrance e JOIN building b ON b.county = e.county AND b.id = e.building`,
		`SELECT 'facility ' || row(county, source, kind, name, encode(digest, 'hex'), ST_AsText(geom))::text FROM facility`,
	} {
		r, err := db.Owner.Query(context.Background(), sql+" ORDER BY 1")
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(r, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, lines...)
	}
	return out
}

func digestOf(lines []string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(lines, "\n"))))[:12]
}

// TestExtractPBFAndXMLGiveTheSameRows imports the extract in both formats.
func TestExtractPBFAndXMLGiveTheSameRows(t *testing.T) {
	t.Parallel()
	pbf, xml := realData(t, "osm/haidian-xueyuanlu.osm.pbf"), realData(t, "osm/haidian-xueyuanlu.osm")
	bounds := write(t, "bounds.geojson", extractBounds)
	var all [2][]string
	for i, file := range []string{pbf, xml} {
		db := pgtest.New(t)
		importDivisions(t, db, DivisionsInput{File: bounds, CodeField: "code", NameField: "name", PopulationField: "people"})
		r := importGround(t, db, GroundInput{Files: []string{file}})
		all[i] = rows(t, db)
		t.Logf("%s: %d rows %s, read %d unused %d outside %d repaired %v refused %v", filepath.Base(file), len(all[i]), digestOf(all[i]),
			r.Read, r.Unused, r.Outside, r.Repaired.Kinds, r.Refused.Kinds)
		again := importGround(t, db, GroundInput{Files: []string{file}})
		if !again.Same() || again.Total.Unchanged != r.Total.Added {
			t.Errorf("the same import again: %s", dump(again))
		}
	}
	if strings.Join(all[0], "\n") != strings.Join(all[1], "\n") {
		for i := range min(len(all[0]), len(all[1])) {
			if all[0][i] != all[1][i] {
				t.Fatalf("PBF and XML differ:\n%s\n%s", all[0][i], all[1][i])
			}
		}
		t.Fatalf("PBF gives %d rows, XML %d", len(all[0]), len(all[1]))
	}
	if len(all[0]) < 250 {
		t.Errorf("only %d rows", len(all[0]))
	}
}

func TestQinghuayuan(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	r := importDivisions(t, db, DivisionsInput{File: realData(t, "qinghuayuan/boundary.geojson"), CodeField: "code9", NameField: "name",
		PopulationField: "pop_worldpop", ParentNameField: "district"})
	if r.Total.Added != 2 {
		t.Errorf("%s", dump(r))
	}
	files := []string{realData(t, "qinghuayuan/buildings.geojson"), realData(t, "qinghuayuan/streets.geojson")}
	r = importGround(t, db, GroundInput{Files: files})
	// two buildings stand in the file twice, once as a relation and once as a way; three ways are no ways
	if r.Tables["building"].Added != 624 || r.Tables["line_feature"].Added != 910 || r.Repaired.Kinds["duplicate"] != 2 ||
		r.Unused != 3 || r.Outside != 0 || r.Refused.Count != 0 {
		t.Errorf("%s", dump(r))
	}
	again := importGround(t, db, GroundInput{Files: files})
	if !again.Same() {
		t.Errorf("the same import again: %s", dump(again))
	}
}
