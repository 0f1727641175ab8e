package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
	"jingwei/internal/vault"
)

// accountCommand looks after accounts from the server's command line: whoever may run it may do anything with them, and each thing done
// stands in the trail. The first account is made here, and so are those of the three officers looked after.
type accountCommand struct {
	Add     accountAdd     `cmd:"" help:"Make an account and print its first password."`
	List    accountList    `cmd:"" help:"List accounts."`
	Grant   accountGrant   `cmd:"" help:"Give an account a role or a special group's label."`
	Revoke  accountRevoke  `cmd:"" help:"Take a role or a label away."`
	Reset   accountReset   `cmd:"" help:"Reset an account's password, second factor or sessions."`
	Disable accountDisable `cmd:"" help:"Disable an account, or enable it again."`
	Token   accountToken   `cmd:"" help:"Make an API token for a machine's account."`

	RotateKeys rotateKeysCommand `cmd:"" help:"Seal what is sealed under a new key; goes on while the program serves, and where it was when it was stopped."`
}

// atDoors runs f with the doors, in a transaction that may do anything with accounts, as the command line.
func (s *console) atDoors(ctx context.Context, f func(ctx context.Context, doors *access.Doors, tx pgx.Tx) error) error {
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	in, err := s.entrance(ctx, db)
	if err != nil {
		return err
	}
	ctx = access.AtServer(ctx)
	if err := db.InTx(ctx, func(tx pgx.Tx) error { return f(ctx, in.doors, tx) }); err != nil {
		return err
	}
	s.chain(ctx, db, in)
	return nil
}

type accountAdd struct {
	Name          string   `arg:"" help:"What is typed to sign in: a to z, figures, dots, dashes."`
	Display       string   `help:"The name that others see (default: the same)."`
	Division      string   `help:"Where the account belongs: whose administrator looks after it." placeholder:"CODE" required:""`
	Role          []string `help:"A role: planner, dispatcher, leader, grid-worker, clerk, administrator, security-officer or auditor; on the account's division, or ROLE:CODE." placeholder:"ROLE[:CODE]"`
	Label         []string `help:"A special group that it may see: released, correction, mental, drugs, youth or petition; on the account's division, or LABEL:CODE." placeholder:"LABEL[:CODE]"`
	Machine       bool     `help:"A machine: no password, but tokens."`
	PasswordStdin bool     `help:"Read the password from standard input instead of making one; it needn't be changed then."`
}

func (c *accountAdd) Run(ctx context.Context, s *console) error {
	chosen := ""
	if c.PasswordStdin {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		chosen = strings.TrimRight(line, "\r\n")
	}
	draft := access.Draft{Name: c.Name, Display: c.Display, Kind: "person", Division: c.Division}
	if c.Machine {
		draft.Kind = "machine"
	}
	if draft.Display == "" {
		draft.Display = c.Name
	}
	var made access.Account
	var password string
	err := s.atDoors(ctx, func(ctx context.Context, doors *access.Doors, tx pgx.Tx) (err error) {
		if made, password, err = doors.Create(ctx, tx, draft); err != nil {
			return err
		}
		if chosen != "" {
			if err := doors.SetPassword(ctx, tx, made.ID, chosen); err != nil {
				return err
			}
			password = ""
		}
		return c.grant(ctx, doors, tx, made.ID)
	})
	if err != nil {
		return err
	}
	out := map[string]any{"id": made.ID, "name": made.Name}
	if password != "" {
		out["password"] = password
	}
	return s.result(out, func(w io.Writer) {
		fmt.Fprintf(w, "账号 account %s\n", made.Name)
		if password != "" {
			fmt.Fprintf(w, "初始密码 first password: %s （只显示这一次，首次登录须更改 / shown this once, to be changed at the first sign-in）\n", password)
		}
	})
}

func (c *accountAdd) grant(ctx context.Context, doors *access.Doors, tx pgx.Tx, id int64) error {
	for _, r := range c.Role {
		role, code := onGround(r, c.Division)
		if err := doors.Give(ctx, tx, id, access.Grant{Role: access.Role(role), Code: code}); err != nil {
			return err
		}
	}
	for _, l := range c.Label {
		label, code := onGround(l, c.Division)
		if err := doors.GiveLabel(ctx, tx, id, access.LabelGrant{Label: access.Label(label), Code: code}); err != nil {
			return err
		}
	}
	return nil
}

