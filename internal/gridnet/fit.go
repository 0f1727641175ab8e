package gridnet

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"jingwei/internal/planar"
)

// claim says what is wrong with some ground: which two polygons claim it, that none does, or which one claims it though it lies outside.
type claim struct {
	kind Kind
	a, b int32 // polygons; b is −1 for a stray one, both are for a gap
}

// piece is a connected stretch of ground with one claim.
type piece struct {
	claim
	area, around float64 // m², m
	box          extent
	communities  map[int]bool
	blocks       map[int64]bool
	residents    float64
}

// thin says whether it is no more than a line drawn twice.
func (p *piece) thin() bool {
	return p.area < sliverArea || p.around > 0 && 2*p.area/p.around < sliverWidth
}

// fit is a net laid over the communities alone.
type fit struct {
	faces   *planar.Coverage
	claims  [][]int32 // face → its pieces
	pieces  []piece
	parts   []part
	locator *planar.FaceLocator
}

// part is one of a polygon's parts.
type part struct {
	polygon   int32
	area      float64 // m²
	inside    float64 // of it, within the communities
	contested float64 // of that, claimed by other polygons too
}

// lay finds the ground that is claimed twice, not at all, or outside of the communities.
func lay(ctx context.Context, g *Ground, net *Net) (*fit, error) {
	f := &fit{}
	var sets [][]planar.Polygon
	for _, c := range g.Communities {
		sets = append(sets, c.Parts)
	}
	for i, p := range net.Polygons {
		for _, one := range p.Parts {
			sets = append(sets, []planar.Polygon{one})
			f.parts = append(f.parts, part{polygon: int32(i)})
		}
	}
	faces, covers, err := planar.OverlayFaces(ctx, sets)
	if err != nil {
		return nil, err
	}
	plane := g.plane()
	measures := planar.Measure(faces, func(p planar.Point) (x, y float64) { return plane.Forward(p.Degrees()) })
	f.faces, f.claims = faces, make([][]int32, len(faces.Faces))
	of := make([][]claim, len(faces.Faces))
	homes := make([][]int, len(faces.Faces)) // the communities around a face
	for i, cover := range covers {
		var polygons []int32
		homes[i], polygons = f.read(cover, len(g.Communities), measures.Faces[i].Area)
		of[i] = claimsOf(len(homes[i]) > 0, polygons)
	}
	f.join(of)
	f.measure(measures, homes)
	f.locator = planar.NewFaceLocator(faces)
	return f, nil
}

// read divides what covers a face into communities and polygons, and counts its area for the parts.
func (f *fit) read(cover []int32, communities int, area float64) (of []int, polygons []int32) {
	first := len(cover)
	for i, s := range cover {
		if int(s) < communities {
			of = append(of, int(s))
			continue
		}
		first = min(first, i)
		polygons = append(polygons, f.parts[int(s)-communities].polygon)
	}
	polygons = slices.Compact(polygons) // parts of one polygon follow each other
	for _, s := range cover[first:] {
		p := &f.parts[int(s)-communities]
		p.area += area
		if len(of) > 0 {
			p.inside += area
			if len(polygons) > 1 {
				p.contested += area
			}
		}
	}
	return of, polygons
}

// claimsOf says what is wrong with a face.
func claimsOf(inside bool, polygons []int32) (out []claim) {
	switch {
	case !inside:
		for _, p := range polygons {
			out = append(out, claim{Stray, p, -1})
		}
	case len(polygons) == 0:
		out = append(out, claim{Gap, -1, -1})
	default:
		for i, p := range polygons {
			for _, q := range polygons[i+1:] {
				out = append(out, claim{Overlap, p, q})
			}
		}
	}
	return out
}

// join makes pieces of what hangs together across arcs.
func (f *fit) join(of [][]claim) {
	begin := make([]int32, len(of)+1)
	for i := range of {
		begin[i+1] = begin[i] + int32(len(of[i]))
	}
	sets := newSets(int(begin[len(of)]))
	for i := range f.faces.Arcs {
		l, r := f.faces.Arcs[i].Left, f.faces.Arcs[i].Right
		if l < 0 || r < 0 {
			continue
		}
		for j, a := range of[l] {
			if k := slices.Index(of[r], a); k >= 0 {
				sets.union(begin[l]+int32(j), begin[r]+int32(k))
			}
		}
	}
	number := make(map[int32]int32)
	for i := range of {
		for j, c := range of[i] {
			root := sets.find(begin[i] + int32(j))
			n, seen := number[root]
			if !seen {
				n = int32(len(f.pieces))
				number[root] = n
				f.pieces = append(f.pieces, piece{claim: c, box: nothing(), communities: map[int]bool{}, blocks: map[int64]bool{}})
			}
			f.claims[i] = append(f.claims[i], n)
		}
	}
}

func (f *fit) measure(m planar.Measures, homes [][]int) {
	for i, pieces := range f.claims {
		for _, p := range pieces {
			f.pieces[p].area += m.Faces[i].Area
			for _, c := range homes[i] {
				f.pieces[p].communities[c] = true
			}
		}
	}
	for i := range f.faces.Arcs {
		a := &f.faces.Arcs[i]
		left, right := f.at(a.Left), f.at(a.Right)
		for _, p := range left {
			f.pieces[p].box.add(a.Points...)
			if !slices.Contains(right, p) {
				f.pieces[p].around += m.Arcs[i]
			}
		}
		for _, p := range right {
			if !slices.Contains(left, p) {
				f.pieces[p].box.add(a.Points...)
				f.pieces[p].around += m.Arcs[i]
			}
		}
	}
}

func (f *fit) at(face int32) []int32 {
	if face < 0 {
		return nil
	}
	return f.claims[face]
}

// piecesAt are those on which a point lies, by their place.
func (f *fit) piecesAt(p planar.Point) []int32 { return f.at(f.locator.Face(p)) }

// byClaim is the order of pieces: by kind, by polygons, the larger ones first.
func byClaim(a, b *piece) int {
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.a, b.a), cmp.Compare(a.b, b.b), cmp.Compare(b.area, a.area),
		a.box.low.Compare(b.box.low))
}

func (p *piece) codesOf(g *Ground) []string {
	out := make([]string, 0, len(p.communities))
	for _, c := range slices.Sorted(maps.Keys(p.communities)) {
		out = append(out, g.Communities[c].Code)
	}
	return out
}

// sets are disjoint sets of numbers (union by the lesser root, so that what comes out doesn't depend on the order).
type sets []int32

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

func (s sets) find(i int32) int32 {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

func (s sets) union(a, b int32) {
	a, b = s.find(a), s.find(b)
	s[max(a, b)] = min(a, b)
}
