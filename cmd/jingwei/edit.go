package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// editFlags are what the commands share that change chosen grids.
type editFlags struct {
	Grids  []string      `arg:"" name:"grid" help:"Codes of the grids (15 digits), all of one community."`
	Hold   []string      `help:"Grids that must not change." placeholder:"GRID"`
	DryRun bool          `help:"Show what would become of every grid, and publish nothing."`
	Seed   uint64        `help:"The same seed gives the same grids." default:"1"`
	Time   time.Duration `help:"How long to look for better grids." default:"3s"`
}

type splitCommand struct {
	editFlags
	Into int `help:"How many grids are to come of it." default:"2"`
}

func (c *splitCommand) Run(ctx context.Context, s *console) error {
	return c.edit(ctx, s, layout.DoSplit, c.Into)
}

type mergeCommand struct {
	editFlags
	Into int `help:"Cut the ground of all of them afresh into so many grids." default:"1"`
}

func (c *mergeCommand) Run(ctx context.Context, s *console) error {
	if c.Into < 1 {
		return fault.New(fault.Invalid, fmt.Sprintf("--into 必须不小于 1，现为 %d", c.Into), fmt.Sprintf("--into must be 1 or more, it is %d", c.Into))
	}
	return c.edit(ctx, s, layout.DoMerge, c.Into)
}

type rebalanceCommand struct{ editFlags }

func (c *rebalanceCommand) Run(ctx context.Context, s *console) error {
	return c.edit(ctx, s, layout.DoRebalance, 0)
}

// edited is what these commands report.
type edited struct {
	Version int             `json:"version"` // 0 when nothing was published
	Unit    string          `json:"unit"`    // what grids are measured in: persons, or the name of what was asked for
	Moved   int             `json:"moved"`   // of it, what gets another grid
	Same    bool            `json:"same"`    // nothing changes, so nothing was published
	Changes []layout.Change `json:"changes"`
}

func (f *editFlags) edit(ctx context.Context, s *console, act layout.Act, into int) error {
	if f.Time < 0 {
		return fault.New(fault.Invalid, fmt.Sprintf("--time 不能为负，现为 %v", f.Time), fmt.Sprintf("--time can't be negative, it is %v", f.Time))
	}
	grids, err := gridCodes(f.Grids)
	if err != nil {
		return err
	}
	hold, err := gridCodes(f.Hold)
	if err != nil {
		return err
	}
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	var plan *layout.Edited
	err = db.InTx(ctx, func(tx pgx.Tx) (err error) {
		plan, err = layout.PlanEdit(ctx, tx, layout.Edit{Act: act, Grids: grids, Into: into, Hold: hold, Seed: f.Seed, Time: f.Time})
		return err
	})
	if err != nil {
		return err
	}
	out := edited{Unit: plan.Proposal.Settings.Unit(), Moved: plan.Moved, Same: plan.Same, Changes: plan.Changes}
	if !f.DryRun && !plan.Same {
		done, err := s.publish(ctx, db, plan.Proposal, string(act))
		if err != nil {
			return err
		}
		out.Version = done.Version
		plan.Published(done)
	}
	return s.result(out, out.print)
}

func (e edited) print(w io.Writer) {
	unit := e.Unit
	if unit == layout.Persons {
		unit = "人 residents"
	}
	for _, c := range e.Changes {
		code := "新网格 new grid"
		if c.Code != 0 {
			code = c.Code.String()
		}
		switch {
		case c.After == 0 && c.Compactness == 0:
			fmt.Fprintf(w, "%s: %d %s → 撤销 retired\n", code, c.Before, unit)
		default:
			band := "达标 in band"
			switch {
			case c.Special != "":
				band = "专属网格 special grid"
			case !c.InBand:
				band = "未达标 out of band"
			}
			fmt.Fprintf(w, "%s: %d → %d %s · 紧凑度 compactness %.2f · %s\n", code, c.Before, c.After, unit, c.Compactness, band)
		}
		if c.WasSpecial != "" && c.Special == "" {
			fmt.Fprintf(w, "  注意：不再是专属网格 / note: it is a special grid (%s) no longer\n", c.WasSpecial)
		}
	}
	fmt.Fprintf(w, "换网格 moved to another grid: %d %s\n", e.Moved, unit)
	if e.Same {
		fmt.Fprintln(w, "没有更好的结果，网格不变，未发布新版本 / nothing better was found: the grids stay as they are, and nothing was published")
		return
	}
	if e.Version == 0 {
		fmt.Fprintln(w, "试算，未发布 / nothing was published (dry run)")
		return
	}
	fmt.Fprintf(w, "已发布第 %d 版 / published as version %d\n", e.Version, e.Version)
}

// gridCodes reads grid codes of 15 digits.
func gridCodes(words []string) ([]layout.Code, error) {
	var out []layout.Code
	for _, word := range words {
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil || len(word) != 15 || word[0] == '+' || n <= 0 {
			return nil, fault.New(fault.Invalid, fmt.Sprintf("%.40q 不是网格编码：应为 15 位数字", word),
				fmt.Sprintf("%.40q is no grid code: it has 15 digits", word))
		}
		out = append(out, layout.Code(n))
	}
	return out, nil
}
