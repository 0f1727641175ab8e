package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"jingwei/internal/city"
	"jingwei/internal/fault"
)

type cityFlags struct {
	City   string `help:"What to invent: the whole county of Zoucheng with its real communities and invented ground, or a town (default: the county, and a town where no more than 100000 people are asked for)." enum:"town,zoucheng," default:""`
	People *int   `help:"Residents, 1000 to 10000000 (default: 850000 in the county, 45000 in a town)."`
	Seed   uint64 `help:"The same seed gives the same ground, to the byte." default:"1"`
}

// largestTown is how many people make a town when it isn't said what is wanted.
const largestTown = 100_000

// place is the city that was asked for. Without a name it goes by the people: a town is what they fit into.
func (f cityFlags) place() string {
	switch {
	case f.City != "":
		return f.City
	case f.People != nil && *f.People <= largestTown:
		return city.Town
	default:
		return city.Zoucheng
	}
}

// residents are as many as were asked for, or as such a place has.
func (f cityFlags) residents() int {
	switch {
	case f.People != nil:
		return *f.People
	case f.place() == city.Zoucheng:
		return 850_000
	default:
		return 45_000
	}
}

// cityCommand writes the demo's town as files, to try imports with.
type cityCommand struct {
	Dir string `arg:"" help:"Directory to write the files into, empty or with the same place in it; it is made when it isn't there." type:"path"`
	cityFlags
	PeopleFiles bool `help:"Write its houses, residents, organisations and vehicles as tables, too (docs/people-files.md)."`
}

func (c *cityCommand) Run(ctx context.Context, s *console) error {
	if err := c.mayWrite(); err != nil {
		return err
	}
	bar := s.progress()
	manifest, err := city.Generate(ctx, city.Options{
		City: c.place(), Seed: c.Seed, People: c.residents(), Dir: c.Dir, PeopleFiles: c.PeopleFiles,
		Progress: func(stage string, done float64) { bar.say("%s %3.0f %%", stage, 100*done) },
	})
	bar.clear()
	var place *fs.PathError
	switch {
	case errors.As(err, &place):
		return fault.Wrap(err, fault.Invalid, fmt.Sprintf("无法写入 %s：%v", place.Path, place.Err), fmt.Sprintf("can't write %s: %v", place.Path, place.Err))
	case err != nil:
		return err
	}
	return s.result(manifest, func(w io.Writer) {
		fmt.Fprintf(w, "%s: %d 人 residents → %s\n", manifest.Name, manifest.People, c.Dir)
	})
}

// mayWrite refuses a directory with anything in it but the same place: files of another would stay beside the new ones, or be lost.
func (c *cityCommand) mayWrite() error {
	entries, err := os.ReadDir(c.Dir)
	if err != nil || len(entries) == 0 { // what is wrong with it is said when it is made
		return nil
	}
	var m city.Manifest
	text, err := os.ReadFile(filepath.Join(c.Dir, "manifest.json"))
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err == nil && m.Seed == c.Seed && m.People == c.residents() && (len(m.Code) == len("370883")) == (c.place() == city.Zoucheng) {
		return nil
	}
	return fault.New(fault.Conflict, fmt.Sprintf("目录 %s 里已有别的内容；请换一个目录，或先清空它", c.Dir),
		fmt.Sprintf("the directory %s holds something else already: choose another, or empty it first", c.Dir))
}
