package layout

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// SpecialKinds are the kinds of ground that may have grids of their own (专属网格), outside the rule of so many residents a grid.
var SpecialKinds = []string{"school", "hospital", "industrial", "market"}

// specialNames are what the kinds are called in Chinese.
var specialNames = map[string]string{"学校": "school", "医院": "hospital", "工业园区": "industrial", "市场": "market"}

// specialLanduse is the kind of each class of landuse that has one, in the words of OpenStreetMap's tags. A kindergarten isn't a school
// here: most stand within a housing compound and belong to its grid.
var specialLanduse = map[string]string{
	"school": "school", "college": "school", "university": "school",
	"hospital":    "hospital",
	"industrial":  "industrial",
	"marketplace": "market", "retail": "market",
}

// ParseSpecial reads kinds as somebody typed them; "all" is every kind, and "none" alone is no kind. It gives them in the order of
// SpecialKinds, each once.
//
// Faults: Invalid for a word that is no kind, and for none beside others.
func ParseSpecial(words []string) ([]string, error) {
	if slices.Equal(words, []string{"none"}) || slices.Equal(words, []string{"不设"}) {
		return nil, nil
	}
	if slices.Contains(words, "all") || slices.Contains(words, "全部") {
		words = append(slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "all" || w == "全部" }), SpecialKinds...)
	}
	words = slices.Clone(words)
	for i, w := range words {
		if kind, known := specialNames[w]; known {
			words[i], w = kind, kind
		}
		if !slices.Contains(SpecialKinds, w) {
			list := strings.Join(SpecialKinds, ", ")
			return nil, fault.New(fault.Invalid, fmt.Sprintf("没有专属网格类别 %q，可用：学校、医院、工业园区、市场（%s），或全部（all）、单独的不设（none）", w, list),
				fmt.Sprintf("%q is no kind of special grid; there are %s, all, and none by itself", w, list))
		}
	}
	return slices.DeleteFunc(slices.Clone(SpecialKinds), func(k string) bool { return !slices.Contains(words, k) }), nil
}

// unionOf gives the kinds of both, in the order of SpecialKinds.
func unionOf(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(SpecialKinds), func(k string) bool { return !slices.Contains(a, k) && !slices.Contains(b, k) })
}

// markSpecial says of each block what kind of special ground it is: by the landuse of the kinds in the settings, or, when live grids are
// redrawn and nothing is said of special ground, by the special grid that it lies in.
func (p *Proposal) markSpecial(ctx context.Context, tx pgx.Tx, order Order) error {
	if order.Redraw && order.Unsaid.Special {
		now, err := p.presentGrids(ctx, tx)
		if err == nil {
			p.keepSpecial(now)
		}
		return err
	}
	if len(p.Settings.Special) == 0 || len(p.Blocks) == 0 {
		return nil
	}
	var err error
	if p.grounds, err = p.specialGrounds(ctx, tx); err != nil {
		return err
	}
	for _, g := range p.grounds {
		for _, b := range g.blocks {
			p.Blocks[b].Special = g.kind
		}
	}
	return nil
}

// inhabitedSpecial names the special grids that hold more than an ordinary grid may, by the names of their grounds.
func (p *Proposal) inhabitedSpecial() (warnings []drawing.Warning) {
	upper := NewBand(p.Settings.Target, p.Settings.Tolerance).upper
	for _, s := range p.Report.Special {
		if s.Residents <= int64(upper) {
			continue
		}
		var names []string
		for _, g := range p.grounds {
			if p.Grid[g.blocks[0]] != s.Grid {
				continue
			}
			if g.name != "" {
				names = append(names, g.name)
			} else {
				names = append(names, g.source)
			}
		}
		residents := 0
		for b, g := range p.Grid {
			if g == s.Grid {
				residents += p.Blocks[b].Residents
			}
		}
		zh, en := "", ""
		if p.Settings.Workload != nil {
			zh, en = fmt.Sprintf("（%s %d）", p.Settings.Unit(), s.Residents), fmt.Sprintf(" (%d of %s)", s.Residents, p.Settings.Unit())
		}
		warnings = append(warnings, drawing.NewWarning(s.Within, "special-inhabited",
			fmt.Sprintf("%s 划为专属网格，其中住有 %d 人%s，多于一个普通网格；如需按人数划分，请不要对此类用地使用 --special", strings.Join(names, "、"), residents, zh),
			fmt.Sprintf("%s has become a special grid, and %d people live on it%s, more than in an ordinary grid; if it should be cut by residents, leave its kind out of --special", strings.Join(names, ", "), residents, en)))
	}
	return warnings
}

