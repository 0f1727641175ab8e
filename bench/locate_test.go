package bench

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/ingest"
	"jingwei/internal/layout"
	"jingwei/internal/locate"
	"jingwei/internal/planar"
)

const (
	locatePoints   = 1_000_000
	locateBaseline = 20_000 // of them, for PostGIS
)

func locateTable() *table {
	t := tableAt(55, "Locating points", "what", "ours, points/s", "ST_Covers with GiST, points/s", "ratio")
	t.say("The block and the grid of a point among the county's live blocks, on one core: one point after the other (`At`), and %d handed over at once (`AtAll`). "+
		"The baseline is one statement that joins %d of the points with the blocks by `ST_Covers` and their index, on one connection, without workers. "+
		"Points at random lie anywhere in the county; those at buildings in the middle of one each, where blocks are small.", locatePoints, locateBaseline)
	return t
}

// measureLocate finds points in the county's published grids.
func measureLocate(c *county) {
	var index *locate.Index
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	read := once(func() {
		c.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			index, _, err = layout.Locator(ctx, tx, int32(c.code.County()))
			return err
		})
	})
	runtime.GC()
	runtime.ReadMemStats(&after)
	locateTable().remark("Reading the %s's %d blocks and making the index of them: %s; it takes %d MB.", c.name, len(c.outcome.Proposal.Blocks), seconds(read), (after.HeapAlloc-before.HeapAlloc)>>20)
	measurePoints(c, index, "at random", randomPoints(c, index))
	measurePoints(c, index, "at buildings", buildingPoints(c))
	measureCSV(c)
}

// randomPoints are spread over the county.
func randomPoints(c *county, index *locate.Index) []planar.Point {
	var west, south, east, north float64
	answer(c.B, c.db.Owner, []any{&west, &south, &east, &north}, `SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ST_Extent(geom) AS e FROM territory) t`)
	random := rand.New(rand.NewPCG(1, 2))
	points := make([]planar.Point, 0, locatePoints)
	for len(points) < locatePoints {
		p := planar.FromDegrees(west+random.Float64()*(east-west), south+random.Float64()*(north-south))
		if _, found := index.At(p); found {
			points = append(points, p)
		}
	}
	return points
}

// buildingPoints are buildings' middles in random order, each as often as it takes.
func buildingPoints(c *county) []planar.Point {
	rows, err := c.db.Owner.Query(context.Background(), `SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM building ORDER BY id) b`)
	if err != nil {
		c.Fatal(err)
	}
	var all []planar.Point
	var lon, lat float64
	if _, err := pgx.ForEachRow(rows, []any{&lon, &lat}, func() error { all = append(all, planar.FromDegrees(lon, lat)); return nil }); err != nil {
		c.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	points := make([]planar.Point, locatePoints)
	for i := range points {
		points[i] = all[random.IntN(len(all))]
	}
	return points
}

func measurePoints(c *county, index *locate.Index, where string, points []planar.Point) {
	one := make([]locate.Place, len(points))
	single := median(5, func() {
		for i, p := range points {
			one[i], _ = index.At(p)
		}
	})
	many := make([]locate.Place, len(points))
	batch := median(5, func() { index.AtAll(points, many) })
	lon, lat := make([]float64, locateBaseline), make([]float64, locateBaseline)
	for i := range locateBaseline {
		lon[i], lat[i] = points[i].Degrees()
	}
	found := make([]int64, locateBaseline)
	run(c.B, c.db.Owner, "ANALYZE block")
	base := median(3, func() {
		rows, err := c.db.Owner.Query(context.Background(), `
			SELECT p.i, coalesce((SELECT b.id FROM block b WHERE b.retired IS NULL AND ST_Covers(b.geom, p.geom) ORDER BY b.id LIMIT 1), 0)
			FROM (SELECT i, ST_SetSRID(ST_MakePoint(x, y), 4326) AS geom FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS w (x, y, i)) p`, lon, lat)
		if err != nil {
			c.Fatal(err)
		}
		var i, block int64
		if _, err := pgx.ForEachRow(rows, []any{&i, &block}, func() error { found[i-1] = block; return nil }); err != nil {
			c.Fatal(err)
		}
	})
	differ := 0
	for i, block := range found {
		if one[i].Block != block || many[i] != one[i] {
			differ++
		}
	}
	// Of points on a border the baseline takes the block with the lowest number.
	if differ > locateBaseline/1000 {
		c.Fatalf("%d of %d points %s lie in another block than PostGIS finds", differ, locateBaseline, where)
	}
	rate := func(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }
	baseline := rate(locateBaseline, base)
	for _, m := range []struct {
		how  string
		took time.Duration
	}{{"one by one", single}, {"at once", batch}} {
		ours := rate(len(points), m.took)
		locateTable().row(c.B, where+", "+m.how, fmt.Sprintf("%.2g million", ours/1e6), fmt.Sprintf("%.0f", baseline), times(ours/baseline))
	}
}

// measureCSV is `jingwei locate` on a table of a million points: the ground is read from the database, the table from a file, and written again.
func measureCSV(c *county) {
	dir := c.TempDir()
	in, out := filepath.Join(dir, "points.csv"), filepath.Join(dir, "located.csv")
	f, err := os.Create(in)
	if err != nil {
		c.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "id,lon,lat")
	for i, p := range buildingPoints(c) {
		lon, lat := p.Degrees()
		fmt.Fprintf(w, "%d,%.7f,%.7f\n", i, lon, lat)
	}
	if err := w.Flush(); err != nil {
		c.Fatal(err)
	}
	f.Close()
	took := median(3, func() {
		var live *locate.Live
		c.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			live, err = new(layout.Locators).Fresh(ctx, tx)
			return err
		})
		f, err := os.Create(out)
		if err != nil {
			c.Fatal(err)
		}
		defer f.Close()
		report, err := ingest.Points(context.Background(), ingest.PointsInput{File: in, CRS: crs.WGS84}, f, ingest.InLayout(live, 20))
		if err != nil || report.Located < locatePoints*99/100 {
			c.Fatalf("%+v, %v", report, err)
		}
	})
	locateTable().remark("`jingwei locate` on a CSV file of %d points at buildings, with the grids within 20 m of each, the reading of the ground among it: %s (median of three).", locatePoints, seconds(took))
}
