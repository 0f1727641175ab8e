package gridnet

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// codeLength is the length of a grid's code: community and sequence.
const codeLength = 15

// isCode says whether a code can be a grid's here: fifteen digits.
func isCode(code string) bool {
	return len(code) == codeLength && code[0] != '0' && strings.Trim(code, "0123456789") == ""
}

// together is the polygon that stands for one of several that are one grid.
func (w *work) together(p int32) int32 {
	if first, joined := w.joined[p]; joined {
		return first
	}
	return p
}

// held is what of the ground each polygon holds.
func (w *work) held() []vote {
	out := make([]vote, len(w.net.Polygons))
	for i := range w.ballots {
		for _, v := range w.ballots[i].votes {
			if v.polygon >= 0 {
				out[v.polygon].people += v.people
				out[v.polygon].area += v.area
			}
		}
	}
	return out
}

// sameCodes finds codes that several polygons bear, and asks which one keeps it. Until somebody has decided it is the one that holds most people.
func (w *work) sameCodes() {
	w.joined, w.keeps = make(map[int32]int32), make(map[string]int32)
	bearers := make(map[string][]int32)
	held := w.held()
	for i, p := range w.net.Polygons {
		if p.Code != "" && held[i].area > 0 {
			bearers[p.Code] = append(bearers[p.Code], int32(i))
		}
	}
	for _, code := range slices.Sorted(maps.Keys(bearers)) {
		all := bearers[code]
		slices.SortStableFunc(all, func(p, q int32) int {
			return cmp.Or(cmp.Compare(whole(held[q].people), whole(held[p].people)), cmp.Compare(whole(held[q].area), whole(held[p].area)), cmp.Compare(p, q))
		})
		w.keeps[code] = all[0]
		if len(all) > 1 {
			w.sameCode(code, all, held)
		}
	}
}

func (w *work) sameCode(code string, bearers []int32, held []vote) {
	f := Flaw{Kind: SameCode, What: wordsSameCode(code, len(bearers)), Pieces: len(bearers)}
	d := Decision{Ask: AskCode, Code: code, Blocks: []int64{}, What: f.What}
	box := nothing()
	var people float64
	for _, p := range bearers {
		f.Polygons = append(f.Polygons, int(p))
		f.AreaM2 += held[p].area
		people += held[p].people
		for _, part := range w.net.Polygons[p].Parts {
			box.add(part[0]...)
		}
		d.Candidates = append(d.Candidates, w.candidate(p, int(held[p].people+.5), held[p].area, 0, 0))
	}
	f.Residents, f.Bounds = int(people+.5), box.degrees()
	for i := range d.Candidates {
		if people > 0 {
			d.Candidates[i].Share = held[bearers[i]].people / people
		}
	}
	d.Residents, d.AreaM2, d.Bounds = f.Residents, f.AreaM2, f.Bounds
	d.Candidates = append(d.Candidates, Candidate{Polygon: Together, Code: code, Residents: f.Residents, AreaM2: f.AreaM2, Share: 1})
	keeper, said := w.answers.Codes[code]
	switch {
	case said && keeper == Together:
		for _, p := range bearers[1:] {
			w.joined[p] = bearers[0]
		}
		f.Done = Words{"按决定合为一个网格", "they are one grid, as decided"}
	case said:
		w.keeps[code] = int32(keeper)
		f.Done = Words{"按决定只由其中一个保留，其余另行编码", "one of them keeps it, as decided; the others get new codes"}
	default:
		f.Decisions = []int{len(w.result.Decisions)}
		f.Done = Words{"暂由人口最多的保留，其余另行编码，待决定", "for now the one with most people keeps it, and the others get new codes"}
		w.ask(d)
	}
	w.flaw(f)
}

