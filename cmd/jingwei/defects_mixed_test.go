package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/httpapi"
	"jingwei/internal/ingest"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/tile"
)

// few lets rapid try n cases: each of them fills a database. The flag is the process's, so no test beside this one may use rapid.
func few(t *testing.T, n int) {
	t.Helper()
	for name, value := range map[string]string{"rapid.checks": fmt.Sprint(n), "rapid.shrinktime": "20s", "rapid.nofailfile": "true"} {
		was := flag.Lookup(name).Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(name, was) })
	}
}

// Several defects at once, in any mixture: each of them is named, the people in the files are those in the database and those
// that the report counts out, the people in the database are those in blocks, in grids and in the figures, and verify proves the rest.
func TestMixedDefectsLoseNobody(t *testing.T) {
	few(t, 24)
	rapid.Check(t, func(rt *rapid.T) {
		m := newMixed(t, rt)
		d := &desk{t, pgtest.URL(t), t.TempDir()}
		var divisions, ground ingest.Report
		m.run(d, &divisions, "import", "divisions", m.write("divisions"), "--code-field", "code", "--name-field", "name", "--population-field", "people")
		m.run(d, &ground, "import", "ground", m.write("streets"), m.write("entrances"), m.write("buildings"), m.write("elsewhere"))
		m.checkReport("divisions", &divisions)
		m.checkReport("ground", &ground)
		db, err := postgres.Open(t.Context(), postgres.Config{URL: d.url})
		if err != nil {
			rt.Fatal(err)
		}
		defer db.Close()
		m.checkStored(db)

		var out drawn
		m.run(d, &out, "draw", "--division", "370883", "--time", "100ms")
		m.checkDrawn(&out)
		m.checkFigures(db)
		if status, text, errs := d.try("verify"); status != 0 {
			rt.Fatalf("verify: exit status %d\n%s%s", status, text, errs)
		}

		// The same files again change nothing, and nobody is counted anew.
		var again ingest.Report
		m.run(d, &again, "import", "ground", m.write("streets"), m.write("entrances"), m.write("buildings"), m.write("elsewhere"))
		if !again.Same() || !maps.Equal(again.People, ground.People) {
			rt.Fatalf("the same import again: %+v\nbefore: %+v", again, ground)
		}
	})
}

func (m *mixed) run(d *desk, result any, args ...string) {
	status, out, errs := d.try(args...)
	if status != 0 {
		m.rt.Fatalf("jingwei %v: exit status %d\n%s%s", args, status, out, errs)
	}
	if err := json.Unmarshal([]byte(out), result); err != nil {
		m.rt.Fatalf("jingwei %v printed no JSON: %v\n%s", args, err, out)
	}
}

// checkReport: every person in the files is accounted for, and every defect that was put in is named, and no other.
func (m *mixed) checkReport(which string, r *ingest.Report) {
	for of, c := range r.People {
		if c.Read != c.Stored+c.Refused+c.Outside+c.Twice {
			m.rt.Errorf("%s: %s: the parts of %+v aren't the whole", which, of, c)
		}
		if strings.HasPrefix(of, "division") == (which == "ground") {
			m.rt.Errorf("%s counts people of %s", which, of)
		}
	}
	for of, want := range m.people {
		if (of == "division") == (which == "divisions") && r.People[of] != *want {
			m.rt.Errorf("%s: %s: people %+v, want %+v", which, of, r.People[of], *want)
		}
	}
	found := map[string]int{}
	for _, list := range []ingest.Findings{r.Repaired, r.Refused} {
		for kind, n := range list.Kinds {
			found[kind] += n
		}
		for _, f := range list.Listed {
			if f.What == "" || f.WhatZH == "" || f.Done == "" || f.DoneZH == "" || f.File == "" {
				m.rt.Errorf("%s: a finding lacks a part: %+v", which, f)
			}
		}
	}
	if !maps.Equal(found, m.findings[which]) {
		m.rt.Errorf("%s: findings %v, want %v\n%v\n%v", which, found, m.findings[which], r.Repaired.Listed, r.Refused.Listed)
	}
	zh, en := r.Summary()
	if of := r.People["building"]; which == "ground" && of.Refused > 0 &&
		(!strings.Contains(en, fmt.Sprintf("%d held by what was refused", of.Refused)) || !strings.Contains(zh, fmt.Sprintf("被拒收的要素中 %d", of.Refused))) {
		m.rt.Errorf("the refused buildings' %d people aren't in the summary:\n%s\n%s", of.Refused, zh, en)
	}
}

