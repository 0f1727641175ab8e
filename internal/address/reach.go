package address

import "slices"

// reach goes over the names of divisions and streets that may stand in front: 重庆路 in cqlcl. A division stands behind those above it in the list,
// so that what is reached with it takes in what is reached with them.
func (s *search) reach() {
	n := &s.g.names
	if len(s.spell.q) < 3 {
		return
	}
	gates, anywhere := s.gates(), uint64(0)
	s.reached = [2][]uint64{make([]uint64, len(s.g.divisions)), make([]uint64, len(s.g.streets))}
	for _, i := range n.typed[:n.front] {
		r := &n.rows[i]
		above, kind, k := s.above(r.place), r.place.kind(), r.place.index()
		if kind == placeDivision {
			s.reached[0][k] |= above
		} else {
			above |= anywhere // a street goes through more than the division that it is known to lie in, or is said to
		}
		if s.spell.mayBegin(0, r, 0) {
			above |= 1
		}
		if above == 0 {
			continue
		}
		bits := s.spell.over(above, r)
		if kind == placeStreet {
			bits |= gates.passed(bits)
		}
		s.reached[kind>>28][k] |= bits
		if kind == placeDivision {
			anywhere |= bits
		}
	}
}

// above is how far one gets with what a place lies in.
func (s *search) above(p place) (bits uint64) {
	if s.reached[0] == nil {
		return 0
	}
	d, i := int32(-1), p.index()
	switch p.kind() {
	case placeDivision:
		d = s.g.divisions[i].parent
	case placeStreet:
		d = s.g.streets[i].division
	case placeCompound:
		c := s.g.compounds[i]
		if d = c.division; c.street >= 0 {
			bits |= s.reached[1][c.street]
		}
	case placeBuilding:
		b := s.g.buildings[i]
		if d = b.division; b.street >= 0 {
			bits |= s.reached[1][b.street]
		}
	}
	if d >= 0 {
		bits |= s.reached[0][d]
	}
	return bits
}

// gates are the numbers with a unit that a street can count by, as the places in a text where they begin and end.
type gates [][2]int

func (s *search) gates() (out gates) {
	if !slices.ContainsFunc(s.key, digit) {
		return nil
	}
	gs := fold(s.typed)
	for p := range gs {
		e, ok := readElement(gs, p)
		if !ok || e.to == len(gs) || p > 0 && digit(gs[p-1].r) || e.unit != unitMark && e.unit != unitHash && e.unit != unitYard {
			continue
		}
		from := slices.IndexFunc(s.glyphs, func(c glyph) bool { return c.from == gs[p].from })
		to := slices.IndexFunc(s.glyphs, func(c glyph) bool { return c.from == gs[e.to].from })
		if from >= 0 && to > from && to < maxTyped {
			out = append(out, [2]int{from, to})
		}
	}
	return out
}

// passed gives the places behind the numbers that begin at these.
func (g gates) passed(bits uint64) (out uint64) {
	for _, way := range g {
		out |= bits >> way[0] & 1 << way[1]
	}
	return out
}
