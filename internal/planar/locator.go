package planar

// FaceLocator finds the face at a point. It may be used by several goroutines at once.
type FaceLocator struct{ grid *edgeGrid }

// NewFaceLocator indexes a coverage: linear in its points, some 40 bytes each.
func NewFaceLocator(c *Coverage) *FaceLocator {
	n := 0
	for i := range c.Arcs {
		n += len(c.Arcs[i].Points) - 1
	}
	edges := make([]gridEdge, 0, n)
	for i := range c.Arcs {
		arc := &c.Arcs[i]
		for j := 1; j < len(arc.Points); j++ {
			if a, b := arc.Points[j-1], arc.Points[j]; a.Less(b) {
				edges = append(edges, gridEdge{a, b, arc.Left, arc.Right})
			} else {
				edges = append(edges, gridEdge{b, a, arc.Right, arc.Left})
			}
		}
	}
	return &FaceLocator{newEdgeGrid(edges)}
}

// Face gives the face in which p lies, or Outside. A point on a border belongs to exactly one of the
// faces there, always the same: the one just below it and a trifle to the right, and if that is Outside, another one.
func (l *FaceLocator) Face(p Point) int32 {
	if e := l.grid.below(p); e >= 0 {
		if f := l.grid.edges[e].above; f != Outside {
			return f
		}
	}
	e := l.grid.on(p, func(e *gridEdge) bool { return e.above != Outside || e.below != Outside })
	if e < 0 {
		return Outside
	}
	edge := &l.grid.edges[e]
	if edge.below != Outside {
		return edge.below
	}
	return edge.above
}
