package city

import (
	"math"
	"slices"

	"jingwei/internal/planar"
)

// settleStreets divides the seat and the villages around it among the streets (街道) that share it: each grows
// from one side until it has as many communities as it has codes, so that each hangs together. Of all pairs of
// sides the first that leaves the last street in one piece is taken.
func (c *county) settleStreets(whole *planar.Coverage) {
	var streets, members []int
	for i, t := range c.towns {
		if i == c.of[0] || t.seat == [2]float64{} {
			streets = append(streets, i)
		}
	}
	slices.Reverse(streets) // the last of them has fewest, and no villages
	near := whole.Neighbours()
	at := make([]vec, len(c.lots))
	for i, l := range c.lots {
		if l.town == c.of[0] {
			members = append(members, i)
			at[i] = bounds(c.globe.ring(l.polygons[0][0])).centre()
		}
	}
	inSeat := len(c.places[0].communities)
	for turn := range 400 {
		free := map[int]bool{}
		for _, i := range members {
			free[i] = true
		}
		for k, s := range streets {
			angle := 2*math.Pi*float64(turn*(2*k+1)%20)/20 + []float64{3.9, -.3, 1.9}[k%3]
			grown := grow(near, at, free, vec{math.Cos(angle), math.Sin(angle)}, len(c.towns[s].communities), func(i int) bool {
				return inSeat > 40 && c.towns[s].urbanOnly() && c.lots[i].place < 0
			})
			for _, i := range grown {
				c.lots[i].town = s
				delete(free, i)
			}
		}
		if len(free) == 0 {
			return
		}
	}
	// Nothing hangs together: the codes are dealt out all the same, in order.
	k, left := 0, len(c.towns[streets[0]].communities)
	for _, i := range members {
		for left == 0 {
			k++
			left = len(c.towns[streets[k]].communities)
		}
		c.lots[i].town = streets[k]
		left--
	}
}

// urbanOnly tells that a street has no villages.
func (t *townFact) urbanOnly() bool {
	for _, m := range t.communities {
		if !m.urban() {
			return false
		}
	}
	return true
}

// grow takes the wanted number of free lots, from the farthest in one direction on, each next to one that is
// taken already. It stops short where no more can be reached.
func grow(near [][]int32, at []vec, free map[int]bool, towards vec, wanted int, barred func(int) bool) []int {
	var out []int
	taken := map[int]bool{}
	for len(out) < wanted {
		best := -1
		for i := range at { // in order, so that chance has no part in it
			if !free[i] || taken[i] || barred(i) {
				continue
			}
			next := len(out) == 0
			for _, n := range near[i] {
				next = next || taken[int(n)]
			}
			if next && (best < 0 || at[i].dot(towards) > at[best].dot(towards)) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		taken[best] = true
		out = append(out, best)
	}
	return out
}

// mendTowns makes every town hang together: a village cut off from its town goes to the one around it, which
// gives another up for it.
func (c *county) mendTowns(near [][]int32) {
	for range 40 {
		stray, whose := c.stray(near)
		if stray < 0 {
			return
		}
		to := whose
		for _, n := range near[stray] {
			if c.lots[n].town != whose {
				to = c.lots[n].town
			}
		}
		c.lots[stray].town = to
		at := func(i int) vec { return c.globe.vec(c.lots[i].polygons[0][0][0]) }
		best := -1
		for i := range c.lots {
			if c.lots[i].town != to || c.lots[i].place >= 0 || i == stray || !c.touches(near, i, whose) {
				continue
			}
			c.lots[i].town = whose
			if c.parts(near, to) == 1 && (best < 0 || at(i).dist(at(stray)) < at(best).dist(at(stray))) {
				best = i
			}
			c.lots[i].town = to
		}
		if best < 0 {
			c.lots[stray].town = whose
			return
		}
		c.lots[best].town = whose
	}
}

// touches tells whether a lot borders on a town's own built-up ground or on one of its larger pieces.
func (c *county) touches(near [][]int32, i, town int) bool {
	for _, n := range near[i] {
		if c.lots[n].town == town && c.pieceOf(near, int(n)) > 3 {
			return true
		}
	}
	return false
}

// pieceOf is how many lots hang together with one in the same town.
func (c *county) pieceOf(near [][]int32, i int) int { return len(c.reached(near, i)) }

func (c *county) reached(near [][]int32, from int) map[int]bool {
	seen := map[int]bool{from: true}
	for queue := []int{from}; len(queue) > 0; queue = queue[1:] {
		for _, n := range near[queue[0]] {
			if k := int(n); !seen[k] && c.lots[k].town == c.lots[from].town {
				seen[k] = true
				queue = append(queue, k)
			}
		}
	}
	return seen
}

// parts is in how many pieces a town lies.
func (c *county) parts(near [][]int32, town int) int {
	n, seen := 0, map[int]bool{}
	for i := range c.lots {
		if c.lots[i].town == town && !seen[i] {
			n++
			for k := range c.reached(near, i) {
				seen[k] = true
			}
		}
	}
	return n
}

// stray is a village that doesn't hang together with most of its town, or -1.
func (c *county) stray(near [][]int32) (lot, town int) {
	for i, l := range c.lots {
		all := 0
		for _, m := range c.lots {
			if m.town == l.town {
				all++
			}
		}
		if l.place < 0 && 2*c.pieceOf(near, i) < all {
			return i, l.town
		}
	}
	return -1, 0
}
