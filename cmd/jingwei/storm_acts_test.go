package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"jingwei/internal/draft"
)

// chooser finds acts that make sense on a board, as a planner would who looks at it.
type chooser struct {
	*board
	*rand.Rand
	members map[draft.Key][]int64
	order   []draft.Key
	whole   bool // enough was cut: lines are left alone
}

func choosing(b *board, r *rand.Rand, whole bool) *chooser {
	c := &chooser{board: b, Rand: r, members: b.grids(), whole: whole}
	for k := range c.members {
		c.order = append(c.order, k)
	}
	slices.SortFunc(c.order, cmp.Compare)
	return c
}

// next is an act that makes sense, nil when the dice found none.
func (c *chooser) next() map[string]any {
	if len(c.order) == 0 {
		return nil
	}
	if c.redo && c.IntN(3) == 0 {
		return map[string]any{"kind": "redo"}
	}
	switch n := c.IntN(100); {
	case n < 36:
		return c.paint()
	case n < 40:
		return c.paintNew()
	case n < 50:
		return c.merge()
	case n < 60:
		return c.split()
	case n < 65:
		return c.splitLine()
	case n < 68:
		return c.cut()
	case n < 73:
		return c.moveBorder()
	case n < 79:
		return c.redraw()
	case n < 83:
		return map[string]any{"kind": "rename", "grid": c.any(), "name": fmt.Sprintf("试验 %d", c.IntN(100_000))}
	case n < 84:
		return map[string]any{"kind": "lock", "grids": []draft.Key{c.any()}}
	case n < 92:
		if c.undo {
			return map[string]any{"kind": "undo"}
		}
	case n < 98:
		return c.paint()
	default:
		if c.revision > 3 {
			return map[string]any{"kind": "back", "seq": c.revision - 1 - c.IntN(3)}
		}
	}
	return nil
}

func (c *chooser) any() draft.Key { return c.order[c.IntN(len(c.order))] }

// pair is two grids that touch, the first with more people.
func (c *chooser) pair() (a, b draft.Key, found bool) {
	a = c.any()
	beside := c.neighbours(a, c.members[a])
	if len(beside) == 0 {
		return a, a, false
	}
	b = beside[c.IntN(len(beside))]
	if c.people(c.members[b]) > c.people(c.members[a]) {
		a, b = b, a
	}
	return a, b, true
}

// paint gives up to four blocks along the border to the neighbour, so that the grid they leave still hangs together.
func (c *chooser) paint() map[string]any {
	for range 20 {
		from, to, found := c.pair()
		if !found {
			continue
		}
		if c.IntN(4) == 0 {
			from, to = to, from
		}
		mine := c.members[from]
		var edge []int64
		for _, k := range mine {
			if slices.ContainsFunc(c.around[k], func(o int64) bool { return c.units[o] != nil && c.units[o].Grid == to }) {
				edge = append(edge, k)
			}
		}
		if len(edge) == 0 {
			continue
		}
		take := []int64{edge[c.IntN(len(edge))]}
		for more := c.IntN(4); more > 0; more-- {
			for _, o := range c.around[take[len(take)-1]] {
				if slices.Contains(mine, o) && !slices.Contains(take, o) {
					take = append(take, o)
					break
				}
			}
		}
		if c.connected(without(mine, take)) {
			return map[string]any{"kind": "assign", "blocks": take, "grid": to}
		}
	}
	return nil
}

// paintNew takes a third of a large grid, grown from one block, as a new one.
func (c *chooser) paintNew() map[string]any {
	for range 20 {
		from := c.any()
		mine := c.members[from]
		if len(mine) < 6 || c.people(mine) < 500 {
			continue
		}
		take := []int64{mine[c.IntN(len(mine))]}
		for i := 0; i < len(take) && len(take) < len(mine)/3; i++ {
			for _, o := range c.around[take[i]] {
				if slices.Contains(mine, o) && !slices.Contains(take, o) {
					take = append(take, o)
				}
			}
		}
		if c.connected(without(mine, take)) {
			return map[string]any{"kind": "assign", "blocks": take, "grid": "new"}
		}
	}
	return nil
}

