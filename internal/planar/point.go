package planar

import "math"

// Scale is the number of lattice steps in one degree: a step is 1e-7 degree, about 1.1 cm.
const Scale = 10_000_000

// Point is a position on the lattice: X steps of longitude, Y steps of latitude.
type Point struct{ X, Y int32 }

// FromDegrees rounds a position in degrees to the nearest lattice point, halves away from zero.
func FromDegrees(lon, lat float64) Point {
	return Point{int32(math.Round(lon * Scale)), int32(math.Round(lat * Scale))}
}

// Degrees gives the position in degrees as k/1e7: the float64 nearest to the decimal that a person
// would write. (k·1e-7 differs from it in the last bit half of the time.)
func (p Point) Degrees() (lon, lat float64) {
	return float64(p.X) / Scale, float64(p.Y) / Scale
}

// Ring is a closed line, its last vertex joined to its first and not repeated.
type Ring []Point

// Polygon is a shell, counter-clockwise, and its holes, clockwise.
type Polygon []Ring

// Area2 is twice the signed area of the ring in square lattice steps: positive when counter-clockwise.
// The ring may span at most 2^30 steps (107 degrees), so that no product overflows.
func (r Ring) Area2() int64 {
	if len(r) < 3 {
		return 0
	}
	o := r[0]
	var sum int64
	for i := 1; i+1 < len(r); i++ {
		sum += int64(r[i].X-o.X)*int64(r[i+1].Y-o.Y) - int64(r[i+1].X-o.X)*int64(r[i].Y-o.Y)
	}
	return sum
}

// Reverse turns the ring round, in place.
func (r Ring) Reverse() {
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
}
