package layout

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
)

// NumberMicroGrids numbers the micro-grids that a grid's homes were cut into anew: one that keeps most households of an old one keeps its number (and
// with it its leader and its name), the others are counted on from last. was gives each home's number before, 0 for none.
func NumberMicroGrids(was []int, planned []int32, households []int, last int) map[int32]int {
	type claim struct {
		planned    int32
		was, share int
	}
	at := make(map[claim]int)
	var claims []claim
	first := make(map[int32]int)
	for i, m := range planned {
		if _, seen := first[m]; !seen {
			first[m] = i
		}
		if was[i] == 0 {
			continue
		}
		k := claim{planned: m, was: was[i]}
		if _, seen := at[k]; !seen {
			at[k] = len(claims)
			claims = append(claims, k)
		}
		claims[at[k]].share += 1 + households[i]
	}
	slices.SortFunc(claims, func(a, b claim) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.was, b.was), cmp.Compare(first[a.planned], first[b.planned]))
	})
	number, taken := make(map[int32]int, len(first)), make(map[int]bool)
	for _, c := range claims {
		if number[c.planned] == 0 && !taken[c.was] {
			number[c.planned], taken[c.was] = c.was, true
		}
	}
	for _, m := range planned { // in the order of the homes
		if number[m] == 0 {
			last++
			number[m] = last
		}
	}
	return number
}

// LastMicroNumbers are the highest numbers that micro-grids of communities' grids bear or bore: the next one is counted on from there.
func LastMicroNumbers(ctx context.Context, tx pgx.Tx, county int32, communities []int64) (map[Code]int, error) {
	rows, err := tx.Query(ctx, `SELECT grid, max(number)::int FROM (
		SELECT grid, number FROM micro_grid `+ofCommunities+` UNION ALL SELECT grid, number FROM micro_grid_past `+ofCommunities+`) n GROUP BY grid`, county, communities)
	if err != nil {
		return nil, err
	}
	out := make(map[Code]int)
	var grid Code
	var last int
	_, err = pgx.ForEachRow(rows, []any{&grid, &last}, func() error {
		out[grid] = last
		return nil
	})
	return out, err
}
