package drawing

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"jingwei/internal/fault"
)

// Workload is how much work people are for a grid worker: so much for each person, household, person over 80,
// person who lives alone, … of a block's counts. It is read from a file such as
//
//	{"name": "工作量", "factors": {"persons": 1, "living_alone": 2, "aged_80": 0.5}}
//
// where an old person who lives alone counts 1 + 2 + 0.5.
type Workload struct {
	Name    string             `json:"name"`
	Factors map[string]float64 `json:"factors"` // name of a count → what each is worth
}

// Table is counts by block: a column for each kind, a row for each block.
type Table struct {
	Columns []string
	Rows    [][]int64
}

// mostFactor keeps sums of weights far from what doesn't fit an int64.
const mostFactor = 1e6

// ParseWorkload reads a formula. Errors are faults of code Invalid that say where it is wrong.
func ParseWorkload(r io.Reader) (*Workload, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	var w Workload
	if err := d.Decode(&w); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "工作量公式不是有效的 JSON，应形如 {\"name\": \"…\", \"factors\": {\"persons\": 1}}",
			`the workload formula isn't JSON such as {"name": "…", "factors": {"persons": 1}}`)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fault.New(fault.Invalid, "工作量公式之后还有多余内容，请删除", "there is something after the workload formula; remove it")
	}
	if len([]rune(w.Name)) > longestName || strings.ContainsFunc(w.Name, unicode.IsControl) {
		return nil, invalid("工作量公式的名称超过 %d 字或含控制字符", "the workload formula's name has more than %d characters, or control characters", longestName)
	}
	worth := false
	for _, name := range w.names() {
		f := w.Factors[name]
		if name == "" || !(f >= 0 && f <= mostFactor) {
			return nil, invalid("工作量公式中 %q 的系数 %v 无效，应在 0 与 1000000 之间", "the factor of %q can't be %v; it lies between 0 and 1000000", name, f)
		}
		worth = worth || f > 0
	}
	if !worth {
		return nil, fault.New(fault.Invalid, "工作量公式中没有大于 0 的系数", "the workload formula has no factor above 0")
	}
	return &w, nil
}

// longestName is of a formula, in characters: it is shown beside numbers.
const longestName = 60

func (w *Workload) names() []string { return slices.Sorted(maps.Keys(w.Factors)) }

// Weights is every block's weight by the formula, in whole units. What halves and tenths leave over goes to the blocks with
// the largest remainders, so that the weights add up to the rounded sum of all. A count that the formula names must be
// a column; columns that it doesn't name count nothing. Errors are faults of code Invalid.
func (w *Workload) Weights(t Table) ([]int64, error) {
	factors := make([]float64, len(t.Columns))
	for i, column := range t.Columns {
		factors[i] = w.Factors[column]
	}
	for _, name := range w.names() {
		if !slices.Contains(t.Columns, name) {
			have := strings.Join(t.Columns, ", ")
			return nil, fault.New(fault.Invalid, fmt.Sprintf("工作量公式用到 %q，数据中没有这一列；现有：%s", name, have),
				fmt.Sprintf("the workload formula counts %q, which the data doesn't have; it has: %s", name, have))
		}
	}
	exact := make([]float64, len(t.Rows))
	for i, row := range t.Rows {
		if len(row) != len(factors) {
			return nil, invalid("第 %d 行有 %d 列，与表头不符", "row %d has %d counts, which isn't as many as there are columns", i, len(row))
		}
		for c, n := range row {
			if n < 0 {
				return nil, invalid("第 %d 行的 %s 为负", "row %d has a negative count of %s", i, t.Columns[c])
			}
			exact[i] += float64(n) * factors[c]
		}
	}
	return RoundTogether(exact), nil
}

// RoundTogether rounds numbers that aren't negative so that they add up to their rounded sum: largest remainders first, in order
// where they are equal.
func RoundTogether(exact []float64) []int64 {
	const tiny = 1e-9 // 0.1 × 30 is 3, whatever binary makes of it
	out := make([]int64, len(exact))
	rest := make([]float64, len(exact))
	order := make([]int, len(exact))
	var left float64
	for i, x := range exact {
		whole := math.Floor(x + tiny)
		out[i], rest[i], order[i] = int64(whole), max(0, x-whole), i
		left += rest[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch d := rest[a] - rest[b]; {
		case d > tiny:
			return -1
		case d < -tiny:
			return 1
		}
		return 0
	})
	for _, i := range order[:min(len(order), int(math.Round(left)))] {
		out[i]++
	}
	return out
}
