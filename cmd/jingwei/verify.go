package main

import (
	"context"
	"fmt"
	"io"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
	"jingwei/internal/proof"
)

type verifyCommand struct {
	Division   string   `help:"Prove only this division (6, 9 or 12 digits)." placeholder:"CODE"`
	Audit      bool     `help:"Examine the audit trail instead: changed, missing, moved, inserted and cut-off entries."`
	AuditHeads []string `help:"A file of the chains' heads, of this node or another; more than one may be given (default: audit-heads in the data directory)." placeholder:"FILE" type:"path"`
}

func (c *verifyCommand) Run(ctx context.Context, s *console) error {
	if c.Audit && c.Division != "" || !c.Audit && len(c.AuditHeads) > 0 {
		return fault.New(fault.Invalid, "--division 只用于证明网格，--audit-heads 只与 --audit 一起用", "--division is for proving the ground, --audit-heads goes with --audit")
	}
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	if c.Audit {
		return c.trail(ctx, s, db)
	}
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

func (c *verifyCommand) trail(ctx context.Context, s *console, db *postgres.DB) error {
	keys, err := s.vault(false)
	if err != nil {
		return err
	}
	var heads []*audit.Heads
	for _, path := range c.AuditHeads {
		heads = append(heads, audit.OpenHeads(path))
	}
	if own := s.heads(); len(heads) == 0 && own.Exist() {
		heads = append(heads, own)
	}
	report, err := audit.Verify(ctx, db.Owner, keys, heads...)
	if err != nil {
		return err
	}
	if err := s.result(report, func(w io.Writer) { fmt.Fprint(w, report.Text()) }); err != nil {
		return err
	}
	if !report.Sound() {
		return errFailed
	}
	return nil
}
