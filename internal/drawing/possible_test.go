package drawing

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestWhatIsRuledOutCannotBe: on eight blocks, two by four, all partitions are tried one by one. Where nobody lives in no block, what
// can't be is always ruled out; where somebody doesn't, only what can't be is.
func TestWhatIsRuledOutCannotBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		least := rapid.Int64Range(0, 1).Draw(t, "least")
		weights := rapid.SliceOfN(rapid.Int64Range(least, 12), 8, 8).Draw(t, "weights")
		b := newBand(rapid.Float64Range(5, 20).Draw(t, "target"), rapid.Float64Range(0.05, 0.3).Draw(t, "tolerance"))
		p := ladder(weights)
		q := p.split(newGraph(p))[0]
		people := q.inhabited(b)
		inBand, together := partitions(p, b)
		if gated, _ := q.gated(b); (people.ruledOut() || gated.ruledOut()) && inBand {
			t.Fatal("ruled out, and yet there is a drawing with all grids in band")
		}
		if least > 0 && !inBand && !people.ruledOut() {
			t.Fatal("no drawing has all grids in band, and it isn't ruled out")
		}
		c, crowded := people.crowded(people.all())
		if crowded && inBand {
			t.Fatalf("crowded (%+v), and yet there is a drawing with all grids in band", c)
		}
		if n, found := q.tightNeck(b); found && inBand {
			t.Fatalf("%+v is said to be a neck that can't be passed, and yet there is a drawing with all grids in band", n)
		}
		for _, s := range people.stuck() {
			if together[people.blocks[s]] {
				t.Fatalf("block %d is said to make no grid in band, and there is one", people.blocks[s])
			}
		}
		if q.k = int32(max(1, b.grids(q.weight))); least > 0 {
			w := presets["balanced"]
			q.plan(newGraph(p), q.k, &w)
			random := newRandom(1)
			s := q.shareOut(newRule(b, &w, q.open), &random, func() bool { return false })
			if (s != nil) != inBand {
				t.Fatalf("shared out: %v; there is a drawing with all grids in band: %v", s != nil, inBand)
			}
			if s != nil {
				isADrawingInBand(t, p, s, b)
			}
		} else {
			return
		}
		for block, w := range weights {
			stuck := slices.ContainsFunc(people.stuck(), func(s int32) bool { return people.blocks[s] == int32(block) })
			if w <= b.upper && !together[block] && !stuck {
				t.Fatalf("block %d (%d) makes no grid in band, and isn't found", block, w)
			}
		}
	})
}

// isADrawingInBand: every grid is connected and in band.
func isADrawingInBand(t *rapid.T, p *Problem, s *state, b band) {
	for g := range s.k {
		var members []int32
		var weight int64
		for block, of := range s.grid {
			if of == g {
				members = append(members, s.blocks[block])
				weight += p.Blocks[s.blocks[block]].Weight
			}
		}
		if !b.holds(weight) || !newGraph(p).connects(members) {
			t.Fatalf("grid %d of %v: %d, in band or connected it isn't", g, s.grid, weight)
		}
	}
}

// TestHeavyBlocksAreTooMany: the six heaviest of these need one of the five light ones each.
func TestHeavyBlocksAreTooMany(t *testing.T) {
	p := row(489, 156, 473, 152, 473, 124, 455, 124, 449, 50, 444)
	people := p.split(newGraph(p))[0].inhabited(newBand(600, .15))
	c, found := people.crowded(people.all())
	if want := (crowd{heavy: 6, light: 5, from: 444, to: 489, most: 246, need: 277, have: 606}); !found || c != want {
		t.Errorf("found %v: %+v, want %+v", found, c, want)
	}
	if c, found := people.crowded(people.all()[1:]); found {
		t.Errorf("five heavy and five light ones are said to be too many: %+v", c)
	}
}

// TestNeckThatHoldsTooMuch: three wings hang on one yard and hold too little for a grid each; together they are too many. With a light
// one of them heavy enough for itself, nothing is wrong.
func TestNeckThatHoldsTooMuch(t *testing.T) {
	b := newBand(600, .15)
	wings := func(weights ...int64) *part {
		p := &Problem{Blocks: []Block{{Area: 1, Second: 1. / 6}}}
		for i, w := range weights { // each wing is two blocks in a row
			for j, w := range []int64{w / 3, w - w/3} {
				p.Blocks = append(p.Blocks, Block{Weight: w, Area: 1, Cx: float64(j + 1), Cy: float64(i), Second: 1. / 6})
			}
			p.Borders = append(p.Borders, Border{A: 0, B: int32(2*i + 1), Length: 1}, Border{A: int32(2*i + 1), B: int32(2*i + 2), Length: 1})
		}
		return p.split(newGraph(p))[0]
	}
	n, found := wings(1800, 396, 321, 114).tightNeck(b)
	slices.Sort(n.forced)
	want := neck{block: 0, pieces: []int64{396, 321, 114}, weight: 831, forced: []int32{0, 3, 4, 5, 6, 7, 8}}
	if !found || !reflect.DeepEqual(n, want) {
		t.Errorf("found %v: %+v, want %+v", found, n, want)
	}
	for _, weights := range [][]int64{{1800, 540, 321, 114}, {1800, 396, 294}} {
		if n, found := wings(weights...).tightNeck(b); found {
			t.Errorf("%d on one yard: %+v is said to be too much", weights, n)
		}
	}
}

