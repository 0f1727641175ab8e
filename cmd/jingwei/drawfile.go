package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"jingwei/internal/crs"
	"jingwei/internal/drawing"
	"jingwei/internal/planar"
)

// drawFileInput says what `draw --blocks` works from and where its results go. Assignment, Report and Streets may be empty.
type drawFileInput struct {
	Blocks                       string // GeoJSON polygons
	PopulationField, WithinField string // WithinField "": all blocks lie in one community
	Streets                      string // GeoJSON lines
	Out, Assignment, Report      string
	Options                      drawing.Options
}

// drawFile draws grids from a file of blocks without a database, and writes them. The people in the file are the people in
// the grids, exactly, whatever is wrong with the blocks' shapes: that is told in the report's warnings. Cancelling
// ctx while the grids are drawn gives the best so far. Errors: *fault.Error of code Invalid that names file and
// feature, or ctx.Err() when it ends before there is a drawing.
func drawFile(ctx context.Context, in drawFileInput, progress func(stage string, done float64)) (drawing.Report, error) {
	if progress == nil {
		progress = func(string, float64) {}
	}
	progress("ground", 0)
	blocks, err := readBlocks(in.Blocks, in.PopulationField, in.WithinField)
	if err != nil {
		return drawing.Report{}, err
	}
	var streets []street
	if in.Streets != "" {
		if streets, err = readStreets(in.Streets); err != nil {
			return drawing.Report{}, err
		}
	}
	progress("ground", 0.4)
	f, err := newFileDrawing(ctx, blocks, streets)
	if err != nil {
		return drawing.Report{}, err
	}
	progress("ground", 1)
	o := in.Options
	o.Progress = func(p drawing.Progress) { progress(p.Phase, p.Done) }
	drawn, err := drawing.Draw(ctx, f.problem, o)
	if err != nil {
		return drawing.Report{}, err
	}
	drawn.Report.Warnings = append(drawn.Report.Warnings, f.ground.warnings(f.blocks)...)
	f.name(drawn.Grid, in.Options)
	return drawn.Report, f.write(in, drawn)
}

// fileDrawing is the file's blocks on their way to grids.
type fileDrawing struct {
	blocks  *blockFile
	ground  *mosaic
	plane   crs.Plane
	problem *drawing.Problem
	grids   []drawnGrid
}

// drawnGrid is what the result says of a grid.
type drawnGrid struct {
	drawing.Figure
	code     string
	sequence int
	within   string
}

func newFileDrawing(ctx context.Context, blocks *blockFile, streets []street) (*fileDrawing, error) {
	ground, err := tessellate(ctx, blocks)
	if err != nil {
		return nil, err
	}
	f := &fileDrawing{blocks: blocks, ground: ground, plane: blocks.plane()}
	weights, within := make([]int64, len(ground.cover.Faces)), make([]int32, len(ground.cover.Faces))
	for i := range blocks.features {
		face := ground.face[i]
		weights[face] += blocks.features[i].population
		within[face] = blocks.features[ground.owner[face]].within
	}
	f.problem = drawing.FromCoverage(ground.cover, weights, within, blocks.within, f.plane, func(uint32) float64 { return 0 })
	f.problem.Label = func(face int32) string { return blocks.features[ground.owner[face]].id }
	if len(streets) > 0 {
		alongStreets(f.problem, ground.cover, streets, f.plane)
	}
	return f, nil
}

// name numbers the grids of every community as one reads a page: in rows from north to south, from west to east in
// each.
func (f *fileDrawing) name(grid []int32, o drawing.Options) {
	figures := drawing.Figures(f.problem, grid, o)
	f.grids = make([]drawnGrid, len(figures))
	byCommunity := make(map[int32][]int)
	for g, figure := range figures {
		byCommunity[figure.Within] = append(byCommunity[figure.Within], g)
	}
	for community, grids := range byCommunity {
		var area float64
		for _, g := range grids {
			area += figures[g].Area
		}
		height := math.Sqrt(max(area, 1) / float64(len(grids)))
		row := func(g int) float64 { return -math.Floor(figures[g].Cy / height) }
		slices.SortFunc(grids, func(a, b int) int {
			return cmp.Or(cmp.Compare(row(a), row(b)), cmp.Compare(figures[a].Cx, figures[b].Cx), cmp.Compare(a, b))
		})
		for i, g := range grids {
			name := f.blocks.within[community]
			f.grids[g] = drawnGrid{figures[g], gridCode(name, i+1), i + 1, name}
		}
	}
}

// gridCode is the community's code and three digits, 15 in all; a community that goes by a name gets a hyphen between.
func gridCode(within string, sequence int) string {
	switch {
	case within == "":
		return fmt.Sprintf("%03d", sequence)
	case isDivisionCode(within):
		return fmt.Sprintf("%s%03d", within, sequence)
	}
	return fmt.Sprintf("%s-%03d", within, sequence)
}

func isDivisionCode(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) == 12
}

// plane is the projection zone around the middle of the file.
func (b *blockFile) plane() crs.Plane {
	west, east := int32(math.MaxInt32), int32(math.MinInt32)
	for i := range b.features {
		for _, polygon := range b.features[i].polygons {
			for _, p := range polygon[0] {
				west, east = min(west, p.X), max(east, p.X)
			}
		}
	}
	return crs.PlaneFor((float64(west) + float64(east)) / 2 / planar.Scale)
}
