package access

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// What administrators and security officers do with others' accounts. Each function runs in the caller's transaction, as the actor of its
// context: the database's policies bound it too. An administrator makes accounts and looks after them but gives no role; a security
// officer gives roles and labels but makes no account; neither touches their own. The accounts of the three officers themselves are
// reset and disabled at the command line alone (see docs/security.md): otherwise an administrator could walk into the auditor's.

// Draft is an account to be made.
type Draft struct {
	Name, Display string
	Kind          string // "person" or "machine"
	Division      string
}

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)

// check puts a draft into its form. Fault: Invalid.
func (a *Draft) check() error {
	a.Name, a.Display = strings.ToLower(strings.TrimSpace(a.Name)), strings.TrimSpace(clipTo(a.Display, 400))
	if !nameForm.MatchString(a.Name) {
		return fault.New(fault.Invalid, "登录名应为 2–40 个小写字母、数字、点、横线或下划线，以字母或数字开头",
			"a name to sign in with has 2 to 40 letters a to z, figures, dots, dashes or underscores, and begins with a letter or a figure")
	}
	if err := checkDisplay(a.Display); err != nil {
		return err
	}
	if a.Kind != "person" && a.Kind != "machine" {
		return fault.New(fault.Invalid, "账号类型应为 person（人员）或 machine（机器）", "an account's kind is person or machine")
	}
	return nil
}

func checkDisplay(display string) error {
	if n := len([]rune(display)); n == 0 || n > 80 {
		return fault.New(fault.Invalid, "显示名应为 1–80 个字符", "the name that is shown has 1 to 80 characters")
	}
	return nil
}

// Create makes an account without any role, and gives a person's first password, which has to be changed at the first sign-in.
//
// Needs ManageAccounts on the division. Faults: Invalid; Conflict when the name is taken; Forbidden; NotFound (no such division).
func (d *Doors) Create(ctx context.Context, tx pgx.Tx, draft Draft) (account Account, password string, err error) {
	if err := draft.check(); err != nil {
		return account, "", err
	}
	if err := divisionExists(ctx, tx, draft.Division); err != nil {
		return account, "", err
	}
	if err := mayOn(ctx, ManageAccounts, draft.Division); err != nil {
		return account, "", err
	}
	var hash *string
	if draft.Kind == "person" {
		if password, err = NewPassword(); err != nil {
			return account, "", err
		}
		h, err := hashPassword(password)
		if err != nil {
			return account, "", err
		}
		hash = &h
	}
	account = Account{Name: draft.Name, Display: draft.Display, Kind: draft.Kind, Division: draft.Division}
	err = tx.QueryRow(ctx, `INSERT INTO account (name, display, kind, division, password, password_at, must_change, created_by)
		VALUES ($1, $2, $3, $4, $5, now(), $3 = 'person', nullif($6::bigint, 0)) RETURNING id`,
		draft.Name, draft.Display, draft.Kind, draft.Division, hash, postgres.ActorOf(ctx).Account).Scan(&account.ID)
	if sqlState(err) == "23505" {
		return account, "", fault.New(fault.Conflict, fmt.Sprintf("登录名 %s 已被使用", draft.Name), fmt.Sprintf("the name %s is taken", draft.Name))
	}
	if err != nil {
		return account, "", err
	}
	return account, password, d.trail.Write(ctx, tx, entryAbout(account, audit.AccountCreated, "", map[string]string{"kind": draft.Kind}))
}

// mayOn refuses what the actor's scope doesn't reach, in words; the database would refuse it too, without any.
func mayOn(ctx context.Context, c postgres.Capability, code string) error {
	ground := postgres.GroundOf(code)
	scope := postgres.ActorOf(ctx).Scope
	if len(ground) > 0 && (scope[c].Contains(ground[0]) || scope[door].Contains(ground[0])) {
		return nil
	}
	return fault.New(fault.Forbidden, fmt.Sprintf("%s 不在您的管辖范围内", clip(code)), fmt.Sprintf("%s isn't within your ground", clip(code)))
}

func divisionExists(ctx context.Context, tx pgx.Tx, code string) error {
	var there bool
	err := tx.QueryRow(ctx, `SELECT CASE WHEN length($1) = 15 THEN EXISTS (SELECT FROM grid WHERE county = left($1, 6)::integer AND code = $1::bigint AND retired IS NULL)
		ELSE EXISTS (SELECT FROM division WHERE code = $1) END WHERE $1 ~ '^[0-9]{6}([0-9]{3}){0,3}$'`, code).Scan(&there)
	if err == nil && there {
		return nil
	}
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	return fault.New(fault.NotFound, fmt.Sprintf("没有代码为 %q 的区划或网格", clip(code)), fmt.Sprintf("there is no division or grid with the code %q", clip(code)))
}

// find reads an account that the actor may see. Fault: NotFound.
func find(ctx context.Context, tx pgx.Tx, id int64) (*standing, error) {
	s, err := readStanding(ctx, tx, `a.id = $1`, id)
	if err != nil {
		return nil, err
	}
	if s.account.ID == 0 {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("没有编号为 %d 的账号，或不在您的管辖范围内", id), fmt.Sprintf("there is no account %d, or it isn't within your ground", id))
	}
	return s, nil
}

