// Package ground turns streets, water, walls and buildings into blocks, the smallest pieces of ground a
// grid is made of.
//
// Features (feature.go) come in through the feature store, one row each, keyed by county and source id.
// MakeBlocks is pure: features and division polygons in, a partition out, every block with its buildings,
// its people, and what runs along each of its borders. The block store writes them inside the
// transaction of a publication, because a block is born with a version.
package ground
