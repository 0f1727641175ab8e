package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/address"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// errOthersWait says that other rows wait for an address than were checked.
var errOthersWait = errors.New("intake: other rows wait for the address now")

// waiting are rows of one part of an import that wait for an address, checked with its house.
type waiting struct {
	job   ID
	part  int
	lines []int32
	batch batch
}

// Place says which house an address means. It is remembered, and the rows that wait for it go in as rows of their imports: what becomes of them is
// counted there, and given here. All of it happens, or nothing.
//
// Faults: NotFound; Conflict when somebody else decided otherwise; Invalid for a house outside of what the address's file was for; Forbidden for one
// where the actor doesn't keep the register.
func (in *Intake) Place(ctx context.Context, id register.ID, house register.ID) (Tally, error) {
	return in.placing(ctx, id, house.Number)
}

// placing places an address, at the house that it is placed at already for 0, and takes in what waits for it. It begins anew when rows came to it meanwhile.
func (in *Intake) placing(ctx context.Context, id register.ID, house int64) (became Tally, err error) {
	for try := range 5 {
		became, err = in.placeOnce(ctx, id, house)
		if !again(err) && !errors.Is(err, errOthersWait) {
			return became, err
		}
		select {
		case <-time.After(time.Duration(20<<try) * time.Millisecond):
		case <-ctx.Done():
			return became, ctx.Err()
		}
	}
	return became, fault.Wrap(err, fault.Conflict, "正在导入的文件中不断有这个地址，请稍候再试", "a file that is being imported brings this address again and again; try again in a moment")
}

// placed is an address with what stands of it.
type placed struct {
	state, division, text string
	house                 int64
}

func (in *Intake) placeOnce(ctx context.Context, id register.ID, house int64) (became Tally, err error) {
	var a *placed
	var all []*waiting
	err = postgres.Snapshot(ctx, in.DB, func(tx pgx.Tx) (err error) {
		if a, err = in.address(ctx, tx, id, ""); err != nil {
			return err
		}
		if house == 0 {
			house = a.house
		}
		if err := in.mayLie(ctx, tx, id.County, a.division, house); err != nil {
			return err
		}
		all, err = waitingFor(ctx, tx, id)
		return err
	})
	if err != nil {
		return became, err
	}
	if err := in.checkWaiting(ctx, id.County, all, address.Folded(a.text), house); err != nil {
		return became, err
	}
	err = postgres.InTx(ctx, in.DB, func(tx pgx.Tx) error {
		became = Tally{}
		if err := in.hold(ctx, tx, id, house, all); err != nil {
			return err
		}
		for _, w := range all {
			r, err := applyOrSplit(ctx, tx, w.batch)
			if err != nil {
				return err
			}
			if r.sum() != len(w.lines) {
				return fault.New(fault.Internal, fmt.Sprintf("%d 行在等待，有结果的却是 %d 行", len(w.lines), r.sum()), fmt.Sprintf("%d rows wait, and something became of %d", len(w.lines), r.sum()))
			}
			became.add(r.Tally)
			if err := in.moveOn(ctx, tx, w, r); err != nil {
				return err
			}
		}
		return in.noteDecision(ctx, tx, id, a.division, map[string]any{"state": "placed", "house": register.ID{County: id.County, Number: house}.String(),
			"accepted": became.Accepted, "same": became.Same, "proposed": became.Proposed, "rejected": became.Rejected})
	})
	return became, err
}

// address reads an entry, and holds it for " FOR UPDATE".
func (in *Intake) address(ctx context.Context, tx pgx.Tx, id register.ID, lock string) (*placed, error) {
	a := new(placed)
	var sealed []byte
	err := tx.QueryRow(ctx, `SELECT state, division, content, coalesce(house, 0) FROM unplaced_address WHERE county = $1 AND id = $2`+lock, id.County, id.Number).
		Scan(&a.state, &a.division, &sealed, &a.house)
	if err == pgx.ErrNoRows {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("没有待定位地址 %s，或者不在您的导入范围内", id), fmt.Sprintf("there is no address %s to be placed, or none where you may import", id))
	}
	if err != nil {
		return nil, err
	}
	text, err := in.Book.Vault.Open(sealed, aboutAddress(id.County, id.Number))
	a.text = string(text)
	return a, err
}

