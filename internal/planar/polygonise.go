package planar

import (
	"errors"
	"slices"
)

// ErrZeroEdge says that an edge begins where it ends.
var ErrZeroEdge = errors.New("planar: an edge begins where it ends; Node gives none of that kind")

// Polygonise finds the faces of noded edges (Node's, or a part of them). Edges with a loose end and edges
// with the same face on both sides bound nothing: they are dropped and listed in Dangles and Bridges. Faces
// come in the order of their least vertex; the ground around everything is Outside, and a face within another one
// is a hole in it. Errors: ErrZeroEdge, *SpanError.
func Polygonise(edges []Edge) (*Coverage, error) {
	edges, err := tidy(edges)
	if err != nil {
		return nil, err
	}
	t := newTracer(edges)
	t.dropDangles()
	t.trace()
	if t.dropBridges() {
		t.trace()
	}
	m := t.mesh()
	c := m.assemble()
	c.Dangles, c.Bridges = t.dangles, t.bridges
	return c, nil
}

// tidy gives the edges sorted, each once, A before B; the caller's own slice if it is so already.
func tidy(edges []Edge) ([]Edge, error) {
	if len(edges) == 0 {
		return nil, nil
	}
	bounds := boxOf(edges[0].A)
	sorted := true
	for i, e := range edges {
		bounds.add(e.A)
		bounds.add(e.B)
		if e.A == e.B {
			return nil, ErrZeroEdge
		}
		if e.B.Less(e.A) || i > 0 && compareEdges(edges[i-1], e) >= 0 {
			sorted = false
		}
	}
	if err := bounds.check(); err != nil || sorted {
		return edges, err
	}
	segments := make([]segment, len(edges))
	for i, e := range edges {
		if e.B.Less(e.A) {
			e.A, e.B = e.B, e.A
		}
		segments[i] = segment{e.A, e.B, e.Mark, e.Mark, e.Source, 1}
	}
	segments = mergeSegments(segments)
	out := make([]Edge, len(segments))
	for i, s := range segments {
		out[i] = Edge{s.a, s.b, s.mark, s.source}
	}
	return out, nil
}

func compareEdges(e, f Edge) int {
	if e.A != f.A {
		return e.A.Compare(f.A)
	}
	return e.B.Compare(f.B)
}

// tracer walks round faces. Half-edge 2i is edge i from A to B, 2i+1 from B to A; its face is on its left.
type tracer struct {
	edges            []Edge
	at               []Point
	ends             []int32 // where a half-edge starts; it ends where its twin h^1 starts
	dead             []bool
	degree           []int32
	begin            []int32 // out[begin[v]:begin[v+1]] leave v, counter-clockwise
	out              []int32
	next             []int32
	ringOf           []int32
	areas            []int64 // of the rings, twice
	firsts           []int32 // one half-edge of each ring, that starts at its least vertex
	dangles, bridges []Edge
}

func newTracer(edges []Edge) *tracer {
	t := &tracer{edges: edges, ends: make([]int32, 2*len(edges)), dead: make([]bool, len(edges))}
	index := newPointIndex(len(edges))
	for i, e := range edges {
		t.ends[2*i] = index.number(e.A)
		t.ends[2*i+1] = index.number(e.B)
	}
	t.at = index.points
	t.degree = make([]int32, len(t.at))
	for _, v := range t.ends {
		t.degree[v]++
	}
	t.begin = make([]int32, len(t.at)+1)
	t.out = make([]int32, 2*len(edges))
	t.next = make([]int32, 2*len(edges))
	t.ringOf = make([]int32, 2*len(edges))
	return t
}

// turnTable sorts the living half-edges round their vertices and links each to the one that follows it
// round its face: the next one clockwise from its twin.
func (t *tracer) turnTable() {
	clear(t.begin)
	for h, v := range t.ends {
		if !t.dead[h>>1] {
			t.begin[v+1]++
		}
	}
	for v := range t.at {
		t.begin[v+1] += t.begin[v]
	}
	fill := append([]int32(nil), t.begin[:len(t.at)]...)
	for h, v := range t.ends {
		if !t.dead[h>>1] {
			t.out[fill[v]] = int32(h)
			fill[v]++
		}
	}
	for v := range t.at {
		star := t.out[t.begin[v]:t.begin[v+1]]
		t.sortStar(t.at[v], star)
		for i, h := range star {
			before := i - 1
			if before < 0 {
				before = len(star) - 1
			}
			t.next[h^1] = star[before]
		}
	}
}

