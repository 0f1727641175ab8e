package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
)

// mergeTable says how a staging table goes into its table.
type mergeTable struct {
	stage, table string
	columns      string // of the row, beside county, source, digest and geom
	same         string // what two features of one shape must share to be one twice
	sources      string // the table in which the same source may stand from an earlier import as something else, "" for none
}

var mergeTables = []mergeTable{
	{"stage_line", "line_feature", "kind, barrier, class, name", "kind", "area_feature"},
	{"stage_area", "area_feature", "kind, barrier, class, name", "kind, class", "line_feature"},
	{"stage_building", "building", "name, use, levels, address, residents", "", "area_feature"},
	{"stage_facility", "facility", "kind, name", "kind", ""}, // a school is ground and a facility
}

// merge moves what was staged into the tables where it differs from what is there.
func (r *reading) merge(ctx context.Context) error {
	s := r.stage
	r.turns.tell(r.repaired)
	r.tellFractions()
	r.tellStrays()
	if err := s.flush(ctx); err != nil {
		return err
	}
	for _, t := range mergeTables {
		if !s.flushed[t.stage] {
			continue
		}
		if err := r.mergeOne(ctx, t); err != nil {
			return fmt.Errorf("merging into %s: %w", t.table, err)
		}
	}
	if err := r.forgetFacilities(ctx); err != nil {
		return fmt.Errorf("forgetting facilities: %w", err)
	}
	if err := r.mergeEntrances(ctx); err != nil {
		return fmt.Errorf("merging into entrance: %w", err)
	}
	return nil
}

func (r *reading) mergeOne(ctx context.Context, t mergeTable) error {
	tx := r.stage.tx
	if _, err := tx.Exec(ctx, "ANALYZE "+t.stage); err != nil {
		return err
	}
	people := "0"
	if t.stage == "stage_building" {
		people = "coalesce(s.residents, 0)"
	}
	if err := r.settleIDs(ctx, t, people); err != nil {
		return err
	}
	partition := "county, shape"
	if t.same != "" {
		partition += ", " + t.same
	}
	err := r.drop(ctx, ofBuildings, `
		WITH twice AS (
			SELECT id, first FROM (
				SELECT ctid AS id, first_value(source) OVER w AS first, row_number() OVER w AS place FROM `+t.stage+`
				WINDOW w AS (PARTITION BY `+partition+` ORDER BY n)) s
			WHERE place > 1)
		DELETE FROM `+t.stage+` s USING twice WHERE s.ctid = twice.id RETURNING s.source, first, `+people, duplicateOf)
	if err != nil {
		return err
	}
	if err := r.dropStored(ctx, t, people); err != nil {
		return err
	}
	if err := r.noteTouched(ctx, t); err != nil {
		return err
	}
	if t.sources != "" {
		_, err := tx.Exec(ctx, `DELETE FROM `+t.sources+` f USING `+t.stage+` s WHERE f.county = s.county AND f.source = s.source`)
		if err != nil {
			return err
		}
	}
	if err := r.warnMoved(ctx, t); err != nil {
		return err
	}
	var sum Tally
	err = tx.QueryRow(ctx, `
		WITH put AS (
			INSERT INTO `+t.table+` AS t (county, source, `+t.columns+`, digest, geom)
			SELECT county, source, `+t.columns+`, digest, ST_GeomFromEWKB(geom) FROM `+t.stage+` ORDER BY n
			ON CONFLICT (county, source) DO UPDATE SET (`+t.columns+`, digest, geom) =
				(SELECT `+excluded(t.columns)+`, EXCLUDED.digest, EXCLUDED.geom)
			WHERE t.digest <> EXCLUDED.digest
			RETURNING xmax = 0 AS new)
		SELECT count(*) FILTER (WHERE new), count(*) FILTER (WHERE NOT new), (SELECT count(*) FROM `+t.stage+`) - count(*)
		FROM put`).Scan(&sum.Added, &sum.Changed, &sum.Unchanged)
	if err != nil {
		return err
	}
	r.report.tally(t.table, sum)
	return nil
}

