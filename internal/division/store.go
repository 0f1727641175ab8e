package division

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// Division is one node of the tree.
type Division struct {
	Code            Code
	Name            string
	Residents       int    // the total on record, -1 when there is none
	ResidentsSource string // where that total comes from: "pop_worldpop of boundary.geojson"
	Source          string // where the division comes from: "boundary.geojson/0"
	Polygons        []planar.Polygon
}

// County is the number that keys the tables of the division's county.
func (d Division) County() int { return d.Code.County() }

// Level is the level of the division's code.
func (d Division) Level() Level { return d.Code.Level() }

// Counts says what a Put did.
type Counts struct {
	Added, Changed, Unchanged, Implied int // Implied: parents known by their code alone
}

const columns = `code, name, coalesce(residents, -1), coalesce(residents_source, ''), source, ST_AsBinary(geom)`

// Put stores divisions and the parents that their codes imply, inside the caller's transaction. A division
// that is there already with the same content is left alone, so the same import twice changes nothing. A
// parent not among ds and not in the table gets the name that parentNames has for it, or else its code.
func Put(ctx context.Context, tx pgx.Tx, ds []Division, parentNames map[Code]string) (Counts, error) {
	var n Counts
	if err := putImplied(ctx, tx, ds, parentNames, &n); err != nil {
		return n, err
	}
	ds = append([]Division(nil), ds...)
	sort.Slice(ds, func(i, j int) bool { return ds[i].Code < ds[j].Code }) // parents before children
	for _, d := range ds {
		old, err := Get(ctx, tx, d.Code)
		switch {
		case fault.CodeOf(err) == fault.NotFound:
			n.Added++
		case err != nil:
			return n, err
		case same(old, d):
			n.Unchanged++
			continue
		case old.Source == impliedSource:
			n.Added++
		default:
			n.Changed++
		}
		if err := put(ctx, tx, d); err != nil {
			return n, err
		}
	}
	return n, nil
}

