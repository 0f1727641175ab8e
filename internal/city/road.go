package city

import (
	"cmp"
	"math"
	"slices"
)

// node is a built-up place that country roads lead to.
type node struct {
	at    vec
	reach float64 // of its built-up ground
	ring  []vec   // no road from elsewhere enters it
	exits []exit
	name  string
	town  bool
}

// link is a country road between two nodes.
type link struct {
	a, b   int
	length float64
	class  string
	name   string
	line   []vec
}

// linkUp draws the country roads: two places are linked when no third lies between them (the relative
// neighbourhood graph of Toussaint 1980, which holds the shortest tree, so everybody can get anywhere).
// near lists for each node those around it, ascending.
func linkUp(seed uint64, nodes []node, near [][]int) []link {
	far := func(a, b int) float64 {
		return nodes[a].at.dist(nodes[b].at) - .7*(nodes[a].reach+nodes[b].reach)
	}
	var wanted, spare []link
	for a := range nodes {
		for _, b := range near[a] {
			if b <= a {
				continue
			}
			l := link{a: a, b: b, length: far(a, b)}
			free := true
			for _, k := range append(slices.Clone(near[a]), near[b]...) {
				if k != a && k != b && math.Max(far(a, k), far(b, k)) < l.length {
					free = false
				}
			}
			if free {
				wanted = append(wanted, l)
			} else {
				spare = append(spare, l)
			}
		}
	}
	slices.SortStableFunc(spare, func(x, y link) int { return cmp.Compare(x.length, y.length) })
	root := make([]int, len(nodes))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			i = root[i]
		}
		return i
	}
	index := newNodeGrid(nodes)
	var out []link
	try := func(l link) {
		if line := trace(seed, nodes, index, l); line != nil {
			l.line, l.length = line, 0
			for i := range line[1:] {
				l.length += line[i].dist(line[i+1])
			}
			out = append(out, l)
			root[find(l.a)] = find(l.b)
		}
	}
	for _, l := range wanted {
		try(l)
	}
	for _, l := range spare { // where no road could be drawn, a way round
		if find(l.a) != find(l.b) {
			try(l)
		}
	}
	return out
}

// trace draws a road from an exit of one place to one of another that enters no other place: the shortest
// way of leaving and arriving that fits, first in a wide curve, then straighter.
func trace(seed uint64, nodes []node, index nodeGrid, l link) []vec {
	type option struct {
		from, to exit
		cost     float64
	}
	var options []option
	for _, x := range nodes[l.a].exits {
		for _, y := range nodes[l.b].exits {
			way := y.at.sub(x.at)
			n := math.Max(way.len(), 1)
			turn := 2 - x.out.dot(way)/n + y.out.dot(way)/n // 0 when both face each other
			options = append(options, option{x, y, n * (1 + .45*turn)})
		}
	}
	slices.SortStableFunc(options, func(x, y option) int { return cmp.Compare(x.cost, y.cost) })
	for _, bow := range []float64{.38, .22, .08} {
		for _, o := range options[:min(len(options), 6)] {
			line := curve(o.from, o.to, bow, throw(seed, forRoads, uint64(l.a), uint64(l.b)))
			if !index.blocked(nodes, line) {
				return line
			}
		}
	}
	return nil
}

// curve leaves and arrives as the two exits point (a cubic Bézier curve), with some waviness between.
func curve(from, to exit, bow float64, d *dice) []vec {
	n := from.at.dist(to.at)
	p1, p2 := from.at.add(from.out.mul(bow*n)), to.at.add(to.out.mul(bow*n))
	parts := math.Max(2, math.Round(n/60))
	side := vec{from.at.y - to.at.y, to.at.x - from.at.x}.mul(1 / math.Max(n, 1))
	size, turns, phase := math.Min(n*.02, 26)*d.sign(), d.between(1.2, 3), d.between(0, 6)
	var line []vec
	for k := 0.0; k <= parts; k++ {
		t := k / parts
		s := 1 - t
		p := from.at.mul(s * s * s).add(p1.mul(3 * s * s * t)).add(p2.mul(3 * s * t * t)).add(to.at.mul(t * t * t))
		if k > 0 && k < parts {
			p = p.add(side.mul(size * math.Sin(math.Pi*t) * math.Sin(2*math.Pi*turns*t+phase)))
		}
		line = append(line, p)
	}
	line[0], line[len(line)-1] = from.at, to.at
	return line
}

