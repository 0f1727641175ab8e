package draft_test

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/draft"
	"jingwei/internal/fault"
)

func TestPaintedBlocksChangeGridsAndComeBack(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	before := p.ground(h)
	grids := p.grids(h, west)
	given := p.blocks(h, grids[0].Key)[:2]
	done := p.must(h, draft.Act{Kind: "assign", Blocks: given, To: grids[1].Key})
	after := maps.Clone(before)
	for _, b := range given {
		after[b] = grids[1].Key
	}
	if now := p.ground(h); !maps.Equal(now, after) {
		t.Errorf("painted: %v", now)
	}
	sum := 0
	for _, g := range done.Grids {
		sum += g.Residents - g.Base.Residents
	}
	if len(done.Grids) != 2 || sum != 0 || done.Moved == 0 {
		t.Errorf("the answer names %d grids, residents differ by %d, %d moved", len(done.Grids), sum, done.Moved)
	}
	if done.Undo == nil || done.Redo != nil {
		t.Errorf("undo %+v, redo %+v", done.Undo, done.Redo)
	}
	if undone := p.must(h, draft.Act{Kind: "undo"}); undone.Moved != 0 || undone.Redo == nil || undone.Undo != nil {
		t.Errorf("undone: %d moved, undo %+v, redo %+v", undone.Moved, undone.Undo, undone.Redo)
	}
	if now := p.ground(h); !maps.Equal(now, before) {
		t.Errorf("undone: %v", now)
	}
	p.must(h, draft.Act{Kind: "redo"})
	if now := p.ground(h); !maps.Equal(now, after) {
		t.Errorf("done again: %v", now)
	}
	// Another server has it from the database alone.
	other := p
	other.town = &town{t, v.db, draft.New(v.db.App)}
	if now := other.ground(h); !maps.Equal(now, after) {
		t.Errorf("on another node: %v", now)
	}
}

func TestUndoAndRedoAreStacks(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	grids := p.grids(h, west)
	states := []map[int64]draft.Key{p.ground(h)}
	for i, b := range p.blocks(h, grids[0].Key)[:3] {
		p.must(h, draft.Act{Kind: "assign", Blocks: []int64{b}, To: grids[1+i%2].Key})
		states = append(states, p.ground(h))
	}
	check := func(what string, want int) {
		t.Helper()
		if now := p.ground(h); !maps.Equal(now, states[want]) {
			t.Errorf("%s: not state %d", what, want)
		}
	}
	for n := 2; n >= 0; n-- {
		p.must(h, draft.Act{Kind: "undo"})
		check("undo", n)
	}
	_, err := p.act(h, draft.Act{Kind: "undo"})
	v.wants(fault.Invalid, err)
	for n := 1; n <= 3; n++ {
		p.must(h, draft.Act{Kind: "redo"})
		check("redo", n)
	}
	p.must(h, draft.Act{Kind: "undo"})
	p.must(h, draft.Act{Kind: "undo"})
	p.must(h, draft.Act{Kind: "back", Seq: 3})
	check("back", 3)
	p.must(h, draft.Act{Kind: "undo"})
	check("undo of back", 1)
	p.must(h, draft.Act{Kind: "assign", Blocks: p.blocks(h, grids[0].Key)[:1], To: grids[2].Key})
	_, err = p.act(h, draft.Act{Kind: "redo"})
	v.wants(fault.Invalid, err) // something new was done since
}

func TestSplitMergeAndRedraw(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	merged := p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	var one *draft.Grid
	for _, g := range merged.Grids {
		if g.Blocks > 0 {
			one = g
		}
	}
	if one == nil || one.Residents != a.Residents+b.Residents || one.Parts != 1 {
		t.Fatalf("merged into %+v", one)
	}
	split := p.must(h, draft.Act{Kind: "split", Grid: one.Key, Into: 2})
	sum := 0
	for _, g := range split.Grids {
		sum += g.Residents
		if g.Parts != 1 || g.Residents < one.Residents*2/5 {
			t.Errorf("a half: %+v", g)
		}
	}
	if sum != one.Residents || len(split.Grids) != 2 {
		t.Errorf("split into %d grids of %d together, want %d", len(split.Grids), sum, one.Residents)
	}
	p.must(h, draft.Act{Kind: "merge", Grids: keysOf(p.grids(h, west))})
	redrawn := p.must(h, draft.Act{Kind: "redraw", Community: west})
	for _, g := range redrawn.Grids {
		if g.Blocks > 0 && g.Parts != 1 {
			t.Errorf("redrawn: %+v", g)
		}
	}
	total := 0
	for _, g := range p.open(h).Grids {
		total += g.Residents
	}
	if total != v.people() {
		t.Errorf("%d people in the draft's grids, want %d", total, v.people())
	}
}

