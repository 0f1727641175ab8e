package main

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/drawing"
	"jingwei/internal/ground"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// warnOutside names the buildings with people that no community's ground took: only what was published tells which these are.
func warnOutside(ctx context.Context, db *postgres.DB, code division.Code, out *layout.Outcome, result *drawn) error {
	var known []string
	if out.Ground != nil {
		known = out.Ground.Report.Outside
	}
	return db.InTx(ctx, func(tx pgx.Tx) error {
		w, err := ground.Outside(ctx, tx, out.Proposal.County, string(code), known)
		if w != nil {
			result.Warnings = append(result.Warnings, drawing.NewWarning(string(code), w.Kind, w.ZH, w.EN))
		}
		return err
	})
}
