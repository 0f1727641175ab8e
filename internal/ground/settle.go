package ground

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// settle gives every face between borders to a territory. What one territory alone claims is its; small
// overlaps and gaps go to the neighbour with the longest border; large ones stop those who claim them.
func (c *county) settle(cover *planar.Coverage, p plane, s Settings) error {
	claims, err := c.claims(cover)
	if err != nil {
		return err
	}
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
	c.stopClaimants()
	for i := range cover.Arcs {
		cover.Arcs[i].Mark, cover.Arcs[i].Source = markBorder, noName
	}
	c.cover = cover.Dissolve(owner)
	for i := range c.territories {
		if i < len(c.cover.Faces) {
			c.borders[i] = c.cover.Polygons(int32(i))
		}
		if len(c.borders[i]) == 0 && c.stopped[i] == nil {
			c.stopped[i] = &Warning{kindNoGround,
				c.territories[i].Name + "没有自己的范围：区划面为空，或已全部归入相邻社区",
				c.territories[i].Name + " has no ground of its own: its polygon is empty, or all of it is its neighbours'"}
		}
	}
	return nil
}

// claims lists by face the territories whose polygons hold it. What stands is told by its border's edges
// and not by a point, so that not even a face half a step thin is taken from it.
func (c *county) claims(cover *planar.Coverage) ([][]int32, error) {
	stands, ok := insideOf(cover, markStanding)
	if !ok {
		return nil, fault.New(fault.Conflict, "相邻社区已有的边界在拼接时移动，请把相邻社区一起重新划分",
			"the border of the neighbours' live blocks moved when it was noded: draw them together with these")
	}
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
		parts := cover.Polygons(int32(face))
		x, y := planar.InteriorPoint(parts)
		var who []int32
		boxes.near(boxOfPolygons(parts), func(s int32) {
			if i := boxes.owner[s]; c.standing[i] == stands[face] && !slices.Contains(who, i) &&
				holds(c.territories[i].Polygons, x, y) {
				who = append(who, i)
			}
		})
		slices.Sort(who)
		out[face] = who
	}
	c.claimStanding(cover, stands, out)
	return out, nil
}

// claimStanding makes sure that every face inside the standing ground has one owner there: where no point
// of a face says whose it is, the neighbouring face does.
func (c *county) claimStanding(cover *planar.Coverage, stands []bool, claims [][]int32) {
	for changed := true; changed; {
		changed = false
		for i := range cover.Arcs {
			a := &cover.Arcs[i]
			if a.Left < 0 || a.Right < 0 || a.Mark&markStanding != 0 || !stands[a.Left] || !stands[a.Right] {
				continue
			}
			for _, pair := range [2][2]int32{{a.Left, a.Right}, {a.Right, a.Left}} {
				if len(claims[pair[0]]) != 1 && len(claims[pair[1]]) == 1 {
					claims[pair[0]] = claims[pair[1]]
					changed = true
				}
			}
		}
	}
}

// holds says whether the polygons hold a position that needn't be on the lattice.
func holds(parts []planar.Polygon, x, y float64) bool {
	inside := false
	for _, part := range parts {
		for _, ring := range part {
			for i, a := range ring {
				b := ring[(i+1)%len(ring)]
				ay, by := float64(a.Y)-y, float64(b.Y)-y
				if (ay > 0) != (by > 0) && float64(a.X)-x+(float64(b.X)-float64(a.X))*ay/(ay-by) > 0 {
					inside = !inside
				}
			}
		}
	}
	return inside
}

// hairline is the area in m² up to which a settled overlap or gap is counted and not listed: it comes from
// rounding, or from a border that two sources have drawn with other vertices.
const hairline = 1

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
	problem.Stops = !small && len(claim) > 0
	switch {
	case area < hairline && problem.Settled != 0:
		c.hairlines++
	case len(claim) == 0:
		c.gaps = withProblem(c.gaps, problem)
	default:
		c.overlaps = withProblem(c.overlaps, problem)
	}
}

// withProblem adds a problem to the list: as a further piece where there is one between the same
// communities with the same outcome.
func withProblem(list []BorderProblem, p BorderProblem) []BorderProblem {
	for i := range list {
		if list[i].Settled == p.Settled && list[i].Stops == p.Stops && slices.Equal(list[i].Communities, p.Communities) {
			list[i].Area += p.Area
			list[i].Pieces++
			return list
		}
	}
	p.Pieces = 1
	return append(list, p)
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
	return Warning{kindOverlap,
		fmt.Sprintf("%s（%s）：%s 的边界重叠 %.0f 平方米，请先更正区划面", t.Name, t.Code, names, problem.Area),
		fmt.Sprintf("%s (%s): %s overlap by %.0f m²: correct the divisions' polygons first", t.Name, t.Code,
			strings.Join(problem.Names, ", "), problem.Area)}
}

// stopClaimants stops those whose overlaps are too large to be settled.
func (c *county) stopClaimants() {
	for _, p := range c.overlaps {
		for i := range c.territories {
			if p.Stops && !c.standing[i] && c.stopped[i] == nil && slices.Contains(p.Communities, c.territories[i].Community) {
				w := overlapWarning(c.territories[i], p)
				c.stopped[i] = &w
			}
		}
	}
}
