package ground

import (
	"cmp"
	"context"
	"slices"

	"jingwei/internal/planar"
)

// floor tells on which faces of a coverage a footprint stands, and with how much of it.
type floor struct {
	coverage *planar.Coverage
	locator  *planar.FaceLocator
	near     segmentIndex
}

func newFloor(c *planar.Coverage) *floor {
	f := &floor{coverage: c, locator: planar.NewFaceLocator(c)}
	for i := range c.Arcs {
		points := c.Arcs[i].Points
		for j := 1; j < len(points); j++ {
			f.near.add(points[j-1], points[j], int32(i))
		}
	}
	f.near.build()
	return f
}

// share is how much of a footprint stands on a face.
type share struct {
	face  int32 // planar.Outside when it stands on none
	area2 int64 // twice the area, in square steps
}

// shares gives the faces that a footprint stands on, the one with most of it first.
func (f *floor) shares(ctx context.Context, parts []planar.Polygon) ([]share, error) {
	extent := boxOfPolygons(parts)
	if extent.empty() {
		return nil, nil
	}
	lines := planar.Lines(parts, markOutline, -1)
	alone := len(lines)
	f.near.near(extent, func(s int32) {
		e := f.near.ends[s]
		lines = append(lines, planar.Line{Points: e[:], Mark: markBorder, Source: -1})
	})
	sum := map[int32]int64{}
	if len(lines) == alone {
		for _, part := range parts {
			sum[f.locator.Face(part[0][0])] += area2(part)
		}
	} else {
		edges, err := planar.Node(ctx, lines)
		if err != nil {
			return nil, err
		}
		local, err := planar.Polygonise(edges)
		if err != nil {
			return nil, err
		}
		within, _ := insideOf(local, markOutline)
		areas := local.Areas2()
		for face := range local.Faces {
			if !within[face] {
				continue
			}
			if p, ok := local.InteriorPoint(int32(face)); ok {
				sum[f.locator.Face(p)] += areas[face]
			}
		}
	}
	out := make([]share, 0, len(sum))
	for face, area := range sum {
		out = append(out, share{face, area})
	}
	slices.SortFunc(out, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.area2, a.area2), cmp.Compare(a.face, b.face))
	})
	return out, nil
}

func area2(p planar.Polygon) int64 {
	var sum int64
	for _, r := range p {
		sum += r.Area2()
	}
	return sum
}

// insideOf says which faces lie inside the rings whose edges carry the mark: each crossing of such an edge
// goes in or out. ok is false when the rings contradict themselves, as they do where two of their edges
// have been rounded onto each other.
func insideOf(c *planar.Coverage, mark uint32) (within []bool, ok bool) {
	beside := facesBeside(c)
	within = make([]bool, len(c.Faces))
	known := make([]bool, len(c.Faces))
	var stack []int32
	for _, i := range beside.of(planar.Outside) {
		stack = reach(c, mark, i, planar.Outside, false, within, known, stack)
	}
	for len(stack) > 0 {
		face := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, i := range beside.of(face) {
			stack = reach(c, mark, i, face, within[face], within, known, stack)
		}
	}
	for i := range c.Arcs {
		a := &c.Arcs[i]
		l, r := a.Left >= 0 && within[a.Left], a.Right >= 0 && within[a.Right]
		if (l != r) != (a.Mark&mark != 0) {
			return within, false
		}
	}
	return within, true
}

// reach crosses arc i from a face of which it is known whether it lies inside.
func reach(c *planar.Coverage, mark uint32, i, from int32, inside bool, within, known []bool, stack []int32) []int32 {
	a := &c.Arcs[i]
	to := a.Left
	if to == from {
		to = a.Right
	}
	if to < 0 || known[to] {
		return stack
	}
	known[to] = true
	within[to] = inside != (a.Mark&mark != 0)
	return append(stack, to)
}

// arcsBeside lists the arcs round each face, and those with nothing on one side.
type arcsBeside struct {
	start []int32 // by face, shifted by one for what is outside
	arcs  []int32
}

func facesBeside(c *planar.Coverage) arcsBeside {
	b := arcsBeside{start: make([]int32, len(c.Faces)+2), arcs: make([]int32, 2*len(c.Arcs))}
	for i := range c.Arcs {
		b.start[c.Arcs[i].Left+2]++
		b.start[c.Arcs[i].Right+2]++
	}
	// start[f+2] counts what is beside face f; summed up, it is where face f ends and f+1 begins.
	for i := 1; i < len(b.start); i++ {
		b.start[i] += b.start[i-1]
	}
	fill := append([]int32(nil), b.start...)
	for i := range c.Arcs {
		for _, f := range [2]int32{c.Arcs[i].Left, c.Arcs[i].Right} {
			b.arcs[fill[f+1]] = int32(i)
			fill[f+1]++
		}
	}
	return b
}

// of gives the arcs beside a face, or beside planar.Outside.
func (b arcsBeside) of(face int32) []int32 {
	return b.arcs[b.start[face+1]:b.start[face+2]]
}

// together numbers the groups of faces that hang together across arcs that may be crossed. Group by face.
func together(c *planar.Coverage, crossed func(a *planar.Arc) bool) (group []int32, groups int) {
	up := make([]int32, len(c.Faces))
	for i := range up {
		up[i] = int32(i)
	}
	for i := range c.Arcs {
		if a := &c.Arcs[i]; a.Left >= 0 && a.Right >= 0 && crossed(a) {
			join(up, a.Left, a.Right)
		}
	}
	group = make([]int32, len(up))
	for i := range up {
		if root := find(up, int32(i)); root == int32(i) {
			group[i] = int32(groups)
			groups++
		} else {
			group[i] = group[root]
		}
	}
	return group, groups
}

// find and join are a disjoint-set forest whose roots are the least of their sets.
func find(up []int32, i int32) int32 {
	for up[i] != i {
		up[i] = up[up[i]]
		i = up[i]
	}
	return i
}

func join(up []int32, a, b int32) int32 {
	a, b = find(up, a), find(up, b)
	if a > b {
		a, b = b, a
	}
	up[b] = a
	return a
}
