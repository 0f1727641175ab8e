package planar

import (
	"container/heap"
	"math"
)

// aspect is how many steps of latitude a step of longitude is long, halfway up the box.
func (b box) aspect() float64 {
	return math.Cos((float64(b.y0) + float64(b.y1)) / 2 / Scale * math.Pi / 180)
}

// PoleOfInaccessibility gives the place for a label: the point inside the polygons that is farthest from
// their borders, to within precision (in steps of latitude; a step of longitude counts cos(lat)). It lies inside, but for
// polygons so thin that no lattice point does; for no polygons it is the zero Point.
//
// Precision is never finer than a 500th of the largest polygon's extent: along a strip of even width every place is
// as good as the next, and a finer search would look at them all.
//
// Method: best-first search of a quadtree with the distance at a cell's centre and its half diagonal as the
// bound (V. Agafonkin, polylabel).
func PoleOfInaccessibility(polygons []Polygon, precision float64) Point {
	p := largest(polygons)
	if p == nil {
		return Point{}
	}
	s := newPoleSearch(polygons, p)
	precision = max(precision, .5, s.extent/500)
	for len(s.cells) > 0 {
		c := heap.Pop(&s.cells).(poleCell)
		if c.bound-s.best <= precision {
			break
		}
		h := c.half / 2
		for _, d := range [4][2]float64{{-h, -h}, {h, -h}, {-h, h}, {h, h}} {
			s.try(c.x+d[0], c.y+d[1], h)
		}
	}
	return s.point(polygons)
}

type poleCell struct{ x, y, half, bound float64 }

type poleCells []poleCell

func (c poleCells) Len() int           { return len(c) }
func (c poleCells) Less(i, j int) bool { return c[i].bound > c[j].bound }
func (c poleCells) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }
func (c *poleCells) Push(x any)        { *c = append(*c, x.(poleCell)) }
func (c *poleCells) Pop() any {
	old := *c
	last := old[len(old)-1]
	*c = old[:len(old)-1]
	return last
}

// poleSearch works in steps from an origin, x times the aspect.
type poleSearch struct {
	origin         Point
	aspect, extent float64
	edges          [][4]float64
	cells          poleCells
	best           float64
	bestX, bestY   float64
}

func newPoleSearch(polygons []Polygon, main Polygon) *poleSearch {
	b := boxOf(main[0][0])
	for _, v := range main[0] {
		b.add(v)
	}
	s := &poleSearch{origin: Point{b.x0, b.y0}, aspect: b.aspect(), best: math.Inf(-1)}
	for _, p := range polygons {
		for _, r := range p {
			for i, j := 0, len(r)-1; i < len(r); j, i = i, i+1 {
				ax, ay := s.scaled(r[j])
				bx, by := s.scaled(r[i])
				s.edges = append(s.edges, [4]float64{ax, ay, bx, by})
			}
		}
	}
	x, y := InteriorPoint([]Polygon{main})
	s.try((x-float64(b.x0))*s.aspect, y-float64(b.y0), 0)
	w, h := float64(b.width())*s.aspect, float64(b.height())
	s.extent = max(w, h)
	size := max(min(w, h), max(w, h)/32)
	for x := size / 2; x < w+size/2; x += size {
		for y := size / 2; y < h+size/2; y += size {
			s.try(x, y, size/2)
		}
	}
	return s
}

func (s *poleSearch) scaled(p Point) (x, y float64) {
	return float64(int64(p.X)-int64(s.origin.X)) * s.aspect, float64(int64(p.Y) - int64(s.origin.Y))
}

func (s *poleSearch) try(x, y, half float64) {
	d := s.distance(x, y)
	if d > s.best {
		s.best, s.bestX, s.bestY = d, x, y
	}
	if half > 0 {
		if bound := d + half*math.Sqrt2; bound > s.best {
			heap.Push(&s.cells, poleCell{x, y, half, bound})
		}
	}
}

// distance to the nearest edge, negative outside.
func (s *poleSearch) distance(x, y float64) float64 {
	inside := false
	least := math.Inf(1)
	for i := range s.edges {
		e := &s.edges[i]
		dx, dy := e[2]-e[0], e[3]-e[1]
		px, py := x-e[0], y-e[1]
		if (e[1] > y) != (e[3] > y) && px < py*dx/dy {
			inside = !inside
		}
		t := 0.
		if l := dx*dx + dy*dy; l > 0 {
			t = min(1, max(0, (px*dx+py*dy)/l))
		}
		px -= t * dx
		py -= t * dy
		least = min(least, px*px+py*py)
	}
	if inside {
		return math.Sqrt(least)
	}
	return -math.Sqrt(least)
}

// point rounds the place to the lattice, and sees to it that it is inside if anything can be.
func (s *poleSearch) point(polygons []Polygon) Point {
	p := Point{
		s.origin.X + int32(math.Round(s.bestX/s.aspect)),
		s.origin.Y + int32(math.Round(s.bestY)),
	}
	for _, polygon := range polygons {
		if polygon.side(p) > 0 {
			return p
		}
	}
	if q, ok := interiorLattice(polygons); ok {
		return q
	}
	return p
}
