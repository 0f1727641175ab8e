package access

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

const mostTokenDays = 366

// Token is an API token of a machine.
type Token struct {
	ID      int64      `json:"id"`
	Name    string     `json:"name"`
	Created time.Time  `json:"created"`
	Expires time.Time  `json:"expires"`
	Used    *time.Time `json:"used"`
	Revoked bool       `json:"revoked"`
}

// MakeToken makes a machine a token that is good for so many days, and gives it this once. Needs ManageAccounts, also wherever the machine has
// roles and labels.
func (d *Doors) MakeToken(ctx context.Context, tx pgx.Tx, id int64, name string, days int) (token string, made Token, err error) {
	s, err := opens(ctx, tx, id)
	if err != nil {
		return "", made, err
	}
	name = strings.TrimSpace(clipTo(name, 80))
	switch {
	case s.account.Kind != "machine":
		return "", made, fault.New(fault.Invalid, "只有机器账号可以有令牌；人员用密码登录", "only machines have tokens; people sign in")
	case name == "":
		return "", made, fault.New(fault.Invalid, "请给令牌起个名字，例如用它的系统", "give the token a name, such as that of the system that uses it")
	case days < 1 || days > mostTokenDays:
		return "", made, fault.New(fault.Invalid, fmt.Sprintf("令牌的有效期为 1–%d 天", mostTokenDays), fmt.Sprintf("a token is good for 1 to %d days", mostTokenDays))
	}
	token = tokenPrefix + strings.ToLower(rand.Text()+rand.Text())
	made = Token{Name: name}
	err = tx.QueryRow(ctx, `INSERT INTO api_token (account, token, name, created_by, expires_at) VALUES ($1, $2, $3, nullif($4::bigint, 0), now() + make_interval(days => $5))
		RETURNING id, created_at, expires_at`, id, hashed(token), name, postgres.ActorOf(ctx).Account, days).Scan(&made.ID, &made.Created, &made.Expires)
	if err != nil {
		return "", made, err
	}
	return token, made, d.trail.Write(ctx, tx, entryAbout(s.account, audit.TokenMade, "", map[string]any{"token": made.ID, "name": name, "days": days}))
}

// RevokeToken ends a token. Needs ManageAccounts. Fault: NotFound.
func (d *Doors) RevokeToken(ctx context.Context, tx pgx.Tx, id, token int64) error {
	s, err := lookAfter(ctx, tx, id)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `UPDATE api_token SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 AND account = $2`, token, id)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return fault.New(fault.NotFound, fmt.Sprintf("该账号没有编号为 %d 的令牌", token), fmt.Sprintf("the account has no token %d", token))
	}
	if err := changed(ctx, tx, s.account); err != nil {
		return err
	}
	return d.trail.Write(ctx, tx, entryAbout(s.account, audit.TokenRevoked, "", map[string]int64{"token": token}))
}