// checkStored compares what the report says is stored with what is.
func (m *mixed) checkStored(db *postgres.DB) {
	for of, want := range m.people {
		if of == "other" {
			continue
		}
		var n int64
		if err := db.App.QueryRow(m.t.Context(), `SELECT coalesce(sum(residents), 0) FROM `+of).Scan(&n); err != nil {
			m.rt.Fatal(err)
		}
		if n != want.Stored {
			m.rt.Errorf("%s: %d people are stored, %d should be", of, n, want.Stored)
		}
	}
}

// checkDrawn: who was accepted is in a block, in a grid and in the figures, or is named with the reason.
func (m *mixed) checkDrawn(out *drawn) {
	said := map[string]bool{}
	unplaced := 0
	for _, g := range out.Ground {
		code := fmt.Sprint(g.Community)
		for _, w := range g.Warnings {
			said[code+" "+w.Kind] = w.ZH != "" && w.EN != ""
		}
		if g.Stopped != nil {
			said[code+" "+g.Stopped.Kind] = strings.Contains(g.Stopped.EN, fmt.Sprint(m.due(code))) && strings.Contains(g.Stopped.ZH, fmt.Sprint(m.due(code)))
			unplaced += g.Unplaced
		} else if g.Residents != m.due(code) {
			m.rt.Errorf("community %s: %d people in blocks, %d should be", code, g.Residents, m.due(code))
		}
	}
	for _, w := range out.Warnings {
		said[w.Within+" "+w.Kind] = w.ZH != "" && w.EN != ""
	}
	want := map[string]bool{}
	for _, w := range m.warned() {
		want[w] = true
	}
	if !maps.Equal(said, want) {
		m.rt.Errorf("warnings %v\nwant %v", slices.Sorted(maps.Keys(said)), slices.Sorted(maps.Keys(want)))
	}
	due, stopped := m.everybody()
	if out.Residents != due || unplaced != stopped || out.Broken != 0 || out.Crossing != 0 {
		m.rt.Errorf("%d people should be in grids and %d in none: %d are in blocks, %d in none; %d broken, %d crossing",
			due, stopped, out.Residents, unplaced, out.Broken, out.Crossing)
	}
}

// everybody is how many people must be in grids, and how many can't be.
func (m *mixed) everybody() (due, stopped int) {
	for code, c := range m.communities {
		switch {
		case c.stopped:
			stopped += m.due(code)
		case c.ground:
			due += m.due(code)
		}
	}
	return due, stopped
}

// checkFigures: the table of grids and /figures say the same.
func (m *mixed) checkFigures(db *postgres.DB) {
	due, _ := m.everybody()
	var inGrids int
	if err := db.App.QueryRow(m.t.Context(), `SELECT coalesce(sum(residents), 0) FROM grid WHERE retired IS NULL`).Scan(&inGrids); err != nil {
		m.rt.Fatal(err)
	}
	tiles, err := tile.New(tile.Config{DB: db.Reader})
	if err != nil {
		m.rt.Fatal(err)
	}
	doors := accesstest.New(m.t, db)
	server, err := httpapi.New(httpapi.Config{DB: db.App, Tiles: tiles, Doors: doors.Doors})
	if err != nil {
		m.rt.Fatal(err)
	}
	answer := httptest.NewRecorder()
	question := httptest.NewRequest("GET", "/api/divisions/370883/figures", nil)
	question.AddCookie(&http.Cookie{Name: accesstest.SessionCookie, Value: doors.Person("reader", "370883", []access.Grant{{Role: access.Leader, Code: "370883"}})})
	server.ServeHTTP(answer, question)
	var figures httpapi.Figures
	if err := json.Unmarshal(answer.Body.Bytes(), &figures); err != nil {
		m.rt.Fatalf("figures: %v\n%s", err, answer.Body)
	}
	if inGrids != due || figures.Residents != due {
		m.rt.Errorf("%d people should be in grids: the table has %d, the figures say %d", due, inGrids, figures.Residents)
	}
}
