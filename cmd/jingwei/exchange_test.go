package main

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jingwei/internal/city"
	"jingwei/internal/gridnet"
	"jingwei/internal/ingest"
	"jingwei/internal/planar"
)

// townDrawn is a desk with an invented town that is drawn.
func townDrawn(t *testing.T, people int) (*desk, city.Manifest) {
	t.Helper()
	d, dir := newDesk(t), t.TempDir()
	var town city.Manifest
	d.do(&town, "city", dir, "--people", strconv.Itoa(people), "--seed", "3")
	d.do(nil, "import", "divisions", filepath.Join(dir, "divisions.geojson"), "--code-field", "code", "--name-field", "name")
	ground := []string{"import", "ground"}
	for _, f := range town.Files {
		if f.Name != divisionsFile {
			ground = append(ground, filepath.Join(dir, f.Name))
		}
	}
	d.do(nil, ground...)
	d.do(nil, "draw", "--division", town.Code, "--time", "1s")
	return d, town
}

// lastYear is a map of grids that somebody has kept by hand.
type lastYear struct {
	*testing.T
	names []string
	grids [][]planar.Polygon
	codes []string
}

// readGrids reads the grids that an export holds.
func readGrids(t *testing.T, file string) *lastYear {
	t.Helper()
	found, _, err := ingest.Polygons(context.Background(), ingest.PolygonsInput{File: file})
	if err != nil {
		t.Fatal(err)
	}
	m := &lastYear{T: t}
	for _, f := range found {
		m.names, m.codes, m.grids = append(m.names, f.Fields["name"]), append(m.codes, f.Fields["code"]), append(m.grids, f.Parts)
	}
	return m
}

// with lays a grid and some more ground together, or takes the ground away from it.
func with(t *testing.T, a, b []planar.Polygon, keep func(inA, inB bool) bool) []planar.Polygon {
	t.Helper()
	faces, covers, err := planar.OverlayFaces(context.Background(), [][]planar.Polygon{a, b})
	if err != nil {
		t.Fatal(err)
	}
	label := make([]int32, len(covers))
	for i, c := range covers {
		label[i] = -1
		if keep(slices.Contains(c, 0), slices.Contains(c, 1)) {
			label[i] = 0
		}
	}
	if !slices.Contains(label, 0) {
		return nil
	}
	return faces.Dissolve(label).Polygons(0)
}

func squareAround(p planar.Point, half int32) []planar.Polygon {
	return []planar.Polygon{{{{X: p.X - half, Y: p.Y - half}, {X: p.X + half, Y: p.Y - half}, {X: p.X + half, Y: p.Y + half}, {X: p.X - half, Y: p.Y + half}}}}
}

// spoil plants overlaps of two grids at places where just those two meet, and gaps in the middle of others. It says how many of each it found room for.
func (m *lastYear) spoil(overlaps, gaps int) (planted, holes int) {
	m.Helper()
	cover, err := planar.BuildMulti(m.grids)
	if err != nil {
		m.Fatal(err)
	}
	spoiled := slices.Clone(m.grids)
	pairs := make(map[[2]int32]bool)
	for i := range cover.Arcs {
		a := &cover.Arcs[i]
		pair := [2]int32{min(a.Left, a.Right), max(a.Left, a.Right)}
		if planted == overlaps || pair[0] < 0 || pairs[pair] {
			continue
		}
		bulge := squareAround(a.Points[len(a.Points)/2], 700) // 15 m across
		touched := 0
		for _, g := range m.grids {
			if len(with(m.T, g, bulge, func(inA, inB bool) bool { return inA && inB })) > 0 {
				touched++
			}
		}
		into := with(m.T, m.grids[pair[1]], bulge, func(inA, inB bool) bool { return inA && inB })
		if touched != 2 || len(into) != 1 || into[0][0].Area2() < 700*700 {
			continue
		}
		spoiled[pair[0]] = with(m.T, spoiled[pair[0]], into, func(inA, inB bool) bool { return inA || inB })
		pairs[pair] = true
		planted++
	}
	for g := range m.grids {
		if holes == gaps {
			break
		}
		half := int32(500)
		if holes == 0 {
			half = 3500 // 75 m across: whole houses are in no grid
		}
		at := planar.PoleOfInaccessibility(m.grids[g], 100)
		bite := squareAround(at, half)
		if len(with(m.T, bite, m.grids[g], func(inA, inB bool) bool { return inA && !inB })) > 0 {
			continue // it isn't wholly inside
		}
		spoiled[g] = with(m.T, spoiled[g], bite, func(inA, inB bool) bool { return inA && !inB })
		holes++
	}
	m.grids = spoiled
	return planted, holes
}

