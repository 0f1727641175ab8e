package drawing

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// Whether a part can be in band isn't only a matter of its total: two dwellings of 400 make no grid of 600 ± 15 %, whatever lies
// around them. Where a drawing has grids out of band, it is looked into whether any drawing has not, in a simpler problem that has
// at least all the solutions of the real one: blocks where somebody lives, next to each other when they share a border or both touch
// the same ground where nobody lives. If that can be ruled out by trying all ways, the part can't be in band, and that is a fact about
// the ground; if the search is given up, the part counts as feasible and the engine as having failed.

// Bounds of the search, so that a report doesn't take long.
const (
	provableBlocks = 512     // inhabited blocks of a part
	proofSteps     = 200_000 // of one search
)

// populated is a part as that simpler problem.
type populated struct {
	band   band
	blocks []int32 // its blocks → the part's
	weight []int64
	near   [][]int32
	in     []bool    // the growing grid
	barred []bool    // blocks that the growing grid has been decided not to have, or that are taken
	left   int       // steps
	sets   [][]int32 // what share has found, a grid each
}

// people is a part's inhabited blocks, next to nothing yet, and block → its number among them, −1 where nobody lives.
func (q *part) people(b band) (p *populated, of []int32) {
	p = &populated{band: b}
	of = make([]int32, len(q.mass))
	for i := range q.mass {
		of[i] = -1
		if q.mass[i].w > 0 {
			of[i] = int32(len(p.blocks))
			p.blocks = append(p.blocks, int32(i))
			p.weight = append(p.weight, q.mass[i].w)
		}
	}
	n := len(p.blocks)
	p.near = make([][]int32, n)
	p.in, p.barred = make([]bool, n), make([]bool, n)
	return p, of
}

// inhabited makes the simpler problem of a part.
func (q *part) inhabited(b band) *populated {
	p, of := q.people(b)
	return q.relate(p, of)
}

// gated makes a problem that is nearer to the real one, and takes longer to search: empty blocks through which alone inhabited ones hang
// together are blocks of it, as only one grid passes each.
func (q *part) gated(b band) (p *populated, gates int) {
	p, of := q.people(b)
	for _, gate := range q.gates(b) {
		of[gate] = int32(len(p.blocks))
		p.blocks, p.weight, p.near = append(p.blocks, gate), append(p.weight, 0), append(p.near, nil)
		p.in, p.barred = append(p.in, false), append(p.barred, false)
		gates++
	}
	return q.relate(p, of), gates
}

// relate says which blocks of the simpler problem are next to each other.
func (q *part) relate(p *populated, of []int32) *populated {
	p.left = proofSteps
	seen := make([]int32, len(q.mass))
	for i, from := range p.blocks {
		mark := int32(i + 1)
		queue := []int32{from}
		seen[from] = mark
		for at := 0; at < len(queue); at++ {
			for _, e := range q.edges[q.first[queue[at]]:q.first[queue[at]+1]] {
				if seen[e.to] == mark {
					continue
				}
				seen[e.to] = mark
				if to := of[e.to]; to >= 0 {
					p.near[i] = append(p.near[i], to)
				} else {
					queue = append(queue, e.to)
				}
			}
		}
	}
	return p
}

// all is every block.
func (p *populated) all() []int32 {
	blocks := make([]int32, len(p.weight))
	for i := range blocks {
		blocks[i] = int32(i)
	}
	return blocks
}

// grows says whether a connected set of free blocks around those that are in weighs as much as a grid should, trying all of them. fringe are
// blocks next to it.
func (p *populated) grows(weight int64, fringe []int32, then func() bool) bool {
	if p.left--; p.left < 0 {
		return true // given up: nothing is ruled out
	}
	if weight >= p.band.lower && then() {
		return true
	}
	var undo []int32
	defer func() {
		for _, b := range undo {
			p.barred[b] = false
		}
	}()
	for i, b := range fringe {
		if p.barred[b] || p.in[b] {
			continue
		}
		if weight+p.weight[b] <= p.band.upper {
			p.in[b] = true
			next := append([]int32(nil), fringe[i+1:]...)
			for _, to := range p.near[b] {
				if !p.in[to] && !p.barred[to] {
					next = append(next, to)
				}
			}
			done := p.grows(weight+p.weight[b], next, then)
			p.in[b] = false
			if done {
				return true
			}
		}
		p.barred[b] = true // all sets with it have been tried
		undo = append(undo, b)
	}
	return false
}

// stuck are the blocks that no connected set in band contains.
func (p *populated) stuck() (blocks []int32) {
	for b := range p.weight {
		if p.weight[b] >= p.band.lower {
			continue // on its own it is in band, or heavier than any grid may be
		}
		p.left = proofSteps / 16
		p.in[b] = true
		if !p.grows(p.weight[b], p.near[b], func() bool { return true }) {
			blocks = append(blocks, int32(b))
		}
		p.in[b] = false
	}
	return blocks
}

// crowd is heavy blocks of which no two fit into one grid and none is one, and the light ones that could fill theirs.
type crowd struct {
	heavy, light int
	from, to     int64 // weights of the heavy ones, lightest and heaviest
	most         int64 // that a light one may weigh
	need, have   int64 // residents that the heavy ones are short of, and that the light ones have
}

