package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/gridnet"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

// town is a town of two villages side by side: houses in rows, 120 people each. In version 1 every grid is a column of houses of the western village and
// the eastern one is one grid; in version 2 the western village's first two grids are one, and the eastern one is cut in two.
type town struct {
	*testing.T
	db *postgres.DB
}

const (
	townCode   = division.Code("370883100")
	westCode   = division.Code("370883100201")
	westCols   = 4
	eastCols   = 3
	rows       = 3
	houseSpace = 5000 // steps, about 50 m
)

func corner(x, y int32) planar.Point {
	return planar.Point{X: 1169700000 + x*houseSpace, Y: 354000000 + y*houseSpace}
}

func box(x0, y0, x1, y1 int32) []planar.Polygon {
	return []planar.Polygon{{{corner(x0, y0), corner(x1, y0), corner(x1, y1), corner(x0, y1)}}}
}

func newTown(t *testing.T) *town {
	t.Helper()
	t.Parallel()
	v := &town{t, pgtest.New(t)}
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := division.Put(ctx, tx, []division.Division{
			{Code: "370883", Name: "测试市", Residents: -1, Source: "t"},
			{Code: townCode, Name: "测试镇", Residents: -1, Source: "t"},
			{Code: westCode, Name: "西村", Residents: -1, Source: "t", Polygons: box(0, 0, westCols, rows)},
			{Code: "370883100202", Name: "东村", Residents: -1, Source: "t", Polygons: box(westCols, 0, westCols+eastCols, rows)}}, nil)
		if err != nil {
			return err
		}
		for x := range int32(westCols + eastCols) {
			for y := range int32(rows) {
				p, q := corner(x, y), corner(x+1, y+1)
				house := []planar.Polygon{{{{X: p.X + 1500, Y: p.Y + 1500}, {X: q.X - 1500, Y: p.Y + 1500}, {X: q.X - 1500, Y: q.Y - 1500}, {X: p.X + 1500, Y: q.Y - 1500}}}}
				_, err := tx.Exec(ctx, `INSERT INTO building (county, source, use, levels, residents, digest, geom) VALUES (370883, $1, 'residential', 6, 120, $2, ST_GeomFromEWKB($3))`,
					fmt.Sprintf("house/%d-%d", x, y), []byte{byte(x), byte(y)}, planar.MultiPolygonEWKB(house))
				if err != nil {
					return err
				}
			}
		}
		_, err = tx.Exec(ctx, `INSERT INTO line_feature (county, source, kind, barrier, class, name, digest, geom) VALUES (370883, 'way/1', 'street', 2, 'residential', '平阳路', '', ST_GeomFromEWKB($1))`,
			planar.LineEWKB([]planar.Point{corner(2, 0), corner(2, rows)}))
		return err
	})
	v.publish(func(x int32) int32 { return min(x, westCols) }, map[int32]string{0: "甲网格", 1: "=2+5"})
	v.publish(func(x int32) int32 {
		if x >= westCols {
			return min(x-1, westCols)
		}
		return max(0, x-1)
	}, nil)
	return v
}

func (v *town) tx(f func(context.Context, pgx.Tx) error) {
	v.Helper()
	if err := v.db.InTx(context.Background(), func(tx pgx.Tx) error { return f(context.Background(), tx) }); err != nil {
		v.Fatal(err)
	}
}

// publish puts the column x of houses into grid(x).
func (v *town) publish(grid func(x int32) int32, names map[int32]string) {
	v.Helper()
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		out, err := layout.Plan(ctx, tx, layout.Order{Division: townCode, Replace: true, Settings: layout.Settings{Target: 600, Tolerance: .15, Seed: 1}})
		if err != nil {
			return err
		}
		p := out.Proposal
		p.Grids, p.Names, p.Special = 0, names, map[int32]string{}
		for i, b := range p.Blocks {
			// Ground without a house goes with what lies west of it.
			x := (b.Polygon[0][0].X - corner(0, 0).X + houseSpace/4) / houseSpace
			if b.Community == westCode.Community() {
				x = min(x, westCols-1)
			} else {
				x = max(min(x, westCols+eastCols-1), westCols)
			}
			p.Grid[i] = grid(x)
			p.Grids = max(p.Grids, int(p.Grid[i])+1)
		}
		_, err = layout.Publish(ctx, tx, p, layout.Author{By: "test"})
		return err
	})
}

func (v *town) load(code division.Code, version int) (l *Layout) {
	v.Helper()
	v.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		l, err = Load(ctx, tx, code, version)
		return err
	})
	return l
}

func (v *town) ground(code division.Code) (g *Ground) {
	v.Helper()
	v.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		g, err = LoadGround(ctx, tx, code)
		return err
	})
	return g
}

// file writes bytes into a file of the test's own.
func file(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// export runs an export and gives the file.
func (v *town) export(j Job) string {
	v.Helper()
	return file(v, j.FileName(), v.exported(j))
}

func (v *town) exported(j Job) []byte {
	v.Helper()
	job, err := ParseJob(j)
	if err != nil {
		v.Fatal(err)
	}
	var out bytes.Buffer
	v.tx(func(ctx context.Context, tx pgx.Tx) error { return job.Run(ctx, tx, &out, when) })
	return out.Bytes()
}

// assignment is the grid's code of each block.
func (l *Layout) assignment() map[int64]string {
	out := make(map[int64]string)
	for _, b := range l.Blocks {
		out[b.ID] = l.Grids[b.Grid].Code.String()
	}
	return out
}

// assignmentOf is what a net came to, in the codes of its polygons.
func assignmentOf(in *Import) map[int64]string {
	out := make(map[int64]string)
	for _, a := range in.Result.Assigned {
		if p := in.Result.Grids[a.Grid].Polygon; p >= 0 {
			out[a.Block] = in.Net.Polygons[p].Code
		}
	}
	return out
}

func (v *town) lay(g *Ground, in NetInput) *Import {
	v.Helper()
	laid, err := g.Lay(context.Background(), in, gridnet.Answers{})
	if err != nil {
		v.Fatalf("%s: %v", in.File, err)
	}
	return laid
}

// refused checks that an error is a fault of a code with some words in it.
func refused(t testing.TB, what string, err error, code fault.Code, words string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != code || f.ZH == "" || !bytes.Contains([]byte(f.EN), []byte(words)) {
		t.Errorf("%s: %v, want %s with %q", what, err, code, words)
	}
}

// needGDAL leaves a test out where ogr2ogr isn't installed; scripts/setup.sh installs it.
func needGDAL(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Fatal("ogr2ogr isn't installed: scripts/setup.sh installs it")
	}
}

// inTx is the error of loading a division's ground.
func (v *town) inTx(code division.Code) error {
	return v.db.InTx(context.Background(), func(tx pgx.Tx) error {
		_, err := LoadGround(context.Background(), tx, code)
		return err
	})
}
