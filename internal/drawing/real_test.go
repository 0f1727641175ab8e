package drawing_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"jingwei/internal/drawing"
	"jingwei/internal/ground"
	"jingwei/internal/planar"
)

// realProblem is 清华园街道 with its 44,166 residents, its ground cut into blocks the way the program does it: lumpy, as a
// median dwelling holds more than a hundred people. It skips where the data isn't.
func realProblem(tb testing.TB) *drawing.Problem {
	tb.Helper()
	dir := os.Getenv("JINGWEI_REALDATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	dir = filepath.Join(dir, "qinghuayuan")
	if _, err := os.Stat(dir); err != nil {
		tb.Skipf("no real data in %s (set JINGWEI_REALDATA)", dir)
	}
	var in ground.Input
	for _, f := range realFeatures(tb, filepath.Join(dir, "boundary.geojson")) {
		in.Territories = append(in.Territories, ground.Territory{Code: "110108014", Community: 110108014000, Name: "清华园街道",
			Residents: 44166, Polygons: []planar.Polygon{f.rings(tb)}})
	}
	for _, f := range realFeatures(tb, filepath.Join(dir, "streets.geojson")) {
		barrier := ground.Path
		switch f.Properties["highway"] {
		case "residential", "unclassified":
			barrier = ground.Street
		case "secondary_link":
			barrier = ground.MainRoad
		case "construction", "platform":
			barrier = ground.Nothing
		}
		var line [][2]float64
		f.decode(tb, &line)
		in.Features.Lines = append(in.Features.Lines, ground.Line{Source: string(f.Properties["osm_id"].(json.Number)), Barrier: barrier, Points: onLattice(line)})
	}
	for i, f := range realFeatures(tb, filepath.Join(dir, "buildings.geojson")) {
		use, _ := f.Properties["building"].(string)
		text, _ := f.Properties["building:levels"].(string)
		levels, _ := strconv.ParseFloat(text, 64)
		in.Features.Buildings = append(in.Features.Buildings, ground.Building{Source: strconv.Itoa(i), Use: use,
			Levels: max(levels, 0), People: -1, Polygons: []planar.Polygon{f.rings(tb)}})
	}
	g, err := ground.MakeBlocks(context.Background(), in)
	if err != nil {
		tb.Fatal(err)
	}
	p := &drawing.Problem{Within: []string{"清华园街道"}}
	for _, b := range g.Blocks {
		p.Blocks = append(p.Blocks, drawing.Block{Weight: int64(b.Residents), Area: b.Shape.Area, Cx: b.Shape.Cx, Cy: b.Shape.Cy,
			Second: b.Shape.Second, Outer: b.Shape.Outer})
	}
	for _, e := range g.Borders {
		if e.B < 0 {
			continue
		}
		border := drawing.Border{A: e.A, B: e.B, Length: e.Length}
		switch e.Barrier {
		case ground.Nothing:
		case ground.Path:
			border.Along, border.Strength = e.Length, .6*e.Length
		default:
			border.Along, border.Strength = e.Length, e.Length
		}
		p.Borders = append(p.Borders, border)
	}
	return p
}

type realFeature struct {
	Properties map[string]any
	Geometry   struct{ Coordinates json.RawMessage }
}

func realFeatures(tb testing.TB, file string) []realFeature {
	tb.Helper()
	f, err := os.Open(file)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var fc struct{ Features []realFeature }
	d := json.NewDecoder(f)
	d.UseNumber()
	if err := d.Decode(&fc); err != nil {
		tb.Fatal(err)
	}
	return fc.Features
}

func (f *realFeature) decode(tb testing.TB, into any) {
	tb.Helper()
	if err := json.Unmarshal(f.Geometry.Coordinates, into); err != nil {
		tb.Fatal(err)
	}
}

// rings is the feature's polygon, shell counter-clockwise and holes clockwise.
func (f *realFeature) rings(tb testing.TB) (out planar.Polygon) {
	tb.Helper()
	var rings [][][2]float64
	f.decode(tb, &rings)
	for i, coordinates := range rings {
		ring := planar.Ring(onLattice(coordinates[:len(coordinates)-1]))
		if (ring.Area2() > 0) != (i == 0) {
			ring.Reverse()
		}
		out = append(out, ring)
	}
	return out
}

func onLattice(coordinates [][2]float64) (out []planar.Point) {
	for _, c := range coordinates {
		if p := planar.FromDegrees(c[0], c[1]); len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}

// TestRealStreet: what 清华园 must reach, a street of lumpy blocks and one community.
func TestRealStreet(t *testing.T) {
	p := realProblem(t)
	d, err := drawing.Draw(context.Background(), p, drawing.Unhurried(drawing.Options{Seed: 1, Time: 10 * time.Second}))
	if err != nil {
		t.Fatal(err)
	}
	r := d.Report
	if r.Residents != 44_166 || r.Broken != 0 || r.Crossing != 0 || r.Grids < 70 || r.Grids > 78 {
		t.Errorf("residents %d, broken %d, crossing %d, grids %d", r.Residents, r.Broken, r.Crossing, r.Grids)
	}
	if r.StoppedEarly {
		t.Fatal("the clock stopped a drawing that may take its time")
	}
	if float64(r.InBand) < .9*float64(r.Grids) || r.CompactnessMean < .85 || r.OnStreets < .5 {
		t.Errorf("in band %d of %d, compactness %.3f, on streets %.2f", r.InBand, r.Grids, r.CompactnessMean, r.OnStreets)
	}
}

// TestRealStreetRedrawn: 3 % of its blocks hold other numbers of people now, where a dwelling is a fifth of a grid and two
// may be too many for one. Redrawing leaves fewer grids out of band, and few people elsewhere move.
func TestRealStreetRedrawn(t *testing.T) {
	p := realProblem(t)
	first, err := drawing.Draw(context.Background(), p, drawing.Options{Seed: 1, Time: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	for b := range p.Blocks {
		if b%33 == 5 {
			p.Blocks[b].Weight = p.Blocks[b].Weight * int64(b%5) / 2
		}
	}
	for _, reach := range []int{1, 2} {
		d, err := drawing.Draw(context.Background(), p, drawing.Options{Seed: 2, Start: first.Grid, Moving: &drawing.Moving{Reach: reach}})
		if err != nil {
			t.Fatal(err)
		}
		r, m := d.Report, d.Report.Moved
		t.Logf("reach %d: %d of %d grids out of band before, %d of %d after, %.1f %% of the residents moved, of grids in band %.1f %%, compactness %.3f → %.3f, %.1f s", reach,
			m.OutBefore, first.Report.Grids, m.OutAfter, r.Grids, m.Share*100, 100*float64(m.Outside)/float64(r.Residents), first.Report.CompactnessMean, r.CompactnessMean, r.Seconds)
		if r.Broken != 0 || m.OutBefore < 5 || m.OutAfter >= m.OutBefore || float64(m.Outside) > .02*float64(r.Residents) {
			t.Errorf("reach %d: broken %d, %+v", reach, r.Broken, m)
		}
	}
}

func BenchmarkDrawReal(b *testing.B) {
	p := realProblem(b)
	for _, preset := range drawing.Presets() {
		b.Run(preset, func(b *testing.B) { drawing.MeasureDraw(b, p, drawing.Options{Seed: 1, Preset: preset}) })
	}
	drawing.MeasureMetis(b, p)
}
