package bench

import (
	"math/rand/v2"

	"jingwei/internal/planar"
)

// cells makes six-sided cells of uneven shape in rows, like bricks in a wall, about 60 m wide, near 116.3° E
// 40° N. Two neighbours hold the very same vertices. Beside each cell stands which patch it is in: patches are
// rectangles of wide × high cells. more vertices are put into each side.
func cells(columns, rows, wide, high, more int) ([]planar.Polygon, []int32) {
	const step = 3600 // half a cell's width: its corners are two of these apart, and one row
	corner := planar.FromDegrees(116.3, 40)
	random := rand.New(rand.NewPCG(1, 2))
	across := 2*columns + 2
	jitter := make([]planar.Point, across*(rows+1))
	for i := range jitter {
		jitter[i] = planar.Point{X: random.Int32N(step/2) - step/4, Y: random.Int32N(step) - step/2}
	}
	at := func(i, j int) planar.Point {
		q := jitter[j*across+i]
		return planar.Point{X: corner.X + int32(i)*step + q.X, Y: corner.Y + int32(j)*2*step + q.Y}
	}
	polygons := make([]planar.Polygon, 0, columns*rows)
	patch := make([]int32, 0, columns*rows)
	inRow := (columns + wide - 1) / wide
	for j := range rows {
		for i := range columns {
			x := 2*i + j%2
			corners := []planar.Point{at(x, j), at(x+1, j), at(x+2, j), at(x+2, j+1), at(x+1, j+1), at(x, j+1)}
			var ring planar.Ring
			for k, a := range corners {
				ring = append(ring, a)
				ring = append(ring, between(a, corners[(k+1)%len(corners)], more)...)
			}
			polygons = append(polygons, planar.Polygon{ring})
			patch = append(patch, int32(j/high*inRow+i/wide))
		}
	}
	return polygons, patch
}

// between gives the lattice points that divide a side, the same ones from both of its ends.
func between(a, b planar.Point, n int) []planar.Point {
	if b.Less(a) {
		out := between(b, a, n)
		for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
		return out
	}
	out := make([]planar.Point, n)
	for i := range out {
		k, m := int64(i+1), int64(n+1)
		out[i] = planar.Point{X: a.X + int32(int64(b.X-a.X)*k/m), Y: a.Y + int32(int64(b.Y-a.Y)*k/m)}
	}
	return out
}
