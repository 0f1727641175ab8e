package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/layout"
)

// microCommand cuts live grids into micro-grids, lists which entrances and buildings each has, and stores them when it is told to.
type microCommand struct {
	Division string        `help:"Of which division's live grids." placeholder:"CODE" required:""`
	Store    bool          `help:"Make them the micro-grids of the live layout, in place of those that the division has: a version of its own."`
	Out      string        `help:"Write here, as CSV, which micro-grid each entrance and building is in." placeholder:"FILE"`
	Seed     uint64        `help:"The same seed gives the same micro-grids." default:"1"`
	Time     time.Duration `help:"How long to look for better ones." default:"5s"`
}

// microReport is what the command reports.
type microReport struct {
	MicroGrids int `json:"micro_grids"`
	InBand     int `json:"in_band"` // of 30 to 50 households
	Households int `json:"households"`
	Counted    int `json:"households_counted"`   // imported for their building; the others are estimated
	Elsewhere  int `json:"households_elsewhere"` // counted for buildings where nobody is on record, and so in no micro-grid
	Residents  int `json:"residents"`
	Version    int `json:"version,omitempty"` // that they were stored as
	Homes      int `json:"homes"`             // entrances, and buildings without any
	Infeasible int `json:"infeasible"`        // grids, or parts of them, that can't be cut so, by the number of their households or the size of their entrances
}

func (c *microCommand) Run(ctx context.Context, s *console) error {
	code, err := division.ParseCode(c.Division)
	if err != nil {
		return err
	}
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	var plan *layout.MicroGrids
	var ground *layout.Ground
	err = db.InTx(ctx, func(tx pgx.Tx) (err error) {
		if plan, err = layout.PlanMicroGrids(ctx, tx, code, c.Seed, c.Time); err == nil && c.Store {
			ground, err = layout.LoadGround(ctx, tx, int32(code.County()), plan.Communities)
		}
		return err
	})
	if err != nil {
		return err
	}
	version := 0
	if c.Store {
		done, err := s.publish(ctx, db, ground.AsItStands(), "微网格 micro-grids "+c.Division, plan.Store)
		if err != nil {
			return err
		}
		version = done.Version
	}
	if c.Out != "" {
		if err := replaceFile(c.Out, func(f *os.File) error { return writeMicro(f, plan.Homes) }); err != nil {
			return err
		}
	}
	out := microReport{Version: version, MicroGrids: plan.MicroGrids, InBand: plan.Report.InBand, Counted: plan.Counted(), Elsewhere: plan.Elsewhere, Homes: len(plan.Homes), Infeasible: len(plan.Report.Infeasible)}
	for _, h := range plan.Homes {
		out.Households += h.Households
		out.Residents += h.Residents
	}
	return s.result(out, func(w io.Writer) {
		fmt.Fprintf(w, "微网格 micro-grids %d · 30–50 户 in band %d · %d 户 households（%d 户按普查户均估计 estimated）· %d 人 residents · 单元或楼栋 entrances and buildings %d · 无法达标 infeasible %d\n",
			out.MicroGrids, out.InBand, out.Households, out.Households-out.Counted, out.Residents, out.Homes, out.Infeasible)
		if version > 0 {
			fmt.Fprintf(w, "已存入网格布局第 %d 版 / stored with version %d of the layout\n", version, version)
		}
		if out.Elsewhere > 0 {
			fmt.Fprintf(w, "另有 %d 户登记在无居民的楼栋，未划入 / %d more households are counted for buildings where nobody is on record, and are in none\n", out.Elsewhere, out.Elsewhere)
		}
	})
}

func writeMicro(f io.Writer, homes []layout.MicroHome) error {
	if _, err := io.WriteString(f, "\ufeff"); err != nil { // what opens CSV in China takes it for GBK without
		return err
	}
	w := csv.NewWriter(f)
	if err := w.Write([]string{"grid", "micro_grid", "building", "entrance", "residents", "households", "estimated", "lon", "lat"}); err != nil {
		return err
	}
	for _, h := range homes {
		err := w.Write([]string{h.Grid.String(), fmt.Sprintf("%s%02d", h.Grid, h.Micro), h.Source, h.Entrance, strconv.Itoa(h.Residents),
			strconv.Itoa(h.Households), strconv.FormatBool(h.Estimated), strconv.FormatFloat(h.Lon, 'f', 7, 64), strconv.FormatFloat(h.Lat, 'f', 7, 64)})
		if err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
