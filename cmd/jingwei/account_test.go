package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/postgres/pgtest"
)

// The first account is made at the command line; with the password that it prints one comes in, and has to choose another. Keys change under it.
func TestTheFirstAccount(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	db := pgtest.Open(t, d.url)
	if _, err := db.Owner.Exec(t.Context(), `INSERT INTO division (code, county, level, name, source) VALUES ('370883', 370883, 'county', '测试县', 'test')`); err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]string{
		{"account", "add", "A b", "--division", "370883"}, {"account", "add", "li", "--division", "110108"}, {"account", "add", "li", "--division", "370883", "--role", "emperor"},
		{"account", "add", "li", "--division", "370883", "--role", "grid-worker"}, {"account", "reset", "nobody", "password"},
		{"account", "add", "li", "--division", "370883", "--role", "administrator", "--role", "auditor"}, {"account", "token", "li"},
	} {
		if status, _, errs := d.try(bad...); status == 0 || !strings.Contains(errs, `"zh"`) {
			t.Errorf("%v: exit status %d: %s", bad, status, errs)
		}
	}
	var made struct{ Name, Password string }
	_, out, errs := d.try("account", "add", "Li", "--division", "370883", "--role", "auditor", "--label", "mental")
	if err := json.Unmarshal([]byte(out), &made); err != nil || made.Name != "li" || made.Password == "" {
		t.Fatalf("%s%s (%v)", out, errs, err)
	}
	s := &console{globals: globals{DataDir: d.data, DatabaseURL: d.url}, stderr: os.Stderr}
	in, err := s.entrance(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	session, err := in.doors.SignIn(t.Context(), access.Attempt{Name: "li", Password: made.Password, Address: "192.0.2.1"})
	if err != nil || session.Stage != access.Renew {
		t.Fatalf("%+v (%v)", session, err)
	}
	secret := enrolled(t, in.doors, session.Token, made.Password)

	if status, out, errs := d.try("account", "rotate-keys", "--forget"); status != 0 || !strings.Contains(out, `"forgotten": true`) {
		t.Fatalf("exit status %d: %s%s", status, out, errs)
	}
	if _, err := db.Owner.Exec(t.Context(), `UPDATE account SET totp_step = 0`); err != nil { // its code of just now counts once more
		t.Fatal(err)
	}
	again, err := in.doors.SignIn(t.Context(), access.Attempt{Name: "li", Password: "violet-harbour-8", Address: "192.0.2.1"})
	if err != nil || again.Stage != access.SecondFactor {
		t.Fatalf("%+v (%v)", again, err)
	}
	half, err := in.doors.Identify(t.Context(), again.Token, true)
	if err != nil {
		t.Fatal(err)
	}
	if stage, err := in.doors.PassFactor(t.Context(), half, accesstest.Code(t, secret), access.Place{Address: "192.0.2.1"}); err != nil || stage != access.Open {
		t.Errorf("the second factor under another key: %s (%v)", stage, err)
	}
	if _, err := in.trail.Chain(t.Context(), db.App, s.heads()); err != nil {
		t.Fatal(err)
	}
	if status, out, errs := d.try("verify", "--audit"); status != 0 {
		t.Errorf("verify --audit: exit status %d: %s%s", status, out, errs)
	}

	// Keys that are lost aren't replaced by others.
	if err := os.Remove(filepath.Join(d.data, "keys")); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := d.try("account", "list"); status == 0 || !strings.Contains(errs, "keys") {
		t.Errorf("without the keys: exit status %d: %s", status, errs)
	}
}

// enrolled changes a first password and sets up the second factor that an officer needs; it gives the secret.
func enrolled(t *testing.T, doors *access.Doors, token, password string) string {
	t.Helper()
	ctx := context.Background()
	i, err := doors.Identify(ctx, token, true)
	if err == nil {
		err = doors.ChangePassword(ctx, i, password, "violet-harbour-8", access.Place{Address: "192.0.2.1"})
	}
	if err == nil {
		i, err = doors.Identify(ctx, token, true)
	}
	if err != nil || i.Stage != access.Enrol {
		t.Fatal(i, err)
	}
	f, err := doors.BeginFactor(ctx, i)
	if err == nil {
		_, err = doors.ConfirmFactor(ctx, i, accesstest.Code(t, f.Secret))
	}
	if err != nil {
		t.Fatal(err)
	}
	return f.Secret
}
