package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/vault"
)

// What jingwei verify --audit says of a trail that is whole, of one that isn't, and without keys or heads.
func TestVerifyAudit(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	dir := t.TempDir()
	db := pgtest.Open(t, d.url)
	s := console{globals: globals{DataDir: filepath.Join(dir, "not yet made")}, stderr: &bytes.Buffer{}}
	if status, _, errs := d.try("--data-dir", s.DataDir, "verify", "--audit"); status != 1 || !strings.Contains(errs, "keys") {
		t.Fatalf("without keys: %d, %s", status, errs)
	}
	keys, err := s.vault(true)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.vault(false); err != nil || again.Keys()[0] != keys.Keys()[0] {
		t.Fatalf("the keys the second time: %v, %v", again, err)
	}
	trail := audit.New(keys)
	ctx := audit.WithCaller(context.Background(), audit.Caller{Name: audit.CommandLine})
	if err := db.InTx(ctx, func(tx pgx.Tx) error {
		for range 3 {
			if err := trail.Write(ctx, tx, audit.Entry{County: 110108, Place: 110108e9, Action: audit.AccountCreated, Subject: "account:1"}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if n, err := trail.Chain(ctx, db.App, s.heads()); err != nil || n != 3 {
		t.Fatal(n, err)
	}
	verify := func(want int, more ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		status := run(context.Background(), append([]string{"--database-url", d.url, "--data-dir", s.DataDir, "verify", "--audit"}, more...), &out, &errs)
		if status != want {
			t.Fatalf("exit status %d, want %d: %s%s", status, want, out.String(), errs.String())
		}
		return out.String()
	}
	if text := verify(0); !strings.Contains(text, "the trail is whole") || !strings.Contains(text, "审计记录完整") || !strings.Contains(text, audit.HeadsFile) {
		t.Errorf("a whole trail: %s", text)
	}
	var report struct {
		Sound   bool
		Entries int
		Days    int
		Heads   int
	}
	if d.do(&report, "--data-dir", s.DataDir, "verify", "--audit"); !report.Sound || report.Entries != 3 || report.Days != 1 || report.Heads != 1 {
		t.Errorf("as JSON: %+v", report)
	}
	elsewhere := filepath.Join(dir, "elsewhere")
	text, err := os.ReadFile(filepath.Join(s.DataDir, audit.HeadsFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(elsewhere, bytes.Replace(text, []byte(" 3 "), []byte(" 9 "), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if text := verify(1, "--audit-heads", elsewhere); !strings.Contains(text, "link 9") || !strings.Contains(text, "第 9 环") || !strings.Contains(text, "NOT whole") {
		t.Errorf("cut off: %s", text)
	}
	verify(1, "--audit-heads", filepath.Join(dir, "none"))
	verify(1, "--division", "110108")
	if err := os.Remove(filepath.Join(s.DataDir, audit.HeadsFile)); err != nil {
		t.Fatal(err)
	}
	if text := verify(0); !strings.Contains(text, "no file of heads") {
		t.Errorf("without heads: %s", text)
	}
	// Keys of another place prove nothing.
	other := filepath.Join(dir, "other keys")
	if _, err := vault.Open(vault.Config{File: other, Create: true}); err != nil {
		t.Fatal(err)
	}
	if text := verify(1, "--keys-file", other); !strings.Contains(text, "was changed") {
		t.Errorf("with other keys: %s", text)
	}
}

func TestAuditDrop(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := console{globals: globals{DataDir: t.TempDir()}, stderr: &bytes.Buffer{}}
	if _, err := s.vault(true); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := d.try("--data-dir", s.DataDir, "audit", "drop", "--keep", "5"); status != 1 || !strings.Contains(errs, "6 months at least") {
		t.Errorf("five months: %d, %s", status, errs)
	}
	var dropped audit.Dropped
	if d.do(&dropped, "--data-dir", s.DataDir, "audit", "drop"); dropped.Days != 0 || dropped.Before == "" {
		t.Errorf("nothing to drop: %+v", dropped)
	}
	// A day that isn't whole stays, and the command says so.
	db := pgtest.Open(t, d.url)
	if _, err := db.Owner.Exec(context.Background(), `INSERT INTO audit_entry (county, day, at, place, actor, action, mac) VALUES (110108, '2020-01-01', '2020-01-01', 0, 'x', 'y', '')`); err != nil {
		t.Fatal(err)
	}
	if status, out, _ := d.try("--data-dir", s.DataDir, "audit", "drop"); status != 1 || !strings.Contains(out, string(audit.EntryChanged)) {
		t.Errorf("a forged day: %d, %s", status, out)
	}
}
