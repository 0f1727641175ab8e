// Package heatmap bins people into H3 cells (hexagons of a world-wide hierarchy) and says which cells may be shown.
//
// The package is pure. A cell is a number; its resolution is part of it. Calls into H3 cross into C and take
// microseconds each, so points are looked up once, at the finest resolution asked for, and the coarser cells
// are sums of the finer ones' parents.
package heatmap
