package locate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// longest is the most that a stretch between two points, and the ground as a whole, may reach along an axis, in lattice steps (53
// degrees): products of two such lengths fit into an int64 with room to spare.
const longest = 1 << 29

// Index is the ground of a layout. It doesn't change, and any number of goroutines may ask it at once. What a question reads lies close
// together, as the time it takes is that of fetching it from memory.
type Index struct {
	places []Place // of a face; 0 is outside
	top    grid
	cells  []cell
	lists  []int32 // of a cell that edges pass through: their number, the face at its lower left corner, the edges

	fenced grid    // coarse cells, for what lies about a point:
	fences through // the edges between two grids
}

// grid is a rectangle of square cells, row by row from below: the one over everything, or one of 2^k × 2^k that a cell is divided into where many
// edges pass.
type grid struct {
	x0, y0     int64 // the lowest lattice point of the first cell
	cols, rows int64
	shift      uint8 // a cell is 1<<shift lattice steps wide
}

// cell is a square of ground: the face that all of it is, or where its list begins, or which cells it is divided into and how finely.
type cell uint32

const (
	listed  cell = 1 << 30
	divided cell = 2 << 30
	kind    cell = 3 << 30

	fineness = 26 // of a divided cell: from this bit on, k
	most     = 1 << fineness

	crowded = 4 // a cell with more edges is divided
	deepest = 6 // and its cells again, so often
)

// edge is a stretch between two lattice points, a before b from left to right, or from below when it is upright.
type edge struct {
	ax, bx, ay, by int32
	left, right    int32 // the faces on its sides, seen from a; left is above
}

// What cells and lists take, about, for each edge of the ground.
const cellsAnEdge, intsAnEdge = 4, 18

// edgeInts is how many numbers an edge takes in a list.
const edgeInts = 6

// edgeAt reads the edge that begins at i.
func edgeAt(list []int32, i int) edge {
	l := list[i : i+edgeInts : i+edgeInts]
	return edge{l[0], l[1], l[2], l[3], l[4], l[5]}
}

// New makes the index of the ground that borders divide; gridOf gives the code of the grid that a block is in. Time and memory are linear in
// the points of the borders, about 100 bytes each.
//
// Faults: Invalid for borders that reach too far; Internal for borders that don't fit together: the block on the left of one isn't that on
// the right of the one before it, which the database doesn't allow.
func New(borders []Border, gridOf func(block int64) int64) (*Index, error) {
	x := &Index{places: make([]Place, 1, len(borders)/2+1)}
	all, err := x.read(borders, gridOf)
	if err != nil || len(all) == 0 {
		return x, err
	}
	low, high := bounds(all)
	g := grid{x0: int64(low.X), y0: int64(low.Y)}
	w, h := int64(high.X)-g.x0+1, int64(high.Y)-g.y0+1
	// As many cells as edges, about; fewer when the ground is a thread.
	side := max(math.Sqrt(float64(w)*float64(h)/float64(len(all))), float64(max(w, h))/float64(4096+len(all)), 1)
	g.shift = uint8(math.Round(math.Log2(side)))
	g.cols, g.rows = (w-1)>>g.shift+1, (h-1)>>g.shift+1
	x.top = g
	x.fence(all)
	// What a county comes to: lists that grow leave several times as much behind, and are there twice while they are copied.
	x.cells, x.lists = make([]cell, 0, cellsAnEdge*len(all)), make([]int32, 0, intsAnEdge*len(all))
	if err := x.divide(g, all, func(int64) int32 { return 0 }, 0); err != nil {
		return x, err
	}
	inLargePages(x.cells)
	inLargePages(x.lists)
	inLargePages(x.places)
	return x, nil
}

// fence sorts the edges between two grids into cells of some 80 m: few, as most blocks lie beside others of their grid.
func (x *Index) fence(all []edge) {
	var between []edge
	for _, e := range all {
		if x.places[e.left].Grid != x.places[e.right].Grid {
			between = append(between, e)
		}
	}
	x.fenced = x.top
	x.fenced.shift = max(x.top.shift, 13)
	x.fenced.cols, x.fenced.rows = (x.top.cols<<x.top.shift)>>x.fenced.shift+1, (x.top.rows<<x.top.shift)>>x.fenced.shift+1
	x.fences = newThrough(x.fenced, between)
}

