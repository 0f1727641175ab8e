package drawing

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestMicroGridsPartitionGrids: every unit is in one micro-grid of its own grid, a block is whole unless it holds too many, every
// micro-grid has something, all households are there, and what could be 30 to 50 households is.
func TestMicroGridsPartitionGrids(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, o := anyProblem(t), anyOptions(t)
		d, err := Draw(t.Context(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		r := newRandom(rapid.Uint64().Draw(t, "units"))
		var units []Unit
		in := make([]int64, len(p.Blocks))
		var all int64
		for b := range p.Blocks {
			for range r.below(4) {
				u := Unit{Block: int32(b), Households: int64(r.below(34)), X: p.Blocks[b].Cx + 30*r.unit(), Y: p.Blocks[b].Cy + 30*r.unit()}
				units = append(units, u)
				in[b] += u.Households
				all += u.Households
			}
		}
		m, err := MicroGrids(t.Context(), p, d.Grid, units, nil, Options{Seed: o.Seed, Time: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		households := make([]int64, len(m.Grid))
		has := make([]bool, len(m.Grid))
		for i, u := range units {
			g := m.Unit[i]
			households[g] += u.Households
			has[g] = true
			if m.Grid[g] != d.Grid[u.Block] {
				t.Fatalf("unit %d of grid %d is in a micro-grid of grid %d", i, d.Grid[u.Block], m.Grid[g])
			}
			if in[u.Block] <= 50 && m.Block[u.Block] != g {
				t.Fatalf("block %d has %d households and isn't whole", u.Block, in[u.Block])
			}
			if m.Block[u.Block] >= 0 && m.Block[u.Block] != g {
				t.Fatalf("block %d is in micro-grid %d, its unit in %d", u.Block, m.Block[u.Block], g)
			}
		}
		for b, g := range m.Block {
			if g >= 0 {
				has[g] = true
				if m.Grid[g] != d.Grid[b] {
					t.Fatalf("block %d of grid %d is in a micro-grid of grid %d", b, d.Grid[b], m.Grid[g])
				}
			}
		}
		var sum int64
		good := 0
		for g, n := range households {
			if sum += n; n >= 30 && n <= 50 {
				good++
			}
			if !has[g] {
				t.Fatalf("micro-grid %d has nothing", g)
			}
		}
		if sum != all || sum != m.Report.Residents || good != m.Report.InBand || m.Report.Broken+m.Report.Crossing > 0 {
			t.Fatalf("%d households, %d in micro-grids, %d good ones; reported %+v", all, sum, good, m.Report)
		}
	})
}

// TestMicroGridsOfATownQuarter: where entrances are small, nearly all micro-grids can have 30 to 50 households.
func TestMicroGridsOfATownQuarter(t *testing.T) {
	p := voronoi(1500, 3, 18_000, 6)
	d, err := Draw(t.Context(), p, Options{Seed: 1, Time: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	var units []Unit
	for b := range p.Blocks { // three to a household, sixteen households to an entrance
		left := p.Blocks[b].Weight / 3
		for i := 0.0; left > 0; i++ {
			n := min(left, 16)
			units = append(units, Unit{int32(b), n, p.Blocks[b].Cx + 10*i, p.Blocks[b].Cy})
			left -= n
		}
	}
	m, err := MicroGrids(t.Context(), p, d.Grid, units, nil, Options{Seed: 1, Time: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d grids, %d micro-grids, %d of 30 to 50 households, %d infeasible, compactness %.2f", d.Report.Grids, m.Report.Grids, m.Report.InBand, len(m.Report.Infeasible), m.Report.CompactnessMean)
	if m.Report.InBandFeasible < m.Report.Feasible*99/100 || m.Report.Feasible < 100 {
		t.Errorf("%d of %d feasible micro-grids have 30 to 50 households", m.Report.InBandFeasible, m.Report.Feasible)
	}
}

// TestMicroGridsOfATower: one block with six entrances of 20 households is three micro-grids of two entrances that stand
// side by side; an entrance that is too big by itself is named.
func TestMicroGridsOfATower(t *testing.T) {
	p := row(400, 0)
	var units []Unit
	for _, x := range []float64{50, 10, 30, 40, 0, 20} {
		units = append(units, Unit{0, 20, x, 3})
	}
	m, err := MicroGrids(t.Context(), p, []int32{0, 0}, units, nil, Options{Seed: 1, Time: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	u := m.Unit
	if m.Report.Grids != 3 || m.Report.InBand != 3 || m.Block[0] != -1 || u[4] != u[1] || u[5] != u[2] || u[3] != u[0] {
		t.Errorf("%+v", m)
	}
	units[0].Households = 66
	m, err = MicroGrids(t.Context(), p, []int32{0, 0}, units, func(int32) string { return "钢山001" }, Options{Seed: 1, Time: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if bad := m.Report.Infeasible; len(bad) != 1 || bad[0].Within != "钢山001" || !strings.Contains(bad[0].EN, "block 0, unit 6 alone holds 66") {
		t.Errorf("%+v", bad)
	}
	if _, err := MicroGrids(t.Context(), p, []int32{0, 0}, []Unit{{Block: 7}}, nil, Options{}); err == nil || !strings.Contains(err.Error(), "unit 0 has a block (7)") {
		t.Errorf("%v", err)
	}
}
