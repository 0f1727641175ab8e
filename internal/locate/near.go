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
	look := circle{p, own, metres, mx, my, int64(metres/mx) + 1, int64(metres/my) + 1}
	from := len(out)
	out = x.search(x.top, &look, out, from)
	slices.SortFunc(out[from:], func(a, b Nearby) int {
		switch {
		case a.Metres != b.Metres && a.Metres < b.Metres, a.Metres == b.Metres && a.Grid < b.Grid:
			return -1
		}
		return 1
	})
	return out
}

// circle is what is looked for around a point.
type circle struct {
	p          planar.Point
	own        int64
	metres     float64
	mx, my     float64 // metres a step
	wide, tall int64   // the radius in steps, rounded up
}

// search looks through the cells of a grid that come near the circle.
func (x *Index) search(g grid, look *circle, out []Nearby, from int) []Nearby {
	c0, c1 := g.span(int64(look.p.X)-g.x0, look.wide, g.cols)
	r0, r1 := g.span(int64(look.p.Y)-g.y0, look.tall, g.rows)
	for r := r0; r <= r1; r++ {
		for c := c0; c <= c1; c++ {
			switch at := x.cells[g.first+int(r*g.cols+c)]; at & kind {
			case divided:
				k := uint8(at >> fineness & 15)
				out = x.search(grid{g.x0 + c<<g.shift, g.y0 + r<<g.shift, 1 << k, 1 << k, g.shift - k, int(at & (most - 1))}, look, out, from)
			case listed:
				i := int(at &^ kind)
				list := x.lists[i+2 : i+2+int(x.lists[i])*edgeInts]
				for i := 0; i+edgeInts <= len(list); i += edgeInts {
					e := edgeAt(list, i)
					out = x.meet(&e, look, out, from)
				}
			}
		}
	}
	return out
}

// meet adds the grids on both sides of an edge that comes into the circle.
func (x *Index) meet(e *edge, look *circle, out []Nearby, from int) []Nearby {
	left, right := x.places[e.left].Grid, x.places[e.right].Grid
	if left == right {
		return out
	}
	d := e.distance(look.p, look.mx, look.my)
	if d > look.metres {
		return out
	}
	for _, g := range [2]int64{left, right} {
		if g != 0 && g != look.own {
			out = keepNearest(out, from, g, d)
		}
	}
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
