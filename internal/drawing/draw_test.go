package drawing

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyProblem is a random planar instance: Voronoi cells in communities, some ground without people, some heavy
// dwellings, some borders removed so that a community may fall into pieces.
func anyProblem(t *rapid.T) *Problem {
	n := rapid.IntRange(3, 400).Draw(t, "blocks")
	communities := rapid.IntRange(1, 1+n/60).Draw(t, "communities")
	people := rapid.Int64Range(0, int64(n)*80).Draw(t, "people")
	p := voronoi(n, communities, people, rapid.Uint64().Draw(t, "seed"))
	if rapid.Bool().Draw(t, "lumpy") {
		every := rapid.IntRange(2, 7).Draw(t, "every")
		for i := range p.Blocks { // people gather in every n-th block
			if at := i / every * every; at != i {
				p.Blocks[at].Weight += p.Blocks[i].Weight
				p.Blocks[i].Weight = 0
			}
		}
	}
	if rapid.Bool().Draw(t, "torn") {
		nth := rapid.IntRange(2, 5).Draw(t, "nth")
		kept := p.Borders[:0]
		for i, e := range p.Borders {
			if i%nth != 0 {
				kept = append(kept, e)
			} else {
				p.Blocks[e.A].Outer += e.Length
				p.Blocks[e.B].Outer += e.Length
			}
		}
		p.Borders = kept
	}
	return p
}

func anyOptions(t *rapid.T) Options {
	return Options{
		Target:    rapid.SampledFrom([]float64{200, 600, 1500}).Draw(t, "target"),
		Tolerance: rapid.SampledFrom([]float64{.05, .15, .4}).Draw(t, "tolerance"),
		Seed:      rapid.Uint64().Draw(t, "seed"),
		Preset:    rapid.SampledFrom(Presets()).Draw(t, "preset"),
		Time:      time.Duration(rapid.IntRange(1, 30).Draw(t, "ms")) * time.Millisecond,
	}
}

// TestDrawKeepsItsPromises: whatever the ground, all blocks are in a grid, grids are connected, lie in one community and
// are numbered densely, nobody is lost, and no community is left out.
func TestDrawKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, o := anyProblem(t), anyOptions(t)
		d, err := Draw(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		promised(t, p, d)
	})
}

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

func promised(t failer, p *Problem, d *Drawing) {
	t.Helper()
	if len(d.Grid) != len(p.Blocks) {
		t.Fatalf("%d blocks, %d assigned", len(p.Blocks), len(d.Grid))
	}
	members := map[int32][]int32{}
	var in, out int64
	for b, g := range d.Grid {
		if g < 0 || int(g) >= d.Report.Grids {
			t.Fatalf("block %d is in grid %d of %d", b, g, d.Report.Grids)
		}
		members[g] = append(members[g], int32(b))
		in += p.Blocks[b].Weight
	}
	if len(members) != d.Report.Grids {
		t.Fatalf("%d grids have blocks, %d are reported", len(members), d.Report.Grids)
	}
	next := map[int32][]int32{}
	for _, e := range p.Borders {
		if e.Length > 0 {
			next[e.A] = append(next[e.A], e.B)
			next[e.B] = append(next[e.B], e.A)
		}
	}
	for g, blocks := range members {
		seen := map[int32]bool{blocks[0]: true}
		queue := []int32{blocks[0]}
		for len(queue) > 0 {
			b := queue[0]
			queue = queue[1:]
			for _, c := range next[b] {
				if d.Grid[c] == g && !seen[c] {
					seen[c] = true
					queue = append(queue, c)
				}
			}
		}
		if len(seen) != len(blocks) {
			t.Fatalf("grid %d has %d blocks, of which only %d hang together", g, len(blocks), len(seen))
		}
		for _, b := range blocks {
			out += p.Blocks[b].Weight
			if p.Blocks[b].Within != p.Blocks[blocks[0]].Within {
				t.Fatalf("grid %d crosses from community %d to %d", g, p.Blocks[b].Within, p.Blocks[blocks[0]].Within)
			}
		}
	}
	if in != out || in != d.Report.Residents {
		t.Fatalf("%d people in, %d out, %d reported", in, out, d.Report.Residents)
	}
	if d.Report.Broken != 0 || d.Report.Crossing != 0 {
		t.Fatalf("reported broken %d, crossing %d", d.Report.Broken, d.Report.Crossing)
	}
}

