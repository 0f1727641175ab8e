package drawing

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"
	"time"
)

// plainAnnealer is the baseline of design section 6: from the same first drawing, single-block moves at falling temperature
// with one price from beginning to end: 1 − compactness, the bound, and the length of open border times a weight. No
// bound that is soft at first, no second attempts, no cutting afresh. It has as many moves as the engine has in all.
func plainAnnealer(p *Problem, seed uint64, limit time.Duration, open float64) []int32 {
	o, _ := Options{Seed: seed, Time: limit, Weights: &Weights{Compactness: 1, Open: open}}.filled()
	j := newJob(context.Background(), p, o, time.Now())
	grids := make([][]int32, len(j.parts))
	var wait sync.WaitGroup
	busy := make(chan struct{}, o.Workers)
	for i, q := range j.parts {
		wait.Go(func() {
			busy <- struct{}{}
			defer func() { <-busy }()
			for e := range q.edges { // the weight itself, however scarce streets are
				q.edges[e].cost = 0
			}
			e := 0
			for _, b := range q.blocks {
				for _, h := range j.graph.around(b) {
					q.edges[e].cost = float32(open * (h.length - min(h.strength, h.length)) / q.scale)
					e++
				}
			}
			random := newRandom(seed, uint64(q.blocks[0]))
			never := func() bool { return false }
			s := newState(q, newRule(j.band, o.Weights, 0), q.construct(j.band, &random, never), random)
			moves := int(min(limit.Seconds()*movesPerSecond/float64(len(p.Blocks)), movesPerBlock) * float64(len(q.blocks)))
			const steps = 64
			for step := range steps {
				heat := func(at int) float64 { return hot * math.Pow(cold/hot, float64(at)/steps) }
				s.anneal(moves/steps, heat(step), heat(step+1))
				s.settle()
			}
			grids[i] = s.grid
		})
	}
	wait.Wait()
	out := make([]int32, len(p.Blocks))
	var base int32
	for i, q := range j.parts {
		for b, g := range grids[i] {
			out[q.blocks[b]] = base + g
		}
		base += q.k
	}
	return out
}

// MeasurePlain is the plain annealer's frontier: its border weight once, doubled, tripled.
func MeasurePlain(b *testing.B, p *Problem, limit time.Duration) {
	for _, one := range []struct {
		name string
		open float64
	}{{"plain-once", 0.1}, {"plain-twice", 0.2}, {"plain-thrice", 0.3}} {
		b.Run(one.name, func(b *testing.B) {
			var grid []int32
			began := time.Now()
			for b.Loop() {
				began = time.Now()
				grid = plainAnnealer(p, 1, limit, one.open)
			}
			show(b, Measure(p, grid, Options{}), time.Since(began).Seconds())
		})
	}
}

// TestPlainAnnealerIsABaseline: what the benchmark compares with is a valid drawing, and one that annealing has made better.
func TestPlainAnnealerIsABaseline(t *testing.T) {
	p := voronoi(2000, 3, 7_000, 1)
	none, some := plainAnnealer(p, 1, time.Nanosecond, 0.1), plainAnnealer(p, 1, 300*time.Millisecond, 0.1)
	d := &Drawing{Grid: some, Report: Measure(p, some, Options{})}
	promised(t, p, d)
	if before := Measure(p, none, Options{}); d.Report.CompactnessMean <= before.CompactnessMean || slices.Equal(none, some) {
		t.Errorf("compactness %v before annealing, %v after", before.CompactnessMean, d.Report.CompactnessMean)
	}
}
