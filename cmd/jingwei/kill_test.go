package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
)

// TestKilledUnderLoad kills the program and its database, with signal 9 and at random moments, while reporters report, as often as JINGWEI_KILLS says
// (make kill: 50 times); fsync is on. Afterwards every report that was answered with 2xx is there exactly once, and the trail's chain is whole.
func TestKilledUnderLoad(t *testing.T) {
	kills, _ := strconv.Atoi(os.Getenv("JINGWEI_KILLS"))
	if kills == 0 {
		t.Skip("JINGWEI_KILLS says how often; make kill")
	}
	v := newVictim(t)
	v.start()
	ctx, stop := context.WithCancel(context.Background())
	var reporters sync.WaitGroup
	for n := range 8 {
		reporters.Go(func() { v.report(ctx, n) })
	}
	random := rand.New(rand.NewPCG(9, 9))
	var programs, databases, flying int
	for n := range kills {
		v.untilAccepted(5)
		time.Sleep(time.Duration(random.IntN(400)) * time.Millisecond)
		flying += int(v.flying.Load())
		switch n % 3 {
		case 0:
			v.killProgram()
			programs++
		case 1:
			v.killDatabase()
			databases++
		default: // both at once
			v.killDatabase()
			v.killProgram()
			programs++
			databases++
		}
		t.Logf("%d of %d: %d accepted so far", n+1, kills, v.accepted.Load())
	}
	v.untilAccepted(20)
	stop()
	reporters.Wait()
	v.end()
	v.check()
	t.Logf("killed the program %d times and PostgreSQL %d times with %d reports under way; %d were accepted, and each is there once", programs, databases, flying, v.accepted.Load())
}

// victim is a program that serves a town, and who reports to it.
type victim struct {
	*testing.T
	dir, address, cookie string
	cmd                  *exec.Cmd
	said                 *os.File

	accepted, flying atomic.Int64
	mu               sync.Mutex
	got              map[string]string // the request → the incident's number, as the 2xx said
}

func newVictim(t *testing.T) *victim {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v := &victim{T: t, dir: demoDir(t), address: l.Addr().String(), got: make(map[string]string)}
	l.Close()
	if v.said, err = os.Create(filepath.Join(t.TempDir(), "log")); err != nil {
		t.Fatal(err)
	}
	s := &console{globals: globals{DataDir: v.dir}, stderr: os.Stderr}
	db, err := s.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	town, err := os.ReadFile("../../internal/httpapi/testdata/town.sql")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.InTx(t.Context(), func(tx pgx.Tx) error { _, err := tx.Exec(t.Context(), string(town)); return err }); err != nil {
		t.Fatal(err)
	}
	keys, err := s.vault(true)
	if err != nil {
		t.Fatal(err)
	}
	v.cookie = accesstest.With(t, db, keys).Person("dispatcher", "110108", []access.Grant{{Role: access.Dispatcher, Code: "110108"}})
	t.Cleanup(v.end)
	return v
}

// start starts the program, again and again until it serves: just after a kill its port or its database may be busy.
func (v *victim) start() {
	v.Helper()
	for {
		v.cmd = exec.Command(os.Args[0], "serve", "--data-dir", v.dir, "--listen", v.address)
		v.cmd.Env = append(os.Environ(), asProgram+"=1", "DATABASE_URL=")
		v.cmd.Stdout, v.cmd.Stderr = v.said, v.said
		if err := v.cmd.Start(); err != nil {
			v.Fatal(err)
		}
		ended := make(chan struct{})
		go func(c *exec.Cmd) { _ = c.Wait(); close(ended) }(v.cmd)
		for {
			answer, err := http.Get("http://" + v.address + "/readyz")
			if err == nil {
				answer.Body.Close()
				if answer.StatusCode == http.StatusOK {
					return
				}
			}
			select {
			case <-ended:
			case <-time.After(50 * time.Millisecond):
				continue
			}
			break
		}
	}
}

func (v *victim) killProgram() {
	v.Helper()
	if err := v.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		v.Logf("the program was over already: %v", err)
	}
	v.start()
}