// write writes the map as an office does: a Shapefile in GBK and in metres of a 3-degree zone with its number, zipped.
func (m *lastYear) write(file string) {
	m.Helper()
	type feature struct {
		Type       string            `json:"type"`
		Properties map[string]string `json:"properties"`
		Geometry   any               `json:"geometry"`
	}
	var all []feature
	for i, g := range m.grids {
		var parts [][][][2]float64
		for _, part := range g {
			var rings [][][2]float64
			for _, ring := range part {
				var points [][2]float64
				for _, p := range append(slices.Clone(ring), ring[0]) {
					lon, lat := p.Degrees()
					points = append(points, [2]float64{lon, lat})
				}
				rings = append(rings, points)
			}
			parts = append(parts, rings)
		}
		all = append(all, feature{"Feature", map[string]string{"WGBM": m.codes[i], "WGMC": fmt.Sprintf("第%d网格", i+1)}, map[string]any{"type": "MultiPolygon", "coordinates": parts}})
	}
	text, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": all})
	if err != nil {
		m.Fatal(err)
	}
	dir := m.TempDir()
	source := filepath.Join(dir, "source.geojson")
	if err := os.WriteFile(source, text, 0o600); err != nil {
		m.Fatal(err)
	}
	lon, _ := m.grids[0][0][0][0].Degrees()
	epsg := 4513 + int(lon/3+.5) - 25
	shp := filepath.Join(dir, "wg.shp")
	for _, command := range [][]string{
		{"ogr2ogr", "-f", "ESRI Shapefile", "-lco", "ENCODING=GBK", "-s_srs", "EPSG:4490", "-t_srs", fmt.Sprintf("EPSG:%d", epsg), shp, source},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			m.Fatalf("%v: %v\n%s", command, err, out)
		}
	}
	packed, err := os.Create(file)
	if err != nil {
		m.Fatal(err)
	}
	defer packed.Close()
	if err := zipFolder(packed, dir, "wg."); err != nil {
		m.Fatal(err)
	}
}

// Last year's Shapefile, with 12 overlaps and 3 gaps, is laid over this year's drawing, decided where it isn't clear, and published; what is live then is
// proved, and exporting and importing it again finds nothing.
func TestLastYearsShapefileEndsClean(t *testing.T) {
	t.Parallel()
	d, town := townDrawn(t, 12_000)
	dir := t.TempDir()
	d.do(nil, "export", "grids", "--division", town.Code, "--out", filepath.Join(dir, "grids.geojson"))
	old := readGrids(t, filepath.Join(dir, "grids.geojson"))
	if planted, holes := old.spoil(12, 3); planted != 12 || holes != 3 {
		t.Fatalf("found room for %d overlaps and %d gaps", planted, holes)
	}
	file := filepath.Join(dir, "去年.zip")
	old.write(file)
	d.do(nil, "draw", "--division", town.Code, "--replace", "--seed", "8", "--time", "1s") // meanwhile somebody has drawn the town anew

	var tried gridsImported
	d.do(&tried, "import", "grids", file, "--division", town.Code)
	if tried.Count(gridnet.Overlap) != 12 || tried.Count(gridnet.Gap) != 3 || tried.Version != 0 || tried.Same || tried.Fields.Code != "WGBM" || tried.Fields.Name != "WGMC" {
		t.Errorf("%d overlaps, %d gaps, flaws %v, version %d, fields %+v", tried.Count(gridnet.Overlap), tried.Count(gridnet.Gap), flawKinds(tried.Flaws), tried.Version, tried.Fields)
	}
	for _, f := range tried.Flaws {
		if f.Kind != gridnet.Overlap && f.Kind != gridnet.Gap && f.Kind != gridnet.UsedCode {
			t.Errorf("a flaw that wasn't planted: %s, %s", f.Kind, f.What.EN)
		}
	}
	if len(tried.Decisions) == 0 || !slices.ContainsFunc(tried.Flaws, func(f gridnet.Flaw) bool { return f.Kind == gridnet.Gap && f.Open() && f.Residents > 5 }) {
		t.Errorf("nobody is asked about the houses in no grid: %+v", tried.Flaws)
	}
	decided := decide(t, filepath.Join(dir, "decisions.csv"), tried.Decisions)
	args := []string{"import", "grids", file, "--division", town.Code, "--publish"}
	if status, _, errs := d.try(args...); status != 1 || !strings.Contains(errs, "still to be decided") {
		t.Errorf("published with %d things to decide: %s", len(tried.Decisions), errs)
	}
	var done gridsImported
	d.do(&done, append(args, "--decisions", decided)...)
	if done.Version != 3 || len(done.Decisions) != 0 || len(done.Grids) != len(old.grids) {
		t.Fatalf("version %d with %d grids of %d polygons, %d to decide", done.Version, len(done.Grids), len(old.grids), len(done.Decisions))
	}
	d.prove()

	clean := filepath.Join(dir, "clean.shp.zip")
	d.do(nil, "export", "grids", "--division", town.Code, "--crs", "cgcs2000", "--out", clean)
	var again gridsImported
	d.do(&again, "import", "grids", clean, "--division", town.Code, "--publish")
	if !again.Same || len(again.Flaws) != 0 || again.Version != 0 {
		t.Errorf("exported and imported again: same %v, flaws %v, version %d", again.Same, flawKinds(again.Flaws), again.Version)
	}
	t.Logf("%d grids, %d decided by hand", len(done.Grids), len(tried.Decisions))
}

