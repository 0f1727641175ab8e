package drawing

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jingwei/internal/fault"
)

func TestWorkloadCountsWhatItNames(t *testing.T) {
	w, err := ParseWorkload(strings.NewReader(`{"name": "工作量", "factors": {"persons": 1, "living_alone": 2, "aged_80": 0.5}}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.Weights(Table{[]string{"persons", "households", "aged_80", "living_alone"},
		[][]int64{{100, 40, 0, 0}, {100, 40, 10, 3}, {0, 0, 0, 0}, {7, 2, 1, 1}}})
	if want := []int64{100, 111, 0, 10}; err != nil || !slices.Equal(got, want) { // 9.5 → 10
		t.Errorf("%v (%v), want %v", got, err, want)
	}
}

// TestWorkloadAddsUp: no block is off by a whole unit, and all together are off by no more than half of one.
func TestWorkloadAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Workload{Factors: map[string]float64{}}
		table := Table{Columns: []string{"persons", "households", "special"}}
		for _, c := range table.Columns {
			w.Factors[c] = rapid.Float64Range(0, 9).Draw(t, c)
		}
		var exact float64
		for range rapid.IntRange(0, 60).Draw(t, "blocks") {
			table.Rows = append(table.Rows, rapid.SliceOfN(rapid.Int64Range(0, 300), 3, 3).Draw(t, "row"))
		}
		got, err := w.Weights(table)
		if err != nil || len(got) != len(table.Rows) {
			t.Fatalf("%d weights (%v)", len(got), err)
		}
		var sum int64
		for i, row := range table.Rows {
			var x float64
			for c, n := range row {
				x += float64(n) * w.Factors[table.Columns[c]]
			}
			if math.Abs(float64(got[i])-x) > 1+1e-6 {
				t.Fatalf("block %d weighs %d, by the formula %v", i, got[i], x)
			}
			exact += x
			sum += got[i]
		}
		if math.Abs(float64(sum)-exact) > 0.5+1e-4 {
			t.Fatalf("the weights add up to %d, by the formula to %v", sum, exact)
		}
	})
}

func TestWorkloadSaysWhatIsWrong(t *testing.T) {
	for in, want := range map[string]string{
		`{"factors": {"persons": 1}`:     "isn't JSON",
		`{"factor": {"persons": 1}}`:     "isn't JSON",
		`{"factors": {"persons": "1"}}`:  "isn't JSON",
		`{"factors": {"persons": 1}} {}`: "after the workload formula",
		`{"factors": {"persons": -1}}`:   `factor of "persons" can't be -1`,
		`{"factors": {"persons": 0}}`:    "no factor above 0",
		`{}`:                             "no factor above 0",
		"{\"name\": \"a\\u0000b\", \"factors\": {\"persons\": 1}}": "control characters",
		`{"factors": {"persons": 1, "aged": 3e7}}`:                 `factor of "aged"`,
	} {
		_, err := ParseWorkload(strings.NewReader(in))
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || !strings.Contains(f.EN, want) || f.ZH == "" {
			t.Errorf("%s: %v, want %q", in, err, want)
		}
	}
	w := Workload{Factors: map[string]float64{"pets": 1}}
	for want, table := range map[string]Table{
		`"pets", which the data doesn't have; it has: persons`: {Columns: []string{"persons"}},
		"row 0 has 2 counts":                 {Columns: []string{"pets"}, Rows: [][]int64{{1, 2}}},
		"row 1 has a negative count of pets": {Columns: []string{"pets"}, Rows: [][]int64{{1}, {-2}}},
	} {
		if _, err := w.Weights(table); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
