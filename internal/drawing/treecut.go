package drawing

import (
	"math"
	"math/bits"
	"slices"
)

// Where dwellings are large in comparison with a grid, few of all drawings have every grid in band, and annealing finds them
// late or never. They are looked for in another way: a spanning tree of the ground has few enough partitions that all of them can be
// looked through at once. Going up the tree, each block knows which weights the unfinished grid that it belongs to may have when
// so many grids below it are finished, all of them in band; a set of weights is a word a 64 of them, and joining two subtrees is
// a sumset. If any partition of the tree has all grids in band, it is found. Each drawing belongs to very many trees, so a few dozen
// random ones are enough. (Ito, Zhou and Nishizeki 2006 give the polynomial bound for (l,u)-partitions of trees; random spanning
// trees for districts: DeFord, Duchin and Solomon 2021.)

// widestSet bounds the weights that are looked through: with heavier grids (some workload formulas) this is left out.
const widestSet = 1 << 13

// treeCutter looks for partitions of a part.
type treeCutter struct {
	*part
	band   band
	random *random
	words  int // of a set
	parent []int32
	order  []int32 // children before their parents
	kids   [][]int32
	prefix [][]options // block → what is possible with its first 0, 1, … children
	arena  []uint64
	rank   []ranked
	up     []int32
}

// options are the sets of weights of a block's unfinished grid, by the number of finished ones below, from low on.
type options struct {
	weight int64
	low    int32
	sets   [][]uint64
}

type ranked struct {
	key  float64
	edge int32
}

func newTreeCutter(q *part, b band, r *random) *treeCutter {
	n := len(q.mass)
	return &treeCutter{part: q, band: b, random: r, words: int(b.upper)/64 + 1, parent: make([]int32, n), order: make([]int32, 0, n),
		kids: make([][]int32, n), prefix: make([][]options, n), up: make([]int32, n)}
}

// cut takes a random spanning tree, which keeps to the borders inside the grids of like where it is given, and gives a partition of
// it into least to most grids that are all in band, nil when the tree has none.
func (c *treeCutter) cut(least, most int32, like []int32) []int32 {
	if c.band.upper >= widestSet || c.band.lower < 1 {
		return nil
	}
	c.span(like)
	for _, b := range c.order {
		if !c.fill(b) {
			return nil
		}
	}
	root := c.order[len(c.order)-1]
	last := c.prefix[root][len(c.prefix[root])-1]
	seen, grids, weight := 0, int32(0), 0
	for i, set := range last.sets {
		k := last.low + int32(i) + 1
		if k < least || k > most {
			continue
		}
		for w := range c.inBand(set) {
			if seen++; c.random.below(seen) == 0 {
				grids, weight = k, w
			}
		}
	}
	if seen == 0 {
		return nil
	}
	grid := make([]int32, len(c.mass))
	next := int32(1)
	c.assign(grid, root, grids-1, weight, 0, &next)
	return grid
}

// span makes a spanning tree of least total rank (Kruskal 1956), ranks being random and the lower the dearer a cut
// along the border would be.
func (c *treeCutter) span(like []int32) {
	c.rank = c.rank[:0]
	loyal := 1 + 6*c.random.unit()
	for i := range c.edges {
		e := &c.edges[i]
		if e.from > e.to {
			continue
		}
		weight := 0.05 + float64(e.cost) + float64(e.length)/c.scale
		if like != nil && like[e.from] == like[e.to] {
			weight *= loyal
		}
		c.rank = append(c.rank, ranked{-math.Log(1-c.random.unit()) / weight, int32(i)})
	}
	slices.SortFunc(c.rank, func(x, y ranked) int {
		switch {
		case x.key < y.key:
			return -1
		case x.key > y.key:
			return 1
		}
		return int(x.edge) - int(y.edge)
	})
	n := len(c.mass)
	tree := make([][]int32, n)
	for b := range c.up {
		c.up[b] = int32(b)
	}
	find := func(b int32) int32 {
		for c.up[b] != b {
			c.up[b] = c.up[c.up[b]]
			b = c.up[b]
		}
		return b
	}
	for _, r := range c.rank {
		e := &c.edges[r.edge]
		if a, b := find(e.from), find(e.to); a != b {
			c.up[a] = b
			tree[e.from] = append(tree[e.from], e.to)
			tree[e.to] = append(tree[e.to], e.from)
		}
	}
	root := int32(c.random.below(n))
	c.order = append(c.order[:0], root)
	c.parent[root] = -1
	for i := 0; i < len(c.order); i++ {
		b := c.order[i]
		c.kids[b] = c.kids[b][:0]
		for _, to := range tree[b] {
			if to != c.parent[b] {
				c.parent[to] = b
				c.kids[b] = append(c.kids[b], to)
				c.order = append(c.order, to)
			}
		}
	}
	slices.Reverse(c.order)
	c.arena = c.arena[:0]
}

// set is an empty set of weights.
func (c *treeCutter) set() []uint64 {
	if len(c.arena)+c.words > cap(c.arena) {
		c.arena = make([]uint64, 0, max(1<<16, c.words)) // what is full stays with those who use it
	}
	at := len(c.arena)
	c.arena = c.arena[:at+c.words]
	s := c.arena[at : at+c.words : at+c.words]
	clear(s)
	return s
}