// lookAfter is find for what an administrator does: not to their own account, not to an officer's.
func lookAfter(ctx context.Context, tx pgx.Tx, id int64) (*standing, error) {
	s, err := find(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	actor := postgres.ActorOf(ctx)
	if len(actor.Scope[door]) > 0 { // the command line
		return s, nil
	}
	if err := mayOn(ctx, ManageAccounts, s.account.Division); err != nil {
		return nil, err
	}
	if id == actor.Account {
		return nil, fault.New(fault.Forbidden, "不能这样更改自己的账号；请用“我的账号”", "nobody changes their own account this way; use “my account”")
	}
	if officer(s.grants) {
		return nil, fault.New(fault.Forbidden, "三员（系统管理员、安全管理员、审计员）的账号只能在服务器命令行上处理：jingwei account",
			"the accounts of administrators, security officers and auditors are looked after at the server's command line only: jingwei account")
	}
	return s, nil
}

// opens is lookAfter for what lets an administrator, or whoever they tell, in as somebody else: not where that reaches beyond their own ground.
func opens(ctx context.Context, tx pgx.Tx, id int64) (*standing, error) {
	s, err := lookAfter(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	codes := make([]string, 0, len(s.grants)+len(s.labels))
	for _, g := range s.grants {
		codes = append(codes, g.Code)
	}
	for _, l := range s.labels {
		codes = append(codes, l.Code)
	}
	for _, code := range codes {
		if mayOn(ctx, ManageAccounts, code) != nil {
			return nil, fault.New(fault.Forbidden, fmt.Sprintf("该账号的角色或标签涉及 %s，超出您的管辖范围；须由管辖该处的系统管理员处理", code),
				fmt.Sprintf("the account's roles or labels reach to %s, beyond your ground: that takes the administrator of that place", code))
		}
	}
	return s, nil
}

// Change is what to change of an account; nil leaves it.
type Change struct {
	Display, Division *string
	Disabled          *bool
}

// Change changes an account. One that is disabled is signed out at once. Needs ManageAccounts where it belongs and where it will.
func (d *Doors) Change(ctx context.Context, tx pgx.Tx, id int64, c Change) error {
	s, err := lookAfter(ctx, tx, id)
	if err != nil {
		return err
	}
	if c.Display != nil {
		display := strings.TrimSpace(clipTo(*c.Display, 400))
		if err := checkDisplay(display); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE account SET display = $2 WHERE id = $1`, id, display); err != nil {
			return err
		}
	}
	if c.Division != nil && *c.Division != s.account.Division {
		if err := divisionExists(ctx, tx, *c.Division); err != nil {
			return err
		}
		if err := mayOn(ctx, ManageAccounts, *c.Division); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE account SET division = $2 WHERE id = $1`, id, *c.Division); err != nil {
			return err
		}
	}
	action := audit.AccountChanged
	if c.Disabled != nil && *c.Disabled != s.disabled {
		action = audit.AccountEnabled
		if *c.Disabled {
			action = audit.AccountDisabled
			if err := endSessions(ctx, tx, id); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE account SET disabled_at = CASE WHEN $2 THEN now() END WHERE id = $1`, id, *c.Disabled); err != nil {
			return err
		}
	}
	if err := changed(ctx, tx, s.account); err != nil {
		return err
	}
	return d.trail.Write(ctx, tx, entryAbout(s.account, action, "", nil))
}

func endSessions(ctx context.Context, tx pgx.Tx, id int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE account = $1`, id)
	return err
}

// The things that Reset resets.
const (
	ResetPassword = "password"
	ResetFactor   = "second-factor"
	ResetSessions = "sessions"
)

// Reset gives an account a new first password, takes its second factor away, or ends its sessions; all three end its sessions. Needs
// ManageAccounts, also wherever the account has roles and labels.
func (d *Doors) Reset(ctx context.Context, tx pgx.Tx, id int64, what string) (password string, err error) {
	s, err := opens(ctx, tx, id)
	if err != nil {
		return "", err
	}
	switch what {
	case ResetPassword:
		if s.account.Kind != "person" {
			return "", fault.New(fault.Invalid, "机器账号没有密码，只有令牌", "a machine has tokens and no password")
		}
		if password, err = NewPassword(); err != nil {
			return "", err
		}
		hash, err := hashPassword(password)
		if err != nil {
			return "", err
		}
		_, err = tx.Exec(ctx, `UPDATE account SET password = $2, password_at = now(), must_change = true WHERE id = $1`, id, hash)
		if err != nil {
			return "", err
		}
	case ResetFactor:
		// Its recovery codes go by without one: they are looked at only when there is a second factor, and setting one up replaces them.
		if _, err := tx.Exec(ctx, `UPDATE account SET totp = NULL, totp_step = 0 WHERE id = $1`, id); err != nil {
			return "", err
		}
	case ResetSessions:
	default:
		return "", fault.New(fault.Invalid, "可重置的有：password（密码）、second-factor（第二重验证）、sessions（登录）", "what can be reset: password, second-factor, sessions")
	}
	if err := endSessions(ctx, tx, id); err != nil {
		return "", err
	}
	if err := changed(ctx, tx, s.account); err != nil {
		return "", err
	}
	return password, d.trail.Write(ctx, tx, entryAbout(s.account, audit.AccountReset, "", map[string]string{"what": what}))
}

// Forget has this node forget at once what it remembers of an account; call it when a change has been committed. The others hear of
// it through the outbox.
func (d *Doors) Forget(account int64) { d.known.forget(account) }

func sqlState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
