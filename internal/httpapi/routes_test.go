package httpapi

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jingwei/internal/access"
)

func TestDivisions(t *testing.T) {
	s := setup(t)
	roots := ok[DivisionList](s, "/api/divisions").Divisions
	if len(roots) != 2 || roots[0].Code != "110105" || roots[1].Code != "110108" {
		t.Fatalf("roots: %+v", roots)
	}
	if roots[0].HasLayout || !roots[1].HasLayout || roots[1].Children != 2 || roots[1].Residents != nil {
		t.Errorf("roots: %+v", roots)
	}
	// A county without a polygon has the bounds of what lies in it.
	if b := roots[1].Bounds; b == nil || *b != (Bounds{116.32, 40, 116.33, 40.003}) {
		t.Errorf("bounds of 110108: %v", b)
	}
	towns := ok[DivisionList](s, "/api/divisions?parent=110108").Divisions
	if len(towns) != 2 || towns[0].Name != "清华园街道" || !towns[0].HasLayout || towns[1].HasLayout || *towns[0].Residents != 2000 {
		t.Errorf("towns: %+v", towns)
	}
	if none := ok[DivisionList](s, "/api/divisions?parent=110108015").Divisions; none == nil || len(none) != 0 {
		t.Errorf("below a town without communities: %v, want an empty list", none)
	}
	d := ok[DivisionDetail](s, "/api/divisions/110108014001")
	if d.Level != "community" || *d.Parent != "110108014" || len(d.Ancestors) != 2 || d.Ancestors[0].Name != "海淀区" || d.Ancestors[1].Name != "清华园街道" {
		t.Errorf("110108014001: %+v", d)
	}
	// A code as files write it.
	if d := ok[DivisionDetail](s, "/api/divisions/110108014000"); d.Code != "110108014" {
		t.Errorf("110108014000 is %s", d.Code)
	}
	s.problem("/api/divisions/999999", 404)
	s.problem("/api/divisions/12345", 422)
	s.problem("/api/divisions/11010A", 422)
	s.problem("/api/divisions?parent=110109", 404)
	s.problem("/api/divisions?parent=%27%20OR%201%3D1", 422)
	s.problem("/api/divisions?parnet=110108", 422)
}

func TestFigures(t *testing.T) {
	s := setup(t)
	f := ok[Figures](s, "/api/divisions/110108014/figures")
	if f.Grids != 4 || f.Residents != 873+582+303+300 || f.InBand != 1 || f.Feasible != 3 || *f.Version != 2 {
		t.Errorf("figures: %+v", f)
	}
	if f.ResidentsSource != "estimate" || f.AsOf == nil || f.Target != 600 || f.Tolerance != .15 {
		t.Errorf("figures: %+v", f)
	}
	if f.CoveredShare != 1 || math.Abs(f.CoveredM2-f.AreaM2) > 1 || math.Abs(f.AreaM2-142_233) > 50 {
		t.Errorf("%g m² of %g m² covered, share %g", f.CoveredM2, f.AreaM2, f.CoveredShare)
	}
	if math.Abs(f.StreetsM-(333.1+341.5+85.4)) > 1 || f.StreetsInNoGrid != 0 || f.StreetsInNoGridM != 0 {
		t.Errorf("streets %g m, %d in no grid with %g m", f.StreetsM, f.StreetsInNoGrid, f.StreetsInNoGridM)
	}
	// 333 m of 平阳路 against 170.8 m of nothing.
	if f.OnStreetsShare == nil || math.Abs(*f.OnStreetsShare-333/(333+170.8)) > 1e-9 || math.Abs(*f.CompactnessMean-.9) > 1e-9 {
		t.Errorf("on streets %v, compactness %v", f.OnStreetsShare, f.CompactnessMean)
	}
	if len(f.Infeasible) != 1 || f.Infeasible[0].Code != "110108014002" || f.Infeasible[0].Residents != 300 || !strings.Contains(f.Infeasible[0].ReasonEN, "510") {
		t.Errorf("infeasible: %+v", f.Infeasible)
	}
	// A county holds more than is drawn: 100%_路 and the end of 平阳路 run on outside of the grids.
	none := ok[Figures](s, "/api/divisions/110108015/figures")
	if none.Grids != 0 || none.CoveredM2 != 0 || none.CompactnessMean != nil || none.StreetsInNoGrid != 1 || math.Abs(none.StreetsInNoGridM-256) > 1 {
		t.Errorf("an undrawn town: %+v", none)
	}
	// A county without a polygon is the ground of its towns.
	if county := ok[Figures](s, "/api/divisions/110108/figures"); county.Grids != 4 || math.Abs(county.AreaM2-2*f.AreaM2) > 1 ||
		math.Abs(county.CoveredShare-.5) > 1e-6 || county.StreetsInNoGrid != 1 || county.StreetsM < f.StreetsM+255 {
		t.Errorf("the county: %+v", county)
	}
	if far := ok[Figures](s, "/api/divisions/110105/figures"); far.Version != nil || far.PublishedAt != nil || far.Infeasible == nil {
		t.Errorf("a county without a layout: %+v", far)
	}
	s.problem("/api/divisions/110199/figures", 404)
	s.problem("/api/divisions/x/figures", 422)
}

