// Package accesstest gives tests doors over a real database, and people who have come in through them.
package accesstest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"sync"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/postgres"
	"jingwei/internal/vault"
)

// Password is that of every person these tests make.
const Password = "violet-harbour-lantern-9"

// SessionCookie is the name of the cookie that holds a session's token.
const SessionCookie = "jingwei_session"

// Doors are doors with fresh keys, or with those of a server that runs.
type Doors struct {
	*access.Doors
	Vault *vault.Vault
	Trail *audit.Trail

	t  testing.TB
	db *postgres.DB
}

// New makes doors with keys of their own.
func New(t testing.TB, db *postgres.DB) *Doors { return With(t, db, vault.New(vault.Generate())) }

// With makes doors with given keys.
func With(t testing.TB, db *postgres.DB, keys *vault.Vault) *Doors {
	trail := audit.New(keys)
	return &Doors{access.New(access.Config{DB: db.App, Vault: keys, Trail: trail}), keys, trail, t, db}
}

// Person makes an account that belongs to a division, with grants and labels, and a session of it: it gives the session's token. One that
// exists gets another session.
func (d *Doors) Person(name, division string, grants []access.Grant, labels ...access.LabelGrant) (token string) {
	d.t.Helper()
	d.Account(name, division, "person", grants, labels...)
	return d.SignedIn(name)
}

// hash is that of Password, made once in a process: it takes long, as it should.
var hash = sync.OnceValues(func() (string, error) { return argon2id.CreateHash(Password, argon2id.DefaultParams) })

// Account makes an account, and gives its id; that of the one that exists when the name is taken. A person's password is Password.
func (d *Doors) Account(name, division, kind string, grants []access.Grant, labels ...access.LabelGrant) (id int64) {
	d.t.Helper()
	ctx := access.AtServer(context.Background())
	password, err := hash()
	if err != nil {
		d.t.Fatal(err)
	}
	err = d.db.InTx(ctx, func(tx pgx.Tx) error {
		if id, err = access.Named(ctx, tx, name); err == nil {
			return nil
		}
		err := tx.QueryRow(ctx, `INSERT INTO account (name, display, kind, division, password) VALUES ($1, $2, $3, $4, CASE WHEN $3 = 'person' THEN $5 END) RETURNING id`,
			name, "测试 "+name, kind, division, password).Scan(&id)
		if err != nil {
			return err
		}
		for _, g := range grants {
			if err := d.Give(ctx, tx, id, g); err != nil {
				return err
			}
		}
		for _, l := range labels {
			if err := d.GiveLabel(ctx, tx, id, l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

// SignedIn gives the token of a new session of an account, as if its owner had come in; an officer's account has a second factor then.
// Enter is the long way.
func (d *Doors) SignedIn(name string) (token string) {
	d.t.Helper()
	ctx := access.AtServer(context.Background())
	token = rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(token))
	err := d.db.InTx(ctx, func(tx pgx.Tx) error {
		id, err := access.Named(ctx, tx, name)
		if err != nil {
			return err
		}
		secret, err := d.Vault.Seal([]byte("JBSWY3DPEHPK3PXP"), fmt.Sprintf("account.totp:%d", id))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE account SET totp = $2 WHERE id = $1 AND totp IS NULL
			AND EXISTS (SELECT FROM account_grant WHERE account = id AND role IN ('administrator', 'security-officer', 'auditor'))`, id, secret)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO session (token, account, stage, ends_at) VALUES ($1, $2, 'open', now() + interval '12 hours')`, sum[:], id)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return token
}

// Enter signs an account in by its password; an officer's sets up a second factor on the way.
func (d *Doors) Enter(name string) (token string) {
	d.t.Helper()
	ctx := context.Background()
	made, err := d.SignIn(ctx, access.Attempt{Name: name, Password: Password, Address: "127.0.0.1"})
	if err != nil {
		d.t.Fatal(err)
	}
	if made.Stage != access.Enrol {
		return made.Token
	}
	i, err := d.Identify(ctx, made.Token, false)
	if err != nil {
		d.t.Fatal(err)
	}
	f, err := d.BeginFactor(ctx, i)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.ConfirmFactor(ctx, i, Code(d.t, f.Secret)); err != nil {
		d.t.Fatal(err)
	}
	return made.Token
}
