package httpapi

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/layout"
)

// Figures are what the live layout of a division comes to. Areas and lengths are in the Gauss-Krüger plane
// of the division's 3-degree zone.
type Figures struct {
	Code        string     `json:"code"`
	Name        string     `json:"name"`
	Version     *int       `json:"version" doc:"The live version of the county's layout, null when there is none"`
	PublishedAt *time.Time `json:"published_at"`
	AsOf        *time.Time `json:"as_of" doc:"When the residents were counted into the blocks"`

	Grids           int     `json:"grids" doc:"Special ones among them"`
	SpecialGrids    int     `json:"special_grids" doc:"Grids of schools, hospitals, industrial parks, markets (专属网格), of which no number of residents is asked"`
	SpecialPeople   int     `json:"residents_special" doc:"Residents in special grids"`
	Residents       int     `json:"residents" doc:"In the grids"`
	ResidentsSource string  `json:"residents_source" enum:"known,estimate,mixed,none" doc:"known: from a register; estimate: a total spread over the dwellings"`
	Measure         string  `json:"measure" doc:"What target and bands are in: empty for residents, otherwise what the workload formula is called"`
	Target          float64 `json:"target" doc:"Residents (or workload) a grid"`
	Tolerance       float64 `json:"tolerance" doc:"In band: |residents/target − 1| ≤ tolerance"`
	InBand          int     `json:"in_band" doc:"Ordinary grids in band"`
	InBandFeasible  int     `json:"in_band_feasible" doc:"Of feasible, those in band"`
	Feasible        int     `json:"feasible" doc:"Ordinary grids that are in band or could be: those of communities that can be cut into grids in band and aren't one grid as a whole, and those in band where only the ground forbids it for others"`

	AreaM2       float64 `json:"area_m2" doc:"Of the division's polygon"`
	CoveredM2    float64 `json:"covered_m2" doc:"Of it, in grids"`
	CoveredShare float64 `json:"covered_share"`

	StreetsM         float64 `json:"streets_m" doc:"Length of the streets in the division"`
	StreetsInNoGridM float64 `json:"streets_in_no_grid_m"`
	StreetsInNoGrid  int     `json:"streets_in_no_grid" doc:"Streets of which more than half a metre lies in no grid"`

	CompactnessMean *float64 `json:"compactness_mean" doc:"Mean of A²/(2πI) of ordinary grids: a circle is 1, a square .955; null without any"`
	OnStreetsShare  *float64 `json:"on_streets_share" doc:"Share of the length between two grids of one community that runs along a barrier; null when there is none"`

	Infeasible []InfeasibleCommunity `json:"infeasible" doc:"Communities that no drawing can bring into band, and why"`
}

// InfeasibleCommunity is a community that can't be cut into grids in band, with the arithmetic.
type InfeasibleCommunity struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	Residents int    `json:"residents" doc:"Or workload, of its ordinary grids"`
	Grids     int    `json:"grids"`
	ReasonZH  string `json:"reason_zh"`
	ReasonEN  string `json:"reason_en"`
}

func (s *Server) getFigures(ctx context.Context, in *divisionInput) (out Figures, err error) {
	code, err := division.ParseCode(in.Code)
	if err != nil {
		return out, err
	}
	err = s.read(ctx, func(tx pgx.Tx) error {
		out, err = s.figuresOf(ctx, tx, code)
		return err
	})
	return out, err
}

