package drawing

import (
	"fmt"
	"runtime"
	"time"

	"jingwei/internal/fault"
)

// Options say what a good drawing is and how long to look for one. The zero value draws grids of
// 600 ± 15 % with the balanced preset in ten seconds.
//
// Time is not measured but counted: it is turned into a number of moves by a constant (movesPerSecond), so that the
// result depends on the seed alone and not on the machine, its load or its number of cores. The constant is
// set for two ordinary cores; the clock itself only stops a drawing that has taken twice its time, and the report
// says so (stopped_early). A small problem stops sooner, when more moves would gain nothing.
type Options struct {
	Target    float64       // weight of a grid, 600
	Tolerance float64       // share of the target that a grid may differ from it, .15
	Seed      uint64        // of the pseudo-random numbers; any value
	Time      time.Duration // 10 s
	Workers   int           // parts drawn at once, the number of cores; doesn't change the result
	Preset    string        // balanced (default), compact or streets
	Weights   *Weights      // instead of a preset
	unhurried bool          // the clock doesn't stop the work: for tests, whose machine may be busy
	Start     []int32       // block → present grid, −1 for a new block: redrawn with few moves (redraw.go); nil: drawn afresh
	Moving    *Moving       // what it costs that people get another grid, with Start
	Fixed     *Fixed        // what must not change, with Start
	Together  []Group       // blocks to keep in one grid each
	Divide    bool          // cut a part of less than 1.7 targets too, where that misses the band by less than one grid does
	Progress  func(Progress)
}

// Weights are the planner's trade between compact grids and grids that end at streets. Balance isn't
// among them: it is a bound, and comes first.
type Weights struct {
	Compactness float64 // of 1 − compactness, a grid
	Bend        float64 // of its square: how much worse one bad grid is than two middling ones
	Open        float64 // of border with nothing along it, per √(area of a mean grid), where barriers are scarce
	Barrier     float64 // of border along a barrier; small, so that borders don't wander along every street
}

// Progress is told now and then while a drawing is made, from one goroutine at a time.
type Progress struct {
	Phase string  // construct, improve, mend
	Done  float64 // share of the whole work, 0 to 1
}

// presets are the named weights, from the roundest grids to the ones that keep to streets.
var presets = map[string]Weights{
	"compact":  {Compactness: 1, Bend: 1.5, Open: 0.19, Barrier: 0.01},
	"balanced": {Compactness: 1, Bend: 1.5, Open: 0.38, Barrier: 0.01},
	"streets":  {Compactness: 1, Bend: 1.5, Open: 2, Barrier: 0.01},
}

// Presets lists the names that Options.Preset takes.
func Presets() []string { return []string{"compact", "balanced", "streets"} }

const (
	defaultTarget    = 600
	defaultTolerance = 0.15
	defaultTime      = 10 * time.Second

	movesPerSecond = 4_400_000 // proposals on two ordinary cores together, on ground of irregular blocks
	looseOpen      = 0.3       // where open border weighs less than this, more proposals are taken, and taking one costs more than refusing it:
	loosePace      = 0.88      // fewer of them fit into the time
	movesPerBlock  = 22_000    // in one attempt; more gain nothing on ground that was tried
	annealedMoves  = 12_000    // of which the annealing of the whole takes no more than these; the rest mends
	mendingShare   = 0.2       // of the moves, where there are fewer
	openPower      = 1.5       // how the weight of open border grows with its share of all border
	starts         = 4         // attempts at a part to choose from, when there is time for them
	patience       = 2         // times Time, after which the clock stops the work
)

// filled gives the options with their defaults, or a fault when one can't be.
func (o Options) filled() (Options, error) {
	if o.Target == 0 {
		o.Target = defaultTarget
	}
	if o.Tolerance == 0 {
		o.Tolerance = defaultTolerance
	}
	if o.Time == 0 {
		o.Time = defaultTime
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if !(o.Target >= 1) || !finite(o.Target) {
		return o, invalid("目标人数必须不小于 1，现为 %v", "the target must be 1 or more, it is %v", o.Target)
	}
	if !(o.Tolerance > 0 && o.Tolerance < 1) {
		return o, invalid("允许偏差必须在 0 与 1 之间，现为 %v", "the tolerance must lie between 0 and 1, it is %v", o.Tolerance)
	}
	if o.Time < 0 {
		return o, invalid("时间限制不能为负：%v", "the time limit can't be negative: %v", o.Time)
	}
	if o.Weights == nil {
		if o.Preset == "" {
			o.Preset = "balanced"
		}
		w, ok := presets[o.Preset]
		if !ok {
			return o, fault.New(fault.Invalid,
				fmt.Sprintf("没有名为 %q 的预设，可选：compact、balanced、streets", o.Preset),
				fmt.Sprintf("there is no preset %q; choose compact, balanced or streets", o.Preset))
		}
		o.Weights = &w
	}
	return o, nil
}
