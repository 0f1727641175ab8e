package draft

import (
	"context"
	"maps"
	"strconv"
	"time"

	"jingwei/internal/fault"
)

const (
	mostSolved = 20_000           // blocks among which problems are solved at once: what a page shows at once takes some seconds
	mostTries  = 60               // acts that are tried for one solve
	solveFor   = 18 * time.Second // after which nothing more is tried: what was found until then is worth more than nothing
)

// solving is a solve under way: acts that it found good are on the desk, and in the step's patch.
type solving struct {
	*step
	left   []Problem // what there is now
	tries  int
	until  time.Time
	beyond map[string]string // problems for which nothing was found → their communities
	all    int               // problems that there were to solve
	done   int               // of those, how many were looked at
}

// Progress is how far solving is.
type Progress struct {
	Done   int `json:"done"` // problems that were solved, or for which nothing was found
	Of     int `json:"of"`
	Solved int `json:"solved"`
}

// tell says how far it is: never less than was said before, though what is mended here may make a problem there worth another look.
func (v *solving) tell() {
	left, beyond := 0, 0
	for i := range v.left {
		if p := &v.left[i]; v.mine(p) {
			left++
			beyond += b2i(v.beyond[p.ID] != "")
		}
	}
	v.done = max(v.done, min(v.all, v.all-left+beyond))
	if v.act.Watch != nil {
		v.act.Watch(Progress{v.done, v.all, max(0, v.all-left)})
	}
}

// mine says whether a problem is one that is to be solved.
func (v *solving) mine(p *Problem) bool {
	community, _ := strconv.ParseInt(p.Community, 10, 64)
	return p.Fixable && (v.act.Community == 0 || v.act.Community == community)
}

// solve does in one act what solves problems without making others or making any worse: those of one community, or of the whole draft. Each is
// solved as Remedies would have it; what can't be solved that way stays. With an assignment it is what a preview showed, and done just so.
func (s *step) solve(ctx context.Context) (err error) {
	if len(s.act.Assignment) > 0 {
		return s.solveAsShown(ctx)
	}
	n := 0
	for i := range s.blocks {
		n += b2i(s.grid[i] != Gone && (s.act.Community == 0 || s.blocks[i].community == s.act.Community))
	}
	if n > mostSolved {
		return invalid("一次最多在 %d 个基本单元内一并解决，这里有 %d 个：请逐个社区进行", "problems are solved at once among %d blocks at most, here are %d: go community by community", mostSolved, n)
	}
	v := &solving{step: s, beyond: make(map[string]string)}
	if v.left, err = s.problems(ctx, s.tx); err != nil {
		return err
	}
	before := countFixable(v.left)
	defer func() { // carryOut puts the patch on the desk
		back := s.patch.reversed()
		s.desk.apply(&back)
	}()
	for i := range v.left {
		v.all += b2i(v.mine(&v.left[i]))
	}
	v.until = time.Now().Add(solveFor)
	for v.going() {
		if err := ctx.Err(); err != nil { // whoever asked has gone
			return err
		}
		v.tell()
		p := v.next()
		if p == nil {
			break
		}
		if err := v.attend(ctx, p); err != nil {
			return err
		}
	}
	if s.patch.empty() {
		if !v.going() {
			return invalid("在 %d 秒内没有找到能一并解决的办法：请逐个社区进行，或逐个问题解决", "nothing was found within %d seconds: go community by community, or problem by problem", int(solveFor.Seconds()))
		}
		return invalid("没有能一并解决的问题", "there is no problem that can be solved this way")
	}
	s.text = solveText(before-countFixable(v.left), s.moving())
	return nil
}

// solveAsShown does what a preview came to: worked out anew it might come to something else.
func (s *step) solveAsShown(ctx context.Context) error {
	before, err := s.problems(ctx, s.tx)
	if err != nil {
		return err
	}
	if err := s.place(ctx); err != nil {
		return err
	}
	if s.patch.empty() {
		return invalid("没有变化", "nothing would change")
	}
	s.desk.apply(&s.patch)
	after, err := s.problems(ctx, s.tx)
	back := s.patch.reversed()
	s.desk.apply(&back) // carryOut puts it on the desk
	s.text = solveText(countFixable(before)-countFixable(after), s.moving())
	return err
}

func solveText(solved, moving int) Text {
	return say("一并解决 %d 个问题：%d 人换网格", "%d problems solved at once: %d people get another grid", solved, moving)
}

func countFixable(all []Problem) (n int) {
	for i := range all {
		n += b2i(all[i].Fixable)
	}
	return n
}

// next is the gravest problem for which nothing was tried yet.
func (v *solving) next() *Problem {
	for i := range v.left {
		if p := &v.left[i]; v.mine(p) && v.beyond[p.ID] == "" {
			return p
		}
	}
	return nil
}

// going says whether there is time for another try.
func (v *solving) going() bool { return v.tries < mostTries && time.Now().Before(v.until) }

// attend tries what may solve a problem, and keeps the first that costs nothing; where none does, the one that costs least.
func (v *solving) attend(ctx context.Context, p *Problem) error {
	var least *Patch
	dearest := p.grade()
	for _, act := range v.ideas(p) {
		if !v.going() {
			break
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		v.tries++
		sub, after, err := v.attempt(ctx, act)
		if err != nil {
			return err
		}
		if sub == nil || !p.solved(after) {
			continue
		}
		if grade := cost(v.left, after); grade < dearest {
			least, dearest = sub, grade
		}
		if least != nil && dearest == 0 {
			break
		}
	}
	if least == nil {
		v.beyond[p.ID] = p.Community
		return nil
	}
	v.desk.apply(least)
	v.patch = v.patch.then(*least)
	maps.DeleteFunc(v.beyond, func(_, community string) bool { return community == p.Community }) // what was beyond hope there may not be any more
	var err error
	v.left, err = v.problems(ctx, v.tx)
	return err
}

// attempt carries an act out, looks which problems there are then, and takes it back; nil for an act that can't be.
func (v *solving) attempt(ctx context.Context, act *Act) (*Patch, []Problem, error) {
	defer func(fresh Key) { v.fresh = fresh }(v.fresh) // applying what is kept counts on
	sub := &step{desk: v.desk, act: act, tx: v.tx, account: v.account}
	if err := sub.remedy(ctx); err != nil {
		if fault.CodeOf(err) == fault.Internal {
			return nil, nil, err
		}
		return nil, nil, nil
	}
	if sub.patch.empty() {
		return nil, nil, nil
	}
	v.desk.apply(&sub.patch)
	after, err := v.problems(ctx, v.tx)
	back := sub.patch.reversed()
	v.desk.apply(&back)
	return &sub.patch, after, err
}

// remedy carries out what ideas gives.
func (s *step) remedy(ctx context.Context) error {
	switch s.act.Kind {
	case "assign":
		return s.assign(ctx)
	case "place":
		return s.place(ctx)
	case "merge":
		return s.merge(ctx)
	case "split":
		return s.split(ctx)
	}
	return s.redraw(ctx)
}
