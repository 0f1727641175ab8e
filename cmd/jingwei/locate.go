package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/ingest"
	"jingwei/internal/layout"
	"jingwei/internal/locate"
)

// locateCommand says of every point of a table which grid it lies in.
type locateCommand struct {
	CSV      string  `name:"csv" required:"" help:"Table of points: CSV with longitude and latitude in degrees." placeholder:"FILE"`
	Out      string  `required:"" help:"Write the table here, with the columns grid, community, near and problem." placeholder:"FILE"`
	LonField string  `help:"Column with the longitude (default: lon, lng, longitude, 经度 or x)." placeholder:"COLUMN"`
	LatField string  `help:"Column with the latitude (default: lat, latitude, 纬度 or y)." placeholder:"COLUMN"`
	CRS      string  `name:"crs" help:"What the positions are in: wgs84, gcj02 (Amap, Tencent), bd09 (Baidu)." default:"wgs84"`
	Near     float64 `help:"Name other grids within so many metres." default:"20"`
}

func (c *locateCommand) Run(ctx context.Context, s *console) error {
	system, err := crs.Parse(c.CRS)
	if err != nil {
		return err
	}
	if !(c.Near >= 0 && c.Near <= 1000) {
		return fault.New(fault.Invalid, fmt.Sprintf("--near 应在 0 到 1000 米之间，现为 %v", c.Near), fmt.Sprintf("--near must be 0 to 1000 metres, it is %v", c.Near))
	}
	if err := distinct([]namedFile{{"--out", c.Out}}, []namedFile{{"--csv", c.CSV}}); err != nil {
		return err
	}
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	var live *locate.Live
	if err := db.InTx(ctx, func(tx pgx.Tx) (err error) {
		live, err = new(layout.Locators).Fresh(ctx, tx)
		return err
	}); err != nil {
		return err
	}
	if live.Empty() {
		return fault.New(fault.NotFound, "还没有网格，先用 draw 划分", "there are no grids yet: draw them first")
	}
	var report *ingest.PointsReport
	err = replaceFile(c.Out, func(f *os.File) (err error) {
		report, err = ingest.Points(ctx, ingest.PointsInput{File: c.CSV, LonField: c.LonField, LatField: c.LatField, CRS: system}, f, ingest.InLayout(live, c.Near))
		return err
	})
	if err != nil {
		return err
	}
	return s.result(report, func(w io.Writer) {
		if report.GB18030 {
			fmt.Fprintln(w, "按 GB18030 读取，按 UTF-8 写出 / read as GB18030, written as UTF-8")
		}
		for _, f := range report.Refused.Listed {
			fmt.Fprintf(w, "有误 wrong   %s\n", f)
		}
		more(w, report.Refused)
		fmt.Fprintf(w, "共 %d 行：已定位 %d（其中 %d 个邻近另一网格），不在网格内 %d，有误 %d / %d rows: %d located (%d of them close to another grid), %d in no grid, %d wrong\n",
			report.Rows, report.Located, report.Near, report.Outside, report.Wrong, report.Rows, report.Located, report.Near, report.Outside, report.Wrong)
		if 10*report.Outside > report.Rows {
			fmt.Fprintln(w, "不在网格内的点较多：请检查文件的地点和 --crs / many points lie in no grid: check what place the file is of, and --crs")
		}
	})
}
