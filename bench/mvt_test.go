package bench

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/heatmap"
	"jingwei/internal/planar"
)

// postgis renders tiles in SQL alone: what a server would send that left everything to ST_AsMVT.
type postgis struct {
	pool *pgxpool.Pool
	text map[string]map[int]string // by layers and zoom
}

func newPostgis(c *county) *postgis {
	p := &postgis{pool: c.db.Reader, text: map[string]map[int]string{}}
	for _, set := range layerSets {
		p.text[set.layers] = map[int]string{}
		for z := firstZoom; z <= lastZoom; z++ {
			var parts []string
			for _, layer := range strings.Split(set.layers, ",") {
				parts = append(parts, mvtLayers(layer, z)...)
			}
			p.text[set.layers][z] = "WITH place AS (SELECT ST_TileEnvelope($1, $2, $3) AS tile)\nSELECT " + strings.Join(parts, "\n || ")
		}
	}
	return p
}

func (p *postgis) get(r request) (out sample, err error) {
	var body []byte
	err = p.pool.QueryRow(context.Background(), p.text[r.layers][r.at.Z], r.at.Z, r.at.X, r.at.Y).Scan(&body)
	out.sent, out.raw = len(body), len(body)
	if err != nil {
		err = fmt.Errorf("ST_AsMVT, %s %s: %w", r.layers, r.at, err)
	}
	return out, err
}

// mvtLayers are the expressions that render a layer at a zoom, with the same features, properties, extent and
// buffer as the tile server has there. Nothing where the layer isn't shown.
func mvtLayers(layer string, z int) []string {
	from := func(least int, texts ...string) []string {
		if z < least {
			return nil
		}
		return texts
	}
	switch layer {
	case "landuse":
		return from(11, mvt(layer, "id, class, name", "geom", "area_feature", "kind = 'landuse'"))
	case "water":
		lines := map[bool]string{true: "kind = 'water'", false: "kind = 'water' AND class IN ('river', 'canal')"}[z >= 14]
		return from(8, mvtOf(layer, fmt.Sprintf("SELECT id, class, name, %s FROM area_feature, place WHERE kind = 'water' AND %s UNION ALL SELECT id, class, name, %s FROM line_feature, place WHERE %s AND %s",
			mvtGeometry("geom"), mvtNear("geom"), mvtGeometry("geom"), lines, mvtNear("geom"))))
	case "buildings":
		columns := "id, use, levels"
		if z >= 15 {
			columns += ", name"
		}
		return from(13, mvt(layer, columns, "geom", "building", "true"))
	case "rail":
		return from(10, mvt(layer, "id, class, name", "geom", "line_feature", "kind = 'rail'"))
	case "walls":
		return from(15, mvt(layer, "id, class, name", "geom", "line_feature", "kind = 'wall'"))
	case "streets":
		return from(9, mvt(layer, "id, class, name, barrier", "geom", "line_feature", "kind = 'street' AND "+mvtStreets(z)))
	case "blocks":
		return from(15, mvt(layer, "b.id, lpad(m.grid::text, 15, '0') AS grid, lpad(b.community::text, 12, '0') AS community", "b.geom",
			"block b LEFT JOIN grid_block m ON m.county = b.county AND m.block = b.id", "b.retired IS NULL"))
	case "population":
		return from(9, mvt(layer, "c.cell, c.residents, c.density", "h.geom", fmt.Sprintf(`bench_hexagon h JOIN LATERAL (
			SELECT p.cell, sum(p.residents)::int AS residents, round(sum(p.residents) / h.square * 1e6) AS density
			FROM population_cell p WHERE p.county = h.county AND p.resolution = %d AND p.cell = h.cell GROUP BY p.cell HAVING sum(p.residents) >= %d) c ON true`,
			heatmap.ResolutionAt(z), heatmap.Fewest), fmt.Sprintf("h.resolution = %d", heatmap.ResolutionAt(z))))
	case "grids":
		return mvtGrids(z)
	case "divisions":
		return mvtDivisions(z)
	}
	panic("no layer " + layer)
}

func mvtStreets(z int) string {
	big := "'motorway', 'trunk', 'primary', 'motorway_link', 'trunk_link', 'primary_link'"
	switch {
	case z >= 14:
		return "true"
	case z == 13:
		return "barrier >= 2"
	case z == 12:
		return "(barrier >= 3 OR class IN ('tertiary', 'tertiary_link'))"
	case z == 11:
		return "(barrier >= 3 OR class IN (" + big + "))"
	}
	return "class IN (" + big + ", 'secondary')"
}

