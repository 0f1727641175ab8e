package planar

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// Simplify thins the arcs: nodes stay, and of the other vertices as many go as can, the least conspicuous first
// (the triangle with their neighbours: Visvalingam and Whyatt 1993), as long as no vertex that went lies farther
// than tolerance from its arc. Tolerance is in steps of latitude; a step of longitude counts cos(lat).
//
// It is safe: a vertex goes only if the triangle holds no other vertex of the coverage, so no arcs come to cross or touch,
// no face vanishes, turns over or swallows another, and both sides of a border stay the same. Faces and arcs keep their numbers.
func (c *Coverage) Simplify(tolerance float64) *Coverage {
	return c.SimplifyBy(func(*Arc) float64 { return tolerance })
}

// SimplifyBy is Simplify with a tolerance for each arc; an arc with none, or a negative one, stays as it is.
func (c *Coverage) SimplifyBy(tolerance func(a *Arc) float64) *Coverage {
	out := &Coverage{Arcs: slices.Clone(c.Arcs), Faces: c.Faces, nodes: c.nodes}
	s := newThinner(c, tolerance)
	if s == nil {
		return out
	}
	s.run()
	for i := range out.Arcs {
		out.Arcs[i].Points = s.rest(int32(i))
	}
	return out
}

// thinner holds the points of all arcs in one row; an arc's are begin[arc] … begin[arc+1]-1.
type thinner struct {
	points     []Point
	begin      []int32
	arcOf      []int32
	prev, next []int32 // -1 at an arc's ends
	version    []int32 // of a vertex' triangle; those in the heap with an older one are stale
	alive      []bool
	left       []int32 // how many points each arc has left
	tolerance  []float64
	siblings   [][]int32 // arcs between the same two nodes
	aspect     float64
	heap       thinHeap
	cells      *vertexGrid
}

func newThinner(c *Coverage, tolerance func(a *Arc) float64) *thinner {
	if len(c.Arcs) == 0 {
		return nil
	}
	s := &thinner{
		begin:     make([]int32, len(c.Arcs)+1),
		left:      make([]int32, len(c.Arcs)),
		tolerance: make([]float64, len(c.Arcs)),
		siblings:  siblings(c),
	}
	total := 0
	for i := range c.Arcs {
		total += len(c.Arcs[i].Points)
	}
	s.points = make([]Point, 0, total)
	s.prev, s.next = make([]int32, total), make([]int32, total)
	s.arcOf, s.version, s.alive = make([]int32, total), make([]int32, total), make([]bool, total)
	bounds := boxOf(c.Arcs[0].Points[0])
	for i := range c.Arcs {
		a := &c.Arcs[i]
		s.begin[i] = int32(len(s.points))
		s.points = append(s.points, a.Points...)
		s.left[i] = int32(len(a.Points))
		s.tolerance[i] = tolerance(a)
		for j := s.begin[i]; j < int32(len(s.points)); j++ {
			s.prev[j], s.next[j], s.arcOf[j], s.alive[j] = j-1, j+1, int32(i), true
			bounds.add(s.points[j])
		}
		s.prev[s.begin[i]], s.next[len(s.points)-1] = -1, -1
	}
	s.begin[len(c.Arcs)] = int32(total)
	s.aspect = bounds.aspect()
	s.cells = newVertexGrid(s.points, bounds)
	for i := range s.points {
		s.push(int32(i))
	}
	return s
}

// siblings gives each arc the others between the same two nodes, nil where there are none.
func siblings(c *Coverage) [][]int32 {
	order := make([]int32, len(c.Arcs))
	for i := range order {
		order[i] = int32(i)
	}
	ends := func(i int32) (int32, int32) {
		a := &c.Arcs[i]
		return min(a.from, a.to), max(a.from, a.to)
	}
	slices.SortFunc(order, func(i, j int32) int {
		a, b := ends(i)
		p, q := ends(j)
		return cmp.Or(cmp.Compare(a, p), cmp.Compare(b, q), cmp.Compare(i, j))
	})
	out := make([][]int32, len(c.Arcs))
	for i := 0; i < len(order); {
		a, b := ends(order[i])
		j := i + 1
		for ; j < len(order); j++ {
			if p, q := ends(order[j]); p != a || q != b {
				break
			}
		}
		if j > i+1 {
			for _, arc := range order[i:j] {
				out[arc] = order[i:j:j]
			}
		}
		i = j
	}
	return out
}

type thinItem struct {
	area    int64
	vertex  int32
	version int32
}

type thinHeap []thinItem

