package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jingwei/internal/city"
	"jingwei/internal/drawing"
	"jingwei/internal/layout"
	"jingwei/internal/postgres/pgtest"
)

// drawnTown is a town of 6,000 with its grids.
func drawnTown(t *testing.T) (d *desk, dir string, town city.Manifest) {
	t.Helper()
	d, dir = newDesk(t), t.TempDir()
	d.do(&town, "city", dir, "--people", "6000", "--seed", "3")
	d.do(nil, "import", "divisions", filepath.Join(dir, divisionsFile), "--code-field", "code", "--name-field", "name")
	d.do(nil, "import", "ground", filepath.Join(dir, "streets.geojson"), filepath.Join(dir, "buildings.geojson"), filepath.Join(dir, "entrances.geojson"))
	d.do(nil, "draw", "--division", town.Code, "--time", "1s")
	return d, dir, town
}

// gridOf gives the first grid of the first community that has several.
func gridOf(t *testing.T, d *desk, town city.Manifest) string {
	t.Helper()
	for _, c := range town.Communities {
		var dry edited
		status, out, _ := d.try("merge", c.Code+"001", c.Code+"002", "--dry-run")
		if status == 0 {
			if err := json.Unmarshal([]byte(out), &dry); err != nil {
				t.Fatal(err)
			}
			return c.Code + "001"
		}
	}
	t.Fatal("no community has two neighbouring grids")
	return ""
}

// What a planner does with grids by hand: split, merged again, evened out; the codes stay with most of the residents, nobody is
// lost, and every version is proved.
func TestGridsAreSplitMergedAndEvenedOut(t *testing.T) {
	t.Parallel()
	d, _, town := drawnTown(t)
	grid := gridOf(t, d, town)

	var dry, split, merged, even edited
	d.do(&dry, "split", grid, "--into", "2", "--dry-run")
	if dry.Version != 0 || len(dry.Changes) != 2 {
		t.Fatalf("a dry run published, or doesn't give two grids: %+v", dry)
	}
	d.reportEverywhere()
	d.do(&split, "split", grid, "--into", "2")
	if d.incidentsFollow() == 0 {
		t.Error("no incident went with its ground to the new grid")
	}
	if split.Version != 2 || len(split.Changes) != 2 || split.Changes[0].Code.String() != grid {
		t.Fatalf("split: %+v", split)
	}
	before, after := split.Changes[0].Before, 0
	for _, c := range split.Changes {
		after += c.After
		if 3*c.After < before || 3*c.After > 2*before {
			t.Errorf("a half of %d has %d", before, c.After)
		}
	}
	if before != after || split.Changes[0].After < split.Changes[1].After {
		t.Errorf("%d residents became %d, or the smaller part keeps the code: %+v", before, after, split.Changes)
	}
	d.prove()

	status, _, errs := d.try("merge", grid, grid[:12]+"099", "--dry-run")
	if status != 1 || !strings.Contains(errs, "not-found") {
		t.Errorf("merging with a grid that isn't there: status %d, %s", status, errs)
	}
	other := split.Changes[1].Code.String()
	d.do(&merged, "merge", grid, other)
	if len(merged.Changes) != 2 || merged.Changes[0].After != before || merged.Changes[1].After != 0 {
		t.Errorf("merged: %+v, want %s with %d", merged.Changes, grid, before)
	}
	d.prove()

	neighbour := grid[:12] + "002"
	d.do(&even, "rebalance", grid, neighbour)
	d.incidentsFollow()
	wide := func(cs []layout.Change, n func(layout.Change) int) int {
		return max(n(cs[0]), n(cs[1])) - min(n(cs[0]), n(cs[1]))
	}
	if was, is := wide(even.Changes, func(c layout.Change) int { return c.Before }), wide(even.Changes, func(c layout.Change) int { return c.After }); is > was {
		t.Errorf("%d apart before, %d after evening out", was, is)
	}
	d.prove()
	var again edited
	for range 3 { // what can't be better is left alone, and no version is made of it
		d.do(&again, "rebalance", grid, neighbour)
	}
	var version int
	if err := pgtest.Open(t, d.url).App.QueryRow(t.Context(), `SELECT version FROM layout WHERE live`).Scan(&version); err != nil || !again.Same || again.Version != 0 || version > 6 {
		t.Errorf("evened out again and again: %+v, version %d (%v)", again, version, err)
	}
}

