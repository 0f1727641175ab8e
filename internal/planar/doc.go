// Package planar is the exact polygon coverage: ground cut into faces that share their borders to the
// last bit. Every vertex is a pair of int32 on a lattice of 1e-7 degree, every predicate is computed in
// integers, and so nothing in here has a tolerance: two faces that share a border hold the very same
// vertices along it, and a coverage either is a partition or Check names the edge where it isn't.
//
// The one idea: a coverage is a set of arcs. An arc is a polyline between two nodes that knows the face
// on its left and the face on its right. Dissolving drops arcs, simplifying thins an arc with its ends
// fixed, cutting adds arcs; polygons are only read off at the end, and therefore can't drift apart.
//
// Lines become edges by Node, edges a coverage by Polygonise; polygons that share their vertices by Build, polygons
// that don't by OverlayFaces. A Coverage gives its Polygons, Borders, Neighbours, areas and Measures, and other coverages
// by Dissolve, Cut and Simplify. Check and MakeValid are for polygons from elsewhere; a FaceLocator, InteriorPoint and
// PoleOfInaccessibility for places.
//
// The package is pure: no database, no clock, no projection. Lengths and areas in metres are the
// caller's: it hands in a function of two points.
package planar
