package drawing

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Alternative is one of several drawings of the same ground.
type Alternative struct {
	Drawing
	Seed   uint64
	Preset string  // "" where the planner's own weights were used
	Cost   float64 // by the weights asked for; the lower the better
	Least  float64 // the difference from the alternative that is most like it, 0 to 1; 1 when there is only one
}

// leastDifference is how much two drawings have to differ to be two: a tenth of the pairs in one grid.
const leastDifference = 0.1

// Alternatives gives up to n drawings of a problem that honestly differ, the best first: those with fewest grids out of band, and
// among them by cost under the weights asked for. It draws 2n times, with other seeds and, unless o.Weights are given, with the
// preset asked for and the other ones in turn; o.Time is for all of them together. Of two drawings that differ by less than a
// tenth (Difference) the better one stays, so there may be fewer than n, and always is one; where there are more than n, each
// preset has its best one among them if there is room. Cancelling
// ends with what there is. Errors are faults of code Invalid.
func Alternatives(ctx context.Context, p *Problem, o Options, n int) ([]Alternative, error) {
	if n < 1 || n > 20 {
		return nil, invalid("备选方案数应在 1 与 20 之间，现为 %d", "ask for 1 to 20 alternatives, not %d", n)
	}
	asked, err := o.filled()
	if err != nil {
		return nil, err
	}
	var all []Alternative
	for i := range 2 * n {
		if i > 0 && ctx.Err() != nil {
			break
		}
		one := o
		one.Time = max(1, asked.Time/time.Duration(2*n))
		one.Seed = o.Seed + uint64(i)*0x9e3779b97f4a7c15
		if o.Weights == nil {
			one.Preset = presetOf(asked.Preset, i)
		}
		if o.Progress != nil {
			one.Progress = func(g Progress) {
				g.Done = (float64(i) + g.Done) / float64(2*n)
				o.Progress(g)
			}
		}
		d, err := Draw(ctx, p, one)
		if err != nil {
			return nil, err
		}
		all = append(all, Alternative{Drawing: *d, Seed: one.Seed, Preset: one.Preset, Cost: d.Report.cost(asked.Weights)})
	}
	slices.SortStableFunc(all, better)
	return distinct(p, all, n), nil
}

// presetOf is the preset asked for, and in every other drawing one of the others.
func presetOf(asked string, i int) string {
	others := slices.DeleteFunc(Presets(), func(name string) bool { return name == asked })
	if i%2 == 0 {
		return asked
	}
	return others[i/2%len(others)]
}

// better puts the drawing with fewer grids out of band first, and then the cheaper one.
func better(a, b Alternative) int {
	return cmp.Or(cmp.Compare(a.Report.outOfBand(), b.Report.outOfBand()), cmp.Compare(a.Cost, b.Cost))
}

// distinct keeps up to n that differ enough from one another: the best of every preset, where it has as few grids out of
// band as the best of all, and then the best of the rest.
func distinct(p *Problem, all []Alternative, n int) (kept []Alternative) {
	seen := map[string]bool{}
	for _, fresh := range []bool{true, false} {
		for _, a := range all {
			if len(kept) == n {
				break
			}
			if fresh && (seen[a.Preset] || a.Report.outOfBand() > all[0].Report.outOfBand()) {
				continue
			}
			if !slices.ContainsFunc(kept, func(k Alternative) bool { return Difference(p, a.Grid, k.Grid) < leastDifference }) {
				kept = append(kept, a)
				seen[a.Preset] = true
			}
		}
	}
	slices.SortStableFunc(kept, better)
	for i := range kept {
		kept[i].Least = 1
		for j := range kept {
			if i != j {
				kept[i].Least = min(kept[i].Least, Difference(p, kept[i].Grid, kept[j].Grid))
			}
		}
	}
	return kept
}

// cost weighs what pulls in two directions: bends, and borders with nothing along them.
func (r *Report) cost(w *Weights) float64 {
	return w.Compactness*(1-r.CompactnessMean) + w.Open*(1-r.OnStreets)
}

func (r *Report) outOfBand() int { return r.Feasible - r.InBandFeasible }

// Difference says how differently two assignments put residents together: of all pairs of residents who share a grid in one of
// them, the share that doesn't in the other (one minus Jaccard's index of pairs; unlike Rand's it doesn't count the many pairs that
// are apart in both). 0 is the same grids, whatever their numbers; 1 is nobody with anybody as before.
func Difference(p *Problem, a, b []int32) float64 {
	type both struct{ a, b int32 }
	inA, inB, inBoth := map[int32]int64{}, map[int32]int64{}, map[both]int64{}
	for i := range p.Blocks {
		w := p.Blocks[i].Weight
		inA[a[i]] += w
		inB[b[i]] += w
		inBoth[both{a[i], b[i]}] += w
	}
	one, two, shared := pairs(inA), pairs(inB), pairs(inBoth)
	if either := one + two - shared; either > 0 {
		return 1 - shared/either
	}
	return 0
}

// pairs counts pairs of residents, grid by grid. The sum is of whole numbers, so its order doesn't matter.
func pairs[K comparable](weights map[K]int64) float64 {
	var sum int64
	for _, w := range weights {
		sum += w * (w - 1) / 2
	}
	return float64(sum)
}
