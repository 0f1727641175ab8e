package draft_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/draft"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// TestMicroGridsWhateverIsDone makes random acts on grids and micro-grids: plan, move, merge, name, paint, cut, split, merge grids, undo, redo, go back,
// publish, go back to a version. Whatever is done, a home is in one micro-grid of the grid that its block is in or in none, the people of a grid's
// homes are the grid's, no household is lost, a node that was there sees what one sees that reads everything afresh, what is published is what the
// draft had, and every version stays what it was.
func TestMicroGridsWhateverIsDone(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	v.withEntrances()
	p := v.planner("plan-a")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	s := &microStorm{person: p, r: rand.New(rand.NewPCG(seed, 3)), versions: map[int]map[layout.HomeKey]layout.MicroKey{1: {}}}
	s.h = p.begin()
	s.households = s.count()
	for n := range 160 {
		s.step()
		if n%8 == 7 {
			s.holds()
			s.maybePublish()
		}
		if t.Failed() {
			return
		}
	}
	v.proved()
	t.Logf("%d acts, %d refused, %d published", s.done, s.refused, len(s.versions)-1)
	if s.done < 60 {
		t.Errorf("only %d acts were carried out", s.done)
	}
}

type microStorm struct {
	person
	r             *rand.Rand
	h             *draft.Head
	households    int
	done, refused int
	versions      map[int]map[layout.HomeKey]layout.MicroKey // as they were when they were published
}

func (s *microStorm) there() (out []*draft.Grid) {
	for _, g := range s.open(s.h).Grids {
		if g.Blocks > 0 {
			out = append(out, g)
		}
	}
	return out
}

// step does something at random.
func (s *microStorm) step() {
	all := s.there()
	g := all[s.r.IntN(len(all))].Key
	m := s.micro(s.h, g)
	number := func() int {
		if len(m.Micro) == 0 {
			return 0
		}
		return m.Micro[s.r.IntN(len(m.Micro))].Number
	}
	homes := func() (out []layout.HomeKey) {
		for range 1 + s.r.IntN(3) {
			if len(m.Homes) > 0 {
				out = append(out, m.Homes[s.r.IntN(len(m.Homes))].HomeKey)
			}
		}
		return out
	}
	block := func() []int64 {
		mine := s.blocks(s.h, all[s.r.IntN(len(all))].Key)
		return []int64{mine[s.r.IntN(len(mine))]}
	}
	acts := []draft.Act{
		{Kind: "micro-plan", Grid: g, Seed: s.r.Uint64N(9)},
		{Kind: "micro-plan", Grid: g, Seed: s.r.Uint64N(9)},
		{Kind: "micro-move", Grid: g, Homes: homes(), Micro: number()},
		{Kind: "micro-move", Grid: g, Homes: homes(), Micro: number()},
		{Kind: "micro-move", Grid: g, Homes: homes(), New: true},
		{Kind: "micro-move", Grid: g, Homes: homes()},
		{Kind: "micro-merge", Grid: g, Micros: []int{number(), number()}},
		{Kind: "micro-name", Grid: g, Micro: number(), Name: "名" + string(rune('a'+s.r.IntN(9)))},
		{Kind: "assign", Blocks: block(), To: g},
		{Kind: "assign", Blocks: block(), To: g},
		{Kind: "assign", Blocks: block(), New: true},
		{Kind: "merge", Grids: []draft.Key{g, all[s.r.IntN(len(all))].Key}},
		{Kind: "split", Grid: g, Into: 2},
		{Kind: "cut", Line: [][2]float64{at(s.r.Float64()*16, s.r.Float64()*6), at(s.r.Float64()*16, s.r.Float64()*6)}, CutBuildings: true},
		{Kind: "undo"}, {Kind: "undo"}, {Kind: "redo"},
		{Kind: "back", Seq: s.r.IntN(s.open(s.h).Head.Revision + 1)},
	}
	act := acts[s.r.IntN(len(acts))]
	_, err := s.act(s.h, act)
	switch {
	case err == nil:
		s.done++
	case fault.CodeOf(err) == fault.Internal:
		s.Errorf("%s: %v", act.Kind, err)
	default:
		s.refused++
	}
}

// all is home → micro-grid of the whole draft, and the sum of its households.
func (s *microStorm) all(p person) (map[layout.HomeKey]draft.Micro, int) {
	out, households := make(map[layout.HomeKey]draft.Micro), 0
	for _, g := range s.there() {
		m := p.micro(s.h, g.Key)
		residents, in := 0, 0
		for _, h := range m.Homes {
			if _, twice := out[h.HomeKey]; twice {
				s.Errorf("home %v is in two grids", h.HomeKey)
			}
			out[h.HomeKey] = draft.Micro{Grid: g.Key, Number: h.Micro}
			households += h.Households
			residents += h.Residents
			if h.Micro > 0 {
				in += h.Households
			}
		}
		for _, x := range m.Micro {
			in -= x.Households
		}
		if residents != g.Residents || in != 0 {
			s.Errorf("grid %s has %d people and its homes %d; the sums of its micro-grids are off by %d households", g.Key, g.Residents, residents, in)
		}
	}
	return out, households
}

