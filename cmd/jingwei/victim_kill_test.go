package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// kills counts them by process.
type kills map[string]int

func (k kills) String() string {
	var out []string
	for _, process := range slices.Sorted(maps.Keys(k)) {
		out = append(out, fmt.Sprintf("%s %d", process, k[process]))
	}
	return strings.Join(out, ", ")
}

// kill kills something with signal 9, in turn: the program, the postmaster, both, a session of the database's, its checkpointer or its writer of the log. Every other time
// it waits for the moment in which a transaction is being committed. It comes back when the program serves again.
func (v *victim) kill(n int) {
	v.Helper()
	backend := 0
	if n%2 == 0 {
		if backend = v.atCommit(); backend != 0 {
			v.commits++
		}
	}
	v.cut += int(v.flying.Load())
	switch n % 5 {
	case 0:
		v.killProgram()
	case 1:
		v.killPostmaster()
	case 2:
		if backend == 0 {
			backend = v.child(" [local]")
		}
		v.shoot("session", backend)
	case 3:
		process := []string{"checkpointer", "walwriter"}[n/5%2]
		v.shoot(process, v.child(process))
	default: // both at once
		v.killPostmaster()
		v.killProgram()
	}
	v.served()
}

func (v *victim) shoot(process string, pid int) {
	v.Helper()
	if pid == 0 {
		v.Logf("there is no %s to be killed", process)
		return
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		v.Logf("%s %d: %v", process, pid, err)
		return
	}
	v.killed[process]++
}

// served waits until the program says that it serves.
func (v *victim) served() {
	v.Helper()
	time.Sleep(50 * time.Millisecond) // what was killed is noticed
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(50 * time.Millisecond) {
		answer, err := http.Get("http://" + v.address + "/readyz")
		if err != nil {
			continue
		}
		answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return
		}
	}
	v.Fatal("two minutes after a kill the program doesn't serve")
}

func (v *victim) killProgram() {
	v.Helper()
	v.shoot("program", v.cmd.Process.Pid)
	v.start()
}

// killPostmaster kills the database's first process; its children find out and end.
func (v *victim) killPostmaster() {
	v.Helper()
	pid, _, err := v.postmaster()
	if err != nil {
		v.Logf("PostgreSQL isn't there to be killed: %v", err)
		return
	}
	v.shoot("postmaster", pid)
}

// postmaster reads what the database server says of itself: its process, and where its socket is.
func (v *victim) postmaster() (pid int, socket string, err error) {
	text, err := os.ReadFile(filepath.Join(v.dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		return 0, "", err
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) < 5 {
		return 0, "", fmt.Errorf("postmaster.pid: %q", text)
	}
	pid, err = strconv.Atoi(strings.TrimSpace(lines[0]))
	return pid, lines[4], err
}

// child is a process of the database server's by what it says that it is, 0 for none.
func (v *victim) child(what string) int {
	first, _, err := v.postmaster()
	if err != nil {
		return 0
	}
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range all {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest) // state, parent, …
		if len(fields) < 2 || fields[1] != strconv.Itoa(first) {
			continue
		}
		title, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
		if strings.Contains(string(title), what) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			return pid
		}
	}
	return 0
}

// atCommit waits for the moment in which a transaction is being committed, and gives the session's process; 0 when the database can't be asked, or nothing is.
func (v *victim) atCommit() (pid int) {
	_, socket, err := v.postmaster()
	if err != nil {
		return 0
	}
	ctx, cancel := context.WithTimeout(v.Context(), 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, "postgres:///jingwei?user=jingwei&sslmode=disable&host="+socket)
	if err != nil {
		return 0
	}
	defer conn.Close(ctx)
	for {
		err := conn.QueryRow(ctx, `SELECT coalesce(min(pid), 0) FROM pg_stat_activity WHERE state = 'active' AND query = 'commit'`).Scan(&pid)
		if err != nil || pid != 0 {
			return pid
		}
	}
}
