package httpapi

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// GridSummary is a grid in a list.
type GridSummary struct {
	Code      string  `json:"code" example:"110108014000003"`
	Name      string  `json:"name" doc:"Empty when nobody has named it"`
	Residents int     `json:"residents"`
	Workload  *int    `json:"workload,omitempty" doc:"What it holds of what the layout is measured by, where that isn't residents"`
	Special   string  `json:"special" enum:",school,hospital,industrial,market" doc:"The kind of a special grid (专属网格), empty for an ordinary one"`
	Deviation float64 `json:"deviation" doc:"residents/target − 1, or workload/target − 1; 0 for a special grid"`
	Band      string  `json:"band" enum:"in,over,under,infeasible,single,special" doc:"special: a special grid, of which no number of residents is asked; in: within tolerance; over, under: outside of it; infeasible: its community can't be cut into grids in band; single: its community is too small for more than one"`
	Label     LonLat  `json:"label" doc:"The point inside it that is farthest from its border"`
	Bounds    Bounds  `json:"bounds"`
}

// Grid is all that is known of a grid. Areas and lengths are in the Gauss-Krüger plane of its 3-degree zone.
type Grid struct {
	GridSummary
	Community       DivisionName `json:"community" doc:"In a town without communities on record, the town itself"`
	Town            DivisionName `json:"town"`
	County          DivisionName `json:"county"`
	ResidentsSource string       `json:"residents_source" enum:"known,estimate,mixed,none"`
	AsOf            time.Time    `json:"as_of" doc:"When the residents were counted into the blocks"`
	Target          float64      `json:"target"`
	Tolerance       float64      `json:"tolerance"`
	Houses          int          `json:"houses" doc:"Buildings with residents, until a register counts houses"`
	Blocks          int          `json:"blocks"`
	AreaM2          float64      `json:"area_m2"`
	PerimeterM      float64      `json:"perimeter_m"`
	Compactness     float64      `json:"compactness" doc:"A²/(2πI): a circle is 1, a square .955"`
	Version         int          `json:"version" doc:"The live version of the county's layout"`
	Changed         int          `json:"changed" doc:"The version that last changed its blocks"`
	Born            int          `json:"born" doc:"The version it first appears in"`
	Geometry        Geometry     `json:"geometry"`
	Neighbours      []Neighbour  `json:"neighbours" doc:"Grids it shares a border with, the longest first"`
	Surroundings    Surroundings `json:"surroundings" doc:"四至: what it borders on in each direction"`
}

// Neighbour is a grid on the other side of a border.
type Neighbour struct {
	Code    string  `json:"code"`
	Name    string  `json:"name"`
	BorderM float64 `json:"border_m"`
}

// GridPage is a page of a list of grids.
type GridPage struct {
	Grids []GridSummary `json:"grids"`
	Total int           `json:"total" doc:"Of all pages"`
	Next  *string       `json:"next" doc:"The cursor of the next page, null on the last"`
}

type gridInput struct {
	Code string `path:"code" pattern:"^[0-9]{15}$" patternDescription:"15 digits" doc:"15 digits"`
}

type gridsInput struct {
	Division string `query:"division" required:"true" maxLength:"20" doc:"Code of the division whose grids are wanted"`
	Limit    int    `query:"limit" minimum:"1" maximum:"2000" default:"500"`
	Cursor   string `query:"cursor" pattern:"^([0-9]{15})?$" patternDescription:"what next said" doc:"What next said on the page before"`
}

func (s *Server) gridRoutes() {
	get(s, huma.Operation{
		OperationID: "listGrids", Path: "/api/grids", Tags: []string{"grids"},
		Summary: "The live grids of a division, by code, in pages",
	}, s.listGrids)
	get(s, huma.Operation{
		OperationID: "gridAt", Path: "/api/grids/at", Tags: []string{"grids"},
		Summary: "The grid at a point",
	}, s.gridAt)
	get(s, huma.Operation{
		OperationID: "getGrid", Path: "/api/grids/{code}", Tags: []string{"grids"},
		Summary: "A grid: figures, shape, neighbours and surroundings",
	}, s.getGrid)
	s.historyRoute()
}

