package incident

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/division"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

// village is an office in a county with one village, four houses in a row from west to east, 300 people each, every one on a block a thousandth
// of a degree wide.
type village struct {
	*office
	reporter person
}

const (
	villageLon, villageLat = 116.97, 35.4
	step                   = 0.001
)

func newVillage(t *testing.T) *village {
	v := &village{office: empty(t)}
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := division.Put(ctx, tx, []division.Division{{Code: "370883100201", Name: "测试村", Residents: -1, Source: "t",
			Polygons: []planar.Polygon{{villageBox(0, 0, 40000, 10000)}}}}, nil)
		return err
	})
	for i := range int32(4) {
		v.build(i, i*10000+3000, i*10000+7000)
	}
	v.reporter = v.person("li", []access.Grant{{Role: access.Dispatcher, Code: "370883"}})
	return v
}

func villageBox(x0, y0, x1, y1 int32) planar.Ring {
	o := planar.FromDegrees(villageLon, villageLat)
	return planar.Ring{{X: o.X + x0, Y: o.Y + y0}, {X: o.X + x1, Y: o.Y + y0}, {X: o.X + x1, Y: o.Y + y1}, {X: o.X + x0, Y: o.Y + y1}}
}

func (v *village) tx(f func(context.Context, pgx.Tx) error) {
	v.Helper()
	if err := v.db.InTx(context.Background(), func(tx pgx.Tx) error { return f(context.Background(), tx) }); err != nil {
		v.Fatal(err)
	}
}

func (v *village) build(n, x0, x1 int32) {
	v.run(`INSERT INTO building (county, source, use, levels, residents, digest, geom) VALUES (370883, $1, 'residential', 6, 300, $2, ST_GeomFromEWKB($3))`,
		fmt.Sprintf("house/%d", n), []byte{byte(n)}, planar.MultiPolygonEWKB([]planar.Polygon{{villageBox(x0, 3000, x1, 7000)}}))
}

// plan draws the village and then puts its blocks, from west to east, into the grids that the test wants, by the four houses that were there first.
func (v *village) plan(ctx context.Context, tx pgx.Tx, grids [4]int32) (*layout.Proposal, error) {
	out, err := layout.Plan(ctx, tx, layout.Order{Division: "370883100201", Replace: true, Settings: layout.Settings{Target: 600, Tolerance: .15, Seed: 1}})
	if err != nil {
		return nil, err
	}
	p := out.Proposal
	west := planar.FromDegrees(villageLon, villageLat).X
	p.Grids = 0
	for i, b := range p.Blocks {
		low, high := b.Polygon[0][0].X, b.Polygon[0][0].X
		for _, q := range b.Polygon[0] {
			low, high = min(low, q.X), max(high, q.X)
		}
		p.Grid[i] = grids[(low-west+high-west)/20000]
		p.Grids = max(p.Grids, int(p.Grid[i])+1)
	}
	return p, nil
}

func (v *village) publish(grids [4]int32) {
	v.Helper()
	v.tx(func(ctx context.Context, tx pgx.Tx) error { return v.publishIn(ctx, tx, grids) })
}

func (v *village) publishIn(ctx context.Context, tx pgx.Tx, grids [4]int32) error {
	p, err := v.plan(ctx, tx, grids)
	if err == nil {
		_, err = layout.Publish(ctx, tx, p, layout.Author{By: "test"}, Retie)
	}
	return err
}

// at reports something so many block widths east of the village's border.
func (v *village) at(blocks float64, grid string) *Incident {
	v.Helper()
	return v.reporter.mustReport(v.reportAt(blocks, grid))
}

func (v *village) reportAt(blocks float64, grid string) Report {
	return Report{Kind: "road", Text: "路面塌陷", Lon: villageLon + blocks*step, Lat: villageLat + step/2, Grid: grid}
}

func (v *village) grid(i *Incident) (grid, filed int64, nearBorder bool) {
	v.Helper()
	err := v.db.Owner.QueryRow(context.Background(), `SELECT grid, filed_grid, near_border FROM incident WHERE county = $1 AND id = $2`,
		i.ID.County, i.ID.Number).Scan(&grid, &filed, &nearBorder)
	if err != nil {
		v.Fatal(err)
	}
	return grid, filed, nearBorder
}

// tied checks that every incident lies on a live block that holds it, and in that block's grid unless its neighbour was chosen and lives.
func (v *village) tied() {
	v.Helper()
	if n := v.number(`SELECT count(*) FROM incident i LEFT JOIN block b ON b.county = i.county AND b.id = i.block AND b.retired IS NULL AND ST_Covers(b.geom, i.geom)
		LEFT JOIN grid_block gb ON gb.county = i.county AND gb.block = b.id LEFT JOIN grid g ON g.county = i.county AND g.code = i.grid AND g.retired IS NULL
		WHERE b.id IS NULL OR g.code IS NULL OR NOT i.near_border AND i.grid IS DISTINCT FROM gb.grid`); n != 0 {
		v.Errorf("%d incidents aren't where their ground is", n)
	}
}