func put(ctx context.Context, tx pgx.Tx, d Division) error {
	var geom []byte
	if len(d.Polygons) > 0 {
		geom = planar.MultiPolygonEWKB(d.Polygons)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO division (code, county, level, parent, name, residents, residents_source, geom, source)
		VALUES ($1, $2, $3, nullif($4, ''), $5, nullif($6, -1), nullif($7, ''), ST_GeomFromEWKB($8), $9)
		ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, residents = EXCLUDED.residents,
			residents_source = EXCLUDED.residents_source, geom = EXCLUDED.geom, source = EXCLUDED.source,
			imported_at = now()`,
		string(d.Code), d.County(), string(d.Level()), string(d.Code.Parent()), d.Name, d.Residents,
		d.ResidentsSource, geom, d.Source)
	if err != nil {
		return fmt.Errorf("storing division %s: %w", d.Code, err)
	}
	return nil
}

// impliedSource marks a parent that no file brought.
const impliedSource = "code"

func putImplied(ctx context.Context, tx pgx.Tx, ds []Division, names map[Code]string, n *Counts) error {
	given := map[Code]bool{}
	for _, d := range ds {
		given[d.Code] = true
	}
	for _, d := range ds {
		for p := d.Code.Parent(); p != "" && !given[p]; p = p.Parent() {
			given[p] = true
			name := names[p]
			tag, err := tx.Exec(ctx, `
				INSERT INTO division (code, county, level, parent, name, source)
				VALUES ($1, $2, $3, nullif($4, ''), $5, $6)
				ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name
				WHERE division.source = $6 AND division.name <> EXCLUDED.name AND $7`,
				string(p), p.County(), string(p.Level()), string(p.Parent()), orCode(name, p), impliedSource, name != "")
			if err != nil {
				return fmt.Errorf("storing division %s: %w", p, err)
			}
			n.Implied += int(tag.RowsAffected())
		}
	}
	return nil
}

func orCode(name string, c Code) string {
	if name != "" {
		return name
	}
	return string(c)
}

func same(a, b Division) bool {
	return a.Code == b.Code && a.Name == b.Name && a.Residents == b.Residents &&
		a.ResidentsSource == b.ResidentsSource && a.Source == b.Source &&
		len(a.Polygons) == len(b.Polygons) &&
		bytes.Equal(planar.MultiPolygonEWKB(a.Polygons), planar.MultiPolygonEWKB(b.Polygons))
}

// Get reads one division. It returns a NotFound fault when there is none of that code.
func Get(ctx context.Context, tx pgx.Tx, code Code) (Division, error) {
	ds, err := query(ctx, tx, `WHERE code = $1`, string(code))
	if err != nil {
		return Division{}, err
	}
	if len(ds) == 0 {
		return Division{}, fault.New(fault.NotFound,
			fmt.Sprintf("没有代码为 %s 的区划；先用 import divisions 导入", code),
			fmt.Sprintf("there is no division with code %s; import it with import divisions", code))
	}
	return ds[0], nil
}

// List reads the children of a division, or the counties when parent is empty, by code.
func List(ctx context.Context, tx pgx.Tx, parent Code) ([]Division, error) {
	return query(ctx, tx, `WHERE parent IS NOT DISTINCT FROM nullif($1, '') ORDER BY code`, string(parent))
}

// Leaves reads the divisions below code, itself included, that have a polygon and no child with one: the
// ground that blocks are made of. An empty code means all.
func Leaves(ctx context.Context, tx pgx.Tx, code Code) ([]Division, error) {
	return query(ctx, tx, `
		WHERE code LIKE $1 || '%' AND geom IS NOT NULL AND NOT EXISTS (
			SELECT FROM division below
			WHERE below.geom IS NOT NULL AND below.code <> division.code AND below.code LIKE division.code || '%')
		ORDER BY code`, string(code))
}

// Groundless reads the divisions below code that have no polygon, and none below them that has: communities that nothing can be
// drawn in. What is known by its code alone, because something below it was imported, isn't among them.
func Groundless(ctx context.Context, tx pgx.Tx, code Code) ([]Division, error) {
	return query(ctx, tx, `
		WHERE code LIKE $1 || '%' AND geom IS NULL AND source <> $2 AND NOT EXISTS (
			SELECT FROM division below WHERE below.code <> division.code AND below.code LIKE division.code || '%')
		ORDER BY code`, string(code), impliedSource)
}

// Drawn reads all divisions that have a polygon, counties first.
func Drawn(ctx context.Context, tx pgx.Tx) ([]Division, error) {
	return query(ctx, tx, `WHERE geom IS NOT NULL ORDER BY length(code), code`)
}

// AtLevel reads the divisions of one level that have a polygon, by code.
func AtLevel(ctx context.Context, tx pgx.Tx, level Level) ([]Division, error) {
	return query(ctx, tx, `WHERE level = $1 AND geom IS NOT NULL ORDER BY code`, string(level))
}

// Ancestors reads the divisions above code, the county first.
func Ancestors(ctx context.Context, tx pgx.Tx, code Code) ([]Division, error) {
	var above []string
	for p := code.Parent(); p != ""; p = p.Parent() {
		above = append(above, string(p))
	}
	return query(ctx, tx, `WHERE code = ANY($1) ORDER BY code`, above)
}

// Search reads at most limit divisions whose code begins with, or whose name contains, what was typed:
// exact matches first, then the higher level.
func Search(ctx context.Context, tx pgx.Tx, typed string, limit int) ([]Division, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" || limit <= 0 {
		return nil, nil
	}
	return query(ctx, tx, `
		WHERE starts_with(code, $1) OR strpos(name, $1) > 0
		ORDER BY (code = $1 OR name = $1) DESC, length(code), code LIMIT $2`, typed, limit)
}

func query(ctx context.Context, tx pgx.Tx, rest string, args ...any) ([]Division, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM division `+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("reading divisions: %w", err)
	}
	ds, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Division, error) {
		var d Division
		var geom []byte
		if err := row.Scan(&d.Code, &d.Name, &d.Residents, &d.ResidentsSource, &d.Source, &geom); err != nil {
			return d, err
		}
		if geom == nil {
			return d, nil
		}
		var err error
		if d.Polygons, err = planar.ParsePolygons(geom); err != nil {
			err = errors.Join(fmt.Errorf("division %s", d.Code), err)
		}
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("reading divisions: %w", err)
	}
	return ds, nil
}