// TestEngineSumsAgreeWithMeasure: what the annealer keeps in running sums is what Measure finds from the definitions.
func TestEngineSumsAgreeWithMeasure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, o := anyProblem(t), anyOptions(t)
		o, err := o.filled()
		if err != nil {
			t.Fatal(err)
		}
		j := newJob(context.Background(), p, o, time.Now())
		j.run()
		for _, r := range j.runs { // some more moves, so that sums are running ones
			r.state.rule.press(1)
			r.state.settle()
			r.state.anneal(500, hot, cold)
		}
		grid := j.join()
		shapes, borders := measureShapes(p, grid)
		var kept, want float64
		for _, r := range j.chosen() {
			for g := range r.state.sums {
				s := &r.state.sums[g]
				m := &shapes[grid[r.part.blocks[slices.Index(r.state.grid, int32(g))]]]
				if s.w != m.weight || int(s.n) != m.blocks {
					t.Fatalf("grid holds %d people in %d blocks, kept %d in %d", m.weight, m.blocks, s.w, s.n)
				}
				if !near(s.compactness(), m.compactness(), 1e-6) {
					t.Fatalf("compactness %v, kept %v", m.compactness(), s.compactness())
				}
				if !near(s.price, r.state.rule.price(&s.mass), 1e-9) {
					t.Fatalf("price %v, kept %v", r.state.rule.price(&s.mass), s.price)
				}
			}
			kept += r.state.energy()
			for g := range r.state.sums {
				kept -= r.state.sums[g].price
			}
			for e, x := range r.part.edges {
				if x.back > int32(e) && grid[r.part.blocks[x.from]] != grid[r.part.blocks[x.to]] {
					want += float64(x.cost)
				}
			}
		}
		if !near(kept, want, 1e-4*(1+want)) {
			t.Fatalf("borders between grids cost %v, kept %v", want, kept)
		}
		if length := cutLength(p, grid); !near(length, borders.length, 1e-6*(1+length)) {
			t.Fatalf("borders between grids are %v m long, measured %v", length, borders.length)
		}
	})
}

// cutLength is the length between grids of one community, border by border.
func cutLength(p *Problem, grid []int32) (sum float64) {
	for _, e := range p.Borders {
		if grid[e.A] != grid[e.B] && p.Blocks[e.A].Within == p.Blocks[e.B].Within {
			sum += e.Length
		}
	}
	return sum
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

// TestSparesIsExact compares the contiguity test with a search through the whole grid.
func TestSparesIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyProblem(t)
		graph := newGraph(p)
		parts := p.split(graph)
		q := slices.MaxFunc(parts, func(a, b *part) int { return len(a.blocks) - len(b.blocks) })
		w := presets["balanced"]
		q.plan(graph, int32(min(1+len(q.blocks)/12, len(q.blocks))), &w)
		r := newRandom(rapid.Uint64().Draw(t, "seed"))
		s := newState(q, newRule(newBand(600, .15), &w, q.open), q.construct(newBand(600, .15), &r, func() bool { return false }), r)
		s.anneal(300, 5, 5)
		for b := range int32(len(q.blocks)) {
			mine := s.grid[b]
			left := map[int32]bool{}
			for c, g := range s.grid {
				if g == mine && int32(c) != b {
					left[int32(c)] = true
				}
			}
			want := len(left) > 0 && hangsTogether(q, left)
			var ring uint64
			for i, e := range q.edges[q.first[b]:q.first[b+1]] {
				if s.grid[e.to] == mine {
					ring |= 1 << (i & 63)
				}
			}
			if got := s.spares(b, ring); got != want {
				t.Fatalf("block %d can be spared: %v, in truth %v", b, got, want)
			}
		}
	})
}

func hangsTogether(q *part, blocks map[int32]bool) bool {
	var stack []int32
	for b := range blocks {
		stack = append(stack, b)
		break
	}
	seen := map[int32]bool{stack[0]: true}
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, e := range q.edges[q.first[b]:q.first[b+1]] {
			if blocks[e.to] && !seen[e.to] {
				seen[e.to] = true
				stack = append(stack, e.to)
			}
		}
	}
	return len(seen) == len(blocks)
}

