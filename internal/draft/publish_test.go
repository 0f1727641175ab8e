package draft_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/draft"
	"jingwei/internal/fault"
	"jingwei/internal/incident"
	"jingwei/internal/layout"
)

// live is block → grid in the database.
func (v *town) live() map[int64]layout.Code {
	v.Helper()
	out := make(map[int64]layout.Code)
	v.tx(context.Background(), func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT block, grid FROM grid_block WHERE county = $1`, county)
		if err != nil {
			return err
		}
		var block int64
		var grid layout.Code
		_, err = pgx.ForEachRow(rows, []any{&block, &grid}, func() error { out[block] = grid; return nil })
		return err
	})
	return out
}

func (p person) publish(h *draft.Head) *draft.Done {
	p.Helper()
	done, err := p.room.Publish(p.ctx, id(h), "", "")
	if err != nil {
		p.Fatal(err)
	}
	return done
}

// Two who publish at the same moment: the second waits for the first and then finds other ground live than it had seen. What the first published stays; where both moved the
// same block it is a conflict.
func TestPublishingAtTheSameMoment(t *testing.T) {
	t.Parallel()
	for name, same := range map[string]bool{"different blocks": false, "the same block": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newTown(t)
			first, second := v.planner("plan-a"), v.planner("plan-b")
			waits := func(ctx context.Context, _ pgx.Tx, _ *layout.Proposal, _ *layout.Publication) error {
				for waiting := false; !waiting; { // until the second stands at the door
					err := v.db.Owner.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
						AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`).Scan(&waiting)
					if err != nil {
						return err
					}
				}
				return nil
			}
			first.town = &town{t, v.db, draft.New(v.db.App, waits)}
			one, two := first.begin(), second.begin()
			block := func(n int) int64 { return first.blocks(one, first.grids(one, west)[0].Key)[n] }
			x, y := block(0), block(1)
			if same {
				y = x
			}
			first.must(one, draft.Act{Kind: "assign", Blocks: []int64{x}, New: true})
			second.must(two, draft.Act{Kind: "assign", Blocks: []int64{y}, New: true})
			done := make(chan error, 1)
			go func() {
				_, err := first.room.Publish(first.ctx, id(one), "", "")
				done <- err
			}()
			for took := false; !took; { // until the first is inside
				if err := v.db.Owner.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
					AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`).Scan(&took); err != nil {
					t.Fatal(err)
				}
			}
			_, err := second.room.Publish(second.ctx, id(two), "", "")
			if failed := <-done; failed != nil {
				t.Fatal(failed)
			}
			now := v.live()
			alone := func(b int64) bool {
				for other, g := range now {
					if other != b && g == now[b] {
						return false
					}
				}
				return true
			}
			if same {
				v.wants(fault.Conflict, err)
			} else if err != nil {
				t.Fatal(err)
			}
			if !alone(x) || !alone(y) {
				t.Errorf("block %d is alone in its grid: %v; block %d: %v", x, alone(x), y, alone(y))
			}
			v.proved()
		})
	}
}

// A version that is published again puts ground where it was then, also what was cut from a block since; and what was cut isn't counted as moved.
func TestAVersionFromBeforeACutIsBroughtBack(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	before := v.live()
	h := p.begin()
	g := p.grids(h, west)[0]
	box := g.Bounds
	middle := (box[1]+box[3])/2 + 0.0002
	p.must(h, draft.Act{Kind: "split-line", Grid: g.Key, Line: [][2]float64{{box[0] - .001, middle}, {box[2] + .001, middle}}, CutBuildings: true})
	p.publish(h)
	cut := 0
	for block := range v.live() {
		if _, stood := before[block]; !stood {
			cut++
		}
	}
	if cut < 2 {
		t.Fatalf("%d pieces are live: nothing was cut", cut)
	}
	again, err := p.room.Begin(p.ctx, draft.Beginning{Division: townC, Name: "恢复", Begin: "version", Version: 1})
	if err != nil {
		t.Fatal(err)
	}
	if with, err := p.room.Changes(p.ctx, id(again), 1); err != nil || with.Moved != 0 {
		t.Errorf("%d people are elsewhere than in the version that was brought back (%v)", with.Moved, err)
	}
	p.publish(again)
	parent := make(map[int64]int64)
	v.tx(context.Background(), func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, parent FROM block WHERE parent IS NOT NULL`)
		if err != nil {
			return err
		}
		var piece, of int64
		_, err = pgx.ForEachRow(rows, []any{&piece, &of}, func() error { parent[piece] = of; return nil })
		return err
	})
	is := make(map[layout.Code]layout.Code) // grid then → grid now
	for block, now := range v.live() {
		then, stood := before[block]
		if !stood {
			then = before[parent[block]]
		}
		if was, seen := is[then]; seen && was != now {
			t.Errorf("block %d, of grid %s then, is in %s, and others of that grid in %s", block, then, now, was)
		}
		is[then] = now
	}
	if len(is) != len(v.codes()) {
		t.Errorf("%d grids then, %d now", len(is), len(v.codes()))
	}
	v.proved()
}

