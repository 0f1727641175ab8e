package httpapi

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/labstack/echo/v4"

	"jingwei/internal/fault"
	"jingwei/internal/postgres/pgtest"
)

func TestProblemsSpeakTheClientsLanguage(t *testing.T) {
	s := setup(t)
	for header, want := range map[string]string{
		"":                        "zh",
		"zh-CN,zh;q=0.9,en;q=0.8": "zh",
		"en":                      "en",
		"en-GB,en;q=0.9,zh;q=0.1": "en",
		"fr":                      "zh",
		"*":                       "zh",
		"en;q=broken":             "zh",
		strings.Repeat("en,", 99): "en",
	} {
		for _, path := range []string{"/api/grids/110108014001777", "/api/grids/1", "/api/nothing", "/tiles/nothing/1/1/1.mvt"} {
			answer, body := s.get(path, "Accept-Language", header)
			p := s.isProblem(path, answer, body, answer.StatusCode)
			if detail := map[string]string{"zh": p.ZH, "en": p.EN}[want]; p.Detail != detail {
				t.Errorf("%s for %.30q: detail %q, want %q", path, header, p.Detail, detail)
			}
			if english := p.Title[0] < 0x80; english != (want == "en") {
				t.Errorf("%s for %.30q: title %q", path, header, p.Title)
			}
		}
	}
	// What huma finds says where, in both languages.
	p := s.problem("/api/grids?division=110108014&limit=0&cursor=x", 422)
	if len(p.Errors) != 2 || !strings.Contains(p.ZH, "不能小于 1") || !strings.Contains(p.EN, "query.limit") || !strings.Contains(p.ZH, "query.cursor") {
		t.Errorf("two wrong parameters: %+v", p)
	}
}

func TestEveryFaultHasItsStatus(t *testing.T) {
	for code, status := range map[fault.Code]int{
		fault.Invalid: 422, fault.NotFound: 404, fault.Conflict: 409, fault.Unavailable: 503, fault.Internal: 500,
	} {
		p := problemOf(fault.Wrap(io.ErrUnexpectedEOF, code, "中", "en"))
		if p.Status != status || p.ZH != "中" || p.EN != "en" || p.Type != "urn:jingwei:problem:"+string(code) || strings.Contains(p.Detail, "EOF") {
			t.Errorf("%s: %+v", code, p)
		}
	}
	for err, status := range map[error]int{context.DeadlineExceeded: 503, &net.OpError{Op: "dial", Err: io.EOF}: 503, io.ErrUnexpectedEOF: 503, neverSent{}: 503, io.ErrShortWrite: 500} {
		if p := problemOf(err); p.Status != status || strings.Contains(p.EN, err.Error()) {
			t.Errorf("%v: %+v", err, p)
		}
	}
}

func TestUnknownAddressesAndMethods(t *testing.T) {
	s := setup(t)
	for _, path := range []string{"/api", "/api/", "/api/nothing", "/tiles/grids", "/tiles/", "/assets/gone-1.js", "/nothing.png", "/../../etc/passwd.txt"} {
		s.problem(path, 404)
	}
	for _, path := range []string{"/api/meta", "/api/grids/110108014001001", "/tiles/grids.json", "/tiles/grids/1/1/1.mvt", "/", "/healthz"} {
		for _, method := range []string{http.MethodPost, http.MethodDelete, http.MethodPut} {
			answer, body := s.do(method, path)
			s.isProblem(method+" "+path, answer, body, 405)
			if !strings.Contains(answer.Header.Get("Allow"), "GET") {
				t.Errorf("%s %s: Allow %q", method, path, answer.Header.Get("Allow"))
			}
		}
	}
	for _, path := range []string{"/api/meta", "/", "/tiles/grids/14/13485/6202.mvt"} {
		answer, body := s.do(http.MethodHead, path)
		if answer.StatusCode >= 300 || len(body) != 0 {
			t.Errorf("HEAD %s: %d with %d bytes", path, answer.StatusCode, len(body))
		}
	}
}

