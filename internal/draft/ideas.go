package draft

import (
	"cmp"
	"slices"
	"strconv"
)

// What is tried for a problem. Nothing here is known to help: remedies.go carries it out and looks.

// ideas are acts that may solve a problem, those that move few people first.
func (d *desk) ideas(p *Problem) (ideas []*Act) {
	switch p.Kind {
	case "over":
		ideas = d.forOver(p.Grid)
	case "under":
		ideas = d.forUnder(p.Grid)
	case "disconnected":
		return []*Act{d.handOver(p)}
	case "unassigned":
		ideas = []*Act{d.handOver(p)}
		if lower, _ := d.band.Bounds(); d.weight(d.indices(p.Blocks)) >= int64(lower) {
			ideas = append([]*Act{{Kind: "assign", Blocks: p.Blocks, New: true}}, ideas...)
		}
		return ideas
	case "street":
		patches := d.patches()
		mine := *p
		mine.Blocks = nil
		for i, first := range patches {
			if first == patches[d.index[p.Blocks[0]]] {
				mine.Blocks = append(mine.Blocks, d.blocks[i].key)
			}
		}
		slices.Sort(mine.Blocks)
		return []*Act{d.handOver(p), d.handOver(&mine)} // what lies along it, or all that hangs together with it
	case "compound":
		ideas = d.forCompound(p)
	case "micro":
		return []*Act{{Kind: "micro-plan", Grid: p.Grid}}
	default:
		return nil
	}
	return append(ideas, d.farther(p)...)
}

// forCompound gives a divided compound to one of its grids, or draws those grids anew with the compound whole.
func (d *desk) forCompound(p *Problem) []*Act {
	ideas := []*Act{{Kind: "assign", Blocks: p.Blocks, To: p.Grid}}
	for _, k := range p.grids[1:min(3, len(p.grids))] { // to the other side
		ideas = append(ideas, &Act{Kind: "assign", Blocks: p.whole, To: k})
	}
	return append(ideas,
		&Act{Kind: "redraw", Grids: p.grids, FewMoves: true, Together: p.whole},
		&Act{Kind: "redraw", Grids: p.grids, Into: len(p.grids), Together: p.whole})
}

// farther are acts on more and more ground around a problem, with compounds kept whole.
func (d *desk) farther(p *Problem) (ideas []*Act) {
	grids := slices.Clone(p.grids)
	if len(grids) == 0 {
		grids = []Key{p.Grid}
	}
	for range 2 {
		ideas = append(ideas, &Act{Kind: "redraw", Grids: slices.Clone(grids), FewMoves: true, Compounds: AllCompounds})
		for _, k := range slices.Clone(grids) {
			for _, n := range d.neighbours(k) {
				if !slices.Contains(grids, n) {
					grids = append(grids, n)
				}
			}
		}
	}
	community, _ := strconv.ParseInt(p.Community, 10, 64)
	for _, which := range []Compounds{AllCompounds, KeptCompounds} {
		act := Act{Kind: "redraw", Community: community, Compounds: which, Together: p.whole, FewMoves: true}
		anew := act
		anew.FewMoves = false
		ideas = append(ideas, &act, &anew)
	}
	return ideas
}

// neighbours are the ordinary, free grids of the same community that a grid borders on, the longest border first.
func (d *desk) neighbours(k Key) []Key {
	metres := make(map[Key]float64)
	for i, g := range d.grid {
		if g != k {
			continue
		}
		for _, e := range d.around[i] {
			o := d.borders[e].other(int32(i))
			if o < 0 || d.blocks[o].community != d.blocks[i].community {
				continue
			}
			if g := d.grid[o]; g != k && g != Nowhere && g != Gone && !d.locked[g] && d.special(g) == "" {
				metres[g] += d.borders[e].length
			}
		}
	}
	out := make([]Key, 0, len(metres))
	for g := range metres {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Key) int { return cmp.Or(cmp.Compare(metres[b], metres[a]), cmp.Compare(abs(a), abs(b))) })
	return out
}

func (d *desk) gridWeight(k Key) int64 { return d.weight(d.members(map[Key]bool{k: true})[k]) }

func (d *desk) forOver(k Key) []*Act {
	_, upper := d.band.Bounds()
	weight := d.gridWeight(k)
	var ideas []*Act
	near := d.neighbours(k)
	slices.SortStableFunc(near, func(a, b Key) int { return cmp.Compare(d.gridWeight(a), d.gridWeight(b)) })
	for _, n := range near[:min(2, len(near))] { // who has most room
		ideas = append(ideas, &Act{Kind: "redraw", Grids: []Key{k, n}, FewMoves: true})
	}
	ideas = append(ideas, &Act{Kind: "split", Grid: k, Into: max(2, int((weight+int64(upper)-1)/int64(upper)))})
	if len(near) > 0 {
		ideas = append(ideas, &Act{Kind: "redraw", Grids: []Key{k, near[0]}, Into: 3})
	}
	return ideas
}

func (d *desk) forUnder(k Key) []*Act {
	_, upper := d.band.Bounds()
	weight := d.gridWeight(k)
	var ideas []*Act
	near := d.neighbours(k)
	for _, n := range near {
		if weight+d.gridWeight(n) <= int64(upper) {
			ideas = append(ideas, &Act{Kind: "merge", Grids: []Key{k, n}})
			break
		}
	}
	slices.SortStableFunc(near, func(a, b Key) int { return cmp.Compare(d.gridWeight(b), d.gridWeight(a)) })
	for _, n := range near[:min(2, len(near))] { // who has most to give
		ideas = append(ideas, &Act{Kind: "redraw", Grids: []Key{k, n}, FewMoves: true})
	}
	return ideas
}

// handOver gives each connected patch of a problem's blocks to the grid that it borders on most.
func (d *desk) handOver(p *Problem) *Act {
	act := &Act{Kind: "place"}
	for _, patch := range d.connected(d.indices(p.Blocks)) {
		mine := make(map[int32]bool, len(patch))
		for _, i := range patch {
			mine[i] = true
		}
		metres := make(map[Key]float64)
		for _, i := range patch {
			for _, e := range d.around[i] {
				o := d.borders[e].other(i)
				if o < 0 || mine[o] || d.blocks[o].community != d.blocks[i].community {
					continue
				}
				if k := d.grid[o]; k != Nowhere && k != Gone && k != d.grid[i] && !d.locked[k] {
					metres[k] += d.borders[e].length
				}
			}
		}
		best := Nowhere
		for k, m := range metres {
			if best == Nowhere || m > metres[best] || m == metres[best] && k < best {
				best = k
			}
		}
		if best == Nowhere {
			continue
		}
		for _, i := range patch {
			act.Assignment = append(act.Assignment, Placed{d.blocks[i].key, best})
		}
	}
	return act.plain()
}
