package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/audit"
	"jingwei/internal/incident"
	"jingwei/internal/outbox"
	"jingwei/internal/postgres"
)

const (
	openMaps  = 1000
	liveRate  = 5 // reports a second: a county has 4,000 a day
	liveFor   = 30 * time.Second
	burstRate = 50
	burstFor  = 10 * time.Second
	cutFor    = time.Minute
	cutEvents = 500
	writers   = 10
)

func liveTable() *table {
	t := tableAt(57, "Incidents on open maps", "what", "p50, ms", "p95, ms", "p99, ms", "most, ms", "events received")
	t.say("%d clients of the stream of events, each on a TCP connection of its own over loopback and with a session of its own: half of them see the whole town, the rest a community or a "+
		"grid each. Clients, server and PostgreSQL share %d cores; fsync is on. Measured is from the moment before the transaction of a report sends its COMMIT to the moment at which "+
		"a client has read the event; each client must get exactly those that the policies of the database let its account see, in the order of the outbox, each once, or the benchmark fails.",
		openMaps, runtime.GOMAXPROCS(0))
	return t
}

// mapClient is an open map.
type mapClient struct {
	account int64
	scope   postgres.Scope
	token   string
	local   string

	conn net.Conn
	last string // the id that it comes back with

	mu   sync.Mutex
	seen []arrival
	said []string // whatever else than incidents the server said
	got  atomic.Int64
}

// arrival is an incident on a client's screen.
type arrival struct {
	id       string
	position int64
	at       time.Time
}

// connect opens the stream and reads it until the connection is cut.
func (m *mapClient) connect(address string, group *sync.WaitGroup) error {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(m.local)}}
	conn, err := dialer.Dial("tcp", address)
	if err != nil {
		return err
	}
	m.conn = conn
	back := ""
	if m.last != "" {
		back = "Last-Event-ID: " + m.last + "\r\n"
	}
	if _, err := fmt.Fprintf(conn, "GET /api/events HTTP/1.1\r\nHost: bench\r\nCookie: %s=%s\r\n%s\r\n", accesstest.SessionCookie, m.token, back); err != nil {
		return err
	}
	in := bufio.NewReader(conn)
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("a stream: %s", answer.Status)
	}
	hello := make(chan struct{})
	group.Go(func() {
		m.read(bufio.NewScanner(answer.Body), hello)
		conn.Close()
	})
	<-hello
	return nil
}

func (m *mapClient) read(lines *bufio.Scanner, hello chan struct{}) {
	var id, name string
	greeted := sync.OnceFunc(func() { close(hello) })
	defer greeted()
	for lines.Scan() {
		line := lines.Text()
		switch field, value, _ := strings.Cut(line, ": "); field {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			m.take(id, name, value)
			if name == "hello" {
				greeted()
			}
		}
	}
}

func (m *mapClient) take(id, name, data string) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = id
	if name != "incident" {
		if name != "hello" {
			m.said = append(m.said, name)
		}
		return
	}
	var told struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal([]byte(data), &told)
	var position int64
	_, _ = fmt.Sscan(id, &position)
	m.seen = append(m.seen, arrival{told.ID, position, now})
	m.got.Add(1)
}

// openMapsOf makes clients with accounts of different scopes.
func openMapsOf(s *serving) []*mapClient {
	var grids []string
	rows, err := s.db.Owner.Query(context.Background(), `SELECT code::text FROM grid WHERE retired IS NULL ORDER BY code`)
	if err != nil {
		s.Fatal(err)
	}
	if grids, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		s.Fatal(err)
	}
	county := string(s.code.CountyCode())
	clients := make([]*mapClient, openMaps)
	for n := range clients {
		name, grant := "county", access.Grant{Role: access.Dispatcher, Code: county}
		switch grid := grids[n%len(grids)]; n % 4 {
		case 1:
			name, grant = "clerk-"+grid[:12], access.Grant{Role: access.Clerk, Code: grid[:12]}
		case 3:
			name, grant = "worker-"+grid, access.Grant{Role: access.GridWorker, Code: grid}
		}
		clients[n] = &mapClient{account: s.doors.Account(name, county, "person", []access.Grant{grant}), scope: access.ScopeOf([]access.Grant{grant}, nil),
			token: s.doors.SignedIn(name), local: fmt.Sprintf("127.0.%d.%d", 1+n/200, 1+n%200)}
	}
	return clients
}