// TestSameSeedSameGrids whatever the number of workers; another seed gives others.
func TestSameSeedSameGrids(t *testing.T) {
	p := voronoi(3000, 7, 40_000, 3)
	draw := func(seed uint64, workers int) []int32 {
		d, err := Draw(context.Background(), p, Options{Seed: seed, Workers: workers, Time: 100 * time.Millisecond, unhurried: true})
		if err != nil {
			t.Fatal(err)
		}
		if d.Report.StoppedEarly {
			t.Fatal("the clock stopped a drawing that may take its time")
		}
		return d.Grid
	}
	one := draw(5, 1)
	for _, workers := range []int{1, 2, 4} {
		if !slices.Equal(one, draw(5, workers)) {
			t.Errorf("%d workers drew other grids", workers)
		}
	}
	if slices.Equal(one, draw(6, 2)) {
		t.Error("another seed drew the same grids")
	}
}

// TestCancelledGivesValidDrawing at whatever moment it comes.
func TestCancelledGivesValidDrawing(t *testing.T) {
	p := voronoi(4000, 5, 60_000, 1)
	for _, at := range []float64{-1, 0, 0.1, 0.3, 0.75} {
		ctx, cancel := context.WithCancel(context.Background())
		if at < 0 {
			cancel()
		}
		d, err := Draw(ctx, p, Options{Seed: 1, Time: 2 * time.Second, Progress: func(g Progress) {
			if g.Done >= at {
				cancel()
			}
		}})
		cancel()
		if err != nil {
			t.Fatalf("cancelled at %v: %v", at, err)
		}
		promised(t, p, d)
		if !d.Report.StoppedEarly {
			t.Errorf("cancelled at %v, and the report doesn't say so", at)
		}
	}
}

func TestProgressOnlyGrows(t *testing.T) {
	last, calls := 0.0, 0
	_, err := Draw(context.Background(), voronoi(2000, 4, 30_000, 2), Options{Time: 200 * time.Millisecond, Progress: func(g Progress) {
		if g.Done < last || g.Done > 1 {
			t.Errorf("%s: from %v to %v", g.Phase, last, g.Done)
		}
		last, calls = g.Done, calls+1
	}})
	if err != nil {
		t.Fatal(err)
	}
	if last != 1 || calls < 10 {
		t.Errorf("%d calls, the last at %v", calls, last)
	}
}

// row makes blocks of 100 × 100 m in a row, each with a border to the next one.
func row(weights ...int64) *Problem {
	p := &Problem{Within: []string{"清水村"}}
	for i, w := range weights {
		p.Blocks = append(p.Blocks, Block{Weight: w, Area: 1e4, Cx: 100 * float64(i), Second: 1e8 / 6, Outer: 200})
		if i > 0 {
			p.Borders = append(p.Borders, Border{A: int32(i - 1), B: int32(i), Length: 100})
		}
	}
	return p
}

