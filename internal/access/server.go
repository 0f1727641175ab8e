package access

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
)

// AtServer makes a context's transactions the command line's: it may do anything with accounts, and stands in the trail as itself.
func AtServer(ctx context.Context) context.Context {
	return audit.WithCaller(atDoor(ctx), audit.Caller{Name: "command line"})
}

// Named gives the id of the account with a name. Fault: NotFound.
func Named(ctx context.Context, tx pgx.Tx, name string) (id int64, err error) {
	s, err := readStanding(ctx, tx, `a.name = $1`, strings.ToLower(strings.TrimSpace(name)))
	if err == nil && s.account.ID == 0 {
		err = fault.New(fault.NotFound, fmt.Sprintf("没有登录名为 %q 的账号；jingwei account list 列出所有账号", clip(name)),
			fmt.Sprintf("there is no account named %q; jingwei account list lists them", clip(name)))
	}
	if err != nil {
		return 0, err
	}
	return s.account.ID, nil
}

// SetPassword gives an account a password that its owner chose, so that it needn't be changed. For the command line. Fault: Invalid.
func (d *Doors) SetPassword(ctx context.Context, tx pgx.Tx, id int64, password string) error {
	s, err := lookAfter(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := CheckPassword(password, s.account.Name); err != nil {
		return err
	}
	hash, err := hashPassword(password)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE account SET password = $2, password_at = now(), must_change = false WHERE id = $1`, id, hash); err != nil {
		return err
	}
	return d.trail.Write(ctx, tx, entryAbout(s.account, audit.PasswordChanged, "", nil))
}
