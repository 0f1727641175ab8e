package access

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"image/png"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// The second factor is a time-based code (RFC 6238): 6 digits, 30 seconds, SHA-1, as every authenticator app has it. The secret is
// sealed; a time step counts once; one step of clock difference either way is forgiven.

const (
	stepSeconds   = 30
	recoveryCodes = 10
	issuer        = "Jingwei"
)

// Factor is a second factor that is being set up.
type Factor struct {
	Secret string // to be typed where no picture can be taken
	URI    string // otpauth://
	QR     string // the same as a picture, a data: URI
}

// BeginFactor makes a secret, which counts when ConfirmFactor gets a code of it.
//
// Fault: Conflict when there is a second factor: an open session alone, at a computer that somebody left, isn't enough to put another in its place.
func (d *Doors) BeginFactor(ctx context.Context, i *Identity) (*Factor, error) {
	if i.Machine || i.Stage != Open && i.Stage != Enrol {
		return nil, signedOut()
	}
	if i.SecondFactor {
		return nil, errHasFactor
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: i.Account.Name, SecretSize: 20})
	if err != nil {
		return nil, err
	}
	sealed, err := d.vault.Seal([]byte(key.Secret()), factorOf(i.Account.ID))
	if err != nil {
		return nil, err
	}
	err = postgres.InTx(atDoor(ctx), d.db, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE session SET pending = $2 WHERE token = $1`, i.session, sealed)
		return err
	})
	if err != nil {
		return nil, err
	}
	picture, err := key.Image(220, 220)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, err
	}
	return &Factor{key.Secret(), key.URL(), "data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes())}, nil
}

// factorOf binds a sealed secret to its account.
func factorOf(account int64) string { return fmt.Sprintf("account.totp:%d", account) }

// ConfirmFactor makes the secret that BeginFactor gave the account's second factor, and gives ten recovery codes, each good for once.
//
// Faults: Invalid (a wrong code); Conflict when it hasn't been begun, or there is a second factor by now.
func (d *Doors) ConfirmFactor(ctx context.Context, i *Identity, code string) (codes []string, err error) {
	if i.Machine || i.Stage != Open && i.Stage != Enrol {
		return nil, signedOut()
	}
	err = d.own(ctx, i, func(ctx context.Context, tx pgx.Tx) error {
		switch _, _, err := lockFactor(ctx, tx, i.Account.ID); {
		case err == nil:
			return errHasFactor
		case err != errNoFactor:
			return err
		}
		var sealed []byte
		if err := tx.QueryRow(ctx, `SELECT pending FROM session WHERE token = $1`, i.session).Scan(&sealed); err != nil {
			return err
		}
		if sealed == nil {
			return fault.New(fault.Conflict, "尚未开始设置第二重验证", "setting up a second factor hasn't begun")
		}
		secret, err := d.vault.Open(sealed, factorOf(i.Account.ID))
		if err != nil {
			return err
		}
		step := stepOf(code, string(secret), 0, time.Now())
		if step == 0 {
			return fault.New(fault.Invalid, "验证码不对；请核对手机的时间，并输入当前显示的 6 位数字", "the code is wrong; check the phone's clock and type the 6 digits shown now")
		}
		if _, err := tx.Exec(ctx, `UPDATE account SET totp = $2, totp_step = $3 WHERE id = $1`, i.Account.ID, sealed, step); err != nil {
			return err
		}
		if i.Stage == Enrol {
			if err := setStage(ctx, tx, i, Open); err != nil {
				return err
			}
		} else if _, err := tx.Exec(ctx, `UPDATE session SET pending = NULL WHERE token = $1`, i.session); err != nil {
			return err
		}
		if codes, err = d.newRecoveryCodes(ctx, tx, i.Account.ID); err != nil {
			return err
		}
		return d.write(ctx, tx, i.Account, audit.SecondFactorSet, "")
	})
	return codes, err
}

// RemoveFactor takes the second factor away. Faults: Forbidden for an officer and for a wrong password.
func (d *Doors) RemoveFactor(ctx context.Context, i *Identity, password string, from Place) error {
	if i.Officer() {
		return fault.New(fault.Forbidden, "系统管理员、安全管理员和审计员必须使用第二重验证", "administrators, security officers and auditors must have a second factor")
	}
	if err := d.checkOwn(ctx, i, password, from); err != nil {
		return err
	}
	return d.own(ctx, i, func(ctx context.Context, tx pgx.Tx) error {
		if err := removeFactor(ctx, tx, i.Account.ID); err != nil {
			return err
		}
		return d.write(ctx, tx, i.Account, audit.SecondFactorRemoved, "")
	})
}

func removeFactor(ctx context.Context, tx pgx.Tx, account int64) error {
	if _, err := tx.Exec(ctx, `UPDATE account SET totp = NULL, totp_step = 0 WHERE id = $1`, account); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM recovery_code WHERE account = $1`, account)
	return err
}

// RenewRecoveryCodes replaces the recovery codes, against a code of the second factor.
func (d *Doors) RenewRecoveryCodes(ctx context.Context, i *Identity, code string, from Place) (codes []string, err error) {
	if err := d.checkFactor(ctx, i, code, from, false); err != nil {
		return nil, err
	}
	err = d.own(ctx, i, func(ctx context.Context, tx pgx.Tx) error {
		if codes, err = d.newRecoveryCodes(ctx, tx, i.Account.ID); err != nil {
			return err
		}
		return d.write(ctx, tx, i.Account, audit.RecoveryMade, "")
	})
	return codes, err
}

