package gridnet

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

func resolve(t *testing.T, town *town, net *Net, answers Answers) *Result {
	t.Helper()
	r, err := Resolve(context.Background(), town.ground, net, answers)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The house decides, and not the lawn around it.
func TestABlockGoesWhereItsPeopleLive(t *testing.T) {
	town := newTown(3, 1, 140)
	town.ground.Blocks[1].Homes[0].Parts = []planar.Polygon{rect(17000, 2000, 19000, 8000)} // in the east of the middle block
	r := resolve(t, town, boxes([4]float64{0, 0, 1.65, 1}, [4]float64{1.65, 0, 3, 1}), Answers{})
	if got := went(r); !slices.Equal(got, []int{0, 1, 1}) || len(r.Decisions) != 0 {
		t.Errorf("blocks went to %v with decisions %+v; the house stands in the second polygon", got, r.Decisions)
	}
	town.ground.Blocks[1].Homes, town.ground.Blocks[1].Residents = nil, 0
	if got := went(resolve(t, town, boxes([4]float64{0, 0, 1.65, 1}, [4]float64{1.65, 0, 3, 1}), Answers{})); !slices.Equal(got, []int{0, 0, 1}) {
		t.Errorf("blocks went to %v; nobody lives in the middle one, and the first polygon has most of it", got)
	}
}

// Ground that two claim counts half for each: who has three tenths alone and seven with another has 65 %.
func TestClaimedGroundIsShared(t *testing.T) {
	town := newTown(3, 1, 140)
	r := resolve(t, town, boxes([4]float64{0, 0, 2, 1}, [4]float64{1.46, 0, 3, 1}), Answers{})
	if got := went(r); !slices.Equal(got, []int{0, 0, 1}) || len(r.Decisions) != 0 || r.Count(Overlap) != 1 || r.Flaws[0].Residents != 98 {
		t.Errorf("blocks went to %v, decisions %+v, flaws %+v", got, r.Decisions, r.Flaws)
	}
}

// Where it isn't clear somebody is asked, and what is answered holds.
func TestWhatIsntClearIsAsked(t *testing.T) {
	town := newTown(3, 1, 140)
	half := boxes([4]float64{0, 0, 1.5, 1}, [4]float64{1.5, 0, 3, 1})
	r := resolve(t, town, half, Answers{})
	if len(r.Decisions) != 1 {
		t.Fatalf("decisions %+v", r.Decisions)
	}
	d := r.Decisions[0]
	if d.Ask != AskBlocks || !slices.Equal(d.Blocks, []int64{2}) || d.Residents != 140 || len(d.Candidates) != 2 || d.Candidates[0].Polygon != 0 || d.Candidates[0].Residents != 70 ||
		d.Candidates[0].Share < .49 || d.Candidates[0].Share > .51 || d.Bounds == (Bounds{}) {
		t.Errorf("decision %+v", d)
	}
	if got := went(r); !slices.Equal(got, []int{0, 0, 1}) {
		t.Errorf("until it is decided the first candidate holds: %v", got)
	}
	r = resolve(t, town, half, Answers{Blocks: map[int64]int{2: 1}})
	if got := went(r); !slices.Equal(got, []int{0, 1, 1}) || len(r.Decisions) != 0 {
		t.Errorf("decided: %v, %+v", got, r.Decisions)
	}
	town.ground.Blocks[1].Residents, town.ground.Blocks[1].Homes[0].Residents = 5, 5
	if r := resolve(t, town, half, Answers{}); len(r.Decisions) != 0 {
		t.Errorf("nobody is asked for five people: %+v", r.Decisions)
	}
	for _, wrong := range []Answers{{Blocks: map[int64]int{99: 0}}, {Blocks: map[int64]int{2: 7}}, {Codes: map[string]int{"nobody's": 0}}, {Codes: map[string]int{community + "001": 1}}} {
		if _, err := Resolve(context.Background(), town.ground, half, wrong); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("answers %+v: %v", wrong, err)
		}
	}
}

