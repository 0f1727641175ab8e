package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jingwei/internal/ingest"
	"jingwei/internal/postgres/pgtest"
)

// Points of a table lie in the grids that the database finds for them, and near to those that it finds within 20 m.
func TestPointsOfATableAreLocated(t *testing.T) {
	t.Parallel()
	d, dir, _ := drawnTown(t)
	db := pgtest.Open(t, d.url).App
	var west, south, east, north float64
	if err := db.QueryRow(t.Context(), `SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ST_Extent(geom) AS e FROM grid WHERE retired IS NULL) g`).
		Scan(&west, &south, &east, &north); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	table := "id,lon,lat\n"
	for i := range 400 {
		table += fmt.Sprintf("%d,%.7f,%.7f\n", i, west+random.Float64()*(east-west)*1.05, south+random.Float64()*(north-south)*1.05)
	}
	file, out := filepath.Join(dir, "points.csv"), filepath.Join(dir, "located.csv")
	if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	var report ingest.PointsReport
	d.do(&report, "locate", "--csv", file, "--out", out)
	rows := rowsOf(t, out)
	located, near := 0, 0
	for _, row := range rows[1:] {
		lon, _ := strconv.ParseFloat(row[1], 64)
		lat, _ := strconv.ParseFloat(row[2], 64)
		var grid string
		var close []string
		err := db.QueryRow(t.Context(), `
			WITH p AS (SELECT ST_SetSRID(ST_MakePoint($1, $2), 4326) AS geom),
			g AS (SELECT lpad(code::text, 15, '0') AS code, ST_Covers(g.geom, p.geom) AS here, ST_Distance(g.geom::geography, p.geom::geography) AS metres
				FROM grid g, p WHERE retired IS NULL)
			SELECT coalesce((SELECT code FROM g WHERE here), ''),
				coalesce((SELECT array_agg(code ORDER BY metres, code) FROM g WHERE NOT here AND metres <= 20), '{}')`, lon, lat).Scan(&grid, &close)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Join(close, " ")
		if grid == "" {
			want = ""
		} else {
			located++
		}
		if want != "" {
			near++
		}
		if row[3] != grid || row[5] != want || grid != "" && row[4] != grid[:12] {
			t.Errorf("%s, %s: %q in the table, grid %q near %q in the database", row[1], row[2], row[3:], grid, want)
		}
	}
	if located == 0 || near == 0 || report.Located != located || report.Near != near || report.Outside != 400-located {
		t.Errorf("%d located and %d near of 400: %+v", located, near, report)
	}
	for _, args := range [][]string{{"--csv", file, "--out", file}, {"--csv", file, "--out", out, "--near=-1"}, {"--csv", file, "--out", out, "--crs", "wgs85"}, {"--csv", out, "--out", filepath.Join(dir, "again.csv")}} {
		d.refuses("locate", append([]string{"locate"}, args...)...)
	}
	newDesk(t).refuses("locate without grids", "locate", "--csv", file, "--out", out)
}
