package responder

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// Assignment is what is to be true of a post of a grid.
type Assignment struct {
	Grid       layout.Code
	Post       Post
	Responder  ID          // nobody: the post becomes vacant
	Since      time.Time   // the first day of it; zero: today
	Substitute *StandIn    // nil: nobody stands in
	Was        *ID         // who held it as the sender saw it; nil: whoever
	day        time.Time   // Since, or today
	today      time.Time   // in the county
	standing   []*standing // who holds the post today and later
	holder     *Responder  // who is to, nil for nobody
}

// StandIn is who stands in for whoever is assigned, both days included.
type StandIn struct {
	Responder ID
	From, To  time.Time
}

// standing is a posting that isn't over.
type standing struct {
	id        int64
	responder int64
	name      string
	since     time.Time
	until     *time.Time
	began     bool
}

// Assign gives a post of a live grid to somebody from a day on, or makes it vacant from a day on: whoever holds it then holds it up to that day, and
// who was to hold it later isn't any more. Who holds it already keeps it; then the substitute alone is new. It gives the grid's posts as they are then, and
// which day it is there. Needs ManageResponders on the grid.
//
// Faults: NotFound for a grid that isn't live and a responder that the actor doesn't see; Forbidden; Invalid for days that make no sense and for
// people who can't hold posts; Conflict when somebody else holds it than the sender saw, or held it after that day; Unavailable without keys, and for
// some seconds while the grid is being published.
func (r *Roll) Assign(ctx context.Context, tx pgx.Tx, a Assignment) (now *GridPosts, day time.Time, err error) {
	if err := r.ready(); err != nil {
		return nil, day, err
	}
	if _, err := ParsePost(string(a.Post)); err != nil {
		return nil, day, err
	}
	if err := mayOn(ctx, postgres.GroundOf(a.Grid.String()), a.Grid.String()); err != nil {
		return nil, day, err
	}
	if err := holdGrid(ctx, tx, a.Grid); err != nil {
		return nil, day, err
	}
	if err := a.days(ctx, tx); err != nil {
		return nil, day, err
	}
	if err := r.people(ctx, tx, &a); err != nil {
		return nil, day, err
	}
	if err := a.read(ctx, tx); err != nil {
		return nil, day, err
	}
	if err := a.asSeen(); err != nil {
		return nil, day, err
	}
	if err := r.put(ctx, tx, &a); err != nil {
		return nil, day, overtaken(err)
	}
	now, err = r.PostsOf(ctx, tx, a.Grid)
	return now, a.today, err
}

func (a *Assignment) county() int32 { return int32(a.Grid / 1_000_000_000) }

// holdGrid keeps publications from retiring a grid before this transaction has ended; one that is about to end is waited for.
func holdGrid(ctx context.Context, tx pgx.Tx, grid layout.Code) error {
	if _, err := tx.Exec(ctx, `SELECT set_config('lock_timeout', '5s', true)`); err != nil {
		return err
	}
	var there bool
	err := tx.QueryRow(ctx, `SELECT true FROM grid WHERE county = $1 AND code = $2 AND retired IS NULL FOR SHARE`, int32(grid/1_000_000_000), int64(grid)).Scan(&there)
	const lockNotAvailable = "55P03"
	if e := new(pgconn.PgError); errors.As(err, &e) && e.Code == lockNotAvailable {
		return fault.Wrap(err, fault.Unavailable, "网格正在发布，请几秒后再试", "grids are being published; try again in a few seconds")
	}
	if err == pgx.ErrNoRows {
		return notLive(grid)
	}
	return err
}

// How far from today an assignment may begin.
const (
	yearsBack  = 50
	yearsAhead = 1
)

