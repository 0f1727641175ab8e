package drawing

import (
	"math"

	"jingwei/internal/crs"
	"jingwei/internal/planar"
)

// FromCoverage makes a problem of a coverage: a block for every face, in the same order, with its weight and
// its community (an index of names), and a border for every two faces that share arcs. barrier says how strong a
// border of that mark is: 0 for nothing along it, up to 1. Lengths and areas are those of the plane.
func FromCoverage(cov *planar.Coverage, weights []int64, within []int32, names []string, plane crs.Plane, barrier func(mark uint32) float64) *Problem {
	p := &Problem{Blocks: make([]Block, len(cov.Faces)), Within: names}
	arcs := make([][]vector, len(cov.Arcs))
	lengths := make([]float64, len(cov.Arcs))
	for i := range cov.Arcs {
		arcs[i] = project(cov.Arcs[i].Points, plane)
		lengths[i] = lengthOf(arcs[i])
	}
	sums := make([]outline, len(cov.Faces))
	for i := range cov.Arcs {
		a := &cov.Arcs[i]
		if a.Left == a.Right {
			continue
		}
		for side, face := range [2]int32{a.Left, a.Right} {
			if face < 0 {
				continue
			}
			sums[face].trace(arcs[i], 1-2*float64(side))
			if other := a.Left + a.Right - face; other < 0 {
				p.Blocks[face].Outer += lengths[i]
			}
		}
	}
	for i := range p.Blocks {
		b := &p.Blocks[i]
		b.Weight, b.Within = weights[i], within[i]
		b.Area, b.Cx, b.Cy, b.Second = sums[i].close()
	}
	for _, border := range cov.Borders() {
		e := Border{A: border.A, B: border.B}
		for _, i := range border.Arcs {
			e.Length += lengths[i]
			if strength := barrier(cov.Arcs[i].Mark); strength > 0 {
				e.Along += lengths[i]
				e.Strength += lengths[i] * strength
			}
		}
		p.Borders = append(p.Borders, e)
	}
	return p
}

type vector struct{ x, y float64 }

func project(points []planar.Point, plane crs.Plane) []vector {
	out := make([]vector, len(points))
	for i, pt := range points {
		lon, lat := pt.Degrees()
		out[i].x, out[i].y = plane.Forward(lon, lat)
	}
	return out
}

func lengthOf(line []vector) (sum float64) {
	for i := 1; i < len(line); i++ {
		sum += math.Hypot(line[i].x-line[i-1].x, line[i].y-line[i-1].y)
	}
	return sum
}

// outline adds up the moments of a face along its border, about a vertex of its own, so that nothing large
// is subtracted from something large: Green's theorem, segment by segment, in any order.
type outline struct {
	origin       vector
	begun        bool
	a, mx, my, q float64
}

func (o *outline) trace(line []vector, sign float64) {
	if !o.begun {
		o.origin, o.begun = line[0], true
	}
	for i := 1; i < len(line); i++ {
		ax, ay := line[i-1].x-o.origin.x, line[i-1].y-o.origin.y
		bx, by := line[i].x-o.origin.x, line[i].y-o.origin.y
		cross := sign * (ax*by - bx*ay)
		o.a += cross / 2
		o.mx += (ax + bx) * cross / 6
		o.my += (ay + by) * cross / 6
		o.q += cross * (ax*ax + ax*bx + bx*bx + ay*ay + ay*by + by*by) / 12
	}
}

// close gives area, centroid and the second moment about it. A plane whose first axis points north runs
// faces the other way round; that changes all signs at once.
func (o *outline) close() (area, cx, cy, second float64) {
	if o.a < 0 {
		o.a, o.mx, o.my, o.q = -o.a, -o.mx, -o.my, -o.q
	}
	if o.a == 0 {
		return 0, o.origin.x, o.origin.y, 0
	}
	x, y := o.mx/o.a, o.my/o.a
	return o.a, o.origin.x + x, o.origin.y + y, max(0, o.q-o.a*(x*x+y*y))
}
