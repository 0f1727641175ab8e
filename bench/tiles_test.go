package bench

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/httpapi"
	"jingwei/internal/tile"
)

// layerSets are what the page asks for together, and from which zoom on (web/src/map/style.ts; TileJSON says
// the zoom).
var layerSets = []struct {
	layers  string
	minZoom int
}{
	{"landuse,water,buildings,rail,walls,streets", 8},
	{"grids,divisions", 3},
	{"blocks", 15},
	{"population", 9},
}

const (
	firstZoom, lastZoom = 10, 17
	mostAddresses       = 60 // of a zoom; where the town has more, every nth
	leastSamples        = 150
	warmFor             = 2 * time.Second
)

// request is one tile that the page asks for.
type request struct {
	layers string
	at     tile.Address
	etag   string // of the answer that the client has
}

// sample is one answer.
type sample struct {
	layers    string
	took      time.Duration
	sent, raw int // bytes over the wire, and uncompressed
	dropped   bool
	etag      string
}

// burst is what some clients got who asked for everything once.
type burst struct {
	samples []sample
	took    time.Duration
}

func (b *burst) add(o burst) { b.samples, b.took = append(b.samples, o.samples...), b.took+o.took }

func (b burst) rate() float64 { return float64(len(b.samples)) / b.took.Seconds() }

// latency gives p50 and p99 in milliseconds.
func (b burst) latency(which func(sample) bool) string {
	var took []time.Duration
	for _, s := range b.samples {
		if which == nil || which(s) {
			took = append(took, s.took)
		}
	}
	slices.Sort(took)
	return milliseconds(percentile(took, .5)) + " / " + milliseconds(percentile(took, .99))
}

