package city

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

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
	c := &county{facts: f, seed: o.Seed, people: o.People, progress: o.Progress, globe: newGlobe(117.1, 35.35)}
	c.border = c.globe.ring(f.border[0])
	c.relief = newRelief(o.Seed)
	c.mesh = newMesh(o.Seed, c.border, c.relief)
	for _, step := range []func(context.Context) error{c.foundTowns, c.divideLand, c.layVillages, c.drawRoads} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return c.write(ctx, o)
}

// foundTowns plans and builds the seat and the towns, side by side.
func (c *county) foundTowns(ctx context.Context) error {
	c.progress("towns", 0)
	names, err := newNamer(c.seed)
	if err != nil {
		return err
	}
	all, weights := 0, []float64{}
	for i, t := range c.towns {
		all += len(t.communities)
		if t.seat != [2]float64{} {
			c.of = append(c.of, i)
			weights = append(weights, 4000+70*float64(len(t.communities)))
		}
	}
	rest := float64(c.people - all) // everybody else is one to each community
	sum := 0.0
	for _, w := range weights[1:] {
		sum += w
	}
	size := func(k int) float64 {
		if k == 0 {
			return shareOf[0] * rest
		}
		return shareOf[1] * rest * weights[k] / sum
	}
	seats := c.centre()
	c.keepApart(seats, size)
	c.places = make([]*town, len(c.of))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for k, i := range c.of {
		s := site{globe: c.globe, inCounty: true, name: c.towns[i].name, prefix: fmt.Sprintf("%d-", k+1),
			river: names.words.Rivers[k%len(names.words.Rivers)], railway: names.railway}
		if n := len(names.words.Rivers); k >= n {
			s.river = "小" + s.river
		}
		s.communities, s.roadOnly = seatCommunities, false
		people := size(k)
		if k > 0 {
			s.communities, s.roadOnly = int(clamp(math.Round(weights[k]/3000), 1, 4)), true
		}
		s.communities = int(clamp(people/2500, 1, float64(s.communities))) // none without dwellings
		order := Options{Seed: throw(c.seed, forCounty, uint64(k)).next(), People: int(people) + s.communities,
			Progress: func(string, float64) {}}
		s.at = c.roomFor(seats[k], order.People)
		g.Go(func() error {
			t, err := invent(ctx, order, s)
			c.places[k] = t
			return err
		})
	}
	return g.Wait()
}

// centre moves the seats of the towns towards the middle of the ground that their villages will take.
func (c *county) centre() []vec {
	seats, wanted := make([]vec, len(c.of)), make([]float64, len(c.of))
	for k, i := range c.of {
		seats[k] = c.globe.vec(planar.FromDegrees(c.towns[i].seat[0], c.towns[i].seat[1]))
		wanted[k] = float64(len(c.towns[i].communities))
	}
	wanted[0] = float64(len(c.seatCodes())) * .6 // most of them are small
	ground := newRaster(c.border, func(vec) bool { return false })
	for range 5 {
		ground.share(seats, wanted)
		sum, count := make([]vec, len(seats)), make([]float64, len(seats))
		for i, p := range ground.at {
			sum[ground.of[i]], count[ground.of[i]] = sum[ground.of[i]].add(p), count[ground.of[i]]+1
		}
		for k := range seats {
			if k > 0 && count[k] > 0 {
				seats[k] = seats[k].add(sum[k].mul(1 / count[k]).sub(seats[k]).mul(.35))
			}
		}
	}
	return seats
}

// planRadius is how far a town of so many people reaches from its middle, about.
func planRadius(people float64) float64 {
	side := math.Sqrt(math.Max(people, leastPlan) * 74)
	return .75*side + clamp(.3*side, 250, 620)
}

