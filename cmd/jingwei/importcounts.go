package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"jingwei/internal/division"
	"jingwei/internal/ingest"
)

type importCountsCommand struct {
	File   string `arg:"" help:"CSV with a column building (楼栋) and one for each count. A building is called as by its import, buildings.geojson/17, or 17 where only one is."`
	County string `required:"" help:"Code of the county that the buildings stand in (6 digits)." placeholder:"CODE"`
}

func (c *importCountsCommand) Run(ctx context.Context, s *console) error {
	county, err := division.ParseCode(c.County)
	if err != nil {
		return err
	}
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	report, err := ingest.Counts(ctx, db, ingest.CountsInput{File: c.File, County: county})
	if err != nil {
		return err
	}
	err = s.result(report, func(w io.Writer) {
		if report.GB18030 {
			fmt.Fprintln(w, "按 GB18030 读取 / read as GB18030")
		}
		for _, f := range report.Refused.Listed {
			fmt.Fprintf(w, "拒收 refused   %s\n", f)
		}
		more(w, report.Refused)
		fmt.Fprintf(w, "共 %d 行，入库 %d，拒收 %d，改动 %d 个数 / %d rows, %d stored, %d refused, %d counts changed\n",
			report.Rows, report.Stored, report.Refused.Count, report.Changed, report.Rows, report.Stored, report.Refused.Count, report.Changed)
		for _, kind := range slices.Sorted(maps.Keys(report.Sums)) {
			fmt.Fprintf(w, "  %s %d\n", kind, report.Sums[kind])
		}
	})
	if err == nil && report.Stored == 0 {
		return errFailed // the report says why
	}
	return err
}
