package register

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/division"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/vault"
)

// A publication that makes new blocks takes houses along to those that hold them, and what is about their people; those whose block goes on stay as they
// are, in whatever grid it is.
func TestHousesFollowTheGround(t *testing.T) {
	t.Parallel()
	v := vault.New(vault.Generate())
	o := &office{T: t, db: pgtest.New(t), book: &Book{Vault: v, Trail: audit.New(v)}}
	at := planar.FromDegrees(116.97, 35.4)
	box := func(x0, y0, x1, y1 int32) planar.Ring {
		return planar.Ring{{X: at.X + x0, Y: at.Y + y0}, {X: at.X + x1, Y: at.Y + y0}, {X: at.X + x1, Y: at.Y + y1}, {X: at.X + x0, Y: at.Y + y1}}
	}
	ctx := context.Background()
	tx := func(f func(tx pgx.Tx) error) {
		t.Helper()
		if err := o.db.InTx(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
	// Four houses in a row, 300 people each, in one village; later in two.
	tx(func(tx pgx.Tx) error {
		_, err := division.Put(ctx, tx, []division.Division{{Code: "370883100201", Name: "测试村", Residents: -1, Source: "t", Polygons: []planar.Polygon{{box(0, 0, 40000, 10000)}}}}, nil)
		return err
	})
	for i := range int32(4) {
		o.run(`INSERT INTO building (county, source, use, levels, residents, digest, geom) VALUES (370883, $1, 'residential', 6, 300, $2, ST_GeomFromEWKB($3))`,
			fmt.Sprintf("house/%d", i), []byte{byte(i)}, planar.MultiPolygonEWKB([]planar.Polygon{{box(i*10000+3000, 3000, i*10000+7000, 7000)}}))
	}
	publish := func(code division.Code) {
		t.Helper()
		tx(func(tx pgx.Tx) error {
			out, err := layout.Plan(ctx, tx, layout.Order{Division: code, Replace: true, Settings: layout.Settings{Target: 600, Tolerance: .15, Seed: 1}})
			if err == nil {
				_, err = layout.Publish(ctx, tx, out.Proposal, layout.Author{By: "test"}, Retie)
			}
			return err
		})
	}
	publish("370883100201")
	clerk := o.person(access.Clerk, "370883")
	block := func(x int32) (id int64) {
		t.Helper()
		if err := o.db.Owner.QueryRow(ctx, `SELECT id FROM block WHERE retired IS NULL AND ST_Covers(geom, ST_GeomFromEWKB($1))`, planar.PointEWKB(planar.Point{X: at.X + x, Y: at.Y + 5000})).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	var houses []NewHouse
	for i := range int32(4) {
		houses = append(houses, NewHouse{Code: fmt.Sprintf("h%d", i), Address: fmt.Sprintf("测试村%d号", i), Kind: Home, At: planar.Point{X: at.X + i*10000 + 5000, Y: at.Y + 5000},
			Block: block(i*10000 + 5000), Community: 370883100201})
	}
	err := clerk.tx(func(tx pgx.Tx) error { _, err := o.book.TakeHouses(clerk.ctx, tx, 370883, houses); return err })
	if err != nil {
		t.Fatal(err)
	}
	stands := func() {
		t.Helper()
		for i := range int32(4) {
			var is, ground int64
			if err := o.db.Owner.QueryRow(ctx, `SELECT block, ground / 1000 FROM house WHERE code = $1`, fmt.Sprintf("h%d", i)).Scan(&is, &ground); err != nil {
				t.Fatal(err)
			}
			var community int64
			if err := o.db.Owner.QueryRow(ctx, `SELECT community FROM block WHERE id = $1`, is).Scan(&community); err != nil {
				t.Fatal(err)
			}
			if want := block(i*10000 + 5000); is != want || ground != community {
				t.Errorf("house %d is on block %d of %d and seen by %d; it stands on %d", i, is, community, ground, want)
			}
		}
	}
	stands()
	err = clerk.tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(clerk.ctx, `INSERT INTO household (county, code, house, ground) SELECT county, code, id, ground FROM house`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	o.run(`INSERT INTO line_feature (county, kind, class, name, barrier, source, digest, geom)
		VALUES (370883, 'street', 'residential', '新路', 2, 'line/1', '\x01', ST_GeomFromText($1, 4326))`,
		fmt.Sprintf("LINESTRING(%[1]f 35.399, %[1]f 35.402)", 116.97+.002))
	before := block(5000)
	publish("370883100201")
	if before == block(5000) {
		t.Fatal("the ground is as before: this test needs new blocks")
	}
	stands()
	// The east becomes a village of its own.
	tx(func(tx pgx.Tx) error {
		_, err := division.Put(ctx, tx, []division.Division{
			{Code: "370883100201", Name: "西村", Residents: -1, Source: "t", Polygons: []planar.Polygon{{box(0, 0, 20000, 10000)}}},
			{Code: "370883100202", Name: "东村", Residents: -1, Source: "t", Polygons: []planar.Polygon{{box(20000, 0, 40000, 10000)}}}}, nil)
		return err
	})
	publish("370883")
	stands()
	if n := o.count(`SELECT count(*) FROM household k JOIN house h ON h.county = k.county AND h.id = k.house WHERE k.ground <> h.ground OR k.ground / 1000 NOT IN (370883100201, 370883100202)`); n > 0 {
		t.Errorf("%d households stayed with another community than their house", n)
	}
	if n := o.count(`SELECT count(*) FROM household WHERE ground = 370883100202000`); n != 2 {
		t.Errorf("%d households are seen by the new village, want 2", n)
	}
}
