package heatmap

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/uber/h3-go/v4"

	"jingwei/internal/planar"
)

// Fewest is the least number of people a cell must hold to be shown: a smaller one could tell of a single household.
const Fewest = 10

// MaxResolution is H3's finest.
const MaxResolution = 15

// Point is a place in degrees (WGS 84) with the people at it.
type Point struct {
	Lon, Lat float64
	Weight   int
}

// Cell is an H3 cell with the people in it.
type Cell struct {
	ID         int64
	Resolution int
	Weight     int
}

// ResolutionAt is the resolution to show at a zoom: cells of 8 to 30 pixels. It stops at 10 (cells of 1.5
// hectares), because a finer cell would be a building, whose count nobody may see in a tile.
func ResolutionAt(zoom int) int {
	switch {
	case zoom <= 9:
		return 7
	case zoom <= 11:
		return 8
	case zoom <= 13:
		return 9
	}
	return 10
}

// Resolutions are all that ResolutionAt gives, the coarsest first.
var Resolutions = []int{7, 8, 9, 10}

// Cells sums the points into cells at each of the resolutions. The finest is looked up, a coarser cell is the
// sum of its children at the finest: H3's cells don't nest exactly, and this way the sums do. The cells come by
// resolution and id, those without people left out. It panics for a resolution that H3 doesn't have.
func Cells(points []Point, resolutions []int) []Cell {
	if len(resolutions) == 0 {
		return nil
	}
	for _, r := range resolutions {
		if r < 0 || r > MaxResolution {
			panic(fmt.Sprintf("heatmap: H3 has no resolution %d", r))
		}
	}
	finest := slices.Max(resolutions)
	sums := make(map[h3.Cell]int, len(points)/4)
	for _, p := range points {
		if p.Weight != 0 {
			sums[h3.LatLngToCell(h3.LatLng{Lat: p.Lat, Lng: p.Lon}, finest)] += p.Weight
		}
	}
	var out []Cell
	for _, r := range slices.Compact(slices.Sorted(slices.Values(resolutions))) {
		level := make(map[h3.Cell]int)
		for c, w := range sums {
			if w != 0 {
				level[ancestor(c, finest, r)] += w
			}
		}
		for c, w := range level {
			out = append(out, Cell{int64(c), r, w})
		}
	}
	slices.SortFunc(out, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Resolution, b.Resolution), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// ancestor is the cell's ancestor at a coarser resolution, by H3's bit layout (h3geo.org, "H3 index"): four
// bits of resolution from bit 52, then three bits a digit, those below the resolution all ones. Saves a call into C.
func ancestor(c h3.Cell, from, to int) h3.Cell {
	id := uint64(c)&^(0xf<<52) | uint64(to)<<52
	for r := to + 1; r <= from; r++ {
		id |= 7 << (3 * (MaxResolution - r))
	}
	return h3.Cell(id)
}

// Shown leaves out the cells of fewer than Fewest people.
func Shown(cells []Cell) []Cell {
	return slices.DeleteFunc(slices.Clone(cells), func(c Cell) bool { return c.Weight < Fewest })
}

// Boundary is the cell's outline on the lattice, counter-clockwise. H3 computes it cell by cell, so two
// neighbours differ in the last bits of a vertex they share; on the lattice they are the same.
func Boundary(id int64) planar.Ring {
	boundary := h3.CellToBoundary(h3.Cell(id))
	out := make(planar.Ring, len(boundary))
	for i, v := range boundary {
		out[i] = planar.FromDegrees(v.Lng, v.Lat)
	}
	if out.Area2() < 0 {
		out.Reverse()
	}
	return out
}

// Square is the cell's area in square metres.
func Square(id int64) float64 { return h3.CellAreaM2(h3.Cell(id)) }

// Covering gives all cells of a resolution that may touch a rectangle in degrees, and some around it.
func Covering(west, south, east, north float64, resolution int) []int64 {
	// Cells are found by their centres: one that reaches in has its centre within an edge's length and a bit.
	margin := h3.HexagonEdgeLengthAvgM(resolution) * 1.6
	dLat := margin / 110_500
	dLon := dLat / max(0.01, math.Cos(max(math.Abs(south), math.Abs(north))*math.Pi/180))
	loop := h3.GeoLoop{
		{Lat: south - dLat, Lng: west - dLon}, {Lat: south - dLat, Lng: east + dLon},
		{Lat: north + dLat, Lng: east + dLon}, {Lat: north + dLat, Lng: west - dLon},
	}
	cells := h3.PolygonToCells(h3.GeoPolygon{GeoLoop: loop}, resolution)
	out := make([]int64, len(cells))
	for i, c := range cells {
		out[i] = int64(c)
	}
	return out
}