// grids makes the grids of the result, and gives them the codes that they may keep.
func (w *work) grids() {
	lies := make(map[int32][]int) // polygon → the communities in which it has a grid
	grid := make([]int32, len(w.label))
	for c, blocks := range w.members {
		place := make(map[int32]int32)
		for _, l := range slices.Sorted(maps.Keys(labelsOf(w.label, blocks))) {
			place[l] = int32(len(w.result.Grids))
			g := MadeGrid{Polygon: OwnGrid, Community: w.ground.Communities[c].Code}
			if int(l) < len(w.net.Polygons) {
				p := &w.net.Polygons[l]
				g.Polygon, g.Name, g.Special = int(l), p.Name, p.Special
				lies[l] = append(lies[l], c)
			}
			w.result.Grids = append(w.result.Grids, g)
		}
		for _, b := range blocks {
			if w.label[b] < 0 {
				continue
			}
			grid[b] = place[w.label[b]]
			g := &w.result.Grids[grid[b]]
			g.Blocks++
			g.Residents += w.ground.Blocks[b].Residents
			g.AreaM2 += w.ground.Blocks[b].AreaM2
		}
	}
	for b, block := range w.ground.Blocks {
		if w.label[b] >= 0 {
			w.result.Assigned = append(w.result.Assigned, Assigned{block.ID, grid[b]})
		}
	}
	for i := range w.result.Grids {
		g := &w.result.Grids[i]
		if g.Polygon < 0 {
			continue
		}
		if code := w.net.Polygons[g.Polygon].Code; w.mayKeep(code, g) {
			g.Code = code
		}
	}
	w.judgeCodes(lies)
}

func labelsOf(label []int32, blocks []int32) map[int32]bool {
	out := make(map[int32]bool)
	for _, b := range blocks {
		if label[b] >= 0 {
			out[label[b]] = true
		}
	}
	return out
}

func (w *work) mayKeep(code string, g *MadeGrid) bool {
	return isCode(code) && strings.HasPrefix(code, g.Community) && !w.ground.Gone[code] && w.together(w.keeps[code]) == int32(g.Polygon)
}

// judgeCodes reports polygons whose code can't stay, that lie in several communities, or that no block goes to.
func (w *work) judgeCodes(lies map[int32][]int) {
	var nameless, odd []int
	held := w.held()
	for i := range w.net.Polygons {
		p, communities := &w.net.Polygons[i], lies[int32(i)]
		switch {
		case held[i].area == 0:
			continue // a stray one
		case p.Code == "":
			nameless = append(nameless, i)
		case !isCode(p.Code):
			odd = append(odd, i)
		case w.ground.Gone[p.Code]:
			w.flaw(w.flawOf(i, UsedCode, held[i], wordsUsed(p.Code), Words{"另行编码", "it gets a new one"}))
		case len(communities) > 0 && !slices.ContainsFunc(communities, func(c int) bool { return strings.HasPrefix(p.Code, w.ground.Communities[c].Code) }):
			w.flaw(w.flawOf(i, Foreign, held[i], wordsForeign(p.Code, w.ground.Communities[communities[0]]), Words{"按所在社区另行编码", "it gets a new one of the community it lies in"}))
		}
		if len(communities) > 1 {
			f := w.flawOf(i, Across, held[i], wordsAcross(w.nameOf(int32(i)), len(communities)), wordsAcrossDone(len(communities)))
			f.Communities = nil
			for _, c := range communities {
				f.Communities = append(f.Communities, w.ground.Communities[c].Code)
			}
			w.flaw(f)
		}
		if _, joined := w.joined[int32(i)]; len(communities) == 0 && !joined {
			w.flaw(w.flawOf(i, NoBlock, held[i], wordsNoBlock(w.nameOf(int32(i))), Words{"不成为网格", "no grid comes of it"}))
		}
	}
	w.badCodes(nameless, wordsNoCode(len(nameless)))
	w.badCodes(odd, wordsOddCode(len(odd)))
}

func (w *work) badCodes(polygons []int, what Words) {
	if len(polygons) == 0 {
		return
	}
	box := nothing()
	for _, i := range polygons {
		for _, part := range w.net.Polygons[i].Parts {
			box.add(part[0]...)
		}
	}
	w.flaw(Flaw{Kind: BadCode, Polygons: polygons, Pieces: len(polygons), Bounds: box.degrees(), What: what,
		Done: Words{"发布时按社区编码", "they get codes of their communities when they are published"}})
}

func (w *work) flawOf(polygon int, kind Kind, held vote, what, done Words) Flaw {
	return Flaw{Kind: kind, Polygons: []int{polygon}, AreaM2: held.area, Residents: int(held.people + .5), Pieces: 1,
		Bounds: extentOf(w.net.Polygons[polygon].Parts).degrees(), What: what, Done: done}
}