func TestCutsDivideGroundAndPeople(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	before := p.ground(h)
	// Through the middle of the houses of column 2: refused until it is said that they may be cut.
	through := draft.Act{Kind: "cut", Line: [][2]float64{at(2.5, -0.2), at(2.5, 6.2)}}
	_, err := p.act(h, through)
	var cut *draft.BuildingsCut
	if !errors.As(err, &cut) || len(cut.Buildings) != rows {
		t.Fatalf("a line through %d houses: %v", rows, err)
	}
	for _, b := range cut.Buildings {
		if len(b.Outline) != 1 || len(b.Outline[0]) != 1 || len(b.Outline[0][0]) < 5 || b.Outline[0][0][0] != b.Outline[0][0][len(b.Outline[0][0])-1] {
			t.Fatalf("building %d has the outline %v", b.ID, b.Outline)
		}
		west, east := 180.0, -180.0
		for _, p := range b.Outline[0][0] {
			west, east = min(west, p[0]), max(east, p[0])
		}
		if x := through.Line[0][0]; x < west || x > east {
			t.Errorf("building %d stands between %v and %v, and the line runs at %v", b.ID, west, east, x)
		}
	}
	if !maps.Equal(p.ground(h), before) {
		t.Error("a refused cut left something behind")
	}
	through.CutBuildings = true
	done := p.must(h, through)
	if len(done.Patch.Reground) != 1 || done.Patch.Reground[0] != "370883100201" {
		t.Errorf("reground %v", done.Patch.Reground)
	}
	after := p.ground(h)
	if len(after) != len(before)+rows {
		t.Errorf("%d blocks became %d, want %d more", len(before), len(after), rows)
	}
	// A piece's number is nothing to anybody: sentences name it in words.
	piece := slices.Min(slices.Collect(maps.Keys(after)))
	for name, act := range map[string]draft.Act{
		"gone":       {Kind: "assign", Blocks: []int64{piece - 5}, To: after[piece]},
		"twice":      {Kind: "place", Assignment: []draft.Placed{{Block: piece, Grid: after[piece]}, {Block: piece, Grid: after[piece]}}},
		"of another": {Kind: "split", Grid: p.grids(h, east)[0].Key, Into: 2, Assignment: []draft.Placed{{Block: piece, Grid: after[piece]}}},
	} {
		_, err := p.act(h, act)
		if f := new(fault.Error); !errors.As(err, &f) || f.Code == fault.Internal || !strings.Contains(f.ZH, "切开后的一个单元") || !strings.Contains(f.EN, "a piece of a block that was cut") || strings.ContainsAny(f.EN, "-0123456789") {
			t.Errorf("a piece that is %s: %v", name, err)
		}
	}
	total := 0
	for _, g := range p.open(h).Grids {
		total += g.Residents
		if g.Parts != 1 {
			t.Errorf("a cut broke grid %s", g.Key)
		}
	}
	if total != v.people() {
		t.Errorf("%d people after the cut, want %d", total, v.people())
	}
	p.must(h, draft.Act{Kind: "undo"})
	if !maps.Equal(p.ground(h), before) {
		t.Error("undoing the cut didn't bring the ground back")
	}
	p.must(h, draft.Act{Kind: "redo"})
	if !maps.Equal(p.ground(h), after) {
		t.Error("the cut isn't what it was when it is done again")
	}
	other := p
	other.town = &town{t, v.db, draft.New(v.db.App)}
	if !maps.Equal(other.ground(h), after) {
		t.Error("another node cuts otherwise")
	}
}

