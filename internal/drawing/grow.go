package drawing

import (
	"math"
	"slices"
)

// growRounds is how often seeds are moved to the middle of what grew from them.
const growRounds = 12

// construct gives a first complete drawing of a part: k connected grids, near one weight, near round. It cuts the
// part's weight in halves along straight lines to find k seeds, lets all grids grow from their seeds
// through borders at once, and moves seeds and shares until the weights are even (the balanced k-means of power
// diagrams, Aurenhammer, Hoffmann, Aronov 1998, on a graph, so that every grid is connected whatever the shape of the
// community). Once over says so, the first complete drawing will do.
func (q *part) construct(b band, r *random, over func() bool) []int32 {
	if q.k == 1 {
		return make([]int32, len(q.mass))
	}
	c := &growth{part: q, share: float64(q.weight) / float64(q.k)}
	c.seedByHalving(r)
	var best []int32
	lowest := math.Inf(1)
	for round := range growRounds {
		grid := c.spread()
		if miss := c.learn(grid, b); miss < lowest {
			lowest = miss
			best = append(best[:0], grid...)
		}
		if round >= growRounds/2 && lowest == 0 || over() {
			break
		}
	}
	return best
}

// growth is the scratch of construct.
type growth struct {
	*part
	share  float64 // weight that every grid should have
	x, y   []float64
	centre [][2]float64
	bias   []float64 // m², added to a grid's reach
	seed   []int32
	grid   []int32
	heap   []reached
}

type reached struct {
	key         float64
	block, grid int32
}

// seedByHalving cuts the blocks in two by weight, across their longer extent turned by a random angle, until there are
// k pieces; the middle of each is where a grid starts.
func (c *growth) seedByHalving(r *random) {
	n := len(c.mass)
	c.x, c.y = make([]float64, n), make([]float64, n)
	load := make([]float64, n)
	var area float64
	for i := range c.mass {
		area += c.mass[i].a
	}
	order := make([]int32, n)
	for i := range c.mass {
		m := &c.mass[i]
		if m.a > 0 {
			c.x[i], c.y[i] = m.ax/m.a, m.ay/m.a
		}
		// Ground without people still has to be shared out, so area counts for a little.
		load[i] = float64(m.w) + 0.02*(float64(c.weight)+1)*m.a/max(area, 1e-9)
		order[i] = int32(i)
	}
	c.centre = make([][2]float64, 0, c.k)
	c.seed = make([]int32, 0, c.k)
	c.halve(order, load, int(c.k), r)
	c.bias = make([]float64, c.k)
	c.grid = make([]int32, n)
}

func (c *growth) halve(blocks []int32, load []float64, k int, r *random) {
	if k == 1 {
		c.plant(blocks, load)
		return
	}
	dx, dy := c.axis(blocks, load)
	turn := (r.unit() - 0.5) * 0.9
	sin, cos := math.Sincos(turn)
	dx, dy = dx*cos-dy*sin, dx*sin+dy*cos
	slices.SortFunc(blocks, func(a, b int32) int {
		pa, pb := c.x[a]*dx+c.y[a]*dy, c.x[b]*dx+c.y[b]*dy
		switch {
		case pa < pb:
			return -1
		case pa > pb:
			return 1
		}
		return int(a) - int(b)
	})
	var total float64
	for _, b := range blocks {
		total += load[b]
	}
	left := k / 2
	if k%2 == 1 && r.next()&1 == 0 {
		left++
	}
	want, at, sum := total*float64(left)/float64(k), 0, 0.0
	for at < len(blocks) && sum+load[blocks[at]]/2 < want {
		sum += load[blocks[at]]
		at++
	}
	at = min(max(at, left), len(blocks)-(k-left)) // every grid needs a block
	c.halve(blocks[:at], load, left, r)
	c.halve(blocks[at:], load, k-left, r)
}

// axis is the direction in which blocks extend most, by load.
func (c *growth) axis(blocks []int32, load []float64) (dx, dy float64) {
	var sum, mx, my float64
	for _, b := range blocks {
		sum, mx, my = sum+load[b], mx+load[b]*c.x[b], my+load[b]*c.y[b]
	}
	mx, my = mx/sum, my/sum
	var xx, xy, yy float64
	for _, b := range blocks {
		x, y := c.x[b]-mx, c.y[b]-my
		xx, xy, yy = xx+load[b]*x*x, xy+load[b]*x*y, yy+load[b]*y*y
	}
	sin, cos := math.Sincos(math.Atan2(2*xy, xx-yy) / 2)
	return cos, sin
}