// days settles on the day and checks those of the substitute.
func (a *Assignment) days(ctx context.Context, tx pgx.Tx) (err error) {
	if a.today, err = today(ctx, tx); err != nil {
		return err
	}
	if a.day = a.Since; a.day.IsZero() {
		a.day = a.today
	}
	if a.day.Before(a.today.AddDate(-yearsBack, 0, 0)) || a.day.After(a.today.AddDate(yearsAhead, 0, 0)) {
		return fault.New(fault.Invalid, fmt.Sprintf("起始日期 %s 不合理：最早可写 %d 年前，最晚可写一年后", dayOf(a.day), yearsBack),
			fmt.Sprintf("the first day %s makes no sense: at most %d years ago, at most a year ahead", dayOf(a.day), yearsBack)).At("since")
	}
	s := a.Substitute
	switch {
	case s == nil:
		return nil
	case a.Responder == ID{}:
		return fault.New(fault.Invalid, "岗位空缺时不能指定替班人；请先指定任岗人", "nobody stands in for a vacancy; name who holds the post first").At("substitute")
	case s.To.Before(s.From):
		return fault.New(fault.Invalid, fmt.Sprintf("替班结束日期 %s 早于开始日期 %s", dayOf(s.To), dayOf(s.From)),
			fmt.Sprintf("the substitute's last day %s is before the first one, %s", dayOf(s.To), dayOf(s.From))).At("substitute.to")
	case s.To.Before(a.today):
		return fault.New(fault.Invalid, fmt.Sprintf("替班结束日期 %s 已过", dayOf(s.To)), fmt.Sprintf("the substitute's last day %s is over", dayOf(s.To))).At("substitute.to")
	case s.To.After(a.today.AddDate(yearsAhead, 0, 0)):
		return fault.New(fault.Invalid, fmt.Sprintf("替班结束日期 %s 太远，最多一年；更久请改派任岗人", dayOf(s.To)),
			fmt.Sprintf("the substitute's last day %s is more than a year ahead; give the post to them instead", dayOf(s.To))).At("substitute.to")
	case s.Responder == a.Responder:
		return fault.New(fault.Invalid, "替班人不能是任岗人自己", "nobody stands in for themselves").At("substitute.responder")
	}
	return nil
}

// people finds who is named and checks that they can hold a post.
func (r *Roll) people(ctx context.Context, tx pgx.Tx, a *Assignment) (err error) {
	if a.Responder == (ID{}) {
		return nil
	}
	if a.holder, err = r.able(ctx, tx, a, a.Responder, "responder"); err != nil || a.Substitute == nil {
		return err
	}
	_, err = r.able(ctx, tx, a, a.Substitute.Responder, "substitute.responder")
	return err
}

// able finds somebody who can hold a post of the grid.
func (r *Roll) able(ctx context.Context, tx pgx.Tx, a *Assignment, id ID, where string) (*Responder, error) {
	found, err := r.Find(ctx, tx, id)
	if err != nil {
		if f := new(fault.Error); errors.As(err, &f) {
			return nil, f.At(where)
		}
		return nil, err
	}
	zh, en := found.Kind.Names()
	switch {
	case id.County != a.county():
		return nil, fault.New(fault.Invalid, fmt.Sprintf("%s 是另一个县的人员，不能在网格 %s 任岗", found.Name, a.Grid),
			fmt.Sprintf("%s belongs to another county and can't hold a post of grid %s", found.Name, a.Grid)).At(where)
	case found.over(a.today):
		return nil, fault.New(fault.Invalid, fmt.Sprintf("%s 已于 %s 离岗，不能任岗；若已返岗请先恢复", found.Name, dayOf(*found.Ended)),
			fmt.Sprintf("%s stopped working there on %s; say first that they are back", found.Name, dayOf(*found.Ended))).At(where)
	case !found.Kind.HoldsPosts():
		return nil, fault.New(fault.Invalid, fmt.Sprintf("%s 是%s，不任网格岗位；网格岗位由网格员或网格长担任", found.Name, zh),
			fmt.Sprintf("%s is of the kind %s and holds no post; posts are for grid workers and grid leaders", found.Name, en)).At(where)
	}
	return found, nil
}

