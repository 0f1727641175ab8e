package ground_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/ground"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

const testCounty = 110108

func place(x, y int32) planar.Point {
	o := planar.FromDegrees(116.32, 39.99)
	return planar.Point{X: o.X + x, Y: o.Y + y}
}

func quad(x0, y0, x1, y1 int32) planar.Polygon {
	return planar.Polygon{{place(x0, y0), place(x1, y0), place(x1, y1), place(x0, y1)}}
}

// twoCommunities lie side by side, their border a little askew; streets cross it, and one building is too big.
func twoCommunities() ground.Input {
	in := ground.Input{Territories: []ground.Territory{
		{Code: "110108014001", Community: 110108014001, Name: "东", Residents: 1500,
			Polygons: []planar.Polygon{{{place(0, 0), place(20000, 0), place(20317, 20000), place(0, 20000)}}}},
		{Code: "110108014002", Community: 110108014002, Name: "西", Residents: -1,
			Polygons: []planar.Polygon{{{place(20000, 0), place(40000, 0), place(40000, 20000), place(20317, 20000)}}}},
	}}
	in.Features.Lines = []ground.Line{
		{Source: "way/1", Barrier: ground.Street, Name: "清华路\t\\一", Points: []planar.Point{place(-500, 7003), place(41000, 9011)}},
		{Source: "way/2", Barrier: ground.Path, Points: []planar.Point{place(3000, 100), place(3300, 21000)}},
	}
	for i := range int32(4) {
		in.Features.Buildings = append(in.Features.Buildings, ground.Building{
			Source: fmt.Sprintf("way/%d", 10+i), Use: "residential", People: -1,
			Polygons: []planar.Polygon{quad(4000+9000*i, 10000, 9000+9000*i, 12000)},
		})
	}
	in.Features.Buildings[3].People = 1400
	return in
}

