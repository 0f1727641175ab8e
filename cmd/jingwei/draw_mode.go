package main

import (
	"fmt"
	"math"

	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// check refuses what can't be meant, before minutes are spent on it. A zero, which means "the default" inside,
// isn't that on the command line.
func (c *drawCommand) check() error {
	if !(c.Target >= 1) || math.IsInf(c.Target, 0) {
		return fault.New(fault.Invalid, fmt.Sprintf("--target 必须是不小于 1 的数，现为 %v", c.Target),
			fmt.Sprintf("--target must be a number of 1 or more, it is %v", c.Target))
	}
	if !(c.Tolerance > 0 && c.Tolerance < 1) {
		return fault.New(fault.Invalid, fmt.Sprintf("--tolerance 必须大于 0 小于 1，现为 %v", c.Tolerance),
			fmt.Sprintf("--tolerance must be more than 0 and less than 1, it is %v", c.Tolerance))
	}
	if c.Time < 0 {
		return fault.New(fault.Invalid, fmt.Sprintf("--time 不能为负，现为 %v", c.Time), fmt.Sprintf("--time can't be negative, it is %v", c.Time))
	}
	if err := c.checkMode(); err != nil {
		return err
	}
	if err := writable(c.Out, c.Assignment, c.Report); err != nil { // best said before a layout is published
		return err
	}
	return distinct(
		[]namedFile{{"--out", c.Out}, {"--assignment", c.Assignment}, {"--report", c.Report}},
		[]namedFile{{"--blocks", c.Blocks}, {"--streets", c.Streets}})
}

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
