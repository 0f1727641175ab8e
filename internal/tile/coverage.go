package tile

import (
	"fmt"
	"strconv"

	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

// The layers whose polygons share their borders: grids, divisions, blocks. Nothing here may look at a polygon
// by itself: where the raw vertices are too many, the shapes come from tile_shape, simplified an arc at a time.

// From these zooms on the raw borders are shown.
const (
	rawGrids     = 14
	rawDivisions = 12
)

// labelGrids is the zoom from which grids have label points: further out they would lie on top of each other.
const labelGrids = 12

// renderGrids shows the live grids by how they stand, and their labels.
func renderGrids(r *rendering) {
	grids, labels := r.coverage(r.layer(string(Grids))), r.layer("grid_labels")
	var code int64
	var name string
	var residents int
	var geom, label []byte
	var standing layout.Standing
	targets := append([]any{&code, &name, &residents, &geom, &label}, standing.Targets()...)
	row := func() error {
		deviation, band := standing.Of()
		tags := []tag{{"code", fmt.Sprintf("%015d", code)}, {"name", name}, {"residents", residents}, {"deviation", deviation}, {"band", band}}
		if standing.Special != "" {
			tags = append(tags, tag{"special", standing.Special})
		}
		if err := grids.add(uint64(code), geom, tags); err != nil {
			return err
		}
		if r.at.Z < labelGrids {
			return nil
		}
		return r.label(labels, uint64(code), label, tags)
	}
	if r.at.Z >= rawGrids {
		r.ask(Grids, targets, row, `
			SELECT g.code, g.name, g.residents, ST_AsBinary(g.geom, 'NDR'), ST_AsBinary(g.label, 'NDR'), `+layout.StandingColumns+`
			FROM grid g`+layout.StandingJoin+`
			WHERE g.retired IS NULL AND `+nearby("g.geom")+` ORDER BY g.code`)
		return
	}
	// For each county the shapes of the lowest zoom that still hold.
	r.ask(Grids, targets, row, `
		WITH picked AS MATERIALIZED (SELECT l.county, (SELECT min(t.zoom) FROM tile_shape t
			WHERE t.county = l.county AND t.layer = 'grids' AND t.zoom >= $5) AS zoom FROM layout l WHERE l.live)
		SELECT g.code, g.name, g.residents, ST_AsBinary(coalesce(s.geom, g.geom), 'NDR'), ST_AsBinary(g.label, 'NDR'), `+layout.StandingColumns+`
		FROM grid g
		LEFT JOIN picked k ON k.county = g.county
		LEFT JOIN tile_shape s ON s.county = g.county AND s.layer = 'grids' AND s.zoom = k.zoom AND s.id = g.code`+layout.StandingJoinMany+`
		WHERE g.retired IS NULL AND `+nearby("g.geom")+` ORDER BY g.code`, r.at.Z)
}

// renderDivisions shows the divisions whose level fits the zoom, and their labels.
func renderDivisions(r *rendering) {
	levels := []string{"county"}
	if r.at.Z >= 6 {
		levels = append(levels, "town")
	}
	if r.at.Z >= 10 {
		levels = append(levels, "community")
	}
	divisions, labels := r.layer(string(Divisions)), r.layer("division_labels")
	coverages := map[string]*coverage{} // each level is one
	for _, l := range levels {
		coverages[l] = r.coverage(divisions)
	}
	var code, name, level, imported string
	var geom, raw []byte
	targets := []any{&code, &name, &level, &geom, &raw, &imported}
	row := func() error {
		id, err := strconv.ParseUint(code, 10, 64)
		if err != nil {
			return err
		}
		tags := []tag{{"code", code}, {"name", name}, {"level", level}}
		if err := coverages[level].add(id, geom, tags); err != nil {
			return err
		}
		return r.divisionLabel(labels, id, code+" "+imported, raw, tags)
	}
	if r.at.Z >= rawDivisions {
		r.ask(Divisions, targets, row, `
			SELECT d.code, d.name, d.level, ST_AsBinary(d.geom, 'NDR'), ST_AsBinary(d.geom, 'NDR'), d.imported_at::text
			FROM division d WHERE d.level = ANY($5) AND `+nearby("d.geom")+` ORDER BY d.code`, levels)
		return
	}
	r.ask(Divisions, targets, row, `
		WITH shown AS MATERIALIZED (SELECT * FROM division d WHERE d.level = ANY($5) AND `+nearby("d.geom")+`),
		picked AS MATERIALIZED (SELECT c.county, (SELECT min(t.zoom) FROM tile_shape t
			WHERE t.county = c.county AND t.layer = 'divisions' AND t.zoom >= $6) AS zoom FROM (SELECT DISTINCT county FROM shown) c)
		SELECT d.code, d.name, d.level, ST_AsBinary(coalesce(s.geom, d.geom), 'NDR'), ST_AsBinary(d.geom, 'NDR'), d.imported_at::text
		FROM shown d
		JOIN picked k ON k.county = d.county
		LEFT JOIN tile_shape s ON s.county = d.county AND s.layer = 'divisions' AND s.zoom = k.zoom AND s.id = rpad(d.code, 12, '0')::bigint
		ORDER BY d.code`, levels, r.at.Z)
}

// renderBlocks shows the live blocks with the grid each is in.
func renderBlocks(r *rendering) {
	blocks := r.coverage(r.layer(string(Blocks)))
	var id int64
	var grid, community string
	var geom []byte
	r.ask(Blocks, []any{&id, &grid, &community, &geom}, func() error {
		return blocks.add(uint64(id), geom, []tag{{"grid", grid}, {"community", community}})
	}, `
		SELECT b.id, coalesce(lpad(m.grid::text, 15, '0'), ''), lpad(b.community::text, 12, '0'), ST_AsBinary(b.geom, 'NDR')
		FROM block b LEFT JOIN grid_block m ON m.county = b.county AND m.block = b.id
		WHERE b.retired IS NULL AND `+nearby("b.geom")+` ORDER BY b.county, b.id`)
}

// coverage gathers the polygons of a layer that share their borders: clipped, and never left out or changed
// each for itself.
type coverage struct {
	r       *rendering
	layer   *builder
	patches []patch
}

func (r *rendering) coverage(layer *builder) *coverage {
	c := &coverage{r: r, layer: layer}
	r.then = append(r.then, c.finish)
	return c
}

// add takes a polygon in.
func (c *coverage) add(id uint64, geom []byte, tags []tag) error {
	s, err := readShape(geom, c.r.at.Z)
	if err != nil {
		return err
	}
	p := patch{id: id, tags: tags}
	for _, rings := range s.polygons {
		var polygon planar.Polygon
		for _, from := range rings {
			if clipped := clipRing(from, c.r.own, c.r.outer); clipped != nil {
				polygon = append(polygon, c.r.upright(clipped))
			} else if len(polygon) == 0 {
				break // nothing of its shell, so nothing of its holes
			}
		}
		if polygon != nil {
			p.polygons = append(p.polygons, polygon)
		}
	}
	if p.polygons != nil {
		c.patches = append(c.patches, p)
	}
	return nil
}

// finish arranges what was added and encodes it.
func (c *coverage) finish() error {
	if err := arrange(c.r.ctx, c.patches); err != nil {
		return err
	}
	for _, p := range c.patches {
		at := &pen{}
		for _, polygon := range p.polygons {
			for _, ring := range polygon {
				at.ring(downright(ring))
			}
		}
		c.layer.add(p.id, typePolygon, at.out, 0, p.tags...)
	}
	return nil
}

// upright gives a ring in the tile's own units with y pointing up.
func (r *rendering) upright(from ring) planar.Ring {
	out := make(planar.Ring, len(from))
	for i, p := range from {
		out[i] = planar.Point{X: p.x - r.own.x0, Y: r.own.y0 - p.y}
	}
	return out
}

// downright turns y back down, and the ring round, so that a shell has the positive area that the specification wants of it.
func downright(from planar.Ring) ring {
	out := make(ring, len(from))
	for i, p := range from {
		out[len(from)-1-i] = pixel{p.X, -p.Y}
	}
	return out
}

// label adds a label's point.
func (r *rendering) label(b *builder, id uint64, geom []byte, tags []tag) error {
	s, err := readShape(geom, r.at.Z)
	if err != nil {
		return err
	}
	for _, p := range s.points {
		r.point(b, id, p, 0, tags)
	}
	return nil
}

// point adds a point if it lies in this tile without its buffer: otherwise the next tile has it.
func (r *rendering) point(b *builder, id uint64, p planar.Point, rank float64, tags []tag) {
	q := project(p, r.at.Z)
	if !r.own.holds(q) {
		return
	}
	at := newPen(r.at)
	at.point(q)
	b.add(id, typePoint, at.out, rank, tags...)
}
