package access_test

import (
	"context"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
)

// officers are one of each of the three for the county, and one of each for a town.
func (h *house) officers() (admin, security, townAdmin, townSecurity string) {
	grant := func(r access.Role, code string) []access.Grant { return []access.Grant{{Role: r, Code: code}} }
	return h.Person("admin", "110108", grant(access.Administrator, "110108")), h.Person("security", "110108", grant(access.SecurityOfficer, "110108")),
		h.Person("town-admin", "110108001", grant(access.Administrator, "110108001")), h.Person("town-security", "110108001", grant(access.SecurityOfficer, "110108001"))
}

// An administrator makes accounts and gives no roles, a security officer gives roles and makes no accounts, each on their own ground,
// neither to themselves.
func TestPowersAreSeparated(t *testing.T) {
	h := setup(t)
	admin, security, townAdmin, townSecurity := h.officers()
	create := func(token, name, division string) (id int64, err error) {
		err = h.as(token, func(ctx context.Context, tx pgx.Tx) error {
			made, _, err := h.Create(ctx, tx, access.Draft{Name: name, Display: name, Kind: "person", Division: division})
			id = made.ID
			return err
		})
		return id, err
	}
	give := func(token string, id int64, role access.Role, code string) error {
		return h.as(token, func(ctx context.Context, tx pgx.Tx) error {
			return h.Give(ctx, tx, id, access.Grant{Role: role, Code: code})
		})
	}
	label := func(token string, id int64, code string) error {
		return h.as(token, func(ctx context.Context, tx pgx.Tx) error {
			return h.GiveLabel(ctx, tx, id, access.LabelGrant{Label: access.Mental, Code: code})
		})
	}
	east, err := create(townAdmin, "east", "110108001")
	if err != nil {
		t.Fatal(err)
	}
	west, err := create(admin, "west", "110108002")
	if err != nil {
		t.Fatal(err)
	}
	_, err = create(townAdmin, "other", "110108002")
	h.is("an account of another town", err, fault.Forbidden)
	_, err = create(townAdmin, "county", "110108")
	h.is("an account of the county", err, fault.Forbidden)
	_, err = create(security, "x1", "110108001")
	h.is("a security officer makes an account", err, fault.Forbidden)
	_, err = create(admin, "east", "110108002")
	h.is("a name that is taken", err, fault.Conflict)
	_, err = create(admin, "nowhere", "110109")
	h.is("a division that isn't there", err, fault.NotFound)

	if err := give(townSecurity, east, access.Leader, "110108001"); err != nil {
		t.Error(err)
	}
	h.is("a role on more than one's own ground", give(townSecurity, east, access.Leader, "110108"), fault.Forbidden)
	h.is("a role for another town's account", give(townSecurity, west, access.Leader, "110108001"), fault.NotFound)
	h.is("an administrator gives a role", give(admin, east, access.Leader, "110108001"), fault.Forbidden)
	h.is("a community's role for a grid worker", give(security, east, access.GridWorker, "110108001"), fault.Invalid)
	h.is("a grid that isn't there", give(security, east, access.GridWorker, "110108001001001"), fault.NotFound)
	h.is("a role that isn't there", give(security, east, "emperor", "110108"), fault.Invalid)
	h.is("a role for oneself", give(security, h.identity(security).Account.ID, access.Leader, "110108"), fault.Forbidden)
	if err := label(security, east, "110108001"); err != nil {
		t.Error(err)
	}
	h.is("a label given by an administrator", label(admin, east, "110108001"), fault.Forbidden)
	h.is("a label for oneself", label(security, h.identity(security).Account.ID, "110108"), fault.Forbidden)

	// Nobody looks after an officer's account but the command line.
	auditor := h.Account("audit", "110108001", "person", []access.Grant{{Role: access.Auditor, Code: "110108001"}})
	for what, f := range map[string]func(ctx context.Context, tx pgx.Tx) error{
		"reset": func(ctx context.Context, tx pgx.Tx) error {
			_, err := h.Reset(ctx, tx, auditor, access.ResetPassword)
			return err
		},
		"disable": func(ctx context.Context, tx pgx.Tx) error {
			yes := true
			return h.Change(ctx, tx, auditor, access.Change{Disabled: &yes})
		},
		"self": func(ctx context.Context, tx pgx.Tx) error {
			_, err := h.Reset(ctx, tx, h.identity(admin).Account.ID, access.ResetFactor)
			return err
		},
	} {
		h.is(what, h.as(admin, f), fault.Forbidden)
	}
	if err := h.as(admin, func(ctx context.Context, tx pgx.Tx) error {
		_, err := h.Reset(ctx, tx, east, access.ResetPassword)
		return err
	}); err != nil {
		t.Error(err)
	}
	h.is("another town's account reset", h.as(townAdmin, func(ctx context.Context, tx pgx.Tx) error {
		_, err := h.Reset(ctx, tx, west, access.ResetPassword)
		return err
	}), fault.NotFound)
}

