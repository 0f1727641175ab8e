package gridnet

import (
	"context"
	"fmt"
	"slices"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
)

// work is one net on its way over the ground.
type work struct {
	ground  *Ground
	net     *Net
	answers Answers
	plane   crs.Plane
	fit     *fit

	members    [][]int32 // community → its blocks
	neighbours [][]border
	ballots    []ballot
	doubts     [][]doubt
	label      []int32 // block → polygon, or a grid of its own from len(net.Polygons) on; −1 for a block that is left alone
	own        int32   // the next grid of its own
	answered   []bool
	left       []bool           // block → somebody decided to leave it in no grid
	asked      map[int32]int    // block → its decision
	strayed    map[int32]bool   // polygons that lie outside
	joined     map[int32]int32  // polygon → the one that it is one grid with
	keeps      map[string]int32 // code → the polygon that may keep it

	result Result
}

// border is a block's border with another one of its community.
type border struct {
	block  int32
	length float64
}

// Resolve lays a net over the ground. The same input gives the same result. Communities in which no polygon lies are left alone.
//
// Faults: Invalid when the net has no polygon, or none that lies in the division, or an answer names what isn't there.
func Resolve(ctx context.Context, g *Ground, net *Net, answers Answers) (*Result, error) {
	if len(net.Polygons) == 0 {
		return nil, fault.New(fault.Invalid, "没有任何网格多边形", "there is no polygon of a grid")
	}
	w, err := begin(g, net, answers)
	if err != nil {
		return nil, err
	}
	if w.fit, err = lay(ctx, g, net); err != nil {
		return nil, err
	}
	for i, p := range net.Polygons {
		for _, r := range p.Repairs {
			w.flaw(Flaw{Kind: Mended, Polygons: []int{i}, AreaM2: w.areaOf(i), Pieces: 1, Bounds: extentOf(p.Parts).degrees(), What: r,
				Done: Words{"已自动修复", "it was mended"}})
		}
	}
	parts := w.used()
	if !slices.ContainsFunc(w.fit.parts, func(p part) bool { return p.inside >= sliverArea }) {
		return nil, w.elsewhere()
	}
	for _, blocks := range w.members {
		if err := w.count(ctx, blocks, parts); err != nil {
			return nil, err
		}
	}
	w.settle()
	return &w.result, nil
}

// Assign is Resolve for a net that says of every block which polygon it goes to (−1: it doesn't say), as a table of blocks does: nothing of it can overlap.
func Assign(g *Ground, net *Net, polygon []int32, answers Answers) (*Result, error) {
	w, err := begin(g, net, answers)
	if err != nil {
		return nil, err
	}
	w.fit = &fit{}
	for i, p := range polygon {
		b := &g.Blocks[i]
		w.ballots[i].add(p, float64(b.Residents), b.AreaM2)
	}
	w.settle()
	return &w.result, nil
}

func begin(g *Ground, net *Net, answers Answers) (*work, error) {
	w := &work{ground: g, net: net, answers: answers, plane: g.plane(), own: int32(len(net.Polygons)), asked: make(map[int32]int), strayed: make(map[int32]bool)}
	n := len(g.Blocks)
	w.members, w.neighbours = make([][]int32, len(g.Communities)), make([][]border, n)
	w.ballots, w.doubts, w.label, w.answered = make([]ballot, n), make([][]doubt, n), make([]int32, n), make([]bool, n)
	w.left = make([]bool, n)
	w.result = Result{Net: net.Name, Polygons: len(net.Polygons), Flaws: []Flaw{}, Decisions: []Decision{}, Grids: []MadeGrid{}, Assigned: []Assigned{}, LeftAlone: []string{}, LeftOut: []int64{}}
	place := make(map[int64]bool, n)
	for i, b := range g.Blocks {
		w.members[b.Community] = append(w.members[b.Community], int32(i))
		place[b.ID] = true
	}
	for _, e := range g.Borders {
		if e.A >= 0 && e.B >= 0 && e.A != e.B && g.Blocks[e.A].Community == g.Blocks[e.B].Community {
			w.meet(e.A, e.B, e.Length)
			w.meet(e.B, e.A, e.Length)
		}
	}
	for id, p := range answers.Blocks {
		if !place[id] || p < OwnGrid && p != LeftOut || p >= len(net.Polygons) {
			return nil, fault.New(fault.Invalid, fmt.Sprintf("决定中的基本单元 %d 或多边形 %d 不存在；请按最新的报告填写", id, p),
				fmt.Sprintf("a decision names block %d and polygon %d, which aren't both there; go by the latest report", id, p))
		}
	}
	for code, p := range answers.Codes {
		if p != Together && (p < 0 || p >= len(net.Polygons) || net.Polygons[p].Code != code) {
			return nil, fault.New(fault.Invalid, fmt.Sprintf("决定中说编码 %.40q 归多边形 %d，但该多边形没有这个编码", code, p),
				fmt.Sprintf("a decision gives code %.40q to polygon %d, which doesn't bear it", code, p))
		}
	}
	return w, nil
}

func (w *work) meet(a, b int32, length float64) {
	for i := range w.neighbours[a] {
		if n := &w.neighbours[a][i]; n.block == b {
			n.length += length
			return
		}
	}
	w.neighbours[a] = append(w.neighbours[a], border{b, length})
}

// settle gives every block a grid, and makes the report.
func (w *work) settle() {
	w.leaveAlone()
	w.sameCodes()
	w.decide()
	w.fillGaps()
	w.connect()
	w.grids()
	w.report()
}

