package bench

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/ground"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
)

func blocksTable() *table {
	t := tableAt(10, "Making blocks", "what", "ours", "PostGIS: faces", "PostGIS: faces and ground", "ratio to faces", "ratio to faces and ground",
		"blocks", "blocks/s", "in PostGIS", "peak memory")
	t.say("`ground.MakeBlocks`, in memory, communities in parallel, median of three: borders and streets noded, faces, ground given to each building, " +
		"big buildings cut, slivers dissolved, people spread, borders labelled, every vertex on the lattice. PostGIS does less, on the same lines. " +
		"Faces: one statement, `ST_Polygonize(ST_UnaryUnion(ST_Collect(geom), 1e-7))`, median of three. Faces and ground, once: after that, in each face with " +
		"several buildings, `ST_VoronoiPolygons` of their outlines with a point every 4 m, the cells indexed, joined to their buildings, united and cut by the " +
		"face; what comes of it isn't noded and shares no vertices. Loading its tables isn't counted. Peak memory is that of our whole process, resident.")
	return t
}

// countySize is more blocks than PostGIS is asked to make in full.
const countySize = 50_000

func measureBlocks(c *county) {
	in := c.input()
	var made *ground.Ground
	work := func() {
		var err error
		if made, err = ground.MakeBlocks(context.Background(), in); err != nil {
			c.Fatal(err)
		}
	}
	memory := peak(work)
	took := median(3, work)
	if made.Report.Stopped > 0 || len(made.Blocks) == 0 {
		c.Fatalf("%s: %d blocks, %d communities stopped", c.name, len(made.Blocks), made.Report.Stopped)
	}
	loadLines(c, in)
	if made.Report.Stopped == 0 && len(made.Blocks) > countySize {
		faces := once(func() {
			run(c.B, c.db.Owner, `DROP TABLE IF EXISTS bench_face`)
			run(c.B, c.db.Owner, makeFaces)
		})
		blocksTable().row(c.B, c.name, seconds(took), seconds(faces), "—", faster(took, faces), "—", fmt.Sprint(len(made.Blocks)),
			fmt.Sprintf("%.0f", float64(len(made.Blocks))/took.Seconds()), "—", memory)
		blocksTable().remark("On the %s PostGIS makes faces only, once: the rest would take it too long.", c.name)
		return
	}
	faces := median(3, func() {
		run(c.B, c.db.Owner, `DROP TABLE IF EXISTS bench_face`)
		run(c.B, c.db.Owner, makeFaces)
	})
	both := faces + once(func() { run(c.B, c.db.Owner, shareFaces) })
	var pieces, empty int
	answer(c.B, c.db.Owner, []any{&pieces, &empty}, `SELECT (SELECT count(*) FROM bench_piece), (SELECT count(*) FROM bench_face WHERE id NOT IN (SELECT face FROM bench_cell))`)
	if pieces == 0 {
		c.Fatalf("%s: PostGIS made no ground of its %d faces", c.name, empty)
	}
	blocksTable().row(c.B, c.name, seconds(took), seconds(faces), seconds(both), faster(took, faces), faster(took, both), fmt.Sprint(len(made.Blocks)),
		fmt.Sprintf("%.0f", float64(len(made.Blocks))/took.Seconds()), fmt.Sprint(pieces+empty), memory)
}

const makeFaces = `CREATE UNLOGGED TABLE bench_face AS SELECT row_number() OVER () AS id, (f.d).geom FROM (
	SELECT ST_Dump(ST_Polygonize(noded)) AS d FROM (SELECT ST_UnaryUnion(ST_Collect(geom), 1e-7) AS noded FROM bench_line) n) f`

// shareFaces gives each building of a face the ground nearest to it: several statements, run as one.
const shareFaces = `
	CREATE INDEX ON bench_face USING gist (geom);
	CREATE UNLOGGED TABLE bench_point AS
		WITH stands AS (SELECT b.id, b.geom, f.id AS face, count(*) OVER (PARTITION BY f.id) AS buildings
			FROM building b JOIN bench_face f ON ST_Contains(f.geom, ST_PointOnSurface(b.geom)))
		SELECT id AS building, face, (ST_DumpPoints(ST_Segmentize(geom, 4 / 111320.0))).geom FROM stands WHERE buildings > 1;
	CREATE UNLOGGED TABLE bench_cell AS
		SELECT p.face, (ST_Dump(ST_VoronoiPolygons(p.points, 0, f.geom))).geom
		FROM (SELECT face, ST_Collect(geom) AS points FROM bench_point GROUP BY face) p JOIN bench_face f ON f.id = p.face;
	CREATE INDEX ON bench_point USING gist (geom);
	ANALYZE bench_point; ANALYZE bench_cell; ANALYZE bench_face;
	CREATE UNLOGGED TABLE bench_piece AS
		SELECT u.face, u.building, ST_Intersection(u.geom, f.geom) AS geom
		FROM (SELECT c.face, p.building, ST_Union(c.geom) AS geom FROM bench_cell c JOIN bench_point p ON p.face = c.face AND ST_Contains(c.geom, p.geom)
			GROUP BY c.face, p.building) u JOIN bench_face f ON f.id = u.face`

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
