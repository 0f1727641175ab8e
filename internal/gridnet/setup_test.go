package gridnet

import (
	"context"
	"fmt"
	"slices"

	"jingwei/internal/planar"
)

const (
	side      = 10_000 // steps, about 100 m
	community = "370883100201"
)

// at is a position of the town, in steps from its south-west corner.
func at(x, y int32) planar.Point { return planar.Point{X: 1169700000 + x, Y: 354000000 + y} }

func rect(x0, y0, x1, y1 int32) planar.Polygon {
	return planar.Polygon{{at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)}}
}

// town is ground of columns × rows blocks, numbered from 1 in rows from the south-west; corner moves the corners of blocks.
type town struct {
	columns, rows int32
	corner        func(x, y int32) planar.Point
	ground        *Ground
}

// newTown makes a community of square blocks in which so many people live each, in a house in the block's middle.
func newTown(columns, rows int32, people int) *town {
	t := &town{columns: columns, rows: rows, corner: func(x, y int32) planar.Point { return at(x*side, y*side) }}
	t.lay(people)
	return t
}

func (t *town) lay(people int) {
	g := &Ground{Communities: []Community{{Code: community, Name: "测试村"}}, Gone: map[string]bool{}}
	var all []planar.Polygon
	for y := range t.rows {
		for x := range t.columns {
			p := planar.Polygon{{t.corner(x, y), t.corner(x+1, y), t.corner(x+1, y+1), t.corner(x, y+1)}}
			all = append(all, p)
			b := Block{ID: int64(len(g.Blocks) + 1), Polygon: p, Residents: people, AreaM2: squareMetres(p)}
			if people > 0 {
				b.Homes = []Home{{Parts: []planar.Polygon{rect(x*side+4000, y*side+4000, x*side+6000, y*side+6000)}, Residents: people}}
			}
			g.Blocks = append(g.Blocks, b)
		}
	}
	cover, err := planar.Build(all)
	if err != nil {
		panic(err)
	}
	g.Communities[0].Parts = cover.Dissolve(make([]int32, len(all))).Polygons(0)
	for _, b := range cover.Borders() {
		g.Borders = append(g.Borders, Border{A: b.A, B: b.B, Length: 100})
	}
	t.ground = g
}

func squareMetres(p planar.Polygon) float64 {
	w := Ground{Communities: []Community{{Parts: []planar.Polygon{p}}}}
	plane := w.plane()
	c, err := planar.Build([]planar.Polygon{p})
	if err != nil {
		panic(err)
	}
	return planar.Measure(c, func(q planar.Point) (x, y float64) { return plane.Forward(q.Degrees()) }).Faces[0].Area
}

// net makes a net of grids of whole blocks: grid[i] is block i's.
func (t *town) net(grid []int32) *Net {
	var all []planar.Polygon
	for _, b := range t.ground.Blocks {
		all = append(all, b.Polygon)
	}
	cover, err := planar.Build(all)
	if err != nil {
		panic(err)
	}
	grids := cover.Dissolve(grid)
	net := &Net{Name: "测试"}
	for g := range grids.Faces {
		net.Polygons = append(net.Polygons, Polygon{Code: fmt.Sprintf("%s%03d", community, g+1), Name: fmt.Sprintf("第%d网格", g+1), Feature: fmt.Sprint(g + 1), Parts: grids.Polygons(int32(g))})
	}
	return net
}

// boxes makes a net of rectangles, in blocks: x0, y0, x1, y1; a fraction is a part of a block.
func boxes(all ...[4]float64) *Net {
	net := &Net{Name: "测试"}
	for i, b := range all {
		net.Polygons = append(net.Polygons, Polygon{Code: fmt.Sprintf("%s%03d", community, i+1), Feature: fmt.Sprint(i + 1),
			Parts: []planar.Polygon{rect(int32(b[0]*side), int32(b[1]*side), int32(b[2]*side), int32(b[3]*side))}})
	}
	return net
}

// with is the ground of a together with b, or of a without b.
func combined(a, b []planar.Polygon, keep func(inA, inB bool) bool) []planar.Polygon {
	faces, covers, err := planar.OverlayFaces(context.Background(), [][]planar.Polygon{a, b})
	if err != nil {
		panic(err)
	}
	label := make([]int32, len(covers))
	for i, c := range covers {
		label[i] = -1
		if keep(slices.Contains(c, 0), slices.Contains(c, 1)) {
			label[i] = 0
		}
	}
	return faces.Dissolve(label).Polygons(0)
}

func union(a, b []planar.Polygon) []planar.Polygon {
	return combined(a, b, func(inA, inB bool) bool { return inA || inB })
}

func without(a, b []planar.Polygon) []planar.Polygon {
	return combined(a, b, func(inA, inB bool) bool { return inA && !inB })
}

// went is the polygon of each block in the result.
func went(r *Result) (out []int) {
	for _, a := range r.Assigned {
		out = append(out, r.Grids[a.Grid].Polygon)
	}
	return out
}

// kinds are the flaws by kind.
func kinds(r *Result) map[Kind]int {
	out := make(map[Kind]int)
	for i := range r.Flaws {
		out[r.Flaws[i].Kind]++
	}
	return out
}
