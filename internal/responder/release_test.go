package responder

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

// village is an office in a county with one village, four houses in a row from west to east, 300 people each, every one on a block of its own.
type village struct {
	*office
	released []Released // by the last publication
}

func newVillage(t *testing.T) *village {
	v := &village{office: empty(t)}
	ctx := context.Background()
	err := v.db.InTx(ctx, func(tx pgx.Tx) error {
		_, err := division.Put(ctx, tx, []division.Division{{Code: "370883100201", Name: "测试村", Residents: -1, Source: "t",
			Polygons: []planar.Polygon{{box(0, 0, 40000, 10000)}}}}, nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range int32(4) {
		v.run(`INSERT INTO building (county, source, use, levels, residents, digest, geom) VALUES (370883, $1, 'residential', 6, 300, $2, ST_GeomFromEWKB($3))`,
			fmt.Sprintf("house/%d", i), []byte{byte(i)}, planar.MultiPolygonEWKB([]planar.Polygon{{box(i*10000+3000, 3000, i*10000+7000, 7000)}}))
	}
	return v
}

func box(x0, y0, x1, y1 int32) planar.Ring {
	o := planar.FromDegrees(116.97, 35.4)
	return planar.Ring{{X: o.X + x0, Y: o.Y + y0}, {X: o.X + x1, Y: o.Y + y0}, {X: o.X + x1, Y: o.Y + y1}, {X: o.X + x0, Y: o.Y + y1}}
}

// publishIn draws the village and puts its blocks, from west to east, into the grids that the test wants.
func (v *village) publishIn(ctx context.Context, tx pgx.Tx, grids [4]int32) error {
	out, err := layout.Plan(ctx, tx, layout.Order{Division: "370883100201", Replace: true, Settings: layout.Settings{Target: 600, Tolerance: .15, Seed: 1}})
	if err != nil {
		return err
	}
	p := out.Proposal
	west := planar.FromDegrees(116.97, 35.4).X
	p.Grids = 0
	for i, b := range p.Blocks {
		low, high := b.Polygon[0][0].X, b.Polygon[0][0].X
		for _, q := range b.Polygon[0] {
			low, high = min(low, q.X), max(high, q.X)
		}
		p.Grid[i] = grids[(low-west+high-west)/20000]
		p.Grids = max(p.Grids, int(p.Grid[i])+1)
	}
	v.released = nil
	release := Release{Trail: v.roll.Trail, Tell: func(r []Released) { v.released = r }}
	_, err = layout.Publish(ctx, tx, p, layout.Author{By: "test"}, release.Also)
	return err
}

func (p person) publish(v *village, grids [4]int32) {
	p.Helper()
	if err := p.tx(func(tx pgx.Tx) error { return v.publishIn(p.ctx, tx, grids) }); err != nil {
		p.Fatal(err)
	}
}

// A posting goes with its grid's code through splits and moved borders; when the grid retires it ends, and who held it is named, free when
// nothing else is left to them. New grids are vacancies.
func TestReleaseAtAPublication(t *testing.T) {
	v := newVillage(t)
	p := v.person("planner", access.Planner, "370883")
	stranger := v.person("stranger", access.Planner, "110108")
	const a, b = layout.Code(370883100201001), layout.Code(370883100201002)
	p.publish(v, [4]int32{0, 0, 1, 1})
	li, wang, chief := p.worker("演示李", "370883100201"), p.worker("演示王", "370883100201"), p.worker("演示长", "370883")
	p.gives(a, Worker, li)
	p.gives(b, Worker, wang)
	p.gives(a, Leader, chief)
	p.gives(b, Leader, chief)

	p.publish(v, [4]int32{0, 1, 2, 2}) // a split: the western half keeps the code, the new grid has nobody
	if len(v.released) != 0 {
		t.Errorf("nobody's grid is gone, and %+v are named", v.released)
	}
	holders := p.holdersIn("370883", Worker)
	if len(holders) != 3 || holders[a] != "演示李" || holders[b] != "演示王" {
		t.Errorf("after a split the workers are %v", holders)
	}

	p.publish(v, [4]int32{0, 0, 0, 0}) // b has most people and keeps its code, a retires
	want := []Released{{a, Worker, li, "演示李", 0}, {a, Leader, chief, "演示长", 1}}
	if got := v.released; !slices.Equal(got, want) {
		t.Errorf("released: %+v, want %+v", got, want)
	}
	if got := p.names(Filter{Within: "370883", Free: true}); len(got) != 1 || got[0] != "演示李" {
		t.Errorf("free: %v", got)
	}
	if n := v.number(`SELECT count(*) FROM posting p JOIN grid g ON g.county = p.county AND g.code = p.grid WHERE g.retired IS NOT NULL AND (p.until IS NULL OR p.until > current_date)`); n != 0 {
		t.Errorf("%d postings go on in grids that are gone", n)
	}
	if n := v.number(`SELECT count(*) FROM audit_entry WHERE action = $1 AND details::text LIKE '%370883100201001 worker%' AND (details->>'version')::int = 3`, audit.PostEnded); n != 1 {
		t.Errorf("the trail tells of it %d times, want once", n)
	}
	_, err := p.assign(Assignment{Grid: a, Post: Worker, Responder: li})
	v.isFault(err, fault.NotFound, "")

	// Whoever publishes, it ends; who may not see them isn't told whose.
	p.publish(v, [4]int32{0, 0, 1, 1})
	c := layout.Code(v.number(`SELECT max(code) FROM grid WHERE retired IS NULL`))
	p.gives(c, Worker, li)
	if got := p.names(Filter{Within: "370883", Free: true}); len(got) != 0 {
		t.Errorf("free: %v", got)
	}
	stranger.publish(v, [4]int32{0, 0, 0, 0})
	if len(v.released) != 0 {
		t.Errorf("a stranger is told of %+v", v.released)
	}
	if got := p.names(Filter{Within: "370883", Free: true}); len(got) != 1 || got[0] != "演示李" {
		t.Errorf("free: %v", got)
	}
}

// Who gives a post while the grid is about to be retired waits, and is told then; it isn't left with a grid that is gone.
func TestAssignWaitsForThePublication(t *testing.T) {
	v := newVillage(t)
	p := v.person("planner", access.Planner, "370883")
	p.publish(v, [4]int32{0, 0, 1, 1})
	const b = layout.Code(370883100201002)
	li := p.worker("演示李", "370883100201")
	done := make(chan error, 1)
	err := p.tx(func(tx pgx.Tx) error {
		if err := v.publishIn(p.ctx, tx, [4]int32{0, 0, 0, 0}); err != nil {
			return err
		}
		go func() {
			_, err := p.assign(Assignment{Grid: b, Post: Worker, Responder: li})
			done <- err
		}()
		v.until(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	v.isFault(<-done, fault.NotFound, "")
	if n := v.number(`SELECT count(*) FROM posting`); n != 0 {
		t.Errorf("%d postings of a grid that is gone", n)
	}
}

// until waits for a number that isn't 0.
func (v *village) until(sql string) {
	v.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if v.number(sql) > 0 {
			return
		}
	}
	v.Fatal("nobody waited")
}
