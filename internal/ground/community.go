package ground

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"jingwei/internal/planar"
)

// community makes the blocks of one community. It is worked on by one goroutine and shares nothing that
// is written to.
type community struct {
	territory *Territory
	border    []planar.Polygon
	outer     []planar.Polygon // the border as noding left it
	features  *Features
	settings  Settings
	plane     plane
	lines     []planar.Line // barriers that meet its box, as noding wants them; Source as names numbers them
	buildings []int         // that belong here

	people  populace
	units   []unit
	streets *planar.Coverage // faces between streets
	inside  []bool           // by street face
	floor   *floor
	lanes   segmentIndex // streets that end inside a street face; owner indexes ends
	ends    []planar.Edge
	roots   map[planar.Point]bool // by vertex of a lane: whether it lies on a street face's border
	nearest []*nearestGround      // by street face; nil where fewer than two units stand
	only    []int32               // by street face: the one unit that stands there, -1 for none
	fine    *planar.Coverage      // everything noded together
	blocks  []Block
	arcs    []planar.Arc // borders: Mark is the barrier, Source the name, faces are blocks
	report  TerritoryReport
}

// make runs all the steps. A *stopError says why there are no blocks.
func (c *community) make(ctx context.Context) error {
	c.settlePeople()
	for _, step := range []func(context.Context) error{
		c.cutTooBig, c.faceStreets, c.placeUnits, c.shareGround, c.arrange, c.readBlocks,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	// What is left are blocks and borders: a county's arrangements would be large.
	c.streets, c.floor, c.nearest, c.fine, c.units, c.lines, c.ends = nil, nil, nil, nil, nil, nil, nil
	c.lanes = segmentIndex{}
	return nil
}

// stopError stops one community and no other.
type stopError struct{ Warning }

func (e *stopError) Error() string { return e.EN }

func (c *community) stop(kind, zh, en string, args ...any) error {
	return &stopError{Warning{
		Kind: kind,
		ZH:   fmt.Sprintf("%s（%s）：", c.territory.Name, c.territory.Code) + fmt.Sprintf(zh, args...),
		EN:   fmt.Sprintf("%s (%s): ", c.territory.Name, c.territory.Code) + fmt.Sprintf(en, args...),
	}}
}

func (c *community) warn(kind, zh, en string, args ...any) {
	c.report.Warnings = append(c.report.Warnings, Warning{kind, fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)})
}

func (c *community) settlePeople() {
	standing := make([]*Building, len(c.buildings))
	for i, b := range c.buildings {
		standing[i] = &c.features.Buildings[b]
	}
	c.people = settle(standing, c.territory.Residents)
	c.report.Buildings = len(c.buildings)
	c.report.TotalOnRecord = c.territory.Residents
	c.report.KnownResidents = c.people.known
	if c.people.disagrees {
		c.warn("known-differs", "按楼登记 %d 人，总数 %d 人，以登记为准", "%d people are known by building, the total says %d: the known ones count",
			c.people.known, c.territory.Residents)
	}
	if c.people.anyone {
		c.warn("no-dwellings", "没有住宅建筑，%d 人按全部建筑的建筑面积分摊", "no building is known to be a dwelling: %d people are spread over all of them",
			c.territory.Residents-c.people.known)
	}
	if c.people.homeless > 0 {
		c.warn("no-buildings", "没有建筑，%d 人按面积分摊到基本单元", "there are no buildings: %d people are spread over the blocks by area",
			c.people.homeless)
	}
}

// cutTooBig makes the units: whole buildings, and the parts of those with more people than a grid holds.
func (c *community) cutTooBig(ctx context.Context) error {
	for i, at := range c.buildings {
		b, people, source := &c.features.Buildings[at], c.people.people[i], c.people.source[i]
		if people <= c.settings.Upper {
			c.units = append(c.units, wholeUnit(at, b, people, source))
			continue
		}
		parts, err := cutBuilding(ctx, at, b, people, source, c.settings)
		if err != nil {
			return c.stop("bad-building", "楼栋 %s 无法分割：%v", "building %s can't be cut: %v", b.Source, err)
		}
		c.report.CutBuildings++
		c.report.Parts += len(parts)
		c.units = append(c.units, parts...)
	}
	return nil
}

