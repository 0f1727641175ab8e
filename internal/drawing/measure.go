package drawing

import (
	"fmt"
	"math"
	"slices"
)

// Report is what a drawing is worth, in figures that anybody can compute again from the grids.
type Report struct {
	Grids            int          `json:"grids"`
	InBand           int          `json:"in_band"`       // grids within target × (1 ± tolerance)
	InBandShare      float64      `json:"in_band_share"` // of all grids
	Feasible         int          `json:"feasible"`      // grids whose community makes the band feasible
	InBandFeasible   int          `json:"in_band_of_feasible"`
	Broken           int          `json:"broken"`           // grids that aren't connected through borders
	Crossing         int          `json:"crossing"`         // grids with blocks of more than one community
	CompactnessMean  float64      `json:"compactness_mean"` // A²/(2πI)
	CompactnessP05   float64      `json:"compactness_p05"`
	PolsbyPopperMean float64      `json:"polsby_popper_mean"` // 4πA/L²
	OnStreets        float64      `json:"on_streets"`         // share of the length between two grids of one community that has a barrier along it
	OnRoads          float64      `json:"on_roads"`           // the same, each metre weighted by the strength of its barrier
	BorderMetres     float64      `json:"border_metres"`      // length between two grids of one community
	Residents        int64        `json:"residents"`
	ResidentsOutside int64        `json:"residents_outside"` // in grids out of band
	Blocks           int          `json:"blocks"`
	Communities      int          `json:"communities"`
	Seconds          float64      `json:"seconds"`
	FirstSeconds     float64      `json:"first_seconds"` // until every community had a complete drawing, though not a good one yet
	Seed             uint64       `json:"seed"`
	StoppedEarly     bool         `json:"stopped_early"` // by the clock or by cancelling: the same seed may then give other grids
	Infeasible       []Infeasible `json:"infeasible"`
	Warnings         []Warning    `json:"warnings"`

	Special          []SpecialGrid `json:"special,omitempty"` // not among Grids; their people are among Residents
	ResidentsSpecial int64         `json:"residents_special,omitempty"`
	Moved            *Moved        `json:"moved,omitempty"` // where the drawing began with Options.Start
}

// Infeasible is a community, or a connected part of one, that no drawing can bring into band, and why.
type Infeasible struct {
	Within     string `json:"within"`
	Population int64  `json:"population"`
	said
}

// Warning is something about the ground that a planner should know.
type Warning struct {
	Within string `json:"within"`
	Kind   string `json:"kind"` // disconnected, together, unreachable
	said
}

// NewWarning is a warning of somebody else's about the same ground.
func NewWarning(within, kind, zh, en string) Warning { return Warning{within, kind, said{zh, en}} }

// said is a sentence for a person.
type said struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

func say(zh, en string, args ...any) said {
	return said{fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)}
}

// after puts something before a sentence.
func (s said) after(zh, en string) said { return said{zh + s.ZH, en + s.EN} }

// Measure computes the figures of any assignment of a problem's blocks from the definitions alone, without
// anything the engine keeps. grid holds one grid a block; grids are numbered from 0.
// Seconds, Seed and StoppedEarly are Draw's to fill in.
func Measure(p *Problem, grid []int32, o Options) Report {
	o, _ = o.filled()
	b := newBand(o.Target, o.Tolerance)
	r := Report{Blocks: len(p.Blocks), Infeasible: []Infeasible{}, Warnings: []Warning{}}
	if len(grid) != len(p.Blocks) || len(grid) == 0 {
		return r
	}
	shapes, borders := measureShapes(p, grid)
	r.BorderMetres = borders.length
	if borders.length > 0 {
		r.OnStreets, r.OnRoads = borders.along/borders.length, borders.strength/borders.length
	}
	special := p.specialGrids(grid)
	r.Special = listSpecial(special)
	can := p.measureRest(b, grid, shapes, special, &r)
	var compact []float64
	for g := range shapes {
		s := &shapes[g]
		if s.blocks == 0 {
			continue
		}
		r.Residents += s.weight
		if s.crossing {
			r.Crossing++
		}
		if _, yes := special[int32(g)]; yes {
			r.ResidentsSpecial += s.weight
			continue
		}
		r.Grids++
		if b.holds(s.weight) {
			r.InBand++
		} else {
			r.ResidentsOutside += s.weight
		}
		compact = append(compact, s.compactness())
		r.CompactnessMean += s.compactness()
		r.PolsbyPopperMean += s.polsbyPopper()
	}
	ordinary := float64(max(r.Grids, 1))
	r.CompactnessMean /= ordinary
	r.PolsbyPopperMean /= ordinary
	r.InBandShare = float64(r.InBand) / ordinary
	slices.Sort(compact)
	r.CompactnessP05 = quantile(compact, 0.05)
	r.Broken = countBroken(p, grid, len(shapes))
	r.countFeasible(grid, b, shapes, can)
	return r
}

