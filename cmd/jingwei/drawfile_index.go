package main

import (
	"math"
	"slices"

	"jingwei/internal/planar"
)

// position is a point between lattice points, in steps.
type position struct{ x, y float64 }

// inside is a point well inside a polygon: the middle of its widest stretch along a line half-way up.
func inside(polygon planar.Polygon) position {
	var best position
	widest := -1.0
	for _, y := range levels(polygon) {
		var at []float64
		for _, ring := range polygon {
			a := ring[len(ring)-1]
			for _, b := range ring {
				if (float64(a.Y) > y) != (float64(b.Y) > y) {
					at = append(at, float64(a.X)+(y-float64(a.Y))/(float64(b.Y)-float64(a.Y))*(float64(b.X)-float64(a.X)))
				}
				a = b
			}
		}
		slices.Sort(at)
		for i := 0; i+1 < len(at); i += 2 {
			if w := at[i+1] - at[i]; w > widest {
				widest, best = w, position{(at[i] + at[i+1]) / 2, y}
			}
		}
	}
	return best
}

// levels are heights between vertices, three of them, away from every vertex so that a line at that height crosses edges
// properly.
func levels(polygon planar.Polygon) []float64 {
	var ys []int32
	for _, p := range polygon[0] {
		ys = append(ys, p.Y)
	}
	slices.Sort(ys)
	ys = slices.Compact(ys)
	if len(ys) < 2 {
		return []float64{float64(ys[0])}
	}
	widest := 0
	for i := range len(ys) - 1 {
		if ys[i+1]-ys[i] > ys[widest+1]-ys[widest] {
			widest = i
		}
	}
	middle := (len(ys) - 2) / 2
	between := func(i int) float64 { return (float64(ys[i]) + float64(ys[i+1])) / 2 }
	return []float64{between(widest), between(middle)}
}

// polygonIndex finds the blocks whose polygons, as the file has them, cover a position.
type polygonIndex struct {
	file       *blockFile
	boxes      []box
	west       float64
	south      float64
	cell       float64
	cols, rows int
	in         [][]int32
	found      []int32
}

type box struct{ west, south, east, north float64 }

func newPolygonIndex(file *blockFile) *polygonIndex {
	x := &polygonIndex{file: file, boxes: make([]box, len(file.features))}
	all := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for i := range file.features {
		b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
		for _, polygon := range file.features[i].polygons {
			for _, p := range polygon[0] {
				b = box{min(b.west, float64(p.X)), min(b.south, float64(p.Y)), max(b.east, float64(p.X)), max(b.north, float64(p.Y))}
			}
		}
		x.boxes[i] = b
		all = box{min(all.west, b.west), min(all.south, b.south), max(all.east, b.east), max(all.north, b.north)}
	}
	width, height := all.east-all.west+1, all.north-all.south+1
	x.west, x.south = all.west, all.south
	x.cell = math.Sqrt(width * height / float64(len(x.boxes)))
	x.cell = max(x.cell, width/4096, height/4096)
	x.cols, x.rows = int(width/x.cell)+1, int(height/x.cell)+1
	x.in = make([][]int32, x.cols*x.rows)
	for i, b := range x.boxes {
		for row := x.at(b.south - x.south); row <= x.at(b.north-x.south); row++ {
			for col := x.at(b.west - x.west); col <= x.at(b.east-x.west); col++ {
				x.in[row*x.cols+col] = append(x.in[row*x.cols+col], int32(i))
			}
		}
	}
	return x
}

func (x *polygonIndex) at(offset float64) int { return int(offset / x.cell) }

// covering gives the blocks that cover a position, in the order of the file; good until the next call.
func (x *polygonIndex) covering(p position) []int32 {
	x.found = x.found[:0]
	col, row := x.at(p.x-x.west), x.at(p.y-x.south)
	if p.x < x.west || p.y < x.south || col >= x.cols || row >= x.rows {
		return nil
	}
	for _, i := range x.in[row*x.cols+col] {
		b := &x.boxes[i]
		if p.x < b.west || p.x > b.east || p.y < b.south || p.y > b.north {
			continue
		}
		if covers(x.file.features[i].polygons, p) {
			x.found = append(x.found, i)
		}
	}
	return x.found
}

// covers says whether a ray from p crosses the rings of some part an odd number of times, whichever way they run.
func covers(polygons []planar.Polygon, p position) bool {
	for _, polygon := range polygons {
		odd := false
		for _, ring := range polygon {
			a := ring[len(ring)-1]
			for _, b := range ring {
				ay, by := float64(a.Y), float64(b.Y)
				if (ay > p.y) != (by > p.y) && p.x < float64(a.X)+(p.y-ay)/(by-ay)*(float64(b.X)-float64(a.X)) {
					odd = !odd
				}
				a = b
			}
		}
		if odd {
			return true
		}
	}
	return false
}
