package gridnet

import (
	"cmp"
	"maps"
	"slices"

	"jingwei/internal/fault"
)

// flaw takes a flaw into the result; lists are never null.
func (w *work) flaw(f Flaw) {
	if f.Polygons == nil {
		f.Polygons = []int{}
	}
	if f.Decisions == nil {
		f.Decisions = []int{}
	}
	if f.Blocks == nil {
		f.Blocks = []int64{}
	}
	if f.Communities == nil {
		f.Communities = []string{}
	}
	f.Codes = []string{}
	for _, p := range f.Polygons {
		f.Codes = append(f.Codes, w.net.Polygons[p].Code)
	}
	w.result.Flaws = append(w.result.Flaws, f)
}

// rank is the order of the report: what matters most comes first.
var rank = []Kind{Overlap, Gap, SameCode, Stray, CutOff, Across, Foreign, UsedCode, BadCode, NoBlock, Mended, Uncovered, Sliver}

// report turns the pieces of ground that are claimed twice or not at all into flaws, and puts all flaws in order.
func (w *work) report() {
	place := make(map[int64]int32, len(w.ground.Blocks))
	for b := range w.ground.Blocks {
		place[w.ground.Blocks[b].ID] = int32(b)
		if w.label[b] < 0 && !w.left[b] {
			continue // a community that is left alone has a flaw of its own
		}
		for _, d := range w.doubts[b] {
			for _, p := range w.fit.piecesAt(d.at) {
				w.fit.pieces[p].residents += d.people
				w.fit.pieces[p].blocks[w.ground.Blocks[b].ID] = true
			}
		}
	}
	left := make(map[int]bool)
	for c := range w.ground.Communities {
		left[c] = slices.Contains(w.result.LeftAlone, w.ground.Communities[c].Code)
	}
	pieces := make([]*piece, 0, len(w.fit.pieces))
	for i := range w.fit.pieces {
		p := &w.fit.pieces[i]
		whole := p.kind == Gap && !slices.ContainsFunc(slices.Collect(maps.Keys(p.communities)), func(c int) bool { return !left[c] })
		if !whole && !(p.kind == Stray && (w.strayed[p.a] || p.thin())) {
			pieces = append(pieces, p)
		}
	}
	slices.SortFunc(pieces, byClaim)
	slivers := make(map[claim]int)
	for _, p := range pieces {
		f := w.flawOfPiece(p, place)
		if !p.thin() {
			w.flaw(f)
			continue
		}
		f.Kind, f.Of = Sliver, f.Kind
		if at, seen := slivers[p.claim]; seen {
			w.result.Flaws[at].take(&f)
			continue
		}
		slivers[p.claim] = len(w.result.Flaws)
		w.flaw(f)
	}
	for i := range w.result.Flaws {
		if f := &w.result.Flaws[i]; f.What == (Words{}) {
			f.What = wordsOfPiece(f, w.nameOf)
		}
	}
	slices.SortStableFunc(w.result.Flaws, func(a, b Flaw) int {
		return cmp.Or(cmp.Compare(slices.Index(rank, a.Kind), slices.Index(rank, b.Kind)), cmp.Compare(b.Residents, a.Residents), cmp.Compare(b.AreaM2, a.AreaM2))
	})
}

func (w *work) areaOf(polygon int) (sum float64) {
	for _, p := range w.fit.parts {
		if int(p.polygon) == polygon {
			sum += p.area
		}
	}
	return sum
}

func (w *work) flawOfPiece(p *piece, place map[int64]int32) Flaw {
	f := Flaw{Kind: p.kind, AreaM2: p.area, Residents: int(p.residents + .5), Pieces: 1, Bounds: p.box.degrees(), Communities: p.codesOf(w.ground),
		Blocks: slices.Sorted(maps.Keys(p.blocks))}
	for _, polygon := range []int32{p.a, p.b} {
		if polygon >= 0 {
			f.Polygons = append(f.Polygons, int(polygon))
		}
	}
	asked := make(map[int]bool)
	went := make(map[int32]int)
	for _, id := range f.Blocks {
		b := place[id]
		if d, open := w.asked[b]; open && w.result.Decisions[d].Ask == AskBlocks {
			asked[d] = true
		}
		went[w.label[b]]++
	}
	f.Decisions = slices.Sorted(maps.Keys(asked))
	f.Done = wordsDone(&f, went, w.nameOf)
	return f
}

// take adds another sliver of the same claim.
func (f *Flaw) take(o *Flaw) {
	f.AreaM2 += o.AreaM2
	f.Residents += o.Residents
	f.Pieces += o.Pieces
	f.Bounds = Bounds{min(f.Bounds[0], o.Bounds[0]), min(f.Bounds[1], o.Bounds[1]), max(f.Bounds[2], o.Bounds[2]), max(f.Bounds[3], o.Bounds[3])}
	f.Blocks = append(f.Blocks, o.Blocks...)
	slices.Sort(f.Blocks)
	f.Blocks = slices.Compact(f.Blocks)
	f.Communities = append(f.Communities, o.Communities...)
	slices.Sort(f.Communities)
	f.Communities = slices.Compact(f.Communities)
	f.Decisions = append(f.Decisions, o.Decisions...)
	slices.Sort(f.Decisions)
	f.Decisions = slices.Compact(f.Decisions)
}

func (w *work) polygonOf(label int32) []int {
	if int(label) < len(w.net.Polygons) {
		return []int{int(label)}
	}
	return nil
}

func (w *work) communityOf(block int32) []string {
	return []string{w.ground.Communities[w.ground.Blocks[block].Community].Code}
}

func (w *work) ids(blocks []int32) (out []int64) {
	for _, b := range blocks {
		out = append(out, w.ground.Blocks[b].ID)
	}
	return out
}

// elsewhere says where a net lies of which nothing lies in the division.
func (w *work) elsewhere() error {
	box, here := nothing(), nothing()
	for _, p := range w.net.Polygons {
		for _, part := range p.Parts {
			box.add(part[0]...)
		}
	}
	for _, c := range w.ground.Communities {
		for _, part := range c.Parts {
			here.add(part[0]...)
		}
	}
	zh, en := wordsElsewhere(len(w.net.Polygons), box.degrees(), here.degrees(), gapBetween(box, here))
	return fault.New(fault.Invalid, zh, en)
}
