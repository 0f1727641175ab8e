package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/outbox"
)

// Each gets what they may see as it happens, and nothing of what was said.
func TestEventsAreWithinTheScope(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	streams := map[string]*listening{}
	for who := range s.people {
		streams[who], _ = s.listen(who, "")
	}
	west, special, east := s.news(westLon, false), s.news(westLon, true), s.news(eastLon, false)
	if err := s.db.InTx(context.Background(), func(tx pgx.Tx) error {
		return outbox.Write(context.Background(), tx, 110108, outbox.LayoutPublished, map[string]any{"version": 3})
	}); err != nil {
		t.Fatal(err)
	}
	for who, want := range map[string][]string{
		"county": {west, east}, "leader": {west, east}, "special": {west, special, east}, "west": {west}, "east": {east}, "planner": nil, "foreign": nil,
	} {
		if got := streams[who].incidents(len(want)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", who, got, want)
		}
		if h := streams[who].next(); h.name != "layout" || h.data != `{"county":110108,"version":3}` {
			t.Errorf("%s: %+v", who, h)
		}
	}
	var made Incident
	s.ask("county", "POST", "/api/incidents", fireAt(westLon, 40.0005, "text", "电话 13912345678", "contact", body{"name": "王五", "phone": "13800001234"}), 201, &made)
	h := streams["west"].next()
	at, _ := json.Marshal(made.ReportedAt)
	want := fmt.Sprintf(`{"id":"%s","kind":"fire","severity":2,"lon":116.3205,"lat":40.0005,"grid":"110108014001001","at":%s}`, made.ID, at)
	var got, wanted map[string]any
	if json.Unmarshal([]byte(h.data), &got) != nil || json.Unmarshal([]byte(want), &wanted) != nil || fmt.Sprint(got["at"]) == "" {
		t.Fatalf("%+v", h)
	}
	seen, _ := time.Parse(time.RFC3339Nano, fmt.Sprint(got["at"]))
	delete(got, "at")
	delete(wanted, "at")
	if fmt.Sprint(got) != fmt.Sprint(wanted) || !seen.Equal(made.ReportedAt) {
		t.Errorf("%s, want %s", h.data, want)
	}
}

