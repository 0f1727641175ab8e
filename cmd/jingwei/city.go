package main

import (
	"context"
	"fmt"
	"io"

	"jingwei/internal/city"
)

type cityFlags struct {
	People int    `help:"Residents of the town." default:"45000"`
	Seed   uint64 `help:"The same seed gives the same town, to the byte." default:"1"`
}

// cityCommand writes the demo's town as files, to try imports with.
type cityCommand struct {
	Dir string `arg:"" help:"Directory to write the files into; it is made when it isn't there." type:"path"`
	cityFlags
}

func (c *cityCommand) Run(ctx context.Context, s *console) error {
	bar := s.progress()
	manifest, err := city.Generate(ctx, city.Options{
		Seed: c.Seed, People: c.People, Dir: c.Dir,
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
