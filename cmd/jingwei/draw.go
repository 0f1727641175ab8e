package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/drawing"
	"jingwei/internal/fault"
	"jingwei/internal/ground"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

type drawCommand struct {
	Division string   `help:"Draw the grids of this division of the database and publish them." placeholder:"CODE" xor:"what"`
	Replace  bool     `help:"With --division: draw again where a layout is live already, and publish a new version."`
	Redraw   bool     `help:"With --division: bring what is out of band back into it, with as few people as can be getting another grid, and publish a new version."`
	Hold     []string `help:"With --redraw: grids that must not change." placeholder:"GRID"`
	HoldArea string   `help:"With --redraw: the blocks within the polygons of this GeoJSON file stay in the grids that they are in." placeholder:"FILE"`
	Together string   `help:"With --division: keep the ground of each polygon of this GeoJSON file in one grid, such as a compound under one property company; its name is the property name." placeholder:"FILE"`

	Special  []string `help:"With --division: ground of these kinds has grids of its own, of which no number of residents is asked: school, hospital, industrial, market, all, or none (default: as the live layout has)." placeholder:"KIND"`
	Weight   string   `help:"With --division: what --target counts: persons, or a count that was imported for buildings, such as households (default: as the live layout has, otherwise persons)." placeholder:"COUNT"`
	Workload string   `help:"With --division: a formula of several counts that --target is in, as JSON: {\"name\": \"工作量\", \"factors\": {\"persons\": 1, \"living_alone\": 2}}." placeholder:"FILE"`

	Alternatives int `help:"With --division: make so many drawings that differ, and show their figures side by side." placeholder:"N"`
	Choose       int `help:"With --alternatives: publish this one, counted from 1. Without it nothing is published." placeholder:"N"`

	Blocks          string `help:"Draw from this GeoJSON file of polygons, each with an id and its residents, without a database." placeholder:"FILE" xor:"what"`
	PopulationField string `help:"With --blocks: property with a block's residents." default:"population"`
	WithinField     string `help:"With --blocks: property with a block's community." default:"community"`
	Streets         string `help:"With --blocks: lines that borders should run along." placeholder:"FILE"`
	Out             string `help:"With --blocks: write the grids here, as GeoJSON." placeholder:"FILE"`
	Assignment      string `help:"With --blocks: write which block is in which grid here, as CSV." placeholder:"FILE"`
	Report          string `help:"Write the report here, as JSON." placeholder:"FILE"`

	Target    *float64      `help:"Residents a grid, or of what --weight and --workload count (default: as the live layout has, otherwise 600)." placeholder:"N"`
	Tolerance *float64      `help:"Share of the target that a grid may differ from it (default: as the live layout has, otherwise 0.15)." placeholder:"SHARE"`
	Seed      uint64        `help:"The same seed gives the same grids." default:"1"`
	Time      time.Duration `help:"How long to look for better grids." default:"10s"`
	Preset    string        `help:"What to prefer: balanced, compact grids, or borders along streets." enum:"balanced,compact,streets" default:"balanced"`

	DivideSmall bool `help:"Cut a community of less than 1.7 targets too, where two grids come closer to the band than one: 900 people into 450 and 450. Otherwise it is one grid."`
}

func (c *drawCommand) Run(ctx context.Context, s *console) error {
	if err := c.check(); err != nil {
		return err
	}
	switch {
	case c.Blocks != "" && c.Out == "":
		return fault.New(fault.Invalid, "请用 --out 指定网格文件的写入位置", "say with --out where to write the grids")
	case c.Blocks != "":
		return c.fromFile(ctx, s)
	case c.Division != "":
		return c.fromDatabase(ctx, s)
	}
	return fault.New(fault.Invalid,
		"请用 --division 指定数据库中的区划代码，或用 --blocks 指定地块文件",
		"say what to draw: --division CODE for a division of the database, or --blocks FILE for a file of blocks")
}

func (c *drawCommand) fromFile(ctx context.Context, s *console) error {
	bar := s.progress()
	report, err := drawFile(ctx, drawFileInput{
		Blocks: c.Blocks, PopulationField: c.PopulationField, WithinField: c.WithinField, Streets: c.Streets,
		Out: c.Out, Assignment: c.Assignment, Report: c.Report,
		Options: drawing.Options{Target: orElse(c.Target, layout.DefaultTarget), Tolerance: orElse(c.Tolerance, layout.DefaultTolerance), Seed: c.Seed, Time: c.Time, Preset: c.Preset, Divide: c.DivideSmall},
	}, func(stage string, done float64) { bar.say("%s %3.0f %%", stageName(stage), 100*done) })
	bar.clear()
	if err != nil {
		return err
	}
	return s.result(report, func(w io.Writer) { printDrawing(w, report, layout.Persons) })
}

