package locate

import (
	"math"
	"slices"

	"jingwei/internal/planar"
)

// Near gives the grids other than own that come within so many metres of a point, the nearest first, and appends them to out. It looks at
// the borders between grids about the point, in a plane that touches the ellipsoid there: to a millimetre in a hundred metres.
func (x *Index) Near(p planar.Point, own int64, metres float64, out []Nearby) []Nearby {
	if len(x.cells) == 0 || !(metres > 0) {
		return out
	}
	mx, my := stepMetres(p)
	wide, tall := int64(metres/mx)+1, int64(metres/my)+1
	from := len(out)
	c0, c1 := x.fenced.span(int64(p.X)-x.fenced.x0, wide, x.fenced.cols)
	r0, r1 := x.fenced.span(int64(p.Y)-x.fenced.y0, tall, x.fenced.rows)
	for r := r0; r <= r1 && c0 <= c1; r++ {
		first, last := x.fences.begin[r*x.fenced.cols+c0], x.fences.begin[r*x.fenced.cols+c1+1]
		for i := first; i < last; i++ {
			e := &x.fences.edges[i]
			if px, py := int64(p.X), int64(p.Y); int64(e.ax)-wide > px || int64(e.bx)+wide < px || int64(min(e.ay, e.by))-tall > py || int64(max(e.ay, e.by))+tall < py {
				continue
			}
			d := e.distance(p, mx, my)
			if d > metres {
				continue
			}
			for _, face := range [2]int32{e.left, e.right} {
				if g := x.places[face].Grid; g != 0 && g != own {
					out = keepNearest(out, from, g, d)
				}
			}
		}
	}
	slices.SortFunc(out[from:], func(a, b Nearby) int {
		switch {
		case a.Metres != b.Metres && a.Metres < b.Metres, a.Metres == b.Metres && a.Grid < b.Grid:
			return -1
		}
		return 1
	})
	return out
}

// span gives the first and the last of n columns or rows that lie within so many steps of a place; none when the last is before the first.
func (g *grid) span(at, steps, n int64) (first, last int64) {
	return max(0, (at-steps)>>g.shift), min(n-1, (at+steps)>>g.shift)
}

func keepNearest(out []Nearby, from int, grid int64, metres float64) []Nearby {
	for i := from; i < len(out); i++ {
		if out[i].Grid == grid {
			out[i].Metres = min(out[i].Metres, metres)
			return out
		}
	}
	return append(out, Nearby{grid, metres})
}

// distance from a point to an edge, in metres.
func (e *edge) distance(p planar.Point, mx, my float64) float64 {
	ax, ay := float64(int64(e.ax)-int64(p.X))*mx, float64(int64(e.ay)-int64(p.Y))*my
	dx, dy := float64(int64(e.bx)-int64(e.ax))*mx, float64(int64(e.by)-int64(e.ay))*my
	t := 0.0
	if long := dx*dx + dy*dy; long > 0 {
		t = min(1, max(0, -(ax*dx+ay*dy)/long))
	}
	return math.Hypot(ax+t*dx, ay+t*dy)
}

// stepMetres is how long a lattice step is at a point, eastward and northward, on the ellipsoid of CGCS2000 (GB/T 22021: a = 6378137 m,
// 1/f = 298.257222101): N·cos φ and M.
func stepMetres(p planar.Point) (mx, my float64) {
	const a, f = 6378137, 1 / 298.257222101
	const e2 = f * (2 - f)
	step := math.Pi / 180 / planar.Scale
	sin, cos := math.Sincos(float64(p.Y) * step)
	w := math.Sqrt(1 - e2*sin*sin)
	return a / w * cos * step, a * (1 - e2) / (w * w * w) * step
}
