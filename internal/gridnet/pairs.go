package gridnet

import (
	"cmp"
	"slices"
)

// Pair is ground that two nets both have: what of a polygon of the leading one lies in a polygon of another. It is a line of the table in which
// the two are compared.
type Pair struct {
	Net       string  `json:"net"`     // the other one
	Polygon   int     `json:"polygon"` // of the leading net, −1 where it has none
	Code      string  `json:"code"`
	Name      string  `json:"name"`
	Other     int     `json:"other"` // polygon of the other net, −1 where it has none
	OtherCode string  `json:"other_code"`
	OtherName string  `json:"other_name"`
	Says      int     `json:"says"`             // the polygon of the leading net that the other one's stands for, OwnGrid for none of them
	Agree     bool    `json:"agree"`            // it is the same
	Blocks    []int64 `json:"blocks,omitempty"` // where they disagree
	Pieces    int     `json:"pieces"`           // how many blocks
	Residents int     `json:"residents"`
	AreaM2    float64 `json:"area_m2"`
	Bounds    Bounds  `json:"bounds"`
	Taken     string  `json:"taken"` // whose word holds in the result: lead, other, or neither
}

// Whose word holds.
const (
	TakenLead    = "lead"
	TakenOther   = "other"
	TakenNeither = "neither" // by a third net, or as the ground hangs together
)

// pairs compares a net with the leading one, where they disagree first, then by people. speaks is the leading net's polygon for each of the net's, took
// the one that each block has in the result.
func pairs(g *Ground, lead, net *Net, leads, labels []int32, speaks map[int32]int32, took []int32) []Pair {
	type place struct{ lead, other int32 }
	sums := make(map[place]*Pair)
	where := make(map[place]*extent)
	votes := make(map[place]map[string]int)
	for b := range g.Blocks {
		at := place{leads[b], labels[b]}
		if at.lead < 0 && at.other < 0 {
			continue
		}
		p := sums[at]
		if p == nil {
			p = newPair(lead, net, at.lead, at.other, speaks)
			e := nothing()
			sums[at], where[at], votes[at] = p, &e, make(map[string]int)
		}
		block := &g.Blocks[b]
		p.Pieces, p.Residents, p.AreaM2 = p.Pieces+1, p.Residents+block.Residents, p.AreaM2+block.AreaM2
		where[at].add(block.Polygon[0]...)
		if !p.Agree {
			p.Blocks = append(p.Blocks, block.ID)
		}
		switch took[b] {
		case at.lead:
			votes[at][TakenLead]++
		case int32(p.Says):
			votes[at][TakenOther]++
		default:
			votes[at][TakenNeither]++
		}
	}
	out := make([]Pair, 0, len(sums))
	for at, p := range sums {
		p.Bounds = where[at].degrees()
		p.Taken = TakenLead
		for _, whose := range []string{TakenOther, TakenNeither} {
			if votes[at][whose] > votes[at][p.Taken] {
				p.Taken = whose
			}
		}
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(agreed(a.Agree), agreed(b.Agree)), cmp.Compare(b.Residents, a.Residents), cmp.Compare(whole(b.AreaM2), whole(a.AreaM2)), cmp.Compare(a.Polygon, b.Polygon), cmp.Compare(a.Other, b.Other))
	})
	return out
}

func newPair(lead, net *Net, a, b int32, speaks map[int32]int32) *Pair {
	p := &Pair{Net: net.Name, Polygon: int(a), Other: int(b), Says: OwnGrid}
	if a >= 0 {
		p.Code, p.Name = lead.Polygons[a].Code, lead.Polygons[a].Name
	}
	if b >= 0 {
		p.OtherCode, p.OtherName = net.Polygons[b].Code, net.Polygons[b].Name
		if to, speaks := speaks[b]; speaks {
			p.Says = int(to)
		}
	} else {
		p.Says = int(a) // it has nothing to say there
	}
	p.Agree = p.Says == int(a)
	return p
}

func agreed(agree bool) int {
	if agree {
		return 1
	}
	return 0
}
