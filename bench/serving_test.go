package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/audit"
	"jingwei/internal/city"
	"jingwei/internal/crs"
	"jingwei/internal/draft"
	"jingwei/internal/httpapi"
	"jingwei/internal/incident"
	"jingwei/internal/ingest"
	"jingwei/internal/layout"
	"jingwei/internal/live"
	"jingwei/internal/planar"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/register"
	"jingwei/internal/tile"
)

// serving is the demo town on a server as `jingwei serve` makes it, with everything that follows along, on a managed cluster with its own
// settings: it flushes at each commit.
type serving struct {
	*county
	doors   *accesstest.Doors
	desk    *incident.Desk
	points  []planar.Point // in the middle of buildings
	address string         // host and port
	bounds  [4]float64
	dir     string
}

// BenchmarkServing measures what happens while many people use the program at once.
func BenchmarkServing(b *testing.B) {
	s := newServing(b)
	for _, part := range []struct {
		name    string
		measure func(*serving)
	}{{"Reports", measureAccepted}, {"Live", measureLive}, {"Flood", measureFlood}} {
		b.Run(part.name, func(b *testing.B) {
			s.B = b
			part.measure(s)
		})
	}
}

func newServing(b *testing.B) *serving {
	b.Helper()
	s := groundOf(b, "demo town", city.Options{Seed: 1, People: townPeople})
	s.start()
	return s
}

// groundOf invents a place and draws its grids in a managed cluster.
func groundOf(b *testing.B, name string, o city.Options) *serving {
	b.Helper()
	ctx := context.Background()
	db := pgtest.OpenManaged(b)
	if err := db.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	o.Dir = b.TempDir()
	m, err := city.Generate(ctx, o)
	if err != nil {
		b.Fatal(err)
	}
	var files []string
	for _, f := range m.Files {
		if f.Name != "divisions.geojson" {
			files = append(files, filepath.Join(o.Dir, f.Name))
		}
	}
	s := &serving{bounds: m.Bounds, dir: o.Dir, county: bringInto(b, db, name, m.Code, ingest.DivisionsInput{
		File: filepath.Join(o.Dir, "divisions.geojson"), CodeField: "code", NameField: "name", ParentNameField: "county", CRS: crs.WGS84,
	}, files)}
	s.draw(3 * time.Second)
	s.points = buildingPoints(s.county)
	s.doors = accesstest.New(b, db)
	return s
}

// start serves until the benchmark ends.
func (s *serving) start() {
	s.Helper()
	tiles, err := tile.New(tile.Config{DB: s.db.Reader})
	if err != nil {
		s.Fatal(err)
	}
	since, err := tiles.Position(context.Background())
	if err != nil {
		s.Fatal(err)
	}
	addresses := new(register.Gazetteers)
	ground, hub := new(layout.Locators), live.New(live.Config{App: s.db.App, Reader: s.db.Reader})
	s.desk = &incident.Desk{Ground: ground, Vault: s.doors.Vault, Trail: s.doors.Trail}
	api, err := httpapi.New(httpapi.Config{DB: s.db.App, Tiles: tiles, Ground: ground, Doors: s.doors.Doors, Vault: s.doors.Vault, Trail: s.doors.Trail,
		Live: hub, Drafts: draft.New(s.db.App, layout.CountCells, incident.Retie), Addresses: addresses, Version: "bench"})
	if err != nil {
		s.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.Fatal(err)
	}
	s.address = listener.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	silent := slog.New(slog.DiscardHandler)
	heads := audit.OpenHeads(filepath.Join(s.dir, audit.HeadsFile))
	var group sync.WaitGroup
	for _, follow := range []func() error{
		func() error { return tiles.Follow(ctx, since) },
		func() error { return ground.Follow(ctx, s.db.Reader, silent) },
		func() error { return s.doors.Follow(ctx, s.db.Reader, silent) },
		func() error { return s.doors.Trail.Follow(ctx, s.db.App, heads, silent) },
		func() error { return hub.Follow(ctx) },
		func() error { return addresses.Follow(ctx, s.db.Reader, silent) },
		func() error { return api.Serve(ctx, listener) },
	} {
		group.Go(func() {
			if err := follow(); err != nil && ctx.Err() == nil {
				s.Errorf("what follows along has ended: %v", err)
			}
		})
	}
	s.Cleanup(func() { stop(); group.Wait() })
}

// from is a client that comes from an address of its own, which is one of the loopback's.
func from(address, token string) *http.Client {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	t := &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 256, MaxIdleConns: 256}
	if token == "" {
		return &http.Client{Transport: t}
	}
	return &http.Client{Transport: signedIn{t, token}}
}

// answered asks, reads the whole answer and gives its status.
func answered(client *http.Client, method, url string, body []byte) (int, error) {
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}

// measureAccepted reports at the steady rate on a server that flushes and that everything follows.
func measureAccepted(s *serving) {
	code := string(s.code.CountyCode())
	client := from("127.0.0.2", s.doors.Person("bench", code, []access.Grant{{Role: access.Dispatcher, Code: code}}))
	report := func(n int) error {
		status, err := answered(client, http.MethodPost, "http://"+s.address+"/api/incidents", reportBody(s.county, s.points, n))
		if err == nil && status != http.StatusCreated {
			err = fmt.Errorf("report %d: status %d", n, status)
		}
		return err
	}
	for n := range 200 { // connections, statements
		if err := report(n); err != nil {
			s.Fatal(err)
		}
	}
	reportRow(s.county, "report accepted, by the whole program on a database that flushes", atRate(s.county, reportRate, reportFor, func(n int) error { return report(1000 + n) }))
	reportTable().remark("The last row is the demo town on a managed cluster with its own settings, fsync on, with everything that `jingwei serve` lets follow along: " +
		"tiles, ground, sessions, the chain of the trail, events.")
}
