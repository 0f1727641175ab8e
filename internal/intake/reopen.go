package intake

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/register"
)

// Reopened is what became of the rows that had gone in by an address when it was reopened.
type Reopened struct {
	Back  int         // wait for it again: who came by them isn't on record any more, and what they proposed isn't proposed
	Stay  int         // remain: something has happened to who came by them, or somebody has decided about what they proposed
	House register.ID // where it was placed; zero for one that wasn't
}

// Reopen takes back that an address was closed or placed: files aren't read by it any more. Who came in by the placing is taken out again, each by undoing the
// act by which they came, unless something has happened to them since; their rows wait as they did.
//
// Faults: NotFound; Conflict when a row went in by it at this moment.
func (in *Intake) Reopen(ctx context.Context, tx pgx.Tx, id register.ID) (out Reopened, err error) {
	jobs, err := in.holdTaken(ctx, tx, id)
	if err != nil {
		return out, err
	}
	a, err := in.address(ctx, tx, id, " FOR UPDATE")
	if err != nil || a.state == "open" {
		return out, err
	}
	if a.state == "placed" {
		out.House = register.ID{County: id.County, Number: a.house}
		if err := in.takeBack(ctx, tx, id, jobs, &out); err != nil {
			return out, err
		}
	}
	if err := decide(ctx, tx, id, "open", 0); err != nil {
		return out, err
	}
	return out, in.noteDecision(ctx, tx, id, a.division, map[string]any{"state": "open", "was": a.state, "back": out.Back, "stay": out.Stay})
}

// holdTaken holds the imports whose rows went in by an address: before the address, as a running one does.
func (in *Intake) holdTaken(ctx context.Context, tx pgx.Tx, id register.ID) (map[int64]*Job, error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT job FROM unplaced_row WHERE county = $1 AND address = $2 AND taken ORDER BY job`, id.County, id.Number)
	if err != nil {
		return nil, err
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, err
	}
	jobs := make(map[int64]*Job, len(numbers))
	for _, n := range numbers {
		if jobs[n], err = in.lock(ctx, tx, ID{id.County, n}); err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

// takenRow is a row that went in by an address, and what became of it: by an act, or as a proposal that nobody has decided about.
type takenRow struct {
	job       int64
	part      int
	line      int32
	became    string
	act       int64
	proposal  int64
	returning bool
}

// takeBack takes the rows of a placed address out again, the last first: who came first may have what the others came into.
func (in *Intake) takeBack(ctx context.Context, tx pgx.Tx, id register.ID, jobs map[int64]*Job, out *Reopened) error {
	rows, err := tx.Query(ctx, `
		SELECT r.job, r.part, r.line, coalesce(r.became, ''), coalesce(r.act, 0), coalesce(p.id, 0) FROM unplaced_row r JOIN unplaced_address a ON a.county = r.county AND a.id = r.address
		LEFT JOIN proposal p ON p.county = r.county AND p.job = r.job AND p.line = r.line AND p.state = 'open' AND p.house = a.house
		WHERE r.county = $1 AND r.address = $2 AND r.taken ORDER BY r.act DESC NULLS LAST, r.job, r.line`, id.County, id.Number)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t takenRow, err error) {
		return t, row.Scan(&t.job, &t.part, &t.line, &t.became, &t.act, &t.proposal)
	})
	if err != nil {
		return err
	}
	became := map[int64]Tally{} // by import: what they are fewer of
	for i := range all {
		t := &all[i]
		if jobs[t.job] == nil {
			return fault.New(fault.Conflict, "正在导入的文件中也有这个地址，请稍候再试", "a file that is being imported has this address as well; try again in a moment")
		}
		fewer := became[t.job]
		switch {
		case t.act != 0:
			t.returning, err = in.Book.TakeBack(ctx, tx, register.ID{County: id.County, Number: t.act})
			fewer.Accepted += one(t.returning)
		case t.proposal != 0:
			t.returning, err = in.withdraw(ctx, tx, id.County, t.proposal)
			fewer.Proposed += one(t.returning)
		case t.became == "same": // it changed nothing, and may mean something elsewhere
			t.returning = true
			fewer.Same++
		}
		if err != nil {
			return err
		}
		became[t.job] = fewer
		out.Back += one(t.returning)
		out.Stay += one(!t.returning)
	}
	for number, job := range jobs {
		if err := in.waitAgain(ctx, tx, job, number, all, became[number]); err != nil {
			return err
		}
	}
	return nil
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// withdraw drops a proposal that nobody has decided about.
func (in *Intake) withdraw(ctx context.Context, tx pgx.Tx, county int32, proposal int64) (bool, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM proposal WHERE county = $1 AND id = $2 AND state = 'open'`, county, proposal)
	return err == nil && tag.RowsAffected() > 0, err
}

// waitAgain makes rejects of the rows of an import that wait again, and counts them.
func (in *Intake) waitAgain(ctx context.Context, tx pgx.Tx, j *Job, number int64, all []takenRow, fewer Tally) error {
	var lines, parts []int32
	for _, t := range all {
		if t.job == number && t.returning {
			lines, parts = append(lines, t.line), append(parts, int32(t.part))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	problems, err := json.Marshal([]Problem{{newLayout(j.Kind, j.Columns, j.Mapping, nil).column("address"), NoAddress, noHouseZH, noHouseEN}})
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO intake_reject (county, job, line, part, problems) SELECT $1, $2, l.line, l.part, $5::text::jsonb FROM unnest($3::int[], $4::int[]) AS l (line, part)`,
		j.ID.County, number, lines, parts, string(problems)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE unplaced_row SET taken = false, became = NULL, act = NULL WHERE county = $1 AND job = $2 AND line = ANY ($3)`, j.ID.County, number, lines); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE intake_job SET accepted = accepted - $3, same = same - $4, proposed = proposed - $5, rejected = rejected + $6 WHERE county = $1 AND id = $2`,
		j.ID.County, number, fewer.Accepted, fewer.Same, fewer.Proposed, len(lines))
	return err
}
