package tile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// MostBytes is the largest a tile may be before compression.
const MostBytes = 500_000

// dispensable are the layers whose features may be dropped from a tile that is too large, the first first.
// Grids, divisions and blocks aren't among them: a map with a hole in it would lie.
var dispensable = []string{"walls", "landuse", "buildings", "rail", "facilities", "water", "streets", "population", "incidents"}

// fit drops the least important features until the tile has at most so many bytes, and says what it dropped as
// "buildings=120, streets=3". Within a layer the smallest go first.
func fit(layers []*builder, most int) string {
	total := 0
	for _, b := range layers {
		total += b.size()
	}
	var dropped []string
	for _, name := range dispensable {
		for _, b := range layers {
			if total <= most || b.name != name {
				continue
			}
			before := len(b.features)
			total -= b.shrink(total - most)
			dropped = append(dropped, fmt.Sprintf("%s=%d", name, before-len(b.features)))
		}
	}
	return strings.Join(dropped, ", ")
}

// shrink drops the features of least rank until so many bytes are saved, keeping the order of the rest. It says how many were.
func (b *builder) shrink(excess int) (saved int) {
	order := make([]int, len(b.features))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(b.features[i].rank, b.features[j].rank) })
	uses := make([]int, len(b.valList))
	for _, f := range b.features {
		for _, t := range f.tags {
			uses[t[1]]++
		}
	}
	gone := make([]bool, len(order))
	for _, i := range order {
		if saved >= excess {
			break
		}
		gone[i] = true
		saved += b.features[i].size()
		for _, t := range b.features[i].tags { // a name goes with the last that bears it
			if uses[t[1]]--; uses[t[1]] == 0 {
				saved += valueSize(b.valList[t[1]])
			}
		}
	}
	kept := b.features[:0]
	for i, f := range b.features {
		if !gone[i] {
			kept = append(kept, f)
		}
	}
	b.features = kept
	b.dropValues(uses)
	return saved
}

// dropValues takes away the values that are used no more, and numbers the others anew.
func (b *builder) dropValues(uses []int) {
	place := make([]uint64, len(b.valList))
	kept := b.valList[:0]
	for i, v := range b.valList {
		if uses[i] > 0 {
			place[i] = uint64(len(kept))
			b.values[v] = place[i]
			kept = append(kept, v)
		} else {
			delete(b.values, v)
		}
	}
	b.valList = kept
	for i := range b.features {
		for k := range b.features[i].tags {
			t := &b.features[i].tags[k]
			t[1] = place[t[1]]
		}
	}
}
