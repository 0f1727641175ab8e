package planar

import (
	"cmp"
	"context"
	"slices"
)

// Check proves that the polygons tile the border exactly, or says why they don't: that each is a valid
// polygon (rings without crossings, shell counter-clockwise, holes clockwise and inside, the inside in one piece), the border
// likewise, and that each edge is used once in each direction, the border counting as the other side. Given both, every
// place inside the border has winding number one, so it lies in exactly one polygon. Without a border (nil) nothing is
// said about edges that nobody shares; that proves the polygons valid and no edge used twice, but not that they don't overlap.
//
// It names every flaw, ordered by polygon and place, and gives nil when there are none.
func Check(polygons []Polygon, border []Polygon) []Flaw {
	k := &checker{builder: newBuilder(len(polygons), countVertices(polygons)+countVertices(border))}
	for i, p := range border {
		k.polygon(Outside, p)
		for _, r := range border[i] {
			k.side(Outside, r, true)
		}
	}
	for i, p := range polygons {
		k.polygon(int32(i), p)
		for _, r := range p {
			k.side(int32(i), r, false)
		}
	}
	if err := k.bounds.check(); err != nil {
		k.flaw(FlawSpan, Outside, Outside, Point{k.bounds.x0, k.bounds.y0}, Point{k.bounds.x1, k.bounds.y1})
		return k.flaws
	}
	k.pairing(len(border) > 0)
	slices.SortStableFunc(k.flaws, func(f, g Flaw) int {
		return cmp.Or(cmp.Compare(f.Polygon, g.Polygon), f.A.Compare(g.A), f.B.Compare(g.B), cmp.Compare(f.Kind, g.Kind))
	})
	return k.flaws
}

type checker struct{ *builder }

// side notes the edges of a ring just as it runs, or against it.
func (k *checker) side(face int32, r Ring, reverse bool) {
	if len(r) < 3 {
		return
	}
	if len(k.sides) == 0 {
		k.bounds = boxOf(r[0])
	}
	last := k.index.number(r[len(r)-1])
	for _, p := range r {
		k.bounds.add(p)
		v := k.index.number(p)
		switch {
		case v == last:
		case reverse:
			k.sides = append(k.sides, side{v, last, face})
		default:
			k.sides = append(k.sides, side{last, v, face})
		}
		last = v
	}
}

// pairing looks for edges that aren't used once in each direction.
func (k *checker) pairing(closed bool) {
	slices.SortFunc(k.sides, func(s, t side) int {
		return cmp.Or(cmp.Compare(min(s.a, s.b), min(t.a, t.b)), compareSides(s, t), cmp.Compare(s.face, t.face))
	})
	for i := 0; i < len(k.sides); {
		s := k.sides[i]
		j := i + 1
		for j < len(k.sides) && min(k.sides[j].a, k.sides[j].b) == min(s.a, s.b) && max(k.sides[j].a, k.sides[j].b) == max(s.a, s.b) {
			j++
		}
		k.edgePairs(k.sides[i:j], closed)
		i = j
	}
}

func (k *checker) edgePairs(sides []side, closed bool) {
	first := sides[0]
	n := 1 // how many run like the first one
	for n < len(sides) && sides[n].a == first.a {
		n++
	}
	there, back := sides[:n], sides[n:]
	for _, way := range [2][]side{there, back} {
		for i := 1; i < len(way); i++ {
			k.flaw(FlawTwice, max(way[i-1].face, way[i].face), min(way[i-1].face, way[i].face), k.index.points[way[i].a], k.index.points[way[i].b])
		}
	}
	p, q := k.index.points[first.a], k.index.points[first.b]
	switch {
	case len(back) == 0 && closed:
		k.flaw(FlawUnpaired, first.face, Outside, p, q)
	case len(back) > 0 && first.face == back[0].face:
		k.flaw(FlawSpike, first.face, Outside, p, q)
	}
}

// polygon checks one polygon by itself.
func (k *checker) polygon(face int32, p Polygon) {
	if len(p) == 0 {
		k.flaw(FlawEmpty, face, Outside, Point{}, Point{})
		return
	}
	sound := true
	for i, r := range p {
		sound = k.ring(face, r, i == 0) && sound
	}
	if !sound || k.clashes(face, p) {
		return
	}
	k.holes(face, p)
	k.connected(face, p)
}

