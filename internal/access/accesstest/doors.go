// Package accesstest gives tests doors over a real database, and people who have come in through them.
package accesstest

import (
	"context"
	"testing"

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

// Person makes an account that belongs to a division, with grants and labels, and signs it in: it gives the session's token. One that
// exists is signed in again.
func (d *Doors) Person(name, division string, grants []access.Grant, labels ...access.LabelGrant) (token string) {
	d.t.Helper()
	d.Account(name, division, "person", grants, labels...)
	return d.SignedIn(name)
}

// Account makes an account, and gives its id; that of the one that exists when the name is taken.
func (d *Doors) Account(name, division, kind string, grants []access.Grant, labels ...access.LabelGrant) (id int64) {
	d.t.Helper()
	ctx := access.AtServer(context.Background())
	err := d.db.InTx(ctx, func(tx pgx.Tx) (err error) {
		if id, err = access.Named(ctx, tx, name); err == nil {
			return nil
		}
		made, _, err := d.Create(ctx, tx, access.Draft{Name: name, Display: "测试 " + name, Kind: kind, Division: division})
		if err != nil {
			return err
		}
		id = made.ID
		if kind == "person" {
			if err := d.SetPassword(ctx, tx, id, Password); err != nil {
				return err
			}
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

// SignedIn signs an account in; an officer's sets up a second factor on the way.
func (d *Doors) SignedIn(name string) (token string) {
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
