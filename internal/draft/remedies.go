package draft

import (
	"cmp"
	"context"
	"slices"
	"strconv"
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
	Moved   int  `json:"moved"`  // residents who get another grid
	Solves  bool `json:"solves"` // the problem is gone then, and none as grave has come or become worse
	Leaves  bool `json:"leaves"` // … but a lesser one has
}

// mostRemedies are offered for a problem.
const mostRemedies = 3

// Remedies gives what would solve a problem, the best first; where nothing would, why is the proof that nothing can, if there is one. Fault: NotFound
// for a problem that there isn't any more.
func (r *Room) Remedies(ctx context.Context, id ID, problem string) (out []Remedy, why Text, err error) {
	out = []Remedy{}
	err = r.at(ctx, id, false, func(tx pgx.Tx, h *Head, d *desk) (bool, error) {
		all, err := d.problems(ctx, tx)
		if err != nil {
			return true, err
		}
		at := slices.IndexFunc(all, func(p Problem) bool { return p.ID == problem })
		if at < 0 {
			return true, fault.New(fault.NotFound, "这个问题已不存在", "this problem is no more")
		}
		p := &all[at]
		for _, act := range d.ideas(p) {
			if enough(out) {
				break
			}
			act.Revision, act.Shown = h.Revision, &h.Revision
			if remedy, err := d.try(ctx, tx, act, p, all); err != nil {
				if fault.CodeOf(err) == fault.Internal {
					return false, err
				}
			} else if remedy != nil && !slices.ContainsFunc(out, remedy.same) {
				out = append(out, *remedy)
			}
		}
		slices.SortStableFunc(out, func(a, b Remedy) int {
			return cmp.Or(cmp.Compare(b2i(b.Solves), b2i(a.Solves)), cmp.Compare(b2i(a.Leaves), b2i(b.Leaves)), cmp.Compare(a.Moved, b.Moved))
		})
		out = out[:min(len(out), mostRemedies)]
		if !slices.ContainsFunc(out, func(r Remedy) bool { return r.Solves }) {
			why, err = d.proof(ctx, p)
		}
		return err == nil, err
	})
	return out, why, err
}

// same says whether two remedies come to the same.
func (r *Remedy) same(o Remedy) bool {
	to := make(map[int64]Key, len(r.Blocks))
	for _, b := range r.Blocks {
		to[b.Key] = b.Grid
	}
	return len(r.Blocks) == len(o.Blocks) && !slices.ContainsFunc(o.Blocks, func(b BlockIn) bool { k, moves := to[b.Key]; return !moves || k != b.Grid })
}

// enough says that two ways to solve it wholly are known: the ones that come later move more people.
func enough(found []Remedy) bool {
	n := 0
	for i := range found {
		n += b2i(found[i].Solves && !found[i].Leaves)
	}
	return n >= 2
}

// proof says why a problem can't be solved without making another one; nothing where that isn't known.
func (d *desk) proof(ctx context.Context, p *Problem) (Text, error) {
	if p.Kind != "compound" && p.Kind != "over" && p.Kind != "under" {
		return Text{}, nil
	}
	community, err := strconv.ParseInt(p.Community, 10, 64)
	if err != nil {
		return Text{}, err
	}
	why, err := d.impossible(ctx, community, p.compound)
	if err != nil || why == (Text{}) {
		return Text{}, err
	}
	if p.compound == "" {
		return say("已证明做不到各网格都达标：现在完整的小区都不分开，而%s", "It has been shown that not all grids can be in band with the compounds whole that are: %s", why), nil
	}
	return say("已证明做不到：“%s”合为一格、各网格又都达标，就要分开别的小区，因为%s", "It has been shown that \"%s\" can't be in one grid with all grids in band, unless another compound is divided: %s", p.compound, why), nil
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

// plain is a placing into one grid as what it is: blocks given to it.
func (a *Act) plain() *Act {
	if len(a.Assignment) == 0 {
		return a
	}
	give := &Act{Kind: "assign", To: a.Assignment[0].Grid}
	for _, p := range a.Assignment {
		if p.Grid != give.To {
			return a
		}
		give.Blocks = append(give.Blocks, p.Block)
	}
	return give
}

// try carries an act out, looks at what comes of it, and takes it back. The act doesn't cut. all are the problems that there are now.
func (d *desk) try(ctx context.Context, tx pgx.Tx, act *Act, problem *Problem, all []Problem) (*Remedy, error) {
	before, s, grids, left, err := d.preview(ctx, tx, act)
	if err != nil {
		return nil, err
	}
	if act.Kind == "split" || act.Kind == "redraw" { // taken as it is shown, and not drawn again
		shown := *act
		for _, b := range d.change(&s.patch).Blocks {
			shown.Assignment = append(shown.Assignment, Placed{b.Key, b.Grid})
		}
		act = &shown
	}
	r := &Remedy{Act: act, Text: s.text, Grids: grids, Moved: s.moving(), Blocks: d.change(&s.patch).Blocks}
	if grade := cost(all, left); problem.solved(left) && grade < problem.grade() {
		r.Solves, r.Leaves = true, grade > 0
	}
	if len(s.patch.Moves) == 0 { // nothing of the grids
		r.Outcome = s.text
		return r, nil
	}
	var zh, en []string
	for _, g := range grids {
		if g.Blocks == 0 {
			continue
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

// grade says how grave a problem is that can be solved in a draft: one that forbids to publish, one of the number of people, one of where a border runs.
func (p *Problem) grade() int {
	switch {
	case p.Kind == "infeasible":
		return 2
	case !p.Fixable:
		return 0
	case p.Forbids:
		return 3
	case p.Kind == "compound", p.Kind == "micro":
		return 1
	}
	return 2
}

// cost is the grade of the gravest problem that is new or worse than it was, 0 for none: where not all grids of a community can be in band, those that
// aren't may still get farther from it. That homes leave their micro-grids comes with every change of
// a border and is put right afterwards.
func cost(before, after []Problem) (grade int) {
	weight := make(map[string]int, len(before))
	for i := range before {
		weight[before[i].ID] = before[i].Weight + before[i].astray()
	}
	for i := range after {
		if after[i].Kind == "micro" {
			continue
		}
		if was, known := weight[after[i].ID]; !known || after[i].Weight+after[i].astray() > was {
			grade = max(grade, after[i].grade())
		}
	}
	return grade
}

// solved says whether a problem isn't among others.
func (p *Problem) solved(left []Problem) bool {
	return !slices.ContainsFunc(left, func(o Problem) bool { return o.ID == p.ID })
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
