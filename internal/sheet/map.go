package sheet

import (
	"math"
	"slices"

	"jingwei/internal/crs"
	"jingwei/internal/planar"
)

// view takes positions to the frame.
type view struct {
	plane      crs.Plane
	x, y       float64 // m, of the frame's middle
	mx, my     float64 // mm, of the frame's middle
	scale      int
	colors     map[string]color
	west, east planar.Point // the frame's corners, south-west and north-east
}

// scales are the round ones.
var scales = []int{500, 750, 1000, 1250, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 7500, 8000, 10000, 12500, 15000, 20000, 25000, 30000, 40000, 50000,
	60000, 75000, 100000, 125000, 150000, 200000, 250000, 300000, 400000, 500000, 1000000}

// viewOf fits the map's grids into a frame, at a round scale.
func viewOf(m *Map, left, top, right, bottom float64) view {
	v := view{mx: (left + right) / 2, my: (top + bottom) / 2, scale: scales[0]}
	if len(m.Grids) == 0 {
		return v
	}
	lon, _ := m.Grids[0].Label.Degrees()
	v.plane = crs.PlaneFor(lon)
	low, high := spot{math.Inf(1), math.Inf(1)}, spot{math.Inf(-1), math.Inf(-1)}
	for _, g := range m.Grids {
		for _, part := range g.Parts {
			for _, p := range part[0] {
				x, y := v.plane.Forward(p.Degrees())
				low, high = spot{min(low.x, x), min(low.y, y)}, spot{max(high.x, x), max(high.y, y)}
			}
		}
	}
	v.x, v.y = (low.x+high.x)/2, (low.y+high.y)/2
	const room = .94 // of the frame
	for _, v.scale = range scales {
		if (high.x-low.x)*1000/float64(v.scale) <= room*(right-left) && (high.y-low.y)*1000/float64(v.scale) <= room*(bottom-top) {
			break
		}
	}
	half := spot{(right - left) / 2 * float64(v.scale) / 1000, (bottom - top) / 2 * float64(v.scale) / 1000}
	v.west = planar.FromDegrees(v.plane.Inverse(v.x-half.x, v.y-half.y))
	v.east = planar.FromDegrees(v.plane.Inverse(v.x+half.x, v.y+half.y))
	return v
}

// Extent gives the south-west and the north-east corner of what a sheet of some grids shows: what lies there belongs on the map.
func Extent(grids []Grid) (southWest, northEast planar.Point) {
	v := viewOf(&Map{Grids: grids}, margin, mapTop, mapRight, mapBottom)
	return v.west, v.east
}

func (v *view) at(p planar.Point) spot {
	x, y := v.plane.Forward(p.Degrees())
	return spot{v.mx + (x-v.x)*1000/float64(v.scale), v.my - (y-v.y)*1000/float64(v.scale)}
}

func (v *view) line(points []planar.Point) []spot {
	out := make([]spot, len(points))
	for i, p := range points {
		out[i] = v.at(p)
	}
	return out
}

func (v *view) rings(parts []planar.Polygon) (out [][]spot) {
	for _, part := range parts {
		for _, ring := range part {
			out = append(out, v.line(ring))
		}
	}
	return out
}

// outlines are rings as closed lines.
func (v *view) outlines(parts []planar.Polygon) (out [][]spot) {
	for _, ring := range v.rings(parts) {
		out = append(out, append(ring, ring[0]))
	}
	return out
}

// The colors of grids can be told apart by everyone (they differ in lightness too), and letters can be read on them.
var (
	palette  = []color{{253, 224, 221}, {199, 233, 192}, {198, 219, 239}, {254, 237, 160}, {218, 208, 235}, {240, 240, 240}, {252, 205, 160}, {188, 226, 226}}
	gridEdge = color{150, 30, 60}
	blueFill = color{170, 205, 230}
	blueLine = color{90, 140, 180}
	built    = color{205, 200, 192}
	builtRim = color{150, 145, 138}
)

