package ground

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// The real street 清华园: 626 buildings, 913 ways, 44,166 people.
func TestQinghuayuan(t *testing.T) {
	in := qinghuayuan(t)
	g := mustMake(t, in)
	picture(t, in, g)
	r := g.Territories[0].Report
	t.Logf("%d blocks, %d street faces, %d buildings cut into %d parts, %d bent streets, %d slivers, %d strips",
		r.Blocks, r.Faces, len(r.CutBuildings), r.Parts, len(r.BentStreets), r.Slivers, r.Strips)
	if g.Report.People != 44166 || g.Report.Stopped != 0 {
		t.Errorf("%d people came out, 44166 went in; stopped: %+v", g.Report.People, r.Stopped)
	}
	checkPeople(t, in, g)
	checkAreas(t, g)
	checkHouses(t, in, g)
	checkBorders(t, g)
	most := slices.MaxFunc(g.Blocks, func(a, b Block) int { return a.Residents - b.Residents })
	if most.Residents > 690 {
		t.Errorf("a block holds %d people", most.Residents)
	}
	if len(r.BentStreets) != 28 {
		t.Errorf("streets run under %d buildings, want 28: %v", len(r.BentStreets), r.BentStreets)
	}
	border := g.Territories[0].Border
	if flaws := planar.Check(polygonsOf(g), border); len(flaws) > 0 {
		t.Errorf("%v", flaws)
	}
}

func polygonsOf(g *Ground) (out []planar.Polygon) {
	for i := range g.Blocks {
		out = append(out, g.Blocks[i].Polygon)
	}
	return out
}

func line(barrier Barrier, name string, points ...planar.Point) Line {
	return Line{Source: name, Barrier: barrier, Name: name, Points: points}
}

// sole is an input of one community 200 × 200 m.
func sole(residents int) Input {
	t := territory(1, "甲", square(0, 0, 200, 200))
	t.Residents = residents
	return Input{Territories: []Territory{t}}
}

func TestNoStreetsNoBuildings(t *testing.T) {
	g := mustMake(t, sole(613))
	if len(g.Blocks) != 1 || g.Blocks[0].Residents != 613 || g.Blocks[0].Source != Estimate {
		t.Fatalf("%+v", g.Blocks)
	}
	if w := g.Territories[0].Report.Warnings; len(w) != 1 || w[0].Kind != "no-buildings" {
		t.Errorf("warnings %+v, want one that there are no buildings", w)
	}
}

func TestOneBuildingInTheMountains(t *testing.T) {
	in := Input{Territories: []Territory{territory(1, "山", square(0, 0, 4000, 3000))}}
	in.Features.Buildings = []Building{
		building(1, "house", -1, rectangle(1000, 1000, 12, 8, .3)),
		building(2, "house", -1, rectangle(3500, 2800, 12, 8, .3)),
	}
	g := mustMake(t, in)
	if len(g.Blocks) != 2 || g.Blocks[0].Residents+g.Blocks[1].Residents != 600 || g.Blocks[0].Residents != 300 {
		t.Fatalf("%+v, want two blocks of 300", g.Blocks)
	}
	// The border is the straight line in the middle.
	if len(g.Borders) == 0 {
		t.Fatal("no border")
	}
	for _, e := range g.Borders {
		if e.B >= 0 && len(e.Points) != 2 {
			t.Errorf("the border between the two has %d vertices", len(e.Points))
		}
	}
}

func TestTheBorderRunsInTheMiddle(t *testing.T) {
	in := sole(-1)
	in.Features.Buildings = []Building{
		building(1, "residential", -1, rectangle(60, 100, 40, 150, 0)),
		building(2, "residential", -1, rectangle(120, 100, 40, 150, 0)), // 20 m beside the first
	}
	g := mustMake(t, in)
	for _, e := range g.Borders {
		for _, p := range e.Points {
			if x := float64(p.X-townCorner.X) / metre; e.B >= 0 && math.Abs(x-90) > 10./3+.1 {
				t.Errorf("the border is at %.1f m, want 90 give or take a third of the gap", x)
			}
		}
	}
}

func TestACourtyardAndWhatStandsInIt(t *testing.T) {
	in := sole(-1)
	in.Features.Buildings = []Building{
		building(1, "residential", 50, withCourt(rectangle(100, 100, 120, 120, .2), 100, 100, 120, 120, .2)),
		building(2, "yes", 0, rectangle(100, 100, 20, 20, 0)),
	}
	g := mustMake(t, in)
	if len(g.Blocks) != 2 {
		t.Fatalf("%d blocks, want 2", len(g.Blocks))
	}
	outer := slices.IndexFunc(g.Blocks, func(b Block) bool { return b.Residents == 50 })
	if outer < 0 || len(g.Blocks[outer].Polygon) != 2 {
		t.Fatalf("the block of the building with the courtyard should have a hole: %+v", g.Blocks)
	}
}

