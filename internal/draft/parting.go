package draft

import (
	"math"

	"jingwei/internal/planar"
)

// alongLine is how far, in metres, a border may lie from a line that somebody drew and still be one that the line follows: a street is drawn along by hand.
const alongLine = 20.0

// parted says which of some blocks lie left of a line and which right of it. Beyond its ends a line parts nothing: where a border between the two sides lies away from it,
// the ground on either side hangs together, as on the far side of a ring that was cut open in one place, and goes to one of them. A line that leaves everything in one piece
// gives an empty side.
func (s *step) parted(blocks []int32, line []planar.Point) (left, right []int32) {
	onLeft := make(map[int32]bool, len(blocks))
	for _, i := range blocks {
		onLeft[i] = leftOf(line, s.inside(i))
	}
	up := make(map[int32]int32, len(blocks)) // block → another of its part; a root is its own
	for _, i := range blocks {
		up[i] = i
	}
	root := func(i int32) int32 {
		for up[i] != i {
			i = up[i]
		}
		return i
	}
	for _, arc := range s.arcsOf(blocks) {
		a, b := s.index[arc.left], s.index[arc.right]
		_, mine := up[a]
		if _, mine2 := up[b]; !mine || !mine2 {
			continue
		}
		if onLeft[a] == onLeft[b] || metresApart(arc.points, line) > alongLine {
			up[root(a)] = root(b)
		}
	}
	area := make(map[int32]float64) // part → its ground on the left less that on the right
	for _, i := range blocks {
		if onLeft[i] {
			area[root(i)] += s.blocks[i].shape.Area
		} else {
			area[root(i)] -= s.blocks[i].shape.Area
		}
	}
	for _, i := range blocks {
		if area[root(i)] > 0 {
			left = append(left, i)
		} else {
			right = append(right, i)
		}
	}
	return s.bothSides(left, right, blocks, root)
}

// bothSides sees to it that two parts are told apart although most of either lies on the same side: the larger of them stays there.
func (s *step) bothSides(left, right, blocks []int32, root func(int32) int32) ([]int32, []int32) {
	if len(left) > 0 && len(right) > 0 {
		return left, right
	}
	ground := make(map[int32]float64)
	most := root(blocks[0])
	for _, i := range blocks {
		ground[root(i)] += s.blocks[i].shape.Area
	}
	for _, i := range blocks { // in their order, so that it comes out the same every time
		if r := root(i); ground[r] > ground[most] {
			most = r
		}
	}
	var larger, others []int32
	for _, i := range blocks {
		if root(i) == most {
			larger = append(larger, i)
		} else {
			others = append(others, i)
		}
	}
	if len(left) > 0 {
		return larger, others
	}
	return others, larger
}

// borderline is an arc between two blocks of one community.
type borderline struct {
	left, right int64
	points      []planar.Point
}

// arcsOf are the borders between blocks of the communities in which some blocks lie, with their shape.
func (s *step) arcsOf(blocks []int32) (out []borderline) {
	in := make(map[int64]bool)
	for _, i := range blocks {
		in[s.blocks[i].community] = true
	}
	for community := range in {
		if sheet := s.sheets[community]; sheet != nil {
			for _, arc := range sheet.Arcs() {
				if arc.Right != 0 {
					out = append(out, borderline{arc.Left, arc.Right, arc.Points})
				}
			}
			continue
		}
		l := s.live.Live
		for _, e := range l.Borders {
			if e.B >= 0 && l.Blocks[e.A].Community == community && l.Blocks[e.B].Community == community {
				out = append(out, borderline{l.IDs[e.A], l.IDs[e.B], e.Points})
			}
		}
	}
	return out
}

// metresApart is how far two lines are from one another, 0 where they meet.
func metresApart(a, b []planar.Point) float64 {
	least := math.Inf(1)
	for i := 1; i < len(a); i++ {
		for j := 1; j < len(b); j++ {
			if meet(a[i-1], a[i], b[j-1], b[j]) {
				return 0
			}
			least = min(least, metresFrom(a[i-1], b[j-1], b[j]), metresFrom(a[i], b[j-1], b[j]), metresFrom(b[j-1], a[i-1], a[i]), metresFrom(b[j], a[i-1], a[i]))
		}
	}
	return least
}

// metresFrom is how far a point is from a stretch.
func metresFrom(p, a, b planar.Point) float64 {
	_, lat := p.Degrees()
	const metres = 111_320.0 / 1e7 // a lattice step northwards
	shrink := math.Cos(lat * math.Pi / 180)
	ax, ay := (float64(a.X)-float64(p.X))*metres*shrink, (float64(a.Y)-float64(p.Y))*metres
	dx, dy := (float64(b.X)-float64(a.X))*metres*shrink, (float64(b.Y)-float64(a.Y))*metres
	t := 0.0
	if long := dx*dx + dy*dy; long > 0 {
		t = math.Max(0, math.Min(1, -(ax*dx+ay*dy)/long))
	}
	return math.Hypot(ax+t*dx, ay+t*dy)
}
