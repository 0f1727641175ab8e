package ground

import (
	"context"
	"fmt"
	"slices"

	"jingwei/internal/planar"
)

// Communities are cut up side by side, and each puts vertices onto the border it shares: where a street of
// its own or a wall between two buildings ends there. Stitching gives every border the vertices of both
// sides. A vertex lies within half a step of the edge it is put on, so that nothing is passed over.

// stitch gives all borders the vertices of both sides. settled is false when the borders have to be noded
// once more, and the communities whose border that changes made once more. In the last round a community whose
// border still won't hold is stopped.
func (m *making) stitch(ctx context.Context, last bool) (settled bool, err error) {
	s := newSeam(m.county.borders)
	settled = true
	for _, c := range m.done {
		if c.report.Stopped != nil {
			continue
		}
		err := s.note(c.outer)
		switch {
		case err == nil:
		case last:
			c.giveUp(err)
		default:
			settled = false
		}
	}
	s.close()
	for i, c := range m.done {
		if c.report.Stopped == nil {
			err := c.stitch(s.missing(c.outer))
			m.territories[m.wanted[i]].Polygons = c.outer
			switch {
			case err == nil:
			case last:
				c.giveUp(err)
			default:
				settled, c.crossed = false, true
			}
		}
	}
	var borders []planar.Line
	for i, parts := range m.county.borders {
		m.county.borders[i] = threadAll(s.missing(parts), parts)
		borders = append(borders, planar.Lines(m.county.borders[i], 0, 0)...)
	}
	if !settled || len(s.added) == 0 {
		return settled, nil
	}
	noded, err := planar.Node(ctx, borders)
	if err != nil {
		return false, borderFault(err)
	}
	return sameEdges(noded, borders), nil
}

// giveUp stops a community whose border won't hold.
func (c *community) giveUp(err error) {
	stop := c.stop(kindBadBorder, "边界无法与相邻社区拼接：%v", "its border can't be stitched to its neighbours': %v", err).(*stopError)
	c.report.Stopped = &stop.Warning
	c.stoppedPeople()
	c.blocks, c.arcs = nil, nil
}

// stitch gives the community's blocks and borders the vertices of the other side. It fails when one of them
// got past a border that meets the edge at a very small angle: that community has to be made again, with the vertices
// there from the beginning.
func (c *community) stitch(t threads) error {
	if len(t) == 0 {
		return nil
	}
	polygons := make([]planar.Polygon, len(c.blocks))
	for i := range c.blocks {
		c.blocks[i].Polygon, _ = t.polygon(c.blocks[i].Polygon)
		polygons[i] = c.blocks[i].Polygon
	}
	for i := range c.arcs {
		if a := &c.arcs[i]; a.Left < 0 || a.Right < 0 {
			a.Points = t.line(a.Points)
		}
	}
	for i := range c.outer {
		c.outer[i], _ = t.polygon(c.outer[i])
	}
	if flaws := planar.Check(polygons, c.outer); len(flaws) > 0 {
		return &planar.FlawError{Flaws: flaws}
	}
	return nil
}

// sameEdges says whether noding left the lines as they were.
func sameEdges(noded []planar.Edge, lines []planar.Line) bool {
	edges := make(map[edge]bool, len(noded))
	for _, l := range lines {
		for i := 1; i < len(l.Points); i++ {
			edges[edge{l.Points[i-1], l.Points[i]}.unordered()] = true
		}
	}
	if len(edges) != len(noded) {
		return false
	}
	for _, e := range noded {
		if !edges[edge{e.A, e.B}.unordered()] {
			return false
		}
	}
	return true
}

// fits says whether what was made of a community in an earlier round can stay: its border is what it was.
func (c *community) fits(border []planar.Polygon) bool {
	if c.report.Stopped != nil {
		return true
	}
	if c.crossed || len(border) != len(c.outer) {
		return false
	}
	have := map[edge]bool{}
	for _, l := range planar.Lines(c.outer, 0, 0) {
		for i := 1; i < len(l.Points); i++ {
			have[edge{l.Points[i-1], l.Points[i]}] = true
		}
	}
	n := 0
	for _, l := range planar.Lines(border, 0, 0) {
		for i := 1; i < len(l.Points); i++ {
			if !have[edge{l.Points[i-1], l.Points[i]}] {
				return false
			}
			n++
		}
	}
	return n == len(have)
}

// edge is a directed piece of a border.
type edge struct{ a, b planar.Point }

func (e edge) reversed() edge { return edge{e.b, e.a} }

// unordered is the edge in the direction that both sides agree on.
func (e edge) unordered() edge {
	if e.b.Less(e.a) {
		return e.reversed()
	}
	return e
}

// seam collects, by edge of the borders as they were noded, the vertices put onto it.
type seam struct {
	original map[planar.Point]bool
	edges    map[edge]bool // unordered
	added    map[edge][]planar.Point
}

func newSeam(borders [][]planar.Polygon) *seam {
	s := &seam{original: map[planar.Point]bool{}, edges: map[edge]bool{}, added: map[edge][]planar.Point{}}
	for _, parts := range borders {
		for _, part := range parts {
			for _, ring := range part {
				for i, p := range ring {
					s.original[p] = true
					s.edges[edge{p, ring[(i+1)%len(ring)]}.unordered()] = true
				}
			}
		}
	}
	return s
}

