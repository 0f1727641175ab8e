package main

import (
	"context"
	"fmt"
	"io"

	"jingwei/internal/proof"
)

type verifyCommand struct {
	Division string `help:"Prove only this division (6, 9 or 12 digits)." placeholder:"CODE"`
}

func (c *verifyCommand) Run(ctx context.Context, s *console) error {
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	report, err := proof.Verify(ctx, db, proof.Options{Division: c.Division})
	if err != nil {
		return err
	}
	if err := s.result(report, func(w io.Writer) { fmt.Fprint(w, report.Text()) }); err != nil {
		return err
	}
	if !report.Proved() {
		return errFailed
	}
	return nil
}
