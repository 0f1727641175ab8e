package city

import (
	"math"
)

// works: long sheds, an office and a dormitory by the gate, a wall around.
func (b *builder) works(c *parcel, d *dice) {
	b.ground(c, "landuse", "industrial")
	b.wall(c, [4]float64{}, 12)
	f, r := b.lot(c, 6)
	if len(c.gates) == 0 || r.w() < 40 || r.h() < 40 {
		return
	}
	at, x := b.at(c), clampTo(r, f, b, c)
	y := lerp(r.v0, r.v1, .5)
	switch c.gates[0].side {
	case south:
		b.wayIn(c, f, vec{x, r.v1 - 8})
	case north:
		b.wayIn(c, f, vec{x, r.v0 + 8})
	case west:
		b.wayIn(c, f, vec{r.u1 - 8, y})
	default:
		b.wayIn(c, f, vec{r.u0 + 8, y})
	}
	put := func(use, name string, levels int, ring []vec) bool {
		return b.put(building{ring: f.outAll(ring), use: use, levels: levels, name: name, address: at}, 7)
	}
	gx := clamp(x+8, r.u0, r.u1-46)
	gy := r.v0 + 2
	if c.gates[0].side == north {
		gy = r.v1 - 16
	}
	put("office", "办公楼", 4, box(gx, gy, gx+44, gy+14))
	depth := d.between(22, 34)
	for sy := r.v0 + d.between(2, 10); sy+depth < r.v1; sy += depth + d.between(11, 16) {
		for sx := r.u0 + 1; sx+26 < r.u1; {
			l := math.Min(d.between(40, 105), r.u1-sx)
			if !put("industrial", "", 1, box(sx, sy, sx+l, sy+depth)) {
				if !put("industrial", "", 1, box(sx, sy, sx+l*.45, sy+depth)) {
					sx += 6
					continue
				}
				l *= .45
			}
			sx += l + d.between(10, 16)
		}
	}
}

// park: a pond of a free shape, winding paths, a pavilion.
func (b *builder) park(c *parcel, d *dice) {
	b.ground(c, "leisure", "park")
	f, r := b.lot(c, 2)
	m := r.centre()
	centre := vec{m.x + d.between(-.1, .1)*r.w(), m.y + d.between(-.08, .08)*r.h()}
	shape := blob(centre, math.Min(r.w(), r.h())*.25, clamp(r.w()/r.h(), .7, 1.6), d)
	pond, walk := f.outAll(shape), make([]vec, len(shape))
	for i, q := range shape {
		walk[i] = f.out(q.add(q.sub(centre).mul(9 / q.dist(centre))))
	}
	b.out.waters = append(b.out.waters, area{"natural", "water", c.name + "湖", pond})
	b.reserve(pond)
	b.way("footway", "", append(walk, walk[0]))
	bow := d.between(0, 6)
	for i, s := range []side{south, east, north, west} {
		if !isStreet(c.sides[s].class) {
			continue
		}
		l, lo, hi := c.rect.side(s)
		from := b.terrain.real(l.point(b.net.nearest(l, lerp(lo, hi, .5))))
		to := walk[(36+12*i)%48]
		var path []vec
		for k := 0.0; k <= 8; k++ {
			t := k / 8
			side := vec{-(to.y - from.y), to.x - from.x}
			bend := .12 * math.Sin(math.Pi*t) * math.Sin(2*math.Pi*t+bow)
			path = append(path, vec{lerp(from.x, to.x, t), lerp(from.y, to.y, t)}.add(side.mul(bend)))
		}
		b.way("footway", "", path)
	}
	b.put(building{ring: f.outAll(box(r.u0+10, r.v1-24, r.u0+34, r.v1-12)), use: "civic", levels: 1, name: "公园管理处"}, 2)
	for range 3 {
		p := vec{d.between(r.u0+10, r.u1-20), d.between(r.v0+10, r.v1-20)}
		b.put(building{ring: f.outAll(box(p.x, p.y, p.x+7, p.y+7)), use: "pavilion", levels: 1}, 3)
	}
}

// fields cuts open country into fields, here and there with an orchard, greenhouses (大棚) or a pond.
func (b *builder) fields() {
	d := throw(b.seed, forBuilding, uint64(b.ward.id))
	wooded := .05
	if b.ward.zone == orchard {
		wooded = .4
	}
	b.field(b.ward.rect.grow(-2.5), wooded, d)
}