func (t *tracer) sortStar(v Point, star []int32) {
	if len(star) < 3 {
		return
	}
	ahead := func(g, h int32) int {
		p, q := t.at[t.ends[g^1]], t.at[t.ends[h^1]]
		if up, uq := v.Less(p), v.Less(q); up != uq { // first the half turn from south, exclusive, to north
			if up {
				return -1
			}
			return 1
		}
		return -sign(cross(v, p, q))
	}
	if len(star) > 12 {
		slices.SortFunc(star, ahead)
		return
	}
	for i := 1; i < len(star); i++ {
		for j := i; j > 0 && ahead(star[j], star[j-1]) < 0; j-- {
			star[j], star[j-1] = star[j-1], star[j]
		}
	}
}

// dropDangles takes away edges with a loose end until there are none.
func (t *tracer) dropDangles() {
	loose := func(v int32) bool { return t.degree[v] == 1 }
	at := make([]int32, len(t.at)) // the xor of a vertex' living edges: of one edge, the edge
	for h, v := range t.ends {
		at[v] ^= int32(h >> 1)
	}
	for v := range t.at {
		for v := int32(v); loose(v); {
			e := at[v]
			t.dead[e] = true
			t.dangles = append(t.dangles, t.edges[e])
			a, b := t.ends[2*e], t.ends[2*e+1]
			at[a] ^= e
			at[b] ^= e
			t.degree[a]--
			t.degree[b]--
			v = a ^ b ^ v
		}
	}
	slices.SortFunc(t.dangles, compareEdges)
}

func (t *tracer) trace() {
	t.turnTable()
	for h := range t.ringOf {
		t.ringOf[h] = -1
	}
	t.areas, t.firsts = t.areas[:0], t.firsts[:0]
	for h := range t.next {
		if t.dead[h>>1] || t.ringOf[h] >= 0 {
			continue
		}
		ring := int32(len(t.areas))
		origin := t.at[t.ends[h]]
		area, first := int64(0), int32(h)
		for g := int32(h); t.ringOf[g] < 0; g = t.next[g] {
			t.ringOf[g] = ring
			p, q := t.at[t.ends[g]], t.at[t.ends[g^1]]
			area += cross(origin, p, q)
			if p.Less(t.at[t.ends[first]]) {
				first = g
			}
		}
		t.areas = append(t.areas, area)
		t.firsts = append(t.firsts, first)
	}
}

func (t *tracer) dropBridges() bool {
	for e := range t.edges {
		if !t.dead[e] && t.ringOf[2*e] == t.ringOf[2*e+1] {
			t.dead[e] = true
			t.bridges = append(t.bridges, t.edges[e])
		}
	}
	return len(t.bridges) > 0
}

// mesh numbers the faces and says for each edge which two it parts.
func (t *tracer) mesh() *mesh {
	faceOf, faces := t.faces()
	m := &mesh{at: t.at, faces: faces, edges: make([]meshEdge, 0, len(t.edges))}
	for i, e := range t.edges {
		if !t.dead[i] {
			m.edges = append(m.edges, meshEdge{
				t.ends[2*i], t.ends[2*i+1],
				faceOf[t.ringOf[2*i]], faceOf[t.ringOf[2*i+1]],
				e.Mark, e.Source,
			})
		}
	}
	return m
}

// faces gives each ring its face. A counter-clockwise ring bounds a face of its own, a clockwise ring goes
// round a cluster of edges from outside: its face is that of the edge next below the cluster's least vertex, or Outside.
func (t *tracer) faces() (faceOf []int32, faces int) {
	faceOf = make([]int32, len(t.areas))
	var clusters, shells []int32
	for r, area := range t.areas {
		if area > 0 {
			shells = append(shells, int32(r))
		} else {
			clusters = append(clusters, int32(r))
		}
	}
	t.byLeast(shells)
	for f, r := range shells {
		faceOf[r] = int32(f)
	}
	if len(clusters) == 1 {
		faceOf[clusters[0]] = Outside
		return faceOf, len(shells)
	}
	t.byLeast(clusters)
	grid := newEdgeGrid(t.gridEdges())
	for _, r := range clusters {
		faceOf[r] = Outside
		if e := grid.below(t.at[t.ends[t.firsts[r]]]); e >= 0 {
			faceOf[r] = faceOf[grid.edges[e].above]
		}
	}
	return faceOf, len(shells)
}

// byLeast sorts rings by their least vertex; those that share it, by their first edge, in the order round the vertex.
func (t *tracer) byLeast(rings []int32) {
	slices.SortFunc(rings, func(r, s int32) int {
		g, h := t.firsts[r], t.firsts[s]
		if v, w := t.ends[g], t.ends[h]; v != w {
			return t.at[v].Compare(t.at[w])
		}
		return -sign(cross(t.at[t.ends[g]], t.at[t.ends[g^1]], t.at[t.ends[h^1]]))
	})
}

func (t *tracer) gridEdges() []gridEdge {
	out := make([]gridEdge, 0, len(t.edges))
	for i, e := range t.edges {
		if !t.dead[i] {
			out = append(out, gridEdge{e.A, e.B, t.ringOf[2*i], t.ringOf[2*i+1]})
		}
	}
	return out
}
