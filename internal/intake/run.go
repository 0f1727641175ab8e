package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// errStopped ends a run when the job isn't to be run any more: it was paused, or another node has it.
var errStopped = errors.New("intake: the job isn't running")

// errSlow ends a transaction that has waited too long for the one before: what it holds may be what that waits for, by way of somebody else's.
var errSlow = errors.New("intake: the part before takes too long")

const (
	lanes    = 2               // parts that are written at the same time
	patience = 3 * time.Second // how long a part that was written ahead waits for the one before
)

// checkedPart is a part on its way from the database, checked, into the register.
type checkedPart struct {
	part, rows    int
	ahead, rest   batch
	before, after chan struct{} // closed when the part before, and this one, are in the register
	late          []register.ID // addresses that were placed after its rows were checked
}

// partOf is a part with its rows checked, after another; nil is the first.
func partOf(number, rows int, b batch, last *checkedPart) *checkedPart {
	c := &checkedPart{part: number, rows: rows, after: make(chan struct{})}
	c.ahead, c.rest = partsOf(b)
	if last != nil {
		c.before = last.after
		return c
	}
	c.before = make(chan struct{})
	close(c.before)
	return c
}

// turn waits until the part before is in the register, at most so long; 0 is as long as it takes.
func (c *checkedPart) turn(ctx context.Context, most time.Duration) error {
	var over <-chan time.Time
	if most > 0 {
		over = time.After(most)
	}
	select {
	case <-c.before:
		return nil
	case <-over:
		return errSlow
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run works on an import that is running, as the actor, until it is through or somebody pauses it; one node at a time. What it was told to do before and
// was broken off goes on where it was. tell hears how far it is after each part.
//
// Faults: Forbidden when the actor may not import onto all of the job's division; what stops it is noted in the job.
func (in *Intake) Run(ctx context.Context, id ID, tell func(*Job)) error {
	conn, err := in.DB.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	// The lock is the connection's: a process that is killed loses it with that.
	var mine bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtext('jingwei.intake'), $1)`, int32(id.Number)).Scan(&mine); err != nil || !mine {
		return err
	}
	defer func() {
		_, _ = conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(hashtext('jingwei.intake'), $1)`, int32(id.Number))
	}()
	var j *Job
	if err := postgres.Snapshot(ctx, in.DB, func(tx pgx.Tx) error { j, err = in.Get(ctx, tx, id); return err }); err != nil {
		if fault.CodeOf(err) == fault.NotFound {
			err = fault.New(fault.Forbidden, "启动导入的账号已无权向那里导入", "the account that started the import may not import there any more")
			in.fail(ctx, id, err)
		}
		return err
	}
	if j.State != Running {
		return nil
	}
	err = in.work(ctx, j, tell)
	switch {
	case errors.Is(err, errStopped), ctx.Err() != nil:
		return nil // it is as it was left
	case err != nil:
		in.fail(ctx, id, err)
	}
	return err
}

