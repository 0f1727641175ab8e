package ground

import (
	"cmp"
	"context"
	"slices"

	"jingwei/internal/planar"
)

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
	c.shared = make([]bool, len(c.streets.Faces))
	for verge, behind := range c.verges() {
		if len(behind) > 0 {
			c.shareVerge(int32(verge), behind, prints)
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
	var out [][]planar.Point
	for _, run := range c.runs(g.frame, ch, face) {
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
	return out
}

// runs cuts a chain where it crosses its face's border, and gives the pieces that lie within: between two
// crossings it is inside or outside all along.
func (c *community) runs(f frame, ch chain, face int32) (out [][]stop) {
	run := []stop{{at: ch.spots[0], room: ch.room[0]}}
	end := func() {
		if len(run) > 1 && c.runsInside(f, run[0].at, run[1].at, face) {
			out = append(out, run)
		}
		run = []stop{run[len(run)-1]}
	}
	for i := 1; i < len(ch.spots); i++ {
		a, b := ch.spots[i-1], ch.spots[i]
		for _, t := range c.crossings(f, a, b, face) {
			run = append(run, stop{at: a.between(b, t), room: ch.room[i-1] + t*(ch.room[i]-ch.room[i-1]), on: true})
			end()
		}
		run = append(run, stop{at: b, room: ch.room[i]})
	}
	end()
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
