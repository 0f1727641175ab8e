package ingest

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jingwei/internal/division"
	"jingwei/internal/planar"
)

// drawRing draws a ring of any kind on a coarse grid, so that vertices coincide, edges overlap and rings cross.
func drawRing(t *rapid.T, label string) planar.Ring {
	n := rapid.IntRange(0, 9).Draw(t, label)
	r := make(planar.Ring, n)
	for i := range r {
		r[i] = planar.Point{X: 1_163_000_000 + rapid.Int32Range(0, 6).Draw(t, "x")*10, Y: 400_000_000 + rapid.Int32Range(0, 6).Draw(t, "y")*10}
	}
	if n > 0 && rapid.Bool().Draw(t, "closed") {
		r = append(r, r[0])
	}
	return r
}

// TestMakeArea: whatever rings come in, what comes out is valid, canonical, and comes out again as it is.
func TestMakeArea(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var areas [][]planar.Ring
		for range rapid.IntRange(1, 3).Draw(t, "parts") {
			var rings []planar.Ring
			for range rapid.IntRange(0, 3).Draw(t, "rings") {
				rings = append(rings, drawRing(t, "vertices"))
			}
			areas = append(areas, rings)
		}
		parts, _ := makeArea(areas)
		if len(parts) == 0 {
			return
		}
		mustBeValid(t, parts)
		var again [][]planar.Ring
		for _, p := range parts {
			var rings []planar.Ring
			for _, r := range p {
				rings = append(rings, slices.Clone(r))
			}
			again = append(again, rings)
		}
		second, _ := makeArea(again)
		if string(planar.MultiPolygonEWKB(second)) != string(planar.MultiPolygonEWKB(parts)) {
			t.Fatalf("again it is another: %v, then %v", parts, second)
		}
	})
}

// TestMakeAreaKeepsWhatIsGood: a clean polygon comes out with its own vertices, whichever way and wherever its
// rings begin, and nothing is reported but a turn.
func TestMakeAreaKeepsWhatIsGood(t *testing.T) {
	p := func(x, y int32) planar.Point { return planar.Point{X: 1_163_000_000 + x, Y: 400_000_000 + y} }
	shell := planar.Ring{p(0, 0), p(5, -1), p(10, 0), p(10, 10), p(0, 10)}
	hole := planar.Ring{p(2, 2), p(2, 4), p(4, 4), p(4, 2)}
	want := []planar.Polygon{{shell, hole}}
	rapid.Check(t, func(t *rapid.T) {
		spin := func(r planar.Ring) planar.Ring {
			k := rapid.IntRange(0, len(r)-1).Draw(t, "start")
			out := append(slices.Clone(r[k:]), r[:k]...)
			if rapid.Bool().Draw(t, "turned") {
				out.Reverse()
			}
			return append(out, out[0])
		}
		got, did := makeArea([][]planar.Ring{{spin(shell), spin(hole)}})
		if did&^repairedTurn != 0 || len(got) != 1 || !slices.EqualFunc(got[0], want[0], slices.Equal) {
			t.Fatalf("got %v, %d", got, did)
		}
	})
}

// TestCountyIndex compares the index with a plain test of each edge and vertex.
func TestCountyIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ds []division.Division
		for i := range rapid.IntRange(1, 4).Draw(t, "divisions") {
			parts, _ := makeArea([][]planar.Ring{{drawRing(t, "vertices")}})
			code := division.Code([]string{"110108001", "110108002", "110109001", "110112001"}[i])
			ds = append(ds, division.Division{Code: code, Polygons: parts})
		}
		ix := newCountyIndex(ds)
		line := cleanLine(drawRing(t, "line"))
		if line == nil {
			return
		}
		want := map[int]bool{}
		for _, d := range ds {
			for _, p := range d.Polygons {
				for i := range line {
					if insideOf(line[i], p) || i > 0 && slices.ContainsFunc(p, func(r planar.Ring) bool { return crossesRing(line[i-1], line[i], r) }) {
						want[d.County()] = true
					}
				}
			}
		}
		got := ix.line(line)
		if len(got) != len(want) || slices.ContainsFunc(got, func(c int) bool { return !want[c] }) || !slices.IsSorted(got) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func insideOf(p planar.Point, poly planar.Polygon) bool {
	for i, r := range poly {
		if at := sideOf(p, r); at == 0 {
			return true
		} else if (at > 0) != (i == 0) {
			return false
		}
	}
	return true
}

func crossesRing(a, b planar.Point, r planar.Ring) bool {
	for i := range r {
		if meet(a, b, r[i], r[(i+1)%len(r)]) {
			return true
		}
	}
	return false
}

// TestAreaAroundDivision: an area that holds a whole division touches it, unless the division lies in its hole.
func TestAreaAroundDivision(t *testing.T) {
	sq := func(x, w int32) planar.Ring {
		p := func(dx, dy int32) planar.Point {
			return planar.Point{X: 1_163_000_000 + x + dx, Y: 400_000_000 + x + dy}
		}
		return planar.Ring{p(0, 0), p(w, 0), p(w, w), p(0, w)}
	}
	ix := newCountyIndex([]division.Division{{Code: "110108001", Polygons: []planar.Polygon{{sq(40, 10)}}}})
	if got := ix.area([]planar.Polygon{{sq(0, 100)}}); !slices.Equal(got, []int{110108}) {
		t.Errorf("around it: %v", got)
	}
	hole := sq(30, 40)
	hole.Reverse()
	if got := ix.area([]planar.Polygon{{sq(0, 100), hole}}); got != nil {
		t.Errorf("with a hole round it: %v", got)
	}
	if got := ix.area([]planar.Polygon{{sq(43, 2)}}); !slices.Equal(got, []int{110108}) {
		t.Errorf("within it: %v", got)
	}
}