// read finds who holds the post today and later, and keeps others from changing that meanwhile.
func (a *Assignment) read(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		SELECT p.id, p.responder, coalesce((SELECT name FROM responder r WHERE r.county = p.county AND r.id = p.responder), ''), p.since, p.until, p.since <= current_date
		FROM posting p WHERE p.county = $1 AND p.grid = $2 AND p.post = $3 AND (p.until IS NULL OR p.until > $4 OR p.until > current_date)
			AND (p.until IS NULL OR p.until > p.since)
		ORDER BY p.since FOR UPDATE OF p`, a.county(), int64(a.Grid), a.Post, a.day)
	if err != nil {
		return err
	}
	a.standing, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*standing, error) {
		s := new(standing)
		return s, row.Scan(&s.id, &s.responder, &s.name, &s.since, &s.until, &s.began)
	})
	return err
}

// on is who holds the post on a day, nil for nobody.
func (a *Assignment) on(day time.Time) *standing {
	for _, s := range a.standing {
		if !s.since.After(day) && (s.until == nil || s.until.After(day)) {
			return s
		}
	}
	return nil
}

// asSeen refuses when somebody else holds the post than the sender saw, and when it was somebody's after the day from which it is to be another's.
func (a *Assignment) asSeen() error {
	zh, en := a.Post.Names()
	if now := a.on(a.today); a.Was != nil && (now == nil) != (*a.Was == ID{}) || now != nil && a.Was != nil && now.responder != a.Was.Number {
		nameZH, nameEN := "空缺", "vacant"
		if now != nil {
			nameZH, nameEN = now.name, now.name
		}
		return fault.New(fault.Conflict, fmt.Sprintf("网格 %s 的%s刚被他人改过，现在是 %s；请看过后再定", a.Grid, zh, nameZH),
			fmt.Sprintf("somebody else has changed the %s of grid %s meanwhile, it is %s now; look and decide again", en, a.Grid, nameEN))
	}
	for _, s := range a.standing {
		later := s.since.After(a.day) && s.began                                     // it began after that day
		before := s.until != nil && !s.until.After(a.today) && !s.since.After(a.day) // it ended after that day, and before today
		if later || before {
			return fault.New(fault.Conflict, fmt.Sprintf("%s 从 %s 起任网格 %s 的%s，不能从更早的 %s 起改派；请选 %[2]s 之后的日期", s.name, dayOf(s.since), a.Grid, zh, dayOf(a.day)),
				fmt.Sprintf("%s has been %s of grid %s from %s on; nobody else can have been from %s on: choose a later day", s.name, en, a.Grid, dayOf(s.since), dayOf(a.day))).At("since")
		}
	}
	return nil
}

// put writes what is to be true.
func (r *Roll) put(ctx context.Context, tx pgx.Tx, a *Assignment) error {
	keeps := a.on(a.day)
	if keeps != nil && (a.holder == nil || keeps.responder != a.holder.ID.Number) {
		keeps = nil
	}
	for _, s := range a.standing {
		if s == keeps || s.until != nil && !s.until.After(a.day) {
			continue
		}
		until := a.day
		if s.since.After(until) {
			until = s.since // it hadn't begun
		}
		_, err := tx.Exec(ctx, `UPDATE posting SET until = $3 WHERE county = $1 AND id = $2`, a.county(), s.id, until)
		if err != nil {
			return err
		}
		if err := r.notePost(ctx, tx, a, audit.PostEnded, ID{a.county(), s.responder}, map[string]any{"until": dayOf(until)}); err != nil {
			return err
		}
	}
	if a.holder == nil {
		return nil
	}
	var substitute *int64
	var from, to *time.Time
	details := map[string]any{"since": dayOf(a.day)}
	if s := a.Substitute; s != nil {
		substitute, from, to = &s.Responder.Number, &s.From, &s.To
		details["substitute"], details["substitute_from"], details["substitute_to"] = s.Responder.String(), dayOf(s.From), dayOf(s.To)
	}
	var err error
	if keeps != nil {
		details["since"] = dayOf(keeps.since)
		_, err = tx.Exec(ctx, `UPDATE posting SET until = NULL, substitute = $3, substitute_from = $4, substitute_to = $5 WHERE county = $1 AND id = $2`,
			a.county(), keeps.id, substitute, from, to)
	} else {
		_, err = tx.Exec(ctx, `
			INSERT INTO posting (county, grid, post, responder, since, substitute, substitute_from, substitute_to, assigned_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9::bigint, 0))`,
			a.county(), int64(a.Grid), a.Post, a.holder.ID.Number, a.day, substitute, from, to, postgres.ActorOf(ctx).Account)
	}
	if err != nil {
		return err
	}
	return r.notePost(ctx, tx, a, audit.PostAssigned, a.holder.ID, details)
}

// overtaken says what a refusal of the database means.
func overtaken(err error) error {
	e := new(pgconn.PgError)
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case e.ConstraintName == "one_at_a_time":
		return fault.Wrap(err, fault.Conflict, "他人刚在同一岗位上改派了人，请看过后再定", "somebody else has just given the same post to somebody; look and decide again")
	case e.Code == "23514": // a check: the only one that days can still violate
		return fault.Wrap(err, fault.Invalid, "替班开始日期早于任岗日期", "the substitute's first day is before the one from which the post is held").At("substitute.from")
	}
	return err
}

// notePost writes into the trail what was done to a post of a grid.
func (r *Roll) notePost(ctx context.Context, tx pgx.Tx, a *Assignment, action string, who ID, details map[string]any) error {
	details["post"], details["grid"] = a.Post, a.Grid.String()
	return r.Trail.Write(ctx, tx, audit.Entry{County: int(a.county()), Place: int64(a.Grid), Action: action, Subject: who.subject(), Details: details})
}