// mayLie checks that an address may mean a house: one that is there, of the ground that its file was for, where the actor keeps the register.
func (in *Intake) mayLie(ctx context.Context, tx pgx.Tx, county int32, division string, house int64) error {
	refs, err := in.Book.RefsOf(ctx, tx, county, []int64{house})
	if err != nil {
		return err
	}
	ref, there := refs[house]
	ground := postgres.GroundOf(division)[0]
	switch {
	case !there:
		return invalid("没有这套房屋", "there is no such house").At("house")
	case ref.Ground < ground.Low || ref.Ground > ground.High:
		return invalid("这套房屋不在文件的范围之内", "the house isn't on the ground that the file was for").At("house")
	case !postgres.ActorOf(ctx).Scope[access.KeepRegister].Covers(ref.Ground):
		return fault.New(fault.Forbidden, "您无权登记那里的房屋与居民", "you don't keep the register there").At("house")
	}
	return nil
}

// waitingFor are the rows that wait for an address, by import and part.
func waitingFor(ctx context.Context, tx pgx.Tx, id register.ID) (all []*waiting, err error) {
	rows, err := tx.Query(ctx, `SELECT job, part, line FROM unplaced_row WHERE county = $1 AND address = $2 AND NOT taken ORDER BY job, part, line`, id.County, id.Number)
	if err != nil {
		return nil, err
	}
	var job int64
	var part int
	var line int32
	_, err = pgx.ForEachRow(rows, []any{&job, &part, &line}, func() error {
		if n := len(all); n == 0 || all[n-1].job.Number != job || all[n-1].part != part {
			all = append(all, &waiting{job: ID{id.County, job}, part: part})
		}
		w := all[len(all)-1]
		w.lines = append(w.lines, line)
		return nil
	})
	return all, err
}

// checkWaiting reads the rows as they came and checks them as their import did, but that the address leads to the house.
func (in *Intake) checkWaiting(ctx context.Context, county int32, all []*waiting, folded string, house int64) error {
	takers := map[ID]*residentTaker{}
	for _, w := range all {
		if takers[w.job] == nil {
			var j *Job
			err := postgres.Snapshot(ctx, in.DB, func(tx pgx.Tx) (err error) { j, err = in.Get(ctx, tx, w.job); return err })
			if err != nil {
				return err
			}
			if takers[w.job], err = newResidentTaker(ctx, in, j); err != nil {
				return err
			}
			takers[w.job].given = map[string]int64{folded: house}
		}
		rows, err := in.part(ctx, w.job, w.part)
		if err != nil {
			return err
		}
		rows = slices.DeleteFunc(rows, func(r Row) bool { return !slices.Contains(w.lines, int32(r.Line)) })
		if w.batch, err = takers[w.job].check(ctx, rows); err != nil {
			return err
		}
	}
	return nil
}

// hold places an address in the transaction, and sees to it that nothing but the rows that were checked waits for it. Imports are held before addresses, as
// a running one does.
func (in *Intake) hold(ctx context.Context, tx pgx.Tx, id register.ID, house int64, checked []*waiting) error {
	for i, w := range checked {
		if i > 0 && checked[i-1].job == w.job {
			continue
		}
		if _, err := in.lock(ctx, tx, w.job); err != nil {
			return err
		}
	}
	a, err := in.address(ctx, tx, id, " FOR UPDATE")
	if err != nil {
		return err
	}
	if a.state == "closed" || a.state == "placed" && a.house != house {
		return decidedOtherwise()
	}
	now, err := waitingFor(ctx, tx, id)
	if err != nil {
		return err
	}
	if !slices.EqualFunc(now, checked, func(x, y *waiting) bool { return x.job == y.job && x.part == y.part && slices.Equal(x.lines, y.lines) }) {
		return errOthersWait
	}
	if a.state == "placed" {
		return nil
	}
	return decide(ctx, tx, id, "placed", house)
}