func (b *builder) field(r rect, wooded float64, d *dice) {
	w, h := r.w(), r.h()
	if w > d.between(150, 260) || h > d.between(70, 150) {
		k := d.between(.35, .65)
		p, q := r, r
		if w > h*d.between(1.1, 1.9) {
			m := lerp(r.u0, r.u1, k)
			p.u1, q.u0 = m-.9, m+.9
		} else {
			m := lerp(r.v0, r.v1, k)
			p.v1, q.v0 = m-.9, m+.9
		}
		b.field(p, wooded, d)
		b.field(q, wooded, d)
		return
	}
	switch k := d.unit(); {
	case k < wooded:
		b.out.grounds = append(b.out.grounds, area{"landuse", "forest", "", b.warp(r)})
	case k < wooded+.08:
		b.out.grounds = append(b.out.grounds, area{"landuse", "farmland", "", b.warp(r)})
		b.greenhouses(r, d)
	default:
		b.out.grounds = append(b.out.grounds, area{"landuse", "farmland", "", b.warp(r)})
		if d.chance(.03) && min(w, h) > 50 {
			f := b.terrain.local(r.centre())
			b.out.waters = append(b.out.waters, area{"natural", "water", "", f.outAll(blob(vec{}, d.between(12, 20), d.between(1, 1.5), d))})
		}
	}
}

// blob is a round shape that isn't quite.
func blob(at vec, size, stretch float64, d *dice) []vec {
	a1, a2, p1, p2 := d.between(.1, .2), d.between(.05, .12), d.between(0, 6), d.between(0, 6)
	ring := make([]vec, 48)
	for i := range ring {
		a := float64(i) * math.Pi / 24
		s := size * (1 + a1*math.Sin(2*a+p1) + a2*math.Sin(3*a+p2))
		ring[i] = vec{at.x + s*stretch*math.Cos(a), at.y + s*math.Sin(a)}
	}
	return ring
}

func (b *builder) greenhouses(r rect, d *dice) {
	f := b.terrain.local(r.centre())
	outer := b.warp(r.grow(-2))
	in := bounds(f.inAll(outer))
	l := d.between(50, 75)
	for y := in.v0 + 3; y+9 < in.v1; y += 15 {
		for x := in.u0 + 3; x+l < in.u1; x += l + 6 {
			if ring := f.outAll(box(x, y, x+l, y+8.5)); within(ring, outer) {
				b.put(building{ring: ring, use: "greenhouse", levels: 1}, 3)
			}
		}
	}
}

func within(ring, outer []vec) bool {
	for _, p := range ring {
		if !inside(p, outer) {
			return false
		}
	}
	return true
}

// banks makes the green between a river and the roads on its banks.
func (b *builder) banks() {
	w := b.ward
	if w.band != riverBed {
		return
	}
	value := "grass"
	key := "landuse"
	if w.rect.centre().x > b.core.u0 && w.rect.centre().x < b.core.u1 {
		key, value = "leisure", "park"
	}
	up := w.rect.v0 == b.river // lies north of the water
	n := math.Max(2, math.Round(w.rect.w()/20))
	var ring, far []vec
	for k := 0.0; k <= n; k++ {
		u := lerp(w.rect.u0+1, w.rect.u1-1, k/n)
		in := b.bank(u, up)
		out := w.rect.v1 - 10
		if !up {
			out = w.rect.v0 + 10
		}
		if key == "landuse" {
			if out = w.rect.v1 - 3; !up {
				out = w.rect.v0 + 3
			}
		}
		ring = append(ring, b.terrain.real(vec{u, in}))
		far = append(far, b.terrain.real(vec{u, out}))
	}
	for i := len(far) - 1; i >= 0; i-- {
		ring = append(ring, far[i])
	}
	if !up {
		for i, j := 0, len(ring)-1; i < j; i, j = i+1, j-1 {
			ring[i], ring[j] = ring[j], ring[i]
		}
	}
	b.out.grounds = append(b.out.grounds, area{key, value, "", ring})
}

// bank is v of the water's edge at u; the river widens and narrows as it goes.
func (p *plan) bank(u float64, up bool) float64 {
	phase := float64(p.seed%97) / 9
	half := 21 + 4*math.Sin(u/173+phase) + 2.5*math.Sin(u/61+2*phase)
	if up {
		return p.river + half
	}
	return p.river - half + 1.5*math.Sin(u/47)
}
