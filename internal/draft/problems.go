package draft

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
)

// Problem is something about a draft that a planner should look at.
type Problem struct {
	ID        string     `json:"id"`   // the same as long as it is the same problem
	Kind      string     `json:"kind"` // over, under, disconnected, unassigned, street, infeasible, compound, no-people, no-worker, micro
	Grid      Key        `json:"grid,omitempty"`
	Community string     `json:"community"`
	Text      Text       `json:"text"`
	Bounds    [4]float64 `json:"bounds"`
	Blocks    []int64    `json:"blocks,omitempty"` // those that it is about, where it isn't the whole grid
	Weight    int        `json:"weight"`           // how bad it is; the list goes by it
	Fixable   bool       `json:"fixable"`          // Remedies may have something
	Forbids   bool       `json:"forbids"`          // the draft can't be published with it
	Astray    []Astray   `json:"astray,omitempty"` // infeasible: its grids out of band, the farthest first

	compound string  // a compound's name …
	whole    []int64 // … its blocks …
	grids    []Key   // … and the grids that it lies in
}

// Astray is a grid out of band in a community that can't be in band: something to know of, and no problem of its own that anybody could solve.
type Astray struct {
	Grid   Key        `json:"grid"`
	Holds  int        `json:"holds"` // of what it is measured by
	Side   string     `json:"side"`  // over, under
	Off    int        `json:"off"`   // how far it is from the band
	Bounds [4]float64 `json:"bounds"`
}

// astray is how far a problem's grids out of band are from it, all together.
func (p *Problem) astray() (n int) {
	for _, a := range p.Astray {
		n += a.Off
	}
	return n
}