// What can't be meant is refused with a reason, and nothing is published.
func TestWhatCannotBeDoneWithGridsIsRefused(t *testing.T) {
	t.Parallel()
	d, _, town := drawnTown(t)
	grid := gridOf(t, d, town)
	elsewhere := "370883199999" // another community
	for _, args := range [][]string{
		{"split", "12345"}, {"split", grid[:12] + "099"}, {"split", grid, "--into", "1"}, {"split", grid, "--into", "5000"},
		{"merge", grid}, {"merge", grid, grid}, {"merge", grid, elsewhere + "001"}, {"merge", grid, grid[:12] + "002", "--into", "0"},
		{"rebalance", grid}, {"split", grid, "--hold", grid}, {"split", "999999999999001"},
		{"draw", "--division", town.Code, "--hold", grid, "--replace"}, {"draw", "--division", town.Code, "--redraw", "--hold", "370000000000001"},
		{"draw", "--division", town.Code, "--redraw", "--alternatives", "3"}, {"draw", "--division", town.Code, "--replace", "--alternatives", "2", "--choose", "9", "--time", "1s"},
	} {
		status, out, errs := d.try(args...)
		var said struct{ ZH, EN string }
		if status != 1 || out != "" || json.Unmarshal([]byte(errs), &said) != nil || said.ZH == "" || said.EN == "" {
			t.Errorf("jingwei %v: status %d, %q, %s", args, status, out, errs)
		}
	}
	var again drawn
	d.do(&again, "draw", "--division", town.Code, "--replace", "--time", "1s")
	if again.Version != 2 {
		t.Errorf("something that was refused was published: the next version is %d", again.Version)
	}
}

// Several drawings to choose from differ, and the one that is chosen is the one that is published.
func TestAlternativesAreShownAndOneIsPublished(t *testing.T) {
	t.Parallel()
	d, _, town := drawnTown(t)
	var shown, chosen drawn
	d.do(&shown, "draw", "--division", town.Code, "--replace", "--alternatives", "3", "--time", "3s")
	if shown.Version != 0 || len(shown.Alternatives) < 2 {
		t.Fatalf("shown: version %d, %d alternatives", shown.Version, len(shown.Alternatives))
	}
	for i, a := range shown.Alternatives {
		if a.Difference < 0.1 || a.Report.Residents != 6000 {
			t.Errorf("alternative %d: difference %v, %d residents", i+1, a.Difference, a.Report.Residents)
		}
	}
	d.do(&chosen, "draw", "--division", town.Code, "--replace", "--alternatives", "3", "--choose", "2", "--time", "3s")
	if want := shown.Alternatives[1].Report; chosen.Version != 2 || chosen.CompactnessMean != want.CompactnessMean || chosen.OnStreets != want.OnStreets {
		t.Errorf("published %+v, chosen was %+v", chosen.Report, want)
	}
	d.prove()
}