func TestABigBuildingIsCutByEntrance(t *testing.T) {
	in := sole(-1)
	b := building(1, "residential", -1, rectangle(100, 100, 120, 14, 0))
	for i, n := range []int{300, 200, 100, 200} {
		b.Entrances = append(b.Entrances, Entrance{Ref: string(rune('1' + i)), At: at(55+30*float64(i), 93), People: n})
	}
	in.Features.Buildings = []Building{b}
	g := mustMake(t, in)
	var got []int
	for _, b := range g.Blocks {
		if b.Residents > 0 {
			got = append(got, b.Residents)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, []int{100, 200, 200, 300}) {
		t.Fatalf("parts with %v people, want those of the four entrances", got)
	}
	cuts := 0
	for _, e := range g.Borders {
		for k := 1; k < len(e.Points); k++ {
			if deepInside(b.Polygons, e.Points[k-1], e.Points[k]) {
				cuts++
			}
		}
	}
	if cuts < 3 {
		t.Errorf("%d cuts through the building, want three", cuts)
	}
}

func TestATowerWithoutEntrancesIsCutBelowTheBound(t *testing.T) {
	in := sole(-1)
	in.Features.Buildings = []Building{building(1, "residential", 3000, rectangle(100, 100, 25, 24, .5))}
	g := mustMake(t, in)
	people := 0
	for _, b := range g.Blocks {
		people += b.Residents
		if b.Residents > 690 {
			t.Errorf("a block of %d people", b.Residents)
		}
	}
	if people != 3000 {
		t.Errorf("%d people, want 3000", people)
	}
}

func TestAStreetGoesRoundTheBuildingAboveIt(t *testing.T) {
	in := sole(-1)
	in.Features.Lines = []Line{line(Street, "街", at(100, -10), at(100, 210))}
	in.Features.Buildings = []Building{building(1, "residential", 77, rectangle(110, 100, 60, 20, 0))}
	g := mustMake(t, in)
	if len(g.Territories[0].Report.BentStreets) != 1 || len(g.Blocks) != 2 {
		t.Fatalf("%d bent streets, %d blocks; want 1 and 2", len(g.Territories[0].Report.BentStreets), len(g.Blocks))
	}
	checkHouses(t, in, g)
	length := map[Barrier]float64{}
	for _, e := range g.Borders {
		if e.B >= 0 {
			length[e.Barrier] += e.Length
			if e.Barrier == Street && e.Name != "街" {
				t.Errorf("the street's name is %q", e.Name)
			}
		}
	}
	p := planeOf(square(0, 0, 1, 1))
	street := p.length([]planar.Point{at(100, 0), at(100, 180)})
	round := p.length([]planar.Point{at(100, 90), at(80, 90), at(80, 110), at(100, 110)})
	if math.Abs(length[Street]-street) > .1 || math.Abs(length[Nothing]-round) > .1 {
		t.Errorf("%.1f m along the street and %.1f m round the building, want %.1f and %.1f",
			length[Street], length[Nothing], street, round)
	}
}

func TestTwoCarriagewaysAreOneBorder(t *testing.T) {
	in := sole(-1)
	in.Features.Lines = []Line{
		line(MainRoad, "大街", at(100, -10), at(100, 210)), line(MainRoad, "大街", at(106, -10), at(106, 210)),
		line(Path, "", at(112, -10), at(112, 210)),
	}
	if g := mustMake(t, in); len(g.Blocks) != 2 {
		t.Fatalf("%d blocks, want the two sides of the street", len(g.Blocks))
	}
}

func TestALaneIsFollowed(t *testing.T) {
	in := sole(-1)
	in.Features.Lines = []Line{line(Street, "街", at(0, 1), at(200, 1)), line(Path, "胡同", at(104, 1), at(103, 150))}
	in.Features.Buildings = []Building{
		building(1, "residential", -1, rectangle(60, 100, 50, 150, 0)), building(2, "residential", -1, rectangle(140, 100, 50, 150, 0)),
	}
	g := mustMake(t, in)
	along := 0.0
	for _, e := range g.Borders {
		if e.B >= 0 && e.Name == "胡同" {
			along += e.Length
		}
	}
	if along < 100 {
		t.Errorf("the border follows the lane for %.0f m, want most of its 149", along)
	}
}

func TestABuildingOnTheBorderIsWhereMostOfItIs(t *testing.T) {
	in := Input{Territories: []Territory{territory(1, "甲", square(0, 0, 100, 100)), territory(2, "乙", square(100, 0, 200, 100))}}
	in.Territories[0].Residents, in.Territories[1].Residents = -1, -1
	in.Features.Buildings = []Building{building(1, "residential", 99, rectangle(103, 50, 30, 10, 0))}
	g := mustMake(t, in)
	for _, b := range g.Blocks {
		if (b.Community == 2) != (b.Residents == 99) {
			t.Errorf("community %d has %d people", b.Community, b.Residents)
		}
	}
	for _, m := range g.Territories {
		if !slices.Equal(m.Report.CutByBorder, []string{"building/1"}) {
			t.Errorf("community %d: %v cut by the border, want building/1", m.Community, m.Report.CutByBorder)
		}
	}
}

func TestACommunityTwiceIsRefused(t *testing.T) {
	in := Input{Territories: []Territory{territory(1, "甲", square(0, 0, 1, 1)), territory(1, "乙", square(1, 0, 2, 1))}}
	if _, err := MakeBlocks(context.Background(), in); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("%v, want it refused as invalid", err)
	}
}

func TestCancelling(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := MakeBlocks(ctx, sole(5)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
}

func TestABuildingMostlyOutsideIsStillWhole(t *testing.T) {
	in := sole(-1)
	in.Features.Lines = []Line{line(Path, "", at(-50, 100), at(250, 100))}
	in.Features.Buildings = []Building{building(1, "residential", 12, rectangle(-5, 100, 40, 20, 0))}
	g := mustMake(t, in)
	if len(g.Territories[0].Report.BentStreets) != 1 || g.Report.People != 12 {
		t.Errorf("%d bent streets, %d people; want 1 and 12", len(g.Territories[0].Report.BentStreets), g.Report.People)
	}
	checkHouses(t, in, g)
}
