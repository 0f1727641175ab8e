package exchange

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

// Layout is one version of a division's grids, with the blocks that they are made of.
type Layout struct {
	Division    division.Division
	County      int32
	Version     int
	Live        bool
	PublishedAt time.Time
	Settings    layout.Settings
	Communities map[int64]string // names
	Grids       []Grid
	Blocks      []Block
}

// Grid is a grid in that version; its figures are those of its blocks.
type Grid struct {
	Code      layout.Code
	Community int64
	Name      string
	Special   string
	Sides     string // 四至 in words, of live grids
	Residents int
	Houses    int
	Blocks    int
	AreaM2    float64
	Measured  int // residents, or workload where the version is measured by that
	Parts     []planar.Polygon
	Label     planar.Point
}

// Block is a block with its grid.
type Block struct {
	ID        int64
	Grid      int // place in Layout.Grids
	Community int64
	Residents int
	Source    string // of the residents: known, estimate, none
	Houses    int
	AreaM2    float64
	Polygon   planar.Polygon
}

// Load reads a version of a division's layout; version 0 is the live one.
//
// Faults: NotFound when there is no such division or version, or the division had no grids in it.
func Load(ctx context.Context, tx pgx.Tx, code division.Code, version int) (*Layout, error) {
	d, err := division.Get(ctx, tx, code)
	if err != nil {
		return nil, err
	}
	l := &Layout{Division: d, County: int32(code.County()), Version: version, Communities: map[int64]string{}}
	if err := l.loadVersion(ctx, tx); err != nil {
		return nil, err
	}
	if err := l.loadBlocks(ctx, tx); err != nil {
		return nil, err
	}
	if len(l.Blocks) == 0 {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("%s（%s）在第 %d 版中没有网格", d.Name, code, l.Version), fmt.Sprintf("%s (%s) has no grids in version %d", d.Name, code, l.Version))
	}
	if err := l.nameGrids(ctx, tx); err != nil {
		return nil, err
	}
	return l, l.shape(ctx, tx)
}

func (l *Layout) loadVersion(ctx context.Context, tx pgx.Tx) error {
	var last int
	if err := tx.QueryRow(ctx, `SELECT coalesce(max(version), 0) FROM layout WHERE county = $1`, l.County).Scan(&last); err != nil {
		return err
	}
	if last == 0 {
		return fault.New(fault.NotFound, fmt.Sprintf("县 %06d 还没有发布过网格", l.County), fmt.Sprintf("county %06d has no published grids yet", l.County))
	}
	err := tx.QueryRow(ctx, `SELECT version, live, published_at, settings FROM layout WHERE county = $1 AND (version = $2 OR $2 = 0 AND live)`, l.County, l.Version).
		Scan(&l.Version, &l.Live, &l.PublishedAt, &l.Settings)
	if err == pgx.ErrNoRows {
		return fault.New(fault.NotFound, fmt.Sprintf("县 %06d 没有第 %d 版网格；现有 1 至 %d 版", l.County, l.Version, last),
			fmt.Sprintf("county %06d has no version %d; there are 1 to %d", l.County, l.Version, last))
	}
	return err
}

// assigned are the blocks and grids of version $2 in the communities from $3 to $4: those that are so still, and those that ended later.
const assigned = `
	SELECT block, grid, workload FROM grid_block WHERE county = $1 AND since <= $2
	UNION ALL
	SELECT block, grid, NULL FROM grid_block_past WHERE county = $1 AND since <= $2 AND until > $2`

func (l *Layout) loadBlocks(ctx context.Context, tx pgx.Tx) error {
	low, high := l.Division.Code.CommunityRange()
	rows, err := tx.Query(ctx, `
		WITH assigned AS (`+assigned+`),
		homes AS (
			SELECT h.block, count(*)::int AS houses FROM block_building h JOIN assigned a ON a.block = h.block
			WHERE h.county = $1 AND h.residents > 0 GROUP BY h.block)
		SELECT b.id, a.grid, b.community, b.residents, b.residents_source, coalesce(h.houses, 0), b.area, coalesce(a.workload, b.residents)::int, ST_AsBinary(b.geom)
		FROM assigned a JOIN block b ON b.county = $1 AND b.id = a.block LEFT JOIN homes h ON h.block = b.id
		WHERE b.community >= $3 AND b.community < $4 ORDER BY a.grid, b.id`, l.County, l.Version, low, high)
	if err != nil {
		return err
	}
	var b Block
	var code layout.Code
	var measured int
	var geom []byte
	_, err = pgx.ForEachRow(rows, []any{&b.ID, &code, &b.Community, &b.Residents, &b.Source, &b.Houses, &b.AreaM2, &measured, &geom}, func() error {
		parts, err := planar.ParsePolygons(geom)
		if err != nil || len(parts) != 1 {
			return fmt.Errorf("block %d has %d parts: %w", b.ID, len(parts), err)
		}
		b.Polygon = parts[0]
		if n := len(l.Grids); n == 0 || l.Grids[n-1].Code != code {
			l.Grids = append(l.Grids, Grid{Code: code, Community: b.Community})
		}
		b.Grid = len(l.Grids) - 1
		g := &l.Grids[b.Grid]
		g.Blocks++
		g.Residents += b.Residents
		g.Houses += b.Houses
		g.AreaM2 += b.AreaM2
		g.Measured += measured
		l.Blocks = append(l.Blocks, b)
		return nil
	})
	return err
}