// A gap without people goes to the neighbour with the longest border; one with people is asked for.
func TestGapsAreFilled(t *testing.T) {
	town := newTown(4, 2, 140)
	for _, b := range []int{2, 6} { // the third column
		town.ground.Blocks[b].Residents, town.ground.Blocks[b].Homes = 0, nil
	}
	holed := boxes([4]float64{0, 0, 2, 2}, [4]float64{3, 0, 4, 1}, [4]float64{3, 1, 4, 2})
	r := resolve(t, town, holed, Answers{})
	if got := went(r); !slices.Equal(got, []int{0, 0, 0, 1, 0, 0, 0, 2}) || len(r.Decisions) != 0 {
		t.Errorf("blocks went to %v, decisions %+v; the first polygon has two sides of the gap", got, r.Decisions)
	}
	if f := r.Flaws[0]; f.Kind != Gap || !slices.Equal(f.Blocks, []int64{3, 7}) || f.Residents != 0 || f.Open() || f.AreaM2 < 18000 || !slices.Equal(f.Communities, []string{community}) {
		t.Errorf("the gap: %+v", f)
	}
	// Until somebody decides, few people go to the neighbour with the longest border; as many as on other polygons of the net have a grid of their own.
	town.ground.Blocks[2].Residents = 60
	r = resolve(t, town, holed, Answers{})
	if c := r.Decisions[0].Candidates; len(c) != 5 || c[0].Polygon != 0 || c[3].Polygon != OwnGrid || c[4].Polygon != LeftOut || went(r)[2] != 0 {
		t.Fatalf("decisions %+v, blocks went to %v", r.Decisions, went(r))
	}
	town.ground.Blocks[2].Residents = 300
	r = resolve(t, town, holed, Answers{})
	if c := r.Decisions[0].Candidates; len(r.Decisions) != 1 || len(c) != 5 || c[0].Polygon != OwnGrid || c[1].Polygon != 0 || c[4].Polygon != LeftOut || !r.Flaws[0].Open() || r.Flaws[0].Residents != 300 {
		t.Fatalf("decisions %+v, flaws %+v", r.Decisions, r.Flaws)
	}
	r = resolve(t, town, holed, Answers{Blocks: map[int64]int{3: OwnGrid, 7: OwnGrid}})
	if got := went(r); !slices.Equal(got, []int{0, 0, -1, 1, 0, 0, -1, 2}) || len(r.Grids) != 4 || len(r.Decisions) != 0 {
		t.Errorf("a grid of its own: %v, %+v", got, r.Decisions)
	}
	// Left as it is it is in no grid, and nothing is filled up with it.
	r = resolve(t, town, holed, Answers{Blocks: map[int64]int{3: LeftOut, 7: LeftOut}})
	if len(r.Assigned) != 6 || !slices.Equal(r.LeftOut, []int64{3, 7}) || len(r.Decisions) != 0 || len(r.Grids) != 3 {
		t.Errorf("left in no grid: %+v, left out %v, decisions %+v", r.Assigned, r.LeftOut, r.Decisions)
	}
	if slices.ContainsFunc(r.Assigned, func(a Assigned) bool { return a.Block == 3 || a.Block == 7 }) || r.Flaws[0].Kind != Gap || r.Flaws[0].Open() || !strings.Contains(r.Flaws[0].Done.EN, "no grid for now") {
		t.Errorf("left in no grid: %+v, %+v", r.Assigned, r.Flaws[0])
	}
	// A polygon of which all is left out makes no grid.
	if r = resolve(t, town, holed, Answers{Blocks: map[int64]int{1: LeftOut, 2: LeftOut, 5: LeftOut, 6: LeftOut}}); len(r.LeftOut) != 4 || len(r.Assigned) != 4 {
		t.Errorf("a polygon of which all was left out: %+v", r)
	}
}

