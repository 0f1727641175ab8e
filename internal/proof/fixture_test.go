package proof_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

// The fixture is a small county written through SQL alone, in three publications, so that it has everything
// that can be spoiled: two communities that share a border with T-junctions on it, a block inside another one,
// vertices rounded off the line they stand on, a block that was cut, a grid that was split, two that were
// merged, codes that were retired.
//
//	     community 1              community 2
//	40 ┌────┬────┬────┬────┬─────────┬─────────┐
//	   │ 4  │ 8  │ 12 │ 16 │   22    │ 27→28,29│
//	30 ├────┼────┼────┼────┼─────────┼─────────┤ 32
//	   │ 3  │ 7  │ 11 │ 15 │   21    │   26    │
//	20 ├────┼────┼────┼────┼─────────┼─────────┤ 24
//	   │ 2  │ 6¹⁷│ 10 │ 14 │   20    │   25    │
//	10 ├────┼────┼────┼────┼─────────┼─────────┤ 16, 8
//	   │ 1  │ 5  │ 9  │ 13 │  18,19  │  23,24  │
//	 0 └────┴────┴────┴────┴─────────┴─────────┘
//	   0    10   20   30   40        60        80
const (
	county = 110108
	one    = 110108001001
	two    = 110108001002
)

// xy is a position on the plan above.
type xy struct{ x, y int }

// wkt is the lattice point of a position: turned a little and stretched by odd factors, so that few borders
// are axis-parallel and most T-junctions lie off the straight line.
func (p xy) wkt() string {
	x, y := float64(p.x), float64(p.y)
	X := 1163000000 + math.Round(1000.37*x+13.21*y)
	Y := 400000000 + math.Round(1000.11*y-9.77*x)
	return degrees(X, Y)
}

// moved is the lattice point that many steps further east and north.
func (p xy) moved(x, y float64) string {
	lon, lat, _ := strings.Cut(p.wkt(), " ")
	a, _ := strconv.ParseFloat(lon, 64)
	b, _ := strconv.ParseFloat(lat, 64)
	return degrees(math.Round(a*1e7)+x, math.Round(b*1e7)+y)
}

// degrees writes a position as ST_AsText does, so that it can be found and replaced there.
func degrees(X, Y float64) string {
	return strconv.FormatFloat(X/1e7, 'f', -1, 64) + " " + strconv.FormatFloat(Y/1e7, 'f', -1, 64)
}

type rect struct{ x0, y0, x1, y1 int }

// ring walks round the rectangle, counter-clockwise and closed, through every corner of others on its way.
func (r rect) ring(corners map[xy]bool) []xy {
	var out []xy
	walk := func(from, to xy) {
		dx, dy := cmp.Compare(to.x, from.x), cmp.Compare(to.y, from.y)
		for p := from; p != to; p = (xy{p.x + dx, p.y + dy}) {
			if p == from || corners[p] {
				out = append(out, p)
			}
		}
	}
	a, b, c, d := xy{r.x0, r.y0}, xy{r.x1, r.y0}, xy{r.x1, r.y1}, xy{r.x0, r.y1}
	walk(a, b)
	walk(b, c)
	walk(c, d)
	walk(d, a)
	return append(out, a)
}

func wktRing(ring []xy) string {
	text := make([]string, len(ring))
	for i, p := range ring {
		text[i] = p.wkt()
	}
	return "(" + strings.Join(text, ",") + ")"
}

// plot is a block of the plan.
type plot struct {
	id        int64
	community int64
	rect      rect
	hole      *rect
}

func (p plot) rings(corners map[xy]bool) [][]xy {
	rings := [][]xy{p.rect.ring(corners)}
	if p.hole != nil {
		hole := p.hole.ring(corners)
		slices.Reverse(hole)
		rings = append(rings, hole)
	}
	return rings
}

