package draft

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// Acted is what came of an act.
type Acted struct {
	Revision int       `json:"revision"`
	Seq      int       `json:"seq"`
	Saved    bool      `json:"saved"`
	Text     Text      `json:"text"`
	Patch    Change    `json:"patch"`
	Grids    []*Grid   `json:"grids"` // those that changed; gone ones have no blocks
	Problems []Problem `json:"problems"`
	Undo     *Step     `json:"undo"`
	Redo     *Step     `json:"redo"`
	Missed   []*Entry  `json:"missed"`  // what others did since the revision that the act was made on
	Patches  []Change  `json:"patches"` // what that changed
	Moved    int       `json:"moved"`   // residents who are in another grid than in the live layout
}

// Change is a patch as a page takes it.
type Change struct {
	Blocks   []BlockIn  `json:"blocks"`
	Locked   []LockedIn `json:"locked"`
	Reground []string   `json:"reground"` // communities whose ground is to be fetched again: something was cut there
}

// BlockIn is a block with its grid.
type BlockIn struct {
	Key  int64 `json:"key"`
	Grid Key   `json:"grid"`
}

// LockedIn is a block or a grid that is locked or not.
type LockedIn struct {
	Key    int64 `json:"key,omitempty"`
	Grid   Key   `json:"grid,omitempty"`
	Locked bool  `json:"locked"`
}

// Stale is a fault Conflict: others changed the same ground since the revision that an act was made on.
type Stale struct {
	Fault    *fault.Error
	Revision int
	Missed   []*Entry
	Patches  []Change
}

func (s *Stale) Error() string { return s.Fault.Error() }

// Unwrap makes it the fault it is.
func (s *Stale) Unwrap() error { return s.Fault }

// change is a patch for a page.
func (d *desk) change(p *Patch) Change {
	out := Change{Blocks: []BlockIn{}, Locked: []LockedIn{}, Reground: []string{}}
	for _, m := range p.Moves {
		if m.To != Gone {
			out.Blocks = append(out.Blocks, BlockIn{m.Block, m.To})
		}
	}
	for _, l := range p.Locks {
		out.Locked = append(out.Locked, LockedIn{l.Block, Key(l.Grid), l.On})
	}
	for _, id := range append(slices.Clone(p.Cuts), p.Uncuts...) {
		if c := d.cuts[id]; c != nil && !slices.Contains(out.Reground, communityCode(c.community)) {
			out.Reground = append(out.Reground, communityCode(c.community))
		}
	}
	return out
}

// Act carries out one step of a draft, or with Preview shows what it would do.
//
// An act that was made on an older revision is carried out all the same where nobody else touched what it moves; the answer says what was missed.
// Faults: Conflict (*Stale) where somebody did, (*BuildingsCut) for a line through buildings; Invalid, NotFound, Forbidden.
func (r *Room) Act(ctx context.Context, id ID, a *Act) (*Acted, error) {
	var out *Acted
	err := r.atDesk(ctx, id, !a.Preview, func(tx pgx.Tx, h *Head, d *desk) (*desk, error) {
		if a.Revision < 0 || a.Revision > h.Revision {
			return d, conflict("草案没有第 %d 个修订版，请刷新", "the draft has no revision %d; refresh", a.Revision)
		}
		if len(a.Request) > longestRequest {
			return d, invalid("request 最长 %d 字节", "request has at most %d bytes", longestRequest)
		}
		missed, err := acts(ctx, tx, id, a.Revision)
		if err != nil {
			return nil, err
		}
		if before, err := done(ctx, tx, id, a.Request); before != nil || err != nil {
			if err == nil {
				out, err = d.doneBefore(ctx, tx, h, before, missed)
			}
			return d, err
		}
		if !h.May.Edit { // asked after that: what was carried out before the draft was closed is answered all the same
			return d, h.refusal()
		}
		s := &step{desk: d, act: a, tx: tx, account: postgres.ActorOf(ctx).Account}
		if out, err = s.run(ctx, h, missed); err != nil {
			return s.unspoilt(), err
		}
		if a.Preview {
			return s.takenBack(), nil
		}
		return s.desk, nil
	})
	return out, err
}

// longestRequest is how long the name of an act may be.
const longestRequest = 100

// done is the act that the actor had carried out under a name before, nil when there is none.
func done(ctx context.Context, tx pgx.Tx, id ID, request string) (*Entry, error) {
	if request == "" {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `SELECT `+actColumns+` FROM draft_act WHERE county = $1 AND draft = $2 AND account = $3 AND request = $4`,
		id.County, id.Number, postgres.ActorOf(ctx).Account, request)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, scanAct)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// doneBefore answers an act whose first answer was lost: the blocks that it moved are told as they are now, which may be elsewhere again.