// nodeGrid finds the places near a point.
type nodeGrid map[[2]int][]int

const nodeCell = 1000.0

func newNodeGrid(nodes []node) nodeGrid {
	g := nodeGrid{}
	for i, n := range nodes {
		b := bounds(n.ring).grow(20)
		for x := math.Floor(b.u0 / nodeCell); x <= math.Floor(b.u1/nodeCell); x++ {
			for y := math.Floor(b.v0 / nodeCell); y <= math.Floor(b.v1/nodeCell); y++ {
				k := [2]int{int(x), int(y)}
				g[k] = append(g[k], i)
			}
		}
	}
	return g
}

// blocked tells whether a road passes through a built-up place. Its own ends lie on the edge of two.
func (g nodeGrid) blocked(nodes []node, line []vec) bool {
	for i := range line[:len(line)-1] {
		for k := range 4 {
			t := float64(k) / 4
			if i == 0 && k == 0 {
				t = .06
			}
			p := line[i].add(line[i+1].sub(line[i]).mul(t))
			for _, n := range g[[2]int{int(math.Floor(p.x / nodeCell)), int(math.Floor(p.y / nodeCell))}] {
				if inside(p, nodes[n].ring) {
					return true
				}
			}
		}
	}
	return false
}

// rank gives the roads their classes and names: from each village to its town's centre county roads, between
// the towns bigger ones.
func rank(nodes []node, links []link) {
	at := make([][]int, len(nodes))
	for i, l := range links {
		at[l.a] = append(at[l.a], i)
		at[l.b] = append(at[l.b], i)
		links[i].class = "unclassified"
	}
	var towns []int
	for i, n := range nodes {
		if n.town {
			towns = append(towns, i)
		}
	}
	for _, from := range towns {
		length, by := paths(nodes, links, at, from)
		for i := range nodes {
			if !nodes[i].town && by[i] >= 0 && length[i] < 5000 && links[by[i]].class == "unclassified" && len(at[i]) > 2 {
				links[by[i]].class = "tertiary"
			}
		}
	}
	for _, from := range towns {
		length, by := paths(nodes, links, at, from)
		others := slices.Clone(towns)
		slices.SortStableFunc(others, func(a, b int) int { return cmp.Compare(length[a], length[b]) })
		for n, to := range others[:min(4, len(others))] {
			if n == 0 || math.IsInf(length[to], 1) {
				continue
			}
			name := short(nodes[from].name)[:3] + short(nodes[to].name)[:3] + "路"
			for i := to; i != from; {
				l := &links[by[i]]
				if l.class != "secondary" {
					l.class, l.name = "secondary", name
				}
				i = l.a + l.b - i
			}
		}
	}
}

// paths are the shortest ways from one node to all (Dijkstra, by searching the list: there are some hundred).
func paths(nodes []node, links []link, at [][]int, from int) (length []float64, by []int) {
	length, by = make([]float64, len(nodes)), make([]int, len(nodes))
	done := make([]bool, len(nodes))
	for i := range nodes {
		length[i], by[i] = math.Inf(1), -1
	}
	length[from] = 0
	for {
		i := -1
		for k := range nodes {
			if !done[k] && !math.IsInf(length[k], 1) && (i < 0 || length[k] < length[i]) {
				i = k
			}
		}
		if i < 0 {
			return length, by
		}
		done[i] = true
		for _, e := range at[i] {
			l := links[e]
			cost := l.length
			if l.class == "secondary" { // roads that are there already attract
				cost *= .6
			}
			if to := l.a + l.b - i; length[i]+cost < length[to] {
				length[to], by[to] = length[i]+cost, e
			}
		}
	}
}
