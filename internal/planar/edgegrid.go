package planar

import "math"

// edgeGrid answers which edge lies next below a point. The edges must be noded.
type edgeGrid struct {
	edges         []gridEdge
	bounds        box
	cols, rows    int64
	width, height int64 // of a cell
	begin         []int32
	items         []int32
}

// gridEdge has a before b; above and below are whatever the caller wants to know of its two sides. For a vertical
// edge above is the left side and below the right.
type gridEdge struct {
	a, b         Point
	above, below int32
}

func newEdgeGrid(edges []gridEdge) *edgeGrid {
	g := &edgeGrid{edges: edges}
	if len(edges) == 0 {
		return g
	}
	g.bounds = boxOf(edges[0].a)
	for i := range edges {
		g.bounds.add(edges[i].a)
		g.bounds.add(edges[i].b)
	}
	// Square cells, about one for every two edges.
	w, h := float64(g.bounds.width()+1), float64(g.bounds.height()+1)
	cell := max(1, int64(math.Sqrt(2*w*h/float64(len(edges)))), int64(max(w, h)/float64(len(edges))))
	g.width, g.height = cell, cell
	g.cols, g.rows = g.bounds.width()/cell+1, g.bounds.height()/cell+1
	g.begin = make([]int32, g.cols*g.rows+1)
	for i := range edges {
		g.visit(&edges[i], func(cell int64) { g.begin[cell+1]++ })
	}
	for i := int64(0); i < g.cols*g.rows; i++ {
		g.begin[i+1] += g.begin[i]
	}
	g.items = make([]int32, g.begin[g.cols*g.rows])
	fill := append([]int32(nil), g.begin[:g.cols*g.rows]...)
	for i := range edges {
		g.visit(&edges[i], func(cell int64) {
			g.items[fill[cell]] = int32(i)
			fill[cell]++
		})
	}
	return g
}

// visit calls f for every cell that the edge meets, and perhaps for a few beside it. Cells of a column
// follow one another.
func (g *edgeGrid) visit(e *gridEdge, f func(cell int64)) {
	c0 := (int64(e.a.X) - int64(g.bounds.x0)) / g.width
	c1 := (int64(e.b.X) - int64(g.bounds.x0)) / g.width
	for c := c0; c <= c1; c++ {
		left := max(int64(e.a.X), int64(g.bounds.x0)+c*g.width)
		right := min(int64(e.b.X), int64(g.bounds.x0)+(c+1)*g.width)
		l, r := e.yAt(left), e.yAt(right)
		if e.a.X == e.b.X {
			l, r = int64(e.a.Y), int64(e.b.Y)
		}
		if l > r {
			l, r = r, l
		}
		r0 := max(0, (l-1-int64(g.bounds.y0))/g.height)
		r1 := min(g.rows-1, (r+1-int64(g.bounds.y0))/g.height)
		for r := r0; r <= r1; r++ {
			f(c*g.rows + r)
		}
	}
}

// yAt is the edge's height at x, to within a step.
func (e *gridEdge) yAt(x int64) int64 {
	dx := int64(e.b.X) - int64(e.a.X)
	if dx == 0 {
		return int64(e.a.Y)
	}
	return int64(e.a.Y) + (int64(e.b.Y)-int64(e.a.Y))*(x-int64(e.a.X))/dx
}

// below gives the highest edge that lies strictly below p and ends strictly right of it, or -1.
func (g *edgeGrid) below(p Point) int32 {
	if len(g.edges) == 0 || p.X < g.bounds.x0 || p.X > g.bounds.x1 || p.Y < g.bounds.y0 {
		return -1
	}
	col := (int64(p.X) - int64(g.bounds.x0)) / g.width
	row := min(g.rows-1, (int64(p.Y)-int64(g.bounds.y0))/g.height)
	best := int32(-1)
	for ; row >= 0; row-- {
		cell := col*g.rows + row
		for _, i := range g.items[g.begin[cell]:g.begin[cell+1]] {
			e := &g.edges[i]
			if e.a.X <= p.X && p.X < e.b.X && cross(e.a, e.b, p) > 0 && (best < 0 || e.over(&g.edges[best])) {
				best = i
			}
		}
		if best >= 0 {
			e := &g.edges[best]
			if floor := (Point{p.X, g.bounds.y0 + int32(row*g.height)}); cross(e.a, e.b, floor) <= 0 {
				return best
			}
		}
	}
	return best
}

// over says whether e lies above f where both have a part over the same stretch.
func (e *gridEdge) over(f *gridEdge) bool {
	if e.a.X >= f.a.X {
		if s := cross(f.a, f.b, e.a); s != 0 {
			return s > 0
		}
		return cross(f.a, f.b, e.b) > 0
	}
	if s := cross(e.a, e.b, f.a); s != 0 {
		return s < 0
	}
	return cross(e.a, e.b, f.b) < 0
}

// on gives an edge on which p lies and for which take says yes, or -1.
func (g *edgeGrid) on(p Point, take func(e *gridEdge) bool) int32 {
	if len(g.edges) == 0 || p.X < g.bounds.x0 || p.X > g.bounds.x1 || p.Y < g.bounds.y0 || p.Y > g.bounds.y1 {
		return -1
	}
	col := (int64(p.X) - int64(g.bounds.x0)) / g.width
	row := (int64(p.Y) - int64(g.bounds.y0)) / g.height
	cell := col*g.rows + row
	for _, i := range g.items[g.begin[cell]:g.begin[cell+1]] {
		if e := &g.edges[i]; onSegment(e.a, e.b, p) && take(e) {
			return i
		}
	}
	return -1
}
