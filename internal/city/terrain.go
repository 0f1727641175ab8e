package city

import (
	"math"

	"jingwei/internal/planar"
)

// terrain bends the straight plan (u, v) into the real plane (x east, y north, metres from the town's
// middle): long waves for the streets, the river's meander that fades with the distance from it, some
// more waviness in the fields, and at last a turn by a few degrees.
type terrain struct {
	long, short []wave
	meander     []wave // along u
	river       float64
	reach       float64 // how far the meander pulls the streets along
	core        rect
	cos, sin    float64
	at          vec // where the plan's origin lies
}

// wave is one sine: its wave vector in radians a metre, its phase, and what it moves, in metres.
type wave struct {
	k     vec
	phase float64
	move  vec
}

func newTerrain(seed uint64, core rect, river float64) *terrain {
	d := throw(seed, forTerrain)
	span := math.Max(core.w(), core.h())
	t := &terrain{core: core, river: river, reach: clamp(core.h()*.24, 150, 420)}
	for range 3 {
		l := clamp(span*d.between(.8, 1.3), 700, 3200)
		t.long = append(t.long, newWave(d, l, l*d.between(.011, .017)))
	}
	for range 2 {
		l := d.between(620, 900)
		t.long = append(t.long, newWave(d, l, d.between(3, 5)))
	}
	for range 3 {
		t.short = append(t.short, newWave(d, d.between(240, 420), d.between(4, 7)))
	}
	l := clamp(span*d.between(.55, .75), 500, 1700)
	t.meander = []wave{
		{vec{2 * math.Pi / l, 0}, d.between(0, 2*math.Pi), vec{0, l * d.between(.038, .05)}},
		{vec{2 * math.Pi / (l * .43), 0}, d.between(0, 2*math.Pi), vec{0, l * d.between(.008, .013)}},
	}
	turn := d.sign() * d.between(3, 8) * math.Pi / 180
	t.cos, t.sin = math.Cos(turn), math.Sin(turn)
	return t
}

func newWave(d *dice, length, size float64) wave {
	a, b := d.between(0, 2*math.Pi), d.between(0, 2*math.Pi)
	k := 2 * math.Pi / length
	return wave{vec{k * math.Cos(a), k * math.Sin(a)}, d.between(0, 2*math.Pi),
		vec{size * math.Cos(b), size * math.Sin(b)}}
}

func (w wave) at(p vec) vec { return w.move.mul(math.Sin(w.k.dot(p) + w.phase)) }

// real is the place of a point of the plan.
func (t *terrain) real(p vec) vec {
	q := p
	for _, w := range t.long {
		q = q.add(w.at(p))
	}
	if out := t.outside(p); out > 0 {
		for _, w := range t.short {
			q = q.add(w.at(p).mul(smooth(out / 250)))
		}
	}
	fade := (p.y - t.river) / t.reach
	pull := math.Exp(-fade * fade)
	for _, w := range t.meander {
		q = q.add(w.at(p).mul(pull))
	}
	return vec{q.x*t.cos - q.y*t.sin + t.at.x, q.x*t.sin + q.y*t.cos + t.at.y}
}

// outside is how far p lies from the built-up core, 0 within.
func (t *terrain) outside(p vec) float64 {
	dx := math.Max(0, math.Max(t.core.u0-p.x, p.x-t.core.u1))
	dy := math.Max(0, math.Max(t.core.v0-p.y, p.y-t.core.v1))
	return math.Hypot(dx, dy)
}

// local is the frame at a point of the plan: its x axis runs as the streets do there, but never more
// than 22 degrees off east, because dwellings look south.
func (t *terrain) local(p vec) frame {
	a, b := t.real(vec{p.x - 5, p.y}), t.real(vec{p.x + 5, p.y})
	turn := clamp(math.Atan2(b.y-a.y, b.x-a.x), -22*math.Pi/180, 22*math.Pi/180)
	return frame{t.real(p), math.Cos(turn), math.Sin(turn)}
}

// globe turns metres around a place into degrees, on the WGS 84 ellipsoid at the place's latitude (within
// 20 km the error of treating it as a plane is a few metres in 10 km, and the town is where we say it is).
type globe struct{ lon, lat, perLon, perLat float64 }

func newGlobe(lon, lat float64) globe {
	const a, e2 = 6378137.0, 0.00669437999014
	phi := lat * math.Pi / 180
	s := math.Sqrt(1 - e2*math.Sin(phi)*math.Sin(phi))
	return globe{lon, lat,
		a / s * math.Cos(phi) * math.Pi / 180,
		a * (1 - e2) / (s * s * s) * math.Pi / 180}
}

// point is the lattice point of a place.
func (g globe) point(p vec) planar.Point {
	return planar.FromDegrees(g.lon+p.x/g.perLon, g.lat+p.y/g.perLat)
}

// vec is the place of a lattice point.
func (g globe) vec(p planar.Point) vec {
	lon, lat := p.Degrees()
	return vec{(lon - g.lon) * g.perLon, (lat - g.lat) * g.perLat}
}

func (g globe) ring(r planar.Ring) []vec {
	out := make([]vec, len(r))
	for i, p := range r {
		out[i] = g.vec(p)
	}
	return out
}