// inBand are the weights of a set that a grid may have.
func (c *treeCutter) inBand(set []uint64) func(func(int) bool) {
	return func(yield func(int) bool) {
		for w := int(c.band.lower) / 64; w < len(set); w++ {
			for word := set[w]; word != 0; word &= word - 1 {
				at := w*64 + bits.TrailingZeros64(word)
				if int64(at) >= c.band.lower && !yield(at) {
					return
				}
			}
		}
	}
}

func (c *treeCutter) anyInBand(set []uint64) bool {
	for range c.inBand(set) {
		return true
	}
	return false
}

// fill finds what is possible at a block, one child after the other. It returns false when nothing is.
func (c *treeCutter) fill(b int32) bool {
	w := c.mass[b].w
	if w > c.band.upper {
		return false
	}
	alone := options{weight: w, sets: [][]uint64{c.set()}}
	alone.sets[0][w/64] |= 1 << (w % 64)
	c.prefix[b] = append(c.prefix[b][:0], alone)
	for _, kid := range c.kids[b] {
		child := c.prefix[kid][len(c.prefix[kid])-1]
		joined := c.joined(c.prefix[b][len(c.prefix[b])-1], child)
		if len(joined.sets) == 0 {
			return false
		}
		c.prefix[b] = append(c.prefix[b], joined)
	}
	return true
}

// joined is what is possible with a block and one more child: that the child's grid goes on into the block's, or that it is
// finished, which needs it to be in band.
func (c *treeCutter) joined(a, child options) options {
	out := options{weight: a.weight + child.weight}
	least := max(0, (out.weight-1)/c.band.upper) // so many grids have to be finished for the last one not to be too heavy
	most := out.weight / c.band.lower
	out.low = int32(least)
	for range max(0, most-least+1) {
		out.sets = append(out.sets, c.set())
	}
	for j := range child.sets {
		finished := c.anyInBand(child.sets[j])
		for i := range a.sets {
			n := int(a.low + int32(i) + child.low + int32(j) - out.low)
			if n >= 0 && n < len(out.sets) {
				c.addSums(out.sets[n], a.sets[i], child.sets[j])
			}
			if n++; finished && n >= 0 && n < len(out.sets) {
				for w, word := range a.sets[i] {
					out.sets[n][w] |= word
				}
			}
		}
	}
	for len(out.sets) > 0 && empty(out.sets[0]) {
		out.sets, out.low = out.sets[1:], out.low+1
	}
	for len(out.sets) > 0 && empty(out.sets[len(out.sets)-1]) {
		out.sets = out.sets[:len(out.sets)-1]
	}
	return out
}

func empty(set []uint64) bool {
	for _, w := range set {
		if w != 0 {
			return false
		}
	}
	return true
}

func count(set []uint64) (n int) {
	for _, w := range set {
		n += bits.OnesCount64(w)
	}
	return n
}

// addSums adds to a set all sums of a weight of a and one of b that aren't over the bound.
func (c *treeCutter) addSums(to, a, b []uint64) {
	if count(a) > count(b) {
		a, b = b, a
	}
	for w, word := range a {
		for ; word != 0; word &= word - 1 {
			shift := uint(bits.TrailingZeros64(word))
			if shift == 0 {
				for i := 0; i+w < len(to); i++ {
					to[i+w] |= b[i]
				}
				continue
			}
			carry := uint64(0)
			for i := 0; i+w < len(to); i++ {
				to[i+w] |= b[i]<<shift | carry
				carry = b[i] >> (64 - shift)
			}
		}
	}
	if over := uint(c.band.upper+1) % 64; over != 0 {
		to[len(to)-1] &= 1<<over - 1
	}
}

func has(set []uint64, w int) bool { return w >= 0 && w/64 < len(set) && set[w/64]>>(w%64)&1 == 1 }

// assign puts the blocks of a subtree into grids, by one of the ways there are, at random: its block's unfinished grid is called
// own, has this weight in the subtree, and so many grids below it are finished.
func (c *treeCutter) assign(grid []int32, b, finished int32, weight int, own int32, next *int32) {
	grid[b] = own
	for step := len(c.kids[b]); step > 0; step-- {
		before, kid := c.prefix[b][step-1], c.kids[b][step-1]
		child := c.prefix[kid][len(c.prefix[kid])-1]
		type way struct {
			finished, below int32
			weight, child   int
			ends            bool
		}
		var pick way
		seen := 0
		offer := func(w way) {
			if seen++; c.random.below(seen) == 0 {
				pick = w
			}
		}
		for i := range before.sets {
			have := before.low + int32(i)
			if j := finished - have - 1 - child.low; j >= 0 && int(j) < len(child.sets) && has(before.sets[i], weight) {
				for w := range c.inBand(child.sets[j]) {
					offer(way{have, child.low + j, weight, w, true})
				}
			}
			if j := finished - have - child.low; j >= 0 && int(j) < len(child.sets) {
				for w, word := range before.sets[i] {
					for ; word != 0; word &= word - 1 {
						at := w*64 + bits.TrailingZeros64(word)
						if has(child.sets[j], weight-at) {
							offer(way{have, child.low + j, at, weight - at, false})
						}
					}
				}
			}
		}
		its := own
		if pick.ends {
			its = *next
			*next++
		}
		c.assign(grid, kid, pick.below, pick.child, its, next)
		finished, weight = pick.finished, pick.weight
	}
}
