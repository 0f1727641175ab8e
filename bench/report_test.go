package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/httpapi"
	"jingwei/internal/incident"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/tile"
	"jingwei/internal/vault"
)

const (
	reportRate   = 50 // a second
	reportFor    = 20 * time.Second
	reportBefore = 100_000 // incidents that are there already
)

func reportTable() *table {
	t := tableAt(56, "Reporting incidents", "what", "p50, ms", "p95, ms", "p99, ms", "most, ms")
	t.say("Reports sent at %d a second for %.0f s, each when its time has come and whether the ones before it have been answered or not; what is "+
		"measured is from that time to the whole answer. Over HTTP, as the application role under row-level security, in a county with %d incidents: "+
		"located, sealed, with its event and its entry in the trail. The baseline is a row of the same size inserted at the same rate, in a "+
		"transaction of its own, through the same connections and nothing else.", reportRate, reportFor.Seconds(), reportBefore)
	return t
}

// reporter is a server with keys where somebody reports: a dispatcher of the county.
type reporter struct {
	county *county
	vault  *vault.Vault
	server *httptest.Server
	client *http.Client
	points []planar.Point // in the middle of buildings
}

func newReporter(c *county) *reporter {
	r := &reporter{county: c, vault: vault.New(vault.Generate()), points: buildingPoints(c)}
	doors := accesstest.With(c, c.db, r.vault)
	code := string(c.code.CountyCode())
	r.client = &http.Client{Transport: signedIn{&http.Transport{MaxIdleConnsPerHost: 64}, doors.Person("bench", code, []access.Grant{{Role: access.Dispatcher, Code: code}})}}
	tiles, err := tile.New(tile.Config{DB: c.db.Reader})
	if err != nil {
		c.Fatal(err)
	}
	api, err := httpapi.New(httpapi.Config{DB: c.db.App, Tiles: tiles, Version: "bench", Doors: doors.Doors, Vault: r.vault, Trail: doors.Trail})
	if err != nil {
		c.Fatal(err)
	}
	r.server = httptest.NewServer(api)
	return r
}

// signedIn sends a session's cookie along.
type signedIn struct {
	*http.Transport
	token string
}

func (s signedIn) RoundTrip(r *http.Request) (*http.Response, error) {
	r.AddCookie(&http.Cookie{Name: accesstest.SessionCookie, Value: s.token})
	return s.Transport.RoundTrip(r)
}

func (r *reporter) close() {
	r.client.CloseIdleConnections()
	r.server.Close()
}

// reportBody is the nth report: at a building, in the grid that it lies in.
func reportBody(c *county, points []planar.Point, n int) []byte {
	lon, lat := points[n%len(points)].Degrees()
	kinds := []string{"fire", "road", "garbage", "noise", "dispute", "elderly"}
	body, err := json.Marshal(map[string]any{
		"kind": kinds[n%len(kinds)], "text": fmt.Sprintf("第 %d 号楼道堆放杂物，影响通行，居民多次反映，请尽快安排人员现场处理", n),
		"lon": lon, "lat": lat, "grid": "nearest", "request": fmt.Sprintf("bench-%d", n), "contact": map[string]string{"name": "测试", "phone": fmt.Sprintf("1999999%04d", n%10000)},
	})
	if err != nil {
		c.Fatal(err)
	}
	return body
}

// report sends the nth report; anything but a 201 is an error.
func (r *reporter) report(n int) error {
	answer, err := r.client.Post(r.server.URL+"/api/incidents", "application/json", bytes.NewReader(reportBody(r.county, r.points, n)))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusCreated {
		err = fmt.Errorf("report %d: %s %s", n, answer.Status, text)
	}
	return err
}

// seal seals anew what was copied: a sealed field opens in its own place only.
func (r *reporter) seal() {
	c := r.county
	rows, err := c.db.Owner.Query(context.Background(), `SELECT id FROM incident`)
	if err != nil {
		c.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		c.Fatal(err)
	}
	for _, column := range incident.SealedColumns() {
		if column.Table != "incident" {
			continue
		}
		sealed := make([][]byte, len(ids))
		for i, id := range ids {
			if sealed[i], err = r.vault.Seal([]byte(`{"name":"测试","phone":"19999990000"}`), column.About([]any{int32(c.code.County()), id})); err != nil {
				c.Fatal(err)
			}
		}
		run(c.B, c.db.Owner, `UPDATE incident i SET `+column.Sealed+` = s.sealed FROM unnest($1::bigint[], $2::bytea[]) AS s (id, sealed) WHERE i.id = s.id`, ids, sealed)
	}
}

// look reads an address and gives how long that took.
func (r *reporter) look(path string) time.Duration {
	return median(9, func() {
		answer, err := r.client.Get(r.server.URL + path)
		if err != nil {
			r.county.Fatal(err)
		}
		defer answer.Body.Close()
		if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusOK {
			r.county.Fatalf("%s: %s %s", path, answer.Status, text)
		}
	})
}