// keepSpecial lets blocks of special grids be special ground.
func (p *Proposal) keepSpecial(now *present) {
	for b, g := range now.grid {
		if g >= 0 && now.special[g] != "" {
			p.Blocks[b].Special = now.special[g]
		}
	}
}

// specialGround is an area of special landuse with its blocks.
type specialGround struct {
	id                 int64
	source, kind, name string
	polygons           []planar.Polygon
	blocks             []int32
}

// coveredBy asks which blocks are ground of which areas: those of which the area covers half, or a quarter with all that is built
// on them. The ground of a building inside a school's wall may reach out to the kerb.
const coveredBy = `
	WITH pair AS (
		SELECT w.block, w.area, ST_GeomFromEWKB(w.shape) AS ground, a.geom
		FROM unnest($2::bigint[], $3::bigint[], $4::bytea[]) AS w (block, area, shape) JOIN area_feature a ON a.county = $1 AND a.id = w.area
	), covered AS (
		SELECT block, area, ground, geom, ST_Area(ST_Intersection(ground, geom)) / ST_Area(ground) AS share FROM pair OFFSET 0
	)
	SELECT c.block, c.area FROM covered c CROSS JOIN LATERAL (
		SELECT coalesce(sum(ST_Area(on_it)), 0) AS built, coalesce(sum(ST_Area(ST_Intersection(on_it, c.geom))), 0) AS inside
		FROM (SELECT ST_Intersection(b.geom, c.ground) AS on_it FROM building b
			WHERE c.share BETWEEN 0.25 AND 0.5 AND b.county = $1 AND b.geom && c.ground) b) b
	WHERE c.share >= 0.5 OR c.share >= 0.25 AND b.built > 0 AND b.inside > 0.99 * b.built`

// specialGrounds finds them. Of areas that lie in each other the smaller one has its blocks: the school in the industrial park.
func (p *Proposal) specialGrounds(ctx context.Context, tx pgx.Tx) ([]*specialGround, error) {
	all, err := p.loadSpecial(ctx, tx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	index := make(map[int64]int, len(all))
	var blocks, areas []int64
	var shapes [][]byte
	for k, g := range all {
		index[g.id] = k
	}
	for i, b := range p.Blocks {
		shape := []planar.Polygon{b.Polygon}
		low, high := extent(shape)
		for _, g := range all {
			if least, most := extent(g.polygons); low.X <= most.X && high.X >= least.X && low.Y <= most.Y && high.Y >= least.Y {
				blocks, areas, shapes = append(blocks, int64(i)), append(areas, g.id), append(shapes, planar.MultiPolygonEWKB(shape))
			}
		}
	}
	rows, err := tx.Query(ctx, coveredBy, p.County, blocks, areas, shapes)
	if err != nil {
		return nil, err
	}
	of := make(map[int32]int) // of a block, the smallest area
	var block int32
	var area int64
	_, err = pgx.ForEachRow(rows, []any{&block, &area}, func() error {
		if k, taken := of[block]; !taken || index[area] < k {
			of[block] = index[area]
		}
		return nil
	})
	for _, b := range slices.Sorted(maps.Keys(of)) {
		all[of[b]].blocks = append(all[of[b]].blocks, b)
	}
	return slices.DeleteFunc(all, func(g *specialGround) bool { return len(g.blocks) == 0 }), err
}

// loadSpecial reads the areas of the wanted kinds that lie about the proposal's blocks, the smallest first.
func (p *Proposal) loadSpecial(ctx context.Context, tx pgx.Tx) ([]*specialGround, error) {
	var classes []string
	for class, kind := range specialLanduse {
		if slices.Contains(p.Settings.Special, kind) {
			classes = append(classes, class)
		}
	}
	all := make([]planar.Polygon, len(p.Blocks))
	for i, b := range p.Blocks {
		all[i] = b.Polygon
	}
	least, most := extent(all)
	west, south := least.Degrees()
	east, north := most.Degrees()
	rows, err := tx.Query(ctx, `
		SELECT id, source, class, name, ST_AsEWKB(geom) FROM area_feature
		WHERE county = $1 AND kind = 'landuse' AND class = ANY($2) AND geom && ST_MakeEnvelope($3, $4, $5, $6, 4326)
		ORDER BY ST_Area(geom), id`, p.County, classes, west, south, east, north)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*specialGround, error) {
		g := &specialGround{}
		var class string
		var geom []byte
		err := row.Scan(&g.id, &g.source, &class, &g.name, &geom)
		if err == nil {
			g.kind = specialLanduse[class]
			g.polygons, err = planar.ParsePolygons(geom)
		}
		return g, err
	})
}
