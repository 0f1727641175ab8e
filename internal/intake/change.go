package intake

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
)

// Change is what somebody wants of an import; what is nil or "" stays.
type Change struct {
	Mapping map[string]int
	CRS     *crs.System
	Act     Act
}

// Act is what is to be done with an import.
type Act string

// The acts. Start begins one that waits, and again one that failed.
const (
	Start  Act = "start"
	Pause  Act = "pause"
	Resume Act = "resume"
	Cancel Act = "cancel"
)

// acts are in which states what may be done, and what that makes of them.
var acts = map[Act]struct {
	from []State
	to   State
}{
	Start: {[]State{Waiting, Failed}, Running}, Pause: {[]State{Running}, Paused}, Resume: {[]State{Paused}, Running},
	Cancel: {[]State{Waiting, Running, Paused, Failed}, Cancelled},
}

// Change says which column is what in an import, starts, pauses, resumes or cancels it. What was taken before a cancellation stays.
//
// Faults: NotFound; Conflict when it isn't in a state for that; Invalid for a mapping that can't be meant; Forbidden when the actor doesn't keep the
// register there.
func (in *Intake) Change(ctx context.Context, tx pgx.Tx, id ID, c Change) (*Job, error) {
	j, err := in.lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if c.Mapping != nil || c.CRS != nil {
		if err := in.remap(ctx, tx, j, c); err != nil {
			return nil, err
		}
	}
	if c.Act != "" {
		if err := in.act(ctx, tx, j, c.Act); err != nil {
			return nil, err
		}
	}
	if j.State == Running {
		in.Wake()
	}
	return j, nil
}

func (in *Intake) remap(ctx context.Context, tx pgx.Tx, j *Job, c Change) error {
	if j.State != Waiting && !(j.State == Failed && j.NextPart == 0) {
		return fault.New(fault.Conflict, "导入已经开始，不能再改各列的含义；请取消后重新导入", "the import has begun, so what its columns are can't be changed any more: cancel it and send the file again")
	}
	if c.Mapping != nil {
		if err := checkPlaces(j.Kind, j.Columns, c.Mapping); err != nil {
			return err
		}
		j.Mapping = c.Mapping
	}
	if c.CRS != nil {
		j.CRS = *c.CRS
	}
	mapping, err := json.Marshal(j.Mapping)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE intake_job SET mapping = $3, crs = $4 WHERE county = $1 AND id = $2`, j.ID.County, j.ID.Number, mapping, j.CRS.String())
	return err
}

func (in *Intake) act(ctx context.Context, tx pgx.Tx, j *Job, act Act) error {
	a, known := acts[act]
	if !known {
		return invalid(fmt.Sprintf("没有操作 %.40q；可用：start、pause、resume、cancel", string(act)), fmt.Sprintf("there is no act %.40q; there are start, pause, resume and cancel", string(act))).At("act")
	}
	if j.State == a.to {
		return nil
	}
	ok := false
	for _, s := range a.from {
		ok = ok || s == j.State
	}
	if !ok {
		return fault.New(fault.Conflict, fmt.Sprintf("导入现在是“%s”，不能这样操作", stateNames[j.State][0]), fmt.Sprintf("the import is %s: that can't be done now", stateNames[j.State][1]))
	}
	if a.to == Running {
		if err := CheckMapping(j.Kind, j.Columns, j.Mapping); err != nil {
			return err
		}
		if !keeps(ctx, j.Division) {
			return fault.New(fault.Forbidden, "您无权登记那里的房屋与居民", "you don't keep the register there")
		}
	}
	j.State = a.to
	if j.State == Cancelled {
		return in.end(ctx, tx, j)
	}
	_, err := tx.Exec(ctx, `UPDATE intake_job SET state = $3, started_at = coalesce(started_at, CASE $3 WHEN 'running' THEN now() END), problem_zh = '', problem_en = '', ended_at = NULL
		WHERE county = $1 AND id = $2`, j.ID.County, j.ID.Number, string(j.State))
	return err
}

// stateNames are the states in words.
var stateNames = map[State][2]string{
	Reading: {"正在上传", "being sent"}, Waiting: {"等待开始", "waiting to be started"}, Running: {"正在导入", "running"}, Paused: {"已暂停", "paused"},
	Cancelled: {"已取消", "cancelled"}, Done: {"已完成", "done"}, Failed: {"中断", "broken off"},
}

// Wake tells the follower on this node that there is something to do.
func (in *Intake) Wake() {
	select {
	case in.wake <- struct{}{}:
	default:
	}
}