func (p *page) drawMap(on canvas) {
	v := &p.view
	on.fill([][]spot{rectangle(margin, mapTop, mapRight, mapBottom)}, color{250, 250, 248})
	for _, g := range p.Grids {
		on.fill(v.rings(g.Parts), p.colorOf(g.Code))
	}
	for _, w := range p.Water {
		on.fill(v.rings(w.Parts), blueFill)
	}
	for _, b := range p.Buildings {
		on.fill(v.rings(b), built)
		on.stroke(v.outlines(b), .08, builtRim)
	}
	p.drawStreets(on)
	for _, b := range p.Blocks {
		on.stroke(v.outlines([]planar.Polygon{b}), .1, color{140, 140, 140})
	}
	for _, g := range p.Grids {
		on.stroke(v.outlines(g.Parts), .6, gridEdge)
	}
	for _, line := range p.edge() {
		on.stroke(dashes(line, 5, 1.2, 1, 1.2), .9, black)
	}
	p.drawNames(on, p.drawLabels(on))
}

// drawStreets draws what runs along lines, the rims first, so that crossings are open.
func (p *page) drawStreets(on canvas) {
	v := &p.view
	type style struct {
		rim, core float64
		ink       color
	}
	styles := map[Rank]style{Lane: {1.1, .75, white}, MainStreet: {2, 1.5, color{255, 242, 200}}}
	for _, rank := range []Rank{Lane, MainStreet} {
		for _, s := range p.Streets {
			if s.Rank == rank {
				on.stroke([][]spot{v.line(s.Points)}, styles[rank].rim, color{165, 160, 152})
			}
		}
	}
	for _, s := range p.Streets {
		line := v.line(s.Points)
		switch s.Rank {
		case Lane, MainStreet:
			on.stroke([][]spot{line}, styles[s.Rank].core, styles[s.Rank].ink)
		case Path:
			on.stroke(dashes(line, 1.2, .8), .2, color{140, 120, 90})
		case Railway:
			on.stroke([][]spot{line}, .7, color{70, 70, 70})
			on.stroke(dashes(line, 2, 2), .45, white)
		case Wall:
			on.stroke([][]spot{line}, .2, color{100, 80, 80})
		case Stream:
			on.stroke([][]spot{line}, .6, blueLine)
		}
	}
}

// edge is the border of the community: what of the grids' borders no two of them share.
func (p *page) edge() (out [][]spot) {
	parts := make([][]planar.Polygon, len(p.Grids))
	for i, g := range p.Grids {
		parts[i] = g.Parts
	}
	coverage, err := planar.BuildMulti(parts)
	if err != nil {
		return nil // an earlier version may lack a vertex on one side of a border; its grids have borders all the same
	}
	for _, a := range coverage.Dissolve(make([]int32, len(parts))).Arcs {
		out = append(out, p.view.line(a.Points))
	}
	return out
}

// colorOf gives neighbours different colors: each grid the first that no neighbour before it has.
func (p *page) colorOf(code string) color {
	if p.view.colors == nil {
		p.view.colors = p.colors()
	}
	return p.view.colors[code]
}

func (p *page) colors() map[string]color {
	touch := make([][]int, len(p.Grids))
	seen := make(map[planar.Point][]int)
	for i, g := range p.Grids {
		for _, part := range g.Parts {
			for _, ring := range part {
				for _, v := range ring {
					if at := seen[v]; len(at) == 0 || at[len(at)-1] != i {
						touch[i] = append(touch[i], at...)
						seen[v] = append(at, i)
					}
				}
			}
		}
	}
	pick := make([]int, len(p.Grids))
	out := make(map[string]color)
	for i, g := range p.Grids {
		var used []int
		for _, j := range touch[i] {
			used = append(used, pick[j])
		}
		for slices.Contains(used, pick[i]) && pick[i] < len(palette)-1 {
			pick[i]++
		}
		out[g.Code] = palette[pick[i]]
	}
	return out
}
