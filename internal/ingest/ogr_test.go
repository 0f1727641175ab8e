package ingest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jingwei/internal/fault"
)

func gdal(t testing.TB, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr isn't installed (apt-get install gdal-bin)")
	}
	if out, err := exec.Command("ogr2ogr", args...).CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr %v: %v\n%s", args, err, out)
	}
}

// TestGDALFormats writes buildings and streets in other formats, in metres and in GBK, and imports them.
func TestGDALFormats(t *testing.T) {
	t.Parallel()
	buildings := write(t, "b.geojson", collection(good, featureOf(`"id":"2","building":"yes","building:levels":"3","name":"二号楼"`, "Polygon", "["+box4(0, 0, 50, 20)+"]")))
	streets := write(t, "s.geojson", collection(featureOf(`"highway":"residential","name":"学院路"`, "LineString", path(0, 500, 1000, 500))))
	for _, c := range []struct {
		name  string
		make  func(dir string) string
		layer Layer
		want  []string
	}{
		{"Shapefile in GBK and metres", func(dir string) string {
			gdal(t, "-f", "ESRI Shapefile", filepath.Join(dir, "楼栋.shp"), buildings, "-t_srs", "EPSG:4547", "-lco", "ENCODING=GBK")
			return filepath.Join(dir, "楼栋.shp")
		}, Buildings, []string{"apartments 6 一号楼", "yes 3 二号楼"}},
		{"Shapefile in GBK that doesn't say so", func(dir string) string {
			gdal(t, "-f", "ESRI Shapefile", filepath.Join(dir, "b.shp"), buildings, "-lco", "ENCODING=GBK", "-sql", `SELECT name AS "名称", "building:levels" AS "层数" FROM b`)
			forget(t, filepath.Join(dir, "b"))
			return filepath.Join(dir, "b.shp")
		}, Buildings, []string{"yes 3 二号楼", "yes 6 一号楼"}},
		{"GeoPackage of two layers", func(dir string) string {
			gdal(t, "-f", "GPKG", filepath.Join(dir, "g.gpkg"), buildings, "-nln", "buildings", "-t_srs", "EPSG:4490")
			gdal(t, "-f", "GPKG", "-update", filepath.Join(dir, "g.gpkg"), streets, "-nln", "streets")
			return filepath.Join(dir, "g.gpkg")
		}, "", []string{"apartments 6 一号楼", "residential 学院路", "yes 3 二号楼"}},
		{"KML", func(dir string) string {
			gdal(t, "-f", "KML", filepath.Join(dir, "k.kml"), buildings)
			return filepath.Join(dir, "k.kml")
		}, Buildings, []string{"apartments 6 一号楼", "yes 3 二号楼"}},
		{"MapInfo TAB", func(dir string) string {
			gdal(t, "-f", "MapInfo File", filepath.Join(dir, "m.tab"), streets, "-lco", "ENCODING=GBK")
			return filepath.Join(dir, "m.tab")
		}, Streets, []string{"residential 学院路"}},
		{"GeoJSON that names metres", func(dir string) string {
			gdal(t, "-f", "GeoJSON", filepath.Join(dir, "m.geojson"), buildings, "-t_srs", "EPSG:4547")
			return filepath.Join(dir, "m.geojson")
		}, "", []string{"apartments 6 一号楼", "yes 3 二号楼"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := town(t)
			file := c.make(t.TempDir())
			r := importGround(t, db, GroundInput{Files: []string{file}, Layer: c.layer})
			got := query(t, db, `SELECT format('%s %s %s', use, levels, name) FROM building UNION ALL SELECT format('%s %s', class, name) FROM line_feature ORDER BY 1`)
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q\n%s", got, c.want, dump(r))
			}
			if again := importGround(t, db, GroundInput{Files: []string{file}, Layer: c.layer}); !again.Same() {
				t.Errorf("the same import again: %s", dump(again))
			}
			near := query(t, db, `SELECT 'off' FROM building WHERE name = '一号楼'
				AND ST_HausdorffDistance(geom, ST_MakeEnvelope(116.354, 40.008, 116.3543, 40.00812, 4326)) > 2e-7`)
			if len(near) != 0 {
				t.Error("the building came out more than two steps away")
			}
		})
	}
}

// forget takes away what says which encoding a Shapefile has.
func forget(t testing.TB, stem string) {
	t.Helper()
	_ = os.Remove(stem + ".cpg")
	b, err := os.ReadFile(stem + ".dbf")
	if err != nil {
		t.Fatal(err)
	}
	b[29] = 0
	if err := os.WriteFile(stem+".dbf", b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestMetresWithoutSystem: a drawing without a coordinate system is refused with advice.
func TestMetresWithoutSystem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	gdal(t, "-f", "DXF", filepath.Join(dir, "d.dxf"), write(t, "b.geojson", collection(good)), "-t_srs", "EPSG:4547", "-sql", "SELECT NULL FROM b")
	db := town(t)
	r, err := Ground(context.Background(), db, GroundInput{Files: []string{filepath.Join(dir, "d.dxf")}, Layer: Walls})
	if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "projected metres") {
		t.Errorf("got %v\n%s", err, dump(r))
	}
}

func TestWithoutGDAL(t *testing.T) {
	dir := t.TempDir()
	gdal(t, "-f", "GPKG", filepath.Join(dir, "g.gpkg"), write(t, "b.geojson", collection(good)))
	db := town(t)
	t.Setenv("PATH", dir)
	_, err := Ground(context.Background(), db, GroundInput{Files: []string{filepath.Join(dir, "g.gpkg")}})
	if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "gdal-bin") {
		t.Errorf("got %v", err)
	}
}