// atRate calls do so many times a second, for as long, each at its time, and gives how long after its time each had come to its end, sorted. A slow one
// doesn't keep the others back: so it counts for all that it makes wait.
func atRate(c *county, rate int, lasting time.Duration, do func(n int) error) []time.Duration {
	count := int(lasting.Seconds() * float64(rate))
	took, errs := make([]time.Duration, count), make([]error, count)
	var group sync.WaitGroup
	began := time.Now()
	for n := range count {
		due := began.Add(time.Duration(n) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(due))
		group.Go(func() {
			errs[n] = do(n)
			took[n] = time.Since(due)
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			c.Fatal(err)
		}
	}
	slices.Sort(took)
	return took
}

func reportRow(c *county, what string, took []time.Duration) {
	reportTable().row(c.B, what, milliseconds(percentile(took, .5)), milliseconds(percentile(took, .95)), milliseconds(percentile(took, .99)), milliseconds(took[len(took)-1]))
}

// measureReports reports incidents in the county's published grids.
func measureReports(c *county) {
	r := newReporter(c)
	defer r.close()
	const first = 500
	for n := range first {
		if err := r.report(n); err != nil {
			c.Fatal(err)
		}
	}
	run(c.B, c.db.Owner, `
		INSERT INTO incident (county, kind, severity, details, contact, contact_index, given_x, given_y, given_crs, geom, cell, block, building,
			building_m, filed_grid, filed_version, grid, reported_at, reported_by, request)
		SELECT county, kind, severity, details, contact, contact_index, given_x, given_y, given_crs, geom, cell, block, building,
			building_m, filed_grid, filed_version, grid, reported_at, reported_by, request || '-' || n FROM incident, generate_series(1, $1::int) n`, reportBefore/first-1)
	r.seal()
	run(c.B, c.db.Owner, `VACUUM ANALYZE incident`)

	rows := rand.New(rand.NewPCG(7, 8)).Perm(int(reportFor.Seconds()) * reportRate)
	run(c.B, c.db.Owner, `CREATE TABLE bench_row (id bigint PRIMARY KEY, body bytea NOT NULL); GRANT INSERT ON bench_row TO jingwei_app`)
	body := make([]byte, 600)
	base := atRate(c, reportRate, reportFor, func(n int) error {
		return postgres.InTx(context.Background(), c.db.App, func(tx pgx.Tx) error {
			_, err := tx.Exec(context.Background(), `INSERT INTO bench_row VALUES ($1, $2)`, rows[n], body)
			return err
		})
	})
	ours := atRate(c, reportRate, reportFor, func(n int) error { return r.report(first + n) })
	var there int
	answer(c.B, c.db.Owner, []any{&there}, `
		SELECT count(*) FROM incident i JOIN audit_entry a ON a.county = i.county AND a.subject = format('incident:%s-%s', i.county, i.id)
		JOIN outbox o ON o.payload->>'id' = format('%s-%s', i.county, i.id)`)
	if want := first + len(ours); there != want {
		c.Fatalf("%d incidents with an event and an entry in the trail, want %d", there, want)
	}
	reportRow(c, "report accepted", ours)
	reportRow(c, "a row inserted", base)
	reportTable().remark("The database runs with fsync off here; elsewhere a report waits for one flush of the log more, which takes %s ms on "+
		"this machine's disk (median).", milliseconds(flush(c)))
	reportTable().remark("Taking %d incidents along with a publication that puts nearly every one of them into another grid: %s.", reportBefore+len(ours), seconds(r.retie()))
	lon, lat := r.points[0].Degrees()
	x10, y10 := tileOf(lon, lat, 10)
	x16, y16 := tileOf(lon, lat, 16)
	reportTable().remark("Looking at them, median of nine: the newest fifty of the county %s ms, one of them with its history %s ms, "+
		"a tile at zoom 10 with nearly all of them %s ms, one at zoom 16 %s ms.",
		milliseconds(r.look("/api/incidents")), milliseconds(r.look(fmt.Sprintf("/api/incidents/%d-1", c.code.County()))),
		milliseconds(r.look(fmt.Sprintf("/tiles/incidents/10/%d/%d.mvt", x10, y10))), milliseconds(r.look(fmt.Sprintf("/tiles/incidents/16/%d/%d.mvt", x16, y16))))
}

// retie takes all incidents along with a publication of the whole county, each to another grid; nothing of it stays.
func (r *reporter) retie() (took time.Duration) {
	c := r.county
	stop := errors.New("rolled back")
	err := pgx.BeginFunc(context.Background(), c.db.Owner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(context.Background(), `UPDATE incident SET grid = (SELECT min(grid) FROM incident)`); err != nil {
			return err
		}
		var err error
		took = once(func() {
			_, err = tx.Exec(context.Background(), `SELECT retie_incidents($1, version) FROM layout WHERE live`, c.code.County())
		})
		if err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		c.Fatal(err)
	}
	return took
}

// flush is how long it takes to get a page onto the disk.
func flush(c *county) time.Duration {
	f, err := os.Create(filepath.Join(c.TempDir(), "page"))
	if err != nil {
		c.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 8192)
	return median(21, func() {
		if _, err := f.WriteAt(page, 0); err != nil {
			c.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			c.Fatal(err)
		}
	})
}
