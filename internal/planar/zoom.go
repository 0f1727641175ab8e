package planar

// ZoomTolerance is how far a border may move when it is drawn at a zoom of a web map, in lattice steps: two
// of the 4096 units across a tile, a quarter of a pixel on a screen.
func ZoomTolerance(zoom int) float64 {
	const units, across = 2, 4096
	return units * 360 * Scale / float64(int64(across)<<zoom)
}