// summaryColumns are what scanSummary reads, of a grid g; standing is what its band depends on.
const summaryColumns = `g.code, g.name, g.residents, g.workload, ST_X(g.label), ST_Y(g.label),
	ST_XMin(g.geom), ST_YMin(g.geom), ST_XMax(g.geom), ST_YMax(g.geom), ` + layout.StandingColumns

// summary is a row of summaryColumns.
type summary struct {
	code     int64
	grid     GridSummary
	standing layout.Standing
}

func (r *summary) targets() []any {
	g, s := &r.grid, &r.standing
	return append([]any{&r.code, &g.Name, &g.Residents, &g.Workload, &g.Label[0], &g.Label[1],
		&g.Bounds[0], &g.Bounds[1], &g.Bounds[2], &g.Bounds[3]}, s.Targets()...)
}

func (r *summary) finish() GridSummary {
	r.grid.Code = fmt.Sprintf("%015d", r.code)
	r.grid.Deviation, r.grid.Band = r.standing.Of()
	r.grid.Special = r.standing.Special
	return r.grid
}

func scanSummary(row pgx.CollectableRow) (GridSummary, error) {
	var r summary
	if err := row.Scan(r.targets()...); err != nil {
		return GridSummary{}, err
	}
	return r.finish(), nil
}

