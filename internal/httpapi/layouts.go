package httpapi

import (
	"context"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// Layout is a version of a county's grids.
type Layout struct {
	County      DivisionName `json:"county"`
	Version     int          `json:"version"`
	PublishedAt time.Time    `json:"published_at"`
	PublishedBy string       `json:"published_by"`
	Note        string       `json:"note"`
	Target      float64      `json:"target" doc:"Residents a grid"`
	Tolerance   float64      `json:"tolerance"`
	Grids       int          `json:"grids"`
	Residents   int          `json:"residents"`
}

type countyInput struct {
	County string `path:"county" maxLength:"20" doc:"6 digits"`
}

func (s *Server) layoutRoutes() {
	get(s, huma.Operation{
		OperationID: "getLayout", Path: "/api/layouts/{county}", Tags: []string{"layouts"},
		Summary: "The live layout of a county",
	}, s.getLayout)
	s.versionsRoute()
}

func (s *Server) getLayout(ctx context.Context, in *countyInput) (out Layout, err error) {
	code, err := division.ParseCode(in.County)
	if err != nil {
		return out, err
	}
	if code.Level() != division.County {
		return out, fault.New(fault.Invalid,
			fmt.Sprintf("布局按县发布：请用 6 位代码 %s", code.CountyCode()),
			fmt.Sprintf("layouts are published by county: use the 6-digit code %s", code.CountyCode()))
	}
	err = s.read(ctx, func(tx pgx.Tx) error {
		d, err := findDivision(ctx, tx, code)
		if err != nil {
			return err
		}
		out.County = DivisionName{d.Code, d.Name}
		out.Target, out.Tolerance = layout.DefaultTarget, layout.DefaultTolerance
		var target, tolerance *float64
		err = tx.QueryRow(ctx, `
			SELECT version, published_at, published_by, note, (settings->>'target')::float8, (settings->>'tolerance')::float8,
				(SELECT count(*) FROM grid WHERE county = $1 AND retired IS NULL),
				(SELECT coalesce(sum(residents), 0) FROM grid WHERE county = $1 AND retired IS NULL)
			FROM layout WHERE county = $1 AND live`, code.County()).
			Scan(&out.Version, &out.PublishedAt, &out.PublishedBy, &out.Note, &target, &tolerance, &out.Grids, &out.Residents)
		if err == pgx.ErrNoRows {
			return fault.New(fault.NotFound,
				fmt.Sprintf("%s（%s）还没有发布过网格；用 jingwei draw --division 划分", d.Name, d.Code),
				fmt.Sprintf("%s (%s) has no published grids yet; draw them with jingwei draw --division", d.Name, d.Code))
		}
		if target != nil && *target > 0 {
			out.Target = *target
		}
		if tolerance != nil {
			out.Tolerance = *tolerance
		}
		return err
	})
	return out, err
}