func (in *Intake) work(ctx context.Context, j *Job, tell func(*Job)) error {
	if _, err := in.mayBring(ctx, j.Division); err != nil {
		return err
	}
	t, err := in.taker(ctx, j)
	if err != nil {
		return err
	}
	for part := range j.NextPart {
		rows, err := in.part(ctx, j.ID, part)
		if err != nil {
			return err
		}
		t.remember(rows)
	}
	checked := make(chan *checkedPart, 1)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(checked)
		var c *checkedPart
		for part := j.NextPart; part < j.Parts; part++ {
			rows, err := in.part(ctx, j.ID, part)
			if err != nil {
				return in.unlessStopped(ctx, j.ID, err)
			}
			b, err := t.check(ctx, rows)
			if err != nil {
				return err
			}
			c = partOf(part, len(rows), b, c)
			select {
			case checked <- c:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range lanes {
		g.Go(func() error {
			for c := range checked {
				if err := in.pass(ctx, j, c, tell); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// unlessStopped is what went wrong, or errStopped where somebody stopped the import: one that is cancelled loses its parts while they are read ahead.
func (in *Intake) unlessStopped(ctx context.Context, id ID, failed error) error {
	var now *Job
	err := postgres.Snapshot(ctx, in.DB, func(tx pgx.Tx) (err error) { now, err = in.Get(ctx, tx, id); return err })
	if err == nil && now.State != Running {
		return errStopped
	}
	return failed
}

// pass takes a part, tells of it before the next one can, and then places whose addresses were placed meanwhile.
func (in *Intake) pass(ctx context.Context, j *Job, c *checkedPart, tell func(*Job)) error {
	now, err := in.take(ctx, j, c)
	if err != nil {
		return err
	}
	if tell != nil {
		tell(now)
	}
	close(c.after)
	for _, address := range c.late {
		if _, err := in.placing(ctx, address, 0); err != nil && !errors.As(err, new(*fault.Error)) {
			return err // a fault is that somebody decided otherwise meanwhile: the rows wait
		}
	}
	return nil
}

func (in *Intake) taker(ctx context.Context, j *Job) (taker, error) {
	switch j.Kind {
	case Houses:
		return newHouseTaker(ctx, in, j)
	case Organisations:
		return newOrganisationTaker(ctx, in, j)
	case Facilities:
		return newFacilityTaker(ctx, in, j)
	case Vehicles:
		return newVehicleTaker(ctx, in, j)
	}
	return newResidentTaker(ctx, in, j)
}

// part reads rows as they came.
func (in *Intake) part(ctx context.Context, id ID, part int) (rows []Row, err error) {
	var content []byte
	err = postgres.Snapshot(ctx, in.DB, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT content FROM intake_part WHERE county = $1 AND job = $2 AND part = $3`, id.County, id.Number, part).Scan(&content)
	})
	if err == pgx.ErrNoRows {
		return nil, fault.New(fault.Internal, fmt.Sprintf("文件的第 %d 部分已不在", part+1), fmt.Sprintf("part %d of the file isn't there any more", part+1))
	}
	if err != nil {
		return nil, err
	}
	return in.unseal(id, part, content)
}

func (in *Intake) unseal(id ID, part int, content []byte) ([]Row, error) {
	packed, err := in.Book.Vault.Open(content, aboutPart(id.County, id.Number, int32(part)))
	if err != nil {
		return nil, err
	}
	return unpack(packed)
}

// take takes a part into the register, and says so, in one transaction; what has to do with the part before, and the saying, when that one is through. One that
// waited for another which waited for it begins anew.
func (in *Intake) take(ctx context.Context, j *Job, c *checkedPart) (now *Job, err error) {
	wait := patience
	for try := 0; try < 5; try++ {
		now, err = in.takeOnce(ctx, j, c, wait)
		if errors.Is(err, errSlow) {
			if err := c.turn(ctx, 0); err != nil {
				return nil, err
			}
			wait, try = 0, try-1
			continue
		}
		if !again(err) {
			break
		}
		select {
		case <-time.After(time.Duration(50<<try) * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return now, err
}

func (in *Intake) takeOnce(ctx context.Context, j *Job, c *checkedPart, wait time.Duration) (now *Job, err error) {
	err = postgres.InTx(ctx, in.DB, func(tx pgx.Tx) error {
		// Tables that grow by a million rows in minutes are bigger than the plans that were made for them when they were small, those of triggers and keys
		// among them.
		if _, err := tx.Exec(ctx, `SET LOCAL enable_seqscan = off; DISCARD PLANS`); err != nil {
			return err
		}
		r, err := applyOrSplit(ctx, tx, c.ahead)
		if err != nil {
			return err
		}
		if err := c.turn(ctx, wait); err != nil {
			return err
		}
		if now, err = in.lock(ctx, tx, j.ID); err != nil {
			return err
		}
		if now.State != Running || now.NextPart != c.part {
			return errStopped
		}
		rest, err := applyOrSplit(ctx, tx, c.rest)
		if err != nil {
			return err
		}
		r.join(rest)
		if r.sum() != c.rows {
			return fault.New(fault.Internal, fmt.Sprintf("第 %d 部分有 %d 行，有结果的却是 %d 行", c.part+1, c.rows, r.sum()),
				fmt.Sprintf("part %d has %d rows, and something became of %d", c.part+1, c.rows, r.sum()))
		}
		return in.note(ctx, tx, now, c, r)
	})
	return now, err
}

// note writes what became of a part: rejects, addresses to be placed, proposals, counters.
func (in *Intake) note(ctx context.Context, tx pgx.Tx, j *Job, c *checkedPart, r *result) error {
	if err := in.noteRejects(ctx, tx, j.ID, c.part, r.rejects); err != nil {
		return err
	}
	if err := in.propose(ctx, tx, j.ID, r.proposals); err != nil {
		return err
	}
	j.add(r.Tally)
	j.NextPart, j.Done = c.part+1, j.Done+c.rows
	_, err := tx.Exec(ctx, `UPDATE intake_job SET next_part = $3, done = $4, accepted = $5, same = $6, proposed = $7, rejected = $8 WHERE county = $1 AND id = $2`,
		j.ID.County, j.ID.Number, j.NextPart, j.Done, j.Accepted, j.Same, j.Proposed, j.Rejected)
	if err != nil {
		return err
	}
	if c.late, err = in.noteUnplaced(ctx, tx, j, c.part, r.rejects); err != nil || j.NextPart < j.Parts {
		return err
	}
	j.State = Done
	return in.end(ctx, tx, j)
}

func (in *Intake) noteRejects(ctx context.Context, tx pgx.Tx, id ID, part int, rejects []reject) error {
	if len(rejects) == 0 {
		return nil
	}
	lines, problems := make([]int32, len(rejects)), make([]string, len(rejects))
	for i, r := range rejects {
		text, err := json.Marshal(r.problems)
		if err != nil {
			return err
		}
		lines[i], problems[i] = int32(r.line), string(text)
	}
	_, err := tx.Exec(ctx, `INSERT INTO intake_reject (county, job, part, line, problems) SELECT $1, $2, $3, * FROM unnest($4::int[], $5::text[]::jsonb[])`,
		id.County, id.Number, part, lines, problems)
	return err
}

// end closes an import: what came in and isn't needed any more is dropped, and the trail hears of it.
func (in *Intake) end(ctx context.Context, tx pgx.Tx, j *Job) error {
	_, err := tx.Exec(ctx, `UPDATE intake_job SET state = $3, ended_at = now() WHERE county = $1 AND id = $2`, j.ID.County, j.ID.Number, j.State)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM intake_part p WHERE county = $1 AND job = $2
		AND NOT EXISTS (SELECT FROM intake_reject r WHERE r.county = p.county AND r.job = p.job AND r.part = p.part)`, j.ID.County, j.ID.Number)
	if err != nil {
		return err
	}
	return in.Book.Trail.Write(ctx, tx, audit.Entry{County: int(j.ID.County), Place: postgres.GroundOf(j.Division)[0].Low, Action: audit.RegisterImported, Subject: "import:" + j.ID.String(),
		Details: map[string]any{"kind": j.Kind, "state": j.State, "rows": j.Rows, "accepted": j.Accepted, "same": j.Same, "proposed": j.Proposed, "rejected": j.Rejected}})
}

// fail notes what stopped an import. It may be started again.
func (in *Intake) fail(ctx context.Context, id ID, failed error) {
	zh, en := "导入中断："+"内部错误，请重试；仍不行请告知管理员", "the import broke off: a mistake of ours; start it again, and tell the administrator if that doesn't help"
	if f := (*fault.Error)(nil); errors.As(failed, &f) {
		zh, en = f.ZH, f.EN
	} else {
		in.Log.ErrorContext(ctx, "an import broke off", "import", id.String(), "error", plainError(failed))
	}
	ctx = asRunner(context.WithoutCancel(ctx))
	err := postgres.InTx(ctx, in.DB, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE intake_job SET state = 'failed', problem_zh = $3, problem_en = $4, ended_at = now() WHERE county = $1 AND id = $2 AND state = 'running'`,
			id.County, id.Number, zh, en)
		return err
	})
	if err != nil {
		in.Log.ErrorContext(ctx, "that an import broke off can't be noted", "import", id.String(), "error", plainError(err))
	}
}

// keeps tells whether the actor keeps the register on some of a division, so that an import there makes sense.
func keeps(ctx context.Context, division string) bool {
	g := postgres.GroundOf(division)
	for _, r := range postgres.ActorOf(ctx).Scope[access.KeepRegister] {
		if len(g) > 0 && r.Low <= g[0].High && g[0].Low <= r.High {
			return true
		}
	}
	return false
}