// crowded finds heavy blocks that the others can't fill, by their number or by their weight, among some blocks. As what fits beside a
// heavier block fits beside a lighter one too, it is enough to look at the heaviest two, three, … (Hall 1935). Blocks that are
// a grid by themselves fill others too, where they are light enough.
func (p *populated) crowded(blocks []int32) (c crowd, found bool) {
	ws := make([]int64, 0, len(blocks))
	for _, b := range blocks {
		if w := p.weight[b]; w <= p.band.upper {
			ws = append(ws, w)
		}
	}
	slices.SortFunc(ws, func(a, b int64) int { return cmp.Compare(b, a) })
	rest := make([]int64, len(ws)+1) // place → weight from there on
	for i := len(ws) - 1; i >= 0; i-- {
		rest[i] = rest[i+1] + ws[i]
	}
	first := 0 // that is no grid by itself
	for first < len(ws) && ws[first] >= p.band.lower {
		first++
	}
	var need int64
	light := len(ws) // the first that is light enough
	for i := first; i < len(ws); i++ {
		w := ws[i]
		if i > first && ws[i-1]+w <= p.band.upper {
			return c, false
		}
		need += p.band.lower - w
		for light > 0 && ws[light-1] <= p.band.upper-w {
			light--
		}
		from, heavier := max(light, i+1), min(light, first)
		n, have := len(ws)-from+first-heavier, rest[from]+rest[heavier]-rest[first]
		if heavy := i + 1 - first; n < heavy || have < need {
			return crowd{heavy, n, w, ws[first], p.band.upper - w, need, have}, true
		}
	}
	return c, false
}

// reason says it in words.
func (c crowd) reason(lower int64) said {
	return say("%d 个基本单元各有 %d 至 %d 人，任意两个都不能同格，每个还须补足到 %d（共缺 %d）；能补的（不超过 %d）只有 %d 个、共 %d 人",
		"%d blocks hold %d to %d each, so that no two fit into one grid, and each needs more to reach %d (%d in all); of blocks that fit beside them (at most %d) there are %d, with %d",
		c.heavy, c.from, c.to, lower, c.need, c.most, c.light, c.have)
}

// ruledOut says that no way of sharing out the blocks has all grids in band, having tried them all.
func (p *populated) ruledOut() bool {
	if len(p.weight) > provableBlocks {
		return false
	}
	p.left = proofSteps
	taken := make([]bool, len(p.weight))
	failed := map[[provableBlocks / 64]uint64]bool{}
	found := p.share(taken, failed)
	return !found && p.left >= 0
}

// share says whether the blocks that aren't taken can be shared out.
func (p *populated) share(taken []bool, failed map[[provableBlocks / 64]uint64]bool) bool {
	pivot, ok := p.pivot(taken)
	if !ok {
		return false
	}
	if pivot < 0 {
		return true
	}
	key := keyOf(taken)
	if failed[key] {
		return false
	}
	in, barred := p.in, p.barred
	p.in = make([]bool, len(taken))
	p.barred = append([]bool(nil), taken...)
	p.in[pivot] = true
	done := p.grows(p.weight[pivot], p.near[pivot], func() bool {
		mine := p.in
		next := append([]bool(nil), taken...)
		for b, yes := range mine {
			next[b] = next[b] || yes
		}
		if !p.share(next, failed) {
			return false
		}
		var set []int32
		for b, yes := range mine {
			if yes {
				set = append(set, int32(b))
			}
		}
		p.sets = append(p.sets, set)
		return true
	})
	p.in, p.barred = in, barred
	if !done {
		failed[key] = true
	}
	return done
}

func keyOf(taken []bool) (key [provableBlocks / 64]uint64) {
	for b, yes := range taken {
		if yes {
			key[b/64] |= 1 << (b % 64)
		}
	}
	return key
}

// pivot is the free block with the fewest ways to go, −1 when none is free. ok is false when a connected piece of what is
// free can't be cut into grids in band by its total.
func (p *populated) pivot(taken []bool) (pivot int32, ok bool) {
	pivot = -1
	fewest := 0
	seen := append([]bool(nil), taken...)
	for b := range taken {
		if seen[b] {
			continue
		}
		queue := []int32{int32(b)}
		seen[b] = true
		var total int64
		giant := false
		for i := 0; i < len(queue); i++ {
			at := queue[i]
			total += p.weight[at]
			giant = giant || p.weight[at] > p.band.upper
			ways := 0
			for _, to := range p.near[at] {
				if taken[to] {
					continue
				}
				if p.weight[at]+p.weight[to] <= p.band.upper {
					ways++
				}
				if !seen[to] {
					seen[to] = true
					queue = append(queue, to)
				}
			}
			ways = ways<<10 + 1023 - bits.Len64(uint64(p.weight[at])) // the heavier first
			if pivot < 0 || ways < fewest {
				pivot, fewest = at, ways
			}
		}
		if _, _, feasible := p.band.counts(total); !feasible || giant {
			return pivot, false
		}
	}
	return pivot, true
}

// reason says in words what ruledOut has found.
func (p *populated) reason(total int64) said {
	const most = 6
	weights := slices.Clone(p.weight)
	slices.Sort(weights)
	slices.Reverse(weights)
	var heaviest []string
	for _, w := range weights[:min(most, len(weights))] {
		heaviest = append(heaviest, fmt.Sprint(w))
	}
	return say("%d 分布在 %d 个有人居住的基本单元（%s……），它们都不能再切分：无论如何合并相邻单元，都不能使每个网格在 %d 至 %d 之间；已试遍所有办法",
		"%d in %d inhabited blocks (%s, …), none of which can be cut: no way of joining neighbours gives only grids of %d to %d; all were tried",
		total, len(weights), strings.Join(heaviest, ", "), p.band.lower, p.band.upper)
}
