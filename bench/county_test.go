package bench

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/division"
	"jingwei/internal/ground"
	"jingwei/internal/ingest"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

// county is a database with one division in it, brought in from files.
type county struct {
	*testing.B
	name     string
	code     division.Code
	db       *postgres.DB
	outcome  *layout.Outcome
	imported struct {
		divisions, ground time.Duration
		rows              int   // of ground
		bytes             int64 // of its files
	}
	planned, published time.Duration
}

// bringIn imports a division's files into a new database.
func bringIn(b *testing.B, name, code string, divisions ingest.DivisionsInput, files []string) *county {
	b.Helper()
	return bringInto(b, pgtest.New(b), name, code, divisions, files)
}

// bringInto imports a division's files into a database that has nothing yet.
func bringInto(b *testing.B, db *postgres.DB, name, code string, divisions ingest.DivisionsInput, files []string) *county {
	b.Helper()
	c := &county{B: b, name: name, code: division.Code(code), db: db}
	versionsOf(b, c.db.Owner)
	ctx := context.Background()
	c.imported.divisions = once(func() {
		if _, err := ingest.Divisions(ctx, c.db, divisions); err != nil {
			b.Fatal(err)
		}
	})
	var report *ingest.Report
	c.imported.ground = once(func() {
		var err error
		if report, err = ingest.Ground(ctx, c.db, ingest.GroundInput{Files: files, CRS: crs.WGS84}); err != nil {
			b.Fatal(err)
		}
	})
	c.imported.rows = report.Total.Added
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			b.Fatal(err)
		}
		c.imported.bytes += info.Size()
	}
	// The server of the tests has no autovacuum, which a real one has.
	run(b, c.db.Owner, "VACUUM ANALYZE")
	return c
}

// input is what the division's blocks are made from, as layout.Plan gathers it.
func (c *county) input() ground.Input {
	c.Helper()
	var in ground.Input
	c.tx(func(ctx context.Context, tx pgx.Tx) error {
		leaves, err := division.Leaves(ctx, tx, c.code)
		if err != nil {
			return err
		}
		for _, d := range leaves {
			in.Territories = append(in.Territories, ground.Territory{Code: string(d.Code), Community: d.Code.Community(),
				Name: d.Name, Residents: d.Residents, Polygons: d.Polygons})
		}
		features, _, err := ground.LoadFeatures(ctx, tx, c.code.County(), nil)
		if err == nil {
			in.Features = *features
		}
		return err
	})
	return in
}

// draw plans and publishes the division's grids, as `jingwei draw` does.
func (c *county) draw(look time.Duration) {
	c.Helper()
	c.planned = once(func() {
		c.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			c.outcome, err = layout.Plan(ctx, tx, layout.Order{Division: c.code, Time: look, Workers: runtime.GOMAXPROCS(0),
				Settings: layout.Settings{Target: 600, Tolerance: 0.15, Seed: 1, Preset: "balanced"}})
			return err
		})
	})
	if c.outcome.Proposal == nil || len(c.outcome.Stopped) > 0 {
		c.Fatalf("%s: no proposal, or communities without blocks: %v", c.name, c.outcome.Stopped)
	}
	c.published = once(func() {
		c.tx(func(ctx context.Context, tx pgx.Tx) error {
			_, err := layout.Publish(ctx, tx, c.outcome.Proposal, layout.Author{By: "bench"}, layout.CountCells)
			return err
		})
	})
	run(c.B, c.db.Owner, "VACUUM ANALYZE")
}

func (c *county) tx(f func(context.Context, pgx.Tx) error) {
	c.Helper()
	ctx := context.Background()
	if err := c.db.InTx(ctx, func(tx pgx.Tx) error { return f(ctx, tx) }); err != nil {
		c.Fatalf("%s: %v", c.name, err)
	}
}

// realData is the folder with the real data, "" when it isn't there.
func realData() string {
	for _, dir := range []string{os.Getenv("JINGWEI_REALDATA"), "../../shared/data"} {
		if dir == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "qinghuayuan", "boundary.geojson")); err == nil {
			return dir
		}
	}
	return ""
}
