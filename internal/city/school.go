package city

import (
	"math"
)

// school has its classrooms in the north and its running track in the south.
func (b *builder) school(c *parcel, d *dice) {
	b.ground(c, "amenity", map[bool]string{true: "kindergarten", false: "school"}[c.use == kindergarten])
	b.wall(c, [4]float64{}, 9)
	f, r := b.lot(c, 4)
	at := b.at(c)
	house := func(name string, levels int, ring []vec) {
		use := "school"
		if c.use == kindergarten {
			use = "kindergarten"
		}
		b.put(building{ring: f.outAll(ring), use: use, levels: levels, name: name, address: at}, 1)
	}
	m := r.centre()
	if c.use == kindergarten || r.h() < 80 {
		l, teeth := clamp(r.w()-12, 18, 52), math.Min(10, r.h()*.2)
		y := lerp(r.v0, r.v1-13-teeth, .62)
		b.wayIn(c, f, b.inwards(c, f, 5))
		house(c.name, 3, comb(m.x-l/2, y, l, 13, teeth, d))
		if w := r.w() * .3; y-r.v0 > 24 {
			b.pitch(f, m.x, r.v0+12, math.Max(w, 26), 16)
		}
		return
	}
	track := clamp(math.Min(r.w()-8, r.h()*.42*1.9), 60, 176)
	deep := track * .53
	cx, cy := m.x+d.between(-.1, .1)*(r.w()-track), r.v0+deep/2+3
	if g := c.gates; len(g) > 0 && g[0].side == south { // the way in passes beside the track
		cx = r.u1 - track/2 - 2
	}
	b.pitch(f, cx, cy, track, deep)
	if g := c.gates; len(g) > 0 {
		switch g[0].side {
		case south:
			x := math.Min(clampTo(r, f, b, c), cx-track/2-5)
			b.wayIn(c, f, vec{x, r.v0 + 2}, vec{x, r.v0 + deep + 8}, vec{m.x, r.v0 + deep + 8})
		default:
			b.wayIn(c, f, vec{clampTo(r, f, b, c), r.v0 + deep + 8}, vec{m.x, r.v0 + deep + 8})
		}
	}
	y := r.v0 + deep + 14
	left, right := r.u0+3, r.u1-3
	if g := c.gates; len(g) > 0 && g[0].side == north { // keep off the way in
		if x := clampTo(r, f, b, c); x < m.x {
			left = math.Max(left, x+7)
		} else {
			right = math.Min(right, x-7)
		}
	}
	dined := false
	for k := 0; y+13 < r.v1 && k < 5; k++ {
		l := math.Min(right-left, d.between(58, 84))
		x := lerp(left, right-l, pick(d, 0, .1, .5, .9))
		house([]string{"教学楼", "实验楼", "综合楼", "办公楼", "宿舍楼"}[k], pick(d, 4, 4, 5), box(x, y, x+l, y+13))
		if rest := right - x - l; rest > 30 && !dined {
			house("食堂", 2, box(x+l+8, y, x+l+math.Min(rest, 34), y+16))
			dined = true
		}
		y += 13 + d.between(19, 25)
	}
}

// clampTo is the gate's x in the lot's frame, kept inside of it.
func clampTo(r rect, f frame, b *builder, c *parcel) float64 {
	if len(c.gates) == 0 {
		return r.centre().x
	}
	l, _, _ := c.rect.side(c.gates[0].side)
	return clamp(f.in(b.terrain.real(l.point(c.gates[0].at))).x, r.u0+3, r.u1-3)
}

// pitch is a running track: two straights and two half circles.
func (b *builder) pitch(f frame, x, y, w, h float64) {
	var ring []vec
	for k := range 25 {
		a := math.Pi/2 - float64(k)*math.Pi/24
		ring = append(ring, vec{x + (w-h)/2 + h/2*math.Cos(a), y + h/2*math.Sin(a)})
	}
	for k := range 25 {
		a := -math.Pi/2 - float64(k)*math.Pi/24
		ring = append(ring, vec{x - (w-h)/2 + h/2*math.Cos(a), y + h/2*math.Sin(a)})
	}
	for i, j := 0, len(ring)-1; i < j; i, j = i+1, j-1 {
		ring[i], ring[j] = ring[j], ring[i]
	}
	ring = f.outAll(ring)
	b.reserve(ring)
	b.out.grounds = append(b.out.grounds, area{"leisure", "pitch", "", ring})
}

// comb is a body with three teeth southwards, like an E that looks down.
func comb(x, y, l, h, teeth float64, d *dice) []vec {
	t := math.Min(12, l/4)
	c := x + l/2
	return []vec{{x, y}, {x + t, y}, {x + t, y + teeth}, {c - t/2, y + teeth}, {c - t/2, y + teeth*.4}, {c + t/2, y + teeth*.4},
		{c + t/2, y + teeth}, {x + l - t, y + teeth}, {x + l - t, y}, {x + l, y}, {x + l, y + teeth + h}, {x, y + teeth + h}}
}
