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
	File   string `arg:"" help:"CSV with a column building and one for each count."`
	County string `required:"" help:"Code of the county that the buildings stand in (6 digits)." placeholder:"CODE"`
}

func (c *importCountsCommand) Run(ctx context.Context, s *console) error {
	county, err := division.ParseCode(c.County)
	if err != nil {
		return err
	}
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	report, err := ingest.Counts(ctx, db, ingest.CountsInput{File: c.File, County: county})
	if err != nil {
		return err
	}
	err = s.result(report, func(w io.Writer) {
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
