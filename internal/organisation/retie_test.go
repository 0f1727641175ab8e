package organisation

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/division"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
	"jingwei/internal/register"
)

// A publication that makes new blocks takes organisations at places of their own, and facilities, along to those that hold them, also where the ground is
// another community's since.
func TestPlacesFollowTheGround(t *testing.T) {
	o := empty(t)
	ctx := context.Background()
	at := planar.FromDegrees(116.97, 35.4)
	box := func(x0, y0, x1, y1 int32) planar.Ring {
		return planar.Ring{{X: at.X + x0, Y: at.Y + y0}, {X: at.X + x1, Y: at.Y + y0}, {X: at.X + x1, Y: at.Y + y1}, {X: at.X + x0, Y: at.Y + y1}}
	}
	village := func(all ...division.Division) {
		t.Helper()
		if err := o.db.InTx(ctx, func(tx pgx.Tx) error { _, err := division.Put(ctx, tx, all, nil); return err }); err != nil {
			t.Fatal(err)
		}
	}
	publish := func(code division.Code) {
		t.Helper()
		err := o.db.InTx(ctx, func(tx pgx.Tx) error {
			out, err := layout.Plan(ctx, tx, layout.Order{Division: code, Replace: true, Settings: layout.Settings{Target: 600, Tolerance: .15, Seed: 1}})
			if err == nil {
				_, err = layout.Publish(ctx, tx, out.Proposal, layout.Author{By: "test"}, register.Retie, Retie)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	// A facility is there before any ground is drawn, four buildings of 300 people, one village; later two.
	facility := func(name string, x int32) {
		t.Helper()
		o.run(`INSERT INTO facility (county, source, kind, name, digest, geom) VALUES (370883, $1, 'clinic', $1, '\x01', ST_GeomFromEWKB($2))`, name, planar.PointEWKB(planar.Point{X: at.X + x, Y: at.Y + 5000}))
	}
	facility("early", 35000)
	village(division.Division{Code: "370883100201", Name: "测试村", Residents: -1, Source: "t", Polygons: []planar.Polygon{{box(0, 0, 40000, 10000)}}})
	for i := range int32(4) {
		o.run(`INSERT INTO building (county, source, use, levels, residents, digest, geom) VALUES (370883, $1, 'residential', 6, 300, $2, ST_GeomFromEWKB($3))`,
			fmt.Sprintf("house/%d", i), []byte{byte(i)}, planar.MultiPolygonEWKB([]planar.Polygon{{box(i*10000+3000, 3000, i*10000+7000, 7000)}}))
	}
	publish("370883100201")
	facility("late", 15000)
	clerk := o.person(access.Clerk, "370883")
	var all []New
	for i := range int32(4) {
		p := New{Name: fmt.Sprintf("示例厂%d", i), Kind: Company, Staff: -1, At: planar.Point{X: at.X + i*10000 + 5000, Y: at.Y + 5000}, Community: 370883100201}
		p.Block = int64(o.count(`SELECT id FROM block WHERE retired IS NULL AND ST_Covers(geom, ST_GeomFromEWKB($1))`, planar.PointEWKB(p.At)))
		all = append(all, p)
	}
	if err := clerk.tx(func(tx pgx.Tx) error { _, err := o.book.Take(clerk.ctx, tx, 370883, all); return err }); err != nil {
		t.Fatal(err)
	}
	stands := func(when string) {
		t.Helper()
		if n := o.count(`SELECT count(*) FROM organisation o JOIN block b ON b.county = o.county AND b.id = o.block AND b.retired IS NULL AND ST_Covers(b.geom, o.geom) AND o.ground = b.community * 1000`); n != 4 {
			t.Errorf("%s: %d of 4 organisations are tied to the block that they stand on", when, n)
		}
		if n := o.count(`SELECT count(*) FROM facility f JOIN block b ON b.county = f.county AND b.id = f.block AND b.retired IS NULL AND ST_Covers(b.geom, f.geom)`); n != 2 {
			t.Errorf("%s: %d of 2 facilities are tied to the block that they stand on", when, n)
		}
	}
	stands("at first")
	o.run(`INSERT INTO line_feature (county, kind, class, name, barrier, source, digest, geom)
		VALUES (370883, 'street', 'residential', '新路', 2, 'line/1', '\x01', ST_GeomFromText($1, 4326))`, fmt.Sprintf("LINESTRING(%[1]f 35.399, %[1]f 35.402)", 116.97+.002))
	before := o.count(`SELECT block FROM organisation ORDER BY id LIMIT 1`)
	publish("370883100201")
	stands("after a new street")
	if o.count(`SELECT block FROM organisation ORDER BY id LIMIT 1`) == before {
		t.Error("the ground is as before: this test needs new blocks")
	}
	village(division.Division{Code: "370883100201", Name: "西村", Residents: -1, Source: "t", Polygons: []planar.Polygon{{box(0, 0, 20000, 10000)}}},
		division.Division{Code: "370883100202", Name: "东村", Residents: -1, Source: "t", Polygons: []planar.Polygon{{box(20000, 0, 40000, 10000)}}})
	publish("370883")
	stands("after another village")
	if n := o.count(`SELECT count(*) FROM organisation WHERE ground = 370883100202000`); n != 2 {
		t.Errorf("%d organisations are seen by the new village, want 2", n)
	}
}
