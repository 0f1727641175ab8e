package postgres

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
)

// quick makes the clusters of these tests start fast; nothing here is about a crash of the machine.
var quick = map[string]string{"fsync": "off", "shared_buffers": "16MB", "autovacuum": "off"}

const childEnv = "JINGWEI_TEST_CHILD"

// TestMain lets this binary be a program that uses the cluster in a directory until its input ends.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := child(dir); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(dir string) error {
	c, err := JoinCluster(context.Background(), ClusterConfig{Dir: dir, Settings: quick})
	if err != nil {
		return err
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return c.Release(context.Background())
}

// program is another process that uses a cluster.
type program struct {
	cmd   *exec.Cmd
	stdin io.Closer
}

func another(t *testing.T, dir string) *program {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	stdin, _ := cmd.StdinPipe()
	stdout, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	if line != "ready\n" {
		t.Fatalf("the other program says %q", line)
	}
	return &program{cmd, stdin}
}

func (p *program) leave(t *testing.T) {
	t.Helper()
	p.stdin.Close()
	if err := p.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// clusterDir is a directory that the server's user can reach, which t.TempDir isn't when root runs the tests.
func clusterDir(t *testing.T) string {
	t.Helper()
	base, err := os.MkdirTemp("", "jingwei-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(base, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(base) })
	return filepath.Join(base, "postgres")
}

func join(t *testing.T, dir string) *Cluster {
	t.Helper()
	c, err := JoinCluster(context.Background(), ClusterConfig{Dir: dir, Settings: quick})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Release(context.Background()) }) // a second time does nothing
	return c
}

func release(t *testing.T, c *Cluster) {
	t.Helper()
	if err := c.Release(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func (c *Cluster) mustQuery(t *testing.T) {
	t.Helper()
	if err := c.query(context.Background(), "SELECT 1"); err != nil {
		t.Fatal(err)
	}
}

// eventually waits for what another process or a background watch has to bring about.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within a minute", what)
		}
	}
}

func faultOf(t *testing.T, err error) *fault.Error {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.ZH == "" || f.EN == "" {
		t.Fatalf("want a fault in two languages, got %v", err)
	}
	return f
}

func TestStopsWithTheProgramAndStartsAgain(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	c := join(t, dir)
	ctx := context.Background()
	if err := c.query(ctx, "CREATE TABLE kept AS SELECT 1"); err != nil {
		t.Fatal(err)
	}
	pid := c.postmaster()
	if os.Geteuid() == 0 {
		var st syscall.Stat_t
		if err := syscall.Stat(fmt.Sprintf("/proc/%d", pid), &st); err != nil || st.Uid == 0 {
			t.Fatalf("the server runs as user %d, %v", st.Uid, err)
		}
	}
	release(t, c)
	if c.listening() || c.postmaster() != 0 {
		t.Fatal("the server outlived its last program")
	}
	again := join(t, dir)
	if err := again.query(ctx, "SELECT * FROM kept"); err != nil {
		t.Fatal(err)
	}
}

// No network, and a directory that only its user enters.
func TestNobodyElseGetsIn(t *testing.T) {
	t.Parallel()
	c := join(t, clusterDir(t))
	conn, err := pgx.Connect(context.Background(), c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var addresses string
	if err := conn.QueryRow(context.Background(), "SHOW listen_addresses").Scan(&addresses); err != nil || addresses != "" {
		t.Fatalf("listens on %q, %v", addresses, err)
	}
	for _, dir := range []string{c.socket, c.data} {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v, %v", dir, info.Mode(), err)
		}
	}
}

func TestProgramsShareOneServer(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	first := another(t, dir)
	second := join(t, dir)
	pid := second.postmaster()
	first.leave(t)
	second.mustQuery(t)
	third := another(t, dir)
	release(t, second)
	if !second.listening() || second.postmaster() != pid {
		t.Fatal("the server didn't stay for the third program")
	}
	third.leave(t)
	if second.listening() {
		t.Fatal("the server outlived its last program")
	}
}

// Several programs meet at an empty directory: one makes the cluster, all use it.
func TestProgramsRaceForAnEmptyDirectory(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	results := make(chan error, 4)
	clusters := make(chan *Cluster, 4)
	for range 4 {
		go func() {
			c, err := JoinCluster(context.Background(), ClusterConfig{Dir: dir, Settings: quick})
			clusters <- c
			results <- err
		}()
	}
	pids := map[int]bool{}
	for range 4 {
		c := <-clusters
		if err := <-results; err != nil {
			t.Fatal(err)
		}
		pids[c.postmaster()] = true
		defer c.Release(context.Background())
	}
	if len(pids) != 1 || pids[0] {
		t.Fatalf("servers %v, want one", pids)
	}
}

// The server that a killed program left behind is adopted, and stops with its new program.
func TestProgramKilled(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	p := another(t, dir)
	p.kill()
	c := join(t, dir)
	c.mustQuery(t)
	release(t, c)
	if c.listening() {
		t.Fatal("the adopted server goes on")
	}
}

// A killed server is started again while the program runs.
func TestServerKilledWhileServing(t *testing.T) {
	t.Parallel()
	c := join(t, clusterDir(t))
	pid := c.postmaster()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server is back", func() bool {
		now := c.postmaster()
		return now != 0 && now != pid && c.query(context.Background(), "SELECT 1") == nil
	})
}