// problems are all of them, the worst first.
func (d *desk) problems(ctx context.Context, tx pgx.Tx) ([]Problem, error) {
	compounds, err := d.compounds(ctx, tx)
	if err != nil {
		return nil, err
	}
	out := []Problem{}
	out = append(out, d.unassigned()...)
	out = append(out, d.streetsNowhere()...)
	out = append(out, d.gridProblems()...)
	out = append(out, d.dividedCompounds(compounds)...)
	out = append(out, d.withoutPeople()...)
	workers, err := d.staff(ctx, tx)
	if err != nil {
		return nil, err
	}
	out = append(out, d.withoutWorker(workers)...)
	without, err := d.withoutMicro(ctx, tx)
	if err != nil {
		return nil, err
	}
	out = append(out, without...)
	slices.SortStableFunc(out, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(b2i(b.Forbids), b2i(a.Forbids)), cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// gridProblems are grids out of band or in several parts, and communities that can't be in band.
func (d *desk) gridProblems() (out []Problem) {
	totals := d.totals()
	told := make(map[int64]int) // community → its problem
	for _, g := range d.figures(nil) {
		if g.Parts > 1 {
			var loose []int32
			for _, part := range g.pieces[1:] {
				loose = append(loose, part...)
			}
			out = append(out, Problem{ID: "disconnected:" + g.Key.String(), Kind: "disconnected", Grid: g.Key, Community: g.Community,
				Text:   say("%s 分成 %d 处，不相连（零散部分 %d 人）", "%s is in %d parts that don't touch (%d people in the smaller ones)", d.calledIn(g.community, g.Key), g.Parts, d.residents(loose)),
				Bounds: d.bounds(loose), Blocks: d.blockKeys(loose), Weight: 1000 + d.residents(loose), Fixable: true, Forbids: true})
		}
		lower, upper := d.band.Bounds()
		p := Problem{ID: g.Band + ":" + g.Key.String(), Kind: g.Band, Grid: g.Key, Community: g.Community, Bounds: g.Bounds, Fixable: true}
		switch g.Band {
		case "over":
			p.Text, p.Weight = d.beside("%s 有 %d %s，超出上限 %d", "%s holds %d %s, over the upper bound of %d", g, upper), int(g.Weight)-upper
			out = append(out, p)
		case "under":
			p.Text, p.Weight = d.beside("%s 有 %d %s，不足下限 %d", "%s holds %d %s, under the lower bound of %d", g, lower), lower-int(g.Weight)
			out = append(out, p)
		case "infeasible":
			at, known := told[g.community]
			if !known {
				at = len(out)
				told[g.community] = at
				out = append(out, d.infeasible(g, totals[g.community]))
			}
			out[at].Astray = append(out[at].Astray, d.astray(g))
		}
	}
	for _, at := range told {
		slices.SortStableFunc(out[at].Astray, func(a, b Astray) int { return cmp.Compare(b.Off, a.Off) })
	}
	return out
}

// infeasible says of a grid's community why it can't be in band.
func (d *desk) infeasible(g *Grid, t total) Problem {
	zh, en := d.band.Reason(t.weight)
	if t.proof != nil {
		zh, en = t.proof.ZH, t.proof.EN
	}
	return Problem{ID: "infeasible:" + g.Community, Kind: "infeasible", Community: g.Community, Text: d.at(g.community, Text{zh, en}), Bounds: d.communityBounds(g.community)}
}

// astray is a grid that is out of band.
func (d *desk) astray(g *Grid) Astray {
	lower, upper := d.band.Bounds()
	a := Astray{Grid: g.Key, Holds: int(g.Weight), Side: "under", Off: lower - int(g.Weight), Bounds: g.Bounds}
	if a.Holds > upper {
		a.Side, a.Off = "over", a.Holds-upper
	}
	return a
}

// beside says what a grid holds, with its unit, beside a bound of the band.
func (d *desk) beside(zh, en string, g *Grid, bound int) Text {
	unit := Text{"人", "people"}
	if d.live.Settings.Workload != nil {
		unit = Text{d.live.Settings.Unit(), d.live.Settings.Unit()}
	}
	return say(zh, en, d.calledIn(g.community, g.Key), g.Weight, unit, bound)
}

// unassigned are connected patches of blocks in no grid, with the streets along them.
func (d *desk) unassigned() (out []Problem) {
	var all []int32
	for i, k := range d.grid {
		if k == Nowhere {
			all = append(all, int32(i))
		}
	}
	byCommunity := make(map[int64][]int32)
	for _, i := range all {
		byCommunity[d.blocks[i].community] = append(byCommunity[d.blocks[i].community], i)
	}
	for c, blocks := range byCommunity {
		for _, patch := range d.connected(blocks) {
			streets := d.streetsAlong(patch)
			zh, en := "", ""
			if len(streets) > 0 {
				zh, en = "，沿"+strings.Join(streets, "、"), ", along "+strings.Join(streets, ", ")
			}
			n, people := len(patch), d.residents(patch)
			out = append(out, Problem{ID: fmt.Sprintf("unassigned:%d", d.blocks[slices.Min(patch)].key), Kind: "unassigned", Community: communityCode(c),
				Text:   d.at(c, say("%d 个单元（%d 人%s）不在任何网格中", "in no grid: %d blocks (%d people%s)", n, people, Text{zh, en})),
				Bounds: d.bounds(patch), Blocks: d.blockKeys(patch), Weight: 2000 + people, Fixable: true, Forbids: true})
		}
	}
	return out
}

// streetsAlong are the named streets with most border along blocks, three at most.
func (d *desk) streetsAlong(blocks []int32) []string {
	metres := make(map[string]float64)
	for _, i := range blocks {
		for _, e := range d.around[i] {
			if name := d.borders[e].name; name != "" && street(d.borders[e].barrier) {
				metres[name] += d.borders[e].length
			}
		}
	}
	names := slices.Collect(maps.Keys(metres))
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(metres[b], metres[a]), cmp.Compare(a, b)) })
	return names[:min(3, len(names))]
}