// sizes gives p50, p99 and the largest in kB, of tiles that hold anything.
func (b burst) sizes(size func(sample) int) string {
	var all []int
	for _, s := range b.samples {
		if n := size(s); n > 0 {
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		return "–"
	}
	slices.Sort(all)
	kilobytes := func(n int) string { return fmt.Sprintf("%.1f", float64(n)/1000) }
	return kilobytes(percentile(all, .5)) + " / " + kilobytes(percentile(all, .99)) + " / " + kilobytes(all[len(all)-1])
}

// measureTiles asks for the town's tiles as the page does.
func measureTiles(c *county, bounds [4]float64) {
	loadHexagons(c)
	byZoom := map[int][]request{}
	for z := firstZoom; z <= lastZoom; z++ {
		byZoom[z] = requestsAt(bounds, z)
	}
	post := newPostgis(c)
	// Connections, prepared statements and PostgreSQL's buffers are those of a server that has run for a while, for
	// both sides: a first pass isn't counted.
	site := newSite(c)
	for z := firstZoom; z <= lastZoom; z++ {
		spread(c.B, 4, byZoom[z], site.get)
		spread(c.B, 4, byZoom[z], post.get)
	}
	site.close()

	t := tableAt(50, "Tiles, zoom by zoom", "zoom", "ours, cold: tiles/s", "ST_AsMVT: tiles/s", "ratio", "requests", "ours p50 / p99, ms", "ST_AsMVT p50 / p99, ms",
		"sent (gzip) p50 / p99 / max, kB", "uncompressed p50 / p99 / max, kB")
	t.say("The demo town's tiles as the page asks for them: %s; at most %d places a zoom. Ours over HTTP on loopback, from an empty cache, rendered, "+
		"compressed (gzip and zstd) and sent; the clients run on the same %d cores, as does PostgreSQL. The baseline renders the same layers of the same "+
		"tiles with `ST_AsMVT`, one statement a tile, prepared, without HTTP and without compression, by as many clients; label points for "+
		"divisions are `ST_PointOnSurface` there. A first pass isn't counted, so that connections, statements and PostgreSQL's buffers are "+
		"those of a server that has run for a while. Zooms with few tiles are repeated, each time with an empty cache, ours and the baseline by "+
		"turns. Here two clients.", sets(), mostAddresses, runtime.GOMAXPROCS(0))
	total := tableAt(51, "Tiles, all zooms together", "what", "ours: answers/s", "ST_AsMVT: tiles/s", "ratio", "p50 / p99, ms", "ST_AsMVT p50 / p99, ms")
	total.say("Cold is the sum of the table above, and the same with four clients. Warm: everything is in the cache, each tile asked for again and again for " +
		"two seconds; with an `If-None-Match` that holds, nothing but a 304 is sent. ST_AsMVT keeps nothing, so its rate is the cold one throughout.")
	for _, clients := range []int{2, 4} {
		measureClients(c, t, total, clients, byZoom, post)
	}
}

func measureClients(c *county, zooms, total *table, clients int, byZoom map[int][]request, post *postgis) {
	var ours, theirs burst
	var all []request
	for z := firstZoom; z <= lastZoom; z++ {
		var cold, base burst
		for len(cold.samples) < leastSamples {
			cold.add(emptied(c, clients, byZoom[z]))
			base.add(spread(c.B, clients, byZoom[z], post.get))
		}
		all = append(all, byZoom[z]...)
		ours.add(cold)
		theirs.add(base)
		if clients == 2 {
			zooms.row(c.B, fmt.Sprint(z), fmt.Sprintf("%.0f", cold.rate()), fmt.Sprintf("%.0f", base.rate()), faster(cold.took, base.took),
				fmt.Sprintf("%d × %d", len(cold.samples)/len(byZoom[z]), len(byZoom[z])), cold.latency(nil), base.latency(nil),
				cold.sizes(func(s sample) int { return s.sent }), cold.sizes(func(s sample) int { return s.raw }))
		}
	}
	site := newSite(c)
	defer site.close()
	for i, s := range spread(c.B, clients, all, site.get).samples {
		all[i].etag = s.etag
	}
	line := func(what string, b burst) {
		total.row(c.B, fmt.Sprintf("%s, %d clients", what, clients), fmt.Sprintf("%.0f", b.rate()), fmt.Sprintf("%.0f", theirs.rate()),
			times(b.rate()/theirs.rate()), b.latency(nil), theirs.latency(nil))
	}
	line("cold", ours)
	line("warm", lasting(c.B, clients, all, site.get))
	line("304 Not Modified", lasting(c.B, clients, all, site.again))
	if clients == 2 {
		bySet(total, ours, theirs)
	}
}

// emptied asks a server that has rendered nothing yet.
func emptied(c *county, clients int, requests []request) burst {
	site := newSite(c)
	defer site.close()
	return spread(c.B, clients, requests, site.get)
}

// bySet says how the latencies of the cold tiles differ from one set of layers to the next.
func bySet(total *table, ours, theirs burst) {
	var dropped int
	for _, s := range ours.samples {
		if s.dropped {
			dropped++
		}
	}
	total.remark("Of the %d cold tiles %d were too large and left something out (more than %d kB).", len(ours.samples), dropped, tile.MostBytes/1000)
	var words []string
	for _, set := range layerSets {
		which := func(s sample) bool { return s.layers == set.layers }
		words = append(words, fmt.Sprintf("`%s` %s (ST_AsMVT %s)", set.layers, ours.latency(which), theirs.latency(which)))
	}
	total.remark("Cold, p50 / p99 in ms by set, two clients: %s.", strings.Join(words, "; "))
}

func sets() string {
	var words []string
	for _, s := range layerSets {
		words = append(words, "`"+s.layers+"`")
	}
	return strings.Join(words, ", ")
}

// requestsAt gives the tiles of a zoom over the bounds: at each place all sets that show there, as the page does.
func requestsAt(bounds [4]float64, zoom int) (out []request) {
	x0, y1 := tileOf(bounds[0], bounds[1], zoom)
	x1, y0 := tileOf(bounds[2], bounds[3], zoom)
	var places []tile.Address
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			places = append(places, tile.Address{Z: zoom, X: x, Y: y})
		}
	}
	step := (len(places) + mostAddresses - 1) / mostAddresses
	for i := 0; i < len(places); i += step {
		for _, s := range layerSets {
			if zoom >= s.minZoom {
				out = append(out, request{layers: s.layers, at: places[i]})
			}
		}
	}
	return out
}