// The database itself refuses what the program might forget: an administrator who writes grants, a security officer who grants to themselves, an
// account moved out of one's ground.
func TestTheDatabaseRefusesToo(t *testing.T) {
	h := setup(t)
	admin, security, townAdmin, _ := h.officers()
	h.Account("east", "110108001", "person", nil)
	h.Account("west", "110108002", "person", nil)
	for what, c := range map[string]struct{ token, sql string }{
		"an administrator grants":       {admin, `INSERT INTO account_grant (account, role, code) SELECT id, 'leader', '110108' FROM account WHERE name = 'east'`},
		"a grant to oneself":            {security, `INSERT INTO account_grant (account, role, code) SELECT id, 'leader', '110108' FROM account WHERE name = 'security'`},
		"a security officer's account":  {security, `INSERT INTO account (name, display, kind, division) VALUES ('x9', 'x', 'person', '110108')`},
		"an account moved out of reach": {townAdmin, `UPDATE account SET division = '110108002' WHERE name = 'east'`},
		"a token for a person":          {admin, `INSERT INTO api_token (account, token, name, expires_at) SELECT id, 'x', 'x', now() FROM account WHERE name = 'east'`},
		"somebody else's session":       {admin, `INSERT INTO session (token, account, stage, ends_at) SELECT 'x', id, 'open', now() FROM account WHERE name = 'east'`},
	} {
		err := h.as(c.token, func(ctx context.Context, tx pgx.Tx) error { _, err := tx.Exec(ctx, c.sql); return err })
		if err == nil {
			t.Errorf("%s: done", what)
		}
	}
	for what, c := range map[string]struct{ token, sql string }{
		"another town's account changed":   {townAdmin, `UPDATE account SET display = 'x' WHERE name = 'west'`},
		"one's own grant taken":            {security, `DELETE FROM account_grant WHERE account = actor()`},
		"an administrator takes a grant":   {admin, `DELETE FROM account_grant`},
		"a security officer ends sessions": {security, `DELETE FROM session WHERE account <> actor()`},
	} {
		err := h.as(c.token, func(ctx context.Context, tx pgx.Tx) error {
			tag, err := tx.Exec(ctx, c.sql)
			if err == nil && tag.RowsAffected() > 0 {
				t.Errorf("%s: %d rows", what, tag.RowsAffected())
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}

}

// No account holds two of the three officers' roles, also when they are given at the same moment.
func TestThreeOfficers(t *testing.T) {
	h := setup(t)
	id := h.Account("wei", "110108", "person", nil)
	ctx := access.AtServer(h.ctx)
	var all sync.WaitGroup
	errs := make([]error, 3)
	for n, role := range []access.Role{access.Administrator, access.SecurityOfficer, access.Auditor} {
		all.Go(func() {
			errs[n] = h.db.InTx(ctx, func(tx pgx.Tx) error { return h.Give(ctx, tx, id, access.Grant{Role: role, Code: "110108"}) })
		})
	}
	all.Wait()
	given := 0
	for _, err := range errs {
		if err == nil {
			given++
		} else if fault.CodeOf(err) != fault.Conflict {
			t.Error(err)
		}
	}
	if given != 1 {
		t.Errorf("%d of the three were given: %v", given, errs)
	}
	var roles int
	if err := h.db.Owner.QueryRow(h.ctx, `SELECT count(*) FROM account_grant WHERE account = $1`, id).Scan(&roles); err != nil || roles != 1 {
		t.Errorf("%d roles (%v)", roles, err)
	}
}
