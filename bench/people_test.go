package bench

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"jingwei/internal/city"
)

// measurePeople says how long the county's people take: the same county made without and with them, as files, and handed over in memory.
func measurePeople(b *testing.B) {
	b.Helper()
	o := city.Options{City: city.Zoucheng, Seed: 1, People: countyPeople, Dir: b.TempDir()}
	generate := func(with bool) (*city.Manifest, time.Duration) {
		o.PeopleFiles = with
		began := cpuTime(b)
		m, err := city.Generate(context.Background(), o)
		if err != nil {
			b.Fatal(err)
		}
		return m, cpuTime(b) - began
	}
	_, without := generate(false)
	var m *city.Manifest
	var with time.Duration
	memory := peak(func() { m, with = generate(true) })
	size, rows := int64(0), map[string]int{}
	for _, f := range m.PeopleFiles {
		info, err := os.Stat(filepath.Join(o.Dir, f.Name))
		if err != nil {
			b.Fatal(err)
		}
		size += info.Size()
		rows[f.Name] = f.Features
	}
	houses := 0
	o.Dir = ""
	handed := once(func() {
		if err := city.People(context.Background(), o, func(city.House, []city.Resident) error { houses++; return nil }); err != nil {
			b.Fatal(err)
		}
	})
	if houses != rows[city.HousesFile] {
		b.Fatalf("%d houses handed over, %d in the file", houses, rows[city.HousesFile])
	}
	wholeTable().remark("Its people as tables (%d rows of residents in %d houses, %d organisations, %d vehicles, %.0f MB) take %s of one core more, with %s resident "+
		"at most in the whole process; handed over in memory, the ground invented for it, they take %s.", rows[city.ResidentsFile], houses,
		rows[city.OrganisationsFile], rows[city.VehiclesFile], float64(size)/1e6, seconds(with-without), memory, seconds(handed))
}

// cpuTime is how much time of a processor this process has had: other work on the machine doesn't count.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
