package city

import (
	"context"
	"fmt"
	"math"
	"slices"

	"jingwei/internal/planar"
)

// county is 邹城市 with invented ground: plans for the seat and the towns, villages around them.
type county struct {
	*facts
	seed     uint64
	people   int
	progress func(string, float64)
	globe    globe
	border   []vec
	relief   *relief
	mesh     *mesh
	places   []*town // the seat first
	of       []int   // of each place, its town; the seat's streets are settled at last
	lots     []lot
	courses  []course
	villages []*hamlet // parallel to the lots that are villages
	links    []link
	byTown   *planar.Coverage // made when first asked for
}

// lot is one community: the ground of some wards of a place, or a village with its fields.
type lot struct {
	place, part int // of a place, its community; or place -1, and the number of the village
	town        int
	code, name  string
	people      int
	polygons    []planar.Polygon
}

// What the people of a county are shared by: so many in ten thousand live in the seat, in the towns and in
// the villages.
var shareOf = [3]float64{.40, .12, .48}

const (
	seatCommunities = 52
	mostOfAVillage  = 2500.0 / 640 // the largest village, in mean ones
)

func generateCounty(ctx context.Context, o Options) (*Manifest, error) {
	f, err := readFacts()
	if err != nil {
		return nil, err
	}
	c := newCounty(f, o)
	steps := []func(context.Context) error{c.foundTowns, c.divideLand, c.layVillages, c.drawRoads}
	if o.nothing {
		steps = steps[:3] // nobody lives on roads
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return c.write(ctx, o)
}

func newCounty(f *facts, o Options) *county {
	c := &county{facts: f, seed: o.Seed, people: o.People, progress: o.Progress, globe: newGlobe(117.1, 35.35)}
	c.border = c.globe.ring(f.border[0])
	c.relief = newRelief(o.Seed)
	c.mesh = newMesh(o.Seed, c.border, c.relief)
	return c
}

// divideLand draws the territories and the borders of all communities.
func (c *county) divideLand(ctx context.Context) error {
	c.progress("borders", 0)
	c.drawCourses()
	var outlines []fence
	for _, t := range c.places {
		outlines = append(outlines, fenced(c.globe.ring(t.border[0])))
	}
	country := newRaster(c.border, func(p vec) bool {
		return slices.ContainsFunc(outlines, func(f fence) bool { return f.near(p, 260) })
	})
	var seats []vec
	wanted := make([]float64, len(c.places))
	total := 0
	for k, t := range c.places {
		seats = append(seats, t.terrain.at)
		n := len(c.towns[c.of[k]].communities)
		if k == 0 {
			n = len(c.seatCodes())
		}
		wanted[k] = float64(n - len(t.communities))
		if wanted[k] < 0 {
			return fmt.Errorf("city: %s has %d communities and only %d codes", t.site.name, len(t.communities), n)
		}
		total += int(wanted[k])
	}
	country.share(seats, wanted)
	var sites []vec
	var townOf []int
	for k := range c.places {
		found := country.spread(k, int(wanted[k]), throw(c.seed, forCounty, uint64(k), 1))
		if len(found) != int(wanted[k]) {
			return fmt.Errorf("city: no room for the villages of %s", c.places[k].site.name)
		}
		sites = append(sites, found...)
		for range found {
			townOf = append(townOf, c.of[k])
		}
	}
	villages, err := c.mesh.territories(c.seed, c.globe, sites, func(p vec) bool {
		return slices.ContainsFunc(outlines, func(f fence) bool { return f.near(p, 0) })
	})
	if err != nil {
		return err
	}
	whole, err := partition(ctx, c.facts.border, c.places, villages)
	if err != nil {
		return err
	}
	for k, t := range c.places {
		for part, m := range t.communities {
			c.lots = append(c.lots, lot{place: k, part: part, town: c.of[k], people: m.People})
		}
	}
	for i := range sites {
		c.lots = append(c.lots, lot{place: -1, part: i, town: townOf[i]})
	}
	if len(whole.Faces) != len(c.lots) {
		return fmt.Errorf("city: %d pieces of ground for %d communities", len(whole.Faces), len(c.lots))
	}
	for i := range c.lots {
		if c.lots[i].polygons = whole.Polygons(int32(i)); len(c.lots[i].polygons) != 1 {
			return fmt.Errorf("city: a community in %d parts", len(c.lots[i].polygons))
		}
	}
	c.settleStreets(whole)
	c.mendTowns(whole.Neighbours())
	c.nameLots()
	return nil
}

// seatCodes are the communities of the streets that share the county seat.
func (c *county) seatCodes() []communityFact {
	var out []communityFact
	for i, t := range c.towns {
		if i == c.of[0] || t.seat == [2]float64{} {
			out = append(out, t.communities...)
		}
	}
	return out
}

// nameLots deals the real codes and names out: first to the town's own communities, from the lowest code, which
// residents' committees have, then to the villages around.
func (c *county) nameLots() {
	next := make([]int, len(c.towns))
	for i := range c.lots {
		l := &c.lots[i]
		real := c.towns[l.town].communities[next[l.town]]
		next[l.town]++
		l.code, l.name = real.code, real.name
		if l.place >= 0 {
			m := c.places[l.place].communities[l.part]
			m.Code, m.Name = l.code, l.name
		}
	}
	weights := make([]float64, len(c.lots))
	villages, left := 0, c.people
	for i, l := range c.lots {
		if left -= l.people; l.place < 0 {
			d := throw(c.seed, forVillage, uint64(i))
			bell := d.unit() + d.unit() + d.unit() - 1.5
			weights[i] = clamp(math.Exp(.95*bell), .4, mostOfAVillage)
			villages++
		}
	}
	counts := apportion(left-villages, weights)
	for i := range counts {
		if c.lots[i].place < 0 {
			counts[i]++
		}
	}
	nudge(counts, weights)
	for i, n := range counts {
		if c.lots[i].place < 0 {
			c.lots[i].people = n
		}
	}
}

// drawRoads links what is built up.
func (c *county) drawRoads(context.Context) error {
	c.progress("roads", 0)
	var nodes []node
	nodeOf := make([]int, len(c.lots))
	for _, t := range c.places {
		n := node{at: t.terrain.at, reach: .8 * t.extent(c.globe), ring: c.globe.ring(t.border[0]), exits: t.exits(), name: t.site.name, town: true}
		nodes = append(nodes, n)
	}
	for i, l := range c.lots {
		if l.place >= 0 {
			nodeOf[i] = l.place
			continue
		}
		h := c.villages[i]
		nodeOf[i] = len(nodes)
		nodes = append(nodes, node{at: h.terrain.at, reach: h.reach, ring: h.net.ring(h.root), exits: h.exits, name: l.name})
	}
	c.links = linkUp(c.seed, nodes, c.around(nodeOf, len(nodes)))
	rank(nodes, c.links)
	return nil
}

// around lists for each node the nodes within sight.
func (c *county) around(nodeOf []int, nodes int) [][]int {
	at := make([]vec, nodes)
	reach := make([]float64, nodes)
	for i, l := range c.lots {
		if l.place >= 0 {
			at[nodeOf[i]], reach[nodeOf[i]] = c.places[l.place].terrain.at, c.places[l.place].extent(c.globe)
		} else {
			at[nodeOf[i]], reach[nodeOf[i]] = c.villages[i].terrain.at, c.villages[i].reach
		}
	}
	out := make([][]int, nodes)
	for a := range at {
		for b := range at {
			if a != b && at[a].dist(at[b]) < 4500+reach[a]+reach[b] {
				out[a] = append(out[a], b)
			}
		}
	}
	return out
}

// exits are where the main streets of a town leave its ground.
func (t *town) exits() []exit {
	t.sides = t.sideSpans()
	var out []exit
	for _, l := range append(slices.Clone(t.columns), t.rows...) {
		if l.role != arterial && !(l.role == secondary && l.out) {
			continue
		}
		var line []vec
		for _, s := range t.streets {
			if s.lineID != l.lineID || !isStreet(s.edge.class) {
				continue
			}
			for _, piece := range t.pieces(s) {
				line = append(line, piece...)
			}
		}
		if line = tidy(line); len(line) > 2 {
			n := len(line)
			out = append(out, leaving(line[1], line[0]), leaving(line[n-2], line[n-1]))
		}
	}
	return out
}