func (p plot) wkt(corners map[xy]bool) string {
	var rings []string
	for _, r := range p.rings(corners) {
		rings = append(rings, wktRing(r))
	}
	return "POLYGON(" + strings.Join(rings, ",") + ")"
}

// residents live in the block's building. That of block 27 goes to block 28 when it is cut, and they with it.
func (p plot) residents() int {
	switch p.id {
	case 28:
		return plot{id: 27}.residents()
	case 29:
		return 0
	default:
		return 20 + int(p.id)*3
	}
}

func plots() []plot {
	island := rect{13, 13, 17, 17}
	var out []plot
	for col := range 4 {
		for row := range 4 {
			p := plot{int64(col*4 + row + 1), one, rect{col * 10, row * 10, col*10 + 10, row*10 + 10}, nil}
			if p.id == 6 {
				p.hole = &island
			}
			out = append(out, p)
		}
	}
	out = append(out, plot{17, one, island, nil})
	for col := range 2 {
		for row := range 5 {
			out = append(out, plot{int64(18 + col*5 + row), two, rect{40 + col*20, row * 8, 60 + col*20, row*8 + 8}, nil})
		}
	}
	return out
}

func corners(plots []plot) map[xy]bool {
	out := map[xy]bool{}
	for _, p := range plots {
		r := p.rect
		for _, c := range []xy{{r.x0, r.y0}, {r.x1, r.y0}, {r.x1, r.y1}, {r.x0, r.y1}} {
			out[c] = true
		}
	}
	return out
}

// writer writes rows in one transaction; the first error stays.
type writer struct {
	ctx context.Context
	tx  pgx.Tx
	err error
}

func (w *writer) exec(sql string, args ...any) {
	if w.err != nil {
		return
	}
	if _, err := w.tx.Exec(w.ctx, sql, args...); err != nil {
		w.err = fmt.Errorf("%w in %s %v", err, sql, args)
	}
}

// newCounty writes the fixture as the application role, one transaction a publication, with every check on.
func newCounty(t testing.TB) *postgres.DB {
	t.Helper()
	db := pgtest.New(t)
	for i, publish := range []func(*writer){publishAll, splitAndMove, cutAndMerge} {
		ctx := context.Background()
		err := db.InTx(ctx, func(tx pgx.Tx) error {
			w := &writer{ctx: ctx, tx: tx}
			w.exec(`UPDATE layout SET live = false WHERE county = $1`, county)
			w.exec(`INSERT INTO layout (county, version, live, published_by) VALUES ($1, $2, true, 'test')`, county, i+1)
			publish(w)
			return w.err
		})
		if err != nil {
			t.Fatalf("publication %d: %v", i+1, err)
		}
	}
	populate(t, db)
	return db
}

// populate puts a house on each live block, with somebody who lives there alone; they lived in the house before, by number, until 2020.
func populate(t testing.TB, db *postgres.DB) {
	t.Helper()
	_, err := db.Owner.Exec(context.Background(), `
		WITH h AS (
			INSERT INTO house (county, code, address, kind, geom, block, ground, digest)
			SELECT county, 'h' || id, '测试' || id || '号', 'home', ST_PointOnSurface(geom), id, community * 1000, '' FROM block WHERE county = $1 AND retired IS NULL
			ORDER BY id RETURNING county, id, ground),
		o AS (INSERT INTO occupancy (county, house, ground, kind) SELECT county, id, ground, 'owner' FROM h),
		d AS (INSERT INTO household (county, code, house, ground) SELECT county, 'd' || id, id, ground FROM h),
		r AS (
			INSERT INTO resident (county, name, name_index, sex, house, ground) SELECT county, '\x00', '\x00', 'unknown', id, ground FROM h
			RETURNING county, id, house, ground),
		l AS (INSERT INTO residency (county, resident, house, ground, stay) SELECT county, id, house, ground, 'registered' FROM r),
		b AS (
			INSERT INTO residency (county, resident, house, ground, stay, until) SELECT r.county, r.id, h.id, h.ground, 'registered', '2020-01-01'
			FROM r JOIN h ON h.id = r.house - 1),
		v AS (INSERT INTO visit (county, resident, reason, house, ground, due, made_by) SELECT county, id, 'care', house, ground, '2030-01-01', 0 FROM r)
		INSERT INTO care (county, resident, kind, house, ground) SELECT county, id, 'alone', house, ground FROM r`, county)
	if err != nil {
		t.Fatal(err)
	}
}

