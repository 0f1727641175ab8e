package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/httpapi"
	"jingwei/internal/layout"
	"jingwei/internal/live"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
	"jingwei/internal/tile"
	"jingwei/internal/vault"
)

// planted are numbers that are sought everywhere afterwards: phone numbers of a range that isn't given out, and ID numbers of a division that never was.
const plantedEach = 500

func plantedPhone(n int) string { return fmt.Sprintf("1990000%04d", n) }

// plantedID is an ID number with the check digit of GB 11643.
func plantedID(n int) string {
	body := fmt.Sprintf("99999919490101%03d", n)
	weights := [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(body[i]-'0') * w
	}
	return body + string("10X98765432"[sum%11])
}

// A thousand numbers go in through the API, as contacts and in the middle of texts, in good requests and in bad ones; afterwards none of them stands in clear in
// the database, its write-ahead log, its files and its log, in ours, in the outbox, the trail, metrics, tiles, events, lists or refusals.
func TestPlantedNumbersAreFoundNowhere(t *testing.T) {
	t.Parallel()
	dir := demoDir(t)
	var log bytes.Buffer
	s := &console{globals: globals{DataDir: dir, KeysFile: filepath.Join(t.TempDir(), "keys")}, stderr: &log}
	db, err := s.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p := &planter{T: t, db: db}
	p.serve(s, &log)
	p.plant()
	p.bring()
	p.refuse()
	p.look()
	if _, err := db.Owner.Exec(t.Context(), `CHECKPOINT`); err != nil {
		t.Fatal(err)
	}
	p.dump()
	p.files(dir)
	p.seen.WriteString(log.String())
	if p.seen.Len() < 1<<20 || !strings.Contains(p.seen.String(), "199****") {
		t.Fatalf("only %d bytes were looked through", p.seen.Len())
	}
	all := p.seen.Bytes()
	if number, i := inClear(all); number != "" {
		t.Fatalf("%s is in clear: …%q…", number, all[max(0, i-120):min(len(all), i+60)])
	}
	// It would have been found.
	for _, number := range []string{plantedPhone(499), plantedID(77), plantedName(123)} {
		if found, _ := inClear([]byte("x99999919900001990000" + number + "y")); found != number {
			t.Fatalf("%s isn't found", number)
		}
	}
}

// inClear finds the first planted number or name: by what all of a kind begin with, as there is much to look through.
func inClear(all []byte) (number string, at int) {
	for _, kind := range []func(int) string{plantedPhone, plantedID, plantedName} {
		known := map[string]bool{}
		for n := range plantedEach {
			known[kind(n)] = true
		}
		size, begins := len(kind(0)), kind(0)
		for number := range known {
			for !strings.HasPrefix(number, begins) {
				begins = begins[:len(begins)-1]
			}
		}
		for from := 0; ; {
			i := bytes.Index(all[from:], []byte(begins))
			if i < 0 {
				break
			}
			at := from + i
			if text := string(all[at:min(len(all), at+size)]); known[text] {
				return text, at
			}
			from = at + 1
		}
	}
	return "", 0
}

// plantedName is that of somebody in an imported file.
func plantedName(n int) string { return fmt.Sprintf("栽种%03d氏", n) }

type planter struct {
	*testing.T
	db     *postgres.DB
	http   *httptest.Server
	api    *httpapi.Server
	doors  *accesstest.Doors
	cookie string
	seen   bytes.Buffer // everything that came out anywhere
}

