package city

import (
	"math"
)

// mesh is the pattern of the fields: columns side by side, each cut into fields by itself, so that their ends
// meet like bricks and no four fields share a corner. It is bent a little on the plain and more in the hills.
// Everything in the open country that lies along a field takes its vertices from here.
type mesh struct {
	*net
	cells    []field
	relief   *relief
	long     []wave
	short    []wave
	hills    []wave
	cos, sin float64
}

// field is one cell of the mesh.
type field struct {
	rect rect
	at   vec // its middle in the real plane
}

// meshStep is the most between two vertices along a field, about.
const meshStep = 42.0

func newMesh(seed uint64, border []vec, r *relief) *mesh {
	d := throw(seed, forFields)
	m := &mesh{relief: r}
	turn := d.sign() * d.between(2, 5) * math.Pi / 180
	m.cos, m.sin = math.Cos(turn), math.Sin(turn)
	for range 3 {
		l := d.between(7000, 12000)
		m.long = append(m.long, newWave(d, l, l*.02))
	}
	for range 3 {
		l := d.between(1100, 2300)
		m.long = append(m.long, newWave(d, l, l*.013))
	}
	for range 3 {
		l := d.between(190, 420)
		m.short = append(m.short, newWave(d, l, l*.011))
	}
	for range 4 {
		l := d.between(520, 1000)
		m.hills = append(m.hills, newWave(d, l, l*.026))
	}
	m.net = newNet(meshStep, m.warp)
	m.lay(border, d)
	m.settle()
	return m
}

// warp is the real place of a point of the mesh.
func (m *mesh) warp(p vec) vec {
	q := p
	for _, w := range m.long {
		q = q.add(w.at(p))
	}
	for _, w := range m.short {
		q = q.add(w.at(p))
	}
	if h := m.relief.hill(p); h > 0 {
		k := math.Min(1, 1.6*h)
		for _, w := range m.hills {
			q = q.add(w.at(p).mul(k))
		}
	}
	return vec{q.x*m.cos - q.y*m.sin, q.x*m.sin + q.y*m.cos}
}

// lay cuts the plane into columns and fields and keeps those that may touch the county.
func (m *mesh) lay(border []vec, d *dice) {
	box := bounds(border)
	box = box.grow(.1*math.Max(box.w(), box.h()) + 1500)
	county := fenced(border)
	var before []float64
	for u := box.u0; u < box.u1; {
		wide := d.between(150, 290)
		var stops []float64
		for v := box.v0 + d.between(0, 150); v < box.v1; {
			stops = append(stops, v)
			v = clearOf(before, v+d.between(95, 190))
		}
		for i := range stops[:len(stops)-1] {
			f := field{rect: rect{u, stops[i], u + wide, stops[i+1]}}
			if f.at = m.warp(f.rect.centre()); county.near(f.at, 420) {
				m.cells = append(m.cells, f)
				m.corners(f.rect)
			}
		}
		u, before = u+wide, stops
	}
}

// clearOf moves a stop up until none of the others, which ascend, is within some metres.
func clearOf(others []float64, at float64) float64 {
	for _, o := range others {
		if math.Abs(o-at) < 26 {
			at = o + 26
		}
	}
	return at
}

// slope is how far the fields at a place of the real plane are turned from east, never much.
func (m *mesh) slope(at vec) float64 {
	p := vec{at.x*m.cos + at.y*m.sin, -at.x*m.sin + at.y*m.cos}
	e := m.warp(vec{p.x + 150, p.y}).sub(m.warp(vec{p.x - 150, p.y}))
	return clamp(math.Atan2(e.y, e.x), -.2, .2)
}
