package ground

import (
	"jingwei/internal/planar"
)

// footprint is what the ground round a building is measured from: the outline of a building, or of one
// part of a building that is cut.
type footprint struct {
	owner int32            // whose ground it is, counted within the community
	lines [][]planar.Point // its outline without the cuts inside the building; each an open polyline
}

// nearestGround tells for every position which of several footprints is nearest, and where the border
// between their grounds runs. It is the Voronoi diagram of the outlines, made from sites along them: as
// dense as the gap to the neighbour is narrow.
type nearestGround struct {
	frame frame
	mesh  *triangulation
	owner []int32 // by site; -1 for the corners of the surrounding square
}

const (
	sitesPerGap  = 0.7            // a stretch between two sites is at most this share of the gap to the next owner
	closestSites = 40             // steps, about 45 cm: closer than that they never need to be
	sitingRounds = 10             // halvings: 0.45 m × 2^10 is longer than any wall
	widestReach  = int64(1) << 24 // what the triangulation takes
)

// stretch is a piece of an outline between two sites.
type stretch struct{ a, b int32 }

// newNearestGround places the sites. The footprints must not be empty.
func newNearestGround(prints []footprint) *nearestGround {
	extent := nowhere
	points := 0
	for _, p := range prints {
		for _, line := range p.lines {
			extent = extent.union(boxOf(line...))
			points += len(line)
		}
	}
	middle := planar.Point{
		X: int32((int64(extent.minX) + int64(extent.maxX)) / 2),
		Y: int32((int64(extent.minY) + int64(extent.maxY)) / 2),
	}
	reach := max(int64(extent.maxX)-int64(extent.minX), int64(extent.maxY)-int64(extent.minY))*2 + 20000
	g := &nearestGround{frame: frameAt(middle), mesh: newTriangulation(min(reach, widestReach), points*3)}
	g.owner = []int32{-1, -1, -1, -1}
	open := g.siteOutlines(prints)
	for range sitingRounds {
		if open = g.halve(open, g.gaps()); len(open) == 0 {
			break
		}
	}
	return g
}

func (g *nearestGround) site(s site, owner int32) int32 {
	at, added := g.mesh.insert(s)
	if added {
		g.owner = append(g.owner, owner)
	}
	return at
}

func (g *nearestGround) siteOutlines(prints []footprint) (open []stretch) {
	for _, p := range prints {
		for _, line := range p.lines {
			before := int32(-1)
			for _, v := range line {
				at := g.site(g.frame.in(v), p.owner)
				if before >= 0 && at != before {
					open = append(open, stretch{before, at})
				}
				before = at
			}
		}
	}
	return open
}

// gaps is, by site, the square of the distance to the nearest neighbour in the mesh that has another owner.
func (g *nearestGround) gaps() []int64 {
	gap := make([]int64, len(g.mesh.sites))
	for i := range gap {
		gap[i] = 1 << 62
	}
	for _, tr := range g.mesh.triangles {
		for i := range 3 {
			a, b := tr.corner[i], tr.corner[(i+1)%3]
			if g.owner[a] == g.owner[b] || a < corners || b < corners {
				continue
			}
			p, q := g.mesh.sites[a], g.mesh.sites[b]
			d := (p.x-q.x)*(p.x-q.x) + (p.y-q.y)*(p.y-q.y)
			gap[a], gap[b] = min(gap[a], d), min(gap[b], d)
		}
	}
	return gap
}

// halve puts a site into the middle of every stretch that is long for its gap, and returns the halves.
func (g *nearestGround) halve(open []stretch, gap []int64) (halves []stretch) {
	for _, s := range open {
		p, q := g.mesh.sites[s.a], g.mesh.sites[s.b]
		length := float64((p.x-q.x)*(p.x-q.x) + (p.y-q.y)*(p.y-q.y))
		narrow := float64(min(gap[s.a], gap[s.b]))
		if length <= closestSites*closestSites || length <= sitesPerGap*sitesPerGap*narrow {
			continue
		}
		owner := g.owner[s.a]
		if g.owner[s.b] != owner {
			owner = max(owner, g.owner[s.b]) // one end lies on a neighbour's wall
		}
		g.mesh.last = g.mesh.find(p)
		middle := g.site(site{(p.x + q.x) / 2, (p.y + q.y) / 2}, owner)
		if middle != s.a && middle != s.b {
			halves = append(halves, stretch{s.a, middle}, stretch{middle, s.b})
		}
	}
	return halves
}

