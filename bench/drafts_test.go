package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/draft"
	"jingwei/internal/postgres"
)

func draftTable() *table {
	t := tableAt(66, "The planner's workspace", "what", "n", "p50, ms", "p95, ms", "most, ms")
	t.say("A draft of the whole demo town, over HTTP, as the application role under row-level security, on a database that flushes. From the request to the " +
		"whole answer, which holds the figures of every grid that changed and all problems of the draft. The baseline is a transaction that inserts " +
		"as many rows as an edit of 200 blocks does, and nothing else.")
	return t
}

// planning is a planner at a draft of the demo town.
type planning struct {
	*serving
	client *http.Client
	random *rand.Rand
	id     string
	opened draft.Draft
	ground draft.Ground
}

// BenchmarkPlanning measures what a planner waits for.
func BenchmarkPlanning(b *testing.B) {
	s := newServing(b)
	code := string(s.code.CountyCode())
	p := &planning{serving: s, client: from("127.0.0.3", s.doors.Person("bench-planner", code, []access.Grant{{Role: access.Planner, Code: code}})),
		random: rand.New(rand.NewPCG(1, 1))}
	p.begin()
	for _, part := range []struct {
		name    string
		measure func(*planning)
	}{{"Edits", (*planning).edits}, {"Openings", (*planning).openings}, {"Publications", (*planning).publications}} {
		b.Run(part.name, func(b *testing.B) {
			s.B = b
			part.measure(p)
		})
	}
}

func (p *planning) edits() {
	p.baseline()
	p.paint()
	p.clever()
}

func (p *planning) ask(method, path string, in, out any) time.Duration {
	p.Helper()
	took, status, answer := p.tryAsk(method, path, in)
	if status >= 300 {
		p.Fatalf("%s %s: %d %.300s", method, path, status, answer)
	}
	if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			p.Fatal(err)
		}
	}
	return took
}

func (p *planning) tryAsk(method, path string, in any) (time.Duration, int, []byte) {
	p.Helper()
	var body []byte
	if in != nil {
		body, _ = json.Marshal(in)
	}
	r, err := http.NewRequest(method, "http://"+p.address+path, bytes.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	began := time.Now()
	answer, err := p.client.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		p.Fatal(err)
	}
	return time.Since(began), answer.StatusCode, all
}

type fields = map[string]any

func (p *planning) begin() {
	p.Helper()
	var h draft.Head
	p.ask("POST", "/api/drafts", fields{"division": string(p.code), "name": "bench"}, &h)
	p.id = h.ID
	p.refresh()
}

func (p *planning) refresh() {
	p.Helper()
	p.ask("GET", "/api/drafts/"+p.id, nil, &p.opened)
	p.ask("GET", "/api/drafts/"+p.id+"/ground", nil, &p.ground)
}

// act sends an act on the newest revision; false when it was refused, as some random ones are.
func (p *planning) act(a fields) (time.Duration, bool) {
	p.Helper()
	a["revision"] = p.opened.Head.Revision
	took, status, answer := p.tryAsk("POST", "/api/drafts/"+p.id+"/acts", a)
	if status >= 500 {
		p.Fatalf("%v: %d %.300s", a["kind"], status, answer)
	}
	if status >= 300 {
		return 0, false
	}
	var done draft.Acted
	if err := json.Unmarshal(answer, &done); err != nil {
		p.Fatal(err)
	}
	p.opened.Head.Revision = done.Revision
	return took, true
}

func (p *planning) row(what string, all []time.Duration) {
	slices.Sort(all)
	draftTable().row(p.B, what, fmt.Sprint(len(all)), milliseconds(percentile(all, .5)), milliseconds(percentile(all, .95)), milliseconds(slices.Max(all)))
}

