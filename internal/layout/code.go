package layout

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"jingwei/internal/fault"
)

// maxSequence is the last number that the three digits of a grid's sequence can hold.
const maxSequence = 999

// Code is a grid's code: the community's 12 digits and a sequence of 3, as one integer.
type Code int64

// Community is the 12-digit code of the community that the grid lies in.
func (c Code) Community() int64 { return int64(c) / 1000 }

// Sequence is the grid's number in its community, from 1.
func (c Code) Sequence() int { return int(int64(c) % 1000) }

func (c Code) String() string { return fmt.Sprintf("%015d", int64(c)) }

// place is what the order of numbers looks at: where a grid's middle lies, in metres of the plane.
type place struct{ x, y float64 }

// readingOrder gives the order in which grids are numbered: west to east in rows from north to south
// (DB11 unit grids), as one reads a page. Rows are as high as a grid of the mean size is wide, so that
// two neighbours side by side don't swap because one's middle lies a few metres further north.
func readingOrder(places []place) []int {
	order := make([]int, len(places))
	for i := range order {
		order[i] = i
	}
	if len(places) < 2 {
		return order
	}
	top, bottom, west, east := math.Inf(-1), math.Inf(1), math.Inf(1), math.Inf(-1)
	for _, p := range places {
		top, bottom = max(top, p.y), min(bottom, p.y)
		west, east = min(west, p.x), max(east, p.x)
	}
	// The middles span one row and one column less than the grids do.
	height := math.Sqrt(max(1, (top-bottom)*(east-west)) / float64(len(places)))
	rows := max(1, math.Round((top-bottom)/height)+1)
	height = max(1e-9, (top-bottom)/rows)
	row := func(p place) int { return int(min(rows-1, math.Floor((top-p.y)/height))) }
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := places[i], places[j]
		return cmp.Or(cmp.Compare(row(a), row(b)), cmp.Compare(a.x, b.x), cmp.Compare(b.y, a.y))
	})
	return order
}

// share is what a new grid has of an old one's people and ground.
type share struct {
	blocks, houses, residents int
}

func (s *share) add(o share) {
	s.blocks += o.blocks
	s.houses += o.houses
	s.residents += o.residents
}

// heirs decides which new grid keeps which old code: of all pairs, the one that shares most residents
// first (then blocks, then the lower code), each old and each new grid once. The result holds the old code
// for a new grid that keeps one, and 0 for the rest.
func heirs(shares map[pair]share, grids int) []Code {
	pairs := make([]pair, 0, len(shares))
	for p := range shares {
		pairs = append(pairs, p)
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		sa, sb := shares[a], shares[b]
		return cmp.Or(cmp.Compare(sb.residents, sa.residents), cmp.Compare(sb.blocks, sa.blocks),
			cmp.Compare(a.old, b.old), cmp.Compare(a.new, b.new))
	})
	kept := make([]Code, grids)
	taken := make(map[Code]bool)
	for _, p := range pairs {
		if kept[p.new] == 0 && !taken[p.old] {
			kept[p.new], taken[p.old] = p.old, true
		}
	}
	return kept
}

// pair is an old grid and a new one that share ground.
type pair struct {
	old Code
	new int // index of the new grid
}

// giveCodes numbers the grids of one community: kept codes stay, the others get numbers never used before,
// in reading order. last is the highest sequence that the community ever used.
func giveCodes(community int64, places []place, kept []Code, last int) ([]Code, error) {
	codes := slices.Clone(kept)
	next := last
	for _, i := range readingOrder(places) {
		if codes[i] != 0 {
			continue
		}
		next++
		if next > maxSequence {
			return nil, fault.New(fault.Conflict,
				fmt.Sprintf("社区 %012d 的网格序号已用到 %d，代码不能重复使用，无法再编号；请先调整社区区划", community, maxSequence),
				fmt.Sprintf("community %012d has used up its grid numbers (%d): codes are never used again, so there is none left; divide the community first", community, maxSequence))
		}
		codes[i] = Code(community*1000 + int64(next))
	}
	return codes, nil
}