// onGround reads ROLE or ROLE:CODE.
func onGround(s, division string) (what, code string) {
	what, code, said := strings.Cut(s, ":")
	if !said {
		code = division
	}
	return what, code
}

type accountList struct {
	Q    string `help:"Only those with this in their names."`
	Role string `help:"Only those with this role."`
}

func (c *accountList) Run(ctx context.Context, s *console) error {
	var all []access.Listed
	err := s.atDoors(ctx, func(ctx context.Context, _ *access.Doors, tx pgx.Tx) error {
		after := ""
		for more := true; more; {
			var page []access.Listed
			var err error
			if page, more, err = access.List(ctx, tx, c.Q, c.Role, "", after, 500); err != nil {
				return err
			}
			all = append(all, page...)
			if more {
				after = page[len(page)-1].Name
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.result(all, func(w io.Writer) {
		for _, a := range all {
			writeAccount(w, a)
		}
	})
}

// writeAccount is an account in one line: its name, its kind, its division, its grants.
func writeAccount(w io.Writer, a access.Listed) {
	var what []string
	for _, g := range a.Grants {
		what = append(what, string(g.Role)+":"+g.Code)
	}
	for _, l := range a.Labels {
		what = append(what, string(l.Label)+":"+l.Code)
	}
	state := ""
	if a.Disabled {
		state = " （已停用 disabled）"
	}
	fmt.Fprintf(w, "%-24s %-7s %-12s %s%s\n", a.Name, a.Kind, a.Division, strings.Join(what, " "), state)
}

// accountGive is what giving and taking have in common.
type accountGive struct {
	Name  string   `arg:"" help:"The account."`
	Role  []string `help:"ROLE:CODE; a grid worker's code is a grid's." placeholder:"ROLE:CODE"`
	Label []string `help:"LABEL:CODE." placeholder:"LABEL:CODE"`
}

func (c *accountGive) run(ctx context.Context, s *console, role func(context.Context, *access.Doors, pgx.Tx, int64, access.Grant) error,
	label func(context.Context, *access.Doors, pgx.Tx, int64, access.LabelGrant) error) error {
	if len(c.Role)+len(c.Label) == 0 {
		return fault.New(fault.Invalid, "请用 --role 或 --label 说明授予或取消什么", "say what with --role or --label")
	}
	return s.change(ctx, c.Name, func(ctx context.Context, doors *access.Doors, tx pgx.Tx, id int64) error {
		for _, r := range c.Role {
			what, code := onGround(r, "")
			if code == "" {
				return noGround(r)
			}
			if err := role(ctx, doors, tx, id, access.Grant{Role: access.Role(what), Code: code}); err != nil {
				return err
			}
		}
		for _, l := range c.Label {
			what, code := onGround(l, "")
			if code == "" {
				return noGround(l)
			}
			if err := label(ctx, doors, tx, id, access.LabelGrant{Label: access.Label(what), Code: code}); err != nil {
				return err
			}
		}
		return nil
	})
}

// noGround says that a role or a label came without its ground.
func noGround(what string) error {
	return fault.New(fault.Invalid, fmt.Sprintf("请写明 %q 的范围：%s:区划或网格代码，例如 %[2]s:370883001", what, what),
		fmt.Sprintf("say on which ground: %s:CODE, with a division's or a grid's code, such as %[1]s:370883001", what))
}

// change runs f on the account with a name and says what is true of the account afterwards.
func (s *console) change(ctx context.Context, name string, f func(ctx context.Context, doors *access.Doors, tx pgx.Tx, id int64) error) error {
	var now access.Listed
	err := s.onAccount(ctx, name, func(ctx context.Context, doors *access.Doors, tx pgx.Tx, id int64) (err error) {
		if err = f(ctx, doors, tx, id); err == nil {
			now, err = access.Find(ctx, tx, id)
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.result(now, func(w io.Writer) { writeAccount(w, now) })
}

// onAccount runs f on the account with a name.
func (s *console) onAccount(ctx context.Context, name string, f func(ctx context.Context, doors *access.Doors, tx pgx.Tx, id int64) error) error {
	return s.atDoors(ctx, func(ctx context.Context, doors *access.Doors, tx pgx.Tx) error {
		id, err := access.Named(ctx, tx, name)
		if err != nil {
			return err
		}
		return f(ctx, doors, tx, id)
	})
}

type accountGrant struct{ accountGive }

func (c *accountGrant) Run(ctx context.Context, s *console) error {
	return c.run(ctx, s,
		func(ctx context.Context, d *access.Doors, tx pgx.Tx, id int64, g access.Grant) error {
			return d.Give(ctx, tx, id, g)
		},
		func(ctx context.Context, d *access.Doors, tx pgx.Tx, id int64, l access.LabelGrant) error {
			return d.GiveLabel(ctx, tx, id, l)
		})
}

type accountRevoke struct{ accountGive }

func (c *accountRevoke) Run(ctx context.Context, s *console) error {
	return c.run(ctx, s,
		func(ctx context.Context, d *access.Doors, tx pgx.Tx, id int64, g access.Grant) error {
			return d.Take(ctx, tx, id, g)
		},
		func(ctx context.Context, d *access.Doors, tx pgx.Tx, id int64, l access.LabelGrant) error {
			return d.TakeLabel(ctx, tx, id, l)
		})
}

type accountReset struct {
	Name string `arg:"" help:"The account."`
	What string `arg:"" help:"password, second-factor or sessions." enum:"password,second-factor,sessions"`
}

func (c *accountReset) Run(ctx context.Context, s *console) error {
	var password string
	err := s.onAccount(ctx, c.Name, func(ctx context.Context, doors *access.Doors, tx pgx.Tx, id int64) (err error) {
		password, err = doors.Reset(ctx, tx, id, c.What)
		return err
	})
	if err != nil {
		return err
	}
	out := map[string]string{"reset": c.What}
	if password != "" {
		out["password"] = password
	}
	return s.result(out, func(w io.Writer) {
		if password != "" {
			fmt.Fprintf(w, "新的初始密码 new first password: %s （首次登录须更改 / to be changed at the first sign-in）\n", password)
			return
		}
		fmt.Fprintf(w, "已重置 reset: %s %s\n", c.Name, c.What)
	})
}

type accountDisable struct {
	Name string `arg:"" help:"The account."`
	Undo bool   `help:"Enable it again."`
}

func (c *accountDisable) Run(ctx context.Context, s *console) error {
	return s.change(ctx, c.Name, func(ctx context.Context, doors *access.Doors, tx pgx.Tx, id int64) error {
		disabled := !c.Undo
		return doors.Change(ctx, tx, id, access.Change{Disabled: &disabled})
	})
}

type accountToken struct {
	Name string `arg:"" help:"The machine's account."`
	For  string `help:"What the token is for." default:"command line"`
	Days int    `help:"How many days it is good for." default:"90"`
}

func (c *accountToken) Run(ctx context.Context, s *console) error {
	var token string
	err := s.onAccount(ctx, c.Name, func(ctx context.Context, doors *access.Doors, tx pgx.Tx, id int64) (err error) {
		token, _, err = doors.MakeToken(ctx, tx, id, c.For, c.Days)
		return err
	})
	if err != nil {
		return err
	}
	return s.result(map[string]string{"token": token}, func(w io.Writer) { fmt.Fprintln(w, token) })
}

// entrance is what a server needs to let people in: the keys, the trail and the doors.
type entrance struct {
	keys  *vault.Vault
	trail *audit.Trail
	doors *access.Doors
}

// entrance opens the keys; they are made where nothing was ever sealed. A file of keys that is lost is never replaced by another: what is
// sealed would be lost with it, and nobody would have said so.
func (s *console) entrance(ctx context.Context, db *postgres.DB) (*entrance, error) {
	var untouched bool
	err := db.Owner.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM audit_entry) AND NOT EXISTS (SELECT FROM incident)
		AND NOT EXISTS (SELECT FROM responder WHERE phone IS NOT NULL) AND NOT EXISTS (SELECT FROM resident) AND NOT EXISTS (SELECT FROM intake_part) AND NOT EXISTS (SELECT FROM unplaced_address) AND NOT EXISTS (SELECT FROM account WHERE totp IS NOT NULL) AND NOT EXISTS (SELECT FROM audit_checkpoint)`).Scan(&untouched)
	if err != nil {
		return nil, err
	}
	keys, err := s.vault(untouched)
	if err != nil {
		return nil, err
	}
	trail := audit.New(keys)
	return &entrance{keys, trail, access.New(access.Config{DB: db.App, Vault: keys, Trail: trail, Logger: s.logger()})}, nil
}
