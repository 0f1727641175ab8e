package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/incident"
	"jingwei/internal/intake"
	"jingwei/internal/organisation"
	"jingwei/internal/register"
	"jingwei/internal/responder"
	"jingwei/internal/vault"
)

// rotateKeysCommand makes a new key and seals everything under it. One that was stopped goes on where it was, without making another.
type rotateKeysCommand struct {
	Forget bool `help:"Then drop the old keys that nothing is sealed under any more. Backups of the database from before need them: keep the old file with those."`
}

// rotated is what the command reports.
type rotated struct {
	Resumed   bool     `json:"resumed"` // a rotation that was stopped went on
	Key       string   `json:"key"`
	Unused    []string `json:"unused"` // old keys that nothing is sealed under
	Forgotten bool     `json:"forgotten"`
}

// sealedColumns are all sealed columns there are.
func sealedColumns() []vault.Column {
	return slices.Concat(access.SealedColumns(), incident.SealedColumns(), responder.SealedColumns(), register.SealedColumns(), organisation.SealedColumns(), intake.SealedColumns())
}

func (c *rotateKeysCommand) Run(ctx context.Context, s *console) error {
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	in, err := s.entrance(ctx, db)
	if err != nil {
		return err
	}
	unused, err := vault.Unused(ctx, db.Owner, in.keys, sealedColumns())
	if err != nil {
		return err
	}
	out := rotated{Resumed: oldKeys(in.keys) > len(unused)}
	if !out.Resumed {
		if err := in.keys.Rotate(); err != nil {
			return err
		}
	}
	bar := s.progress()
	err = vault.RotateColumns(ctx, db.Owner, in.keys, sealedColumns(), func(table string, done, total int) {
		bar.say("更换密钥 renewing %s: %d / %d", table, done, total)
	})
	if err != nil {
		return err
	}
	if unused, err = vault.Unused(ctx, db.Owner, in.keys, sealedColumns()); err != nil {
		return err
	}
	for _, k := range unused {
		out.Unused = append(out.Unused, k.String())
	}
	if c.Forget && len(unused) > 0 {
		if err := in.keys.Forget(unused...); err != nil {
			return err
		}
		out.Forgotten = true
	}
	for _, k := range in.keys.Keys() {
		if k.Current && !k.Audit {
			out.Key = k.ID.String()
		}
	}
	if err := c.note(ctx, db.InTx, in, out); err != nil {
		return err
	}
	return s.result(out, func(w io.Writer) {
		fmt.Fprintf(w, "密钥已更换为 everything is sealed under key %s\n", out.Key)
		old := strings.Join(out.Unused, ", ")
		switch {
		case out.Forgotten:
			fmt.Fprintf(w, "已删去旧密钥 dropped the old keys %s\n", old)
		case old != "":
			fmt.Fprintf(w, "旧密钥 %s 已无用处；下次更换时加 --forget 一并删去 / the old keys are of no use any more: --forget at the next change drops them too\n", old)
		}
	})
}

// oldKeys counts the keys that were for sealing before the newest.
func oldKeys(v *vault.Vault) (n int) {
	for _, k := range v.Keys() {
		if !k.Audit && !k.Current {
			n++
		}
	}
	return n
}

// note writes the change into the trail of each county, since it concerns them all.
func (c *rotateKeysCommand) note(ctx context.Context, inTx func(context.Context, func(pgx.Tx) error) error, in *entrance, out rotated) error {
	ctx = access.AtServer(ctx)
	return inTx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT DISTINCT county FROM division ORDER BY county`)
		if err != nil {
			return err
		}
		counties, err := pgx.CollectRows(rows, pgx.RowTo[int])
		if err != nil {
			return err
		}
		for _, county := range counties {
			e := audit.Entry{County: county, Place: int64(county) * 1e9, Action: audit.KeysRotated, Details: map[string]any{"key": out.Key, "resumed": out.Resumed}}
			if err := in.trail.Write(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}
