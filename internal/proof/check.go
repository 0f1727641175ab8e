package proof

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A check is a query that selects what offends (checks/file.sql: community, what, why) and one that counts what
// the first looks at, by means of the tables that the first one names.
type check struct {
	Name, ZH, EN string
	file         string
	examined     string
}

var checks = []check{
	{"one layout", "每县只有一个在用布局，且是最新版本", "one layout of a county is live, the last one", "one_layout",
		`SELECT count(*) FROM layout l WHERE EXISTS (SELECT FROM proof_scope s WHERE s.county = l.county)`},
	{"polygons", "多边形合规，环的方向正确，顶点在格点上", "polygons are valid, rings run the right way, vertices lie on the lattice", "polygons",
		`SELECT (SELECT count(*) FROM proof_block WHERE mine) + (SELECT count(*) FROM proof_grid)`},
	{"edges", "地块铺满社区，无重叠无空隙", "blocks tile their community: no overlap, no gap", "edges",
		`SELECT count(*) FROM proof_edge WHERE mine`},
	{"neighbours", "相邻社区边界一致", "neighbouring communities share their borders", "neighbours",
		`SELECT count(*) FROM proof_outline WHERE mine`},
	{"divisions", "社区范围与导入的区划一致", "territories are their divisions' as imported", "divisions",
		`SELECT count(*) FROM territory t JOIN proof_scope s USING (county, community) WHERE s.mine`},
	{"one grid", "每个地块恰在本社区的一个在用网格中", "each block is in one live grid of its community", "one_grid",
		`SELECT count(*) FROM grid_block gb JOIN proof_scope s ON s.county = gb.county AND s.community = gb.grid / 1000 WHERE s.mine`},
	{"grid polygons", "网格多边形恰是其地块之并", "a grid's polygon is the union of its blocks", "grid_polygons",
		`SELECT count(*) FROM proof_grid_edge`},
	{"connected", "网格连通", "grids are connected through borders", "connected", `SELECT count(*) FROM proof_grid`},
	{"codes", "编码正确且从不重复使用", "codes are right and never used again", "codes",
		`SELECT count(*) FROM grid g JOIN proof_scope s USING (county, community) WHERE s.mine`},
	{"figures", "网格的数字等于其地块之和", "the figures of grids are the sums of their blocks'", "figures",
		`SELECT (SELECT count(*) FROM proof_block WHERE mine) + (SELECT count(*) FROM proof_grid)`},
	{"history", "每个地块在每一版都恰在一个网格中", "each block was in one grid at every version of its life", "history",
		`SELECT count(*) FROM (SELECT county, grid FROM grid_block UNION ALL SELECT county, grid FROM grid_block_past) g
		 JOIN proof_scope s ON s.county = g.county AND s.community = g.grid / 1000 WHERE s.mine`},
	{"micro-grids", "微网格不跨网格，每户同时只在一个微网格", "no micro-grid crosses its grid, a home is in one at a time", "micro_grids",
		`SELECT (SELECT count(*) FROM proof_grid) + count(*) FROM (SELECT county, grid FROM micro_home UNION ALL SELECT county, grid FROM micro_home_past) m
		 JOIN proof_scope s ON s.county = m.county AND s.community = m.grid / 1000 WHERE s.mine`},
	{"lineage", "沿革与地块的历史一致", "lineage says what became of the blocks", "lineage",
		`SELECT (SELECT count(*) FROM lineage l JOIN proof_scope s ON s.county = l.county AND s.community = l.to_grid / 1000 WHERE s.mine)
		 + (SELECT count(*) FROM proof_block WHERE mine)`},
	{"borders", "记录的边界就是地块的边界", "the borders on record are the blocks'", "borders", borderRows},
	{"border lengths", "记录的边界长度就是其线的长度", "the lengths of borders on record are their lines'", "border_lengths", borderRows},
	{"buildings", "楼栋在记它的那个地块上", "a building stands on the block that counts it", "buildings",
		`SELECT count(*) + (SELECT count(*) FROM proof_block WHERE mine) FROM block_building bb
		 JOIN proof_block b ON b.county = bb.county AND b.id = bb.block WHERE b.mine`},
	{"residents", "人数守恒", "nobody is lost and nobody invented", "residents",
		`SELECT count(*) FROM territory t JOIN proof_scope s USING (county, community) WHERE s.mine`},
	{"houses", "房屋在所记的地块上", "a house stands on the block that it is tied to", "houses",
		`SELECT (SELECT count(*) FROM proof_grid) + count(*) FROM house h JOIN proof_scope s ON s.county = h.county AND s.community = h.ground / 1000 WHERE s.mine`},
	{"people", "人随房走，各表所属地面一致", "people are with their house, and seen by its ground", "people",
		`SELECT (SELECT count(*) FROM proof_grid) + count(*) FROM resident r JOIN proof_scope s ON s.county = r.county AND s.community = r.ground / 1000 WHERE s.mine`},
	{"tile shapes", "每个在用网格在各级都有瓦片图形", "each live grid has its shapes for tiles", "tile_shapes",
		`SELECT count(*) FROM tile_shape t JOIN proof_scope s ON s.county = t.county AND s.community = t.id / 1000
		 WHERE t.layer = 'grids' AND s.mine`},
}

const borderRows = `SELECT count(*) FROM block_border r WHERE EXISTS (SELECT FROM proof_mine m WHERE m.county = r.county AND m.id = r.a)
	OR EXISTS (SELECT FROM proof_mine m WHERE m.county = r.county AND m.id = r.b)`

// path is where the check's query stands.
func (c check) path() string { return "checks/" + c.file + ".sql" }

// byEdges says whether the check goes over the edges of all blocks: the others measure ground or read rows. Both kinds
// take about as long, so each is one hand's.
func (c check) byEdges() bool { return slices.Contains(makers(c.path()), "tables/edge.sql") }

// check runs a check. What PostGIS can't compute on spoiled ground counts as found: nothing was proved.
func (h *hand) check(ctx context.Context, c check) (r Result, err error) {
	r = Result{Name: c.Name, ZH: c.ZH, EN: c.EN, Offences: []Offence{}}
	defer func(began time.Time) { r.Seconds = time.Since(began).Seconds() }(time.Now())
	if err = h.provide(ctx, c.path()); err == nil {
		err = pgx.BeginFunc(ctx, h.tx, func(tx pgx.Tx) error { // a savepoint
			if err := tx.QueryRow(ctx, c.examined).Scan(&r.Examined); err != nil {
				return fmt.Errorf("count: %w", err)
			}
			return c.find(ctx, tx, &r)
		})
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) && ctx.Err() == nil {
		r.Found, r.Offences = 1, []Offence{{What: "check " + c.Name, Why: "couldn't be carried out: " + refused.Message}}
		return r, nil
	}
	return r, err
}

func (c check) find(ctx context.Context, tx pgx.Tx, r *Result) error {
	query := fmt.Sprintf(`SELECT coalesce(community, 0), what, why, count(*) OVER () FROM (%s) offence
		ORDER BY community, what, why LIMIT %d`, text(c.path()), shown)
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return err
	}
	var o Offence
	_, err = pgx.ForEachRow(rows, []any{&o.Community, &o.What, &o.Why, &r.Found}, func() error {
		r.Offences = append(r.Offences, o)
		return nil
	})
	return err
}
