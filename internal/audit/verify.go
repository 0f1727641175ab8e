package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/fault"
	"jingwei/internal/vault"
)

// Verify goes through the whole trail, as of one moment, and changes nothing. What it finds wrong is in the report, not in
// the error. The pool is the owner's, as policies would hide entries. Without heads (files that Follow wrote, from one node
// or several) it can't see that the end of a day, or a whole day, was cut off. Faults: NotFound for a file of heads that isn't
// there, Unavailable when row-level security could hide rows.
func Verify(ctx context.Context, owner *pgxpool.Pool, v *vault.Vault, heads ...*Heads) (*Report, error) {
	started := time.Now()
	lent, err := owner.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("audit: verify: %w", err)
	}
	conn := lent.Hijack() // it gets tables of its own, which go with it
	defer conn.Close(context.WithoutCancel(ctx))
	e := examiner{conn: conn, vault: v, report: Report{Findings: []Finding{}, Files: []string{}}, dropped: map[chainOf]*checkpoint{}}
	// The heads are read before the moment that is looked at: a head that is written later is one of a later chain.
	if err := e.readHeads(ctx, heads); err != nil {
		return nil, err
	}
	if err := e.examine(ctx); err != nil {
		return nil, err
	}
	e.report.Seconds = time.Since(started).Seconds()
	return &e.report, nil
}

type examiner struct {
	conn    *pgx.Conn
	vault   *vault.Vault
	report  Report
	dropped map[chainOf]*checkpoint // nil for a forged one
}

func (e *examiner) readHeads(ctx context.Context, heads []*Heads) error {
	if _, err := e.conn.Exec(ctx, `SET datestyle = 'ISO, YMD'; CREATE TEMP TABLE audit_head (county int, day date, seq int, mac bytea)`); err != nil {
		return fmt.Errorf("audit: verify: %w", err)
	}
	for _, h := range heads {
		files := h.files()
		if len(files) == 0 {
			return fault.New(fault.NotFound, fmt.Sprintf("没有审计链头文件 %s。", h.path), fmt.Sprintf("There is no file of heads %s.", h.path))
		}
		e.report.Files = append(e.report.Files, files...)
	}
	r := &headReader{paths: e.report.Files}
	n, err := e.conn.CopyFrom(ctx, pgx.Identifier{"audit_head"}, []string{"county", "day", "seq", "mac"}, r)
	if r.err != nil {
		return r.err
	}
	if err != nil {
		return fmt.Errorf("audit: heads: %w", err)
	}
	e.report.Heads, e.report.Strange = n, r.strange
	return nil
}

func (e *examiner) examine(ctx context.Context) error {
	return pgx.BeginTxFunc(ctx, e.conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		return e.look(ctx, tx)
	})
}

func (e *examiner) look(ctx context.Context, tx pgx.Tx) error {
	if err := allVisible(ctx, tx); err != nil {
		return err
	}
	for _, step := range []func(context.Context, pgx.Tx) error{e.checkpoints, e.days, e.heads} {
		if err := step(ctx, tx); err != nil {
			return fmt.Errorf("audit: verify: %w", err)
		}
	}
	return nil
}

// allVisible refuses to prove anything about rows that a policy may hide.
func allVisible(ctx context.Context, tx pgx.Tx) error {
	var table, role string
	err := tx.QueryRow(ctx, `SELECT t, current_user FROM unnest(ARRAY['audit_entry', 'audit_link', 'audit_checkpoint', 'audit_position']) t
		WHERE row_security_active(to_regclass(t)) ORDER BY t LIMIT 1`).Scan(&table, &role)
	if err == pgx.ErrNoRows {
		return nil
	}
	if err != nil {
		return fmt.Errorf("audit: row security: %w", err)
	}
	return fault.New(fault.Unavailable,
		fmt.Sprintf("表 %s 的行级安全策略可能对用户 %s 隐藏了一些行，这样什么也证明不了。请以数据库所有者或有 BYPASSRLS 的用户运行。", table, role),
		fmt.Sprintf("Row-level security on table %s may hide rows from user %s, and then nothing would be proved. "+
			"Run it as the database's owner or a user with BYPASSRLS.", table, role))
}

