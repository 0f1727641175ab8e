package main

import (
	"fmt"

	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// checkMode refuses a flag of one kind of drawing with the other: who gave it means something by it.
func (c *drawCommand) checkMode() error {
	for _, f := range []struct {
		flag  string
		given bool
		with  string
	}{
		{"--together", c.Together != "", "--division"}, {"--replace", c.Replace, "--division"}, {"--redraw", c.Redraw, "--division"},
		{"--hold", len(c.Hold) > 0, "--division"}, {"--alternatives", c.Alternatives != 0, "--division"}, {"--choose", c.Choose != 0, "--division"},
		{"--special", len(c.Special) > 0, "--division"}, {"--weight", c.Weight != layout.Persons, "--division"}, {"--workload", c.Workload != "", "--division"},
		{"--streets", c.Streets != "", "--blocks"}, {"--out", c.Out != "", "--blocks"}, {"--assignment", c.Assignment != "", "--blocks"},
	} {
		if f.given && (f.with == "--division" && c.Blocks != "" || f.with == "--blocks" && c.Division != "") {
			return fault.New(fault.Invalid, f.flag+" 只能与 "+f.with+" 同用", f.flag+" goes with "+f.with)
		}
	}
	if c.Alternatives < 0 || c.Choose < 0 || c.Choose > 0 && c.Alternatives < 2 {
		return fault.New(fault.Invalid, fmt.Sprintf("--choose 从 --alternatives 的方案中选一个，从 1 数起；现为 --alternatives %d --choose %d", c.Alternatives, c.Choose),
			fmt.Sprintf("--choose takes one of --alternatives, counted from 1; they are --alternatives %d --choose %d", c.Alternatives, c.Choose))
	}
	return nil
}