// TestGatesAreExactOnTrees: where the ground is a tree, only one grid passes any block, and what can't be is ruled out whenever it can't.
func TestGatesAreExactOnTrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.SampledFrom([]int64{0, 0, 3, 4, 5, 7, 9}), 9, 9).Draw(t, "weights")
		p := &Problem{}
		for i, w := range weights {
			p.Blocks = append(p.Blocks, Block{Weight: w, Area: 1, Cx: float64(i), Second: 1. / 6})
			if i > 0 {
				p.Borders = append(p.Borders, Border{A: rapid.Int32Range(0, int32(i-1)).Draw(t, "parent"), B: int32(i), Length: 1})
			}
		}
		b := newBand(rapid.Float64Range(5, 20).Draw(t, "target"), rapid.Float64Range(0.05, 0.3).Draw(t, "tolerance"))
		if slices.Max(weights) == 0 {
			return
		}
		gated, gates := p.split(newGraph(p))[0].gated(b)
		if inBand, _ := partitions(p, b); gated.ruledOut() == inBand {
			t.Fatalf("%d gates: there is a drawing with all grids in band: %v; it is ruled out: %v", gates, inBand, !inBand)
		}
	})
}

// ladder is blocks two by two, each a metre wide.
func ladder(weights []int64) *Problem {
	p := &Problem{}
	for i, w := range weights {
		p.Blocks = append(p.Blocks, Block{Weight: w, Area: 1, Cx: float64(i / 2), Cy: float64(i % 2), Second: 1. / 6})
		if i%2 == 1 {
			p.Borders = append(p.Borders, Border{A: int32(i - 1), B: int32(i), Length: 1})
		}
		if i >= 2 {
			p.Borders = append(p.Borders, Border{A: int32(i - 2), B: int32(i), Length: 1})
		}
	}
	return p
}

// partitions tries all of a problem's: whether one is connected and in band throughout, and which blocks lie in any connected
// set in band.
func partitions(p *Problem, b band) (inBand bool, together []bool) {
	n := len(p.Blocks)
	g := newGraph(p)
	good := make([]bool, 1<<n)
	together = make([]bool, n)
	for set := 1; set < 1<<n; set++ {
		var members []int32
		var weight int64
		for block := range n {
			if set>>block&1 == 1 {
				members = append(members, int32(block))
				weight += p.Blocks[block].Weight
			}
		}
		good[set] = b.holds(weight) && g.connects(members)
		for _, block := range members {
			together[block] = together[block] || good[set]
		}
	}
	can := make([]bool, 1<<n)
	can[0] = true
	for set := 1; set < 1<<n; set++ {
		for sub := set; sub > 0 && !can[set]; sub = (sub - 1) & set {
			can[set] = good[sub] && can[set&^sub]
		}
	}
	return can[1<<n-1], together
}

// TestDwellingsThatMakeNoGrid: totals that two grids could hold, in towers that no two grids can be made of, are found out.
func TestDwellingsThatMakeNoGrid(t *testing.T) {
	report := func(p *Problem) Report {
		p.Within = []string{"towers"}
		d, err := Draw(t.Context(), p, Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		return d.Report
	}
	if r := report(row(400, 400, 400)); r.Feasible != 0 || len(r.Infeasible) != 3 {
		t.Errorf("three towers of 400, each of which makes no grid: %d feasible, infeasible: %v", r.Feasible, r.Infeasible)
	}
	star := row(400, 150, 400)
	star.Blocks = append(star.Blocks, Block{Weight: 400, Area: 1, Cx: 1, Cy: 1, Second: 1. / 6})
	star.Borders = append(star.Borders, Border{A: 1, B: 3, Length: 1})
	if r := report(star); r.Feasible != 0 || len(r.Infeasible) != 1 {
		t.Errorf("three towers of 400 around 150, which only one of them can have: %d feasible, infeasible: %v", r.Feasible, r.Infeasible)
	}
	if r := report(row(400, 200, 200, 400)); r.Feasible != 2 || r.InBandFeasible != 2 || len(r.Infeasible) != 0 {
		t.Errorf("400, 200, 200 and 400 make two grids: %+v", r)
	}
}
