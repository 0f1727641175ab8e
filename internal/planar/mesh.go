package planar

// mesh is a noded set of edges of which each knows its two faces: what every coverage is assembled from.
type mesh struct {
	at    []Point
	edges []meshEdge
	faces int
}

type meshEdge struct {
	a, b        int32 // vertices
	left, right int32 // faces, going from a to b
	mark        uint32
	source      int32
}

// sides gives the faces left and right of someone who leaves v along the edge.
func (e *meshEdge) sides(v int32) (left, right int32) {
	if e.a == v {
		return e.left, e.right
	}
	return e.right, e.left
}

func (e *meshEdge) other(v int32) int32 {
	if e.a == v {
		return e.b
	}
	return e.a
}

// assemble chains the edges into arcs and the arcs into faces. It is linear but for the nodes of a face
// that touches itself.
func (m *mesh) assemble() *Coverage {
	pairs, nodeOf := m.nodes()
	c := &Coverage{Faces: make([]Face, m.faces)}
	w := &arcWalker{mesh: m, pairs: pairs, nodeOf: nodeOf, used: make([]bool, len(m.edges))}
	w.points = make([]Point, 0, len(m.edges)+len(m.edges)/2)
	for e := range m.edges {
		switch {
		case w.used[e]:
		case nodeOf[m.edges[e].a] >= 0:
			w.walk(int32(e), m.edges[e].a)
		case nodeOf[m.edges[e].b] >= 0:
			w.walk(int32(e), m.edges[e].b)
		}
	}
	for _, n := range nodeOf {
		c.nodes = max(c.nodes, int(n)+1)
	}
	for e := range m.edges { // what is left are loops without a node
		if !w.used[e] {
			nodeOf[m.edges[e].a] = int32(c.nodes)
			c.nodes++
			w.walk(int32(e), m.edges[e].a)
		}
	}
	for i := range w.arcs {
		end := len(w.points)
		if i+1 < len(w.starts) {
			end = w.starts[i+1]
		}
		w.arcs[i].Points = w.points[w.starts[i]:end:end]
	}
	c.Arcs = w.arcs
	c.chainFaces()
	return c
}

// nodes numbers the nodes: nodeOf[v] is -1 where v is passed through. pairs holds the two edges there.
func (m *mesh) nodes() (pairs [][2]int32, nodeOf []int32) {
	pairs = make([][2]int32, len(m.at))
	nodeOf = make([]int32, len(m.at)) // the degree, at first
	for i := range m.edges {
		for _, v := range [2]int32{m.edges[i].a, m.edges[i].b} {
			if d := nodeOf[v]; d < 2 {
				pairs[v][d] = int32(i)
			}
			nodeOf[v]++
		}
	}
	n := int32(0)
	for v := range nodeOf {
		d := nodeOf[v]
		if d == 0 || d == 2 && m.passesThrough(int32(v), pairs[v]) {
			nodeOf[v] = -1
			continue
		}
		nodeOf[v] = n
		n++
	}
	return pairs, nodeOf
}

func (m *mesh) passesThrough(v int32, pair [2]int32) bool {
	e, f := &m.edges[pair[0]], &m.edges[pair[1]]
	el, er := e.sides(v)
	fl, fr := f.sides(v)
	return el == fr && er == fl && e.mark == f.mark && e.source == f.source
}

type arcWalker struct {
	*mesh
	pairs  [][2]int32
	nodeOf []int32
	used   []bool
	arcs   []Arc
	starts []int
	points []Point
}

// walk makes an arc of the edge and all that follow it, leaving v along e.
func (w *arcWalker) walk(e, v int32) {
	first := &w.edges[e]
	left, right := first.sides(v)
	arc := Arc{Left: left, Right: right, Mark: first.mark, Source: first.source, from: w.nodeOf[v]}
	w.starts = append(w.starts, len(w.points))
	w.points = append(w.points, w.at[v])
	for {
		w.used[e] = true
		v = w.edges[e].other(v)
		w.points = append(w.points, w.at[v])
		if w.nodeOf[v] >= 0 {
			break
		}
		if p := w.pairs[v]; p[0] == e {
			e = p[1]
		} else {
			e = p[0]
		}
	}
	arc.to = w.nodeOf[v]
	w.arcs = append(w.arcs, arc)
}
