package city

// fence is a ring with its box, to ask of many places whether they are within.
type fence struct {
	ring []vec // closed
	box  rect
}

func fenced(ring []vec) fence {
	return fence{append(append([]vec{}, ring...), ring[0]), bounds(ring)}
}

// near tells whether a place is within the ring or within some metres of it.
func (f fence) near(p vec, metres float64) bool {
	b := f.box.grow(metres)
	if p.x < b.u0 || p.x > b.u1 || p.y < b.v0 || p.y > b.v1 {
		return false
	}
	return inside(p, f.ring) || metres > 0 && toLine(p, f.ring) < metres
}

// deep tells whether a place is within the ring, so many metres from it at least.
func (f fence) deep(p vec, metres float64) bool {
	return inside(p, f.ring) && toLine(p, f.ring) >= metres
}
