package main

import (
	"context"
	"fmt"
	"io"

	"jingwei/internal/audit"
)

type auditCommand struct {
	Drop auditDropCommand `cmd:"" help:"Remove the days of the trail whose time is over; a signed checkpoint of each is left."`
}

type auditDropCommand struct {
	Keep int `help:"Months that are kept, six at least." default:"36" placeholder:"MONTHS"`
}

func (c *auditDropCommand) Run(ctx context.Context, s *console) error {
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	keys, err := s.vault(false)
	if err != nil {
		return err
	}
	trail, heads := audit.New(keys), s.heads()
	ctx = audit.WithCaller(ctx, audit.Caller{Name: audit.CommandLine})
	dropped, err := trail.Drop(ctx, db.Owner, heads, c.Keep)
	if err != nil {
		return err
	}
	if _, err := trail.Chain(ctx, db.App, heads); err != nil {
		return err
	}
	if err := s.result(dropped, func(w io.Writer) {
		fmt.Fprintf(w, "已删除 %s 之前的 %d 天、%d 条审计记录 / dropped %d days before %s with %d entries\n",
			dropped.Before, dropped.Days, dropped.Entries, dropped.Days, dropped.Before, dropped.Entries)
		for _, f := range dropped.Kept {
			fmt.Fprintf(w, "  ✗ 保留 / kept: %s\n    %s\n", f.ZH, f.EN)
		}
	}); err != nil {
		return err
	}
	if len(dropped.Kept) > 0 {
		return errFailed
	}
	return nil
}