func (s *Server) listGrids(ctx context.Context, in *gridsInput) (out GridPage, err error) {
	code, err := division.ParseCode(in.Division)
	if err != nil {
		return out, err
	}
	after, _ := strconv.ParseInt(in.Cursor, 10, 64)
	low, high := code.CommunityRange()
	err = s.read(ctx, func(tx pgx.Tx) error {
		if _, err := findDivision(ctx, tx, code); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `SELECT count(*) FROM grid WHERE county = $1 AND community >= $2 AND community < $3 AND retired IS NULL`,
			code.County(), low, high).Scan(&out.Total)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
			SELECT `+summaryColumns+` FROM grid g `+layout.StandingJoin+`
			WHERE g.county = $1 AND g.community >= $2 AND g.community < $3 AND g.retired IS NULL AND g.code > $4
			ORDER BY g.code LIMIT $5`, code.County(), low, high, after, in.Limit+1)
		if err != nil {
			return err
		}
		out.Grids, err = pgx.AppendRows([]GridSummary{}, rows, scanSummary)
		return err
	})
	if len(out.Grids) > in.Limit {
		out.Grids = out.Grids[:in.Limit]
		out.Next = &out.Grids[in.Limit-1].Code
	}
	return out, err
}

func (s *Server) getGrid(ctx context.Context, in *gridInput) (out Grid, err error) {
	code, err := strconv.ParseInt(in.Code, 10, 64)
	if err != nil {
		return out, err
	}
	err = s.read(ctx, func(tx pgx.Tx) error {
		out, err = gridOf(ctx, tx, code)
		return err
	})
	return out, err
}

// countyOf is the county that a grid's code lies in.
func countyOf(code int64) int32 { return int32(code / 1_000_000_000) }

// gridOf reads a live grid with everything about it. A NotFound fault says whether the code was ever used.
func gridOf(ctx context.Context, tx pgx.Tx, code int64) (out Grid, err error) {
	var r summary
	var geom []byte
	var known, estimate bool
	err = tx.QueryRow(ctx, `
		SELECT g.houses, g.blocks, g.area, g.perimeter, g.compactness, g.changed, g.born, ST_AsBinary(g.geom),
			l.version, l.published_at, b.known, b.estimate, `+summaryColumns+`
		FROM grid g
		JOIN layout l ON l.county = g.county AND l.live `+layout.StandingJoin+`
		LEFT JOIN LATERAL (
			SELECT coalesce(bool_or(k.residents_source = 'known' AND k.residents > 0), false) AS known,
				coalesce(bool_or(k.residents_source = 'estimate' AND k.residents > 0), false) AS estimate
			FROM grid_block m JOIN block k ON k.county = m.county AND k.id = m.block
			WHERE m.county = g.county AND m.grid = g.code) b ON true
		WHERE g.county = $1 AND g.code = $2 AND g.retired IS NULL`, countyOf(code), code).
		Scan(append([]any{&out.Houses, &out.Blocks, &out.AreaM2, &out.PerimeterM, &out.Compactness, &out.Changed, &out.Born,
			&geom, &out.Version, &out.AsOf, &known, &estimate}, r.targets()...)...)
	if err == pgx.ErrNoRows {
		return out, noGrid(ctx, tx, code)
	}
	if err != nil {
		return out, err
	}
	out.GridSummary = r.finish()
	out.ResidentsSource = sourceOf(known, estimate)
	out.Target, out.Tolerance = r.standing.Target, r.standing.Tolerance
	if out.Geometry, err = geometryOf(geom); err != nil {
		return out, err
	}
	if err := placeOf(ctx, tx, code, &out); err != nil {
		return out, err
	}
	if out.Neighbours, err = neighboursOf(ctx, tx, code); err != nil {
		return out, err
	}
	out.Surroundings, err = surroundingsOf(ctx, tx, code)
	return out, err
}

// noGrid says why there is no live grid with a code: it was never given, or retired with a version.
func noGrid(ctx context.Context, tx pgx.Tx, code int64) error {
	var retired int
	err := tx.QueryRow(ctx, `SELECT retired FROM grid WHERE county = $1 AND code = $2 AND retired IS NOT NULL`,
		countyOf(code), code).Scan(&retired)
	switch {
	case err == pgx.ErrNoRows:
		return fault.New(fault.NotFound,
			fmt.Sprintf("没有代码为 %015d 的网格；请核对 15 位代码", code),
			fmt.Sprintf("there is no grid with code %015d; check the 15 digits", code))
	case err != nil:
		return err
	}
	return fault.New(fault.NotFound,
		fmt.Sprintf("网格 %015d 自第 %d 版起已撤销", code, retired),
		fmt.Sprintf("grid %015d was retired with version %d", code, retired))
}

// placeOf finds what the community, the town and the county of a grid are called.
func placeOf(ctx context.Context, tx pgx.Tx, code int64, out *Grid) error {
	text := fmt.Sprintf("%015d", code)
	community, town, county := text[:12], text[:9], text[:6]
	rows, err := tx.Query(ctx, `SELECT code, name FROM division WHERE code = ANY($1)`, []string{community, town, county})
	if err != nil {
		return err
	}
	names := map[string]string{}
	var at, name string
	if _, err := pgx.ForEachRow(rows, []any{&at, &name}, func() error { names[at] = name; return nil }); err != nil {
		return err
	}
	out.County = DivisionName{county, names[county]}
	out.Town = DivisionName{town, names[town]}
	out.Community = DivisionName{community, names[community]}
	// Ground without communities (or towns) on record belongs to what is on record.
	if _, ok := names[town]; !ok && town[6:] == "000" {
		out.Town = out.County
	}
	if _, ok := names[community]; !ok && community[9:] == "000" {
		out.Community = out.Town
	}
	return nil
}

func neighboursOf(ctx context.Context, tx pgx.Tx, code int64) ([]Neighbour, error) {
	rows, err := tx.Query(ctx, `
		WITH mine AS (SELECT block FROM grid_block WHERE county = $1 AND grid = $2),
		border AS (
			SELECT e.b AS other, e.length FROM block_border e JOIN mine ON e.a = mine.block WHERE e.county = $1 AND e.b <> 0
			UNION ALL
			SELECT e.a, e.length FROM block_border e JOIN mine ON e.b = mine.block WHERE e.county = $1)
		SELECT lpad(g.code::text, 15, '0'), g.name, sum(border.length)
		FROM border
		JOIN grid_block o ON o.county = $1 AND o.block = border.other AND o.grid <> $2
		JOIN grid g ON g.county = $1 AND g.code = o.grid
		GROUP BY g.code, g.name ORDER BY sum(border.length) DESC, g.code`, countyOf(code), code)
	if err != nil {
		return nil, err
	}
	return pgx.AppendRows([]Neighbour{}, rows, pgx.RowToStructByPos[Neighbour])
}