func publishAll(w *writer) {
	all := plots()
	points := corners(all)
	total := map[int64]int{}
	for _, p := range all {
		total[p.community] += p.residents()
	}
	w.exec(`INSERT INTO division (code, county, level, parent, name, residents, source) VALUES
		('110108', $1, 'county', NULL, '海淀区', NULL, 'test'), ('110108001', $1, 'town', '110108', '街道', $2, 'test')`,
		county, total[one]+total[two])
	for community, outline := range map[int64]rect{one: {0, 0, 40, 40}, two: {40, 0, 80, 40}} {
		w.exec(`INSERT INTO division (code, county, level, parent, name, residents, geom, source)
			VALUES ($1, $2, 'community', '110108001', '社区', $3, ST_Multi(ST_GeomFromText($4, 4326)), 'test')`,
			fmt.Sprint(community), county, total[community], "POLYGON("+wktRing(outline.ring(nil))+")")
		w.exec(`INSERT INTO territory (county, community, division, geom, features)
			VALUES ($1, $2::bigint, $2::bigint::text, ST_Multi(ST_GeomFromText($3, 4326)), '')`,
			county, community, "POLYGON("+wktRing(outline.ring(points))+")")
	}
	for _, p := range all {
		w.block(p, points, 1, 0)
	}
	for _, g := range []struct {
		code   int64
		blocks []int64
	}{{one*1000 + 1, []int64{1, 2, 3, 4, 5, 6, 7, 8, 17}}, {one*1000 + 2, []int64{9, 10, 11, 12, 13, 14, 15, 16}},
		{two*1000 + 1, []int64{18, 19, 20, 21, 22}}, {two*1000 + 2, []int64{23, 24, 25, 26, 27}}} {
		w.assign(g.code, 1, g.blocks...)
	}
	w.exec(`INSERT INTO micro_grid (county, grid, number, since) VALUES ($1, $2, 1, 1), ($1, $2, 2, 1)`, county, int64(one*1000+1))
	for block, number := range map[int64]int{1: 1, 2: 1, 7: 2, 8: 2} {
		w.exec(`INSERT INTO micro_home (county, block, building, entrance, grid, number, since) VALUES ($1, $2, 0, '', $3, $4, 1)`, county, block, int64(one*1000+1), number)
	}
	w.finish(all)
}

// splitAndMove is version 2: block 8 goes from grid 1 to grid 2, its home leaves its micro-grid, blocks 13 to 16 become grid 3.
func splitAndMove(w *writer) {
	w.assign(one*1000+3, 2, 13, 14, 15, 16)
	w.assign(one*1000+2, 2, 8)
	w.exec(`WITH gone AS (DELETE FROM micro_home WHERE county = $1 AND block = 8 RETURNING *)
		INSERT INTO micro_home_past SELECT county, block, building, entrance, grid, number, since, 2 FROM gone`, county)
	w.lineage(2, one*1000+1, one*1000+1, "complex", 1, 2, 3, 4, 5, 6, 7, 17)
	w.lineage(2, one*1000+1, one*1000+2, "complex", 8)
	w.lineage(2, one*1000+2, one*1000+2, "complex", 9, 10, 11, 12)
	w.lineage(2, one*1000+2, one*1000+3, "complex", 13, 14, 15, 16)
	w.finish(plots())
}

