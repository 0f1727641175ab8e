package httpapi

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/draft"
	"jingwei/internal/live"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/tile"
)

// site is a server over a database with the town of testdata/town.sql.
type site struct {
	*testing.T
	db     *postgres.DB
	server *Server
	http   *httptest.Server
	doors  *accesstest.Doors
	cookie string // of whoever asks; "" for nobody
	people people // others who may ask
}

func setup(t *testing.T, change ...func(*Config)) *site {
	t.Helper()
	t.Parallel()
	db := pgtest.New(t)
	town, err := os.ReadFile("testdata/town.sql")
	if err != nil {
		t.Fatal(err)
	}
	err = db.InTx(context.Background(), func(tx pgx.Tx) error {
		_, err := tx.Exec(context.Background(), string(town))
		return err
	})
	if err != nil {
		t.Fatalf("testdata/town.sql: %v", err)
	}
	return serve(t, db, change...)
}

func serve(t *testing.T, db *postgres.DB, change ...func(*Config)) *site {
	t.Helper()
	tiles, err := tile.New(tile.Config{DB: db.Reader})
	if err != nil {
		t.Fatal(err)
	}
	doors := accesstest.New(t, db)
	hub := live.New(live.Config{App: db.App, Reader: db.Reader})
	ctx, stop := context.WithCancel(context.Background())
	followed := make(chan error, 1)
	go func() { followed <- hub.Follow(ctx) }()
	t.Cleanup(func() { stop(); <-followed })
	config := Config{DB: db.App, Tiles: tiles, Doors: doors.Doors, Vault: doors.Vault, Trail: doors.Trail, Live: hub, Drafts: draft.New(db.App), Version: "test", Assets: fstest.MapFS{
		"index.html":           {Data: []byte("<!doctype html><title>经纬</title>")},
		"assets/app-1a2b3c.js": {Data: []byte("export const answer = 42")},
		"favicon.svg":          {Data: []byte("<svg/>")},
	}}
	for _, c := range change {
		c(&config)
	}
	server, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(server)
	t.Cleanup(h.Close)
	s := &site{T: t, db: db, server: server, http: h, doors: doors}
	if s.migrated() {
		s.cookie = s.person("reader", access.Grant{Role: access.Leader, Code: "110108"})
	}
	return s
}

// migrated says whether there can be anybody to sign in: some tests serve an empty database.
func (s *site) migrated() (there bool) {
	s.Helper()
	if err := s.db.Owner.QueryRow(context.Background(), `SELECT to_regclass('account') IS NOT NULL`).Scan(&there); err != nil {
		s.Fatal(err)
	}
	return there
}

// person makes an account with grants and signs it in; it gives the session's cookie.
func (s *site) person(name string, grants ...access.Grant) (cookie string) {
	s.Helper()
	return s.doors.Person(name, "110108", grants)
}

// as is the site for another session's cookie.
func (s *site) as(cookie string) *site {
	other := *s
	other.cookie = cookie
	return &other
}

// get asks for a path, with headers as "Name: value" pairs.
func (s *site) get(path string, headers ...string) (*http.Response, []byte) {
	s.Helper()
	return s.do(http.MethodGet, path, headers...)
}

func (s *site) do(method, path string, headers ...string) (*http.Response, []byte) {
	s.Helper()
	r, err := http.NewRequest(method, s.http.URL+path, nil)
	if err != nil {
		s.Fatal(err)
	}
	if s.cookie != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.cookie})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return s.send(r)
}

func (s *site) send(r *http.Request) (*http.Response, []byte) {
	s.Helper()
	transport := http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	answer, err := transport.RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.Fatal(err)
	}
	return answer, body
}

// ok reads a 200 into v, and fails on fields that v doesn't know.
func ok[T any](s *site, path string) (v T) {
	s.Helper()
	answer, body := s.get(path)
	if answer.StatusCode != http.StatusOK {
		s.Fatalf("%s: %d %s", path, answer.StatusCode, body)
	}
	if err := json.Unmarshal(body, &v); err != nil {
		s.Fatalf("%s: %v in %s", path, err, body)
	}
	return v
}

// problem reads an error and checks what every one of them must have.
func (s *site) problem(path string, status int, headers ...string) Problem {
	s.Helper()
	answer, body := s.get(path, headers...)
	return s.isProblem(path, answer, body, status)
}

func (s *site) isProblem(path string, answer *http.Response, body []byte, status int) (p Problem) {
	s.Helper()
	if answer.StatusCode != status {
		s.Fatalf("%s: %d, want %d: %s", path, answer.StatusCode, status, body)
	}
	if got := answer.Header.Get("Content-Type"); got != "application/problem+json" {
		s.Errorf("%s: Content-Type %q", path, got)
	}
	if err := json.Unmarshal(body, &p); err != nil {
		s.Fatalf("%s: %v in %s", path, err, body)
	}
	if p.Status != status || p.Title == "" || p.Detail == "" || p.ZH == "" || p.EN == "" || p.Code == "" || p.RequestID == "" {
		s.Errorf("%s: the problem is incomplete: %s", path, body)
	}
	return p
}
