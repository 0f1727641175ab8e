package city

import "math"

// vec is a position or a direction in metres.
type vec struct{ x, y float64 }

func (a vec) add(b vec) vec           { return vec{a.x + b.x, a.y + b.y} }
func (a vec) sub(b vec) vec           { return vec{a.x - b.x, a.y - b.y} }
func (a vec) mul(k float64) vec       { return vec{a.x * k, a.y * k} }
func (a vec) dot(b vec) float64       { return a.x*b.x + a.y*b.y }
func (a vec) cross(b vec) float64     { return a.x*b.y - a.y*b.x }
func (a vec) len() float64            { return math.Hypot(a.x, a.y) }
func (a vec) dist(b vec) float64      { return a.sub(b).len() }
func lerp(a, b, t float64) float64    { return a + (b-a)*t }
func clamp(x, lo, hi float64) float64 { return math.Max(lo, math.Min(hi, x)) }

// smooth rises from 0 to 1 as t does, flat at both ends.
func smooth(t float64) float64 {
	t = clamp(t, 0, 1)
	return t * t * (3 - 2*t)
}

// rect is an upright rectangle of the plan.
type rect struct{ u0, v0, u1, v1 float64 }

func (r rect) w() float64     { return r.u1 - r.u0 }
func (r rect) h() float64     { return r.v1 - r.v0 }
func (r rect) area() float64  { return r.w() * r.h() }
func (r rect) centre() vec    { return vec{(r.u0 + r.u1) / 2, (r.v0 + r.v1) / 2} }
func (r rect) corners() []vec { return []vec{{r.u0, r.v0}, {r.u1, r.v0}, {r.u1, r.v1}, {r.u0, r.v1}} }
func (r rect) grow(d float64) rect {
	return rect{r.u0 - d, r.v0 - d, r.u1 + d, r.v1 + d}
}

// inset moves the four sides inwards, in the order of side.
func (r rect) inset(by [4]float64) rect {
	return rect{r.u0 + by[west], r.v0 + by[south], r.u1 - by[east], r.v1 - by[north]}
}

// signedArea of a ring, positive when counter-clockwise, in square metres.
func signedArea(ring []vec) float64 {
	var sum float64
	for i, p := range ring {
		sum += p.cross(ring[(i+1)%len(ring)])
	}
	return sum / 2
}

// bounds is the box around some points.
func bounds(pts []vec) rect {
	r := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range pts {
		r = rect{math.Min(r.u0, p.x), math.Min(r.v0, p.y), math.Max(r.u1, p.x), math.Max(r.v1, p.y)}
	}
	return r
}

// inside tells whether p lies in the ring (even-odd; a point on the edge is either).
func inside(p vec, ring []vec) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(p.y-a.y)/(b.y-a.y)*(b.x-a.x) {
			in = !in
		}
	}
	return in
}

// toSegment is the distance of p from the segment a-b.
func toSegment(p, a, b vec) float64 {
	return math.Sqrt(squareToSegment(p, a, b))
}

func squareToSegment(p, a, b vec) float64 {
	d, off := b.sub(a), p.sub(a)
	if l := d.dot(d); l > 0 {
		switch t := off.dot(d); {
		case t >= l:
			off = p.sub(b)
		case t > 0:
			off = off.sub(d.mul(t / l))
		}
	}
	return off.dot(off)
}

// crossing tells whether two segments share a point, collinear ones aside.
func crossing(a, b, c, d vec) bool {
	ab, cd := b.sub(a), d.sub(c)
	s1, s2 := ab.cross(c.sub(a)), ab.cross(d.sub(a))
	s3, s4 := cd.cross(a.sub(c)), cd.cross(b.sub(c))
	return s1*s2 <= 0 && s3*s4 <= 0 && (s1 != s2 || s3 != s4)
}

// apart tells whether a ring keeps at least gap metres from a line (or another ring when closed).
func apart(ring, line []vec, closed bool, gap float64) bool {
	n := len(line)
	if !closed {
		n--
	}
	near := bounds(ring).grow(gap)
	for j := range n {
		c, d := line[j], line[(j+1)%len(line)]
		if min(c.x, d.x) > near.u1 || max(c.x, d.x) < near.u0 || min(c.y, d.y) > near.v1 || max(c.y, d.y) < near.v0 {
			continue // most of a long line
		}
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			if crossing(a, b, c, d) || toSegment(a, c, d) < gap || toSegment(b, c, d) < gap ||
				toSegment(c, a, b) < gap || toSegment(d, a, b) < gap {
				return false
			}
		}
	}
	if inside(line[0], ring) || closed && inside(ring[0], line) {
		return false
	}
	return true
}

// frame is a local system of axes: an origin and the direction of its x axis.
type frame struct {
	at       vec
	cos, sin float64
}

func (f frame) out(p vec) vec {
	return vec{f.at.x + p.x*f.cos - p.y*f.sin, f.at.y + p.x*f.sin + p.y*f.cos}
}

func (f frame) in(p vec) vec {
	d := p.sub(f.at)
	return vec{d.x*f.cos + d.y*f.sin, -d.x*f.sin + d.y*f.cos}
}

func (f frame) outAll(pts []vec) []vec {
	out := make([]vec, len(pts))
	for i, p := range pts {
		out[i] = f.out(p)
	}
	return out
}

func (f frame) inAll(pts []vec) []vec {
	out := make([]vec, len(pts))
	for i, p := range pts {
		out[i] = f.in(p)
	}
	return out
}

// box is the ring of an upright rectangle, counter-clockwise from its south-west corner.
func box(x0, y0, x1, y1 float64) []vec {
	return []vec{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}
}
