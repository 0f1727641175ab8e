package draft

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// Drafts that are published on a day to come.

// schedule notes on which day a draft is to be published.
func (r *Room) schedule(ctx context.Context, id ID, note, on string) (*Done, error) {
	day, err := time.ParseInLocation(time.DateOnly, on, Zone)
	if err != nil {
		return nil, invalid("生效日期应为 2026-12-01 的形式", "the day is written as 2026-12-01").(*fault.Error).At("on")
	}
	if !day.After(time.Now()) || day.After(time.Now().AddDate(2, 0, 0)) {
		return nil, invalid("生效日期应在明天至两年之内", "the day lies between tomorrow and two years from now").(*fault.Error).At("on")
	}
	err = r.at(ctx, id, true, func(tx pgx.Tx, h *Head, d *desk) (bool, error) {
		if err := h.mayPublish(ctx, d); err != nil {
			return true, err
		}
		if err := d.ready(ctx, tx); err != nil {
			return true, err
		}
		_, err := tx.Exec(ctx, `UPDATE draft SET state = 'scheduled', publish_on = $3, publish_by = $4, publish_note = $5, refused = '', changed_at = now() WHERE county = $1 AND id = $2`,
			id.County, id.Number, on, postgres.ActorOf(ctx).Account, note)
		return true, err
	})
	return &Done{PublishOn: &on}, err
}

// PublishDue publishes the drafts whose day has come, as those who asked for it. What can't be published says why and is open again.
func (r *Room) PublishDue(ctx context.Context, now time.Time, actor func(ctx context.Context, account int64) (context.Context, error)) error {
	due := postgres.WithActor(ctx, postgres.Actor{Scope: postgres.Scope{dueDrafts: {postgres.Everywhere}}})
	type one struct {
		id      ID
		account int64
		note    string
	}
	var all []one
	err := postgres.InTx(due, r.db, func(tx pgx.Tx) error {
		rows, err := tx.Query(due, `SELECT county, id, publish_by, publish_note FROM draft WHERE state = 'scheduled' AND publish_on <= $1 ORDER BY publish_on, county, id`,
			now.In(Zone).Format(time.DateOnly))
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (o one, err error) {
			err = row.Scan(&o.id.County, &o.id.Number, &o.account, &o.note)
			return o, err
		})
		return err
	})
	for _, o := range all {
		as, failed := actor(ctx, o.account)
		if failed == nil {
			failed = r.publishScheduled(as, o.id, o.note)
		}
		if failed == nil {
			continue
		}
		zh := failed.Error()
		if f := (*fault.Error)(nil); errors.As(failed, &f) {
			zh = f.ZH
		}
		_ = postgres.InTx(due, r.db, func(tx pgx.Tx) error {
			_, err := tx.Exec(due, `UPDATE draft SET state = 'open', publish_on = NULL, refused = $3 WHERE county = $1 AND id = $2 AND state = 'scheduled'`, o.id.County, o.id.Number, zh)
			return err
		})
		err = errors.Join(err, fmt.Errorf("draft %s wasn't published on its day: %w", o.id, failed))
	}
	return err
}

// PublishOnTheirDays does so every minute until ctx ends.
func (r *Room) PublishOnTheirDays(ctx context.Context, actor func(context.Context, int64) (context.Context, error), log *slog.Logger) {
	every := time.NewTicker(time.Minute)
	defer every.Stop()
	for {
		if err := r.PublishDue(ctx, time.Now(), actor); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "drafts that were due", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

func (r *Room) publishScheduled(ctx context.Context, id ID, note string) error {
	who, err := me(ctx)
	if err != nil {
		return err
	}
	return r.at(ctx, id, true, func(tx pgx.Tx, h *Head, d *desk) (bool, error) {
		if h.State != Scheduled {
			return true, nil // another node did
		}
		if !postgres.ActorOf(ctx).Scope[access.PlanGrids].Contains(h.ground) {
			return true, forbidden("安排发布的 %s 已无权规划这里", "%s, who asked for it, doesn't plan here any more", who.Display)
		}
		_, err := r.publish(ctx, tx, h, d, layout.Author{By: who.Display, Note: noteOf(note, h)})
		return false, err
	})
}
