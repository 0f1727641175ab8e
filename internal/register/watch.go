package register

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/mask"
	"jingwei/internal/postgres"
)

// Watched is somebody who is looked after, or is to be visited, with the last visit and the next.
type Watched struct {
	Resident ID
	Name     string // masked, as in every list of many
	Born     *time.Time
	Care     []string
	House    ID
	Address  string
	Grid     int64
	Visited  *time.Time // the last visit, nil: none
	Due      *Visit     // the next one to be made, nil: none
	Overdue  bool
}

// WatchFilter says which part of the watch list is wanted.
type WatchFilter struct {
	Within  string // code of a division or a grid
	Kind    string // of care; "": all
	Overdue bool   // those alone whose visit should have been made
	Skip    int    // so many of the list come before this page
	Limit   int
}

// WatchCount is how many are under a kind of care, or with kind "" on the list at all.
type WatchCount struct {
	Kind    string
	People  int
	Overdue int // whose visit should have been made
	Soon    int // who are to be visited in the next seven days, today among them
}

// watchList are those on the list in $1 county, grids $2 to $3: who is looked after or to be visited, lives, and lives there. It begins with the rows of care
// and visits, which are few, and looks each of them up by itself (OFFSET 0): left to itself the planner, who knows nothing of scopes, goes through all people
// of a county. Rows of a community hold which it is, so that a house is asked for its grid only where a part of a community is wanted.
const watchList = `
	WITH people AS (
		SELECT resident AS id, coalesce(array_agg(kind ORDER BY kind) FILTER (WHERE kind IS NOT NULL), '{}') AS care, max(done) AS visited, min(due) AS due,
			coalesce(min(due) < current_date, false) AS overdue
		FROM (
			SELECT c.resident, c.kind, NULL::date AS done, NULL::date AS due FROM care c
			WHERE c.county = $1 AND c.ground BETWEEN $2::bigint / 1000 * 1000 AND $3::bigint
			UNION ALL
			SELECT v.resident, NULL, v.done, CASE WHEN v.done IS NULL THEN v.due END FROM visit v
			WHERE v.county = $1 AND v.ground BETWEEN $2::bigint / 1000 * 1000 AND $3::bigint) x
		GROUP BY resident HAVING count(kind) > 0 OR min(due) IS NOT NULL)`

// watchedOne is somebody of the list p, if they live there.
const watchedOne = `
	LATERAL (
		SELECT r.name, r.born, r.house FROM resident r
		WHERE r.county = $1 AND r.id = p.id AND r.died IS NULL
		  AND EXISTS (SELECT FROM residency x WHERE x.county = r.county AND x.resident = r.id AND x.until IS NULL)
		  AND ($2::bigint % 1000 = 0 AND $3::bigint % 1000 = 999 OR EXISTS (
			SELECT FROM house h JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block
			WHERE h.county = r.county AND h.id = r.house AND gb.grid BETWEEN $2 AND $3))
		OFFSET 0) r`

// watchGround is the range of grids of a code, as far as the actor sees the register there: who has one grid doesn't ask of every row of the county whether it is theirs.
func watchGround(ctx context.Context, code string) (county int32, ground postgres.Range, err error) {
	all := postgres.GroundOf(code)
	if len(all) == 0 {
		return 0, ground, fault.New(fault.Invalid, "请给出区划或网格编码", "give the code of a division or a grid").At("division")
	}
	wanted := all[0]
	low, high := wanted.High, wanted.Low
	for _, r := range postgres.ActorOf(ctx).Scope[access.ReadRegister] {
		if r.High >= wanted.Low && r.Low <= wanted.High {
			low, high = min(low, max(r.Low, wanted.Low)), max(high, min(r.High, wanted.High))
		}
	}
	if low > high { // none of it
		low, high = wanted.Low, wanted.Low-1
	}
	wanted = postgres.Range{Low: low, High: high}
	return int32(wanted.Low / 1e9), wanted, nil
}

// Watch is a page of the watch list, those first whose visit has been due longest, then those who were visited longest ago. It is written into the trail:
// tx can write.
//
// Faults: Invalid for a code that is none; Unavailable when a name can't be opened.
func (b *Book) Watch(ctx context.Context, tx pgx.Tx, f WatchFilter) (list []Watched, more bool, err error) {
	county, ground, err := watchGround(ctx, f.Within)
	if err != nil {
		return nil, false, err
	}
	rows, err := tx.Query(ctx, watchList+`
		SELECT p.id, r.name, r.born, r.house, h.address, gb.grid, p.care, p.visited, n.id, coalesce(n.reason, ''), n.due, p.overdue
		FROM (SELECT * FROM people WHERE ($4 = '' OR $4 = ANY (care)) AND (NOT $5 OR overdue) ORDER BY due NULLS LAST, visited NULLS FIRST, id) p
		CROSS JOIN `+watchedOne+`
		JOIN house h ON h.county = $1 AND h.id = r.house JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block
		LEFT JOIN LATERAL (SELECT v.id, v.reason, v.due FROM visit v WHERE v.county = $1 AND v.resident = p.id AND v.done IS NULL ORDER BY v.due, v.id LIMIT 1) n ON p.due IS NOT NULL
		ORDER BY p.due NULLS LAST, p.visited NULLS FIRST, p.id LIMIT $6 OFFSET $7`,
		county, ground.Low, ground.High, f.Kind, f.Overdue, f.Limit+1, f.Skip)
	if err != nil {
		return nil, false, err
	}
	list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (w Watched, err error) {
		var name []byte
		var visit *int64
		var next Visit
		var due *time.Time
		w.Resident.County, w.House.County = county, county
		err = row.Scan(&w.Resident.Number, &name, &w.Born, &w.House.Number, &w.Address, &w.Grid, &w.Care, &w.Visited, &visit, &next.Reason, &due, &w.Overdue)
		if err != nil {
			return w, err
		}
		if visit != nil {
			next.ID, next.Due = ID{county, *visit}, *due
			w.Due = &next
		}
		w.Name, err = b.open(county, w.Resident.Number, namePurpose, name)
		w.Name = mask.Name(w.Name)
		return w, err
	})
	if err != nil {
		return nil, false, err
	}
	if more = len(list) > f.Limit; more {
		list = list[:f.Limit]
	}
	return list, more, b.Trail.Write(ctx, tx, audit.Entry{County: int(county), Place: ground.Low, Action: audit.ResidentSought, Details: map[string]any{"by": "watch", "found": len(list)}})
}

// WatchCounts are how many are on the watch list of a division or a grid: first all of them, then by the kinds that somebody is under. Fault: Invalid.
func (b *Book) WatchCounts(ctx context.Context, tx pgx.Tx, within string) ([]WatchCount, error) {
	county, ground, err := watchGround(ctx, within)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, watchList+`
		SELECT k.kind, count(p.id), count(p.id) FILTER (WHERE p.overdue), count(p.id) FILTER (WHERE p.due BETWEEN current_date AND current_date + 6)
		FROM people p CROSS JOIN `+watchedOne+` CROSS JOIN LATERAL (SELECT '' AS kind UNION ALL SELECT unnest(p.care)) k GROUP BY k.kind ORDER BY k.kind`, county, ground.Low, ground.High)
	if err != nil {
		return nil, err
	}
	counts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[WatchCount])
	if len(counts) == 0 {
		counts = []WatchCount{{}}
	}
	return counts, err
}
