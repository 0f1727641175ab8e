package gridnet

import (
	"cmp"
	"fmt"
	"slices"

	"jingwei/internal/fault"
)

// How several nets become one.
type How string

const (
	ByLead     How = "lead"     // the grids of the leading net; the others are only compared with it
	ByMajority How = "majority" // the grids of the leading net, a block in the one in which most nets have it
)

// Laid is a net with what came of it on the ground.
type Laid struct {
	Net    *Net
	Result *Result
}

// Crossing is a line of the crosswalk: what of one polygon of a net lies in one grid of the proposal.
type Crossing struct {
	Net       string  `json:"net"`
	Polygon   int     `json:"polygon"`
	Code      string  `json:"code"`
	Name      string  `json:"name"`
	Grid      int32   `json:"grid"` // place in Result.Grids
	Blocks    int     `json:"blocks"`
	Residents int     `json:"residents"`
	AreaM2    float64 `json:"area_m2"`
	Share     float64 `json:"share"` // of the polygon's people, or of its ground where nobody lives
}

// Reconciled are several nets made into one.
type Reconciled struct {
	Lead      string     `json:"lead"`
	How       How        `json:"how"`
	Result    *Result    `json:"result"` // polygons of grids are those of the leading net
	Crosswalk []Crossing `json:"crosswalk"`
	Pairs     []Pair     `json:"pairs"` // the other nets against the leading one
}

// Reconcile lays nets over one another (四网合一), all of them over the same ground. Every polygon of another net speaks for the grid of the leading
// net with which it shares most people; by majority a block goes to the grid for which most nets speak, and the leading net decides where as many speak
// for another. answers are what somebody decided, and hold whatever the nets say. The result is connected like that of Resolve, and the same input gives the
// same result.
//
// Fault: Invalid for fewer than two nets, or a leading net that isn't there.
func Reconcile(g *Ground, nets []Laid, lead int, how How, answers Answers) (*Reconciled, error) {
	if len(nets) < 2 || lead < 0 || lead >= len(nets) {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("合并至少需要两张网，现有 %d 张；主网须是其中之一", len(nets)),
			fmt.Sprintf("it takes two nets at least to make one of them, there are %d; the leading one is one of them", len(nets)))
	}
	labels := make([][]int32, len(nets))
	for i, n := range nets {
		labels[i] = n.labels(g)
	}
	proposed := labels[lead]
	if how == ByMajority {
		proposed = majority(g, labels, lead)
	}
	result, err := Assign(g, nets[lead].Net, proposed, answers)
	if err != nil {
		return nil, err
	}
	out := &Reconciled{Lead: nets[lead].Net.Name, How: how, Result: result, Crosswalk: []Crossing{}, Pairs: []Pair{}}
	grid := make(map[int64]int32, len(result.Assigned))
	for _, a := range result.Assigned {
		grid[a.Block] = a.Grid
	}
	took := Laid{nets[lead].Net, result}.labels(g)
	for i, n := range nets {
		out.Crosswalk = append(out.Crosswalk, crossings(g, n.Net, labels[i], grid)...)
		if i != lead {
			out.Pairs = append(out.Pairs, pairs(g, nets[lead].Net, n.Net, labels[lead], labels[i], matches(g, labels[i], labels[lead]), took)...)
		}
	}
	return out, nil
}

// labels are the polygons that a net's blocks go to, −1 where none does.
func (l Laid) labels(g *Ground) []int32 {
	polygon := make(map[int64]int32, len(l.Result.Assigned))
	for _, a := range l.Result.Assigned {
		polygon[a.Block] = int32(l.Result.Grids[a.Grid].Polygon)
	}
	out := make([]int32, len(g.Blocks))
	for b := range g.Blocks {
		p, there := polygon[g.Blocks[b].ID]
		if !there {
			p = -1
		}
		out[b] = p
	}
	return out
}

type shared struct {
	blocks, residents int
	area              float64
}

func (s *shared) add(b *Block) {
	s.blocks++
	s.residents += b.Residents
	s.area += b.AreaM2
}

// majority gives every block the grid of the leading net for which most nets speak.
func majority(g *Ground, labels [][]int32, lead int) []int32 {
	speaks := make([]map[int32]int32, len(labels)) // net → polygon → the leading net's
	for i := range labels {
		speaks[i] = matches(g, labels[i], labels[lead])
	}
	out := make([]int32, len(g.Blocks))
	for b := range g.Blocks {
		votes := make(map[int32]int)
		out[b] = labels[lead][b]
		for i := range labels {
			if p, says := speaks[i][labels[i][b]]; says && labels[i][b] >= 0 {
				votes[p]++
			}
		}
		for i := range labels { // in the order of the nets, so that it doesn't depend on a map's
			if p, says := speaks[i][labels[i][b]]; says && labels[i][b] >= 0 && votes[p] > votes[out[b]] {
				out[b] = p
			}
		}
	}
	return out
}

// matches finds for every polygon the one of the leading net with which it shares most people, then most ground.
func matches(g *Ground, labels, lead []int32) map[int32]int32 {
	type pair struct{ polygon, of int32 }
	sums := make(map[pair]*shared)
	for b := range g.Blocks {
		if labels[b] >= 0 && lead[b] >= 0 {
			at := pair{labels[b], lead[b]}
			if sums[at] == nil {
				sums[at] = &shared{}
			}
			sums[at].add(&g.Blocks[b])
		}
	}
	best := make(map[int32]pair)
	for at, s := range sums {
		old, seen := best[at.polygon]
		if !seen {
			best[at.polygon] = at
			continue
		}
		o := sums[old]
		if cmp.Or(cmp.Compare(s.residents, o.residents), cmp.Compare(whole(s.area), whole(o.area)), cmp.Compare(old.of, at.of)) > 0 {
			best[at.polygon] = at
		}
	}
	out := make(map[int32]int32, len(best))
	for p, at := range best {
		out[p] = at.of
	}
	return out
}

// crossings are a net's lines of the crosswalk, by polygon and grid.
func crossings(g *Ground, net *Net, labels []int32, grid map[int64]int32) []Crossing {
	type pair struct{ polygon, grid int32 }
	sums := make(map[pair]*shared)
	whole := make(map[int32]*shared)
	for b := range g.Blocks {
		to, there := grid[g.Blocks[b].ID]
		if labels[b] < 0 || !there {
			continue
		}
		at := pair{labels[b], to}
		if sums[at] == nil {
			sums[at] = &shared{}
		}
		if whole[at.polygon] == nil {
			whole[at.polygon] = &shared{}
		}
		sums[at].add(&g.Blocks[b])
		whole[at.polygon].add(&g.Blocks[b])
	}
	var out []Crossing
	for at, s := range sums {
		p := &net.Polygons[at.polygon]
		c := Crossing{Net: net.Name, Polygon: int(at.polygon), Code: p.Code, Name: p.Name, Grid: at.grid, Blocks: s.blocks, Residents: s.residents, AreaM2: s.area}
		if all := whole[at.polygon]; all.residents > 0 {
			c.Share = float64(s.residents) / float64(all.residents)
		} else {
			c.Share = s.area / max(all.area, 1e-9)
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Crossing) int {
		return cmp.Or(cmp.Compare(a.Polygon, b.Polygon), cmp.Compare(a.Grid, b.Grid))
	})
	return out
}
