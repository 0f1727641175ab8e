package draft_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/draft"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// withEntrances gives every third house two or three entrances, at its corners.
func (v *town) withEntrances() {
	v.Helper()
	v.tx(context.Background(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO entrance (county, building, ref, geom)
			SELECT county, id, n || '单元', ST_SetSRID(ST_MakePoint(ST_XMin(geom) + n * (ST_XMax(geom) - ST_XMin(geom)) / 4, (ST_YMin(geom) + ST_YMax(geom)) / 2), 4326)
			FROM building, generate_series(1, 2 + (id % 2)::int) n WHERE id % 3 = 0`)
		return err
	})
}

// micro are a grid's micro-grids as the draft has them.
func (p person) micro(h *draft.Head, k draft.Key) *draft.MicroGrids {
	p.Helper()
	m, err := p.room.MicroGrids(p.ctx, id(h), k)
	if err != nil {
		p.Fatal(err)
	}
	return m
}

// in is home → micro-grid.
func in(m *draft.MicroGrids) map[layout.HomeKey]int {
	out := make(map[layout.HomeKey]int)
	for _, h := range m.Homes {
		out[h.HomeKey] = h.Micro
	}
	return out
}

// lives is what the layout has of micro-grids at a version, 0 being what is live.
func (v *town) lives(version int) *layout.MicroLayout {
	v.Helper()
	var m *layout.MicroLayout
	v.tx(context.Background(), func(ctx context.Context, tx pgx.Tx) (err error) {
		m, err = layout.MicroAt(ctx, tx, county, []int64{west, east}, version)
		return err
	})
	return m
}

// of are the homes of a micro-grid.
func of(m *draft.MicroGrids, number int) (out []layout.HomeKey) {
	for _, h := range m.Homes {
		if h.Micro == number {
			out = append(out, h.HomeKey)
		}
	}
	return out
}

func TestMicroGridsArePlannedChangedUndoneAndPublished(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	v.withEntrances()
	p := v.planner("plan-a")
	h := p.begin()
	g := p.grids(h, west)[0]
	if m := p.micro(h, g.Key); len(m.Micro) != 0 || len(m.Homes) == 0 || m.Without == 0 {
		t.Fatalf("before anything is planned: %+v", m)
	}
	done := p.must(h, draft.Act{Kind: "micro-plan", Grid: g.Key})
	planned := p.micro(h, g.Key)
	households, residents := 0, 0
	for _, m := range planned.Micro {
		households, residents = households+m.Households, residents+m.Residents
		if want := map[bool]string{true: "in", false: "over"}[m.Households <= 50]; m.Households >= 30 && m.Band != want || m.Households < 30 && m.Band != "under" {
			t.Errorf("micro-grid %d of %d households is %q", m.Number, m.Households, m.Band)
		}
	}
	if planned.Without != 0 || residents != g.Residents || len(planned.Micro) < 3 {
		t.Errorf("planned for %d people: %d in %d micro-grids, %d households in none", g.Residents, residents, len(planned.Micro), planned.Without)
	}
	if !strings.Contains(done.Text.ZH, fmt.Sprintf("划分为 %d 个微网格", len(planned.Micro))) {
		t.Errorf("the journal says %q", done.Text.ZH)
	}

	from, to := planned.Micro[0].Number, planned.Micro[1].Number
	moved := of(planned, from)[0]
	p.must(h, draft.Act{Kind: "micro-move", Grid: g.Key, Homes: []layout.HomeKey{moved}, Micro: to})
	if now := in(p.micro(h, g.Key)); now[moved] != to {
		t.Errorf("moved to %d, it is in %d", to, now[moved])
	}
	p.must(h, draft.Act{Kind: "undo"})
	if now := in(p.micro(h, g.Key)); !maps.Equal(now, in(planned)) {
		t.Errorf("undone, and not as before")
	}
	p.must(h, draft.Act{Kind: "redo"})
	last := slices.MaxFunc(planned.Micro, func(a, b draft.MicroGrid) int { return a.Number - b.Number }).Number
	p.must(h, draft.Act{Kind: "micro-move", Grid: g.Key, Homes: []layout.HomeKey{moved}, New: true})
	p.must(h, draft.Act{Kind: "micro-name", Grid: g.Key, Micro: last + 1, Name: "银杏院"})
	p.must(h, draft.Act{Kind: "micro-merge", Grid: g.Key, Micros: []int{from, to}})
	want := p.micro(h, g.Key)
	if in(want)[moved] != last+1 || len(of(want, from))*len(of(want, to)) != 0 || len(of(want, from))+len(of(want, to)) == 0 {
		t.Errorf("after a new one and a merge: %+v", want.Micro)
	}
	other := p
	other.town = &town{t, v.db, draft.New(v.db.App)}
	if got := other.micro(h, g.Key); !maps.Equal(in(got), in(want)) {
		t.Error("another node sees other micro-grids")
	}

	c, err := p.room.Changes(p.ctx, id(h), 0)
	if err != nil || len(c.Micro) != 1 || c.Micro[0].Grid != g.Key || c.Micro[0].Before != 0 || c.Micro[0].After != len(want.Micro) || c.Micro[0].Households != households || c.Micro[0].Named != 1 {
		t.Errorf("the table of changes has %+v, %v", c.Micro, err)
	}
	p.publish(h)
	v.proved()
	code, _ := g.Key.Code()
	live := v.lives(0)
	for home, n := range in(want) {
		if live.In[home] != (layout.MicroKey{Grid: code, Number: n}) {
			t.Errorf("live, %v is in %v, want %d", home, live.In[home], n)
		}
	}
	if len(live.In) != len(in(want)) || live.Names[layout.MicroKey{Grid: code, Number: last + 1}] != "银杏院" || len(v.lives(1).In) != 0 {
		t.Errorf("live: %d homes, names %v; at version 1: %d", len(live.In), live.Names, len(v.lives(1).In))
	}

	again := p.begin()
	if got := p.micro(again, g.Key); !maps.Equal(in(got), in(want)) || !slices.ContainsFunc(got.Micro, func(m draft.MicroGrid) bool { return m.Name == "银杏院" }) {
		t.Errorf("a new draft doesn't begin with what is live: %+v", got.Micro)
	}
}

// TestBlocksLeaveTheirMicroGrids: homes on a block that goes to another grid are in no micro-grid; the draft says so, offers a way, can be published
// all the same, and the past stays what it was.
func TestBlocksLeaveTheirMicroGrids(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "micro-plan", Grid: a.Key})
	p.must(h, draft.Act{Kind: "micro-plan", Grid: b.Key})
	p.publish(h)
	was := v.lives(2)

	h = p.begin()
	var moved int64
	homes := p.micro(h, a.Key).Homes
	for _, home := range homes { // one that leaves both grids whole
		if _, err := p.act(h, draft.Act{Kind: "assign", Blocks: []int64{home.Block}, To: b.Key}); err == nil {
			if d := p.open(h); len(d.Problems) == 0 || !d.Problems[0].Forbids {
				moved = home.Block
				break
			}
			p.must(h, draft.Act{Kind: "undo"})
		}
	}
	if moved == 0 {
		t.Fatal("no block can change hands")
	}
	find := func(k draft.Key) *draft.Problem {
		for _, q := range p.open(h).Problems {
			if q.ID == "micro:"+k.String() {
				return &q
			}
		}
		return nil
	}
	q := find(b.Key)
	at := slices.IndexFunc(homes, func(x draft.MicroHome) bool { return x.Block == moved })
	if q == nil || q.Forbids || !q.Fixable || !strings.Contains(q.Text.EN, fmt.Sprintf("has %d households in no micro-grid", homes[at].Households)) || find(a.Key) != nil {
		t.Fatalf("the problem is %+v, of the other grid %+v", q, find(a.Key))
	}
	p.must(h, draft.Act{Kind: "undo"})
	if find(b.Key) != nil || !maps.Equal(in(p.micro(h, a.Key)), fromLive(was, a.Key)) {
		t.Error("undone, the home isn't back in its micro-grid")
	}
	p.must(h, draft.Act{Kind: "redo"})
	remedies, _, err := p.room.Remedies(p.ctx, id(h), q.ID)
	if err != nil || len(remedies) != 1 || !remedies[0].Solves {
		t.Fatalf("remedies: %+v, %v", remedies, err)
	}
	if _, err := p.room.Act(p.ctx, id(h), remedies[0].Act); err != nil || find(b.Key) != nil {
		t.Errorf("the remedy: %v, then %+v", err, find(b.Key))
	}
	p.must(h, draft.Act{Kind: "undo"})
	p.publish(h)
	v.proved()
	now := v.lives(0)
	for home, k := range was.In {
		if got, want := now.In[home], k; home.Block == moved && got != (layout.MicroKey{}) || home.Block != moved && got != want {
			t.Errorf("%v was in %v and is in %v", home, want, got)
		}
	}
	if then := v.lives(2); !maps.Equal(then.In, was.In) {
		t.Error("version 2 isn't what it was")
	}

	back, err := p.room.Begin(p.ctx, draft.Beginning{Division: townC, Name: "回到", Begin: "version", Version: 2})
	if err != nil {
		t.Fatal(err)
	}
	p.publish(back)
	if !maps.Equal(v.lives(0).In, was.In) {
		t.Error("going back to version 2 doesn't bring its micro-grids back")
	}
	v.proved()
}

func fromLive(m *layout.MicroLayout, k draft.Key) map[layout.HomeKey]int {
	out := make(map[layout.HomeKey]int)
	for h, to := range m.In {
		if draft.Key(to.Grid) == k {
			out[h] = to.Number
		}
	}
	return out
}

// TestCutBlocksKeepTheirMicroGrids: the pieces of a block that is cut have its homes, in the micro-grids where they were, and they are published so.
func TestCutBlocksKeepTheirMicroGrids(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	v.withEntrances()
	p := v.planner("plan-a")
	h := p.begin()
	g := p.grids(h, west)[0]
	p.must(h, draft.Act{Kind: "micro-plan", Grid: g.Key})
	before := p.micro(h, g.Key)
	home := before.Homes[slices.IndexFunc(before.Homes, func(x draft.MicroHome) bool { return x.Entrance == "" })]
	var entered draft.MicroHome
	for _, x := range before.Homes {
		if x.Entrance == "1单元" {
			entered = x
		}
	}
	lon, lat := home.At[0], home.At[1]+1e-6 // through the house, from west to east
	p.must(h, draft.Act{Kind: "cut", Line: [][2]float64{{lon - .0008, lat}, {lon + .0008, lat}}, CutBuildings: true})
	lon, lat = entered.At[0]+.00005, entered.At[1] // between two entrances, from south to north
	p.must(h, draft.Act{Kind: "cut", Line: [][2]float64{{lon, lat - .0008}, {lon, lat + .0008}}, CutBuildings: true})
	after := p.micro(h, g.Key)
	count := func(m *draft.MicroGrids) (homes map[string]bool, households, residents int) {
		homes = make(map[string]bool)
		for _, x := range m.Homes {
			homes[fmt.Sprintf("%d %s in %d", x.Building, x.Entrance, x.Micro)] = true
			households, residents = households+x.Households, residents+x.Residents
		}
		return homes, households, residents
	}
	hb, nb, rb := count(before)
	ha, na, ra := count(after)
	pieces := 0
	for _, x := range after.Homes {
		if x.Block < 0 {
			pieces++
		}
	}
	for x := range hb {
		if !ha[x] {
			t.Errorf("cut, %s is gone", x)
		}
	}
	if na != nb || ra != rb || after.Without != 0 || pieces < 3 {
		t.Errorf("%d households, %d people, %d in none, %d homes on pieces; before %d and %d", na, ra, after.Without, pieces, nb, rb)
	}
	p.must(h, draft.Act{Kind: "undo"})
	p.must(h, draft.Act{Kind: "redo"})
	p.publish(h)
	v.proved()
	again := p.micro(p.begin(), g.Key)
	hc, nc, rc := count(again)
	if !maps.Equal(ha, hc) || nc != na || rc != ra || again.Without != 0 {
		t.Errorf("published: %d households, %d people, %d in none; in the draft %d and %d\n%v\n%v", nc, rc, again.Without, na, ra, ha, hc)
	}
}

func TestMicroActsThatCantBe(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "micro-plan", Grid: a.Key})
	there, elsewhere := p.micro(h, a.Key), p.micro(h, b.Key)
	mine, foreign := there.Homes[0].HomeKey, elsewhere.Homes[0].HomeKey
	gone := draft.Key(370883100201999)
	for name, c := range map[string]struct {
		act  draft.Act
		code fault.Code
	}{
		"a grid that isn't there":            {draft.Act{Kind: "micro-plan", Grid: gone}, fault.Conflict},
		"no grid":                            {draft.Act{Kind: "micro-plan"}, fault.Conflict},
		"no home":                            {draft.Act{Kind: "micro-move", Grid: a.Key, Micro: 1}, fault.Invalid},
		"a home of another grid":             {draft.Act{Kind: "micro-move", Grid: a.Key, Homes: []layout.HomeKey{mine, foreign}, Micro: 1}, fault.Conflict},
		"a home that isn't there":            {draft.Act{Kind: "micro-move", Grid: a.Key, Homes: []layout.HomeKey{{Block: 1 << 40}}, Micro: 1}, fault.Conflict},
		"a micro-grid that isn't there":      {draft.Act{Kind: "micro-move", Grid: a.Key, Homes: []layout.HomeKey{mine}, Micro: 77}, fault.Conflict},
		"a micro-grid under nothing":         {draft.Act{Kind: "micro-move", Grid: a.Key, Homes: []layout.HomeKey{mine}, Micro: -1}, fault.Conflict},
		"where it is":                        {draft.Act{Kind: "micro-move", Grid: a.Key, Homes: []layout.HomeKey{mine}, Micro: there.Homes[0].Micro}, fault.Invalid},
		"one is no merge":                    {draft.Act{Kind: "micro-merge", Grid: a.Key, Micros: []int{1}}, fault.Invalid},
		"twice the same":                     {draft.Act{Kind: "micro-merge", Grid: a.Key, Micros: []int{1, 1}}, fault.Invalid},
		"merged with none":                   {draft.Act{Kind: "micro-merge", Grid: a.Key, Micros: []int{1, 0}}, fault.Conflict},
		"a name of two lines":                {draft.Act{Kind: "micro-name", Grid: a.Key, Micro: 1, Name: "a\nb"}, fault.Invalid},
		"a name that is too long":            {draft.Act{Kind: "micro-name", Grid: a.Key, Micro: 1, Name: strings.Repeat("长", 61)}, fault.Invalid},
		"a name for a micro-grid that isn't": {draft.Act{Kind: "micro-name", Grid: a.Key, Micro: 77, Name: "x"}, fault.Conflict},
		"a name for what no grid has":        {draft.Act{Kind: "micro-name", Grid: b.Key, Micro: 1, Name: "x"}, fault.Conflict},
		"to a grid that has no micro-grids":  {draft.Act{Kind: "micro-move", Grid: b.Key, Homes: []layout.HomeKey{foreign}, Micro: 1}, fault.Conflict},
	} {
		if _, err := p.act(h, c.act); err == nil || fault.CodeOf(err) != c.code {
			t.Errorf("%s: want %s, got %v", name, c.code, err)
		}
	}
	p.must(h, draft.Act{Kind: "lock", Grids: []draft.Key{a.Key}})
	_, err := p.act(h, draft.Act{Kind: "micro-plan", Grid: a.Key})
	v.wants(fault.Invalid, err)
	if now := p.micro(h, a.Key); !maps.Equal(in(now), in(there)) {
		t.Error("what was refused changed something")
	}
}

// TestTwoPlannersMoveHomes: different homes go together, the same home is the first one's.
func TestTwoPlannersMoveHomes(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	a, b := v.planner("plan-a"), v.planner("plan-b")
	h := a.begin()
	if _, err := a.room.Share(a.ctx, id(h), []string{"plan-b"}); err != nil {
		t.Fatal(err)
	}
	g := a.grids(h, west)[0]
	done := a.must(h, draft.Act{Kind: "micro-plan", Grid: g.Key})
	m := a.micro(h, g.Key)
	first, to := of(m, m.Micro[0].Number), m.Micro[1].Number
	move := func(p person, home layout.HomeKey, to int) error {
		_, err := p.room.Act(p.ctx, id(h), &draft.Act{Kind: "micro-move", Grid: g.Key, Homes: []layout.HomeKey{home}, Micro: to, Revision: done.Revision})
		return err
	}
	second := of(m, m.Micro[2].Number)
	if err := move(a, first[0], to); err != nil {
		t.Fatal(err)
	}
	if err := move(b, second[0], to); err != nil {
		t.Errorf("another home: %v", err)
	}
	v.wants(fault.Conflict, move(b, first[0], m.Micro[2].Number))
	if now := in(a.micro(h, g.Key)); now[first[0]] != to || now[second[0]] != to {
		t.Errorf("in %d and %d, want %d", now[first[0]], now[second[0]], to)
	}
}

// TestMicroGridsPublishedMeanwhile: a draft doesn't take the place of micro-grids that were published since it was begun before its planner has seen to it.
func TestMicroGridsPublishedMeanwhile(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	a, b := v.planner("plan-a"), v.planner("plan-b")
	mine, theirs := a.begin(), b.begin()
	g := a.grids(mine, west)[0]
	a.must(mine, draft.Act{Kind: "micro-plan", Grid: g.Key, Seed: 1})
	b.must(theirs, draft.Act{Kind: "micro-plan", Grid: g.Key, Seed: 2})
	m := b.micro(theirs, g.Key)
	b.must(theirs, draft.Act{Kind: "micro-merge", Grid: g.Key, Micros: []int{m.Micro[0].Number, m.Micro[1].Number}})
	b.publish(theirs)
	want := in(a.micro(mine, g.Key))
	_, err := a.room.Publish(a.ctx, id(mine), "", "")
	v.wants(fault.Conflict, err)
	if _, err := a.room.Rebase(a.ctx, id(mine), nil); err != nil {
		t.Fatal(err)
	}
	a.publish(mine)
	if got := fromLive(v.lives(0), g.Key); !maps.Equal(got, want) {
		t.Errorf("published after it was brought onto what is live: %v, want %v", got, want)
	}
	v.proved()
}

// TestTheDatabaseRefusesMicroGridsThatCross, whoever writes.
func TestTheDatabaseRefusesMicroGridsThatCross(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "micro-plan", Grid: a.Key})
	p.publish(h)
	foreign := p.blocks(p.begin(), b.Key)[0]
	for name, c := range map[string]struct{ sql, state string }{
		"a home of another grid": {fmt.Sprintf(`INSERT INTO micro_home SELECT county, %d, 1, '', grid, number, since FROM micro_home LIMIT 1`, foreign), "JW002"},
		"a home moved to it":     {fmt.Sprintf(`UPDATE micro_home SET block = %d WHERE ctid = (SELECT ctid FROM micro_home LIMIT 1)`, foreign), "JW002"},
		"its block moved":        {fmt.Sprintf(`UPDATE grid_block SET grid = %d WHERE block = (SELECT block FROM micro_home LIMIT 1)`, int64(b.Key)), "JW002"},
		"an empty micro-grid":    {`INSERT INTO micro_grid SELECT county, grid, 900, '', since FROM micro_grid LIMIT 1`, "JW002"},
		"one that is left empty": {`DELETE FROM micro_home WHERE number = (SELECT min(number) FROM micro_grid)`, "JW002"},
		"one that isn't there":   {`UPDATE micro_home SET number = 901`, "23503"},
		"a past that is emptied": {`TRUNCATE micro_home_past`, "JW003"},
	} {
		_, err := v.db.Owner.Exec(context.Background(), c.sql)
		if err == nil || !strings.Contains(err.Error(), c.state) {
			t.Errorf("%s: want %s, got %v", name, c.state, err)
		}
	}
	v.proved()
}
