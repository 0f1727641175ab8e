package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"jingwei/internal/postgres/pgtest"
)

// wrongFile is a file that nothing can be made of, by any command.
type wrongFile struct {
	name string
	text string
}

func wrongFiles(t *testing.T) []wrongFile {
	t.Helper()
	feature := func(properties, geometry string) string {
		return `{"type":"Feature","properties":{` + properties + `},"geometry":` + geometry + `}`
	}
	all := func(features ...string) string {
		return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
	}
	home := `"id":"h","code":"37088300100x","name":"n","building":"house","residents":5,"population":5,"people":5,"community":"c"`
	square := `{"type":"Polygon","coordinates":[[[117.002,35.402],[117.003,35.402],[117.003,35.403],[117.002,35.402]]]}`
	good := all(feature(home, square))
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	if w, err := z.Create("ground.geojson"); err != nil {
		t.Fatal(err)
	} else if _, err := w.Write([]byte(good)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var wide []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + good)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	at := func(coordinates string) string {
		return all(feature(home, `{"type":"Polygon","coordinates":`+coordinates+`}`))
	}
	return []wrongFile{
		{"empty", ""}, {"blank", " \r\n\t"}, {"only a mark", "\xef\xbb\xbf"}, {"cut off", good[:len(good)-40]},
		{"UTF-16", string(wide)}, {"zip", archive.String()}, {"page", "<!DOCTYPE html><html>404</html>"}, {"zeros", strings.Repeat("\x00", 5000)},
		{"number", "42"}, {"null", "null"}, {"list", "[1,2]"}, {"object", "{}"}, {"features null", `{"type":"FeatureCollection","features":null}`},
		{"features an object", `{"type":"FeatureCollection","features":{}}`}, {"no features", all("1", `"a"`, "null", "true", "[]")},
		{"deep list", all(strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000))},
		{"deep object", strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)},
		{"deep coordinates", at(strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000))},
		{"deep collections", all(feature(home, strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 20_000)+strings.Repeat("]}", 20_000)))},
		{"giant", at("[[[1e308,1],[-1e308,1],[1,1e308],[1e308,1]]]")}, {"beyond numbers", at("[[[1e999,35],[117,35],[117,36],[1e999,35]]]")},
		{"NaN", at("[[[NaN,35],[117,35],[117,36],[NaN,35]]]")}, {"Infinity", at("[[[Infinity,35],[117,35],[117,36],[Infinity,35]]]")},
		{"null position", at("[[[null,35],[117,35],[117,36],[null,35]]]")}, {"a line", at("[[[117,35],[117,35],[117,36],[117,35]]]")},
		{"no end", all(feature(home+`,"note":"`+strings.Repeat("x", 70<<20)+`"`, square))},
	}
}

