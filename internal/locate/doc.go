// Package locate answers which block and which grid hold a point, in memory and exactly: tens of nanoseconds a point, no allocation.
//
// Its one idea: square cells over the ground, about one for each stretch of border between two lattice points. A cell knows the block
// at its lower left corner and the stretches that pass through it. From a point one looks straight down: the first stretch met within the
// cell has the point's block above it; where there is none, the cell's lower side is reached, and the last stretch that
// crosses that side to the left of the point has the block on its right, or, where none does, it is the block of the corner. Cells are divided by
// lines halfway between lattice points, so that no vertex lies on one, and everything is compared in whole numbers.
//
// It is pure: who calls it reads the borders of the live layout and makes a new Index when another is published (Live).
package locate

import "jingwei/internal/planar"

// Border is a stretch of border: a line with one block on its left and one on its right all along, by their ids; 0 where nothing of the
// county's ground lies.
type Border struct {
	Left, Right int64
	Points      []planar.Point
}

// Place is where a point lies.
type Place struct {
	Block int64 // its id
	Grid  int64 // its code; 0 when the block is in no grid
}

// Nearby is a grid close to a point.
type Nearby struct {
	Grid   int64
	Metres float64
}
