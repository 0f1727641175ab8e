package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
)

const (
	superuser  = "jingwei" // the cluster's owner; on a socket that nobody else can reach
	socketName = ".s.PGSQL.5432"
	stopWait   = 60 * time.Second
)

// listening says whether a server accepts connections on our socket. A socket file outlives its server, a
// listener doesn't.
func (c *Cluster) listening() bool {
	conn, err := net.DialTimeout("unix", filepath.Join(c.socket, socketName), time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

// postmaster gives the process id of the server that runs on our data, 0 when none does. A process id may be
// in use again by something else, most of all in a container, so the working directory has to be ours too.
func (c *Cluster) postmaster() int {
	text, err := os.ReadFile(filepath.Join(c.data, "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 1 || syscall.Kill(pid, 0) != nil {
		return 0
	}
	if _, err := os.Stat("/proc/self/cwd"); err != nil {
		return pid // no /proc here: believe the file
	}
	cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil || cwd != c.data { // a zombie has no working directory
		return 0
	}
	return pid
}

// ensure makes sure that a sound server runs. The caller holds the mutex.
func (c *Cluster) ensure(ctx context.Context) error {
	if pid := c.postmaster(); pid != 0 {
		err := c.awaitReady(ctx, func() bool { return c.postmaster() != pid })
		if err == nil && c.sound(ctx) {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c.log.Warn("the running database server isn't sound, restarting it", "pid", pid, "error", err)
		if err := c.stop(ctx); err != nil {
			return err
		}
	}
	return c.start(ctx)
}

// start runs the server and waits until it answers. The caller holds the mutex and knows that none runs.
// After a postmaster was killed its backends hold the shared memory for another moment, so it tries again.
func (c *Cluster) start(ctx context.Context) error {
	if err := c.writeSettings(); err != nil {
		return err
	}
	for _, left := range []string{filepath.Join(c.data, "postmaster.pid"), filepath.Join(c.socket, socketName+".lock")} {
		_ = os.Remove(left) // of a dead one, of one that was killed and isn't buried yet, or of a stranger that has its number
	}
	var err error
	for deadline := time.Now().Add(20 * time.Second); ; {
		var log string
		log, err = c.startOnce(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil || time.Now().After(deadline) || !strings.Contains(log, "shared memory block") {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
}

func (c *Cluster) startOnce(ctx context.Context) (log string, err error) {
	out, err := c.openLog()
	if err != nil {
		return "", err
	}
	defer out.Close()
	before, _ := out.Seek(0, 2)
	cmd := c.account.command(c.data, filepath.Join(c.programs.bin, "postgres"), "-D", c.data, "-k", c.socket,
		"-c", "listen_addresses=", "-c", "unix_socket_permissions=0700")
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("start postgres: %w", err)
	}
	gone := make(chan struct{})
	go func() { _ = cmd.Wait(); close(gone) }() // reaps it, whenever it ends
	err = c.awaitReady(ctx, func() bool {
		select {
		case <-gone:
			return true
		default:
			return false
		}
	})
	if err == nil {
		c.log.Info("database server started", "pid", cmd.Process.Pid, "data", c.data)
		return "", nil
	}
	log = c.logSince(before)
	if ctx.Err() != nil {
		_ = cmd.Process.Signal(syscall.SIGINT)
		return log, ctx.Err()
	}
	return log, fault.Wrap(fmt.Errorf("%w: %s", err, log), fault.Unavailable,
		fmt.Sprintf("数据库没有启动：%s（日志：%s）", lastLine(log), c.logPath()),
		fmt.Sprintf("The database didn't start: %s (log: %s)", lastLine(log), c.logPath()))
}

var errServerGone = errors.New("the server ended")

// awaitReady waits until the server answers a query: recovering from a crash may take it minutes.
func (c *Cluster) awaitReady(ctx context.Context, gone func() bool) error {
	pause := 5 * time.Millisecond
	said := time.Now()
	for {
		err := c.query(ctx, "SELECT 1")
		if err == nil || sqlState(err) == tooManyConnections {
			return nil
		}
		if gone() {
			return fmt.Errorf("%w: %w", errServerGone, err)
		}
		if time.Since(said) > 10*time.Second {
			c.log.Info("waiting for the database server", "error", err)
			said = time.Now()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			pause = min(pause*3/2, 200*time.Millisecond)
		}
	}
}

// sound says whether a new session can still load its libraries: after an upgrade replaced PostgreSQL's files
// under a running server it can't, and plpgsql is the first to fail. A server that is merely busy is sound.
func (c *Cluster) sound(ctx context.Context) bool {
	switch sqlState(c.query(ctx, "DO $$ BEGIN PERFORM 1; END $$")) {
	case "58P01", "58000", "XX000", "42883": // file missing, system error, wrong library, function not in it
		return false
	default:
		return true
	}
}

// query runs one statement on a connection of its own, in the maintenance database.
func (c *Cluster) query(ctx context.Context, sql string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// stop ends the server: fast (open transactions are rolled back), at last immediately. The caller holds the
// mutex. It must not be cut short, or the next start would have to recover: ctx only hurries it on.
func (c *Cluster) stop(ctx context.Context) error {
	pid := c.postmaster()
	if pid == 0 {
		return nil
	}
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil {
		return fmt.Errorf("stop the database server: %w", err)
	}
	immediately := time.After(stopWait)
	giveUp := time.After(stopWait + 10*time.Second)
	hurry := ctx.Done()
	for c.postmaster() == pid {
		select {
		case <-hurry:
			hurry, immediately = nil, time.After(5*time.Second)
		case <-immediately:
			immediately = nil
			_ = syscall.Kill(pid, syscall.SIGQUIT)
		case <-giveUp:
			return fmt.Errorf("database server %d doesn't stop", pid)
		case <-time.After(10 * time.Millisecond):
		}
	}
	c.log.Info("database server stopped", "pid", pid)
	return nil
}

func (c *Cluster) logPath() string { return filepath.Join(c.dir, "server.log") }

// openLog opens the server's log for appending; one that has grown past 10 MB starts afresh.
func (c *Cluster) openLog() (*os.File, error) {
	if info, err := os.Lstat(c.logPath()); err == nil && info.Size() > 10<<20 {
		if err := os.Rename(c.logPath(), c.logPath()+".old"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return os.OpenFile(c.logPath(), os.O_RDWR|os.O_CREATE|os.O_APPEND|syscall.O_NOFOLLOW, 0o600)
}

func (c *Cluster) logSince(offset int64) string {
	text, err := os.ReadFile(c.logPath())
	if err != nil || int64(len(text)) < offset {
		return ""
	}
	return strings.TrimSpace(string(text[offset:]))
}
