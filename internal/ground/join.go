package ground

import (
	"context"
	"maps"
	"slices"

	"jingwei/internal/planar"
)

// readBlocks joins the fine faces into blocks.
func (c *community) readBlocks(ctx context.Context) error {
	of, in, ok := c.owners()
	if !ok {
		return c.stop(kindBadBorder, "边界自身重叠或过于狭窄，请检查区划面", "its border touches itself along a line, or is too narrow: check the division's polygon")
	}
	c.noteBent(of)
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
			return c.stop(kindSplitBlock, "第 %d 个基本单元由 %d 部分组成", "block %d has %d parts", i, len(polygons))
		}
		c.blocks[i] = Block{Community: c.territory.Community, Polygon: polygons[0], Source: None}
	}
	whole := make([]int32, len(label))
	for face := range whole {
		whole[face] = min(label[face], 0)
	}
	c.outer = c.fine.Dissolve(whole).Polygons(0)
	c.house(of, label)
	c.warnUnreachable()
	return nil
}

// noteBent notes the buildings under which a barrier ran.
func (c *community) noteBent(of []owned) {
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
	c.report.BentStreets = c.sources(slices.Sorted(maps.Keys(bent)))
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
	// A strip goes to what lies behind it, be it behind a wall, and not to the strip across the street: two
	// strips make a longer strip, and in the end a web of streets that every compound borders on and no
	// grid can do without.
	for joined := 1; joined > 0; c.report.Strips += joined {
		joined = r.absorb(strip, func(a, b *region) bool { return !strip(b) })
	}
	c.report.Strips += r.absorb(strip, any)
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
	var locate *planar.FaceLocator
	for i, block := range home {
		if block < 0 {
			if locate == nil {
				locate = planar.NewFaceLocator(c.fine)
			}
			block = c.blockUnder(locate, &c.units[i], label)
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

// blockUnder finds the block of a unit all of whose ground larger buildings have taken, as a copy of a
// building has none.
func (c *community) blockUnder(locate *planar.FaceLocator, u *unit, label []int32) int32 {
	x, y := planar.InteriorPoint(u.polygons)
	places := []planar.Point{{X: int32(x), Y: int32(y)}}
	for _, part := range u.polygons {
		places = append(places, part[0]...)
	}
	for _, p := range places {
		if face := locate.Face(p); face >= 0 && label[face] >= 0 {
			return label[face]
		}
	}
	return c.nearestBlock(places[0], label)
}

// nearestBlock is the block with the face nearest to a place outside of all.
func (c *community) nearestBlock(at planar.Point, label []int32) int32 {
	best, nearest := int32(0), int64(1)<<62
	for face := range label {
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