func (h thinHeap) Len() int { return len(h) }
func (h thinHeap) Less(i, j int) bool {
	return h[i].area < h[j].area || h[i].area == h[j].area && h[i].vertex < h[j].vertex
}
func (h thinHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *thinHeap) Push(x any)   { *h = append(*h, x.(thinItem)) }
func (h *thinHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// push puts a vertex up for removal, with its triangle as it is now.
func (s *thinner) push(v int32) {
	s.version[v]++
	p, n := s.prev[v], s.next[v]
	if p < 0 || n < 0 || s.tolerance[s.arcOf[v]] <= 0 || !s.within(p, n) {
		return
	}
	heap.Push(&s.heap, thinItem{abs64(cross(s.points[p], s.points[v], s.points[n])), v, s.version[v]})
}

func (s *thinner) run() {
	for len(s.heap) > 0 {
		top := heap.Pop(&s.heap).(thinItem)
		v := top.vertex
		if !s.alive[v] || top.version != s.version[v] || !s.may(v) {
			continue
		}
		p, n := s.prev[v], s.next[v]
		s.alive[v] = false
		s.cells.remove(v)
		s.next[p], s.prev[n] = n, p
		s.left[s.arcOf[v]]--
		s.push(p)
		s.push(n)
	}
}

// within says whether everything there was between p and n is near the straight line between them.
func (s *thinner) within(p, n int32) bool {
	a, b := s.points[p], s.points[n]
	dx, dy := float64(int64(b.X)-int64(a.X))*s.aspect, float64(int64(b.Y)-int64(a.Y))
	most := s.tolerance[s.arcOf[p]]
	most *= most
	length2 := dx*dx + dy*dy
	for v := p + 1; v < n; v++ {
		x := float64(int64(s.points[v].X)-int64(a.X)) * s.aspect
		y := float64(int64(s.points[v].Y) - int64(a.Y))
		t := 0.
		if length2 > 0 {
			t = min(1, max(0, (x*dx+y*dy)/length2))
		}
		x -= t * dx
		y -= t * dy
		if x*x+y*y > most {
			return false
		}
	}
	return true
}

// may says whether the vertex can go without harm to the shape of things.
func (s *thinner) may(v int32) bool {
	arc := s.arcOf[v]
	first, last := s.points[s.begin[arc]], s.points[s.begin[arc+1]-1]
	if first == last && s.left[arc] <= 4 {
		return false // a closed arc keeps three vertices
	}
	if s.left[arc] == 3 {
		for _, other := range s.siblings[arc] {
			if other != arc && s.left[other] == 2 {
				return false // two arcs between the same nodes would become one
			}
		}
	}
	return s.cells.empty(s.points[s.prev[v]], s.points[v], s.points[s.next[v]])
}

func (s *thinner) rest(arc int32) []Point {
	out := make([]Point, 0, s.left[arc])
	for v := s.begin[arc]; v >= 0; v = s.next[v] {
		out = append(out, s.points[v])
	}
	return out
}

// vertexGrid knows which vertices are left where.
type vertexGrid struct {
	points []Point
	bounds box
	cell   int64
	rows   int64
	begin  []int32
	count  []int32 // how many of a cell's items are left
	items  []int32
}

func newVertexGrid(points []Point, bounds box) *vertexGrid {
	g := &vertexGrid{points: points, bounds: bounds}
	w, h := float64(bounds.width()+1), float64(bounds.height()+1)
	g.cell = max(1, int64(math.Sqrt(2*w*h/float64(len(points)))), int64(max(w, h)/float64(len(points))))
	g.rows = bounds.height()/g.cell + 1
	cells := (bounds.width()/g.cell + 1) * g.rows
	g.begin, g.count = make([]int32, cells+1), make([]int32, cells)
	for _, p := range points {
		g.begin[g.at(p)+1]++
	}
	for i := range cells {
		g.begin[i+1] += g.begin[i]
	}
	g.items = make([]int32, len(points))
	for i, p := range points {
		c := g.at(p)
		g.items[g.begin[c]+g.count[c]] = int32(i)
		g.count[c]++
	}
	return g
}

func (g *vertexGrid) column(x int32) int64 { return (int64(x) - int64(g.bounds.x0)) / g.cell }
func (g *vertexGrid) row(y int32) int64    { return (int64(y) - int64(g.bounds.y0)) / g.cell }
func (g *vertexGrid) at(p Point) int64     { return g.column(p.X)*g.rows + g.row(p.Y) }

func (g *vertexGrid) remove(v int32) {
	c := g.at(g.points[v])
	items := g.items[g.begin[c] : g.begin[c]+g.count[c]]
	for i, w := range items {
		if w == v {
			items[i] = items[len(items)-1]
			g.count[c]--
			return
		}
	}
}

// empty says whether the closed triangle holds no vertex but its own corners.
func (g *vertexGrid) empty(a, b, c Point) bool {
	if cross(a, b, c) < 0 {
		b, c = c, b
	}
	t := boxOf(a)
	t.add(b)
	t.add(c)
	for col := g.column(t.x0); col <= g.column(t.x1); col++ {
		for row := g.row(t.y0); row <= g.row(t.y1); row++ {
			cell := col*g.rows + row
			for _, v := range g.items[g.begin[cell] : g.begin[cell]+g.count[cell]] {
				if p := g.points[v]; p != a && p != b && p != c &&
					cross(a, b, p) >= 0 && cross(b, c, p) >= 0 && cross(c, a, p) >= 0 &&
					t.x0 <= p.X && p.X <= t.x1 && t.y0 <= p.Y && p.Y <= t.y1 {
					return false
				}
			}
		}
	}
	return true
}
