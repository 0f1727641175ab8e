// Package tile renders vector tiles (MVT 2.1) from the live tables, keeps them in memory, and drops exactly
// those that a change touches.
//
// The one idea: a vertex of the ground is a lattice point, and where it comes to lie in a tile is a pure
// function of that point alone (project.go). So a border that two neighbours share on the lattice they share
// in the tile, as long as nothing looks at one of them without the other: clipping treats an edge alike in
// both directions (clip.go), and shapes for low zooms come simplified an arc at a time from where they were
// published, never from here.
//
// Tiles hold no personal data and no count of people for a block or a building.
package tile