func (d *desk) doneBefore(ctx context.Context, tx pgx.Tx, h *Head, e *Entry, missed []*Entry) (*Acted, error) {
	out := &Acted{Revision: h.Revision, Seq: e.Seq, Saved: true, Text: e.Text, Patch: d.change(&e.patch), Grids: d.figures(nil), Missed: []*Entry{}, Patches: []Change{}, Moved: d.movedPeople()}
	for i, b := range out.Patch.Blocks {
		if at, here := d.index[b.Key]; here {
			out.Patch.Blocks[i].Grid = d.grid[at]
		}
	}
	for _, m := range missed {
		if m.Seq != e.Seq {
			out.Missed, out.Patches = append(out.Missed, m), append(out.Patches, d.change(&m.patch))
		}
	}
	var err error
	if out.Problems, err = d.problems(ctx, tx); err != nil {
		return nil, err
	}
	if err := d.manned(ctx, tx, out.Grids); err != nil {
		return nil, err
	}
	out.Undo, out.Redo, err = steps(ctx, tx, h.id, postgres.ActorOf(ctx).Account)
	return out, err
}

// takenBack is the desk as it was before an act that was only shown; nil where ground was cut or put together again.
func (s *step) takenBack() *desk {
	if len(s.patch.Cuts)+len(s.patch.Uncuts) > 0 {
		return nil
	}
	back := s.patch.reversed()
	s.apply(&back)
	s.fresh = s.was.fresh
	return s.desk
}

// unspoilt is the desk after an act that failed: nil when something was put on it that a later act would find.
func (s *step) unspoilt() *desk {
	if s.applied || len(s.made) > 0 || len(s.blocks) != s.had {
		return nil
	}
	s.fresh, s.piece, s.last = s.was.fresh, s.was.piece, s.was.last
	return s.desk
}

func (s *step) run(ctx context.Context, h *Head, missed []*Entry) (*Acted, error) {
	s.had, s.was.fresh, s.was.piece, s.was.last = len(s.blocks), s.fresh, s.piece, s.last
	if err := carryOut(ctx, s); err != nil {
		return nil, err
	}
	if err := s.outdated(ctx, h); err != nil {
		return nil, err
	}
	if err := s.mergeable(missed, h.Revision); err != nil {
		return nil, err
	}
	out := &Acted{Revision: h.Revision, Text: s.text, Missed: missed, Patches: []Change{}}
	touched := s.touched(s.patch)
	for _, m := range missed {
		out.Patches = append(out.Patches, s.change(&m.patch))
		touched = append(touched, s.touched(m.patch)...)
	}
	if !s.act.Preview {
		seq, err := s.save(ctx, h)
		if err != nil {
			return nil, err
		}
		out.Revision, out.Seq, out.Saved = seq, seq, true
	}
	out.Patch = s.change(&s.patch)
	var err error
	if len(s.patch.Uncuts) > 0 || len(s.patch.Cuts) > len(s.made) { // ground that isn't on the desk
		if s.desk, err = layOut(ctx, s.tx, h); err != nil {
			return nil, err
		}
	}
	slices.Sort(touched)
	out.Grids = s.figures(slices.Compact(touched))
	if out.Problems, err = s.problems(ctx, s.tx); err != nil {
		return nil, err
	}
	if err := s.manned(ctx, s.tx, out.Grids); err != nil {
		return nil, err
	}
	out.Moved = s.movedPeople()
	out.Undo, out.Redo, err = steps(ctx, s.tx, h.id, s.account)
	return out, err
}

// touched are the grids whose blocks, names or locks a patch changes.
func (s *step) touched(p Patch) (out []Key) {
	for _, m := range p.Moves {
		for _, k := range [2]Key{m.From, m.To} {
			if k != Nowhere && k != Gone && !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	for _, n := range p.Names {
		out = append(out, Key(n.Grid))
	}
	for _, l := range p.Locks {
		if l.Grid != 0 {
			out = append(out, Key(l.Grid))
		}
	}
	return append(out, p.microGrids()...)
}

// mergeable refuses an act that moves what somebody else moved since the actor looked. One's own acts were seen.
func (s *step) mergeable(missed []*Entry, revision int) error {
	if s.undoes > 0 || s.act.Kind == "back" {
		return nil // fits has looked
	}
	mine := s.patch.touches()
	for _, m := range missed {
		if m.account == s.account {
			continue
		}
		if !slices.ContainsFunc(m.patch.Moves, func(o Move) bool { return mine[o.Block] }) && !s.patch.sameHomes(&m.patch) {
			continue
		}
		stale := &Stale{Fault: fault.New(fault.Conflict,
			fmt.Sprintf("%s 刚改过同一处（%s）：请看过再改", m.By.Display, m.Text.ZH),
			fmt.Sprintf("%s has just changed the same ground (%s): look at it first", m.By.Display, m.Text.EN)), Revision: revision, Missed: missed}
		for _, e := range missed {
			stale.Patches = append(stale.Patches, s.change(&e.patch))
		}
		return stale
	}
	return nil
}

// movedPeople are the residents whose grid is another than in the live layout.
func (d *desk) movedPeople() (n int) {
	live := make([]Key, len(d.blocks))
	for i := range d.blocks {
		live[i] = d.blocks[i].base
	}
	for i, will := range d.bearing(live) {
		if will != Gone && will != live[i] {
			n += d.blocks[i].residents
		}
	}
	return n
}

func steps(ctx context.Context, tx pgx.Tx, id ID, account int64) (undo, redo *Step, err error) {
	u, r, err := standsBack(ctx, tx, id, account)
	if u != nil {
		undo = &Step{u.Seq, u.Text, u.By}
	}
	if r != nil {
		redo = &Step{r.Seq, r.Text, r.By}
	}
	return undo, redo, err
}
