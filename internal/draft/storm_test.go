package draft_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"jingwei/internal/draft"
	"jingwei/internal/fault"
)

// TestManyPlannersAtOnce lets planners on two nodes make random edits of shared drafts at the same time: paint, cut, split, merge, lock, undo, redo,
// go back, publish, begin again with an earlier version. However they mix: nothing that was confirmed is missing from the journal, a node that was
// there all the time sees what a node sees that reads everything afresh, nobody is lost or counted twice, and what is published proves.
//
// JINGWEI_EDITS is how many edits are tried.
func TestManyPlannersAtOnce(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	edits := 150
	if n, err := strconv.Atoi(os.Getenv("JINGWEI_EDITS")); err == nil {
		edits = n
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	names := []string{"plan-a", "plan-b", "plan-c"}
	var planners []person
	for i, name := range names {
		p := v.planner(name)
		if i == 2 {
			p.town = &town{t, v.db, draft.New(v.db.App)}
		}
		planners = append(planners, p)
	}
	s := &storm{town: v, planners: planners, random: rand.New(rand.NewPCG(seed, 1))}
	s.begin(draft.Beginning{Division: townC, Name: "草案"})
	rounds := max(1, edits/30)
	for range rounds {
		var all sync.WaitGroup
		for i, p := range planners {
			mine := rand.New(rand.NewPCG(s.random.Uint64(), uint64(i)))
			all.Add(1)
			go func() {
				defer all.Done()
				for range 10 {
					s.edit(p, mine)
				}
			}()
		}
		all.Wait()
		if t.Failed() {
			return
		}
		s.holds()
		s.maybePublish()
	}
	v.proved()
	t.Logf("%d edits confirmed, %d refused, %d published", s.confirmed.Load(), s.refused.Load(), s.published)
	if s.confirmed.Load() < int64(edits)/4 {
		t.Errorf("only %d of %d edits were confirmed", s.confirmed.Load(), edits)
	}
}

type storm struct {
	*town
	planners  []person
	random    *rand.Rand
	draft     *draft.Head
	seqs      sync.Map // acts that were confirmed in this draft
	confirmed atomic.Int64
	refused   atomic.Int64
	published int
}

func (s *storm) begin(b draft.Beginning) {
	s.Helper()
	p := s.planners[0]
	h, err := p.room.Begin(p.ctx, b)
	if err != nil {
		s.Fatal(err)
	}
	if _, err := p.room.Share(p.ctx, id(h), []string{"plan-b", "plan-c"}); err != nil {
		s.Fatal(err)
	}
	s.draft = h
	s.seqs.Clear()
}

// edit makes one random edit, as somebody who may have looked a while ago.
func (s *storm) edit(p person, r *rand.Rand) {
	h, err := p.room.Open(p.ctx, id(s.draft))
	if err != nil {
		s.Errorf("open: %v", err)
		return
	}
	act := s.random1(p, h, r)
	act.Revision = max(0, h.Head.Revision-r.IntN(3))
	done, err := p.room.Act(p.ctx, id(s.draft), &act)
	switch {
	case err == nil:
		s.confirmed.Add(1)
		if _, twice := s.seqs.LoadOrStore(done.Seq, act.Kind); twice {
			s.Errorf("two acts were confirmed as step %d", done.Seq)
		}
	case fault.CodeOf(err) == fault.Internal:
		s.Errorf("%s: %v", act.Kind, err)
	default:
		s.refused.Add(1)
	}
}

// random1 is a random act on what is there.
func (s *storm) random1(p person, d *draft.Draft, r *rand.Rand) draft.Act {
	var there []*draft.Grid
	for _, g := range d.Grids {
		if g.Blocks > 0 {
			there = append(there, g)
		}
	}
	pick := func() draft.Key {
		if len(there) == 0 {
			return draft.Nowhere
		}
		return there[r.IntN(len(there))].Key
	}
	line := func() [][2]float64 {
		out := make([][2]float64, 2+r.IntN(3))
		for i := range out {
			out[i] = at(r.Float64()*18-1, r.Float64()*8-1)
		}
		return out
	}
	blocks := func() []int64 {
		g, err := p.room.Ground(p.ctx, id(s.draft), []string{"370883100201", "370883100202"}[r.IntN(2)])
		if err != nil || len(g.Communities[0].Blocks) == 0 {
			return []int64{1}
		}
		all := g.Communities[0].Blocks
		from := r.IntN(len(all))
		var out []int64
		for i := from; i < min(len(all), from+1+r.IntN(4)); i++ {
			out = append(out, all[i].Key)
		}
		return out
	}
	switch r.IntN(14) {
	case 0, 1, 2, 3:
		return draft.Act{Kind: "assign", Blocks: blocks(), To: pick()}
	case 4:
		return draft.Act{Kind: "assign", Blocks: blocks(), New: true}
	case 5:
		return draft.Act{Kind: "merge", Grids: []draft.Key{pick(), pick()}}
	case 6:
		return draft.Act{Kind: "split", Grid: pick(), Into: 2 + r.IntN(2)}
	case 7:
		return draft.Act{Kind: "split-line", Grid: pick(), Line: line(), CutBuildings: r.IntN(2) == 0}
	case 8:
		return draft.Act{Kind: "cut", Line: line(), CutBuildings: r.IntN(2) == 0}
	case 9:
		return draft.Act{Kind: "move-border", Grid: pick(), To: pick(), Line: line(), CutBuildings: true}
	case 10:
		return draft.Act{Kind: "undo"}
	case 11:
		return draft.Act{Kind: "redo"}
	case 12:
		return draft.Act{Kind: "redraw", Grids: []draft.Key{pick(), pick()}, FewMoves: r.IntN(2) == 0}
	}
	return draft.Act{Kind: "back", Seq: r.IntN(d.Head.Revision + 1)}
}

// holds checks what has to be true after whatever was done.
func (s *storm) holds() {
	s.Helper()
	a, c := s.planners[0], s.planners[2]
	fresh := a
	fresh.town = &town{s.T, s.db, draft.New(s.db.App)}
	first, second, third := a.ground(s.draft), c.ground(s.draft), fresh.ground(s.draft)
	if !maps.Equal(first, third) || !maps.Equal(second, third) {
		s.Errorf("two nodes and the database differ: %s", differ(first, third))
	}
	people := 0
	g, err := fresh.room.Ground(fresh.ctx, id(s.draft), "")
	if err != nil {
		s.Fatal(err)
	}
	for _, community := range g.Communities {
		for _, b := range community.Blocks {
			people += b.Residents
		}
	}
	if people != s.people() {
		s.Errorf("%d people, want %d", people, s.people())
	}
	acts, err := a.room.Journal(a.ctx, id(s.draft), 0, 100_000)
	if err != nil {
		s.Fatal(err)
	}
	kept := make(map[int]string)
	for _, e := range acts {
		kept[e.Seq] = e.Kind
	}
	s.seqs.Range(func(seq, kind any) bool {
		if kept[seq.(int)] != kind.(string) {
			s.Errorf("step %v (%v) was confirmed, and the journal has %q", seq, kind, kept[seq.(int)])
		}
		return true
	})
}

func differ(a, b map[int64]draft.Key) string {
	for k := range a {
		if a[k] != b[k] {
			return fmt.Sprintf("block %d is in %q and in %q", k, a[k], b[k])
		}
	}
	return fmt.Sprintf("%d and %d blocks", len(a), len(b))
}

// maybePublish solves what forbids a publication, publishes, and begins again.
func (s *storm) maybePublish() {
	if s.random.IntN(3) > 0 {
		return
	}
	p := s.planners[0]
	for range 40 {
		d, err := p.room.Open(p.ctx, id(s.draft))
		if err != nil {
			s.Fatal(err)
		}
		if len(d.Problems) == 0 || !d.Problems[0].Forbids {
			break
		}
		remedies, _, err := p.room.Remedies(p.ctx, id(s.draft), d.Problems[0].ID)
		if err != nil {
			s.Fatal(err)
		}
		if len(remedies) == 0 {
			s.Logf("nothing is offered for %s", d.Problems[0].Text.EN)
			break
		}
		if _, err := p.room.Act(p.ctx, id(s.draft), remedies[0].Act); err != nil {
			s.Fatalf("a remedy for %s: %v", d.Problems[0].ID, err)
		}
	}
	_, err := p.room.Publish(p.ctx, id(s.draft), "", "")
	switch {
	case err == nil:
		s.published++
		s.proved()
	case fault.CodeOf(err) == fault.Internal:
		s.Fatalf("publish: %v", err)
	default:
		s.Logf("not published: %v", err)
		return
	}
	b := draft.Beginning{Division: townC, Name: "草案"}
	if s.random.IntN(2) == 0 {
		b.Begin, b.Version = "version", 1
	}
	s.begin(b)
}
