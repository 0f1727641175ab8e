// Package layout keeps the grids of a county: which blocks make each of them, which code it bears, and
// what became of every grid that ever was.
//
// The one idea: a layout is an assignment of blocks to grids, and nothing else is ever decided. Polygons,
// figures, codes, lineage and the shapes for tiles are derived from the assignment in Publish, inside one
// transaction, so they can't contradict it.
//
// Plan makes a proposal for a division (its ground, drawn by the engine); Publish puts a proposal in place
// of what is live in the communities it covers, as a new version. What else must happen in the same
// transaction is handed in by the caller as functions.
package layout
