package gridnet

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jingwei/internal/planar"
)

// drawTown makes ground of blocks whose corners lie anywhere near those of squares.
func drawTown(t *rapid.T, jitter int32, people int) *town {
	w, h := rapid.Int32Range(2, 6).Draw(t, "columns"), rapid.Int32Range(2, 6).Draw(t, "rows")
	town := &town{columns: w, rows: h}
	moves := make(map[[2]int32]planar.Point)
	town.corner = func(x, y int32) planar.Point {
		if jitter == 0 {
			return at(x*side, y*side)
		}
		p, known := moves[[2]int32{x, y}]
		if !known {
			p = at(x*side+rapid.Int32Range(-jitter, jitter).Draw(t, "dx"), y*side+rapid.Int32Range(-jitter, jitter).Draw(t, "dy"))
			moves[[2]int32{x, y}] = p
		}
		return p
	}
	town.lay(people)
	return town
}

// drawGrids puts the blocks into connected grids, dense from 0.
func drawGrids(t *rapid.T, town *town) []int32 {
	n := len(town.ground.Blocks)
	near := make([][]int32, n)
	for _, e := range town.ground.Borders {
		near[e.A], near[e.B] = append(near[e.A], e.B), append(near[e.B], e.A)
	}
	grid := slices.Repeat([]int32{-1}, n)
	k := rapid.IntRange(1, min(n, 8)).Draw(t, "grids")
	seeds := rapid.Permutation(numbers(n)).Draw(t, "seeds")[:k]
	var front []int32
	for g, s := range seeds {
		grid[s] = int32(g)
		front = append(front, s)
	}
	for len(front) > 0 {
		i := rapid.IntRange(0, len(front)-1).Draw(t, "grow")
		b := front[i]
		free := slices.DeleteFunc(slices.Clone(near[b]), func(o int32) bool { return grid[o] >= 0 })
		if len(free) == 0 {
			front = slices.Delete(front, i, i+1)
			continue
		}
		to := free[rapid.IntRange(0, len(free)-1).Draw(t, "to")]
		grid[to] = grid[b]
		front = append(front, to)
	}
	return grid
}

func numbers(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// A net without a flaw comes back block by block, whatever its shape, and nothing is found fault with.
func TestACleanNetComesBackExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SampledFrom([]int{0, 3, 140}).Draw(t, "people")
		town := drawTown(t, 2500, people)
		for i := range town.ground.Blocks {
			town.ground.Blocks[i].Homes = nil // their houses stand where the squares' would
		}
		grid := drawGrids(t, town)
		net := town.net(grid)
		r, err := Resolve(context.Background(), town.ground, net, Answers{})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Flaws) != 0 || len(r.Decisions) != 0 {
			t.Fatalf("a clean net has flaws %+v and decisions %+v", r.Flaws, r.Decisions)
		}
		for i, g := range went(r) {
			if int32(g) != grid[i] {
				t.Fatalf("block %d went to %d, want %d", i, g, grid[i])
			}
		}
		for _, g := range r.Grids {
			if g.Code != net.Polygons[g.Polygon].Code || g.Name != net.Polygons[g.Polygon].Name {
				t.Fatalf("grid %+v isn't called as in the net", g)
			}
		}
		again, err := Resolve(context.Background(), town.ground, net, Answers{})
		if err != nil || !reflect.DeepEqual(r, again) {
			t.Fatalf("the same net twice: %v", err)
		}
	})
}

// plant is a flaw put into a net on purpose.
type plant struct {
	kind     Kind
	polygons []int
	area     float64
}

// plantFlaws lets grids reach into their neighbours, and takes bites out of them, each in a block of its own.
func plantFlaws(t *rapid.T, town *town, grid []int32, net *Net) (planted []plant) {
	used := make(map[int32]bool)
	for _, i := range rapid.Permutation(numbers(len(town.ground.Borders))).Draw(t, "where") {
		e := town.ground.Borders[i]
		from, into := e.A, e.B
		if rapid.Bool().Draw(t, "other way") {
			from, into = into, from
		}
		if len(planted) == 6 || used[into] {
			continue
		}
		x, y := into%town.columns*side, into/town.columns*side
		if grid[from] == grid[into] || rapid.Bool().Draw(t, "gap") { // a bite out of the middle of the block
			w, h := rapid.Int32Range(800, 4000).Draw(t, "w"), rapid.Int32Range(800, 4000).Draw(t, "h")
			hole := rect(x+3000, y+3000, x+3000+w, y+3000+h)
			p := &net.Polygons[grid[into]]
			p.Parts = without(p.Parts, []planar.Polygon{hole})
			planted = append(planted, plant{Gap, []int{}, squareMetres(hole)})
			used[into] = true
			continue
		}
		depth := rapid.Int32Range(800, 4500).Draw(t, "depth")
		tongue := rect(x+3000, y, x+7000, y+depth) // from the south
		switch into - from {
		case 1: // from the west
			tongue = rect(x, y+3000, x+depth, y+7000)
		case -1: // from the east
			tongue = rect(x+side-depth, y+3000, x+side, y+7000)
		case -town.columns: // from the north
			tongue = rect(x+3000, y+side-depth, x+7000, y+side)
		}
		p := &net.Polygons[grid[from]]
		p.Parts = union(p.Parts, []planar.Polygon{tongue})
		planted = append(planted, plant{Overlap, slices.Sorted(slices.Values([]int{int(grid[from]), int(grid[into])})), squareMetres(tongue)})
		used[into] = true
	}
	return planted
}

