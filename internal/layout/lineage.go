package layout

import (
	"cmp"
	"slices"
)

// Kind says what became of a grid.
type Kind string

const (
	Unchanged Kind = "unchanged" // the same ground under the same code
	Moved     Kind = "moved"     // keeps its code, its border moved
	Split     Kind = "split"     // divided, and every part lies within it
	Merged    Kind = "merged"    // became part of one, together with others
	Complex   Kind = "complex"   // gave ground to a grid that others gave ground to, and kept no code there
)

// Descent is one line of the lineage: what of one grid became part of another, in one publication.
type Descent struct {
	From, To                  Code
	Kind                      Kind
	Blocks, Houses, Residents int
}

// trace says what became of every old grid, sorted by From and To.
func trace(shares map[pair]share, codes []Code) []Descent {
	successors, predecessors := make(map[Code]int), make(map[int]int)
	for p := range shares {
		successors[p.old]++
		predecessors[p.new]++
	}
	// A split is clean when each part has one origin; a merger when each origin has one successor.
	cleanSplit, cleanMerge := make(map[Code]bool), make(map[int]bool)
	for p := range shares {
		cleanSplit[p.old], cleanMerge[p.new] = true, true
	}
	for p := range shares {
		if predecessors[p.new] > 1 {
			cleanSplit[p.old] = false
		}
		if successors[p.old] > 1 {
			cleanMerge[p.new] = false
		}
	}
	out := make([]Descent, 0, len(shares))
	for p, s := range shares {
		d := Descent{From: p.old, To: codes[p.new], Kind: Complex, Blocks: s.blocks, Houses: s.houses, Residents: s.residents}
		switch {
		case successors[p.old] == 1 && predecessors[p.new] == 1:
			if d.From == d.To { // the same ground under another code is complex
				d.Kind = Unchanged
			}
		case cleanSplit[p.old]:
			d.Kind = Split
		case cleanMerge[p.new]:
			d.Kind = Merged
		case d.From == d.To:
			d.Kind = Moved
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Descent) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return out
}

// Share is a piece of ground that was part of one grid and will be part of another: a block.
type Share struct {
	Old       Code
	New       int // from 0
	Houses    int
	Residents int
}

// Foretold is a line of a lineage that isn't published: what of one grid will be part of the new grid with a number.
type Foretold struct {
	From                      Code
	New                       int
	Kind                      Kind
	Blocks, Houses, Residents int
}

// Foretell says which of the new grids will keep which code (0: it will get a new one), and what becomes of every old grid: what Publish would
// write for the same blocks.
func Foretell(blocks []Share, grids int) ([]Code, []Foretold) {
	shares := make(map[pair]share)
	for _, b := range blocks {
		s := shares[pair{b.Old, b.New}]
		s.add(share{1, b.Houses, b.Residents})
		shares[pair{b.Old, b.New}] = s
	}
	codes := heirs(shares, grids)
	// New grids have no codes yet: numbers that no code is stand for them while the kinds are told.
	provisional := slices.Clone(codes)
	number := make(map[Code]int, grids)
	for n := range provisional {
		if provisional[n] == 0 {
			provisional[n] = Code(-1 - n)
		}
		number[provisional[n]] = n
	}
	var out []Foretold
	for _, d := range trace(shares, provisional) {
		out = append(out, Foretold{d.From, number[d.To], d.Kind, d.Blocks, d.Houses, d.Residents})
	}
	return codes, out
}
