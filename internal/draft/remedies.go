package draft

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// Remedy is an act that would solve a problem, with what would come of it.
type Remedy struct {
	Act     *Act    `json:"-"`
	Text    Text    `json:"text"`
	Outcome Text    `json:"outcome"`
	Grids   []*Grid `json:"grids"`
	Blocks  []BlockIn
	Solves  bool `json:"solves"` // the grids that it changes are in band and connected then
}

// mostRemedies are offered for a problem.
const mostRemedies = 3

// Remedies gives what would solve a problem, the best first; none when nothing would. Fault: NotFound for a problem that there isn't any more.
func (r *Room) Remedies(ctx context.Context, id ID, problem string) ([]Remedy, error) {
	out := []Remedy{}
	err := r.at(ctx, id, false, func(tx pgx.Tx, h *Head, d *desk) (bool, error) {
		all, err := d.problems(ctx, tx)
		if err != nil {
			return true, err
		}
		at := slices.IndexFunc(all, func(p Problem) bool { return p.ID == problem })
		if at < 0 {
			return true, fault.New(fault.NotFound, "这个问题已不存在", "this problem is no more")
		}
		for _, act := range d.ideas(&all[at]) {
			act.Revision = h.Revision
			if remedy, err := d.try(ctx, tx, act, problem); err != nil {
				if fault.CodeOf(err) == fault.Internal {
					return false, err
				}
			} else if remedy != nil {
				out = append(out, *remedy)
			}
		}
		slices.SortStableFunc(out, func(a, b Remedy) int { return cmp.Compare(b2i(b.Solves), b2i(a.Solves)) })
		out = out[:min(len(out), mostRemedies)]
		return true, nil
	})
	return out, err
}

// ideas are acts that may solve a problem.
func (d *desk) ideas(p *Problem) []*Act {
	switch p.Kind {
	case "over":
		return d.forOver(p.Grid)
	case "under":
		return d.forUnder(p.Grid)
	case "disconnected":
		return []*Act{d.handOver(p)}
	case "unassigned":
		ideas := []*Act{d.handOver(p)}
		if lower, _ := d.band.Bounds(); d.weight(d.indices(p.Blocks)) >= int64(lower) {
			ideas = append([]*Act{{Kind: "assign", Blocks: p.Blocks, New: true}}, ideas...)
		}
		return ideas
	case "compound":
		return []*Act{{Kind: "assign", Blocks: p.Blocks, To: p.Grid},
			{Kind: "redraw", Grids: p.grids, FewMoves: true, Together: p.whole},
			{Kind: "redraw", Grids: p.grids, Into: len(p.grids), Together: p.whole}}
	case "micro":
		return []*Act{{Kind: "micro-plan", Grid: p.Grid}}
	}
	return nil
}

func (d *desk) indices(keys []int64) []int32 {
	out := make([]int32, 0, len(keys))
	for _, key := range keys {
		if i, here := d.index[key]; here {
			out = append(out, i)
		}
	}
	return out
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
	return act
}

// try carries an act out, looks at what comes of it, and takes it back. The act doesn't cut.
func (d *desk) try(ctx context.Context, tx pgx.Tx, act *Act, problem string) (*Remedy, error) {
	before, s, grids, left, err := d.preview(ctx, tx, act)
	if err != nil {
		return nil, err
	}
	r := &Remedy{Act: act, Text: s.text, Grids: grids, Solves: !slices.ContainsFunc(left, func(p Problem) bool { return p.ID == problem }), Blocks: d.change(&s.patch).Blocks}
	if len(s.patch.Moves) == 0 { // nothing of the grids
		r.Outcome = s.text
		return r, nil
	}
	var zh, en []string
	for _, g := range grids {
		if g.Blocks == 0 {
			continue
		}
		if g.Parts > 1 || g.Band == "over" || g.Band == "under" {
			r.Solves = false
		}
		was := say("%s：%d", "%s: %d", g.Key.Short(), g.Weight)
		if b, there := before[g.Key]; there {
			was = say("%s：%d → %d", "%s: %d → %d", g.Key.Short(), b, g.Weight)
		}
		zh, en = append(zh, was.ZH), append(en, was.EN)
	}
	r.Outcome = Text{strings.Join(zh, "，"), strings.Join(en, ", ")}
	return r, nil
}

// preview carries an act out and takes it back. It gives what the grids that it changes held before, their figures with it, and the problems there
// would be.
func (d *desk) preview(ctx context.Context, tx pgx.Tx, act *Act) (before map[Key]int64, s *step, grids []*Grid, left []Problem, err error) {
	fresh := d.fresh
	s = &step{desk: d, act: act, tx: tx, account: postgres.ActorOf(ctx).Account}
	if err := kinds[act.Kind](s, ctx); err != nil {
		d.fresh = fresh
		return nil, nil, nil, nil, err
	}
	if s.patch.empty() {
		d.fresh = fresh
		return nil, nil, nil, nil, invalid("没有变化", "nothing would change")
	}
	before = make(map[Key]int64)
	touched := s.touched(s.patch)
	for k, blocks := range d.members(toSet(touched)) {
		before[k] = d.weight(blocks)
	}
	d.apply(&s.patch)
	grids = d.figures(touched)
	left, err = d.problems(ctx, tx)
	back := s.patch.reversed()
	d.apply(&back)
	d.fresh = fresh
	return before, s, grids, left, err
}

func toSet(keys []Key) map[Key]bool {
	out := make(map[Key]bool, len(keys))
	for _, k := range keys {
		out[k] = true
	}
	return out
}
