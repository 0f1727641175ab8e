package heatmap

import (
	"testing"

	"github.com/uber/h3-go/v4"
	"pgregory.net/rapid"
)

func somePoints(t *rapid.T) []Point {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Point {
		return Point{
			Lon:    rapid.Float64Range(116.2, 116.4).Draw(t, "lon"),
			Lat:    rapid.Float64Range(39.9, 40.1).Draw(t, "lat"),
			Weight: rapid.IntRange(0, 200).Draw(t, "weight"),
		}
	}), 0, 60).Draw(t, "points")
}

func TestCellsKeepEverybodyAtEachResolution(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := somePoints(t)
		total := 0
		for _, p := range points {
			total += p.Weight
		}
		sums := map[int]int{}
		for _, c := range Cells(points, Resolutions) {
			if got := h3.Cell(c.ID).Resolution(); got != c.Resolution || !h3.Cell(c.ID).IsValid() {
				t.Fatalf("cell %x: resolution %d, said to be %d", c.ID, got, c.Resolution)
			}
			if c.Weight <= 0 {
				t.Fatalf("cell %x holds %d", c.ID, c.Weight)
			}
			sums[c.Resolution] += c.Weight
		}
		for _, r := range Resolutions {
			if sums[r] != total {
				t.Fatalf("resolution %d holds %d of %d people", r, sums[r], total)
			}
		}
	})
}

func TestAncestorIsH3sParent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, 15).Draw(t, "from")
		to := rapid.IntRange(0, from).Draw(t, "to")
		c := h3.LatLngToCell(h3.LatLng{Lat: rapid.Float64Range(-85, 85).Draw(t, "lat"), Lng: rapid.Float64Range(-180, 180).Draw(t, "lon")}, from)
		if got, want := ancestor(c, from, to), c.Parent(to); got != want {
			t.Fatalf("parent of %v at %d is %v, want %v", c, to, got, want)
		}
	})
}

func TestSmallCellsAreNotShown(t *testing.T) {
	cells := []Cell{{1, 9, 9}, {2, 9, 10}, {3, 9, 0}, {4, 9, 11}}
	shown := Shown(cells)
	if len(shown) != 2 || shown[0].ID != 2 || shown[1].ID != 4 {
		t.Errorf("shown: %v, want the cells of 10 and 11", shown)
	}
	if cells[1].ID != 2 || cells[0].ID != 1 {
		t.Error("the caller's cells were changed")
	}
}

// Every edge of a patch of cells but its rim must be there once in each direction, in the same lattice points.
func TestNeighboursShareTheirEdges(t *testing.T) {
	for r := 5; r <= 11; r++ {
		middle := h3.LatLngToCell(h3.LatLng{Lat: 40.003, Lng: 116.326}, r)
		edges := map[[4]int32]int{}
		inner := map[[4]int32]bool{}
		for ring, cells := range h3.GridDiskDistances(middle, 6) {
			for _, c := range cells {
				outline := Boundary(int64(c))
				for i, a := range outline {
					b := outline[(i+1)%len(outline)]
					edges[[4]int32{a.X, a.Y, b.X, b.Y}]++
					if ring < 6 {
						inner[[4]int32{a.X, a.Y, b.X, b.Y}] = true
					}
				}
			}
		}
		for e := range inner {
			if edges[e] != 1 || edges[[4]int32{e[2], e[3], e[0], e[1]}] != 1 {
				t.Errorf("resolution %d: edge %v is used %d times, back %d times", r, e, edges[e], edges[[4]int32{e[2], e[3], e[0], e[1]}])
			}
		}
	}
}

func TestCoveringHoldsEveryCellOfTheRectangle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, s := rapid.Float64Range(100, 120).Draw(t, "west"), rapid.Float64Range(20, 45).Draw(t, "south")
		size := rapid.Float64Range(0.001, 0.05).Draw(t, "size")
		r := rapid.IntRange(7, 10).Draw(t, "resolution")
		found := map[int64]bool{}
		for _, c := range Covering(w, s, w+size, s+size, r) {
			found[c] = true
		}
		for range 20 {
			at := h3.LatLng{Lat: s + size*rapid.Float64Range(0, 1).Draw(t, "y"), Lng: w + size*rapid.Float64Range(0, 1).Draw(t, "x")}
			if c := h3.LatLngToCell(at, r); !found[int64(c)] {
				t.Fatalf("cell %v at %v is missing", c, at)
			}
		}
	})
}
