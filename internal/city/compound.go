package city

import (
	"fmt"
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
		if d.chance(.3) { // long walls of flats, more than a thousand people in some
			return style{[2]int{pick(d, 18, 24), pick(d, 26, 28, 33)}, 16, 27, 3, 4, d.between(14, 20), .47, false}
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

// row is one row of a compound in its own axes.
type row struct {
	y, x0, x1 float64
	floors    int
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

// layRows spreads rows over the lot: the pitch follows from the height of what stands south.
func layRows(poly []vec, st style) []row {
	box := bounds(poly)
	wide := func(y float64) bool {
		a, z, ok := chord(poly, y, y+st.deep())
		return ok && z-a > .45*box.w() && z-a > st.unit+1
	}
	lo, hi := box.v0+.5, box.v1-.5-st.deep()-3
	for lo < hi && !wide(lo) {
		lo += .5
	}
	for hi > lo && !wide(hi) {
		hi -= .5
	}
	if !wide(lo) {
		return nil
	}
	height := func(fl int) float64 { return 2.9*float64(fl) + .6 }
	mean := float64(st.floors[0]+st.floors[1]) / 2
	pitch := st.deep() + math.Max(12, st.spacing*height(int(mean)))
	n := int((hi-lo)/(pitch*.96)) + 1
	total := 0.0
	for i := 1; i < n; i++ {
		total += pitch
	}
	stretch := 1.0
	if n > 1 {
		stretch = math.Min((hi-lo)/total, 1.5)
	}
	rows := make([]row, n)
	for i := range rows {
		y := lo + float64(i)*pitch*stretch
		if n == 1 {
			y = lerp(lo, hi, .6)
		}
		a, z, _ := chord(poly, y, y+st.deep())
		fl := st.floors[1]
		if n > 1 {
			fl = st.floors[0] + int(math.Round(float64(i*(st.floors[1]-st.floors[0]))/float64(n-1)))
		}
		rows[i] = row{y, a + .5, z - .5, fl}
	}
	return rows
}

// chord is the stretch of x for which the band y0 … y1 lies inside the ring (which is nearly convex).
func chord(ring []vec, y0, y1 float64) (a, z float64, ok bool) {
	a, z = math.Inf(-1), math.Inf(1)
	for k := 0.0; k <= 4; k++ {
		y := lerp(y0, y1, k/4)
		lo, hi := math.Inf(1), math.Inf(-1)
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			if (p.y > y) != (q.y > y) {
				x := p.x + (y-p.y)/(q.y-p.y)*(q.x-p.x)
				lo, hi = math.Min(lo, x), math.Max(hi, x)
			}
		}
		a, z = math.Max(a, lo), math.Min(z, hi)
	}
	return a, z, z > a && !math.IsInf(a, 0) && !math.IsInf(z, 0)
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

// fillRow puts buildings on either side of the spine.
func (b *builder) fillRow(f frame, r row, st style, spine spine, at address, number *int, skip, odd bool, d *dice) {
	a, z := spine.at(r.y).x, spine.at(r.y+st.deep()).x
	for _, part := range [][2]float64{{r.x0, min(a, z) - 4.5}, {max(a, z) + 4.5, r.x1}} {
		l := part[1] - part[0]
		st := st.narrowed(l)
		if l < st.unit {
			continue
		}
		want := float64(st.units)
		if st.units > 2 {
			want -= d.between(0, 1.6)
		}
		n := math.Max(1, math.Round((l+st.gap)/(want*st.unit+st.gap)))
		units := math.Floor((l - (n-1)*st.gap) / st.unit)
		units = math.Min(units, n*float64(st.units))
		if units < n {
			n = units
		}
		free := l - units*st.unit - (n-1)*st.gap
		x := part[0]
		lead := free / (n + 1)
		if st.point && odd {
			lead = free * .8 / n
		}
		for k := 0.0; k < n; k++ {
			u := math.Floor(units*(k+1)/n) - math.Floor(units*k/n)
			x += math.Min(lead, 9)
			if k == 0 && lead > 9 {
				x += (free - 9*(n+1)) / 2
			}
			if skip && k == math.Floor(n/2) {
				b.garden(f, x, r.y, u*st.unit, st, d)
				skip = false
			} else {
				for n := int(u); n > 0; n-- { // where it doesn't fit whole, a shorter one
					if b.slab(f, x+(u-float64(n))*st.unit/2, r.y, n, st, r.floors, at, *number+1, d) {
						*number++
						break
					}
				}
			}
			x += u*st.unit + st.gap
		}
	}
}

// narrowed is the style with stairs up to a seventh narrower where one more building then fits.
func (st style) narrowed(l float64) style {
	fits := func(unit float64) float64 {
		one := math.Min(float64(st.units), 2) * unit
		return math.Floor((l + st.gap) / (one + st.gap))
	}
	if narrow := st.unit * .86; fits(narrow) > fits(st.unit) || l < st.unit {
		st.unit = narrow
	}
	return st
}

// slab puts one building with its stairs on the north side, if there is room.
func (b *builder) slab(f frame, x, y float64, units int, st style, floors int, at address, number int, d *dice) bool {
	l := float64(units) * st.unit
	ring := box(x, y, x+l, y+st.depth)
	switch {
	case st.point:
		ring = cross(x, y, l, st.deep(), d)
	case units > 2 && d.chance(.3): // two halves, one a step behind
		m, s := x+st.unit*float64(units/2), d.between(1.2, 2.2)
		ring = []vec{{x, y}, {m, y}, {m, y + s}, {x + l, y + s}, {x + l, y + st.depth}, {x, y + st.depth}}
	}
	v := building{ring: f.outAll(ring), use: "apartments", levels: floors, address: at,
		name: fmt.Sprintf("%d号楼", number), homes: float64(units*floors) * st.flats}
	north := bounds(ring).v1
	for k := range units {
		s := vec{x + (float64(k)+.5)*st.unit, north}
		v.stairs = append(v.stairs, stair{ref: fmt.Sprintf("%d单元", k+1), at: f.out(s)})
	}
	return b.put(v, 4)
}

// cross is the outline of a point block: a body with four wings.
func cross(x, y, w, h float64, d *dice) []vec {
	a, s := w*d.between(.26, .34), h*d.between(.14, .22)
	return []vec{{x, y}, {x + a, y}, {x + a, y + s}, {x + w - a, y + s}, {x + w - a, y}, {x + w, y},
		{x + w, y + h*.62}, {x + w - a*.7, y + h*.62}, {x + w - a*.7, y + h}, {x + a*.7, y + h}, {x + a*.7, y + h*.62}, {x, y + h*.62}}
}

// garden is what stands in a row instead of one building: a small hall for the neighbours, and green.
func (b *builder) garden(f frame, x, y, l float64, st style, d *dice) {
	ring := f.outAll(box(x, y, x+l, y+st.depth))
	if !b.free(ring, 2) {
		return
	}
	b.out.grounds = append(b.out.grounds, area{"landuse", "grass", "", ring})
	if d.chance(.3) && l > 22 {
		b.put(building{ring: f.outAll(box(x+4, y+2, x+18, y+11)), use: "civic", levels: 2, name: "居民活动中心"}, 1)
	}
}

// shops lines the street sides of a parcel.
func (b *builder) shops(c *parcel, deep [4]float64, d *dice) {
	for s := south; s <= west; s++ {
		if deep[s] == 0 {
			continue
		}
		_, lo, hi := c.rect.side(s)
		prev, next := (s+3)%4, (s+1)%4
		if s == south || s == east { // the ring runs with the axis here, else against it
			lo += setback(c.sides[prev].class)
			hi -= setback(c.sides[next].class)
		} else {
			lo += setback(c.sides[next].class)
			hi -= setback(c.sides[prev].class)
		}
		if s == east || s == west { // south and north keep the corners
			lo += deep[south] * 1.05
			hi -= deep[north] * 1.05
		}
		back := d.chance(.2)
		for at := lo + d.between(1, 6); at < hi-9; {
			l := math.Min(d.between(18, 58), hi-1-at)
			b.shop(c, s, at, at+l, deep[s], back, d)
			at += l + pick(d, .8, .8, .8, 4, 6)
		}
	}
}

// shop is one shop building, cut short where a gate opens.
func (b *builder) shop(c *parcel, s side, lo, hi, deep float64, tall bool, d *dice) {
	for _, g := range c.gates {
		if g.side == s && lo < g.at+7 && hi > g.at-7 {
			if g.at-7-lo > 8 {
				b.shop(c, s, lo, g.at-7, deep, tall, d)
			}
			if hi-g.at-7 > 8 {
				b.shop(c, s, g.at+7, hi, deep, tall, d)
			}
			return
		}
	}
	near := setback(c.sides[s].class)
	var r rect
	switch s {
	case south:
		r = rect{lo, c.rect.v0 + near, hi, c.rect.v0 + near + deep}
	case north:
		r = rect{lo, c.rect.v1 - near - deep, hi, c.rect.v1 - near}
	case west:
		r = rect{c.rect.u0 + near, lo, c.rect.u0 + near + deep, hi}
	default:
		r = rect{c.rect.u1 - near - deep, lo, c.rect.u1 - near, hi}
	}
	levels := pick(d, 1, 2, 2, 2, 3)
	if tall {
		levels++
	}
	shallow := deep * (1 - pick(d, 0, 0, .08, .15, .25))
	switch s { // the front stays in line, the back doesn't
	case south:
		r.v1 -= deep - shallow
	case north:
		r.v0 += deep - shallow
	case west:
		r.u1 -= deep - shallow
	default:
		r.u0 += deep - shallow
	}
	b.put(building{ring: b.quad(r), use: "retail", levels: levels, address: onStreet(c, s, (lo+hi)/2, b.plan)}, .4)
}