// leaveAlone finds the communities that no polygon lies in.
func (w *work) leaveAlone() {
	for c, blocks := range w.members {
		touched := slices.ContainsFunc(blocks, func(b int32) bool {
			p, _ := w.ballots[b].best()
			_, said := w.answers.Blocks[w.ground.Blocks[b].ID]
			return p >= 0 || said
		})
		if touched {
			continue
		}
		for _, b := range blocks {
			w.label[b] = -1
		}
		w.result.LeftAlone = append(w.result.LeftAlone, w.ground.Communities[c].Code)
		w.members[c] = nil
		f := Flaw{Kind: Uncovered, Polygons: []int{}, Communities: []string{w.ground.Communities[c].Code}, Pieces: 1}
		f.AreaM2, f.Residents, f.Bounds = w.sum(blocks)
		f.What, f.Done = wordsUncovered(w.ground.Communities[c], f.Residents)
		w.flaw(f)
	}
}

// decide gives each block the polygon that holds most of it, and asks where that isn't clear.
func (w *work) decide() {
	for _, blocks := range w.members {
		for _, b := range blocks {
			block := &w.ground.Blocks[b]
			if p, said := w.answers.Blocks[block.ID]; said {
				w.answered[b] = true
				if p == LeftOut {
					w.label[b], w.left[b] = -1, true
					w.result.LeftOut = append(w.result.LeftOut, block.ID)
					continue
				}
				if w.label[b] = w.together(int32(p)); p == OwnGrid {
					w.label[b] = w.own // those next to each other become one grid, and a part that is cut off one of its own
				}
				continue
			}
			p, _ := w.ballots[b].best()
			w.label[b] = w.together(p)
		}
	}
	w.own++
	w.askBlocks()
}

// askBlocks makes decisions of the blocks that aren't clear: neighbours with the same candidates are decided together.
func (w *work) askBlocks() {
	groups := newSets(len(w.ground.Blocks))
	open := func(b int32) bool {
		p, _ := w.ballots[b].best()
		return !w.answered[b] && p >= 0 && w.label[b] >= 0 && !w.ballots[b].clear(w.ground.Blocks[b].Residents)
	}
	for _, blocks := range w.members {
		for _, b := range blocks {
			for _, n := range w.neighbours[b] {
				if n.block < b && open(b) && open(n.block) && slices.Equal(w.candidates(b), w.candidates(n.block)) {
					groups.union(b, n.block)
				}
			}
		}
	}
	members := make(map[int32][]int32)
	var order []int32
	for _, blocks := range w.members {
		for _, b := range blocks {
			if !open(b) {
				continue
			}
			root := groups.find(b)
			if members[root] == nil {
				order = append(order, root)
			}
			members[root] = append(members[root], b)
		}
	}
	for _, root := range order {
		w.askGroup(members[root])
	}
}

// candidates are the polygons that hold some of a block, ascending.
func (w *work) candidates(b int32) (out []int32) {
	for _, v := range w.ballots[b].votes {
		if v.polygon >= 0 {
			out = append(out, w.together(v.polygon))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// askGroup asks for blocks with the same candidates. Until somebody answers, all of them go where most of them do.
func (w *work) askGroup(blocks []int32) {
	var all ballot
	for _, b := range blocks {
		for _, v := range w.ballots[b].votes {
			p := v.polygon
			if p >= 0 {
				p = w.together(p)
			}
			all.add(p, v.people, v.area)
		}
	}
	all.sort()
	d := w.decision(AskBlocks, blocks)
	for _, v := range all.votes {
		if v.polygon >= 0 {
			d.Candidates = append(d.Candidates, w.candidate(v.polygon, int(v.people+.5), v.area, all.share(v), 0))
		}
	}
	d.What = wordsBlocks(len(blocks), d)
	for _, b := range blocks {
		w.label[b] = int32(d.Candidates[0].Polygon)
	}
	w.ask(d)
}

func (w *work) candidate(polygon int32, residents int, area, share, length float64) Candidate {
	c := Candidate{Polygon: int(polygon), Residents: residents, AreaM2: area, Share: share, BorderM: length}
	if int(polygon) >= len(w.net.Polygons) {
		c.Polygon = OwnGrid
	} else if polygon >= 0 {
		c.Code, c.Name = w.net.Polygons[polygon].Code, w.net.Polygons[polygon].Name
	}
	return c
}

func (w *work) decision(ask Ask, blocks []int32) Decision {
	d := Decision{Ask: ask, Community: w.ground.Communities[w.ground.Blocks[blocks[0]].Community].Code, Candidates: []Candidate{}, Blocks: []int64{}}
	d.AreaM2, d.Residents, d.Bounds = w.sum(blocks)
	for _, b := range blocks {
		d.Blocks = append(d.Blocks, w.ground.Blocks[b].ID)
	}
	d.members = blocks
	return d
}

func (w *work) ask(d Decision) {
	for _, b := range d.members {
		w.asked[b] = len(w.result.Decisions)
	}
	w.result.Decisions = append(w.result.Decisions, d)
}

func (w *work) sum(blocks []int32) (area float64, residents int, bounds Bounds) {
	box := nothing()
	for _, b := range blocks {
		block := &w.ground.Blocks[b]
		area += block.AreaM2
		residents += block.Residents
		if len(block.Polygon) > 0 {
			box.add(block.Polygon[0]...)
		}
	}
	return area, residents, box.degrees()
}