// read turns borders into edges and numbers the blocks.
func (x *Index) read(borders []Border, gridOf func(int64) int64) ([]edge, error) {
	n := 0
	for i := range borders {
		n += max(0, len(borders[i].Points)-1)
	}
	all := make([]edge, 0, n)
	faces := make(map[int64]int32, len(borders)/2)
	face := func(block int64) int32 {
		if block == 0 {
			return 0
		}
		f, seen := faces[block]
		if !seen {
			f = int32(len(x.places))
			faces[block] = f
			x.places = append(x.places, Place{block, gridOf(block)})
		}
		return f
	}
	for i := range borders {
		left, right := face(borders[i].Left), face(borders[i].Right)
		points := borders[i].Points
		for j := 1; j < len(points); j++ {
			a, b := points[j-1], points[j]
			e := edge{a.X, b.X, a.Y, b.Y, left, right}
			if a.X > b.X || a.X == b.X && a.Y > b.Y {
				e = edge{b.X, a.X, b.Y, a.Y, right, left}
			}
			all = append(all, e)
		}
	}
	low, high := bounds(all)
	if int64(high.X)-int64(low.X) > longest || int64(high.Y)-int64(low.Y) > longest {
		return nil, fault.New(fault.Invalid, "地块边界的范围超过 53 度，无法建立定位索引", "the blocks' borders reach over more than 53 degrees; no index can be made of them")
	}
	return all, nil
}

func bounds(all []edge) (low, high planar.Point) {
	if len(all) == 0 {
		return low, high
	}
	low, high = planar.Point{X: math.MaxInt32, Y: math.MaxInt32}, planar.Point{X: math.MinInt32, Y: math.MinInt32}
	for i := range all {
		e := &all[i]
		low.X, high.X = min(low.X, e.ax), max(high.X, e.bx)
		low.Y, high.Y = min(low.Y, e.ay, e.by), max(high.Y, e.ay, e.by)
	}
	return low, high
}