// writer reports past HTTP, so that the moment of the commit is known.
type writer struct {
	*serving
	ctx context.Context

	mu        sync.Mutex
	committed map[string]time.Time
	next      atomic.Int64
}

func newWriter(s *serving) *writer {
	county := string(s.code.CountyCode())
	grants := []access.Grant{{Role: access.Dispatcher, Code: county}}
	id := s.doors.Account("writer", county, "person", grants)
	ctx := audit.WithCaller(postgres.WithActor(context.Background(), postgres.Actor{Account: id, Scope: access.ScopeOf(grants, nil)}), audit.Caller{Name: "writer"})
	return &writer{serving: s, ctx: ctx, committed: make(map[string]time.Time)}
}

func (w *writer) report() error {
	lon, lat := w.points[int(w.next.Add(1)*7919)%len(w.points)].Degrees()
	var id string
	var at time.Time
	err := w.db.InTx(w.ctx, func(tx pgx.Tx) error {
		made, err := w.desk.Report(w.ctx, tx, incident.Report{Kind: "fire", Text: "楼道堆放杂物，影响通行，居民多次反映", Lon: lon, Lat: lat, Grid: incident.Nearest})
		if err != nil {
			return err
		}
		id, at = made.ID.String(), time.Now()
		return nil
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.committed[id] = at
	return err
}

// expected is what an account must have got after a position: what the database's policies say, in the outbox's order.
func expected(s *serving, clients []*mapClient, after int64) map[int64][]string {
	out := make(map[int64][]string)
	rows, err := s.db.Owner.Query(context.Background(), `SELECT payload->>'id' FROM outbox WHERE number > $1 AND kind = $2 ORDER BY number`, after, outbox.IncidentReported)
	if err != nil {
		s.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		s.Fatal(err)
	}
	for _, c := range clients {
		if _, done := out[c.account]; done {
			continue
		}
		visible := make(map[string]bool)
		err := postgres.Snapshot(postgres.WithActor(context.Background(), postgres.Actor{Account: c.account, Scope: c.scope}), s.db.App, func(tx pgx.Tx) error {
			rows, err := tx.Query(context.Background(), `SELECT county || '-' || id FROM incident`)
			if err != nil {
				return err
			}
			var id string
			_, err = pgx.ForEachRow(rows, []any{&id}, func() error { visible[id] = true; return nil })
			return err
		})
		if err != nil {
			s.Fatal(err)
		}
		want := []string{}
		for _, id := range all {
			if visible[id] {
				want = append(want, id)
			}
		}
		out[c.account] = want
	}
	return out
}

// numbered is how far the outbox reaches once every event has its number.
func numbered(s *serving) (last int64) {
	run(s.B, s.db.Owner, `SELECT number_outbox()`)
	answer(s.B, s.db.Owner, []any{&last}, `SELECT coalesce(max(number), 0) FROM outbox`)
	return last
}

// comeToRest waits until every client has as many events as it must have, for a while, and checks that they are those, in order.
func comeToRest(s *serving, clients []*mapClient, after int64) {
	want := expected(s, clients, after)
	deadline := time.Now().Add(30 * time.Second)
	for _, c := range clients {
		for int(c.got.Load()) < len(want[c.account]) && time.Now().Before(deadline) {
			time.Sleep(5 * time.Millisecond)
		}
	}
	time.Sleep(200 * time.Millisecond) // what comes twice comes now
	missing, double, disorder := 0, 0, 0
	for _, c := range clients {
		c.mu.Lock()
		ids, times, last := make([]string, 0, len(c.seen)), map[string]int{}, int64(0)
		for _, a := range c.seen {
			ids = append(ids, a.id)
			times[a.id]++
			if a.position <= last {
				disorder++
			}
			last = a.position
		}
		for _, id := range want[c.account] {
			missing += 1 - min(1, times[id])
		}
		for _, n := range times {
			double += n - 1
		}
		if !slices.Equal(ids, want[c.account]) && missing+double+disorder == 0 {
			disorder++
		}
		if len(c.said) > 0 {
			s.Errorf("a client was told %q", c.said)
		}
		c.mu.Unlock()
	}
	if missing+double+disorder > 0 {
		s.Fatalf("%d events missing, %d double, %d out of order", missing, double, disorder)
	}
}

// emptied forgets what clients have seen.
func (m *mapClient) emptied() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen = nil
	m.got.Store(0)
}

func connectAll(s *serving, clients []*mapClient, group *sync.WaitGroup) {
	errs := make([]error, len(clients))
	var connecting sync.WaitGroup
	for n, c := range clients {
		connecting.Go(func() { errs[n] = c.connect(s.address, group) })
	}
	connecting.Wait()
	for _, err := range errs {
		if err != nil {
			s.Fatal(err)
		}
	}
}

// onScreens gives how long after its commit each event was on each screen, sorted.
func (w *writer) onScreens(clients []*mapClient) (took []time.Duration) {
	for _, c := range clients {
		c.mu.Lock()
		for _, a := range c.seen {
			took = append(took, a.at.Sub(w.committed[a.id]))
		}
		c.mu.Unlock()
	}
	slices.Sort(took)
	return took
}

func measureLive(s *serving) {
	clients, w := openMapsOf(s), newWriter(s)
	var reading sync.WaitGroup
	before := resident()
	took := once(func() { connectAll(s, clients, &reading) })
	liveTable().remark("Opening %d streams at once, until all had their hello: %s. The process, clients among it, grew by %d MB.", openMaps, seconds(took), (resident()-before)>>20)
	for _, r := range []struct {
		rate    int
		lasting time.Duration
	}{{liveRate, liveFor}, {burstRate, burstFor}} {
		began := numbered(s)
		atRate(s.county, r.rate, r.lasting, func(int) error { return w.report() })
		numbered(s)
		comeToRest(s, clients, began)
		d := w.onScreens(clients)
		liveTable().row(s.B, fmt.Sprintf("commit → on the screens, %d reports a second for %.0f s", r.rate, r.lasting.Seconds()),
			milliseconds(percentile(d, .5)), milliseconds(percentile(d, .95)), milliseconds(percentile(d, .99)), milliseconds(d[len(d)-1]), fmt.Sprint(len(d)))
		for _, c := range clients {
			c.emptied()
		}
	}
	measureCut(s, w, clients, &reading)
	for _, c := range clients {
		c.conn.Close()
	}
	reading.Wait()
}

// measureCut cuts all clients off at the same moment, has incidents reported meanwhile, and lets all come back at the same moment.
func measureCut(s *serving, w *writer, clients []*mapClient, reading *sync.WaitGroup) {
	began := numbered(s)
	for _, c := range clients {
		c.conn.Close()
	}
	reading.Wait()
	var writing sync.WaitGroup
	start := time.Now()
	for n := range writers {
		random := rand.New(rand.NewPCG(11, uint64(n)))
		writing.Go(func() {
			for k := range cutEvents / writers { // ten at once, again and again
				time.Sleep(time.Until(start.Add(time.Duration(k) * cutFor / (cutEvents / writers))))
				time.Sleep(time.Duration(random.IntN(3)) * time.Millisecond)
				if err := w.report(); err != nil {
					s.Error(err)
				}
			}
		})
	}
	writing.Wait()
	time.Sleep(time.Until(start.Add(cutFor)))
	numbered(s)
	want := expected(s, clients, began)
	back := time.Now()
	connectAll(s, clients, reading)
	comeToRest(s, clients, began)
	var caught []time.Duration
	events := 0
	for _, c := range clients {
		events += len(want[c.account])
		if len(c.seen) > 0 {
			caught = append(caught, c.seen[len(c.seen)-1].at.Sub(back))
		}
	}
	slices.Sort(caught)
	liveTable().row(s.B, fmt.Sprintf("all cut off for %.0f s, %d incidents meanwhile from %d writers at once, all back at the same moment: until a client had all it missed", cutFor.Seconds(), cutEvents, writers),
		milliseconds(percentile(caught, .5)), milliseconds(percentile(caught, .95)), milliseconds(percentile(caught, .99)), milliseconds(caught[len(caught)-1]), fmt.Sprint(events))
	liveTable().remark("Of the %d events that were missed while cut off, 0 are missing, 0 came twice, and all came in order.", events)
}
