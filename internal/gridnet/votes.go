package gridnet

import (
	"cmp"
	"context"
	"math"
	"slices"

	"jingwei/internal/planar"
)

// vote is what of a block lies in one polygon.
type vote struct {
	polygon int32 // −1: in none
	people  float64
	area    float64 // m²
}

// ballot is how a block lies to the polygons, the best first.
type ballot struct {
	votes []vote
	total vote
}

// best is the polygon that holds most of the block, and its share; −1 when none holds any of it.
func (b *ballot) best() (polygon int32, share float64) {
	for _, v := range b.votes {
		if v.polygon >= 0 {
			return v.polygon, b.share(v)
		}
	}
	return -1, 0
}

// share of the people, or of the ground where nobody lives.
func (b *ballot) share(v vote) float64 {
	if b.total.people > 0 {
		return v.people / b.total.people
	}
	return v.area / max(b.total.area, 1e-9)
}

// clear says whether nobody has to be asked.
func (b *ballot) clear(residents int) bool {
	_, share := b.best()
	return residents <= handful || share >= clearShare-1e-9
}

// count lets the blocks of one community vote: first by ground, and those that aren't wholly in one polygon by their homes.
func (w *work) count(ctx context.Context, blocks []int32, parts [][]planar.Polygon) error {
	box := nothing()
	for _, b := range blocks {
		box.add(w.ground.Blocks[b].Polygon[0]...)
	}
	var near []int32
	for i, p := range parts {
		if len(p) > 0 && extentOf(p).meets(box) {
			near = append(near, int32(i))
		}
	}
	s := &survey{work: w, blocks: blocks, near: near, parts: parts}
	if err := s.run(ctx, false); err != nil {
		return err
	}
	var contested []int32
	for _, b := range blocks {
		v := w.ballots[b].votes
		if len(v) > 1 && len(w.ground.Blocks[b].Homes) > 0 {
			contested = append(contested, b)
			w.ballots[b], w.doubts[b] = ballot{}, nil
		}
	}
	s.blocks = contested
	if err := s.run(ctx, true); err != nil {
		return err
	}
	for _, b := range blocks {
		w.ballots[b].sort()
	}
	return nil
}

func (b *ballot) sort() {
	slices.SortFunc(b.votes, func(p, q vote) int {
		return cmp.Or(cmp.Compare(whole(q.people), whole(p.people)), cmp.Compare(whole(q.area), whole(p.area)), cmp.Compare(p.polygon, q.polygon))
	})
}

// whole makes a sum comparable: what differs in the last bits alone is the same.
func whole(x float64) int64 { return int64(math.Round(x * 1e6)) }

func (b *ballot) add(polygon int32, people, area float64) {
	i := slices.IndexFunc(b.votes, func(v vote) bool { return v.polygon == polygon })
	if i < 0 {
		i = len(b.votes)
		b.votes = append(b.votes, vote{polygon: polygon})
	}
	b.votes[i].people += people
	b.votes[i].area += area
	b.total.people += people
	b.total.area += area
}

// survey lays blocks, polygons and homes over one another.
type survey struct {
	*work
	blocks []int32
	near   []int32 // the polygons that matter
	parts  [][]planar.Polygon

	faces *planar.Coverage
	area  []planar.FaceMeasure
	home  [][2]int32 // home's set → block, place among its homes
}

func (s *survey) run(ctx context.Context, byHomes bool) error {
	if len(s.blocks) == 0 {
		return nil
	}
	var sets [][]planar.Polygon
	for _, b := range s.blocks {
		sets = append(sets, []planar.Polygon{s.ground.Blocks[b].Polygon})
	}
	for _, p := range s.near {
		sets = append(sets, s.parts[p])
	}
	s.home = s.home[:0]
	if byHomes {
		for at, b := range s.blocks {
			for k, h := range s.ground.Blocks[b].Homes {
				sets = append(sets, h.Parts)
				s.home = append(s.home, [2]int32{int32(at), int32(k)})
			}
		}
	}
	faces, covers, err := planar.OverlayFaces(ctx, sets)
	if err != nil {
		return err
	}
	plane := s.plane
	s.faces = faces
	s.area = planar.Measure(faces, func(p planar.Point) (x, y float64) { return plane.Forward(p.Degrees()) }).Faces
	s.spread(covers)
	return nil
}

// spread shares the people of the blocks out over the faces: those of a home over its ground on the block, the rest over the block's.
func (s *survey) spread(covers [][]int32) {
	polygonsFrom, homesFrom := int32(len(s.blocks)), int32(len(s.blocks)+len(s.near))
	on := func(cover []int32, block int32, home [2]int32) bool { return home[0] == block }
	homeArea := make([]float64, len(s.home))
	blockArea := make([]float64, len(s.blocks))
	for f, cover := range covers {
		block := s.blockOf(cover)
		if block < 0 {
			continue
		}
		blockArea[block] += s.area[f].Area
		for _, c := range cover {
			if c >= homesFrom && on(cover, block, s.home[c-homesFrom]) {
				homeArea[c-homesFrom] += s.area[f].Area
			}
		}
	}
	rest := make([]float64, len(s.blocks))
	for i, b := range s.blocks {
		rest[i] = float64(s.ground.Blocks[b].Residents)
	}
	for i, h := range s.home {
		if homeArea[i] > 0 {
			rest[h[0]] -= float64(s.ground.Blocks[s.blocks[h[0]]].Homes[h[1]].Residents)
		}
	}
	for f, cover := range covers {
		block := s.blockOf(cover)
		if block < 0 {
			continue
		}
		area := s.area[f].Area
		people := max(0, rest[block]) * area / max(blockArea[block], 1e-9)
		var polygons []int32
		for _, c := range cover {
			switch {
			case c >= homesFrom:
				if h := s.home[c-homesFrom]; on(cover, block, h) {
					people += float64(s.ground.Blocks[s.blocks[block]].Homes[h[1]].Residents) * area / homeArea[c-homesFrom]
				}
			case c >= polygonsFrom:
				polygons = append(polygons, s.near[c-polygonsFrom])
			}
		}
		s.tell(int32(f), s.blocks[block], polygons, people, area)
	}
}

// blockOf is the block that a face lies on, −1 for none. Blocks come before all other sets and don't overlap.
func (s *survey) blockOf(cover []int32) int32 {
	if len(cover) == 0 || int(cover[0]) >= len(s.blocks) {
		return -1
	}
	return cover[0]
}

// tell counts a face for its block, shared between the polygons that claim it. What is in none or in several is remembered, for the people
// that it holds.
func (s *survey) tell(face, block int32, polygons []int32, people, area float64) {
	b := &s.ballots[block]
	if len(polygons) == 0 {
		b.add(-1, people, area)
	}
	for _, p := range polygons {
		n := float64(len(polygons))
		b.add(p, people/n, area/n)
	}
	if len(polygons) == 1 {
		return
	}
	if at, ok := s.faces.InteriorPoint(face); ok {
		s.doubts[block] = append(s.doubts[block], doubt{at, people})
	}
}

// doubt is a place of a block that is in no polygon or in several, with the people there.
type doubt struct {
	at     planar.Point
	people float64
}
