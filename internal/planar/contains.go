package planar

// side says where p lies: 1 inside the ring, 0 on it, -1 outside. The direction of the ring doesn't matter.
func (r Ring) side(p Point) int {
	inside := false
	for i, j := 0, len(r)-1; i < len(r); j, i = i, i+1 {
		a, b := r[j], r[i]
		if (a.Y > p.Y) == (b.Y > p.Y) {
			if a.Y == p.Y && b.Y == p.Y && inBox(a, b, p) || a == p || b == p {
				return 0
			}
			continue
		}
		s := cross(a, b, p)
		if s == 0 {
			return 0
		}
		if (s > 0) == (b.Y > a.Y) {
			inside = !inside
		}
	}
	if inside {
		return 1
	}
	return -1
}

// encloses says whether q lies within r. The two may touch, but must not cross.
func (r Ring) encloses(q Ring) bool {
	for _, p := range q {
		if s := r.side(p); s != 0 {
			return s > 0
		}
	}
	// Every vertex of q lies on r: then the middle of one of its edges decides, on a lattice twice as fine.
	fine := make(Ring, len(r))
	for i, p := range r {
		fine[i] = Point{2 * (p.X - r[0].X), 2 * (p.Y - r[0].Y)}
	}
	for i := range q {
		a, b := q[i], q[(i+1)%len(q)]
		mid := Point{a.X - r[0].X + b.X - r[0].X, a.Y - r[0].Y + b.Y - r[0].Y}
		if s := fine.side(mid); s != 0 {
			return s > 0
		}
	}
	return abs64(q.Area2()) <= abs64(r.Area2())
}

// Contains says whether p lies in one of the polygons. Their borders belong to them.
func Contains(polygons []Polygon, p Point) bool {
	for _, polygon := range polygons {
		if polygon.side(p) >= 0 {
			return true
		}
	}
	return false
}

// side says where p lies: 1 inside the polygon, 0 on its border, -1 outside.
func (polygon Polygon) side(p Point) int {
	if len(polygon) == 0 {
		return -1
	}
	s := polygon[0].side(p)
	for _, hole := range polygon[1:] {
		if s <= 0 {
			return s
		}
		s = -hole.side(p)
	}
	return s
}
