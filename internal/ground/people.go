package ground

import (
	"math"
	"math/bits"
	"slices"
	"strings"

	"jingwei/internal/planar"
)

// Where a count of people comes from.
const (
	Known    = "known"    // from a register, by building or entrance
	Estimate = "estimate" // a division's total spread over its dwellings
	None     = "none"     // nobody is counted here
)

// assumedLevels is how many storeys a dwelling of some use has where the source doesn't say: what is
// usual in a Chinese town. A use that isn't listed is no dwelling.
var assumedLevels = map[string]float64{
	"residential": 6, "apartments": 6, "dormitory": 6,
	"terrace": 2, "house": 2, "detached": 2, "semidetached_house": 2, "villa": 2, "farm": 2,
	"bungalow": 1, "cabin": 1, "hut": 1, "siheyuan": 1,
}

// assumedAny is for a territory in which no building is known to be a dwelling.
const assumedAny = 2

// Dwells says whether people live in a building of this use.
func Dwells(use string) bool { return assumedLevels[strings.ToLower(use)] > 0 }

// knownPeople is how many the source counts in the building, or −1: the building's own number, and without one what
// its entrances add up to. A building that says nobody where its entrances count somebody is taken as silent.
func (b *Building) knownPeople() int {
	behind, counted := b.behindEntrances()
	if b.People > 0 || b.People == 0 && behind == 0 || counted == 0 {
		return b.People
	}
	return behind
}

// behindEntrances is how many people are counted behind entrances, and behind how many of them somebody counted.
func (b *Building) behindEntrances() (people, counted int) {
	for _, e := range b.Entrances {
		if e.People >= 0 {
			people += e.People
			counted++
		}
	}
	return people, counted
}

// floorSpace is the building's footprint times its storeys, in units of which only the ratio counts; zero
// when it has no dwelling in it.
func (b *Building) floorSpace(any bool) int64 {
	levels := assumedLevels[strings.ToLower(b.Use)]
	if levels == 0 && any {
		levels = assumedAny
	}
	if levels > 0 && b.Levels > 0 {
		levels = b.Levels
	}
	area := 0.0
	for _, part := range b.Polygons {
		area += squareMetres(part)
	}
	return int64(math.Round(area * levels * 10))
}

// squareMetres is a polygon's area on the sphere's tangent plane: for weighing one building against
// another, not for showing.
func squareMetres(p planar.Polygon) float64 {
	if len(p) == 0 || len(p[0]) == 0 {
		return 0
	}
	var twice int64
	for _, r := range p {
		twice += r.Area2()
	}
	return float64(twice) / 2 * metresPerStep * metresPerStep * frameAt(p[0][0]).cos
}

// populace is who lives in the buildings of one territory.
type populace struct {
	people    []int    // by building
	source    []string // by building
	homeless  int      // people of the total for whom there is no building
	differ    []int    // buildings whose own number isn't that of their entrances
	partly    []int    // buildings known by some of their entrances only
	known     int
	anyone    bool // no dwelling was on record, so that any building had to do
	disagrees bool // the known ones aren't as many as the total
}

// settle gives every building its people: the known ones as they are, and what remains of the total by
// floor space, largest remainder first, so that nobody is lost and nobody invented. total is −1 when it
// isn't known. (Dasymetric mapping: Wright 1936; largest remainder: Hare–Niemeyer.)
func settle(buildings []*Building, total int) populace {
	p := populace{people: make([]int, len(buildings)), source: make([]string, len(buildings))}
	weights := make([]int64, len(buildings))
	var space int64
	for i, b := range buildings {
		p.source[i] = None
		p.compare(i, b)
		if n := b.knownPeople(); n >= 0 {
			p.people[i], p.source[i] = n, Known
			p.known += n
			continue
		}
		weights[i] = b.floorSpace(false)
		space += weights[i]
	}
	rest := total - p.known
	p.disagrees = total >= 0 && p.known > 0 && (rest < 0 || rest > 0 && space == 0)
	if total < 0 || rest <= 0 || p.disagrees {
		return p
	}
	if space == 0 {
		p.anyone = true
		for i, b := range buildings {
			if p.source[i] == None {
				weights[i] = b.floorSpace(true)
				space += weights[i]
			}
		}
	}
	if space == 0 {
		p.homeless, p.anyone = rest, false
		return p
	}
	for i, n := range apportion(rest, weights) {
		if weights[i] > 0 {
			p.people[i], p.source[i] = n, Estimate
		}
	}
	return p
}

// compare notes where a building and its entrances say different things.
func (p *populace) compare(i int, b *Building) {
	behind, counted := b.behindEntrances()
	switch {
	case counted == 0:
	case b.People >= 0 && b.People != behind && (counted == len(b.Entrances) || behind > b.People):
		p.differ = append(p.differ, i)
	case b.People < 0 && counted < len(b.Entrances):
		p.partly = append(p.partly, i)
	}
}

// sum is everyone who is to be in a block.
func (p *populace) sum() int {
	sum := p.homeless
	for _, n := range p.people {
		sum += n
	}
	return sum
}

// apportion divides total by weights exactly: each gets its whole share, and the largest remainders one
// more (the earlier of two equal ones first). Weights aren't negative and their sum isn't zero.
func apportion(total int, weights []int64) []int {
	var sum int64
	for _, w := range weights {
		sum += w
	}
	out := make([]int, len(weights))
	if sum == 0 {
		return out
	}

	type rest struct {
		at   int
		left uint64
	}
	rests := make([]rest, 0, len(weights))
	given := 0
	for i, w := range weights {
		hi, lo := signedProduct(int64(total), w)
		q, r := bits.Div64(hi, lo, uint64(sum))
		out[i] = int(q)
		given += int(q)
		if w > 0 {
			rests = append(rests, rest{i, r})
		}
	}
	slices.SortStableFunc(rests, func(a, b rest) int {
		switch {
		case a.left > b.left:
			return -1
		case a.left < b.left:
			return 1
		}
		return 0
	})
	for i := 0; given < total; i++ {
		out[rests[i%len(rests)].at]++
		given++
	}
	return out
}