// Who was cut off comes back with the last id and gets what came meanwhile, each once, in order, and is told how much that is.
func TestEventsGoOnAfterACut(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	l, h := s.listen("county", "")
	if h.Resumed || h.Missed != 0 {
		t.Errorf("%+v", h)
	}
	witness, _ := s.listen("leader", "")
	var want, got []string
	for round := range 5 {
		now := []string{s.news(westLon, false)}
		got = append(got, l.incidents(1)...)
		l.cut()
		s.news(westLon, true) // not theirs to see
		for range round {
			now = append(now, s.news(eastLon, false))
		}
		want = append(want, now...)
		witness.incidents(len(now)) // this node has heard of all of them
		l, h = s.listen("county", l.last)
		if !h.Resumed || h.Missed != round {
			t.Errorf("%+v, want %d missed", h, round)
		}
		got = append(got, l.incidents(round)...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	// In the address, too, for clients that can't set headers.
	l.cut()
	id := s.news(westLon, false)
	answer, err := http.NewRequest(http.MethodGet, s.http.URL+eventsPath+"?last_event_id="+l.last, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.people["county"]})
	r, err := http.DefaultClient.Do(answer)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	again := &listening{site: s, who: "county", events: make(chan happening, 10)}
	go read(r, again.events)
	again.expects("hello")
	if got := again.incidents(1); got[0] != id {
		t.Errorf("%q, want %s", got, id)
	}
}

// A place that isn't one of this database's, or isn't one at all: the client is told to load everything anew, and gets what comes then.
func TestEventsFromNowhere(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	for _, last := range []string{"999999", "-1", "7-3", "x", strings.Repeat("9", 300)} {
		l, h := s.listen("county", last)
		if h.Resumed || h.Missed != 0 {
			t.Errorf("%s: %+v", last, h)
		}
		l.expects("reset")
		if id := s.news(westLon, false); l.incidents(1)[0] != id {
			t.Errorf("%s: not the incident that came next", last)
		}
	}
}

// change changes what somebody may do, from the server's command line.
func (s *site) change(who string, f func(context.Context, pgx.Tx, int64) error) {
	s.Helper()
	ctx := access.AtServer(context.Background())
	err := s.db.InTx(ctx, func(tx pgx.Tx) error {
		id, err := access.Named(ctx, tx, who)
		if err != nil {
			return err
		}
		return f(ctx, tx, id)
	})
	if err != nil {
		s.Fatal(err)
	}
}

// Rights that are taken or given count at once, in a stream that is open.
func TestEventsFollowRights(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	l, _ := s.listen("special", "")
	special := access.LabelGrant{Label: access.Mental, Code: "110108"}
	first := s.news(westLon, true)
	s.people["other"] = s.doors.Person("other", "110108", []access.Grant{{Role: access.Dispatcher, Code: "110108"}}, special)
	report := func() string { // special, by somebody whose rights stay
		var made Incident
		s.ask("other", "POST", "/api/incidents", fireAt(westLon, 40.0005, "kind", "special-group", "special", "mental"), 201, &made)
		return made.ID
	}
	if got := l.incidents(1); got[0] != first {
		t.Errorf("%q, want %s", got, first)
	}
	s.change("special", func(ctx context.Context, tx pgx.Tx, id int64) error { return s.doors.TakeLabel(ctx, tx, id, special) })
	report()
	l.expects("access")
	plain := s.news(westLon, false)
	if got := l.incidents(1); got[0] != plain {
		t.Errorf("without the label: %q, want %s", got, plain)
	}
	s.change("special", func(ctx context.Context, tx pgx.Tx, id int64) error { return s.doors.GiveLabel(ctx, tx, id, special) })
	l.expects("access")
	if id := report(); l.incidents(1)[0] != id {
		t.Error("with the label again, something else came first")
	}
	dispatcher := access.Grant{Role: access.Dispatcher, Code: "110108"}
	s.change("special", func(ctx context.Context, tx pgx.Tx, id int64) error {
		if err := s.doors.Give(ctx, tx, id, access.Grant{Role: access.Planner, Code: "110108"}); err != nil {
			return err
		}
		return s.doors.Take(ctx, tx, id, dispatcher)
	})
	s.news(westLon, false)
	l.expects("access")
	for h := l.next(); ; h = l.next() { // of two changes it is told once or twice
		if h.name == "access" {
			s.change("special", func(ctx context.Context, tx pgx.Tx, id int64) error {
				return s.doors.Take(ctx, tx, id, access.Grant{Role: access.Planner, Code: "110108"})
			})
			continue
		}
		if h.name != "out" {
			t.Errorf("%+v, want out: there is nothing left that this account may do", h)
		}
		break
	}
	l.ends()
}

// What a node remembers of a session for a moment doesn't count for a stream, which would go on with it for long.
func TestEventsLookPastWhatIsRemembered(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	s.people["other"] = s.doors.Person("other", "110108", []access.Grant{{Role: access.Dispatcher, Code: "110108"}}, access.LabelGrant{Label: access.Mental, Code: "110108"})
	first, _ := s.listen("special", "")
	s.as(s.people["special"]).get("/api/session") // remembered, from now on
	if _, err := s.db.Owner.Exec(context.Background(), `DELETE FROM account_label WHERE account = (SELECT id FROM account WHERE name = 'special')`); err != nil {
		t.Fatal(err)
	}
	l, _ := s.listen("special", first.last)
	s.ask("other", "POST", "/api/incidents", fireAt(westLon, 40.0005, "kind", "special-group", "special", "mental"), 201, nil)
	if plain := s.news(westLon, false); l.incidents(1)[0] != plain {
		t.Error("an incident came that this account may not see any more")
	}
}

// While nobody can say what somebody's rights are by now, they are told nothing more.
func TestEventsWaitForRights(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	l, _ := s.listen("county", "")
	s.news(westLon, false)
	l.incidents(1)
	run := func(sql string) {
		t.Helper()
		if _, err := s.db.Owner.Exec(context.Background(), sql); err != nil {
			t.Fatal(err)
		}
	}
	run(`ALTER TABLE session RENAME TO hidden`)
	run(`INSERT INTO outbox (county, kind, payload) SELECT 110108, 'access.changed', jsonb_build_object('account', id) FROM account WHERE name = 'county'`)
	run(`INSERT INTO outbox (county, kind, payload) SELECT county, kind, payload FROM outbox WHERE kind = 'incident.reported'`)
	run(`SELECT pg_notify('jingwei_outbox', '')`)
	witnessed := func() (n int) { // somebody has tried to find out
		if err := s.db.Owner.QueryRow(context.Background(), `SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for before := witnessed(); witnessed() == before; {
		time.Sleep(10 * time.Millisecond)
	}
	select {
	case h := <-l.events:
		t.Errorf("%+v came before the rights were known", h)
	default:
	}
	run(`ALTER TABLE hidden RENAME TO session`)
	l.expects("access")
	l.incidents(1)
}

// A session that ends ends its streams: signed out elsewhere, disabled, a token revoked, its time over.
func TestEventsEndWithTheSession(t *testing.T) {
	s, _ := staffed(t, map[string][]access.Grant{
		"county": {{Role: access.Dispatcher, Code: "110108"}}, "away": leaders, "gone": leaders, "late": leaders, "stays": leaders,
	}, nil)
	s.server.heartbeat = 20 * time.Millisecond
	machine := s.doors.Account("machine", "110108", "machine", leaders)
	var token string
	var made access.Token
	s.change("machine", func(ctx context.Context, tx pgx.Tx, id int64) (err error) {
		token, made, err = s.doors.MakeToken(ctx, tx, machine, "test", 1)
		return err
	})
	away, _ := s.listen("away", "")
	gone, _ := s.listen("gone", "")
	late, _ := s.listen("late", "")
	stays, _ := s.listen("stays", "")
	byToken := s.listenWith(token)

	i, err := s.doors.Identify(context.Background(), s.people["away"], false)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.doors.SignOutEverywhere(context.Background(), i); err != nil {
		t.Fatal(err)
	}
	s.change("gone", func(ctx context.Context, tx pgx.Tx, id int64) error {
		disabled := true
		return s.doors.Change(ctx, tx, id, access.Change{Disabled: &disabled})
	})
	s.change("machine", func(ctx context.Context, tx pgx.Tx, id int64) error { return s.doors.RevokeToken(ctx, tx, id, made.ID) })
	if _, err := s.db.Owner.Exec(context.Background(), `UPDATE session SET seen_at = now() - interval '3 hours' WHERE account = (SELECT id FROM account WHERE name = 'late')`); err != nil {
		t.Fatal(err)
	}
	for name, l := range map[string]*listening{"away": away, "gone": gone, "late": late, "machine": byToken} {
		l.who = name
		l.expects("out")
		l.ends()
	}
	if id := s.news(westLon, false); stays.incidents(1)[0] != id {
		t.Error("somebody else's stream lost its place")
	}
}

var leaders = []access.Grant{{Role: access.Leader, Code: "110108"}}

// listenWith opens a stream with an API token.
func (s *site) listenWith(token string) *listening {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), http.MethodGet, s.http.URL+eventsPath, nil)
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	l := &listening{site: s, who: "token", events: make(chan happening, 10)}
	go func() {
		defer answer.Body.Close()
		defer close(l.events)
		read(answer, l.events)
	}()
	l.expects("hello")
	return l
}

// Streams live longer than the server gives a request to be read and answered, and beat meanwhile.
func TestEventsOutliveTheServersPatience(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	s.server.heartbeat = 50 * time.Millisecond
	h := httptest.NewUnstartedServer(s.server)
	h.Config.ReadTimeout, h.Config.WriteTimeout = 200*time.Millisecond, 300*time.Millisecond
	h.Start()
	t.Cleanup(h.Close)
	l := s.open(h.URL, "county", "")
	l.expects("hello")
	time.Sleep(600 * time.Millisecond)
	if id := s.news(westLon, false); l.incidents(1)[0] != id {
		t.Error("not the incident that came")
	}
	l.cut()
}

// Who takes nothing is cut off and holds up nobody, neither the others nor a server that is told to stop.
func TestEventsToWhoTakesNothing(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	s.server.patience = 300 * time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.server.Serve(ctx, listener) }()

	dead, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer dead.Close()
	_ = dead.(*net.TCPConn).SetReadBuffer(4096)
	fmt.Fprintf(dead, "GET %s HTTP/1.1\r\nHost: x\r\nCookie: %s=%s\r\n\r\n", eventsPath, sessionCookie, s.people["county"])
	well := s.open("http://"+address, "county", "")
	well.expects("hello")
	first := s.news(westLon, false)
	if got := well.incidents(1); got[0] != first {
		t.Fatalf("%q, want %s", got, first)
	}
	// More than the dead one's socket takes.
	const times = 40_000
	if _, err := s.db.Owner.Exec(context.Background(), `INSERT INTO outbox (county, kind, payload) SELECT county, kind, payload FROM outbox, generate_series(1, $1) WHERE kind = 'incident.reported'`, times); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.Owner.Exec(context.Background(), `SELECT pg_notify('jingwei_outbox', '')`); err != nil {
		t.Fatal(err)
	}
	last := 0
	for range times {
		h := well.next()
		var at int
		if _, err := fmt.Sscan(h.id, &at); err != nil || at <= last || h.name != "incident" {
			t.Fatalf("%+v after %d", h, last)
		}
		last = at
	}
	stop()
	well.ends()
	if err := <-ended; err != nil {
		t.Errorf("the server didn't stop: %v", err)
	}
}

// An answer without an end isn't begun for who wants its head alone, or isn't signed in, or may read nothing.
func TestEventsRefused(t *testing.T) {
	s, _ := staffed(t, map[string][]access.Grant{"nothing": nil}, nil)
	if answer, _ := s.do(http.MethodHead, eventsPath); answer.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: %s", answer.Status)
	}
	s.as("").problem(eventsPath, http.StatusUnauthorized)
	s.as(s.people["nothing"]).problem(eventsPath, http.StatusForbidden)
}
