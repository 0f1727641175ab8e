package city

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"slices"
	"syscall"
	"testing"

	"pgregory.net/rapid"
)

var peopleNames = []string{HousesFile, ResidentsFile, OrganisationsFile, VehiclesFile}

// inspect generates a town and examines all of its register; TestCountyIsSound does so for counties.
func inspect(t *testing.T, o Options) *inspector {
	t.Helper()
	o.Dir = t.TempDir()
	s := newInspector(t)
	o.Takers = s.takers()
	if _, err := Generate(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	s.finish(o.Dir, o.People)
	return s
}

func TestRegisterOfATown(t *testing.T) {
	for _, c := range []struct {
		seed   uint64
		people int
	}{{1, 45000}, {5, MinPeople}, {9, 8000}} {
		s := inspect(t, Options{Seed: c.seed, People: c.people})
		if c.people == 45000 {
			s.census()
		}
	}
}

func TestPeopleSameSeedSameBytesOnAnyNumberOfCores(t *testing.T) {
	dirs := []string{t.TempDir(), t.TempDir()}
	for i, dir := range dirs {
		old := runtime.GOMAXPROCS(1 + 3*i)
		_, err := Generate(context.Background(), Options{City: Zoucheng, Seed: 7, People: 12000, Dir: dir, PeopleFiles: true})
		runtime.GOMAXPROCS(old)
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range peopleNames {
		if !bytes.Equal(content(t, dirs[0], name), content(t, dirs[1], name)) {
			t.Errorf("%s differs between one core and four", name)
		}
	}
}

// People hands over what the files say, and neither makes nor changes a file of the ground.
func TestPeopleAreThoseOfTheFiles(t *testing.T) {
	for _, o := range []Options{{Seed: 4, People: 6000}, {City: Zoucheng, Seed: 4, People: 9000}} {
		plain, with := t.TempDir(), t.TempDir()
		o.Dir = plain
		before, err := Generate(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		o.Dir, o.PeopleFiles = with, true
		m, err := Generate(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(m.Files, before.Files) || before.PeopleFiles != nil || len(m.PeopleFiles) != 4 {
			t.Errorf("files %v and %v, before %v", m.Files, m.PeopleFiles, before.Files)
		}
		for _, f := range m.Files {
			if !bytes.Equal(content(t, plain, f.Name), content(t, with, f.Name)) {
				t.Errorf("%s isn't the same with people beside it", f.Name)
			}
		}
		rows := map[string][][]string{}
		for i, f := range m.PeopleFiles {
			rows[f.Name] = readSheet(t, with, f.Name)
			if f.Name != peopleNames[i] || len(rows[f.Name]) != f.Features+1 {
				t.Errorf("%s: %d lines, the manifest says %d rows", f.Name, len(rows[f.Name]), f.Features)
			}
		}
		for i, columns := range [][]string{houseColumns, residentColumns, organisationColumns, vehicleColumns} {
			if !slices.Equal(rows[peopleNames[i]][0], columns) {
				t.Errorf("%s begins with %v", peopleNames[i], rows[peopleNames[i]][0])
			}
		}
		houses, residents := rows[HousesFile][1:], rows[ResidentsFile][1:]
		err = People(context.Background(), o, func(h House, all []Resident) error {
			if r := houses[0]; r[0] != h.Number || r[7] != h.Address || r[10] != h.Use || r[11] != fmt.Sprintf("%.1f", h.Area) {
				return fmt.Errorf("%v in the file, %+v", r, h)
			}
			houses = houses[1:]
			for _, r := range all {
				until := ""
				if !r.Lives() {
					until = r.Until.Format("2006-01-02")
				}
				if x := residents[0]; x[0] != r.Name || x[4] != string(r.ID) || x[5] != r.Phone || x[7] != r.Household || x[12] != until {
					return fmt.Errorf("%v in the file, %+v", x, r)
				}
				residents = residents[1:]
			}
			return nil
		})
		if err != nil || len(houses)+len(residents) > 0 {
			t.Errorf("%v; %d houses and %d residents of the files weren't handed over", err, len(houses), len(residents))
		}
	}
}

func readSheet(t *testing.T, dir, name string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(content(t, dir, name))).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows
}

// An error of a taker comes back, and nothing more is handed over.
func TestATakerStops(t *testing.T) {
	full := errors.New("full")
	for _, o := range []Options{{Seed: 4, People: 2000}, {City: Zoucheng, Seed: 4, People: 2000}} {
		n := 0
		err := People(context.Background(), o, func(House, []Resident) error {
			if n++; n == 10 {
				return full
			}
			return nil
		})
		if !errors.Is(err, full) || n != 10 {
			t.Errorf("%v after %d houses", err, n)
		}
	}
	if err := People(context.Background(), Options{People: 1}, nil); err == nil {
		t.Error("one person made a town")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := People(ctx, Options{Seed: 1, People: 5000}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

func TestSizesAreExact(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		people, homes := rapid.IntRange(0, 400).Draw(r, "people"), rapid.IntRange(1, 120).Draw(r, "homes")
		sum := 0
		for _, n := range sizes(throw(rapid.Uint64().Draw(r, "seed")), people, homes) {
			sum += n
			if n < 0 || people <= 5*homes && n > 6 {
				r.Fatalf("a household of %d", n)
			}
		}
		if sum != people {
			r.Fatalf("%d people became %d", people, sum)
		}
	})
}

// A day has numbers for more people than are born on it, under a division that nobody has either.
func TestIDsOfADayAreUsedUp(t *testing.T) {
	s, seen := newIssuer(), map[string]bool{}
	for range 3 * aDay {
		for _, man := range []bool{true, false} {
			n := s.id(home, 30000, man)
			if seen[string(n)] || !n.Invented() {
				t.Fatalf("%s is given out twice", n)
			}
			seen[string(n)] = true
		}
	}
}

// BenchmarkPeople writes the county's people; the ground is there already.
func BenchmarkPeople(b *testing.B) {
	f, err := readFacts()
	if err != nil {
		b.Fatal(err)
	}
	o := Options{City: Zoucheng, Seed: 1, People: 850_000, Dir: b.TempDir(), PeopleFiles: true, Progress: func(string, float64) {}}
	c := newCounty(f, o)
	for _, step := range []func(context.Context) error{c.foundTowns, c.divideLand, c.layVillages} {
		if err := step(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
	makers := c.makers()
	towns := make([]*town, len(makers))
	for i, m := range makers {
		towns[i] = m.raise()
	}
	b.ReportAllocs()
	began := processor(b)
	for b.Loop() {
		r, err := newRegistrar(o, c.wheres())
		if err != nil {
			b.Fatal(err)
		}
		for i, m := range makers {
			if err := r.place(towns[i], m.in); err != nil {
				b.Fatal(err)
			}
		}
		files, err := r.close()
		if err != nil {
			b.Fatal(err)
		}
		size := int64(0)
		for _, x := range files {
			if info, err := os.Stat(o.Dir + "/" + x.Name); err == nil {
				size += info.Size()
			}
		}
		b.SetBytes(size)
	}
	b.ReportMetric((processor(b)-began)/float64(b.N), "cpu-s/op")
}

// processor is how many seconds of a processor the process has had: other work on the machine doesn't count.
func processor(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
