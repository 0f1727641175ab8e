package city

import (
	"fmt"
	"math"
	"slices"
)

// building is a footprint with what is in it.
type building struct {
	ring    []vec // counter-clockwise
	use     string
	levels  int
	name    string
	address address
	stairs  []stair
	homes   float64 // dwellings, all stairs together
	people  int
	ward    int
}

// stair is an entrance (单元) of a building.
type stair struct {
	ref    string
	at     vec
	people int
}

type address struct{ street, number, place string }

// way is a line in the streets file.
type way struct {
	class, name, structure string
	line                   []vec
}

// area is a piece of landuse or water: one tag and an outline.
type area struct {
	key, value, name string
	ring             []vec
}

// built is all that stands in one ward.
type built struct {
	buildings []building
	ways      []way
	walls     [][]vec
	grounds   []area
	waters    []area
}

// builder fills one ward. Nothing it places may come near what is there already.
type builder struct {
	*plan
	ward  *ward
	out   built
	limit []vec // of the property being built on
	rings []obstacle
	near  map[[2]int][]int // of rings, by the cells that their boxes touch
	lines []obstacle
}

// builderCell is the width of a cell of builder.near in metres.
const builderCell = 40.0

// cellsOver calls each for the cells that a box touches, until it returns false.
func cellsOver(r rect, each func([2]int) bool) {
	for x := int(math.Floor(r.u0 / builderCell)); x <= int(math.Floor(r.u1/builderCell)); x++ {
		for y := int(math.Floor(r.v0 / builderCell)); y <= int(math.Floor(r.v1/builderCell)); y++ {
			if !each([2]int{x, y}) {
				return
			}
		}
	}
}

type obstacle struct {
	pts  []vec
	box  rect
	half float64 // how much room a line takes on either side
}

// build fills a ward. It reads the plan and changes nothing but its own result.
func (p *plan) build(w *ward) *built {
	b := &builder{plan: p, ward: w, near: map[[2]int][]int{}}
	for s := south; s <= west; s++ {
		l, lo, hi := w.rect.side(s)
		b.block(p.net.run(l, lo, hi), roadway(w.sides[s].class))
	}
	for _, s := range w.inner {
		b.out.ways = append(b.out.ways, way{s.edge.class, s.edge.name, "", p.net.run(s.lineID, s.lo, s.hi)})
	}
	for i := range w.parcels {
		for s, e := range w.parcels[i].sides {
			l, lo, hi := w.parcels[i].rect.side(side(s))
			b.block(p.net.run(l, lo, hi), roadway(e.class))
		}
	}
	switch w.zone {
	case oldQuarter:
		b.quarter()
	case innerVillage, village:
		b.villageRows()
	case farmland, orchard:
		b.fields()
	case strip:
		b.banks()
	}
	for i := range w.parcels {
		c := &w.parcels[i]
		d := throw(p.seed, forBuilding, uint64(w.id), uint64(i))
		b.limit = b.warp(property(c, -1))
		switch c.use {
		case slabs, midrise, towers:
			b.compound(c, d)
		case school, middleSchool, kindergarten:
			b.school(c, d)
		case hospital:
			b.hospital(c, d)
		case market:
			b.market(c, d)
		case offices:
			b.offices(c, d)
		case mall:
			b.mall(c, d)
		case station:
			b.station(c, d)
		case works:
			b.works(c, d)
		case greens:
			b.park(c, d)
		}
	}
	return &b.out
}

// block keeps buildings off a line.
func (b *builder) block(line []vec, half float64) {
	b.lines = append(b.lines, obstacle{line, bounds(line).grow(half), half})
}

// free tells whether a ring keeps clear of every line, and by gap of every building.
func (b *builder) free(ring []vec, gap float64) bool {
	box := bounds(ring)
	for i := range b.lines {
		o := &b.lines[i]
		if overlap(box, o.box) && !apart(ring, o.pts, false, o.half) {
			return false
		}
	}
	wide := box.grow(gap)
	free := true
	cellsOver(wide, func(c [2]int) bool {
		for _, i := range b.near[c] {
			o := &b.rings[i]
			if overlap(wide, o.box) && !apart(ring, o.pts, true, gap) {
				free = false
				break
			}
		}
		return free
	})
	return free
}

func overlap(a, b rect) bool {
	return a.u0 <= b.u1 && b.u0 <= a.u1 && a.v0 <= b.v1 && b.v0 <= a.v1
}

// put places a building where there is room and it stays on its own ground, and tells whether there was.
func (b *builder) put(x building, gap float64) bool {
	if signedArea(x.ring) < 12 { // a lot too small for what was drawn on it
		return false
	}
	if b.limit != nil && !within(x.ring, b.limit) || !b.free(x.ring, gap) {
		return false
	}
	x.ward = b.ward.id
	b.out.buildings = append(b.out.buildings, x)
	b.reserve(x.ring)
	return true
}

// reserve keeps buildings off a ring that isn't one: a playground, a pond.
func (b *builder) reserve(ring []vec) {
	o := obstacle{ring, bounds(ring), 0}
	cellsOver(o.box, func(c [2]int) bool {
		b.near[c] = append(b.near[c], len(b.rings))
		return true
	})
	b.rings = append(b.rings, o)
}