func TestBadLinesChangeNothing(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	before, grid := p.ground(h), p.grids(h, west)[0]
	for name, line := range map[string][][2]float64{
		"no line":        nil,
		"one point":      {at(1, 1)},
		"one place":      {at(1, 1), at(1, 1)},
		"crosses itself": {at(-1, 1), at(9, 1), at(4, -1), at(4, 7)},
		"far away":       {{120, 40}, {120.1, 40.1}},
		"not on earth":   {{200, 100}, {0, 0}},
		"ends inside":    {at(float64(0)+0.2, 0.3), {grid.Label[0], grid.Label[1]}},
	} {
		_, err := p.act(h, draft.Act{Kind: "split-line", Grid: grid.Key, Line: line})
		if fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !maps.Equal(p.ground(h), before) || p.open(h).Head.Revision != 0 {
		t.Error("a bad line changed something")
	}
}

func TestLockedGroundStays(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	grids := p.grids(h, west)
	blocks := p.blocks(h, grids[0].Key)
	p.must(h, draft.Act{Kind: "lock", Grids: []draft.Key{grids[0].Key}})
	_, err := p.act(h, draft.Act{Kind: "assign", Blocks: blocks[:1], To: grids[1].Key})
	v.wants(fault.Invalid, err)
	_, err = p.act(h, draft.Act{Kind: "assign", Blocks: p.blocks(h, grids[1].Key)[:1], To: grids[0].Key})
	v.wants(fault.Invalid, err)
	_, err = p.act(h, draft.Act{Kind: "split", Grid: grids[0].Key, Into: 2})
	v.wants(fault.Invalid, err)
	p.must(h, draft.Act{Kind: "unlock", Grids: []draft.Key{grids[0].Key}})
	p.must(h, draft.Act{Kind: "lock", Blocks: blocks[:1]})
	_, err = p.act(h, draft.Act{Kind: "assign", Blocks: blocks[:1], To: grids[1].Key})
	v.wants(fault.Invalid, err)
	p.must(h, draft.Act{Kind: "assign", Blocks: blocks[1:2], To: grids[1].Key})
}

func TestBadActsChangeNothing(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	before := p.ground(h)
	a, b := p.grids(h, west)[0], p.grids(h, east)[0]
	for name, act := range map[string]draft.Act{
		"no such act":            {Kind: "explode"},
		"nothing chosen":         {Kind: "assign", To: a.Key},
		"a block that isn't":     {Kind: "assign", Blocks: []int64{999999}, To: a.Key},
		"a grid that isn't":      {Kind: "assign", Blocks: p.blocks(h, a.Key)[:1], To: 370883100201999},
		"a new grid that isn't":  {Kind: "assign", Blocks: p.blocks(h, a.Key)[:1], To: -7},
		"across a border":        {Kind: "assign", Blocks: p.blocks(h, a.Key)[:1], To: b.Key},
		"merged across a border": {Kind: "merge", Grids: []draft.Key{a.Key, b.Key}},
		"merged with itself":     {Kind: "merge", Grids: []draft.Key{a.Key, a.Key}},
		"split into one":         {Kind: "split", Grid: a.Key, Into: 1},
		"split into too many":    {Kind: "split", Grid: a.Key, Into: 21},
		"where it is":            {Kind: "assign", Blocks: p.blocks(h, a.Key)[:1], To: a.Key},
		"a long name":            {Kind: "rename", Grid: a.Key, Name: string(make([]byte, 300))},
		"no such kind":           {Kind: "special", Grid: a.Key, Special: "castle"},
		"back to the future":     {Kind: "back", Seq: 12},
	} {
		if _, err := p.act(h, act); err == nil || fault.CodeOf(err) == fault.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !maps.Equal(p.ground(h), before) || p.open(h).Head.Revision != 0 {
		t.Error("a bad act changed something")
	}
}

func TestForeignPlannersSeeAndTouchNothing(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	grids := p.grids(h, west)
	paint := draft.Act{Kind: "assign", Blocks: p.blocks(h, grids[0].Key)[:1], To: grids[1].Key}
	foreign := v.person("plan-x", access.Planner, "370883101")
	_, err := foreign.room.Head(foreign.ctx, id(h))
	v.wants(fault.NotFound, err)
	_, err = foreign.act(h, paint)
	v.wants(fault.NotFound, err)
	_, err = foreign.room.Begin(foreign.ctx, draft.Beginning{Division: townC, Name: "x"})
	v.wants(fault.Forbidden, err)
	if all, err := foreign.room.List(foreign.ctx, draft.Filter{}); err != nil || len(all) != 0 {
		t.Errorf("a foreign planner's list: %v, %v", all, err)
	}
	// A planner of one village has no business with a draft of the town.
	village := v.person("plan-w", access.Planner, "370883100201")
	_, err = village.room.Head(village.ctx, id(h))
	v.wants(fault.NotFound, err)
	// A colleague of the same town looks, and changes it once it is shared.
	colleague := v.planner("plan-b")
	_, err = colleague.act(h, paint)
	v.wants(fault.Forbidden, err)
	if _, err := p.room.Share(p.ctx, id(h), []string{"plan-b"}); err != nil {
		t.Fatal(err)
	}
	colleague.must(h, paint)
	_, err = p.room.Share(p.ctx, id(h), []string{"plan-x"})
	v.wants(fault.NotFound, err)
	leader := v.person("lead", access.Leader, "370883")
	_, err = leader.act(h, paint)
	v.wants(fault.Forbidden, err)
}

// Who only looks at a draft can't change it past this package either: the database refuses.
func TestTheDatabaseRefusesWhoOnlyLooks(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p, lead := v.planner("plan-a"), v.person("lead", access.Leader, "370883")
	h := p.begin()
	insert := func(who person) error {
		return v.db.InTx(who.ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(who.ctx, `INSERT INTO draft_block (county, draft, block, grid) VALUES ($1, $2, 1, 0)`, county, id(h).Number)
			return err
		})
	}
	if err := insert(lead); err == nil {
		t.Error("a leader moved a block")
	}
	if err := insert(v.person("plan-x", access.Planner, "370883101")); err == nil {
		t.Error("a planner of another town moved a block")
	}
	if err := insert(p); err != nil {
		t.Errorf("the planner: %v", err)
	}
}

func TestPreviewsChangeNothing(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	grids := p.grids(h, west)
	p.must(h, draft.Act{Kind: "rename", Grid: grids[1].Key, Name: "柳荫里"})
	before, ground := p.open(h), p.ground(h)
	for _, act := range []draft.Act{
		{Kind: "assign", Blocks: p.blocks(h, grids[0].Key)[:1], New: true},
		{Kind: "split", Grid: grids[0].Key, Into: 2},
		{Kind: "rename", Grid: grids[1].Key, Name: "槐树里"},
		{Kind: "lock", Grids: []draft.Key{grids[0].Key}},
		{Kind: "cut", Line: [][2]float64{at(2.5, -0.2), at(2.5, 6.2)}, CutBuildings: true},
	} {
		act.Revision, act.Preview = before.Head.Revision, true
		shown, err := p.room.Act(p.ctx, id(h), &act)
		if err != nil || shown.Saved || shown.Revision != before.Head.Revision {
			t.Errorf("%s: %+v, %v", act.Kind, shown, err)
		}
		now := p.open(h)
		if !maps.Equal(p.ground(h), ground) || !reflect.DeepEqual(now.Grids, before.Grids) || !reflect.DeepEqual(now.Problems, before.Problems) {
			t.Errorf("showing %s changed the draft", act.Kind)
		}
	}
	made := p.must(h, draft.Act{Kind: "assign", Blocks: p.blocks(h, grids[0].Key)[:1], New: true})
	if made.Patch.Blocks[0].Grid != -1 {
		t.Errorf("the first new grid is %s", made.Patch.Blocks[0].Grid)
	}
}

func TestAnActThatIsSentAgainIsDoneOnce(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	large := p.grids(h, west)[0]
	split := draft.Act{Kind: "split", Grid: large.Key, Into: 2, Request: "tab-1"}
	first := p.must(h, split)
	after := p.ground(h)
	split.Revision = 0 // as it was sent the first time
	again, err := p.room.Act(p.ctx, id(h), &split)
	if err != nil || again.Seq != first.Seq || again.Revision != first.Revision || !again.Saved || len(again.Missed) != 0 {
		t.Errorf("sent again: %+v, %v", again, err)
	}
	if !maps.Equal(p.ground(h), after) {
		t.Error("an act that was sent again was done again")
	}
	p.must(h, draft.Act{Kind: "undo", Request: "tab-2"})
	undone := p.ground(h)
	if again, err = p.room.Act(p.ctx, id(h), &draft.Act{Kind: "undo", Revision: first.Revision, Request: "tab-2"}); err != nil || again.Revision != first.Revision+1 {
		t.Errorf("an undo sent again: %+v, %v", again, err)
	}
	// The split's answer comes only now: its blocks are told as they are, not as the split left them.
	if again, err = p.room.Act(p.ctx, id(h), &split); err != nil || len(again.Missed) != 1 {
		t.Fatalf("the split sent again after its undo: %+v, %v", again, err)
	}
	for _, b := range again.Patch.Blocks {
		if b.Grid != undone[b.Key] {
			t.Errorf("block %d is told to be in %s, and is in %s", b.Key, b.Grid, undone[b.Key])
		}
	}
	if !maps.Equal(p.ground(h), undone) {
		t.Error("an act that was undone was done again")
	}
	// Names are each sender's own.
	other := v.planner("plan-b")
	if _, err := p.room.Share(p.ctx, id(h), []string{other.name}); err != nil {
		t.Fatal(err)
	}
	if theirs := other.must(h, draft.Act{Kind: "rename", Grid: large.Key, Name: "柳荫里", Request: "tab-1"}); theirs.Seq <= again.Revision {
		t.Errorf("another planner's act was taken for one that was done: %+v", theirs)
	}
}