// Two neighbouring blocks that are in different grids come into one when they are named together; what is too much for a grid, or
// isn't there, is left apart and named; a file that can't be meant is refused.
func TestNamedGroundStaysTogether(t *testing.T) {
	t.Parallel()
	d, dir, town := drawnTown(t)
	db := pgtest.Open(t, d.url).App
	var a, b int64
	var pair, community string
	err := db.QueryRow(t.Context(), `
		SELECT e.a, e.b, ST_AsGeoJSON(ST_Collect(ba.geom, bb.geom), 7), (SELECT ST_AsGeoJSON(ST_Union(geom), 7) FROM block WHERE retired IS NULL AND block.community = ba.community)
		FROM block_border e
		JOIN block ba ON ba.id = e.a AND ba.retired IS NULL JOIN block bb ON bb.id = e.b AND bb.retired IS NULL AND bb.community = ba.community
		JOIN grid_block ga ON ga.block = e.a JOIN grid_block gb ON gb.block = e.b AND gb.grid <> ga.grid
		WHERE ba.residents > 20 AND bb.residents > 20 AND ba.residents + bb.residents < 400 AND e.length > 5 ORDER BY e.a, e.b LIMIT 1`).
		Scan(&a, &b, &pair, &community)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "together.geojson")
	write := func(features ...string) {
		if err := os.WriteFile(file, []byte(`{"type": "FeatureCollection", "features": [`+strings.Join(features, ",")+"]}"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	named := func(name, geometry string) string {
		return `{"type": "Feature", "properties": {"name": "` + name + `"}, "geometry": ` + geometry + `}`
	}
	elsewhere := `{"type": "Polygon", "coordinates": [[[100,30],[100.1,30],[100.1,30.1],[100,30]]]}`
	write(named("一家物业", pair), named("nowhere", elsewhere))
	var r drawn
	d.do(&r, "draw", "--division", town.Code, "--replace", "--together", file, "--time", "1s")
	var grids int
	if err := db.QueryRow(t.Context(), `SELECT count(DISTINCT grid) FROM grid_block WHERE block IN ($1, $2)`, a, b).Scan(&grids); err != nil || grids != 1 {
		t.Errorf("the two blocks are in %d grids (%v)", grids, err)
	}
	var kinds []string
	for _, w := range r.Warnings {
		if w.Kind == "together" {
			kinds = append(kinds, w.EN)
		}
	}
	if len(kinds) != 1 || !strings.HasPrefix(kinds[0], "nowhere") || r.Residents != 6000 {
		t.Errorf("warnings %q, %d residents", kinds, r.Residents)
	}
	d.prove()

	write(named("the whole", community))
	d.do(&r, "draw", "--division", town.Code, "--replace", "--together", file, "--time", "1s")
	if !slices.ContainsFunc(r.Warnings, func(w drawing.Warning) bool { return w.Kind == "together" && strings.Contains(w.EN, "the whole") }) || r.Residents != 6000 {
		t.Errorf("a whole community in one grid: %+v, %d residents", r.Warnings, r.Residents)
	}
	d.prove()

	for _, bad := range [][]string{{}, {named("", pair)}, {named("x", `{"type": "Point", "coordinates": [117, 35]}`)}} {
		write(bad...)
		if status, out, errs := d.try("draw", "--division", town.Code, "--replace", "--together", file); status != 1 || out != "" || !strings.Contains(errs, "together.geojson") {
			t.Errorf("%q: status %d, %q, %s", bad, status, out, errs)
		}
	}
}

// New figures of residents, few moves: what is out of band is brought back, most people keep their grid and every grid that
// isn't near keeps its code and its ground.
func TestRedrawnWithFewMoves(t *testing.T) {
	t.Parallel()
	d, dir, town := drawnTown(t)
	grow(t, filepath.Join(dir, "buildings.geojson"))
	d.do(nil, "import", "ground", filepath.Join(dir, "buildings.geojson"))
	var held, redrawn drawn
	area := filepath.Join(dir, "area.geojson")
	if err := os.WriteFile(area, []byte(`{"type": "FeatureCollection", "features": [
		{"type": "Feature", "properties": {"name": "all of it"}, "geometry": {"type": "Polygon", "coordinates": [[[110,30],[120,30],[120,40],[110,40],[110,30]]]}},
		{"type": "Feature", "properties": {"name": "nowhere"}, "geometry": {"type": "Polygon", "coordinates": [[[100,30],[100.1,30],[100.1,30.1],[100,30]]]}}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	d.do(&held, "draw", "--division", town.Code, "--redraw", "--hold-area", area, "--time", "1s")
	if held.Version != 2 || held.Moved.Residents != 0 || held.Moved.OutAfter != held.Moved.OutBefore || !slices.ContainsFunc(held.Warnings, func(w drawing.Warning) bool { return w.Kind == "hold" && strings.HasPrefix(w.EN, "nowhere") }) {
		t.Errorf("with all of the ground held: version %d, moved %+v, %+v", held.Version, held.Moved, held.Warnings)
	}
	d.refuses("ground held in a new drawing", "draw", "--division", town.Code, "--replace", "--hold-area", area)
	d.do(&redrawn, "draw", "--division", town.Code, "--redraw", "--time", "3s")
	m := redrawn.Moved
	if redrawn.Version != 3 || m == nil {
		t.Fatalf("redrawn: version %d, moved %+v", redrawn.Version, m)
	}
	if m.OutBefore == 0 || m.OutAfter >= m.OutBefore {
		t.Errorf("%d grids out of band before, %d after", m.OutBefore, m.OutAfter)
	}
	if m.Share > 0.25 {
		t.Errorf("%.1f %% of the residents got another grid", 100*m.Share)
	}
	d.prove()
	// Nothing is out of place any more: the same again moves nobody.
	d.do(&redrawn, "draw", "--division", town.Code, "--redraw", "--time", "3s")
	if redrawn.Moved.OutBefore == 0 && redrawn.Moved.Residents != 0 {
		t.Errorf("all grids are in band, and %d residents were moved", redrawn.Moved.Residents)
	}
}

// grow lets one building in forty have three times the residents.
func grow(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	homes := 0
	for _, f := range all["features"].([]any) {
		properties := f.(map[string]any)["properties"].(map[string]any)
		if n, _ := properties["residents"].(float64); n > 20 {
			if homes++; homes%40 == 1 {
				properties["residents"] = 3 * n
			}
		}
	}
	if text, err = json.Marshal(all); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// Micro-grids: everybody is in one, no entrance is in two, each lies in one grid, and most that can be have 30 to 50 households.
func TestMicroGridsOfATown(t *testing.T) {
	t.Parallel()
	d, dir, town := drawnTown(t)
	var report microReport
	file := filepath.Join(dir, "micro.csv")
	d.do(&report, "micro", "--division", town.Code, "--out", file, "--time", "1s")
	rows := rowsOf(t, file)
	households, homes, residents := map[string]int{}, map[string]bool{}, 0
	numbers := map[string]map[int]bool{}
	for _, row := range rows[1:] {
		if !strings.HasPrefix(row[1], row[0]) {
			t.Fatalf("micro-grid %s isn't of grid %s", row[1], row[0])
		}
		if home := row[2] + "/" + row[3]; row[2] != "" && homes[home] {
			t.Fatalf("%s is listed twice", home)
		} else {
			homes[home] = true
		}
		if numbers[row[0]] == nil {
			numbers[row[0]] = map[int]bool{}
		}
		number, _ := strconv.Atoi(row[1][15:])
		numbers[row[0]][number] = true
		people, _ := strconv.Atoi(row[4])
		n, _ := strconv.Atoi(row[5])
		residents += people
		households[row[1]] += n
	}
	in := 0
	for _, n := range households {
		if 30 <= n && n <= 50 {
			in++
		}
	}
	all := 0
	for grid, has := range numbers {
		for n := range len(has) {
			if !has[n+1] {
				t.Errorf("grid %s has %d micro-grids and none of number %d", grid, len(has), n+1)
			}
		}
		all += len(has)
	}
	if all != report.MicroGrids {
		t.Errorf("%d micro-grids in the file, %d in the report", all, report.MicroGrids)
	}
	if residents != 6000 || report.Residents != 6000 {
		t.Errorf("%d residents in the file, %d in the report", residents, report.Residents)
	}
	if in != report.InBand || 10*in < 8*len(households) {
		t.Errorf("%d of %d micro-grids have 30 to 50 households; the report says %d", in, len(households), report.InBand)
	}

	// Households that were counted count, those of one building over all of its entrances; where nobody has, they are estimated.
	counts := filepath.Join(dir, "households.csv")
	of := map[string]int{}
	text := "楼栋,户数\n"
	for i, row := range rows[1:] {
		if _, seen := of[row[2]]; row[2] != "" && i%3 == 0 && !seen {
			of[row[2]] = 10 + i%7
			text += fmt.Sprintf("%s,%d\n", row[2], of[row[2]])
		}
	}
	if err := os.WriteFile(counts, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d.do(nil, "import", "counts", counts, "--county", "370883")
	d.do(&report, "micro", "--division", town.Code, "--out", file, "--time", "1s")
	rows = rowsOf(t, file)
	got, sum := map[string]int{}, 0
	for _, row := range rows[1:] {
		n, _ := strconv.Atoi(row[5])
		_, counted := of[row[2]]
		if counted {
			got[row[2]] += n
			sum += n
		}
		if row[6] != strconv.FormatBool(!counted) {
			t.Errorf("%s, counted %t, is said to be estimated: %s", row[2], counted, row[6])
		}
	}
	if !reflect.DeepEqual(got, of) || report.Counted != sum {
		t.Errorf("households of %d buildings, %d were counted; %d in the file, %d in the report", len(got), len(of), sum, report.Counted)
	}

	// Stored, they are the layout's; stored again, none gets another number.
	was := map[string]string{}
	for range 2 {
		d.do(&report, "micro", "--division", town.Code, "--out", file, "--time", "1s", "--store")
		if report.Version < 2 {
			t.Fatalf("stored as version %d", report.Version)
		}
		stored := filepath.Join(dir, "stored.csv")
		d.do(nil, "export", "micro-grids", "--division", town.Code, "--out", stored)
		in, planned := map[string]string{}, map[string]string{}
		for _, row := range rowsOf(t, stored)[1:] {
			in[row[3]+"/"+row[4]] = row[1]
		}
		for _, row := range rowsOf(t, file)[1:] {
			planned[row[2]+"/"+row[3]] = row[1]
		}
		if !reflect.DeepEqual(in, planned) {
			t.Errorf("%d homes are stored in micro-grids, %d were planned, or others", len(in), len(planned))
		}
		if len(was) > 0 && !reflect.DeepEqual(in, was) {
			t.Error("stored a second time, homes are in micro-grids of other numbers")
		}
		was = in
	}
	d.do(nil, "verify")
	if status, _, errs := d.try("micro", "--division", "110101"); status != 1 || !strings.Contains(errs, "not-found") {
		t.Errorf("a division that isn't there: status %d, %s", status, errs)
	}
}