// way draws a way and keeps buildings off it.
func (b *builder) way(class, name string, line []vec) {
	b.out.ways = append(b.out.ways, way{class, name, "", line})
	b.block(line, roadway(class))
	b.tearDown(line)
}

// tearDown removes shops and sheds that a way needs to pass: a gate's way may lean over the neighbour's corner.
func (b *builder) tearDown(line []vec) {
	near := bounds(line)
	b.out.buildings = slices.DeleteFunc(b.out.buildings, func(x building) bool {
		return x.homes == 0 && overlap(bounds(x.ring), near) && !apart(x.ring, line, false, .05)
	})
}

// warp is the real outline of a rectangle of the plan, with a vertex every 20 m or so.
func (b *builder) warp(r rect) []vec {
	var out []vec
	c := r.corners()
	for i, p := range c {
		q := c[(i+1)%4]
		n := math.Max(1, math.Round(p.dist(q)/20))
		for k := 0.0; k < n; k++ {
			out = append(out, b.terrain.real(vec{lerp(p.x, q.x, k/n), lerp(p.y, q.y, k/n)}))
		}
	}
	return out
}

// quad is the real outline of a small rectangle of the plan.
func (b *builder) quad(r rect) []vec {
	c := r.corners()
	for i := range c {
		c[i] = b.terrain.real(c[i])
	}
	return c
}

// property is a parcel's rectangle behind the streets around it, moved in by some more metres.
func property(c *parcel, more float64) rect {
	var by [4]float64
	for s, e := range c.sides {
		by[s] = setback(e.class) + more
	}
	return c.rect.inset(by)
}

// ground notes what a parcel is used for.
func (b *builder) ground(c *parcel, key, value string) {
	b.out.grounds = append(b.out.grounds, area{key, value, c.name, b.warp(property(c, 0))})
}

// onStreet is the address at a place of one side of a parcel: numbers rise along the street, odd on its
// south and east.
func onStreet(c *parcel, s side, at float64, p *plan) address {
	if c.sides[s].name == "" {
		return address{}
	}
	from := p.root.u0
	if s == east || s == west {
		from = p.root.v0
	}
	n := 2*int((at-from)/14) + 1
	if s == south || s == west { // the parcel lies north or east of that street
		n++
	}
	return address{street: c.sides[s].name, number: fmt.Sprintf("%d号", n)}
}

// wall surrounds a parcel, open at its gates. Where shops stand in front, deep is what they take.
func (b *builder) wall(c *parcel, deep [4]float64, width float64) {
	var by [4]float64
	for s, e := range c.sides {
		by[s] = setback(e.class) + deep[s] + .8
	}
	r := c.rect.inset(by)
	type gap struct{ from, to float64 } // positions along the ring, counter-clockwise from the south-west
	var gaps []gap
	length := 2 * (r.w() + r.h())
	for _, g := range c.gates {
		var at float64
		switch g.side {
		case south:
			at = g.at - r.u0
		case east:
			at = r.w() + g.at - r.v0
		case north:
			at = r.w() + r.h() + r.u1 - g.at
		default:
			at = 2*r.w() + r.h() + r.v1 - g.at
		}
		gaps = append(gaps, gap{at - width/2, at + width/2})
	}
	if len(gaps) == 0 {
		gaps = []gap{{0, 0}}
	}
	for i := range gaps { // at most two
		from, to := gaps[i].to, gaps[(i+1)%len(gaps)].from
		for to <= from {
			to += length
		}
		line := b.along(r, from, to)
		b.out.walls = append(b.out.walls, line)
		b.block(line, roadway("wall"))
	}
}

// along is the real line along the outline of a rectangle between two positions on it.
func (b *builder) along(r rect, from, to float64) []vec {
	length := 2 * (r.w() + r.h())
	corner := []float64{0, r.w(), r.w() + r.h(), 2*r.w() + r.h()}
	place := func(s float64) vec {
		s = math.Mod(math.Mod(s, length)+length, length)
		switch {
		case s < corner[1]:
			return vec{r.u0 + s, r.v0}
		case s < corner[2]:
			return vec{r.u1, r.v0 + s - corner[1]}
		case s < corner[3]:
			return vec{r.u1 - (s - corner[2]), r.v1}
		default:
			return vec{r.u0, r.v1 - (s - corner[3])}
		}
	}
	stops := []float64{from}
	for turn := 0.0; turn < 3; turn++ {
		for _, c := range corner {
			if s := c + turn*length - length; s > from && s < to {
				stops = append(stops, s)
			}
		}
	}
	stops = append(stops, to)
	out := []vec{b.terrain.real(place(from))}
	for i := 1; i < len(stops); i++ {
		n := math.Max(1, math.Round((stops[i]-stops[i-1])/25))
		for k := 1.0; k <= n; k++ {
			out = append(out, b.terrain.real(place(lerp(stops[i-1], stops[i], k/n))))
		}
	}
	return out
}
