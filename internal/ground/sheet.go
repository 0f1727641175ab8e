package ground

import (
	"fmt"

	"jingwei/internal/planar"
)

// Sheet is the live ground of one community as the arcs between its blocks, on which blocks can be cut. It holds block keys: the
// ids of blocks that stand, and whatever its caller gives to the pieces of a cut.
type Sheet struct {
	cover *planar.Coverage
	key   []int64  // face → block, 0 for ground that isn't of the community
	rows  []Border // what an arc's Mark − 1 says of it; Mark 0 is a line of a cut
	plane plane
}

// SheetArc is a stretch of border in a sheet. Left and Right are blocks of the community, 0 for anything else.
type SheetArc struct {
	Left, Right int64
	Beyond      int64 // the standing block of another community there, where one side is 0
	Barrier     Barrier
	Name        string
	Points      []planar.Point
}

// NewSheet lays out the live blocks of a community. live may hold others, too.
//
// An error says that the recorded borders don't enclose the blocks, which the database's own check rules out.
func NewSheet(live *Live, community int64) (*Sheet, error) {
	s := &Sheet{}
	left := make(map[[2]planar.Point]int64) // directed edge → the block on its left
	mine := func(block int32) int64 {
		if block < 0 || live.Blocks[block].Community != community {
			return 0
		}
		return live.IDs[block]
	}
	var edges []planar.Edge
	for _, row := range live.Borders {
		a, b := mine(row.A), mine(row.B)
		if a == 0 && b == 0 {
			continue
		}
		if row.B >= 0 && b == 0 {
			row.Standing = live.IDs[row.B]
		}
		if a == 0 { // the community's block is on the left of every row
			row.Points, row.Standing = backwards(row.Points), live.IDs[row.A]
			a, b = b, 0
		}
		s.rows = append(s.rows, row)
		for i := 1; i < len(row.Points); i++ {
			p, q := row.Points[i-1], row.Points[i]
			left[[2]planar.Point{p, q}], left[[2]planar.Point{q, p}] = a, b
			edges = append(edges, planar.Edge{A: p, B: q, Mark: uint32(len(s.rows))})
		}
	}
	cover, err := planar.Polygonise(edges)
	if err != nil {
		return nil, err
	}
	if len(cover.Dangles)+len(cover.Bridges) > 0 {
		return nil, fmt.Errorf("ground: %d borders of community %012d enclose nothing", len(cover.Dangles)+len(cover.Bridges), community)
	}
	s.cover, s.key = cover, make([]int64, len(cover.Faces))
	for i := range cover.Arcs {
		arc := &cover.Arcs[i]
		p, q := arc.Points[0], arc.Points[1]
		for face, block := range map[int32]int64{arc.Left: left[[2]planar.Point{p, q}], arc.Right: left[[2]planar.Point{q, p}]} {
			if face >= 0 {
				s.key[face] = block
			}
		}
	}
	var all []planar.Polygon
	for _, b := range live.Blocks {
		if b.Community == community {
			all = append(all, b.Polygon)
			break // the plane's zone is that of the community's first block, as when it was loaded
		}
	}
	s.plane = planeOf(all)
	return s, nil
}

// Piece is what a cut made of a block.
type Piece struct {
	Key     int64
	Inside  planar.Point // a point of it, by which it is known when the same cut is made again
	Polygon planar.Polygon
	Shape   Shape
}

// Cut divides a block along a line and gives the new sheet and the pieces, which bear the keys that name gives by their order. The sheet
// itself stays as it is.
//
// Errors: those of planar.Coverage.Cut.
func (s *Sheet) Cut(block int64, line []planar.Point, name func(i int) int64) (*Sheet, []Piece, error) {
	face := s.face(block)
	if face < 0 {
		return nil, nil, fmt.Errorf("ground: block %d isn't on the sheet", block)
	}
	cover, became, err := s.cover.Cut(face, line)
	if err != nil {
		return nil, nil, err
	}
	cut := &Sheet{cover: cover, key: make([]int64, len(cover.Faces)), rows: s.rows, plane: s.plane}
	copy(cut.key, s.key)
	pieces := make([]Piece, len(became))
	for i, f := range became {
		cut.key[f] = name(i)
		if pieces[i], err = cut.piece(f); err != nil {
			return nil, nil, err
		}
	}
	return cut, pieces, nil
}

// Again makes a cut that was made before: its pieces are known by points that lie in them. An error says that they aren't found again, as
// the ground is another by now.
func (s *Sheet) Again(block int64, line []planar.Point, inside map[int64]planar.Point) (*Sheet, []Piece, error) {
	cut, pieces, err := s.Cut(block, line, func(i int) int64 { return 0 })
	if err != nil {
		return nil, nil, err
	}
	if len(pieces) != len(inside) {
		return nil, nil, fmt.Errorf("ground: block %d is cut into %d pieces, and was into %d", block, len(pieces), len(inside))
	}
	for key, at := range inside {
		found := false
		for i := range pieces {
			if pieces[i].Key == 0 && planar.Contains([]planar.Polygon{pieces[i].Polygon}, at) {
				pieces[i].Key, pieces[i].Inside, found = key, at, true
				break
			}
		}
		if !found {
			return nil, nil, fmt.Errorf("ground: a piece of block %d isn't where it was", block)
		}
	}
	for f := range cut.key { // the pieces' faces, by their points
		if cut.key[f] != 0 || f < len(s.key) && s.key[f] != block {
			continue
		}
		for _, p := range pieces {
			if parts := cut.cover.Polygons(int32(f)); len(parts) > 0 && planar.Contains(parts, p.Inside) {
				cut.key[f] = p.Key
			}
		}
	}
	return cut, pieces, nil
}

func (s *Sheet) face(block int64) int32 {
	for f, key := range s.key {
		if key == block {
			return int32(f)
		}
	}
	return -1
}

func (s *Sheet) piece(face int32) (Piece, error) {
	parts := s.cover.Polygons(face)
	if len(parts) != 1 {
		return Piece{}, fmt.Errorf("ground: a piece of a block came out in %d parts", len(parts))
	}
	inside, ok := s.cover.InteriorPoint(face)
	if !ok {
		return Piece{}, planar.ErrCutTooClose
	}
	return Piece{s.key[face], inside, parts[0], s.plane.shape(parts[0])}, nil
}

// Polygon is the ground of a block as the sheet has it: with the vertices that cuts beside it put in.
func (s *Sheet) Polygon(block int64) planar.Polygon {
	if face := s.face(block); face >= 0 {
		return s.cover.Polygons(face)[0]
	}
	return nil
}

// Arcs are all borders.
func (s *Sheet) Arcs() []SheetArc {
	out := make([]SheetArc, 0, len(s.cover.Arcs))
	for i := range s.cover.Arcs {
		arc := &s.cover.Arcs[i]
		a := SheetArc{Left: s.at(arc.Left), Right: s.at(arc.Right), Points: arc.Points}
		if a.Left == 0 {
			a.Left, a.Right, a.Points = a.Right, 0, backwards(arc.Points)
		}
		if arc.Mark > 0 {
			row := &s.rows[arc.Mark-1]
			a.Barrier, a.Name = row.Barrier, row.Name
			if a.Right == 0 {
				a.Beyond = row.Standing
			}
		}
		out = append(out, a)
	}
	return out
}

func (s *Sheet) at(face int32) int64 {
	if face < 0 {
		return 0
	}
	return s.key[face]
}

// Length is how long a line is, in metres.
func (s *Sheet) Length(points []planar.Point) float64 { return s.plane.length(points) }
