package httpapi

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/address"
	"jingwei/internal/facility"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// Found is one thing that a search found.
type Found struct {
	Kind    string `json:"kind" enum:"division,grid,street,place,building,facility"`
	Code    string `json:"code" doc:"Of a division or grid, empty for the rest"`
	Name    string `json:"name"`
	Context string `json:"context" doc:"What tells it from others of that name: the division above, the community of a grid or a facility, the code of a building's grid"`
	Of      string `json:"of,omitempty" doc:"The kind of a facility: clinic, school, …"`
	Retired int    `json:"retired,omitempty" doc:"The version that a grid was retired with; missing for a live one"`
	Bounds  Bounds `json:"bounds"`
	Center  LonLat `json:"center" doc:"A point on it"`
}

// FoundList is what a search found, the best first.
type FoundList struct {
	Results []Found `json:"results"`
}

type searchInput struct {
	Q     string `query:"q" maxLength:"60" doc:"The beginning of a code, part of a name, a kind of facility, or longitude and latitude; where no name has it in it, also pinyin, its first letters, or a name with a slip in it"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"12"`
}

func (s *Server) searchRoutes() {
	get(s, huma.Operation{
		OperationID: "search", Path: "/api/search", Tags: []string{"search"},
		Summary: "Divisions, grids, streets, places, buildings and facilities by code or name, facilities also by their kind",
	}, s.search)
}

// search looks for digits in codes and for anything in names. An empty question has an empty answer.
func (s *Server) search(ctx context.Context, in *searchInput) (out FoundList, err error) {
	q := strings.Join(strings.Fields(in.Q), " ")
	out.Results = []Found{}
	if q == "" {
		return out, nil
	}
	if !utf8.ValidString(q) || strings.ContainsRune(q, 0) {
		return out, fault.New(fault.Invalid, "q 不是有效的 UTF-8 文字", "q isn't valid UTF-8 text")
	}
	low, high := codeRange(q)
	err = s.read(ctx, func(tx pgx.Tx) error {
		if at, is := asPosition(q); is {
			return out.place(ctx, tx, at)
		}
		rows, err := tx.Query(ctx, searchQuery, q, "%"+escapeLike(q)+"%", escapeLike(q)+"%", low, high, in.Limit, string(facility.Parse(q)))
		if err != nil {
			return err
		}
		out.Results, err = pgx.AppendRows(out.Results, rows, scanFound)
		if err != nil || len(out.Results) > 0 {
			return err
		}
		return out.spelt(ctx, tx, s.Addresses.All(), q, in.Limit)
	})
	return out, err
}

func scanFound(row pgx.CollectableRow) (f Found, err error) {
	b := &f.Bounds
	return f, row.Scan(&f.Kind, &f.Code, &f.Name, &f.Context, &f.Of, &f.Retired, &b[0], &b[1], &b[2], &b[3], &f.Center[0], &f.Center[1])
}

// spelt finds the places that a text may mean which is in no name as it stands: pinyin, its first letters, a name with a slip in it. They are places that have
// a name of their own on the map. A compound that only the register knows, where its houses are, is for those who may read that somewhere.
func (l *FoundList) spelt(ctx context.Context, tx pgx.Tx, all []*address.Gazetteer, q string, limit int) error {
	var divisions, streets, areas []string
	registered := len(postgres.ActorOf(ctx).Scope[access.ReadRegister]) > 0
	for _, g := range all {
		likely := g.Suggest(q, address.Options{Most: limit})
		for _, c := range likely {
			if c.Sure < .6*likely[0].Sure { // what lies in what is meant, or is it with a slip
				continue
			}
			switch c.Level {
			case address.Town, address.Community:
				divisions = append(divisions, c.Division)
			case address.Street:
				streets = append(streets, c.Name)
			case address.Compound:
				if !registered {
					areas = append(areas, c.Name)
					continue
				}
				at := LonLat{c.At.Lon, c.At.Lat}
				l.Results = append(l.Results, Found{Kind: "place", Name: c.Name, Context: c.Above, Bounds: Bounds{at[0], at[1], at[0], at[1]}, Center: at})
			}
		}
	}
	rows, err := tx.Query(ctx, speltQuery, divisions, streets, areas)
	if err != nil {
		return err
	}
	found, err := pgx.CollectRows(rows, scanFound)
	l.Results = append(found, l.Results...)
	l.Results = l.Results[:min(len(l.Results), limit)]
	return err
}

// position is longitude and latitude in degrees, either first, with or without brackets, as reports and map services write them.
var position = regexp.MustCompile(`^[(（]?\s*(\d{1,3}\.\d+)\s*[,，]?\s+?(\d{1,3}\.\d+)\s*[)）]?$`)

func asPosition(q string) (at LonLat, is bool) {
	m := position.FindStringSubmatch(strings.NewReplacer(",", ", ", "，", ", ").Replace(q))
	if m == nil {
		return at, false
	}
	for i := range at {
		at[i], _ = strconv.ParseFloat(m[i+1], 64)
	}
	if at[0] < at[1] { // in China the longitude is the larger one
		at[0], at[1] = at[1], at[0]
	}
	return at, true
}

// place finds a position in the community that it lies in; outside of all there is nothing to be found.
func (l *FoundList) place(ctx context.Context, tx pgx.Tx, at LonLat) error {
	f := Found{Kind: "place", Name: fmt.Sprintf("%v, %v", at[0], at[1]), Bounds: Bounds{at[0], at[1], at[0], at[1]}, Center: at}
	err := tx.QueryRow(ctx, `
		SELECT name FROM division WHERE level <> 'county' AND ST_Intersects(geom, ST_SetSRID(ST_MakePoint($1, $2), 4326))
		ORDER BY length(code) DESC LIMIT 1`, at[0], at[1]).Scan(&f.Context)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	l.Results = append(l.Results, f)
	return err
}

