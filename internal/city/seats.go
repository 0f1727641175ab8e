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

// foundTowns plans and builds the seat and the towns, side by side.
func (c *county) foundTowns(ctx context.Context) error {
	c.progress("towns", 0)
	names, err := newNamer(c.seed)
	if err != nil {
		return err
	}
	all, weights := 0, []float64{}
	for i, t := range c.towns {
		all += len(t.communities)
		if t.seat != [2]float64{} {
			c.of = append(c.of, i)
			weights = append(weights, 4000+70*float64(len(t.communities)))
		}
	}
	rest := float64(c.people - all) // everybody else is one to each community
	sum := 0.0
	for _, w := range weights[1:] {
		sum += w
	}
	size := func(k int) float64 {
		if k == 0 {
			return shareOf[0] * rest
		}
		return shareOf[1] * rest * weights[k] / sum
	}
	seats := c.centre()
	c.keepApart(seats, size)
	c.places = make([]*town, len(c.of))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for k, i := range c.of {
		s := site{globe: c.globe, inCounty: true, name: c.towns[i].name, prefix: fmt.Sprintf("%d-", k+1),
			river: names.words.Rivers[k%len(names.words.Rivers)], railway: names.railway}
		if n := len(names.words.Rivers); k >= n {
			s.river = "小" + s.river
		}
		s.communities, s.roadOnly = seatCommunities, false
		people := size(k)
		if k > 0 {
			s.communities, s.roadOnly = int(clamp(math.Round(weights[k]/3000), 1, 4)), true
		}
		s.communities = int(clamp(people/2500, 1, float64(s.communities))) // none without dwellings
		order := Options{Seed: throw(c.seed, forCounty, uint64(k)).next(), People: int(people) + s.communities,
			Progress: func(string, float64) {}}
		s.at = c.roomFor(seats[k], order.People)
		g.Go(func() error {
			t, err := invent(ctx, order, s)
			c.places[k] = t
			return err
		})
	}
	return g.Wait()
}

// centre moves the seats of the towns towards the middle of the ground that their villages will take.
func (c *county) centre() []vec {
	seats, wanted := make([]vec, len(c.of)), make([]float64, len(c.of))
	for k, i := range c.of {
		seats[k] = c.globe.vec(planar.FromDegrees(c.towns[i].seat[0], c.towns[i].seat[1]))
		wanted[k] = float64(len(c.towns[i].communities))
	}
	wanted[0] = float64(len(c.seatCodes())) * .6 // most of them are small
	ground := newRaster(c.border, func(vec) bool { return false })
	for range 5 {
		ground.share(seats, wanted)
		sum, count := make([]vec, len(seats)), make([]float64, len(seats))
		for i, p := range ground.at {
			sum[ground.of[i]], count[ground.of[i]] = sum[ground.of[i]].add(p), count[ground.of[i]]+1
		}
		for k := range seats {
			if k > 0 && count[k] > 0 {
				seats[k] = seats[k].add(sum[k].mul(1 / count[k]).sub(seats[k]).mul(.35))
			}
		}
	}
	return seats
}

// planRadius is how far a town of so many people reaches from its middle, about.
func planRadius(people float64) float64 {
	side := math.Sqrt(math.Max(people, leastPlan) * 74)
	return .75*side + clamp(.3*side, 250, 620)
}

// keepApart pushes the towns off one another and off the county's border; the county seat stays.
func (c *county) keepApart(seats []vec, people func(int) float64) {
	for range 300 {
		moved := false
		for k := 1; k < len(seats); k++ {
			for j := range seats {
				to := seats[k].sub(seats[j])
				if gap := planRadius(people(k)) + planRadius(people(j)) + 400 - to.len(); j != k && gap > 0 {
					seats[k] = seats[k].add(to.mul((gap*.5 + 20) / to.len()))
					moved = true
				}
			}
			seats[k] = c.roomFor(seats[k], int(people(k)))
		}
		if !moved {
			return
		}
	}
}

// roomFor moves a town inwards until it fits into the county.
func (c *county) roomFor(at vec, people int) vec {
	radius := planRadius(float64(people))
	closed := append(slices.Clone(c.border), c.border[0])
	for range 400 {
		if inside(at, c.border) && toLine(at, closed) > radius {
			break
		}
		best, room := at, math.Inf(-1)
		for k := range 12 {
			a := float64(k) * math.Pi / 6
			p := at.add(vec{200 * math.Cos(a), 200 * math.Sin(a)})
			l := toLine(p, closed)
			if !inside(p, c.border) {
				l = -l
			}
			if l > room {
				best, room = p, l
			}
		}
		at = best
	}
	return at
}