// Special grids are asked for no number of residents, and the others stand as if these weren't there.
func TestSpecialGridsAreCountedApart(t *testing.T) {
	s := setup(t)
	if _, err := s.db.App.Exec(t.Context(), `UPDATE grid SET special = 'school' WHERE code IN (110108014001001, 110108014002001)`); err != nil {
		t.Fatal(err)
	}
	f := ok[Figures](s, "/api/divisions/110108014/figures")
	if f.Grids != 4 || f.SpecialGrids != 2 || f.SpecialPeople != 1173 || f.Residents != 2058 || f.InBand != 1 || f.Feasible != 0 {
		t.Errorf("figures: %+v", f)
	}
	// 582 + 303 can't be cut into two; what was infeasible is a school and no community of ordinary grids.
	if len(f.Infeasible) != 1 || f.Infeasible[0].Code != "110108014001" || f.Infeasible[0].Residents != 885 || f.Infeasible[0].Grids != 2 {
		t.Errorf("infeasible: %+v", f.Infeasible)
	}
	if g := ok[Grid](s, "/api/grids/110108014001001"); g.Special != "school" || g.Band != "special" || g.Deviation != 0 || g.Residents != 873 {
		t.Errorf("the school: %+v", g.GridSummary)
	}
	if g := ok[Grid](s, "/api/grids/110108014001003"); g.Special != "" || g.Band != "infeasible" {
		t.Errorf("its neighbour: %+v", g.GridSummary)
	}
	if _, err := s.db.App.Exec(t.Context(), `UPDATE grid SET special = 'school' WHERE retired IS NULL`); err != nil {
		t.Fatal(err)
	}
	if all := ok[Figures](s, "/api/divisions/110108014001/figures"); all.CompactnessMean != nil || all.SpecialGrids != 3 || len(all.Infeasible) != 0 {
		t.Errorf("nothing but schools: %+v", all)
	}
}