// codes are the grids that are live.
func (v *town) codes() map[layout.Code]bool {
	out := make(map[layout.Code]bool)
	for _, g := range v.live() {
		out[g] = true
	}
	return out
}

func TestPublishingADraftThatPaints(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "rename", Grid: a.Key, Name: "柳荫里"})
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	merged := p.grids(h, west)[0]
	p.must(h, draft.Act{Kind: "split", Grid: merged.Key, Into: 2})
	want := p.ground(h)
	foretold, err := p.room.Changes(p.ctx, id(h), 0)
	if err != nil {
		t.Fatal(err)
	}
	if done := p.publish(h); done.Version != 2 {
		t.Fatalf("published as %+v", done)
	}
	v.proved()
	// The live grids put together what the draft put together.
	now := v.live()
	to := make(map[draft.Key]layout.Code)
	for block, k := range want {
		if code, seen := to[k]; seen && code != now[block] {
			t.Fatalf("grid %s became both %s and %s", k, code, now[block])
		}
		to[k] = now[block]
	}
	// And bear the codes that were foretold.
	for _, g := range foretold.Grids {
		if g.Code > 0 && g.After != 0 && layout.Code(g.Code) != to[g.After] {
			t.Errorf("grid %s was to bear %s and bears %s", g.After, g.Code, to[g.After])
		}
	}
	_, err = p.act(h, draft.Act{Kind: "undo"})
	v.wants(fault.Conflict, err)
}

func TestPublishingADraftThatCuts(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	// A line along the houses' walls across both villages: the border between them gets a vertex that both have.
	p.must(h, draft.Act{Kind: "cut", Line: [][2]float64{at(6.5, 1.15), at(9.5, 1.2)}})
	p.must(h, draft.Act{Kind: "cut", Line: [][2]float64{at(0.2, 4.9), at(0.25, 3.1), at(3.8, 3.12), at(3.85, 4.95)}})
	for _, g := range p.open(h).Grids {
		if g.Parts != 1 {
			t.Fatalf("grid %s is in %d parts", g.Key, g.Parts)
		}
	}
	people := 0
	for _, g := range p.open(h).Grids {
		people += g.Residents
	}
	p.town = &town{t, v.db, draft.New(v.db.App, incident.Retie)} // a node that has only read of the cuts
	p.publish(h)
	v.proved()
	now, sum := v.planner("plan-c"), 0
	next := now.begin()
	for _, g := range now.open(next).Grids {
		sum += g.Residents
	}
	if people != v.people() || sum != v.people() {
		t.Errorf("%d people before and %d after, want %d", people, sum, v.people())
	}
	// Cut again what was cut, move the pieces, publish again.
	now.must(next, draft.Act{Kind: "cut", Line: [][2]float64{at(7.15, 0.5), at(7.15, 2.5)}})
	now.publish(next)
	v.proved()
}

func TestSplitAlongALineAndMoveABorder(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	p.must(h, draft.Act{Kind: "merge", Grids: keysOf(p.grids(h, west))})
	whole := p.grids(h, west)[0]
	line := [][2]float64{at(4, -0.1), at(4, 6.1)} // between the fourth and the fifth column of houses
	done := p.must(h, draft.Act{Kind: "split-line", Grid: whole.Key, Line: line})
	if len(done.Grids) != 2 || done.Grids[0].Residents+done.Grids[1].Residents != whole.Residents {
		t.Fatalf("split along a line: %+v", done.Grids)
	}
	halves := p.grids(h, west)
	wanted := 0
	for row := range int32(rows) {
		for column := range int32(4) {
			wanted += int(40 + (row*2*columns+column)*37%60)
		}
	}
	if halves[0].Residents != wanted && halves[1].Residents != wanted {
		t.Errorf("halves of %d and %d, want one of %d", halves[0].Residents, halves[1].Residents, wanted)
	}
	// The border moves one column to the west: the ground between changes hands.
	western, eastern := halves[0], halves[1]
	if western.Label[0] > eastern.Label[0] {
		western, eastern = eastern, western
	}
	moved := p.must(h, draft.Act{Kind: "move-border", Grid: western.Key, To: eastern.Key, Line: [][2]float64{at(3, -0.1), at(3, 6.1)}})
	column := 0
	for row := range int32(rows) {
		column += int(40 + (row*2*columns+3)*37%60)
	}
	for _, g := range moved.Grids {
		if g.Key == eastern.Key && g.Residents != eastern.Residents+column {
			t.Errorf("the eastern half has %d, want %d", g.Residents, eastern.Residents+column)
		}
		if g.Parts != 1 {
			t.Errorf("grid %s is in %d parts", g.Key, g.Parts)
		}
	}
	p.publish(h)
	v.proved()
}

