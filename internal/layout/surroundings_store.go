package layout

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/ground"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// Correction is 四至 in words as somebody has put them right.
type Correction struct {
	ZH, EN    string // EN is "" when nobody has said it in English
	By        string // the account's name, or audit.CommandLine
	At        time.Time
	NeedsLook bool // the grid's border was changed by a publication since
}

// mostSurroundings is how long a correction may be, in characters.
const mostSurroundings = 500

// SurroundingsOf reads what live grids of a county border on: from the borders of their blocks, those of which one side is in the grid; and what
// somebody has put right. Codes that are no live grid's are left out.
func SurroundingsOf(ctx context.Context, tx pgx.Tx, county int32, grids []Code) (map[Code]*Surroundings, error) {
	outlines, err := outlinesOf(ctx, tx, county, grids)
	if err != nil {
		return nil, err
	}
	out := make(map[Code]*Surroundings, len(outlines))
	for grid, outline := range outlines {
		s := Surround(grid, outline)
		out[grid] = &s
	}
	return out, Corrections(ctx, tx, county, out)
}

// outlinesOf reads the outlines of grids, a piece at a time.
func outlinesOf(ctx context.Context, tx pgx.Tx, county int32, grids []Code) (map[Code][]Stretch, error) {
	codes := make([]int64, len(grids))
	for i, g := range grids {
		codes[i] = int64(g)
	}
	rows, err := tx.Query(ctx, `
		WITH mine AS (SELECT block, grid FROM grid_block WHERE county = $1 AND grid = ANY ($2)),
		outline AS (
			SELECT m.grid, e.id, e.barrier, e.name, e.b AS other, e.geom FROM mine m JOIN block_border e ON e.county = $1 AND e.a = m.block
			UNION ALL
			SELECT m.grid, e.id, e.barrier, e.name, e.a, ST_Reverse(e.geom) FROM mine m JOIN block_border e ON e.county = $1 AND e.b = m.block)
		SELECT o.grid, o.barrier, o.name, coalesce(m.grid, 0), coalesce(g.name, ''), coalesce(d.name, n.name, ''), ST_AsBinary(o.geom, 'NDR')
		FROM outline o
		LEFT JOIN grid_block m ON m.county = $1 AND m.block = o.other
		LEFT JOIN grid g ON g.county = $1 AND g.code = m.grid
		LEFT JOIN territory t ON t.county = $1 AND t.community = m.grid / 1000 AND m.grid / 1000 <> o.grid / 1000
		LEFT JOIN division d ON d.code = t.division
		-- Where no block is on the other side: another division within a metre, the smallest.
		LEFT JOIN LATERAL (
			SELECT d.name FROM division d
			WHERE o.other = 0 AND o.barrier = 0 AND NOT starts_with(lpad(o.grid::text, 15, '0'), d.code)
				AND ST_DWithin(d.geom, ST_LineInterpolatePoint(o.geom, 0.5), 1e-5)
			ORDER BY length(d.code) DESC, d.code LIMIT 1) n ON true
		WHERE m.grid IS DISTINCT FROM o.grid
		ORDER BY o.grid, o.id`, county, codes)
	if err != nil {
		return nil, err
	}
	out := make(map[Code][]Stretch, len(grids))
	var grid Code
	var barrier int16
	var s Stretch
	var geom []byte
	_, err = pgx.ForEachRow(rows, []any{&grid, &barrier, &s.Name, &s.Behind, &s.Called, &s.Beyond, &geom}, func() (err error) {
		one := s
		one.Barrier = ground.Barrier(barrier)
		one.Points, err = planar.ParseLine(geom)
		out[grid] = append(out[grid], one)
		return err
	})
	return out, err
}

// Corrections adds what somebody has put right of live grids.
func Corrections(ctx context.Context, tx pgx.Tx, county int32, to map[Code]*Surroundings) error {
	codes := make([]int64, 0, len(to))
	for g := range to {
		codes = append(codes, int64(g))
	}
	rows, err := tx.Query(ctx, `
		SELECT s.grid, s.zh, s.en, s.written_by, s.written_at, g.changed > s.version FROM surroundings s
		JOIN grid g ON g.county = s.county AND g.code = s.grid
		WHERE s.county = $1 AND s.grid = ANY ($2)`, county, codes)
	if err != nil {
		return err
	}
	var grid Code
	var c Correction
	_, err = pgx.ForEachRow(rows, []any{&grid, &c.ZH, &c.EN, &c.By, &c.At, &c.NeedsLook}, func() error {
		one := c
		to[grid].Hand = &one
		return nil
	})
	return err
}

// CorrectSurroundings puts into words by hand what a live grid borders on; without any words the program's own hold again. Saying the same again
// says that it is still right. Needs PlanGrids on the grid.
//
// Faults: NotFound; Forbidden; Invalid for words that are too long, or English ones alone.
func CorrectSurroundings(ctx context.Context, tx pgx.Tx, trail *audit.Trail, grid Code, zh, en string) error {
	county := int32(grid / 1_000_000_000)
	var version int
	err := tx.QueryRow(ctx, `
		SELECT l.version FROM grid g JOIN layout l ON l.county = g.county AND l.live
		WHERE g.county = $1 AND g.code = $2 AND g.retired IS NULL FOR SHARE OF g`, county, int64(grid)).Scan(&version)
	if err == pgx.ErrNoRows {
		return fault.New(fault.NotFound, fmt.Sprintf("没有代码为 %s 的现行网格；它可能已被新版布局撤销", grid),
			fmt.Sprintf("there is no live grid %s; a newer layout may have retired it", grid))
	}
	if err != nil {
		return err
	}
	if !postgres.ActorOf(ctx).Scope[access.PlanGrids].Covers(int64(grid)) {
		return fault.New(fault.Forbidden, fmt.Sprintf("网格 %s 不在您的规划范围内，不能更改其四至", grid), fmt.Sprintf("grid %s isn't where you plan; you can't say what it borders on", grid))
	}
	if zh, err = typed.Text("zh", "四至", zh, 0, mostSurroundings); err != nil {
		return err
	}
	if en, err = typed.Text("en", "四至（英文）", en, 0, mostSurroundings); err != nil {
		return err
	}
	zh, en = strings.Join(strings.Fields(zh), " "), strings.Join(strings.Fields(en), " ")
	switch {
	case zh == "" && en != "":
		return fault.New(fault.Invalid, "请先写中文四至；英文是它的译文", "say it in Chinese first: the English words are its translation").At("zh")
	case zh == "":
		_, err = tx.Exec(ctx, `DELETE FROM surroundings WHERE county = $1 AND grid = $2`, county, int64(grid))
	default:
		_, err = tx.Exec(ctx, `
			INSERT INTO surroundings (county, grid, zh, en, version, written_by) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (county, grid) DO UPDATE SET zh = excluded.zh, en = excluded.en, version = excluded.version,
				written_at = excluded.written_at, written_by = excluded.written_by`,
			county, int64(grid), zh, en, version, audit.CallerOf(ctx).Name)
	}
	if err != nil {
		return err
	}
	return trail.Write(ctx, tx, audit.Entry{County: int(county), Place: int64(grid), Action: audit.SurroundingsCorrected,
		Subject: "grid:" + grid.String(), Details: map[string]any{"text": zh}})
}