// keepApart pushes the towns off one another and off the county's border; the county seat stays.
func (c *county) keepApart(seats []vec, people func(int) float64) {
	for range 300 {
		moved := false
		for k := 1; k < len(seats); k++ {
			for j := range seats {
				to := seats[k].sub(seats[j])
				if gap := planRadius(people(k)) + planRadius(people(j)) + 400 - to.len(); j != k && gap > 0 {
					seats[k] = seats[k].add(to.mul((gap*.5 + 20) / to.len()))
					moved = true
				}
			}
			seats[k] = c.roomFor(seats[k], int(people(k)))
		}
		if !moved {
			return
		}
	}
}

// roomFor moves a town inwards until it fits into the county.
func (c *county) roomFor(at vec, people int) vec {
	radius := planRadius(float64(people))
	closed := append(slices.Clone(c.border), c.border[0])
	for range 400 {
		if inside(at, c.border) && toLine(at, closed) > radius {
			break
		}
		best, room := at, math.Inf(-1)
		for k := range 12 {
			a := float64(k) * math.Pi / 6
			p := at.add(vec{200 * math.Cos(a), 200 * math.Sin(a)})
			l := toLine(p, closed)
			if !inside(p, c.border) {
				l = -l
			}
			if l > room {
				best, room = p, l
			}
		}
		at = best
	}
	return at
}

// divideLand draws the territories and the borders of all communities.
func (c *county) divideLand(ctx context.Context) error {
	c.progress("borders", 0)
	c.drawCourses()
	var outlines [][]vec
	for _, t := range c.places {
		for _, r := range t.border[:1] {
			outlines = append(outlines, c.globe.ring(r))
		}
	}
	country := newRaster(c.border, func(p vec) bool {
		for _, ring := range outlines {
			if inside(p, ring) || toLine(p, ring) < 260 {
				return true
			}
		}
		return false
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
	villages, err := c.mesh.territories(c.seed, c.globe, sites)
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

// layVillages finds a place for every village on its ground and lays out its lanes.
func (c *county) layVillages(ctx context.Context) error {
	c.progress("villages", 0)
	c.villages = make([]*hamlet, len(c.lots))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range c.lots {
		l := &c.lots[i]
		if l.place >= 0 {
			continue
		}
		g.Go(func() error {
			need := .72*math.Sqrt(math.Max(float64(l.people), 40)*villagePerHead) + 75
			at, room := c.roomOn(l, need, throw(c.seed, forVillage, uint64(i), 1))
			form := patternFor(c.relief.hill(at), c.byWater(at), l.people, throw(c.seed, forVillage, uint64(i), 3))
			s := site{globe: c.globe, at: at, name: l.name, prefix: fmt.Sprintf("v%s-", l.code[6:])}
			c.villages[i] = newHamlet(throw(c.seed, forVillage, uint64(i), 2).next(), s, l.people, room, form, c.mesh.slope(at))
			return ctx.Err()
		})
	}
	return g.Wait()
}

// roomOn is a place on a community's ground with as much room around it as needed, or the most there is:
// to the border, and to what flows or runs through.
func (c *county) roomOn(l *lot, need float64, d *dice) (vec, float64) {
	ring := c.globe.ring(l.polygons[0][0])
	closed := append(slices.Clone(ring), ring[0])
	box := bounds(ring)
	var near [][]vec
	for _, k := range c.courses {
		for from := 0; from < len(k.line)-1; from += 20 {
			part := k.line[from:min(from+21, len(k.line))]
			if overlap(bounds(part).grow(60), box) {
				near = append(near, part)
			}
		}
	}
	room := func(p vec) float64 {
		r := toLine(p, closed) - 12
		for _, line := range near {
			r = math.Min(r, toLine(p, line)-45)
		}
		return r
	}
	at := c.globe.vec(planar.PoleOfInaccessibility(l.polygons, 2e-4*planar.Scale))
	best := math.Min(room(at), need)
	for n := 0; n < 60; n++ {
		p := vec{d.between(box.u0, box.u1), d.between(box.v0, box.v1)}
		if !inside(p, ring) {
			continue
		}
		if r := math.Min(room(p), need*1.15); r > best {
			at, best = p, r
		}
	}
	return at, math.Max(best, 40)
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