// faceStreets nodes the border with everything that is a barrier and finds the faces between.
func (c *community) faceStreets(ctx context.Context) error {
	lines := append(planar.Lines(c.border, markBorder, noName), c.lines...)
	cov, err := polygonise(ctx, lines)
	if err != nil {
		return c.stop("bad-ground", "街道无法成面：%v", "its streets can't be noded: %v", err)
	}
	inside, ok := insideOf(cov, markBorder)
	if !ok {
		return c.stop("bad-border", "边界自身重叠或过于狭窄，请检查区划面", "its border touches itself along a line, or is too narrow: check the division's polygon")
	}
	c.streets, c.inside = cov, inside
	c.floor = newFloor(cov)
	c.findLanes()
	for _, in := range inside {
		if in {
			c.report.Faces++
		}
	}
	c.report.LinesUsed = len(c.lines)
	return nil
}

func polygonise(ctx context.Context, lines []planar.Line) (*planar.Coverage, error) {
	edges, err := planar.Node(ctx, lines)
	if err != nil {
		return nil, err
	}
	return planar.Polygonise(edges)
}

// placeUnits gives each unit the street face that most of it stands on.
func (c *community) placeUnits(ctx context.Context) error {
	for i := range c.units {
		u := &c.units[i]
		shares, err := c.floor.shares(ctx, u.polygons)
		if err != nil {
			return c.stop("bad-building", "楼栋 %s 的轮廓无法使用：%v", "the outline of building %s can't be used: %v",
				c.features.Buildings[u.building].Source, err)
		}
		u.face = planar.Outside
		for _, s := range shares {
			if s.face >= 0 && c.inside[s.face] {
				u.face = s.face
				break
			}
		}
	}
	return nil
}

// shareGround finds, in every street face with several units, where the ground of one ends and that of
// the next begins.
func (c *community) shareGround(ctx context.Context) error {
	c.nearest = make([]*nearestGround, len(c.streets.Faces))
	c.only = make([]int32, len(c.streets.Faces))
	for i := range c.only {
		c.only[i] = -1
	}
	prints := make([][]footprint, len(c.streets.Faces))
	for i := range c.units {
		if u := &c.units[i]; u.face >= 0 {
			prints[u.face] = append(prints[u.face], footprint{int32(i), u.outline})
			c.only[u.face] = int32(i)
		}
	}
	for face, p := range prints {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(p) > 1 {
			c.nearest[face] = newNearestGround(p)
		}
	}
	return nil
}

// dividers gives the borders between units as lines, face by face, each clipped to its own face.
func (c *community) dividers() []planar.Line {
	var out []planar.Line
	for face, g := range c.nearest {
		if g == nil {
			continue
		}
		for _, ch := range g.chains() {
			for _, piece := range c.clip(g, ch, int32(face)) {
				out = append(out, planar.Line{Points: piece, Mark: markChain, Source: noName})
			}
		}
	}
	return out
}

