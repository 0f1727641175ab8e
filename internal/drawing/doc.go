// Package drawing is the engine that cuts communities into grids: blocks in, a grid for every block out.
//
// Draw takes a Problem (blocks with their weight and their moments, borders with their length and what
// runs along them, the community of every block) and gives an assignment in which every grid is connected
// and lies in one community, with as many grids as possible within target × (1 ± tolerance), compact, and
// with their borders along streets and other barriers. What can't be had is said in the Report, with the
// arithmetic.
//
// The road is: parts (connected pieces of a community, part.go) → how many grids (band.go) → blocks joined to larger pieces
// (coarse.go) → seeds and growth (grow.go) → annealing, of larger pieces first and of single blocks in the end, the bound soft at first
// (anneal.go, state.go, connect.go) → what is still out of band looked for among the partitions of spanning trees (treecut.go, inband.go) → a few
// neighbouring grids taken together and cut afresh (mend.go) → the rest looked for among all ways of sharing out the inhabited blocks (shareout.go). Parts are independent of each other and run in
// parallel; of a small part several attempts are made, and where all of a county left it too few moves, it is tried again (again.go). Measure computes all figures again from the definitions,
// and looks into whether what is out of band could be in it (feasible.go, possible.go, neck.go).
//
// A planner's wishes are put in terms of a smaller problem first (task.go): special ground becomes grids of its own
// (special.go), blocks that belong together become one (together.go). Where there are grids already, Draw doesn't
// begin afresh but brings back into band what isn't, with few people moved, around what is held fixed (redraw.go, settle.go).
//
// On an existing assignment work Split, Recut, Merge and Rebalance (edit.go), which change chosen grids only, and MicroGrids
// (micro.go), which cuts every grid into micro-grids with the same engine. Alternatives (alternatives.go) makes several
// drawings that differ; Workload (workload.go) makes weights of counts.
//
// The package is pure: no database, no clock of its own but the time limit, no projection. The same problem,
// options and seed give the same grids on any number of cores, because work is counted in moves and not in
// seconds (options.go).
package drawing
