package ground

import (
	"cmp"
	"context"
	"math"
	"slices"

	"jingwei/internal/planar"
)

// cutBuilding cuts a building across its long axis into parts that hold well below s.Upper people each: by
// its entrances where their positions are known, otherwise into slices of the same length. The people go by
// entrance, otherwise by area, and add up exactly.
func cutBuilding(ctx context.Context, at int, b *Building, people int, source string, s Settings) ([]unit, error) {
	axis := longAxis(b.Polygons)
	for tries, n := 0, sliceCount(people, axis, s); ; tries, n = tries+1, n*2 {
		stations := b.stations(axis, n)
		units, err := slice(ctx, at, b, axis, stations, s)
		if err != nil {
			return nil, err
		}
		weights := make([]int64, len(units))
		for i := range units {
			weights[i] = units[i].area2
		}
		counts := b.countByEntrance(axis, stations, units, weights, people)
		most := 0
		for i := range units {
			units[i].people, units[i].source = counts[i], source
			most = max(most, counts[i])
		}
		if most <= s.Upper || tries == 6 {
			return units, nil
		}
		if len(b.Entrances) > 1 {
			b = &Building{Polygons: b.Polygons} // its entrances don't divide it enough: by length, then
		}
	}
}

// sliceCount is how many slices a building is cut into: one for every s.PartPeople, but none shorter than
// s.PartLength unless it would hold more than half a grid.
func sliceCount(people int, axis longSide, s Settings) int {
	wanted := int(math.Ceil(float64(people) / float64(s.PartPeople)))
	fit := int(axis.length() * metresPerStep / s.PartLength)
	least := int(math.Ceil(2 * float64(people) / float64(s.Upper)))
	return max(2, least, min(wanted, fit))
}

// longSide is the direction in which a building is longest, with where the building begins and ends along it.
type longSide struct {
	frame    frame
	along    spot // of length 1
	from, to float64
	low, top float64 // where it begins and ends across
}

func (a longSide) length() float64 { return a.to - a.from }

func (a longSide) station(p planar.Point) float64 { return a.frame.flat(p).dot(a.along) }

// longAxis is the long side of the narrowest rectangle around a building that has one of its walls as a side.
func longAxis(parts []planar.Polygon) longSide {
	f := frameAt(parts[0][0][0])
	var spots []spot
	var walls []spot
	for _, part := range parts {
		for i, p := range part[0] {
			a, b := f.flat(p), f.flat(part[0][(i+1)%len(part[0])])
			spots = append(spots, a)
			if d := b.minus(a); d.length() > 0 {
				walls = append(walls, spot{d.x / d.length(), d.y / d.length()})
			}
		}
	}
	best, bestArea := longSide{}, math.Inf(1)
	for _, w := range walls {
		across := spot{-w.y, w.x}
		from, to := extentAlong(spots, w)
		low, top := extentAlong(spots, across)
		if area := (to - from) * (top - low); area < bestArea*(1-1e-9) {
			bestArea = area
			if to-from >= top-low {
				best = longSide{f, w, from, to, low, top}
			} else {
				best = longSide{f, across, low, top, -to, -from}
			}
		}
	}
	return best
}

func extentAlong(spots []spot, way spot) (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for _, s := range spots {
		d := s.dot(way)
		from, to = min(from, d), max(to, d)
	}
	return from, to
}

// stations gives where along the axis a building is cut: halfway between neighbouring entrances, or n
// slices of the same length when there are fewer than two entrances.
func (b *Building) stations(axis longSide, n int) []float64 {
	var cuts []float64
	if len(b.Entrances) >= 2 {
		doors := make([]float64, len(b.Entrances))
		for i, e := range b.Entrances {
			doors[i] = axis.station(e.At)
		}
		slices.Sort(doors)
		for i := 1; i < len(doors); i++ {
			if doors[i]-doors[i-1] > 3/metresPerStep { // two doors of one stair aren't two entrances
				cuts = append(cuts, (doors[i]+doors[i-1])/2)
			}
		}
		if len(cuts) > 0 {
			return cuts
		}
	}
	for i := 1; i < n; i++ {
		cuts = append(cuts, axis.from+axis.length()*float64(i)/float64(n))
	}
	return cuts
}

