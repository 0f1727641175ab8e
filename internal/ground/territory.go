package ground

import (
	"context"
	"slices"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// county is the territories noded together: the part of the work that is done once, before communities go
// their own ways.
type county struct {
	territories []Territory
	standing    []bool             // by territory: it has live blocks, its ground is not to be changed
	borders     [][]planar.Polygon // by territory
	stopped     []*Warning         // by territory: why it can't have blocks
	overlaps    []BorderProblem
	gaps        []BorderProblem
	hairlines   int              // overlaps and gaps too small to be listed
	cover       *planar.Coverage // faces are territories
}

// nodeBorders nodes all territories' rings with each other and with every line that meets them, and settles
// whose each piece of ground is.
func nodeBorders(ctx context.Context, in *Input, territories []Territory, wanted []int) (*county, error) {
	c := &county{
		territories: slices.Clone(territories),
		standing:    make([]bool, len(territories)),
		borders:     make([][]planar.Polygon, len(territories)),
		stopped:     make([]*Warning, len(territories)),
	}
	lines, err := c.takeStanding(in.Standing, wanted)
	if err != nil {
		return nil, err
	}
	var made []planar.Line
	for i := range c.territories {
		rings := planar.Lines(c.territories[i].Polygons, markBorder, int32(i))
		lines = append(lines, rings...)
		if slices.Contains(wanted, i) {
			made = append(made, rings...)
		}
	}
	lines = append(lines, crossingPieces(made, in.Features.Lines, in.Features.Areas)...)
	edges, err := planar.Node(ctx, lines)
	if err != nil {
		return nil, borderFault(err)
	}
	borderEdges := edges[:0]
	for _, e := range edges {
		if e.Mark&markBorder != 0 {
			e.Mark, e.Source = e.Mark&(markBorder|markStanding), noName
			borderEdges = append(borderEdges, e)
		}
	}
	cover, err := planar.Polygonise(borderEdges)
	if err != nil {
		return nil, borderFault(err)
	}
	return c, c.settle(cover, planeOf(c.territories[0].Polygons), in.Settings)
}

// markStanding is on the outer border of the ground that stands.
const markStanding = markOutline

// takeStanding makes the territory of a community with live blocks what its blocks cover, and gives the
// outer border of all that stands.
func (c *county) takeStanding(standing []Standing, wanted []int) ([]planar.Line, error) {
	of := map[int64]int32{}
	for i := range c.territories {
		if !slices.Contains(wanted, i) {
			of[c.territories[i].Community] = int32(i)
		}
	}
	var blocks []planar.Polygon
	var label []int32
	for i := range standing {
		if t, ok := of[standing[i].Community]; ok {
			c.standing[t] = true
			blocks, label = append(blocks, standing[i].Polygon), append(label, t)
		}
	}
	if len(blocks) == 0 {
		return nil, nil
	}
	cover, err := planar.Build(blocks)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "相邻社区现有的基本单元不是完整的划分，请运行 jingwei verify",
			"the neighbours' live blocks aren't a partition: run jingwei verify")
	}
	communities := cover.Dissolve(label)
	for i := range communities.Faces {
		if c.standing[i] {
			c.territories[i].Polygons = communities.Polygons(int32(i))
		}
	}
	all := cover.Dissolve(make([]int32, len(blocks))).Polygons(0)
	return planar.Lines(all, markBorder|markStanding, noName), nil
}

func borderFault(err error) error {
	return fault.Wrap(err, fault.Invalid, "区划边界无法拼接，请检查区划面的坐标",
		"the divisions' borders can't be noded: check their polygons' coordinates")
}

// crossingPieces gives the pieces of barriers that come near a border, each a line of two points: enough to
// put the crossing onto the border, for both sides alike.
func crossingPieces(borders []planar.Line, lines []Line, areas []Area) []planar.Line {
	var index segmentIndex
	for _, l := range borders {
		for i := 1; i < len(l.Points); i++ {
			index.add(l.Points[i-1], l.Points[i], 0)
		}
	}
	index.build()
	var out []planar.Line
	take := func(points []planar.Point, closed bool) {
		for i := range points {
			j := i + 1
			if j == len(points) {
				if !closed {
					break
				}
				j = 0
			}
			meets := false
			index.near(boxOf(points[i], points[j]).grown(1), func(int32) { meets = true })
			if meets {
				out = append(out, planar.Line{Points: []planar.Point{points[i], points[j]}, Mark: 0, Source: noName})
			}
		}
	}
	for i := range lines {
		if lines[i].Barrier != Nothing {
			take(lines[i].Points, false)
		}
	}
	for i := range areas {
		if areas[i].Barrier == Nothing {
			continue
		}
		for _, part := range areas[i].Polygons {
			for _, ring := range part {
				take(ring, true)
			}
		}
	}
	return out
}
