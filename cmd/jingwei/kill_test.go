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
	"jingwei/internal/postgres"
)

// TestKilledUnderLoad kills the program and its database, with signal 9, while reporters report to a demo town, as often as JINGWEI_KILLS says (make
// kill: 50 times): half of the times at random, half in the moment in which the database is seen at a commit; fsync is on. Afterwards every report that
// was answered with 2xx is there exactly once, and so is every edit of a draft; the ground is proved, no resident is lost, and the trail's chain is whole.
func TestKilledUnderLoad(t *testing.T) {
	kills, _ := strconv.Atoi(os.Getenv("JINGWEI_KILLS"))
	if kills == 0 {
		t.Skip("JINGWEI_KILLS says how often; make kill")
	}
	s := newStorm(t)
	s.patience = 12
	v := s.victim
	v.start()
	began := time.Now()
	ctx, stop := context.WithCancel(context.Background())
	var reporters sync.WaitGroup
	for n := range 8 {
		reporters.Go(func() { v.report(ctx, n) })
	}
	for _, p := range s.planners {
		reporters.Go(func() { s.work(ctx, p) })
	}
	random := rand.New(rand.NewPCG(9, 9))
	for n := range kills {
		v.untilAccepted(5)
		time.Sleep(time.Duration(random.IntN(400)) * time.Millisecond)
		v.kill(n)
		t.Logf("%d of %d: %d accepted so far", n+1, kills, v.accepted.Load())
	}
	v.untilAccepted(20)
	stop()
	reporters.Wait()
	s.check()
	v.end()
	v.check()
	s.tell(time.Since(began))
	t.Logf("killed: %s; %d times at a commit, with %d requests under way; %d reports were accepted, and each is there once; "+
		"of those %d had been committed before without an answer, as their next try was told", v.killed, v.commits, v.cut, v.accepted.Load(), v.unanswered.Load())
}

// victim is a program that serves a town, and who reports to it.
type victim struct {
	*testing.T
	dir, address, cookie string
	cmd                  *exec.Cmd
	said                 *os.File

	places [][2]float64 // longitude and latitude, in the middle of buildings

	between time.Duration // one report and the next
	killed  kills
	commits int // kills in the moment of a commit
	cut     int // requests that were under way then

	accepted, flying, unanswered atomic.Int64

	mu  sync.Mutex
	got map[string]string // the request → the incident's number, as the 2xx said
}

// newVictim is a program that will serve what a directory holds. db is its database, as long as this takes.
func newVictim(t *testing.T, dir string, db *postgres.DB, doors *accesstest.Doors) *victim {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v := &victim{T: t, dir: dir, address: l.Addr().String(), got: make(map[string]string), killed: make(kills)}
	l.Close()
	if v.said, err = os.Create(filepath.Join(t.TempDir(), "log")); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Owner.Query(t.Context(), `SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM building WHERE residents > 0 ORDER BY id LIMIT 100) b`)
	if err != nil {
		t.Fatal(err)
	}
	var at [2]float64
	if _, err := pgx.ForEachRow(rows, []any{&at[0], &at[1]}, func() error { v.places = append(v.places, at); return nil }); err != nil || len(v.places) == 0 {
		t.Fatalf("%d places, %v", len(v.places), err)
	}
	v.cookie = doors.Person("reporter", "370883", []access.Grant{{Role: access.Dispatcher, Code: "370883"}})
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
		time.Sleep(v.between)
	}
}

func (v *victim) try(request string) bool {
	at, began := v.places[len(request)*7%len(v.places)], time.Now()
	body, err := json.Marshal(map[string]any{"kind": "fire", "text": "试验 " + request, "lon": at[0], "lat": at[1], "grid": "nearest", "request": request})
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
	var made struct {
		ID         string
		ReportedAt time.Time `json:"reported_at"`
	}
	if answer.StatusCode/100 != 2 || json.NewDecoder(answer.Body).Decode(&made) != nil {
		return false
	}
	v.mu.Lock()
	v.got[request] = made.ID
	v.mu.Unlock()
	v.accepted.Add(1)
	if made.ReportedAt.Before(began) {
		v.unanswered.Add(1)
	}
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
	rows, err := db.Owner.Query(v.Context(), `SELECT request, county || '-' || id FROM incident WHERE request NOT LIKE 'demo-%'`)
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
	for _, command := range [][]string{{"verify"}, {"verify", "--audit"}} {
		var out, errs bytes.Buffer
		if status := run(context.Background(), append(command, "--data-dir", v.dir), &out, &errs); status != 0 {
			v.Errorf("%s: exit status %d\n%s%s", strings.Join(command, " "), status, out.String(), errs.String())
		}
		v.Log(out.String())
	}
	var all, told, entered int
	err = db.Owner.QueryRow(v.Context(), `SELECT (SELECT count(*) FROM incident), (SELECT count(DISTINCT payload->>'id') FROM outbox WHERE kind = 'incident.reported'),
		(SELECT count(DISTINCT subject) FROM audit_entry WHERE action = 'incident.reported')`).Scan(&all, &told, &entered)
	if err != nil || told != all || entered != all {
		v.Errorf("%d incidents, %d events, %d entries in the trail (%v)", all, told, entered, err)
	}
}
