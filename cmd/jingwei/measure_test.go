package main

import (
	"fmt"
	"strings"
	"testing"

	"jingwei/internal/postgres"
)

// A county's layout has one measure: a community drawn again keeps to it, and is not drawn by another beside the rest.
func TestOneMeasureForACounty(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := &sketch{t, t.TempDir(), map[string][]map[string]any{}}
	s.community("370883001001", "甲社区", 900, s.ring(0, 0, 10, 10))
	s.community("370883001002", "乙社区", 900, s.ring(10, 0, 20, 10))
	for i := range 12 {
		s.home(fmt.Sprint("h", i), float64(1+i%6+i/6*10), 4, 150)
	}
	d.do(nil, "import", "divisions", s.write("divisions"), "--code-field", "code", "--name-field", "name", "--population-field", "people")
	d.do(nil, "import", "ground", s.write("buildings"))
	db, err := postgres.Open(t.Context(), postgres.Config{URL: d.url})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	holds := func(when string, version, grids int, target float64) {
		t.Helper()
		var v, n int
		var at float64
		if err := db.App.QueryRow(t.Context(), `SELECT version, (settings->>'target')::float8, (SELECT count(*) FROM grid WHERE retired IS NULL)
			FROM layout WHERE live`).Scan(&v, &at, &n); err != nil {
			t.Fatal(err)
		}
		if v != version || n != grids || at != target {
			t.Errorf("%s: version %d, %d grids, target %g; want %d, %d, %g", when, v, n, at, version, grids, target)
		}
	}
	d.do(nil, "draw", "--division", "370883", "--target", "300", "--tolerance", "0.3", "--time", "100ms")
	holds("drawn", 1, 6, 300)
	d.do(nil, "draw", "--division", "370883", "--redraw", "--time", "100ms")
	holds("redrawn without a word on the target, and nothing to be bettered", 1, 6, 300)
	d.do(nil, "draw", "--division", "370883001001", "--replace", "--time", "100ms")
	holds("a community drawn again", 2, 6, 300)
	for _, otherwise := range [][]string{{"--target", "600"}, {"--tolerance", "0.1"}, {"--weight", "households"}} {
		status, _, said := d.try(append([]string{"draw", "--division", "370883001001", "--replace"}, otherwise...)...)
		if status == 0 || !strings.Contains(said, "one measure") || !strings.Contains(said, "同一标准") {
			t.Errorf("%v beside the rest: status %d, %s", otherwise, status, said)
		}
	}
	holds("after what was refused", 2, 6, 300)
	d.do(nil, "draw", "--division", "370883", "--replace", "--time", "100ms")
	holds("all of the county anew, without a word on the target", 3, 6, 300)
	d.do(nil, "draw", "--division", "370883", "--replace", "--target", "600", "--tolerance", "0.15", "--time", "100ms")
	holds("all of the county anew", 4, 2, 600)
	status, _, said := d.try("draw", "--division", "370883", "--replace", "--weight", "households", "--time", "100ms")
	if status == 0 || !strings.Contains(said, "say with --target") || !strings.Contains(said, "请用 --target") {
		t.Errorf("another measure with the old number: status %d, %s", status, said)
	}
	d.do(nil, "verify")

	// What is special is the county's too: an order for a community doesn't take it from the others.
	special := func(want string) {
		t.Helper()
		var got string
		if err := db.App.QueryRow(t.Context(), `SELECT coalesce(settings->>'special', '') FROM layout WHERE live`).Scan(&got); err != nil || got != want {
			t.Errorf("special ground of the county: %s, want %s (%v)", got, want, err)
		}
	}
	d.do(nil, "draw", "--division", "370883", "--replace", "--special", "学校,医院", "--time", "100ms")
	special(`["school", "hospital"]`)
	d.do(nil, "draw", "--division", "370883001001", "--replace", "--special", "none", "--time", "100ms")
	special(`["school", "hospital"]`)
	d.do(nil, "draw", "--division", "370883", "--replace", "--special", "none", "--time", "100ms")
	special("")

	// A community that no blocks can be made for keeps its grids, and so their measure is the county's.
	over := &sketch{t, t.TempDir(), map[string][]map[string]any{}}
	over.community("370883001001", "甲社区", 900, s.ring(0, 0, 10, 10))
	over.community("370883001002", "乙社区", 900, s.ring(0, 0, 10, 10))
	d.do(nil, "import", "divisions", over.write("divisions"), "--code-field", "code", "--name-field", "name", "--population-field", "people")
	status, _, said = d.try("draw", "--division", "370883", "--replace", "--target", "300", "--time", "100ms")
	if status == 0 || !strings.Contains(said, "no blocks can be made for community 37088300100") {
		t.Errorf("another measure where a community is stopped: status %d, %s", status, said)
	}
	holds("after that", 7, 2, 600)
}
