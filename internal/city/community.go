package city

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"jingwei/internal/planar"
)

// community is a 社区 or a village with its fields.
type community struct {
	Code, Name string
	Village    bool
	People     int
	wards      []int
	rings      planar.Polygon
}

// regions joins wards to groups.
type regions struct {
	of     []int // of each ward, -1 for none
	people []float64
	next   []shared
}

// formCommunities joins the wards: the dwellings of the town to communities of about the same size, with
// the arterials, the river and the railway between them where it can be, and the fields to whoever is near.
func (p *plan) formCommunities(people []float64) []*community {
	g := regions{of: make([]int, len(p.wards)), people: make([]float64, len(p.wards)), next: p.neighbours()}
	total, villages := 0.0, map[int]bool{}
	for i, w := range p.wards {
		g.of[i] = -1
		if w.taken && w.zone == village {
			villages[i] = true
			g.of[i] = i
		} else if w.taken && !w.open() && !p.outlying(w) {
			g.of[i] = i
			g.people[i] = people[i]
			total += people[i]
		}
	}
	p.attachStrips(&g)
	wanted := clamp(math.Round(total/4300), 1, codesOfAKind)
	if p.site.communities > 0 {
		wanted = float64(p.site.communities)
	}
	stranded := g.merge(p, int(wanted), total/wanted, villages)
	p.attachFields(&g, villages)
	for _, r := range stranded {
		if g.people[r] < 1000 {
			g.absorb(r)
		}
	}
	if !p.site.inCounty { // there the codes are the real ones
		g.keepToCodes(people, villages)
	}

	members := map[int][]int{}
	for i, r := range g.of {
		if r >= 0 {
			members[r] = append(members[r], i)
		}
	}
	var out []*community
	for r, wards := range members {
		c := &community{wards: wards, Village: villages[r]}
		if c.Village {
			c.Name = p.wards[r].name
		}
		out = append(out, c)
	}
	p.nameCommunities(out)
	return out
}

// outlying strips are those of the open country.
func (p *plan) outlying(w *ward) bool {
	return w.band > core && p.terrain.outside(w.rect.centre()) > 0
}

// attachStrips gives each stretch of river bank and railway to the ward beside it.
func (p *plan) attachStrips(g *regions) {
	for range 3 {
		for i, w := range p.wards {
			if w.band <= core || g.of[i] != i {
				continue
			}
			best, length := -1, 0.0
			for _, n := range g.next {
				other := n.a + n.b - i
				if n.a != i && n.b != i || g.of[other] < 0 || n.edge.class == "river" || n.edge.class == "rail" || g.of[other] == i {
					continue
				}
				score := n.length
				if p.wards[other].band > core {
					score *= .1
				}
				if score > length {
					best, length = g.of[other], score
				}
			}
			if best >= 0 {
				g.join(best, i)
			}
		}
	}
}

func (g *regions) join(into, from int) {
	for i, r := range g.of {
		if r == from {
			g.of[i] = into
		}
	}
	g.people[into] += g.people[from]
	g.people[from] = 0
}

// passes is how gladly a community reaches over a line of some class.
var passes = map[string]float64{"primary": .3, "secondary": .6, "tertiary": .9, "rail": .03, "river": .03}

// merge joins the smallest region to the neighbour it shares most with, until the wanted number is
// left; what would be far beyond the mean size is the last resort. It returns the regions that only
// villages and fields surround.
func (g *regions) merge(p *plan, wanted int, mean float64, villages map[int]bool) (stranded []int) {
	fixed := maps.Clone(villages)
	for {
		count, least := 0, -1
		for i := range g.of {
			if g.of[i] == i && !fixed[i] {
				count++
				if least < 0 || g.people[i] < g.people[least] {
					least = i
				}
			}
		}
		if count <= wanted && (!p.site.inCounty || least < 0 || g.people[least] > 0) {
			return stranded
		}
		score := map[int]float64{}
		for _, n := range g.next {
			a, b := g.of[n.a], g.of[n.b]
			if b == least {
				a, b = b, a
			}
			if a != least || b == least || b < 0 || fixed[b] {
				continue
			}
			k, ok := passes[n.edge.class]
			if !ok {
				k = 1
			}
			score[b] += n.length * k
		}
		best, top := -1, 0.0
		for i := range g.of {
			s := score[i] / math.Pow(g.people[i]+800, .85)
			if g.people[i]+g.people[least] > 1.4*mean {
				s *= .02
			}
			if s > top {
				best, top = i, s
			}
		}
		if best < 0 {
			fixed[least] = true
			stranded = append(stranded, least)
			continue
		}
		g.join(best, least)
	}
}

