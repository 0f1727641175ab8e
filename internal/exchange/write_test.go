package exchange

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/xuri/excelize/v2"

	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

func written(t testing.TB, l *Layout, o Order) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := l.Write(context.Background(), &out, o, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type collection struct {
	Features []struct {
		Properties map[string]any
		Geometry   *struct {
			Type        string
			Coordinates [][][][]float64
		}
	}
}

// A grid's polygon in a file is that of the database to the last digit, and its figures are its blocks'.
func TestGeoJSONIsExact(t *testing.T) {
	v := newTown(t)
	l := v.load(townCode, 0)
	var c collection
	if err := json.Unmarshal(v.exported(Job{What: Grids, Format: "geojson", Division: townCode}), &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Features) != len(l.Grids) {
		t.Fatalf("%d features, %d grids", len(c.Features), len(l.Grids))
	}
	for i, f := range c.Features {
		g := l.Grids[i]
		var ring planar.Ring
		for _, p := range f.Geometry.Coordinates[0][0] {
			q := planar.FromDegrees(p[0], p[1])
			if lon, lat := q.Degrees(); lon != p[0] || lat != p[1] {
				t.Errorf("%v isn't on the lattice", p)
			}
			ring = append(ring, q)
		}
		if !slices.Equal(ring, append(slices.Clone(g.Parts[0][0]), g.Parts[0][0][0])) {
			t.Errorf("grid %v: ring %v, want %v", g.Code, ring, g.Parts[0][0])
		}
		p := f.Properties
		if p["code"] != g.Code.String() || p["residents"] != float64(g.Residents) || p["blocks"] != float64(g.Blocks) || p["comm_name"] != l.Communities[g.Community] || p["houses"] != float64(g.Houses) {
			t.Errorf("grid %v: %v", g.Code, p)
		}
	}
	if sum := l.Grids[0].Residents; sum != 2*rows*120 || l.Grids[0].Houses != 2*rows {
		t.Errorf("the first grid has %d residents in %d houses", sum, l.Grids[0].Houses)
	}
}

// How many live on each block is left out unless it is asked for.
func TestCountsOfBlocks(t *testing.T) {
	v := newTown(t)
	for _, counts := range []bool{false, true} {
		for _, j := range []Job{{What: Blocks, Format: "geojson"}, {What: Assignment, Format: "csv"}} {
			j.Division, j.Counts = townCode, counts
			if got := bytes.Contains(v.exported(j), []byte("residents")); got != counts {
				t.Errorf("%s: residents are in the file: %v, asked for: %v", j.What, got, counts)
			}
		}
	}
}

// The lineage of a version, each line with the ground that it is about.
func TestLineage(t *testing.T) {
	v := newTown(t)
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(v.exported(Job{What: Lines, Format: "csv", Division: townCode}), []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	w, e := "370883100201", "370883100202"
	want := [][]string{
		{"from_grid", "to_grid", "kind", "blocks", "houses", "residents", "version"},
		{w + "001", w + "001", "merged", "3", "3", "360", "2"}, {w + "002", w + "001", "merged", "3", "3", "360", "2"},
		{w + "003", w + "003", "unchanged", "3", "3", "360", "2"}, {w + "004", w + "004", "unchanged", "3", "3", "360", "2"},
		{e + "001", e + "001", "split", "6", "6", "720", "2"}, {e + "001", e + "002", "split", "3", "3", "360", "2"},
	}
	for i := range lines {
		if i >= len(want) || !slices.Equal(lines[i], want[i]) {
			t.Errorf("row %d: %v, want %v", i, lines[i], want[min(i, len(want)-1)])
		}
	}
	var c collection
	if err := json.Unmarshal(v.exported(Job{What: Lines, Format: "geojson", Division: townCode}), &c); err != nil {
		t.Fatal(err)
	}
	var area float64
	for _, f := range c.Features {
		for _, p := range f.Geometry.Coordinates {
			r := p[0]
			for i := 1; i < len(r); i++ {
				area += r[i-1][0]*r[i][1] - r[i][0]*r[i-1][1]
			}
		}
	}
	all := float64((westCols + eastCols) * rows * houseSpace * houseSpace)
	if got := area / 2 * planar.Scale * planar.Scale; math.Abs(got-all) > all/1e4 {
		t.Errorf("the lines of the lineage cover %g square steps, the town %g", got, all)
	}
}

func TestShapefileIsWhole(t *testing.T) {
	needGDAL(t)
	v := newTown(t)
	content := v.exported(Job{What: Grids, Format: "shp", CRS: "cgcs2000", Division: townCode})
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"grids.cpg", "grids.dbf", "grids.prj", "grids.shp", "grids.shx"}) {
		t.Errorf("the archive holds %v", names)
	}
}