// What is cut off goes to a neighbour where few live there, and becomes a grid of its own where many do, until somebody decides.
func TestCutOffParts(t *testing.T) {
	town := newTown(5, 1, 140)
	cut := &Net{Polygons: []Polygon{
		{Code: community + "001", Parts: []planar.Polygon{rect(0, 0, 2*side, side), rect(4*side, 0, 5*side, side)}},
		{Code: community + "002", Parts: []planar.Polygon{rect(2*side, 0, 4*side, side)}},
	}}
	r := resolve(t, town, cut, Answers{})
	if got := went(r); !slices.Equal(got, []int{0, 0, 1, 1, -1}) || len(r.Decisions) != 1 || r.Decisions[0].Ask != AskPart || r.Decisions[0].Candidates[0].Polygon != OwnGrid {
		t.Errorf("blocks went to %v, decisions %+v", got, r.Decisions)
	}
	r = resolve(t, town, cut, Answers{Blocks: map[int64]int{5: 1}})
	if got := went(r); !slices.Equal(got, []int{0, 0, 1, 1, 1}) || len(r.Decisions) != 0 {
		t.Errorf("given to the neighbour: %v, %+v", got, r.Decisions)
	}
	town.ground.Blocks[4].Residents, town.ground.Blocks[4].Homes[0].Residents = 4, 4
	r = resolve(t, town, cut, Answers{})
	if got := went(r); !slices.Equal(got, []int{0, 0, 1, 1, 1}) || len(r.Decisions) != 0 || r.Count(CutOff) != 1 {
		t.Errorf("few people: %v, %+v", got, kinds(r))
	}
}

func TestCodesThatCantStay(t *testing.T) {
	town := newTown(4, 1, 140)
	net := boxes([4]float64{0, 0, 1, 1}, [4]float64{1, 0, 2, 1}, [4]float64{2, 0, 3, 1}, [4]float64{3, 0, 4, 1})
	town.ground.Gone[community+"009"] = true
	for name, c := range map[string]struct {
		codes []string
		want  []string
		kind  Kind
		asks  int
	}{
		"as they are": {[]string{"001", "002", "003", "004"}, []string{"001", "002", "003", "004"}, "", 0},
		"one twice":   {[]string{"001", "002", "002", "004"}, []string{"001", "002", "", "004"}, SameCode, 1},
		"used before": {[]string{"001", "002", "009", "004"}, []string{"001", "002", "", "004"}, UsedCode, 0},
		"none":        {[]string{"001", "002", "-", "004"}, []string{"001", "002", "", "004"}, BadCode, 0},
		"letters":     {[]string{"001", "002", "A03", "004"}, []string{"001", "002", "", "004"}, BadCode, 0},
	} {
		for i, code := range c.codes {
			if net.Polygons[i].Code = community + code; code == "-" {
				net.Polygons[i].Code = ""
			}
		}
		r := resolve(t, town, net, Answers{})
		var got []string
		for _, g := range r.Grids {
			got = append(got, strings.TrimPrefix(g.Code, community))
		}
		if !slices.Equal(got, c.want) || len(r.Decisions) != c.asks || (c.kind == "") != (len(r.Flaws) == 0) || c.kind != "" && r.Count(c.kind) != 1 {
			t.Errorf("%s: codes %v, want %v; flaws %v, %d decisions", name, got, c.want, kinds(r), len(r.Decisions))
		}
	}
	for i := range net.Polygons {
		net.Polygons[i].Code = community + "001"
	}
	if r := resolve(t, town, net, Answers{Codes: map[string]int{community + "001": 2}}); r.Grids[2].Code != community+"001" || r.Grids[0].Code != "" || len(r.Decisions) != 0 {
		t.Errorf("the third keeps the code: %+v", r.Grids)
	}
	if r := resolve(t, town, net, Answers{Codes: map[string]int{community + "001": Together}}); len(r.Grids) != 1 || r.Grids[0].Blocks != 4 || len(r.Decisions) != 0 {
		t.Errorf("all of them one grid: %+v %+v", r.Grids, r.Flaws)
	}
	net.Polygons[0].Code = "370883100202001"
	if r := resolve(t, town, net, Answers{}); r.Count(Foreign) != 1 || r.Grids[0].Code != "" {
		t.Errorf("a code of another community: %+v", r.Flaws)
	}
}

