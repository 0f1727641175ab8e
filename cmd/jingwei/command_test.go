package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"testing"

	"jingwei/internal/postgres/pgtest"
)

// desk is a person at the command line, with a database.
type desk struct {
	t    *testing.T
	url  string
	data string // the data directory: keys and heads
}

func newDesk(t *testing.T) *desk { return &desk{t, pgtest.URL(t), t.TempDir()} }

// try runs a command and gives its exit status and what it printed.
func (d *desk) try(args ...string) (status int, stdout, stderr string) {
	d.t.Helper()
	var out, errs bytes.Buffer
	status = run(context.Background(), append([]string{"--json", "--database-url", d.url, "--data-dir", d.data}, args...), &out, &errs)
	return status, out.String(), errs.String()
}

// rowsOf reads a CSV file that a command wrote, its header among the rows.
func rowsOf(t *testing.T, file string) [][]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// do runs a command that must succeed and reads its result.
func (d *desk) do(result any, args ...string) {
	d.t.Helper()
	status, out, errs := d.try(args...)
	if status != 0 {
		d.t.Fatalf("jingwei %v: exit status %d\n%s%s", args, status, out, errs)
	}
	if result == nil {
		return
	}
	if err := json.Unmarshal([]byte(out), result); err != nil {
		d.t.Fatalf("jingwei %v printed no JSON: %v\n%s", args, err, out)
	}
}