// escapeLike makes a pattern that matches the text itself.
func escapeLike(q string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(q)
}

// codeRange gives the grid codes that begin with the digits q: low ≤ code ≤ high; none when q is no such beginning.
func codeRange(q string) (low, high int64) {
	if len(q) < 6 || len(q) > 15 || strings.Trim(q, "0123456789") != "" {
		return 1, 0
	}
	for _, c := range q {
		low, high = low*10+int64(c-'0'), high*10+int64(c-'0')
	}
	for range 15 - len(q) {
		low, high = low*10, high*10+9
	}
	return low, high
}

// searchQuery ranks what it finds: an exact name or code first, then what begins with the text, then what
// contains it; within a rank divisions before grids before streets, places, buildings and facilities. Streets in
// several pieces are one; grids that were retired come after those that are live: people have codes of years ago. $1 text, $2 contains, $3 begins, $4–$5 grid codes, $6 limit, $7 a kind of facility that
// the text names, or nothing.
const searchQuery = `
	WITH hit AS (
		(SELECT 1 AS kind, d.code, d.name, coalesce(p.name, '') AS context, '' AS facility, 0 AS retired,
			coalesce(d.geom, (SELECT ST_SetSRID(ST_Extent(b.geom)::geometry, 4326) FROM division b WHERE b.county = d.county AND starts_with(b.code, d.code))) AS geom
		FROM division d LEFT JOIN division p ON p.code = d.parent
		WHERE starts_with(d.code, $1) OR d.name ILIKE $2
		ORDER BY d.code = $1 DESC, d.name ILIKE $3 DESC, length(d.code), d.code LIMIT $6)
		UNION ALL
		(SELECT 2, lpad(g.code::text, 15, '0'), g.name, coalesce(c.name, ''), '', coalesce(g.retired, 0), g.geom
		FROM grid g
		LEFT JOIN territory t ON t.county = g.county AND t.community = g.community
		LEFT JOIN division c ON c.code = t.division
		WHERE g.code BETWEEN $4 AND $5 OR g.name ILIKE $2
		ORDER BY g.code::text = $1 DESC, g.retired IS NOT NULL, g.code LIMIT $6)
		UNION ALL
		(SELECT 3, '', l.name, '', '', 0, ST_Collect(l.geom)
		FROM line_feature l WHERE l.name ILIKE $2 AND l.kind IN ('street', 'rail', 'water')
		GROUP BY l.county, l.name ORDER BY l.name ILIKE $3 DESC, l.name LIMIT $6)
		UNION ALL
		(SELECT 4, '', a.name, '', '', 0, a.geom
		FROM area_feature a WHERE a.name ILIKE $2 ORDER BY a.name ILIKE $3 DESC, a.name, a.id LIMIT $6)
		UNION ALL
		(SELECT 5, '', b.name, coalesce((SELECT lpad(min(m.grid)::text, 15, '0') FROM block_building k
				JOIN grid_block m ON m.county = k.county AND m.block = k.block
				WHERE k.county = b.county AND k.building = b.id), ''), '', 0, b.geom
		FROM building b WHERE b.name ILIKE $2 ORDER BY b.name ILIKE $3 DESC, b.name, b.id LIMIT $6)
		UNION ALL
		(SELECT 6, '', f.name, coalesce((SELECT d.name FROM division d WHERE d.level = 'community' AND d.geom && f.geom AND ST_Intersects(d.geom, f.geom) LIMIT 1), ''), f.kind, 0, f.geom
		FROM (SELECT id, name, kind, geom FROM facility WHERE name ILIKE $2 OR kind = $7
			ORDER BY name ILIKE $3 DESC, name = '', name, id LIMIT $6) f))
	SELECT (ARRAY['division', 'grid', 'street', 'place', 'building', 'facility'])[kind], code, name, context, facility, retired,
		ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom), ST_X(ST_PointOnSurface(geom)), ST_Y(ST_PointOnSurface(geom))
	FROM hit WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom)
	ORDER BY (code = $1 OR name = $1) DESC, (starts_with(code, $1) OR name ILIKE $3) DESC, retired > 0, kind, code, name
	LIMIT $6`

// speltQuery reads divisions by their codes ($1), streets and areas by their names ($2, $3), in the order given.
const speltQuery = `
	WITH hit AS (
		SELECT 1 AS kind, array_position($1, d.code) AS at, d.code, d.name, coalesce(p.name, '') AS context, d.geom
		FROM division d LEFT JOIN division p ON p.code = d.parent WHERE d.code = ANY ($1)
		UNION ALL
		SELECT 2, array_position($2, l.name), '', l.name, '', ST_Collect(l.geom)
		FROM line_feature l WHERE l.name = ANY ($2) AND l.kind = 'street' GROUP BY l.county, l.name
		UNION ALL
		SELECT 3, array_position($3, a.name), '', a.name, '', a.geom FROM area_feature a WHERE a.name = ANY ($3))
	SELECT (ARRAY['division', 'street', 'place'])[kind], code, name, context, '', 0,
		ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom), ST_X(ST_PointOnSurface(geom)), ST_Y(ST_PointOnSurface(geom))
	FROM hit WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom) ORDER BY kind, at`