// killDatabase kills the postmaster; its children find out and end.
func (v *victim) killDatabase() {
	v.Helper()
	text, err := os.ReadFile(filepath.Join(v.dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		v.Logf("PostgreSQL isn't there to be killed: %v", err)
		return
	}
	pid, err := strconv.Atoi(strings.TrimSpace(strings.SplitN(string(text), "\n", 2)[0]))
	if err != nil {
		v.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		v.Logf("PostgreSQL %d: %v", pid, err)
	}
}

// end lets the program stop as it should.
func (v *victim) end() {
	if v.cmd == nil || v.cmd.Process == nil {
		return
	}
	_ = v.cmd.Process.Signal(syscall.SIGINT)
	for range 200 {
		if v.cmd.Process.Signal(syscall.Signal(0)) != nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// report reports until ctx ends, each report as often as it takes to get a 2xx.
func (v *victim) report(ctx context.Context, who int) {
	for n := 0; ctx.Err() == nil; n++ {
		request := fmt.Sprintf("%d-%d", who, n)
		for ctx.Err() == nil && !v.try(request) {
			time.Sleep(20 * time.Millisecond)
		}
	}
}

func (v *victim) try(request string) bool {
	body, err := json.Marshal(map[string]any{"kind": "fire", "text": "试验 " + request, "lon": 116.3205, "lat": 40.0005, "grid": "nearest", "request": request})
	if err != nil {
		return false
	}
	q, err := http.NewRequest(http.MethodPost, "http://"+v.address+"/api/incidents", bytes.NewReader(body))
	if err != nil {
		return false
	}
	q.Header.Set("Content-Type", "application/json")
	q.AddCookie(&http.Cookie{Name: accesstest.SessionCookie, Value: v.cookie})
	v.flying.Add(1)
	defer v.flying.Add(-1)
	answer, err := (&http.Client{Timeout: 20 * time.Second}).Do(q)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	var made struct{ ID string }
	if answer.StatusCode/100 != 2 || json.NewDecoder(answer.Body).Decode(&made) != nil {
		return false
	}
	v.mu.Lock()
	v.got[request] = made.ID
	v.mu.Unlock()
	v.accepted.Add(1)
	return true
}

// untilAccepted waits until so many more reports were accepted.
func (v *victim) untilAccepted(more int64) {
	for goal := v.accepted.Load() + more; v.accepted.Load() < goal; {
		time.Sleep(10 * time.Millisecond)
	}
}

// check looks, with the program gone, at what is there.
func (v *victim) check() {
	v.Helper()
	s := &console{globals: globals{DataDir: v.dir}, stderr: os.Stderr}
	db, err := s.openExisting(v.Context())
	if err != nil {
		v.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Owner.Query(v.Context(), `SELECT request, county || '-' || id FROM incident`)
	if err != nil {
		v.Fatal(err)
	}
	stored := make(map[string]string)
	var request, id string
	_, err = pgx.ForEachRow(rows, []any{&request, &id}, func() error {
		if stored[request] != "" {
			v.Errorf("report %s is there twice: %s and %s", request, stored[request], id)
		}
		stored[request] = id
		return nil
	})
	if err != nil {
		v.Fatal(err)
	}
	for request, id := range v.got {
		if stored[request] != id {
			v.Errorf("report %s was accepted as %s; there is %q", request, id, stored[request])
		}
	}
	var out, errs bytes.Buffer
	if status := run(context.Background(), []string{"verify", "--audit", "--data-dir", v.dir}, &out, &errs); status != 0 {
		v.Errorf("verify --audit: exit status %d\n%s%s", status, out.String(), errs.String())
	}
	v.Log(out.String())
	var told int
	if err := db.Owner.QueryRow(v.Context(), `SELECT count(DISTINCT payload->>'id') FROM outbox WHERE kind = 'incident.reported'`).Scan(&told); err != nil || told != len(stored) {
		v.Errorf("%d incidents and %d events (%v)", len(stored), told, err)
	}
}
