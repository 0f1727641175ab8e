package planar

import "math"

// FaceMeasure is what a face measures in the caller's plane: metres, square metres, metres to the fourth.
type FaceMeasure struct {
	Area      float64
	X, Y      float64 // centroid
	Inertia   float64 // second moment of area about the centroid, ∫ r² dA
	Perimeter float64 // all rings
}

// Compactness is A² / (2π·I): 1 for a circle, 0.955 for a square, 0 for a face without area.
func (m FaceMeasure) Compactness() float64 {
	if m.Inertia <= 0 {
		return 0
	}
	return m.Area * m.Area / (2 * math.Pi * m.Inertia)
}

// PolsbyPopper is 4π·A / P²: 1 for a circle, 0.785 for a square.
func (m FaceMeasure) PolsbyPopper() float64 {
	if m.Perimeter <= 0 {
		return 0
	}
	return 4 * math.Pi * m.Area / (m.Perimeter * m.Perimeter)
}

// Join gives the measure of two faces together, which share a border of the given length.
func (m FaceMeasure) Join(o FaceMeasure, shared float64) FaceMeasure {
	area := m.Area + o.Area
	if area == 0 {
		return m
	}
	dx, dy := m.X-o.X, m.Y-o.Y
	return FaceMeasure{
		Area:      area,
		X:         (m.Area*m.X + o.Area*o.X) / area,
		Y:         (m.Area*m.Y + o.Area*o.Y) / area,
		Inertia:   m.Inertia + o.Inertia + m.Area*o.Area/area*(dx*dx+dy*dy), // Steiner
		Perimeter: m.Perimeter + o.Perimeter - 2*shared,
	}
}

// Measures is what a coverage measures: its faces, and the lengths of its arcs in metres.
type Measures struct {
	Faces []FaceMeasure
	Arcs  []float64
}

// Measure measures every face and arc in the plane that project maps to (crs.Plane.Forward, say; it is
// called once for each point of each arc). Edges are taken as straight in the plane.
func Measure(c *Coverage, project func(Point) (x, y float64)) Measures {
	m := Measures{make([]FaceMeasure, len(c.Faces)), make([]float64, len(c.Arcs))}
	sums := make([]moments, len(c.Faces))
	var line [][2]float64
	for i := range c.Arcs {
		a := &c.Arcs[i]
		line = line[:0]
		for _, p := range a.Points {
			x, y := project(p)
			line = append(line, [2]float64{x, y})
		}
		for j := 1; j < len(line); j++ {
			m.Arcs[i] += math.Hypot(line[j][0]-line[j-1][0], line[j][1]-line[j-1][1])
		}
		if a.Left >= 0 {
			sums[a.Left].add(line, 1)
			m.Faces[a.Left].Perimeter += m.Arcs[i]
		}
		if a.Right >= 0 {
			sums[a.Right].add(line, -1)
			m.Faces[a.Right].Perimeter += m.Arcs[i]
		}
	}
	for f := range m.Faces {
		sums[f].into(&m.Faces[f])
	}
	return m
}

// moments sums Green's formulae round a face, from an origin near it: from one farther off, the second
// moment of a small face would drown in rounding.
type moments struct {
	ox, oy         float64
	known          bool
	area2          float64 // twice the area
	mx, my         float64 // six times the first moments
	inertiaTwelves float64 // twelve times the second moment
}

func (s *moments) add(line [][2]float64, direction float64) {
	if !s.known {
		s.ox, s.oy, s.known = line[0][0], line[0][1], true
	}
	px, py := line[0][0]-s.ox, line[0][1]-s.oy
	for _, q := range line[1:] {
		qx, qy := q[0]-s.ox, q[1]-s.oy
		w := direction * (px*qy - qx*py)
		s.area2 += w
		s.mx += w * (px + qx)
		s.my += w * (py + qy)
		s.inertiaTwelves += w * (px*px + px*qx + qx*qx + py*py + py*qy + qy*qy)
		px, py = qx, qy
	}
}

func (s *moments) into(m *FaceMeasure) {
	m.Area = s.area2 / 2
	if s.area2 == 0 {
		m.X, m.Y = s.ox, s.oy
		return
	}
	cx, cy := s.mx/(3*s.area2), s.my/(3*s.area2)
	m.X, m.Y = s.ox+cx, s.oy+cy
	m.Inertia = s.inertiaTwelves/12 - m.Area*(cx*cx+cy*cy)
}
