package city

import (
	"math"
	"slices"
)

// household is the mean number of persons in one (the census of 2020 has 2.62 for China, 2.70 for Shandong).
const household = 2.7

// weigh gives every building its expected residents: homes, some of them empty, of households that differ.
func weigh(seed uint64, buildings []building) []float64 {
	out := make([]float64, len(buildings))
	for i, b := range buildings {
		if b.homes == 0 {
			continue
		}
		d := throw(seed, forPeople, uint64(i))
		lived := d.between(.82, .98)
		if b.levels > 12 { // new towers stand emptier
			lived = d.between(.62, .93)
		}
		out[i] = b.homes * lived * household * d.between(.92, 1.08)
		if b.homes <= 2 { // one family: 1 to 6 people
			out[i] = b.homes * pick(d, 1.0, 2, 2, 3, 3, 3, 4, 4, 5, 6) * d.between(.85, 1)
		}
	}
	return out
}

// apportion shares a total by weights in whole numbers that add up to it exactly (largest remainder;
// among equal remainders the earlier wins).
func apportion(total int, weights []float64) []int {
	out := make([]int, len(weights))
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	if sum == 0 {
		return out
	}
	rest := make([]float64, len(weights))
	order := make([]int, len(weights))
	left := total
	for i, w := range weights {
		exact := float64(total) * w / sum
		out[i] = int(exact)
		rest[i], order[i] = exact-float64(out[i]), i
		left -= out[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case rest[a] > rest[b]:
			return -1
		case rest[a] < rest[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:left] {
		out[i]++
	}
	return out
}

// settlePeople decides how many live in each community, building and entrance.
func settlePeople(seed uint64, people int, all []*community, buildings []building, weights []float64, nobodyLeftOut bool) {
	of := map[int]int{}
	for k, c := range all {
		for _, w := range c.wards {
			of[w] = k
		}
	}
	expected := make([]float64, len(all))
	for i, b := range buildings {
		expected[of[b.ward]] += weights[i]
	}
	totals := balance(apportion(people, expected))
	if nobodyLeftOut {
		fillEmpty(totals, expected)
	}
	homes := make([][]int, len(all)) // of each community, the buildings that people live in
	for i, b := range buildings {
		if k, ok := of[b.ward]; ok && weights[i] > 0 {
			homes[k] = append(homes[k], i)
		}
	}
	for k, c := range all {
		c.People = totals[k]
		part := make([]float64, len(homes[k]))
		for j, i := range homes[k] {
			part[j] = weights[i]
		}
		for j, n := range apportion(c.People, part) {
			b := &buildings[homes[k][j]]
			b.people = n
			settleStairs(throw(seed, forPeople, uint64(homes[k][j]), 1), b)
		}
	}
}

func settleStairs(d *dice, b *building) {
	if len(b.stairs) == 0 {
		return
	}
	part := make([]float64, len(b.stairs))
	for i := range part {
		part[i] = d.between(.85, 1.15)
	}
	for i, n := range apportion(b.people, part) {
		b.stairs[i].people = n
	}
}

// The bands of a community's population in which grids of 600 ± 15 % are possible, below 1530 where all
// are; a community that needs but a small push is pushed into the nearest.
var feasible = [][2]int{{515, 685}, {1025, 1375}, {1535, math.MaxInt}}

// balance moves communities of an infeasible size by up to a seventh, at the cost of the largest.
func balance(totals []int) []int {
	largest := 0
	for i, n := range totals {
		if n > totals[largest] {
			largest = i
		}
	}
	for i, n := range totals {
		if i == largest || n == 0 {
			continue
		}
		best := n
		near := n/7 + 1
		for _, f := range feasible {
			to := max(f[0], min(n, f[1]))
			if d := max(to-n, n-to); d < near {
				best, near = to, d
			}
		}
		if totals[largest]-(best-n) > 4*n || totals[largest] > 3000 {
			totals[i], totals[largest] = best, totals[largest]-(best-n)
		}
	}
	return totals
}

// fillEmpty moves one resident from the largest into each that has none but has dwellings, as long as there are enough.
func fillEmpty(totals []int, expected []float64) {
	for i, n := range totals {
		if largest := slices.Index(totals, slices.Max(totals)); n == 0 && expected[i] > 0 && totals[largest] > 1 {
			totals[i], totals[largest] = 1, totals[largest]-1
		}
	}
}

// nudge moves villages whose size makes grids infeasible by up to an eighth to one that doesn't, at the cost of
// those that stay infeasible; what has no weight isn't a village. The sum stays as it is.
func nudge(counts []int, weights []float64) {
	owed := 0
	var rest, all []int
	for i, n := range counts {
		if weights[i] == 0 {
			continue
		}
		all = append(all, i)
		best, near := n, n/8+1
		for _, f := range feasible {
			to := max(f[0], min(n, f[1]))
			if d := max(to-n, n-to); d < near {
				best, near = to, d
			}
		}
		if best == n && (n < feasible[0][0] || n > feasible[0][1] && n < feasible[1][0]) {
			rest = append(rest, i)
		}
		owed += best - n
		counts[i] = best
	}
	for owed != 0 { // one by one, so that nobody is emptied
		before := owed
		for _, i := range rest {
			switch {
			case owed < 0:
				counts[i]++
				owed++
			case owed > 0 && counts[i] > 1:
				counts[i]--
				owed--
			}
		}
		if owed == before { // none of them can give any more
			rest = all
		}
	}
}