// drawn is what `draw --division` reports.
type drawn struct {
	Division string `json:"division"`
	Version  int    `json:"version"` // 0 when nothing was published
	drawing.Report
	Same         bool         `json:"same,omitempty"` // with --redraw: every grid stays as it is, so nothing was published
	Unit         string       `json:"unit"`           // what grids are measured in: persons, or the name of what was asked for
	Blocks       int          `json:"blocks"`
	Residents    int          `json:"residents"`
	TotalSeconds float64      `json:"total_seconds"`
	LeftAlone    []int64      `json:"left_alone,omitempty"`
	Stopped      []int64      `json:"stopped,omitempty"`
	Ground       []groundMade `json:"ground,omitempty"`

	Alternatives []layout.Choice `json:"alternatives,omitempty"` // the best first; without one chosen nothing was published
	wished       int             // alternatives
}

// groundMade is what making the blocks of one community brought to light.
type groundMade struct {
	Community int64 `json:"community"`
	ground.TerritoryReport
}

func (c *drawCommand) fromDatabase(ctx context.Context, s *console) error {
	code, err := division.ParseCode(c.Division)
	if err != nil {
		return err
	}
	together, err := readAreas(c.Together)
	if err != nil {
		return err
	}
	stays, err := readAreas(c.HoldArea)
	if err != nil {
		return err
	}
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	hold, err := gridCodes(c.Hold)
	if err != nil {
		return err
	}
	settings, err := c.settings()
	if err != nil {
		return err
	}
	result, err := s.drawDivision(ctx, db, s.progress(), layout.Order{
		Division: code, Replace: c.Replace, Redraw: c.Redraw, Hold: hold, Stays: stays, Together: together, Time: c.Time,
		Choices: c.Alternatives, Choose: c.Choose,
		Settings: settings, Unsaid: layout.Unsaid{Target: c.Target == nil, Tolerance: c.Tolerance == nil, Measure: c.Weight == "" && c.Workload == "", Special: len(c.Special) == 0},
	})
	if err != nil {
		return err
	}
	if c.Report != "" {
		if err := writeJSON(c.Report, result); err != nil {
			return err
		}
	}
	return s.result(result, func(w io.Writer) { result.print(w) })
}

// drawDivision plans and publishes in two transactions, so that the county's lock is held only while
// publishing. A layout published between the two is a conflict, and nothing is lost by it.
func (s *console) drawDivision(ctx context.Context, db *postgres.DB, bar *progress, order layout.Order) (*drawn, error) {
	start := time.Now()
	tell, end := bar.stages()
	defer end()
	order.Progress = tell
	var out *layout.Outcome
	// Ctrl-C during the drawing gives the best so far, which is then published: the reading and the
	// writing must not be cancelled with it.
	keep := context.WithoutCancel(ctx)
	err := db.InTx(keep, func(tx pgx.Tx) (err error) {
		out, err = layout.Plan(ctx, tx, order)
		return err
	})
	if err != nil {
		return nil, err
	}
	result := &drawn{Division: string(order.Division), LeftAlone: out.Standing, Stopped: out.Stopped, wished: order.Choices}
	if out.Ground != nil {
		for _, t := range out.Ground.Territories {
			result.Ground = append(result.Ground, groundMade{t.Community, t.Report})
		}
	}
	result.Alternatives = out.Choices
	if out.Proposal == nil || order.Choices > 1 && order.Choose == 0 {
		return result, nil
	}
	if result.Same = out.Same; out.Same {
		result.Report, result.Unit = out.Proposal.Report, out.Proposal.Settings.Unit()
		return result, nil
	}
	done, err := s.publish(keep, db, out.Proposal, "自动划分 "+string(order.Division))
	if err != nil {
		return nil, err
	}
	result.Version, result.Report, result.Blocks = done.Version, out.Proposal.Report, len(out.Proposal.Blocks)
	result.Unit = out.Proposal.Settings.Unit()
	for _, b := range out.Proposal.Blocks {
		result.Residents += b.Residents
	}
	err = warnOutside(keep, db, order.Division, out, result)
	result.TotalSeconds = time.Since(start).Seconds()
	return result, err
}