// decide writes what became of an address.
func decide(ctx context.Context, tx pgx.Tx, id register.ID, state string, house int64) error {
	_, err := tx.Exec(ctx, `UPDATE unplaced_address SET state = $3, house = nullif($4, 0), decided_by = CASE $3 WHEN 'open' THEN '' ELSE $5 END,
		decided_at = CASE $3 WHEN 'open' THEN NULL ELSE now() END WHERE county = $1 AND id = $2`, id.County, id.Number, state, house, audit.CallerOf(ctx).Name)
	return err
}

// moveOn takes rows that went in out of the rejects, and those that are still wrong out of the waiting, and counts both.
func (in *Intake) moveOn(ctx context.Context, tx pgx.Tx, w *waiting, r *result) error {
	var still []int32
	for _, reject := range r.rejects {
		text, err := json.Marshal(reject.problems)
		if err != nil {
			return err
		}
		still = append(still, int32(reject.line))
		if _, err := tx.Exec(ctx, `UPDATE intake_reject SET problems = $4::text::jsonb WHERE county = $1 AND job = $2 AND line = $3`, w.job.County, w.job.Number, reject.line, string(text)); err != nil {
			return err
		}
	}
	went := slices.DeleteFunc(slices.Clone(w.lines), func(line int32) bool { return slices.Contains(still, line) })
	for _, step := range []struct {
		sql   string
		lines []int32
	}{
		{`DELETE FROM unplaced_row WHERE county = $1 AND job = $2 AND line = ANY ($3)`, still},
		{`UPDATE unplaced_row SET taken = true WHERE county = $1 AND job = $2 AND line = ANY ($3)`, went},
		{`DELETE FROM intake_reject WHERE county = $1 AND job = $2 AND line = ANY ($3)`, went},
	} {
		if _, err := tx.Exec(ctx, step.sql, w.job.County, w.job.Number, step.lines); err != nil {
			return err
		}
	}
	if err := in.propose(ctx, tx, w.job, r.proposals); err != nil {
		return err
	}
	if len(r.came) > 0 {
		lines, becames, acts := make([]int32, len(r.came)), make([]string, len(r.came)), make([]int64, len(r.came))
		for i, c := range r.came {
			lines[i], becames[i], acts[i] = c.line, c.became, c.act
		}
		_, err := tx.Exec(ctx, `UPDATE unplaced_row u SET became = c.became, act = nullif(c.act, 0) FROM unnest($3::int[], $4::text[], $5::bigint[]) AS c (line, became, act)
			WHERE u.county = $1 AND u.job = $2 AND u.line = c.line`, w.job.County, w.job.Number, lines, becames, acts)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE intake_job SET accepted = accepted + $3, same = same + $4, proposed = proposed + $5, rejected = rejected - $6 WHERE county = $1 AND id = $2`,
		w.job.County, w.job.Number, r.Accepted, r.Same, r.Proposed, len(went))
	return err
}

// Close says that an address is none here: it isn't asked about again.
//
// Faults: NotFound; Conflict when somebody else decided otherwise.
func (in *Intake) Close(ctx context.Context, tx pgx.Tx, id register.ID) error {
	a, err := in.address(ctx, tx, id, " FOR UPDATE")
	switch {
	case err != nil || a.state == "closed":
		return err
	case a.state == "placed":
		return decidedOtherwise()
	}
	if err := decide(ctx, tx, id, "closed", 0); err != nil {
		return err
	}
	return in.noteDecision(ctx, tx, id, a.division, map[string]any{"state": "closed"})
}

func (in *Intake) noteDecision(ctx context.Context, tx pgx.Tx, id register.ID, division string, details map[string]any) error {
	return in.Book.Trail.Write(ctx, tx, audit.Entry{County: int(id.County), Place: postgres.GroundOf(division)[0].Low, Action: audit.AddressPlaced, Subject: "address:" + id.String(), Details: details})
}

func decidedOtherwise() error {
	return fault.New(fault.Conflict, "这个地址已由他人处理", "somebody else has decided about this address")
}