func TestGroundThatIsSpecial(t *testing.T) {
	apart := row(300, 300, 300, 300) // two pieces of one community
	apart.Borders = slices.Delete(apart.Borders, 1, 2)
	touching := row(300, 300)
	touching.Borders[0].Length = 0
	tests := []struct {
		name           string
		p              *Problem
		grids, inBand  int
		feasible       int
		reason, kind   string // of the first infeasible one and the first warning
		infeasible     int
		residents, out int64
	}{
		{name: "nothing", p: &Problem{}},
		{name: "one block in band", p: row(600), grids: 1, inBand: 1, feasible: 1, residents: 600},
		{name: "one block, nobody there", p: row(0), grids: 1, infeasible: 1, reason: "less than one grid's lower bound"},
		{name: "water beside people", p: row(0, 600, 0, 0), grids: 1, inBand: 1, feasible: 1, residents: 600},
		{name: "a village of 400", p: row(200, 200), grids: 1, infeasible: 1, residents: 400, out: 400, reason: "400 is less than"},
		{name: "a village of 900 is one grid", p: row(300, 300, 300), grids: 1, infeasible: 1, residents: 900, out: 900, reason: "900 needs 2 grids"},
		{name: "two grids", p: row(300, 300, 300, 300), grids: 2, inBand: 2, feasible: 2, residents: 1200},
		{name: "two grids with water between", p: row(300, 300, 0, 0, 0, 300, 300), grids: 2, inBand: 2, feasible: 2, residents: 1200},
		{name: "an exclave", p: apart, grids: 2, inBand: 2, feasible: 2, residents: 1200, kind: "disconnected"},
		{name: "touching in a point", p: touching, grids: 2, infeasible: 2, residents: 600, out: 600, reason: "a separate piece of 1 block(s): 300", kind: "disconnected"},
		{name: "one giant block", p: row(5000), grids: 1, infeasible: 1, residents: 5000, out: 5000, reason: "block 0 alone holds 5000"},
		{name: "a giant among others", p: row(300, 300, 800, 300, 300), grids: 3, inBand: 2, feasible: 2, infeasible: 1, residents: 2000, out: 800, reason: "block 2 alone holds 800"},
		{name: "1,450 people: one grid of two", p: row(145, 145, 145, 145, 145, 145, 145, 145, 145, 145), grids: 2, inBand: 1, infeasible: 1, residents: 1450, out: 870, reason: "1450 needs 3 grids"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := Draw(context.Background(), test.p, Options{Seed: 1, Time: 100 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			promised(t, test.p, d)
			r := d.Report
			if r.Grids != test.grids || r.InBand != test.inBand || r.Feasible != test.feasible || len(r.Infeasible) != test.infeasible ||
				r.Residents != test.residents || r.ResidentsOutside != test.out {
				t.Errorf("grids %d, in band %d, feasible %d, infeasible %v, residents %d, outside %d", r.Grids, r.InBand, r.Feasible, r.Infeasible, r.Residents, r.ResidentsOutside)
			}
			if test.reason != "" && (len(r.Infeasible) == 0 || !strings.Contains(r.Infeasible[0].EN, test.reason)) {
				t.Errorf("infeasible %v, want a reason with %q", r.Infeasible, test.reason)
			}
			if test.kind == "" != (len(r.Warnings) == 0) || test.kind != "" && r.Warnings[0].Kind != test.kind {
				t.Errorf("warnings %v, want %q", r.Warnings, test.kind)
			}
		})
	}
}

func TestRefusesWhatCannotBe(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Problem, *Options)
		want   string
	}{
		{"negative weight", func(p *Problem, _ *Options) { p.Blocks[1].Weight = -1 }, "block 1 has a negative weight"},
		{"community not in the list", func(p *Problem, _ *Options) { p.Blocks[0].Within = 7 }, "names community 7"},
		{"area that is no number", func(p *Problem, _ *Options) { p.Blocks[0].Area = math.NaN() }, "area, centroid"},
		{"border to nowhere", func(p *Problem, _ *Options) { p.Borders[0].B = 9 }, "border 0 doesn't join"},
		{"border with itself", func(p *Problem, _ *Options) { p.Borders[0].B = p.Borders[0].A }, "border 0 doesn't join"},
		{"negative length", func(p *Problem, _ *Options) { p.Borders[0].Length = -1 }, "length that can't be"},
		{"negative target", func(_ *Problem, o *Options) { o.Target = -600 }, "target must be"},
		{"tolerance of 2", func(_ *Problem, o *Options) { o.Tolerance = 2 }, "tolerance must lie"},
		{"negative time", func(_ *Problem, o *Options) { o.Time = -1 }, "time limit"},
		{"preset nobody knows", func(_ *Problem, o *Options) { o.Preset = "pretty" }, `no preset "pretty"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, o := row(300, 300, 300), Options{}
			test.change(p, &o)
			d, err := Draw(context.Background(), p, o)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, %v; want an error with %q", d, err, test.want)
			}
		})
	}
}

func TestEveryNameIsAPreset(t *testing.T) {
	for _, name := range Presets() {
		if _, ok := presets[name]; !ok {
			t.Error(name)
		}
	}
	if len(Presets()) != len(presets) {
		t.Error(fmt.Sprint(presets))
	}
}