// What the total of a community allows and its ground doesn't is listed with the engine's reason.
func TestFiguresKnowWhatWasProved(t *testing.T) {
	s := setup(t)
	for _, q := range []string{
		`UPDATE grid SET residents = CASE code % 1000 WHEN 1 THEN 500 ELSE 640 END WHERE community = 110108014001 AND retired IS NULL`,
		`INSERT INTO infeasible SELECT 110108, 110108014001, version, '颈', 'a neck' FROM layout WHERE live`,
	} {
		if _, err := s.db.App.Exec(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	f := ok[Figures](s, "/api/divisions/110108014001/figures")
	if f.Feasible != f.Grids-1 || f.InBand != f.Feasible || f.InBandFeasible != f.Feasible || len(f.Infeasible) != 1 || f.Infeasible[0].ReasonZH != "颈" || f.Infeasible[0].ReasonEN != "a neck" {
		t.Errorf("%+v", f)
	}
	if g := ok[Grid](s, "/api/grids/110108014001001"); g.Band != "infeasible" {
		t.Errorf("the grid: %+v", g.GridSummary)
	}
	if g := ok[Grid](s, "/api/grids/110108014001002"); g.Band != "in" {
		t.Errorf("its neighbour: %+v", g.GridSummary)
	}
}

// Where the layout is measured by something else, bands and deviations are in that.
func TestFiguresInWorkload(t *testing.T) {
	s := setup(t)
	for _, q := range []string{`UPDATE grid SET workload = 610 WHERE community = 110108014001 AND retired IS NULL`, `UPDATE grid SET workload = 100 WHERE community = 110108014002`,
		`UPDATE layout SET settings = settings || '{"workload": {"name": "工作量", "factors": {"persons": 2}}}' WHERE live`} {
		if _, err := s.db.App.Exec(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	f := ok[Figures](s, "/api/divisions/110108014/figures")
	if f.Measure != "工作量" || f.InBand != 3 || f.Residents != 2058 || len(f.Infeasible) != 1 || f.Infeasible[0].Residents != 100 {
		t.Errorf("figures: %+v", f)
	}
	if g := ok[Grid](s, "/api/grids/110108014001001"); g.Band != "in" || *g.Workload != 610 || g.Residents != 873 || g.Deviation != .0167 {
		t.Errorf("a grid: %+v", g.GridSummary)
	}
}

// Kept figures go when something happens in the county.
func TestFiguresFollowWhatHappens(t *testing.T) {
	s := setup(t)
	ctx := t.Context()
	before := ok[Figures](s, "/api/divisions/110108014/figures")
	if _, err := s.db.App.Exec(ctx, `UPDATE grid SET residents = 590 WHERE code = 110108014001003`); err != nil {
		t.Fatal(err)
	}
	if again := ok[Figures](s, "/api/divisions/110108014/figures"); again.InBand != before.InBand {
		t.Error("the figures were counted again, and nothing had been said to have happened")
	}
	if _, err := s.db.App.Exec(ctx, `INSERT INTO outbox (county, kind, payload) VALUES (110108, 'layout.published', '{}')`); err != nil {
		t.Fatal(err)
	}
	if after := ok[Figures](s, "/api/divisions/110108014/figures"); after.InBand != before.InBand+1 {
		t.Errorf("in band %d, want %d", after.InBand, before.InBand+1)
	}
}

func TestGrid(t *testing.T) {
	s := setup(t)
	g := ok[Grid](s, "/api/grids/110108014001001")
	if g.Name != "西区" || g.Residents != 873 || g.Band != "over" || g.Deviation != .455 || g.ResidentsSource != "estimate" || g.Version != 2 || g.Born != 1 {
		t.Errorf("grid: %+v", g)
	}
	if g.Community.Name != "南楼社区" || g.Town.Name != "清华园街道" || g.County.Name != "海淀区" {
		t.Errorf("in %+v, %+v, %+v", g.Community, g.Town, g.County)
	}
	if g.Bounds != (Bounds{116.32, 40, 116.322, 40.003}) || math.Abs(g.Label[0]-116.321) > 1e-9 || math.Abs(g.Label[1]-40.0015) > 1e-9 {
		t.Errorf("bounds %v, label %v", g.Bounds, g.Label)
	}
	if g.Geometry.Type != "MultiPolygon" || len(g.Geometry.Coordinates) != 1 || len(g.Geometry.Coordinates[0][0]) != 11 ||
		!slices.Equal(g.Geometry.Coordinates[0][0][0], []float64{116.32, 40}) {
		t.Errorf("geometry: %+v", g.Geometry)
	}
	want := []Neighbour{{"110108014001002", "", 222}, {"110108014001003", "", 111}}
	if !slices.Equal(g.Neighbours, want) {
		t.Errorf("neighbours: %+v, want %+v", g.Neighbours, want)
	}
	if want := "东至平阳路，西至围墙、区界，南至清华东路，北至万泉河。"; g.Surroundings.TextZH != want {
		t.Errorf("surroundings: %s, want %s", g.Surroundings.TextZH, want)
	}
	if w := g.Surroundings.West; len(w) != 2 || w[0].Kind != "wall" || math.Abs(w[0].Share-2.0/3) > 1e-6 {
		t.Errorf("west: %+v", w)
	}
	// What runs along a border from the other side, and a neighbour in another community.
	east := ok[Grid](s, "/api/grids/110108014001002").Surroundings
	if want := "东与东楼社区网格 001 相邻，西至平阳路，南至清华东路，北与网格 003 相邻。"; east.TextZH != want {
		t.Errorf("surroundings: %s, want %s", east.TextZH, want)
	}
	if edge := ok[Grid](s, "/api/grids/110108014002001").Surroundings.East; len(edge) != 1 || edge[0].Kind != "outside" || edge[0].Name != "未划镇" {
		t.Errorf("on the edge of what is drawn: %+v", edge)
	}
	if single := ok[Grid](s, "/api/grids/110108014002001"); single.Band != "single" {
		t.Errorf("the only grid of a small community is %s", single.Band)
	}
	if p := s.problem("/api/grids/110108014001009", 404); !strings.Contains(p.EN, "retired with version 2") {
		t.Errorf("a retired grid: %s", p.EN)
	}
	if p := s.problem("/api/grids/110108014001777", 404); !strings.Contains(p.ZH, "110108014001777") {
		t.Errorf("a grid that never was: %s", p.ZH)
	}
	for _, bad := range []string{"1", "11010801400100A", "1101080140010011", "%27"} {
		s.problem("/api/grids/"+bad, 422)
	}
}

func TestGridAt(t *testing.T) {
	s := setup(t)
	inside := ok[GridAt](s, "/api/grids/at?lon=116.321&lat=40.0015")
	if inside.Grid.Code != "110108014001001" || inside.Near == nil || len(inside.Near) != 0 || inside.CRS != "wgs84" {
		t.Errorf("inside: %+v", inside)
	}
	near := ok[GridAt](s, "/api/grids/at?lon=116.32190&lat=40.00195")
	if near.Grid.Code != "110108014001001" || len(near.Near) != 2 || near.Near[0].Code != "110108014001002" ||
		math.Abs(near.Near[0].DistanceM-8.54) > .05 || near.Near[1].Code != "110108014001003" {
		t.Errorf("near a border: %s, near %+v", near.Grid.Code, near.Near)
	}
	if on := ok[GridAt](s, "/api/grids/at?lon=116.322&lat=40.0015"); on.Grid.Code != "110108014001001" || on.Near[0].DistanceM != 0 {
		t.Errorf("on a border: %s, near %+v", on.Grid.Code, on.Near)
	}
	// The same place as Amap and Baidu give it.
	for crs, at := range map[string]string{"gcj02": "lon=116.3270848&lat=40.0027986", "bd09": "lon=116.3336&lat=40.0088"} {
		if got := ok[GridAt](s, "/api/grids/at?"+at+"&crs="+crs); got.Grid.Code != "110108014001001" || math.Abs(got.Lon-116.321) > .0009 {
			t.Errorf("%s: %s at %g %g", crs, got.Grid.Code, got.Lon, got.Lat)
		}
	}
	if p := s.problem("/api/grids/at?lon=116.327&lat=40.001", 404); !strings.Contains(p.ZH, "未划镇") {
		t.Errorf("in an undrawn town: %s", p.ZH)
	}
	if p := s.problem("/api/grids/at?lon=110&lat=35", 404); !strings.Contains(p.EN, "no division on record") {
		t.Errorf("outside: %s", p.EN)
	}
	if p := s.problem("/api/grids/at?lon=40&lat=80", 422); !strings.Contains(p.EN, "swapped") {
		t.Errorf("not in China: %s", p.EN)
	}
	for _, bad := range []string{"lon=116.3", "lon=116.3&lat=91", "lon=abc&lat=40", "lon=NaN&lat=40", "lon=116.3&lat=Inf", "lon=116.3&lat=40&crs=utm", ""} {
		s.problem("/api/grids/at?"+bad, 422)
	}
}

func TestListGrids(t *testing.T) {
	s := setup(t)
	var codes []string
	path := "/api/grids?division=110108014&limit=3"
	for pages := 1; ; pages++ {
		page := ok[GridPage](s, path)
		if page.Total != 4 || len(page.Grids) > 3 {
			t.Fatalf("page %d: %d of %d", pages, len(page.Grids), page.Total)
		}
		for _, g := range page.Grids {
			codes = append(codes, g.Code+" "+g.Band)
		}
		if page.Next == nil {
			break
		}
		path = "/api/grids?division=110108014&limit=3&cursor=" + *page.Next
	}
	want := []string{"110108014001001 over", "110108014001002 in", "110108014001003 under", "110108014002001 single"}
	if !slices.Equal(codes, want) {
		t.Errorf("grids: %v, want %v", codes, want)
	}
	if one := ok[GridPage](s, "/api/grids?division=110108014002"); one.Total != 1 || one.Grids[0].Code != "110108014002001" || one.Next != nil {
		t.Errorf("of a community: %+v", one)
	}
	if exact := ok[GridPage](s, "/api/grids?division=110108014&limit=4"); exact.Next != nil {
		t.Errorf("a page that holds all has a next one: %s", *exact.Next)
	}
	if none := ok[GridPage](s, "/api/grids?division=110105"); none.Total != 0 || none.Grids == nil {
		t.Errorf("of a county without: %+v", none)
	}
	for path, status := range map[string]int{
		"/api/grids": 422, "/api/grids?division=110108014&limit=0": 422, "/api/grids?division=110108014&limit=2001": 422,
		"/api/grids?division=110108014&limit=x": 422, "/api/grids?division=110108014&cursor=abc": 422, "/api/grids?division=110199": 404,
	} {
		s.problem(path, status)
	}
}

func TestSearch(t *testing.T) {
	s := setup(t)
	find := func(q string) []Found {
		t.Helper()
		return ok[FoundList](s, "/api/search?q="+url.QueryEscape(q)).Results
	}
	summary := func(found []Found) (out []string) {
		for _, f := range found {
			out = append(out, f.Kind+" "+f.Code+f.Name)
		}
		return out
	}
	for q, want := range map[string][]string{
		"南楼":                     {"division 110108014001南楼社区"},
		"平阳路":                    {"street 平阳路"}, // two pieces, one street
		"清":                      {"division 110108014清华园街道", "street 清华东路"},
		"西区":                     {"grid 110108014001001西区"},
		"旧":                      {"grid 110108014001009旧"}, // retired: who has an old code or name finds what became of it
		"荷塘":                     {"place 荷塘"},
		"南1":                     {"building 南1楼"},
		"library's":              {`building Library's "new" hall`},
		"%":                      {"street 100%_路"},
		"_":                      {"street 100%_路"},
		`\`:                      nil,
		"'; DROP TABLE grid; --": nil,
		"没有这个":                   nil,
		"":                       nil,
		"   ":                    nil,
		"110108014001":           {"division 110108014001南楼社区", "grid 110108014001001西区", "grid 110108014001002", "grid 110108014001003", "grid 110108014001009旧"},
		"110108014001002":        {"grid 110108014001002"},
		"110105":                 {"division 110105朝阳区"},
		"1101080140010011":       nil,
	} {
		if got := summary(find(q)); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
	if _, err := s.db.App.Exec(t.Context(), `INSERT INTO facility (county, source, kind, name, digest, geom)
		SELECT 110108, kind, kind, name, '', ST_SetSRID(ST_MakePoint(116.3205, 40.0005), 4326) FROM (VALUES ('school', '实验小学'), ('hydrant', '')) f (kind, name)`); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"(116.3205, 40.0005)", "116.3205 40.0005", "116.3205，40.0005", "116.3205,40.0005", "40.0005, 116.3205"} {
		got := find(q)
		want := Found{Kind: "place", Name: "116.3205, 40.0005", Context: "南楼社区", Bounds: Bounds{116.3205, 40.0005, 116.3205, 40.0005}, Center: LonLat{116.3205, 40.0005}}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%q finds %+v", q, got)
		}
	}
	if got := find("100.5, 20.5"); len(got) != 0 {
		t.Errorf("far away: %+v", got)
	}
	for q, want := range map[string]Found{
		"实验": {Kind: "facility", Name: "实验小学", Of: "school", Context: "南楼社区"}, "学校": {Kind: "facility", Name: "实验小学", Of: "school", Context: "南楼社区"},
		"消防栓": {Kind: "facility", Of: "hydrant", Context: "南楼社区"},
	} {
		got := find(q)
		if len(got) != 1 {
			t.Fatalf("%q finds %+v", q, got)
		}
		want.Bounds, want.Center = got[0].Bounds, LonLat{116.3205, 40.0005}
		if got[0] != want || got[0].Bounds[0] != 116.3205 {
			t.Errorf("%q finds %+v, want %+v", q, got[0], want)
		}
	}
	street := find("平阳路")[0]
	if street.Bounds != (Bounds{116.322, 40, 116.322, 40.004}) || math.Abs(street.Center[0]-116.322) > 1e-9 {
		t.Errorf("平阳路: %+v", street)
	}
	if building := find("南1楼")[0]; building.Context != "110108014001001" {
		t.Errorf("a building's context: %q", building.Context)
	}
	if old := find("旧")[0]; old.Retired != 2 {
		t.Errorf("a retired grid: %+v", old)
	}
	if grid := find("西区")[0]; grid.Retired != 0 || grid.Context != "南楼社区" {
		t.Errorf("a grid's context: %q", grid.Context)
	}
	if few := ok[FoundList](s, "/api/search?q=1101&limit=2").Results; len(few) != 2 {
		t.Errorf("limit 2 gives %d", len(few))
	}
	s.problem("/api/search?q=a&limit=51", 422)
	s.problem("/api/search?q="+strings.Repeat("x", 61), 422)
	s.problem("/api/search?q=%ff%fe", 422)
	s.problem("/api/search?q=a%00b", 422)
}

func TestLayout(t *testing.T) {
	s := setup(t)
	l := ok[Layout](s, "/api/layouts/110108")
	if l.Version != 2 || l.Note != "second" || l.Grids != 4 || l.Residents != 2058 || l.County.Name != "海淀区" || l.Target != 600 {
		t.Errorf("layout: %+v", l)
	}
	s.problem("/api/layouts/110105", 404)
	s.problem("/api/layouts/999999", 404)
	if p := s.problem("/api/layouts/110108014", 422); !strings.Contains(p.ZH, "110108") {
		t.Errorf("a town's layout: %s", p.ZH)
	}
}

func TestMeta(t *testing.T) {
	s := setup(t, func(c *Config) { c.Demo = true })
	m := ok[Meta](s, "/api/meta")
	if !m.Demo || m.Version != "test" || m.Division == nil || m.Division.Code != "110108014" || *m.Bounds != (Bounds{116.32, 40, 116.325, 40.003}) {
		t.Errorf("meta: %+v", m)
	}
}

// The answers are what the description says: every field of an answer is in its schema, and every one the
// schema demands is there.
func TestAnswersFitTheirSchemas(t *testing.T) {
	s := setup(t)
	for path, template := range map[string]string{
		"/api/meta": "/api/meta", "/api/divisions": "/api/divisions", "/api/divisions/110108014": "/api/divisions/{code}",
		"/api/divisions/110108014/figures": "/api/divisions/{code}/figures", "/api/grids?division=110108014": "/api/grids",
		"/api/grids/110108014001001": "/api/grids/{code}", "/api/grids/at?lon=116.3219&lat=40.0015": "/api/grids/at",
		"/api/grids/110108014001009/history": "/api/grids/{code}/history", "/api/search?q=1": "/api/search", "/api/layouts/110108": "/api/layouts/{county}",
		"/api/divisions/110108/versions": "/api/divisions/{code}/versions",
	} {
		_, body := s.get(path)
		var answer any
		if err := json.Unmarshal(body, &answer); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		api := s.server.OpenAPI()
		schema := api.Paths[template].Get.Responses["200"].Content["application/json"].Schema
		checkSchema(t, path, api.Components.Schemas, schema, answer)
	}
	if _, body := s.get("/openapi.json"); !json.Valid(body) {
		t.Error("/openapi.json isn't JSON")
	}
	answer, _ := s.get("/docs")
	if answer.StatusCode == http.StatusOK && strings.Contains(answer.Header.Get("Content-Type"), "openapi") {
		t.Error("/docs loads scripts from elsewhere")
	}
}

// What no name has in it as it stands may be pinyin, or a name with a slip in it: then the places of the map are found that are spoken or written so, and
// nothing that the register alone has.
func TestSearchSpelt(t *testing.T) {
	s := setup(t)
	find := func(q string) (out []string) {
		for _, f := range ok[FoundList](s, "/api/search?q="+url.QueryEscape(q)).Results {
			out = append(out, f.Kind+" "+f.Code+f.Name+" in "+f.Context)
		}
		return out
	}
	if got := find("nanlou"); got != nil {
		t.Errorf("without names in memory: %v", got)
	}
	s.moveIn()
	s = s.as(s.person("wu", access.Grant{Role: access.GridWorker, Code: "110108014001001"}))
	south := "division 110108014001南楼社区 in 清华园街道"
	for q, want := range map[string][]string{"nanlou": {south}, "dlsq": {"division 110108014002东楼社区 in 清华园街道"}, "mzxq": {"place 明珠小区 in 南楼社区"}, "明珠小区3号楼2单元501": nil, "南搂社区": {south}, "zzzz": nil, "平阳路": {"street 平阳路 in "}} {
		if got := find(q); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", q, got, want)
		}
	}
}

// A compound that only the register knows lies where its houses are: who may not read the register anywhere finds the map's places alone.
func TestSearchSpeltTellsNothingOfTheRegister(t *testing.T) {
	s := setup(t)
	s.moveIn()
	planner, worker := s.as(s.person("pan", access.Grant{Role: access.Planner, Code: "110108"})), s.as(s.person("wu", access.Grant{Role: access.GridWorker, Code: "110108014001001"}))
	find := func(s *site, q string) (out []string) {
		for _, f := range ok[FoundList](s, "/api/search?q="+url.QueryEscape(q)).Results {
			out = append(out, fmt.Sprintf("%s %s %.4f", f.Kind, f.Name, f.Center[0]))
		}
		return out
	}
	for _, q := range []string{"mzxq", "明猪小区", "mingzhuxiaoqu"} {
		if got := find(planner, q); got != nil {
			t.Errorf("a planner finds %v by %s", got, q)
		}
		if got, want := find(worker, q), []string{"place 明珠小区 116.3205"}; !slices.Equal(got, want) {
			t.Errorf("a grid worker finds %v by %s, want %v", got, q, want)
		}
	}
	if _, err := s.db.App.Exec(t.Context(), `INSERT INTO area_feature (county, source, kind, barrier, class, name, digest, geom)
		VALUES (110108, 'way/90', 'water', 6, 'water', '明珠小区', '', ST_Multi(ST_MakeEnvelope(116.3210, 40.0010, 116.3214, 40.0012, 4326)))`); err != nil {
		t.Fatal(err)
	}
	if got, want := find(planner, "mzxq"), []string{"place 明珠小区 116.3212"}; !slices.Equal(got, want) {
		t.Errorf("a planner finds %v, want the map's own: %v", got, want)
	}
	for _, q := range []string{strings.Repeat("（", 60), strings.Repeat(")(", 30), strings.Repeat("z", 60), strings.Repeat("%", 60), strings.Repeat("_", 60), strings.Repeat(`\`, 60), "👨‍👩‍👧", strings.Repeat("👮", 60),
		"501", "3号楼", "2单元", "南楼社区3号楼2单元501", "北京市海淀区清华园街道南楼社区明珠小区3号楼2单元501室", "mzxq3-2-501", neighbour, neighbourPhone, neighbourCard()} {
		for _, who := range []*site{planner, worker} {
			for _, f := range ok[FoundList](who, "/api/search?q="+url.QueryEscape(q)).Results {
				if strings.ContainsAny(f.Name+f.Context, "35") || f.Kind == "house" || strings.Contains(f.Name, neighbour) {
					t.Errorf("%q finds %+v", q, f)
				}
			}
		}
	}
	planner.problem("/api/search?q="+strings.Repeat("x", 61), 422)
}
