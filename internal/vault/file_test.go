package vault

import (
	"bytes"
	"encoding/base64"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jingwei/internal/fault"
)

func openFile(t testing.TB, path string, create bool) *Vault {
	t.Helper()
	v, err := Open(Config{File: path, Create: create})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// lookAgain lets the vault look at its file at its next use, as a second's waiting would.
func (v *Vault) lookAgain() { v.looked.Store(-2 * int64(recheck)) }

func TestFileIsMadeOnceAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	if _, err := Open(Config{File: path}); fault.CodeOf(err) != fault.NotFound {
		t.Fatalf("without Create: %v", err)
	}
	v := openFile(t, path, true)
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Fatalf("mode %v, %v; want 0600", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Fatalf("left behind: %v", entries)
	}
	wantOpen(t, openFile(t, path, true), seal(t, v, "x", "a"), "a", "x")
	text, _ := os.ReadFile(path)
	fromEnv, err := Open(Config{Env: strings.ReplaceAll(onlyKeys(string(text)), "\n", ";"), File: "/nonexistent"})
	if err != nil {
		t.Fatal(err)
	}
	wantOpen(t, fromEnv, seal(t, v, "x", "a"), "a", "x")
	for _, err := range []error{fromEnv.Rotate(), fromEnv.Forget(v.Keys()[0].ID)} {
		if fault.CodeOf(err) != fault.Conflict {
			t.Fatalf("keys of the environment changed: %v", err)
		}
	}
	if _, err := Open(Config{Create: true}); fault.CodeOf(err) != fault.Invalid {
		t.Fatalf("no file named: %v", err)
	}
}

func onlyKeys(text string) string { return strings.TrimPrefix(text, fileHead) }

// TestProcessesAtOnce has several processes make and rotate the keys of one file together.
func TestProcessesAtOnce(t *testing.T) {
	if path := os.Getenv("VAULT_TEST_FILE"); path != "" {
		v := openFile(t, path, true)
		sealed := seal(t, v, "x", "a")
		if err := v.Rotate(); err != nil {
			t.Fatal(err)
		}
		if v.Current(sealed) {
			t.Fatal("nothing was rotated")
		}
		if err := os.WriteFile(os.Getenv("VAULT_TEST_OUT"), sealed, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "keys")
	const n = 6
	var all []*exec.Cmd
	for i := range n {
		cmd := exec.Command(os.Args[0], "-test.run=^TestProcessesAtOnce$")
		cmd.Env = append(os.Environ(), "VAULT_TEST_FILE="+path, "VAULT_TEST_OUT="+filepath.Join(dir, string(rune('a'+i))))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		all = append(all, cmd)
	}
	for _, cmd := range all {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	v := openFile(t, path, false)
	if got := len(v.Keys()); got != 2+n {
		t.Fatalf("%d keys, want two and one for each of %d rotations", got, n)
	}
	for i := range n {
		sealed, err := os.ReadFile(filepath.Join(dir, string(rune('a'+i))))
		if err != nil {
			t.Fatal(err)
		}
		wantOpen(t, v, sealed, "a", "x")
	}
}

func TestAnotherProcessRotates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	here := openFile(t, path, true)
	old := seal(t, here, "old", "a") // and has looked at the file just now
	there := openFile(t, path, false)
	if err := there.Rotate(); err != nil {
		t.Fatal(err)
	}
	wantOpen(t, here, seal(t, there, "new", "a"), "a", "new") // an unknown id needs no second's waiting
	there2 := openFile(t, path, false)
	if err := there2.Rotate(); err != nil {
		t.Fatal(err)
	}
	here.lookAgain()
	if !there2.Current(seal(t, here, "newest", "a")) {
		t.Fatal("sealed under an old key more than a second after a rotation")
	}
	if err := there2.Forget(there2.Keys()[0].ID); err != nil {
		t.Fatal(err)
	}
	here.lookAgain()
	_ = here.Index("p", "x")
	if _, err := here.Open(old, "a"); fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("a key that another process dropped is still held: %v", err)
	}
}

func TestABrokenFileLeavesTheKeysInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	openFile(t, path, true)
	var log bytes.Buffer
	v, err := Open(Config{File: path, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	sealed := seal(t, v, "x", "a")
	good, _ := os.ReadFile(path)
	for _, spoil := range []func() error{
		func() error { return os.Chmod(path, 0o640) },
		func() error { return os.WriteFile(path, append(good, "half a li"...), 0o600) },
		func() error { return os.Remove(path) },
	} {
		log.Reset()
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			v.lookAgain()
			wantOpen(t, v, seal(t, v, "y", "b"), "b", "y")
		}
		wantOpen(t, v, sealed, "a", "x")
		if strings.Count(log.String(), "level=WARN") != 1 {
			t.Fatalf("want one warning, got %q", log.String())
		}
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
		v.lookAgain()
		wantOpen(t, v, seal(t, v, "y", "b"), "b", "y")
	}
}

func TestRefusesAFileThatOthersCanRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	openFile(t, path, true)
	for _, mode := range []os.FileMode{0o640, 0o604, 0o660, 0o601, 0o777} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := Open(Config{File: path, Create: true})
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "chmod 600 "+path) {
			t.Fatalf("mode %o: %v", mode, err)
		}
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	openFile(t, path, false)
	if _, err := Open(Config{File: filepath.Dir(path), Create: true}); fault.CodeOf(err) != fault.Invalid {
		t.Fatalf("a directory: %v", err)
	}
}

func TestOperatorsCommentsAndLinksStay(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "real"), filepath.Join(dir, "keys")
	first := openFile(t, path, true).Keys()[0].ID
	text, _ := os.ReadFile(path)
	if err := os.WriteFile(path, []byte(strings.TrimSuffix(string(text), "\n")+"\r\n# ours: "+first.String()+" is in the safe"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	v := openFile(t, link, false)
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	if err := v.Forget(first); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(path)
	if !strings.HasPrefix(string(got), fileHead) || !strings.Contains(string(got), "# ours: "+first.String()) {
		t.Fatalf("comments are gone:\n%s", got)
	}
	if regexp.MustCompile(`(?m)^` + first.String()).Match(got) {
		t.Fatal("the key's line is still there")
	}
	if info, _ := os.Lstat(link); info.Mode()&os.ModeSymlink == 0 {
		t.Fatal("the link was replaced")
	}
}

func TestBadLinesSayWhichAndNeverTheKey(t *testing.T) {
	const secret = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U="
	const other = "b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3Q="
	good := "0000000a " + secret + " 2025-01-31T08:00:00Z\n0000000b " + other + " 2025-01-31T08:00:00Z audit\n"
	if _, err := parse(good, "keys"); err != nil {
		t.Fatal(err)
	}
	zeros := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for _, c := range []struct{ line, want string }{
		{secret, "line 3"},
		{"0000000c " + secret[:40] + " 2025-01-31T08:00:00Z", "32 random bytes"},
		{"0000000c " + zeros + " 2025-01-31T08:00:00Z", "32 random bytes"},
		{"0000000c " + secret[:43] + "! 2025-01-31T08:00:00Z", "32 random bytes"},
		{secret + " 0000000c 2025-01-31T08:00:00Z", "eight"},
		{"0000000C " + secret + " 2025-01-31T08:00:00Z", "eight"},
		{"0000000c " + secret + " yesterday", "time"},
		{"0000000c " + secret + " 2025-01-31T08:00:00Z Audit", "audit"},
		{"0000000a " + secret + " 2025-01-31T08:00:00Z", "same id as in line 1"},
		{"0000000c " + secret + " 2025-01-31T08:00:00Z", "same key as in line 1"},
	} {
		_, err := parse(good+c.line, "keys")
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "keys, line 3") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.line, err, c.want)
			continue
		}
		if f := err.(*fault.Error); strings.Contains(f.ZH+f.EN+err.Error(), secret[:20]) || f.Err != nil {
			t.Errorf("the key is in the message: %v", err)
		}
	}
	for text, want := range map[string]string{"": "no key for data", good[:strings.Index(good, "0000000b")]: "no key for the audit", good[strings.Index(good, "0000000b"):]: "no key for data"} {
		if _, err := parse(text, "keys"); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("0000000a c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U= 2025-01-31T08:00:00Z\n0000000b b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3Q= 2025-01-31T08:00:00Z audit\n")
	f.Add("# only a comment")
	f.Add("a b c d e\n\r\n\ufeff")
	blob := regexp.MustCompile(`[A-Za-z0-9+/]{20,}`)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parse(text, "keys")
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatalf("not a fault for people: %v", err)
			}
			if shown := blob.FindString(err.Error()); shown != "" {
				t.Fatalf("the message shows %q", shown)
			}
			return
		}
		v := New(Keys{ring: r})
		sealed := seal(t, v, "x", "a")
		wantOpen(t, v, sealed, "a", "x")
		if !v.Current(sealed) || !v.CheckMAC(v.MAC("p"), "p") {
			t.Fatal("keys that were read don't work")
		}
	})
}
