package main

import (
	"fmt"

	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// mostTarget is more than any country holds of anything, and far from what overflows.
const mostTarget = 1e10

func orElse(given *float64, otherwise float64) float64 {
	if given == nil {
		return otherwise
	}
	return *given
}

// check refuses what can't be meant, before minutes are spent on it. A zero, which means "the default" inside,
// isn't that on the command line.
func (c *drawCommand) check() error {
	if n := orElse(c.Target, layout.DefaultTarget); !(n >= 1 && n <= mostTarget) {
		return fault.New(fault.Invalid, fmt.Sprintf("--target 必须在 1 到 %.0f 之间，现为 %v", mostTarget, n),
			fmt.Sprintf("--target must be a number from 1 to %.0f, it is %v", mostTarget, n))
	}
	if n := orElse(c.Tolerance, layout.DefaultTolerance); !(n > 0 && n < 1) {
		return fault.New(fault.Invalid, fmt.Sprintf("--tolerance 必须大于 0 小于 1，现为 %v", n),
			fmt.Sprintf("--tolerance must be more than 0 and less than 1, it is %v", n))
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
		{"--hold", len(c.Hold) > 0, "--division"}, {"--hold-area", c.HoldArea != "", "--division"}, {"--alternatives", c.Alternatives != 0, "--division"}, {"--choose", c.Choose != 0, "--division"},
		{"--special", len(c.Special) > 0, "--division"}, {"--weight", c.Weight != "", "--division"}, {"--workload", c.Workload != "", "--division"},
		{"--streets", c.Streets != "", "--blocks"}, {"--out", c.Out != "", "--blocks"}, {"--assignment", c.Assignment != "", "--blocks"},
	} {
		if f.given && (f.with == "--division" && c.Blocks != "" || f.with == "--blocks" && c.Division != "") {
			return fault.New(fault.Invalid, f.flag+" 只能与 "+f.with+" 同用", f.flag+" goes with "+f.with)
		}
	}
	if (len(c.Hold) > 0 || c.HoldArea != "") && !c.Redraw { // also where nothing is to be drawn
		return fault.New(fault.Invalid, "--hold 与 --hold-area 须与 --redraw 同用：只有少变动重划才能固定网格或地面", "--hold and --hold-area go with --redraw: grids and ground can only be held when they are redrawn with few moves")
	}
	if c.Alternatives < 0 || c.Choose < 0 || c.Choose > 0 && c.Alternatives < 2 {
		return fault.New(fault.Invalid, fmt.Sprintf("--choose 从 --alternatives 的方案中选一个，从 1 数起；现为 --alternatives %d --choose %d", c.Alternatives, c.Choose),
			fmt.Sprintf("--choose takes one of --alternatives, counted from 1; they are --alternatives %d --choose %d", c.Alternatives, c.Choose))
	}
	return nil
}
