package planar

import (
	"cmp"
	"context"
	"slices"
)

// crossings gives the hot pixels of all proper crossings among the pieces, some of them several times.
//
// Space is halved again and again, each half with the pieces that meet it, until so few are left that
// every pair can be looked at. That adapts to towns and empty land alike, where a fixed grid would not.
func crossings(ctx context.Context, pieces []piece, bounds box) ([]Point, error) {
	f := &crossingFinder{ctx: ctx, pieces: pieces}
	var found []Point
	f.pair = func(p, q *piece) {
		if at, ok := crossing(p.a, p.b, q.a, q.b); ok {
			found = append(found, at)
		}
	}
	all := make([]int32, len(pieces))
	for i := range all {
		all[i] = int32(i)
	}
	err := f.halve(bounds, all, 0)
	return found, err
}

// crossingFinder calls pair for all pairs of pieces whose boxes meet, for some of them several times.
type crossingFinder struct {
	ctx    context.Context
	pieces []piece
	stack  []int32 // lists of pieces, those of the innermost half last
	pair   func(p, q *piece)
	leaves int
}

const (
	leafPieces = 12 // so few are compared pair by pair
	maxStalls  = 4  // so many halvings in a row that part nothing, and the rest is compared pair by pair
)

func (f *crossingFinder) halve(b box, items []int32, stalls int) error {
	if len(items) < 2 {
		return nil
	}
	if len(items) <= leafPieces || stalls >= maxStalls || b.width() < 2 && b.height() < 2 {
		return f.compare(items)
	}
	left, right := b.halves()
	start := len(f.stack)
	for _, i := range items {
		if left.meets(f.pieces[i].a, f.pieces[i].b, 0) {
			f.stack = append(f.stack, i)
		}
	}
	inLeft := f.stack[start:]
	for _, i := range items {
		if right.meets(f.pieces[i].a, f.pieces[i].b, 0) {
			f.stack = append(f.stack, i)
		}
	}
	inRight := f.stack[start+len(inLeft):]
	if fewer := min(len(inLeft), len(inRight)); fewer*10 > len(items)*9 {
		stalls++
	} else if fewer > 0 {
		stalls = 0
	}
	err := f.halve(left, inLeft, stalls)
	if err == nil {
		err = f.halve(right, inRight, stalls)
	}
	f.stack = f.stack[:start]
	return err
}

// halves cuts the box, two steps long at least, across its longer side. The halves share the cut: a
// crossing between two lattice lines is lost to neither.
func (b box) halves() (box, box) {
	l, r := b, b
	if b.width() >= b.height() {
		m := int32((int64(b.x0) + int64(b.x1)) >> 1)
		l.x1, r.x0 = m, m
	} else {
		m := int32((int64(b.y0) + int64(b.y1)) >> 1)
		l.y1, r.y0 = m, m
	}
	return l, r
}

func (f *crossingFinder) compare(items []int32) error {
	f.leaves++
	if f.leaves%1024 == 0 || len(items) > 4096 {
		if err := f.ctx.Err(); err != nil {
			return err
		}
	}
	for k, i := range items {
		p := &f.pieces[i]
		lo, hi := min(p.a.Y, p.b.Y), max(p.a.Y, p.b.Y)
		for _, j := range items[k+1:] {
			q := &f.pieces[j]
			if q.a.X > p.b.X || q.b.X < p.a.X || min(q.a.Y, q.b.Y) > hi || max(q.a.Y, q.b.Y) < lo {
				continue
			}
			f.pair(p, q)
		}
	}
	return nil
}

// pass says that a piece passes the hot pixel of a point that isn't its end.
type pass struct{ piece, point int32 }

// passes finds all passes, those of one piece together and in the order in which it makes them.
func passes(ctx context.Context, pieces []piece, hot []Point) ([]pass, error) {
	f := &passFinder{ctx: ctx, pieces: pieces, hot: hot}
	all := make([]int32, len(pieces))
	for i := range all {
		all[i] = int32(i)
	}
	points := make([]int32, len(hot))
	for i := range points {
		points[i] = int32(i)
	}
	if err := f.halve(all, points); err != nil {
		return nil, err
	}
	slices.SortFunc(f.found, func(p, q pass) int {
		if p.piece != q.piece {
			return cmp.Compare(p.piece, q.piece)
		}
		return cmp.Compare(f.progress(p), f.progress(q))
	})
	return f.found, nil
}

// progress grows along the piece. Of two pixels that a line passes the later has the greater one: its
// centre is as far or farther along both axes.
func (f *passFinder) progress(p pass) int64 {
	w, at := f.pieces[p.piece], f.hot[p.point]
	return int64(at.X) - int64(w.a.X) + abs64(int64(at.Y)-int64(w.a.Y))
}

type passFinder struct {
	ctx    context.Context
	pieces []piece
	hot    []Point
	stack  []int32
	found  []pass
	leaves int
}

const leafProduct = 128 // so few pairs of a piece and a point are simply tried

// halve works on the box of the points that are left; each point goes into one half, each piece into
// those it comes near.
func (f *passFinder) halve(items, points []int32) error {
	if len(items) == 0 || len(points) == 0 {
		return nil
	}
	if len(items)*len(points) <= leafProduct || len(points) <= 2 {
		return f.try(items, points)
	}
	b := boxOf(f.hot[points[0]])
	for _, p := range points[1:] {
		b.add(f.hot[p])
	}
	left, right := b.halves()
	vertical := b.width() >= b.height()
	k := 0
	for i, p := range points {
		if h := f.hot[p]; vertical && h.X <= left.x1 || !vertical && h.Y <= left.y1 {
			points[i], points[k] = points[k], points[i]
			k++
		}
	}
	if err := f.into(left, items, points[:k]); err != nil {
		return err
	}
	return f.into(right, items, points[k:])
}

func (f *passFinder) into(b box, items, points []int32) error {
	start := len(f.stack)
	for _, i := range items {
		if b.meets(f.pieces[i].a, f.pieces[i].b, 1) {
			f.stack = append(f.stack, i)
		}
	}
	err := f.halve(f.stack[start:], points)
	f.stack = f.stack[:start]
	return err
}

func (f *passFinder) try(items, points []int32) error {
	f.leaves++
	if f.leaves%1024 == 0 {
		if err := f.ctx.Err(); err != nil {
			return err
		}
	}
	for _, i := range items {
		w := &f.pieces[i]
		for _, p := range points {
			if h := f.hot[p]; hitsPixel(w.a, w.b, h) && h != w.a && h != w.b {
				f.found = append(f.found, pass{i, p})
			}
		}
	}
	return nil
}
