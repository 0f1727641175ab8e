package ground

import (
	"math"

	"jingwei/internal/planar"
)

// A lane is a street that bounds no street face: a dead end, or one that hangs on another by a single
// end. Where the border between two buildings would run near one, it runs along it: people see the lane, and
// not the middle between two walls.

const (
	laneShare = .6                  // of its distance from the walls: how far a border goes out of its way for a lane
	laneReach = 10 / metresPerStep  // and not farther than that
	laneLeast = 8 / metresPerStep   // the shortest stretch of lane that it is done for
	laneStep  = 1.5 / metresPerStep // how often a border looks out for lanes
)

// findLanes indexes the lanes.
func (c *community) findLanes() {
	for _, list := range [2][]planar.Edge{c.streets.Dangles, c.streets.Bridges} {
		for _, e := range list {
			if barrierOf(e.Mark) == Nothing {
				continue
			}
			// Lanes outside the territory do no harm: nothing is divided there.
			c.lanes.add(e.A, e.B, int32(len(c.ends)))
			c.ends = append(c.ends, e)
		}
	}
	c.lanes.build()
	c.roots = map[planar.Point]bool{}
	for _, e := range c.ends {
		c.roots[e.A], c.roots[e.B] = false, false
	}
	for i := range c.streets.Arcs {
		for _, p := range c.streets.Arcs[i].Points {
			if _, lane := c.roots[p]; lane {
				c.roots[p] = true
			}
		}
	}
}

// course is the way a border takes along a chain: straightened, and along lanes where there are any.
func (c *community) course(f frame, run []stop) []spot {
	var out []spot
	from := 0
	straight := func(to int, end *spot) {
		piece := run[from : to+1]
		spots := make([]spot, len(piece))
		tolerance := make([]float64, len(piece))
		for i, s := range piece {
			spots[i] = s.at
			tolerance[i] = max(s.loose, min(s.room*straightenShare, c.settings.StraightenCap/metresPerStep))
		}
		if len(out) > 0 {
			spots[0], out = out[len(out)-1], out[:len(out)-1]
		}
		if end != nil {
			spots[len(spots)-1] = *end
		}
		out = append(out, straighten(spots, tolerance)...)
	}
	dense, along := c.followLanes(f, run)
	run = dense
	for i, a := range along {
		if root := c.root(f, run[0], a.way[0], a.first); i == 0 && root != nil {
			out = append(out, *root, a.way[0])
		} else {
			straight(a.from, &a.way[0])
		}
		out = append(out, a.way[1:]...)
		from = a.to
	}
	if n := len(along); n > 0 {
		if root := c.root(f, run[len(run)-1], out[len(out)-1], along[n-1].last); root != nil {
			return append(out, *root)
		}
	}
	straight(len(run)-1, nil)
	return out
}

// root is where a lane branches off the street, when that is near the end of a run and the run joins the
// lane nearby: then it goes along the lane to the very street. Nil otherwise.
func (c *community) root(f frame, end stop, joined spot, lane int32) *spot {
	if !end.on {
		return nil
	}
	for _, p := range [2]planar.Point{c.ends[lane].A, c.ends[lane].B} {
		if s := f.flat(p); c.roots[p] && s.minus(end.at).length() < laneReach && s.minus(joined).length() < 2*laneReach {
			return &s
		}
	}
	return nil
}

// alongLane is a stretch of a run, from one stop to another, that goes along a lane instead.
type alongLane struct {
	from, to int
	way      []spot // on the lane: where it is joined, its bends, where it is left
	first    int32  // the lane's edge where it is joined, and where it is left
	last     int32
}

// followLanes gives the run with more stops where lanes are near, and the stretches that follow one.
func (c *community) followLanes(f frame, run []stop) ([]stop, []alongLane) {
	if len(c.ends) == 0 || !c.lanesNear(f, run) {
		return run, nil
	}
	run = denser(run)
	on := make([]onLane, len(run))
	for i, s := range run {
		on[i].edge = -1
		if !s.on {
			on[i] = c.nearestLane(f, s)
		}
	}
	// A junction with a third border moves onto the lane as well: the other chains that end there do the same.
	for _, i := range [2]int{0, len(run) - 1} {
		if on[i].edge >= 0 {
			loosen(run, run[i].at, on[i].at.minus(run[i].at).length())
			run[i].at = on[i].at
		}
	}
	var out []alongLane
	for i := 0; i < len(on); i++ {
		if on[i].edge < 0 {
			continue
		}
		way, j := []spot{on[i].at}, i
		for j+1 < len(on) && on[j+1].edge >= 0 {
			bend, joined := c.bend(f, on[j].edge, on[j+1].edge)
			if !joined {
				break
			}
			if bend != nil {
				way = append(way, *bend)
			}
			j++
		}
		if way = append(way, on[j].at); way[0].minus(way[len(way)-1]).length() >= laneLeast {
			out = append(out, alongLane{i, j, way, on[i].edge, on[j].edge})
		}
		i = j
	}
	return run, out
}

// loosen lets a border forget what it did near an end that has moved away, so that it doesn't come back there.
func loosen(run []stop, end spot, moved float64) {
	for i := range run {
		if run[i].at.minus(end).length() < 2*moved {
			run[i].loose = max(run[i].loose, 1.5*moved)
		}
	}
}

func (c *community) lanesNear(f frame, run []stop) (near bool) {
	extent := nowhere
	for _, s := range run {
		extent = extent.with(f.out(s.at))
	}
	c.lanes.near(extent.grown(int32(math.Ceil(laneReach))), func(int32) { near = true })
	return near
}

// denser puts stops into long stretches of a run.
func denser(run []stop) []stop {
	out := []stop{run[0]}
	for i := 1; i < len(run); i++ {
		a, b := run[i-1], run[i]
		n := math.Ceil(b.at.minus(a.at).length() / laneStep)
		for k := 1.0; k < n; k++ {
			t := k / n
			out = append(out, stop{at: a.at.between(b.at, t), room: a.room + t*(b.room-a.room)})
		}
		out = append(out, b)
	}
	return out
}

// onLane is the place on a lane nearest to a stop.
type onLane struct {
	edge int32 // index in ends, -1 for none near enough
	at   spot
}

func (c *community) nearestLane(f frame, s stop) onLane {
	best, nearest := onLane{edge: -1}, min(laneReach, s.room*laneShare)
	p := f.out(s.at)
	c.lanes.near(boxOf(p).grown(int32(nearest/f.cos)+1), func(i int32) {
		e := c.lanes.ends[i]
		a, b := f.flat(e[0]), f.flat(e[1])
		d := b.minus(a)
		t := min(1, max(0, s.at.minus(a).dot(d)/d.dot(d)))
		on := a.between(b, t)
		away := s.at.minus(on).length()
		if away < nearest || away == nearest && best.edge >= 0 && c.lanes.owner[i] < best.edge {
			best, nearest = onLane{c.lanes.owner[i], on}, away
		}
	})
	return best
}

// bend gives the vertex at which two lane edges meet, nil when they are the same edge. joined is false when
// they don't meet.
func (c *community) bend(f frame, i, j int32) (at *spot, joined bool) {
	if i == j {
		return nil, true
	}
	a, b := &c.ends[i], &c.ends[j]
	for _, p := range [2]planar.Point{a.A, a.B} {
		if p == b.A || p == b.B {
			s := f.flat(p)
			return &s, true
		}
	}
	return nil, false
}