// record writes what blocks refer to: divisions and buildings. It gives the buildings' ids.
func record(t *testing.T, db *postgres.DB, in ground.Input) (ids []int64) {
	t.Helper()
	inTx(t, db, func(ctx context.Context, tx pgx.Tx) {
		for _, d := range in.Territories {
			mustExec(t, tx, `INSERT INTO division (code, county, level, name, source, geom) VALUES ($1, $2, 'community', $3, 'test', ST_GeomFromEWKB($4))`,
				d.Code, testCounty, d.Name, planar.MultiPolygonEWKB(d.Polygons))
		}
		for _, b := range in.Features.Buildings {
			var id int64
			err := tx.QueryRow(ctx, `INSERT INTO building (county, source, digest, geom) VALUES ($1, $2, '', ST_GeomFromEWKB($3)) RETURNING id`,
				testCounty, b.Source, planar.MultiPolygonEWKB(b.Polygons)).Scan(&id)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
	})
	return ids
}

func inTx(t *testing.T, db *postgres.DB, f func(context.Context, pgx.Tx)) {
	t.Helper()
	ctx := context.Background()
	if err := db.InTx(ctx, func(tx pgx.Tx) error { f(ctx, tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

func mustExec(t *testing.T, tx pgx.Tx, sql string, args ...any) {
	t.Helper()
	if _, err := tx.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// publish saves the ground as a version, each community one grid; at commit the database proves the partition.
func publish(t *testing.T, db *postgres.DB, version int, g *ground.Ground, buildings []int64) (ids []int64) {
	t.Helper()
	inTx(t, db, func(ctx context.Context, tx pgx.Tx) {
		mustExec(t, tx, `INSERT INTO layout (county, version, live, published_by) VALUES ($1, $2, false, 'test')`, testCounty, version)
		var communities []int64
		digests := map[int64][]byte{}
		for _, m := range g.Territories {
			communities = append(communities, m.Community)
			digests[m.Community] = []byte{byte(version)}
		}
		mustExec(t, tx, `DELETE FROM grid_block g USING block b WHERE b.county = g.county AND b.id = g.block AND b.community = ANY($1)`, communities)
		if err := ground.RetireBlocks(ctx, tx, testCounty, version, communities); err != nil {
			t.Fatal(err)
		}
		var err error
		if ids, err = ground.SaveBlocks(ctx, tx, testCounty, version, g, buildings, digests); err != nil {
			t.Fatal(err)
		}
		for _, m := range g.Territories {
			mustExec(t, tx, `INSERT INTO grid (county, code, community, born, changed, residents, blocks, area, perimeter, compactness, geom, label)
				VALUES ($1, $2::bigint * 1000 + 1, $2, 1, 1, 0, 0, 0, 0, 0, ST_GeomFromEWKB($3), ST_GeomFromEWKB($4)) ON CONFLICT DO NOTHING`,
				testCounty, m.Community, planar.MultiPolygonEWKB(m.Border), planar.PointEWKB(m.Border[0][0][0]))
			mustExec(t, tx, `INSERT INTO grid_block (county, block, grid, since)
				SELECT county, id, community * 1000 + 1, $2 FROM block WHERE county = $1 AND community = $3 AND retired IS NULL`,
				testCounty, version, m.Community)
		}
	})
	return ids
}

func TestBlocksAreSavedAndComeBack(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	in := twoCommunities()
	buildings := record(t, db, in)
	g, err := ground.MakeBlocks(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	ids := publish(t, db, 1, g, buildings)
	inTx(t, db, func(ctx context.Context, tx pgx.Tx) {
		live, err := ground.LoadBlocks(ctx, tx, testCounty, []int64{110108014001, 110108014002})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(live.IDs, ids) {
			t.Fatalf("ids %v came back as %v", ids, live.IDs)
		}
		people := 0
		for i := range live.Blocks {
			want, got := g.Blocks[i], live.Blocks[i]
			people += got.Residents
			if !reflect.DeepEqual(got.Polygon, want.Polygon) || got.Residents != want.Residents || got.Source != want.Source {
				t.Errorf("block %d: %+v came back as %+v", i, want, got)
			}
			if math.Abs(got.Shape.Area-want.Shape.Area) > 1e-6 || math.Abs(got.Shape.Outer-want.Shape.Outer) > 1e-6 ||
				math.Abs(got.Shape.Second-want.Shape.Second) > 1e-6*want.Shape.Second {
				t.Errorf("block %d: shape %+v came back as %+v", i, want.Shape, got.Shape)
			}
			if len(got.Parts) != len(want.Parts) {
				t.Fatalf("block %d: buildings %v came back as %v", i, want.Parts, got.Parts)
			}
			for k, p := range got.Parts {
				if live.Buildings[p.Building] != buildings[want.Parts[k].Building] || p.Residents != want.Parts[k].Residents {
					t.Errorf("block %d: buildings %v came back as %v", i, want.Parts, got.Parts)
				}
			}
		}
		if people != 1500+1400 {
			t.Errorf("%d people came back, %d went in", people, 1500+1400)
		}
		if !reflect.DeepEqual(live.Borders, g.Borders) {
			t.Errorf("borders came back differently")
		}
		made, err := ground.MadeFrom(ctx, tx, testCounty, []int64{110108014001, 5})
		if err != nil || !reflect.DeepEqual(made, map[int64][]byte{110108014001: {1}}) {
			t.Errorf("made from %v, %v", made, err)
		}
	})
}

func TestOneCommunityIsMadeAgain(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	in := twoCommunities()
	buildings := record(t, db, in)
	g, err := ground.MakeBlocks(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	old := publish(t, db, 1, g, buildings)
	again := in
	again.Make = []int64{110108014001}
	again.Features.Lines = append(again.Features.Lines, ground.Line{Source: "way/3", Barrier: ground.MainRoad, Name: "新路",
		Points: []planar.Point{place(-100, 3000), place(30000, 15000)}})
	inTx(t, db, func(ctx context.Context, tx pgx.Tx) {
		if again.Standing, err = ground.LoadStanding(ctx, tx, testCounty, again.Make); err != nil {
			t.Fatal(err)
		}
	})
	if g, err = ground.MakeBlocks(context.Background(), again); err != nil {
		t.Fatal(err)
	}
	if len(again.Standing) == 0 || len(g.Reshaped) == 0 {
		t.Fatalf("%d blocks stand, %d were reshaped: the new street ends at their border", len(again.Standing), len(g.Reshaped))
	}
	ids := publish(t, db, 2, g, buildings)
	if ids[0] <= old[len(old)-1] {
		t.Errorf("id %d is used again", ids[0])
	}
	inTx(t, db, func(ctx context.Context, tx pgx.Tx) {
		live, err := ground.LoadBlocks(ctx, tx, testCounty, []int64{110108014001, 110108014002})
		if err != nil {
			t.Fatal(err)
		}
		if len(live.Blocks) != len(g.Blocks)+len(again.Standing) {
			t.Errorf("%d blocks live, want %d new and %d old", len(live.Blocks), len(g.Blocks), len(again.Standing))
		}
		// Every edge of a live block lies on one border, each between communities too.
		onBorders := map[[2]planar.Point]int32{}
		across := 0
		for _, e := range live.Borders {
			for k := 1; k < len(e.Points); k++ {
				onBorders[[2]planar.Point{e.Points[k-1], e.Points[k]}] = e.A
				onBorders[[2]planar.Point{e.Points[k], e.Points[k-1]}] = e.B
			}
			if e.B >= 0 && live.Blocks[e.A].Community != live.Blocks[e.B].Community {
				across++
			}
		}
		for i, b := range live.Blocks {
			for k, p := range b.Polygon[0] {
				q := b.Polygon[0][(k+1)%len(b.Polygon[0])]
				if at, ok := onBorders[[2]planar.Point{p, q}]; !ok || at != int32(i) {
					t.Errorf("block %d: the edge %v %v is on the border of %d (%v)", live.IDs[i], p, q, at, ok)
				}
			}
		}
		if across < 3 {
			t.Errorf("%d borders between the communities", across)
		}
	})
}

func TestTheDatabaseRefusesABrokenGround(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	in := twoCommunities()
	buildings := record(t, db, in)
	g, err := ground.MakeBlocks(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	g.Blocks[0].Polygon[0][0].X++
	err = db.InTx(context.Background(), func(tx pgx.Tx) error {
		mustExec(t, tx, `INSERT INTO layout (county, version, live, published_by) VALUES ($1, 1, true, 'test')`, testCounty)
		_, err := ground.SaveBlocks(context.Background(), tx, testCounty, 1, g, buildings, nil)
		return err
	})
	var refusal *pgconn.PgError
	if !errors.As(err, &refusal) || refusal.Code != "JW001" {
		t.Fatalf("a block with a vertex moved by one step: %v, want a refusal of state JW001", err)
	}
}
