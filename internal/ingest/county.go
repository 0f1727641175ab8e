package ingest

import (
	"sort"

	"jingwei/internal/division"
	"jingwei/internal/planar"
)

// countyIndex answers which counties a feature touches, in memory and exactly: it holds the edges of the
// counties' divisions in horizontal bands.
type countyIndex struct{ counties []countyGround }

type countyGround struct {
	county int
	box    box
	parts  []partGround
}

// partGround is one polygon of one division.
type partGround struct {
	box   box
	from  int32     // y of the lowest band
	step  int64     // height of a band in lattice steps
	bands [][]pairs // the edges that reach into each band
}

type pairs struct{ a, b planar.Point }

type box struct{ min, max planar.Point }

func boxOf(points []planar.Point) box {
	b := box{points[0], points[0]}
	for _, p := range points[1:] {
		b.min.X, b.min.Y = min(b.min.X, p.X), min(b.min.Y, p.Y)
		b.max.X, b.max.Y = max(b.max.X, p.X), max(b.max.Y, p.Y)
	}
	return b
}

func (b box) join(c box) box {
	return box{
		planar.Point{X: min(b.min.X, c.min.X), Y: min(b.min.Y, c.min.Y)},
		planar.Point{X: max(b.max.X, c.max.X), Y: max(b.max.Y, c.max.Y)},
	}
}

func (b box) meets(c box) bool {
	return b.min.X <= c.max.X && c.min.X <= b.max.X && b.min.Y <= c.max.Y && c.min.Y <= b.max.Y
}

func (b box) holds(p planar.Point) bool {
	return p.X >= b.min.X && p.X <= b.max.X && p.Y >= b.min.Y && p.Y <= b.max.Y
}

// newCountyIndex takes all divisions with a polygon; larger ones first are quicker.
func newCountyIndex(ds []division.Division) *countyIndex {
	by := map[int]*countyGround{}
	for _, d := range ds {
		for _, p := range d.Polygons {
			g := by[d.County()]
			if g == nil {
				g = &countyGround{county: d.County(), box: boxOf(p[0])}
				by[d.County()] = g
			}
			part := newPartGround(p)
			g.box = g.box.join(part.box)
			g.parts = append(g.parts, part)
		}
	}
	ix := &countyIndex{}
	for _, g := range by {
		ix.counties = append(ix.counties, *g)
	}
	sort.Slice(ix.counties, func(i, j int) bool { return ix.counties[i].county < ix.counties[j].county })
	return ix
}

func newPartGround(p planar.Polygon) partGround {
	edges := 0
	for _, r := range p {
		edges += len(r)
	}
	g := partGround{box: boxOf(p[0])}
	n := int64(max(1, min(edges/2, 4096)))
	g.from = g.box.min.Y
	g.step = (int64(g.box.max.Y)-int64(g.from))/n + 1
	g.bands = make([][]pairs, n)
	for _, r := range p {
		for i := range r {
			e := pairs{r[i], r[(i+1)%len(r)]}
			first, last := g.band(min(e.a.Y, e.b.Y)), g.band(max(e.a.Y, e.b.Y))
			for b := first; b <= last; b++ {
				g.bands[b] = append(g.bands[b], e)
			}
		}
	}
	return g
}

func (g *partGround) band(y int32) int {
	b := (int64(y) - int64(g.from)) / g.step
	return int(max(0, min(b, int64(len(g.bands)-1))))
}

// holds says that p lies in the part or on its border.
func (g *partGround) holds(p planar.Point) bool {
	if !g.box.holds(p) {
		return false
	}
	in := false
	for _, e := range g.bands[g.band(p.Y)] {
		if onSegment(p, e.a, e.b) {
			return true
		}
		if (e.a.Y > p.Y) != (e.b.Y > p.Y) && (e.b.Y > e.a.Y) == (orient(e.a, e.b, p) > 0) {
			in = !in
		}
	}
	return in
}

// crosses says that the segment has a point in common with the part's border.
func (g *partGround) crosses(a, b planar.Point) bool {
	if !g.box.meets(boxOf([]planar.Point{a, b})) {
		return false
	}
	first, last := g.band(min(a.Y, b.Y)), g.band(max(a.Y, b.Y))
	for i := first; i <= last; i++ {
		for _, e := range g.bands[i] {
			if meet(a, b, e.a, e.b) {
				return true
			}
		}
	}
	return false
}

// line gives the counties that a line touches.
func (ix *countyIndex) line(points []planar.Point) []int {
	return ix.touched(boxOf(points), func(g *partGround) bool { return touchesPath(g, points, false) })
}

// area gives the counties that an area touches.
func (ix *countyIndex) area(parts []planar.Polygon) []int {
	b := boxOf(parts[0][0])
	for _, p := range parts[1:] {
		b = b.join(boxOf(p[0]))
	}
	return ix.touched(b, func(g *partGround) bool {
		for _, p := range parts {
			for _, r := range p {
				if touchesPath(g, r, true) {
					return true
				}
			}
			if g.corner().inside(p) { // the division lies wholly inside the area
				return true
			}
		}
		return false
	})
}

// point gives the counties that a point lies in.
func (ix *countyIndex) point(p planar.Point) []int {
	return ix.touched(box{p, p}, func(g *partGround) bool { return g.holds(p) })
}

type corner planar.Point

func (g *partGround) corner() corner {
	for _, b := range g.bands {
		if len(b) > 0 {
			return corner(b[0].a)
		}
	}
	return corner(g.box.min)
}

func (c corner) inside(p planar.Polygon) bool {
	if sideOf(planar.Point(c), p[0]) < 0 {
		return false
	}
	for _, hole := range p[1:] {
		if sideOf(planar.Point(c), hole) > 0 {
			return false
		}
	}
	return true
}

func touchesPath(g *partGround, points []planar.Point, closed bool) bool {
	for _, p := range points {
		if g.holds(p) {
			return true
		}
	}
	for i := 1; i < len(points); i++ {
		if g.crosses(points[i-1], points[i]) {
			return true
		}
	}
	return closed && g.crosses(points[len(points)-1], points[0])
}

func (ix *countyIndex) touched(b box, test func(*partGround) bool) []int {
	var out []int
	for i := range ix.counties {
		c := &ix.counties[i]
		if !c.box.meets(b) {
			continue
		}
		for j := range c.parts {
			if c.parts[j].box.meets(b) && test(&c.parts[j]) {
				out = append(out, c.county)
				break
			}
		}
	}
	return out
}

// most gives the one county in which most of an area lies, by a sample of its points: which of two that have about
// half of it each doesn't matter, as long as it is one.
func (ix *countyIndex) most(parts []planar.Polygon) []int {
	b := boxOf(parts[0][0])
	for _, p := range parts[1:] {
		b = b.join(boxOf(p[0]))
	}
	const across = 16
	at := func(from, to int32, i int) int32 { return int32(int64(from) + diff(to, from)*int64(2*i+1)/(2*across)) }
	inside := map[int]int{}
	for i := range across {
		for j := range across {
			p := planar.Point{X: at(b.min.X, b.max.X, i), Y: at(b.min.Y, b.max.Y, j)}
			if planar.Contains(parts, p) {
				for _, county := range ix.point(p) {
					inside[county]++
				}
			}
		}
	}
	best := ix.area(parts)[:1]
	for _, c := range ix.counties {
		if inside[c.county] > inside[best[0]] {
			best = []int{c.county}
		}
	}
	return best
}
