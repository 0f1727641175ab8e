package city

import (
	"math"
)

// course is a river or a railway on its way through the open country.
type course struct {
	kind, name string // kind is river, stream or rail
	line       []vec
	half       float64 // half its width
}

// disc is ground that what comes through goes around.
type disc struct {
	at     vec
	radius float64
}

const (
	courseStep = 45.0
	joinWithin = 280.0 // more than the circle of the sharpest bend, or it might turn round its mouth for ever
)

// roam draws a course from a place in a direction until it leaves the border, meets another of its kind or
// has gone far enough. It winds as much as wild says, in radians, and goes around the discs.
func roam(from exit, heading, wild, far float64, border []vec, discs []disc, others []course, d *dice) []vec {
	line := []vec{from.at}
	a1, a2, p1, p2 := d.between(1500, 2600), d.between(380, 640), d.between(0, 6), d.between(0, 6)
	dir, at := from.out, from.at
	for gone := 0.0; gone < far; gone += courseStep {
		angle := heading + wild*(math.Sin(gone/a1*2*math.Pi+p1)+.45*math.Sin(gone/a2*2*math.Pi+p2))
		want := vec{math.Cos(angle), math.Sin(angle)}
		if q, ok := confluence(at, dir, others); ok {
			to := q.sub(at)
			want = want.add(to.mul(.9 / to.len()))
		}
		for _, o := range discs {
			to := o.at.sub(at)
			l := to.len()
			if near := smooth((o.radius + 900 - l) / 800); near > 0 {
				to = to.mul(1 / l)
				if in := want.dot(to); in > 0 {
					want = want.sub(to.mul(in * near * 1.4))
				}
			}
		}
		dir = dir.mul(.8).add(want.mul(.2 / math.Max(want.len(), .1)))
		dir = dir.mul(1 / math.Max(dir.len(), 1e-9))
		at = at.add(dir.mul(courseStep))
		line = append(line, at)
		if !inside(at, border) {
			break
		}
		if n := len(line) - 1; n > 45 && at.dist(line[n-40]) < 16*courseStep { // it turns round: that was its end
			return line[:n-38]
		}
		if gone > 600 {
			if q, ok := meets(at, others); ok {
				return append(line, q)
			}
		}
	}
	return line
}

// confluence is a place ahead and downstream, that is to the west, where another river isn't far.
func confluence(at, dir vec, others []course) (vec, bool) {
	best, near := vec{}, 3600.0
	for _, o := range others {
		for i, p := range o.line {
			if l := p.dist(at); i%8 == 0 && p.x < at.x-.6*l && l < near && p.sub(at).dot(dir) > .5*l {
				best, near = p, l
			}
		}
	}
	return best, near < 3600
}

// meets is the vertex of another course within reach.
func meets(at vec, others []course) (vec, bool) {
	best, near := vec{}, joinWithin
	for _, o := range others {
		for _, p := range o.line {
			if l := p.dist(at); l < near {
				best, near = p, l
			}
		}
	}
	return best, near < joinWithin
}

// toLine is the distance of a point from a line.
func toLine(p vec, line []vec) float64 {
	near := math.Inf(1)
	for i := range line[:len(line)-1] {
		if d := squareToSegment(p, line[i], line[i+1]); d < near {
			near = d
		}
	}
	return math.Sqrt(near)
}

// courses draws the rivers that the towns lie on, and the railway of the county seat.
func (c *county) drawCourses() {
	var discs []disc
	for _, t := range c.places {
		discs = append(discs, disc{t.terrain.at, t.extent(c.globe)})
	}
	for k, t := range c.places {
		if t.hasRail {
			for n, v := range []float64{t.root.v0, t.root.v1} {
				e := leaving(t.terrain.real(vec{t.rail, 0}), t.terrain.real(vec{t.rail, v}))
				e.out = leaving(t.terrain.real(vec{t.rail, v * .98}), e.at).out
				away := math.Pi/2*float64(2*n-1) + .12
				c.courses = append(c.courses, course{"rail", t.names.railway, roam(e, away, .1, 1e5, c.border, discs, nil, throw(c.seed, forCourses, uint64(k), uint64(n))), 4})
			}
		}
	}
	var rivers []course
	for k, t := range c.places {
		d := throw(c.seed, forCourses, uint64(k), 7)
		down := leaving(t.terrain.real(vec{t.root.u0 * .98, t.river}), t.terrain.real(vec{t.root.u0, t.river}))
		up := leaving(t.terrain.real(vec{t.root.u1 * .98, t.river}), t.terrain.real(vec{t.root.u1, t.river}))
		kind, far, half := "stream", d.between(2500, 6000), 6.0
		if k == 0 {
			kind, far, half = "river", 16000, 19
		}
		rivers = append(rivers,
			course{kind, t.names.river, roam(down, math.Pi+d.between(-.1, .5), .55, 7e4, c.border, discs, rivers, d), half},
			course{kind, t.names.river, roam(up, d.between(-.5, .7), .6, far, c.border, discs, nil, d), half * .8})
	}
	c.courses = append(c.courses, rivers...)
}

// extent is how far a town reaches from its middle.
func (t *town) extent(g globe) float64 {
	far := 0.0
	for _, p := range t.border[0] {
		far = math.Max(far, g.vec(p).dist(t.terrain.at))
	}
	return far
}

// byWater tells whether a river or a stream passes near a place.
func (c *county) byWater(at vec) bool {
	for _, k := range c.courses {
		for i := 0; k.kind != "rail" && i < len(k.line); i += 4 {
			if k.line[i].dist(at) < 650 {
				return true
			}
		}
	}
	return false
}
