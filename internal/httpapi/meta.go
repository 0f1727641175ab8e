package httpapi

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/layout"
)

// Meta is what the page needs to know before it shows anything.
type Meta struct {
	Version   string    `json:"version" doc:"Of the program"`
	Demo      bool      `json:"demo" doc:"The data is invented"`
	Division  *Division `json:"division,omitempty" doc:"Where to begin: the division with live grids, as narrow as holds all of them in its county"`
	Bounds    *Bounds   `json:"bounds,omitempty" doc:"Of its live grids, or of everything on record when there are none"`
	Target    float64   `json:"target" doc:"Residents a grid"`
	Tolerance float64   `json:"tolerance"`
	Basemap   *Basemap  `json:"basemap,omitempty" doc:"A basemap from elsewhere, when one is configured"`
}

// Basemap is a configured XYZ basemap.
type Basemap struct {
	URL         string `json:"url" doc:"Template with {z}, {x} and {y}"`
	Attribution string `json:"attribution"`
}

func (s *Server) metaRoutes() {
	get(s, huma.Operation{
		OperationID: "getMeta", Path: "/api/meta", Tags: []string{"server"},
		Summary: "What the page begins with",
	}, s.getMeta)
}

func (s *Server) getMeta(ctx context.Context, _ *struct{}) (out Meta, err error) {
	out = Meta{Version: s.Version, Demo: s.Demo, Basemap: s.Basemap, Target: layout.DefaultTarget, Tolerance: layout.DefaultTolerance}
	err = s.read(ctx, func(tx pgx.Tx) error {
		// The county that was published last; of it, the narrowest division that holds every live grid.
		var low, high *int64
		var target, tolerance *float64
		var b scanBounds
		err := tx.QueryRow(ctx, `
			SELECT min(g.community), max(g.community), min((l.settings->>'target')::float8), min((l.settings->>'tolerance')::float8),
				ST_XMin(ST_Extent(g.geom)), ST_YMin(ST_Extent(g.geom)), ST_XMax(ST_Extent(g.geom)), ST_YMax(ST_Extent(g.geom))
			FROM (SELECT county, settings FROM layout WHERE live ORDER BY published_at DESC, county LIMIT 1) l
			JOIN grid g ON g.county = l.county AND g.retired IS NULL`).
			Scan(&low, &high, &target, &tolerance, &b.w, &b.s, &b.e, &b.n)
		if err != nil {
			return err
		}
		if low == nil {
			return everything(ctx, tx, &out)
		}
		out.Bounds = b.bounds()
		if target != nil && *target > 0 {
			out.Target = *target
		}
		if tolerance != nil {
			out.Tolerance = *tolerance
		}
		out.Division, err = narrowest(ctx, tx, *low, *high)
		return err
	})
	return out, err
}

// narrowest is the narrowest division on record that contains two communities.
func narrowest(ctx context.Context, tx pgx.Tx, low, high int64) (*Division, error) {
	a, err := division.FromCommunity(low)
	if err != nil {
		return nil, err
	}
	b, err := division.FromCommunity(high)
	if err != nil {
		return nil, err
	}
	for ; a != ""; a = a.Parent() {
		if !a.Contains(b) {
			continue
		}
		rows, err := tx.Query(ctx, divisionQuery+`WHERE d.code = $1`, string(a))
		if err != nil {
			return nil, err
		}
		found, err := pgx.CollectRows(rows, scanDivision)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			return &found[0], nil
		}
	}
	return nil, nil
}

// everything begins with the first root where no grid is live yet.
func everything(ctx context.Context, tx pgx.Tx, out *Meta) error {
	rows, err := tx.Query(ctx, divisionQuery+`WHERE d.parent IS NULL ORDER BY d.code LIMIT 1`)
	if err != nil {
		return err
	}
	found, err := pgx.CollectRows(rows, scanDivision)
	if err != nil || len(found) == 0 {
		return err
	}
	out.Division, out.Bounds = &found[0], found[0].Bounds
	return nil
}
