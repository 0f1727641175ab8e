package ingest

import (
	"testing"

	"pgregory.net/rapid"

	"jingwei/internal/planar"
)

// What a coverage gives as the polygons of a face is read back as it is: nothing about it is mended.
func TestFacesAreReadAsTheyAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns, rows := rapid.IntRange(2, 7).Draw(t, "columns"), rapid.IntRange(2, 7).Draw(t, "rows")
		// The corners of squares, pulled about by less than half a side, so that not all lie on lines and no two sides cross.
		corner := make([]planar.Point, (columns+1)*(rows+1))
		for i := range corner {
			corner[i] = planar.Point{X: int32(i%(columns+1))*100 + rapid.Int32Range(-40, 40).Draw(t, "dx"), Y: int32(i/(columns+1))*100 + rapid.Int32Range(-40, 40).Draw(t, "dy")}
		}
		var blocks []planar.Polygon
		var label []int32
		for y := range rows {
			for x := range columns {
				a := y*(columns+1) + x
				blocks = append(blocks, planar.Polygon{{corner[a], corner[a+1], corner[a+columns+2], corner[a+columns+1]}})
				label = append(label, rapid.Int32Range(0, 3).Draw(t, "grid"))
			}
		}
		coverage, err := planar.Build(blocks)
		if err != nil {
			t.Fatal(err)
		}
		grids := coverage.Dissolve(label)
		for g := range int32(len(grids.Faces)) {
			polygons := grids.Polygons(g)
			var rings [][]planar.Ring
			for _, p := range polygons {
				rings = append(rings, p)
			}
			if _, did := makeArea(rings); did != 0 {
				t.Fatalf("grid %d is mended (%d): %v", g, did, polygons)
			}
		}
	})
}
