package audit

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// How long the trail is kept, in months: unless told otherwise, and at the least.
const (
	KeepMonths  = 36
	LeastMonths = 6
)

// dropLock is the advisory lock of whoever drops days ("jingweiR").
const dropLock int64 = 0x6a696e6777656952

// Dropped is what Drop did.
type Dropped struct {
	Before  string    `json:"before"` // the first day that is kept
	Days    int       `json:"days"`
	Entries int64     `json:"entries"`
	Kept    []Finding `json:"kept"` // why days whose time is over are still there; the first hundred
}

// CheckMonths refuses to keep the trail for too short a time (Cybersecurity Law of the PRC, article 21: six months). Fault: Invalid.
func CheckMonths(keep int) error {
	if keep >= LeastMonths {
		return nil
	}
	return fault.New(fault.Invalid,
		fmt.Sprintf("审计记录至少保留 %d 个月，%d 个月太短。", LeastMonths, keep),
		fmt.Sprintf("The audit trail is kept for %d months at least; %d are too few.", LeastMonths, keep))
}

// Drop removes the days that are older than so many months, each whole and in a transaction of its own, which leaves a
// signed checkpoint and an entry. A day whose chain isn't whole stays, as what is wrong with it could no longer be found. The
// pool is the owner's; the context has a caller. Faults: Invalid for fewer than LeastMonths, Unavailable when the heads can't
// be kept.
func (t *Trail) Drop(ctx context.Context, owner *pgxpool.Pool, heads *Heads, keep int) (*Dropped, error) {
	if err := CheckMonths(keep); err != nil {
		return nil, err
	}
	var before string
	if err := owner.QueryRow(ctx, `SELECT to_char(timezone('Asia/Shanghai', now()) - make_interval(months => $1), 'YYYY-MM-DD')`, keep).Scan(&before); err != nil {
		return nil, fmt.Errorf("audit: drop: %w", err)
	}
	return t.dropBefore(ctx, owner, heads, before)
}

func (t *Trail) dropBefore(ctx context.Context, owner *pgxpool.Pool, heads *Heads, before string) (*Dropped, error) {
	out := &Dropped{Before: before, Kept: []Finding{}}
	rows, err := owner.Query(ctx, `SELECT county, to_char(day, 'YYYY-MM-DD') FROM (
			SELECT county, day FROM audit_entry WHERE day < $1::text::date UNION SELECT county, day FROM audit_link WHERE day < $1::text::date) d
		WHERE isfinite(day) ORDER BY day, county`, before)
	if err != nil {
		return nil, fmt.Errorf("audit: drop: %w", err)
	}
	days, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k chainOf, err error) { return k, row.Scan(&k.county, &k.day) })
	if err != nil {
		return nil, fmt.Errorf("audit: drop: %w", err)
	}
	for _, k := range days {
		if err := t.dropDay(ctx, owner, heads, k, out); err != nil {
			return out, err
		}
	}
	return out, nil
}

// dropDay drops one day, or says why not.
func (t *Trail) dropDay(ctx context.Context, owner *pgxpool.Pool, heads *Heads, k chainOf, out *Dropped) error {
	if err := heads.writable(); err != nil {
		return err
	}
	var sum daySum
	var wrong []Finding
	err := postgres.InTx(ctx, owner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, dropLock); err != nil {
			return err
		}
		if err := allVisible(ctx, tx); err != nil {
			return err
		}
		var err error
		if sum, err = examineDay(ctx, tx, t.vault, k, func(f Finding) { wrong = append(wrong, f) }); err != nil {
			return err
		}
		if sum.waiting > 0 {
			wrong = append(wrong, found(EntryWaiting, k, 0, 0, "还有记录尚未入链", "there are entries that aren't chained yet"))
		}
		if len(wrong) > 0 || sum.end.seq == 0 { // or another node has just dropped it
			return nil
		}
		return t.replaceDay(ctx, tx, k, sum)
	})
	if err != nil {
		return fmt.Errorf("audit: drop %06d %s: %w", k.county, k.day, err)
	}
	out.Kept = append(out.Kept, wrong[:min(len(wrong), max(0, shown-len(out.Kept)))]...)
	if len(wrong) > 0 || sum.end.seq == 0 {
		return nil
	}
	out.Days++
	out.Entries += sum.entries
	return heads.append([]head{{county: k.county, day: k.day, seq: sum.end.seq, mac: sum.end.mac, dropped: true}}, time.Now())
}

// replaceDay puts a checkpoint in the place of a day's rows, of exactly those that were looked at.
func (t *Trail) replaceDay(ctx context.Context, tx pgx.Tx, k chainOf, sum daySum) error {
	e := sum.end
	var at time.Time
	if err := tx.QueryRow(ctx, `SELECT clock_timestamp(), set_config('jingwei.retention', 'drop', true)`).Scan(&at, nil); err != nil {
		return err
	}
	c := checkpoint{chain: k, entries: e.seq, head: e.mac, at: at.UTC().Format(atForm)}
	mac := t.vault.MAC(checkpointPurpose, c.parts()...)
	if _, err := tx.Exec(ctx, `INSERT INTO audit_checkpoint (county, day, entries, head, dropped_at, mac) VALUES ($1, $2::text::date, $3, $4, $5, $6)`,
		k.county, k.day, c.entries, c.head, at, mac); err != nil {
		return err
	}
	for _, d := range []struct {
		sql  string
		rows int64
	}{
		{`DELETE FROM audit_link WHERE county = $1 AND day = $2::text::date`, int64(e.seq)},
		{`DELETE FROM audit_entry WHERE county = $1 AND day = $2::text::date`, sum.entries},
	} {
		if tag, err := tx.Exec(ctx, d.sql, k.county, k.day); err != nil {
			return err
		} else if tag.RowsAffected() != d.rows {
			return fmt.Errorf("%d rows were looked at and %d are there", d.rows, tag.RowsAffected())
		}
	}
	if _, err := tx.Exec(ctx, `SELECT set_config('jingwei.retention', '', true)`); err != nil {
		return err
	}
	return t.Write(ctx, tx, Entry{County: k.county, Place: int64(k.county) * 1e9, Action: TrailDropped, Subject: "day:" + k.day,
		Details: map[string]any{"entries": e.seq}})
}

// Retain drops what is too old, at once and then daily, until ctx ends; it returns its error. On every node it may run:
// they take turns, and what one dropped the next doesn't find. What fails or stays is logged, and tried again the next day.
func (t *Trail) Retain(ctx context.Context, owner *pgxpool.Pool, heads *Heads, keep int, log *slog.Logger) error {
	ctx = WithCaller(ctx, Caller{Name: Server})
	for {
		done, err := t.Drop(ctx, owner, heads, keep)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			log.Error("audit: old days can't be dropped, trying again tomorrow", "error", err)
		case len(done.Kept) > 0:
			log.Error("audit: days whose time is over stay, as their chains aren't whole: jingwei verify --audit says more",
				"before", done.Before, "findings", len(done.Kept))
		case done.Days > 0:
			log.Info("audit: dropped days whose time was over", "before", done.Before, "days", done.Days, "entries", done.Entries)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(24 * time.Hour):
		}
	}
}