func TestWhatLiesElsewhere(t *testing.T) {
	town := newTown(3, 1, 140)
	net := boxes([4]float64{0, 0, 1, 1}, [4]float64{1, 0, 3.5, 1}, [4]float64{90, 90, 91, 91})
	net.Polygons[0].Parts = append(net.Polygons[0].Parts, rect(50*side, 0, 51*side, side))
	r := resolve(t, town, net, Answers{})
	if !reflect.DeepEqual(kinds(r), map[Kind]int{Stray: 3}) || !slices.Equal(went(r), []int{0, 1, 1}) {
		t.Errorf("blocks went to %v, flaws %+v", went(r), r.Flaws)
	}
	// A far part that lies on somebody else's ground isn't used, and takes nothing from them.
	net = boxes([4]float64{0, 0, 1, 1}, [4]float64{1, 0, 3, 1})
	net.Polygons[0].Parts = append(net.Polygons[0].Parts, rect(23000, 0, 3*side, side))
	if r := resolve(t, town, net, Answers{}); r.Count(Stray) != 1 || len(r.Decisions) != 0 || !slices.Equal(went(r), []int{0, 1, 1}) {
		t.Errorf("blocks went to %v, flaws %+v, decisions %+v", went(r), r.Flaws, r.Decisions)
	}
	_, err := Resolve(context.Background(), town.ground, boxes([4]float64{90, 90, 91, 91}), Answers{})
	if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "km") {
		t.Errorf("a net in the sea: %v", err)
	}
	if _, err := Resolve(context.Background(), town.ground, &Net{}, Answers{}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("an empty net: %v", err)
	}
}

// A grid may be of one narrow piece of ground that somebody cut off: what is exported of it and comes back is that grid, and no sliver.
func TestAGridOfAFewSquareMetres(t *testing.T) {
	narrow := &town{columns: 2, rows: 1, corner: func(x, y int32) planar.Point {
		if x == 1 {
			return at(15, y*side) // 14 cm wide
		}
		return at(x*side, y*side)
	}}
	narrow.lay(0)
	if area := narrow.ground.Blocks[0].AreaM2; area >= sliverArea {
		t.Fatalf("%.1f m² are no few", area)
	}
	got, err := Resolve(t.Context(), narrow.ground, narrow.net([]int32{0, 1}), Answers{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Flaws) != 0 || len(got.Grids) != 2 || len(got.Assigned) != 2 || got.Assigned[0].Grid == got.Assigned[1].Grid {
		t.Errorf("%+v", got)
	}
}

// Borders drawn twice, a step or two apart, are slivers, one line for each pair, and nobody is asked.
func TestSlivers(t *testing.T) {
	town := newTown(4, 1, 140)
	net := boxes([4]float64{0, 0, 2.01, 1}, [4]float64{2, 0, 3, 1}, [4]float64{3.005, 0, 4, 1})
	r := resolve(t, town, net, Answers{})
	if !reflect.DeepEqual(kinds(r), map[Kind]int{Sliver: 2}) || len(r.Decisions) != 0 || !slices.Equal(went(r), []int{0, 0, 1, 2}) {
		t.Errorf("%v, flaws %+v", went(r), r.Flaws)
	}
	for _, f := range r.Flaws {
		if f.Of == Overlap && !slices.Equal(f.Polygons, []int{0, 1}) || f.AreaM2 > 120 {
			t.Errorf("a sliver: %+v", f)
		}
	}
}

// A polygon over two communities becomes a grid in each; one without any polygon is left alone.
func TestCommunities(t *testing.T) {
	town := newTown(6, 1, 140)
	g := town.ground
	g.Communities = []Community{
		{Code: community, Name: "甲", Parts: []planar.Polygon{rect(0, 0, 2*side, side)}},
		{Code: "370883100202", Name: "乙", Parts: []planar.Polygon{rect(2*side, 0, 4*side, side)}},
		{Code: "370883100203", Name: "丙", Parts: []planar.Polygon{rect(4*side, 0, 6*side, side)}},
	}
	for i := range g.Blocks {
		g.Blocks[i].Community = i / 2
	}
	r := resolve(t, town, boxes([4]float64{0, 0, 3, 1}, [4]float64{3, 0, 4, 1}), Answers{})
	if !slices.Equal(went(r), []int{0, 0, 0, 1}) || len(r.Grids) != 3 || !slices.Equal(r.LeftAlone, []string{"370883100203"}) {
		t.Fatalf("%v, %+v, left alone %v", went(r), r.Grids, r.LeftAlone)
	}
	if r.Grids[0].Code != community+"001" || r.Grids[1].Code != "" || r.Count(Across) != 1 || r.Count(Uncovered) != 1 || r.Count(Foreign) != 1 || len(r.Flaws) != 3 {
		t.Errorf("grids %+v, flaws %+v", r.Grids, r.Flaws)
	}
}
