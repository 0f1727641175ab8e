package draft

import (
	"context"
	"slices"

	"jingwei/internal/drawing"
)

// whole is a housing compound that belongs in one grid, with the empty ground that ties its parts together.
type whole struct {
	name    string
	blocks  []int32
	divided bool // it is in several grids now
}

// Compounds says which housing compounds a redrawing keeps in one grid each, of those that one can hold.
type Compounds string

const (
	AllCompounds  Compounds = "all"  // all of them, those too that are divided now
	KeptCompounds Compounds = "kept" // those that are in one grid now
)

// farthestTie is through how many empty blocks the parts of a compound are tied together.
const farthestTie = 8

// wholes are the compounds of some ground that one grid can hold: those that lie in it with all of their people.
func (d *desk) wholes(on []int32) (out []whole) {
	inside := make(map[int32]bool, len(on))
	for _, i := range on {
		inside[i] = true
	}
	type place struct {
		community int64
		name      string
	}
	all := make(map[place][]int32)
	var order []place
	for i := range d.blocks {
		name := d.compound[d.blocks[i].root]
		if name == "" || d.grid[i] == Gone || d.special(d.grid[i]) != "" {
			continue
		}
		at := place{d.blocks[i].community, name}
		if all[at] == nil {
			order = append(order, at)
		}
		all[at] = append(all[at], int32(i))
	}
	_, upper := d.band.Bounds()
	for _, at := range order {
		lived := slices.DeleteFunc(slices.Clone(all[at]), func(i int32) bool { return d.blocks[i].residents == 0 })
		if len(lived) < 2 || d.weight(lived) > int64(upper) || slices.ContainsFunc(lived, func(i int32) bool { return !inside[i] }) {
			continue
		}
		if tied := d.tied(lived, inside); tied != nil {
			out = append(out, whole{at.name, tied, slices.ContainsFunc(lived, func(i int32) bool { return d.grid[i] != d.grid[lived[0]] })})
		}
	}
	return out
}

// tied adds to blocks the empty ground between their parts, the shortest way; nil where there is none.
func (d *desk) tied(blocks []int32, inside map[int32]bool) []int32 {
	for {
		parts := d.connected(blocks)
		if len(parts) == 1 {
			slices.Sort(blocks)
			return blocks
		}
		way := d.between(parts[0], parts[1:], inside)
		if way == nil {
			return nil
		}
		blocks = append(blocks, way...)
	}
}

// between is the shortest way through empty ground from some blocks to any of others, without its ends.
func (d *desk) between(from []int32, others [][]int32, inside map[int32]bool) []int32 {
	goal := make(map[int32]bool)
	for _, part := range others {
		for _, i := range part {
			goal[i] = true
		}
	}
	came := make(map[int32]int32)
	for _, i := range from {
		came[i] = i
	}
	front := from
	for range farthestTie {
		var next []int32
		for _, i := range front {
			for _, e := range d.around[i] {
				o := d.borders[e].other(i)
				if o < 0 || !inside[o] || d.grid[o] == Gone || d.blocks[o].community != d.blocks[i].community {
					continue
				}
				if _, seen := came[o]; seen {
					continue
				}
				if came[o] = i; goal[o] {
					var way []int32
					for at := i; came[at] != at; at = came[at] {
						way = append(way, at)
					}
					return way
				}
				if d.blocks[o].residents == 0 && d.special(d.grid[o]) == "" {
					next = append(next, o)
				}
			}
		}
		front = next
	}
	return nil
}

// ordinary are the blocks of a community that people draw: those that aren't in special grids.
func (d *desk) ordinary(community int64) (out []int32) {
	for i, k := range d.grid {
		if k != Gone && d.blocks[i].community == community && d.special(k) == "" {
			out = append(out, int32(i))
		}
	}
	return out
}

// impossible says why no drawing of a community has all grids in band, a compound whole, and those whole that are; nothing where that can't be shown.
// Every way is tried of a simpler problem that has all the solutions of this one: each compound is one block of it.
func (d *desk) impossible(ctx context.Context, community int64, compound string) (Text, error) {
	p := d.asOne(d.ordinary(community), compound)
	if len(p.Blocks) == 0 {
		return Text{}, nil
	}
	drawn, err := drawing.Draw(ctx, p, d.options(1, d.ordinary(community)))
	if err != nil || len(drawn.Report.Infeasible) == 0 {
		return Text{}, err
	}
	why := drawn.Report.Infeasible[0]
	return Text{why.ZH, why.EN}, nil
}

// asOne is the problem of some blocks with each compound made one block that is whole or called so.
func (d *desk) asOne(blocks []int32, called string) *drawing.Problem {
	p, place := d.problem(blocks)
	lead := make([]int32, len(blocks))
	for n := range lead {
		lead[n] = int32(n)
	}
	for _, w := range d.wholes(blocks) {
		if w.divided && w.name != called {
			continue
		}
		for _, i := range w.blocks {
			lead[place[i]] = lead[place[w.blocks[0]]]
		}
	}
	out := &drawing.Problem{Within: p.Within}
	to := make([]int32, len(blocks))
	for n := range blocks {
		if lead[n] == int32(n) {
			to[n] = int32(len(out.Blocks))
			out.Blocks = append(out.Blocks, drawing.Block{Within: p.Blocks[n].Within})
		}
	}
	names := make([]string, len(out.Blocks))
	for n, i := range blocks {
		to[n] = to[lead[n]]
		out.Blocks[to[n]] = joined(out.Blocks[to[n]], p.Blocks[n])
		if name := d.compound[d.blocks[i].root]; lead[n] != int32(n) || name != "" && names[to[n]] == "" {
			names[to[n]] = name
		}
	}
	for _, b := range p.Borders {
		if b.A, b.B = to[b.A], to[b.B]; b.A != b.B {
			out.Borders = append(out.Borders, b)
		}
	}
	out.Label = func(n int32) string { return names[n] }
	return out
}

// joined is two blocks as one.
func joined(a, b drawing.Block) drawing.Block {
	area := a.Area + b.Area
	if area <= 0 {
		return b
	}
	out := drawing.Block{Weight: a.Weight + b.Weight, Lived: a.Lived || b.Lived, Within: b.Within, Area: area, Outer: a.Outer + b.Outer,
		Cx: (a.Cx*a.Area + b.Cx*b.Area) / area, Cy: (a.Cy*a.Area + b.Cy*b.Area) / area}
	out.Second = a.Second + b.Second + apart(a, out) + apart(b, out)
	return out
}

// apart is what a block adds to the second moment of a whole, for lying away from its middle.
func apart(b, whole drawing.Block) float64 {
	x, y := b.Cx-whole.Cx, b.Cy-whole.Cy
	return b.Area * (x*x + y*y)
}
