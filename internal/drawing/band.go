package drawing

import "math"

// band is the range of weights that a grid should have, both ends included.
type band struct {
	target       float64
	lower, upper int64
	single       int64 // a part lighter than this is one grid
	divide       bool  // unless two miss the band by less
}

// singleShare: a community under this many targets is one grid unless its band can only be met with more, or Options.Divide says otherwise.
const singleShare = 1.7

// slack absorbs the last bit of target × (1 ± tolerance): 600 × 1.15 is 689.99… in binary.
const slack = 1e-6

func newBand(target, tolerance float64) band {
	return band{
		target: target,
		lower:  max(0, int64(math.Ceil(target*(1-tolerance)-slack))),
		upper:  int64(math.Floor(target*(1+tolerance) + slack)),
		single: int64(math.Ceil(singleShare*target - slack)),
	}
}

// even is the band that the grids of a part are drawn by: where a small part is divided none of them can be in band, and
// two of 450 serve better than one of 600 and one of 300.
func (b band) even(weight int64, tolerance float64) band {
	k := b.grids(weight)
	if _, _, ok := b.counts(weight); ok || k == 1 || weight >= b.single {
		return b
	}
	return newBand(float64(weight)/float64(k), tolerance)
}

func (b band) holds(weight int64) bool { return b.lower <= weight && weight <= b.upper }

// outside is by how much a weight misses the band, 0 inside it.
func (b band) outside(weight int64) int64 {
	switch {
	case weight < b.lower:
		return b.lower - weight
	case weight > b.upper:
		return weight - b.upper
	}
	return 0
}

// counts gives the least and the greatest number of grids that weight can be cut into with all of them in
// band, if blocks could be cut at will: ⌈weight/upper⌉ ≤ k ≤ ⌊weight/lower⌋. ok is false when there is none.
func (b band) counts(weight int64) (least, most int64, ok bool) {
	if weight <= 0 || b.upper < 1 {
		return 0, 0, false
	}
	least = (weight + b.upper - 1) / b.upper
	if b.lower <= 0 {
		return least, max(least, weight), true
	}
	most = weight / b.lower
	return least, most, least <= most
}

// grids is the number of grids to cut a part of this weight into: where the band can be met, the number that
// leaves most room on both sides; otherwise one grid under 1.7 targets, and above it (or when told
// to divide) the number that misses the band by least.
func (b band) grids(weight int64) int64 {
	best := max(1, int64(math.Round(float64(weight)/b.target)))
	if least, most, ok := b.counts(weight); ok {
		return min(max(best, least), most)
	}
	if weight < b.single && !b.divide {
		return 1
	}
	fewer := max(1, weight/max(1, b.lower)) // all of them at the lower bound or above
	if b.miss(weight, fewer+1) < b.miss(weight, fewer) {
		return fewer + 1
	}
	return fewer
}

// miss is the least total by which k grids of this weight miss the band.
func (b band) miss(weight, k int64) int64 {
	return max(0, weight-k*b.upper) + max(0, k*b.lower-weight)
}

// reason says in words why a part of this weight can't be in band.
func (b band) reason(weight int64) said {
	if weight < b.lower {
		return say("%d 不足一个网格的下限 %d", "%d is less than one grid's lower bound of %d", weight, b.lower)
	}
	k := weight / max(1, b.lower)
	return say("%d 至少要分 %d 个网格才不超过上限 %d，但只够 %d 个达到下限 %d：分 %d 个每个 %.0f，分 %d 个每个 %.0f",
		"%d needs %d grids of at most %d, but fills only %d of at least %d: "+
			"%d grid(s) would hold %.0f each, %d would hold %.0f",
		weight, (weight+b.upper-1)/b.upper, b.upper, k, b.lower,
		k, float64(weight)/float64(k), k+1, float64(weight)/float64(k+1))
}