// slice cuts a building at the stations. A slice that falls apart (a U has two legs) makes several units;
// pieces smaller than a sliver stay with a neighbour.
func slice(ctx context.Context, at int, b *Building, axis longSide, stations []float64, s Settings) ([]unit, error) {
	lines := planar.Lines(b.Polygons, markOutline, -1)
	across := spot{-axis.along.y, axis.along.x}
	margin := 200.0
	for i, st := range stations {
		on := spot{axis.along.x * st, axis.along.y * st}
		end := func(d float64) planar.Point {
			return axis.frame.out(spot{on.x + across.x*d, on.y + across.y*d})
		}
		lines = append(lines, planar.Line{
			Points: []planar.Point{end(axis.low - margin), end(axis.top + margin)},
			Mark:   markCut, Source: int32(i),
		})
	}
	edges, err := planar.Node(ctx, lines)
	if err != nil {
		return nil, err
	}
	cov, err := planar.Polygonise(edges)
	if err != nil {
		return nil, err
	}
	within, _ := insideOf(cov, markOutline)
	r := newRegions(cov, within, metresPerStep*metresPerStep*axis.frame.cos, func(a *planar.Arc) float64 { return axis.frame.lengthOf(a.Points) * metresPerStep })
	r.dissolveSmall(s.SliverArea)
	label, count := r.labels()
	for i := range cov.Arcs {
		cov.Arcs[i].Source = -1
	}
	pieces := cov.Dissolve(label)
	units := make([]unit, count)
	for i := range units {
		units[i] = unit{building: at, polygons: pieces.Polygons(int32(i))}.measured()
	}
	for i := range pieces.Arcs {
		a := &pieces.Arcs[i]
		if a.Mark&markOutline == 0 {
			continue
		}
		for _, f := range [2]int32{a.Left, a.Right} {
			if f >= 0 {
				units[f].outline = append(units[f].outline, shorter(a.Points))
			}
		}
	}
	slices.SortStableFunc(units, func(a, b unit) int {
		return cmp.Compare(axis.station(a.polygons[0][0][0]), axis.station(b.polygons[0][0][0]))
	})
	return units, nil
}

// shorter takes a step off both ends of an open line, so that the outlines of two parts of one building
// don't meet in a point that could belong to either.
func shorter(line []planar.Point) []planar.Point {
	n := len(line)
	if line[0] == line[n-1] {
		return line
	}
	const back = 4 // steps
	out := slices.Clone(line)
	out[0] = towards(line[0], line[1], back)
	out[n-1] = towards(line[n-1], line[n-2], back)
	return out
}

// towards goes a few steps from p towards q, at most a third of the way.
func towards(p, q planar.Point, steps float64) planar.Point {
	dx, dy := float64(q.X-p.X), float64(q.Y-p.Y)
	t := min(steps/max(math.Hypot(dx, dy), 1), 1.0/3)
	return planar.Point{X: p.X + int32(math.Round(dx*t)), Y: p.Y + int32(math.Round(dy*t))}
}

// lengthOf is the length of a line in the frame, in steps.
func (f frame) lengthOf(line []planar.Point) float64 {
	sum := 0.0
	for i := 1; i < len(line); i++ {
		sum += f.flat(line[i]).minus(f.flat(line[i-1])).length()
	}
	return sum
}

// countByEntrance divides a building's people among its parts: those behind an entrance go to the parts
// between the same two cuts, the same number behind each entrance when the source doesn't say; without
// entrances by area alone.
func (b *Building) countByEntrance(axis longSide, stations []float64, units []unit, areas []int64, people int) []int {
	if len(b.Entrances) < 2 {
		return apportion(people, areas)
	}
	perSlice := make([]int64, len(stations)+1)
	for _, e := range b.Entrances {
		n := int64(1)
		if b.entrancesCounted() {
			n = int64(e.People)
		}
		i, _ := slices.BinarySearch(stations, axis.station(e.At))
		perSlice[i] += n
	}
	sliceOf := make([]int, len(units))
	areaOf := make([]int64, len(perSlice))
	for i := range units {
		middle := axis.middleOf(units[i])
		sliceOf[i], _ = slices.BinarySearch(stations, middle)
		areaOf[sliceOf[i]] += areas[i]
	}
	for i, area := range areaOf {
		if area == 0 {
			perSlice[i] = 0
		}
	}
	if sumOf(perSlice) == 0 {
		return apportion(people, areas)
	}
	counts := make([]int, len(units))
	for i, n := range apportion(people, perSlice) {
		weights := make([]int64, len(units))
		for j := range units {
			if sliceOf[j] == i {
				weights[j] = areas[j]
			}
		}
		for j, m := range apportion(n, weights) {
			counts[j] += m
		}
	}
	return counts
}

// entrancesCounted says whether the people behind every entrance are known, and there are any.
func (b *Building) entrancesCounted() bool {
	sum := 0
	for _, e := range b.Entrances {
		if e.People < 0 {
			return false
		}
		sum += e.People
	}
	return sum > 0
}

// middleOf is the middle of a part along the axis.
func (a longSide) middleOf(u unit) float64 {
	from, to := math.Inf(1), math.Inf(-1)
	for _, p := range u.polygons {
		for _, v := range p[0] {
			s := a.station(v)
			from, to = min(from, s), max(to, s)
		}
	}
	return (from + to) / 2
}

func sumOf(ns []int64) int64 {
	var sum int64
	for _, n := range ns {
		sum += n
	}
	return sum
}
