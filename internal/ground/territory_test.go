package ground

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"jingwei/internal/planar"
)

func square(x0, y0, x1, y1 float64) []planar.Polygon {
	return []planar.Polygon{{{at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)}}}
}

func territory(i int64, name string, polygons []planar.Polygon) Territory {
	return Territory{Code: "11010801400" + name, Community: i, Name: name, Residents: 600, Polygons: polygons}
}

func mustMake(t *testing.T, in Input) *Ground {
	t.Helper()
	g, err := MakeBlocks(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestOneBadPolygonStopsOneNeighbourhood(t *testing.T) {
	g := mustMake(t, Input{Territories: []Territory{
		territory(1, "甲", square(0, 0, 100, 100)),
		territory(2, "乙", square(80, 0, 200, 100)), // 20 m into 甲
		territory(3, "丙", square(200, 0, 300, 100)),
	}})
	if g.Report.Stopped != 2 || len(g.Blocks) != 1 || g.Blocks[0].Community != 3 {
		t.Fatalf("%d stopped, blocks %+v; want 甲 and 乙 stopped, and 丙 in one block", g.Report.Stopped, g.Blocks)
	}
	for i, other := range []string{"乙", "甲"} {
		stopped := g.Territories[i].Report.Stopped
		if stopped == nil || stopped.Kind != "overlap" || !strings.Contains(stopped.ZH, other) || !strings.Contains(stopped.ZH, "平方米") {
			t.Errorf("report %+v, want one that names %s and the area", stopped, other)
		}
	}
	o := g.Report.Overlaps
	if len(o) != 1 || math.Abs(o[0].Area-20*100*metreScale(t)) > 5 || !o[0].Stops {
		t.Errorf("overlaps %+v", o)
	}
}

// metreScale is how many m² a square "metre" of the test town is.
func metreScale(t *testing.T) float64 {
	t.Helper()
	return planeOf(square(0, 0, 1, 1)).shape(square(0, 0, 100, 100)[0]).Area / 1e4
}

func TestSmallOverlapsAndGapsAreSettled(t *testing.T) {
	g := mustMake(t, Input{Territories: []Territory{
		territory(1, "甲", square(0, 0, 100, 100)),
		territory(2, "乙", square(99, 0, 200, 100)), // a metre into 甲
		{Code: "x", Community: 3, Name: "丙", Residents: -1, // touches 乙 above and below, with a strip a metre wide between
			Polygons: []planar.Polygon{{{at(200, 0), at(300, 0), at(300, 100), at(200, 100), at(201, 90), at(201, 10)}}}},
	}})
	if g.Report.Stopped != 0 || len(g.Blocks) != 3 {
		t.Fatalf("%d stopped, %d blocks; want none and 3", g.Report.Stopped, len(g.Blocks))
	}
	if o := g.Report.Overlaps; len(o) != 1 || o[0].Settled == 0 {
		t.Errorf("overlaps %+v, want one, settled", o)
	}
	if o := g.Report.Gaps; len(o) != 1 || o[0].Settled == 0 || len(o[0].Communities) != 2 {
		t.Errorf("gaps %+v, want one between 乙 and 丙, settled", o)
	}
}

func TestBeijingIsAPartition(t *testing.T) {
	in := Input{}
	people := 0
	for i, f := range readGeoJSON(t, filepath.Join(realData(t), "beijing", "subdistricts.geojson")) {
		residents := -1
		if n, ok := f.Properties["pop_worldpop"].(float64); ok {
			residents = int(n)
			people += residents
		}
		in.Territories = append(in.Territories, Territory{Code: f.text("code9"), Community: int64(i + 1), Name: f.text("name"),
			Residents: residents, Polygons: f.polygons(t)})
	}
	g := mustMake(t, in)
	if g.Report.Stopped != 0 || len(g.Report.Overlaps) != 0 || len(g.Report.Gaps) != 0 {
		t.Errorf("%d stopped, overlaps %v, gaps %v; want none", g.Report.Stopped, g.Report.Overlaps, g.Report.Gaps)
	}
	if g.Report.People != people {
		t.Errorf("%d people came out, %d went in", g.Report.People, people)
	}
	area := 0.0
	for _, m := range g.Territories {
		area += m.Report.Area
	}
	if math.Abs(area/1e6-16394) > 16 { // the plane of a zone is larger than the ground by up to .08 % at its edge
		t.Errorf("%.0f km², want 16394", area/1e6)
	}
}