func TestPanicsAreCaughtAndLoggedWithoutTheQuestion(t *testing.T) {
	var log safeBuffer
	s := setup(t, func(c *Config) {
		c.Logger = slog.New(slog.NewJSONHandler(&log, nil))
		c.Before = []echo.MiddlewareFunc{func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(ctx echo.Context) error {
				if ctx.QueryParam("q") == "张三" {
					panic("a mistake")
				}
				return next(ctx)
			}
		}}
	})
	p := s.problem("/api/search?q=%E5%BC%A0%E4%B8%89", 500)
	if strings.Contains(p.EN, "a mistake") || !strings.Contains(log.String(), p.RequestID) || !strings.Contains(log.String(), "a mistake") {
		t.Errorf("problem %+v, log %s", p, log.String())
	}
	s.get("/api/search?q=%E6%9D%8E%E5%9B%9B")
	for _, secret := range []string{"张三", "%E5%BC%A0", "李四", "%E6%9D%8E"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds what was asked: %s", log.String())
		}
	}
	if !strings.Contains(log.String(), "/api/search") {
		t.Errorf("the log holds no request: %s", log.String())
	}
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestThePageKeepsToItself(t *testing.T) {
	s := setup(t)
	for _, path := range []string{"/", "/api/meta", "/api/nothing", "/assets/app-1a2b3c.js", "/tiles/grids.json"} {
		answer, _ := s.get(path)
		policy := answer.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'self'", "script-src 'self';", "connect-src 'self';", "worker-src 'self' blob:", "object-src 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy lacks %s: %s", path, part, policy)
			}
		}
		if strings.Contains(policy, "http") || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, answer.Header)
		}
	}
	with := serve(t, s.db, func(c *Config) { c.Basemap = &Basemap{URL: "https://t0.example.cn/{z}/{x}/{y}"} })
	if answer, _ := with.get("/"); !strings.Contains(answer.Header.Get("Content-Security-Policy"), "img-src 'self' data: blob: https://t0.example.cn;") {
		t.Errorf("with a basemap: %s", answer.Header.Get("Content-Security-Policy"))
	}
}

func TestThePage(t *testing.T) {
	s := setup(t)
	for _, path := range []string{"/", "/index.html", "/grids/110108014001001", "/en"} {
		answer, body := s.get(path)
		if answer.StatusCode != 200 || !strings.Contains(string(body), "经纬") || answer.Header.Get("Cache-Control") != "no-cache" ||
			!strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %v", path, answer.StatusCode, answer.Header)
		}
		again, _ := s.get(path, "If-None-Match", answer.Header.Get("ETag"))
		if again.StatusCode != 304 {
			t.Errorf("%s again: %d", path, again.StatusCode)
		}
	}
	answer, body := s.get("/assets/app-1a2b3c.js")
	if string(body) != "export const answer = 42" || !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") || !strings.Contains(answer.Header.Get("Content-Type"), "javascript") {
		t.Errorf("an asset: %v %s", answer.Header, body)
	}
	if answer, _ := s.get("/favicon.svg"); answer.Header.Get("Content-Type") != "image/svg+xml" || strings.Contains(answer.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("a file without a hash: %v", answer.Header)
	}
}

func TestTiles(t *testing.T) {
	s := setup(t)
	const path = "/tiles/grids,blocks/16/53943/24810.mvt"
	plain, body := s.get(path)
	if plain.StatusCode != 200 || len(body) == 0 || plain.Header.Get("Content-Type") != tileType || plain.Header.Get("Content-Encoding") != "" ||
		plain.Header.Get("Cache-Control") != "no-cache" || plain.Header.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("%d %v, %d bytes", plain.StatusCode, plain.Header, len(body))
	}
	tags := []string{plain.Header.Get("ETag")}
	for accept, encoding := range map[string]string{"gzip": "gzip", "br, gzip;q=0.5": "gzip", "zstd, gzip": "zstd", "gzip;q=0, identity": "", "br": ""} {
		answer, packed := s.get(path, "Accept-Encoding", accept)
		if got := answer.Header.Get("Content-Encoding"); got != encoding || !bytes.Equal(unpack(t, encoding, packed), body) {
			t.Errorf("for %q: encoding %q, %d bytes", accept, got, len(packed))
		}
		etag := answer.Header.Get("ETag")
		if strings.HasPrefix(etag, "W/") || len(etag) < 10 {
			t.Errorf("for %q: ETag %s", accept, etag)
		}
		tags = append(tags, etag)
		for _, have := range []string{etag, `"x", ` + etag, "W/" + etag, "*"} {
			again, none := s.get(path, "Accept-Encoding", accept, "If-None-Match", have)
			if again.StatusCode != 304 || len(none) != 0 || again.Header.Get("ETag") != etag {
				t.Errorf("with %s: %d %v", have, again.StatusCode, again.Header)
			}
		}
		if again, _ := s.get(path, "Accept-Encoding", accept, "If-None-Match", `"another"`); again.StatusCode != 200 {
			t.Errorf("with another tag: %d", again.StatusCode)
		}
	}
	slices.Sort(tags)
	if len(slices.Compact(tags)) != 3 {
		t.Errorf("three encodings have the tags %v", tags)
	}
	empty, none := s.get("/tiles/grids/16/1/1.mvt")
	if empty.StatusCode != 204 || len(none) != 0 || empty.Header.Get("ETag") == "" {
		t.Errorf("an empty tile: %d %v", empty.StatusCode, empty.Header)
	}
	for bad, says := range map[string]string{
		"/tiles/nothing/1/1/1.mvt": "buildings", "/tiles/nothing.json": "buildings", "/tiles/grids/1/1/1.png": ".mvt", "/tiles/grids/a/1/1.mvt": "whole numbers",
		"/tiles/grids/19/1/1.mvt": "0 to 18", "/tiles/grids/2/4/1.mvt": "0 to 3", "/tiles/grids/-1/0/0.mvt": "0 to 18", "/tiles/grids/9999999999999999999/0/0.mvt": "whole numbers",
	} {
		if p := s.problem(bad, 404); !strings.Contains(p.EN, says) {
			t.Errorf("%s: %s; want something about %s", bad, p.EN, says)
		}
	}
}

