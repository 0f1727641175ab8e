package ground

import (
	"context"
	"maps"
	"slices"

	"jingwei/internal/planar"
)

// noName is the Source of a line that isn't a feature.
const noName = -1

// arrange nodes streets, walls and the borders between units together. Whatever the borders' course, every
// piece of this arrangement is given to one owner: so the blocks are a partition by construction.
func (c *community) arrange(ctx context.Context) error {
	lines := make([]planar.Line, 0, len(c.streets.Arcs)+2*len(c.units))
	for i := range c.streets.Arcs {
		a := &c.streets.Arcs[i]
		if a.Left >= 0 && c.inside[a.Left] || a.Right >= 0 && c.inside[a.Right] {
			lines = append(lines, planar.Line{Points: a.Points, Mark: a.Mark, Source: a.Source})
		}
	}
	for i := range c.units {
		if c.units[i].face >= 0 {
			lines = append(lines, planar.Lines(c.units[i].polygons, markOutline, noName)...)
		}
	}
	lines = append(lines, c.dividers()...)
	for _, e := range c.ends {
		lines = append(lines, planar.Line{Points: []planar.Point{e.A, e.B}, Mark: e.Mark, Source: e.Source})
	}
	fine, err := polygonise(ctx, lines)
	if err != nil {
		return c.stop(kindBadGround, "道路与楼栋无法成面：%v", "its streets and buildings can't be noded: %v", err)
	}
	c.fine = fine
	return nil
}

// owned says what a face of the fine coverage is: ground of a street face, and of which unit.
type owned struct {
	street int32 // street face
	unit   int32 // −1 for none
	built  bool  // it lies under the unit
}

// owners finds the owner of every fine face. in says which lie in the territory.
func (c *community) owners() (of []owned, in []bool, ok bool) {
	in, ok = insideOf(c.fine, markBorder)
	if !ok {
		return nil, nil, false
	}
	of = make([]owned, len(c.fine.Faces))
	under := c.unitsAbove(in)
	street := c.streetFaces(in)
	for face := range of {
		o := owned{street: street[face], unit: under[face], built: under[face] >= 0}
		if o.built {
			o.street = c.units[o.unit].face
		} else if o.street >= 0 {
			o.unit = c.only[o.street]
			if g := c.nearest[o.street]; g != nil {
				o.unit = -1
				p, ok := c.fine.InteriorPoint(int32(face))
				switch {
				case ok && c.shared[o.street]:
					o = c.sharedOwner(o, p)
				case ok:
					o.unit = g.at(p)
				}
			}
		}
		of[face] = o
	}
	return of, in, true
}

// speaker is, by group, the largest of its faces: the one that is asked where the group lies.
func speaker(areas []int64, group []int32, groups int) []int32 {
	out := make([]int32, groups)
	for i := range out {
		out[i] = -1
	}
	for face, g := range group {
		if out[g] < 0 || areas[face] > areas[out[g]] {
			out[g] = int32(face)
		}
	}
	return out
}

// unitsAbove gives, by fine face, the unit that stands on it; where several do, the largest. -1 for none.
func (c *community) unitsAbove(in []bool) []int32 {
	group, groups := together(c.fine, func(a *planar.Arc) bool { return a.Mark&(markOutline|markBorder) == 0 })
	var boxes segmentIndex
	for i := range c.units {
		b := c.units[i].extent
		if c.units[i].face >= 0 {
			boxes.add(planar.Point{X: b.minX, Y: b.minY}, planar.Point{X: b.maxX, Y: b.maxY}, int32(i))
		}
	}
	boxes.build()
	unitOf := make([]int32, groups)
	overlapping := map[int]bool{}
	for g, face := range speaker(c.fine.Areas2(), group, groups) {
		unitOf[g] = -1
		p, ok := c.fine.InteriorPoint(face)
		if !ok || !in[face] {
			continue
		}
		boxes.near(boxOf(p), func(s int32) {
			u, best := boxes.owner[s], unitOf[g]
			if !planar.Contains(c.units[u].polygons, p) {
				return
			}
			if best >= 0 {
				less := u
				if c.units[u].area2 > c.units[best].area2 || c.units[u].area2 == c.units[best].area2 && u < best {
					less = best
				}
				overlapping[c.units[less].building] = true
				if less == u {
					return
				}
			}
			unitOf[g] = u
		})
	}
	under := slices.Sorted(maps.Keys(overlapping))
	c.report.Overlapping = c.sources(under)
	c.warnOverlapping(under)
	return byFace(group, unitOf)
}

// streetFaces gives, by fine face, the street face that it is part of.
func (c *community) streetFaces(in []bool) []int32 {
	group, groups := together(c.fine, func(a *planar.Arc) bool { return a.Mark < markBorder })
	streetOf := make([]int32, groups)
	for g, face := range speaker(c.fine.Areas2(), group, groups) {
		streetOf[g] = planar.Outside
		if p, ok := c.fine.InteriorPoint(face); ok && in[face] {
			streetOf[g] = c.floor.locator.Face(p)
		}
	}
	return byFace(group, streetOf)
}

func byFace(group, value []int32) []int32 {
	out := make([]int32, len(group))
	for face, g := range group {
		out[face] = value[g]
	}
	return out
}