// baseline inserts 200 rows in a transaction.
func (p *planning) baseline() {
	ctx := context.Background()
	if _, err := p.db.Owner.Exec(ctx, `CREATE TABLE bench_rows (block bigint, grid bigint); GRANT INSERT ON bench_rows TO jingwei_app`); err != nil {
		p.Fatal(err)
	}
	blocks := make([]int64, 200)
	var all []time.Duration
	for range 200 {
		began := time.Now()
		err := postgres.InTx(ctx, p.db.App, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO bench_rows SELECT b, b FROM unnest($1::bigint[]) b`, blocks)
			return err
		})
		if err != nil {
			p.Fatal(err)
		}
		all = append(all, time.Since(began))
	}
	p.row("baseline: 200 rows in a transaction", all)
}

// paint gives up to 200 blocks of a community at a time to one of its grids.
func (p *planning) paint() {
	blocks := 0
	for _, c := range p.ground.Communities {
		blocks += len(c.Blocks)
	}
	var all []time.Duration
	for range 300 {
		c := p.ground.Communities[p.random.IntN(len(p.ground.Communities))]
		n := min(len(c.Blocks), 1+p.random.IntN(200))
		from := p.random.IntN(len(c.Blocks) - n + 1)
		var keys []int64
		for _, b := range c.Blocks[from : from+n] {
			keys = append(keys, b.Key)
		}
		to := c.Blocks[p.random.IntN(len(c.Blocks))].Grid.String()
		if took, done := p.act(fields{"kind": "assign", "blocks": keys, "grid": to}); done {
			all = append(all, took)
		}
	}
	p.row(fmt.Sprintf("edit of up to 200 blocks, draft of a town of %d", blocks), all)
	p.ask("POST", "/api/drafts/"+p.id+"/acts", fields{"kind": "back", "seq": 0, "revision": p.opened.Head.Revision}, nil)
	p.refresh()
}

// clever splits, merges, moves borders and redraws, each on the town as it stands, and takes it back.
func (p *planning) clever() {
	ordinary := make(map[string][]*draft.Grid)
	for _, g := range p.opened.Grids {
		if g.Special == "" && g.Blocks > 3 {
			ordinary[g.Community] = append(ordinary[g.Community], g)
		}
	}
	communities := make([]string, 0, len(ordinary))
	for c := range ordinary {
		communities = append(communities, c)
	}
	slices.Sort(communities)
	for _, kind := range []struct {
		what string
		make func(grids []*draft.Grid, c string) fields
	}{
		{"split into two", func(g []*draft.Grid, _ string) fields {
			return fields{"kind": "split", "grid": g[p.random.IntN(len(g))].Key, "into": 2}
		}},
		{"merge", func(g []*draft.Grid, _ string) fields {
			return fields{"kind": "merge", "grids": []draft.Key{g[p.random.IntN(len(g))].Key, g[p.random.IntN(len(g))].Key}}
		}},
		{"split along a line, cutting blocks", func(g []*draft.Grid, _ string) fields {
			one := g[p.random.IntN(len(g))]
			return fields{"kind": "split-line", "grid": one.Key, "line": through(one), "cut_buildings": true}
		}},
		{"move a border to a line, cutting blocks", func(g []*draft.Grid, _ string) fields {
			one := g[p.random.IntN(len(g))]
			return fields{"kind": "move-border", "from": one.Key, "to": g[p.random.IntN(len(g))].Key, "line": through(one), "cut_buildings": true}
		}},
		{"redraw a community with few moves", func(_ []*draft.Grid, c string) fields {
			return fields{"kind": "redraw", "community": c, "few_moves": true, "seed": 1 + p.random.IntN(1000)}
		}},
		{"redraw a community from scratch", func(_ []*draft.Grid, c string) fields {
			return fields{"kind": "redraw", "community": c, "seed": 1 + p.random.IntN(1000)}
		}},
	} {
		var all []time.Duration
		for try := 0; len(all) < 40 && try < 400; try++ {
			c := communities[p.random.IntN(len(communities))]
			if took, done := p.act(kind.make(ordinary[c], c)); done {
				all = append(all, took)
				if _, undone := p.act(fields{"kind": "undo"}); !undone {
					p.Fatalf("%s can't be undone", kind.what)
				}
			}
		}
		if len(all) > 0 {
			p.row(kind.what, all)
		}
	}
}

// through is a line across the middle of a grid, from beyond its west to beyond its east.
func through(g *draft.Grid) [][2]float64 {
	const beyond = 0.0005
	middle := (g.Bounds[1] + g.Bounds[3]) / 2
	return [][2]float64{{g.Bounds[0] - beyond, middle}, {g.Bounds[2] + beyond, middle}}
}

// openings open drafts that no node has in memory: the figures and the ground.
func (p *planning) openings() {
	var all []time.Duration
	for range 10 {
		var h draft.Head
		p.ask("POST", "/api/drafts", fields{"division": string(p.code), "name": "bench"}, &h)
		took := p.ask("GET", "/api/drafts/"+h.ID, nil, nil)
		all = append(all, took+p.ask("GET", "/api/drafts/"+h.ID+"/ground", nil, nil))
	}
	p.row("open a draft of the town: figures, problems and ground", all)
}

// publications split a grid in a new draft and publish it.
func (p *planning) publications() {
	var all []time.Duration
	for try := 0; len(all) < 8 && try < 40; try++ {
		p.begin()
		g := p.opened.Grids[p.random.IntN(len(p.opened.Grids))]
		if _, done := p.act(fields{"kind": "split", "grid": g.Key, "into": 2}); !done {
			continue
		}
		all = append(all, p.ask("POST", "/api/drafts/"+p.id+"/publish", fields{}, nil))
	}
	p.row("publish a town", all)
}
