package drawing

// A small part gets few moves when a whole county is drawn at once, because it gets them by its blocks. Where that leaves grids out of
// band, it is drawn again, several times, with moves enough: where no drawing has all in band, the nearest to it is wanted, and that may
// be one that no small change leads to.

const (
	againMost   = 8         // times
	againMoves  = 1_000     // a block and time, to anneal
	againMends  = 10_000    // a time, to mend
	againBudget = 1_200_000 // moves of all times
)

// tryAgain puts a better attempt at the same part in place of one that has grids out of band.
func (j *job) tryAgain(r *run) {
	if r.part.k == 1 || j.counted || r.state.out() == 0 {
		return
	}
	if _, _, ok := j.band.counts(r.part.weight); !ok {
		return // its total says it, and all drawings are about as far from the band
	}
	moves := againMoves * len(r.part.blocks)
	if r.stage*stages >= moves {
		return // it had as many
	}
	for n := 1; n <= min(againMost, againBudget/(moves+againMends)) && !j.over(); n++ {
		other := &run{part: r.part, stage: moves / stages, mends: againMends}
		j.construct(len(j.runs)*n, other) // numbers that no other attempt has
		for stage := range stages {
			j.cool(stage, other)
		}
		other.mend(j.over)
		if other.betters(r) {
			*r = *other
		}
	}
}