// Figure is what one grid is like.
type Figure struct {
	Within       int32 // its community, by index
	Blocks       int
	Weight       int64
	Area         float64 // m²
	Cx, Cy       float64 // centroid in the plane, m
	Compactness  float64
	PolsbyPopper float64
	InBand       bool
}

// Figures measures every grid of an assignment by itself.
func Figures(p *Problem, grid []int32, o Options) []Figure {
	o, _ = o.filled()
	if len(grid) == 0 || len(grid) != len(p.Blocks) {
		return nil
	}
	b := newBand(o.Target, o.Tolerance)
	shapes, _ := measureShapes(p, grid)
	out := make([]Figure, len(shapes))
	for g := range shapes {
		s := &shapes[g]
		out[g] = Figure{s.within, s.blocks, s.weight, s.area, s.cx, s.cy, s.compactness(), s.polsbyPopper(), b.holds(s.weight)}
	}
	return out
}

// shape is a grid as measured.
type shape struct {
	blocks               int
	weight               int64
	area, mx, my, cx, cy float64
	second, perimeter    float64
	within               int32
	crossing, cannot     bool // in band, it cannot be
}

func (s *shape) compactness() float64 {
	if s.second <= 0 {
		return 0
	}
	return min(1, s.area*s.area/(2*math.Pi*s.second))
}

func (s *shape) polsbyPopper() float64 {
	if s.perimeter <= 0 {
		return 0
	}
	return 4 * math.Pi * s.area / (s.perimeter * s.perimeter)
}

type borderSums struct{ length, along, strength float64 }

// measureShapes adds up every grid in two passes, the second moment about the grid's own centroid in the second,
// and the borders between grids of one community.
func measureShapes(p *Problem, grid []int32) ([]shape, borderSums) {
	shapes := make([]shape, slices.Max(grid)+1)
	for i := range p.Blocks {
		b, s := &p.Blocks[i], &shapes[grid[i]]
		if s.blocks > 0 && s.within != b.Within {
			s.crossing = true
		}
		s.within = b.Within
		s.blocks++
		s.weight += b.Weight
		s.area += b.Area
		s.mx += b.Area * b.Cx
		s.my += b.Area * b.Cy
		s.perimeter += b.Outer
	}
	for g := range shapes {
		if s := &shapes[g]; s.area > 0 {
			s.cx, s.cy = s.mx/s.area, s.my/s.area
		}
	}
	for i := range p.Blocks {
		b, s := &p.Blocks[i], &shapes[grid[i]]
		s.second += b.Second + b.Area*(square(b.Cx-s.cx)+square(b.Cy-s.cy))
	}
	var sum borderSums
	for _, e := range p.Borders {
		if grid[e.A] == grid[e.B] {
			continue
		}
		shapes[grid[e.A]].perimeter += e.Length
		shapes[grid[e.B]].perimeter += e.Length
		if p.Blocks[e.A].Within == p.Blocks[e.B].Within {
			sum.length += e.Length
			sum.along += e.Along
			sum.strength += e.Strength
		}
	}
	return shapes, sum
}

// quantile of sorted values, linear between the two nearest ranks.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// countBroken joins blocks of one grid that share a border, and counts grids that stay in pieces.
func countBroken(p *Problem, grid []int32, grids int) int {
	up := make([]int32, len(p.Blocks))
	for i := range up {
		up[i] = int32(i)
	}
	root := func(b int32) int32 {
		for up[b] != b {
			up[b] = up[up[b]]
			b = up[b]
		}
		return b
	}
	for _, e := range p.Borders {
		if e.Length > 0 && grid[e.A] == grid[e.B] {
			up[root(e.A)] = root(e.B)
		}
	}
	pieces := make([]int32, grids)
	for b := range up {
		if up[b] == int32(b) {
			pieces[grid[b]]++
		}
	}
	broken := 0
	for _, n := range pieces {
		if n > 1 {
			broken++
		}
	}
	return broken
}