// PassFactor is the second half of a sign-in: a code of the second factor, or a recovery code. Faults: SignedOut, TooManyTries.
func (d *Doors) PassFactor(ctx context.Context, i *Identity, code string, from Place) (Stage, error) {
	if i.Stage != SecondFactor {
		return i.Stage, nil
	}
	if err := d.checkFactor(ctx, i, code, from, true); err != nil {
		return i.Stage, err
	}
	var stage Stage
	err := d.own(ctx, i, func(ctx context.Context, tx pgx.Tx) error {
		s, err := readStanding(ctx, tx, `a.id = $1`, i.Account.ID)
		if err != nil {
			return err
		}
		stage = stageAfter(s.mustChange, true, s.grants)
		if err := setStage(ctx, tx, i, stage); err != nil {
			return err
		}
		device, _ := d.deviceOf(from.Device, i.Account.Name)
		return d.arrived(ctx, tx, i.Account, d.failureKey(i.Account.Name, networkOf(from.Address), device))
	})
	return stage, err
}

// checkFactor checks a code, uses it up, and counts a wrong one as a wrong password is counted. A code has a million values only, and who tries
// them has the password and any number of addresses: so those from browsers that aren't known count together, too. The account's row is locked
// before the counts are looked at: codes that come all at once are tried one after another.
func (d *Doors) checkFactor(ctx context.Context, i *Identity, code string, from Place, recovery bool) error {
	ctx = atDoor(ctx)
	device, known := d.deviceOf(from.Device, i.Account.Name)
	keys := [][]byte{d.failureKey(i.Account.Name, networkOf(from.Address), device)}
	if !known {
		keys = append(keys, d.vault.MAC("second factor failure", []byte(i.Account.Name)))
	}
	right := false
	err := postgres.InTx(ctx, d.db, func(tx pgx.Tx) error {
		sealed, last, err := lockFactor(ctx, tx, i.Account.ID)
		if err != nil {
			return err
		}
		if err := waitIsOver(ctx, tx, keys...); err != nil {
			return err
		}
		if right, err = d.useCode(ctx, tx, i.Account.ID, sealed, last, code, recovery); err != nil || right {
			return err
		}
		for _, key := range keys {
			if err := countFailure(ctx, tx, key); err != nil {
				return err
			}
		}
		return d.write(ctx, tx, i.Account, audit.SecondFactorRefused, "")
	})
	if err != nil || right {
		return err
	}
	return fault.New(fault.SignedOut, "验证码不对，或已用过", "the code is wrong, or was used already")
}

var errHasFactor = fault.New(fault.Conflict, "该账号已有第二重验证；请先关闭，三员须在服务器命令行上重置：jingwei account reset",
	"the account has a second factor; switch it off first, an officer's is reset at the server's command line: jingwei account reset")

// lockFactor reads an account's second factor and the last time step that was used, and locks its row: of two requests with one code, one is
// right. It gives errNoFactor when there is none.
func lockFactor(ctx context.Context, tx pgx.Tx, account int64) (sealed []byte, last int64, err error) {
	err = tx.QueryRow(ctx, `SELECT totp, totp_step FROM account WHERE id = $1 FOR UPDATE`, account).Scan(&sealed, &last)
	if err == nil && sealed == nil {
		err = errNoFactor
	}
	return sealed, last, err
}

// useCode says whether a code is one of the account's, and sees to it that it won't be again.
func (d *Doors) useCode(ctx context.Context, tx pgx.Tx, account int64, sealed []byte, last int64, code string, recovery bool) (bool, error) {
	secret, err := d.vault.Open(sealed, factorOf(account))
	if err != nil {
		return false, err
	}
	if step := stepOf(code, string(secret), last, time.Now()); step > 0 {
		_, err := tx.Exec(ctx, `UPDATE account SET totp_step = $2 WHERE id = $1`, account, step)
		return true, err
	}
	if !recovery {
		return false, nil
	}
	tag, err := tx.Exec(ctx, `UPDATE recovery_code SET used_at = now() WHERE account = $1 AND used_at IS NULL AND code = $2`,
		account, d.recoveryHash(account, code))
	return err == nil && tag.RowsAffected() == 1, err
}

// stepOf is the time step that a code belongs to, later than the last one used; 0 when it belongs to none near now.
func stepOf(code, secret string, last int64, now time.Time) int64 {
	code = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, code)
	if len(code) != 6 {
		return 0
	}
	found := int64(0)
	for _, shift := range []int64{-1, 0, 1} {
		step := now.Unix()/stepSeconds + shift
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*stepSeconds, 0), totp.ValidateOpts{Period: stepSeconds, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && step > last && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = step
		}
	}
	return found
}

func (d *Doors) newRecoveryCodes(ctx context.Context, tx pgx.Tx, account int64) ([]string, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_code WHERE account = $1`, account); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		text := strings.ToLower(rand.Text()[:10]) // 50 bits
		codes[i] = text[:5] + "-" + text[5:]
		_, err := tx.Exec(ctx, `INSERT INTO recovery_code (account, code) VALUES ($1, $2)`, account, d.recoveryHash(account, codes[i]))
		if err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// recoveryHash is what is kept of a recovery code: a keyed hash of it as it may be typed, without blanks and dashes, in either case. What can't
// be opened can't be sealed anew, so it goes by the key that isn't rotated.
func (d *Doors) recoveryHash(account int64, code string) []byte {
	code = strings.NewReplacer("-", "", " ", "", "—", "").Replace(strings.ToLower(strings.TrimSpace(code)))
	return d.vault.MAC("recovery", fmt.Appendf(nil, "%d", account), []byte(code))
}