func TestWhatCantBeExported(t *testing.T) {
	v := newTown(t)
	for what, j := range map[string]Job{
		"houses":           {What: "houses", Format: "csv"},
		"blocks as csv":    {What: Blocks, Format: "csv"},
		"shifted":          {What: Grids, Format: "gpkg", CRS: "gcj02"},
		"metres in json":   {What: Grids, Format: "geojson", CRS: "epsg:4527"},
		"a map as geojson": {What: Print, Format: "geojson"},
		"a map with a crs": {What: Print, Format: "pdf", CRS: "wgs84"},
		"unknown system":   {What: Grids, Format: "gpkg", CRS: "mars"},
	} {
		if what == "unknown system" {
			j.CRS = "xian80"
		}
		if _, err := ParseJob(j); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, c := range map[string]struct {
		job   Job
		words string
	}{
		"no such version":  {Job{What: Grids, Format: "geojson", Division: townCode, Version: 9}, "there are 1 to 2"},
		"no such division": {Job{What: Grids, Format: "geojson", Division: "370883777"}, "370883777"},
		"nothing before":   {Job{What: Comparison, Format: "xlsx", Division: townCode, Version: 1}, "no version before"},
	} {
		job, err := ParseJob(c.job)
		if err != nil {
			t.Fatal(err)
		}
		err = v.db.InTx(context.Background(), func(tx pgx.Tx) error { return job.Run(context.Background(), tx, &bytes.Buffer{}, when) })
		refused(t, what, err, fault.NotFound, c.words)
	}
}

// What differs between two versions, one sheet a village.
func TestComparison(t *testing.T) {
	v := newTown(t)
	book, err := excelize.OpenReader(bytes.NewReader(v.exported(Job{What: Comparison, Format: "xlsx", Division: townCode})))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := book.GetSheetList(); !slices.Equal(got, []string{"汇总", "西村", "东村"}) {
		t.Errorf("sheets %v", got)
	}
	rows, err := book.GetRows("西村")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows[1:5] {
		got = append(got, strings.Join(r[:7], "|"))
	}
	w := string(westCode)
	want := []string{w + "001|" + w + "001|甲网格|合并|360|720|360", w + "002||=2+5|撤销|360|0|0", w + "003|" + w + "003||不变|360|360|0", w + "004|" + w + "004||不变|360|360|0"}
	if !slices.Equal(got, want) {
		t.Errorf("west: %v\nwant %v", got, want)
	}
	if total, _ := book.GetCellValue("西村", "G6"); total != "360" {
		t.Errorf("total of residents moved: %s", total)
	}
	if f, _ := book.GetCellFormula("西村", "C3"); f != "" {
		t.Errorf("a name became a formula: %s", f)
	}
	all, err := book.GetRows("汇总")
	if err != nil || strings.Join(all[3], "|") != "合计||5|4|2520|2520|720|6|0" {
		t.Errorf("summary %v, %v", all, err)
	}
}

// TestMicroGridsOfEveryAddress: each home once, in a micro-grid of its grid, with all the people; an earlier version tells what was so then.
func TestMicroGridsOfEveryAddress(t *testing.T) {
	v := newTown(t)
	read := func(version int, counts bool) [][]string {
		t.Helper()
		content := v.exported(Job{What: Micro, Format: "csv", Division: townCode, Version: version, Counts: counts})
		lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return lines
	}
	before := read(0, true)
	for _, l := range before[1:] {
		if l[1] != "" {
			t.Errorf("nothing was planned, and %v", l)
		}
	}
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		plan, err := layout.PlanMicroGrids(ctx, tx, townCode, 1, 50*time.Millisecond)
		if err != nil {
			return err
		}
		g, err := layout.LoadGround(ctx, tx, int32(townCode.County()), plan.Communities)
		if err != nil {
			return err
		}
		_, err = layout.Publish(ctx, tx, g.AsItStands(), layout.Author{By: "test"}, plan.Store)
		return err
	})
	after := read(0, true)
	people, seen := 0, make(map[string]bool)
	for _, l := range after[1:] {
		n, err := strconv.Atoi(l[7])
		if err != nil || seen[l[3]+l[4]] || len(l[1]) != 17 || !strings.HasPrefix(l[1], l[0]) || l[6] != "3" {
			t.Errorf("%v (%v)", l, err)
		}
		seen[l[3]+l[4]] = true
		people += n
	}
	if houses := int((westCols + eastCols) * rows); len(seen) != houses || people != houses*120 || len(before) != len(after) {
		t.Errorf("%d homes with %d people, want %d and %d; before there were %d", len(seen), people, houses, houses*120, len(before)-1)
	}
	if then := read(2, true); len(then) != 1 || slices.Contains(then[0], "residents") {
		t.Errorf("of version 2 it tells %v", then)
	}
	v.publish(func(x int32) int32 { return x / 2 }, nil)
	now, then := read(0, true), read(3, false)
	left := 0
	for _, l := range now[1:] {
		if l[1] == "" {
			left++
		} else if !strings.HasPrefix(l[1], l[0]) {
			t.Errorf("crosses: %v", l)
		}
	}
	for i := range then[1:] {
		if !slices.ContainsFunc(after, func(l []string) bool { return slices.Equal(l[:7], then[i+1]) }) {
			t.Errorf("version 3 didn't have %v", then[i+1])
		}
	}
	if left == 0 || left == len(now)-1 || len(then) != len(after) {
		t.Errorf("%d of %d homes left their micro-grids; of version 3 it tells %d, want %d", left, len(now)-1, len(then)-1, len(after)-1)
	}
}
