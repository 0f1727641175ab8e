package bench

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/address"
	"jingwei/internal/audit"
	"jingwei/internal/city"
	"jingwei/internal/crs"
	"jingwei/internal/ingest"
	"jingwei/internal/intake"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
	"jingwei/internal/vault"
)

// intakePeople is how many residents are imported, into some 300,000 houses; JINGWEI_BENCH_INTAKE says another number, to try it.
const intakePeople = 1_000_000

// registerTables are what imports of houses and people fill, in the order in which they may be filled.
var registerTables = []string{"house", "occupancy", "household", "resident", "residency", "care"}

// BenchmarkIntake imports the county's houses and residents from their tables: read, checked, sealed, tied, indexed, beside COPY of the rows that came of
// it into the same tables.
func BenchmarkIntake(b *testing.B) {
	people := intakePeople
	if n, err := strconv.Atoi(os.Getenv("JINGWEI_BENCH_INTAKE")); err == nil {
		people = n
	}
	dir := b.TempDir()
	m, err := city.Generate(context.Background(), city.Options{City: city.Zoucheng, Seed: 1, People: people, Dir: dir, PeopleFiles: true})
	if err != nil {
		b.Fatal(err)
	}
	var files []string
	for _, f := range m.Files {
		if f.Name != "divisions.geojson" {
			files = append(files, filepath.Join(dir, f.Name))
		}
	}
	c := bringIn(b, "demo county", m.Code, ingest.DivisionsInput{
		File: filepath.Join(dir, "divisions.geojson"), CodeField: "code", NameField: "name", ParentNameField: "county", CRS: crs.WGS84,
	}, files)
	c.draw(time.Millisecond)
	debug.FreeOSMemory() // what came before isn't the import's
	keys := vault.New(vault.Generate())
	in := intake.New(intake.Intake{DB: c.db.App, Book: &register.Book{Vault: keys, Trail: audit.New(keys)}, Ground: new(layout.Locators), Log: slog.New(slog.DiscardHandler),
		Addresses: func(context.Context, int32) (*address.Gazetteer, error) { panic("no address needs to be looked up") }})
	t := tableAt(72, "Imports of houses and people", "what", "ours", "COPY of the same rows", "of COPY's rate", "rows", "rows/s", "peak memory")
	t.say("`jingwei import houses` and `import residents` on the tables of the demo county: kept in parts, read, checked row by row, located, sealed, matched with who is on record, written "+
		"part by part under row-level security, with a trail. The baseline is a binary COPY of the very rows that came of it into the same tables, emptied, with their indexes and keys, as the "+
		"owner of the tables: it checks and seals nothing. Memory is that of the whole process. Both once; the database has %s.", "fsync off")
	houses := c.bringFile(in, intake.Houses, filepath.Join(dir, city.HousesFile))
	run(b, c.db.Owner, "ANALYZE house, occupancy")
	residents := c.bringFile(in, intake.Residents, filepath.Join(dir, city.ResidentsFile))
	copied := c.copyAgain(dir)
	for _, x := range []struct {
		what string
		broughtFile
		copied time.Duration
	}{{"houses", houses, copied["house"] + copied["occupancy"]}, {"residents into them", residents, copied["household"] + copied["resident"] + copied["residency"] + copied["care"]}} {
		t.row(b, x.what, seconds(x.took), seconds(x.copied), fmt.Sprintf("%.0f %%", 100*x.copied.Seconds()/x.took.Seconds()), fmt.Sprint(x.rows), fmt.Sprintf("%.0f", float64(x.rows)/x.took.Seconds()), x.memory)
	}
}

// broughtFile is an import that was measured.
type broughtFile struct {
	took   time.Duration
	rows   int
	memory string
}

func (c *county) bringFile(in *intake.Intake, kind intake.Kind, file string) (out broughtFile) {
	c.Helper()
	everywhere := postgres.Ranges{postgres.Everywhere}
	ctx := postgres.WithActor(context.Background(), postgres.Actor{Scope: postgres.Scope{access.ReadRegister: everywhere, access.KeepRegister: everywhere, access.ImportRegister: everywhere}})
	ctx = audit.WithCaller(ctx, audit.Caller{Name: audit.CommandLine})
	f, err := os.Open(file)
	if err != nil {
		c.Fatal(err)
	}
	defer f.Close()
	out.memory = peak(func() {
		out.took = once(func() {
			j, err := in.Receive(ctx, intake.Delivery{Kind: kind, File: file, Division: string(c.code)[:6], CRS: crs.WGS84}, f)
			if err != nil {
				c.Fatal(err)
			}
			err = postgres.InTx(ctx, in.DB, func(tx pgx.Tx) error {
				_, err := in.Change(ctx, tx, j.ID, intake.Change{Act: intake.Start})
				return err
			})
			if err != nil {
				c.Fatal(err)
			}
			var last *intake.Job
			if err := in.Run(ctx, j.ID, func(now *intake.Job) { last = now }); err != nil {
				c.Fatal(err)
			}
			if last == nil || last.State != intake.Done || last.Accepted != last.Rows {
				c.Fatalf("%+v", last)
			}
			out.rows = last.Rows
		})
	})
	return out
}

// copyAgain empties the register's tables, fills them again with what was in them, and says how long each took.
func (c *county) copyAgain(dir string) map[string]time.Duration {
	c.Helper()
	ctx := context.Background()
	conn, err := c.db.Owner.Acquire(ctx)
	if err != nil {
		c.Fatal(err)
	}
	defer conn.Release()
	file := func(table string) string { return filepath.Join(dir, table+".copy") }
	rows := map[string]int64{}
	for _, table := range registerTables {
		f, err := os.Create(file(table))
		if err != nil {
			c.Fatal(err)
		}
		tag, err := conn.Conn().PgConn().CopyTo(ctx, f, "COPY "+table+" TO STDOUT (FORMAT binary)")
		if err != nil {
			c.Fatal(err)
		}
		rows[table] = tag.RowsAffected()
		f.Close()
	}
	run(c.B, c.db.Owner, "TRUNCATE house CASCADE")
	took := map[string]time.Duration{}
	for _, table := range registerTables {
		f, err := os.Open(file(table))
		if err != nil {
			c.Fatal(err)
		}
		took[table] = once(func() {
			tag, err := conn.Conn().PgConn().CopyFrom(ctx, f, "COPY "+table+" FROM STDIN (FORMAT binary)")
			if err != nil || tag.RowsAffected() != rows[table] {
				c.Fatalf("%s: %d of %d rows, %v", table, tag.RowsAffected(), rows[table], err)
			}
		})
		f.Close()
	}
	return took
}
