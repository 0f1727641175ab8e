package city

import (
	"math"
	"slices"
)

// axis is the direction in which a line of the plan runs.
type axis uint8

const (
	northward axis = iota // u is constant
	eastward              // v is constant
)

// side of a rectangle of the plan.
type side uint8

const (
	south side = iota
	east
	north
	west
)

// lineID names a line of the plan: its direction and its constant.
type lineID struct {
	axis axis
	at   float64
}

// point of the line at position s.
func (l lineID) point(s float64) vec {
	if l.axis == northward {
		return vec{l.at, s}
	}
	return vec{s, l.at}
}

// net holds, for every line of a plan, where something meets it. Whoever draws along a line takes these
// stations, so that all that lies along it has the same vertices there.
type net struct {
	marks    map[lineID][]float64
	stations map[lineID][]float64
	step     float64
	shape    func(vec) vec
}

func newNet(step float64, shape func(vec) vec) *net {
	return &net{map[lineID][]float64{}, map[lineID][]float64{}, step, shape}
}

// mark notes that something meets the line at s, and gives the mark to use: an older one when there is
// one within a metre and a half.
func (n *net) mark(l lineID, s float64) float64 {
	for _, m := range n.marks[l] {
		if math.Abs(m-s) < 1.5 {
			return m
		}
	}
	n.marks[l] = append(n.marks[l], s)
	return s
}

// corner notes an exact meeting point, which may not be moved.
func (n *net) corner(l lineID, s float64) {
	if !slices.Contains(n.marks[l], s) {
		n.marks[l] = append(n.marks[l], s)
	}
}

// corners notes the four corners of a rectangle on its four lines.
func (n *net) corners(r rect) {
	for _, u := range []float64{r.u0, r.u1} {
		n.corner(lineID{northward, u}, r.v0)
		n.corner(lineID{northward, u}, r.v1)
	}
	for _, v := range []float64{r.v0, r.v1} {
		n.corner(lineID{eastward, v}, r.u0)
		n.corner(lineID{eastward, v}, r.u1)
	}
}

// settle fixes the stations: every mark, and a shape point each step where no mark is near. Nothing may
// be marked afterwards.
func (n *net) settle() {
	for l, marks := range n.marks {
		marks = slices.Clone(marks)
		slices.Sort(marks)
		var out []float64
		for i, m := range marks {
			if i > 0 {
				from := marks[i-1]
				parts := math.Round((m - from) / n.step)
				for k := 1.0; k < parts; k++ {
					out = append(out, lerp(from, m, k/parts))
				}
			}
			out = append(out, m)
		}
		n.stations[l] = out
	}
}

// run is the line between two of its marks, in the real plane, in the direction from a to b.
func (n *net) run(l lineID, a, b float64) []vec {
	lo, hi := min(a, b), max(a, b)
	var out []vec
	for _, s := range n.stations[l] {
		if s >= lo && s <= hi {
			out = append(out, n.shape(l.point(s)))
		}
	}
	if a > b {
		slices.Reverse(out)
	}
	return out
}

// ring is the outline of a rectangle whose sides lie on lines of the net, counter-clockwise.
func (n *net) ring(r rect) []vec {
	var out []vec
	for _, part := range [][]vec{
		n.run(lineID{eastward, r.v0}, r.u0, r.u1),
		n.run(lineID{northward, r.u1}, r.v0, r.v1),
		n.run(lineID{eastward, r.v1}, r.u1, r.u0),
		n.run(lineID{northward, r.u0}, r.v1, r.v0),
	} {
		out = append(out, part[:len(part)-1]...)
	}
	return out
}

// line of one side of a rectangle, and its ends, in the direction of the axis.
func (r rect) side(s side) (l lineID, lo, hi float64) {
	switch s {
	case south:
		return lineID{eastward, r.v0}, r.u0, r.u1
	case north:
		return lineID{eastward, r.v1}, r.u0, r.u1
	case west:
		return lineID{northward, r.u0}, r.v0, r.v1
	default:
		return lineID{northward, r.u1}, r.v0, r.v1
	}
}

// nearest is the station of the line nearest to s.
func (n *net) nearest(l lineID, s float64) float64 {
	best := s
	gap := math.Inf(1)
	for _, m := range n.stations[l] {
		if d := math.Abs(m - s); d < gap {
			best, gap = m, d
		}
	}
	return best
}
