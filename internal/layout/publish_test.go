package layout_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

// village is a county with one village on record, four houses in a row from west to east, 300 people each.
type village struct {
	t  *testing.T
	db *postgres.DB
}

const (
	county    = 370883
	community = 370883100201
)

func newVillage(t *testing.T) *village {
	t.Parallel()
	v := &village{t, pgtest.New(t)}
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := division.Put(ctx, tx, []division.Division{{Code: "370883100201", Name: "测试村", Residents: -1, Source: "t",
			Polygons: []planar.Polygon{{box(0, 0, 40000, 10000)}}}}, nil)
		if err != nil {
			return err
		}
		for i := range int32(4) {
			house := box(i*10000+3000, 3000, i*10000+7000, 7000)
			_, err := tx.Exec(ctx, `INSERT INTO building (county, source, use, levels, residents, digest, geom)
				VALUES ($1, $2, 'residential', 6, 300, $3, ST_GeomFromEWKB($4))`,
				county, fmt.Sprintf("house/%d", i), []byte{byte(i)}, planar.MultiPolygonEWKB([]planar.Polygon{{house}}))
			if err != nil {
				return err
			}
		}
		return nil
	})
	return v
}

func box(x0, y0, x1, y1 int32) planar.Ring {
	const x, y = 1169700000, 354000000
	return planar.Ring{{X: x + x0, Y: y + y0}, {X: x + x1, Y: y + y0}, {X: x + x1, Y: y + y1}, {X: x + x0, Y: y + y1}}
}

func (v *village) tx(f func(context.Context, pgx.Tx) error) {
	v.t.Helper()
	if err := v.db.InTx(context.Background(), func(tx pgx.Tx) error { return f(context.Background(), tx) }); err != nil {
		v.t.Fatal(err)
	}
}

// plan draws the village and then puts the houses, from west to east, into the grids that the test wants.
func (v *village) plan(replace bool, grids ...int32) *layout.Proposal {
	v.t.Helper()
	var p *layout.Proposal
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		out, err := layout.Plan(ctx, tx, layout.Order{Division: "370883100201", Replace: replace,
			Settings: layout.Settings{Target: 600, Tolerance: .15, Seed: 1}})
		if err != nil {
			return err
		}
		p = out.Proposal
		return nil
	})
	if p == nil || len(p.Blocks) != len(grids) {
		v.t.Fatalf("proposal %+v, want one of %d blocks", p, len(grids))
	}
	p.Grids = 0
	for i, b := range p.Blocks {
		p.Grid[i] = grids[int((b.Polygon[0][0].X-box(0, 0, 1, 1)[0].X)+500)/10000]
		p.Grids = max(p.Grids, int(p.Grid[i])+1)
	}
	return p
}

func (v *village) publish(p *layout.Proposal) (done *layout.Publication, err error) {
	err = v.db.InTx(context.Background(), func(tx pgx.Tx) (err error) {
		done, err = layout.Publish(context.Background(), tx, p, layout.Author{By: "test"})
		return err
	})
	return done, err
}

func (v *village) mustPublish(p *layout.Proposal) *layout.Publication {
	v.t.Helper()
	done, err := v.publish(p)
	if err != nil {
		v.t.Fatal(err)
	}
	return done
}

func TestPublishingTwoOfTheSameBase(t *testing.T) {
	v := newVillage(t)
	first, second := v.plan(false, 0, 0, 1, 1), v.plan(false, 0, 1, 1, 1)
	v.mustPublish(first)
	_, err := v.publish(second)
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Conflict {
		t.Fatalf("publishing on a version that isn't live any more: %v", err)
	}
	if got := v.grids(); !reflect.DeepEqual(got, map[int64]int{community*1000 + 1: 600, community*1000 + 2: 600}) {
		t.Errorf("the refused proposal left something behind: %v", got)
	}
}

func TestASplitAndAMergerKeepCodesAndHistory(t *testing.T) {
	v := newVillage(t)
	v.mustPublish(v.plan(false, 0, 0, 1, 1))

	// The eastern grid is split; the western one stays as it is.
	split := v.mustPublish(v.plan(true, 0, 0, 1, 2))
	west, east, new := layout.Code(community*1000+1), layout.Code(community*1000+2), layout.Code(community*1000+3)
	want := []layout.Descent{
		{From: west, To: west, Kind: layout.Unchanged, Blocks: 2, Houses: 2, Residents: 600},
		{From: east, To: east, Kind: layout.Split, Blocks: 1, Houses: 1, Residents: 300},
		{From: east, To: new, Kind: layout.Split, Blocks: 1, Houses: 1, Residents: 300},
	}
	if !reflect.DeepEqual(split.Lineage, want) {
		t.Errorf("lineage of the split: %+v", split.Lineage)
	}
	if since := v.since(west); since != 1 {
		t.Errorf("the blocks of a grid that didn't change are there since version %d, want 1", since)
	}

	// All become one: the largest keeps its code, the others retire, and no code comes back.
	v.mustPublish(v.plan(true, 0, 0, 0, 0))
	if got := v.grids(); !reflect.DeepEqual(got, map[int64]int{int64(west): 1200}) {
		t.Errorf("after the merger: %v", got)
	}
	v.mustPublish(v.plan(true, 0, 1, 1, 1))
	if got := v.grids(); !reflect.DeepEqual(got, map[int64]int{int64(west): 900, community*1000 + 4: 300}) {
		t.Errorf("after another split: %v; codes 2 and 3 were used and must not be again", got)
	}
}

func TestWhatIsNoLayoutIsRefused(t *testing.T) {
	v := newVillage(t)
	p := v.plan(false, 0, 0, 1, 1)
	p.Grids = 3 // the third has no block
	if _, err := v.publish(p); err == nil {
		t.Error("a grid without blocks was published")
	}
	if len(v.grids()) != 0 {
		t.Error("something was left behind")
	}
}

// grids are the residents of the live grids by code.
func (v *village) grids() map[int64]int {
	v.t.Helper()
	out := make(map[int64]int)
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT g.code, sum(b.residents)::int FROM grid g JOIN grid_block x ON x.county = g.county AND x.grid = g.code
			JOIN block b ON b.county = x.county AND b.id = x.block WHERE g.retired IS NULL GROUP BY g.code`)
		if err != nil {
			return err
		}
		var code int64
		var residents int
		_, err = pgx.ForEachRow(rows, []any{&code, &residents}, func() error {
			out[code] = residents
			return nil
		})
		return err
	})
	return out
}

func (v *village) since(code layout.Code) (since int) {
	v.t.Helper()
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT max(since) FROM grid_block WHERE county = $1 AND grid = $2`, county, int64(code)).Scan(&since)
	})
	return since
}
