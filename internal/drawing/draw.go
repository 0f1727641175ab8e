package drawing

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Draw cuts the problem's communities into grids. A context that is cancelled, or time that is up, ends the work
// with the best drawing so far, which is always complete and valid, and is no error. The only errors are faults
// of code Invalid about the problem or the options. With Options.Start it redraws with few moves; Options.Together and
// Problem.Special are honoured either way.
func Draw(ctx context.Context, p *Problem, o Options) (*Drawing, error) {
	began := time.Now()
	given := o
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	if err := o.checkWishes(p); err != nil {
		return nil, err
	}
	if len(p.Blocks) == 0 {
		return &Drawing{Grid: []int32{}, Report: Measure(p, nil, given)}, nil
	}
	t := newTask(p, &o)
	j := newJob(ctx, t.p, o, began)
	var grid []int32
	if t.start != nil {
		grid = newRedrawing(j, t).run()
	} else {
		j.run()
		grid = j.join()
	}
	grid = t.expand(grid, o.Start)
	d := &Drawing{Grid: grid, Report: Measure(p, grid, given)}
	d.Report.Warnings = append(d.Report.Warnings, t.warnings...)
	if o.Start != nil {
		d.Report.Moved = compare(p, o.Start, grid, newBand(o.Target, o.Tolerance))
	}
	d.Report.Seed = o.Seed
	d.Report.StoppedEarly = j.stopped.Load()
	d.Report.FirstSeconds = j.first.Seconds()
	d.Report.Seconds = time.Since(began).Seconds()
	return d, nil
}

// stages is how many times all parts are taken a step down in temperature, so that wherever the clock stops the
// work all parts are about equally far.
const stages = 32

// job is one call of Draw.
type job struct {
	ctx      context.Context
	p        *Problem
	o        Options
	graph    *graph
	band     band
	parts    []*part
	runs     []*run
	annealed float64 // moves a block
	began    time.Time
	first    time.Duration // until all parts had a complete drawing
	deadline time.Time
	counted  bool // the numbers of grids are given
	stopped  atomic.Bool
	told     sync.Mutex
	done     float64
}

// run is one attempt at one part; a small problem has several attempts to choose from.
type run struct {
	part         *part
	state        *state
	levels       []level
	at           int // the level that state is a drawing of
	stage, mends int // moves of a stage, and for mending afterwards
}

func newJob(ctx context.Context, p *Problem, o Options, began time.Time) *job {
	j := &job{ctx: ctx, p: p, o: o, band: newBand(o.Target, o.Tolerance), began: began, deadline: began.Add(patience * o.Time)}
	j.band.divide = o.Divide
	if o.unhurried {
		j.deadline = began.Add(time.Hour)
	}
	j.graph = newGraph(p)
	j.parts = p.split(j.graph)
	j.plan(nil)
	return j
}

// plan settles how many grids each part is cut into, by its weight or as given, and how long is spent on it.
func (j *job) plan(counts []int32) {
	j.counted = counts != nil
	o, busy := j.o, 0 // blocks of parts that have something to decide
	for i, q := range j.parts {
		k := min(j.band.grids(q.weight), int64(len(q.blocks)))
		if counts != nil {
			k = int64(counts[i])
		}
		q.plan(j.graph, int32(k), o.Weights)
		if k > 1 {
			busy += len(q.blocks)
		}
	}
	attempts, annealed, mending := budget(o.Time, busy, o.Weights)
	j.annealed = annealed
	for _, q := range j.parts {
		n := attempts
		if q.k == 1 {
			n = 1
		}
		for range n {
			blocks := float64(len(q.blocks))
			j.runs = append(j.runs, &run{part: q, stage: int(annealed * blocks / stages), mends: int(mending * blocks)})
		}
	}
}

// budget turns time into attempts at every part, and for each attempt into moves a block: so many for annealing
// the whole, so many for mending.
func budget(t time.Duration, blocks int, w *Weights) (attempts int, annealed, mending float64) {
	all := t.Seconds() * movesPerSecond / float64(max(blocks, 1))
	if w.Open < looseOpen {
		all *= loosePace
	}
	attempts = int(min(max(all/movesPerBlock, 1), starts))
	each := min(all/float64(attempts), movesPerBlock)
	annealed = min(each*(1-mendingShare), annealedMoves)
	return attempts, annealed, each - annealed
}

