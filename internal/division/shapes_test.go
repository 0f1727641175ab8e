package division_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/planar"
	"jingwei/internal/postgres/pgtest"
)

// Two towns with a wiggly border between them: at every zoom their shapes still share it to the last vertex.
func TestShapesOfNeighboursShareTheirBorder(t *testing.T) {
	db, ctx := pgtest.New(t), context.Background()
	const x0, y0, step = 1163000000, 399000000, 20000
	var between []planar.Point // south to north
	for i := range int32(60) {
		between = append(between, planar.Point{X: x0 + i*7919%5003, Y: y0 + i*step})
	}
	top := between[len(between)-1].Y
	west := planar.Ring{{X: x0 - 900000, Y: y0}}
	east := planar.Ring{{X: x0 + 900000, Y: top}}
	for i := range between {
		west = append(west, between[i])
		east = append(east, between[len(between)-1-i])
	}
	west = append(west, planar.Point{X: x0 - 900000, Y: top})
	east = append(east, planar.Point{X: x0 + 900000, Y: y0})
	towns := []division.Division{
		{Code: "110108001", Name: "西镇", Residents: -1, Source: "a", Polygons: []planar.Polygon{{west}}},
		{Code: "110108002", Name: "东镇", Residents: -1, Source: "b", Polygons: []planar.Polygon{{east}}},
	}
	err := db.InTx(ctx, func(tx pgx.Tx) error {
		if _, err := division.Put(ctx, tx, towns, nil); err != nil {
			return err
		}
		return division.Shape(ctx, tx, towns)
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.App.Query(ctx, `SELECT zoom, array_agg(ST_AsBinary(geom) ORDER BY id) FROM tile_shape WHERE layer = 'divisions' GROUP BY zoom`)
	if err != nil {
		t.Fatal(err)
	}
	zooms, vertices := 0, map[int]int{}
	var zoom int
	var shapes [][]byte
	_, err = pgx.ForEachRow(rows, []any{&zoom, &shapes}, func() error {
		zooms++
		var both [][]planar.Polygon
		for _, s := range shapes {
			p, err := planar.ParsePolygons(s)
			if err != nil {
				return err
			}
			both = append(both, p)
			vertices[zoom] += len(p[0][0])
		}
		coverage, err := planar.BuildMulti(both)
		if err != nil {
			t.Errorf("zoom %d: %v", zoom, err)
			return nil
		}
		if borders := coverage.Borders(); len(borders) != 1 || len(borders[0].Arcs) != 1 {
			t.Errorf("zoom %d: %d borders", zoom, len(borders))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if zooms != 8 || vertices[4] >= vertices[11] {
		t.Fatalf("%d zooms, vertices by zoom %v: the small zooms should be thinner", zooms, vertices)
	}
}
