package httpapi

import (
	"context"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/division"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// LayoutVersion is a version of a county's layout, as it stands in a list to choose from.
type LayoutVersion struct {
	Version  int           `json:"version"`
	At       time.Time     `json:"at" doc:"When it became live"`
	By       string        `json:"by,omitempty" doc:"Who published it; for those who plan or approve on the division's ground"`
	Note     string        `json:"note"`
	Live     bool          `json:"live"`
	Division *DivisionName `json:"division,omitempty" doc:"The smallest division that all grids lie in that it changed; missing where it changed none"`
	Here     bool          `json:"here" doc:"It changed grids of the division that was asked about"`
}

// LayoutVersions is a page of them.
type LayoutVersions struct {
	Versions []LayoutVersion `json:"versions" doc:"The newest first"`
}

type versionsInput struct {
	Code   string `path:"code" maxLength:"20" doc:"Of a county, a town or a community: 6, 9 or 12 digits" example:"370883100"`
	Before int    `query:"before" minimum:"0" doc:"0: from the newest"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"200"`
}

func (s *Server) versionsRoute() {
	get(s, huma.Operation{
		OperationID: "listVersions", Path: "/api/divisions/{code}/versions", Tags: []string{"layouts"},
		Summary: "The versions of the layout of a division's county, and which of them changed the division",
	}, s.listVersions)
}

func (s *Server) listVersions(ctx context.Context, in *versionsInput) (out LayoutVersions, err error) {
	code, err := division.ParseCode(in.Code)
	if err != nil {
		return out, err
	}
	ground := postgres.GroundOf(string(code))[0]
	out.Versions = []LayoutVersion{}
	err = s.read(ctx, func(tx pgx.Tx) error {
		if _, err := findDivision(ctx, tx, code); err != nil {
			return err
		}
		all, err := layout.Versions(ctx, tx, int32(code.County()), ground.Low, ground.High, in.Before, in.Limit)
		if err != nil {
			return err
		}
		names, err := divisionNames(ctx, tx, all)
		named := drawsAt(ctx, ground)
		for _, v := range all {
			row := LayoutVersion{Version: v.Number, At: v.At, Note: v.Note, Live: v.Live, Here: v.Here}
			if named {
				row.By = v.By
			}
			if c := around(v.Low, v.High); c != "" {
				row.Division = &DivisionName{c, names[c]}
			}
			out.Versions = append(out.Versions, row)
		}
		return err
	})
	return out, err
}

// drawsAt says whether who asks plans or approves on some ground: they see each other's names.
func drawsAt(ctx context.Context, ground postgres.Range) bool {
	scope := access.IdentityOf(ctx).Actor.Scope
	return scope[access.PlanGrids].Contains(ground) || scope[access.ApproveGrids].Contains(ground)
}

// around is the smallest division that two communities of one county lie in; "" for none.
func around(low, high int64) string {
	a, b := fmt.Sprintf("%012d", low), fmt.Sprintf("%012d", high)
	switch {
	case low == 0:
		return ""
	case low == high && low%1000 != 0: // 000 stands for a town without communities
		return a
	case a[:9] == b[:9]:
		return a[:9]
	}
	return a[:6]
}

// divisionNames are the names of the divisions that versions changed.
func divisionNames(ctx context.Context, tx pgx.Tx, all []layout.Version) (map[string]string, error) {
	var codes []string
	for _, v := range all {
		codes = append(codes, around(v.Low, v.High))
	}
	names := make(map[string]string)
	rows, err := tx.Query(ctx, `SELECT code, name FROM division WHERE code = ANY($1)`, codes)
	if err != nil {
		return nil, err
	}
	var code, name string
	_, err = pgx.ForEachRow(rows, []any{&code, &name}, func() error {
		names[code] = name
		return nil
	})
	return names, err
}
