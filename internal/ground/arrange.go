package ground

import (
	"context"
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
		return c.stop("bad-ground", "街道与楼栋无法成面：%v", "its streets and buildings can't be noded: %v", err)
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
				if p, ok := c.fine.InteriorPoint(int32(face)); ok {
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
	overlapping := map[int32]bool{}
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
				overlapping[less] = true
				if less == u {
					return
				}
			}
			unitOf[g] = u
		})
	}
	c.report.Overlapping = len(overlapping)
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

// readBlocks joins the fine faces into blocks.
func (c *community) readBlocks(ctx context.Context) error {
	of, in, ok := c.owners()
	if !ok {
		return c.stop("bad-border", "边界自身重叠或过于狭窄，请检查区划面", "its border touches itself along a line, or is too narrow: check the division's polygon")
	}
	c.countBent(of)
	r := newRegions(c.fine, in, c.plane.areaScale(c.border), func(a *planar.Arc) float64 { return c.plane.length(a.Points) })
	areas := c.fine.Areas2()
	for face, o := range of {
		if o.built {
			r.ground[face].holds, r.ground[face].built = o.unit, float64(areas[face])
		}
	}
	c.joinOwners(r, of)
	c.joinSmall(r)
	label, count := r.labels()
	c.markBarriers()
	coarse := c.fine.Dissolve(label)
	c.arcs = coarse.Arcs
	c.blocks = make([]Block, count)
	for i := range c.blocks {
		polygons := coarse.Polygons(int32(i))
		if len(polygons) != 1 {
			return c.stop("split-block", "第 %d 个基本单元由 %d 部分组成", "block %d has %d parts", i, len(polygons))
		}
		c.blocks[i] = Block{Community: c.territory.Community, Polygon: polygons[0], Source: None}
	}
	whole := make([]int32, len(label))
	for face := range whole {
		whole[face] = min(label[face], 0)
	}
	c.outer = c.fine.Dissolve(whole).Polygons(0)
	c.house(of, label)
	return nil
}

// countBent counts the buildings under which a barrier ran.
func (c *community) countBent(of []owned) {
	bent := map[int]bool{}
	for i := range c.fine.Arcs {
		a := &c.fine.Arcs[i]
		if a.Left < 0 || a.Right < 0 || barrierOf(a.Mark) == Nothing {
			continue
		}
		if l, r := of[a.Left], of[a.Right]; l.built && r.built && l.unit == r.unit {
			bent[c.units[l.unit].building] = true
		}
	}
	c.report.BentStreets = len(bent)
}

// joinOwners joins faces of one street face and one owner where they meet, and then takes home what of an
// owner's ground doesn't hang together with the owner: it goes to the neighbour in the same street face.
func (c *community) joinOwners(r *regions, of []owned) {
	for i := range c.fine.Arcs {
		a := &c.fine.Arcs[i]
		if a.Left < 0 || a.Right < 0 || !r.ground[a.Left].in || !r.ground[a.Right].in {
			continue
		}
		if l, m := of[a.Left], of[a.Right]; l.street == m.street && l.unit == m.unit {
			r.unite(a.Left, a.Right)
		}
	}
	main := c.homes(r, of)
	for face, o := range of {
		if root := find(r.up, int32(face)); root == int32(face) {
			g := &r.ground[root]
			g.key = o.street
			g.orphan = o.street >= 0 && (o.unit < 0 || main[o.unit] != root) &&
				(c.nearest[o.street] != nil || c.only[o.street] >= 0)
		}
	}
	r.absorb(func(g *region) bool { return g.orphan },
		func(a, b *region) bool { return a.key == b.key })
}

// homes is, by unit, the region with most of its building; −1 when it has no ground at all.
func (c *community) homes(r *regions, of []owned) []int32 {
	areas := c.fine.Areas2()
	type home struct{ unit, root int32 }
	built := map[home]int64{}
	for face, o := range of {
		if o.built {
			built[home{o.unit, find(r.up, int32(face))}] += areas[face]
		}
	}
	main := make([]int32, len(c.units))
	for i := range main {
		main[i] = -1
	}
	for h, area := range built {
		if m := main[h.unit]; m < 0 || area > built[home{h.unit, m}] || area == built[home{h.unit, m}] && h.root < m {
			main[h.unit] = h.root
		}
	}
	return main
}

// joinSmall dissolves slivers, and strips on which nothing stands: the ground between two carriageways, or
// between a street and the pavement beside it.
func (c *community) joinSmall(r *regions) {
	s := c.settings
	any := func(a, b *region) bool { return true }
	const margin = 1.005 // the scale of area is that of the territory's middle
	sliver := func(g *region) bool { return g.area < s.SliverArea*margin }
	strip := func(g *region) bool { return g.holds < 0 && 2*g.area < s.StripWidth*g.perimeter }
	c.report.Slivers = r.absorb(sliver, any)
	c.report.Strips = r.absorb(strip, any)
	c.report.Slivers += r.absorb(sliver, any)
}

// markBarriers gives every arc its barrier as Mark and its name as Source, and nothing else, so that
// dissolving parts borders where something else begins to run along them.
func (c *community) markBarriers() {
	for i := range c.fine.Arcs {
		a := &c.fine.Arcs[i]
		b := barrierOf(a.Mark)
		if a.Mark = uint32(b); b == Nothing {
			a.Source = noName
		}
	}
}

// house puts units onto blocks.
func (c *community) house(of []owned, label []int32) {
	areas := c.fine.Areas2()
	type stand struct{ unit, block int32 }
	built := map[stand]int64{}
	for face, o := range of {
		if o.built && label[face] >= 0 {
			built[stand{o.unit, label[face]}] += areas[face]
		}
	}
	home := make([]int32, len(c.units))
	for i := range home {
		home[i] = -1
	}
	for s, area := range built {
		if h := home[s.unit]; h < 0 || area > built[stand{s.unit, h}] || area == built[stand{s.unit, h}] && s.block < h {
			home[s.unit] = s.block
		}
	}
	for i, block := range home {
		if block < 0 {
			block = c.blockUnder(&c.units[i], of, label)
		}
		c.blocks[block].take(&c.units[i])
	}
	if c.people.homeless > 0 {
		weights := make([]int64, len(c.blocks))
		for i := range c.blocks {
			weights[i] = area2(c.blocks[i].Polygon)
		}
		for i, n := range apportion(c.people.homeless, weights) {
			c.blocks[i].Residents += n
			c.blocks[i].Source = Estimate
		}
	}
}

// blockUnder finds the block of a unit all of whose ground a larger building has taken.
func (c *community) blockUnder(u *unit, of []owned, label []int32) int32 {
	at := u.polygons[0][0][0]
	best, nearest := int32(0), int64(1)<<62
	for face := range of {
		if label[face] < 0 {
			continue
		}
		if p, ok := c.fine.InteriorPoint(int32(face)); ok {
			dx, dy := int64(p.X-at.X), int64(p.Y-at.Y)
			if d := dx*dx + dy*dy; d < nearest {
				best, nearest = label[face], d
			}
		}
	}
	return best
}

// take puts a unit onto the block. Two parts of one building on one block are one part.
func (b *Block) take(u *unit) {
	b.Residents += u.people
	switch {
	case u.source == None:
	case b.Source == None || u.source == Estimate:
		b.Source = u.source
	}
	i, found := slices.BinarySearchFunc(b.Parts, u.building, func(p Part, building int) int { return p.Building - building })
	if found {
		b.Parts[i].Residents += u.people
		return
	}
	b.Parts = slices.Insert(b.Parts, i, Part{u.building, u.people})
}
