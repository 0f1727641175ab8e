package planar

// Outside is the face of what belongs to no face.
const Outside = -1

// Coverage is ground cut into faces. It is made by Polygonise, Build, BuildMulti or OverlayFaces, and what
// derives from it (Dissolve, Cut, Simplify) is a new one; points may be shared between them, so nobody
// writes to a point. Mark and Source of an arc may be written.
type Coverage struct {
	Arcs  []Arc
	Faces []Face

	// What Polygonise dropped: edges with a loose end, and edges with the same face on both sides.
	Dangles, Bridges []Edge

	nodes int // nodes are numbered 0 … nodes-1; a closed arc's end counts as one
}

// Arc is a polyline between two nodes with one face on its left and one on its right all along. A node is
// a vertex where other than two edges meet, or where Mark, Source or a face changes. An arc that meets no
// node is closed: its last point is its first. A closed arc may also begin and end at one node.
type Arc struct {
	Points      []Point
	Left, Right int32 // index of the face, or Outside
	Mark        uint32
	Source      int32
	from, to    int32
}

// Closed says whether the arc ends where it began.
func (a *Arc) Closed() bool { return a.from == a.to }

// Ref is an arc in one of its directions: arc i forwards is i, backwards ^i.
type Ref int32

// Arc is the index of the arc.
func (r Ref) Arc() int32 {
	if r < 0 {
		return int32(^r)
	}
	return int32(r)
}

// Backward says whether the arc is run through from its last point to its first.
func (r Ref) Backward() bool { return r < 0 }

// Face is a piece of ground: closed walks along arcs, the face always on the left. One walk bounds each
// connected part from outside, the others are around what lies within. A walk may touch itself in a vertex;
// Polygons takes it apart into proper rings.
type Face struct {
	Walks [][]Ref
}

func (c *Coverage) start(r Ref) int32 {
	if r < 0 {
		return c.Arcs[^r].to
	}
	return c.Arcs[r].from
}

func (c *Coverage) end(r Ref) int32 { return c.start(^r) }

// firstStep gives the first two points of a directed arc.
func (c *Coverage) firstStep(r Ref) (Point, Point) {
	if r < 0 {
		p := c.Arcs[^r].Points
		return p[len(p)-1], p[len(p)-2]
	}
	p := c.Arcs[r].Points
	return p[0], p[1]
}

// appendPoints appends the points of a directed arc, without the last.
func (c *Coverage) appendPoints(ring []Point, r Ref) []Point {
	if r >= 0 {
		p := c.Arcs[r].Points
		return append(ring, p[:len(p)-1]...)
	}
	p := c.Arcs[^r].Points
	for i := len(p) - 1; i > 0; i-- {
		ring = append(ring, p[i])
	}
	return ring
}

// Areas2 gives twice the area of each face in square steps, exactly.
func (c *Coverage) Areas2() []int64 {
	areas := make([]int64, len(c.Faces))
	if len(c.Arcs) == 0 {
		return areas
	}
	// Sums may wrap round on the way; the areas themselves fit, so they come out right.
	origin := c.Arcs[0].Points[0]
	for i := range c.Arcs {
		a := &c.Arcs[i]
		var sum int64
		for j := 1; j < len(a.Points); j++ {
			sum += cross(origin, a.Points[j-1], a.Points[j])
		}
		if a.Left >= 0 {
			areas[a.Left] += sum
		}
		if a.Right >= 0 {
			areas[a.Right] -= sum
		}
	}
	return areas
}

// Area2 is twice the area of one face in square steps.
func (c *Coverage) Area2(face int32) int64 {
	var sum int64
	for _, w := range c.Faces[face].Walks {
		origin, _ := c.firstStep(w[0])
		for _, r := range w {
			p := c.Arcs[r.Arc()].Points
			var s int64
			for j := 1; j < len(p); j++ {
				s += cross(origin, p[j-1], p[j])
			}
			if r.Backward() {
				s = -s
			}
			sum += s
		}
	}
	return sum
}
