package city

import (
	"math"
	"slices"
)

// style is how a compound's dwellings are built: rows of buildings that look south.
type style struct {
	floors  [2]int  // of the southernmost and the northernmost row
	depth   float64 // of a building, north to south
	unit    float64 // length of one stair's part
	units   int     // at most so many stairs a building
	flats   float64 // dwellings on one floor of one stair
	gap     float64 // between the ends of two buildings
	spacing float64 // between two rows, in heights of the southern one
	point   bool    // point blocks instead of slabs
}

// deep is what a building of this style takes from north to south.
func (st style) deep() float64 {
	if st.point {
		return st.depth + 4
	}
	return st.depth
}

func chooseStyle(u use, d *dice) style {
	switch u {
	case towers:
		top := pick(d, 18, 18, 24, 26, 28, 33)
		if d.chance(.45) {
			return style{[2]int{min(top, pick(d, 11, 17, 18)), top}, 16, 30, 1, 4, d.between(16, 24), .42, true}
		}
		if d.chance(.3) { // broad towers of two stairs, some three hundred people each
			return style{[2]int{pick(d, 17, 18), pick(d, 18, 24, 26)}, 15, 25, 2, 3, d.between(14, 20), .5, false}
		}
		return style{[2]int{pick(d, 11, 17), pick(d, 17, 18, 18)}, 14.5, 24, 2, 2, d.between(14, 20), .62, false}
	case midrise:
		return style{[2]int{pick(d, 7, 8, 9), 11}, 14, 20, 3, 2, d.between(11, 15), .98, false}
	default:
		if d.chance(.4) { // a work unit's compound of the eighties
			f := pick(d, 4, 5, 5)
			return style{[2]int{f, f}, d.between(11, 12), d.between(12.5, 14.5), 5, 2, d.between(6, 8), d.between(.95, 1.1), false}
		}
		f := pick(d, 5, 6, 6)
		return style{[2]int{f, f}, d.between(12, 13.5), d.between(14.5, 17), 5, 2, d.between(8, 11), d.between(1.05, 1.25), false}
	}
}

// compound fills a parcel with dwellings, shops along its main streets, a spine road from the gate, a path
// behind every row, and a wall.
func (b *builder) compound(c *parcel, d *dice) {
	st := chooseStyle(c.use, d)
	var deep [4]float64
	for s, e := range c.sides {
		if isMain(e.class) || e.class == "tertiary" && d.chance(.55) {
			deep[s] = d.between(10, 13)
		}
	}
	defer b.shops(c, deep, throw(b.seed, forBuilding, uint64(b.ward.id), uint64(c.id), 1)) // the ways come first
	b.ground(c, "landuse", "residential")
	b.wall(c, deep, 8)

	var by [4]float64
	for s, e := range c.sides {
		by[s] = setback(e.class) + deep[s] + 4
	}
	lot := c.rect.inset(by)
	if lot.w() < 26 || lot.h() < 18 || len(c.gates) == 0 {
		return
	}
	f := b.terrain.local(c.rect.centre())
	poly := f.inAll(b.warp(lot))
	rows := layRows(poly, st)
	spine := b.drawSpine(c, f, lot, rows, st)
	name := address{place: c.name}
	if g := c.gates[0]; c.sides[g.side].name != "" {
		name = onStreet(c, g.side, g.at, b.plan)
		name.place = c.name
	}
	skip := -1
	if len(rows) > 2 && d.chance(.6) {
		skip = d.upto(len(rows))
	}
	number := 0
	for i, r := range rows {
		b.fillRow(f, r, st, spine, name, &number, i == skip, i%2 == 1, d)
		if i > 0 && c.use != slabs {
			b.lawns(f, rows[i-1], r, st, spine, d)
		}
	}
}

