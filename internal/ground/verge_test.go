package ground

import (
	"math"
	"testing"
)

// Four compounds behind walls, a street between each two: the ground between the walls belongs to the
// buildings behind them, up to the middle of the street, and is no web of its own.
func TestAVergeBelongsToWhatStandsBehindTheWall(t *testing.T) {
	in := sole(-1)
	in.Features.Lines = []Line{
		line(Street, "东西街", at(-10, 100), at(210, 100)), line(Street, "南北街", at(100, -10), at(100, 210)),
	}
	for i, c := range [][2]float64{{50, 50}, {150, 50}, {50, 150}, {150, 150}} {
		x, y := c[0], c[1]
		in.Features.Lines = append(in.Features.Lines, line(Wall, "",
			at(x-37, y-37), at(x+37, y-37), at(x+37, y+37), at(x-37, y+37), at(x-37, y-37)))
		in.Features.Buildings = append(in.Features.Buildings,
			building(2*i+1, "residential", 50, rectangle(x, y-18, 60, 12, 0)),
			building(2*i+2, "residential", 50, rectangle(x, y+18, 60, 12, 0)))
	}
	g := mustMake(t, in)
	if len(g.Blocks) != 8 {
		t.Errorf("%d blocks, want one a building", len(g.Blocks))
	}
	share := g.Territories[0].Report.Area / 8
	for i, b := range g.Blocks {
		if len(b.Parts) != 1 || math.Abs(b.Shape.Area-share) > share/10 {
			t.Errorf("block %d holds %d buildings on %.0f m², want one on %.0f", i, len(b.Parts), b.Shape.Area, share)
		}
	}
	for _, e := range g.Borders {
		if e.B >= 0 && e.Barrier == Wall {
			t.Errorf("a border of %.0f m runs along a wall instead of in the street", e.Length)
		}
	}
	checkAreas(t, g)
}

// A yard behind walls that no street touches stays what it is.
func TestAYardIsNoVerge(t *testing.T) {
	in := sole(-1)
	in.Features.Lines = []Line{
		line(Wall, "", at(80, 10), at(80, 190), at(110, 190), at(110, 10), at(80, 10)),
	}
	in.Features.Buildings = []Building{
		building(1, "residential", 50, rectangle(40, 100, 30, 100, 0)), building(2, "residential", 50, rectangle(150, 100, 30, 100, 0)),
	}
	if g := mustMake(t, in); len(g.Blocks) != 3 {
		t.Errorf("%d blocks, want the yard and the two buildings' grounds", len(g.Blocks))
	}
}
