package bench

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/ground"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
)

func blocksTable() *table {
	t := tableAt(10, "Making blocks", "what", "ours", "PostGIS: faces alone", "ratio", "blocks", "blocks/s", "faces in PostGIS", "peak memory")
	t.say("`ground.MakeBlocks`, in memory, two communities at a time, median of three: borders and streets noded, faces, ground given to each building, " +
		"big buildings cut, slivers dissolved, people spread. The baseline does the first step of these alone, on the same lines, as one " +
		"statement: `ST_Polygonize(ST_UnaryUnion(ST_Collect(geom), 1e-7))`; loading its table isn't counted. So the ratio says how much " +
		"the whole costs beside a first step in SQL. Peak memory is that of the whole process, resident.")
	return t
}

func measureBlocks(c *county) {
	in := c.input()
	var made *ground.Ground
	var memory string
	var took time.Duration
	work := func() {
		var err error
		if made, err = ground.MakeBlocks(context.Background(), in); err != nil {
			c.Fatal(err)
		}
	}
	memory = peak(work)
	took = median(3, work)
	if made.Report.Stopped > 0 || len(made.Blocks) == 0 {
		c.Fatalf("%s: %d blocks, %d communities stopped", c.name, len(made.Blocks), made.Report.Stopped)
	}
	loadLines(c, in)
	var faces int
	sql := `SELECT count(*) FROM (
		SELECT ST_Dump(ST_Polygonize(noded)) FROM (SELECT ST_UnaryUnion(ST_Collect(geom), 1e-7) AS noded FROM bench_line) n) f`
	baseline := median(3, func() { answer(c.B, c.db.Owner, []any{&faces}, sql) })
	places.blocks.row(c.B, c.name, seconds(took), seconds(baseline), faster(took, baseline), fmt.Sprint(len(made.Blocks)),
		fmt.Sprintf("%.0f", float64(len(made.Blocks))/took.Seconds()), fmt.Sprint(faces), memory)
}

// loadLines puts the lines that blocks end at into a table: borders of divisions, barriers, outlines of areas
// that are barriers.
func loadLines(c *county, in ground.Input) {
	var rows [][]any
	add := func(points []planar.Point) { rows = append(rows, []any{planar.LineEWKB(points)}) }
	rings := func(polygons []planar.Polygon) {
		for _, p := range polygons {
			for _, r := range p {
				add(append(append([]planar.Point{}, r...), r[0]))
			}
		}
	}
	for _, t := range in.Territories {
		rings(t.Polygons)
	}
	for _, l := range in.Features.Lines {
		if l.Barrier != ground.Nothing {
			add(l.Points)
		}
	}
	for _, a := range in.Features.Areas {
		if a.Barrier != ground.Nothing {
			rings(a.Polygons)
		}
	}
	loadGeometries(c.B, c.db, "bench_line", nil, rows)
}

// loadGeometries makes a table of integers and, in the last column, EWKB: that column is called geom.
func loadGeometries(b *testing.B, db *postgres.DB, name string, integers []string, rows [][]any) {
	b.Helper()
	list := ""
	for _, i := range integers {
		list += i + ", "
	}
	run(b, db.Owner, "CREATE UNLOGGED TABLE bench_stage ("+strings.ReplaceAll(list, ",", " bigint,")+"geom bytea)")
	if _, err := db.Owner.CopyFrom(context.Background(), pgx.Identifier{"bench_stage"}, append(integers, "geom"), pgx.CopyFromRows(rows)); err != nil {
		b.Fatal(err)
	}
	run(b, db.Owner, "CREATE TABLE "+name+" AS SELECT "+list+"ST_GeomFromEWKB(geom) AS geom FROM bench_stage")
	run(b, db.Owner, "DROP TABLE bench_stage")
	run(b, db.Owner, "GRANT SELECT ON "+name+" TO jingwei_reader")
	run(b, db.Owner, "VACUUM ANALYZE "+name)
}