func (d *drawn) print(w io.Writer) {
	if len(d.LeftAlone) > 0 {
		fmt.Fprintf(w, "已有生效布局，保持不变（--replace 重新划分并发布新版本）/ live already and left alone (--replace draws again): %s\n", codes(d.LeftAlone))
	}
	if len(d.Stopped) > 0 {
		fmt.Fprintf(w, "无法生成地块 / no blocks could be made: %s\n", codes(d.Stopped))
	}
	for _, g := range d.Ground {
		for _, warning := range g.Warnings {
			fmt.Fprintf(w, "%012d: %s / %s\n", g.Community, warning.ZH, warning.EN)
		}
		if g.Stopped != nil {
			fmt.Fprintf(w, "%012d: %s / %s\n", g.Community, g.Stopped.ZH, g.Stopped.EN)
		}
	}
	for i, a := range d.Alternatives {
		r := a.Report
		fmt.Fprintf(w, "方案 %d alternative: %s · 网格 grids %d · 可达标中达标 in band, of those that can be: %d/%d · 紧凑度 compactness %.3f (p05 %.3f) · 沿街 on streets %.0f %% · 与最相近方案之差 difference %.0f %%\n",
			i+1, a.Preset, r.Grids, r.InBandFeasible, r.Feasible, r.CompactnessMean, r.CompactnessP05, 100*r.OnStreets, 100*a.Difference)
	}
	if n := len(d.Alternatives); n > 0 && n < d.wished {
		fmt.Fprintf(w, "确有不同的方案只有 %d 个 / no more than %d drawings honestly differ\n", n, n)
	}
	if d.Same {
		fmt.Fprintln(w, "没有更好的结果，网格不变，未发布新版本 / nothing better was found: the grids stay as they are, and nothing was published")
		printDrawing(w, d.Report, d.Unit)
		return
	}
	if d.Version == 0 {
		if len(d.Alternatives) > 0 {
			fmt.Fprintln(w, "未发布；用 --choose 发布其中之一 / nothing was published: --choose publishes one of them")
		}
		return
	}
	fmt.Fprintf(w, "区划 %s 第 %d 版已发布 / division %s, version %d published: %d blocks, %d residents, %.1f s\n",
		d.Division, d.Version, d.Division, d.Version, d.Blocks, d.Residents, d.TotalSeconds)
	printDrawing(w, d.Report, d.Unit)
}

// printDrawing says how a drawing came out, in units of what its grids were measured by.
func printDrawing(w io.Writer, r drawing.Report, unit string) {
	fmt.Fprintf(w, "网格 grids %d · 可达标中达标 in band, of those that can be: %d/%d · 不连通 broken %d · 跨社区 crossing %d\n",
		r.Grids, r.InBandFeasible, r.Feasible, r.Broken, r.Crossing)
	fmt.Fprintf(w, "紧凑度 compactness %.3f (p05 %.3f) · Polsby–Popper %.3f · 沿街 on streets %.0f %% · %.1f s\n",
		r.CompactnessMean, r.CompactnessP05, r.PolsbyPopperMean, 100*r.OnStreets, r.Seconds)
	if m := r.Moved; m != nil {
		if unit == layout.Persons {
			unit = "人 residents"
		}
		fmt.Fprintf(w, "换网格 moved %d %s (%.2f %%)，其中原网格达标 of grids that were in band %d · 未达标网格 out of band %d → %d · 新 new %d · 撤销 retired %d\n",
			m.Residents, unit, 100*m.Share, m.Outside, m.OutBefore, m.OutAfter, len(m.Founded), len(m.Gone))
	}
	if len(r.Special) > 0 {
		of := map[string]int{}
		for _, g := range r.Special {
			of[g.Kind]++
		}
		fmt.Fprintf(w, "另有专属网格 special grids besides %d：学校 school %d · 医院 hospital %d · 工业园区 industrial %d · 市场 market %d\n",
			len(r.Special), of["school"], of["hospital"], of["industrial"], of["market"])
	}
	for _, warning := range r.Warnings {
		fmt.Fprintf(w, "  注意 warning (%s): %s / %s\n", warning.Kind, warning.ZH, warning.EN)
	}
	for _, i := range r.Infeasible {
		fmt.Fprintf(w, "  %s: %s / %s\n", i.Within, i.ZH, i.EN)
	}
}

func codes(cs []int64) string {
	words := make([]string, len(cs))
	for i, c := range cs {
		words[i] = fmt.Sprintf("%012d", c)
	}
	return strings.Join(words, " ")
}

// stageName is what a person reads while waiting.
func stageName(stage string) string {
	names := map[string]string{
		"ground": "生成地块 making blocks", "construct": "构造网格 constructing grids",
		"improve": "优化网格 improving grids", "mend": "修补 mending", "features": "读取地面 reading the ground",
		"publish": "发布 publishing", "cells": "统计人口热力 counting people by cell", "prove": "数据库校验 the database proves it",
	}
	if n, ok := names[stage]; ok {
		return n
	}
	return stage
}

// writeJSON writes a report whole or not at all.
func writeJSON(path string, v any) error {
	return replaceFile(path, func(f *os.File) error { return encodeJSON(f, v) })
}