// dividedCompounds are housing compounds that lie in several grids though one could hold them.
func (d *desk) dividedCompounds(compounds map[int64]string) (out []Problem) {
	type place struct {
		community int64
		name      string
	}
	members := make(map[place]map[Key][]int32)
	for i := range d.blocks {
		name := compounds[d.blocks[i].root]
		if name == "" || d.grid[i] == Gone || d.grid[i] == Nowhere || d.blocks[i].residents == 0 || d.special(d.grid[i]) != "" {
			continue // a special grid isn't drawn by compounds
		}
		at := place{d.blocks[i].community, name}
		if members[at] == nil {
			members[at] = make(map[Key][]int32)
		}
		members[at][d.grid[i]] = append(members[at][d.grid[i]], int32(i))
	}
	_, upper := d.band.Bounds()
	for at, grids := range members {
		var all []int32
		var keys []Key
		for k, blocks := range grids {
			all, keys = append(all, blocks...), append(keys, k)
		}
		if len(grids) < 2 || d.weight(all) > int64(upper) {
			continue
		}
		slices.SortFunc(keys, func(a, b Key) int {
			return cmp.Or(cmp.Compare(d.residents(grids[b]), d.residents(grids[a])), cmp.Compare(abs(a), abs(b)))
		})
		var lesser []int32
		for _, k := range keys[1:] {
			lesser = append(lesser, grids[k]...)
		}
		slices.Sort(lesser)
		out = append(out, Problem{ID: "compound:" + communityCode(at.community) + ":" + at.name, Kind: "compound", Grid: keys[0], Community: communityCode(at.community),
			Text:   say("小区“%s”被网格边界分开：%s", "the compound \"%s\" is divided between grids: %s", at.name, d.listed(at.community, keys)),
			Bounds: d.bounds(all), Blocks: d.blockKeys(lesser), Weight: d.residents(lesser) / 4, Fixable: true, compound: at.name, whole: d.blockKeys(all), grids: keys})
	}
	return out
}

// withoutPeople are built-up blocks for which nobody has counted people, grid by grid.
func (d *desk) withoutPeople() (out []Problem) {
	byGrid := make(map[Key][]int32)
	for i := range d.blocks {
		if b := &d.blocks[i]; d.grid[i] != Gone && b.source == "none" && len(b.parts) > 0 {
			byGrid[d.grid[i]] = append(byGrid[d.grid[i]], int32(i))
		}
	}
	for k, blocks := range byGrid {
		if k == Nowhere {
			continue
		}
		out = append(out, Problem{ID: "no-people:" + k.String(), Kind: "no-people", Grid: k, Community: communityCode(d.blocks[blocks[0]].community),
			Text:   say("%s 有 %d 个单元有建筑而无人口数据", "%s has %d blocks with buildings and no data about people", d.calledIn(d.blocks[blocks[0]].community, k), len(blocks)),
			Bounds: d.bounds(blocks), Blocks: d.blockKeys(blocks)})
	}
	return out
}

func (d *desk) blockKeys(blocks []int32) []int64 {
	out := make([]int64, len(blocks))
	for n, i := range blocks {
		out[n] = d.blocks[i].key
	}
	return out
}

func (d *desk) bounds(blocks []int32) (b [4]float64) {
	low, high := d.blocks[blocks[0]].box[0], d.blocks[blocks[0]].box[1]
	for _, i := range blocks {
		box := d.blocks[i].box
		low = planar.Point{X: min(low.X, box[0].X), Y: min(low.Y, box[0].Y)}
		high = planar.Point{X: max(high.X, box[1].X), Y: max(high.Y, box[1].Y)}
	}
	b[0], b[1] = low.Degrees()
	b[2], b[3] = high.Degrees()
	return b
}

func (d *desk) communityBounds(c int64) [4]float64 {
	var mine []int32
	for i := range d.blocks {
		if d.blocks[i].community == c {
			mine = append(mine, int32(i))
		}
	}
	return d.bounds(mine)
}
