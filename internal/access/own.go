package access

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// What somebody does with their own account. Each takes the identity of the request; those that take a password or a code count
// wrong ones like a sign-in.

// SignOut ends the session.
func (d *Doors) SignOut(ctx context.Context, i *Identity) error {
	return d.own(ctx, i, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM session WHERE token = $1`, i.session); err != nil {
			return err
		}
		return d.write(ctx, tx, i.Account, audit.SignOut, "")
	})
}

// SignOutEverywhere ends all sessions of the account, this one too.
func (d *Doors) SignOutEverywhere(ctx context.Context, i *Identity) error {
	return d.own(ctx, i, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM session WHERE account = $1`, i.Account.ID); err != nil {
			return err
		}
		return d.write(ctx, tx, i.Account, audit.SignOutEverywhere, "")
	})
}

// own runs f as the program itself, and has every node forget what it remembers of the account.
func (d *Doors) own(ctx context.Context, i *Identity, f func(context.Context, pgx.Tx) error) error {
	ctx = atDoor(ctx)
	err := postgres.InTx(ctx, d.db, func(tx pgx.Tx) error {
		if err := f(ctx, tx); err != nil {
			return err
		}
		return changed(ctx, tx, i.Account)
	})
	d.known.forget(i.Account.ID)
	return err
}

// Place is where an answer to a challenge comes from: wrong ones are counted for the account together with it.
type Place struct{ Address, Device string }

// checkOwn checks a password of the account again, counting a wrong one.
func (d *Doors) checkOwn(ctx context.Context, i *Identity, password string, from Place) error {
	network := networkOf(from.Address)
	device, _ := d.deviceOf(from.Device, i.Account.Name)
	key := d.failureKey(i.Account.Name, network, device)
	turn, err := d.queue.wait(ctx, network, device)
	if err != nil {
		return err
	}
	right := false
	defer func() { turn.leave(right) }()
	s, err := d.tried(atDoor(ctx), key, `a.id = $1`, i.Account.ID)
	if err != nil {
		return err
	}
	if right, err = s.opens(ctx, turn, password); err != nil || right {
		return err
	}
	if err := postgres.InTx(atDoor(ctx), d.db, func(tx pgx.Tx) error { return countFailure(ctx, tx, key) }); err != nil {
		return err
	}
	return fault.New(fault.Forbidden, "当前密码不对", "the current password is wrong")
}

// ChangePassword replaces the account's password, ends its other sessions, and passes the session on.
//
// Faults: Invalid (the new one), Forbidden (the old one), TooManyTries.
func (d *Doors) ChangePassword(ctx context.Context, i *Identity, current, next string, from Place) error {
	if err := CheckPassword(next, i.Account.Name); err != nil {
		return err
	}
	if current == next {
		return fault.New(fault.Invalid, "新密码与当前密码相同", "the new password is the current one")
	}
	if i.Stage != Open && i.Stage != Renew {
		return signedOut()
	}
	if err := d.checkOwn(ctx, i, current, from); err != nil {
		return err
	}
	hash, err := hashPassword(next)
	if err != nil {
		return err
	}
	return d.own(ctx, i, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE account SET password = $2, password_at = now(), must_change = false WHERE id = $1`, i.Account.ID, hash); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM session WHERE account = $1 AND token <> $2`, i.Account.ID, i.session); err != nil {
			return err
		}
		if i.Stage == Renew {
			if err := setStage(ctx, tx, i, stageAfter(false, i.SecondFactor, i.Grants)); err != nil {
				return err
			}
		}
		return d.write(ctx, tx, i.Account, audit.PasswordChanged, "")
	})
}

func setStage(ctx context.Context, tx pgx.Tx, i *Identity, stage Stage) error {
	tag, err := tx.Exec(ctx, `UPDATE session SET stage = $2, pending = NULL WHERE token = $1`, i.session, stage)
	if err == nil && tag.RowsAffected() == 0 {
		return signedOut()
	}
	return err
}

// Again is Reread after something about the session has changed, and has this node forget what it remembers of the account. Fault: SignedOut.
func (d *Doors) Again(ctx context.Context, i *Identity) (*Identity, error) {
	d.known.forget(i.Account.ID)
	return d.Reread(ctx, i)
}

// Reread reads who holds the session or the token of an identity, past what is remembered. Fault: SignedOut.
func (d *Doors) Reread(ctx context.Context, i *Identity) (fresh *Identity, err error) {
	read := readSession
	if i.Machine {
		read = readToken
	}
	err = postgres.Snapshot(atDoor(ctx), d.db, func(tx pgx.Tx) error {
		fresh, _, err = read(ctx, tx, i.session)
		return err
	})
	return fresh, err
}

// OwnSession is one of an account's sessions, as its owner sees it.
type OwnSession struct {
	Created, Seen  time.Time
	Address, Agent string
	Current        bool
}

// Sessions are the account's, the last used first.
func (d *Doors) Sessions(ctx context.Context, i *Identity) (out []OwnSession, codesLeft int, err error) {
	err = postgres.Snapshot(atDoor(ctx), d.db, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT created_at, seen_at, address, agent, token = $2 FROM session
			WHERE account = $1 AND ends_at > now() AND seen_at > now() - $3::interval ORDER BY seen_at DESC, created_at DESC LIMIT 100`, i.Account.ID, i.session, Idle)
		if err != nil {
			return err
		}
		if out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[OwnSession]); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT count(*) FROM recovery_code WHERE account = $1 AND used_at IS NULL`, i.Account.ID).Scan(&codesLeft)
	})
	return out, codesLeft, err
}

var errNoFactor = fault.New(fault.Conflict, "该账号没有第二重验证", "the account has no second factor")
