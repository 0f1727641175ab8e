package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestDrawKeepsItsInput: a result is never written over what it is made from, nor over another result.
func TestDrawKeepsItsInput(t *testing.T) {
	t.Parallel()
	blocks := quarter(t, 2, nil)
	before, err := os.ReadFile(blocks)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	link, out := filepath.Join(dir, "link.geojson"), filepath.Join(dir, "out.geojson")
	if err := os.Symlink(blocks, link); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"--out and --blocks are the same file":        {"--out", blocks},
		"--assignment and --blocks are the same file": {"--out", out, "--assignment", link},
		"--report and --out are the same file":        {"--out", out, "--report", dir + "/./out.geojson"},
		"it is a directory":                           {"--out", dir},
		"--target must be":                            {"--out", out, "--target", "0"},
		"--tolerance must be":                         {"--out", out, "--tolerance", "0"},
	} {
		var stdout, stderr bytes.Buffer
		status := run(context.Background(), append([]string{"draw", "--time", "0s", "--blocks", blocks}, args...), &stdout, &stderr)
		if status == 0 || !strings.Contains(stderr.String(), want) {
			t.Errorf("draw %v: status %d, %q; want %q", args, status, stderr.String(), want)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("draw %v wrote something", args)
		}
	}
	after, err := os.ReadFile(blocks)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the blocks were changed (%v)", err)
	}
}

// TestADeviceStaysOne: a pipe or a device, /dev/stdout say, is written into and stays what it is, and so does
// a link.
func TestADeviceStaysOne(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	if err := os.Symlink("/proc/self/fd/"+fdOf(w), path); err != nil {
		t.Fatal(err)
	}
	if err := writeText(path, "grids"); err != nil {
		t.Fatal(err)
	}
	w.Close()
	var got bytes.Buffer
	if _, err := got.ReadFrom(r); err != nil || got.String() != "grids" {
		t.Errorf("the pipe got %q (%v)", got.String(), err)
	}
	if st, err := os.Lstat(path); err != nil || st.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v", err)
	}
	target := filepath.Join(dir, "target")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	linked := filepath.Join(dir, "linked")
	if err := os.Symlink(target, linked); err != nil {
		t.Fatal(err)
	}
	if err := writeText(linked, "new"); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(target); string(text) != "new" {
		t.Errorf("behind the link stands %q", text)
	}
}

func fdOf(f *os.File) string { return strconv.Itoa(int(f.Fd())) }
