package city

import (
	"context"
	"fmt"
	"math"
	"slices"

	"jingwei/internal/planar"
)

// partition cuts the county into the communities of the plans and the territories of villages, as far as these
// aren't within a plan. All borders are shared vertex by vertex.
func partition(ctx context.Context, border planar.Polygon, places []*town, villages [][]planar.Polygon) (*planar.Coverage, error) {
	var sets [][]planar.Polygon
	sets = append(sets, []planar.Polygon{border})
	for _, t := range places {
		for _, c := range t.communities {
			sets = append(sets, []planar.Polygon{c.rings})
		}
	}
	sets = append(sets, villages...)
	faces, covers, err := planar.OverlayFaces(ctx, sets)
	if err != nil {
		return nil, fmt.Errorf("city: borders: %w", err)
	}
	label := make([]int32, len(faces.Faces))
	for i, c := range covers {
		label[i] = -1
		if !slices.Contains(c, 0) {
			continue
		}
		for _, s := range c { // a plan's ground comes before a village's, for its sets come first
			if s > 0 {
				label[i] = s - 1
				break
			}
		}
	}
	rejoin(faces, label)
	return faces.Dissolve(label), nil
}

// rejoin gives what is cut off from the rest of a community to the neighbour it borders on most.
func rejoin(c *planar.Coverage, label []int32) {
	for range 4 {
		part := c.Components(label)
		areas := c.Areas2()
		size := map[int32]int64{}
		for i, p := range part {
			size[p] += areas[i]
		}
		main := map[int32]int32{}
		for i, p := range part {
			if m, ok := main[label[i]]; !ok || size[p] > size[m] || size[p] == size[m] && p < m {
				main[label[i]] = p
			}
		}
		type pair struct{ part, to int32 }
		shared := map[pair]float64{}
		note := func(f, to int32, length float64) {
			if f >= 0 && to >= 0 && label[f] >= 0 && part[f] != main[label[f]] && label[to] != label[f] && label[to] >= 0 {
				shared[pair{part[f], label[to]}] += length
			}
		}
		for i := range c.Arcs {
			a := &c.Arcs[i]
			length := 0.0
			for k, p := range a.Points[1:] {
				length += math.Hypot(float64(p.X-a.Points[k].X), float64(p.Y-a.Points[k].Y))
			}
			note(a.Left, a.Right, length)
			note(a.Right, a.Left, length)
		}
		if len(shared) == 0 {
			return
		}
		best := map[int32]int32{}
		for p, n := range shared {
			b, ok := best[p.part]
			if m := shared[pair{p.part, b}]; !ok || n > m || n == m && p.to < b {
				best[p.part] = p.to
			}
		}
		for i, p := range part {
			if to, ok := best[p]; ok {
				label[i] = to
			}
		}
	}
}
