package drawing

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestPiecesAreTheGround: at every level the pieces are connected sets of blocks that hold all that their blocks hold, with the
// borders that their blocks have with one another, and none is heavier than it may be unless it is one block.
func TestPiecesAreTheGround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyProblem(t)
		g := newGraph(p)
		b := newBand(600, 0.15)
		for _, q := range p.split(g) {
			q.plan(g, max(1, int32(len(q.mass)/40)), &Weights{Compactness: 1, Open: 0.3})
			of := make([]int32, len(q.mass))
			for i := range of {
				of[i] = int32(i)
			}
			for n, l := range q.levels(b) {
				if n > 0 {
					for i := range of {
						of[i] = l.of[of[i]]
					}
				}
				samePieces(t, q, l.part, of, g, int64(pieceWeight*b.target))
			}
		}
	})
}

func samePieces(t *rapid.T, q, pieces *part, of []int32, g *graph, most int64) {
	sums := make([]mass, len(pieces.mass))
	members := make([][]int32, len(pieces.mass))
	for i := range q.mass {
		sums[of[i]].add(&q.mass[i])
		members[of[i]] = append(members[of[i]], q.blocks[i])
	}
	var want float64
	for i := range q.edges {
		if e := &q.edges[i]; of[e.from] != of[e.to] {
			want += float64(e.cost)
		}
	}
	var have float64
	for i := range pieces.edges {
		have += float64(pieces.edges[i].cost)
		if e := &pieces.edges[i]; pieces.edges[e.back].back != int32(i) || pieces.edges[e.back].to != e.from {
			t.Fatalf("border %d of the pieces has no other side", i)
		}
	}
	if math.Abs(want-have) > 1e-3*(1+want) {
		t.Fatalf("borders between pieces cost %v, those of their blocks %v", have, want)
	}
	for i := range sums {
		if sums[i].w != pieces.mass[i].w || math.Abs(sums[i].a-pieces.mass[i].a) > 1e-6*(1+sums[i].a) {
			t.Fatalf("piece %d has %v, its blocks %v", i, pieces.mass[i], sums[i])
		}
		if len(members[i]) == 0 || !g.connects(members[i]) {
			t.Fatalf("piece %d isn't connected: %v", i, members[i])
		}
		if len(members[i]) > 1 && sums[i].w > most {
			t.Fatalf("piece %d holds %d, more than %d", i, sums[i].w, most)
		}
	}
}
