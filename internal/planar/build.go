package planar

import "cmp"

// Build makes a coverage of polygons that share their borders vertex by vertex; face i is polygon i. Rings may
// run either way round. It checks that no two polygons lie on one side of an edge and none on both; that rings don't
// cross is the caller's word (or Check's). Edges with a polygon on one side only border on Outside.
//
// The arcs have Mark 0 and Source 0. Error: *FlawError.
func Build(polygons []Polygon) (*Coverage, error) {
	b := newBuilder(len(polygons), countVertices(polygons))
	for i, p := range polygons {
		b.add(int32(i), p)
	}
	return b.finish()
}

// BuildMulti is Build for faces of several parts; face i is the parts of polygons[i].
func BuildMulti(polygons [][]Polygon) (*Coverage, error) {
	n := 0
	for _, parts := range polygons {
		n += countVertices(parts)
	}
	b := newBuilder(len(polygons), n)
	for i, parts := range polygons {
		for _, p := range parts {
			b.add(int32(i), p)
		}
	}
	return b.finish()
}

func countVertices(polygons []Polygon) int {
	n := 0
	for _, p := range polygons {
		for _, r := range p {
			n += len(r)
		}
	}
	return n
}

type builder struct {
	index  *pointIndex
	sides  []side
	faces  int
	bounds box
	flaws  []Flaw
}

// side is an edge as one polygon runs through it, the polygon on its left.
type side struct{ a, b, face int32 }

func newBuilder(faces, vertices int) *builder {
	return &builder{
		index: newPointIndex(vertices/2 + 8),
		sides: make([]side, 0, vertices),
		faces: faces,
	}
}

func (b *builder) flaw(kind FlawKind, face, other int32, p, q Point) {
	b.flaws = append(b.flaws, Flaw{kind, face, other, p, q})
}

func (b *builder) add(face int32, polygon Polygon) {
	if len(polygon) == 0 || len(polygon[0]) == 0 {
		b.flaw(FlawEmpty, face, Outside, Point{}, Point{})
		return
	}
	for i, r := range polygon {
		b.addRing(face, r, i == 0)
	}
}

func (b *builder) addRing(face int32, r Ring, shell bool) {
	r = r.tidy()
	if len(r) < 3 {
		if len(r) > 0 {
			b.flaw(FlawShortRing, face, Outside, r[0], r[0])
		}
		return
	}
	if len(b.sides) == 0 {
		b.bounds = boxOf(r[0])
	}
	for _, p := range r {
		b.bounds.add(p)
	}
	area := r.Area2()
	if area == 0 {
		b.flaw(FlawFlat, face, Outside, r[0], r[0])
		return
	}
	forward := shell == (area > 0)
	first := b.index.number(r[0])
	last := first
	for i := 1; i <= len(r); i++ {
		v := first
		if i < len(r) {
			v = b.index.number(r[i])
		}
		if forward {
			b.sides = append(b.sides, side{last, v, face})
		} else {
			b.sides = append(b.sides, side{v, last, face})
		}
		last = v
	}
}

// tidy gives the ring without vertices that follow on themselves, the closing one among them. The ring itself isn't changed.
func (r Ring) tidy() Ring {
	clean := len(r) < 2 || r[0] != r[len(r)-1]
	for i := 1; clean && i < len(r); i++ {
		clean = r[i] != r[i-1]
	}
	if clean {
		return r
	}
	out := make(Ring, 0, len(r))
	for _, p := range r {
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	for len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	return out
}

func (b *builder) finish() (*Coverage, error) {
	if err := b.bounds.check(); err != nil {
		return nil, err
	}
	m := &mesh{at: b.index.points, faces: b.faces, edges: b.pair()}
	if len(b.flaws) > 0 {
		return nil, &FlawError{b.flaws}
	}
	return m.assemble(), nil
}

// pair brings the two sides of each edge together. Sides are sorted into buckets by their lesser vertex
// number, where only a few are left to compare.
func (b *builder) pair() []meshEdge {
	n := len(b.index.points)
	begin := make([]int32, n+1)
	for _, s := range b.sides {
		begin[min(s.a, s.b)+1]++
	}
	for v := range n {
		begin[v+1] += begin[v]
	}
	fill := append([]int32(nil), begin[:n]...)
	sorted := make([]side, len(b.sides))
	for _, s := range b.sides {
		v := min(s.a, s.b)
		sorted[fill[v]] = s
		fill[v]++
	}
	edges := make([]meshEdge, 0, len(b.sides)/2+len(b.sides)/8)
	for v := range n {
		bucket := sorted[begin[v]:begin[v+1]]
		sortSides(bucket)
		for i := 0; i < len(bucket); {
			j := i + 1
			for j < len(bucket) && max(bucket[j].a, bucket[j].b) == max(bucket[i].a, bucket[i].b) {
				j++
			}
			edges = append(edges, b.edge(bucket[i:j]))
			i = j
		}
	}
	return edges
}

func sortSides(s []side) {
	for i := 1; i < len(s); i++ {
		for j := i; j > 0 && compareSides(s[j], s[j-1]) < 0; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
}

func compareSides(s, t side) int {
	if d := cmp.Compare(max(s.a, s.b), max(t.a, t.b)); d != 0 {
		return d
	}
	return cmp.Compare(s.a, t.a)
}

// edge makes one edge of all the sides it has, and notes what is wrong with them.
func (b *builder) edge(sides []side) meshEdge {
	p, q := b.index.points[sides[0].a], b.index.points[sides[0].b]
	e := meshEdge{a: sides[0].a, b: sides[0].b, left: sides[0].face, right: Outside}
	for _, s := range sides[1:] {
		switch {
		case s.a == e.a:
			b.flaw(FlawTwice, e.left, s.face, p, q)
		case e.right != Outside:
			b.flaw(FlawTwice, e.right, s.face, q, p)
		default:
			e.right = s.face
		}
	}
	if e.left == e.right {
		b.flaw(FlawSpike, e.left, Outside, p, q)
	}
	if q.Less(p) {
		return meshEdge{a: e.b, b: e.a, left: e.right, right: e.left}
	}
	return e
}
