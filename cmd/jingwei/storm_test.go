package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
)

// storm is planners who work on a county of three towns over HTTP, with all that the planner's page can do, while the program and its database are killed.
type storm struct {
	*victim
	*ledger
	planners []*stormPlanner
	leader   string // cookie of who approves
	client   *http.Client
	gate     sync.RWMutex // held for reading by who asks, for writing by who checks

	everybody int            // people of the county
	peopleOf  map[string]int // division → its people
	enough    int            // blocks of a draft from which nobody cuts any more
	patience  int            // acts that a draft gets, about

	releasing atomic.Int64 // goes up before and after each publication
	pages     atomic.Int64 // pages that were held against what is there

	examined, verified, looked int
	brought                    map[string]int

	badly      sync.Mutex
	violations []string
}

func (s *storm) violation(format string, args ...any) {
	s.Helper()
	s.badly.Lock()
	defer s.badly.Unlock()
	if s.violations = append(s.violations, fmt.Sprintf(format, args...)); len(s.violations) <= 20 {
		s.Errorf("%s", s.violations[len(s.violations)-1])
	}
}

// TestStormOfPlanners: five planners redraw three towns and their county at the same time, two of them in one draft. They paint, cut, split, merge, move borders, redraw,
// undo and redo, publish with a second person's approval, roll back and re-import. Meanwhile the program and PostgreSQL's processes are killed with signal 9, half of
// the times while a transaction is at its commit. After each kill: everything proves, nobody is lost, every act that was confirmed is in its draft's journal once and
// none that was refused is, each draft is what its journal says and the program shows it so, and every publication that was confirmed is what its draft said.
//
// JINGWEI_EDITS and JINGWEI_KILLS say how much of it; make storm.
func TestStormOfPlanners(t *testing.T) {
	t.Parallel()
	edits, kills := 40, 4
	if n, err := strconv.Atoi(os.Getenv("JINGWEI_EDITS")); err == nil {
		edits = n
	}
	if n, err := strconv.Atoi(os.Getenv("JINGWEI_KILLS")); err == nil {
		kills = n
	}
	s := newStorm(t)
	s.patience = min(30, max(5, edits/40))
	s.between = 50 * time.Millisecond // reports are the kill run's; here they are few, so that incidents are there when grids change
	s.start()
	began := time.Now()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var busy sync.WaitGroup
	for _, p := range s.planners {
		busy.Go(func() { s.work(ctx, p) })
	}
	busy.Go(func() { s.report(ctx, 0) })
	random := rand.New(rand.NewPCG(uint64(began.UnixNano()), 9))
	for n := range kills {
		s.until((n+1)*edits/(kills+1), 30*time.Second)
		time.Sleep(time.Duration(random.IntN(300)) * time.Millisecond)
		s.kill(n)
		s.until(s.confirmed()+1, 30*time.Second)
		s.check()
	}
	for s.confirmed() < edits && time.Since(began) < 25*time.Minute {
		s.until(min(edits, s.confirmed()+200), time.Minute)
		s.check()
	}
	stop()
	busy.Wait()
	s.check()
	s.end()
	s.victim.check()
	if t.Failed() {
		s.faults()
	}
	s.tell(time.Since(began))
}

// until waits until so many edits were confirmed, or as long as it is patient.
func (s *storm) until(edits int, patience time.Duration) {
	for began := time.Now(); s.confirmed() < edits && time.Since(began) < patience; {
		time.Sleep(20 * time.Millisecond)
	}
}

