package ground

import (
	"slices"

	"jingwei/internal/planar"
)

const (
	vergeWidth  = 30.0 // m, 2·area/perimeter: wider ground is a square or a park and stands for itself
	vergeStreet = .1   // of its border runs along a street, or it is a yard
)

// verges are the street faces between a street and the walls along it, on which nothing stands, each with the
// faces behind its walls, ascending; nil for a face that is none. Left to itself a verge would be one
// block that winds round every compound of its street, and a grid could do without it nowhere. So it is
// shared out among the buildings behind the walls, as the ground inside is.
func (c *community) verges() [][]int32 {
	stands := make([]bool, len(c.streets.Faces))
	for i := range c.units {
		if f := c.units[i].face; f >= 0 {
			stands[f] = true
		}
	}
	around, along := make([]float64, len(stands)), make([]float64, len(stands))
	behind := make([][]int32, len(stands))
	for i := range c.streets.Arcs {
		a := &c.streets.Arcs[i]
		length, barrier := c.plane.length(a.Points), barrierOf(a.Mark)
		for _, side := range [2][2]int32{{a.Left, a.Right}, {a.Right, a.Left}} {
			f, other := side[0], side[1]
			if f < 0 || stands[f] {
				continue
			}
			around[f] += length
			switch {
			case barrier == Path || barrier == Street || barrier == MainRoad:
				along[f] += length
			case barrier == Wall && other >= 0 && stands[other] && c.inside[other]:
				behind[f] = append(behind[f], other)
			}
		}
	}
	scale := c.plane.areaScale(c.border)
	for f, area := range c.streets.Areas2() {
		if !c.inside[f] || along[f] < vergeStreet*around[f] || float64(area)*scale > vergeWidth*around[f] {
			behind[f] = nil
			continue
		}
		slices.Sort(behind[f])
		behind[f] = slices.Compact(behind[f])
	}
	return behind
}

// shareVerge finds whose ground a verge is. prints are the footprints by street face.
func (c *community) shareVerge(verge int32, behind []int32, prints [][]footprint) {
	var all []footprint
	for _, face := range behind {
		all = append(all, prints[face]...)
	}
	c.nearest[verge] = newNearestGround(all)
	c.shared[verge] = true
}

// sharedOwner is the owner of ground of a verge: it counts as part of the face that the owner stands in.
func (c *community) sharedOwner(o owned, p planar.Point) owned {
	if o.unit = c.nearest[o.street].at(p); o.unit >= 0 {
		o.street = c.units[o.unit].face
	}
	return o
}
