package planar

import (
	"context"
	"errors"
	"slices"
)

var (
	// ErrNoCut says that a line doesn't divide the face: it doesn't lead from border to border.
	ErrNoCut = errors.New("planar: the line doesn't divide the face; draw it from one side of the border to another")
	// ErrCutTooClose says that the cut would press two borders into one: they are a step or two apart.
	ErrCutTooClose = errors.New("planar: the line runs within a step or two of another border; draw it elsewhere")
)

// Cut divides a face along a line drawn across it; what of the line lies outside the face or ends inside
// it doesn't matter. It gives the new coverage and the faces that the old one became: the first keeps its index, the others
// are added at the end, so all other faces keep theirs. Where the cut meets the border a vertex is put into the arc, and so into the
// neighbour too; the border moves by half a step there at most (see Node).
//
// New arcs have Mark 0 and Source 0. Errors: ErrNoCut, ErrCutTooClose, *SpanError. Linear in the whole coverage.
func (c *Coverage) Cut(face int32, line []Point) (*Coverage, []int32, error) {
	k := &cutter{Coverage: c, face: face}
	own := k.arcsOf(face)
	if len(own) == 0 {
		return nil, nil, ErrNoCut
	}
	cuts, err := k.inside(own, line)
	if err != nil {
		return nil, nil, err
	}
	// An edge that is bent moves all along, also where it leads away from the face: then those near it
	// there have to be noded too.
	region := boxOf(k.Arcs[own[0]].Points[0])
	for _, i := range own {
		for _, p := range k.Arcs[i].Points {
			region.add(p)
		}
	}
	for {
		near := k.near(region)
		edges, bent, err := k.snap(near, cuts)
		if err != nil {
			return nil, nil, err
		}
		wider := region
		for _, p := range bent {
			wider.add(p)
		}
		if wider == region {
			return k.apply(near, edges)
		}
		region = wider
	}
}

type cutter struct {
	*Coverage
	face int32
}

func (k *cutter) arcsOf(face int32) []int32 {
	var arcs []int32
	for _, w := range k.Faces[face].Walks {
		for _, r := range w {
			arcs = append(arcs, r.Arc())
		}
	}
	return arcs
}

// near gives all arcs whose box comes within two steps of the region: those that could have to give way
// when an edge in it is bent.
func (k *cutter) near(around box) []int32 {
	var out []int32
	for i := range k.Arcs {
		b := boxOf(k.Arcs[i].Points[0])
		for _, p := range k.Arcs[i].Points {
			b.add(p)
		}
		if int64(b.x0) <= int64(around.x1)+2 && int64(b.x1) >= int64(around.x0)-2 && int64(b.y0) <= int64(around.y1)+2 && int64(b.y1) >= int64(around.y0)-2 {
			out = append(out, int32(i))
		}
	}
	return out
}

// snapped is what arcs and cuts became by noding: edges with the faces they had, the cuts with the cut face on both sides.
type snapped struct {
	a, b        Point // in the arc's direction
	left, right int32
	arc         int32 // -1 for a cut
}

// snap nodes arcs together with other edges. It also gives the ends of the arcs' segments that were bent.
func (k *cutter) snap(arcs []int32, cuts []Edge) (edges []snapped, bent []Point, err error) {
	type origin struct {
		arc     int32
		forward bool
	}
	var segments []segment
	var origins []origin
	for _, i := range arcs {
		points := k.Arcs[i].Points
		for j := 1; j < len(points); j++ {
			a, b := points[j-1], points[j]
			forward := a.Less(b)
			if !forward {
				a, b = b, a
			}
			segments = append(segments, segment{a: a, b: b})
			origins = append(origins, origin{i, forward})
		}
	}
	for _, e := range cuts {
		p := ordered(e.A, e.B, 0)
		segments = append(segments, segment{a: p.a, b: p.b})
		origins = append(origins, origin{-1, true})
	}
	pieces, err := snap(context.Background(), segments)
	if err != nil {
		return nil, nil, err
	}
	out := make([]snapped, len(pieces))
	for i, p := range pieces {
		o, s := origins[p.of], segments[p.of]
		out[i] = snapped{p.a, p.b, k.face, k.face, o.arc}
		if o.arc < 0 {
			continue
		}
		if cross(s.a, s.b, p.a) != 0 || cross(s.a, s.b, p.b) != 0 {
			bent = append(bent, s.a, s.b)
		}
		// The piece has its ends in order, which needn't be the order in which its segment comes to them: it is so
		// unless the segment, rounded, stands upright and runs down.
		forward := o.forward
		if p.a.X == p.b.X && s.b.Y < s.a.Y {
			forward = !forward
		}
		if !forward {
			out[i].a, out[i].b = p.b, p.a
		}
		out[i].left, out[i].right = k.Arcs[o.arc].Left, k.Arcs[o.arc].Right
	}
	return out, bent, nil
}

const (
	cutBorder = 1
	cutLine   = 2
)

