package layout_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// counts puts on record how many households each of the four houses has, from west to east.
func (v *village) counts(kind string, n ...int) {
	v.t.Helper()
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		for i, n := range n {
			_, err := tx.Exec(ctx, `INSERT INTO building_count VALUES ($1, 'house/' || $2::int, $3, $4)
				ON CONFLICT (county, building, kind) DO UPDATE SET n = excluded.n`, county, i, kind, n)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// workloads are the live grids' residents and workload by the last digit of their code, checked against their blocks'.
func (v *village) workloads() map[int64][2]int {
	v.t.Helper()
	out := make(map[int64][2]int)
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT g.code % 10, g.residents, coalesce(g.workload, -1), coalesce((SELECT sum(b.workload) FROM grid_block b WHERE b.grid = g.code), -1)
			FROM grid g WHERE g.retired IS NULL`)
		if err != nil {
			return err
		}
		var code int64
		var residents, workload, sum int
		_, err = pgx.ForEachRow(rows, []any{&code, &residents, &workload, &sum}, func() error {
			if workload != sum {
				v.t.Errorf("grid %d has a workload of %d, its blocks have %d", code, workload, sum)
			}
			out[code] = [2]int{residents, workload}
			return nil
		})
		return err
	})
	return out
}

func TestGridsAreMeasuredByHouseholds(t *testing.T) {
	v := newVillage(t)
	v.counts("households", 100, 100, 100, 300)
	settings := layout.Settings{Target: 300, Workload: &drawing.Workload{Name: "households", Factors: map[string]float64{"households": 1}}}
	v.mustPublish(v.order(layout.Order{Settings: settings}).Proposal)
	// By persons (300 a house) it would have been four grids or two halves.
	if got, want := v.workloads(), map[int64][2]int{1: {900, 300}, 2: {300, 300}}; !reflect.DeepEqual(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	if got, want := v.standings(), map[int64]standing{1: {900, "", "in"}, 2: {300, "", "in"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}

	// Edits measure by the same, with the counts of the day.
	v.counts("households", 100, 100, 100, 310)
	v.edit(layout.Edit{Act: layout.DoMerge, Grids: []layout.Code{community*1000 + 1, community*1000 + 2}})
	for code, got := range v.workloads() {
		if got != [2]int{1200, 610} {
			t.Errorf("after the merger: grid %d %v", code, got)
		}
	}

	// Drawn by residents again, nothing of it is left.
	v.mustPublish(v.order(layout.Order{Replace: true}).Proposal)
	for code, got := range v.workloads() {
		if got != [2]int{600, -1} {
			t.Errorf("by residents: grid %d %v", code, got)
		}
	}
}

func TestAFormulaWeighsPersonsAndCounts(t *testing.T) {
	v := newVillage(t)
	v.counts("living_alone", 0, 0, 100, 150)
	formula := &drawing.Workload{Name: "work", Factors: map[string]float64{"persons": 1, "living_alone": 2}}
	p := v.order(layout.Order{Settings: layout.Settings{Workload: formula}}).Proposal
	var weights []int64
	for _, b := range p.Blocks {
		weights = append(weights, b.Weight-int64(b.Residents))
	}
	sum := int64(0)
	for _, w := range weights {
		sum += w
	}
	if sum != 500 || p.Report.Residents != 1700 {
		t.Errorf("weights besides persons %v, in all %d", weights, p.Report.Residents)
	}
}

// Who isn't counted is said: grids of so many households would else come out far too large without a word.
func TestUncountedBuildingsAreSaid(t *testing.T) {
	v := newVillage(t)
	v.counts("households", 100, 100)
	settings := layout.Settings{Target: 100, Workload: &drawing.Workload{Name: "households", Factors: map[string]float64{"households": 1}}}
	var said []string
	for _, w := range v.order(layout.Order{Settings: settings}).Proposal.Report.Warnings {
		if w.Kind == "uncounted" {
			said = append(said, w.EN)
		}
	}
	if len(said) != 1 || !strings.HasPrefix(said[0], `2 buildings, in which 600 of 1200 residents live, have no count of "households"`) {
		t.Errorf("%q", said)
	}
}

func TestACountNobodyHasIsRefused(t *testing.T) {
	v := newVillage(t)
	v.counts("households", 1, 1, 1, 1)
	err := v.db.InTx(context.Background(), func(tx pgx.Tx) error {
		_, err := layout.Plan(context.Background(), tx, layout.Order{Division: "370883100201", Settings: layout.Settings{Target: 600, Tolerance: .15,
			Workload: &drawing.Workload{Name: "w", Factors: map[string]float64{"household": 1}}}})
		return err
	})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Invalid || !strings.Contains(f.EN, `"household"`) || !strings.Contains(f.EN, "households") {
		t.Errorf("%v", err)
	}
}