func (s *microStorm) count() int {
	_, n := s.all(s.person)
	return n
}

func (s *microStorm) holds() {
	s.Helper()
	fresh := s.person
	fresh.town = &town{s.T, s.db, draft.New(s.db.App)}
	mine, n := s.all(s.person)
	read, _ := s.all(fresh)
	if !maps.Equal(mine, read) {
		s.Error("this node and the database differ")
	}
	if unassigned := s.unassigned(); n != s.households && !unassigned {
		s.Errorf("%d households, want %d", n, s.households)
	}
}

func (s *microStorm) unassigned() bool {
	for _, k := range s.ground(s.h) {
		if k == draft.Nowhere {
			return true
		}
	}
	return false
}

// maybePublish publishes where nothing forbids it, or what the remedies leave of it, and begins again.
func (s *microStorm) maybePublish() {
	if s.r.IntN(3) > 0 {
		return
	}
	for range 40 {
		d := s.open(s.h)
		if len(d.Problems) == 0 || !d.Problems[0].Forbids {
			break
		}
		remedies, _, err := s.room.Remedies(s.ctx, id(s.h), d.Problems[0].ID)
		if err != nil || len(remedies) == 0 {
			s.Logf("%s: %d remedies, %v", d.Problems[0].Text.EN, len(remedies), err)
			return
		}
		if _, err := s.room.Act(s.ctx, id(s.h), remedies[0].Act); err != nil {
			s.Fatal(err)
		}
	}
	want, _ := s.all(s.person)
	pieces := false
	placed := 0
	for h, k := range want {
		pieces = pieces || h.Block < 0
		if k.Number > 0 {
			placed++
		}
	}
	done, err := s.room.Publish(s.ctx, id(s.h), "", "")
	if err != nil {
		if fault.CodeOf(err) == fault.Internal {
			s.Fatal(err)
		}
		s.Logf("not published: %v", err)
		return
	}
	s.proved()
	live := s.lives(0)
	if len(live.In) != placed {
		s.Errorf("version %d: %d homes are in micro-grids, in the draft %d were", done.Version, len(live.In), placed)
	}
	if !pieces {
		s.same(want, live)
	}
	s.versions[done.Version] = live.In
	for version, was := range s.versions {
		if now := s.lives(version); !maps.Equal(now.In, was) {
			s.Errorf("version %d had %d homes in micro-grids and has %d, or others, by version %d", version, len(was), len(now.In), done.Version)
		}
	}
	b := draft.Beginning{Division: townC, Name: "草案"}
	if s.r.IntN(3) == 0 {
		b.Begin, b.Version = "version", 1+s.r.IntN(done.Version)
	}
	if s.h, err = s.room.Begin(s.ctx, b); err != nil {
		s.Fatal(err)
	}
}

// same: what was together in the draft is together in the layout, and in the grid that its block is in.
func (s *microStorm) same(want map[layout.HomeKey]draft.Micro, live *layout.MicroLayout) {
	grids := s.live()
	as := make(map[draft.Micro]layout.MicroKey)
	for h, k := range want {
		got := live.In[h]
		if k.Number == 0 {
			k = draft.Micro{}
		} else if got.Grid != grids[h.Block] || got.Number != k.Number {
			s.Errorf("home %v of grid %d is in micro-grid %v, in the draft in %v", h, grids[h.Block], got, k)
		}
		if known, seen := as[k]; seen && known != got {
			s.Errorf("%v was %v in the draft and is in %v", h, k, got)
		}
		as[k] = got
	}
}

// TestMicroGridsAgainstTwoSessions: one moves a block to another grid, the other puts a home of it into a micro-grid, neither sees the other; the
// second to commit is refused.
func TestMicroGridsAgainstTwoSessions(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "micro-plan", Grid: a.Key})
	p.publish(h)
	ctx := context.Background()
	homes := v.lives(0).In
	var one layout.HomeKey
	for k := range homes {
		one = k
		break
	}
	begin := func() pgx.Tx {
		tx, err := v.db.Owner.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return tx
	}
	mover, placer := begin(), begin()
	defer mover.Rollback(ctx)
	defer placer.Rollback(ctx)
	if _, err := placer.Exec(ctx, `UPDATE micro_home SET entrance = 'x' WHERE county = $1 AND (block, building, entrance) = ($2, $3, $4)`, county, one.Block, one.Building, one.Entrance); err != nil {
		t.Fatal(err)
	}
	if _, err := mover.Exec(ctx, `DELETE FROM micro_home WHERE county = $1 AND block = $2 AND building <> $3`, county, one.Block, one.Building); err != nil {
		t.Fatal(err)
	}
	if _, err := mover.Exec(ctx, `UPDATE grid_block SET grid = $3 WHERE county = $1 AND block = $2`, county, one.Block, int64(b.Key)); err != nil {
		t.Fatal(err)
	}
	if err := placer.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if err := mover.Commit(ctx); err == nil {
		t.Error("a block left with a home that another session keeps in a micro-grid of its old grid")
	}
}
