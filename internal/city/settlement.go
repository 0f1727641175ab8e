package city

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"jingwei/internal/planar"
)

// layVillages finds a place for every village on its ground and lays out its lanes.
func (c *county) layVillages(ctx context.Context) error {
	c.progress("villages", 0)
	c.villages = make([]*hamlet, len(c.lots))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range c.lots {
		l := &c.lots[i]
		if l.place >= 0 {
			continue
		}
		g.Go(func() error {
			need := .72*math.Sqrt(math.Max(float64(l.people), 40)*villagePerHead) + 75
			at, room := c.roomOn(l, need, throw(c.seed, forVillage, uint64(i), 1))
			form := patternFor(c.relief.hill(at), c.byWater(at), l.people, throw(c.seed, forVillage, uint64(i), 3))
			s := site{globe: c.globe, at: at, name: l.name, prefix: fmt.Sprintf("v%s-", l.code[6:])}
			c.villages[i] = newHamlet(throw(c.seed, forVillage, uint64(i), 2).next(), s, l.people, room, form, c.mesh.slope(at))
			return ctx.Err()
		})
	}
	return g.Wait()
}

// roomOn is a place on a community's ground with as much room around it as needed, or the most there is:
// to the border, and to what flows or runs through.
func (c *county) roomOn(l *lot, need float64, d *dice) (vec, float64) {
	ring := c.globe.ring(l.polygons[0][0])
	closed := append(slices.Clone(ring), ring[0])
	box := bounds(ring)
	var near [][]vec
	for _, k := range c.courses {
		for from := 0; from < len(k.line)-1; from += 20 {
			part := k.line[from:min(from+21, len(k.line))]
			if overlap(bounds(part).grow(60), box) {
				near = append(near, part)
			}
		}
	}
	room := func(p vec) float64 {
		r := toLine(p, closed) - 12
		for _, line := range near {
			r = math.Min(r, toLine(p, line)-45)
		}
		return r
	}
	at := c.globe.vec(planar.PoleOfInaccessibility(l.polygons, 2e-4*planar.Scale))
	best := math.Min(room(at), need)
	for n := 0; n < 60; n++ {
		p := vec{d.between(box.u0, box.u1), d.between(box.v0, box.v1)}
		if !inside(p, ring) {
			continue
		}
		if r := math.Min(room(p), need*1.15); r > best {
			at, best = p, r
		}
	}
	return at, math.Max(best, 40)
}
