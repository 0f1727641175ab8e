package main

import (
	"fmt"
	"slices"
	"testing"

	"jingwei/internal/postgres"
)

// A community of 900 is one grid unless the planner wants two of 450; the layout keeps what was said, and an edit doesn't change it.
func TestDivideSmall(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := &sketch{t, t.TempDir(), map[string][]map[string]any{}}
	s.community("370883001001", "甲社区", 900, s.ring(0, 0, 10, 10))
	for i := range 6 {
		s.home(fmt.Sprint("h", i), float64(1+i), 4, 150)
	}
	d.do(nil, "import", "divisions", s.write("divisions"), "--code-field", "code", "--name-field", "name", "--population-field", "people")
	d.do(nil, "import", "ground", s.write("buildings"))
	db, err := postgres.Open(t.Context(), postgres.Config{URL: d.url})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	holds := func(when string, want ...int32) {
		t.Helper()
		var got []int32
		var divide bool
		if err := db.App.QueryRow(t.Context(), `SELECT array_agg(residents ORDER BY code), (SELECT settings ? 'divide_small' FROM layout WHERE live)
			FROM grid WHERE retired IS NULL`).Scan(&got, &divide); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) || divide != (len(want) > 1) {
			t.Errorf("%s: grids of %d, kept as divided: %v; want %d", when, got, divide, want)
		}
	}
	d.do(nil, "draw", "--division", "370883", "--time", "100ms")
	holds("as it is", 900)
	d.do(nil, "draw", "--division", "370883", "--replace", "--divide-small", "--time", "100ms")
	holds("divided", 450, 450)
	var grids []string
	rows, err := db.App.Query(t.Context(), `SELECT code::text FROM grid WHERE retired IS NULL ORDER BY code`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			t.Fatal(err)
		}
		grids = append(grids, code)
	}
	d.do(nil, append([]string{"rebalance"}, grids...)...)
	holds("rebalanced", 450, 450)
	d.do(nil, "draw", "--division", "370883", "--replace", "--time", "100ms")
	holds("drawn as before", 900)
	d.do(nil, "verify")
}