// warnMoved says so when most features of a file lie elsewhere than what had their ids before: that may be
// another file of the same name, for another town.
func (r *reading) warnMoved(ctx context.Context, t mergeTable) error {
	var moved, all int
	err := r.stage.tx.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE f.digest <> s.digest AND NOT ST_Intersects(f.geom, ST_GeomFromEWKB(s.geom))),
			(SELECT count(*) FROM `+t.stage+`)
		FROM `+t.stage+` s JOIN `+t.table+` f ON f.county = s.county AND f.source = s.source`).Scan(&moved, &all)
	if err != nil || moved == 0 || moved*2 < all {
		return err
	}
	r.repaired("", &note{kindMoved,
		fmt.Sprintf("%d of its %d features lie elsewhere than those that had their ids before; if this is another file of the same name, rename it and import both again", moved, all),
		fmt.Sprintf("%d 个要素（共 %d 个）与库中同编号的要素不在一处；如果这是另一个同名文件，请改名后将两个文件都重新导入", moved, all),
		"they took the others' place", "已替换原有要素"})
	return nil
}

// dropStored drops staged features whose very shape is there already under another id, so that the same
// houses from two sources don't count twice.
func (r *reading) dropStored(ctx context.Context, t mergeTable, people string) error {
	same := "f.geom = ST_GeomFromEWKB(s.geom)"
	switch t.same {
	case "kind":
		same += " AND f.kind = s.kind"
	case "kind, class":
		same += " AND f.kind = s.kind AND f.class = s.class"
	}
	return r.drop(ctx, ofBuildings, `
		DELETE FROM `+t.stage+` s USING `+t.table+` f
		WHERE f.county = s.county AND f.source <> s.source AND `+same+`
			AND NOT EXISTS (SELECT FROM `+t.table+` o WHERE o.county = s.county AND o.source = s.source)
			AND NOT EXISTS (SELECT FROM `+t.stage+` o WHERE o.county = s.county AND o.source = f.source)
		RETURNING s.source, f.source, `+people, duplicateOf)
}

func duplicateOf(first string) *note {
	return &note{kindDuplicate, "it has the very shape of " + first, "与 " + first + " 形状完全相同", "only that one was kept", "只保留后者"}
}

// drop runs a DELETE that returns the sources it dropped, what they were dropped for, and their people of some kind.
func (r *reading) drop(ctx context.Context, of, sql string, why func(string) *note) error {
	rows, err := r.stage.tx.Query(ctx, sql)
	if err != nil {
		return err
	}
	return r.told(rows, of, why)
}

// told reports the rows of a statement: a source, what it is told about, and the people that are now counted twice.
func (r *reading) told(rows pgx.Rows, of string, why func(string) *note) error {
	var source, other string
	var people int
	_, err := pgx.ForEachRow(rows, []any{&source, &other, &people}, func() error {
		r.report.count(of, nowTwice(people))
		r.repaired(source, why(other))
		return nil
	})
	return err
}

func excluded(columns string) string {
	return "EXCLUDED." + strings.ReplaceAll(columns, ", ", ", EXCLUDED.")
}

// mergeEntrances ties entrances to their buildings, by the id that they give, with or without the file's
// name, or else by standing at one. Those whose building isn't there yet are kept for later.
func (r *reading) mergeEntrances(ctx context.Context) error {
	tx := r.stage.tx
	if !r.stage.flushed["stage_building"] && !r.stage.flushed["stage_entrance"] {
		return nil
	}
	if _, err := tx.Exec(ctx, tieEntrances); err != nil {
		return err
	}
	if err := r.keepLate(ctx); err != nil {
		return err
	}
	if err := r.settleRefs(ctx); err != nil {
		return err
	}
	err := r.drop(ctx, ofEntrances, `
		DELETE FROM tied_entrance WHERE ctid IN (
			SELECT ctid FROM (
				SELECT ctid, row_number() OVER (PARTITION BY county, building, ref ORDER BY n) AS place FROM tied_entrance) s
			WHERE place > 1)
		RETURNING source, ref, coalesce(residents, 0)`, func(ref string) *note {
		return &note{kindSameRef, "its building has another entrance " + ref, "同一栋楼已有单元 " + ref, "the first was kept", "保留第一个"}
	})
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, dropGone); err != nil {
		return err
	}
	var sum Tally
	err = tx.QueryRow(ctx, `
		WITH put AS (
			INSERT INTO entrance AS t (county, building, ref, residents, geom)
			SELECT county, building, ref, residents, geom FROM tied_entrance ORDER BY n
			ON CONFLICT (county, building, ref) DO UPDATE SET residents = EXCLUDED.residents, geom = EXCLUDED.geom
			WHERE t.residents IS DISTINCT FROM EXCLUDED.residents OR NOT t.geom = EXCLUDED.geom
			RETURNING xmax = 0 AS new)
		SELECT count(*) FILTER (WHERE new), count(*) FILTER (WHERE NOT new), (SELECT count(*) FROM tied_entrance) - count(*)
		FROM put`).Scan(&sum.Added, &sum.Changed, &sum.Unchanged)
	if err != nil {
		return err
	}
	r.report.tally("entrance", sum)
	return nil
}

// tieEntrances finds each entrance's building: of several under one id (settleIDs) the nearest. One that names no
// building belongs to the nearest within a metre (1e-5 degree).
const tieEntrances = `
CREATE TEMP TABLE tied_entrance ON COMMIT DROP AS
WITH named AS (
	SELECT e.*, b.id, b.geom AS outline, b.source AS found FROM stage_entrance e
		JOIN building b ON b.county = e.county AND b.source = e.building
	UNION ALL
	SELECT e.*, b.id, b.geom, b.source FROM stage_entrance e
		JOIN building b ON b.county = e.county AND substr(b.source, strpos(b.source, '/') + 1) = e.building
	UNION ALL
	SELECT e.*, b.id, b.geom, e.building FROM stage_entrance e
		JOIN building b ON b.county = e.county AND strpos(b.source, '~') > 0 AND split_part(b.source, '~', 1) = e.building
	UNION ALL
	SELECT e.*, b.id, b.geom, b.source FROM stage_entrance e
		JOIN building b ON b.county = e.county AND strpos(b.source, '~') > 0
			AND split_part(substr(b.source, strpos(b.source, '/') + 1), '~', 1) = e.building)
