package gridnet

import (
	"math"
	"slices"

	"jingwei/internal/planar"
)

// farApart is how far a part of a polygon lies from the others to be taken for a slip of the hand, in m.
const farApart = 100

// stepMetres is about how long a lattice step of latitude is.
const stepMetres = 0.0111

// used are the parts of each polygon that count: those that lie in the division, but for parts far from the rest on ground that others claim.
// What doesn't count is a flaw.
func (w *work) used() [][]planar.Polygon {
	out := make([][]planar.Polygon, len(w.net.Polygons))
	at := 0
	for i, p := range w.net.Polygons {
		parts := w.fit.parts[at : at+len(p.Parts)]
		at += len(p.Parts)
		far := farParts(p.Parts)
		var all, inside float64
		for k := range parts {
			all += parts[k].area
			inside += parts[k].inside
		}
		if inside < min(sliverArea, all/2) || inside < all/1000 { // a small polygon within may be a grid: of one narrow piece of ground
			w.strayed[int32(i)] = true
			w.flaw(Flaw{Kind: Stray, Polygons: []int{i}, AreaM2: all, Pieces: len(p.Parts), Bounds: extentOf(p.Parts).degrees(),
				What: wordsOutside(p, all), Done: Words{"不采用", "it isn't used"}})
			continue
		}
		for k, one := range p.Parts {
			if parts[k].inside < min(sliverArea, parts[k].area/2) {
				continue // the ground outside is reported as such
			}
			if far[k] {
				lost := parts[k].contested >= parts[k].inside/2
				w.flaw(Flaw{Kind: Stray, Polygons: []int{i}, AreaM2: parts[k].area, Pieces: 1, Bounds: extentOf(p.Parts[k : k+1]).degrees(),
					What: wordsFar(p, parts[k].area), Done: wordsFarDone(lost)})
				if lost {
					continue
				}
			}
			out[i] = append(out[i], one)
		}
	}
	return out
}

// farParts says which parts lie far from the group that holds most ground.
func farParts(parts []planar.Polygon) []bool {
	out := make([]bool, len(parts))
	if len(parts) < 2 {
		return out
	}
	groups := newSets(len(parts))
	for i := range parts {
		for j := range i {
			if gapBetween(extentOf(parts[i:i+1]), extentOf(parts[j:j+1])) <= farApart {
				groups.union(int32(i), int32(j))
			}
		}
	}
	area := make([]int64, len(parts))
	for i, p := range parts {
		for _, ring := range p {
			area[groups.find(int32(i))] += ring.Area2()
		}
	}
	main := int32(slices.Index(area, slices.Max(area)))
	for i := range parts {
		out[i] = groups.find(int32(i)) != main
	}
	return out
}

// gapBetween is about how far two boxes lie apart, in m.
func gapBetween(a, b extent) float64 {
	dx := max(0, int64(a.low.X)-int64(b.high.X), int64(b.low.X)-int64(a.high.X))
	dy := max(0, int64(a.low.Y)-int64(b.high.Y), int64(b.low.Y)-int64(a.high.Y))
	lat := float64(a.low.Y) / planar.Scale * math.Pi / 180
	return stepMetres * math.Hypot(float64(dx)*math.Cos(lat), float64(dy))
}