// clip keeps what of a chain lies in its street face, straightened, each end a few steps beyond the street
// so that it surely meets it.
func (c *community) clip(g *nearestGround, ch chain, face int32) [][]planar.Point {
	var stops []stop
	for i := range ch.spots {
		if i > 0 {
			a, b := ch.spots[i-1], ch.spots[i]
			for _, t := range c.crossings(g.frame, a, b, face) {
				stops = append(stops, stop{a.between(b, t), ch.room[i-1] + t*(ch.room[i]-ch.room[i-1]), true, 0})
			}
		}
		stops = append(stops, stop{ch.spots[i], ch.room[i], false, 0})
	}
	// Between two stops on the border the chain is inside or outside all along.
	var out [][]planar.Point
	begin := 0
	flush := func(end int) {
		run := stops[begin : end+1]
		begin = end
		if len(run) < 2 || !c.runsInside(g.frame, run[0].at, run[1].at, face) {
			return
		}
		spots := c.course(g.frame, run)
		if run[0].on {
			spots[0] = beyond(spots[1], spots[0])
		}
		if n := len(spots); run[len(run)-1].on {
			spots[n-1] = beyond(spots[n-2], spots[n-1])
		}
		if line := latticeLine(g.frame, spots); len(line) > 1 {
			out = append(out, line)
		}
	}
	for i := 1; i < len(stops); i++ {
		if stops[i].on {
			flush(i)
		}
	}
	if begin < len(stops)-1 {
		flush(len(stops) - 1)
	}
	return out
}

// stop is a place on a chain.
type stop struct {
	at    spot
	room  float64 // distance from the footprints on both sides, in steps
	on    bool    // on the street face's border
	loose float64 // steps by which the border may miss it, whatever its room
}

// straightenShare is how far a border between two buildings may leave the middle, as a share of its
// distance from them.
const straightenShare = 1.0 / 3

// overshoot is by how many steps a border is led beyond the street it ends at.
const overshoot = 3

func beyond(from, to spot) spot {
	d := to.minus(from)
	l := d.length()
	if l == 0 {
		return to
	}
	return spot{to.x + d.x/l*overshoot, to.y + d.y/l*overshoot}
}

func latticeLine(f frame, spots []spot) []planar.Point {
	out := make([]planar.Point, 0, len(spots))
	for _, s := range spots {
		if p := f.out(s); len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}

// crossings gives where a–b crosses the border of a street face, as ascending shares of a–b.
func (c *community) crossings(f frame, a, b spot, face int32) []float64 {
	from, to, ok := clipTo(f, a, b, c.floor.near.all.grown(1))
	if !ok {
		return nil
	}
	p, q := f.out(a.between(b, from)), f.out(a.between(b, to))
	var ts []float64
	c.floor.near.near(boxOf(p, q).grown(1), func(s int32) {
		arc := &c.streets.Arcs[c.floor.near.owner[s]]
		if arc.Left != face && arc.Right != face {
			return
		}
		e := c.floor.near.ends[s]
		if t, ok := crossing(a, b, f.flat(e[0]), f.flat(e[1])); ok {
			ts = append(ts, t)
		}
	})
	slices.Sort(ts)
	return slices.CompactFunc(ts, func(a, b float64) bool { return cmp.Compare(a, b) == 0 })
}

// clipTo gives which part of a–b lies in a box, so that what lies far away is never put on the lattice
// (Liang and Barsky 1984).
func clipTo(f frame, a, b spot, within box) (from, to float64, ok bool) {
	low := f.flat(planar.Point{X: within.minX, Y: within.minY})
	high := f.flat(planar.Point{X: within.maxX, Y: within.maxY})
	from, to = 0, 1
	d := b.minus(a)
	for _, e := range [4][2]float64{{-d.x, a.x - low.x}, {d.x, high.x - a.x}, {-d.y, a.y - low.y}, {d.y, high.y - a.y}} {
		switch {
		case e[0] == 0 && e[1] < 0:
			return 0, 0, false
		case e[0] < 0:
			from = max(from, e[1]/e[0])
		case e[0] > 0:
			to = min(to, e[1]/e[0])
		}
	}
	return from, to, from <= to
}

// runsInside says whether the middle of a–b lies in the street face.
func (c *community) runsInside(f frame, a, b spot, face int32) bool {
	m := a.between(b, .5)
	low, high := c.floor.near.all, c.floor.near.all
	if x := float64(f.x0) + m.x/f.cos; x < float64(low.minX) || x > float64(high.maxX) {
		return false
	}
	if y := float64(f.y0) + m.y; y < float64(low.minY) || y > float64(high.maxY) {
		return false
	}
	return c.floor.locator.Face(f.out(m)) == face
}
