package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"jingwei/internal/city"
	"jingwei/internal/crs"
	"jingwei/internal/ingest"
	"jingwei/internal/postgres/pgtest"
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
	command := importCommand{url: pgtest.URL(b), program: builtProgram(b), keys: b.TempDir(), division: m.Code}
	c := bringInto(b, pgtest.Open(b, command.url), "demo county", m.Code, ingest.DivisionsInput{
		File: filepath.Join(dir, "divisions.geojson"), CodeField: "code", NameField: "name", ParentNameField: "county", CRS: crs.WGS84,
	}, files)
	c.draw(time.Millisecond)
	t := tableAt(72, "Imports of houses and people", "what", "ours", "COPY of the same rows", "of COPY's rate", "rows", "rows/s", "peak memory")
	t.say("`jingwei import houses` and `import residents` on the tables of the demo county, each a process of its own from its start to its end: kept in parts, read, checked row by row, "+
		"located, sealed, matched with who is on record, written part by part under row-level security, with a trail. The baseline is a binary COPY of the very rows that came of it into the "+
		"same tables, emptied, with their indexes and keys, as the owner of the tables: it checks and seals nothing. Memory is the most that the process of the import had resident. Both once; "+
		"the database has %s.", "fsync off")
	houses := command.run(b, "houses", filepath.Join(dir, city.HousesFile))
	run(b, c.db.Owner, "ANALYZE house, occupancy")
	residents := command.run(b, "residents", filepath.Join(dir, city.ResidentsFile))
	copied := c.copyAgain(dir)
	for _, x := range []struct {
		what string
		broughtFile
		copied time.Duration
	}{{"houses", houses, copied["house"] + copied["occupancy"]}, {"residents into them", residents, copied["household"] + copied["resident"] + copied["residency"] + copied["care"]}} {
		t.row(b, x.what, seconds(x.took), seconds(x.copied), fmt.Sprintf("%.0f %%", 100*x.copied.Seconds()/x.took.Seconds()), fmt.Sprint(x.rows), fmt.Sprintf("%.0f", float64(x.rows)/x.took.Seconds()), x.memory)
	}
}

// builtProgram is the program of this tree.
func builtProgram(b *testing.B) string {
	b.Helper()
	file := filepath.Join(b.TempDir(), "jingwei")
	if out, err := exec.Command("go", "build", "-o", file, "jingwei/cmd/jingwei").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return file
}

// importCommand runs the program to import files into a database.
type importCommand struct{ program, url, keys, division string }

// broughtFile is an import that was measured.
type broughtFile struct {
	took   time.Duration
	rows   int
	memory string
}

func (c importCommand) run(b *testing.B, kind, file string) (out broughtFile) {
	b.Helper()
	var said, wrong bytes.Buffer
	cmd := exec.Command(c.program, "--json", "--database-url", c.url, "--data-dir", c.keys, "import", kind, file, "--division", c.division)
	cmd.Stdout, cmd.Stderr = &said, &wrong
	out.memory = "not known"
	out.took = once(func() {
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		for {
			select {
			case err := <-ended:
				if err != nil {
					b.Fatalf("%v\n%s", err, wrong.String())
				}
				return
			case <-time.After(50 * time.Millisecond): // what the kernel says of a process that has ended counts that which started it as well
				if most := mostResident(cmd.Process.Pid); most != "" {
					out.memory = most
				}
			}
		}
	})
	var report struct {
		Rows, Accepted int
		State          string
	}
	if err := json.Unmarshal(said.Bytes(), &report); err != nil || report.State != "done" || report.Accepted != report.Rows {
		b.Fatalf("%v: %s", err, said.String())
	}
	out.rows = report.Rows
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
