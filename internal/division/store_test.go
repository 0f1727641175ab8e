package division

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

func square(x int32) []planar.Polygon {
	p := func(dx, dy int32) planar.Point { return planar.Point{X: 1_163_000_000 + x + dx, Y: 400_000_000 + dy} }
	return []planar.Polygon{{{p(0, 0), p(100, 0), p(100, 100), p(0, 100)}}}
}

func in(t *testing.T, db *postgres.DB, f func(ctx context.Context, tx pgx.Tx) error) {
	t.Helper()
	ctx := context.Background()
	if err := db.InTx(ctx, func(tx pgx.Tx) error { return f(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
}

func codes(ds []Division) string {
	var out []string
	for _, d := range ds {
		out = append(out, string(d.Code))
	}
	return strings.Join(out, " ")
}

func TestTree(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ds := []Division{
		{Code: "110108014002", Name: "南楼社区", Residents: -1, Source: "f/1", Polygons: square(100)},
		{Code: "110108014001", Name: "北楼社区", Residents: 900, ResidentsSource: "p of f", Source: "f/0", Polygons: square(0)},
		{Code: "110108014", Name: "清华园街道", Residents: -1, Source: "f/2", Polygons: square(0)},
		{Code: "110108015", Name: "燕园街道", Residents: 0, Source: "f/3", Polygons: square(300)},
		{Code: "110109", Name: "门头沟区", Residents: -1, Source: "f/4", Polygons: square(900)},
	}
	put := func(ds []Division, names map[Code]string) (n Counts) {
		in(t, db, func(ctx context.Context, tx pgx.Tx) (err error) { n, err = Put(ctx, tx, ds, names); return err })
		return n
	}
	if n := put(ds, nil); n != (Counts{Added: 5, Implied: 1}) {
		t.Errorf("first: %+v", n)
	}
	if n := put(ds, map[Code]string{"110108": ""}); n != (Counts{Unchanged: 5}) {
		t.Errorf("again: %+v", n)
	}
	if n := put(ds[:1], map[Code]string{"110108": "海淀区"}); n != (Counts{Unchanged: 1, Implied: 1}) {
		t.Errorf("with the parent's name: %+v", n)
	}
	ds[1].Residents = 901
	if n := put(ds, map[Code]string{"110108": "海淀区"}); n != (Counts{Changed: 1, Unchanged: 4}) {
		t.Errorf("changed: %+v", n)
	}
	in(t, db, func(ctx context.Context, tx pgx.Tx) error {
		got, err := Get(ctx, tx, "110108014001")
		if err != nil || !reflect.DeepEqual(got, ds[1]) {
			t.Errorf("Get: %+v, %v; want %+v", got, err, ds[1])
		}
		if got, err := Get(ctx, tx, "110108"); err != nil || got.Name != "海淀区" || got.Polygons != nil || got.Residents != -1 {
			t.Errorf("the implied county: %+v, %v", got, err)
		}
		if _, err := Get(ctx, tx, "999999"); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("a code that isn't there: %v", err)
		}
		for _, c := range []struct {
			what string
			ask  func() ([]Division, error)
			want string
		}{
			{"counties", func() ([]Division, error) { return List(ctx, tx, "") }, "110108 110109"},
			{"towns", func() ([]Division, error) { return List(ctx, tx, "110108") }, "110108014 110108015"},
			{"leaves", func() ([]Division, error) { return Leaves(ctx, tx, "") }, "110108014001 110108014002 110108015 110109"},
			{"leaves of a county", func() ([]Division, error) { return Leaves(ctx, tx, "110108") }, "110108014001 110108014002 110108015"},
			{"leaves of a leaf", func() ([]Division, error) { return Leaves(ctx, tx, "110108015") }, "110108015"},
			{"level", func() ([]Division, error) { return AtLevel(ctx, tx, Town) }, "110108014 110108015"},
			{"drawn", func() ([]Division, error) { return Drawn(ctx, tx) }, "110109 110108014 110108015 110108014001 110108014002"},
			{"ancestors", func() ([]Division, error) { return Ancestors(ctx, tx, "110108014002") }, "110108 110108014"},
			{"by name", func() ([]Division, error) { return Search(ctx, tx, "园街", 10) }, "110108014 110108015"},
			{"by code", func() ([]Division, error) { return Search(ctx, tx, " 110108014 ", 2) }, "110108014 110108014001"},
			{"nothing typed", func() ([]Division, error) { return Search(ctx, tx, " ", 10) }, ""},
			{"a wildcard", func() ([]Division, error) { return Search(ctx, tx, "%", 10) }, ""},
		} {
			if ds, err := c.ask(); err != nil || codes(ds) != c.want {
				t.Errorf("%s: %s, %v; want %s", c.what, codes(ds), err, c.want)
			}
		}
		return nil
	})
}