func (k *checker) ring(face int32, r Ring, shell bool) bool {
	if len(r) == 0 {
		k.flaw(FlawShortRing, face, Outside, Point{}, Point{})
		return false
	}
	if len(r) < 3 {
		k.flaw(FlawShortRing, face, Outside, r[0], r[0])
		return false
	}
	sound := true
	for i := range r {
		if next := r[(i+1)%len(r)]; r[i] == next {
			k.flaw(FlawRepeat, face, Outside, r[i], r[i])
			sound = false
		}
	}
	b := boxOf(r[0])
	for _, p := range r {
		b.add(p)
	}
	if b.check() != nil {
		k.flaw(FlawSpan, face, Outside, Point{b.x0, b.y0}, Point{b.x1, b.y1})
		return false
	}
	switch area := r.Area2(); {
	case area == 0:
		k.flaw(FlawFlat, face, Outside, r[0], r[0])
		sound = false
	case (area > 0) != shell:
		k.flaw(FlawWrongWay, face, Outside, r[0], r[0])
	}
	seen := slices.SortedFunc(slices.Values(r), Point.Compare)
	for i := 1; i < len(seen); i++ {
		if seen[i] == seen[i-1] && sound {
			k.flaw(FlawTouching, face, Outside, seen[i], seen[i])
			return false
		}
	}
	return sound
}

// clashes looks for edges of the polygon that share more than an end.
func (k *checker) clashes(face int32, p Polygon) bool {
	var pieces []piece
	for _, r := range p {
		for i := range r {
			pieces = append(pieces, ordered(r[i], r[(i+1)%len(r)], 0))
		}
	}
	b := boxOf(pieces[0].a)
	for _, w := range pieces {
		b.add(w.a)
		b.add(w.b)
	}
	found := map[Flaw]bool{}
	f := &crossingFinder{ctx: context.Background(), pieces: pieces}
	f.pair = func(p, q *piece) {
		if clash(p.a, p.b, q.a, q.b) {
			found[Flaw{FlawCrossing, face, Outside, p.a, p.b}] = true
		}
	}
	all := make([]int32, len(pieces))
	for i := range all {
		all[i] = int32(i)
	}
	if err := f.halve(b, all, 0); err != nil { // only a cancelled context makes one
		panic(err)
	}
	for flaw := range found {
		k.flaws = append(k.flaws, flaw)
	}
	return len(found) > 0
}

// clash says whether two segments share anything but a common end.
func clash(a, b, c, d Point) bool {
	if a == c && b == d {
		return true
	}
	inside := func(p, q, v Point) bool { return v != p && v != q && onSegment(p, q, v) }
	if inside(a, b, c) || inside(a, b, d) || inside(c, d, a) || inside(c, d, b) {
		return true
	}
	_, cross := crossing(a, b, c, d)
	return cross
}

// holes checks that every hole lies inside the shell and in no other hole. Nothing crosses.
func (k *checker) holes(face int32, p Polygon) {
	for i := 1; i < len(p); i++ {
		if !p[0].encloses(p[i]) {
			k.flaw(FlawHoleOutside, face, Outside, p[i][0], p[i][0])
			continue
		}
		for j := 1; j < len(p); j++ {
			if i != j && abs64(p[j].Area2()) > abs64(p[i].Area2()) && p[j].encloses(p[i]) {
				k.flaw(FlawHoleOutside, face, Outside, p[i][0], p[i][0])
				break
			}
		}
	}
}

// connected checks that rings which touch don't close a circle: that would part the inside.
func (k *checker) connected(face int32, p Polygon) {
	if len(p) < 2 {
		return
	}
	type visit struct {
		at   Point
		ring int
	}
	var visits []visit
	for i, r := range p {
		for _, v := range r {
			visits = append(visits, visit{v, i})
		}
	}
	slices.SortFunc(visits, func(v, w visit) int { return cmp.Or(v.at.Compare(w.at), cmp.Compare(v.ring, w.ring)) })
	parent := make([]int, len(p))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	for i := 1; i < len(visits); i++ {
		if visits[i].at != visits[i-1].at {
			continue
		}
		r, s := find(visits[i].ring), find(visits[i-1].ring)
		if r == s {
			k.flaw(FlawSplit, face, Outside, visits[i].at, visits[i].at)
			return
		}
		parent[r] = s
	}
}
