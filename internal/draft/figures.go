package draft

import (
	"fmt"
	"math"

	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

// Grid is a grid of a draft with its figures.
type Grid struct {
	Key         Key         `json:"key"`
	Community   string      `json:"community"`
	Name        string      `json:"name"`
	Special     string      `json:"special"`
	Locked      bool        `json:"locked"`
	Residents   int         `json:"residents"`
	Weight      int64       `json:"weight"` // what it is measured by
	Blocks      int         `json:"blocks"` // 0 when it is no more
	Houses      int         `json:"houses"` // buildings with residents
	Area        float64     `json:"area_m2"`
	Compactness float64     `json:"compactness"`
	Deviation   float64     `json:"deviation"`
	Band        string      `json:"band"`
	Parts       int         `json:"parts"` // 1 is connected
	Label       [2]float64  `json:"label"`
	Bounds      [4]float64  `json:"bounds"`
	Worker      string      `json:"worker,omitempty"` // with who stands in
	Base        *BaseFigure `json:"base,omitempty"`   // in the live layout

	community int64
	pieces    [][]int32 // the connected parts, the one with most people first
}

// BaseFigure is what a grid has in the live layout.
type BaseFigure struct {
	Residents int `json:"residents"`
	Blocks    int `json:"blocks"`
}

// total is what a community's ordinary grids hold together: what tells whether they can be in band.
type total struct {
	grids  int
	weight int
	proof  *layout.Proof // that they can't, whatever the total says
}

// figures works out some grids, nil being all of them. A key without blocks comes out with none.
func (d *desk) figures(of []Key) []*Grid {
	if of == nil {
		of = d.keys()
	}
	wanted := make(map[Key]bool, len(of))
	for _, k := range of {
		wanted[k] = true
	}
	members := d.members(wanted)
	base := d.baseFigures(wanted)
	totals := d.totals()
	out := make([]*Grid, 0, len(of))
	for _, k := range of {
		g := d.figure(k, members[k])
		if b, was := base[k]; was {
			g.Base = &b
		}
		d.stands(g, totals[g.community])
		out = append(out, g)
	}
	return out
}

// figure sums a grid's blocks.
func (d *desk) figure(k Key, blocks []int32) *Grid {
	g := &Grid{Key: k, Name: d.name(k), Special: d.special(k), Locked: d.locked[k], Blocks: len(blocks)}
	if len(blocks) == 0 {
		if code, was := k.Code(); was {
			g.community = code.Community()
			g.Community = communityCode(g.community)
		}
		return g
	}
	first := &d.blocks[blocks[0]]
	g.community, g.Community = first.community, communityCode(first.community)
	low, high := first.box[0], first.box[1]
	var sx, sy, second float64
	for _, i := range blocks {
		b := &d.blocks[i]
		g.Residents += b.residents
		g.Weight += b.weight
		g.Houses += b.homes
		g.Area += b.shape.Area
		x, y := b.shape.Cx-first.shape.Cx, b.shape.Cy-first.shape.Cy // about a place near by, so that no digits are lost
		sx += b.shape.Area * x
		sy += b.shape.Area * y
		second += b.shape.Second + b.shape.Area*(x*x+y*y)
		low = planar.Point{X: min(low.X, b.box[0].X), Y: min(low.Y, b.box[0].Y)}
		high = planar.Point{X: max(high.X, b.box[1].X), Y: max(high.Y, b.box[1].Y)}
	}
	if about := second - (sx*sx+sy*sy)/g.Area; g.Area > 0 && about > 0 {
		g.Compactness = round(g.Area*g.Area/(2*math.Pi*about), 1e4)
	}
	g.Area = math.Round(g.Area)
	g.pieces = d.connected(blocks)
	g.Parts = len(g.pieces)
	g.Bounds[0], g.Bounds[1] = low.Degrees()
	g.Bounds[2], g.Bounds[3] = high.Degrees()
	g.Label = d.middle(g.pieces[0], sx, sy, first)
	return g
}

// middle is a point in a grid near its centre: of its blocks the one whose middle is nearest to the centroid.
func (d *desk) middle(blocks []int32, sx, sy float64, origin *block) [2]float64 {
	var area float64
	for _, i := range blocks {
		area += d.blocks[i].shape.Area
	}
	if area > 0 {
		sx, sy = sx/area, sy/area
	}
	best, least := blocks[0], math.Inf(1)
	for _, i := range blocks {
		s := d.blocks[i].shape
		if far := math.Hypot(s.Cx-origin.shape.Cx-sx, s.Cy-origin.shape.Cy-sy); far < least {
			best, least = i, far
		}
	}
	lon, lat := d.inside(best).Degrees()
	return [2]float64{lon, lat}
}

// inside is a point of a block.
func (d *desk) inside(i int32) planar.Point {
	b := &d.blocks[i]
	if b.at == (planar.Point{}) {
		x, y := planar.InteriorPoint([]planar.Polygon{d.polygon(i)})
		b.at = planar.Point{X: int32(math.Floor(x)), Y: int32(math.Floor(y))}
	}
	return b.at
}

// polygon is a block's ground.
func (d *desk) polygon(i int32) planar.Polygon {
	if s := d.sheets[d.blocks[i].community]; s != nil {
		if p := s.Polygon(d.blocks[i].key); p != nil {
			return p
		}
	}
	return d.live.Blocks[i].Polygon // pieces have their sheet; what stands has its place in the live ground
}

// connected divides blocks into what hangs together through borders, the part with most people first.
func (d *desk) connected(blocks []int32) [][]int32 {
	left := make(map[int32]bool, len(blocks))
	for _, i := range blocks {
		left[i] = true
	}
	var out [][]int32
	for _, start := range blocks {
		if !left[start] {
			continue
		}
		delete(left, start)
		part := []int32{start}
		for n := 0; n < len(part); n++ {
			for _, e := range d.around[part[n]] {
				if o := d.borders[e].other(part[n]); o >= 0 && left[o] {
					delete(left, o)
					part = append(part, o)
				}
			}
		}
		out = append(out, part)
	}
	for i := range out {
		if d.heavier(out[i], out[0]) {
			out[0], out[i] = out[i], out[0]
		}
	}
	return out
}

func (d *desk) heavier(a, b []int32) bool {
	ra, rb := d.residents(a), d.residents(b)
	return ra > rb || ra == rb && len(a) > len(b)
}

func (d *desk) residents(blocks []int32) (n int) {
	for _, i := range blocks {
		n += d.blocks[i].residents
	}
	return n
}

func (d *desk) weight(blocks []int32) (n int64) {
	for _, i := range blocks {
		n += d.blocks[i].weight
	}
	return n
}

// baseFigures are what live grids have in the live layout.
func (d *desk) baseFigures(of map[Key]bool) map[Key]BaseFigure {
	out := make(map[Key]BaseFigure)
	for i := range d.live.Blocks {
		if k := Key(d.live.In[i]); of[k] {
			b := out[k]
			out[k] = BaseFigure{b.Residents + d.live.Blocks[i].Residents, b.Blocks + 1}
		}
	}
	return out
}

// totals sums the ordinary grids of each community.
func (d *desk) totals() map[int64]total {
	out := make(map[int64]total)
	seen := make(map[Key]bool)
	for i, k := range d.grid {
		if k == Nowhere || k == Gone || d.special(k) != "" {
			continue
		}
		c := d.blocks[i].community
		t := out[c]
		t.weight += int(d.blocks[i].weight)
		if !seen[k] {
			seen[k] = true
			t.grids++
		}
		out[c] = t
	}
	for c, p := range d.proofs() {
		t := out[c]
		t.proof = &p
		out[c] = t
	}
	return out
}

// stands says how a grid stands against its band.
func (d *desk) stands(g *Grid, t total) {
	s := layout.Standing{Target: d.live.Settings.Target, Tolerance: d.live.Settings.Tolerance, Special: g.Special,
		Measured: int(g.Weight), Grids: t.grids, Total: t.weight, Proved: t.proof != nil}
	g.Deviation, g.Band = s.Of()
}

func communityCode(c int64) string { return fmt.Sprintf("%012d", c) }

func round(x, steps float64) float64 { return math.Round(x*steps) / steps }
