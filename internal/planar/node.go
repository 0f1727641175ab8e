package planar

import (
	"context"
	"slices"
)

// Line is a polyline with its caller's mark. Where lines coincide their marks are OR-ed, and the source of
// the strongest stays: the greatest Mark, among equals the smallest Source.
type Line struct {
	Points []Point
	Mark   uint32
	Source int32
}

// Edge is an undirected segment between two vertices, A before B.
type Edge struct {
	A, B   Point
	Mark   uint32
	Source int32
}

// Lines gives the rings of polygons as closed lines, ready for Node.
func Lines(polygons []Polygon, mark uint32, source int32) []Line {
	var out []Line
	for _, p := range polygons {
		for _, r := range p {
			if len(r) == 0 {
				continue
			}
			points := make([]Point, 0, len(r)+1)
			out = append(out, Line{append(append(points, r...), r[0]), mark, source})
		}
	}
	return out
}

// Node splits lines where they meet, by snap rounding with hot pixels (Hobby 1999), repeated until nothing
// moves (Halperin and Packer 2002). Afterwards edges meet only at common ends, no vertex that isn't an
// edge's end lies in the hot pixel it passes (within half a step, measured along the axes), and noding again changes nothing.
// The result is sorted, and depends neither on the order nor the direction of the lines.
//
// Vertices never move. An edge moves by half a step at most in a round, and on ordinary ground one round is
// all there is; where vertices crowd on neighbouring lattice points, several rounds can add up to a step or two.
//
// It takes O((n+k) log n) for n segments with k crossings on ordinary maps. Errors: *SpanError, ctx.Err().
func Node(ctx context.Context, lines []Line) ([]Edge, error) {
	segments := segmentsOf(lines)
	pieces, err := snap(ctx, segments)
	if err != nil {
		return nil, err
	}
	return merge(segments, pieces), nil
}

// segment is an input segment, a before b, with the marks of all that coincide with it end to end.
type segment struct {
	a, b   Point
	mark   uint32 // all marks
	best   uint32 // the greatest one
	source int32  // and whose it is
	count  uint32 // how often it was given
}

// piece is part of a segment: a before b.
type piece struct {
	a, b Point
	of   int32
}

func segmentsOf(lines []Line) []segment {
	n := 0
	for i := range lines {
		n += max(0, len(lines[i].Points)-1)
	}
	segments := make([]segment, 0, n)
	for i := range lines {
		l := &lines[i]
		for j := 1; j < len(l.Points); j++ {
			a, b := l.Points[j-1], l.Points[j]
			if a == b {
				continue
			}
			if b.Less(a) {
				a, b = b, a
			}
			segments = append(segments, segment{a, b, l.Mark, l.Mark, l.Source, 1})
		}
	}
	return mergeSegments(segments)
}

// mergeSegments sorts segments and makes one of those with the same ends.
func mergeSegments(s []segment) []segment {
	slices.SortFunc(s, func(p, q segment) int {
		if p.a != q.a {
			return p.a.Compare(q.a)
		}
		return p.b.Compare(q.b)
	})
	out := s[:0]
	for _, x := range s {
		if n := len(out); n > 0 && out[n-1].a == x.a && out[n-1].b == x.b {
			out[n-1].absorb(x)
		} else {
			out = append(out, x)
		}
	}
	return out
}

func (s *segment) absorb(x segment) {
	s.mark |= x.mark
	s.count += x.count
	if x.best > s.best || x.best == s.best && x.source < s.source {
		s.best, s.source = x.best, x.source
	}
}

// mergePieces gives the pieces their segment's marks and makes one of those that coincide.
func mergePieces(segments []segment, pieces []piece) []segment {
	out := make([]segment, len(pieces))
	for i, p := range pieces {
		out[i] = segments[p.of]
		out[i].a, out[i].b = p.a, p.b
	}
	return mergeSegments(out)
}

func merge(segments []segment, pieces []piece) []Edge {
	merged := mergePieces(segments, pieces)
	edges := make([]Edge, len(merged))
	for i, s := range merged {
		edges[i] = Edge{s.a, s.b, s.mark, s.source}
	}
	return edges
}

// snap does the rounding: it gives the pieces that each segment falls into. The pieces of one segment
// lead from its a to its b, going neither back west nor back up or down.
func snap(ctx context.Context, segments []segment) ([]piece, error) {
	work := make([]piece, len(segments))
	for i, s := range segments {
		work[i] = piece{s.a, s.b, int32(i)}
	}
	if len(work) == 0 {
		return nil, nil
	}
	bounds := boxOf(work[0].a)
	for _, w := range work {
		bounds.add(w.a)
		bounds.add(w.b)
	}
	if err := bounds.check(); err != nil {
		return nil, err
	}
	hot, err := crossings(ctx, work, bounds)
	if err != nil {
		return nil, err
	}
	index := newPointIndex(len(work) + len(hot))
	for _, p := range hot {
		index.number(p)
	}
	for _, w := range work {
		index.number(w.a)
		index.number(w.b)
	}
	hot = index.points
	out := make([]piece, 0, len(work)+len(work)/4)
	for len(work) > 0 {
		passed, err := passes(ctx, work, hot)
		if err != nil {
			return nil, err
		}
		out, work = bend(work, hot, passed, out)
	}
	return out, nil
}

// bend leads each piece through the hot pixels it passes. What stays straight is done and goes to out;
// what moved may pass further pixels now and is given back.
func bend(work []piece, hot []Point, passed []pass, out []piece) (done, again []piece) {
	for i, j := 0, 0; i < len(work); i++ {
		from := j
		for j < len(passed) && passed[j].piece == int32(i) {
			j++
		}
		w, via := work[i], passed[from:j]
		straight := true
		for _, v := range via {
			straight = straight && cross(w.a, w.b, hot[v.point]) == 0
		}
		to := &out
		if !straight {
			to = &again
		}
		last := w.a
		for _, v := range via {
			*to = append(*to, ordered(last, hot[v.point], w.of))
			last = hot[v.point]
		}
		*to = append(*to, ordered(last, w.b, w.of))
	}
	return out, again
}

func ordered(a, b Point, of int32) piece {
	if b.Less(a) {
		a, b = b, a
	}
	return piece{a, b, of}
}
