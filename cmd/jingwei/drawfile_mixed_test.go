package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jingwei/internal/drawing"
	"jingwei/internal/fault"
)

// blockDefect spoils one block of a file and gives the kind that names it, or "" where the ground settles it in silence.
type blockDefect struct {
	name, kind string
	spoil      func(f map[string]any, x, y float64)
}

func blockShape(f map[string]any, kind string, coordinates any) {
	f["geometry"] = map[string]any{"type": kind, "coordinates": coordinates}
}

func blockRing(x0, y0, x1, y1 float64) [][2]float64 {
	return [][2]float64{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}
}

var blockDefects = []blockDefect{
	{"over its neighbour", "overlap", func(f map[string]any, x, y float64) {
		blockShape(f, "Polygon", [][][2]float64{blockRing(x, y, x+.0013, y+.001)})
	}},
	{"under its neighbour", "covered", func(f map[string]any, x, y float64) {
		blockShape(f, "Polygon", [][][2]float64{blockRing(x-.001, y, x, y+.001)})
	}},
	{"short of its neighbour", "gap", func(f map[string]any, x, y float64) {
		blockShape(f, "Polygon", [][][2]float64{blockRing(x, y, x+.001, y+.0006)})
	}},
	{"in two parts", "parts", func(f map[string]any, x, y float64) {
		blockShape(f, "MultiPolygon", [][][][2]float64{{blockRing(x, y, x+.001, y+.001)}, {blockRing(x+.1, y+.1, x+.1005, y+.1005)}})
	}},
	{"crossing itself", "parts", func(f map[string]any, x, y float64) {
		blockShape(f, "Polygon", [][][2]float64{{{x, y}, {x + .001, y + .001}, {x + .001, y}, {x, y + .001}, {x, y}}})
	}},
	{"turned and not closed", "", func(f map[string]any, x, y float64) {
		blockShape(f, "Polygon", [][][2]float64{{{x, y}, {x, y + .001}, {x + .001, y + .001}, {x + .001, y}}})
	}},
	{"no people", "", func(f map[string]any, _, _ float64) { f["properties"].(map[string]any)["population"] = 0 }},
	{"a whole town in one block", "", func(f map[string]any, _, _ float64) { f["properties"].(map[string]any)["population"] = 987_654_321 }},
	{"a name that is code", "", func(f map[string]any, _, _ float64) { f["id"] = "<img src=x>'; --\x01\u202e\n" + f["id"].(string) }},
}

// blockRefusals are what can't be drawn without losing somebody: the file is refused, and nothing is written.
var blockRefusals = []blockDefect{
	{"no geometry", "", func(f map[string]any, _, _ float64) { f["geometry"] = nil }},
	{"no area", "", func(f map[string]any, x, y float64) {
		blockShape(f, "Polygon", [][][2]float64{{{x, y}, {x + .001, y}, {x + .002, y}, {x, y}}})
	}},
	{"people below zero", "", func(f map[string]any, _, _ float64) { f["properties"].(map[string]any)["population"] = -1 }},
	{"a fraction of people", "", func(f map[string]any, _, _ float64) { f["properties"].(map[string]any)["population"] = .5 }},
	{"people without end", "", func(f map[string]any, _, _ float64) { f["properties"].(map[string]any)["population"] = 1e300 }},
	{"people in words", "", func(f map[string]any, _, _ float64) { f["properties"].(map[string]any)["population"] = "一百" }},
	{"people unknown", "", func(f map[string]any, _, _ float64) { delete(f["properties"].(map[string]any), "population") }},
	{"the id of another", "", func(f map[string]any, _, _ float64) { f["id"] = "b0000" }},
	{"metres", "", func(f map[string]any, _, _ float64) {
		blockShape(f, "Polygon", [][][2]float64{blockRing(448000, 4428000, 448100, 4428100)})
	}},
}

// A file of blocks with any mixture of defects: everybody in it is in the grids, each block in one, and what is wrong is named; or, with
// one block that can't be drawn, the file is refused and nothing is written.
func TestMixedDefectsOfBlockFiles(t *testing.T) {
	few(t, 40)
	rapid.Check(t, func(rt *rapid.T) {
		const side = 6
		defects := map[[2]int]blockDefect{}
		for _, at := range rapid.SliceOfNDistinct(rapid.IntRange(0, 8), 1, 8, rapid.ID[int]).Draw(rt, "places") {
			// every other block, away from the edge and from the border between communities, so that each does what it says
			defects[[2]int{2*(at%3)%4 + 1, 2*(at/3)%4 + 1}] = rapid.SampledFrom(blockDefects).Draw(rt, "defect")
		}
		refusal := rapid.IntRange(-20, len(blockRefusals)-1).Draw(rt, "refusal")
		people, kinds := int64(0), []string{}
		path := quarter(t, side, func(col, row int, f map[string]any) {
			x, y := 116.3+float64(col)/1000, 40+float64(row)/1000
			p := f["properties"].(map[string]any)
			p["population"] = rapid.IntRange(0, 200).Draw(rt, "people")
			if d, ok := defects[[2]int{col, row}]; ok {
				d.spoil(f, x, y)
				if d.kind != "" {
					kinds = append(kinds, d.kind)
				}
			}
			people += int64(p["population"].(int))
			if refusal >= 0 && col == side+2 && row == 3 {
				blockRefusals[refusal].spoil(f, x, y)
			}
		})
		in := input(t, path)
		in.Options.Time = 50 * time.Millisecond
		report, err := drawFile(context.Background(), in, nil)
		if refusal >= 0 {
			var f *fault.Error
			left, _ := os.ReadDir(filepath.Dir(in.Out))
			if !errors.As(err, &f) || f.ZH == "" || f.EN == "" || len(left) != 0 {
				rt.Fatalf("%s: %v; written: %v", blockRefusals[refusal].name, err, left)
			}
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		checkBlockDrawing(rt, read(t, in), report, path, people)
		for _, kind := range kinds {
			if !slices.ContainsFunc(report.Warnings, func(w drawing.Warning) bool { return w.Kind == kind && w.ZH != "" && w.EN != "" }) {
				rt.Errorf("no warning %s: %+v", kind, report.Warnings)
			}
		}
	})
}

// checkBlockDrawing adds the people up again from the files in and out.
func checkBlockDrawing(rt *rapid.T, w written, report drawing.Report, blocks string, people int64) {
	text, err := os.ReadFile(blocks)
	if err != nil {
		rt.Fatal(err)
	}
	var in struct {
		Features []struct {
			ID         string
			Properties struct{ Population int64 }
		}
	}
	if err := json.Unmarshal(text, &in); err != nil {
		rt.Fatal(err)
	}
	grid := map[string]string{}
	for _, line := range w.assignment[1:] {
		if grid[line[0]] != "" {
			rt.Errorf("block %q is assigned twice", line[0])
		}
		grid[line[0]] = line[1]
	}
	sums, out := map[string]int64{}, int64(0)
	for _, f := range in.Features {
		sums[grid[fmt.Sprint(f.ID)]] += f.Properties.Population
	}
	for code, g := range w.grids {
		out += g.Population
		if sums[code] != g.Population {
			rt.Errorf("grid %s is said to hold %d, its blocks hold %d", code, g.Population, sums[code])
		}
	}
	if out != people || report.Residents != people || len(grid) != len(in.Features) || sums[""] != 0 {
		rt.Errorf("%d people in the file, %d in grids, %d in the report, %d in no grid", people, out, report.Residents, sums[""])
	}
}