// at gives the owner of the footprint nearest to a position.
func (g *nearestGround) at(p planar.Point) int32 {
	if v := g.mesh.nearest(g.frame.in(p)); v >= 0 {
		return g.owner[v]
	}
	return -1
}

// chain is a stretch of the border between the grounds of two footprints, from one junction to the next.
type chain struct {
	spots []spot
	room  []float64 // by spot: how far it is from the two footprints, in steps
}

// chains gives the borders between grounds of different owners, as long as they are: clipping is the
// caller's.
func (g *nearestGround) chains() []chain {
	t := g.mesh
	degree := make([]uint8, len(t.triangles))
	used := make([][3]bool, len(t.triangles))
	for at := range t.triangles {
		for i := range 3 {
			if g.parts(int32(at), i) {
				degree[at]++
			}
		}
	}
	var out []chain
	start := func(at int32, i int) {
		if g.parts(at, i) && !used[at][i] {
			out = append(out, g.follow(at, i, degree, used))
		}
	}
	for at := range t.triangles {
		if degree[at] != 2 {
			for i := range 3 {
				start(int32(at), i)
			}
		}
	}
	for at := range t.triangles { // what is left goes round
		for i := range 3 {
			start(int32(at), i)
		}
	}
	return out
}

// parts says whether the edge facing corner i of a triangle joins two owners, and has a triangle beyond it.
func (g *nearestGround) parts(at int32, i int) bool {
	tr := &g.mesh.triangles[at]
	a, b := tr.corner[(i+1)%3], tr.corner[(i+2)%3]
	return a >= corners && b >= corners && g.owner[a] != g.owner[b] && tr.next[i] >= 0
}

// follow walks from a triangle across edge i until it comes to a junction, or back to where it started.
func (g *nearestGround) follow(at int32, i int, degree []uint8, used [][3]bool) chain {
	var c chain
	add := func(at int32) {
		s, r := g.mesh.centre(at)
		c.spots, c.room = append(c.spots, s), append(c.room, r)
	}
	first := at
	add(at)
	for {
		beyond := g.mesh.triangles[at].next[i]
		back := 0
		for g.mesh.triangles[beyond].next[back] != at {
			back++
		}
		used[at][i], used[beyond][back] = true, true
		add(beyond)
		if degree[beyond] != 2 || beyond == first {
			return c
		}
		at = beyond
		for i = range 3 {
			if i != back && g.parts(at, i) {
				break
			}
		}
	}
}

// straighten thins a line: a spot may be dropped when the line stays within its tolerance of it (Douglas
// and Peucker 1973, with a tolerance a spot). The ends stay; a ring keeps one spot more.
func straighten(spots []spot, tolerance []float64) []spot {
	n := len(spots)
	if n < 3 {
		return spots
	}
	keep := make([]bool, n)
	keep[0], keep[n-1] = true, true
	spans := [][2]int{{0, n - 1}}
	if spots[0] == spots[n-1] {
		far := 0
		for i := range spots {
			if spots[i].minus(spots[0]).length() > spots[far].minus(spots[0]).length() {
				far = i
			}
		}
		keep[far] = true
		spans = [][2]int{{0, far}, {far, n - 1}}
	}
	for len(spans) > 0 {
		s := spans[len(spans)-1]
		spans = spans[:len(spans)-1]
		worst, at := 1.0, -1
		for i := s[0] + 1; i < s[1]; i++ {
			if excess := awayFrom(spots[i], spots[s[0]], spots[s[1]]) / max(tolerance[i], 1); excess > worst {
				worst, at = excess, i
			}
		}
		if at >= 0 {
			keep[at] = true
			spans = append(spans, [2]int{s[0], at}, [2]int{at, s[1]})
		}
	}
	var out []spot
	for i, k := range keep {
		if k {
			out = append(out, spots[i])
		}
	}
	return out
}

// awayFrom is the distance of p from the segment a–b.
func awayFrom(p, a, b spot) float64 {
	d := b.minus(a)
	l := d.dot(d)
	if l == 0 {
		return p.minus(a).length()
	}
	t := min(1, max(0, p.minus(a).dot(d)/l))
	return p.minus(a.between(b, t)).length()
}
