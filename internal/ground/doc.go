// Package ground turns streets, water, walls and buildings into blocks, the smallest pieces of ground a
// grid is made of.
//
// Features (feature.go) come in through the feature store, one row each, keyed by county and source id.
// MakeBlocks (make.go) is pure: features and division polygons in, a partition out, every block with its
// buildings, its people, and what runs along each of its borders. The block store writes them inside the
// transaction of a publication, because a block is born with a version.
//
// The way of the ground:
//
//	territory.go   all divisions' borders noded with each other and with what crosses them
//	settle.go      whose each piece between them is; overlaps and gaps
//	then community by community (community.go), several at once:
//	people.go      who lives in which building
//	cut.go         a building too big for a grid becomes parts; unit.go is either
//	floor.go       which street face a building stands on
//	nearest.go     the ground nearest to each outline, on delaunay.go
//	divide.go      borders between buildings, straightened; lane.go leads them along dead ends
//	arrange.go     everything noded together, and who owns each piece
//	join.go        pieces into blocks, slivers and strips into their neighbours, by regions.go
//	and together again:
//	stitch.go      every shared border gets the vertices of both sides
//	finish.go      what blocks border on, measures, and the proof that they are a partition
//
// Exactness doesn't rest on the geometry in between: whatever course a border is given, the arrangement is
// noded on the lattice, and its faces are dealt out. A wrong course makes an odd border, never a gap.
package ground