func unpack(t *testing.T, encoding string, b []byte) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(b)
	var err error
	switch encoding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "zstd":
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTileJSON(t *testing.T) {
	s := setup(t)
	type described struct {
		TileJSON string     `json:"tilejson"`
		Tiles    []string   `json:"tiles"`
		Bounds   [4]float64 `json:"bounds"`
		MinZoom  int        `json:"minzoom"`
		MaxZoom  int        `json:"maxzoom"`
		Layers   []struct {
			ID      string            `json:"id"`
			Fields  map[string]string `json:"fields"`
			MinZoom int               `json:"minzoom"`
		} `json:"vector_layers"`
		Attribution string `json:"attribution"`
	}
	d := ok[described](s, "/tiles/grids,water.json")
	if d.TileJSON != "3.0.0" || d.Tiles[0] != s.http.URL+"/tiles/water,grids/{z}/{x}/{y}.mvt" || d.MinZoom != 8 || d.MaxZoom != 18 ||
		d.Bounds != [4]float64{116.32, 39.9, 116.5, 40.003} || d.Attribution == "" {
		t.Errorf("TileJSON: %+v", d)
	}
	var ids []string
	for _, l := range d.Layers {
		ids = append(ids, l.ID)
	}
	if !slices.Equal(ids, []string{"water", "grids", "grid_labels"}) || d.Layers[1].Fields["deviation"] != "Number" {
		t.Errorf("layers: %+v", d.Layers)
	}
}

func TestHealth(t *testing.T) {
	s := setup(t)
	if h := ok[Health](s, "/healthz"); h.Status != "ok" {
		t.Errorf("health: %+v", h)
	}
	ok[Health](s, "/readyz")
	s.get("/tiles/grids/16/53943/24810.mvt")
	s.get("/tiles/grids/16/53943/24810.mvt")
	_, metrics := s.get("/metrics")
	for _, line := range []string{
		`jingwei_http_request_seconds_count{method="GET",route="/readyz",status="200"} 1`,
		`jingwei_http_request_seconds_count{method="GET",route="/tiles/:layers/:z/:x/:y",status="200"} 2`,
		"jingwei_tile_hits_total 1", "jingwei_tile_misses_total 1", `jingwei_tile_render_seconds_count{zoom="16"} 1`, "go_goroutines",
	} {
		if !strings.Contains(string(metrics), line) {
			t.Errorf("/metrics lacks %s", line)
		}
	}
	// A database that isn't migrated, and one that has gone.
	bare := serve(t, pgtest.Open(t, pgtest.EmptyURL(t)))
	if p := bare.problem("/readyz", 503); !strings.Contains(p.EN, "migrate") {
		t.Errorf("unmigrated: %s", p.EN)
	}
	ok[Health](bare, "/healthz")
	bare.db.App.Close()
	bare.problem("/readyz", 503)
}

func TestServeStopsWhenToldTo(t *testing.T) {
	s := setup(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.server.Serve(ctx, l) }()
	answer, err := http.Get("http://" + l.Addr().String() + "/healthz")
	if err != nil || answer.StatusCode != 200 {
		t.Fatalf("%v %v", answer, err)
	}
	answer.Body.Close()
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("Serve ended with %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("Serve didn't end")
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("the port is still open")
	}
}

// Every route stands in the table of needs: one that is added without thought for who may use it answers nobody, and fails here.
func TestEveryRouteIsKnown(t *testing.T) {
	s := setup(t)
	for _, route := range s.server.Routes() {
		if _, known := needs[route]; !known {
			t.Errorf("%s stands in no row of needs", route)
		}
	}
	for route := range needs {
		if !slices.Contains(s.server.Routes(), route) {
			t.Errorf("%s stands in needs and is no route", route)
		}
	}
}

// neverSent is what the driver says of a connection that was closed before it could be used.
type neverSent struct{}

func (neverSent) Error() string     { return "conn closed" }
func (neverSent) SafeToRetry() bool { return true }