func (e *examiner) checkpoints(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT county, day::text, entries, head, coalesce(to_char(dropped_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), ''), mac
		FROM audit_checkpoint ORDER BY county, day`)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c checkpoint, err error) {
		return c, row.Scan(&c.chain.county, &c.chain.day, &c.entries, &c.head, &c.at, &c.mac)
	})
	for i := range all {
		c := &all[i]
		e.dropped[c.chain] = c
		if !c.holds(e.vault) {
			e.dropped[c.chain] = nil
			e.report.add(found(CheckpointForged, c.chain, 0, 0, "到期删除的检查点不是程序写下的", "the checkpoint of a dropped day isn't what was written"))
			continue
		}
		e.report.Dropped++
	}
	return err
}

func (e *examiner) days(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT county, day::text FROM (SELECT county, day FROM audit_entry UNION SELECT county, day FROM audit_link) d ORDER BY county, day`)
	if err != nil {
		return err
	}
	days, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k chainOf, err error) { return k, row.Scan(&k.county, &k.day) })
	if err != nil {
		return err
	}
	for _, k := range days {
		sum, err := examineDay(ctx, tx, e.vault, k, e.report.add)
		if err != nil {
			return err
		}
		e.report.Days++
		e.report.Entries += sum.entries
		e.report.Waiting += sum.waiting
		if e.dropped[k] != nil {
			e.report.add(found(NotDropped, k, 0, 0, "这一天已到期删除，却还有记录", "this day was dropped, and yet there are entries or links of it"))
		}
	}
	return nil
}

// keptHead is what the files say of one day: the furthest head, and the first one that isn't the table's.
type keptHead struct {
	chain   chainOf
	last    head
	ends    *int // where the chain ends in the table
	differs *int // the first link whose hash isn't the head's
}

func (e *examiner) heads(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT DISTINCT ON (h.county, h.day) h.county, h.day::text, h.seq, h.mac,
			(SELECT max(seq) FROM audit_link l WHERE l.county = h.county AND l.day = h.day),
			min(h.seq) FILTER (WHERE l.mac <> h.mac) OVER (PARTITION BY h.county, h.day)
		FROM audit_head h LEFT JOIN audit_link l USING (county, day, seq)
		ORDER BY h.county, h.day, h.seq DESC`)
	if err != nil {
		return err
	}
	kept, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k keptHead, err error) {
		return k, row.Scan(&k.chain.county, &k.chain.day, &k.last.seq, &k.last.mac, &k.ends, &k.differs)
	})
	for _, k := range kept {
		e.head(k)
	}
	return err
}

func (e *examiner) head(k keptHead) {
	c, dropped := e.dropped[k.chain]
	switch {
	case dropped && c == nil: // said already
	case c != nil && k.ends == nil:
		if !c.covers(k.last.seq, k.last.mac) {
			e.report.add(found(CheckpointForged, k.chain, k.last.seq, 0, fmt.Sprintf("检查点（%d 条）与链头文件不符", c.entries),
				fmt.Sprintf("the checkpoint (of %d entries) doesn't fit the head that was kept", c.entries)))
		}
	case k.ends == nil:
		e.report.add(found(DayMissing, k.chain, 0, 0, fmt.Sprintf("整天的记录不见了，也没有检查点；链头文件说有 %d 条", k.last.seq),
			fmt.Sprintf("the whole day isn't there, nor a checkpoint of it; the head that was kept says %d entries", k.last.seq)))
	case *k.ends < k.last.seq:
		e.report.add(found(CutOff, k.chain, *k.ends, 0, fmt.Sprintf("链在此中断；链头文件说到第 %d 环", k.last.seq),
			fmt.Sprintf("the chain ends here; the head that was kept says it had come to link %d", k.last.seq)))
	}
	if k.differs != nil {
		e.report.add(found(HeadDiffers, k.chain, *k.differs, 0, "与链头文件不符：链被整段改写", "it isn't the head that was kept: the chain was rewritten"))
	}
}