// nameGrids reads what isn't derived of the grids: names and kinds are those of today.
func (l *Layout) nameGrids(ctx context.Context, tx pgx.Tx) error {
	place := make(map[layout.Code]int, len(l.Grids))
	codes := make([]int64, len(l.Grids))
	for i, g := range l.Grids {
		place[g.Code], codes[i] = i, int64(g.Code)
	}
	rows, err := tx.Query(ctx, `SELECT code, name, special FROM grid WHERE county = $1 AND code = ANY($2)`, l.County, codes)
	if err != nil {
		return err
	}
	var code layout.Code
	var name, special string
	if _, err = pgx.ForEachRow(rows, []any{&code, &name, &special}, func() error {
		l.Grids[place[code]].Name, l.Grids[place[code]].Special = name, special
		return nil
	}); err != nil {
		return err
	}
	low, high := l.Division.Code.CommunityRange()
	rows, err = tx.Query(ctx, `
		SELECT t.community, d.name FROM territory t JOIN division d ON d.code = t.division
		WHERE t.county = $1 AND t.community >= $2 AND t.community < $3`, l.County, low, high)
	if err != nil {
		return err
	}
	var community int64
	if _, err = pgx.ForEachRow(rows, []any{&community, &name}, func() error {
		l.Communities[community] = name
		return nil
	}); err != nil || !l.Live {
		return err
	}
	return l.nameSides(ctx, tx, place)
}

// nameSides says what the live grids border on, in Chinese as on a county's cards. What an earlier version's grids bordered on isn't kept.
func (l *Layout) nameSides(ctx context.Context, tx pgx.Tx, place map[layout.Code]int) error {
	surroundings, err := layout.SurroundingsOf(ctx, tx, l.County, slices.Collect(maps.Keys(place)))
	for code, s := range surroundings {
		l.Grids[place[code]].Sides, _ = s.Words()
	}
	return err
}

// shape gives the grids their ground: as it was published for the live version, and the blocks' put together for an earlier one. There an edge of a
// block that is gone may lack a vertex that its neighbour got since; noding brings the two together.
func (l *Layout) shape(ctx context.Context, tx pgx.Tx) error {
	if l.Live {
		return l.loadShapes(ctx, tx)
	}
	rings := make([][]planar.Ring, len(l.Grids))
	for _, b := range l.Blocks {
		rings[b.Grid] = append(rings[b.Grid], b.Polygon...)
	}
	for i := range l.Grids {
		parts, err := planar.MakeValid(rings[i])
		if err != nil {
			return err
		}
		l.Grids[i].Parts, l.Grids[i].Label = parts, planar.PoleOfInaccessibility(parts, labelPrecision)
	}
	return nil
}

// labelPrecision is 1 m in lattice steps.
const labelPrecision = 100

func (l *Layout) loadShapes(ctx context.Context, tx pgx.Tx) error {
	codes := make([]int64, len(l.Grids))
	for i, g := range l.Grids {
		codes[i] = int64(g.Code)
	}
	rows, err := tx.Query(ctx, `
		SELECT w.place - 1, ST_AsBinary(g.geom), ST_X(g.label), ST_Y(g.label) FROM unnest($2::bigint[]) WITH ORDINALITY AS w (code, place)
		JOIN grid g ON g.county = $1 AND g.code = w.code`, l.County, codes)
	if err != nil {
		return err
	}
	var at int64
	var geom []byte
	var lon, lat float64
	_, err = pgx.ForEachRow(rows, []any{&at, &geom, &lon, &lat}, func() (err error) {
		g := &l.Grids[at]
		g.Label = planar.FromDegrees(lon, lat)
		g.Parts, err = planar.ParsePolygons(geom)
		return err
	})
	return err
}

// communityCode is a community's code as it is written: that of a town without communities has nine digits and 000.
func communityCode(n int64) string { return fmt.Sprintf("%012d", n) }

// title is what the layout is called: its division and its version.
func (l *Layout) title() string {
	return strings.TrimSpace(fmt.Sprintf("%s 网格布局 第 %d 版", l.Division.Name, l.Version))
}
