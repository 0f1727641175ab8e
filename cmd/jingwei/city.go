package main

import (
	"context"
	"fmt"
	"io"

	"jingwei/internal/city"
)

type cityFlags struct {
	City   string `help:"What to invent: a town, or the whole county of Zoucheng with its real communities and invented ground." enum:"town,zoucheng" default:"town"`
	People int    `help:"Residents (default: 45000 in a town, 850000 in a county)."`
	Seed   uint64 `help:"The same seed gives the same ground, to the byte." default:"1"`
}

// residents are as many as were asked for, or as such a place has.
func (f cityFlags) residents() int {
	switch {
	case f.People != 0:
		return f.People
	case f.City == city.Zoucheng:
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
		City: c.City, Seed: c.Seed, People: c.residents(), Dir: c.Dir,
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