// absorb joins a region to the one it shares most border with, whatever that is.
func (g *regions) absorb(r int) {
	length := map[int]float64{}
	best := -1
	for _, n := range g.next {
		a, b := g.of[n.a], g.of[n.b]
		if b == r {
			a, b = b, a
		}
		if a == r && b != r && b >= 0 {
			if length[b] += n.length; best < 0 || length[b] > length[best] {
				best = b
			}
		}
	}
	if best >= 0 {
		g.join(best, r)
	}
}

// codesOfAKind is how many codes a town has for communities, 001 … 199, and for villages, 201 … 399. A town that is
// larger than any real one has larger communities.
const codesOfAKind = 199

// keepToCodes joins the smallest communities and villages to their neighbours while there are more than codes.
func (g *regions) keepToCodes(people []float64, villages map[int]bool) {
	size := map[int]float64{}
	for i, r := range g.of {
		if r >= 0 {
			size[r] += people[i]
		}
	}
	for _, kind := range []bool{true, false} {
		var all []int
		for r := range size {
			if villages[r] == kind {
				all = append(all, r)
			}
		}
		slices.SortFunc(all, func(a, b int) int {
			if size[a] != size[b] {
				return int(math.Copysign(1, size[a]-size[b]))
			}
			return a - b
		})
		for _, r := range all[:max(0, len(all)-codesOfAKind)] {
			g.absorb(r)
		}
	}
}

// attachFields gives the open country to the villages and communities nearest over the fields.
func (p *plan) attachFields(g *regions, villages map[int]bool) {
	far := make([]float64, len(p.wards))
	for i := range far {
		far[i] = math.Inf(1)
		if g.of[i] >= 0 {
			far[i] = 450
			if villages[g.of[i]] {
				far[i] = 0
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, n := range g.next {
			for _, e := range [][2]int{{n.a, n.b}, {n.b, n.a}} {
				from, to := p.wards[e[0]], p.wards[e[1]]
				if !to.taken || !to.open() && !p.outlying(to) || math.IsInf(far[e[0]], 1) {
					continue
				}
				d := far[e[0]] + from.rect.centre().dist(to.rect.centre())
				switch n.edge.class {
				case "rail", "river":
					d += 2000
				case "primary":
					d += 200
				}
				if d < far[e[1]]-1e-6 {
					far[e[1]], g.of[e[1]], changed = d, g.of[e[0]], true
				}
			}
		}
	}
}

// nameCommunities orders them, communities first, each kind from north-west to south-east, and gives
// codes: 001 … to communities, 201 … to villages, as the statistical codes do.
func (p *plan) nameCommunities(all []*community) {
	place := func(c *community) float64 {
		var m vec
		for _, w := range c.wards {
			m = m.add(p.wards[w].rect.centre().mul(1 / float64(len(c.wards))))
		}
		return m.x - 1.7*m.y
	}
	slices.SortFunc(all, func(a, b *community) int {
		if a.Village != b.Village {
			if b.Village {
				return -1
			}
			return 1
		}
		if x, y := place(a), place(b); x != y {
			return int(math.Copysign(1, x-y))
		}
		return a.wards[0] - b.wards[0]
	})
	urban, rural := 0, 200
	for _, c := range all {
		if c.Village {
			rural++
			c.Code = fmt.Sprintf("%s%03d", TownCode, rural)
			c.Name = p.asVillage(c.Name)
		} else {
			urban++
			c.Code = fmt.Sprintf("%s%03d", TownCode, urban)
			c.Name = p.names.community()
		}
	}
}

func (p *plan) asVillage(name string) string {
	if name == "" {
		return p.names.village()
	}
	return name
}
