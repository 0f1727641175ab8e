package ground

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

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
	cover       *planar.Coverage // faces are territories
}

// nodeBorders nodes all territories' rings with each other and with every line that meets them, and settles
// whose each piece of ground is.
func nodeBorders(ctx context.Context, in *Input, wanted []int) (*county, error) {
	c := &county{
		territories: slices.Clone(in.Territories),
		standing:    make([]bool, len(in.Territories)),
		borders:     make([][]planar.Polygon, len(in.Territories)),
		stopped:     make([]*Warning, len(in.Territories)),
	}
	if err := c.takeStanding(in.Standing, wanted); err != nil {
		return nil, err
	}
	var lines, made []planar.Line
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
			e.Mark, e.Source = markBorder, noName
			borderEdges = append(borderEdges, e)
		}
	}
	cover, err := planar.Polygonise(borderEdges)
	if err != nil {
		return nil, borderFault(err)
	}
	c.settle(cover, planeOf(in.Territories[0].Polygons), in.Settings)
	return c, nil
}

// takeStanding makes the territory of a community with live blocks what its blocks cover.
func (c *county) takeStanding(standing []Standing, wanted []int) error {
	blocks := map[int64][]planar.Polygon{}
	for i := range standing {
		blocks[standing[i].Community] = append(blocks[standing[i].Community], standing[i].Polygon)
	}
	for i := range c.territories {
		t := &c.territories[i]
		live := blocks[t.Community]
		if len(live) == 0 || slices.Contains(wanted, i) {
			continue
		}
		cover, err := planar.Build(live)
		if err != nil {
			return fault.Wrap(err, fault.Internal,
				fmt.Sprintf("%s（%s）现有的基本单元不是完整的划分，请运行 jingwei verify", t.Name, t.Code),
				fmt.Sprintf("the live blocks of %s (%s) aren't a partition: run jingwei verify", t.Name, t.Code))
		}
		t.Polygons = cover.Dissolve(make([]int32, len(live))).Polygons(0)
		c.standing[i] = true
	}
	return nil
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

// settle gives every face between borders to a territory. What one territory alone claims is its; small
// overlaps and gaps go to the neighbour with the longest border; large ones stop those who claim them.
func (c *county) settle(cover *planar.Coverage, p plane, s Settings) {
	claims := c.claims(cover)
	owner := make([]int32, len(cover.Faces))
	var unclear []int32
	for face, who := range claims {
		owner[face] = planar.Outside
		if len(who) == 1 {
			owner[face] = who[0]
			continue
		}
		unclear = append(unclear, int32(face))
	}
	areas := cover.Areas2()
	slices.SortFunc(unclear, func(a, b int32) int {
		return cmp.Or(cmp.Compare(areas[b], areas[a]), cmp.Compare(a, b))
	})
	beside := facesBeside(cover)
	for _, face := range unclear {
		c.settleFace(cover, beside, face, claims[face], owner, p, s)
	}
	label := owner
	for i := range cover.Arcs {
		cover.Arcs[i].Mark, cover.Arcs[i].Source = markBorder, noName
	}
	c.cover = cover.Dissolve(label)
	for i := range c.territories {
		if i < len(c.cover.Faces) {
			c.borders[i] = c.cover.Polygons(int32(i))
		}
		if len(c.borders[i]) == 0 && c.stopped[i] == nil {
			c.stopped[i] = &Warning{"no-ground",
				c.territories[i].Name + "没有自己的范围：区划面为空，或已全部归入相邻社区",
				c.territories[i].Name + " has no ground of its own: its polygon is empty, or all of it is its neighbours'"}
		}
	}
}

// claims lists by face the territories whose polygons hold it.
func (c *county) claims(cover *planar.Coverage) [][]int32 {
	var boxes segmentIndex
	for i := range c.territories {
		for k := range c.territories[i].Polygons {
			part := c.territories[i].Polygons[k : k+1]
			if b := boxOfPolygons(part); !b.empty() {
				boxes.add(planar.Point{X: b.minX, Y: b.minY}, planar.Point{X: b.maxX, Y: b.maxY}, int32(i))
			}
		}
	}
	boxes.build()
	out := make([][]int32, len(cover.Faces))
	for face := range cover.Faces {
		p, ok := cover.InteriorPoint(int32(face))
		if !ok {
			continue
		}
		var who []int32
		boxes.near(boxOf(p), func(s int32) {
			i := boxes.owner[s]
			if !slices.Contains(who, i) && planar.Contains(c.territories[i].Polygons, p) {
				who = append(who, i)
			}
		})
		slices.Sort(who)
		out[face] = who
	}
	return out
}

// settleFace decides one overlap or gap.
func (c *county) settleFace(cover *planar.Coverage, beside arcsBeside, face int32, claim, owner []int32, p plane, s Settings) {
	length := map[int32]float64{}
	perimeter := 0.0
	for _, i := range beside.of(face) {
		a := &cover.Arcs[i]
		other := a.Left
		if other == face {
			other = a.Right
		}
		l := p.length(a.Points)
		perimeter += l
		if other >= 0 && owner[other] >= 0 {
			length[owner[other]] += l
		}
	}
	area := 0.0
	for _, part := range cover.Polygons(face) {
		area += p.shape(part).Area
	}
	if len(claim) == 0 && len(length) == 0 {
		return // ground beyond the county, enclosed by it alone
	}
	small := area <= s.BorderSliver || 2*area <= s.BorderWidth*perimeter
	problem := BorderProblem{Area: area}
	around := claim
	if len(claim) == 0 {
		for who := range length {
			around = append(around, who)
		}
		slices.Sort(around)
	}
	for _, i := range around {
		problem.Communities = append(problem.Communities, c.territories[i].Community)
		problem.Names = append(problem.Names, c.territories[i].Name)
	}
	taker := c.taker(around, length, len(claim) > 0)
	standing := taker >= 0 && len(claim) > 0 && c.standing[taker]
	if taker >= 0 && (small || standing) {
		owner[face] = taker
		problem.Settled = c.territories[taker].Community
	}
	if !small && len(claim) > 0 {
		c.stopClaimants(claim, problem)
	}
	if len(claim) == 0 {
		c.gaps = append(c.gaps, problem)
	} else {
		c.overlaps = append(c.overlaps, problem)
	}
}

// taker is who gets a face: the one of those concerned that has the longest border with it, -1 when none has
// any. Ground that stands already is never changed: it keeps an overlap, and is given no gap.
func (c *county) taker(around []int32, length map[int32]float64, overlap bool) int32 {
	best := int32(-1)
	for _, i := range around {
		switch {
		case c.standing[i] && !overlap:
		case best < 0:
			best = i
		case c.standing[i] != c.standing[best]:
			if c.standing[i] {
				best = i
			}
		case length[i] > length[best]:
			best = i
		}
	}
	return best
}

func overlapWarning(t Territory, problem BorderProblem) Warning {
	names := strings.Join(problem.Names, "、")
	return Warning{"overlap",
		fmt.Sprintf("%s（%s）：%s 的边界重叠 %.0f 平方米，请先更正区划面", t.Name, t.Code, names, problem.Area),
		fmt.Sprintf("%s (%s): %s overlap by %.0f m²: correct the divisions' polygons first", t.Name, t.Code,
			strings.Join(problem.Names, ", "), problem.Area)}
}

func (c *county) stopClaimants(claim []int32, problem BorderProblem) {
	for _, i := range claim {
		if c.stopped[i] == nil && !c.standing[i] {
			w := overlapWarning(c.territories[i], problem)
			c.stopped[i] = &w
		}
	}
}