// Planted overlaps and gaps are found, each with its polygons and its area, and nothing else is; every block has a grid all the same.
func TestPlantedFlawsAreListed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		town := drawTown(t, 0, 140)
		grid := drawGrids(t, town)
		net := town.net(grid)
		planted := plantFlaws(t, town, grid, net)
		r, err := Resolve(context.Background(), town.ground, net, Answers{})
		if err != nil {
			t.Fatal(err)
		}
		found := slices.Clone(r.Flaws)
		for _, p := range planted {
			i := slices.IndexFunc(found, func(f Flaw) bool {
				return f.Kind == p.kind && slices.Equal(f.Polygons, p.polygons) && math.Abs(f.AreaM2-p.area) < 1e-4*p.area
			})
			if i < 0 {
				t.Fatalf("%+v isn't among %+v", p, found)
			}
			found = slices.Delete(found, i, i+1)
		}
		if len(found) > 0 {
			t.Fatalf("found besides what was planted: %+v", found)
		}
		if len(r.Assigned) != len(grid) {
			t.Fatalf("%d of %d blocks have a grid", len(r.Assigned), len(grid))
		}
		connected(t, town, r)
		// A bite or a tongue never reaches half of a house: all blocks stay where they were.
		for i, g := range went(r) {
			if int32(g) != grid[i] && len(r.Decisions) == 0 {
				t.Fatalf("block %d went to %d, want %d", i, g, grid[i])
			}
		}
	})
}

// connected checks that every grid is a connected set of blocks.
func connected(t interface{ Fatalf(string, ...any) }, town *town, r *Result) {
	grid := make(map[int64]int32)
	for _, a := range r.Assigned {
		grid[a.Block] = a.Grid
	}
	s := newSets(len(town.ground.Blocks))
	for _, e := range town.ground.Borders {
		if grid[town.ground.Blocks[e.A].ID] == grid[town.ground.Blocks[e.B].ID] {
			s.union(e.A, e.B)
		}
	}
	root := make(map[int32]int32)
	for i, b := range town.ground.Blocks {
		g := grid[b.ID]
		if old, seen := root[g]; seen && old != s.find(int32(i)) {
			t.Fatalf("grid %d is in pieces: %+v", g, r.Assigned)
		}
		root[g] = s.find(int32(i))
	}
}

// Any heap of rectangles makes connected grids of every block, or is refused.
func TestAnyNetMakesConnectedGrids(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		town := drawTown(t, 1500, rapid.SampledFrom([]int{0, 20, 140}).Draw(t, "people"))
		net := &Net{Name: "乱"}
		for range rapid.IntRange(1, 9).Draw(t, "polygons") {
			x, y := rapid.Int32Range(-2*side, 6*side).Draw(t, "x"), rapid.Int32Range(-2*side, 6*side).Draw(t, "y")
			w, h := rapid.Int32Range(500, 4*side).Draw(t, "w"), rapid.Int32Range(500, 4*side).Draw(t, "h")
			code := rapid.SampledFrom([]string{"", "x", community + "001", community + "002", "370883100202001"}).Draw(t, "code")
			net.Polygons = append(net.Polygons, Polygon{Code: code, Feature: "1", Parts: []planar.Polygon{rect(x, y, x+w, y+h)}})
		}
		r, err := Resolve(context.Background(), town.ground, net, Answers{})
		if err != nil {
			return // nothing of it lies in the town
		}
		if len(r.LeftAlone) == 0 && len(r.Assigned) != len(town.ground.Blocks) {
			t.Fatalf("%d of %d blocks have a grid", len(r.Assigned), len(town.ground.Blocks))
		}
		if len(r.Assigned) > 0 {
			connected(t, town, r)
		}
		codes := make(map[string]bool)
		for _, g := range r.Grids {
			if g.Code != "" && codes[g.Code] {
				t.Fatalf("two grids bear %s: %+v", g.Code, r.Grids)
			}
			codes[g.Code] = true
		}
		for _, d := range r.Decisions {
			if len(d.Candidates) == 0 {
				t.Fatalf("a decision without candidates: %+v", d)
			}
		}
	})
}
