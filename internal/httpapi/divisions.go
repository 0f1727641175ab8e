package httpapi

import (
	"context"
	"fmt"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/fault"
)

// Division is a node of the tree of divisions.
type Division struct {
	Code            string  `json:"code" example:"110108014"`
	Name            string  `json:"name"`
	Level           string  `json:"level" enum:"county,town,community"`
	Parent          *string `json:"parent" doc:"Code of the division above it"`
	Residents       *int    `json:"residents" doc:"The total on record, null when there is none"`
	ResidentsSource *string `json:"residents_source" doc:"Where that total comes from"`
	Bounds          *Bounds `json:"bounds,omitempty" doc:"West, south, east, north; missing when nothing of it has a polygon"`
	HasLayout       bool    `json:"has_layout" doc:"Whether live grids lie in it"`
	Children        int     `json:"children" doc:"How many divisions lie directly below it"`
}

// DivisionDetail is a division with those above it, the county first.
type DivisionDetail struct {
	Division
	Ancestors []DivisionName `json:"ancestors"`
}

// DivisionList are divisions by code.
type DivisionList struct {
	Divisions []Division `json:"divisions"`
}

// DivisionName is what a division is called.
type DivisionName struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type divisionsInput struct {
	Parent string `query:"parent" maxLength:"20" doc:"Code of the division whose children are wanted; the roots when empty"`
}

type divisionInput struct {
	Code string `path:"code" maxLength:"20" doc:"6, 9 or 12 digits"`
}

func (s *Server) divisionRoutes() {
	get(s, huma.Operation{
		OperationID: "listDivisions", Path: "/api/divisions", Tags: []string{"divisions"},
		Summary: "The divisions below one, or the roots of the tree",
	}, s.listDivisions)
	get(s, huma.Operation{
		OperationID: "getDivision", Path: "/api/divisions/{code}", Tags: []string{"divisions"},
		Summary: "A division and those above it",
	}, s.getDivision)
	get(s, huma.Operation{
		OperationID: "getFigures", Path: "/api/divisions/{code}/figures", Tags: []string{"divisions"},
		Summary: "What the live layout of a division comes to",
	}, s.getFigures)
}

// divisionQuery reads divisions; what follows FROM … d is added to it. A division without a polygon of its
// own has the bounds of those below it.
const divisionQuery = `
	SELECT d.code, d.name, d.level, d.parent, d.residents, d.residents_source,
		ST_XMin(x.extent), ST_YMin(x.extent), ST_XMax(x.extent), ST_YMax(x.extent),
		EXISTS (SELECT FROM grid g WHERE g.county = d.county AND g.retired IS NULL
			AND g.community BETWEEN rpad(d.code, 12, '0')::bigint AND rpad(d.code, 12, '9')::bigint),
		(SELECT count(*) FROM division c WHERE c.parent = d.code)
	FROM division d LEFT JOIN LATERAL (
		SELECT CASE WHEN d.geom IS NOT NULL THEN Box2D(d.geom)
			ELSE (SELECT ST_Extent(b.geom) FROM division b WHERE b.county = d.county AND starts_with(b.code, d.code))
		END AS extent) x ON true `

func scanDivision(row pgx.CollectableRow) (Division, error) {
	var d Division
	var b scanBounds
	err := row.Scan(&d.Code, &d.Name, &d.Level, &d.Parent, &d.Residents, &d.ResidentsSource,
		&b.w, &b.s, &b.e, &b.n, &d.HasLayout, &d.Children)
	d.Bounds = b.bounds()
	return d, err
}

// listDivisions gives the children of a division by code. The roots are the divisions that have none above
// them on record.
func (s *Server) listDivisions(ctx context.Context, in *divisionsInput) (out DivisionList, err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		rest, args := `WHERE d.parent IS NULL ORDER BY d.code`, []any{}
		if in.Parent != "" {
			code, err := division.ParseCode(in.Parent)
			if err != nil {
				return err
			}
			if _, err := findDivision(ctx, tx, code); err != nil {
				return err
			}
			rest, args = `WHERE d.parent = $1 ORDER BY d.code`, []any{string(code)}
		}
		rows, err := tx.Query(ctx, divisionQuery+rest, args...)
		if err != nil {
			return err
		}
		out.Divisions, err = pgx.AppendRows([]Division{}, rows, scanDivision)
		return err
	})
	return out, err
}

func (s *Server) getDivision(ctx context.Context, in *divisionInput) (out DivisionDetail, err error) {
	code, err := division.ParseCode(in.Code)
	if err != nil {
		return out, err
	}
	err = s.read(ctx, func(tx pgx.Tx) error {
		if out.Division, err = findDivision(ctx, tx, code); err != nil {
			return err
		}
		out.Ancestors, err = ancestors(ctx, tx, code)
		return err
	})
	return out, err
}

// findDivision gives one division, or a NotFound fault.
func findDivision(ctx context.Context, tx pgx.Tx, code division.Code) (Division, error) {
	rows, err := tx.Query(ctx, divisionQuery+`WHERE d.code = $1`, string(code))
	if err != nil {
		return Division{}, err
	}
	found, err := pgx.CollectRows(rows, scanDivision)
	if err != nil {
		return Division{}, err
	}
	if len(found) == 0 {
		return Division{}, fault.New(fault.NotFound,
			fmt.Sprintf("没有代码为 %s 的区划；可在 /api/search 按名称查找", code),
			fmt.Sprintf("there is no division with code %s; /api/search finds divisions by name", code))
	}
	return found[0], nil
}

func ancestors(ctx context.Context, tx pgx.Tx, code division.Code) ([]DivisionName, error) {
	var above []string
	for p := code.Parent(); p != ""; p = p.Parent() {
		above = append(above, string(p))
	}
	rows, err := tx.Query(ctx, `SELECT code, name FROM division WHERE code = ANY($1) ORDER BY length(code)`, above)
	if err != nil {
		return nil, err
	}
	return pgx.AppendRows([]DivisionName{}, rows, pgx.RowToStructByPos[DivisionName])
}
