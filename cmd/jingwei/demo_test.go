package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
)

// asProgram makes the test binary the program itself, so that it can be killed.
const asProgram = "JINGWEI_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// demoDir is a directory that the database server's user can reach, which t.TempDir isn't when root runs the tests.
func demoDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "jingwei-demo-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stopServers(dir)
		_ = os.RemoveAll(dir)
	})
	return dir
}

// stopServers ends what a demo that was killed left running, if a test failed before the next one took it over.
func stopServers(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, "*", "postgres", "data", "postmaster.pid"))
	for _, file := range left {
		text, _ := os.ReadFile(file)
		first, _, _ := strings.Cut(string(text), "\n")
		if pid, err := strconv.Atoi(first); err == nil {
			_ = syscall.Kill(pid, syscall.SIGINT)
		}
	}
}

// running is a demo in a process of its own.
type running struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string // file that holds the address once the map is ready
	dir  string // where its data is
	mu   sync.Mutex
	said bytes.Buffer
	done chan error
}

// Write takes what the program says.
func (r *running) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said.Write(p)
}

func (r *running) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said.String()
}

func startDemo(t *testing.T, dir, listen string) *running {
	t.Helper()
	r := &running{t: t, url: filepath.Join(t.TempDir(), "url"), dir: filepath.Join(dir, "town-3000-1"), done: make(chan error, 1)}
	r.cmd = exec.Command(os.Args[0], "demo", "--city", "town", "--people", "3000", "--time", "1s", "--data-dir", dir, "--listen", listen, "--url-file", r.url)
	r.cmd.Env = append(os.Environ(), asProgram+"=1", "DATABASE_URL=")
	r.cmd.Stdout, r.cmd.Stderr = r, r
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { r.done <- r.cmd.Wait(); close(ended) }()
	t.Cleanup(func() { // killed, it would leave its database server behind
		_ = r.cmd.Process.Signal(syscall.SIGINT)
		<-ended
	})
	return r
}

// until waits for the program to say something, and fails the test if it ends before that.
func (r *running) until(what string) {
	r.t.Helper()
	for !strings.Contains(r.text(), what) {
		select {
		case err := <-r.done:
			r.t.Fatalf("the demo ended (%v) before it said %q:\n%s", err, what, r.text())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// end sends a signal and waits for the process to be gone.
func (r *running) end(with syscall.Signal) {
	r.t.Helper()
	if err := r.cmd.Process.Signal(with); err != nil {
		r.t.Fatalf("the demo was over before it could be stopped: %v\n%s", err, r.text())
	}
	<-r.done
}

// ready waits for the map and gives its address.
func (r *running) ready() string {
	r.t.Helper()
	r.until("经纬 Jingwei: http")
	address, err := os.ReadFile(r.url)
	if err != nil {
		r.t.Fatal(err)
	}
	return strings.TrimSpace(string(address))
}

// whole checks what a demo of 3000 people shows: all of them, in grids of one version.
func (r *running) whole() {
	r.t.Helper()
	var figures struct {
		Residents int `json:"residents"`
		Grids     int `json:"grids"`
	}
	var layout struct {
		Version int `json:"version"`
	}
	address := r.ready()
	r.get(address+"/api/divisions/370883/figures", &figures)
	r.get(address+"/api/layouts/370883", &layout)
	if figures.Residents != 3000 || figures.Grids == 0 || layout.Version != 1 {
		r.t.Errorf("%d residents in %d grids, version %d; want 3000 in version 1\n%s", figures.Residents, figures.Grids, layout.Version, r.text())
	}
}

func (r *running) get(url string, into any) {
	r.t.Helper()
	question, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	question.AddCookie(&http.Cookie{Name: accesstest.SessionCookie, Value: r.reader()})
	answer, err := http.DefaultClient.Do(question)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil || answer.StatusCode != http.StatusOK {
		r.t.Fatalf("%s: %s (%v)", url, answer.Status, err)
	}
}

// reader signs somebody in who may read the map, beside the program, on its data.
func (r *running) reader() string {
	r.t.Helper()
	s := &console{globals: globals{DataDir: r.dir}, stdout: io.Discard, stderr: io.Discard}
	db, err := s.openExisting(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	keys, err := s.vault(false)
	if err != nil {
		r.t.Fatal(err)
	}
	return accesstest.With(r.t, db, keys).Person("reader", "370883", []access.Grant{{Role: access.Leader, Code: "370883"}})
}

// TestADemoStoppedAnywhereGoesOn: the first start is killed or interrupted in each of its phases, one after the other, on one data
// directory; the next start goes on from there, and in the end everything is there once and is proved.
func TestADemoStoppedAnywhereGoesOn(t *testing.T) {
	t.Parallel()
	dir := demoDir(t)
	phases := []struct {
		said  string
		after time.Duration
	}{
		{"数据库 database", 0},                      // nothing is there yet
		{"数据库 database", 300 * time.Millisecond}, // the cluster is being made
		{"数据库 database", 900 * time.Millisecond}, // it is started, the schema is made
		{"虚构城镇 invented", 0},                     // imports begin
		{"虚构城镇 invented", 150 * time.Millisecond},
		{"导入 imported", 0}, // the ground is read, blocks are made
		{"导入 imported", 300 * time.Millisecond},
		{"导入 imported", 1200 * time.Millisecond}, // grids are improved or published
	}
	for i, p := range phases {
		demo := startDemo(t, dir, "127.0.0.1:0")
		demo.until(p.said)
		time.Sleep(p.after)
		if i%2 == 0 {
			demo.end(syscall.SIGKILL)
		} else {
			demo.end(syscall.SIGINT)
		}
	}
	last := startDemo(t, dir, "127.0.0.1:0")
	last.whole()
	last.end(syscall.SIGINT)

	var out, errs bytes.Buffer
	status := run(context.Background(), []string{"verify", "--json", "--data-dir", filepath.Join(dir, "town-3000-1")}, &out, &errs)
	if status != 0 || !strings.Contains(out.String(), `"checks"`) {
		t.Errorf("verify: exit status %d\n%s%s", status, out.String(), errs.String())
	}
}

// TestTwoDemosAtOnce on one data directory: whichever is second waits or shares, and both show the same town once.
func TestTwoDemosAtOnce(t *testing.T) {
	t.Parallel()
	dir := demoDir(t)
	one, two := startDemo(t, dir, "127.0.0.1:0"), startDemo(t, dir, "127.0.0.1:0")
	one.whole()
	two.whole()
	one.end(syscall.SIGINT)
	two.whole()
	two.end(syscall.SIGINT)
}

// TestTooManyPeopleAreSaidAtOnce, before anything is made.
func TestTooManyPeopleAreSaidAtOnce(t *testing.T) {
	t.Parallel()
	dir := demoDir(t)
	var out, errs bytes.Buffer
	status := run(context.Background(), []string{"demo", "--people", "10000001", "--data-dir", dir, "--listen", "127.0.0.1:0"}, &out, &errs)
	if status == 0 || !strings.Contains(errs.String(), "10000000") {
		t.Errorf("exit status %d: %s", status, errs.String())
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v was made all the same", left)
	}
}

// TestAPortInUseIsSaidAtOnce, before anything is made.
func TestAPortInUseIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	dir := demoDir(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	demo := startDemo(t, dir, taken.Addr().String())
	if err := <-demo.done; err == nil || !strings.Contains(demo.text(), taken.Addr().String()) || !strings.Contains(demo.text(), "--listen") {
		t.Errorf("%v: %s", err, demo.text())
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v was made all the same", left)
	}
}