// serve serves a town of one grid, with a log at its most talkative.
func (p *planter) serve(s *console, log io.Writer) {
	p.Helper()
	town, err := os.ReadFile("../../internal/httpapi/testdata/town.sql")
	if err != nil {
		p.Fatal(err)
	}
	err = p.db.InTx(p.Context(), func(tx pgx.Tx) error { _, err := tx.Exec(p.Context(), string(town)); return err })
	if err != nil {
		p.Fatal(err)
	}
	keys, err := vault.Open(vault.Config{File: s.KeysFile, Create: true})
	if err != nil {
		p.Fatal(err)
	}
	doors := accesstest.With(p, p.db, keys)
	tiles, err := tile.New(tile.Config{DB: p.db.Reader})
	if err != nil {
		p.Fatal(err)
	}
	hub := live.New(live.Config{App: p.db.App, Reader: p.db.Reader})
	ctx, stop := context.WithCancel(context.Background())
	followed := make(chan error, 1)
	go func() { followed <- hub.Follow(ctx) }()
	p.Cleanup(func() { stop(); <-followed })
	api, err := httpapi.New(httpapi.Config{
		DB: p.db.App, Tiles: tiles, Ground: new(layout.Locators), Doors: doors.Doors, Vault: keys, Trail: doors.Trail, Live: hub, Addresses: new(register.Gazetteers),
		Logger: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		p.Fatal(err)
	}
	p.doors = doors
	p.api, p.http = api, httptest.NewServer(api)
	p.Cleanup(p.http.Close)
	p.cookie = doors.Person("dispatcher", "110108", []access.Grant{{Role: access.Dispatcher, Code: "110108"}})
}

// do sends a request and keeps what comes back, headers too.
func (p *planter) do(method, path, body string) int {
	p.Helper()
	q, err := http.NewRequestWithContext(p.Context(), method, p.http.URL+path, strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	q.AddCookie(&http.Cookie{Name: accesstest.SessionCookie, Value: p.cookie})
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		p.Fatal(err)
	}
	defer answer.Body.Close()
	fmt.Fprintln(&p.seen, answer.Header)
	if _, err := io.Copy(&p.seen, answer.Body); err != nil {
		p.Fatal(err)
	}
	return answer.StatusCode
}

// plant reports: phone and ID number as contact, both in the text, in several ways of writing.
func (p *planter) plant() {
	p.Helper()
	for n := range plantedEach {
		phone, id := plantedPhone(n), plantedID(n)
		body, err := json.Marshal(map[string]any{
			"kind": "dispute", "lon": 116.3205 + float64(n)*1e-7, "lat": 40.0005, "grid": "nearest",
			"text":    fmt.Sprintf("来电人%s，身份证%s，另一人电话%s。", phone, id, phone),
			"contact": map[string]string{"name": "演示 " + id, "phone": phone},
		})
		if err != nil {
			p.Fatal(err)
		}
		if status := p.do("POST", "/api/incidents", string(body)); status != 201 {
			p.Fatalf("report %d: %d", n, status)
		}
	}
}

// refuse sends what is wrong, with numbers in it: the refusal mustn't repeat them.
func (p *planter) refuse() {
	p.Helper()
	for n := range 20 {
		phone, id := plantedPhone(n), plantedID(n)
		for _, c := range [][3]string{
			{"POST", "/api/incidents", fmt.Sprintf(`{"kind":"%s","text":"%s","lon":116.3205,"lat":40.0005}`, phone, id)},
			{"POST", "/api/incidents", fmt.Sprintf(`{"kind":"fire","text":"%s","lon":0,"lat":0,"contact":{"phone":"%s"}}`, id, phone)},
			{"POST", "/api/incidents", fmt.Sprintf(`{"kind":"fire","text":"x","lon":116.3205,"lat":40.0005,"contact":{"phone":"tel %s %s"}}`, phone, id)},
			{"POST", "/api/incidents", fmt.Sprintf(`{"kind":"fire","text":"x","lon":116.3205,"lat":40.0005,"grid":"%s"}`, id)},
			{"POST", "/api/incidents", fmt.Sprintf(`{"kind":"fire","text":"%s`, phone)},
			{"POST", "/api/session", fmt.Sprintf(`{"name":"%s","password":"%s"}`, phone, id)},
			{"POST", "/api/incidents/110108-99999/contact", fmt.Sprintf(`{"reason":"回拨 %s"}`, phone)},
			{"GET", "/api/incidents?cursor=" + phone, ""},
			{"GET", "/api/search?q=" + phone, ""},
		} {
			p.do(c[0], c[1], c[2])
		}
	}
	// An unmasking gives what it is asked for, and isn't among what is looked through; its reason, in the trail, is.
	before := p.seen.Len()
	if status := p.do("POST", "/api/incidents/110108-1/contact", fmt.Sprintf(`{"reason":"回拨 %s"}`, plantedPhone(1))); status != 200 {
		p.Errorf("unmasking: %d", status)
	}
	p.seen.Truncate(before)
}

// look reads everything that shows incidents without unmasking them.
func (p *planter) look() {
	p.Helper()
	for _, path := range []string{"/api/incidents?limit=100", "/api/incidents/110108-7", "/metrics", "/tiles/incidents/10/842/387.mvt", "/tiles/incidents/16/53943/24810.mvt", "/tiles/incidents/18/215774/99241.mvt"} {
		if status := p.do("GET", path, ""); status >= 300 {
			p.Errorf("%s: %d", path, status)
		}
	}
	ctx, cancel := context.WithCancel(p.Context())
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, "GET", p.http.URL+"/api/events", nil)
	if err != nil {
		p.Fatal(err)
	}
	q.Header.Set("Last-Event-ID", "0")
	q.AddCookie(&http.Cookie{Name: accesstest.SessionCookie, Value: p.cookie})
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		p.Fatal(err)
	}
	defer answer.Body.Close()
	events, piece := 0, make([]byte, 32<<10)
	for events < plantedEach {
		n, err := answer.Body.Read(piece)
		if err != nil {
			p.Fatal(err)
		}
		events += strings.Count(string(piece[:n]), "event: incident")
		p.seen.Write(piece[:n])
	}
}

// dump copies every table as text, as a dump would.
func (p *planter) dump() {
	p.Helper()
	rows, err := p.db.Owner.Query(p.Context(), `SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT LIKE 'pg\_%' AND schemaname <> 'information_schema'`)
	if err != nil {
		p.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		p.Fatal(err)
	}
	conn, err := p.db.Owner.Acquire(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	defer conn.Release()
	for _, table := range tables {
		if _, err := conn.Conn().PgConn().CopyTo(p.Context(), &p.seen, "COPY "+table+" TO STDOUT"); err != nil {
			p.Fatal(err)
		}
	}
}

// files reads every file of the data directory: tables, indexes, write-ahead log, server.log, what is temporary.
func (p *planter) files(dir string) {
	p.Helper()
	wal := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.Contains(path, "pg_wal") {
			wal++
		}
		_, err = p.seen.Write(text)
		return err
	})
	if err != nil || wal == 0 {
		p.Fatalf("%d files of the write-ahead log (%v)", wal, err)
	}
}