func without(all, some []int64) (out []int64) {
	for _, k := range all {
		if !slices.Contains(some, k) {
			out = append(out, k)
		}
	}
	return out
}

func (c *chooser) merge() map[string]any {
	for range 30 {
		if a, b, found := c.pair(); found && c.people(c.members[a])+c.people(c.members[b]) < 1100 {
			return map[string]any{"kind": "merge", "grids": []draft.Key{a, b}}
		}
	}
	return nil
}

// large is a grid with enough people and blocks to be divided.
func (c *chooser) large() (draft.Key, bool) {
	for range 30 {
		if k := c.any(); len(c.members[k]) >= 6 && c.people(c.members[k]) > 500 {
			return k, true
		}
	}
	return 0, false
}

func (c *chooser) split() map[string]any {
	k, found := c.large()
	if !found {
		return nil
	}
	into := 2
	if c.people(c.members[k]) > 900 {
		into = 3
	}
	return map[string]any{"kind": "split", "grid": k, "into": into}
}

// across is a line through a box from one side to the other, a share of the way along it.
func across(box [4]float64, share float64, upright bool, bend float64) [][2]float64 {
	const beyond = 0.0008
	if upright {
		x := box[0] + share*(box[2]-box[0])
		return [][2]float64{{x, box[1] - beyond}, {x + bend*(box[2]-box[0]), box[3] + beyond}}
	}
	y := box[1] + share*(box[3]-box[1])
	return [][2]float64{{box[0] - beyond, y}, {box[2] + beyond, y + bend*(box[3]-box[1])}}
}

func (c *chooser) splitLine() map[string]any {
	k, found := c.large()
	if !found || c.whole {
		return nil
	}
	line := across(c.bounds(c.members[k]), .35+.3*c.Float64(), c.IntN(2) == 0, .1*(c.Float64()-.5))
	return map[string]any{"kind": "split-line", "grid": k, "line": line, "cut_buildings": true}
}

func (c *chooser) cut() map[string]any {
	if c.whole {
		return nil
	}
	for range 30 {
		mine := c.members[c.any()]
		k := mine[c.IntN(len(mine))]
		box := c.box[k]
		if box[2]-box[0] < 4e-4 || box[3]-box[1] < 4e-4 { // 36 and 44 m
			continue
		}
		return map[string]any{"kind": "cut", "blocks": []int64{k}, "line": across(box, .4+.2*c.Float64(), c.IntN(2) == 0, 0), "cut_buildings": true}
	}
	return nil
}

// moveBorder draws a line through a grid, beside its neighbour.
func (c *chooser) moveBorder() map[string]any {
	if c.whole {
		return nil
	}
	for range 20 {
		from, to, found := c.pair()
		if !found || len(c.members[from]) < 6 {
			continue
		}
		mine, theirs := c.bounds(c.members[from]), c.bounds(c.members[to])
		dx, dy := theirs[0]+theirs[2]-mine[0]-mine[2], theirs[1]+theirs[3]-mine[1]-mine[3]
		upright := dx*dx > dy*dy
		share := .3
		if upright && dx > 0 || !upright && dy > 0 {
			share = .7
		}
		return map[string]any{"kind": "move-border", "from": from, "to": to, "line": across(mine, share, upright, .1*(c.Float64()-.5)), "cut_buildings": true}
	}
	return nil
}

func (c *chooser) redraw() map[string]any {
	a, b, found := c.pair()
	if !found {
		return nil
	}
	act := map[string]any{"kind": "redraw", "grids": []draft.Key{a, b}, "seed": 1 + c.IntN(1000)}
	if c.IntN(2) == 0 {
		act["few_moves"] = true
	} else if n := c.people(c.members[a]) + c.people(c.members[b]); n > 900 {
		act["into"] = 2
	}
	return act
}