// Warm computes the figures of every county that has a layout, so that whoever opens the map first doesn't wait for them. What goes
// wrong is the first reader's to be told.
func (s *Server) Warm(ctx context.Context) {
	_ = s.read(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT DISTINCT county FROM layout WHERE live`)
		if err != nil {
			return err
		}
		counties, err := pgx.CollectRows(rows, pgx.RowTo[int])
		for _, county := range counties {
			if _, err := s.figuresOf(ctx, tx, division.Code(fmt.Sprintf("%06d", county))); err != nil {
				return err
			}
		}
		return err
	})
}

// figuresOf reads them, or takes them from the last time when nothing has happened in the county since.
func (s *Server) figuresOf(ctx context.Context, tx pgx.Tx, code division.Code) (Figures, error) {
	d, err := findDivision(ctx, tx, code)
	if err != nil {
		return Figures{}, err
	}
	state, err := stateOf(ctx, tx, code)
	if err != nil {
		return Figures{}, err
	}
	if f, ok := s.figures.get(code, state); ok {
		return f, nil
	}
	f := Figures{Code: d.Code, Name: d.Name, Infeasible: []InfeasibleCommunity{}}
	for _, part := range []func(context.Context, pgx.Tx, division.Code, *Figures) error{
		layoutFigures, gridFigures, sourceFigures, areaFigures, streetFigures, borderFigures,
	} {
		if err := part(ctx, tx, code, &f); err != nil {
			return Figures{}, err
		}
	}
	if state.version > 0 {
		s.figures.put(code, state, f)
	}
	return f, nil
}

// layoutFigures reads the live version and what it is measured by.
func layoutFigures(ctx context.Context, tx pgx.Tx, code division.Code, f *Figures) error {
	f.Target, f.Tolerance = layout.DefaultTarget, layout.DefaultTolerance
	var version int
	var at time.Time
	var target, tolerance *float64
	err := tx.QueryRow(ctx, `
		SELECT version, published_at, (settings->>'target')::float8, (settings->>'tolerance')::float8,
			coalesce(settings->'workload'->>'name', '')
		FROM layout WHERE county = $1 AND live`, code.County()).Scan(&version, &at, &target, &tolerance, &f.Measure)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	f.Version, f.PublishedAt, f.AsOf = &version, &at, &at
	if target != nil && *target > 0 {
		f.Target = *target
	}
	if tolerance != nil {
		f.Tolerance = *tolerance
	}
	return nil
}

// gridFigures counts the grids, community by community. Special ones count as grids and are asked nothing.
func gridFigures(ctx context.Context, tx pgx.Tx, code division.Code, f *Figures) error {
	low, high := code.CommunityRange()
	rows, err := tx.Query(ctx, `
		SELECT g.community, coalesce(d.code, g.community::text), coalesce(d.name, ''), sum(g.residents)::int,
			coalesce(array_agg(coalesce(g.workload, g.residents)::int) FILTER (WHERE g.special = ''), '{}'),
			coalesce(sum(g.compactness) FILTER (WHERE g.special = ''), 0),
			count(*) FILTER (WHERE g.special <> ''), coalesce(sum(g.residents) FILTER (WHERE g.special <> ''), 0)::int,
			coalesce(i.reason_zh, ''), coalesce(i.reason_en, '')
		FROM grid g
		LEFT JOIN territory t ON t.county = g.county AND t.community = g.community
		LEFT JOIN division d ON d.code = t.division
		LEFT JOIN infeasible i ON i.county = g.county AND i.community = g.community
		WHERE g.county = $1 AND g.community >= $2 AND g.community < $3 AND g.retired IS NULL
		GROUP BY g.community, d.code, d.name, i.reason_zh, i.reason_en ORDER BY g.community`, code.County(), low, high)
	if err != nil {
		return err
	}
	band := layout.NewBand(f.Target, f.Tolerance)
	var community int64
	var name, at, provedZH, provedEN string
	var residents, special, inSpecial int
	var ordinary []int
	var compactness, total float64
	_, err = pgx.ForEachRow(rows, []any{&community, &at, &name, &residents, &ordinary, &compactness, &special, &inSpecial, &provedZH, &provedEN}, func() error {
		sum := 0
		for _, n := range ordinary {
			sum += n
		}
		in, open := inAndOpen(ordinary, sum, f, provedZH != "")
		f.InBand += in
		f.Grids += len(ordinary) + special
		f.SpecialGrids += special
		f.SpecialPeople += inSpecial
		f.Residents += residents
		total += compactness
		switch {
		case len(ordinary) == 0:
		case band.Feasible(sum) && provedZH == "":
			f.Feasible += in + open
			f.InBandFeasible += in
		case band.Feasible(sum): // the total would allow it, the ground doesn't
			f.Feasible += in
			f.InBandFeasible += in
			f.Infeasible = append(f.Infeasible, InfeasibleCommunity{at, name, sum, len(ordinary), provedZH, provedEN})
		default:
			zh, en := band.Reason(sum)
			f.Infeasible = append(f.Infeasible, InfeasibleCommunity{at, name, sum, len(ordinary), zh, en})
		}
		return nil
	})
	if n := f.Grids - f.SpecialGrids; n > 0 {
		mean := total / float64(n)
		f.CompactnessMean = &mean
	}
	return err
}

// inAndOpen counts a community's ordinary grids that are in band, and those that aren't and could be: the same that a draft lists as over or under.
func inAndOpen(ordinary []int, sum int, f *Figures, proved bool) (in, open int) {
	for _, n := range ordinary {
		s := layout.Standing{Target: f.Target, Tolerance: f.Tolerance, Measured: n, Grids: len(ordinary), Total: sum, Proved: proved}
		switch _, band := s.Of(); band {
		case "in":
			in++
		case "over", "under":
			open++
		}
	}
	return in, open
}

// sourceFigures says where the count of residents comes from.
func sourceFigures(ctx context.Context, tx pgx.Tx, code division.Code, f *Figures) error {
	low, high := code.CommunityRange()
	var known, estimate bool
	err := tx.QueryRow(ctx, `
		SELECT coalesce(bool_or(residents_source = 'known'), false), coalesce(bool_or(residents_source = 'estimate'), false)
		FROM block WHERE county = $1 AND community >= $2 AND community < $3 AND retired IS NULL AND residents > 0`,
		code.County(), low, high).Scan(&known, &estimate)
	f.ResidentsSource = sourceOf(known, estimate)
	return err
}

func sourceOf(known, estimate bool) string {
	switch {
	case known && estimate:
		return "mixed"
	case known:
		return "known"
	case estimate:
		return "estimate"
	}
	return "none"
}

// areaFigures measures the division and what the live grids cover of it. Grids don't overlap, so their parts
// add up. Where a border was cut it may lie half a lattice step beside where it was imported, and in the plane
// one with more vertices isn't quite the same line: some square metres in a town. So the whole is covered when what
// is missing, in degrees, is no more than half a step along the border.
func areaFigures(ctx context.Context, tx pgx.Tx, code division.Code, f *Figures) error {
	var whole bool
	err := tx.QueryRow(ctx, groundOf+`,
		part AS (SELECT CASE WHEN ST_Covers(d.geom, g.geom) THEN g.geom ELSE ST_Intersection(g.geom, d.geom) END AS geom, plane
			FROM grid g, d WHERE g.county = $2 AND g.retired IS NULL AND g.geom && d.geom AND ST_Intersects(d.geom, g.geom))
		SELECT coalesce((SELECT ST_Area(ST_Transform(geom, plane)) FROM d), 0),
			coalesce((SELECT sum(ST_Area(ST_Transform(geom, plane))) FROM part), 0),
			coalesce((SELECT abs(ST_Area(geom) - (SELECT sum(ST_Area(geom)) FROM part)) <= ST_Perimeter(geom) * 0.5e-7 FROM d), false)`,
		string(code), code.County()).Scan(&f.AreaM2, &f.CoveredM2, &whole)
	if whole {
		f.CoveredM2 = f.AreaM2
	}
	if f.AreaM2 > 0 {
		f.CoveredShare = math.Round(f.CoveredM2/f.AreaM2*1e7) / 1e7
	}
	return err
}

// groundOf begins a statement with the ground d of the division $1 of the county $2, the union of those below it when it
// has no polygon of its own, and with the EPSG number of the CGCS2000 3-degree Gauss-Krüger plane that its
// middle lies in: 4534 is the one about 75° E.
const groundOf = `WITH g AS (
		SELECT coalesce((SELECT geom FROM division WHERE code = $1),
			(SELECT ST_Union(geom) FROM division WHERE county = $2 AND starts_with(code, $1))) AS geom),
	d AS MATERIALIZED (
		SELECT geom, 4534 + least(20, greatest(0, round((ST_X(ST_Centroid(Box2D(geom)::geometry)) - 75) / 3)))::int AS plane
		FROM g WHERE geom IS NOT NULL)`

// streetFigures measures the streets in the division, and what of them lies in no live grid of the county, which is nothing
// where the whole division is in grids. What lies within 1e-6 degree (a decimetre) of a grid counts as in it: a border was
// moved onto the lattice. (The division comes first in each predicate: PostGIS prepares the geometry that stays the same, which
// makes a county's 20,000 streets a matter of a third of a second instead of six.)
func streetFigures(ctx context.Context, tx pgx.Tx, code division.Code, f *Figures) error {
	const streets = groundOf + `,
		street AS MATERIALIZED (
			SELECT l.id, d.plane, CASE WHEN ST_Covers(d.geom, l.geom) THEN l.geom ELSE ST_Intersection(l.geom, d.geom) END AS geom
			FROM line_feature l, d
			WHERE l.county = $2 AND l.kind = 'street' AND l.geom && d.geom AND ST_Intersects(d.geom, l.geom))`
	err := tx.QueryRow(ctx, streets+`SELECT coalesce(sum(ST_Length(ST_Transform(geom, plane))), 0) FROM street`,
		string(code), code.County()).Scan(&f.StreetsM)
	if err != nil || f.AreaM2 > 0 && f.CoveredM2 == f.AreaM2 {
		return err
	}
	return tx.QueryRow(ctx, streets+`,
		ungridded AS MATERIALIZED (
			SELECT s.id, s.plane, s.geom, u.geom AS grids, CASE WHEN u.geom IS NULL THEN s.geom ELSE ST_Difference(s.geom, u.geom) END AS rest
			FROM street s LEFT JOIN LATERAL (
				SELECT ST_Union(g.geom) AS geom FROM grid g
				WHERE g.county = $2 AND g.retired IS NULL AND g.geom && s.geom AND ST_Intersects(g.geom, s.geom)) u ON true
			WHERE NOT EXISTS (SELECT FROM grid g
				WHERE g.county = $2 AND g.retired IS NULL AND g.geom && s.geom AND ST_Covers(g.geom, s.geom))),
		outside AS (
			SELECT id, ST_Length(ST_Transform(CASE WHEN grids IS NULL THEN rest
				ELSE ST_Difference(rest, ST_Buffer(grids, 1e-6, 'join=mitre')) END, plane)) AS metres
			FROM ungridded WHERE NOT ST_IsEmpty(rest))
		SELECT coalesce(sum(metres) FILTER (WHERE metres > 0.5), 0), count(*) FILTER (WHERE metres > 0.5) FROM outside`,
		string(code), code.County()).Scan(&f.StreetsInNoGridM, &f.StreetsInNoGrid)
}

// borderFigures measures how much of the borders between grids of one community runs along something.
func borderFigures(ctx context.Context, tx pgx.Tx, code division.Code, f *Figures) error {
	low, high := code.CommunityRange()
	var total, along float64
	err := tx.QueryRow(ctx, `
		SELECT coalesce(sum(e.length), 0), coalesce(sum(e.length) FILTER (WHERE e.barrier > 0), 0)
		FROM block_border e
		JOIN grid_block a ON a.county = e.county AND a.block = e.a
		JOIN grid_block b ON b.county = e.county AND b.block = e.b
		WHERE e.county = $1 AND a.grid <> b.grid AND a.grid / 1000 = b.grid / 1000
			AND a.grid / 1000 >= $2 AND a.grid / 1000 < $3`, code.County(), low, high).Scan(&total, &along)
	if total > 0 {
		share := along / total
		f.OnStreetsShare = &share
	}
	return err
}