// An incident goes with its ground through splits, merges and new blocks; what it was filed under stays, and so does a neighbour that somebody chose,
// as long as it lives.
func TestIncidentsFollowTheirGround(t *testing.T) {
	v := newVillage(t)
	v.publish([4]int32{0, 0, 1, 1})
	const a, b = 370883100201001, 370883100201002
	first, second, fourth := v.at(.5, ""), v.at(1.5, ""), v.at(3.5, "")
	chosen, own, unasked := v.at(1.9, layout.Code(b).String()), v.at(1.9, layout.Code(a).String()), v.at(1.9, Nearest)
	all := []*Incident{first, second, fourth, chosen, own, unasked}
	check := func(when string, want ...int64) {
		t.Helper()
		v.tied()
		filed := []int64{a, a, b, b, a, a}
		for n, i := range all {
			if grid, under, _ := v.grid(i); grid != want[n] || under != filed[n] {
				t.Errorf("%s: incident %d is in %d, filed under %d, want %d and %d", when, n, grid, under, want[n], filed[n])
			}
		}
	}
	check("as filed", a, a, b, b, a, a)

	v.publish([4]int32{0, 1, 2, 2}) // a split: the western half keeps the code
	c := v.number(`SELECT grid FROM incident WHERE id = $1`, second.ID.Number)
	if c == a || c == b {
		t.Fatalf("the second house is in %d", c)
	}
	check("after a split", a, c, b, b, c, c)

	v.publish([4]int32{0, 0, 0, 1}) // a merger that leaves the neighbour only the fourth house
	check("after a merger", a, a, b, b, a, a)

	v.publish([4]int32{0, 0, 0, 0})
	check("after the neighbour retired", a, a, a, a, a, a)
	if _, _, nearBorder := v.grid(chosen); nearBorder {
		t.Error("the neighbour that was chosen is retired, and the choice isn't")
	}

	v.build(4, 38000, 39500) // so the blocks are made anew
	before := v.number(`SELECT block FROM incident WHERE id = $1`, fourth.ID.Number)
	v.publish([4]int32{0, 1, 1, 2})
	if after := v.number(`SELECT block FROM incident WHERE id = $1`, fourth.ID.Number); after == before {
		t.Fatal("no blocks were made anew")
	}
	v.tied()
	if n := v.number(`SELECT count(DISTINCT grid) FROM incident`); n != 3 {
		t.Errorf("they are in %d grids, want 3", n)
	}
}

// Where there is no ground any more, an incident stays with what was there last.
func TestIncidentsWithoutGround(t *testing.T) {
	v := newVillage(t)
	v.publish([4]int32{0, 0, 1, 1})
	i := v.at(3.95, "")
	v.run(`UPDATE incident SET geom = ST_SetSRID(ST_MakePoint(117.5, 35.4), 4326) WHERE id = $1`, i.ID.Number)
	v.build(4, 38000, 39500)
	v.publish([4]int32{0, 1, 1, 2})
	var block, grid int64
	err := v.db.Owner.QueryRow(context.Background(), `SELECT block, grid FROM incident WHERE id = $1`, i.ID.Number).Scan(&block, &grid)
	if err != nil || block != i.Block || grid != int64(i.Grid) {
		t.Errorf("block %d, grid %d (%v), want %d and %d", block, grid, err, i.Block, i.Grid)
	}
}

// waiting says that somebody waits for the lock of a county's incidents.
func (v *village) waiting() {
	v.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if v.number(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`) > 0 {
			return
		}
	}
	v.Fatal("nobody waited")
}

// A report that comes while a publication is about to commit is filed on the new version.
func TestReportWaitsForThePublication(t *testing.T) {
	v := newVillage(t)
	v.publish([4]int32{0, 0, 1, 1})
	v.at(.5, "")
	var filed *Incident
	done := make(chan error, 1)
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		if err := v.publishIn(ctx, tx, [4]int32{0, 1, 2, 2}); err != nil {
			return err
		}
		go func() {
			var err error
			filed, err = v.reporter.report(v.reportAt(1.5, ""))
			done <- err
		}()
		v.waiting()
		return nil
	})
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	v.tied()
	if n := v.number(`SELECT filed_version FROM incident WHERE id = $1`, filed.ID.Number); n != 2 || int64(filed.Grid) != v.number(`SELECT max(code) FROM grid`) {
		t.Errorf("filed in %v under version %d", filed.Grid, n)
	}
}

// A publication waits for a report that is about to commit, and takes it along.
func TestPublicationWaitsForTheReport(t *testing.T) {
	v := newVillage(t)
	v.publish([4]int32{0, 0, 1, 1})
	done := make(chan error, 1)
	err := v.db.InTx(v.reporter.ctx, func(tx pgx.Tx) error {
		if _, err := v.desk.Report(v.reporter.ctx, tx, v.reportAt(1.5, "")); err != nil {
			return err
		}
		go func() {
			done <- v.db.InTx(context.Background(), func(tx pgx.Tx) error { return v.publishIn(context.Background(), tx, [4]int32{0, 1, 2, 2}) })
		}()
		v.waiting()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	v.tied()
}
