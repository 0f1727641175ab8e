package planar

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"
)

// OverlayFaces lays n sets of polygons over one another: the faces between all their borders, and for each
// face the sets that cover it, ascending. A face that several cover is an overlap, one that none covers is a gap enclosed
// between them. Each set's inside is decided by the even-odd rule. The arcs carry no Mark or Source.
//
// Errors: *SpanError, ctx.Err().
func OverlayFaces(ctx context.Context, sets [][]Polygon) (*Coverage, [][]int32, error) {
	var segments []segment
	for i, polygons := range sets {
		segments = append(segments, segmentsOf(Lines(polygons, 0, int32(i)))...)
	}
	pieces, err := snap(ctx, segments)
	if err != nil {
		return nil, nil, err
	}
	edges, owners := ownedEdges(segments, pieces)
	c, err := Polygonise(edges)
	if err != nil {
		return nil, nil, err
	}
	covers := make([][]int32, len(c.Faces))
	c.outward(func(from, face int32, by *Arc) {
		var cover []int32
		if from != Outside {
			cover = covers[from]
		}
		covers[face] = symmetricDifference(cover, owners[by.Source])
	})
	for i := range c.Arcs {
		c.Arcs[i].Source = 0
	}
	return c, covers, nil
}

// ownedEdges gives each edge a Source that names the sets whose border it is.
func ownedEdges(segments []segment, pieces []piece) (edges []Edge, owners [][]int32) {
	type owned struct {
		a, b  Point
		owner int32
		odd   bool
	}
	all := make([]owned, len(pieces))
	for i, p := range pieces {
		s := &segments[p.of]
		all[i] = owned{p.a, p.b, s.source, s.count%2 == 1}
	}
	slices.SortFunc(all, func(p, q owned) int {
		return cmp.Or(p.a.Compare(q.a), p.b.Compare(q.b), cmp.Compare(p.owner, q.owner))
	})
	known := map[string]int32{}
	for i := 0; i < len(all); {
		var set []int32
		j := i
		for j < len(all) && all[j].a == all[i].a && all[j].b == all[i].b {
			odd := false
			k := j
			for ; k < len(all) && all[k].a == all[i].a && all[k].b == all[i].b && all[k].owner == all[j].owner; k++ {
				odd = odd != all[k].odd
			}
			if odd {
				set = append(set, all[j].owner)
			}
			j = k
		}
		if len(set) > 0 {
			edges = append(edges, Edge{all[i].a, all[i].b, 0, intern(known, &owners, set)})
		}
		i = j
	}
	return edges, owners
}

func intern(known map[string]int32, sets *[][]int32, set []int32) int32 {
	key := make([]byte, 0, 4*len(set))
	for _, v := range set {
		key = binary.LittleEndian.AppendUint32(key, uint32(v))
	}
	id, ok := known[string(key)]
	if !ok {
		id = int32(len(*sets))
		known[string(key)] = id
		*sets = append(*sets, set)
	}
	return id
}

// symmetricDifference of two ascending lists: what is in exactly one of them.
func symmetricDifference(a, b []int32) []int32 {
	out := make([]int32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			out, a = append(out, a[0]), a[1:]
		case a[0] > b[0]:
			out, b = append(out, b[0]), b[1:]
		default:
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}