// divide lays a grid of cells and lists in each the edges that pass through it; crowded cells are divided again. All of what passes through
// the grid is among edges. start gives the face at the left end of a row's lower side, just east of it.
func (x *Index) divide(g grid, edges []edge, start func(y int64) int32, depth int) error {
	corner, err := x.corners(g, edges, start)
	if err != nil {
		return err
	}
	first := len(x.cells) // the top grid's is 0
	x.cells = append(x.cells, make([]cell, g.cols*g.rows)...)
	through := newThrough(g, edges)
	for i := range g.cols * g.rows {
		at, mine := first+int(i), through.cell(i)
		switch {
		case len(mine) == 0:
			x.cells[at] = cell(corner[i])
		case len(x.lists) >= int(listed)-(2+edgeInts*len(mine)):
			return fault.New(fault.Invalid, "地块边界过多，无法建立定位索引", "the blocks have too many borders for an index")
		case len(mine) <= crowded || depth == deepest || g.shift < 2 || len(x.cells) > most/2:
			x.cells[at] = listed | cell(len(x.lists))
			x.list(mine, corner[i])
		default:
			k := uint8(min(float64(g.shift-1), max(1, math.Round(math.Log2(float64(len(mine)))/2)), 10))
			x.cells[at] = divided | cell(k)<<fineness | cell(len(x.cells))
			if err := x.divideCell(g, i, k, mine, corner[i], depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// list writes the edges of a cell.
func (x *Index) list(edges []edge, corner int32) {
	x.lists = append(x.lists, int32(len(edges)), corner)
	for _, e := range edges {
		x.lists = append(x.lists, e.ax, e.bx, e.ay, e.by, e.left, e.right)
	}
}

// divideCell divides cell i of a grid into 2^k × 2^k.
func (x *Index) divideCell(g grid, i int64, k uint8, mine []edge, corner int32, depth int) error {
	inner := grid{x0: g.x0 + i%g.cols<<g.shift, y0: g.y0 + i/g.cols<<g.shift, cols: 1 << k, rows: 1 << k, shift: g.shift - k}
	return x.divide(inner, mine, func(y int64) int32 {
		if y > inner.y0 {
			if f, found := belowCorner(mine, inner.x0, y, inner.y0); found {
				return f
			}
		}
		return corner
	}, depth+1)
}

// through are the edges that pass through each cell of a grid, and perhaps one that only comes near.
type through struct {
	begin []int32
	edges []edge
}

func newThrough(g grid, edges []edge) through {
	t := through{begin: make([]int32, g.cols*g.rows+1)}
	for i := range edges {
		g.visit(&edges[i], func(cell int64) { t.begin[cell+1]++ })
	}
	for i := range g.cols * g.rows {
		t.begin[i+1] += t.begin[i]
	}
	t.edges = make([]edge, t.begin[g.cols*g.rows])
	at := slices.Clone(t.begin)
	for i := range edges {
		g.visit(&edges[i], func(cell int64) {
			t.edges[at[cell]] = edges[i]
			at[cell]++
		})
	}
	return t
}

func (t through) cell(i int64) []edge { return t.edges[t.begin[i]:t.begin[i+1]] }

// visit calls f for each cell that an edge passes through: column by column, from the lowest to the highest that it reaches there.
func (g *grid) visit(e *edge, f func(cell int64)) {
	first, last := max(0, (int64(e.ax)-g.x0)>>g.shift), min(g.cols-1, (int64(e.bx)-g.x0)>>g.shift)
	low, high := int64(min(e.ay, e.by)), int64(max(e.ay, e.by))
	for c := first; c <= last; c++ {
		from, to := low, high
		if e.ax != e.bx {
			slope := float64(int64(e.by)-int64(e.ay)) / float64(int64(e.bx)-int64(e.ax))
			at := func(c int64) int64 { // where the edge is at the line on the left of a column
				return int64(math.Floor(float64(e.ay) + (float64(g.x0+c<<g.shift-int64(e.ax))-0.5)*slope))
			}
			near, far := at(c), at(c+1)
			from, to = max(from, min(near, far)-1), min(to, max(near, far)+2)
		}
		for r := max(0, (from-g.y0)>>g.shift); r <= min(g.rows-1, (to-g.y0)>>g.shift); r++ {
			f(r*g.cols + c)
		}
	}
}

// crossing is where an edge crosses the lower side of a row of cells.
type crossing struct {
	x          float64 // for a first order; what is near is compared exactly
	edge       int32
	west, east int32
}

// corners finds the face at the lower left corner of every cell: along the lower side of each row, from the west, every edge that is
// crossed leads from the face on its one side to that on its other.
func (x *Index) corners(g grid, edges []edge, start func(y int64) int32) ([]int32, error) {
	corner := make([]int32, 0, g.cols*g.rows)
	rows := make([]int32, g.rows+1)
	each := func(f func(i int32, row int64)) {
		for i := range edges {
			low, high := int64(min(edges[i].ay, edges[i].by)), int64(max(edges[i].ay, edges[i].by))
			for r := max(0, (low-g.y0)>>g.shift+1); r <= min(g.rows-1, (high-g.y0)>>g.shift); r++ { // the lower side of row r lies between low and high
				f(int32(i), r)
			}
		}
	}
	each(func(_ int32, r int64) { rows[r+1]++ })
	for r := range g.rows {
		rows[r+1] += rows[r]
	}
	crossings := make([]crossing, rows[g.rows])
	at := slices.Clone(rows)
	each(func(i int32, r int64) {
		crossings[at[r]] = newCrossing(edges, i, g.y0+r<<g.shift)
		at[r]++
	})
	for r := range g.rows {
		row, y := crossings[rows[r]:rows[r+1]], g.y0+r<<g.shift
		slices.SortFunc(row, func(a, b crossing) int {
			if math.Abs(a.x-b.x) > 1 {
				return cmp.Compare(a.x, b.x)
			}
			return compareCrossings(&edges[a.edge], &edges[b.edge], y)
		})
		var err error
		if corner, err = x.walk(corner, g, row, edges, y, start(y)); err != nil {
			return nil, err
		}
	}
	return corner, nil
}

// newCrossing says where edge i crosses the line half a step below y.
func newCrossing(edges []edge, i int32, y int64) crossing {
	e := &edges[i]
	t := (float64(y) - 0.5 - float64(e.ay)) / float64(int64(e.by)-int64(e.ay))
	c := crossing{x: float64(e.ax) + t*float64(int64(e.bx)-int64(e.ax)), edge: i, west: e.left, east: e.right}
	if e.by < e.ay { // it falls: what is above it is on its east
		c.west, c.east = e.right, e.left
	}
	return c
}

// walk goes along the lower side of a row, from the face at its left end, and appends the face at each corner.
func (x *Index) walk(corner []int32, g grid, row []crossing, edges []edge, y int64, face int32) ([]int32, error) {
	next := 0
	for next < len(row) && edges[row[next].edge].side(g.x0, y, 1) <= 0 {
		next++ // before the left end
	}
	for c := range g.cols {
		at := g.x0 + c<<g.shift
		for ; next < len(row) && edges[row[next].edge].side(at, y, 1) <= 0; next++ {
			if row[next].west != face {
				return nil, x.misfit(&edges[row[next].edge], face, row[next].west)
			}
			face = row[next].east
		}
		corner = append(corner, face)
	}
	return corner, nil
}

// misfit says that an edge has another block on its west than what comes before it has on its east.
func (x *Index) misfit(e *edge, face, west int32) error {
	lon, lat := planar.Point{X: e.ax, Y: e.ay}.Degrees()
	return fault.New(fault.Internal,
		fmt.Sprintf("(%.7f, %.7f) 处的地块边界互不衔接：左侧应为地块 %d，记录为 %d", lon, lat, x.places[face].Block, x.places[west].Block),
		fmt.Sprintf("the blocks' borders don't fit together at (%.7f, %.7f): block %d should be on the left, and %d is on record", lon, lat, x.places[face].Block, x.places[west].Block))
}