func keysOf(grids []*draft.Grid) (out []draft.Key) {
	for _, g := range grids {
		out = append(out, g.Key)
	}
	return out
}

func toSet(m map[int64]layout.Code) map[layout.Code]bool {
	out := make(map[layout.Code]bool)
	for _, c := range m {
		out[c] = true
	}
	return out
}

func TestASecondPersonApproves(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	if _, err := v.db.Owner.Exec(context.Background(), `INSERT INTO county_rule (county, approve_over) VALUES ($1, 100)`, county); err != nil {
		t.Fatal(err)
	}
	p, lead := v.planner("plan-a"), v.person("lead", access.Leader, "370883")
	h := p.begin()
	p.must(h, draft.Act{Kind: "merge", Grids: keysOf(p.grids(h, west))})
	// What stands in the way is known before anybody tries: the rule, how many move, and who may approve.
	opened, err := p.room.Open(p.ctx, id(h))
	if err != nil || opened.Head.ApproveOver == nil || *opened.Head.ApproveOver != 100 || opened.Moved <= 100 {
		t.Fatalf("opened: %+v, %v", opened, err)
	}
	if len(opened.Approvers) != 1 || opened.Approvers[0].Name != "lead" {
		t.Errorf("who may approve: %+v", opened.Approvers)
	}
	if seen, err := lead.room.Open(lead.ctx, id(h)); err != nil || len(seen.Approvers) != 0 {
		t.Errorf("the leader of a draft that nobody handed in: %+v, %v", seen, err) // would they hand it in, somebody else had to
	}
	_, err = p.room.Publish(p.ctx, id(h), "", "")
	v.wants(fault.Conflict, err)
	_, err = lead.room.SetState(lead.ctx, id(h), draft.Approved, "")
	v.wants(fault.Forbidden, err) // not handed in
	if _, err := p.room.SetState(p.ctx, id(h), draft.HandedIn, "请审"); err != nil {
		t.Fatal(err)
	}
	_, err = p.act(h, draft.Act{Kind: "undo"})
	v.wants(fault.Conflict, err)
	_, err = p.room.SetState(p.ctx, id(h), draft.Approved, "")
	v.wants(fault.Conflict, err)
	_, err = p.room.Publish(p.ctx, id(h), "", "")
	v.wants(fault.Conflict, err)
	approved, err := lead.room.SetState(lead.ctx, id(h), draft.Approved, "同意")
	if err != nil || approved.Approved == nil || approved.Approved.Name != "lead" {
		t.Fatalf("approved: %+v, %v", approved, err)
	}
	p.publish(h)
	v.proved()
}

func TestPublishedOnItsDay(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	_, err := p.room.Publish(p.ctx, id(h), "", "2020-01-01")
	v.wants(fault.Invalid, err)
	day := time.Now().In(draft.Zone).AddDate(0, 0, 3).Format(time.DateOnly)
	if _, err := p.room.Publish(p.ctx, id(h), "年底调整", day); err != nil {
		t.Fatal(err)
	}
	as := func(context.Context, int64) (context.Context, error) { return p.ctx, nil }
	if err := p.room.PublishDue(context.Background(), time.Now(), as); err != nil {
		t.Fatal(err)
	}
	if now, _ := p.room.Head(p.ctx, id(h)); now.State != draft.Scheduled {
		t.Fatalf("before its day it is %s", now.State)
	}
	if err := p.room.PublishDue(context.Background(), time.Now().AddDate(0, 0, 3), as); err != nil {
		t.Fatal(err)
	}
	if now, _ := p.room.Head(p.ctx, id(h)); now.State != draft.Published || now.Published == nil || *now.Published != 2 {
		t.Fatalf("on its day it is %+v", now)
	}
	v.proved()
}

func TestAnEarlierVersionAgain(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	before := v.live()
	h := p.begin()
	p.must(h, draft.Act{Kind: "merge", Grids: keysOf(p.grids(h, west))})
	p.publish(h)
	again, err := p.room.Begin(p.ctx, draft.Beginning{Division: townC, Name: "恢复", Begin: "version", Version: 1})
	if err != nil {
		t.Fatal(err)
	}
	p.publish(again)
	v.proved()
	now := v.live()
	for x, g := range before {
		for y, k := range before {
			if (g == k) != (now[x] == now[y]) {
				t.Fatalf("blocks %d and %d aren't together as they were", x, y)
			}
		}
	}
}
