package locate

import (
	"sync"
	"sync/atomic"

	"jingwei/internal/planar"
)

// Live is the ground of several counties as it is now. Those who ask never wait for those who put a newer index in.
type Live struct {
	mu  sync.Mutex
	now atomic.Pointer[[]county]
}

type county struct {
	code  int
	index *Index
}

// Put sets the ground of a county, in the place of what there was.
func (l *Live) Put(code int, x *Index) {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := []county{{code, x}}
	if now := l.now.Load(); now != nil {
		for _, c := range *now {
			if c.code != code {
				next = append(next, c)
			}
		}
	}
	l.now.Store(&next)
}

// Empty says that there is no ground yet.
func (l *Live) Empty() bool { return l.now.Load() == nil }

// At gives the county, the block and the grid at a point; false when it lies outside of all.
func (l *Live) At(p planar.Point) (code int, place Place, found bool) {
	now := l.now.Load()
	if now == nil {
		return 0, Place{}, false
	}
	for _, c := range *now {
		if place, found := c.index.At(p); found {
			return c.code, place, true
		}
	}
	return 0, Place{}, false
}

// Near gives the grids of all counties other than own that come within so many metres of a point, the nearest first within a county,
// and appends them to out.
func (l *Live) Near(p planar.Point, own int64, metres float64, out []Nearby) []Nearby {
	now := l.now.Load()
	if now == nil {
		return out
	}
	for _, c := range *now {
		out = c.index.Near(p, own, metres, out)
	}
	return out
}

// onBorder is what a point may be off a border that it lies on, in metres: far less than a lattice step.
const onBorder = 1e-6

// Grid gives the code of the grid at a point, and appends those to near that come within so many metres of it, the nearest first; false when it
// lies in none. A point on a border is in the grid with the lowest code there.
func (l *Live) Grid(p planar.Point, metres float64, near []Nearby) (code int64, _ []Nearby, found bool) {
	_, place, found := l.At(p)
	if !found || place.Grid == 0 {
		return 0, near, false
	}
	code = place.Grid
	from := len(near)
	near = l.Near(p, code, metres, near)
	for i := from; i < len(near) && near[i].Metres < onBorder; i++ {
		near[i].Metres = 0
		if near[i].Grid < code {
			code, near[i].Grid = near[i].Grid, code
		}
	}
	return code, near, true
}