// cutAndMerge is version 3: block 27 is cut into 28 and 29, and grid 2 of community 2 becomes part of grid 1.
func cutAndMerge(w *writer) {
	all := finalPlots()
	points := corners(all)
	for _, p := range all {
		if p.id > 27 {
			w.block(p, points, 3, 27)
		}
	}
	for _, id := range []int64{26} { // the cut ends on its border
		i := slices.IndexFunc(all, func(p plot) bool { return p.id == id })
		w.exec(`UPDATE block SET geom = ST_GeomFromText($3, 4326) WHERE county = $1 AND id = $2`, county, id, all[i].wkt(points))
	}
	w.exec(`UPDATE block SET retired = 3 WHERE county = $1 AND id = 27`, county)
	w.exec(`UPDATE territory SET geom = ST_Multi(ST_GeomFromText($3, 4326)) WHERE county = $1 AND community = $2`,
		county, int64(two), "POLYGON("+wktRing(rect{40, 0, 80, 40}.ring(points))+")")
	w.exec(`WITH gone AS (DELETE FROM grid_block WHERE county = $1 AND block = 27 RETURNING *)
		INSERT INTO grid_block_past (county, block, grid, since, until) SELECT county, block, grid, since, 3 FROM gone`, county)
	w.assign(two*1000+1, 3, 23, 24, 25, 26, 28, 29)
	w.lineage(3, two*1000+1, two*1000+1, "merged", 18, 19, 20, 21, 22)
	w.lineage(3, two*1000+2, two*1000+1, "merged", 23, 24, 25, 26, 28, 29)
	w.finish(all)
}

// finalPlots is the plan after the cut.
func finalPlots() []plot {
	all := slices.DeleteFunc(plots(), func(p plot) bool { return p.id == 27 })
	return append(all, plot{28, two, rect{60, 32, 70, 40}, nil}, plot{29, two, rect{70, 32, 80, 40}, nil})
}

func (w *writer) block(p plot, points map[xy]bool, version int, parent int64) {
	w.exec(`INSERT INTO block (county, id, community, residents, residents_source, area, born, parent, geom)
		SELECT $1, $2, $3, $4, 'estimate', ST_Area(ST_Transform(g, 4548)), $6, nullif($7::bigint, 0), g FROM ST_GeomFromText($5, 4326) g`,
		county, p.id, p.community, p.residents(), p.wkt(points), version, parent)
	r := p.rect
	switch p.id {
	case 6: // beside the island
		r.x1 = r.x0 + 3
	case 27: // where the cut will pass it by
		r.x1 = r.x0 + 10
	case 28:
		w.exec(`INSERT INTO block_building (county, block, building, residents)
			SELECT $1, 28, id, residents FROM building WHERE county = $1 AND source = 'house/27'`, county)
		return
	case 29:
		return
	}
	house := rect{r.x0 + 1, r.y0 + 1, r.x1 - 1, r.y1 - 1}
	w.exec(`WITH b AS (INSERT INTO building (county, source, residents, digest, geom)
			VALUES ($1, $2, $3, '', ST_Multi(ST_GeomFromText($4, 4326))) RETURNING id)
		INSERT INTO block_building (county, block, building, residents) SELECT $1, $5, id, $3 FROM b`,
		county, fmt.Sprintf("house/%d", p.id), p.residents(), "POLYGON("+wktRing(house.ring(nil))+")", p.id)
}

// assign puts blocks into a grid, which is born when it is new; where they were before becomes history. A grid
// is left without figures until finish.
func (w *writer) assign(code int64, version int, blocks ...int64) {
	w.exec(`INSERT INTO grid (county, code, community, born, changed, residents, blocks, area, perimeter, compactness, geom, label)
		VALUES ($1, $2::bigint, $2::bigint / 1000, $3, $3, 0, 0, 0, 0, 0, 'SRID=4326;MULTIPOLYGON EMPTY', 'SRID=4326;POINT(0 0)')
		ON CONFLICT DO NOTHING`, county, code, version)
	w.exec(`WITH gone AS (DELETE FROM grid_block WHERE county = $1 AND block = ANY($2) RETURNING *)
		INSERT INTO grid_block_past (county, block, grid, since, until) SELECT county, block, grid, since, $3 FROM gone`,
		county, blocks, version)
	w.exec(`INSERT INTO grid_block (county, block, grid, since) SELECT $1, b, $2, $3 FROM unnest($4::bigint[]) b`,
		county, code, version, blocks)
}

