package ground

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

func at7(x, y int32) planar.Point { return planar.Point{X: 1_163_000_000 + x, Y: 400_000_000 + y} }

func square7(x, y, w int32) planar.Polygon {
	return planar.Polygon{{at7(x, y), at7(x+w, y), at7(x+w, y+w), at7(x, y+w)}}
}

// fillFeatures stores features whose sources come in another order than their rows.
func fillFeatures(t *testing.T, db *postgres.DB, county int, levels float32) {
	t.Helper()
	ctx := context.Background()
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := db.App.Exec(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	for _, i := range []int32{3, 1, 2} {
		source := fmt.Sprintf("way/%d", i)
		exec(`INSERT INTO line_feature (county, source, kind, barrier, class, name, digest, geom) VALUES ($1, $2, 'street', 2, 'residential', '路', $3, ST_GeomFromEWKB($4))`,
			county, source, []byte(source), planar.LineEWKB([]planar.Point{at7(i*100, 0), at7(i*100, 50)}))
		exec(`INSERT INTO area_feature (county, source, kind, barrier, class, digest, geom) VALUES ($1, $2, 'water', 6, 'lake', $3, ST_GeomFromEWKB($4))`,
			county, source, []byte(source), planar.MultiPolygonEWKB([]planar.Polygon{square7(i*100, 0, 20)}))
		exec(`INSERT INTO building (county, source, name, use, levels, address, residents, digest, geom) VALUES ($1, $2, '楼', 'apartments', $3, '址', NULLIF($4, 3), $5, ST_GeomFromEWKB($6))`,
			county, source, levels, i, []byte(fmt.Sprint(source, levels)), planar.MultiPolygonEWKB([]planar.Polygon{square7(i*100, 50, 20)}))
	}
	for _, ref := range []string{"2", "1"} {
		exec(`INSERT INTO entrance (county, building, ref, residents, geom) SELECT $1, id, $2::text, 5, ST_GeomFromEWKB($3) FROM building WHERE county = $1 AND source = 'way/2'`,
			county, ref, planar.PointEWKB(at7(200, 50)))
	}
}

func load(t *testing.T, db *postgres.DB, county int, within []planar.Polygon) (f *Features, digest []byte) {
	t.Helper()
	if err := db.InTx(context.Background(), func(tx pgx.Tx) (err error) {
		f, digest, err = LoadFeatures(context.Background(), tx, county, within)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return f, digest
}

func TestLoadFeatures(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	fillFeatures(t, db, 110108, 6)
	fillFeatures(t, db, 110109, 7)
	f, whole := load(t, db, 110108, nil)
	if len(f.Lines) != 3 || len(f.Areas) != 3 || len(f.Buildings) != 3 {
		t.Fatalf("%d lines, %d areas, %d buildings", len(f.Lines), len(f.Areas), len(f.Buildings))
	}
	want := Building{Source: "way/2", Name: "楼", Use: "apartments", Levels: 6, Address: "址", People: 2,
		Entrances: []Entrance{{"1", at7(200, 50), 5}, {"2", at7(200, 50), 5}}, Polygons: []planar.Polygon{square7(200, 50, 20)}}
	if !reflect.DeepEqual(f.Buildings[1], want) {
		t.Errorf("building %+v, want %+v", f.Buildings[1], want)
	}
	if f.Buildings[2].Source != "way/3" || f.Buildings[2].People != -1 {
		t.Errorf("building %+v", f.Buildings[2])
	}
	if l := (Line{Source: "way/1", Barrier: Street, Class: "residential", Name: "路", Points: []planar.Point{at7(100, 0), at7(100, 50)}}); !reflect.DeepEqual(f.Lines[0], l) {
		t.Errorf("line %+v, want %+v", f.Lines[0], l)
	}
	if a := (Area{Source: "way/3", Water: true, Barrier: River, Class: "lake", Polygons: []planar.Polygon{square7(300, 0, 20)}}); !reflect.DeepEqual(f.Areas[2], a) {
		t.Errorf("area %+v, want %+v", f.Areas[2], a)
	}

	// what touches two squares that overlap, which as one multipolygon would be invalid
	part, partDigest := load(t, db, 110108, []planar.Polygon{square7(150, -10, 50), square7(160, -10, 45)})
	if len(part.Lines) != 1 || part.Lines[0].Source != "way/2" || len(part.Buildings) != 0 || len(part.Areas) != 1 {
		t.Errorf("within the squares: %+v", part)
	}
	if bytes.Equal(whole, partDigest) {
		t.Error("a part has the digest of the whole")
	}

	// the same features in another database, with other ids, have the same digest; others another
	other := pgtest.New(t)
	fillFeatures(t, other, 110109, 7)
	fillFeatures(t, other, 110108, 6)
	if _, again := load(t, other, 110108, nil); !bytes.Equal(again, whole) {
		t.Error("the same features have another digest")
	}
	for _, sql := range []string{
		`UPDATE entrance SET residents = 6 WHERE county = 110108 AND ref = '1'`,
		`UPDATE building SET digest = 'x' WHERE county = 110108 AND source = 'way/1'`,
		`DELETE FROM line_feature WHERE county = 110108 AND source = 'way/1'`,
	} {
		if _, err := other.App.Exec(context.Background(), sql); err != nil {
			t.Fatal(err)
		}
		_, changed := load(t, other, 110108, nil)
		if bytes.Equal(changed, whole) {
			t.Errorf("the digest didn't change: %s", sql)
		}
		whole = changed
	}
}