// plant starts a grid in the middle of some blocks.
func (c *growth) plant(blocks []int32, load []float64) {
	var sum, mx, my float64
	for _, b := range blocks {
		sum, mx, my = sum+load[b], mx+load[b]*c.x[b], my+load[b]*c.y[b]
	}
	if sum > 0 {
		mx, my = mx/sum, my/sum
	}
	c.centre = append(c.centre, [2]float64{mx, my})
	c.seed = append(c.seed, c.nearest(blocks, mx, my))
}

func (c *growth) nearest(blocks []int32, x, y float64) int32 {
	best, least := blocks[0], math.Inf(1)
	for _, b := range blocks {
		if d := square(c.x[b]-x) + square(c.y[b]-y); d < least {
			best, least = b, d
		}
	}
	return best
}

func square(x float64) float64 { return x * x }

// spread grows all grids from their seeds: the block that is nearest to the centre of a grid that has reached it
// comes next. Every block is reached, because a part is connected.
func (c *growth) spread() []int32 {
	for i := range c.grid {
		c.grid[i] = -1
	}
	c.heap = c.heap[:0]
	for g, b := range c.seed {
		c.grid[b] = int32(g)
	}
	for g, b := range c.seed {
		c.reach(b, int32(g))
	}
	for len(c.heap) > 0 {
		next := c.pop()
		if c.grid[next.block] >= 0 {
			continue
		}
		c.grid[next.block] = next.grid
		c.reach(next.block, next.grid)
	}
	return c.grid
}

func (c *growth) reach(b, g int32) {
	for e := c.first[b]; e < c.first[b+1]; e++ {
		if d := c.edges[e].to; c.grid[d] < 0 {
			key := square(c.x[d]-c.centre[g][0]) + square(c.y[d]-c.centre[g][1]) - c.bias[g]
			c.push(reached{key, d, g})
		}
	}
}

// learn moves every centre to the middle of its grid, its seed to the block there, and lets light grids reach
// further next time. It returns by how much the weights miss the band in total.
func (c *growth) learn(grid []int32, b band) float64 {
	sum := make([]mass, c.k)
	for i, g := range grid {
		sum[g].add(&c.mass[i])
	}
	nearest := make([]float64, c.k)
	var miss float64
	for g := range sum {
		nearest[g] = math.Inf(1)
		m := &sum[g]
		miss += float64(b.outside(m.w))
		if m.a <= 0 {
			continue
		}
		c.centre[g] = [2]float64{m.ax / m.a, m.ay / m.a}
		if c.share > 0 {
			lack := (c.share - float64(m.w)) / c.share
			c.bias[g] += 0.4 * m.a / math.Pi * min(max(lack, -1), 1)
		}
	}
	for i, g := range grid {
		if d := square(c.x[i]-c.centre[g][0]) + square(c.y[i]-c.centre[g][1]); d < nearest[g] {
			nearest[g], c.seed[g] = d, int32(i)
		}
	}
	return miss
}

func (r reached) before(o reached) bool {
	if r.key != o.key {
		return r.key < o.key
	}
	if r.block != o.block {
		return r.block < o.block
	}
	return r.grid < o.grid
}

func (c *growth) push(x reached) {
	c.heap = append(c.heap, x)
	i := len(c.heap) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !x.before(c.heap[up]) {
			break
		}
		c.heap[i] = c.heap[up]
		i = up
	}
	c.heap[i] = x
}

func (c *growth) pop() reached {
	top := c.heap[0]
	last := len(c.heap) - 1
	x := c.heap[last]
	c.heap = c.heap[:last]
	i := 0
	for {
		down := 2*i + 1
		if down >= last {
			break
		}
		if down+1 < last && c.heap[down+1].before(c.heap[down]) {
			down++
		}
		if !c.heap[down].before(x) {
			break
		}
		c.heap[i] = c.heap[down]
		i = down
	}
	if last > 0 {
		c.heap[i] = x
	}
	return top
}
