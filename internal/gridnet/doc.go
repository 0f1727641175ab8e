// Package gridnet lays an existing grid map over the ground: polygons with codes and names, with all the overlaps and gaps that
// hand-drawn maps have, over a partition of blocks.
//
//	Resolve    one net: what is wrong with it, and which block goes to which grid
//	Reconcile  several nets (综治, 城管, 警务, 创城) into one, with a crosswalk table (四网合一)
//
// A polygon is never cut to measure. A block goes whole to the polygon that holds most of its people, by the buildings they live in where those
// are known and by area where nobody lives, and the polygons of the result are the blocks' (internal/layout). So whatever a file holds, what
// comes of it is a partition. What isn't clear is settled for the moment and listed as a decision, with its candidates.
//
// The room knows no files and no database: internal/exchange brings both.
package gridnet
