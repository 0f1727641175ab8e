package draft

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"jingwei/internal/ground"
)

// mostStreets are named one by one; the longest come first.
const mostStreets = 100

// stretch is what of a street lies in one patch of ground that is in no grid.
type stretch struct {
	name      string // "" for one without a name
	community int64
	metres    float64
	blocks    []int32 // on either side of it
}

// streetsNowhere are streets with ground on both sides that is in no grid: who works along one of them? A street with a grid on one side lies in that
// one. Where a community has no grid yet there is nothing to be said of its streets one by one.
func (d *desk) streetsNowhere() (out []Problem) {
	for _, s := range d.stretches() {
		called := Text{s.name, s.name}
		if s.name == "" {
			called = Text{"一段无名道路", "a street without a name"}
		}
		text := say("%s有 %d 米不在任何网格中", "%[2]d m of %[1]s are in no grid", called, int(math.Round(s.metres)))
		if cross := slices.DeleteFunc(d.streetsAlong(s.blocks), func(name string) bool { return name == s.name }); len(cross) >= 2 {
			text = say("%s（%s与%s之间）有 %d 米不在任何网格中", "%[4]d m of %[1]s, between %[2]s and %[3]s, are in no grid", called, cross[0], cross[1], int(math.Round(s.metres)))
		}
		out = append(out, Problem{ID: fmt.Sprintf("street:%d:%s", d.blocks[slices.Min(s.blocks)].key, s.name), Kind: "street", Community: communityCode(s.community),
			Text: d.at(s.community, text), Bounds: d.bounds(s.blocks), Blocks: d.blockKeys(s.blocks), Weight: 1000 + int(s.metres), Fixable: true, Forbids: true})
	}
	return out
}

// stretches are the streets of the patches that are in no grid, the longest first.
func (d *desk) stretches() []*stretch {
	patch := d.patches()
	type place struct {
		patch int32
		name  string
	}
	found := make(map[place]*stretch)
	beside := make(map[place]map[int32]bool)
	for _, e := range d.borders {
		if e.b < 0 || d.grid[e.a] != Nowhere || d.grid[e.b] != Nowhere || !street(e.barrier) {
			continue
		}
		first, known := patch[e.a]
		if other, same := patch[e.b]; !known || !same || other != first {
			continue // a community without grids, or the border between two of them
		}
		at := place{first, e.name}
		if found[at] == nil {
			found[at], beside[at] = &stretch{name: e.name, community: d.blocks[e.a].community}, make(map[int32]bool)
		}
		found[at].metres += e.length
		beside[at][e.a], beside[at][e.b] = true, true
	}
	var out []*stretch
	for at, s := range found {
		if s.metres < 1 {
			continue
		}
		for i := range beside[at] {
			s.blocks = append(s.blocks, i)
		}
		slices.Sort(s.blocks)
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *stretch) int {
		return cmp.Or(cmp.Compare(b.metres, a.metres), cmp.Compare(a.blocks[0], b.blocks[0]), cmp.Compare(a.name, b.name))
	})
	return out[:min(len(out), mostStreets)]
}

// patches gives each block that is in no grid the first block of what it hangs together with, in communities that have grids.
func (d *desk) patches() map[int32]int32 {
	drawn := make(map[int64]bool)
	loose := make(map[int64][]int32)
	for i, k := range d.grid {
		switch c := d.blocks[i].community; k {
		case Gone:
		case Nowhere:
			loose[c] = append(loose[c], int32(i))
		default:
			drawn[c] = true
		}
	}
	out := make(map[int32]int32)
	for c, blocks := range loose {
		if !drawn[c] {
			continue
		}
		for _, patch := range d.connected(blocks) {
			first := slices.Min(patch)
			for _, i := range patch {
				out[i] = first
			}
		}
	}
	return out
}

// street says whether what runs along a border is one that people go along.
func street(b ground.Barrier) bool {
	return b == ground.Path || b == ground.Street || b == ground.MainRoad
}