// newStorm makes the county, its planners, and who approves.
func newStorm(t *testing.T) *storm {
	t.Helper()
	dir := filepath.Join(demoDir(t), "county")
	c := &console{globals: globals{DataDir: dir}, stdout: io.Discard, stderr: io.Discard}
	db, err := c.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	stormCounty(t, c, db)
	keys, err := c.vault(true)
	if err != nil {
		t.Fatal(err)
	}
	doors := accesstest.With(t, db, keys)
	s := &storm{victim: newVictim(t, dir, db, doors), peopleOf: make(map[string]int), brought: make(map[string]int),
		client: &http.Client{Timeout: 60 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}},
		ledger: &ledger{acts: make(map[string]*sent), kinds: make(map[string]*[3]int), sentences: make(map[string]map[string]int)}}
	planner := func(name, division string, guestOf *stormPlanner) *stormPlanner {
		p := &stormPlanner{name: name, division: division, guest: guestOf, Rand: rand.New(rand.NewPCG(rand.Uint64(), uint64(len(s.planners)))),
			cookie: doors.Person(name, "370883", []access.Grant{{Role: access.Planner, Code: division}})}
		p.drafts = len(s.planners) // they don't all do the same at first
		s.planners = append(s.planners, p)
		return p
	}
	planner("qian", stormTowns[0].code, nil)
	shared := planner("sun", stormTowns[1].code, nil)
	planner("li", stormTowns[1].code, shared)
	planner("zhou", stormTowns[2].code, nil)
	planner("wu", "370883", nil)
	s.leader = doors.Person("leader", "370883", []access.Grant{{Role: access.Leader, Code: "370883"}})
	for _, p := range s.planners {
		var blocks, people int
		err := db.Owner.QueryRow(t.Context(), `SELECT count(*), sum(residents) FROM block WHERE retired IS NULL AND lpad(community::text, 12, '0') LIKE $1 || '%'`, p.division).Scan(&blocks, &people)
		if err != nil || people == 0 {
			t.Fatalf("%d blocks with %d people in %s: %v", blocks, people, p.division, err)
		}
		s.peopleOf[p.division] = people
		s.everybody, s.enough = max(s.everybody, people), max(s.enough, 2*blocks)
	}
	return s
}

// faults prints what the program logged of faults, those of the moments after a kill apart.
func (s *storm) faults() {
	text, err := os.ReadFile(s.said.Name())
	if err != nil {
		return
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "ERROR") || strings.Contains(line, "panic") {
			if n++; n <= 20 {
				s.Logf("the program: %.1500s", line)
			}
		}
	}
}

// tell prints what happened.
func (s *storm) tell(took time.Duration) {
	var out strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	line("\n%-14s %7s %9s %7s", "edits", "sent", "confirmed", "refused")
	var all [3]int
	for _, kind := range slices.Sorted(maps.Keys(s.kinds)) {
		k := s.kinds[kind]
		line("%-14s %7d %9d %7d", kind, k[0], k[1], k[2])
		if k[countSent] > 0 {
			for i := range all {
				all[i] += k[i]
			}
		}
		for _, sentence := range slices.SortedFunc(maps.Keys(s.sentences[kind]), func(a, b string) int { return s.sentences[kind][b] - s.sentences[kind][a] }) {
			line("    %5d × %s", s.sentences[kind][sentence], sentence)
		}
	}
	line("%-14s %7d %9d %7d", "all", all[0], all[1], all[2])
	hows := make(map[string]int)
	for _, r := range s.releases {
		hows[r.how]++
	}
	line("%d planners (two in one draft), %d drafts begun, %d withdrawn; %d requests sent again, %d of them had been carried out before", len(s.planners), s.begun, s.withdrawn, s.again, s.lost)
	line("%d published: %d of edits, %d roll-backs, %d re-imports; %d approved by a second person, %d whose answer was lost; of roll-backs %d and of re-imports %d could be held against the version brought back",
		len(s.releases), hows["edits"], hows["roll-back"], hows["re-import"], s.approvals, s.foundOut, s.brought["roll-back"], s.brought["re-import"])
	line("killed: %s; %d times at a commit; %d requests were under way", s.killed, s.commits, s.cut)
	line("%d times verified and everything examined, %d drafts held against the program's view, %d pages against what is there; %d reports of incidents accepted", s.verified, s.looked, s.pages.Load(), s.accepted.Load())
	line("%.0f s, %.1f edits confirmed a second; violations: %d", took.Seconds(), float64(all[countConfirmed])/took.Seconds(), len(s.violations))
	s.Log(out.String())
	if all[countRefused] > all[countSent]/4 {
		s.Errorf("%d of %d edits were refused: the planners don't know what they do", all[countRefused], all[countSent])
	}
}
