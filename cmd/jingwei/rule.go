package main

import (
	"context"
	"fmt"
	"io"

	"jingwei/internal/division"
	"jingwei/internal/draft"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// ruleCommand shows and sets what a county asks for before a draft is published.
type ruleCommand struct {
	County       string `arg:"" help:"6 digits."`
	ApproveOver  *int   `help:"A second person approves a draft by which more residents than this get another grid; 0: every draft." placeholder:"N"`
	ApproveNever bool   `help:"No draft needs a second person."`
}

func (c *ruleCommand) Run(ctx context.Context, s *console) error {
	code, err := division.ParseCode(c.County)
	if err != nil {
		return err
	}
	switch {
	case code.Level() != division.County:
		return fault.New(fault.Invalid, "发布规则按县设定，请用 6 位代码", "rules are a county's: use its code of 6 digits")
	case c.ApproveOver != nil && c.ApproveNever:
		return fault.New(fault.Invalid, "--approve-over 与 --approve-never 只能用一个", "--approve-over and --approve-never contradict each other")
	case c.ApproveOver != nil && *c.ApproveOver < 0:
		return fault.New(fault.Invalid, "--approve-over 不能为负", "--approve-over can't be negative")
	}
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	if c.ApproveOver != nil || c.ApproveNever {
		if err := setRule(ctx, db, code, c.ApproveOver); err != nil {
			return err
		}
	}
	rule, err := draft.RuleOf(ctx, db.Owner, int32(code.County()))
	if err != nil {
		return err
	}
	return s.result(rule, func(w io.Writer) {
		switch {
		case rule.ApproveOver == nil:
			fmt.Fprintln(w, "草案发布无须他人审批 / no draft needs a second person's approval")
		case *rule.ApproveOver == 0:
			fmt.Fprintln(w, "草案发布都须他人审批 / every draft needs a second person's approval")
		default:
			fmt.Fprintf(w, "换网格超过 %d 人的草案须他人审批 / drafts by which more than %d residents get another grid need a second person's approval\n", *rule.ApproveOver, *rule.ApproveOver)
		}
	})
}

func setRule(ctx context.Context, db *postgres.DB, county division.Code, approveOver *int) error {
	_, err := db.Owner.Exec(ctx, `INSERT INTO county_rule (county, approve_over) VALUES ($1, $2) ON CONFLICT (county) DO UPDATE SET approve_over = excluded.approve_over`,
		county.County(), approveOver)
	return err
}