// mvtGrids shows the grids, thinned at small zooms as the tile server shows them, and their labels.
func mvtGrids(z int) []string {
	columns := `lpad(g.code::text, 15, '0') AS code, g.name, g.residents, g.residents / 600.0::float8 - 1 AS deviation,
		CASE WHEN g.residents BETWEEN 510 AND 690 THEN 'in' WHEN g.residents > 690 THEN 'over' ELSE 'under' END AS band`
	out := []string{mvt("grids", columns, "coalesce(s.geom, g.geom)", "grid g "+mvtThinned("grids", "g.county", "g.code", z, 14), "g.retired IS NULL AND "+mvtNear("g.geom"))}
	if z >= 12 {
		out = append(out, mvt("grid_labels", columns, "g.label", "grid g", "g.retired IS NULL"))
	}
	return out
}

func mvtDivisions(z int) []string {
	levels := "'county', 'town'"
	if z >= 11 {
		levels += ", 'community'"
	}
	return []string{
		mvt("divisions", "d.code, d.name, d.level", "coalesce(s.geom, d.geom)",
			"division d "+mvtThinned("divisions", "d.county", "rpad(d.code, 12, '0')::bigint", z, 12), "d.level IN ("+levels+") AND "+mvtNear("d.geom")),
		mvt("division_labels", "d.code, d.name, d.level", "ST_PointOnSurface(d.geom)", "division d", "d.level IN ("+levels+") AND "+mvtNear("d.geom")),
	}
}

// mvtThinned joins the shapes for small zooms, which the tile server shows below a zoom.
func mvtThinned(layer, county, id string, z, raw int) string {
	if z >= raw {
		return "LEFT JOIN tile_shape s ON false"
	}
	return fmt.Sprintf(`LEFT JOIN tile_shape s ON s.county = %s AND s.layer = '%s' AND s.id = %s AND s.zoom =
		(SELECT min(zoom) FROM tile_shape t WHERE t.county = %s AND t.layer = '%s' AND t.zoom >= %d)`, county, layer, id, county, layer, z)
}

// mvt renders what of a table lies near the tile.
func mvt(layer, columns, geometry, tables, where string) string {
	return mvtOf(layer, fmt.Sprintf("SELECT %s, %s FROM %s, place WHERE (%s) AND %s", columns, mvtGeometry(geometry), strings.TrimSpace(tables), where, mvtNear(geometry)))
}

func mvtOf(layer, selection string) string {
	return fmt.Sprintf("coalesce((SELECT ST_AsMVT(f, '%s', 4096, 'mvt') FROM (%s) f WHERE mvt IS NOT NULL), '')", layer, selection)
}

func mvtGeometry(geometry string) string {
	return "ST_AsMVTGeom(ST_Transform(" + geometry + ", 3857), place.tile, 4096, 64, true) AS mvt"
}

// mvtNear picks by the index what lies in the tile or its buffer of 64 units.
func mvtNear(geometry string) string {
	return geometry + " && ST_Transform(ST_TileEnvelope($1, $2, $3, margin => 64 / 4096.0::float8), 4326)"
}

// loadHexagons gives PostGIS the outlines of the population's cells, which it can't compute.
func loadHexagons(c *county) {
	rows, err := c.db.Owner.Query(context.Background(), `SELECT DISTINCT county, resolution, cell FROM population_cell`)
	if err != nil {
		c.Fatal(err)
	}
	var out [][]any
	for rows.Next() {
		var county, resolution, cell int64
		if err := rows.Scan(&county, &resolution, &cell); err != nil {
			c.Fatal(err)
		}
		out = append(out, []any{county, resolution, cell, int64(heatmap.Square(cell)), planar.PolygonEWKB(planar.Polygon{heatmap.Boundary(cell)})})
	}
	if rows.Err() != nil || len(out) == 0 {
		c.Fatalf("%d cells of the population: %v", len(out), rows.Err())
	}
	loadGeometries(c.B, c.db, "bench_hexagon", []string{"county", "resolution", "cell", "square"}, out)
	run(c.B, c.db.Owner, `CREATE INDEX ON bench_hexagon USING gist (geom)`)
}