// A server that was killed together with its program leaves a postmaster.pid; its number may be in use again.
func TestStalePidFile(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	p := another(t, dir)
	c := join(t, dir)
	pid := c.postmaster()
	p.kill()
	c.stopWatch()
	c.watching.Wait()
	text, err := os.ReadFile(filepath.Join(c.data, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	release(t, c)
	// a stranger of the server's own user: what postgres itself would take for a running postmaster
	stranger := c.account.command("/", "/bin/sleep", "600")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stranger.Process.Kill(); _ = stranger.Wait() }()
	stale := strings.Replace(string(text), strconv.Itoa(pid), strconv.Itoa(stranger.Process.Pid), 1)
	if err := os.WriteFile(filepath.Join(c.data, "postmaster.pid"), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(filepath.Join(c.data, "postmaster.pid"), c.account.uid, c.account.gid); err != nil {
		t.Fatal(err)
	}
	lock := filepath.Join(c.socket, socketName+".lock") // the socket's own says the same
	if err := os.WriteFile(lock, []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(lock, c.account.uid, c.account.gid); err != nil {
		t.Fatal(err)
	}
	join(t, dir).mustQuery(t)
	if syscall.Kill(stranger.Process.Pid, 0) != nil {
		t.Fatal("the stranger was killed")
	}
}

// After an upgrade replaced PostgreSQL's files, new sessions can't load plpgsql any more. Here its library is
// renamed in the catalogue, which fails in the same way.
func TestServerThatCannotLoadItsLibrariesIsRestarted(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	c := join(t, dir)
	ctx := context.Background()
	pid := c.postmaster()
	if !c.sound(ctx) {
		t.Fatal("a sound server is taken for an unsound one")
	}
	if err := c.query(ctx, `UPDATE pg_proc SET probin = '$libdir/gone' WHERE proname LIKE 'plpgsql%'`); err != nil {
		t.Fatal(err)
	}
	if c.sound(ctx) {
		t.Fatal("it isn't noticed")
	}
	second := join(t, dir)
	if second.postmaster() == pid {
		t.Fatal("the server wasn't restarted")
	}
	c.mustQuery(t) // the first program goes on with the new one
}

func TestForeignDirectoryIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	for _, files := range [][]string{{"postgres/data/PG_VERSION"}, {"PG_VERSION"}, {"postgres/data/letters.txt"}} {
		dir := clusterDir(t)
		for _, f := range files {
			path := filepath.Join(filepath.Dir(dir), f)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("15\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		_, err := JoinCluster(context.Background(), ClusterConfig{Dir: dir, Settings: quick})
		if f := faultOf(t, err); f.Code != fault.Unavailable || !strings.Contains(f.EN, "didn't make") {
			t.Errorf("%v: %v", files, err)
		}
		for _, f := range files {
			if text, err := os.ReadFile(filepath.Join(filepath.Dir(dir), f)); err != nil || string(text) != "15\n" {
				t.Errorf("%s was touched: %q, %v", f, text, err)
			}
		}
	}
}

func TestNewerDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	c := join(t, dir)
	release(t, c)
	if err := os.WriteFile(filepath.Join(c.data, "PG_VERSION"), []byte("99\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := JoinCluster(context.Background(), ClusterConfig{Dir: dir, Settings: quick})
	if f := faultOf(t, err); !strings.Contains(f.EN, "PostgreSQL 99") || !strings.Contains(f.ZH, "postgresql-99") {
		t.Fatal(err)
	}
}

// An initdb that was killed half-way leaves nothing that passes for a cluster.
func TestHalfMadeClusterIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	if err := os.MkdirAll(filepath.Join(dir, "data.new", "base"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data.new", "PG_VERSION"), []byte("15\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	join(t, dir).mustQuery(t)
	if _, err := os.Stat(filepath.Join(dir, "data.new")); !os.IsNotExist(err) {
		t.Errorf("what was left half-way is still there: %v", err)
	}
}

// The program that is killed while it makes a cluster leaves an initdb that goes on writing.
func TestInitdbThatGoesOnWriting(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	left := filepath.Join(dir, "data.new-left")
	stop := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				_ = os.MkdirAll(filepath.Join(left, "base", strconv.Itoa(i%50)), 0o755)
			}
		}
	})
	join(t, dir).mustQuery(t)
	close(stop)
	writing.Wait()
}

// The path of a Unix socket is limited to 107 bytes, that of a data directory isn't.
func TestDeepDirectory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(filepath.Dir(clusterDir(t)), strings.Repeat("deep/", 30), "网格", "postgres")
	c := join(t, dir)
	t.Cleanup(func() { _ = os.Remove(c.socket) })
	if len(c.socket) > 60 {
		t.Fatalf("socket in %s", c.socket)
	}
	second := another(t, dir)
	second.leave(t)
	c.mustQuery(t)
}

// Names as people give them: a space once made the program wait for its server for ever.
func TestDirectoryWithAnOddName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"有 空格", "a+b%20c", "one, two", "it's \"here\""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(filepath.Dir(clusterDir(t)), name, "postgres")
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // it fails by hanging
			defer cancel()
			c, err := JoinCluster(ctx, ClusterConfig{Dir: dir, Settings: quick})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = c.Release(context.Background()) })
			c.mustQuery(t)
		})
	}
}

func TestUnreachableDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root runs the server as another user")
	}
	dir := clusterDir(t)
	if err := os.Chmod(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := JoinCluster(context.Background(), ClusterConfig{Dir: dir, Settings: quick})
	if f := faultOf(t, err); !strings.Contains(f.EN, "/var/lib/jingwei") || !strings.Contains(f.EN, dir) {
		t.Fatal(err)
	}
}

// What the server says about its failure to start reaches whoever started it.
func TestServerThatDoesNotStartSaysWhy(t *testing.T) {
	t.Parallel()
	_, err := JoinCluster(context.Background(), ClusterConfig{Dir: clusterDir(t), Settings: map[string]string{"shared_buffers": "a lot"}})
	if f := faultOf(t, err); !strings.Contains(f.Error(), "shared_buffers") {
		t.Fatal(err)
	}
}
