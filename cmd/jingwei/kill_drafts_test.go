package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/draft"
	"jingwei/internal/postgres"
)

// drafting is planners who share a draft of the victim's town and edit it at the same time, publish it now and then, and begin another.
type drafting struct {
	victim  *victim
	code    string
	cookies []string
	people  int

	confirmed, published, refused atomic.Int64

	mu    sync.Mutex
	draft string
	kept  map[string]string // draft and step → the act, as the 2xx said
	done  map[string]int    // draft → the version that it was published as
}

// draftsmen are the planners, with their sessions.
func (v *victim) draftsmen(doors *accesstest.Doors, db *postgres.DB) {
	v.Helper()
	d := &drafting{victim: v, kept: make(map[string]string), done: make(map[string]int)}
	err := db.Owner.QueryRow(v.Context(), `SELECT left(lpad(min(community)::text, 12, '0'), 9), sum(residents) FROM block WHERE retired IS NULL`).Scan(&d.code, &d.people)
	if err != nil {
		v.Fatal(err)
	}
	for n := range 3 {
		d.cookies = append(d.cookies, doors.Person(fmt.Sprintf("planner-%d", n), "370883", []access.Grant{{Role: access.Planner, Code: "370883"}}))
	}
	v.drafts = d
}

func (d *drafting) ask(who int, method, path string, in, out any) (int, error) {
	var body []byte
	if in != nil {
		body, _ = json.Marshal(in)
	}
	q, err := http.NewRequest(method, "http://"+d.victim.address+path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	q.Header.Set("Content-Type", "application/json")
	q.AddCookie(&http.Cookie{Name: accesstest.SessionCookie, Value: d.cookies[who]})
	answer, err := (&http.Client{Timeout: 30 * time.Second}).Do(q)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode/100 == 2 && out != nil {
		err = json.Unmarshal(all, out)
	}
	return answer.StatusCode, err
}

// begin starts a draft that all share, as often as it takes.
func (d *drafting) begin(ctx context.Context) {
	for ctx.Err() == nil {
		var h draft.Head
		if status, err := d.ask(0, "POST", "/api/drafts", map[string]any{"division": d.code, "name": "试验"}, &h); err != nil || status != http.StatusCreated {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		status, err := d.ask(0, "PUT", "/api/drafts/"+h.ID+"/members", map[string]any{"accounts": []string{"planner-1", "planner-2"}}, nil)
		if err == nil && status == http.StatusOK {
			d.mu.Lock()
			d.draft = h.ID
			d.mu.Unlock()
			return
		}
	}
}

// work edits until ctx ends; the first planner publishes now and then.
func (d *drafting) work(ctx context.Context, who int) {
	random := rand.New(rand.NewPCG(7, uint64(who)))
	for n := 0; ctx.Err() == nil; n++ {
		d.mu.Lock()
		id := d.draft
		d.mu.Unlock()
		if id == "" {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		if who == 0 && n%25 == 24 {
			d.publish(ctx, id)
			continue
		}
		var opened draft.Draft
		if status, err := d.ask(who, "GET", "/api/drafts/"+id, nil, &opened); err != nil || status != http.StatusOK {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		act := randomAct(&opened, random)
		var acted draft.Acted
		switch status, err := d.ask(who, "POST", "/api/drafts/"+id+"/acts", act, &acted); {
		case err != nil: // cut off: it may have happened or not
		case status == http.StatusOK:
			d.mu.Lock()
			d.kept[fmt.Sprintf("%s %d", id, acted.Seq)] = act["kind"].(string)
			d.mu.Unlock()
			d.confirmed.Add(1)
		case status == http.StatusInternalServerError:
			d.victim.Errorf("%v: status 500", act)
		default:
			d.refused.Add(1)
		}
	}
}

// randomAct is an edit of a draft that may make sense.
func randomAct(d *draft.Draft, random *rand.Rand) map[string]any {
	pick := func() *draft.Grid { return d.Grids[random.IntN(len(d.Grids))] }
	a, b := pick(), pick()
	for range 50 {
		if b.Community == a.Community && b != a {
			break
		}
		b = pick()
	}
	middle := (a.Bounds[1] + a.Bounds[3]) / 2
	line := [][2]float64{{a.Bounds[0] - 0.0005, middle}, {a.Bounds[2] + 0.0005, middle + (random.Float64()-.5)*0.0005}}
	act := map[string]any{"revision": d.Head.Revision}
	set := func(kind string, more map[string]any) map[string]any {
		act["kind"] = kind
		for k, v := range more {
			act[k] = v
		}
		return act
	}
	switch random.IntN(9) {
	case 0:
		return set("merge", map[string]any{"grids": []draft.Key{a.Key, b.Key}})
	case 1, 2:
		return set("split", map[string]any{"grid": a.Key, "into": 2})
	case 3:
		return set("split-line", map[string]any{"grid": a.Key, "line": line, "cut_buildings": true})
	case 4:
		return set("move-border", map[string]any{"from": a.Key, "to": b.Key, "line": line, "cut_buildings": true})
	case 5:
		return set("undo", nil)
	case 6:
		return set("redo", nil)
	case 7:
		return set("redraw", map[string]any{"grids": []draft.Key{a.Key, b.Key}, "into": 2, "seed": 1 + random.IntN(1000)})
	}
	return set("rename", map[string]any{"grid": a.Key, "name": fmt.Sprintf("试验 %d", random.IntN(1000))})
}

func (d *drafting) publish(ctx context.Context, id string) {
	var done draft.Done
	status, err := d.ask(0, "POST", "/api/drafts/"+id+"/publish", map[string]any{}, &done)
	switch {
	case err == nil && status == http.StatusOK:
		d.mu.Lock()
		d.done[id] = done.Version
		d.mu.Unlock()
		d.published.Add(1)
	case err != nil || status == http.StatusServiceUnavailable:
		return // whether it happened is seen when the next one asks
	case status == http.StatusInternalServerError:
		d.victim.Errorf("publishing %s: status 500", id)
	}
	d.begin(ctx)
}

// check looks at what is there when all is over.
func (d *drafting) check(db *postgres.DB) {
	v := d.victim
	v.Helper()
	rows, err := db.Owner.Query(v.Context(), `SELECT lpad(county::text, 6, '0') || '-' || draft || ' ' || seq, kind FROM draft_act`)
	if err != nil {
		v.Fatal(err)
	}
	there := make(map[string]string)
	var step, kind string
	if _, err := pgx.ForEachRow(rows, []any{&step, &kind}, func() error { there[step] = kind; return nil }); err != nil {
		v.Fatal(err)
	}
	missing := 0
	for step, kind := range d.kept {
		if there[step] != kind {
			missing++
			v.Errorf("step %s (%s) was confirmed; the journal has %q", step, kind, there[step])
		}
	}
	for id, version := range d.done {
		var published int
		err := db.Owner.QueryRow(v.Context(), `SELECT coalesce(published, 0) FROM draft WHERE lpad(county::text, 6, '0') || '-' || id = $1`, id).Scan(&published)
		if err != nil || published != version {
			v.Errorf("draft %s was confirmed as version %d, and is version %d (%v)", id, version, published, err)
		}
	}
	var people int
	if err := db.Owner.QueryRow(v.Context(), `SELECT sum(residents) FROM block WHERE retired IS NULL`).Scan(&people); err != nil || people != d.people {
		v.Errorf("%d people on the blocks, want %d (%v)", people, d.people, err)
	}
	v.Logf("%d planners: %d edits confirmed and %d refused, %d drafts published; %d confirmed edits are missing", len(d.cookies), d.confirmed.Load(), d.refused.Load(),
		d.published.Load(), missing)
}