// Whatever a file is that isn't what it was taken for: the command fails and says why in both languages, nothing is written, and
// nothing in the database has changed.
func TestWrongFilesAreRefusedAndNothingIsDone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := &sketch{t, t.TempDir(), map[string][]map[string]any{}}
	s.community("370883001001", "甲社区", 900, s.ring(0, 0, 10, 10))
	s.home("a", 1, 1, 500)
	s.home("b", 3, 1, 400)
	d.do(nil, "import", "divisions", s.write("divisions"), "--code-field", "code", "--name-field", "name", "--population-field", "people")
	d.do(nil, "import", "ground", s.write("buildings"))
	d.do(nil, "draw", "--division", "370883", "--time", "100ms")
	before := d.everything()

	dir := t.TempDir()
	out := filepath.Join(dir, "out.geojson")
	paths := map[string]string{"nothing there": filepath.Join(dir, "nowhere.geojson"), "directory": t.TempDir(), "loop": filepath.Join(dir, "loop.geojson")}
	if err := os.Symlink("loop.geojson", paths["loop"]); err != nil {
		t.Fatal(err)
	}
	for i, f := range wrongFiles(t) {
		paths[f.name] = filepath.Join(t.TempDir(), string(rune('a'+i))+".geojson")
		if err := os.WriteFile(paths[f.name], []byte(f.text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, path := range paths {
		for _, args := range [][]string{
			{"import", "divisions", path, "--code-field", "code", "--name-field", "name"}, {"import", "ground", path},
			{"draw", "--blocks", path, "--out", out}, {"draw", "--division", "370883", "--replace", "--time", "100ms", "--together", path},
		} {
			d.refuses(name, args...)
		}
		if _, err := os.Stat(out); err == nil {
			t.Fatalf("%s: grids were written", name)
		}
	}
	if after := d.everything(); after != before {
		t.Errorf("the database changed:\n%s\n%s", before, after)
	}
}

// refuses runs a command that must fail with a fault in both languages.
func (d *desk) refuses(why string, args ...string) {
	d.t.Helper()
	status, _, errs := d.try(args...)
	lines := strings.Split(strings.TrimSpace(errs), "\n")
	var said struct{ Code, ZH, EN string }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &said); status != 1 || err != nil || said.ZH == "" || said.EN == "" || said.Code == "internal" {
		d.t.Errorf("%s: jingwei %.200v: status %d, %.600s", why, args, status, errs)
	}
}

// everything is a fingerprint of what is stored.
func (d *desk) everything() (text string) {
	d.t.Helper()
	db := pgtest.Open(d.t, d.url)
	for _, table := range []string{"division", "building", "entrance", "line_feature", "area_feature", "block", "grid", "layout", "outbox"} {
		var sum string
		if err := db.App.QueryRow(d.t.Context(), `SELECT '`+table+` ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM `+table+` t`).Scan(&sum); err != nil {
			d.t.Fatal(err)
		}
		text += sum + "\n"
	}
	return text
}

// A place's files go into a directory of their own, and the same place again over itself.
func TestACityIsNotWrittenOverAnother(t *testing.T) {
	t.Parallel()
	d, dir := newDesk(t), t.TempDir()
	d.refuses("no people", "city", dir, "--people", "0")
	d.do(nil, "city", dir, "--people", "1000")
	d.do(nil, "city", dir, "--people", "1000")
	d.refuses("another seed", "city", dir, "--people", "1000", "--seed", "2")
	d.refuses("other people", "city", dir, "--people", "1100")
	d.refuses("a county", "city", dir, "--people", "1000", "--city", "zoucheng")
	for _, name := range []string{"houses.csv", "residents.csv", "organisations.csv", "vehicles.csv"} {
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is written though nobody asked (%v)", name, err)
		}
	}
	d.do(nil, "city", dir, "--people", "1000", "--people-files")
	if text, err := os.ReadFile(filepath.Join(dir, "residents.csv")); err != nil || strings.Count(string(text), "\n") < 1001 {
		t.Errorf("%d lines of residents, %v", strings.Count(string(text), "\n"), err)
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "streets.geojson"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.refuses("somebody's file", "city", other, "--people", "1000")
	if text, err := os.ReadFile(filepath.Join(other, "streets.geojson")); err != nil || string(text) != "mine" {
		t.Errorf("the file is %q now (%v)", text, err)
	}
}

// A data directory that was mistyped isn't made by a command that has nothing to do there.
func TestACommandOnNothingMakesNoDatabase(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "mistyped")
	for _, args := range [][]string{
		{"verify"}, {"draw", "--division", "370883"}, {"split", "370883001001001"}, {"micro", "--division", "370883", "--out", filepath.Join(t.TempDir(), "m.csv")},
		{"import", "counts", "x.csv", "--county", "370883"},
	} {
		var errs bytes.Buffer
		status := run(context.Background(), append(args, "--data-dir", dir), &bytes.Buffer{}, &errs)
		if status != 1 || !strings.Contains(errs.String(), "Check --data-dir") || !strings.Contains(errs.String(), "请检查 --data-dir") {
			t.Errorf("%v: status %d, %s", args, status, errs.String())
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the directory was made")
	}
}

// Flags that can't be meant are refused before anything is done.
func TestWrongFlagsAreRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	blocks := quarter(t, 2, nil)
	out := filepath.Join(t.TempDir(), "out.geojson")
	nowhere := filepath.Join(t.TempDir(), "no", "such", "file")
	for _, flags := range [][]string{
		{"--target", "NaN"}, {"--target", "0"}, {"--target", "+Inf"}, {"--tolerance", "1"}, {"--tolerance=-1"}, {"--time=-1s"}, {"--population-field", ""},
		{"--hold", "370883001001001"}, {"--redraw"}, {"--replace"}, {"--alternatives", "2"}, {"--together", blocks}, {"--streets", nowhere},
		{"--report", nowhere}, {"--assignment", nowhere}, {"--report", t.TempDir()}, {"--assignment", out},
	} {
		d.refuses("draw --blocks", append([]string{"draw", "--blocks", blocks, "--out", out}, flags...)...)
	}
	if left, err := os.ReadDir(filepath.Dir(out)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
	for _, flags := range [][]string{
		{"--out", out}, {"--streets", blocks}, {"--choose", "2"}, {"--hold", "370883001001001"}, {"--alternatives=-1"}, {"--alternatives", "2", "--choose=-1"}, {"--report", nowhere},
	} {
		d.refuses("draw --division", append([]string{"draw", "--division", "370883"}, flags...)...)
	}
	for _, args := range [][]string{{}, {"draw", "--nosuch"}, {"split"}, {"frobnicate\x1b[31m"}, {"draw", "--division", "1", "--blocks", "x"}} {
		var errs bytes.Buffer
		status := run(context.Background(), args, &bytes.Buffer{}, &errs)
		if len(args) > 0 && (status != 2 || !strings.Contains(errs.String(), "命令行有误") || !strings.Contains(errs.String(), "jingwei --help") || strings.Contains(errs.String(), "\x1b")) {
			t.Errorf("jingwei %v: status %d, %q", args, status, errs.String())
		}
	}
}

// What stands in a file is shown by a terminal and not obeyed.
func TestTerminalIsNotObeyed(t *testing.T) {
	for in, want := range map[string]string{
		"甲社区\t1\n": "甲社区\t1\n", "\x1b[31mred": `\u001b[31mred`, "a\rb\x00\x7f\u0085": `a\u000db\u0000\u007f\u0085`, "\u202egnp.exe": `\u202egnp.exe`,
	} {
		var out bytes.Buffer
		if n, err := (plainText{&out}).Write([]byte(in)); out.String() != want || n != len(in) || err != nil {
			t.Errorf("%q is shown as %q (%d, %v), want %q", in, out.String(), n, err, want)
		}
	}
}