// run constructs all parts, improves them stage by stage, each stage in parallel, and mends what is left.
func (j *job) run() {
	j.each("construct", 0, 0.1, j.construct)
	j.first = time.Since(j.began)
	for stage := range stages {
		j.each("improve", 0.1+0.6*float64(stage)/stages, 0.6/stages, func(_ int, r *run) { j.cool(stage, r) })
	}
	j.each("mend", 0.7, 0.3, func(_ int, r *run) {
		r.mend(j.over)
		j.bringIn(r)
		j.tryAgain(r)
	})
}

// construct gives the attempt a first drawing; its number makes it another one than the others at the same part.
func (j *job) construct(number int, r *run) {
	random := newRandom(j.o.Seed, uint64(r.part.blocks[0]), uint64(number))
	r.levels = []level{{part: r.part}}
	b := j.band.even(r.part.weight, j.o.Tolerance)
	if r.part.k > 1 && j.annealed < unhurry { // with moves enough, pieces gain nothing and cost compactness on lumpy ground
		r.levels = r.part.levels(b)
	}
	r.at = len(r.levels) - 1
	coarsest := r.levels[r.at].part
	grid := coarsest.construct(b, &random, j.over)
	r.state = newState(coarsest, newRule(b, j.o.Weights, r.part.open), grid, random)
}

// cool anneals the attempt for a stage.
func (j *job) cool(stage int, r *run) {
	if r.part.k == 1 || j.over() {
		return
	}
	level, from, to := r.cooling(stage, j.annealed)
	r.descend(level)
	r.state.rule.press(float64(stage) / (stages - 1))
	r.state.settle()
	r.state.anneal(r.stage, from, to)
}

// mend looks at grids again that are out of band, and at the dearest.
func (r *run) mend(over func() bool) {
	r.descend(0)
	r.state.rule.press(1)
	r.state.settle()
	if r.part.k > 1 {
		newMender(r.state, over).improve(r.mends)
		r.state.settle()
	}
}

// bringIn looks for a drawing with all grids in band where some are out.
func (j *job) bringIn(r *run) {
	if r.part.k > 1 && !j.counted && r.recount(j.over) {
		m := newMender(r.state, j.over)
		m.strict = true // what was hard to bring in stays in
		m.improve(r.mends / 2)
		r.state.settle()
	}
}

// over says whether the work has to end now.
func (j *job) over() bool {
	if j.stopped.Load() {
		return true
	}
	if j.ctx.Err() != nil || time.Now().After(j.deadline) {
		j.stopped.Store(true)
		return true
	}
	return false
}

// each does something for every run on all workers, and tells how far it is.
func (j *job) each(phase string, from, share float64, do func(int, *run)) {
	var next, finished atomic.Int64
	var wait sync.WaitGroup
	for range min(j.o.Workers, len(j.runs)) {
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(j.runs) {
					return
				}
				do(i, j.runs[i])
				n := finished.Add(1)
				j.tell(phase, from+share*float64(n)/float64(len(j.runs)))
			}
		})
	}
	wait.Wait()
}

func (j *job) tell(phase string, done float64) {
	if j.o.Progress == nil {
		return
	}
	j.told.Lock()
	defer j.told.Unlock()
	if done < j.done+0.005 && done < 1 {
		return
	}
	j.done = done
	j.o.Progress(Progress{Phase: phase, Done: done})
}

// join numbers all grids, those of one community together.
func (j *job) join() []int32 {
	grid := make([]int32, len(j.p.Blocks))
	var base int32
	for _, r := range j.chosen() {
		for b, g := range r.state.grid {
			grid[r.part.blocks[b]] = base + g
		}
		base += r.state.k
	}
	return grid
}

// chosen is the best attempt at every part: fewest grids out of band, and then the cheapest.
func (j *job) chosen() (best []*run) {
	for i, r := range j.runs {
		if i == 0 || r.part != j.runs[i-1].part {
			best = append(best, r)
			continue
		}
		last := &best[len(best)-1]
		if r.betters(*last) {
			*last = r
		}
	}
	return best
}

// betters says whether an attempt has fewer grids out of band than another at the same part, or as many and is cheaper.
func (r *run) betters(o *run) bool {
	n, m := r.state.out(), o.state.out()
	return n < m || n == m && r.state.energy() < o.state.energy()
}
