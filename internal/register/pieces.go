package register

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// pieces finds houses by a piece of their address, in memory. An address is a head, which the houses of a building share, and a tail, its entrance and room;
// a piece lies in a head, in a tail, or begins in the one and ends in the other. Heads are found by the pairs of characters in them, tails are few, as every
// building has the same ones. It doesn't change: any number of goroutines may ask it at once.
type pieces struct {
	heads  []string // folded; one for each building
	on     []int64  // by head: the footprint, 0 for none
	houses [][]entry
	tails  []string
	pairs  map[string][]int32 // by two characters: the heads that have them, in their order
	last   map[rune][]int32   // by their last character
	county string             // its name, folded: what stands in front of it and itself is in no head
}

// entry is a house of a head.
type entry struct {
	house int64
	tail  int32
}

// piecing gathers the addresses of a county, those of a building one after the other or not.
type piecing struct {
	pieces
	headOf map[headKey]int32
	tailOf map[string]int32
}

type headKey struct {
	building int64
	text     string
}

func newPiecing() *piecing {
	return &piecing{headOf: map[headKey]int32{}, tailOf: map[string]int32{}}
}

// add takes a house of a building, 0 for one on no footprint, whose address ends with its tail.
func (p *piecing) add(house, building int64, address, tail string) {
	head := folded(strings.TrimSuffix(address, tail))
	tail = folded(tail)
	key := headKey{building, head}
	h, there := p.headOf[key]
	if !there {
		h = int32(len(p.heads))
		p.headOf[key] = h
		p.heads, p.on, p.houses = append(p.heads, head), append(p.on, building), append(p.houses, nil)
	}
	t, there := p.tailOf[tail]
	if !there {
		t = int32(len(p.tails))
		p.tailOf[tail] = t
		p.tails = append(p.tails, tail)
	}
	p.houses[h] = append(p.houses[h], entry{house, t})
}

// done makes what is asked.
func (p *piecing) done() *pieces {
	p.pairs, p.last = map[string][]int32{}, map[rune][]int32{}
	for h, head := range p.heads {
		for _, pair := range pairsOf(head) {
			p.pairs[pair] = append(p.pairs[pair], int32(h))
		}
		if r, _ := utf8.DecodeLastRuneInString(head); r != utf8.RuneError {
			p.last[r] = append(p.last[r], int32(h))
		}
	}
	return &p.pieces
}

// find gives the numbers of houses whose address has the piece, so many at most: those whose building has it before those whose room has it.
func (p *pieces) find(piece string, most int) (houses []int64) {
	piece = p.below(piece)
	if utf8.RuneCountInString(piece) < 2 {
		return nil
	}
	seen := map[int64]bool{}
	take := func(h int32, fits func(tail string) bool) bool {
		for _, e := range p.houses[h] {
			if fits(p.tails[e.tail]) && !seen[e.house] {
				seen[e.house] = true
				if houses = append(houses, e.house); len(houses) == most {
					return false
				}
			}
		}
		return true
	}
	for _, h := range p.within(piece) {
		if !take(h, func(string) bool { return true }) {
			return houses
		}
	}
	for at := range piece {
		if at == 0 {
			continue
		}
		if !p.across(piece[:at], piece[at:], take) {
			return houses
		}
	}
	if p.some(func(tail string) bool { return strings.Contains(tail, piece) }) {
		for h := range p.heads {
			if !take(int32(h), func(tail string) bool { return strings.Contains(tail, piece) }) {
				return houses
			}
		}
	}
	return houses
}

// below is a piece without what stands in every address: the county and what is above it.
func (p *pieces) below(piece string) string {
	piece = folded(piece)
	if _, rest, found := strings.Cut(piece, p.county); found && p.county != "" && utf8.RuneCountInString(rest) > 1 {
		return rest
	}
	return piece
}

// shared are houses, one for each building whose head has the piece and that has more than one house, those of most houses first, so many at most, and how many there are.
func (p *pieces) shared(piece string, most int) (houses []int64, of []int, more bool) {
	heads := slices.DeleteFunc(p.within(p.below(piece)), func(h int32) bool { return p.on[h] == 0 || len(p.houses[h]) < 2 })
	slices.SortStableFunc(heads, func(a, b int32) int { return len(p.houses[b]) - len(p.houses[a]) })
	if more = len(heads) > most; more {
		heads = heads[:most]
	}
	for _, h := range heads {
		houses, of = append(houses, p.houses[h][0].house), append(of, len(p.houses[h]))
	}
	return houses, of, more
}

// within are the heads that have the piece.
func (p *pieces) within(piece string) []int32 {
	var rarest []int32
	for i, pair := range pairsOf(piece) {
		if with := p.pairs[pair]; i == 0 || len(with) < len(rarest) {
			rarest = with
		}
	}
	var out []int32
	for _, h := range rarest {
		if strings.Contains(p.heads[h], piece) {
			out = append(out, h)
		}
	}
	return out
}

// across takes the houses whose head ends with one part of a piece and whose tail begins with the other; false when there are enough.
func (p *pieces) across(before, after string, take func(int32, func(string) bool) bool) bool {
	if !p.some(func(tail string) bool { return strings.HasPrefix(tail, after) }) {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	for _, h := range p.last[r] {
		if strings.HasSuffix(p.heads[h], before) && !take(h, func(tail string) bool { return strings.HasPrefix(tail, after) }) {
			return false
		}
	}
	return true
}

func (p *pieces) some(fits func(tail string) bool) bool { return slices.ContainsFunc(p.tails, fits) }
