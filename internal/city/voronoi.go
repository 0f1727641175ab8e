package city

import (
	"math"
	"slices"
)

// diagram is a Voronoi diagram: for each site the sites around its cell, counter-clockwise. Its corners are
// named by the three sites they are equally far from, and computed from that name alone, so that the cells
// around a corner agree on it to the bit.
type diagram struct {
	sites []vec
	real  int // sites from here on only bound the others
}

// newDiagram surrounds the sites with a ring of others far away.
func newDiagram(sites []vec) *diagram {
	box := bounds(sites)
	c, r := box.centre(), 2*math.Hypot(box.w(), box.h())
	g := &diagram{append([]vec(nil), sites...), len(sites)}
	for k := range 40 {
		a := (float64(k) + .37) * 2 * math.Pi / 40
		g.sites = append(g.sites, vec{c.x + r*math.Cos(a), c.y + r*math.Sin(a)})
	}
	return g
}

// corner is the centre of the circle through three sites.
func (g *diagram) corner(i, j, k int) vec {
	name := [3]int{i, j, k}
	slices.Sort(name[:])
	a := g.sites[name[0]]
	b, c := g.sites[name[1]].sub(a), g.sites[name[2]].sub(a)
	d := 2 * b.cross(c)
	return a.add(vec{(c.y*b.dot(b) - b.y*c.dot(c)) / d, (b.x*c.dot(c) - c.x*b.dot(b)) / d})
}

// around lists the sites whose cells border on i's, counter-clockwise: the plane is clipped by the middle
// line to each other site, the nearest first, until none can reach any more.
func (g *diagram) around(i int) []int {
	at := g.sites[i]
	order := make([]int, 0, len(g.sites)-1)
	for j := range g.sites {
		if j != i {
			order = append(order, j)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := g.sites[a].dist(at), g.sites[b].dist(at)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return a - b
	})
	// A cell begins as a big triangle; sides -1 … -3 are its own and are gone at the end.
	const far = 1e7
	cell := []cellSide{{vec{at.x - far, at.y - far}, -1}, {vec{at.x + far, at.y - far}, -2}, {vec{at.x, at.y + far}, -3}}
	for _, j := range order {
		reach := 0.0
		for _, s := range cell {
			reach = math.Max(reach, s.from.dist(at))
		}
		if g.sites[j].dist(at) > 2*reach {
			break
		}
		cell = g.clip(cell, i, j)
	}
	out := make([]int, len(cell))
	for k, s := range cell {
		out[k] = s.to
	}
	return out
}

// cellSide is one side of a cell: where it begins, and the site beyond.
type cellSide struct {
	from vec
	to   int
}

func (g *diagram) clip(cell []cellSide, i, j int) []cellSide {
	a, b := g.sites[i], g.sites[j]
	m, n := a.add(b).mul(.5), b.sub(a)
	beyond := func(p vec) float64 { return p.sub(m).dot(n) }
	var out []cellSide
	for k, s := range cell {
		next := cell[(k+1)%len(cell)]
		x, y := beyond(s.from), beyond(next.from)
		if x <= 0 {
			out = append(out, s)
		}
		if (x <= 0) != (y <= 0) {
			p := s.from.add(next.from.sub(s.from).mul(x / (x - y)))
			if x <= 0 {
				out = append(out, cellSide{p, j})
			} else {
				out = append(out, cellSide{p, s.to})
			}
		}
	}
	return out
}

// wiggled is the border between the cells of i and j from the corner with k to the corner with l, bent like a
// field path or a ditch. It is drawn in one direction only, and turned round for the other.
func (g *diagram) wiggled(seed uint64, size float64, i, j, k, l int) []vec {
	lo, hi := min(i, j), max(i, j)
	from, to, back := g.corner(i, j, k), g.corner(i, j, l), k > l
	if back {
		from, to = to, from
	}
	d := throw(seed, forBorders, uint64(lo), uint64(hi))
	line := append(ragged(from, to, size, 5, d), to)
	if back {
		slices.Reverse(line)
	}
	return line
}

// ragged halves a line again and again, each middle moved sideways by up to a part of the length; the end is
// left out.
func ragged(a, b vec, size float64, deep int, d *dice) []vec {
	length := a.dist(b)
	if deep == 0 || length < 70 {
		return []vec{a}
	}
	ab := b.sub(a)
	m := a.add(ab.mul(d.between(.45, .55))).add(vec{-ab.y, ab.x}.mul(size * d.between(-1, 1)))
	return append(ragged(a, m, size, deep-1, d), ragged(m, b, size, deep-1, d)...)
}

// cell is the outline of a site's cell.
func (g *diagram) cell(seed uint64, size float64, i int) []vec {
	next := g.around(i)
	var ring []vec
	n := len(next)
	for k, j := range next {
		line := g.wiggled(seed, size, i, j, next[(k+n-1)%n], next[(k+1)%n])
		ring = append(ring, line[:len(line)-1]...)
	}
	return ring
}