// note takes the vertices that the rings of one side have on top of the original ones. It fails when a ring
// leaves the border it came from.
func (s *seam) note(parts []planar.Polygon) error {
	for _, part := range parts {
		for _, ring := range part {
			if err := s.noteRing(ring); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *seam) noteRing(ring planar.Ring) error {
	start := slices.IndexFunc(ring, func(p planar.Point) bool { return s.original[p] })
	if start < 0 {
		lon, lat := ring[0].Degrees()
		return fmt.Errorf("ground: a border at %.7f %.7f has no vertex of the border it came from", lon, lat)
	}
	from, between := ring[start], []planar.Point(nil)
	for i := 1; i <= len(ring); i++ {
		p := ring[(start+i)%len(ring)]
		if !s.original[p] {
			between = append(between, p)
			continue
		}
		e := edge{from, p}
		if !s.edges[e.unordered()] {
			lon, lat := from.Degrees()
			return fmt.Errorf("ground: the border at %.7f %.7f was noded onto another vertex", lon, lat)
		}
		if len(between) > 0 {
			s.add(e, between)
		}
		from, between = p, nil
	}
	return nil
}

func (s *seam) add(e edge, points []planar.Point) {
	u := e.unordered()
	s.added[u] = append(s.added[u], points...)
}

// close sorts what was added along each edge.
func (s *seam) close() {
	for e, points := range s.added {
		slices.SortFunc(points, func(p, q planar.Point) int {
			if d := alongEdge(e, p) - alongEdge(e, q); d != 0 {
				return int(max(-1, min(1, d)))
			}
			return p.Compare(q)
		})
		s.added[e] = slices.Compact(points)
	}
}

func alongEdge(e edge, p planar.Point) int64 {
	return int64(p.X-e.a.X)*int64(e.b.X-e.a.X) + int64(p.Y-e.a.Y)*int64(e.b.Y-e.a.Y)
}

// threads gives, for each directed edge along a border as one side has it, the vertices it still lacks.
type threads map[edge][]planar.Point

// missing compares what one side has with what the border needs.
func (s *seam) missing(parts []planar.Polygon) threads {
	out := threads{}
	for _, part := range parts {
		for _, ring := range part {
			s.missingOnRing(ring, out)
		}
	}
	return out
}

func (s *seam) missingOnRing(ring planar.Ring, out threads) {
	start := slices.IndexFunc(ring, func(p planar.Point) bool { return s.original[p] })
	if start < 0 {
		return
	}
	have := []planar.Point{ring[start]}
	for i := 1; i <= len(ring); i++ {
		p := ring[(start+i)%len(ring)]
		have = append(have, p)
		if !s.original[p] {
			continue
		}
		e := edge{have[0], p}
		if all := s.added[e.unordered()]; len(all) > len(have)-2 {
			if e != e.unordered() {
				all = slices.Clone(all)
				slices.Reverse(all)
			}
			out.between(have, all)
		}
		have = []planar.Point{p}
	}
}

// between notes which of all, in order, fall between successive vertices of have.
func (t threads) between(have, all []planar.Point) {
	at := 0
	for _, p := range all {
		if at+1 < len(have)-1 && p == have[at+1] {
			at++
			continue
		}
		e := edge{have[at], have[at+1]}
		t[e] = append(t[e], p)
	}
	for i := 1; i < len(have); i++ {
		e := edge{have[i-1], have[i]}
		if points := t[e]; len(points) > 0 {
			back := slices.Clone(points)
			slices.Reverse(back)
			t[e.reversed()] = back
		}
	}
}

// ring gives the ring with the vertices it lacked; the same ring when it lacked none.
func (t threads) ring(ring planar.Ring) (planar.Ring, bool) {
	var out planar.Ring
	for i, p := range ring {
		points := t[edge{p, ring[(i+1)%len(ring)]}]
		if len(points) > 0 && out == nil {
			out = append(make(planar.Ring, 0, len(ring)+len(points)), ring[:i]...)
		}
		if out != nil {
			out = append(append(out, p), points...)
		}
	}
	if out == nil {
		return ring, false
	}
	return out, true
}

// polygon is ring for all rings of a polygon.
func (t threads) polygon(p planar.Polygon) (planar.Polygon, bool) {
	out, any := make(planar.Polygon, len(p)), false
	for i, r := range p {
		var changed bool
		out[i], changed = t.ring(r)
		any = any || changed
	}
	return out, any
}

// line is ring for an open line.
func (t threads) line(line []planar.Point) []planar.Point {
	var out []planar.Point
	for i := 1; i < len(line); i++ {
		points := t[edge{line[i-1], line[i]}]
		if len(points) > 0 && out == nil {
			out = slices.Clone(line[:i-1])
		}
		if out != nil {
			out = append(append(out, line[i-1]), points...)
		}
	}
	if out == nil {
		return line
	}
	return append(out, line[len(line)-1])
}
