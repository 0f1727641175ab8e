package main

import (
	"context"
	"fmt"
	"io"

	"jingwei/internal/city"
)

type cityFlags struct {
	City   string `help:"What to invent: the whole county of Zoucheng with its real communities and invented ground, or a town (default: the county, and a town where no more than 100000 people are asked for)." enum:"town,zoucheng," default:""`
	People int    `help:"Residents, 1000 to 10000000 (default: 850000 in the county, 45000 in a town)."`
	Seed   uint64 `help:"The same seed gives the same ground, to the byte." default:"1"`
}

// largestTown is how many people make a town when it isn't said what is wanted.
const largestTown = 100_000

// place is the city that was asked for. Without a name it goes by the people: a town is what they fit into.
func (f cityFlags) place() string {
	switch {
	case f.City != "":
		return f.City
	case f.People != 0 && f.People <= largestTown:
		return city.Town
	default:
		return city.Zoucheng
	}
}

// residents are as many as were asked for, or as such a place has.
func (f cityFlags) residents() int {
	switch {
	case f.People != 0:
		return f.People
	case f.place() == city.Zoucheng:
		return 850_000
	default:
		return 45_000
	}
}

// cityCommand writes the demo's town as files, to try imports with.
type cityCommand struct {
	Dir string `arg:"" help:"Directory to write the files into; it is made when it isn't there." type:"path"`
	cityFlags
}

func (c *cityCommand) Run(ctx context.Context, s *console) error {
	bar := s.progress()
	manifest, err := city.Generate(ctx, city.Options{
		City: c.place(), Seed: c.Seed, People: c.residents(), Dir: c.Dir,
		Progress: func(stage string, done float64) { bar.say("%s %3.0f %%", stage, 100*done) },
	})
	bar.clear()
	if err != nil {
		return err
	}
	return s.result(manifest, func(w io.Writer) {
		fmt.Fprintf(w, "%s: %d 人 residents → %s\n", manifest.Name, manifest.People, c.Dir)
	})
}