// lawns are the green between two rows of high houses.
func (b *builder) lawns(f frame, below, above row, st style, spine spine, d *dice) {
	y0, y1 := below.y+st.deep()+6, above.y-5
	x0, x1 := math.Max(below.x0, above.x0), math.Min(below.x1, above.x1)
	m := spine.at((y0 + y1) / 2).x
	for _, part := range [][2]float64{{x0, m}, {m, x1}} {
		w, h := part[1]-part[0]-14, y1-y0
		if w < 16 || h < 14 || d.chance(.25) {
			continue
		}
		shape := blob(vec{}, h/2.9, math.Min(w, 70)/h*.95, d)
		for i := range shape {
			shape[i] = f.out(shape[i].add(vec{(part[0] + part[1]) / 2, (y0 + y1) / 2}))
		}
		b.out.grounds = append(b.out.grounds, area{"landuse", "grass", "", shape})
	}
}

// spine is a compound's main way: a line of the plan, so that it leans as the streets beside it do.
type spine struct{ line []vec } // in the compound's axes, from south to north

func (b *builder) newSpine(f frame, r rect, u float64) spine {
	var s spine
	for k := 0.0; k <= 24; k++ {
		s.line = append(s.line, f.in(b.terrain.real(vec{u, lerp(r.v0, r.v1, k/24)})))
	}
	return s
}

// at is its point at a given y.
func (s spine) at(y float64) vec {
	for i := 1; i < len(s.line); i++ {
		p, q := s.line[i-1], s.line[i]
		if y <= q.y || i == len(s.line)-1 {
			return vec{lerp(p.x, q.x, (y-p.y)/(q.y-p.y)), y}
		}
	}
	return vec{}
}

// drawSpine draws the main way from the gate past all rows, a path behind every row, and the way to the
// second gate.
func (b *builder) drawSpine(c *parcel, f frame, lot rect, rows []row, st style) spine {
	g := c.gates[0]
	u := g.at
	switch g.side {
	case east:
		u = lot.u1 - 2.5
	case west:
		u = lot.u0 + 2.5
	}
	sp := b.newSpine(f, c.rect, u)
	if len(rows) == 0 {
		return sp
	}
	behind := func(r row) float64 { return r.y + st.deep() + 2.6 }
	door := func(g gate) vec {
		l, _, _ := c.rect.side(g.side)
		return f.in(b.terrain.real(l.point(g.at)))
	}
	stops := []float64{rows[0].y}
	for _, r := range rows {
		stops = append(stops, behind(r))
	}
	if g.side == east || g.side == west {
		y := clamp(door(g).y, rows[0].y, behind(rows[len(rows)-1]))
		for _, s := range stops { // no second junction a few metres beside one
			if math.Abs(s-y) < 3 {
				y = s
			}
		}
		stops = append(stops, y)
		slices.Sort(stops)
		b.way("service", "", f.outAll(tidy([]vec{door(g), sp.at(y)})))
	}
	var line []vec
	for _, y := range stops {
		line = append(line, sp.at(y))
	}
	for _, g := range c.gates {
		switch g.side {
		case south:
			line = append([]vec{door(g)}, line...)
		case north:
			line = append(line, door(g))
		}
	}
	if line = tidy(line); len(line) > 1 {
		b.way("service", "", f.outAll(line))
	}
	for _, r := range rows {
		path, y := []vec{}, behind(r)
		x := sp.at(y).x
		if r.x0+4 < x {
			path = append(path, vec{r.x0 + 2, y})
		}
		path = append(path, vec{x, y})
		if r.x1-4 > x {
			path = append(path, vec{r.x1 - 2, y})
		}
		if len(path) > 1 {
			b.way("footway", "", f.outAll(path))
		}
	}
	return sp
}

// tidy drops vertices that lie within a metre of the one before.
func tidy(line []vec) []vec {
	out := line[:1]
	for _, p := range line[1:] {
		if p.dist(out[len(out)-1]) > 1 {
			out = append(out, p)
		}
	}
	return out
}
