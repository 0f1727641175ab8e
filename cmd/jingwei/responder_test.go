package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/responder"
)

// At the command line somebody is put on the roll, given a grid, and named when a publication retires it; the demo's people are invented.
func TestRespondersAtTheCommandLine(t *testing.T) {
	t.Parallel()
	d, _, town := drawnTown(t)
	first := gridOf(t, d, town)
	second := first[:12] + "002"
	var li responder.Responder
	d.do(&li, "responder", "add", "演示李", "--division", first[:12], "--phone", "19999990001")
	if li.Name != "演示李" || li.Phone != "199****0001" || li.Kind != responder.GridWorker {
		t.Errorf("%+v", li)
	}
	for _, bad := range [][]string{
		{"responder", "add", "x", "--division", "110108"}, {"responder", "add", "x", "--division", town.Code, "--phone", "call me"}, {"responder", "add", "x", "--division", town.Code, "--account", "nobody"},
		{"responder", "assign", first, "worker", "x"}, {"responder", "assign", first[:14], "worker", li.ID.String()}, {"responder", "assign", first, "worker", li.ID.String(), "--since", "tomorrow"},
		{"responder", "assign", first, "worker", li.ID.String(), "--substitute", li.ID.String(), "--from", "2026-01-01", "--to", "2026-01-02"}, {"responder", "list", "12"},
	} {
		if status, _, errs := d.try(bad...); status == 0 || !strings.Contains(errs, `"zh"`) {
			t.Errorf("%v: exit status %d: %s", bad, status, errs)
		}
	}
	var posts responder.GridPosts
	for _, grid := range []string{first, second} {
		d.do(&posts, "responder", "assign", grid, "worker", li.ID.String())
		if now := posts.Posts[responder.Worker].Now; now == nil || now.Person.Name != "演示李" {
			t.Errorf("%+v", posts)
		}
	}
	var vacant []responder.GridPosts
	d.do(&vacant, "responder", "list", first, "--vacant")
	if len(vacant) != 1 || vacant[0].Posts[responder.Leader].Now != nil || vacant[0].Posts[responder.Worker].Now == nil {
		t.Errorf("%+v", vacant)
	}
	status, _, errs := d.try("merge", first, second)
	if status != 0 || !strings.Contains(errs, "演示李") || !strings.Contains(errs, "holds 1 other posts") {
		t.Errorf("exit status %d, and nobody is named: %s", status, errs)
	}
	var all []responder.Responder
	d.do(&all, "responder", "list", town.Code)
	if len(all) != 1 || len(all[0].Posts) != 1 {
		t.Errorf("%+v", all)
	}
}

func TestDemoResponders(t *testing.T) {
	t.Parallel()
	d, _, town := drawnTown(t)
	db := pgtest.Open(t, d.url)
	s := &console{globals: globals{DataDir: d.data, DatabaseURL: d.url}, stderr: os.Stderr}
	in, err := s.entrance(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if err := makeDemoResponders(t.Context(), db, in, town.Code[:6], ""); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Owner.Query(t.Context(), `SELECT id, name, phone FROM responder`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, phones := map[string]bool{}, map[string]bool{}
	for rows.Next() {
		var id int64
		var name string
		var sealed []byte
		if err := rows.Scan(&id, &name, &sealed); err != nil {
			t.Fatal(err)
		}
		plain, err := in.keys.Open(sealed, fmt.Sprintf("responder.phone:%s:%d", town.Code[:6], id))
		if err != nil || !regexp.MustCompile(`^1540000[1-9]\d{3}$`).Match(plain) || !strings.HasPrefix(name, "演示") || names[name] || phones[string(plain)] {
			t.Errorf("%s: %s (%v), want an invented name and a number that isn't given out, each once", name, plain, err)
		}
		names[name], phones[string(plain)] = true, true
	}
	var grids, workers, leaders int
	err = db.Owner.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM grid WHERE retired IS NULL), count(*) FILTER (WHERE post = 'worker'), count(*) FILTER (WHERE post = 'leader') FROM posting`).Scan(&grids, &workers, &leaders)
	if err != nil || len(names) == 0 || workers == 0 || leaders == 0 || workers > grids || leaders > grids || grids-workers != grids/demoVacancy {
		t.Errorf("%d grids, %d workers, %d leaders (%v), want a vacancy in %d", grids, workers, leaders, err, demoVacancy)
	}
}