func flawKinds(flaws []gridnet.Flaw) map[gridnet.Kind]int {
	out := make(map[gridnet.Kind]int)
	for _, f := range flaws {
		out[f.Kind]++
	}
	return out
}

// decide takes the first candidate of every decision.
func decide(t *testing.T, file string, decisions []gridnet.Decision) string {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := csv.NewWriter(f)
	_ = w.Write([]string{"block", "code", "polygon"})
	for _, d := range decisions {
		polygon := strconv.Itoa(d.Candidates[0].Polygon)
		if d.Ask == gridnet.AskCode {
			_ = w.Write([]string{"", d.Code, polygon})
		}
		for _, b := range d.Blocks {
			_ = w.Write([]string{strconv.FormatInt(b, 10), "", polygon})
		}
	}
	if w.Flush(); w.Error() != nil {
		t.Fatal(w.Error())
	}
	return file
}

// Four nets become one, with a table that says what of each went where.
func TestNetsBecomeOne(t *testing.T) {
	t.Parallel()
	d, town := townDrawn(t, 4000)
	dir := t.TempDir()
	first, second := filepath.Join(dir, "a.geojson"), filepath.Join(dir, "b.gpkg")
	d.do(nil, "export", "grids", "--division", town.Code, "--out", first)
	d.do(nil, "draw", "--division", town.Code, "--replace", "--seed", "5", "--time", "1s")
	d.do(nil, "export", "grids", "--division", town.Code, "--out", second)
	table := filepath.Join(dir, "crosswalk.csv")
	var one netsImported
	d.do(&one, "import", "nets", "综治="+first, "警务="+second, "城管="+second, "--division", town.Code, "--lead", "综治", "--how", "lead", "--crosswalk", table, "--publish", "--as-proposed")
	if one.Version != 3 || one.Lead != "综治" || len(one.Nets) != 3 {
		t.Errorf("version %d, lead %s, %d nets", one.Version, one.Lead, len(one.Nets))
	}
	people := make(map[string]int)
	for _, row := range rowsOf(t, table)[1:] {
		n, err := strconv.Atoi(row[7])
		if err != nil {
			t.Fatal(err)
		}
		people[row[0]] += n
	}
	if people["综治"] != 4000 || people["警务"] != 4000 || people["城管"] != 4000 {
		t.Errorf("people in the crosswalk: %v", people)
	}
	d.prove()
	var back gridsImported
	d.do(&back, "import", "grids", first, "--division", town.Code)
	if !back.Same {
		t.Errorf("the leading net's grids are live, and importing them again would move %d", back.Moved)
	}
	for _, wrong := range [][]string{{"综治=" + first}, {"综治=" + first, "综治=" + second}, {first, second}, {"a=" + first, "b=" + second, "--lead", "c"}} {
		if status, _, errs := d.try(append([]string{"import", "nets", "--division", town.Code}, wrong...)...); status != 1 || !strings.Contains(errs, `"code":"invalid"`) {
			t.Errorf("%v: status %d, %s", wrong, status, errs)
		}
	}
}

// Prints of a town with everything that a town has.
func TestPrintsOfATown(t *testing.T) {
	t.Parallel()
	d, town := townDrawn(t, 6000)
	dir := t.TempDir()
	if keep := os.Getenv("JINGWEI_PRINTS"); keep != "" {
		dir = keep
	}
	d.do(nil, "export", "map", "--division", town.Code, "--out", filepath.Join(dir, "town.pdf"))
	d.do(nil, "export", "map", "--division", town.Communities[0].Code, "--out", filepath.Join(dir, "community.png"))
	d.do(nil, "export", "grids", "--division", town.Code, "--out", filepath.Join(dir, "town.pmtiles"))
	for _, name := range []string{"town.pdf", "community.png", "town.pmtiles"} {
		if st, err := os.Stat(filepath.Join(dir, name)); err != nil || st.Size() < 10_000 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if status, _, errs := d.try("export", "grids", "--division", town.Code, "--out", filepath.Join(dir, "none", "x.geojson")); status != 1 || !strings.Contains(errs, "can't write") {
		t.Errorf("into a folder that isn't there: %d %s", status, errs)
	}
}

// zipFolder packs the files of a folder whose names begin so.
func zipFolder(to *os.File, dir, begins string) error {
	w := zip.NewWriter(to)
	files, err := filepath.Glob(filepath.Join(dir, begins+"*"))
	if err != nil {
		return err
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		into, err := w.Create(filepath.Base(file))
		if err != nil {
			return err
		}
		if _, err := into.Write(content); err != nil {
			return err
		}
	}
	return w.Close()
}
