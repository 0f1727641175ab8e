package city

import (
	"fmt"
	"math"
)

// row is one row of a compound in its own axes.
type row struct {
	y, x0, x1 float64
	floors    int
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