func tileOf(lon, lat float64, zoom int) (x, y int) {
	n := math.Exp2(float64(zoom))
	phi := lat * math.Pi / 180
	return int((lon + 180) / 360 * n), int((1 - math.Asinh(math.Tan(phi))/math.Pi) / 2 * n)
}

// spread lets so many clients ask for everything once, each for the next thing that nobody has asked for. The
// samples are in the order of the requests.
func spread(b *testing.B, clients int, requests []request, get func(request) (sample, error)) burst {
	b.Helper()
	out := burst{samples: make([]sample, len(requests))}
	errs := make([]error, clients)
	var next atomic.Int64
	var group sync.WaitGroup
	out.took = once(func() {
		for n := range clients {
			group.Go(func() {
				for i := int(next.Add(1) - 1); i < len(requests) && errs[n] == nil; i = int(next.Add(1) - 1) {
					began := time.Now()
					out.samples[i], errs[n] = get(requests[i])
					out.samples[i].took = time.Since(began)
					out.samples[i].layers = requests[i].layers
				}
			})
		}
		group.Wait()
	})
	for _, err := range errs {
		if err != nil {
			b.Fatal(err)
		}
	}
	return out
}

// lasting asks again and again, for long enough to measure.
func lasting(b *testing.B, clients int, requests []request, get func(request) (sample, error)) (out burst) {
	b.Helper()
	for out.took < warmFor {
		out.add(spread(b, clients, requests, get))
	}
	return out
}

// site is a running server with an empty cache.
type site struct {
	server *httptest.Server
	client *http.Transport
	cookie *http.Cookie // of somebody who may read the map
}

func newSite(c *county) *site {
	c.Helper()
	tiles, err := tile.New(tile.Config{DB: c.db.Reader})
	if err != nil {
		c.Fatal(err)
	}
	doors := accesstest.New(c, c.db)
	api, err := httpapi.New(httpapi.Config{DB: c.db.App, Tiles: tiles, Doors: doors.Doors, Version: "bench"})
	if err != nil {
		c.Fatal(err)
	}
	token := doors.Person("reader", string(c.code), []access.Grant{{Role: access.Leader, Code: string(c.code)}})
	return &site{httptest.NewServer(api), &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16}, &http.Cookie{Name: accesstest.SessionCookie, Value: token}}
}

func (s *site) close() {
	s.client.CloseIdleConnections()
	s.server.Close()
}

func (s *site) get(r request) (sample, error) {
	answer, body, err := s.ask(r, "")
	if err != nil {
		return sample{}, err
	}
	out := sample{sent: len(body), etag: answer.Header.Get("ETag"), dropped: answer.Header.Get("X-Tile-Dropped") != ""}
	switch n := len(body); {
	case answer.StatusCode == http.StatusOK && n > 4:
		// A gzip stream ends with the length of what it holds (RFC 1952).
		out.raw = int(binary.LittleEndian.Uint32(body[n-4:]))
	case answer.StatusCode != http.StatusNoContent:
		err = fmt.Errorf("%s %s: %s", r.layers, r.at, answer.Status)
	}
	return out, err
}

// again asks for a tile that the client has.
func (s *site) again(r request) (sample, error) {
	answer, _, err := s.ask(r, r.etag)
	if err == nil && answer.StatusCode != http.StatusNotModified {
		err = fmt.Errorf("%s %s: %s, want 304", r.layers, r.at, answer.Status)
	}
	return sample{}, err
}

func (s *site) ask(r request, etag string) (*http.Response, []byte, error) {
	q, err := http.NewRequestWithContext(context.Background(), http.MethodGet,
		fmt.Sprintf("%s/tiles/%s/%d/%d/%d.mvt", s.server.URL, r.layers, r.at.Z, r.at.X, r.at.Y), nil)
	if err != nil {
		return nil, nil, err
	}
	q.Header.Set("Accept-Encoding", "gzip")
	q.AddCookie(s.cookie)
	if etag != "" {
		q.Header.Set("If-None-Match", etag)
	}
	answer, err := s.client.RoundTrip(q)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer, body, err
}