// divide polygonises the cut face's border with the cuts, and says which of the resulting faces lie in it.
func (k *cutter) divide(edges []snapped) (*Coverage, []bool, error) {
	lines := make([]Edge, 0, len(edges))
	own := map[[2]Point]bool{} // directed edges with the cut face on their left
	for _, e := range edges {
		mark := uint32(cutLine)
		if e.arc >= 0 {
			switch k.face {
			case e.left:
				own[[2]Point{e.a, e.b}] = true
			case e.right:
				own[[2]Point{e.b, e.a}] = true
			default:
				continue
			}
			mark = cutBorder
		}
		lines = append(lines, Edge{A: e.a, B: e.b, Mark: mark})
	}
	c, err := Polygonise(lines)
	if err != nil {
		return nil, nil, err
	}
	in := make([]bool, len(c.Faces))
	var queue []int32
	reach := func(f int32) {
		if f != Outside && !in[f] {
			in[f] = true
			queue = append(queue, f)
		}
	}
	for i := range c.Arcs {
		if a := &c.Arcs[i]; a.Mark&cutBorder != 0 {
			if own[[2]Point{a.Points[0], a.Points[1]}] {
				reach(a.Left)
			}
			if own[[2]Point{a.Points[1], a.Points[0]}] {
				reach(a.Right)
			}
		}
	}
	for len(queue) > 0 {
		f := queue[0]
		queue = queue[1:]
		for _, w := range c.Faces[f].Walks {
			for _, r := range w {
				if a := &c.Arcs[r.Arc()]; a.Mark == cutLine {
					reach(a.Left)
					reach(a.Right)
				}
			}
		}
	}
	return c, in, nil
}

// inside gives the parts of the line that divide the face.
func (k *cutter) inside(own []int32, line []Point) ([]Edge, error) {
	var cuts []Edge
	for _, s := range segmentsOf([]Line{{Points: line}}) {
		cuts = append(cuts, Edge{A: s.a, B: s.b})
	}
	edges, _, err := k.snap(own, cuts)
	if err != nil {
		return nil, err
	}
	c, in, err := k.divide(edges)
	if err != nil {
		return nil, err
	}
	var out []Edge
	for i := range c.Arcs {
		a := &c.Arcs[i]
		if a.Mark != cutLine || a.Left == Outside || a.Right == Outside || !in[a.Left] || !in[a.Right] {
			continue
		}
		for j := 1; j < len(a.Points); j++ {
			out = append(out, Edge{A: a.Points[j-1], B: a.Points[j]})
		}
	}
	if len(out) == 0 {
		return nil, ErrNoCut
	}
	return out, nil
}

// apply assembles the coverage anew, from the arcs nearby noded with the cuts, and all others as they were.
func (k *cutter) apply(near []int32, edges []snapped) (*Coverage, []int32, error) {
	if pressed(edges) {
		return nil, nil, ErrCutTooClose
	}
	part, in, err := k.divide(edges)
	if err != nil {
		return nil, nil, err
	}
	parts := make([]int32, len(part.Faces)) // the face each becomes
	var became []int32
	for f := range parts {
		if !in[f] {
			continue
		}
		parts[f] = k.face
		if len(became) > 0 {
			parts[f] = int32(len(k.Faces) + len(became) - 1)
		}
		became = append(became, parts[f])
	}
	if len(became) < 2 {
		return nil, nil, ErrCutTooClose
	}
	leftOf := map[[2]Point]int32{}
	for i := range part.Arcs {
		a := &part.Arcs[i]
		for j := 1; j < len(a.Points); j++ {
			if a.Left != Outside && in[a.Left] {
				leftOf[[2]Point{a.Points[j-1], a.Points[j]}] = parts[a.Left]
			}
			if a.Right != Outside && in[a.Right] {
				leftOf[[2]Point{a.Points[j], a.Points[j-1]}] = parts[a.Right]
			}
		}
	}
	for i := range edges {
		e := &edges[i]
		var ok, both = true, true
		if e.left == k.face {
			e.left, ok = leftOf[[2]Point{e.a, e.b}]
		}
		if e.right == k.face {
			e.right, both = leftOf[[2]Point{e.b, e.a}]
		}
		if !ok || !both {
			return nil, nil, ErrCutTooClose
		}
	}
	return k.rebuild(near, edges, len(k.Faces)+len(became)-1), became, nil
}

// pressed says whether two edges became one.
func pressed(edges []snapped) bool {
	all := make([]Edge, len(edges))
	for i, e := range edges {
		p := ordered(e.a, e.b, 0)
		all[i] = Edge{A: p.a, B: p.b}
	}
	slices.SortFunc(all, compareEdges)
	for i := 1; i < len(all); i++ {
		if all[i] == all[i-1] {
			return true
		}
	}
	return false
}

// rebuild assembles the edges and all the arcs that weren't near.
func (k *cutter) rebuild(near []int32, edges []snapped, faces int) *Coverage {
	replaced := make([]bool, len(k.Arcs))
	for _, i := range near {
		replaced[i] = true
	}
	n := len(edges)
	for i := range k.Arcs {
		n += len(k.Arcs[i].Points)
	}
	index := newPointIndex(n)
	m := &mesh{faces: faces, edges: make([]meshEdge, 0, n)}
	for i := range k.Arcs {
		if a := &k.Arcs[i]; !replaced[i] {
			for j := 1; j < len(a.Points); j++ {
				m.edges = append(m.edges, meshEdge{index.number(a.Points[j-1]), index.number(a.Points[j]), a.Left, a.Right, a.Mark, a.Source})
			}
		}
	}
	for _, e := range edges {
		var mark uint32
		var source int32
		if e.arc >= 0 {
			mark, source = k.Arcs[e.arc].Mark, k.Arcs[e.arc].Source
		}
		m.edges = append(m.edges, meshEdge{index.number(e.a), index.number(e.b), e.left, e.right, mark, source})
	}
	m.at = index.points
	return m.assemble()
}