func (w *writer) lineage(version int, from, to int64, kind string, blocks ...int64) {
	w.exec(`INSERT INTO lineage (county, version, from_grid, to_grid, kind, blocks, houses, residents)
		SELECT $1, $2, $3, $4, $5, count(*), count(*) FILTER (WHERE EXISTS (
			SELECT FROM block_building bb WHERE bb.county = $1 AND bb.block = b.id)), sum(residents)
		FROM block b WHERE county = $1 AND id = ANY($6)`, county, version, from, to, kind, blocks)
}

// finish retires grids that have no block left, derives polygons and figures, borders and the shapes for tiles.
func (w *writer) finish(all []plot) {
	w.exec(`UPDATE grid g SET retired = (SELECT version FROM layout WHERE county = $1 AND live)
		WHERE county = $1 AND retired IS NULL AND NOT EXISTS (SELECT FROM grid_block WHERE county = $1 AND grid = g.code)`, county)
	w.exec(`UPDATE grid g SET geom = u.geom, label = ST_PointOnSurface(u.geom), blocks = u.blocks, residents = u.residents,
			houses = u.houses, area = u.area, perimeter = ST_Perimeter(ST_Transform(u.geom, 4548)), compactness = .9
		FROM (SELECT gb.grid, ST_Multi(ST_ForcePolygonCCW(ST_Union(b.geom))) AS geom, count(*) AS blocks,
				sum(residents) AS residents, sum(area) AS area,
				sum((SELECT count(*) FROM block_building bb WHERE bb.county = b.county AND bb.block = b.id)) AS houses
			FROM grid_block gb JOIN block b USING (county) WHERE b.id = gb.block AND county = $1 GROUP BY 1) u
		WHERE g.county = $1 AND g.code = u.grid`, county)
	w.exec(`DELETE FROM block_border WHERE county = $1`, county)
	for _, e := range edges(all) {
		w.exec(`INSERT INTO block_border (county, a, b, barrier, length, geom)
			SELECT $1, $2, $3, 0, ST_Length(ST_Transform(g, 4548)), g FROM ST_GeomFromText($4, 4326) g`,
			county, e.a, e.b, fmt.Sprintf("LINESTRING(%s,%s)", e.from.wkt(), e.to.wkt()))
	}
	w.exec(`DELETE FROM tile_shape WHERE county = $1`, county)
	w.exec(`INSERT INTO tile_shape (county, layer, id, zoom, geom)
		SELECT county, 'grids', code, z, geom FROM grid, generate_series(8, 14, 2) z WHERE county = $1 AND retired IS NULL`, county)
}

type edge struct {
	from, to xy
	a, b     int64
}

// edges are the borders of the plan, one row an edge, the block with the lower id on its left.
func edges(all []plot) []edge {
	points := corners(all)
	left := map[[2]xy]int64{}
	for _, p := range all {
		for _, ring := range p.rings(points) {
			for i := range len(ring) - 1 {
				left[[2]xy{ring[i], ring[i+1]}] = p.id
			}
		}
	}
	var out []edge
	for e, a := range left {
		b := left[[2]xy{e[1], e[0]}]
		if b == 0 || a < b {
			out = append(out, edge{e[0], e[1], a, b})
		}
	}
	slices.SortFunc(out, func(d, e edge) int {
		return cmp.Or(cmp.Compare(d.a, e.a), cmp.Compare(d.from.x, e.from.x), cmp.Compare(d.from.y, e.from.y),
			cmp.Compare(d.to.x, e.to.x), cmp.Compare(d.to.y, e.to.y))
	})
	return out
}