SELECT DISTINCT ON (n) county, n, source, ref, residents, ST_GeomFromEWKB(geom) AS geom, id AS building
FROM named WHERE building <> ''
ORDER BY n, (found = building) DESC, ST_Distance(outline, ST_GeomFromEWKB(geom)), found;
INSERT INTO tied_entrance
SELECT DISTINCT ON (e.n) e.county, e.n, e.source, e.ref, e.residents, ST_GeomFromEWKB(e.geom), b.id
FROM stage_entrance e CROSS JOIN LATERAL (
	SELECT id FROM building
	WHERE county = e.county AND ST_DWithin(geom, ST_GeomFromEWKB(e.geom), 0.00001)
	ORDER BY ST_Distance(geom, ST_GeomFromEWKB(e.geom)), id LIMIT 1) b
WHERE e.building = '' ORDER BY e.n, e.county;`

// dropGone takes from a building whose source keeps its entrances with it those that the source no longer has.
const dropGone = `
DELETE FROM entrance e USING building b, stage_building s
WHERE s.whole AND b.county = s.county AND b.source = s.source AND e.county = b.county AND e.building = b.id
	AND NOT EXISTS (SELECT FROM tied_entrance n WHERE n.county = e.county AND n.building = e.building AND n.ref = e.ref)`

// keepLate notes the entrances that found no building.
func (r *reading) keepLate(ctx context.Context) error {
	rows, err := r.stage.tx.Query(ctx, `
		SELECT array_agg(county ORDER BY county), source, building, ref, coalesce(residents, -1), ST_X(p), ST_Y(p)
		FROM (SELECT *, ST_GeomFromEWKB(geom) AS p FROM stage_entrance) s
		WHERE NOT EXISTS (SELECT FROM tied_entrance t WHERE t.n = s.n)
		GROUP BY n, source, building, ref, residents, p ORDER BY n`)
	if err != nil {
		return err
	}
	var l stagedEntrance
	var lon, lat float64
	_, err = pgx.ForEachRow(rows, []any{&l.counties, &l.source, &l.building, &l.e.Ref, &l.e.People, &lon, &lat}, func() error {
		l.e.At = planar.FromDegrees(lon, lat)
		l.counties = slices.Clone(l.counties)
		r.stage.late = append(r.stage.late, l)
		return nil
	})
	return err
}

// noBuilding says why an entrance was refused, whom it holds, and what to do.
func noBuilding(e stagedEntrance) *note {
	n := refuse(kindNoBuilding, "一米内没有楼栋", "there is no building within a metre of it")
	if e.building != "" {
		n = refuse(kindNoBuilding, fmt.Sprintf("它的楼栋 %.60q 不在库中", e.building), fmt.Sprintf("its building %.60q isn't there", e.building))
	}
	if e.e.People > 0 {
		n.whatZH += fmt.Sprintf("，登记的 %d 人无处安放", e.e.People)
		n.what += fmt.Sprintf(", and its %d residents have no place", e.e.People)
	}
	n.doneZH = "拒收；请导入其楼栋，或更正属性 building 中的楼栋编号后重新导入本文件"
	n.done = "refused; import its building, or correct the id in its property building, and import this file again"
	return n
}
